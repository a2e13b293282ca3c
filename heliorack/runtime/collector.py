"""How often Python looks for objects that only refer to one another; all others are freed at once anyway."""

import gc

#: Containers made, less those freed, before the young are looked through, and how many times before their elders are: Python's own 700
#: look through the libraries of a run again and again, 0.75 s of the 11 s of CPU of one load case of edge_node against 0.3 s.
SELDOM = (20_000, 10, 10)


def collect_seldom() -> None:
    """Look seldom in this process; what is large here, PETSc's matrices and factors, is freed by its owner."""
    gc.set_threshold(*SELDOM)
