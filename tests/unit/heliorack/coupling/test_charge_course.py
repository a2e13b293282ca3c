"""The battery over a whole transient: what the array lacks, hour after hour, in history, figures and words."""

import numpy as np
import pytest
from bodies import alone
from case_text import orbit

from heliorack.case.case import load, loads
from heliorack.report.power_words import power_lines
from heliorack.run.simulate import simulate

CASE = (
    'title = "a"'
    + orbit(0, point=("+z", "sun"), align=("+x", "orbit_normal"), preset="mean", altitude=500)
    + """
[[parts]]
name = "box"
kind = "box"
size_mm = [100, 100, 100]
mesh_mm = 100
material = "al_6061"
coating = "z93"
heat_W = 20
[[heaters]]
name = "h"
parts = "box"
power_W = 10
on_below_degC = 40
off_above_degC = 44
[power]
cell = "azur_3g30"
battery = "lg_mj1"
array_area_m2 = {area}
pack_capacity_Wh = 60
array_temperature_degC = 50
array_to_load = 1.0
array_to_battery = 1.0
battery_to_load = 1.0
[run]
kind = "transient"
orbits = 2.5
start_degC = 20
"""
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """With an array that carries the load, and one that lacks a part of it."""

    def solved(area):
        path = tmp_path_factory.mktemp("charge") / "a.toml"
        path.write_text(CASE.replace("{area}", str(area)), encoding="utf-8")
        return simulate(load(path), alone())

    return {area: solved(area) for area in (0.3, 0.03)}


def test_an_array_that_lacks_power_empties_the_battery(found):
    """Stored energy falls by what is drawn less what is given; from the moment it is empty loads lack what is told."""
    result = found[0.03]
    b, figures = result.charge, result.summary().power.transient
    assert abs(b.closure) < 1e-12
    assert b.times[-1] == pytest.approx(2.5 * result.env.period)
    assert figures.end_state_of_charge < figures.start_state_of_charge - 0.2
    h = result.history
    assert h["state_of_charge_-"][-1] == pytest.approx(figures.end_state_of_charge, abs=1e-9)
    assert h["state_of_charge_-"] == pytest.approx(np.interp(h["time_s"], b.times, b.state_of_charge), abs=1e-9)
    assert np.trapezoid(b.load, b.times) == pytest.approx(20 * b.times[-1] + result.heat["heaters"], rel=1e-9)
    assert h["load_W"][1] == pytest.approx(30.0, abs=0.1)
    assert h["load_W"][-1] < 29.0
    assert figures.unserved_Wh == pytest.approx((np.trapezoid(b.load, b.times) - np.trapezoid(b.served, b.times)) / 3600, rel=1e-6)
    assert 0 < figures.short_at_s < b.times[-1]
    assert figures.shortfall() in result.failures
    (line,) = (line for line in power_lines({"": result.summary()}) if "at the start" in line)
    assert figures.words() in line


def test_an_array_that_suffices_repeats(found):
    """Nothing is short, and the battery is full again before the end of every revolution."""
    result = found[0.3]
    figures, period = result.summary().power.transient, result.env.period
    assert figures.short_at_s is None
    assert figures.unserved_Wh < 1e-12
    assert figures.left_s is None
    assert 0.5 < figures.min_state_of_charge < figures.end_state_of_charge < 1.0
    (said,) = (one for one in result.remarks if "depth of discharge" in one)
    assert f"{1 - figures.min_state_of_charge:.1%} in this transient; the design allows 30.0%" in said
    b = result.charge
    assert np.interp([0.95 * period, 1.95 * period], b.times, b.state_of_charge) == pytest.approx(1.0)


LEAKS = """
[[compute]]
name = "chip"
parts = "*"
peak_W = 5
idle_W = 1
theta_jc_K_W = 1
leakage = { fraction = 0.3, at_degC = 0, doubling_K = 30 }
"""


@pytest.mark.parametrize("bus", [True, False])
def test_the_load_of_a_transient_is_what_was_drawn(bus):
    """Devices that leak with temperature, and heaters: the energies of the ledger, whether a bus carries them or none is asked for."""
    power, run = CASE.index("[power]"), CASE.index("[run]")
    text = (CASE if bus else CASE[:power] + CASE[run:]).replace("{area}", "0.3").replace("[run]", f"{LEAKS}[run]")
    result = simulate(loads(text), alone())
    h, drawn, lasted = result.history, result.heat, result.duration()
    assert drawn["compute"] / lasted > 5.5
    wanted = drawn["compute"] + drawn["heaters"] + drawn["equipment"]
    assert np.trapezoid(h["load_W"], h["time_s"]) == pytest.approx(wanted, rel=1e-3)
    assert result.summary().compute["chip"].mean_W == pytest.approx(drawn["compute"] / lasted, rel=1e-9)
    if bus:
        assert np.trapezoid(result.charge.load, result.charge.times) == pytest.approx(wanted, rel=1e-9)
        last, turn = result.charge, result.env.period
        within = (last.times >= turn) & (last.times <= 2 * turn)
        of_last = np.trapezoid(last.load[within], last.times[within]) / turn
        assert result.power.balance.mean(result.power.balance.load) == pytest.approx(of_last, rel=0.01)


def test_the_bus_of_a_steady_state_carries_heaters_and_what_leaks():
    """Its load is the heat of the ledger: 10.4 W, where the parts had 13.3 W, made an array a fifth too small."""
    text = f"{CASE[: CASE.index('[run]')].replace('{area}', '0.3')}{LEAKS}[run]\nkind = 'steady'\n".replace("heat_W = 20", "heat_W = 2")
    result = simulate(loads(text), alone())
    wanted = sum(result.heat[path] for path in ("compute", "heaters", "equipment"))
    assert result.heat["heaters"] > 1.0
    assert result.power.balance.mean(result.power.balance.load) == pytest.approx(wanted / result.duration(), rel=1e-4)
    assert result.history["load_W"] == pytest.approx([wanted / result.duration()], rel=1e-4)
