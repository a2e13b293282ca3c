"""The bus keeps its books: energy closes to round-off for any orbit, and more hardware never makes it worse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from power.bus import Balance, Paths, balance, swing

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


@given(orbits(), paths(), st.floats(0.0, 2e7), st.one_of(st.just(np.inf), st.floats(1.0, 3000.0)))
@settings(max_examples=150, deadline=None)
def test_energy_closes_on_any_orbit(orbit, way, capacity, limit):
    """Drawn = served + losses + stored, to 1e-9; no store beyond its bounds, nothing drawn that is not there."""
    found = balance(*orbit, capacity, way, limit)
    checked(found)
    assert np.all(found.charge <= limit * (1 + 1e-12))
    if found.deficit == 0.0:
        assert found.stored[-1] == pytest.approx(found.stored[0], abs=1e-6 * max(capacity, 1.0))


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


@given(orbits(), paths(), st.floats(1e5, 2e7), st.floats(1.0, 3.0))
@settings(max_examples=100, deadline=None)
def test_more_array_never_lowers_the_charge(orbit, way, capacity, more):
    """Minimum state of charge does not fall when the array grows."""
    times, available, load = orbit
    small, large = balance(times, available, load, capacity, way), balance(times, more * available, load, capacity, way)
    if small.deficit == 0.0:
        assert np.min(large.state_of_charge) >= np.min(small.state_of_charge) - 1e-9


@given(orbits(), paths(), st.floats(1e5, 2e7), st.floats(1.0, 5.0))
@settings(max_examples=100, deadline=None)
def test_more_battery_never_deepens_the_discharge(orbit, way, capacity, more):
    """Depth of discharge does not grow when the battery grows."""
    small, large = balance(*orbit, capacity, way), balance(*orbit, more * capacity, way)
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
