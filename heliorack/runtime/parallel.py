"""MPI, loaded in the order that the binary wheel of DOLFINx asks for; and work of one rank for all."""

import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, cast

RANK = ("PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK")  #: environment variables by which mpiexec tells a process its rank


def world() -> Any:
    """All ranks of this run; a single process is a world of one."""
    with suppress(ModuleNotFoundError):  # brings libmpi of the wheel; absent where DOLFINx comes from the site or conda-forge
        import dolfinx_solver  # noqa: F401
    from mpi4py import MPI

    comm = MPI.COMM_WORLD
    if comm.size > 1:
        sys.excepthook = _abort
    return comm


def _abort(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that one rank did not catch ends all of them; the others would wait for it for ever."""
    from mpi4py import MPI

    sys.__excepthook__(kind, error, trace)
    sys.stderr.flush()
    MPI.COMM_WORLD.Abort(1)


def on_first[Found](comm: Any, work: Callable[[], Found]) -> Found:
    """What the first rank finds, on every rank; collective. Alone, this is `work()`.

    Raises:
        Exception: what the work raises, on every rank.
    """
    if comm.size == 1:
        return work()
    answer: Found | None = None
    failed: Exception | None = None
    if comm.rank == 0:
        try:
            answer = work()
        except Exception as fault:  # carried to the other ranks, which would wait for ever
            failed = fault
    answer, parts = comm.bcast((answer, None if failed is None else carried(failed)))
    if parts is not None:
        raise failed or rebuilt(*parts)
    return cast(Found, answer)


def carried(fault: Exception) -> tuple[Any, ...]:
    """An error as it goes to another process: itself, or what makes it up where it would not arrive with its words.

    A class may want other arguments than it keeps; a library may have told pickle to build errors without them (tblib, which dask brings).
    """
    for form in ((fault,), (type(fault), fault.args, vars(fault))):
        try:
            arrived = rebuilt(*pickle.loads(pickle.dumps(form)))
        except Exception:
            continue
        if str(arrived) == str(fault):
            return form
    return (RuntimeError(f"{type(fault).__name__}: {fault}"),)


def rebuilt(what: Any, args: tuple[Any, ...] = (), state: Any = None) -> Exception:
    """The error that `carried` took apart."""
    if isinstance(what, Exception):
        return what
    made = cast(Exception, what(*args) if what.__module__ == "builtins" else what.__new__(what, *args))
    made.__dict__.update(state)
    return made


def speaks() -> bool:
    """Whether this process is the one that prints: rank 0, by the word of mpiexec where MPI is not loaded yet; or a process without it."""
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi is not None:
        return bool(mpi.COMM_WORLD.rank == 0)
    return next((os.environ[name] for name in RANK if name in os.environ), "0") == "0"
