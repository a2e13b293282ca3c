"""What all workers of a sweep have in common, whoever starts them."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

QUIET = logging.CRITICAL + 1  #: no message of dask

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

NO_DASHBOARD = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}

UNMANAGED = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}  #: a point's memory is the solver's: a worker that waits for dask to free some would wait for ever


class ClusterError(ValueError):
    """There are no such workers to be had: a batch system that is missing or refuses, a scheduler that does not answer."""


class WorkersLostError(RuntimeError):
    """The workers are gone and no more come; what is whole stays."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def closing(cluster: Any) -> Iterator[None]:
    """Close a cluster at the end; a second Ctrl-C, or a scheduler that is gone, does not keep its processes alive."""
    try:
        yield
    finally:
        with suppress(OSError, TimeoutError, RuntimeError, AssertionError):
            cluster.close()
