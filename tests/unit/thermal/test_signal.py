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


def test_means_between_times():
    """The mean between two times is the integral over their distance, by weights that depend on the times alone."""
    signal = Signal(np.array([0.0, 1.0, 1.0, 4.0]), np.array([[0.0], [2.0], [5.0], [-1.0]]))
    edges = np.array([0.0, 0.5, 2.0, 4.0])
    assert signal.weights(edges) @ signal.values == pytest.approx(signal.total(edges[:-1], edges[1:]) / np.diff(edges)[:, None])


def test_a_lean_signal_is_the_same():
    """Times about which nothing changes are left out; values and integrals stay."""
    values = np.array([0.0, 0, 0, 0, 7, 7, 7, 7, 7, 0, 0, 0])[:, None]
    signal = Signal(np.array([0.0, 1, 2, 3, 3, 4, 5, 6, 7, 7, 8, 9]), values)
    lean, at = signal.lean(), np.linspace(0.05, 8.95, 90)
    assert len(lean.times) == 6
    assert lean(at) == pytest.approx(signal(at), abs=1e-14)
    assert lean.total(0.0, at) == pytest.approx(signal.total(0.0, at), abs=1e-12)


def test_a_signal_of_nothing_is_lean():
    """Without a column, as of a body without a face in the light, two times are enough."""
    lean = Signal(np.linspace(0.0, 9.0, 12), np.empty((12, 0))).lean()
    assert lean.times.tolist() == [0.0, 9.0]
    assert lean(3.0).shape == (0,)
