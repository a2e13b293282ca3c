"""A solar wing, `[[parts]]` with kind panel_array."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from meshes.shapes.basic import Part, coated, together
from meshes.shapes.solid import MOST, Solid, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelArray(Part):
    """Equal panels in a row, thin along z; placed by the middle of the edge that it is held by, from where it extends along its own +y.

    Sub-parts are panel1, panel2, ... from that edge outwards; the yoke, a plate before panel1, if there is one; and hinge1, hinge2, ..., a
    bar in the gap behind the panel of that number, which stands for all hinges of the line. Neighbours touch with their edges: the case
    says with which conductance. Faces -x, +x, -y, +y, -z, +z each; cells mostly lie on +z.
    """

    kind: Literal["panel_array"] = "panel_array"  #: a solar wing
    panels: Annotated[int, "-", Interval(ge=1, le=MOST)]  #: how many
    width: Annotated[float, "mm", Gt(0)]  #: of the panels along x
    length: Annotated[float, "mm", Gt(0)]  #: of each panel along y
    thickness: Annotated[float, "mm", Gt(0)]  #: of the panels along z
    gap: Annotated[float, "mm", Ge(0)]  #: between neighbouring panels along y; 0 lets them touch
    material: str  #: of the panels; orthotropic for a honeycomb's effective conductivity
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through the panels
    hinge_width: Annotated[float, "mm", Gt(0)] | None = None  #: along x of the bar in each gap; by default the gaps are empty
    hinge_thickness: Annotated[float, "mm", Gt(0)] | None = None  #: along z; by default that of the panels
    hinge_material: str | None = None  #: of the bars in the gaps
    yoke_width: Annotated[float, "mm", Gt(0)] | None = None  #: along x; by default there is no yoke
    yoke_length: Annotated[float, "mm", Gt(0)] | None = None  #: along y, from the edge that holds the wing to panel1
    yoke_thickness: Annotated[float, "mm", Gt(0)] | None = None  #: along z; by default that of the panels
    yoke_material: str | None = None  #: of the yoke

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        together(self, "yoke_width", "yoke_length", "yoke_material")
        if together(self, "hinge_width", "hinge_material") and (self.panels == 1 or self.gap == 0):
            raise ValueError("hinge_width needs a gap between two panels")

    def solids(self) -> tuple[Solid, ...]:
        """The panels, then the hinges, both from the root outwards, then the yoke."""
        size = (self.width, self.length, self.thickness)
        first, step = self.yoke_length or 0.0, self.length + self.gap
        pieces = [
            Solid(
                name=f"panel{i + 1}",
                kind="box",
                size=size,
                centre=(0.0, first + i * step + self.length / 2, 0.0),
                material=self.material,
                mesh=self.mesh,
                layers=self.layers,
            )
            for i in range(self.panels)
        ]
        if self.hinge_width is not None and self.hinge_material is not None:
            bar = (self.hinge_width, self.gap, self.hinge_thickness or self.thickness)
            ends = [first + i * step - self.gap for i in range(1, self.panels)]
            pieces += [self._link(f"hinge{i + 1}", bar, end, self.hinge_material) for i, end in enumerate(ends)]
        if self.yoke_width is not None and self.yoke_length is not None and self.yoke_material is not None:
            plate = (self.yoke_width, self.yoke_length, self.yoke_thickness or self.thickness)
            pieces.append(self._link("yoke", plate, 0.0, self.yoke_material))
        return coated(self.moved(pieces), self, {})

    def _link(self, name: str, size: Vector, start: float, material: str) -> Solid:
        """A plate that begins at y = start [m]."""
        return Solid(name=name, kind="box", size=size, centre=(0.0, start + size[1] / 2, 0.0), material=material, mesh=self.mesh)
