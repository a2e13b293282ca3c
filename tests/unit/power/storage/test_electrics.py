"""Battery cells and their age in the power system of a case: what the tables say reaches the balance, and contradictions are refused."""

import numpy as np
import pytest

from power.solar.strings import Losses, Wing
from power.storage.battery import ANCHORS, battery
from power.storage.electrics import Electrics
from power.storage.life import Ageing, cycles_to_end
from power.system.quick import quick_sizes
from power.system.settings import Power, assumptions
from power.system.sizing import radiator_flux
from power.system.system import solve

SPACE = 2.725  # K
ORBIT, ENTRY, EXIT = 5739.0, 1801.0, 3937.0
TIMES = np.sort(np.concatenate([np.linspace(0.0, ORBIT, 61), np.repeat([ENTRY, EXIT], 2)]))
LOAD = np.full(TIMES.size, 500.0)
FLAT = ((0.0, 3.6), (1.0, 3.6))
CURVE = ((0.1, 100000.0), (0.3, 40000.0), (0.8, 3000.0))


def sunlight():
    rows = np.searchsorted(TIMES, [ENTRY, EXIT])
    sun = np.where((TIMES > ENTRY) & (TIMES < EXIT), 0.0, 1361.0)
    sun[rows[0] + 1] = sun[rows[1]] = 0.0
    return sun


def power(**given):
    return Power(**{"cell": "azur_3g30_cic", "battery": "lg_mj1", "array_temperature": 333.15, **given})


def solved(battery_temperature=None, **given):
    return solve(power(**given), TIMES, sunlight(), LOAD, battery_temperature=battery_temperature)


def test_depth_in_energy_stands_beside_that_in_charge():
    """From 4 V full to 3 V empty, 30 % of the energy leave 3 s + s^2/2 = 0.7 x 3.5: s = 0.728."""
    said = " ".join(assumptions(power(electrics=Electrics(ocv=((0.0, 3.0), (1.0, 4.0)), resistance=0.04)), cells=True))
    assert "30% of its energy are 27.2% of its charge" in said
    assert "not of its ampere-hours" in " ".join(assumptions(power()))


def test_resistance_makes_the_heat_and_replaces_the_efficiencies():
    """Heat of the orbit is I^2 R of the same flows: each cell of 45.36 kJ carries P/n at 3.6 V behind 40 mohm; the books close."""
    found = solved(electrics=Electrics(ocv=FLAT, resistance=0.04))
    balance = found.balance
    cells = found.pack_capacity / (3.5 * 3600.0 * 3.6)
    heat = 0.0
    for flow, sign in ((balance.discharge, 1.0), (balance.charge, -1.0)):
        each = sign * flow / cells
        amps = 2.0 * each / (3.6 + np.sqrt(3.6**2 - 4.0 * 0.04 * each))
        heat += balance.integral(amps**2 * 0.04) * cells
    assert balance.integral(balance.battery_heat) == pytest.approx(heat, rel=1e-6)
    assert abs(balance.closure) < 1e-9
    assert balance.closes
    assert found.balance.depth_of_discharge == pytest.approx(0.3, rel=1e-6)
    assert any("takes the place of the energy efficiencies" in said for said in found.assumptions)
    assert not any("energy efficiencies 0.95" in said for said in found.assumptions)


def test_cold_cells_make_more_heat():
    """Sony LFP resistance by temperature: more at 10 than at 40 degC; hotter never makes more."""
    cold, warm = (solved(np.full(TIMES.size, kelvin), electrics=Electrics(curve="sony_us26650ftc1")) for kelvin in (283.15, 313.15))
    assert cold.balance.integral(cold.balance.battery_heat) > 1.5 * warm.balance.integral(warm.balance.battery_heat)
    assert cold.array_area > warm.array_area


def test_without_resistance_the_efficiencies_stay():
    plain, curve = solved(), solved(electrics=Electrics(curve="lg_m50"))
    assert curve.balance.integral(curve.balance.battery_heat) == pytest.approx(plain.balance.integral(plain.balance.battery_heat))
    assert any("no resistance is known" in said for said in curve.assumptions)


