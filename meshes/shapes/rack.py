"""Racks of server trays, `[[parts]]` with kind rack."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval

from meshes.shapes.basic import Part, check_size, coated
from meshes.shapes.solid import MOST, Solid, Vector
from meshes.shapes.tray import Tray

Wall = Literal["bottom", "top", "left", "right", "front", "back"]
WALL_AXES: dict[Wall, tuple[int, int]] = {
    "bottom": (2, -1),
    "top": (2, 1),
    "left": (0, -1),
    "right": (0, 1),
    "front": (1, -1),
    "back": (1, 1),
}
ORDER = (1, 2, 0)  #: rank of the walls across x, y and z: those of lower rank span the outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar or block in a rack: a bus bar, a coolant manifold."""

    size: Annotated[Vector, "mm"]  #: edge lengths along the rack's x, y, z
    at: Annotated[Vector, "mm"]  #: its centre from the rack's
    material: str  #: from the library or the case
    coating: str | None = None  #: by default the rack's
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the rack's
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through its thinnest direction

    def __post_init__(self) -> None:
        check_size("size", self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A shelf below every tray of a rack."""

    thickness: Annotated[float, "mm", Gt(0)]  #: along z
    size: Annotated[tuple[float, float], "mm", Gt(0)] | None = None  #: along x and y; by default all between the rack's walls
    at: Annotated[tuple[float, float], "mm"] = (0.0, 0.0)  #: x, y of its centre from the middle of the room between the walls
    gap: Annotated[float, "mm", Ge(0)] = 0.0  #: from the shelf up to the lowest side of the tray; 0 lets them touch
    material: str  #: from the library or the case
    coating: str | None = None  #: by default the rack's
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the rack's
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack(Part):
    """Chassis walls around equal trays on a pitch along z, placed by the centre of the outer box.

    Sub-parts are the walls (bottom, top: -z, +z; left, right: -x, +x; front, back: -y, +y), bus_bar, manifold, shelf1, ... below each tray,
    and tray1.board, tray1.cold_plate, ... Bottom and top span the whole outline, left and right stand between them, front and back fill
    what is left. `coating` and `coatings` are those of everything but the trays.
    """

    kind: Literal["rack"] = "rack"  #: chassis walls and trays
    size: Annotated[Vector, "mm"]  #: outer edge lengths of the chassis
    wall: Annotated[float, "mm", Gt(0)]  #: thickness of every wall
    material: str  #: of the walls
    walls: tuple[Wall, ...] = ("bottom", "top", "left", "right", "front", "back")  #: those that exist
    tray: Tray  #: its position is that of the middle of the stack in the rack's axes
    trays: Annotated[int, "-", Interval(ge=1, le=MOST)] = 1  #: how many, named after `tray.name` and numbered from 1 upwards
    pitch: Annotated[float, "mm", Gt(0)] | None = None  #: between trays along z
    shelf: Shelf | None = None  #: below every tray: shelf1 of the lowest
    bus_bar: Bar | None = None  #: carries the current to the trays
    manifold: Bar | None = None  #: hands the coolant to the trays

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        check_size("size", self.size)
        if 2 * self.wall >= min(self.size):
            raise ValueError("wall is too thick for the size of the rack")
        if self.trays > 1 and self.pitch is None:
            raise ValueError("pitch is needed for more than one tray")

    def solids(self) -> tuple[Solid, ...]:
        """The walls, bars and shelves, coated by the rack's own tables, then the trays from the lowest up, coated by theirs."""
        trays = [self._tray(i) for i in range(self.trays)]
        chassis: list[tuple[Solid, str | None]] = [(self._wall(wall), None) for wall in WALL_AXES if wall in self.walls]
        chassis += [(_bar(name, bar), bar.coating) for name, bar in (("bus_bar", self.bus_bar), ("manifold", self.manifold)) if bar]
        if self.shelf is not None:
            chassis += [(self._shelf(self.shelf, i + 1, tray), self.shelf.coating) for i, tray in enumerate(trays)]
        moved = self.moved(replace(solid, mesh=solid.mesh or self.mesh) for solid, _ in chassis)
        own = {solid.name: coating for (_, coating), solid in zip(chassis, moved, strict=True)}
        return (*coated(moved, self, own), *self.moved(solid for tray in trays for solid in tray))

    def _tray(self, i: int) -> tuple[Solid, ...]:
        """Tray number i + 1 in the rack's axes."""
        place = self.tray.place
        x, y, z = place.position
        level = z + (i - (self.trays - 1) / 2) * (self.pitch or 0.0)
        name = f"{self.tray.name}{i + 1}"
        return replace(self.tray, name=name, position=(x, y, level), rotation=place.rotation, placement=None).solids()

    def _room(self) -> tuple[list[float], list[float]]:
        """Lowest and highest x, y, z [m] between the walls that there are."""
        low, high = [-edge / 2 for edge in self.size], [edge / 2 for edge in self.size]
        for wall in self.walls:
            axis, end = WALL_AXES[wall]
            low[axis] += self.wall if end < 0 else 0.0
            high[axis] -= self.wall if end > 0 else 0.0
        return low, high

    def _shelf(self, shelf: Shelf, number: int, tray: tuple[Solid, ...]) -> Solid:
        low, high = self._room()
        x, y = shelf.size or (high[0] - low[0], high[1] - low[1])
        lowest = min(float(solid.centre[2] - abs(solid.rotation[2]) @ np.array(solid.size) / 2) for solid in tray)
        centre = ((low[0] + high[0]) / 2 + shelf.at[0], (low[1] + high[1]) / 2 + shelf.at[1], lowest - shelf.gap - shelf.thickness / 2)
        size = (x, y, shelf.thickness)
        return Solid(f"shelf{number}", "box", size, shelf.material, centre, mesh=shelf.mesh, layers=shelf.layers)

    def _wall(self, wall: Wall) -> Solid:
        axis, end = WALL_AXES[wall]
        low, high = [-edge / 2 for edge in self.size], [edge / 2 for edge in self.size]
        for other, (across, side) in WALL_AXES.items():  # earlier pairs (z, then x, then y) go through, later ones end at them
            if other in self.walls and ORDER[across] < ORDER[axis]:
                low[across] += self.wall if side < 0 else 0.0
                high[across] -= self.wall if side > 0 else 0.0
        low[axis], high[axis] = (low[axis], low[axis] + self.wall) if end < 0 else (high[axis] - self.wall, high[axis])
        x, y, z = zip(low, high, strict=True)
        return Solid(
            name=wall,
            kind="box",
            size=(x[1] - x[0], y[1] - y[0], z[1] - z[0]),
            centre=((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, (z[0] + z[1]) / 2),
            material=self.material,
        )


def _bar(name: str, bar: Bar) -> Solid:
    return Solid(name, "box", bar.size, bar.material, bar.at, heat=bar.heat, mesh=bar.mesh, layers=bar.layers)
