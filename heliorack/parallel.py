"""MPI, loaded in the order that the binary wheel of DOLFINx asks for."""

from contextlib import suppress
from typing import Any


def world() -> Any:
    """All ranks of this run; a single process is a world of one."""
    with suppress(ModuleNotFoundError):  # brings libmpi of the wheel; absent where DOLFINx comes from the site or conda-forge
        import dolfinx_solver  # noqa: F401
    from mpi4py import MPI

    return MPI.COMM_WORLD
