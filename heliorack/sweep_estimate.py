"""What a sweep will take, from two of its points solved in a folder that is thrown away."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from heliorack import document
from heliorack.sweep_point import CASE, Job, solve_point

if TYPE_CHECKING:
    from heliorack.sweep_plan import Plan, Point


def estimate(plan: Plan, workers: int, fields: bool = False) -> dict[str, Any]:
    """Points, and time [s] and disk [MB] they will take, measured on the first point of the largest geometry and one that starts from it.

    A point that fails is timed all the same, and `failure` says why it did.
    """
    first, second = _pair(plan)
    place = Path(mkdtemp(prefix="heliorack_"))
    try:
        job = Job(str(place), str(Path(plan.source).resolve()), plan.base, fields)
        (place / CASE).write_text(document.write(plan.document), encoding="utf-8")
        seconds, failure = [], None
        for point, parent in ((first, None), (second, first.name)):
            took, said = _timed(job, point, parent)
            seconds.append(took)
            failure = failure or said
        size = sum(path.stat().st_size for path in (place / first.name).rglob("*") if path.is_file())
    finally:
        shutil.rmtree(place, ignore_errors=True)
    weights = sum(point.weight for point in plan.points) - plan.geometries
    spent = seconds[0] * plan.geometries + seconds[1] * max(weights, 0.0)
    return {
        "points": len(plan.points),
        "skipped": plan.skipped,
        "geometries": plan.geometries,
        "workers": workers,
        "seconds_first_of_geometry": round(seconds[0], 2),
        "seconds_next": round(seconds[1], 2),
        "seconds": round(spent / min(workers, len(plan.points)), 1),
        "disk_MB": round(size * len(plan.points) / 1e6, 1),
        "failure": failure,
    }


def words(found: dict[str, Any]) -> str:
    """The estimate in sentences."""
    from heliorack.sweep_progress import clock

    skipped = f", {found['skipped']} skipped" if found["skipped"] else ""
    lines = [f"{found['points']} points in {found['geometries']} geometries{skipped}"]
    one = f"{found['seconds_first_of_geometry']:.1f} s for the first point of a geometry, {found['seconds_next']:.1f} s for the others"
    lines.append(f"about {clock(found['seconds'])} with {found['workers']} workers ({one}, measured now), {found['disk_MB']:g} MB")
    if found["failure"]:
        lines.append(f"of the points tried one failed: {found['failure']}")
    return "\n".join(lines)


def _pair(plan: Plan) -> tuple[Point, Point]:
    """Two points of the geometry that has most."""
    geometry = Counter(point.geometry for point in plan.points).most_common(1)[0][0]
    members = [point for point in plan.points if point.geometry == geometry]
    return members[0], members[min(1, len(members) - 1)]


def _timed(job: Job, point: Point, parent: str | None) -> tuple[float, str | None]:
    from time import perf_counter

    from heliorack.sweep_point import ready

    ready()  # imports are paid once by every worker
    began = perf_counter()
    if (Path(job.folder) / point.name).exists():  # the only point of its geometry
        return 0.0, None
    answer = solve_point(job, point, parent)
    return perf_counter() - began, answer.get("message")
