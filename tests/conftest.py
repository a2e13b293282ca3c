"""Shared by all tests: one thread, the wheel's MPI library first, and `bodies` on the path (pytest puts this folder there)."""

import os
from contextlib import suppress

os.environ.setdefault("OMP_NUM_THREADS", "1")

with suppress(ModuleNotFoundError):  # brings libmpi of the wheel; must come before dolfinx, petsc4py and mpi4py
    import dolfinx_solver  # noqa: F401
