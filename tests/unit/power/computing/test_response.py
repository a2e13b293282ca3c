"""Power against temperature: leakage, throttling by the averaged and the exact law, runaway, and what is delivered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from power.computing.compute import Compute, Demand, bus_power, demand, events, notes
from power.computing.delivered import delivered
from power.computing.leakage import Leakage, leaking
from power.computing.profile import Constant
from power.computing.response import RunawayError, full_clock, loop_gain, respond, runaway
from power.computing.throttle import Throttle
from power.timeline import with_events

KELVIN = 273.15
LEAK = Leakage(fraction=0.2, at=60.0 + KELVIN, doubling=25.0)
THROTTLE = Throttle(junction=90.0 + KELVIN, release=80.0 + KELVIN, factor=0.5)


def gpu(**given):
    return Compute("gpu", "tray.gpu*", **{"peak": 700.0, "idle": 100.0, "theta_jc": 0.05, **given})


def power_at(load, n, used, case):
    """Power of n devices [W] and its slope [W/K]."""
    found = respond(load, used, case)
    return n * found.power, n * found.slope


def distance(load, case, throttled):
    """Kelvin until a device of `gpu` at utilisation 1 switches."""
    return full_clock(load, 700.0, np.nan, case).until_switch(throttled)


def test_nothing_depends_on_temperature_unless_given():
    """Without leakage and throttle the power is that of the profile and its slope is zero."""
    watts, slope = power_at(gpu(), 8, 0.5, np.array([250.0, 300.0, 400.0]))
    assert watts.tolist() == [3200.0] * 3
    assert slope.tolist() == [0.0] * 3
    assert any("no leakage, no throttling" in said for said in notes(gpu()))
    assert any("no source given" in said for said in notes(gpu(leakage=LEAK)))


def test_leakage_doubles():
    """At the stated junction temperature the power is the stated one; 25 K more double its fifth, 25 K less halve it."""
    load = gpu(theta_jc=0.0, leakage=LEAK)
    watts, _ = power_at(load, 1, 1.0, np.array([35.0, 60.0, 85.0]) + KELVIN)
    assert watts == pytest.approx([560.0 + 70.0, 700.0, 560.0 + 280.0], rel=1e-13)


@given(st.floats(1.0, 1000.0), st.floats(220.0, 340.0), st.floats(0.01, 0.6), st.floats(8.0, 60.0), st.floats(1e-4, 0.03))
@settings(deadline=None)
def test_leaking_power_solves_its_own_equation(nominal, case, fraction, doubling, theta):
    """P = P0 ((1 - f) + f 2^((T + theta P - T0) / d)) to round-off wherever a steady power exists."""
    found = leaking(nominal, case, Leakage(fraction, 333.15, doubling), theta)
    if np.isfinite(found.power):
        again = nominal * (1.0 - fraction + fraction * 2.0 ** ((case + theta * found.power - 333.15) / doubling))
        assert again == pytest.approx(float(found.power), rel=1e-9)
        assert found.by_temperature > 0.0


@pytest.mark.parametrize(
    "throttle", [None, THROTTLE, Throttle(memory=75.0 + KELVIN, memory_release=60.0 + KELVIN, minimum_utilisation=0.3)]
)
@pytest.mark.parametrize("leakage", [None, LEAK])
@pytest.mark.parametrize("used", [0.15, 0.9])
def test_slope_is_the_derivative(throttle, leakage, used):
    """dP/dT against central differences over the whole range, throttling band included."""
    load, case, h = gpu(theta_jc=0.02, throttle=throttle, leakage=leakage), np.linspace(300.0, 360.0, 121), 1e-4
    _, slope = power_at(load, 3, used, case)
    (high, _), (low, _) = power_at(load, 3, used, case + h), power_at(load, 3, used, case - h)
    assert slope == pytest.approx((high - low) / (2 * h), abs=2e-4)


def test_averaged_throttling_runs_from_release_to_limit():
    """Full clock while the junction at full clock is below release, half above the limit, smooth and falling between."""
    load = gpu(throttle=THROTTLE)
    at_full = np.array([79.0, 80.0, 85.0, 90.0, 95.0]) + KELVIN
    found = respond(load, 1.0, at_full - 0.05 * 700.0)
    assert found.throttled == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0], abs=1e-12)
    assert found.used == pytest.approx([1.0, 1.0, 0.75, 0.5, 0.5], abs=1e-12)
    assert found.power == pytest.approx([700.0, 700.0, 550.0, 400.0, 400.0])


def test_memory_limit_throttles_too():
    """Memory 0.02 K/W above the case: at 700 W its 95 degC are the case's 81."""
    load = gpu(throttle=Throttle(memory=95.0 + KELVIN, memory_release=90.0 + KELVIN, theta_memory=0.02, factor=0.5))
    assert respond(load, 1.0, 81.1 + KELVIN).throttled == pytest.approx(1.0)
    assert respond(load, 1.0, 75.9 + KELVIN).throttled == pytest.approx(0.0)


