"""Signals over an orbit."""

import numpy as np
import pytest

from thermal.signal import Signal, constant

TIMES = np.array([0.0, 10.0, 10.0, 30.0, 30.0, 100.0])
SIGNAL = Signal(TIMES, np.array([[0.0, 5.0], [10.0, 5.0], [2.0, 5.0], [2.0, 5.0], [7.0, 5.0], [0.0, 5.0]]))


def test_linear_between_times():
    """And one-sided at jumps."""
    assert SIGNAL(4.0) == pytest.approx([4.0, 5.0])
    assert SIGNAL(10.0 - 1e-9)[0] == pytest.approx(10.0)
    assert SIGNAL(10.0 + 1e-9)[0] == pytest.approx(2.0)
    assert SIGNAL(65.0)[0] == pytest.approx(3.5)


def test_it_repeats():
    """After the period and before its start; the ends are its own."""
    assert SIGNAL(104.0) == pytest.approx(SIGNAL(4.0))
    assert SIGNAL(-96.0) == pytest.approx(SIGNAL(4.0))
    assert SIGNAL(0.0)[0] == 0.0
    assert SIGNAL(100.0)[0] == pytest.approx(0.0)
    assert SIGNAL(200.0 + 1e-7)[0] == pytest.approx(0.0, abs=1e-6)


def test_mean():
    """50 + 40 + 245 over 100."""
    assert SIGNAL.mean() == pytest.approx([3.35, 5.0])
    assert constant(np.array([3.0, 4.0]), 7.0).mean() == pytest.approx([3.0, 4.0])
    assert constant(np.array([3.0]))(123.4) == pytest.approx([3.0])
