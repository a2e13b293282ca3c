"""Designs that do not hold are results, named and with figures."""

import numpy as np
import pytest

from power.system.mass import roll_up
from power.system.settings import Power
from power.system.system import solve

TIMES = np.array([0.0, 3600.0, 3600.0, 5400.0])
SUN = np.array([1361.0, 1361.0, 0.0, 0.0])


def power(**given):
    return Power(**{"cell": "azur_3g30_cic", "battery": "lg_mj1", "array_temperature": 330.0, **given})


def found(settings, **more):
    return solve(settings, TIMES, SUN, np.full(4, 500.0), **more)


def test_a_battery_too_cold_to_charge():
    """At -5 degC the cell must not be charged; a given array then carries nothing through the shadow, and no area would."""
    cold = found(power(array_area=10.0, pack_capacity=2e7), battery_temperature=268.15)
    assert any(
        said.startswith("battery: cannot charge at all at its temperature, -5.0 to -5.0 degC against a window of 0 to 45 degC; it refuses")
        for said in cold.failures
    )
    assert not any("too small" in said for said in cold.failures)
    assert cold.balance.integral(cold.balance.charge) == 0.0
    sized = found(power(), battery_temperature=268.15)
    assert any("cannot charge at all" in said and "no area of the array" in said for said in sized.failures)
    warm = found(power(array_area=10.0, pack_capacity=2e7), battery_temperature=293.15)
    assert warm.failures == ()


def test_a_battery_that_is_warm_long_enough_holds():
    """Cold only during shadow: it never charges there, so nothing fails."""
    assert found(power(), battery_temperature=np.array([280.0, 280.0, 268.0, 268.0])).failures == ()


def test_an_array_smaller_than_the_load_at_any_battery():
    """1 m2 for 500 W fails whatever the battery holds, with the energies of the orbit."""
    for pack in (1e6, 1e7, 1e9):
        small = found(power(array_area=1.0, pack_capacity=pack))
        said = [s for s in small.failures if "array: 1 m2 is too small for the load at any battery" in s]
        assert len(said) == 1
        assert "load asks for 750 Wh" in said[0]


def test_a_load_beyond_the_discharge_limit():
    limited = found(power(discharge_limit=100.0))
    assert any("asks for more than the 100 W that the battery may give" in said for said in limited.failures)


def test_charge_limit_over_time_reaches_the_bus():
    held = found(power(array_area=10.0, pack_capacity=2e7), charge_limit=np.array([200.0, 200.0, 200.0, 200.0]))
    assert held.balance.peaks["charge"] == pytest.approx(200.0)


def test_linear_shunt_needs_its_place():
    det = {"regulation": "det", "bus_voltage": 28.0, "series": 14}
    with pytest.raises(ValueError, match="shunt_part is missing"):
        power(shunt="linear", **det)
    with pytest.raises(ValueError, match="belongs to regulation = 'det'"):
        power(shunt="linear", shunt_part="panel")
    with pytest.raises(ValueError, match="shunt_part belongs to shunt = 'linear'"):
        power(shunt_part="panel")
    linear = found(power(shunt="linear", shunt_part="panel", array_area=10.0, pack_capacity=2e7, **det))
    assert linear.drawn == pytest.approx(linear.available)
    assert linear.balance.integral(linear.balance.shunted) > 0.0


def test_a_charge_limit_is_not_a_small_array():
    """10 m2 give six times the load, but 50 W of charging cannot replace what the shadow takes: the limit is named, not the array."""
    slow = found(power(array_area=10.0, pack_capacity=2e7, charge_limit=50.0))
    said = [s for s in slow.failures if s.startswith("battery: its charge_limit lets it take 50 W at most, 50 Wh per orbit")]
    assert len(said) == 1
    assert not any("too small" in s for s in slow.failures)
    both = found(power(array_area=1.0, pack_capacity=2e7, charge_limit=50.0))
    assert any("too small for the load at any battery" in s for s in both.failures)


def test_no_area_is_a_result_without_sizes():
    """What cannot be sized is absent, the total mass too; the heat is that of a battery which charges at any temperature."""
    cold, free = found(power(), battery_temperature=268.15), found(power())
    assert (cold.carries, cold.array_area, cold.pack_capacity, cold.life) == (False, None, None, None)
    assert [line.mass for line in cold.lines] == [None, None]
    assert (roll_up(cold.lines, [("frame", 12.0)]).total, roll_up(cold.lines).uncertainty) == (None, None)
    assert len(cold.failures) == 1
    for name in ("battery_heat", "regulator_heat", "from_cells"):
        assert getattr(cold.balance, name) == pytest.approx(getattr(free.balance, name))
    assert free.carries
    assert any("charge at any temperature and rate" in said for said in cold.assumptions)


def test_sizes_that_the_case_gives_stay():
    """A battery of 1 kWh is one, whether an array fits it or not; a pack that was to be found is not three times its neighbours'."""
    cold = found(power(pack_capacity=3.6e6), battery_temperature=268.15)
    assert (cold.array_area, cold.pack_capacity) == (None, 3.6e6)
    assert [line.mass is None for line in cold.lines] == [True, False]


def test_a_window_that_opens_in_shadow_only():
    """Warm enough in shadow, too warm in sunlight: no area does, and the window is named, not the Sun."""
    hot = found(power(), battery_temperature=np.array([330.0, 330.0, 300.0, 300.0]))
    assert not hot.carries
    assert hot.failures[0].startswith(
        "battery: cannot charge in sunlight at its temperature, 26.9 to 56.9 degC against a window of 0 to 45"
    )


def test_less_time_to_charge_asks_for_a_larger_array():
    """Without losses the array gives P + P Te / Tc, with Te in shadow and Tc in which the battery may charge: here half of the sunlight."""
    times = np.array([0.0, 1800.0, 1800.0, 3600.0, 3600.0, 5400.0])
    sun, warm = np.array([1361.0] * 4 + [0.0] * 2), np.array([300.0, 300.0, 330.0, 330.0, 300.0, 300.0])
    ideal = dict.fromkeys(("array_to_load", "array_to_battery", "battery_to_load", "charge_efficiency", "discharge_efficiency"), 1.0)
    half, whole = (solve(power(**ideal), times, sun, np.full(6, 500.0), battery_temperature=T) for T in (warm, np.full(6, 300.0)))
    assert whole.array_area is not None
    assert half.array_area is not None
    assert half.available.max() == pytest.approx(500.0 + 500.0 * 1800.0 / 1800.0)
    assert whole.available.max() == pytest.approx(500.0 + 500.0 * 1800.0 / 3600.0)
