"""Times with doubled edges."""

import numpy as np
from numpy.testing import assert_array_equal

from power.timeline import resample, sides, with_events


def test_sides():
    assert_array_equal(sides([0.0, 1.0, 1.0, 2.0]), [False, True, False, True])


def test_events_are_doubled_once():
    times = with_events([0.0, 1.0, 1.0, 2.0], [1.0, 0.5, 2.0, -1.0])
    assert_array_equal(times, [0.0, 0.5, 0.5, 1.0, 1.0, 2.0])
    assert_array_equal(with_events(times, [0.5, 1.0]), times)


def test_resampling_keeps_both_sides_of_an_edge():
    times, values = [0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 5.0, 6.0]
    assert_array_equal(resample(times, values, [0.0, 0.5, 1.0, 1.0, 1.5, 2.0]), [0.0, 0.5, 1.0, 5.0, 5.5, 6.0])


def test_resampling_of_columns():
    values = np.stack([[0.0, 2.0], [10.0, 20.0]], axis=1)
    assert_array_equal(resample([0.0, 2.0], values, [1.0, 2.0]), [[1.0, 15.0], [2.0, 20.0]])
