"""Signals over an orbit: their integral is exact, jumps and repetitions included."""

from itertools import pairwise

import numpy as np
import pytest

from thermal.signal import Signal

JUMPS = Signal(np.array([0.0, 2.0, 2.0, 5.0, 10.0]), np.array([[0.0], [4.0], [1.0], [1.0], [6.0]]))


@pytest.mark.parametrize(("start", "end", "area"), [(0, 10, 4 + 3 + 17.5), (1, 3, 3 + 1), (5, 6, 1.5), (2, 2, 0), (9, 12, 5.5 + 4)])
def test_integral_by_hand(start, end, area):
    """A ramp to 4 and a jump to 1 at 2 s, level to 5 s, a ramp to 6 at 10 s; then the same again."""
    assert JUMPS.total(start, end) == pytest.approx([area], abs=1e-12)


def test_parts_add_up_to_the_whole():
    """Any cutting of three periods gives three times the integral of one, to round-off."""
    cuts = np.sort(np.concatenate([[0.0, 30.0], np.random.default_rng(1).uniform(0.0, 30.0, 200)]))
    total = sum(JUMPS.total(a, b) for a, b in pairwise(cuts))
    assert total == pytest.approx(3 * np.trapezoid(JUMPS.values[:, 0], JUMPS.times), rel=1e-13)
