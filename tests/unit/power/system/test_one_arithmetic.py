"""Years of a battery and the balance of one orbit do the same arithmetic: compiled for constant powers, exact for linear ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from power.bus.balance import Limits, Paths, balance, swing
from power.system.mission_years import YEAR, Orbits, march_years

ORBITS = 12  #: after which every orbit that repeats does
PERIOD = YEAR * (1.0 - 1e-9)  #: s, so that a year holds just one orbit and every orbit has its row

efficiency = some.floats(0.5, 1.0)
paths = some.builds(Paths, efficiency, efficiency, efficiency, efficiency, efficiency)
piece = some.tuples(some.floats(0.05, 1.0), some.one_of(some.just(0.0), some.floats(1.0, 1000.0)), some.floats(0.0, 500.0))
limit = some.one_of(some.just(np.inf), some.floats(1.0, 500.0))


def edges(pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, array power and load of pieces (m, 3), each edge twice."""
    ends = np.cumsum(pieces[:, 0])
    times = np.stack([ends - pieces[:, 0], ends], axis=1).ravel()
    times[2::2] = times[1:-1:2]
    return times, np.repeat(pieces[:, 1], 2), np.repeat(pieces[:, 2], 2)


def from_its_fullest(pieces: np.ndarray, ways: Paths, most: Limits) -> np.ndarray:
    """The same orbit, counted from the moment at which the store holds most: from there the years begin full, and so does the balance."""
    gains = [swing(*edges(one[None, :]), ways, most)[0] for one in pieces]
    return np.roll(pieces, -int(np.argmax(np.cumsum(gains))) - 1, axis=0)


@settings(max_examples=300, deadline=None)
@given(some.lists(piece, min_size=1, max_size=6), paths, limit, limit, some.floats(0.01, 3.0))
def test_an_orbit_of_the_years_is_that_of_the_balance(given_pieces, ways, charge, discharge, hours):
    """Depth of discharge, lowest state of charge and energy not served agree to 1e-9 for random orbits, efficiencies, limits and batteries.

    An orbit that closes is compared in the last of twelve, one that does not in the first.
    """
    pieces, most = np.array(given_pieces), Limits(charge, discharge)
    pieces[:, 0] *= PERIOD / pieces[:, 0].sum()
    pieces = from_its_fullest(pieces, ways, most)
    capacity = hours * 100.0 * PERIOD
    found = balance(*edges(pieces), capacity, ways, most)
    orbits = Orbits(*(np.ascontiguousarray(row)[None, :] for row in pieces.T))
    years = march_years(orbits, 1.0, capacity, ways, np.ones(ORBITS + 1), charge_limit=charge, discharge_limit=discharge)
    row = -1 if found.deficit == 0.0 else 0
    asked = max(found.integral(found.load), 1.0)
    assert years.depth_of_discharge[0, row] == pytest.approx(found.depth_of_discharge, abs=1e-9)
    assert years.minimum_state_of_charge[0, row] == pytest.approx(found.minimum_state_of_charge, abs=1e-9)
    assert years.unserved[0, row] / asked == pytest.approx(found.unserved / asked, abs=1e-9)


@pytest.mark.parametrize(("sun", "deficit"), [(1000.0, False), (100.0, True)])
def test_both_kinds_of_orbit_are_met(sun, deficit):
    """By hand: half an orbit of light, load all the time; with little light the store falls by what is missing in the first orbit."""
    pieces = np.array([[PERIOD / 2, 0.0, 100.0], [PERIOD / 2, sun, 100.0]])
    found = balance(*edges(pieces), 100.0 * PERIOD, Paths(1.0, 1.0, 1.0))
    assert (found.deficit > 0.0) is deficit
    years = march_years(Orbits(*(row[None, :].copy() for row in pieces.T)), 1.0, 100.0 * PERIOD, Paths(1.0, 1.0, 1.0), np.ones(3))
    assert years.depth_of_discharge[0, 0] == pytest.approx(0.5, abs=1e-12)
    assert found.depth_of_discharge == pytest.approx(0.5, abs=1e-12)
