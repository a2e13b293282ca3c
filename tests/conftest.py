"""Shared by all tests: one thread, the wheel's MPI library first, and `bodies` on the path (pytest puts this folder there)."""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HELIORACK_PROCESSES", "1")  # tests run side by side themselves, and some look into what is solved
settings.register_profile("laws", deadline=None)  # a busy machine is not a broken law
settings.load_profile("laws")

with suppress(ModuleNotFoundError):  # brings libmpi of the wheel; must come before dolfinx, petsc4py and mpi4py
    import dolfinx_solver  # noqa: F401


LONG_FIRST = ("command", "docs", "verification", "unit", "parallel")  #: what takes two cores itself comes last


def pytest_collection_modifyitems(items):
    """The folders of long files first: side by side, file by file, no core waits at the end for another one's last file."""
    here = Path(__file__).parent
    rank = {here / folder: number for number, folder in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: min((rank[above] for above in item.path.parents if above in rank), default=0))


@pytest.fixture(scope="module")
def empty_cache(tmp_path_factory):
    """A cache for one file of tests, with nothing that earlier runs kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELIORACK_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def record_property(record_property):
    """The figures of a claim, numbers of numpy as plain ones: workers send them to one another."""

    def record(name, value):
        record_property(name, value.item() if isinstance(value, np.generic) else value)

    return record
