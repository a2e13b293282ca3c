"""Workers of a sweep: processes of this machine, jobs of a batch system, or those of a dask scheduler that is there already.

Every worker is one process with one thread: MPI, PETSc and gmsh keep their state by process. Nothing here logs; what goes wrong is raised.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from heliorack.casefile.errors import listed
from heliorack.sweep.execution.workers import NO_DASHBOARD, ONE_THREAD, QUIET, UNMANAGED, ClusterError, closing, cores

REACH = 10.0  #: s within which a scheduler must answer


@contextmanager
def connect(kind: str, options: str, workers: int | None = None, ranks: int = 1, folder: Path | None = None) -> Iterator[Any]:
    """Yield a dask client with workers, or with workers to come; they end with it, however it is left.

    Args:
        kind: "local", "slurm", "pbs", "lsf", "sge" or "scheduler".
        options: Of a batch system `KEY=VALUE,...`, of a scheduler its address.
        workers: Local processes (one per core, or per `ranks` cores, by default) or jobs (`sweep_jobs.JOBS` by default).
        ranks: Cores that one point takes.
        folder: Where jobs leave their logs; here by default.

    Raises:
        ClusterError: there are no such workers to be had.
        WorkersLostError: jobs end before they do any work, or the batch system takes no more of them.
    """
    with _quiet():
        if kind == "local":
            with _local(workers or max(1, cores() // ranks)) as client:
                yield client
        elif kind == "scheduler":
            with _reached(options) as client:
                yield client
        else:
            from heliorack.sweep.execution.batch_jobs import jobs

            with jobs(kind, options, workers, ranks, folder or Path()) as client:
                yield client


def preflight(kind: str, options: str, ranks: int = 1, folder: Path | None = None) -> None:
    """Refuse what can be refused before anything is touched: malformed options, no submit command, a scheduler that does not answer.

    Args:
        kind: As for `connect`, and so are the others.
        options: Of a batch system or the address of a scheduler.
        ranks: Cores that one point takes.
        folder: Where jobs would leave their logs.

    Raises:
        ClusterError: there are no such workers to be had.
    """
    if kind == "local":
        return
    with _quiet():
        if kind == "scheduler":
            with _reached(options):
                return
        from heliorack.sweep.execution.batch_jobs import ready

        ready(kind, options, ranks, folder or Path())


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence dask, and the event loop that it runs on: the sweep itself says what matters."""
    loggers = [logging.getLogger(name) for name in ("distributed", "dask_jobqueue", "asyncio", "tornado")]
    before = [logger.level for logger in loggers]
    import dask
    import distributed  # noqa: F401  (sets the levels of its loggers)

    try:
        for logger in loggers:
            logger.setLevel(QUIET)
        with dask.config.set(UNMANAGED | {"logging": {"distributed": "critical"}}):
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _local(workers: int) -> Iterator[Any]:
    """Processes of this machine. dask sets no limit to their memory: one large point may take what small ones leave."""
    from distributed import Client, LocalCluster

    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        scheduler_kwargs=NO_DASHBOARD,
        memory_limit=0,
        silence_logs=QUIET,
        env=ONE_THREAD,
    )
    with closing(cluster), Client(cluster, set_as_default=False) as client:
        yield client


@contextmanager
def _reached(address: str) -> Iterator[Any]:
    """A scheduler that somebody else started and keeps."""
    from distributed import Client

    if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+", address):
        raise ClusterError(f"--scheduler {address}: expected tcp://HOST:PORT, as `dask scheduler` prints it")
    try:
        client = Client(address, timeout=REACH, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"no dask scheduler answers at {address} within {REACH:.0f} s; is it running, and is the address right?"
        ) from error
    with client:
        _one_thread(client, address)
        yield client


def _one_thread(client: Any, address: str) -> None:
    """Two points in threads of one process would share its MPI."""
    threaded = sorted(worker for worker, threads in client.nthreads().items() if threads != 1)
    if threaded:
        raise ClusterError(
            f"workers {listed(threaded, 'and', 3)} of {address} have more than one thread; start them with "
            "--nthreads 1 (and --nworkers for as many processes as cores)"
        )
