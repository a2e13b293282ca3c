"""Parts whose shape comes from a file: what the case says of them.

Names of sub-parts and faces are known from the case alone; the file is read when the mesh is made, and compared with them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval, MinLen
from numpy.typing import NDArray

from meshes.errors import GeometryError
from meshes.shapes.basic import Part, check_name, coated
from meshes.shapes.solid import BOX_FACES, MOST, Solid, Vector, rotation_matrix

MADE = {"file": False}  # marks a field that is not of the case file
OTHER = "other"  #: the face of everything that no direction and no rule names
LARGE, SMALL = 100.0, 1e-4  #: m; a part beyond them most likely has its units 1000 times off
SLACK = 1e-6  #: m; a box holds what reaches no farther beyond it
LISTED = 20  #: labels in a message

DIRECTIONS: tuple["Direction", ...] = ("-x", "+x", "-y", "+y", "-z", "+z")
Direction = Literal["-x", "+x", "-y", "+y", "-z", "+z"]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A solid of the file, or a group of its cells, made a sub-part: which one, and what it is made of."""

    name: str  #: sub-part name; chip with count 2 gives chip1 and chip2
    match: str | None = None  #: pattern of labels: product, instance or assembly/instance/product; name or number of a group of cells
    color: Annotated[Colour, "-", Interval(ge=0, le=255)] | None = None  #: red, green, blue from 0 to 255, where colour tells solids apart
    at: Annotated[Vector, "mm"] | None = None  #: a point within the solid, in the axes of the part; of a STEP file only
    within: Annotated[tuple[Vector, Vector], "mm"] | None = None  #: two corners of a box that holds it whole; of a STEP file only
    count: Annotated[int, "-", Interval(ge=1, le=MOST)] = 1  #: how many it stands for, in the order of the file
    material: str  #: from the library or the case
    coating: str | None = None  #: by default the part's
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: constant dissipation of each
    mesh: Annotated[float, "mm", Gt(0)] | None = None  #: target edge length, by default the part's; of a STEP file only

    def __post_init__(self) -> None:
        check_name(self.name)
        if sum(given is not None for given in (self.match, self.color, self.at, self.within)) != 1:
            raise ValueError("give one of match, color, at_mm or within_mm, to say which solids are meant")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sub-parts."""
        return (self.name,) if self.count == 1 else tuple(f"{self.name}{i + 1}" for i in range(self.count))

    def takes(self, label: "Label") -> bool:
        """Whether it means the solid of that label."""
        if self.at is not None:
            return label.holds is not None and label.holds(self.at)
        if self.within is not None:
            low, high = np.sort(np.array(self.within), axis=0)
            return label.low is not None and bool((np.array(label.low) > low - SLACK).all() and (np.array(label.high) < high + SLACK).all())
        if self.color is not None:
            return label.color is not None and all(abs(a - b) <= 1 for a, b in zip(self.color, label.color, strict=True))
        return any(fnmatchcase(name, self.match or "") for name in label.names)

    def said(self) -> str:
        """Which solids it means, as the case says it."""
        if self.at is not None:
            return f"at_mm = {_mm(self.at)}"
        if self.within is not None:
            return f"within_mm = [{', '.join(map(_mm, self.within))}]"
        return f"match = {self.match!r}" if self.color is None else f"color = {[round(c) for c in self.color]}"


def _mm(point: Vector) -> str:
    return f"[{', '.join(f'{x * 1e3:g}' for x in point)}]"


@dataclass(frozen=True, slots=True)
class Label:
    """How the file calls a solid or a group of cells."""

    names: tuple[str, ...]  #: any of which a pattern may match; the first is shown
    color: Colour | None = None  #: 0 to 255
    low: Vector | None = None  #: m, corner of least x, y, z in the axes of the part
    high: Vector | None = None  #: m
    holds: Callable[[Vector], bool] | None = None  #: whether a point [m] lies within

    def __str__(self) -> str:
        tint = "" if self.color is None else f" [{', '.join(f'{c:.0f}' for c in self.color)}]"
        return (self.names[0] if self.names else "unnamed") + tint


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceRule:
    """A face by a word of its own: the one nearest to a point, all that look one way, those of a colour, or of a name in the file."""

    nearest: Annotated[Vector, "mm"] | None = None  #: a point in the axes of the part; the face nearest to it
    normal: Direction | None = None  #: flat faces with this outward direction in the axes of the part
    color: Annotated[Colour, "-", Interval(ge=0, le=255)] | None = None  #: faces of this colour (0 to 255); of a STEP file only
    label: Annotated[str, MinLen(1)] | None = None  #: the face that has this name in the STEP file, on every solid that has one
    of: str = "*"  #: sub-parts that it may lie on (* allowed)

    def __post_init__(self) -> None:
        if sum(given is not None for given in (self.nearest, self.normal, self.color, self.label)) != 1:
            raise ValueError("nearest, normal, color or label says which face is meant; give one of them")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the file holds for one sub-part, in metres and in the axes of the part."""

    index: int  #: of the solid, or of the group of cells, in the file
    volume: float  #: m³
    area: float  #: m², of all its faces
    low: Vector  #: m, corner of least x, y, z
    high: Vector  #: m
    flat: bool  #: all faces are planes
    said: tuple[str, ...] = ()  #: assumptions about the file
    named: bool = False  #: the case names one of its curved faces


