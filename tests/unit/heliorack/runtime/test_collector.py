"""Objects that only refer to one another are looked for seldom in a command, and found."""

import gc
import weakref

import pytest

from heliorack.runtime import collector
from heliorack.runtime.collector import SELDOM, collect_seldom, loading


class Knot:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def counted():
    """Collections by generation of a process that looks seldom."""
    before, found = gc.get_threshold(), [0, 0, 0]

    def count(phase: str, told: dict[str, int]) -> None:
        found[told["generation"]] += phase == "start"

    collect_seldom()
    gc.callbacks.append(count)
    yield found
    gc.callbacks.remove(count)
    gc.set_threshold(*before)


def test_seldom_but_surely(counted):
    knot = weakref.ref(Knot())
    kept = [[i] for i in range(10 * SELDOM[0])]
    assert 5 <= sum(counted) <= 20  # of some 285 by Python's own threshold
    assert knot() is None
    assert len(kept) == 10 * SELDOM[0]


def test_what_is_loaded_is_looked_at_no_more(counted, monkeypatch):
    """No look while libraries are loaded; then a look at what came since, and only the first libraries of a process are left out."""
    monkeypatch.setattr(collector, "_loaded", [])
    before = gc.get_freeze_count()
    with loading():
        kept = [[i] for i in range(3 * SELDOM[0])]
        assert sum(counted) == 0
    frozen = gc.get_freeze_count()
    try:
        assert frozen - before > len(kept)
        assert gc.isenabled()
        knot = weakref.ref(Knot())
        gc.collect()
        assert knot() is None
        with loading():
            kept += [[i] for i in range(SELDOM[0])]
        assert gc.get_freeze_count() <= frozen  # what ended since is gone
    finally:
        gc.unfreeze()
