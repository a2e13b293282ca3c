"""Ageing of coatings against closed forms, and what is said beyond the hours measured."""

import math

import numpy as np
import pytest

from thermal.properties.ageing import SOLAR_CONSTANT, YEAR, Power, Saturating, aged, beyond, equivalent_sun

HOUR = 3600.0
SATURATING = Saturating("saturating", growth=0.2, time_constant=500 * HOUR, measured=1000 * HOUR, source="test")
POWER = Power("power", growth=0.18, measured=1036 * HOUR, exponent=0.5, source="NASA RP-1121")


def test_saturating_rise_is_the_first_order_law():
    """Starts at growth / time constant, has 1 - 1/e of itself after one time constant, and ends at growth."""
    assert aged(0.25, SATURATING, 0.0) == 0.25
    assert SATURATING.rise(1.0) == pytest.approx(0.2 / (500 * HOUR), rel=1e-6)
    assert aged(0.25, SATURATING, 500 * HOUR) == pytest.approx(0.25 + 0.2 * (1 - 1 / math.e), abs=1e-15)
    assert aged(0.25, SATURATING, 1e12) == pytest.approx(0.45, abs=1e-15)


def test_saturating_rise_can_be_taken_in_parts():
    """What is left to come falls by the same factor in equal times: rise(2t) = rise(t) (2 - rise(t) / growth)."""
    half = SATURATING.rise(300 * HOUR)
    assert SATURATING.rise(600 * HOUR) == pytest.approx(half * (2 - half / SATURATING.growth), rel=1e-14)


def test_power_law_passes_through_its_point_and_goes_with_its_exponent():
    """A-276 of NASA RP-1121: 0.26 becomes 0.44 after 1036 equivalent sun hours; a quarter of it makes half the rise at exponent 1/2."""
    assert aged(0.26, POWER, 1036 * HOUR) == pytest.approx(0.44, abs=1e-15)
    assert aged(0.26, POWER, 259 * HOUR) == pytest.approx(0.26 + 0.09, abs=1e-15)
    assert aged(0.26, POWER, 0.0) == 0.26
    line = Power("power", 0.18, 1036 * HOUR, 1.0, "test")
    assert line.rise(518 * HOUR) == pytest.approx(0.09, abs=1e-15)


@pytest.mark.parametrize("law", [SATURATING, POWER])
def test_absorptance_never_falls_and_never_passes_one(law):
    """Monotone in time; a surface absorbs no more than all."""
    times = np.geomspace(1.0, 1e15, 60)
    values = [aged(0.9, law, t) for t in times]
    assert np.all(np.diff(values) >= 0)
    assert max(values) == 1.0
    with pytest.raises(ValueError, match="must not be negative"):
        aged(0.9, law, -1.0)


def test_equivalent_sun_of_a_face():
    """Full Sun: the years themselves; half the orbit lit: half; a cosine over the lit half of a revolution: 1/pi (trapezoids, 1e-6)."""
    period = 5700.0
    turns = np.linspace(0, 1, 4001)
    full = np.full_like(turns, SOLAR_CONSTANT)
    times = np.array([0.0, 0.25, 0.25, 0.75, 0.75, 1.0]) * period
    lit = np.array([1.0, 1.0, 0.0, 0.0, 1.0, 1.0])[:, None] * SOLAR_CONSTANT
    assert equivalent_sun(times, lit, 3.0) == pytest.approx([1.5 * YEAR], rel=1e-14)
    cosine = SOLAR_CONSTANT * np.maximum(np.cos(2 * np.pi * turns), 0)
    found = equivalent_sun(turns * period, np.column_stack([full, cosine, 0 * full]), 2.0)
    assert found[0] == pytest.approx(2 * YEAR, rel=1e-12)
    assert found[1] == pytest.approx(2 * YEAR / np.pi, rel=1e-6)
    assert found[2] == 0.0


def test_beyond_the_measured_hours_is_said():
    """Within them nothing; beyond them both figures and the source."""
    assert beyond("a276", POWER, 1036 * HOUR) is None
    said = beyond("a276", POWER, 5000 * HOUR)
    assert said == "coating a276: aged by 5000 equivalent sun hours, beyond the 1036 h of its law (NASA RP-1121); the rest is extrapolated"
