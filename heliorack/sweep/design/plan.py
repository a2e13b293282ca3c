"""From a table [sweep] to points: which designs are run, what each is called, and in which order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Any

from heliorack.case.files import Contents
from heliorack.case.sweep import Sweep
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, CaseError, Problem, toml_value
from heliorack.casefile.paths import Override, PathError, overridden
from heliorack.sweep.design.axes import Level, Line, Overrides, lines
from heliorack.sweep.design.clashes import clashes
from heliorack.sweep.design.constraints import Constraint, ConstraintError, constraints
from heliorack.sweep.design.failures import failure_line
from heliorack.sweep.design.plan_checks import complete, level_faults, names, telling
from heliorack.sweep.design.samples import sample_line
from heliorack.sweep.design.source import Source, read_source
from heliorack.sweep.design.values import ChangeError

LONGEST = 80  #: characters of a name before its digest
SHAPING = ("parts", "mesh", "tracking")  #: tables that shape mesh and views
DRESS = ("coating", "coatings", "heat_W")  #: ends of keys of a part that shape neither


@dataclass(frozen=True, slots=True)
class Point:
    """One design and load case."""

    name: str  #: of its folder: values of the axes and a digest of the overrides
    number: int  #: place in the order of the sweep, from 1
    overrides: Overrides  #: (path, TOML value), in order; they come after those of the load case
    values: dict[str, Any]  #: value of each axis, by column of the table
    case: str | None  #: load case; None for a case file without any
    geometry: str  #: digest of what shapes mesh and views; points of equal geometry stand together
    weight: float = 1.0  #: expected cost relative to the base case
    files: tuple[str, ...] = ()  #: SHA-256 of the files that its case names, in the order of the case
    sizes: bool = False  #: whether its array or battery is sized, for all load cases of the design that are planned
    together: tuple[str, ...] = ()  #: points that fly what is sized for them all, itself among them; none where it stands alone

    @property
    def arguments(self) -> tuple[str, ...]:
        """The overrides as `path=value`, as --set takes them.

        >>> Point("a", 1, (("parts.panel.coating", "z93"),), {}, None, "").arguments
        ('parts.panel.coating="z93"',)
        """
        return tuple(f"{path}={toml_value(value)}" for path, value in self.overrides)


@dataclass(frozen=True, slots=True)
class Plan:
    """All points of a sweep, in the order in which they are run."""

    points: tuple[Point, ...]
    skipped: int  #: combinations that a constraint leaves out
    axes: tuple[str, ...]  #: columns of the axes
    title: str
    base: str  #: digest of the base case with the overrides of the command line
    source: str  #: the case file that every point is an override of
    document: Document  #: its content, without [sweep] and without overrides
    files: dict[str, str] = field(default_factory=dict)  #: SHA-256 of every file that a point's case names, by its name there

    @property
    def designs(self) -> list[dict[str, str]]:
        """Name of the point under each load case ("" where the case has none) that is planned for a design, by design."""
        found: dict[str, dict[str, str]] = {}
        for point in self.points:
            found.setdefault(digest(point.values), {})[point.case or ""] = point.name
        return list(found.values())

    @property
    def geometries(self) -> int:
        """Number of distinct geometries."""
        return len({point.geometry for point in self.points})


def plan(path: Path, overrides: Sequence[str] = (), cases: Sequence[str] = (), most: int | None = None, sweep: Sweep | None = None) -> Plan:
    """Points of a case file with [sweep], or of a file that names its case.

    Args:
        path: TOML file.
        overrides: `path=value` for every point, before those of the axes.
        cases: Load cases of every point; those of the table when there are none.
        most: More points than that are refused; `sweep.most_points` when not given.
        sweep: Used instead of the file's own table.

    Raises:
        CaseError: every fault of the base case, or else of the sweep, or files of points that cannot be read.
        OSError: a file cannot be read.
    """
    source = read_source(path, overrides, cases, sweep)
    found, rules, meant = _definite(source, most)
    places = _ordered(source, found)
    contents = Contents(source.case_file)
    points: list[Point] = []
    skipped = 0
    for case, levels in _combinations(source, found, places):
        values = {column: value for level in levels for column, value in level.values.items()}
        if _skips(rules, {"case": case} | {name: values[column] for name, column in meant.items()}, source.file):
            skipped += 1
            continue
        points.append(_point(source, case, levels, values, contents))
    if contents.problems:
        raise CaseError(source.file, list(contents.problems.values()))
    if not points:
        raise CaseError(source.file, [Problem("sweep.skip", NOTHING, f"leaves out every one of {skipped} points")])
    return Plan(
        points=_together(_grouped(points)),
        skipped=skipped,
        axes=tuple(column for line in found for column in line.levels[0].values),
        title=source.sweep.title or str(source.document.get("title", "")),
        base=digest((source.document, [(item.path, item.value) for item in source.given])),
        source=source.case_file,
        document=source.document,
        files=contents.digests,
    )


def _definite(source: Source, most: int | None) -> tuple[list[Line], list[Constraint], dict[str, str]]:
    """Axes, constraints, and columns by the names that constraints use.

    Raises:
        CaseError: every fault of the sweep.
    """
    table, problems = source.sweep, list[Problem]()
    if not (table.axes or table.named or table.zip or table.samples or table.failures):
        raise CaseError(source.file, [Problem("sweep", NOTHING, "varies nothing; give axes, named, zip, samples or failures")])
    if said := table.excess(most, cases=len(source.cases)):
        raise CaseError(source.file, [Problem("sweep", NOTHING, said)])
    found = lines(table, problems)
    if table.samples:
        found.append(sample_line(table.samples, problems))
    if table.failures:
        found.append(failure_line(table.failures, source.examined, problems))
    problems += clashes(source)
    meant = names(found, problems)
    rules = constraints(table.skip, meant | {"case": "case"}, problems)
    if said := table.excess(most, len(found[-1].levels) if table.failures else 0, len(source.cases)):
        problems.append(Problem("sweep", NOTHING, said))
    problems = problems or level_faults(source, found)
    if problems:
        raise CaseError(source.file, problems)
    return found, rules, meant


def _ordered(source: Source, found: Sequence[Line]) -> list[int]:
    """Axes in the order of running, slowest first, -1 for the load cases; those that shape the geometry come first."""
    case = source.cases[0]
    start = source.resolved(case)
    shaping = [i for i, line in enumerate(found) if len({geometry(_moved(start, [level])[1]) for level in telling(line)}) > 1]
    rest = [i for i in range(len(found)) if i not in shaping]
    return [*shaping, -1, *rest]


def _combinations(source: Source, found: Sequence[Line], places: Sequence[int]) -> Iterator[tuple[str | None, list[Level]]]:
    """Load case and levels (in the order of the file) of every combination."""
    rows: list[Sequence[Any]] = [source.cases if i < 0 else found[i].levels for i in places]
    for picked in snake(rows):
        by_place = dict(zip(places, picked, strict=True))
        yield by_place[-1], [by_place[i] for i in range(len(found))]


def _skips(rules: Sequence[Constraint], values: dict[str, Any], file: str) -> bool:
    """Whether a constraint leaves a point out.

    Raises:
        CaseError: a constraint that cannot be worked out for it.
    """
    for i, rule in enumerate(rules):
        try:
            if rule.holds(values):
                return True
        except ConstraintError as error:
            raise CaseError(file, [Problem(f"sweep.skip.{i}", rule.text, str(error))]) from None
    return False


def _point(source: Source, case: str | None, levels: Sequence[Level], values: dict[str, Any], contents: Contents) -> Point:
    """One point, with its geometry and the digests of the files that its case names."""
    start = source.resolved(case)
    try:
        moved, document = _moved(start, levels)
    except (PathError, ChangeError) as error:
        place = ", ".join(f"{column} = {value}" for column, value in values.items())
        raise CaseError(source.file, [Problem(error.problem.path, NOTHING, f"{error.problem.message} (at {place})")]) from None
    given: Overrides = tuple((item.path, item.value) for item in source.given)
    called = point_name([level.label for level in levels], case if len(source.cases) > 1 else None, (given + moved, case))
    shape = geometry(document)
    return Point(called, 0, given + moved, values, case, shape, files=contents.of(document), sizes=case is not None and sizes(document))


def _moved(document: Document, levels: Sequence[Level]) -> tuple[Overrides, Document]:
    """All overrides of some levels, and the document after them."""
    moved = complete(document, tuple(item for level in levels for item in level.overrides))
    document = overridden(document, [Override(*item) for item in moved])
    for level in levels:
        for change in level.changes:
            more = change(document)
            more = complete(document, more)
            document = overridden(document, [Override(*item) for item in more])
            moved += more
    return moved, document


def _grouped(points: Sequence[Point]) -> tuple[Point, ...]:
    """Points of one geometry behind one another, the geometries in the order of their first points; numbered."""
    first: dict[str, int] = {}
    for point in points:
        first.setdefault(point.geometry, len(first))
    return tuple(replace(point, number=i) for i, point in enumerate(sorted(points, key=lambda point: first[point.geometry]), 1))


def _together(points: Sequence[Point]) -> tuple[Point, ...]:
    """Points with those of their design that share what is sized; load cases that shape their own geometry share it too."""
    designs: dict[str, list[str]] = {}
    for point in points:
        if point.sizes:
            designs.setdefault(digest(point.values), []).append(point.name)
    shared = {name: tuple(names) for names in designs.values() if len(names) > 1 for name in names}
    return tuple(replace(point, together=shared.get(point.name, ())) for point in points)


def sizes(document: Document) -> bool:
    """Whether array or battery is sized for all load cases, by what the document gives; false for a variant.

    >>> sizes({"power": {"cell": "a"}}), sizes({"power": {"array_area_m2": 1.0, "pack_capacity_Wh": 50}}), sizes({})
    (True, False, False)
    """
    power: Any = document.get("power")
    if not isinstance(power, dict) or document.get("variant") is True:
        return False
    electrics = power.get("electrics")
    strung = isinstance(electrics, dict) and "parallel" in electrics
    return not ({"array_area_m2", "wings"} & power.keys() and (strung or "pack_capacity_Wh" in power))


def digest(value: object) -> str:
    """SHA-256 of what TOML can say, in hexadecimal."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def geometry(document: Document) -> str:
    """Digest of what shapes mesh and views: parts without coatings and heat, mesh, joints, and which parts are bonded.

    Conductances and materials are not of it: they make another body on the same nodes, and neighbours still start from one another.
    """
    shaping: dict[str, Any] = {name: _bare(document.get(name)) if name == "parts" else document.get(name) for name in SHAPING}
    contacts: Any = document.get("contacts") or []
    shaping["bonds"] = [contact for contact in contacts if isinstance(contact, dict) and contact.get("bonded")]
    return digest(shaping)[:16]


def _bare(value: Any) -> Any:
    """Parts without what they are dressed in."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if not key.endswith(DRESS)}
    return value


def snake(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Every combination, the last row fastest; each differs from the one before it by one step of one row.

    >>> list(snake([[1, 2], "ab"]))
    [(1, 'a'), (1, 'b'), (2, 'b'), (2, 'a')]
    """
    counts = [len(row) for row in rows]
    for number in range(prod(counts)):
        picks: list[int] = []
        rest, block, turn = number, prod(counts), 0
        for count in counts:
            block //= count
            at, rest = divmod(rest, block)
            picks.append(count - 1 - at if turn % 2 else at)
            turn = turn * count + at
        yield tuple(row[i] for row, i in zip(rows, picks, strict=True))


def point_name(labels: Sequence[str], case: str | None, what: object) -> str:
    """Name of a point's folder: its labels, shortened, and a digest of all that sets it apart."""
    words = "_".join(filter(None, [*labels, case])) or "point"
    return f"{words[:LONGEST].rstrip('-_.')}_{digest(what)[:8]}"
