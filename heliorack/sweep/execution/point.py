"""One point of a sweep, solved in a worker process into a run folder of its own; only a small row of figures travels back.

The folder grows under a name that no other process has and takes its own by one rename, with the manifest already in it: whole or absent.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import socket
from collections import OrderedDict
from dataclasses import dataclass, fields
from functools import cache, lru_cache, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heliorack.case.case import Case
    from heliorack.model.bodies import Bodies
    from heliorack.results.result import Result
    from heliorack.runfolder.manifest import RunManifest, Setting
    from heliorack.runfolder.summary import Summary
    from heliorack.sweep.design.plan import Point

    Known = Callable[["Job", Point], "tuple[Result | None, str]"]  #: an answer without a solve; else None, and in words why there is none

CASE = "case.toml"  #: of the sweep folder: the case that every point changes
FAILED = ".failed.json"  #: end of the name of a failed point's record
PARTIAL = ".partial"
FIELDS = "fields.pvd"  #: in folders of points that keep their fields
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  #: a disk, a quota or a file size that is used up
BODIES = 2  #: geometries that a worker keeps in memory
FIGURES = (
    "holds",
    "tightest_margin_K",
    "tightest_on",
    "hottest_part",
    "hottest_degC",
    "coldest_part",
    "coldest_degC",
    "array_area_m2",
    "pack_capacity_Wh",
    "mass_kg",
    "orbits",
    "nodes",
    "closure",
    "wall_s",
)  #: columns of the table that a result fills
REDUCED = ("solved_by", "reduced_error_K")  #: further ones of a sweep by reduced models


@dataclass(frozen=True, slots=True)
class Job:
    """What all points of a sweep have in common."""

    folder: str  #: of the sweep, absolute; every worker sees it
    source: str  #: the case file, absolute: files that the case names lie beside it
    digest: str  #: of the plan's case
    fields: bool = False  #: keep fields, pictures and report of every point
    reduced: float | None = None  #: K, that a point may be off which a reduced model answers; None: all are solved in full


def nothing(job: Job, point: Point) -> tuple[None, str]:
    """Knows no answer."""
    return None, ""


def digest(job: Job, point: Point) -> str:
    """SHA-256 of everything that a point's answer depends on and the versions do not say."""
    more = [*([point.files] if point.files else []), *([point.together] if point.together else [])]
    asked = json.dumps([job.digest, point.overrides, point.case, *more], default=str)
    return hashlib.sha256(asked.encode()).hexdigest()


def solve_point(
    job: Job, point: Point, parent: str | None = None, others: Sequence[tuple[Point, str | None]] = (), known: Known = nothing
) -> dict[str, Any]:
    """Solve one point on this process alone and leave its folder, or the record of its failure.

    Args:
        job: The sweep.
        point: One design and load case.
        parent: Name of a point of the same geometry whose periodic state is the first guess, where it is whole.
        others: Further load cases of the design, each with its parent: array and battery are sized for all, and all are solved here.
        known: Looked at first where the point stands alone.

    Returns:
        `state`: "done", "failed" (the question or the solve) or "full" (nothing more can be written); `message`; `figures` when done.
        `others`: the same of each other point, where there are any.
    """
    members = [(point, parent), *others]
    works = [Path(job.folder) / f"{each.name}-{socket.gethostname()}-{os.getpid()}{PARTIAL}" for each, _ in members]
    turn = [point.name]  #: whose solve was begun last
    try:
        ready()
        for work in works:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
        answers = _solved(job, members, works, turn, known)
        for (each, _), work in zip(members, works, strict=True):
            settle(work, Path(job.folder) / each.name)
            (Path(job.folder) / f"{each.name}{FAILED}").unlink(missing_ok=True)
    except Exception as error:
        gone = not all(work.exists() for work in works) and isinstance(error, FileNotFoundError)
        for work in works:
            shutil.rmtree(work, ignore_errors=True)
        answers = [_failed(job, each, error, gone, turn[-1]) for each, _ in members]
    first, *rest = answers
    return first | ({"others": rest} if rest else {})


def _failed(job: Job, point: Point, error: Exception, gone: bool, turn: str) -> dict[str, Any]:
    """The answer of a point whose solve ended in an error; `turn`: the point at which it did, of those that are solved together."""
    if isinstance(error, OSError) and error.errno in FULL:
        return {"state": "full", "message": f"{error.filename or job.folder}: {(error.strerror or str(error)).lower()}"}
    if gone:  # a newer sweep has swept this folder away: it answers for the point
        return {"state": "failed", "message": "the folder of the point was removed while it was solved"}
    where = "" if turn == point.name else f"another load case of this design, {turn}, ended before there were sizes for all: "
    return fail(job, point, where + message_of(error))


