"""Closed forms of loops, packs and radiators again, from case files: what the keys of [network] say is what is solved."""

import numpy as np
import pytest
from case_text import orbit
from network_case import STEADY, glow, node, solved, table, tie, transient

import cases
from heliorack.case.case import load, loads
from heliorack.run.network_run import simulate_network

WATER = "[network.fluids.fixed]\ndensity_kg_m3 = 997\nspecific_heat_J_kgK = 4180\nviscosity_Pa_s = 8.9e-4\n"


def test_radiator_of_an_announced_satellite():
    """120 kW from 110 m2 of panel, both faces 0.91, sink 220 K: 337.10 K."""
    text = node("panel", heat_W=120000) + node("sink", held_degC=-53.15) + glow("panel", "sink", 0.91 * 220) + STEADY
    result = solved(text)
    assert result.summary().parts["panel"].max_degC + 273.15 == pytest.approx(337.10, abs=0.005)


def test_parallel_branches():
    """8 mm x 10 m beside 10 mm x 15 m, 0.1 kg/s of water, Blasius: 0.0407579422 kg/s and 14113.85 Pa; Reynolds numbers of both."""
    tubes = [f'{{ name = "{n}", branch = "{n}", length_m = {L}, diameter_mm = {d}, friction = "blasius", cells = 3 }}' for n, L, d in TUBES]
    pump = "{ flow_kg_s = 0.1 }"
    text = WATER + node("inlet", held_degC=25) + STEADY
    text += table("loops", name='"run"', fluid='"fixed"', inlet='"inlet"', pump=pump, segments=f"[{', '.join(tubes)}]")
    run = solved(text).summary().network.loops["run"]
    assert run.segments["a"].flow_kg_s == pytest.approx(0.0407579422, rel=1e-8)
    assert run.pressure_drop_Pa == pytest.approx(14113.850957, rel=1e-8)
    assert (run.segments["a"].reynolds, run.segments["b"].reynolds) == pytest.approx((7288.57, 8475.21), rel=1e-6)


TUBES = [("a", 10, 8), ("b", 15, 10)]


def test_transport_with_the_usual_cells():
    """0.8 m/s over 12 m past a wall, NTU 1.7: a step arrives after 15.0 s within 1 %, and is exp(-NTU) of itself to 1e-3."""
    flow = 997 * np.pi * 0.005**2 * 0.8
    film = 1.7 * flow * 4180 / (np.pi * 0.01 * 12)
    inlet = "{ times_s = [0, 1, 1], temperature_degC = [20, 20, 30] }"
    text = WATER + node("inlet", held_over_time=inlet) + node("wall", held_degC=20) + transient(40)
    tube = f'[{{ name = "tube", length_m = 12, diameter_mm = 10, node = "wall", film_W_m2K = {film} }}]'
    text += table("loops", name='"run"', fluid='"fixed"', inlet='"inlet"', pump=f"{{ flow_kg_s = {flow} }}", segments=tube)
    result = solved(text)
    out = result.record.temperatures()[:, result.built.loops["run"].rows[-1]] - 293.15
    assert out[-1] / 10 == pytest.approx(0.1826835241, abs=1e-3)
    assert np.interp(0.5 * out[-1], out, result.record.times) - 1 == pytest.approx(15.0, rel=0.01)
    assert result.record.closure() < 1e-9


def test_pack_of_wax():
    """2 kg, 200 kJ/kg at 28 degC: begins to melt at 192.93 s, melts for 3636.36 s, 312.758 K 600 s later."""
    wax = node("wax", capacity_J_K=4000, start_degC=22, heat_W=150, melting="{ at_degC = 28, latent_J = 400000 }")
    end = 192.929645 + 3636.363636 + 600
    result = solved(wax + node("base", held_degC=20) + tie("wax", "base", 5) + transient(end))
    found = result.summary()
    begins, ends = (one.time_s for one in found.network.events)
    assert begins == pytest.approx(192.929645, rel=1e-4)
    assert ends - begins == pytest.approx(3636.363636, rel=1e-4)
    assert result.record.temperatures()[-1][0] == pytest.approx(312.757936, abs=1e-3)
    assert found.network.molten == {"wax": 1.0}


def test_rack_of_120_kw():
    """The shipped rack: what its panels radiate is what chips draw, pumps add and panels absorb; both loops carry it."""
    found = simulate_network(load(cases.path("rack_120kw"), case="nominal")).summary()
    loops, flows = found.network.loops, found.network.flows_W
    pumps = loops["inner"].pump_W + loops["outer"].pump_W
    assert found.holds
    assert flows["outer.panels ~ space"] == pytest.approx(120000 + pumps + 55 * 336, rel=1e-6)
    assert flows["exchanger plate_exchanger"] == pytest.approx(120000 + loops["inner"].pump_W, rel=1e-6)
    assert loops["outer"].table_error < 1e-5
    assert found.first_law.closure < 1e-9
    assert found.power.load_mean_W == pytest.approx(120000 + pumps + 2000, rel=1e-6)


