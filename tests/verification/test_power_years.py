"""Years of array and battery: each orbit is that of the bus, the fade that of the published closed form, and more hardware never hurts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from power.bus.balance import Limits, Paths, balance
from power.storage.ageing import LFP_250, SCHMALSTIEG, Stress, age
from power.storage.fade import fade_of, fade_of_curve, fade_of_law
from power.storage.life import Ageing
from power.system.mission_years import YEAR, Orbits, march_years, square_orbits, stepped_orbits
from power.system.settings import Power
from power.system.system import solve
from power.system.yearly_figures import array_factors, battery_years, years_failures

WAY = Paths(0.85, 0.85, 0.9, 0.96, 0.95)
PERIOD = YEAR / 5500.0  # whole orbits in a year, so that closed forms meet the march exactly
NEW = np.ones(2)


@given(
    st.lists(st.tuples(st.floats(50.0, 2000.0), st.floats(0.0, 400.0), st.floats(0.0, 2000.0)), min_size=2, max_size=6),
    st.floats(1e5, 3e7),
    st.floats(100.0, 5000.0),
)
@settings(max_examples=60, deadline=None)
def test_every_orbit_is_that_of_the_bus(pieces, capacity, limit):
    """Without ageing the lowest charge and the unserved energy of a year are those of the periodic balance, if the energy suffices."""
    h, sun, load = (np.array(v) for v in zip(*pieces, strict=True))
    h = h * (PERIOD / h.sum())
    times = np.repeat(np.concatenate([[0.0], np.cumsum(h)]), 2)[1:-1]
    periodic = balance(times, 10.0 * np.repeat(sun, 2), np.repeat(load, 2), capacity, WAY, Limits(limit, limit))
    found = march_years(Orbits(h[None], sun[None], load[None]), 10.0, capacity, WAY, np.ones(3), charge_limit=limit, discharge_limit=limit)
    if periodic.deficit == 0.0:
        settled = found.minimum_state_of_charge[0, 1]
        assert settled == pytest.approx(periodic.minimum_state_of_charge, abs=1e-6)
        assert found.unserved[0, 1] == pytest.approx(5500.0 * periodic.unserved, rel=1e-6, abs=1e-3 * capacity)
    elif 5500.0 * periodic.deficit > capacity:  # the store is empty within the first year
        assert found.unserved[0, 1] > 0.0


def test_pieces_of_a_known_orbit_keep_its_energies():
    """Powers that are linear in time, cut into the means of their intervals."""
    times = np.array([0.0, 1000.0, 1000.0, 3000.0])
    orbits = stepped_orbits(times, [100.0, 300.0, 0.0, 0.0], np.array([[50.0, 50.0, 50.0, 90.0], [10.0, 10.0, 10.0, 10.0]]))
    assert orbits.durations.tolist() == [[1000.0, 2000.0]] * 2
    assert orbits.density.tolist() == [[200.0, 0.0]] * 2
    assert orbits.load.tolist() == [[50.0, 70.0], [10.0, 10.0]]
    assert orbits.period == 3000.0


@pytest.mark.parametrize(("law", "tolerance"), [(SCHMALSTIEG, 1e-6), (LFP_250, 1e-6)])
def test_fade_meets_the_closed_form_of_constant_stress(law, tolerance, record_property):
    """A battery that is never used: five years in daily steps against one step of the published law."""
    orbits = square_orbits(PERIOD, 2000.0, 0.0, 0.0, 0.0)
    found = march_years(orbits, 1.0, 1e7, WAY, np.ones(6), fade_of_law(law, 298.15))
    expected = age(law, Stress(298.15, 0.0, 1.0), 5 * 365.25, 0.0).capacity
    record_property("found", found.capacity[0, -1])
    record_property("expected", expected)
    record_property("tolerance", tolerance)
    assert found.capacity[0, -1] == pytest.approx(expected, abs=tolerance)


def test_cycling_fade_meets_the_closed_form():
    """Ten years at a held depth: the shadow's load takes 20 % of what is left, as the law's own single step says to 2e-3."""
    depth, fade = 0.2, fade_of_law(SCHMALSTIEG, 298.15)
    energy = depth * 1e7 * 0.95 * 0.9
    found = march_years(square_orbits(PERIOD, 2000.0, 1e4, 0.0, energy / 2000.0), 10.0, 1e7, WAY, np.ones(2), fade)
    expected = age(SCHMALSTIEG, Stress(298.15, depth, 0.9), 365.25, 5500.0 * depth).capacity
    assert found.depth_of_discharge[0, 0] == pytest.approx(depth / found.capacity[0, 0], rel=1e-3)
    deeper = age(SCHMALSTIEG, Stress(298.15, depth / expected, 0.9), 365.25, 5500.0 * depth / expected).capacity
    assert deeper < found.capacity[0, 0] < expected


def test_life_curve_is_counted_by_miner():
    """20 000 cycles at 30 % to 80 %: 5500 of them take 5500/20000 of a fifth, and 1 % a year goes by time."""
    curve = ((0.1, 100000.0), (0.3, 20000.0), (0.8, 2000.0))
    energy = 0.3 * 1e7 * 0.95 * 0.9
    orbits = square_orbits(PERIOD, 2000.0, 1e4, 0.0, energy / 2000.0)
    first = march_years(orbits, 10.0, 1e7, WAY, np.ones(2), fade_of_curve(curve, 1e-6))
    assert 1.0 - first.capacity[0, 0] == pytest.approx(1e-6 * 5500.0 / 20000.0, rel=1e-4)
    aged = march_years(orbits, 10.0, 1e7, WAY, np.ones(2), fade_of(Ageing(life_curve=curve, loss_per_year=0.01), 298.15))
    assert 0.01 + 0.2 * 5500.0 / 20000.0 < 1.0 - aged.capacity[0, 0] < 0.01 + 0.22 * 5500.0 / 20000.0
    assert aged.warnings == ()
    deep = march_years(
        square_orbits(PERIOD, 2000.0, 1e4, 0.0, 3.1 * energy / 2000.0), 10.0, 1e7, WAY, np.ones(2), fade_of_curve(curve, 0.2)
    )
    assert any("not all within the life curve (10% to 80%)" in said for said in deep.warnings)


def test_laws_are_flagged():
    found = march_years(square_orbits(PERIOD, 2000.0, 400.0, 100.0, 100.0), 10.0, 1e7, WAY, NEW, fade_of_law(LFP_250, 298.15))
    assert any("laboratory fit, not space cells" in said for said in found.warnings)
    assert any("extrapolated; measured 80% to 100%" in said for said in found.warnings)


@given(st.floats(3.0, 8.0), st.floats(3e6, 2e7), st.floats(1.0, 2.0))
@settings(max_examples=40, deadline=None)
def test_more_hardware_never_hurts(area, capacity, more):
    """Over five years with both ageing: more array never lowers the lowest charge of a year, more battery never deepens the discharge."""
    eclipse = 2000.0 + 150.0 * np.cos(np.linspace(0.0, 2 * np.pi, 50, endpoint=False))
    orbits, fade, factor = square_orbits(PERIOD, eclipse, 350.0, 400.0, 400.0), fade_of_law(LFP_250, 293.15), np.linspace(1.0, 0.85, 6)
    found = march_years(orbits, [area, area * more, area], [capacity, capacity, capacity * more], WAY, factor, fade)
    if found.unserved[0].max() == 0.0:
        assert np.all(found.minimum_state_of_charge[1] >= found.minimum_state_of_charge[0] - 1e-9)
        assert np.all(found.depth_of_discharge[2] <= found.depth_of_discharge[0] + 1e-9)
    assert np.all(found.unserved[1] <= found.unserved[0] + 1e-3)


def test_array_fails_in_the_year_it_has_become_too_small():
    """2 % lost a year against a margin of 7 %: the first three years serve everything, the fifth does not."""
    sized = (400.0 * 2000.0 / WAY.through_battery + 400.0 * (PERIOD - 2000.0) / WAY.array_to_load) / (350.0 * (PERIOD - 2000.0))
    found = march_years(square_orbits(PERIOD, 2000.0, 350.0, 400.0, 400.0), 1.07 * sized, 5e6, WAY, 1.0 - 0.02 * np.arange(6))
    assert np.all(found.unserved[0, :3] == 0.0)
    assert found.unserved[0, 4] > 0.0
    assert found.minimum_state_of_charge[0, 4] == pytest.approx(0.0, abs=1e-12)


def test_array_factors():
    """Fluence by the data sheet's factors, an end-of-life factor spread evenly in per cent, else no loss."""
    times = [0.0, 3600.0, 3600.0, 5400.0]

    def factors(**age):
        case = Power("azur_3g30_cic", "lg_mj1", years=10.0, array_temperature=301.15, **age)
        return array_factors(case, solve(case, times, [1367.0, 1367.0, 0.0, 0.0], np.full(4, 500.0)))

    by_sheet = factors(fluence_per_year=1e14)
    assert by_sheet[0] == 1.0
    assert by_sheet[10] == pytest.approx(0.88971, rel=2e-3)
    assert by_sheet[5] == pytest.approx(0.92880, rel=2e-3)
    assert factors(eol_factor=0.8)[[5, 10]] == pytest.approx([0.8**0.5, 0.8])
    assert factors().tolist() == [1.0] * 11