def test_minimum_utilisation_never_raises_the_load():
    """A device that idles at 0.2 is not brought up to 0.5 by throttling."""
    load = gpu(throttle=Throttle(junction=90.0 + KELVIN, release=80.0 + KELVIN, minimum_utilisation=0.5))
    assert respond(load, np.array([0.2, 0.8]), 400.0).used == pytest.approx([0.2, 0.5])


def test_exact_law_remembers():
    """Warming switches at the limit, cooling at release; in the band the state is that of before, and no switch brings another."""
    load, low = gpu(throttle=THROTTLE), False
    warm = np.arange(40.0, 60.0, 0.5) + KELVIN
    seen = []
    for case in (*warm, *warm[::-1]):
        low ^= distance(load, case, low) <= 0.0
        assert distance(load, case, low) > 0.0
        seen.append(low)
    up, down = np.array(seen[: len(warm)]), np.array(seen[len(warm) :])[::-1]
    assert warm[up].min() == pytest.approx(90.0 - 35.0 + KELVIN)
    assert warm[down].min() > 80.0 - 35.0 + KELVIN
    assert warm[~down].max() == pytest.approx(80.0 - 35.0 + KELVIN)


def test_exact_law_says_how_far_the_next_switch_is():
    """Each device from its own state; without throttling none is ever due."""
    load, free, low = gpu(throttle=THROTTLE), np.zeros(2, dtype=bool), np.array([False, True])
    assert distance(load, np.array([50.0, 60.0]) + KELVIN, free) == pytest.approx([5.0, -5.0])
    assert distance(load, np.array([50.0, 50.0]) + KELVIN, low) == pytest.approx([5.0, 5.0])
    assert respond(load, 1.0, np.full(2, 50.0 + KELVIN), low).power.tolist() == [700.0, 400.0]
    assert distance(gpu(), 500.0, False) == np.inf


def test_prescribed_power_is_judged_as_it_is():
    """While a checkpoint prescribes 20 W the junction is 1 K above the case, whatever is asked; it does not answer to temperature."""
    found = full_clock(gpu(throttle=THROTTLE, leakage=LEAK), 700.0, [np.nan, 20.0], 40.0 + KELVIN)
    assert found.until_switch(np.zeros(2, dtype=bool)) == pytest.approx([50.0 - 0.05 * found.power[0], 49.0])
    assert found.power[0] > 700.0
    assert found.power[1] == 20.0
    assert found.slope[1] == 0.0 < found.slope[0]


def cycle_means(capacity):
    """Mean duty of the exact switching over many cycles of one lump that cannot carry full clock, and that of the averaged law."""
    load = gpu(throttle=THROTTLE)
    resistance, sink = 0.05, 22.0 + KELVIN
    throttled, case, on, h = False, 50.0 + KELVIN, 0.0, 0.002 * capacity * resistance
    for step in range(20000):
        throttled ^= distance(load, case, throttled) <= 0.0
        power = float(respond(load, 1.0, case, throttled).power)
        case += h * (power - (case - sink) / resistance) / capacity
        on += h * throttled if step >= 4000 else 0.0
    low, high = 250.0, 400.0
    for _ in range(60):  # steady state of the averaged law
        middle = 0.5 * (low + high)
        low, high = (middle, high) if sink + resistance * float(respond(load, 1.0, middle).power) > middle else (low, middle)
    return on / (16000 * h), float(respond(load, 1.0, low).throttled)


@pytest.mark.full
def test_averaged_law_stands_for_the_switching_one():
    """A lump between its two steady states: duty of the exact switching within 0.15 of the averaged law, both strictly between 0 and 1."""
    exact, averaged = cycle_means(500.0)
    assert 0.0 < averaged < 1.0
    assert 0.0 < exact < 1.0
    assert exact == pytest.approx(averaged, abs=0.15)


def test_runaway_is_called_so():
    """A device whose leakage doubles every 5 K behind 0.02 K/W has no steady junction; with a throttle to nearly nothing it has."""
    wild = Leakage(0.4, 333.15, 5.0)
    with pytest.raises(RunawayError, match=r"thermal runaway: compute 'gpu' has no steady junction temperature with its case at 60.0 degC"):
        power_at(gpu(theta_jc=0.02, leakage=wild), 1, 1.0, [20.0 + KELVIN, 60.0 + KELVIN])
    saved = gpu(theta_jc=0.02, leakage=wild, idle=0.0, throttle=Throttle(junction=80.0 + KELVIN, release=60.0 + KELVIN, factor=0.01))
    found = respond(saved, 1.0, 60.0 + KELVIN)
    assert found.throttled == 1.0
    assert found.power < 20.0