@dataclass(frozen=True, slots=True, eq=False)
class ImportedSolid(Solid):
    """One sub-part of an imported part. Its `centre` is where the origin of the file lies."""

    part: str = ""  #: name of the part
    path: Path = Path()  #: of the file
    way: Literal["step", "mesh"] = "step"
    scale: float = 1.0  #: m per unit; of a STEP file, on top of the unit that it states
    healing: bool = False
    drop: float = 0.0  #: m; faces below this extent are removed
    least_edge: float | None = None  #: m; no edge at a curved face is shorter
    ignore: tuple[str, ...] = ()  #: patterns of labels left out
    groups: str | None = None  #: cell data that tells the groups of a mesh apart
    piece: Piece | None = None
    which: int = 0  #: among those that the piece stands for
    rules: Mapping[str, FaceRule] = field(default_factory=dict)
    found: Found | None = None  #: None until the file is read
    labels: NDArray[np.int32] | None = None  #: face of each boundary triangle, once meshed

    @property
    def curved(self) -> bool:
        """Whether flat triangles only approach its faces."""
        return self.way == "step" and self.found is not None and not self.found.flat

    @property
    def faces(self) -> tuple[str, ...]:
        """Directions, the words of the case, and what is left. A direction that a rule renames is not there."""
        return face_names(self.rules, self.name.removeprefix(self.part).removeprefix("."))

    @property
    def volume(self) -> float:
        """Volume [m³]; not a number before the file is read."""
        return self.found.volume if self.found else float("nan")

    @property
    def areas(self) -> NDArray[np.float64]:
        """Not known by face before it is meshed: the whole area [m²] stands at the last face; not numbers before the file is read."""
        if self.found is None:
            return np.full(len(self.faces), np.nan)
        return np.append(np.zeros(len(self.faces) - 1), self.found.area)

    def classify(self, corners: NDArray[np.float64]) -> NDArray[np.int32]:
        """Index into `faces` for each boundary triangle (f,), as found when the mesh was compared with the file."""
        if self.labels is None or len(self.labels) != len(corners):
            return np.full(len(corners), -1, dtype=np.int32)
        return self.labels


def face_names(rules: Mapping[str, FaceRule], sub: str) -> tuple[str, ...]:
    """Names of the faces of the sub-part `sub` of a part with such rules."""
    mine = {name: rule for name, rule in rules.items() if fnmatchcase(sub, rule.of)}
    renamed = {rule.normal for rule in mine.values()}
    return (*(face for face in BOX_FACES if face not in renamed), *mine, OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Part):
    """What STEP and mesh parts have in common. `position` is where the origin of the file lies in body axes, turned about that origin."""

    file: Annotated[str, MinLen(1)]  #: path, from the folder of the case file
    solids: Annotated[tuple[Piece, ...], MinLen(1)]  #: what becomes of its solids
    ignore: tuple[str, ...] = ()  #: patterns of solids that are left out
    faces: dict[str, FaceRule] = field(default_factory=dict)  #: faces by a word of their own
    folder: str = field(default="", metadata=MADE)  #: of the case file

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        names = [name for piece in self.solids for name in piece.names]
        twice = sorted(name for name, times in Counter(names).items() if times > 1)
        if twice:
            raise ValueError(f"solids: {', '.join(twice)} named twice")
        for name, rule in self.faces.items():
            if name in (*BOX_FACES, OTHER):
                raise ValueError(f"faces: two faces claim the name '{name}'; it stands for a direction already, choose another word")
            check_name(name)
            if not any(fnmatchcase(sub, rule.of) for sub in names):
                raise ValueError(f"faces.{name}.of = {rule.of!r} matches no sub-part; there are {', '.join(names)}")
        for sub in names:
            looks = [(name, rule.normal) for name, rule in self.faces.items() if rule.normal and fnmatchcase(sub, rule.of)]
            for i, (name, normal) in enumerate(looks):
                for other, same in looks[:i]:
                    if normal == same:
                        raise ValueError(f"faces: '{other}' and '{name}' both claim the {normal} faces of {sub}")

    @property
    def path(self) -> Path:
        """Where the file is."""
        return Path(self.folder) / self.file


