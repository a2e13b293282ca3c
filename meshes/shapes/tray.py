"""Server trays, `[[parts]]` with kind tray."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from meshes.shapes.basic import Part, check_name, check_size, coated
from meshes.shapes.solid import MOST, Solid, Vector


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
class VapourChamber(Slab):
    """A flat two-phase heat spreader, as a solid that conducts so much."""

    transport_limit: Annotated[float, "W_m", Gt(0)] | None = None  #: largest heat times distance that it carries


@dataclass(frozen=True, slots=True, kw_only=True)
class Lid:
    """The heat spreader of a package, centred on it."""

    size: Annotated[Vector, "mm"]  #: along x, y and z (its thickness)
    material: str  #: from the library or the case
    coating: str | None = None  #: by default the device's
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the device's

    def __post_init__(self) -> None:
        check_size("size", self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Equal components in rows and columns on a tray: packages, modules, power stages. More than one are numbered from 1, along x first."""

    name: str  #: sub-part name; gpu with count 8 gives gpu1 ... gpu8
    size: Annotated[Vector, "mm"]  #: of each along x, y and z (its height, without a lid)
    at: Annotated[tuple[float, float], "mm"] = (0.0, 0.0)  #: x, y of the middle of the whole pattern from the tray's reference point
    count: Annotated[int, "-", Interval(ge=1, le=MOST)] = 1  #: how many
    columns: Annotated[int, "-", Ge(1)] | None = None  #: how many side by side along x before the next row along y; by default all
    pitch: Annotated[tuple[float, float], "mm"] = (0.0, 0.0)  #: between centres along x and along y
    #: on the board's +z side, on its -z side, or on the cold plate's or vapour chamber's side towards the board
    on: Literal["board", "back", "cold_plate", "vapour_chamber"] = "board"
    material: str  #: from the library or the case
    lid: Lid | None = None  #: on the side away from the board, a sub-part of its own: lid_gpu1 of gpu1 ("gpu*" leaves the lids out)
    coating: str | None = None  #: by default the tray's
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation of each
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the tray's
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through its thinnest direction

    def __post_init__(self) -> None:
        check_name(self.name)
        check_size("size", self.size)

    @property
    def height(self) -> float:
        """Along z with the lid [m]."""
        return self.size[2] + (self.lid.size[2] if self.lid is not None else 0.0)

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

    def names(self) -> tuple[str, ...]:
        """Names of all its sub-parts, lids included."""
        own = tuple(name for name, _, _ in self.places())
        return own if self.lid is None else (*own, *(f"lid_{name}" for name in own))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray(Part):
    """A board with devices and plates above them, placed by the centre of the board's outline at half its thickness.

    Along +z: board, devices with their lids, vapour chamber, cold plate; either plate may be missing. A device on the board that is as high
    (lid included) as `gap` touches the board and the plate above; a lower one only the board. Sub-parts are board, vapour_chamber,
    cold_plate, the devices and lid_ with the name of the device; their interfaces (thermal interface material) are contacts of the case.
    """

    kind: Literal["tray"] = "tray"  #: board, devices and cold plate
    board: Slab  #: carries the devices
    vapour_chamber: VapourChamber | None = None  #: lies `gap` above the board, below the cold plate
    cold_plate: Slab | None = None  #: lies on the vapour chamber, or without one `gap` above the board
    gap: Annotated[float, "mm", Gt(0)] | None = None  #: from board to the plate above; by default that of the tallest device
    devices: tuple[Device, ...] = ()  #: on the board or on the plate above it

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        names = ["board", "vapour_chamber", "cold_plate", *(name for device in self.devices for name in device.names())]
        twice = sorted(name for name, times in Counter(names).items() if times > 1)
        if twice:
            raise ValueError(f"devices: {', '.join(twice)} named twice")
        for device in self.devices:
            self._check_place(device)
        if self.covered and self.gap is None and not self.standing:
            plate = "cold plate" if self.vapour_chamber is None else "vapour chamber"
            raise ValueError(f"gap is needed when no device stands on the board below the {plate}")

    def _check_place(self, device: Device) -> None:
        if device.on == "cold_plate" and self.cold_plate is None:
            raise ValueError(f"devices.{device.name}.on is the cold plate, but the tray has none")
        if device.on == "cold_plate" and self.vapour_chamber is not None:
            raise ValueError(f"devices.{device.name}.on is the cold plate, but the vapour chamber is in between: vapour_chamber")
        if device.on == "vapour_chamber" and self.vapour_chamber is None:
            raise ValueError(f"devices.{device.name}.on is the vapour chamber, but the tray has none")

    @property
    def covered(self) -> bool:
        """Whether there is a plate above the devices."""
        return self.cold_plate is not None or self.vapour_chamber is not None

    @property
    def standing(self) -> tuple[Device, ...]:
        """Devices on the board's +z side."""
        return tuple(device for device in self.devices if device.on == "board")

    @property
    def clearance(self) -> float:
        """Distance from board to the plate above [m]."""
        return self.gap if self.gap is not None else max((device.height for device in self.standing), default=0.0)

    def solids(self) -> tuple[Solid, ...]:
        """Board, vapour chamber, cold plate, then the devices in the order of the table, each group before its lids."""
        pieces = [(solid, table.coating) for table, solid in self._plates()]
        for device in self.devices:
            pieces.extend(self._packages(device))
        moved = self.moved(solid for solid, _ in pieces)
        return coated(moved, self, {solid.name: coating for (_, coating), solid in zip(pieces, moved, strict=True)})

    def _plates(self) -> Iterator[tuple[Slab, Solid]]:
        yield self.board, self._piece("board", self.board, *self.board.at, 0.0)
        level = self.board.size[2] / 2 + self.clearance
        for name, plate in (("vapour_chamber", self.vapour_chamber), ("cold_plate", self.cold_plate)):
            if plate is not None:
                yield plate, self._piece(name, plate, *plate.at, level + plate.size[2] / 2)
                level += plate.size[2]

    def _packages(self, device: Device) -> Iterator[tuple[Solid, str | None]]:
        """Every package with its coating, then every lid: the lid lies on the side away from the board."""
        surface, up = self.board.size[2] / 2, -1.0 if device.on == "back" else 1.0
        foot = surface + self.clearance - device.height if device.on in ("cold_plate", "vapour_chamber") else surface
        for name, x, y in device.places():
            yield self._piece(name, device, x, y, up * (foot + device.size[2] / 2)), device.coating
        for name, x, y in device.places() if device.lid is not None else ():
            lid = device.lid
            assert lid is not None
            centre = (x, y, up * (foot + device.size[2] + lid.size[2] / 2))
            solid = Solid(f"lid_{name}", "box", lid.size, lid.material, centre, mesh=lid.mesh or device.mesh or self.mesh)
            yield solid, lid.coating or device.coating

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
            transport_limit=table.transport_limit if isinstance(table, VapourChamber) else None,
        )