def test_years_of_a_solved_design():
    """Sized for its last orbit with a margin, eight years of it: the first year is the solved orbit, the last is worn but holds."""
    curve = ((0.1, 200000.0), (0.3, 60000.0), (0.8, 5000.0))
    case = Power("azur_3g30_cic", "lg_mj1", years=8.0, array_temperature=330.0, array_margin=0.05, eol_factor=0.85, ageing=Ageing(curve))
    times = np.array([0.0, 3600.0, 3600.0, 5400.0])
    solved = solve(case, times, [1361.0, 1361.0, 0.0, 0.0], np.full(4, 500.0))
    rows = battery_years(case, solved)["rows"]
    assert len(rows) == 8
    assert rows[0]["depth_of_discharge"] * rows[0]["capacity"] == pytest.approx(solved.balance.depth_of_discharge, rel=0.02)
    assert np.all(np.diff([row["capacity"] for row in rows]) < 0.0)
    assert years_failures(rows, case.max_depth_of_discharge) == ()
    assert rows[-1]["array"] == pytest.approx(0.85)
    assert rows[-1]["depth_of_discharge"] == pytest.approx(0.3, rel=0.01)


def test_years_that_fail_say_which_and_how_much():
    """A design for its first day: by the words, the first year that misses and the worst one; a small battery falls below its depth."""
    times, sun, load = np.array([0.0, 3600.0, 3600.0, 5400.0]), [1361.0, 1361.0, 0.0, 0.0], np.full(4, 500.0)
    case = Power("azur_3g30_cic", "lg_mj1", years=2.5, array_temperature=330.0, eol_factor=0.85, sized_for="bol")
    rows = battery_years(case, solve(case, times, sun, load))["rows"]
    assert [row["year"] for row in rows] == [1, 2, 3]
    lacking = 0.07 * 500.0 * 8766.0 / 1000.0
    said = years_failures(rows, case.max_depth_of_discharge)
    assert len(said) == 1
    assert said[0].startswith("year 1: ")
    assert " kWh of the load not served, " in said[0]
    assert 0.2 * lacking < rows[1]["unserved_Wh"] / 1000.0 < 2.0 * lacking
    small = replace(case, sized_for="eol", battery_eol_factor=0.8, pack_capacity=0.98 * solve(case, times, sun, load).pack_capacity)
    rows = battery_years(small, solve(small, times, sun, load))["rows"]
    assert years_failures(rows, 0.3)[0].startswith("year 1: depth of discharge 3")
    assert years_failures(rows, 0.5) == ()


def test_bad_orbits_are_refused():
    with pytest.raises(ValueError, match="arrays of one shape"):
        Orbits(np.ones((1, 2)), np.ones((1, 3)), np.ones((1, 2)))
    with pytest.raises(ValueError, match="must last one period, not 2 to 4 s"):
        Orbits(np.array([[1.0, 1.0], [2.0, 2.0]]), np.ones((2, 2)), np.ones((2, 2)))
    with pytest.raises(ValueError, match="load of the orbits must be finite"):
        Orbits(np.ones((1, 2)), np.ones((1, 2)), np.array([[1.0, np.nan]]))
    with pytest.raises(ValueError, match="area and capacity must be positive"):
        march_years(square_orbits(6000.0, 2000.0, 1.0, 1.0, 1.0), 0.0, 1.0, WAY, NEW)
    with pytest.raises(ValueError, match="at least two"):
        march_years(square_orbits(6000.0, 2000.0, 1.0, 1.0, 1.0), 1.0, 1.0, WAY, [1.0])
