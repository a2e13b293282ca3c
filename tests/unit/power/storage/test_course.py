"""The bus over a time that does not repeat."""

import numpy as np
import pytest

from power.bus.balance import FREE, Paths, balance, course

TIMES = np.array([0.0, 1000.0, 1000.0, 3000.0, 3000.0, 4000.0])  #: s
SUN, LOAD = np.array([400.0, 400.0, 0.0, 0.0, 400.0, 400.0]), np.full(6, 150.0)  #: W
WAYS = Paths(0.95, 0.9, 0.92, 0.97, 0.96)


def test_from_where_an_orbit_begins_it_is_that_orbit():
    """The periodic balance again, for one turn and at the end of three."""
    b = balance(TIMES, SUN, LOAD, 8e5, WAYS)
    times = np.concatenate([n * 4000.0 + TIMES for n in range(3)])
    for t, turns in ((TIMES, 1), (times, 3)):
        found = course(t, np.tile(SUN, turns), np.tile(LOAD, turns), 8e5, WAYS, FREE, "switching", float(b.stored[0]))
        assert found.stored[-1] == pytest.approx(b.stored[0], rel=1e-12)
        assert found.stored.min() == pytest.approx(b.stored.min(), rel=1e-12)
        assert abs(found.closure) < 1e-12


def test_without_light_it_is_empty_when_the_store_has_gone_to_the_load():
    """A store of E J behind efficiencies a and b carries P W for E a b / P seconds; what comes after is not served."""
    found = course(TIMES, np.zeros(6), LOAD, 8e5, WAYS, FREE, "switching", 3e5)
    lasts = 3e5 * 0.96 * 0.92 / 150.0
    assert found.times[np.flatnonzero(found.stored <= 1e-6)[0]] == pytest.approx(lasts, rel=1e-12)
    assert found.unserved == pytest.approx(150.0 * (4000.0 - lasts), rel=1e-12)