def fail(job: Job, point: Point, message: str) -> dict[str, Any]:
    """Put a failure on record beside the folders of points."""
    from heliorack.runfolder import folder

    record = {"kind": "failed point", "point": point.name, "digest": digest(job, point), "message": message}
    try:
        folder.write_json(Path(job.folder) / f"{point.name}{FAILED}", record)
    except OSError as error:
        return {"state": "full", "message": f"{job.folder}: {(error.strerror or str(error)).lower()}"}
    return {"state": "failed", "message": message}


def message_of(error: Exception) -> str:
    """What an error says to the engineer; an error that nobody worded keeps the name of its kind."""
    worded = type(error).__module__.partition(".")[0] in ("heliorack", "orbit", "meshes", "thermal", "power")
    return str(error) if worded and str(error) else f"{type(error).__name__}: {error}"


def settle(work: Path, target: Path) -> None:
    """Give a whole folder its name; the first of two processes that solved the same point wins, unless only the second keeps fields."""
    try:
        work.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        if has_fields(target) or not has_fields(work):
            shutil.rmtree(work)
            return
        old = work.with_name(f"{work.name.removesuffix(PARTIAL)}-replaced{PARTIAL}")
        target.rename(old)
        work.rename(target)
        shutil.rmtree(old)


def has_fields(point: Path) -> bool:
    """Whether the folder of a point keeps temperature fields."""
    return (point / FIELDS).exists()


def _solved(
    job: Job, members: Sequence[tuple[Point, str | None]], works: Sequence[Path], turn: list[str], known: Known
) -> list[dict[str, Any]]:
    """Solve, write everything, the manifests last; an answer for each with the figures for the table."""
    from mpi4py import MPI

    from heliorack.results import writer
    from heliorack.run.common_sizes import one_design
    from heliorack.run.failures import failure
    from heliorack.run.life_of_mission import with_life
    from heliorack.run.mission_moment import refuse
    from heliorack.run.worst_date import at_worst_dates

    began = perf_counter()  # imports and forms are paid once by every worker
    places = {point.name: (point, parent, work) for (point, parent), work in zip(members, works, strict=True)}
    cases = {name: case_of(job, point) for name, (point, _, _) in places.items()}
    for name, (_, _, work) in places.items():
        refuse(cases[name])
        writer.begin(cases[name], work)

    def solve(name: str, case: Case, before: Result | None) -> Result:
        point, parent, work = places[name]
        turn.append(name)
        try:
            return _simulated(job, point, case, parent, before)
        except Exception as error:
            failed = failure(error, work)
            if failed is None:
                raise
            raise failed from error

    first, *others = members
    reduced, why = known(job, first[0]) if not others else (None, "load cases that share what is sized are solved together")
    results = one_design(cases, solve) if reduced is None else {first[0].name: reduced}
    answers = []
    for name, (point, parent, work) in places.items():
        result = results.pop(name)
        if reduced is None:
            result = with_life(at_worst_dates(result, partial(solve, name)), MPI.COMM_SELF, _body(point.geometry))
        summary = result.summary()
        _write(result, work, job.fields)
        writer.answer(result.case, work, summary.power)
        found = figures(summary) | _answered_by(result, why) | {"wall_s": round((perf_counter() - began) / len(places), 3)}
        close(work, writer.manifest(result, Path(job.source)), job, point, parent, found)
        if job.fields:
            from heliorack.report import html

            html.write(work)
        answers.append({"state": "done", "figures": found})
    return answers


def _answered_by(result: Result, why: str) -> dict[str, Setting]:
    """Whether all nodes were solved for, and why, in a sweep by reduced models."""
    reduced = result.solution.reduced
    if reduced is None:
        return {"solved_by": f"all nodes: {why}" if why else "all nodes", "reduced_error_K": None}
    return {"solved_by": f"reduced model of {reduced.modes} coordinates", "reduced_error_K": reduced.error}


