"""Arrays over a box of parameters: exact where they go as products of few polynomials, and asked for at few points."""

import numpy as np
import pytest

from thermal.reduction.interpolant import NotAlikeError, interpolate


def arrays(x):
    """A matrix that is linear in each of two parameters, a table that is a product of a line and a quartic, and one that never moves."""
    a, b, c = x
    matrix = np.eye(3) + a * np.diag([1.0, 2.0, 3.0]) + 5.0 * b * np.ones((3, 3))
    return [matrix, (2.0 + a) * np.array([1.0, 4.0]) + c**4, np.array([7.0])]


def test_what_adds_up_is_exact_from_few_points():
    """Lines in two parameters and a quartic in a third: ends, more along the quartic, and corners where an array answers to both."""
    made = interpolate(arrays, 3)
    for x in np.random.default_rng(0).uniform(-1, 1, (5, 3)):
        for mine, true in zip(made(x), arrays(x), strict=True):
            assert mine == pytest.approx(true, abs=1e-12)
    assert made.asked == 1 + 2 + 2 + 8 + 2  # the quartic is believed once points between its points agree; no array answers to b and c


def test_a_product_of_two_parameters_is_exact():
    """What two parameters do together is no sum: their four corners are asked for."""
    made = interpolate(lambda x: [np.array([(1 + x[0]) * (2 + x[1])])], 2)
    assert made(np.array([0.3, -0.7]))[0] == pytest.approx([1.3 * 1.3])
    assert made.asked == 1 + 2 + 2 + 4


def test_an_array_that_never_moves_is_handed_on():
    """The same object, by which those who take it know."""
    made = interpolate(arrays, 3)
    assert made(np.array([0.1, 0.2, 0.3]))[2] is made.middle[2]


def test_arrays_of_another_shape_are_refused():
    """A table that gets longer along a parameter cannot be interpolated."""
    with pytest.raises(NotAlikeError, match="shape"):
        interpolate(lambda x: [np.zeros(3 if x[0] < 0.5 else 4)], 1)
