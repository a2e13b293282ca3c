"""The power system of a case: sizes what is open, keeps what is given, and says what does not hold."""

import numpy as np
import pytest

from power.system.quick import quick_sizes
from power.system.settings import Power
from power.system.sizing import radiator_flux
from power.system.system import solve

SPACE = 2.725  # K
ORBIT, ENTRY, EXIT = 5739.0, 1801.0, 3937.0
TIMES = np.sort(np.concatenate([np.linspace(0.0, ORBIT, 61), np.repeat([ENTRY, EXIT], 2)]))


def sunlight():
    dark = (TIMES > ENTRY) & (TIMES < EXIT)
    rows = np.searchsorted(TIMES, [ENTRY, EXIT])
    sun = np.where(dark, 0.0, 1361.0)
    sun[rows[0] + 1] = sun[rows[1]] = 0.0
    return sun


def power(**given):
    return Power(**{"cell": "azur_3g30_cic", "battery": "lg_mj1", "array_temperature": 333.15, **given})


def test_open_sizes_close_the_orbit():
    """The sized array and battery hold exactly: orbit closes, depth of discharge is the allowed one, books balance."""
    found = solve(power(), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    assert found.failures == ()
    assert found.balance.closes
    assert found.balance.depth_of_discharge == pytest.approx(0.3, rel=1e-6)
    assert abs(found.balance.closure) < 1e-9
    assert found.array_sized
    assert found.pack_sized
    quick = quick_sizes(
        power(),
        period=ORBIT,
        eclipse=EXIT - ENTRY,
        solar=1361.0,
        load_day=500.0,
        load_eclipse=500.0,
        heat=500.0,
        flux=radiator_flux(300.0, 0.85, sink=SPACE),
        sink=SPACE,
    )
    assert float(quick.array_area) == pytest.approx(found.array_area, rel=1e-6)
    assert float(quick.pack_energy) == pytest.approx(found.pack_capacity, rel=1e-6)


def test_what_sets_the_area_is_said():
    """The energy of the orbit, or a charging limit where the array must be larger for it than without."""
    sun = sunlight() * np.linspace(1.0, 0.2, TIMES.size)
    free, held, wide = (solve(power(charge_limit=most), TIMES, sun, np.full(TIMES.size, 500.0)) for most in (None, 500.0, 5000.0))
    assert held.array_area > 1.01 * free.array_area
    assert wide.array_area == pytest.approx(free.array_area, rel=1e-9)
    assert [found.asked.area_by for found in (free, wide)] == ["energy balance"] * 2
    assert held.asked.area_by == "energy balance with what the battery takes"


def test_free_wing_finds_its_temperature():
    """Without a temperature the wing is in steady balance: hot in the Sun, and cooler than with nothing drawn."""
    found = solve(power(array_temperature=None), TIMES, sunlight(), np.full(TIMES.size, 500.0), sink=SPACE)
    lit = found.temperature[0]
    assert 300.0 < lit < 345.0
    idle = solve(power(array_temperature=None, array_area=100.0), TIMES, sunlight(), np.full(TIMES.size, 500.0), sink=SPACE)
    assert idle.temperature[0] > lit
    assert any("free wing" in said for said in found.assumptions)
    walls = solve(power(array_temperature=None), TIMES, sunlight(), np.full(TIMES.size, 500.0), sink=np.full(TIMES.size, 293.15))
    assert walls.temperature[0] > lit + 20.0
    with pytest.raises(ValueError, match="a free wing needs that of the space it sees"):
        solve(power(array_temperature=None), TIMES, sunlight(), np.full(TIMES.size, 500.0))


def test_small_array_fails_with_figures():
    """An array that is too small is a result, not an exception."""
    found = solve(power(array_area=1.0), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    assert any("too small" in said for said in found.failures)
    assert found.balance.deficit > 0.0


def test_small_battery_fails_with_figures():
    found = solve(power(pack_capacity=100.0 * 3600.0), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    assert any("are not served" in said for said in found.failures)
    shallow = solve(power(pack_capacity=900.0 * 3600.0), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    assert any("exceeds 30.0%" in said for said in shallow.failures)


def test_no_sun_has_no_array():
    found = solve(power(), TIMES, np.zeros(TIMES.size), np.full(TIMES.size, 500.0))
    assert any("no area carries this load" in said for said in found.failures)


def test_end_of_life_asks_for_more():
    """1e15 electrons leave 88.97 % of the power, so the array grows by that; an eol factor does the same."""
    young = solve(power(), TIMES, sunlight(), np.full(TIMES.size, 500.0)).array_area
    old = solve(power(life="eol", eol_factor=0.8), TIMES, sunlight(), np.full(TIMES.size, 500.0)).array_area
    dosed = solve(power(life="eol", fluence_per_year=2e14, array_temperature=301.15), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    fresh = solve(power(array_temperature=301.15), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    assert old / young == pytest.approx(1.0 / 0.8, rel=1e-8)
    assert fresh.array_area / dosed.array_area == pytest.approx(0.88971, rel=2e-5)


def test_paths_reproduce_the_handbook():
    """Through the battery 0.60 (peak-power tracking) and 0.65 (direct), straight 0.80 and 0.85."""
    assert (power().paths.array_to_load, power().paths.through_battery) == pytest.approx((0.80, 0.60))
    direct = power(regulation="det", bus_voltage=32.0, series=16)
    assert (direct.paths.array_to_load, direct.paths.through_battery) == pytest.approx((0.85, 0.65))
    assert direct.cell_voltage == pytest.approx(2.0)


def test_deep_discharge_is_warned_of():
    found = solve(power(max_depth_of_discharge=0.5), TIMES, sunlight(), np.full(TIMES.size, 500.0))
    assert "above 40%" in found.warnings[0]


def test_contradictions_are_refused():
    """What one field says another must not deny."""
    with pytest.raises(ValueError, match="give one"):
        power(eol_factor=0.9, fluence_per_year=1e14)
    with pytest.raises(ValueError, match="needs eol_factor or fluence_per_year"):
        power(life="eol")
    with pytest.raises(ValueError, match="needs bus_voltage_V and series"):
        power(regulation="det")
    with pytest.raises(ValueError, match="cell 'x' is not in the library"):
        power(cell="x")


def test_trade_curve_of_the_table():
    """A whole curve in one call, base load in every size."""
    found = quick_sizes(
        power(base_load=100.0, array_temperature=None),
        period=np.linspace(5553.0, 6307.0, 7),
        eclipse=2140.0,
        solar=1361.0,
        load_day=400.0,
        load_eclipse=400.0,
        heat=400.0,
        flux=radiator_flux(np.array([[290.0], [310.0]]), 0.85, infrared=100.0, sink=SPACE),
        sink=SPACE,
    )
    assert found.array_area.shape == (2, 7)
    assert np.all(found.radiator_area[1] < found.radiator_area[0])
    assert np.all(np.diff(found.array_area, axis=1) < 0.0)


def test_direct_energy_transfer_in_the_cold_of_eclipse():
    """A free wing is very cold in steady balance in shadow; the curve stays finite there and the array is sized."""
    found = solve(
        power(regulation="det", bus_voltage=32.0, series=16, array_temperature=None),
        TIMES,
        sunlight(),
        np.full(TIMES.size, 500.0),
        sink=SPACE,
    )
    assert np.min(found.temperature) < 10.0
    assert found.failures == ()
    assert any("held at the bus voltage" in said for said in found.assumptions)


def test_meshed_cells_bring_their_own_temperature():
    """A temperature over the orbit stands in place of the table's; colder cells need less array."""
    warm = solve(power(), TIMES, sunlight(), np.full(TIMES.size, 500.0), np.full(TIMES.size, 340.0))
    cool = solve(power(), TIMES, sunlight(), np.full(TIMES.size, 500.0), np.full(TIMES.size, 300.0))
    assert cool.array_area < warm.array_area
    assert np.all(cool.drawn <= cool.available + 1e-9)
    assert cool.drawn.shape == TIMES.shape
