"""Points that are themselves MPI runs: a worker starts `mpiexec -n N python -m heliorack run ...` and reads what it left."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from heliorack.sweep.execution import point as sweep_point
from heliorack.sweep.execution.point import FAILED, PARTIAL, Job, case_of, fail, message_of, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from heliorack.sweep.design.plan import Point

SITE = ("SLURM_", "PBS_", "LSB_", "LSF_", "PMI_", "PMIX_", "PE_HOSTFILE", "JOB_ID", "OMPI_")  #: what tells mpiexec of a batch system
KEPT = ("case.toml", "inputs", "summary.json", "history.csv", "state.npz")  #: of a run whose fields and pictures nobody asked for
PROGRESS = re.compile(r"\s*\d+ s  ")
FULL = ("no space left on device", "disk quota exceeded", "file too large")


class MpiexecError(ValueError):
    """There is no mpiexec for points on several ranks."""


def solver(ranks: int) -> Callable[..., dict[str, Any]]:
    """What solves a point on so many ranks; `sweep_point.solve_point` for one.

    Raises:
        MpiexecError: there is no mpiexec.
    """
    if ranks == 1:
        return sweep_point.solve_point
    mpiexec()
    return partial(solve_point, ranks)


def mpiexec() -> str:
    """The launcher of this Python's MPI, else that of the site.

    Raises:
        MpiexecError: there is none.
    """
    beside = Path(sys.executable).with_name("mpiexec")
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise MpiexecError(f"--ranks needs mpiexec, and there is none beside {sys.executable} nor on the PATH; pip install mpich")
    return found


def solve_point(ranks: int, job: Job, point: Point, parent: str | None = None) -> dict[str, Any]:
    """Solve one point on the ranks of a program of their own and leave its folder, or the record of its failure.

    Args:
        ranks: Processes, all on the machine of this worker.
        job: The sweep.
        point: One design.
        parent: Name of a point of the same geometry whose swing over the orbit is the first guess, where it is whole.

    Returns:
        As `sweep_point.solve_point`.
    """
    began = perf_counter()
    work = Path(job.folder) / f"{point.name}-{socket.gethostname()}-{os.getpid()}{PARTIAL}"
    try:
        for place in (work, _begun(work), _asked(work)):
            shutil.rmtree(place, ignore_errors=True)
        failure = _run(ranks, job, point, parent, work)
        if failure is not None:
            return _failed(job, point, failure)
        found = _close(job, point, parent, work, began)
        settle(work, Path(job.folder) / point.name)
    except OSError as error:
        if error.errno in sweep_point.FULL:
            return {"state": "full", "message": f"{error.filename or job.folder}: {(error.strerror or str(error)).lower()}"}
        return fail(job, point, f"{type(error).__name__}: {error}")
    except Exception as error:
        return fail(job, point, message_of(error))
    finally:
        for place in (work, _begun(work), _asked(work)):
            shutil.rmtree(place, ignore_errors=True)
    (Path(job.folder) / f"{point.name}{FAILED}").unlink(missing_ok=True)
    return {"state": "done", "figures": found}


def _begun(work: Path) -> Path:
    """Where the run lives until it is whole."""
    return work.with_name(work.name + PARTIAL)


def _asked(work: Path) -> Path:
    """Where the case of the run and the files that it names lie."""
    return work.with_name(work.name.removesuffix(PARTIAL) + "-asked" + PARTIAL)


def _run(ranks: int, job: Job, point: Point, parent: str | None, work: Path) -> str | None:
    """Run a point; what it said if it failed."""
    from heliorack.results import writer

    case, asked = case_of(job, point), _asked(work)
    asked.mkdir()
    writer.begin(case, asked)
    words = [mpiexec(), "-n", str(ranks), sys.executable, "-m", "heliorack", "run", str(asked / writer.CASE), "-o", str(work), "--json"]
    if (
        parent is not None
        and case.run.kind == "periodic"
        and case.run.state is None
        and _guess(Path(job.folder) / parent, asked, _begun(work))
    ):
        words.append("--resume")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(SITE)} | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*_with_us(), *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return None if (work / "summary.json").exists() else _said(done.stderr) or f"mpiexec ended with {done.returncode} and no word"


def _said(lines: str) -> str:
    """The words of a run without its lines of progress."""
    kept = [line for line in lines.splitlines() if line.strip() and not PROGRESS.match(line)]
    return "\n".join(kept[-20:])


def _with_us() -> list[str]:
    """Words before a program that end it, by SIGTERM, when the worker that started it is killed; where Linux has no setpriv, it goes on."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "TERM"] if found else []


def _guess(parent: Path, asked: Path, begun: Path) -> bool:
    """Let the run begin as one that was interrupted before its first orbit, with the state of a neighbour beside it."""
    from heliorack.results.writer import CASE
    from heliorack.run.load_case import NEIGHBOUR

    if not (parent / "state.npz").exists():
        return False
    begun.mkdir()
    shutil.copyfile(asked / CASE, begun / CASE)
    shutil.copyfile(parent / "state.npz", begun / NEIGHBOUR)
    return True


def _close(job: Job, point: Point, parent: str | None, work: Path, began: float) -> dict[str, Any]:
    """Make an ordinary run folder that of a point: its manifest says of which one, and comes last."""
    from heliorack.runfolder import folder, manifest, summary

    run = manifest.read(work)
    assert isinstance(run, manifest.RunManifest)
    (work / manifest.NAME).unlink()
    if not job.fields:
        folder.clear(work, keep=KEPT)
    found = sweep_point.figures(summary.read(work)) | {"wall_s": round(perf_counter() - began, 3)}
    sweep_point.close(work, run, job, point, parent, found)
    return found


def _failed(job: Job, point: Point, said: str) -> dict[str, Any]:
    """A failure in the words of the run; a full disk stops the sweep."""
    if any(words in said.lower() for words in FULL):
        return {"state": "full", "message": said.splitlines()[-1]}
    return fail(job, point, said)
