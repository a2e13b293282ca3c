"""Simple parts of a case, `[[parts]]` with kind box, plate or cylinder, and what every kind of part has in common."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from meshes.errors import GeometryError
from meshes.shapes.solid import INNER_FACES, INSIDE, INSULATED, MOST, Cavity, Solid, Vector, placed, rotation_matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A named place of a part, such as stowed or deployed."""

    position: Annotated[Vector, "mm"] = (0.0, 0.0, 0.0)  #: where the part's reference point is in body axes
    rotation: Annotated[Vector, "deg"] = (0.0, 0.0, 0.0)  #: rotation about x, y, z in this order, each about the already turned axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """Equal pieces on a raster along the part's own axes, its middle at the part's position.

    The pieces are sub-parts named by number from 1, along x first, then y, then z: fin.1, fin.2, ...; "fin.*" stands for all of them.
    """

    count: Annotated[tuple[int, int, int], "-", Interval(ge=1, le=MOST)]  #: how many along x, y and z
    pitch: Annotated[Vector, "mm", Ge(0)]  #: between centres along x, y and z; of no account where there is one

    def places(self) -> tuple[Vector, ...]:
        """Centres [m] from the middle of the raster, in the order of the numbers."""
        x, y, z = ([(i - (n - 1) / 2) * step for i in range(n)] for n, step in zip(self.count, self.pitch, strict=True))
        return tuple((a, b, c) for c in z for b in y for a in x)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every part has: a name, a place and coatings. Angles turn about its own axes: x, then the new y, then the newest z.

    A part may have several named places, of which `placement` chooses one: a solar wing stowed and deployed. It may stand for `count`
    equal ones of which it is the one that is meshed, at its own place and with the surroundings of that place.
    """

    name: str  #: unique; sub-parts are called name.sub, faces name:face
    position: Annotated[Vector, "mm"] = (0.0, 0.0, 0.0)  #: where the part's reference point (mostly its centre) is in body axes
    rotation: Annotated[Vector, "deg"] = (0.0, 0.0, 0.0)  #: rotation about x, y, z in this order, each about the already turned axis
    coating: str  #: coating of every face, from the library or the case; "insulated" exchanges no radiation
    coatings: dict[str, str] = field(
        default_factory=dict
    )  #: exceptions: "+z", or "sub-part:face" of a composite part (* allowed), to coating
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length of the mesh
    placements: dict[str, Placement] = field(default_factory=dict)  #: named places, such as stowed and deployed, to choose from
    placement: str | None = None  #: the one of `placements` that the part is in; by default it is at `position`, turned by `rotation`
    count: Annotated[int, "-", Ge(1)] = 1  #: how many equal ones this part stands for: its heat flows are multiplied by it

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.placement is not None and self.placement not in self.placements:
            known = ", ".join(self.placements) or "none"
            raise ValueError(f"placement = {self.placement!r} is not among the part's placements ({known})")

    @property
    def place(self) -> Placement:
        """Position and rotation that count: those of `placement`, or the part's own."""
        return self.placements[self.placement] if self.placement is not None else Placement(position=self.position, rotation=self.rotation)

    def moved(self, pieces: Iterable[Solid]) -> tuple[Solid, ...]:
        """Pieces given in the part's own axes, where the part is: named part.piece, and as many as the part stands for."""
        turn = rotation_matrix(self.place.rotation)
        at_place = (placed(piece, turn, self.place.position, self.name) for piece in pieces)
        return tuple(replace(piece, count=piece.count * self.count) for piece in at_place)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimplePart(Part):
    """A part that is one solid of one material, or an array of such."""

    material: str  #: from the library or the case
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation, spread evenly over the volume; of each piece of an array
    array: Array | None = None  #: equal pieces by pitch, sub-parts name.1, name.2, ... ("name.*" for all)

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        if self.array is None:
            return
        for axis, count, pitch, edge in zip("xyz", self.array.count, self.array.pitch, self.extent, strict=True):
            if count > 1 and pitch < edge * (1 - 1e-12):
                raise ValueError(f"array.pitch along {axis} is less than the part's {edge * 1e3:.6g} mm; its pieces would overlap")

    @property
    def extent(self) -> Vector:
        """Edge lengths [m] of the box that the solid just fits in."""
        raise NotImplementedError

    def pieces(
        self, kind: Literal["box", "cylinder", "sphere"], cavities: tuple[Cavity, ...] = (), inside: str = INSULATED
    ) -> tuple[Solid, ...]:
        """The solid, or those of the array, placed and coated; `inside` coats the walls of cavities."""
        solid = Solid(self.name, kind, self.extent, self.material, heat=self.heat, mesh=self.mesh, cavities=cavities)
        if isinstance(self, SolidPart):
            solid = replace(solid, layers=self.layers, transport_limit=self.transport_limit)
        places = [(0.0, 0.0, 0.0)] if self.array is None else self.array.places()
        found = self.moved(replace(solid, name=str(i + 1), centre=centre) for i, centre in enumerate(places))
        if self.array is None:
            found = (replace(found[0], name=self.name),)
        return coated(found, self, {}, inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolidPart(SimplePart):
    """A full solid of one material, or an array of such."""

    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through the thinnest direction
    #: largest heat times distance, for a heat pipe described as a conducting solid
    transport_limit: Annotated[float, "W_m", Gt(0)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(SolidPart):
    """A cuboid, placed by its centre. Faces -x, +x, -y, +y, -z, +z."""

    kind: Literal["box"] = "box"  #: a cuboid
    size: Annotated[Vector, "mm"]  #: edge lengths along its own x, y, z

    def __post_init__(self) -> None:
        check_size("size", self.size)
        SolidPart.__post_init__(self)

    @property
    def extent(self) -> Vector:
        """The edge lengths [m]."""
        return self.size

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid, or as many as its array has."""
        return self.pieces("box")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate(SolidPart):
    """A flat cuboid, placed by its centre; thin along its own z. Faces -x, +x, -y, +y, -z, +z."""

    kind: Literal["plate"] = "plate"  #: a flat cuboid
    width: Annotated[float, "mm", Gt(0)]  #: along x
    length: Annotated[float, "mm", Gt(0)]  #: along y
    thickness: Annotated[float, "mm", Gt(0)]  #: along z

    @property
    def extent(self) -> Vector:
        """Width, length and thickness [m]."""
        return self.width, self.length, self.thickness

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid, or as many as its array has."""
        return self.pieces("box")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cylinder(SolidPart):
    """A cylinder along its own z axis, placed by its centre. Faces side, -z, +z."""

    kind: Literal["cylinder"] = "cylinder"  #: a full cylinder
    radius: Annotated[float, "mm", Gt(0)]  #: of the side
    height: Annotated[float, "mm", Gt(0)]  #: along z

    @property
    def extent(self) -> Vector:
        """Diameter, diameter and height [m]."""
        return 2 * self.radius, 2 * self.radius, self.height

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid, or as many as its array has."""
        return self.pieces("cylinder")


def coated(solids: Sequence[Solid], part: Part, own: Mapping[str, str | None], inside: str = INSULATED) -> tuple[Solid, ...]:
    """Give every face its coating: the part's, or the sub-part's `own` (by solid name), or the last match in `part.coatings`.

    A pattern with a colon is compared with "sub-part:face", one without with the face alone. The walls of cavities are coated with
    `inside` unless an exception names them.

    Raises:
        GeometryError: a pattern in `part.coatings` matches no face.
    """
    unused = set(part.coatings)
    result = []
    for solid in solids:
        sub = solid.name.removeprefix(part.name).removeprefix(".")
        coatings = {}
        for face in solid.faces:
            chosen = inside if face in (INSIDE, *INNER_FACES) else own.get(solid.name) or part.coating
            for pattern, coating in part.coatings.items():
                if fnmatchcase(f"{sub}:{face}" if ":" in pattern else face, pattern):
                    chosen = coating
                    unused.discard(pattern)
            coatings[face] = chosen
        result.append(replace(solid, coatings=coatings))
    if unused:
        known = sorted({f"{s.name.removeprefix(part.name).removeprefix('.')}:{face}".lstrip(":") for s in solids for face in s.faces})
        raise GeometryError(
            f"parts.{part.name}.coatings: {', '.join(map(repr, sorted(unused)))} matches no face; faces are {', '.join(known)}"
        )
    return tuple(result)


def check_name(name: str) -> None:
    """Raise ValueError unless the name can stand in patterns and paths: letters, digits, _ and -."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(f"name = {name!r} may hold letters, digits, _ and - only")


def check_size(where: str, size: Vector) -> None:
    """Raise ValueError unless every edge length is positive."""
    if not all(0 < edge < float("inf") for edge in size):
        raise ValueError(f"{where} = {[round(edge * 1e3, 9) for edge in size]} mm must be positive along x, y and z")


def together(part: object, *names: str) -> bool:
    """Whether the fields are given; raise ValueError where only some of them are."""
    given = [name for name in names if getattr(part, name) is not None]
    missing = [name for name in names if name not in given]
    if given and missing:
        raise ValueError(f"{given[0]} needs {' and '.join(missing)}")
    return bool(given)