def test_loop_gain():
    """Leaking 140 W that double every 25 K are 3.9 W/K; behind 0.3 K/W that runs away, behind 0.2 K/W it does not."""
    _, slope = power_at(gpu(theta_jc=0.0, leakage=LEAK), 1, 1.0, 60.0 + KELVIN)
    assert slope == pytest.approx(140.0 * np.log(2.0) / 25.0)
    assert runaway(float(loop_gain(slope, 0.2))) is None
    assert "thermal runaway: loop gain 1.16 of 'gpu'" in str(runaway(float(loop_gain(slope, 0.3)), "gpu"))
    assert runaway(1.0) is not None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"junction": 80.0, "release": 90.0, "factor": 0.5}, r"release must lie below junction_degC.*90 degC is not below 80 degC"),
        ({"junction": 80.0, "release": 80.0, "factor": 0.5}, "release must lie below junction_degC"),
        ({"memory": 80.0, "memory_release": 85.0, "factor": 0.5}, "memory_release must lie below memory_degC"),
        ({"junction": 80.0, "factor": 0.5}, "release_degC or memory_release_degC is missing"),
        ({"junction": 80.0, "memory": 90.0, "memory_release": 85.0, "factor": 0.5}, "release_degC is missing; junction_degC needs"),
        ({"junction": 80.0, "release": 70.0}, "give exactly one of the two"),
        ({"junction": 80.0, "release": 70.0, "factor": 0.5, "minimum_utilisation": 0.2}, "give exactly one of the two"),
    ],
)
def test_thresholds_in_the_wrong_order(given, words):
    kelvin = {k: v + KELVIN if "factor" not in k and "utilisation" not in k else v for k, v in given.items()}
    with pytest.raises(ValueError, match=words):
        Throttle(**kelvin)


def test_thresholds_against_the_library():
    """The library's memory limit of 95 degC stands where the case gives none, and orders the release."""
    with pytest.raises(ValueError, match=r"throttle.memory_release must lie below memory_degC"):
        Compute("gpu", "g", chip="h100_sxm", throttle=Throttle(memory_release=96.0 + KELVIN, factor=0.5))
    with pytest.raises(ValueError, match=r"throttle.junction_degC is missing: neither the case nor the library"):
        Compute("gpu", "g", chip="h100_sxm", throttle=Throttle(release=80.0 + KELVIN, factor=0.5))
    load = Compute("gpu", "g", chip="h100_sxm", throttle=Throttle(memory_release=90.0 + KELVIN, factor=0.5))
    assert respond(load, 1.0, 95.0 + KELVIN).throttled == pytest.approx(1.0)


def test_supply_losses():
    """Converters of 0.9: the bus gives 700 / 0.9 W."""
    load = gpu(supply_efficiency=0.9, supply_part="psu")
    assert bus_power(load, 700.0) == pytest.approx(777.777778)
    assert bus_power(gpu(), 700.0) == 700.0


def test_delivered():
    """Two devices at full load for an hour, half of it throttled to one half: 1.5 device hours, 60 device minutes."""
    load = gpu(throttle=THROTTLE, rate=1e15, rate_source="data sheet, dense FP16", supply_efficiency=0.8)
    times = np.array([0.0, 1800.0, 1800.0, 3600.0])
    found = delivered(load, 2, times, 3600.0, case=np.array([300.0, 300.0, 380.0, 380.0]))
    assert found.device_hours == pytest.approx(1.5)
    assert found.asked_hours == pytest.approx(2.0)
    assert found.throttled == pytest.approx(60.0)
    assert found.flop == pytest.approx(1.5 * 3600.0 * 1e15)
    assert found.energy == pytest.approx(2 * 1800.0 * (700.0 + 400.0) / 0.8)
    assert found.hours_per_kWh == pytest.approx(1.5 / (found.energy / 3.6e6))
    assert found.flop_per_kWh == pytest.approx(found.flop / (found.energy / 3.6e6))
    both = found + delivered(gpu(), 1, times, 3600.0)
    assert both.device_hours == pytest.approx(2.5)
    assert both.flop is None


def test_delivered_without_temperature_is_the_profile():
    """Checkpoint and sleep take their time off; prescribed powers neither leak nor throttle."""
    load = gpu(profile=Constant(utilisation=0.5), eclipse="checkpoint", checkpoint=100.0, sleep=20.0, resume=100.0, leakage=LEAK)
    shadow = (1000.0, 2000.0)
    times = with_events([0.0, 4000.0], events(load, 4000.0, shadow))
    found = delivered(load, 1, times, 4000.0, shadow)
    assert found.device_hours * 3600.0 == pytest.approx(0.5 * 2900.0)
    assert found.asked_hours * 3600.0 == pytest.approx(0.5 * 4000.0)
    hot = respond(load, demand(load, times, 4000.0, shadow), 360.0)
    assert hot.power.min() == 20.0
    assert hot.slope[hot.power == 20.0].max() == 0.0
    assert isinstance(demand(load, times, 4000.0, shadow), Demand)
