"""Points of a sweep by reduced models over the box of their axes: made once from few of the points, then asked for all others.

    reduced_*.npz     the model of all points that differ in numbers alone
    reduced_*.json    what it was made from and judged by; or why there is none

Whatever a model does not answer is solved in full, and the table says why.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder import folder
from heliorack.sweep.design.plan import digest as digest_of
from heliorack.sweep.execution import point as sweep_point
from heliorack.sweep.execution.point import Job

if TYPE_CHECKING:
    from heliorack.case.case import Case
    from heliorack.results.result import Result
    from heliorack.run.box.reduced_case import ReducedCase, School
    from heliorack.runfolder.summary import Summary
    from heliorack.sweep.design.plan import Point

Floats = NDArray[np.float64]

LEAST = 40  #: points left that are worth a model: a tray's is made and judged in the time of some twenty
KINDS = (int, float)


@dataclass(frozen=True, slots=True)
class Group:
    """Points that differ in numbers alone."""

    key: str  #: digest of all that they have in common
    ranges: dict[str, tuple[float, float]]  #: of the numbers that differ, by path
    fixed: tuple[tuple[str, Any], ...]  #: overrides that they share, in their order
    case: str | None
    points: tuple[Point, ...] = field(repr=False)

    def place(self, point: Point) -> dict[str, float]:
        """The numbers of a point."""
        return {path: float(value) for path, value in point.overrides if path in self.ranges}


def groups(points: Sequence[Point]) -> list[Group]:
    """Points that stand alone by what they differ in; those that share sizes with other load cases are of none."""
    found: dict[str, list[Point]] = {}
    for point in points:
        if not point.together:
            others = [(path, None if _number(value) else value) for path, value in point.overrides]
            found.setdefault(digest_of([others, point.case, point.geometry, point.files]), []).append(point)
    return [made for key, members in found.items() if (made := _group(key, members)).ranges]


def _number(value: Any) -> bool:
    return isinstance(value, KINDS) and not isinstance(value, bool)


def _group(key: str, members: Sequence[Point]) -> Group:
    ranges, fixed = dict[str, tuple[float, float]](), list[tuple[str, Any]]()
    for (path, value), *others in zip(*(point.overrides for point in members), strict=True):
        values = [value, *(other for _, other in others)]
        if _number(value) and min(values) < max(values):
            ranges[path] = (float(min(values)), float(max(values)))
        else:
            fixed.append((path, value))
    ends = digest_of([key, sorted(ranges.items())])
    return Group(ends[:12], ranges, tuple(fixed), members[0].case, tuple(members))


def spread(places: Floats) -> list[int]:
    """Order of places (n, d) in which each is the farthest from those before; the farthest from the middle first.

    >>> spread(np.array([[0.0], [1.0], [-0.9], [0.1]]))
    [1, 2, 0, 3]
    """
    order = [int(np.abs(places).sum(axis=1).argmax())]
    near = np.full(len(places), np.inf)
    while len(order) < len(places):
        near = np.minimum(near, np.square(places - places[order[-1]]).sum(axis=1))
        near[order] = -1.0
        order.append(int(near.argmax()))
    return order


def paths(job: Job, group: Group) -> tuple[Path, Path]:
    """Where the model of a group lies, and what is said of it."""
    stem = Path(job.folder) / f"{_prefix(job)}{group.key}"
    return stem.with_suffix(".npz"), stem.with_suffix(".json")


def _prefix(job: Job) -> str:
    """Of the names of all models of a case."""
    return f"reduced_{job.digest[:8]}_"


def worth(job: Job, group: Group, left: Collection[Point]) -> bool:
    """Whether a model of a group is to be made: enough of its points are left, and nobody tried for such a tolerance before."""
    about = paths(job, group)[1]
    if len(left) < LEAST:
        return False
    return not about.exists() or json.loads(about.read_text(encoding="utf-8"))["tolerance_K"] != job.reduced


def words(job: Job) -> tuple[str, ...]:
    """What is said of each model of a sweep."""
    said = []
    for about in sorted(Path(job.folder).glob(f"{_prefix(job)}*.json")):
        found = json.loads(about.read_text(encoding="utf-8"))
        over = ", ".join(found["ranges"])
        if found["error_K"] is None:
            said.append(f"no reduced model over {over}: {found['why']}")
        else:
            judged = f"judged by {found['judged']} points that were solved in full: {found['error_K']:.2g} K at most, {found['worst']}"
            said.append(f"reduced model of {found['coordinates']} coordinates over {over}, made in {found['seconds']:.0f} s; {judged}")
    return tuple(said)


def make(job: Job, group: Group, left: Sequence[Point]) -> dict[str, Any]:
    """Make the model of a group, judged by points that are left, which are solved in full for it.

    Returns:
        Answers of these points, by name.
    """
    from heliorack.run.box import stored

    sweep_point.ready()
    began, answers = perf_counter(), dict[str, Any]()
    model, about = paths(job, group)
    said: dict[str, Any] = {"kind": "reduced model", "ranges": group.ranges, "tolerance_K": job.reduced}
    try:
        school = _school(job, group, answers)
        found = school.made(_designs(group, left))
        school.keep(found)
        stored.write(found, model)
        said |= {
            "error_K": found.errors.greatest,
            "judged": found.errors.checked,
            "worst": found.errors.where,
            "coordinates": found.models[0].basis.size,
        }
    except (ValueError, RuntimeError) as error:  # whatever stops it is said, and its points are solved in full, each with words of its own
        said |= {"error_K": None, "why": sweep_point.message_of(error)}
    said |= {"seconds": round(perf_counter() - began, 1), "points": [point.name for point in group.points]}
    folder.write_json(about, said)
    return answers


def _school(job: Job, group: Group, answers: dict[str, Any]) -> School:
    """What makes the model; designs that it solves in full are points, whose answers go into `answers`."""
    from mpi4py import MPI

    from heliorack.run.box.box_model import Box
    from heliorack.run.box.reduced_case import School
    from heliorack.runfolder import summary

    by_place = {tuple(group.place(point).values()): point for point in group.points}

    def full(place: Mapping[str, float]) -> Summary | None:
        point = by_place[tuple(place.values())]
        answers[point.name] = answer = sweep_point.solve_point(job, point)
        if answer["state"] == "full":
            raise OSError(errno.ENOSPC, answer["message"])
        return summary.read(Path(job.folder) / point.name) if answer["state"] == "done" else None

    return School(_case_at(job, group), Box(group.ranges), full, MPI.COMM_SELF, job.reduced or 0.0)


def _designs(group: Group, left: Sequence[Point]) -> Iterator[dict[str, float]]:
    """Points that are left, those first that are the farthest from one another."""
    low, high = np.array(list(group.ranges.values())).T
    values = np.array([list(group.place(point).values()) for point in left])
    for i in spread((2 * values - low - high) / (high - low)):
        yield group.place(left[i])


def _case_at(job: Job, group: Group) -> Callable[[Mapping[str, float]], Case]:
    """The case at any place of the box of a group."""
    like = group.points[0]

    def case_at(place: Mapping[str, float]) -> Case:
        moved = tuple((path, place.get(path, value)) for path, value in like.overrides)
        return sweep_point.case_of(job, replace(like, overrides=moved))

    return case_at


@dataclass(frozen=True, slots=True)
class Known:
    """A model that a worker holds, or why it holds none."""

    group: Group | None
    found: ReducedCase | None
    why: str = ""


_known: dict[Path, Known] = {}  #: by file, of this process


def solve_point(job: Job, point: Point, parent: str | None = None, others: Sequence[tuple[Point, str | None]] = ()) -> dict[str, Any]:
    """A point by the model of its group, in full where that has no answer; arguments and answer are those of `point.solve_point`."""
    return sweep_point.solve_point(job, point, parent, others, answered)


def answered(job: Job, point: Point) -> tuple[Result | None, str]:
    """A point by the model of its group; else None, and why."""
    from heliorack.run.box.box_model import OutsideError
    from heliorack.run.box.recipe import NoBoxError

    try:
        return _run(job, point), ""
    except (OutsideError, NoBoxError) as error:
        return None, str(error)


def _run(job: Job, point: Point) -> Result:
    from heliorack.run.box.recipe import NoBoxError

    about = next((found for found in sorted(Path(job.folder).glob(f"{_prefix(job)}*.json")) if point.name in _points(found)), None)
    if about is None:
        raise NoBoxError("too few points differ from it in numbers alone")
    known = _known.get(about) or _known.setdefault(about, _read(job, point, about))
    if known.found is None or known.group is None:
        raise NoBoxError(known.why)
    found = known.found.run(known.group.place(point))
    error = 0.0 if found.solution.reduced is None else found.solution.reduced.error
    if error > (job.reduced or 0.0):
        raise NoBoxError(f"the reduced model is off by up to {error:.2g} K here, where {job.reduced:g} K are asked for")
    return found


@lru_cache(maxsize=64)
def _points(about: Path) -> frozenset[str]:
    return frozenset(json.loads(about.read_text(encoding="utf-8"))["points"])


def _read(job: Job, like: Point, about: Path) -> Known:
    """What lies there, around the case of one of its points."""
    from mpi4py import MPI

    from heliorack.run.box import stored

    said = json.loads(about.read_text(encoding="utf-8"))
    if said["error_K"] is None or said["error_K"] > (job.reduced or 0.0):
        why = said.get("why") or f"the reduced model is off by up to {said['error_K']:.2g} K, where {job.reduced:g} K are asked for"
        return Known(None, None, why)
    group = Group("", {path: tuple(ends) for path, ends in said["ranges"].items()}, (), like.case, (like,))
    try:
        return Known(group, stored.read(about.with_suffix(".npz"), _case_at(job, group), MPI.COMM_SELF))
    except (ValueError, OSError, KeyError) as error:
        return Known(None, None, f"the reduced model cannot be read: {sweep_point.message_of(error)}")