def pieces_of(part: Imported, way: Literal["step", "mesh"], scale: float) -> tuple[ImportedSolid, ...]:
    """The sub-parts that the case names, in its order; the file is not touched."""
    turn = rotation_matrix(part.place.rotation)
    made = [
        (
            piece,
            ImportedSolid(
                name=f"{part.name}.{name}",
                kind="imported",
                size=(0.0, 0.0, 0.0),
                material=piece.material,
                centre=part.place.position,
                rotation=turn,
                heat=piece.heat,
                mesh=piece.mesh or part.mesh,
                count=part.count,
                part=part.name,
                path=part.path,
                piece=replace(piece, heat=0.0, coating=None),
                which=i,
                rules=part.faces,
                ignore=part.ignore,
                way=way,
                scale=scale,
            ),
        )
        for piece in part.solids
        for i, name in enumerate(piece.names)
    ]
    dressed = coated([solid for _, solid in made], part, {solid.name: piece.coating for piece, solid in made})
    return tuple(solid for solid in dressed if isinstance(solid, ImportedSolid))


def chosen(solids: Sequence[ImportedSolid], labels: Sequence[Label], what: str, sets: Sequence[frozenset[int]] | None = None) -> list[int]:
    """For each sub-part of one part, the index of the label that it stands for.

    Args:
        what: What the file has: "solid" or "group of cells".
        sets: Labels that the same thing bears together; by default each thing bears one.

    Raises:
        GeometryError: an entry that matches nothing or another number than it says, a solid that no entry or two entries name; all of them.
    """
    part, file, ignore = solids[0].part, solids[0].path.name, solids[0].ignore
    faults = []
    taken: dict[int, str] = {}
    found: dict[tuple[str, int], int] = {}
    left = [i for i, label in enumerate(labels) if any(fnmatchcase(name, p) for name in label.names for p in ignore)]
    for piece in dict.fromkeys(solid.piece for solid in solids if solid.piece is not None):
        mine = [i for i, label in enumerate(labels) if i not in left and piece.takes(label)]
        if not mine:
            faults.append(f"solids.{piece.name}: {piece.said()} matches no {what} of {file}")
        elif len(mine) != piece.count:
            verb = f"matches {len(mine)} {what}s of {file}" if len(mine) > 1 else f"matches one {what} of {file}"
            faults.append(f"solids.{piece.name}: {piece.said()} {verb}, not {piece.count}; set count = {len(mine)}, or change the pattern")
        for k, i in enumerate(mine):
            if i in taken:
                faults.append(f"solids.{taken[i]} and solids.{piece.name} both claim {what} {labels[i]}")
            taken.setdefault(i, piece.name)
            found[piece.name, k] = i
    for together in sets or ():
        claims = sorted(together & set(taken))
        if len(claims) > 1:
            shared = " and ".join(f"solids.{taken[i]} ({labels[i]})" for i in claims)
            faults.append(f"{shared} claim the same cells of {file}; name groups that do not overlap")
    alone = sets or [frozenset({i}) for i in range(len(labels))]
    lost = [labels[min(together)] for together in alone if not together & {*taken, *left}]
    if lost:
        faults.append(f"no entry of solids names {_tally(lost)}; add one, or list the pattern in ignore")
    if faults:
        raise GeometryError(f"part {part}: " + "; ".join(faults) + f". {file} holds {_tally(labels)}")
    return [found[solid.piece.name, solid.which] for solid in solids if solid.piece is not None]


def _tally(labels: Sequence[Label]) -> str:
    """Labels, those that occur more than once with their number."""
    counts: dict[str, int] = {}
    for label in labels:
        counts[str(label)] = counts.get(str(label), 0) + 1
    said = [name if n == 1 else f"{name} ({n} times)" for name, n in counts.items()]
    return listed(said)


def listed(said: Sequence[str]) -> str:
    """Some words with commas, the first `LISTED` of them."""
    return ", ".join(said[:LISTED]) + (f" and {len(said) - LISTED} more" if len(said) > LISTED else "")


def measured(solid: ImportedSolid, found: Found) -> ImportedSolid:
    """The sub-part with what its file says of it."""
    x, y, z = (high - low for low, high in zip(found.low, found.high, strict=True))
    return replace(solid, size=(x, y, z), found=found)


def size_warnings(solids: Sequence[Solid]) -> list[str]:
    """A sentence for every imported part whose extent is hardly that of a satellite's part; the file must have been read."""
    said: list[str] = []
    mine = [(solid, solid.found) for solid in solids if isinstance(solid, ImportedSolid) and solid.found is not None]
    for part in dict.fromkeys(solid.part for solid, _ in mine):
        low = np.min([found.low for solid, found in mine if solid.part == part], axis=0)
        high = np.max([found.high for solid, found in mine if solid.part == part], axis=0)
        longest = float((high - low).max())
        if not SMALL <= longest <= LARGE:
            extent = f"{longest:.4g} m" if longest > LARGE else f"{longest * 1e3:.4g} mm"
            file = next(solid.path.name for solid, _ in mine if solid.part == part)
            said.append(f"warning: part {part} is {extent} long; the units of {file} may be 1000 times off (unit_scale)")
    return said


def check_file(path: Path, part: str) -> None:
    """Raise GeometryError unless the file is there."""
    if not path.is_file():
        raise GeometryError(f"part {part}: file {path} does not exist; paths start at the folder of the case file")
