"""A battery pack, `[[parts]]` with kind battery_pack."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt

from meshes.shapes.basic import Part, check_size, coated, together
from meshes.shapes.solid import Cavity, Solid, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryPack(Part):
    """A block of cells on a base plate under a housing, placed by the middle of its underside.

    Sub-parts: cells, a box of one homogenised, mostly orthotropic material that stands for all cells and what is between them; base, a
    plate below it; housing, four walls and a lid that stand on the base. The block touches the base, and the housing where `clearance` is
    zero. The housing's inner sides are its faces in-x, in+x, in-y, in+y and in+z, insulated unless `coatings` names them ("housing:in*").
    """

    kind: Literal["battery_pack"] = "battery_pack"  #: cells, base plate and housing
    size: Annotated[Vector, "mm"]  #: of the block of cells along its own x, y, z
    material: str  #: of the block of cells, homogenised
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation in the cells
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells of the mesh through the block's thinnest direction
    base: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of the base plate; by default there is none
    base_margin: Annotated[float, "mm", Ge(0)] = 0.0  #: by how much the base plate stands out on every side, from the housing or the block
    base_material: str | None = None  #: of the base plate
    base_coating: str | None = None  #: of the base plate; by default the part's
    wall: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of the housing; by default there is none
    clearance: Annotated[float, "mm", Ge(0)] = 0.0  #: between the block and the housing's four walls and lid
    housing_material: str | None = None  #: of the housing

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        check_size("size", self.size)
        together(self, "base", "base_material")
        together(self, "wall", "housing_material")

    def solids(self) -> tuple[Solid, ...]:
        """Cells, base and housing."""
        x, y, z = self.size
        level = self.base or 0.0
        cells = Solid(
            name="cells",
            kind="box",
            size=self.size,
            centre=(0.0, 0.0, level + z / 2),
            material=self.material,
            heat=self.heat,
            mesh=self.mesh,
            layers=self.layers,
        )
        pieces, beside = [cells], 0.0
        if self.wall is not None and self.housing_material is not None:
            beside = self.clearance + self.wall
            outer = (x + 2 * beside, y + 2 * beside, z + beside)
            inner = (x + 2 * self.clearance, y + 2 * self.clearance, z + self.clearance)
            room = Cavity((0.0, 0.0, -self.wall / 2), inner, named=True)
            centre = (0.0, 0.0, level + outer[2] / 2)
            housing = Solid("housing", "box", outer, self.housing_material, centre, mesh=self.mesh, cavities=(room,))
            pieces.append(housing)
        if self.base is not None and self.base_material is not None:
            beside += self.base_margin
            plate = (x + 2 * beside, y + 2 * beside, self.base)
            pieces.insert(1, Solid("base", "box", plate, self.base_material, (0.0, 0.0, self.base / 2), mesh=self.mesh))
        return coated(self.moved(pieces), self, {f"{self.name}.base": self.base_coating})
