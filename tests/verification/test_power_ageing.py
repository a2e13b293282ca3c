"""Ageing laws reproduce their published closed forms, in one step or in many."""

import pytest

from power.storage.ageing import FLAG, LFP_250, LIBRARY, SCHMALSTIEG, Stress, age, age_in_orbit, graphite_potential, grow, warnings

KELVIN = 273.15


@pytest.mark.parametrize(
    ("days", "celsius", "volts", "depth", "full_cycles", "capacity", "resistance"),
    [
        (365.25, 25.0, 3.7, 0.0, 0.0, 0.976040080, 1.050680518),
        (365.25, 35.0, 3.7, 0.0, 0.0, 0.948803274, 1.097230024),
        (100.0, 50.0, 3.9, 0.0, 0.0, 0.924477638, 1.120730892),
        (1826.25, 25.0, 3.7, 0.2, 27393.75 * 0.2, 0.676728883, 2.132644603),
    ],
)
def test_schmalstieg(days, celsius, volts, depth, full_cycles, capacity, resistance):
    """C = 1 - a t^0.75 - b sqrt(Q), R = 1 + a_r t^0.75 + b_r Q (Schmalstieg et al. 2014); last: five years of low orbit at 20 %."""
    found = age(SCHMALSTIEG, Stress(celsius + KELVIN, depth, 0.5, volts), days, full_cycles)
    assert found.capacity == pytest.approx(capacity, abs=1e-8)
    assert found.resistance == pytest.approx(resistance, abs=1e-8)


def test_five_years_of_fifteen_cycles_a_day():
    """The same from the orbit's period: 96 minutes, 27393.75 cycles."""
    found = age_in_orbit(SCHMALSTIEG, Stress(298.15, 0.2, 0.5, 3.7), 5.0, 96 * 60.0)
    assert found.capacity == pytest.approx(0.676728883, abs=1e-8)


@pytest.mark.parametrize(
    ("soc", "depth", "full_cycles", "capacity"),
    [(0.5, 0.0, 0.0, 0.963000399), (1.0, 0.0, 0.0, 0.942501479), (0.5, 0.8, 3000.0, 0.798629122)],
)
def test_lfp(soc, depth, full_cycles, capacity):
    """q = 1 - kcal t^0.526 - kcyc EFC^0.828 after ten years at 25 degC (250 Ah LFP and graphite)."""
    found = age(LFP_250, Stress(298.15, depth, soc, rate=0.5), 3652.5, full_cycles)
    assert found.capacity == pytest.approx(capacity, abs=1e-8)
    assert found.resistance is None


def test_graphite_potential():
    """Safari and Delacourt at half and at full charge."""
    assert graphite_potential([0.5, 1.0]) == pytest.approx([0.123303677, 0.086382313], abs=1e-9)


@pytest.mark.parametrize("exponent", [0.5, 0.526, 0.75, 0.828, 1.0])
@pytest.mark.parametrize("steps", [1, 7, 500])
def test_many_steps_equal_one(exponent, steps):
    """Under constant stress the power law does not depend on how the time is cut."""
    state = 0.0
    for _ in range(steps):
        state = float(grow(state, 1000.0 / steps, 1e-3, exponent))
    assert state == pytest.approx(1e-3 * 1000.0**exponent, rel=1e-11)


def test_every_law_says_what_it_is():
    """The flag always, extrapolation in depth and temperature where there is one."""
    for law in LIBRARY.values():
        assert law.source
        assert FLAG in warnings(law, Stress(298.15, 0.9, 0.5))[0]
    said = warnings(LFP_250, Stress(273.15, 0.3, 0.5))
    assert "depth of discharge 30% is extrapolated; measured 80% to 100%" in said[1]
    assert "0 degC is extrapolated; measured 10 to 45 degC" in said[2]
    assert len(warnings(SCHMALSTIEG, Stress(298.15, 0.3, 0.5))) == 1
