"""How often Python looks for objects that only refer to one another; all others are freed at once anyway."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Containers made, less those freed, before the young are looked through, and how many times before their elders are: Python's own 700
#: look through the libraries of a run again and again, 0.75 s of the 11 s of CPU of one load case of edge_node against 0.3 s.
SELDOM = (20_000, 10, 10)

_loaded: list[bool] = []  #: that the first libraries are


def collect_seldom() -> None:
    """Look seldom in this process; what is large here, PETSc's matrices and factors, is freed by its owner."""
    gc.set_threshold(*SELDOM)


@contextmanager
def loading() -> Iterator[None]:
    """Load libraries without a look at them, then or ever after: they stay for as long as the process does.

    Looking at them took 0.15 of 2.7 s of CPU that loading takes. Only the first libraries of a process: what a program did between two
    commands of its own may hold knots that are to be found.
    """
    if _loaded or not gc.isenabled():
        yield
        return
    _loaded.append(True)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
