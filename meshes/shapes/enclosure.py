"""A hollow box, `[[parts]]` with kind enclosure."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Gt

from meshes.shapes.basic import SimplePart, check_size
from meshes.shapes.solid import INSULATED, Cavity, Solid, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure(SimplePart):
    """A closed hollow box of one wall thickness, placed by its centre. Other parts may stand in it and touch its walls.

    Outer faces -x, +x, -y, +y, -z, +z; inside faces in-x, in+x, in-y, in+y, in-z, in+z, each the inner side of the wall on that side.
    """

    kind: Literal["enclosure"] = "enclosure"  #: a hollow box
    size: Annotated[Vector, "mm"]  #: outer edge lengths along its own x, y, z
    wall: Annotated[float, "mm", Gt(0)]  #: thickness of all six walls
    inside_coating: str = INSULATED  #: coating of the six inside faces; `coatings` names exceptions, as "in-z"

    def __post_init__(self) -> None:
        check_size("size", self.size)
        if 2 * self.wall >= min(self.size):
            raise ValueError("wall is too thick for the size of the enclosure")
        SimplePart.__post_init__(self)

    @property
    def extent(self) -> Vector:
        """The outer edge lengths [m]."""
        return self.size

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid with a cavity, or as many as its array has."""
        x, y, z = (edge - 2 * self.wall for edge in self.size)
        return self.pieces("box", (Cavity((0.0, 0.0, 0.0), (x, y, z), named=True),), self.inside_coating)