def close(work: Path, run: RunManifest, job: Job, point: Point, parent: str | None, found: dict[str, Setting]) -> None:
    """Make a run folder that of a point: its manifest says of which one, and comes last."""
    from heliorack.runfolder import folder, manifest

    about = {"kind": "sweep point", "point": point.name, "digest": digest(job, point), "guess": parent, "figures": found}
    whole = manifest.PointManifest(**{field.name: getattr(run, field.name) for field in fields(run)} | about)
    folder.write_json(work / manifest.NAME, manifest.content(whole))


def _write(result: Result, work: Path, everything: bool) -> None:
    """Figures, histories and the state; all of an ordinary run only on demand, since fields and pictures cost more than the solve."""
    from heliorack.results import writer
    from heliorack.runfolder import folder

    if everything:
        from heliorack.results.heat.exchange import heat_flows
        from heliorack.visuals import view

        writer.save(result, work, heat_flows(result))
        view.pictures(work)
        return
    folder.write_json(work / "summary.json", result.summary().json())
    writer.history(result, work / "history.csv")
    writer.state(result, work / "state.npz")


def case_of(job: Job, point: Point) -> Case:
    """The case of a point.

    Raises:
        CaseError: what the overrides make of the case is malformed.
    """
    from heliorack.case.case import examine

    examined = examine(_document(job.folder, job.digest), job.source, point.arguments, point.case)
    return examined.cases[point.case] if point.case else examined.base


@lru_cache(maxsize=1)
def _document(folder: str, digest: str) -> dict[str, object]:
    """The case of the sweep, read once by every worker."""
    from heliorack.casefile.document import read

    return read(Path(folder) / CASE)


# ----------------------------------------------------------------------------------------------------------------- solving


_bodies: OrderedDict[str, Bodies] = OrderedDict()  #: of this process, by geometry, the one not used for longest first


def _simulated(job: Job, point: Point, case: Case, parent: str | None, before: Result | None) -> Result:
    """Solve a case from the periodic state that it had with other sizes, else from that of its parent."""
    from mpi4py import MPI

    from heliorack.run.restart import stored_state
    from heliorack.run.simulate import simulate
    from heliorack.runtime.progress import silent

    bodies = _body(point.geometry)
    points = bodies.of(case, MPI.COMM_SELF, silent).assembly.points
    start = stored_state(case, points) if case.run.state is not None else None
    like = None
    if before is not None and case.run.kind == "periodic" and before.solution.runaway is None:
        start, like = before.solution.end, before.solution.history
    swing = _swing(job, case, parent, points) if start is None else None
    return simulate(case, MPI.COMM_SELF, silent, bodies, start, swing=swing, like=like, put_off=before is None)


def _body(geometry: str) -> Bodies:
    from heliorack.run.simulate import meshed_bodies

    found = _bodies.pop(geometry, None) or meshed_bodies()
    _bodies[geometry] = found
    while len(_bodies) > BODIES:
        _bodies.popitem(last=False)
    return found


def _swing(job: Job, case: Case, parent: str | None, points: Any) -> Any:
    """What the periodic state of a neighbour on the very same mesh has over its steady state [K]; None where there is none."""
    from heliorack.run.restart import stored_swing

    if parent is None or case.run.kind != "periodic":
        return None
    return stored_swing(Path(job.folder) / parent / "state.npz", points)


def figures(summary: Summary) -> dict[str, Setting]:
    """The figures of one result that stand in the table, units in their names."""
    parts, power, tightest = summary.parts, summary.power, summary.tightest()
    hottest = max(parts, key=lambda name: parts[name].max_degC)
    coldest = min(parts, key=lambda name: parts[name].min_degC)
    return {
        "holds": summary.holds,
        "tightest_margin_K": tightest.margin_K if tightest else None,
        "tightest_on": f"{tightest.on} {tightest.side}" if tightest else None,
        "hottest_part": hottest,
        "hottest_degC": parts[hottest].max_degC,
        "coldest_part": coldest,
        "coldest_degC": parts[coldest].min_degC,
        "array_area_m2": power.array_area_m2 if power else None,
        "pack_capacity_Wh": power.pack_capacity_Wh if power else None,
        "mass_kg": summary.mass.total_kg,
        "orbits": summary.periodic.orbits if summary.periodic else None,
        "nodes": summary.nodes,
        "closure": summary.first_law.closure,
    }


@cache
def ready() -> None:
    """Bring this process to work: MPI, one thread, and forms that one process of the machine compiles while the others wait for it."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from heliorack.runtime.parallel import world
    from heliorack.sweep.execution.compiled_forms import compile_forms

    world()
    compile_forms()
