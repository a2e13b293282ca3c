"""Simple parts of a case, `[[parts]]` with kind box, plate or cylinder, and what every kind of part has in common."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from annotated_types import Ge, Gt

from meshes.errors import GeometryError
from meshes.solid import INSIDE, INSULATED, Solid, Vector, rotation_matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every part has: a name, a place and coatings. Angles turn about its own axes: x, then the new y, then the newest z."""

    name: str  #: unique; sub-parts are called name.sub, faces name:face
    position: Annotated[Vector, "mm"] = (0.0, 0.0, 0.0)  #: where the part's reference point (mostly its centre) is in body axes
    rotation: Annotated[Vector, "deg"] = (0.0, 0.0, 0.0)  #: rotation about x, y, z in this order, each about the already turned axis
    coating: str  #: coating of every face, from the library or the case; "insulated" exchanges no radiation
    coatings: dict[str, str] = field(
        default_factory=dict
    )  #: exceptions: "+z", or "sub-part:face" of a composite part (* allowed), to coating
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length of the mesh

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolidPart(Part):
    """A part that is one solid of one material."""

    material: str  #: from the library or the case
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation, spread evenly over the volume
    layers: Annotated[int, "-", Ge(1)] | None = None  #: least number of cells through the thinnest direction
    transport_limit: Annotated[float, "W_m", Gt(0)] | None = (
        None  #: largest heat times distance, for a heat pipe described as a conducting solid
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(SolidPart):
    """A cuboid, placed by its centre. Faces -x, +x, -y, +y, -z, +z."""

    kind: Literal["box"] = "box"  #: a cuboid
    size: Annotated[Vector, "mm"]  #: edge lengths along its own x, y, z

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        check_size("size", self.size)

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid."""
        return (_solid(self, "box", self.size),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate(SolidPart):
    """A flat cuboid, placed by its centre; thin along its own z. Faces -x, +x, -y, +y, -z, +z."""

    kind: Literal["plate"] = "plate"  #: a flat cuboid
    width: Annotated[float, "mm", Gt(0)]  #: along x
    length: Annotated[float, "mm", Gt(0)]  #: along y
    thickness: Annotated[float, "mm", Gt(0)]  #: along z

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid."""
        return (_solid(self, "box", (self.width, self.length, self.thickness)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cylinder(SolidPart):
    """A cylinder along its own z axis, placed by its centre. Faces side, -z, +z."""

    kind: Literal["cylinder"] = "cylinder"  #: a full cylinder
    radius: Annotated[float, "mm", Gt(0)]  #: of the side
    height: Annotated[float, "mm", Gt(0)]  #: along z

    def solids(self) -> tuple[Solid, ...]:
        """The part as one solid."""
        return (_solid(self, "cylinder", (2 * self.radius, 2 * self.radius, self.height)),)


def _solid(part: SolidPart, kind: Literal["box", "cylinder"], size: Vector) -> Solid:
    solid = Solid(
        name=part.name,
        kind=kind,
        size=size,
        material=part.material,
        centre=part.position,
        rotation=rotation_matrix(part.rotation),
        heat=part.heat,
        mesh=part.mesh,
        layers=part.layers,
        transport_limit=part.transport_limit,
    )
    return coated((solid,), part, {})[0]


def coated(solids: Sequence[Solid], part: Part, own: Mapping[str, str | None]) -> tuple[Solid, ...]:
    """Give every face its coating: the part's, or the sub-part's `own` (by solid name), or the last match in `part.coatings`.

    A pattern with a colon is compared with "sub-part:face", one without with the face alone. The walls of cavities are insulated unless an
    exception names them.

    Raises:
        GeometryError: a pattern in `part.coatings` matches no face.
    """
    unused = set(part.coatings)
    result = []
    for solid in solids:
        sub = solid.name.removeprefix(part.name).removeprefix(".")
        coatings = {}
        for face in solid.faces:
            chosen = INSULATED if face == INSIDE else own.get(solid.name) or part.coating
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
