"""Exact switching of throttles and thermostats against the ordinary equation of one lump, marched with events by scipy."""

import numpy as np
import pytest
from bodies import alone
from lump_case import BLOCK, CAPACITY, FILM, FLUID, ORBIT, gpu, leaking_power
from scipy.integrate import solve_ivp

from heliorack.case.case import loads
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.run.simulate import simulate

SOLVER = "[solver]\ntolerance_K = 0.005\nswitching = {}\n"
HEATER = '[[heaters]]\nname = "h"\nparts = "chip"\npower_W = 8\non_below_degC = 30\noff_above_degC = 40\n'


def cycled(T, on, period, heat, distance, orbits=2):
    """Mean, extremes and duty of the last orbit by an ODE with events; `heat(T, on)` [W], `distance(T, on)` [K] until it switches."""
    t, tally = 0.0, []
    while t < orbits * period - 1e-9:
        end = min(orbits, np.floor(t / period + 1e-12) + 1) * period

        def due(_, y, on=on):
            return distance(y[0], on)

        due.terminal, due.direction = True, -1

        def rate(_, y, on=on):
            return [(heat(y[0], on) - FILM * (y[0] - FLUID)) / CAPACITY]

        found = solve_ivp(rate, (t, end), [T], events=due, rtol=1e-10, atol=1e-9, dense_output=True, max_step=20.0)
        if t >= (orbits - 1) * period - 1e-6:
            at = np.linspace(t, found.t[-1], 41)
            tally.append((found.t[-1] - t, on, found.sol(at)[0]))
        t, T = found.t[-1], found.y[0, -1]
        on = not on if found.status == 1 else on
    times = np.array([one[0] for one in tally])
    mean = sum(np.trapezoid(one[2], dx=one[0] / 40) for one in tally) / times.sum()
    everything = np.concatenate([one[2] for one in tally])
    return mean, everything.min(), everything.max(), sum(one[0] for one in tally if one[1]) / times.sum()


def compare(result, expected, record_property):
    mean, low, high, duty = expected
    one = result.switching.devices[0]
    record_property("found", one.duty)
    record_property("expected", duty)
    record_property("tolerance", 0.01 * duty)
    assert one.duty == pytest.approx(duty, rel=0.01)
    assert one.mean == pytest.approx(mean, abs=0.1)
    assert one.low == pytest.approx(low, abs=0.05)
    assert one.high == pytest.approx(high, abs=0.05)


@pytest.mark.parametrize("leak", [0.0, 0.2])
def test_throttle_switches_as_the_ordinary_equation(leak, record_property):
    """Band, mean and duty of an orbit with exact switching; it need not repeat and is said not to."""
    peak, theta = 6.0, 1.5
    text = BLOCK + gpu(
        peak,
        f"theta_jc_K_W = {theta if not leak else 0}",
        f"leakage = {{ fraction = {leak}, at_degC = 60, doubling_K = 30 }}",
        "throttle = { junction_degC = 75, release_degC = 65, factor = 0.3 }",
    )
    result = simulate(loads(text + ORBIT + "[solver]\ntolerance_K = 0.005\n"), alone())  # marched since it switches

    def power(T, low):
        return leaking_power(peak * (0.3 if low else 1.0), T, leak, 60 + ZERO_CELSIUS, 30.0)

    def distance(T, low):
        junction = T + (0.0 if leak else theta) * power(T, False)
        return junction - (65 + ZERO_CELSIUS) if low else 75 + ZERO_CELSIUS - junction

    start = float(result.solution.periodic.start.mean())
    s = np.clip((10.0 - distance(start, False)) / 10.0, 0.0, 1.0)
    expected = cycled(start, bool(s * s * (3 - 2 * s) >= 0.5), result.env.period, power, distance)
    compare(result, expected, record_property)
    one = result.switching.devices[0]
    assert one.switches > 10
    assert result.switching.periodic == (abs(one.drift) <= 0.005)
    assert any(said.startswith("switching: not periodic") for said in result.remarks) == (not result.switching.periodic)


def test_thermostat_switches_as_the_ordinary_equation(record_property):
    """A heater on and off: band, mean and duty."""
    result = simulate(loads(BLOCK + HEATER + ORBIT + SOLVER.format("true")), alone())
    start = float(result.solution.periodic.start.mean())
    expected = cycled(
        start,
        start < 35 + ZERO_CELSIUS,
        result.env.period,
        lambda T, on: 8.0 if on else 0.0,
        lambda T, on: 40 + ZERO_CELSIUS - T if on else T - 30 - ZERO_CELSIUS,
    )
    compare(result, expected, record_property)


def test_averaged_law_when_the_switching_is_not_wanted():
    """`switching = false`, or nothing said with thermostats alone: nothing is marched beside it, and the assumption says so."""
    throttle = gpu(6.0, "throttle = { junction_degC = 75, release_degC = 65, factor = 0.3 }")
    assert simulate(loads(BLOCK + HEATER + ORBIT), alone()).switching is None
    result = simulate(loads(BLOCK + HEATER + throttle + ORBIT + SOLVER.format("false")), alone())
    assert result.switching is None
    assert any("the switching itself is not marched" in said for said in result.assumptions)


def test_nothing_switches_nothing_is_marched():
    """A throttle whose limit lies far above, or a thermostat far below: no orbit is spent on it."""
    far = gpu(2.0, "throttle = { junction_degC = 150, release_degC = 140, factor = 0.3 }")
    cold = HEATER.replace("on_below_degC = 30", "on_below_degC = 1").replace("off_above_degC = 40", "off_above_degC = 2")
    result = simulate(loads(BLOCK + far + cold + ORBIT), alone())
    assert result.switching is None
    assert result.delivered["gpu"].throttled == 0.0


def test_too_many_switches_end_the_march_with_a_word(monkeypatch):
    """The march is bounded, and says over what time its figures hold."""
    monkeypatch.setattr("thermal.solve.switching.SWITCHES", 6)
    result = simulate(loads(BLOCK + HEATER + ORBIT + SOLVER.format("true")), alone())
    assert not result.switching.complete
    assert result.switching.duration < result.env.period
    assert "more than 6 switches" in result.switching.words()
    assert result.failures == ()
