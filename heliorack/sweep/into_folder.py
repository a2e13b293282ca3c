"""`heliorack.sweep`: every point of a sweep solved into a folder, from Python as on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Literal

from heliorack.casefile.errors import CaseError, Problem
from heliorack.sweep.design.plan import Plan, plan
from heliorack.sweep.execution.cluster import connect, preflight
from heliorack.sweep.execution.engine import SweepOutcome, run_sweep
from heliorack.sweep.execution.mpi_points import solver
from heliorack.sweep.execution.progress import Show, quiet

System = Literal["local", "slurm", "pbs", "lsf", "sge", "scheduler"]


def sweep(
    path: str | PathLike[str],
    out: str | PathLike[str],
    *,
    overrides: Sequence[str] = (),
    cases: Sequence[str] = (),
    workers: int | None = None,
    system: System = "local",
    options: str = "",
    ranks: int = 1,
    max_points: int | None = None,
    retry_failed: bool = False,
    fields: bool = False,
    force: bool = False,
    show: Show = quiet,
    reduced: float | None = None,
) -> SweepOutcome:
    """Solve every point of [sweep] in a case file that is not whole yet, as `heliorack sweep run` does; a second call goes on.

    Workers are processes that import the program which calls this: keep the call below `if __name__ == "__main__":`.

    Args:
        path: A case file with [sweep], or one that names its case.
        out: Folder of the sweep: table.csv with a row per point, and a run folder for each, which `open_run` reads.
        overrides: `path=value` each, for every point.
        cases: Load cases of every point; the first one by default.
        workers: Processes; one per core by default, jobs on a cluster.
        system: Where workers come from; "scheduler" is a dask scheduler that is there.
        options: Of a batch system `KEY=VALUE,...`, of a scheduler its address.
        ranks: Every point is itself an MPI run of so many ranks.
        max_points: Refuse more points than that; `sweep.most_points` when not given.
        retry_failed: Solve points again that failed before.
        fields: Keep fields, pictures and report of every point.
        force: The folder may hold another plan, which this one replaces.
        show: Told how far it is.
        reduced: K, that points may be off which reduced models answer; all are solved in full by default.

    Raises:
        CaseError: every fault of the case or the sweep; load cases of one design that share what is sized, on more than one rank.
        FolderError: the folder is not for this plan.
        ClusterError: no workers are to be had.
        SweepStoppedError: interrupted, disk full, or the scheduler went away.
    """
    found = plan(Path(path), overrides, cases, max_points)
    more = {"fields": fields, "force": force, "retry_failed": retry_failed}
    return solve(found, Path(out), system, options, workers, ranks, show, reduced=reduced, **more)


def solve(
    found: Plan,
    target: Path,
    kind: str,
    options: str,
    workers: int | None,
    ranks: int,
    show: Show,
    *,
    fields: bool,
    force: bool,
    retry_failed: bool,
    reduced: float | None = None,
) -> SweepOutcome:
    """Solve a plan; arguments and errors are those of `sweep`, `kind` its `system`."""
    if ranks > 1 and any(point.together for point in found.points):
        said = "load cases of one design share what is sized, which one rank each solves; give one load case, or array_area_m2 and "
        raise CaseError(found.source, [Problem("--ranks", ranks, said + "pack_capacity_Wh in [power]")])
    task = solver(ranks)
    preflight(kind, options, ranks, target)
    return run_sweep(
        found,
        target,
        lambda: connect(kind, options, workers, ranks, target),
        fields=fields,
        force=force,
        retry_failed=retry_failed,
        show=show,
        task=task,
        reduced=reduced,
    )
