"""Forms compiled once for all processes of a machine, whatever a killed one left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def compile_forms() -> None:
    """Compile the forms of conduction, or load them; one process at a time, so that none waits for another's compiler until it gives up."""
    from heliorack.runtime.cache import cache_folder

    with suppress(RuntimeError), alone(cache_folder() / "forms.lock"):  # a user without a home compiles alone
        try:
            _assemble()
        except TimeoutError:  # nobody compiles, since the lock is ours: sources without a library are of a killed process
            for source in _forms().glob("libffcx_*.c"):
                if not source.with_suffix(".c.cached").exists():
                    source.unlink(missing_ok=True)
            _assemble()


def _forms() -> Path:
    """Where DOLFINx keeps what it compiled."""
    from dolfinx.jit import get_options

    from thermal.conduction.operators import jit_options

    return Path(jit_options().get("cache_dir") or get_options()["cache_dir"])


def _assemble() -> None:
    """Matrices of a cube: the same forms as any body's."""
    import numpy as np
    from dolfinx.mesh import create_unit_cube
    from mpi4py import MPI

    from thermal.conduction.operators import operators

    mesh = create_unit_cube(MPI.COMM_SELF, 1, 1, 1)
    cells = mesh.topology.index_map(3).size_local
    operators(mesh, np.zeros(cells, dtype=np.int32), np.eye(3)[None], np.ones(1))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock that dies with its process; where the file system knows none, go on without."""
    import fcntl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError:
        yield
        return
    with file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
