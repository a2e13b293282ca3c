"""The bus keeps its books: energy closes to round-off for any orbit, and more hardware never makes it worse."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from power.bus.balance import Balance, Limits, Paths, balance, swing

WATTS = st.floats(0.0, 5000.0)
EFFICIENCY = st.floats(0.5, 1.0)


@st.composite
def orbits(draw):
    """Times with doubled edges, piecewise linear array power and load."""
    cuts = sorted(draw(st.lists(st.floats(10.0, 5990.0), min_size=1, max_size=8, unique=True)))
    times = np.repeat([0.0, *cuts, 6000.0], 2)[1:-1]
    values = st.lists(WATTS, min_size=times.size, max_size=times.size)
    return times, np.array(draw(values)), np.array(draw(values))


@st.composite
def paths(draw):
    """Any efficiencies."""
    return Paths(*(draw(EFFICIENCY) for _ in range(5)))


def checked(found: Balance) -> None:
    assert abs(found.closure) < 1e-9
    scale = max(found.capacity, 1.0)
    assert np.min(found.stored) >= -1e-9 * scale
    assert np.max(found.stored) <= found.capacity + 1e-9 * scale
    assert np.all(found.drawn <= found.available + 1e-6)
    assert np.all(found.served <= found.load + 1e-6)


#: a store that fills within 66 microseconds, 774 s into the orbit
BRIEF = np.array([0.0, 774.0, 774.0, 6000.0]), np.array([0.0, 0.0, 59.0, 0.0]), np.array([0.0, 1.0, 0.0, 0.0])


@given(orbits(), paths(), st.floats(0.0, 2e7), st.one_of(st.just(np.inf), st.floats(1.0, 3000.0)))
@example(BRIEF, Paths(1.0, 1.0, 1.0, 1.0, 1.0), 0.00390625, np.inf)
@settings(max_examples=150, deadline=None)
def test_energy_closes_on_any_orbit(orbit, way, capacity, limit):
    """Drawn = served + losses + stored, to 1e-9; no store beyond its bounds, nothing drawn that is not there."""
    found = balance(*orbit, capacity, way, Limits(limit))
    checked(found)
    assert np.all(found.charge <= limit * (1 + 1e-12))
    if found.deficit == 0.0:
        assert found.stored[-1] == pytest.approx(found.stored[0], abs=1e-6 * max(capacity, 1.0))


@st.composite
def limited(draw, size):
    """Any limits: powers over time, and a temperature that wanders through its window."""
    powers = st.lists(st.one_of(st.just(0.0), st.floats(0.0, 3000.0)), min_size=size, max_size=size)
    temperature = np.array(draw(st.lists(st.floats(260.0, 340.0), min_size=size, max_size=size)))
    return Limits(np.array(draw(powers)), draw(st.one_of(st.just(np.inf), st.floats(1.0, 3000.0))), temperature, (273.15, 318.15))


@given(st.data(), orbits(), paths(), st.floats(0.0, 2e7), st.sampled_from(["switching", "linear"]))
@settings(max_examples=150, deadline=None)
def test_energy_closes_under_every_limit(data, orbit, way, capacity, shunt):
    """The books close to 1e-9 with limits over time; nothing charges outside the window; a linear shunt leaves the cells nothing."""
    limits = data.draw(limited(orbit[0].size))
    found = balance(*orbit, capacity, way, limits, shunt)
    checked(found)
    middle = 0.5 * (found.times[::2] + found.times[1::2])
    temperature = np.interp(middle, *_single(orbit[0], limits.temperature))
    long = np.diff(found.times)[::2] > 1e-6
    outside = long & ((temperature < 273.15 - 1e-6) | (temperature > 318.15 + 1e-6))
    assert np.all(found.charge.reshape(-1, 2)[outside] == 0.0)
    assert np.all(found.refused.reshape(-1, 2)[long & ~outside] <= 1e-9)
    assert np.all(found.discharge <= np.max(limits.discharge) * (1 + 1e-12))
    if shunt == "linear":
        assert found.from_cells == pytest.approx(found.available, abs=1e-9 * max(1.0, float(found.available.max())))
    else:
        assert np.all(found.shunted == 0.0)


def _single(times, values):
    """Times moved apart by nothing that counts, so that `interp` keeps both sides of an edge."""
    apart = times.copy()
    apart[1:][np.diff(times) == 0] += 1e-9
    return apart, values


def test_limits_leave_a_free_battery_alone():
    """Limits that never hold change no figure."""
    times = np.array([0.0, 3000.0, 3000.0, 5000.0])
    sun, load, way = np.array([900.0, 700.0, 0.0, 0.0]), np.full(4, 200.0), Paths(0.9, 0.9, 0.95, 0.96, 0.97)
    free = balance(times, sun, load, 2e6, way)
    held = balance(times, sun, load, 2e6, way, Limits(np.full(4, 5e3), 5e3, 300.0, (273.15, 318.15)))
    assert held.stored == pytest.approx(free.stored, rel=1e-14)
    assert held.ledger == pytest.approx(free.ledger, rel=1e-13, abs=1e-6)


def test_charging_begins_when_the_battery_is_warm():
    """Warming from -10 to 10 degC over 1000 s of sunlight, it charges from the middle on: 100 W for 500 s."""
    times = np.array([0.0, 1000.0, 1000.0, 1400.0])
    limits = Limits(temperature=np.array([263.15, 283.15, 283.15, 263.15]), window=(273.15, 318.15))
    found = balance(times, [200.0, 200.0, 0.0, 0.0], np.full(4, 100.0), 1e5, Paths(1.0, 1.0, 1.0), limits)
    assert found.integral(found.charge) == pytest.approx(40e3)
    assert found.times[found.charge > 0.0].min() == pytest.approx(500.0, rel=1e-12)
    assert found.integral(found.refused) == pytest.approx(50e3)
    assert found.closes


def test_discharge_limit_leaves_load_unserved():
    """Of 100 W in shadow a battery that gives 60 W serves 60, through 90 % to the load."""
    times = np.array([0.0, 3600.0, 3600.0, 5400.0])
    found = balance(times, [300.0, 300.0, 0.0, 0.0], np.full(4, 100.0), 1e6, Paths(1.0, 1.0, 0.9), Limits(discharge=60.0))
    assert found.deficit == 0.0
    assert found.peaks["discharge"] == 60.0
    assert found.unserved == pytest.approx((100.0 - 54.0) * 1800.0)


def test_linear_shunt_takes_what_nobody_draws():
    """300 W of which 100 W serve the load and 50 Wh refill the battery: the rest is heat of the shunt instead of the cells."""
    times = np.array([0.0, 3600.0, 3600.0, 5400.0])
    found = balance(times, [300.0, 300.0, 0.0, 0.0], np.full(4, 100.0), 1e6, Paths(1.0, 1.0, 1.0), shunt="linear")
    assert found.integral(found.shunted) == pytest.approx(300.0 * 3600.0 - 100.0 * 5400.0)
    assert found.integral(found.from_cells) == pytest.approx(300.0 * 3600.0)
    with pytest.raises(ValueError, match="charging window needs the battery's temperature"):
        Limits(window=(273.15, 318.15))
    with pytest.raises(ValueError, match="not negative"):
        Limits(charge=-1.0)


@given(orbits(), paths())
@settings(max_examples=100, deadline=None)
def test_enough_energy_and_battery_serve_everything(orbit, way):
    """When the orbit gains energy, a battery of the deepest fall serves the load, is full once and empty once."""
    gain, fall = swing(*orbit, way)
    found = balance(*orbit, fall * 1.000001, way)
    if gain > 1.0:
        assert found.deficit == 0.0
        assert found.unserved <= 1e-6 * max(found.integral(found.load), 1.0)
        assert np.max(found.stored) == pytest.approx(found.capacity, rel=1e-9)
    elif gain < -1.0:
        assert found.deficit == pytest.approx(-gain, rel=1e-6)
        assert not found.closes


@given(st.data(), orbits(), paths(), st.floats(1e5, 2e7), st.floats(1.0, 3.0))
@settings(max_examples=100, deadline=None)
def test_more_array_never_lowers_the_charge(data, orbit, way, capacity, more):
    """Minimum state of charge does not fall when the array grows, under any limits and at any given temperatures."""
    (times, available, load), limits = orbit, data.draw(st.one_of(st.just(Limits()), limited(orbit[0].size)))
    small, large = (balance(times, a, load, capacity, way, limits) for a in (available, more * available))
    if small.deficit == 0.0:
        assert np.min(large.state_of_charge) >= np.min(small.state_of_charge) - 1e-9


@given(st.data(), orbits(), paths(), st.floats(1e5, 2e7), st.floats(1.0, 5.0))
@settings(max_examples=100, deadline=None)
def test_more_battery_never_deepens_the_discharge(data, orbit, way, capacity, more):
    """Depth of discharge does not grow when the battery grows, under any limits and at any given temperatures."""
    limits = data.draw(st.one_of(st.just(Limits()), limited(orbit[0].size)))
    small, large = (balance(*orbit, c, way, limits) for c in (capacity, more * capacity))
    if small.deficit == 0.0:
        assert large.depth_of_discharge <= small.depth_of_discharge + 1e-9


def test_moment_of_full_charge_is_found_exactly():
    """A surplus that falls linearly from 200 W fills 10 kJ when 10000 = 200 t - t^2/10; nothing is drawn for the battery after that."""
    times = np.array([0.0, 1000.0, 1000.0, 1100.0])
    found = balance(times, [200.0, 0.0, 0.0, 0.0], [0.0, 0.0, 100.0, 100.0], 10e3, Paths(1.0, 1.0, 1.0))
    full = 1000.0 - np.sqrt(1000.0**2 - 10000.0 * 10.0)
    assert found.times[np.argmax(found.stored)] == pytest.approx(full, rel=1e-12)
    assert np.all(found.drawn[found.times > full + 1e-6] == 0.0)
    assert found.depth_of_discharge == pytest.approx(1.0, rel=1e-12)
    assert found.closes


def test_undersized_battery_is_a_result():
    """A battery that is too small leaves load unserved and says how much."""
    times = np.array([0.0, 3600.0, 3600.0, 5400.0])
    found = balance(times, [300.0, 300.0, 0.0, 0.0], np.full(4, 100.0), 90e3, Paths(1.0, 1.0, 1.0))
    assert found.deficit == 0.0
    assert found.unserved == pytest.approx(100.0 * 1800.0 - 90e3)
    assert not found.closes


def test_bad_input_is_refused_in_words():
    """Shapes, order and signs."""
    way = Paths(1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="one length"):
        balance([0.0, 1.0], [1.0], [1.0, 1.0], 1.0, way)
    with pytest.raises(ValueError, match="must not decrease"):
        balance([1.0, 0.0], [1.0, 1.0], [1.0, 1.0], 1.0, way)
    with pytest.raises(ValueError, match="must not be negative"):
        balance([0.0, 1.0], [1.0, 1.0], [-1.0, 1.0], 1.0, way)
    with pytest.raises(ValueError, match="charge efficiency"):
        Paths(1.0, 1.0, 1.0, charge=1.1)
