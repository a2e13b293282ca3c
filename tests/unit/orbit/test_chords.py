"""Values whose chords bring what falls between the times."""

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.attitude.steering import Spin
from orbit.chords import conserving, mean_direct, mean_planet, over_intervals
from orbit.environment import EnvironmentSettings, direct, environment, planet
from orbit.kinds.analytic import Beta

SIDES = np.vstack([np.eye(3), -np.eye(3)])
FULL_SUN = Beta(altitude=500e3, beta=np.pi / 2)
HALF_DARK = Beta(altitude=500e3, beta=0.3)
SETTINGS = EnvironmentSettings(solar_flux=1000.0)


def spin(period: float) -> Spin:
    return Spin(point=Pointing("+z", "nadir"), spin_period=period)


@pytest.mark.parametrize("period", [100.0, 700.0, 6000.0, 20.0])
def test_a_turn_loses_no_light(period):
    """A plate that turns once edge-on to the Sun gets 1/pi of it: chords of 24 values had 0.57 % less."""
    env = environment(FULL_SUN, SETTINGS, spin(period))
    mean = np.trapezoid(mean_direct(env, lambda e: SIDES), env.times, axis=0) / env.period
    assert mean[[0, 1, 3, 4]] == pytest.approx(1000.0 / np.pi, rel=2e-4)
    if period == 100.0:
        lost = np.trapezoid(direct(env, SIDES), env.times, axis=0) / env.period
        assert lost[0] < 1000.0 / np.pi * (1 - 4e-3)


def test_dark_stays_dark_and_nothing_is_negative():
    """In shadow, and on faces that face away between two times too; every value is that of some moment or more."""
    env = environment(HALF_DARK, SETTINGS, spin(200.0))
    found = mean_direct(env, lambda e: SIDES)
    assert found.min() == 0.0
    assert found[env.illumination == 0].max() == 0.0
    assert found.max() < 1000.0 * 1.01


def test_chords_of_a_slow_body_move_by_what_they_lose():
    """A nadir-pointing body in 240 steps: 6e-5 of the Sun, albedo and infrared as they are."""
    env = environment(HALF_DARK, SETTINGS, Attitude(Pointing("+z", "nadir"), Pointing("+x", "velocity")))
    moved = mean_direct(env, lambda e: SIDES) - direct(env, SIDES)
    assert 0.01 < np.abs(moved[5:-5]).max() < 30.0
    assert np.median(np.abs(moved)) < 0.1
    for found, plain in zip(mean_planet(env, lambda e: SIDES), planet(env, SIDES), strict=True):
        np.testing.assert_array_equal(found, plain)


def test_integrals_are_kept_exactly():
    """Light inside an interval with two dark ends is shared out evenly; an interval without length counts nothing."""
    times, values = np.array([0.0, 1.0, 1.0, 3.0, 4.0]), np.array([[0.0], [0.0], [2.0], [1.0], [0.0]])
    integrals = np.array([[0.5], [0.0], [2.5], [0.7]])
    found = conserving(times, values, integrals)
    assert np.trapezoid(found[:, 0], times) == pytest.approx(3.7, rel=1e-14)
    assert (found >= 0).all()
    smooth = over_intervals(np.array([0.0, 2.0]), np.array([0.0, 8.0]), np.array([0.5, 1.0, 1.5]) ** 3)
    assert smooth == pytest.approx(4.0)


def test_the_mean_of_a_turn_meets_a_turn_that_is_followed():
    """59 turns per revolution followed, 70 averaged: sunlight, albedo and infrared of every side agree to 1 %."""
    period = environment(HALF_DARK, SETTINGS, spin(1000.0)).period
    found = []
    for turns in (59, 70):
        env = environment(HALF_DARK, SETTINGS, spin(period / turns))
        fluxes = [mean_direct(env, lambda e: SIDES), *mean_planet(env, lambda e: SIDES)]
        found.append([np.trapezoid(flux, env.times, axis=0) / env.period for flux in fluxes])
    for followed, averaged in zip(*found, strict=True):
        np.testing.assert_allclose(averaged, followed, rtol=0.01, atol=0.01 * followed.max())
