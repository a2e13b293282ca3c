"""A full sphere, `[[parts]]` with kind sphere."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Gt

from meshes.shapes.basic import SimplePart
from meshes.shapes.solid import Solid, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Sphere(SimplePart):
    """A sphere, placed by its centre. Its one face is called surface.

    Flat triangles approach it: volume and area lack a part that falls with the square of the edge length, which the run states.
    """

    kind: Literal["sphere"] = "sphere"  #: a full sphere
    radius: Annotated[float, "mm", Gt(0)]  #: of the surface

    @property
    def extent(self) -> Vector:
        """The diameter [m], three times."""
        return 2 * self.radius, 2 * self.radius, 2 * self.radius

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid, or as many as its array has."""
        return self.pieces("sphere")