def test_arrangement_gives_the_energy():
    """8 x 50 cells of 3.5 Ah at 3.6 V: 5040 Wh."""
    found = solved(electrics=Electrics(ocv=FLAT, series=8, parallel=50))
    assert not found.pack_sized
    assert found.pack_capacity / 3600.0 == pytest.approx(8 * 50 * 3.5 * 3.6)


def test_charging_rate_by_temperature_limits_the_bus():
    """0.1 per hour of 400 cells of 3.5 Ah at 3.6 V is 504 W of charge, held before a larger array; 0.02 per hour does not suffice."""
    slow = Electrics(ocv=FLAT, series=8, parallel=50, charge_rates=((0.0, 0.1), (40.0, 0.1)))
    found = solved(np.full(TIMES.size, 293.15), electrics=slow, array_area=10.0)
    assert found.balance.peaks["charge"] == pytest.approx(504.0)
    slower = Electrics(ocv=FLAT, series=8, parallel=50, charge_rates=((0.0, 0.02), (40.0, 0.02)))
    assert found.failures == ()
    starved = solved(np.full(TIMES.size, 293.15), electrics=slower, array_area=10.0)
    assert starved.balance.deficit > 0.0
    assert starved.failures != ()


def test_terminal_voltage_is_watched():
    said = solved(electrics=Electrics(ocv=FLAT, resistance=0.5, lowest_voltage=3.5, highest_voltage=4.2)).warnings
    assert any("discharging" in word and "beyond the cells' voltages" in word for word in said)


def test_life_curve_enlarges_the_battery_at_end_of_life():
    """A battery for its first day is sized for the depth; one that lasts for the same depth of what is left, so larger by its inverse.

    What is left lies between the straight losses at the depths of its first and of its last orbit.
    """
    new = solved(ageing=Ageing(CURVE), sized_for="bol")
    old = solved(ageing=Ageing(CURVE), life="eol", eol_factor=1.0)
    assert old.life is not None
    n = 5.0 * 365.25 * 86400.0 / ORBIT
    least, most = (1.0 - 0.2 * n / cycles_to_end(CURVE, depth) for depth in (0.3, 0.3 * old.life.capacity))
    assert least < old.life.capacity < most
    assert old.pack_capacity == pytest.approx(new.pack_capacity / old.life.capacity, rel=1e-6)
    assert old.balance.depth_of_discharge == pytest.approx(0.3, rel=1e-6)


def test_given_battery_fades_more_the_more_it_fades():
    """A battery of given size is cycled deeper as it loses capacity: less is left than the depth of its first orbit would leave."""
    given = {"pack_capacity": 1.5e3 * 3600.0, "ageing": Ageing(CURVE), "array_area": 10.0}
    new, old = solved(**given), solved(**given, life="eol", eol_factor=1.0)
    n = 5.0 * 365.25 * 86400.0 / ORBIT
    assert old.life.capacity == pytest.approx(new.life.capacity, rel=1e-6)
    assert new.life.capacity < 1.0 - 0.2 * n / cycles_to_end(CURVE, new.balance.depth_of_discharge)
    assert old.balance.depth_of_discharge > new.balance.depth_of_discharge
    assert old.balance.capacity == pytest.approx(new.balance.capacity * old.life.capacity, rel=1e-6)


def test_quick_sizes_age_the_battery_too():
    """The closed form and the balance agree on the larger battery."""
    given = {"ageing": Ageing(CURVE), "life": "eol", "eol_factor": 1.0}
    quick = quick_sizes(
        power(**given),
        period=[ORBIT, ORBIT],
        eclipse=EXIT - ENTRY,
        solar=1361.0,
        load_day=500.0,
        load_eclipse=500.0,
        heat=500.0,
        flux=radiator_flux(300.0, 0.85, sink=SPACE),
        sink=SPACE,
    )
    assert quick.pack_energy.shape == (2,)
    assert float(quick.pack_energy[0]) == pytest.approx(solved(**given).pack_capacity, rel=1e-6)


def test_worn_out_battery_fails_by_name():
    """At 80 % a day of fifteen cycles uses a battery of 3000 cycles in under a year."""
    given = {"array_area": 10.0, "pack_capacity": 0.45 * 3.6e6}
    found = solved(ageing=Ageing(CURVE), life="eol", eol_factor=1.0, max_depth_of_discharge=0.8, **given)
    assert any("nothing is left of it after 27" in said for said in found.failures)


