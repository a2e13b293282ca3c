"""Orbits over a box of parameters, foretold from others."""

import numpy as np
import pytest

from thermal.reduction.collocation import STAGES, steps_over
from thermal.reduction.foretold import foretell, wanted
from thermal.reduction.orbit import Course

PERIOD = 6000.0
MIDDLE = [0.0, 2000.0, 4000.0, PERIOD]


def jumps_at(x):
    """Edges of a shadow that move with the first parameter [s]."""
    return [0.0, 2000.0 + 40.0 * x[0], 4000.0 - 40.0 * x[0], PERIOD]


def orbit_at(x):
    """Two coordinates that go with squares and a product of two parameters, at fixed parts of the intervals between the jumps."""
    middle = steps_over(MIDDLE)
    steps = middle.moved(MIDDLE, jumps_at(x))
    level = np.array([300.0 + 4.0 * x[0] + x[0] * x[1], 280.0 - 3.0 * x[1] ** 2])

    def course(times):
        return level + np.stack([np.sin(times / 1000.0) * (1.0 + 0.1 * x[1]), 0.01 * times * x[0]], axis=-1)

    return Course(steps, course(middle.edges[:-1]), course(middle.times(STAGES)))


def test_an_orbit_that_is_a_quadratic_of_the_parameters_is_foretold_exactly():
    """Coordinates and steps at a place that nothing was made from are those of the orbit there, to round-off."""
    places = np.random.default_rng(1).uniform(-1, 1, (wanted(2), 2))
    found = foretell(MIDDLE, [(x, jumps_at(x), orbit_at(x)) for x in places])
    x = np.array([0.37, -0.81])
    guess, there = found(x, jumps_at(x)), orbit_at(x)
    assert found.degree == 2
    np.testing.assert_allclose(guess.steps.edges, there.steps.edges, rtol=1e-12)
    np.testing.assert_allclose(guess.starts, there.starts, rtol=1e-9)
    np.testing.assert_allclose(guess.stages, there.stages, rtol=1e-9)


@pytest.mark.parametrize(("count", "degree"), [(wanted(2) - 1, 1), (5, 1), (4, None)])
def test_fewer_orbits_make_a_simpler_guess_or_none(count, degree):
    """One and a half orbits per coefficient are asked for: nine of a quadratic of two parameters, five of a plane."""
    places = np.random.default_rng(1).uniform(-1, 1, (count, 2))
    found = foretell(MIDDLE, [(x, jumps_at(x), orbit_at(x)) for x in places])
    assert (None if found is None else found.degree) == degree


def test_nothing_is_foretold_where_jumps_move_too_far():
    """By more than a fiftieth of the orbit, or where there are more of them."""
    places = np.random.default_rng(1).uniform(-1, 1, (wanted(2), 2))
    found = foretell(MIDDLE, [(x, jumps_at(x), orbit_at(x)) for x in places])
    assert found(np.zeros(2), [0.0, 2000.0 + 0.03 * PERIOD, 4000.0, PERIOD]) is None
    assert found(np.zeros(2), [0.0, 1000.0, 2000.0, 4000.0, PERIOD]) is None
