"""What a sweep will take: by the points that its folder already holds, else by two points solved in a folder that is thrown away."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from heliorack.casefile import document
from heliorack.sweep.execution.folder import SweepFolder
from heliorack.sweep.execution.order import leads
from heliorack.sweep.execution.point import CASE, Job, ready, solve_point

if TYPE_CHECKING:
    from heliorack.sweep.design.plan import Plan, Point


@dataclass(frozen=True, slots=True)
class Measured:
    """What points took."""

    first: float  #: the first of a geometry [s]
    following: float  #: one that starts from another [s]
    size: float  #: of a folder [bytes]
    whole: tuple[str, ...] = ()  #: points that are there already
    failure: str | None = None


def estimate(plan: Plan, workers: int, fields: bool = False, folder: Path | None = None) -> dict[str, Any]:
    """Points, and time [s] and disk [MB] that those will take which are not whole yet.

    Args:
        plan: The sweep.
        workers: Points that are solved at a time.
        fields: Whether fields, pictures and report are kept.
        folder: Where the sweep goes. Points of the plan that are whole there say what one takes; without any, two points are solved: the
            first of the largest geometry and one that starts from it. A point that fails is timed all the same, and `failure` says why.
    """
    found = _found(plan, fields, folder) if folder is not None else None
    measured = found or _solved(plan, fields)
    left = [point for point in plan.points if point.name not in measured.whole]
    begun = {point.geometry for point in plan.points if point.name in measured.whole}
    new = len({point.geometry for point in left} - begun)
    weights = sum(point.weight for point in left) - new
    spent = measured.first * new + measured.following * max(weights, 0.0)
    return {
        "points": len(plan.points),
        "skipped": plan.skipped,
        "geometries": plan.geometries,
        "whole": len(measured.whole),
        "folder": str(folder) if found else None,
        "workers": workers,
        "seconds_first_of_geometry": round(measured.first, 2),
        "seconds_next": round(measured.following, 2),
        "seconds": round(spent / max(1, min(workers, len(left))), 1),
        "disk_MB": round(measured.size * len(left) / 1e6, 2),
        "failure": measured.failure,
    }


def words(found: dict[str, Any]) -> str:
    """The estimate in sentences."""
    from heliorack.sweep.execution.progress import clock

    skipped = f", {found['skipped']} skipped" if found["skipped"] else ""
    lines = [f"{found['points']} points in {found['geometries']} geometries{skipped}"]
    left = found["points"] - found["whole"]
    if found["whole"]:
        lines.append(f"{found['whole']} of them are whole in {found['folder']}, {left or 'none'} left")
    if left:
        one = f"{found['seconds_first_of_geometry']:.1f} s for the first point of a geometry, {found['seconds_next']:.1f} s for the others"
        by = "as those took" if found["whole"] else "measured now"
        lines.append(f"about {clock(found['seconds'])} with {found['workers']} workers ({one}, {by}), {found['disk_MB']:g} MB")
    if found["failure"]:
        lines.append(f"of the points tried one failed: {found['failure']}")
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------------------------------- found


def _found(plan: Plan, fields: bool, folder: Path) -> Measured | None:
    """By the points of the plan that are whole in a folder; None without any. Nothing there is touched."""
    sweep = SweepFolder(plan, folder, fields)
    answers = {point.name: answer for point in plan.points if (answer := sweep.whole(point)) is not None}
    if not answers:
        return None
    firsts = [float(answer["figures"]["wall_s"]) for answer in answers.values() if answer["guess"] is None]
    others = [float(answer["figures"]["wall_s"]) for answer in answers.values() if answer["guess"] is not None]
    sizes = [_size(folder / name) for name in list(answers)[:20]]
    return Measured(_mean(firsts or others), _mean(others or firsts), _mean(sizes), tuple(answers))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _size(place: Path) -> float:
    return float(sum(path.stat().st_size for path in place.rglob("*") if path.is_file()))


# ------------------------------------------------------------------------------------------------------------------ solved


def _solved(plan: Plan, fields: bool) -> Measured:
    """By two points, solved now."""
    first, second = _pair(plan)
    place = Path(mkdtemp(prefix="heliorack_"))
    try:
        job = Job(str(place), str(Path(plan.source).resolve()), plan.base, fields)
        (place / CASE).write_text(document.write(plan.document), encoding="utf-8")
        seconds, failure = [], None
        for design, parent in ((first, None), (second, first[0].name)):
            took, said = _timed(job, design, parent)
            seconds.append(took)
            failure = failure or said
        return Measured(seconds[0], seconds[1], _size(place / first[0].name), failure=failure)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _pair(plan: Plan) -> tuple[list[Point], list[Point]]:
    """Two points of the geometry that has most, each with those that are solved together with it."""
    geometry = Counter(point.geometry for point in plan.points if leads(point)).most_common(1)[0][0]
    members = [point for point in plan.points if point.geometry == geometry and leads(point)][:2]
    by_name = {point.name: point for point in plan.points}
    designs = [[point, *(by_name[name] for name in point.together[1:])] for point in members]
    return designs[0], designs[-1]


def _timed(job: Job, design: Sequence[Point], parent: str | None) -> tuple[float, str | None]:
    """Time that one point of a design takes [s], and why it failed."""
    from time import perf_counter

    ready()  # imports are paid once by every worker
    began = perf_counter()
    if (Path(job.folder) / design[0].name).exists():  # the only one of its geometry
        return 0.0, None
    answer = solve_point(job, design[0], parent, [(point, None) for point in design[1:]])
    return (perf_counter() - began) / len(design), answer.get("message")
