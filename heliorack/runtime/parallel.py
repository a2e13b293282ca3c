"""MPI, loaded in the order that the binary wheel of DOLFINx asks for."""

import sys
from contextlib import suppress
from types import TracebackType
from typing import Any


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


def speaks() -> bool:
    """Whether this process is the one that prints: rank 0, or a process that never loaded MPI."""
    mpi = sys.modules.get("mpi4py.MPI")
    return mpi is None or mpi.COMM_WORLD.rank == 0