@pytest.mark.full
def test_rack_whose_outer_pump_stays_lost():
    """Without the spare ammonia boils in the exchanger within a minute of the stop at 20 s, and the run fails."""
    text = cases.path("rack_120kw").read_text(encoding="utf-8")
    spare = '"network.loops.outer.pump.starts_s" = 30\n'
    assert spare in text
    result = simulate_network(loads(text.replace(spare, ""), case="pump_lost"))
    boils = next(one.time for one in result.record.turned if one.name == "loop outer" and one.what.startswith("boils at exchanger"))
    assert 30.0 < boils < 80.0
    assert any("its fluid boils at exchanger" in said for said in result.failures)


def test_the_bus_over_an_orbit_of_a_network():
    """Heat that jumps and a thermostat that switches: the bus carries their energy of the orbit and the base load, not a heat pipe's."""
    over = "{ times_s = [0, 2000, 2000, 5000], heat_W = [200, 200, 20, 20] }"
    heater = table("heaters", name='"h"', node='"far"', power_W=60, on_below_degC=0, off_above_degC=5)
    nodes = node("box", capacity_J_K=3000, heat_over_time=over) + node("far", capacity_J_K=2000) + node("sink", held_degC=-40)
    bus = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nyears = 5\nbase_load_W = 15\n'
    pipe = table("heat_pipes", name='"p"', between='["box", "sink"]', conductance_W_K=4, temperatures_degC="[20]", limit_W="[1000]")
    result = solved(orbit(30) + nodes + pipe + tie("far", "sink", 0.5) + heater + bus)
    heat = result.record.by_name()
    drawn = (heat["heat box"] + heat["heater h"]) / result.record.duration
    assert heat["heater h"] > 0.0
    assert result.power.balance.mean(result.power.balance.load) == pytest.approx(drawn + 15, rel=1e-6)
    assert result.power.balance.load.max() > drawn + 50


@pytest.mark.parametrize("kind", ["periodic", "steady"])
def test_what_cools_gives_nothing_to_the_bus(kind):
    """10 W, and 200 W for 2000 s before 60 W are taken away: the bus carries 10 W and the mean of the 200 W."""
    over = "{ times_s = [0, 2000, 2000, 5000], heat_W = [200, 200, -60, -60] }"
    nodes = node("box", capacity_J_K=3000, heat_W=10, heat_over_time=over) + node("cooler", heat_W=-5) + node("sink", held_degC=-40)
    bus = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\narray_temperature_degC = 40\n'
    result = solved(orbit(30) + nodes + tie("box", "sink", 4) + tie("cooler", "sink", 4) + bus + f'[run]\nkind = "{kind}"\n')
    balance = result.power.balance
    assert balance.mean(balance.load) == pytest.approx(10 + 200 * 2000 / result.built.env.period, rel=1e-6)


def test_an_orbit_that_ends_within_a_cycle_says_by_how_much_its_heaters_are_off():
    """On 1946.86 s of 2457.32, 35.652 W; a period of 6000 s holds 2.44 cycles, and its mean less the heat that stays is that to 1 %."""
    heater = table("heaters", name='"h"', node='"box"', power_W=45, on_below_degC=-4, off_above_degC=2)
    nodes = node("box", capacity_J_K=3000) + node("wall", held_degC=-33.15) + tie("box", "wall", 1.1)
    result = solved("[network]\nperiod_s = 6000\n" + nodes + heater)
    record = result.record
    assert record.by_name()["heater h"] / record.duration == pytest.approx(37.3, abs=0.1)
    assert (record.by_name()["heater h"] - record.stored()) / record.duration == pytest.approx(35.652, rel=0.01)
    assert any("stores some 1.4 W: by so much heaters" in said for said in result.remarks)


def test_the_bus_over_the_last_orbit_of_a_transient():
    """Of a heater that is on all of the last orbit, and heat that ended before it, the bus carries the heater alone."""
    over = "{ times_s = [0, 3000, 3000], heat_W = [200, 200, 0] }"
    heater = table("heaters", name='"h"', node='"far"', power_W=60, on_below_degC=0, off_above_degC=5)
    nodes = node("box", capacity_J_K=3000, heat_over_time=over) + node("far", capacity_J_K=2000) + node("sink", held_degC=-40)
    bus = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nyears = 5\nbase_load_W = 15\n'
    run = '[run]\nkind = "transient"\norbits = 2.5\nstart_degC = 2\n'
    result = solved(orbit(30) + nodes + tie("box", "sink", 4) + tie("far", "sink", 2) + heater + bus + run)
    assert result.power.balance.load == pytest.approx(75.0, rel=1e-9)