def test_published_law_is_flagged_and_no_law_shows_the_anchors():
    law = solved(ageing=Ageing(law="lfp_250_2019"))
    assert any("laboratory fit, not space cells" in said for said in law.warnings)
    assert any("is extrapolated" in said for said in law.warnings)
    none = solved()
    text = " ".join(none.assumptions)
    assert "sized by a depth of discharge of 30%, not by an ageing law" in text
    assert all(anchor in text for anchor in ANCHORS)


def test_life_curve_is_life_data():
    """45 % over five years warns without life data and not with it."""
    deep = {"max_depth_of_discharge": 0.45}
    assert any("above 40%" in said for said in solved(**deep).warnings)
    assert not any("above 40%" in said for said in solved(**deep, ageing=Ageing(CURVE)).warnings)


def test_wings_give_the_area_and_losses_scale_it():
    """6 strings of 20 cells of 31.13 cm2 at 90 % packing; a loss of 5 % takes 5 % of the power."""
    plain = solved(wings=(Wing(20, 4, "a"), Wing(20, 2, "b")))
    assert plain.array_area == pytest.approx(120 * 31.13e-4 / 0.9)
    assert not plain.array_sized
    less = solved(wings=(Wing(20, 4, "a"), Wing(20, 2, "b")), losses=Losses(pointing=0.95))
    assert less.available == pytest.approx(0.95 * plain.available)
    assert any("losses pointing 0.95" in said for said in less.assumptions)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"wings": (Wing(16, 2, "a"), Wing(15, 2, "b")), "regulation": "det", "bus_voltage": 32.0}, "must be equal"),
        ({"wings": (Wing(16, 2),), "series": 15, "regulation": "det", "bus_voltage": 32.0}, "another number of cells"),
        ({"wings": (Wing(16, 2, cell="azur_4g32"),)}, "must carry the array's cell"),
        ({"wings": (Wing(16, 2, cell="azur_4g32"),), "regulation": "det", "bus_voltage": 32.0}, "must carry the array's cell"),
        ({"wings": (Wing(16, 2), Wing(16, 2, cell="azur_4g32")), "regulation": "det", "bus_voltage": 32.0}, "must be equal"),
        ({"wings": (Wing(16, 2),), "array_area": 10.0}, "give one"),
        ({"electrics": Electrics(ocv=FLAT, series=8, parallel=5), "pack_capacity": 1e6}, "give one"),
        ({"ageing": Ageing(CURVE), "battery_eol_factor": 0.8}, "give one"),
    ],
)
def test_contradictions_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        power(**given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "give one of them"),
        ({"ocv": FLAT, "curve": "lg_m50"}, "give one of them"),
        ({"curve": "x"}, "not in the library"),
        ({"ocv": FLAT, "resistance": 0.1, "resistances": ((0.0, 0.1),)}, "give one"),
        ({"ocv": FLAT, "activation": 2000.0}, "needs resistance"),
        ({"ocv": FLAT, "resistances": ((10.0, 0.1), (0.0, 0.2))}, "must rise"),
        ({"ocv": FLAT, "parallel": 3}, "needs series"),
        ({"ocv": FLAT, "charge_rates": ((0.0, 0.5),)}, "at least two rows"),
        ({"ocv": FLAT, "lowest_voltage": 4.0, "highest_voltage": 3.0}, "must be below"),
        ({"ocv": ((0.0, 3.0), (0.9, 4.0))}, "from exactly 0 to exactly 1"),
    ],
)
def test_bad_electrics(given, said):
    with pytest.raises(ValueError, match=said):
        Electrics(**given)


def test_published_resistance_scales_with_capacity():
    """46.3 mohm of the 3 Ah Sony cell is 39.7 mohm of a 3.5 Ah cell."""
    pack = Electrics(curve="sony_us26650ftc1", series=1, parallel=1).pack(battery("lg_mj1"))
    assert float(pack.ohms(298.15)) == pytest.approx(0.04629745 * 3.0 / 3.5, rel=1e-5)
    with pytest.raises(ValueError, match="neither by series and parallel nor by its energy"):
        Electrics(curve="lg_m50").pack(battery("lg_mj1"))
