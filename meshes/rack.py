"""Server trays and racks of them, `[[parts]]` with kind tray or rack."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from annotated_types import Ge, Gt

from meshes.shapes import Part, check_name, check_size, coated
from meshes.solid import Solid, Vector, placed, rotation_matrix

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
class Slab:
    """A board or a cold plate of a tray."""

    size: Annotated[Vector, "mm"]  #: along x, y and z (its thickness)
    at: Annotated[tuple[float, float], "mm"] = (0.0, 0.0)  #: x, y of its centre from the tray's reference point
    material: str  #: from the library or the case
    coating: str | None = None  #: by default the tray's
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the tray's
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through its thinnest direction

    def __post_init__(self) -> None:
        check_size("size", self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Equal components in rows and columns on a tray: packages, modules, power stages. More than one are numbered from 1, along x first."""

    name: str  #: sub-part name; gpu with count 8 gives gpu1 ... gpu8
    size: Annotated[Vector, "mm"]  #: of each along x, y and z (its height)
    at: Annotated[tuple[float, float], "mm"] = (0.0, 0.0)  #: x, y of the middle of the whole pattern from the tray's reference point
    count: Annotated[int, "-", Ge(1)] = 1  #: how many
    columns: Annotated[int, "-", Ge(1)] | None = None  #: how many side by side along x before the next row along y; by default all
    pitch: Annotated[tuple[float, float], "mm"] = (0.0, 0.0)  #: between centres along x and along y
    on: Literal["board", "back", "cold_plate"] = (
        "board"  #: on the board's +z side, on its -z side, or on the cold plate's side towards the board
    )
    material: str  #: from the library or the case
    coating: str | None = None  #: by default the tray's
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation of each
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the tray's
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through its thinnest direction

    def __post_init__(self) -> None:
        check_name(self.name)
        check_size("size", self.size)

    def places(self) -> tuple[tuple[str, float, float], ...]:
        """Name and x, y of the centre [m] of each."""
        columns = min(self.columns or self.count, self.count)
        rows = -(-self.count // columns)
        names = [self.name] if self.count == 1 else [f"{self.name}{i + 1}" for i in range(self.count)]
        return tuple(
            (
                name,
                self.at[0] + (i % columns - (columns - 1) / 2) * self.pitch[0],
                self.at[1] + (i // columns - (rows - 1) / 2) * self.pitch[1],
            )
            for i, name in enumerate(names)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray(Part):
    """A board with devices and a cold plate above them, placed by the centre of the board's outline at half its thickness.

    Along +z: board, devices, cold plate. A device on the board that is as high as `gap` touches both; a lower one only the board. Sub-parts
    are board, cold_plate and the devices; their interfaces (lid, thermal interface material) are contacts of the case.
    """

    kind: Literal["tray"] = "tray"  #: board, devices and cold plate
    board: Slab  #: carries the devices
    cold_plate: Slab | None = None  #: lies `gap` above the board
    gap: Annotated[float, "mm", Gt(0)] | None = None  #: from board to cold plate; by default the height of the tallest device on the board
    devices: tuple[Device, ...] = ()  #: on the board or on the cold plate

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        names = ["board", "cold_plate", *(name for device in self.devices for name, _, _ in device.places())]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"devices: {', '.join(twice)} named twice")
        for device in self.devices:
            if device.on == "cold_plate" and self.cold_plate is None:
                raise ValueError(f"devices.{device.name}.on is the cold plate, but the tray has none")
        if self.cold_plate is not None and self.gap is None and not self.standing:
            raise ValueError("gap is needed when no device stands on the board below the cold plate")

    @property
    def standing(self) -> tuple[Device, ...]:
        """Devices on the board's +z side."""
        return tuple(device for device in self.devices if device.on == "board")

    @property
    def clearance(self) -> float:
        """Distance from board to cold plate [m]."""
        return self.gap if self.gap is not None else max((device.size[2] for device in self.standing), default=0.0)

    def solids(self) -> tuple[Solid, ...]:
        """Board, cold plate, then the devices in the order of the table."""
        surface = self.board.size[2] / 2
        pieces: list[tuple[Slab | Device, Solid]] = [(self.board, self._piece("board", self.board, *self.board.at, 0.0))]
        if self.cold_plate is not None:
            level = surface + self.clearance + self.cold_plate.size[2] / 2
            pieces.append((self.cold_plate, self._piece("cold_plate", self.cold_plate, *self.cold_plate.at, level)))
        for device in self.devices:
            half = device.size[2] / 2
            level = {"board": surface + half, "back": -surface - half, "cold_plate": surface + self.clearance - half}[device.on]
            pieces.extend((device, self._piece(name, device, x, y, level)) for name, x, y in device.places())
        turn = rotation_matrix(self.rotation)
        moved = [placed(solid, turn, self.position, self.name) for _, solid in pieces]
        return coated(moved, self, {solid.name: table.coating for (table, _), solid in zip(pieces, moved, strict=True)})

    def _piece(self, name: str, table: Slab | Device, x: float, y: float, z: float) -> Solid:
        return Solid(
            name=name,
            kind="box",
            size=table.size,
            centre=(x, y, z),
            material=table.material,
            heat=table.heat,
            mesh=table.mesh or self.mesh,
            layers=table.layers,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack(Part):
    """Chassis walls around equal trays on a pitch along z, placed by the centre of the outer box.

    Sub-parts are the walls (bottom, top: -z, +z; left, right: -x, +x; front, back: -y, +y) and tray1.board, tray1.cold_plate, ... Bottom
    and top span the whole outline, left and right stand between them, front and back fill what is left. `coating` and `coatings` are
    those of the walls.
    """

    kind: Literal["rack"] = "rack"  #: chassis walls and trays
    size: Annotated[Vector, "mm"]  #: outer edge lengths of the chassis
    wall: Annotated[float, "mm", Gt(0)]  #: thickness of every wall
    material: str  #: of the walls
    walls: tuple[Wall, ...] = ("bottom", "top", "left", "right", "front", "back")  #: those that exist
    tray: Tray  #: its position is that of the middle of the stack in the rack's axes
    trays: Annotated[int, "-", Ge(1)] = 1  #: how many, named after `tray.name` and numbered from 1 upwards
    pitch: Annotated[float, "mm", Gt(0)] | None = None  #: between trays along z

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        check_size("size", self.size)
        if 2 * self.wall >= min(self.size):
            raise ValueError("wall is too thick for the size of the rack")
        if self.trays > 1 and self.pitch is None:
            raise ValueError("pitch is needed for more than one tray")

    def solids(self) -> tuple[Solid, ...]:
        """The walls, coated by the rack's own tables, then the trays from the lowest up, coated by theirs."""
        turn = rotation_matrix(self.rotation)
        walls = coated([placed(self._wall(wall), turn, self.position, self.name) for wall in WALL_AXES if wall in self.walls], self, {})
        trays: list[Solid] = []
        for i in range(self.trays):
            x, y, z = self.tray.position
            level = z + (i - (self.trays - 1) / 2) * (self.pitch or 0.0)
            numbered = replace(self.tray, name=f"{self.tray.name}{i + 1}", position=(x, y, level))
            trays.extend(placed(solid, turn, self.position, self.name) for solid in numbered.solids())
        return (*walls, *trays)

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
            mesh=self.mesh,
        )
