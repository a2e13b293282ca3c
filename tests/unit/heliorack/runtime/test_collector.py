"""Objects that only refer to one another are looked for seldom in a command, and found."""

import gc
import weakref

import pytest

from heliorack.runtime.collector import SELDOM, collect_seldom


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
