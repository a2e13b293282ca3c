"""A case with parts and a network: loops and films on faces of a meshed plate, through the whole chain."""

from pathlib import Path

import numpy as np
import pytest
from bodies import alone
from case_text import box, orbit

import cases
from heliorack.case.case import load, loads
from heliorack.results.heat.exchange import heat_flows
from heliorack.run.simulate import simulate

HEAT, FLOW, CP, FILM = 200.0, 0.01, 4000.0, 800.0
PLATE = box("plate", (300, 100, 6), coating="insulated", mesh=25, more=f"heat_W = {HEAT}")
RUN = f"""
[network.fluids.plain]
density_kg_m3 = 1000
specific_heat_J_kgK = {CP}
[[network.nodes]]
name = "inlet"
held_degC = 20
[[network.loops]]
name = "coolant"
fluid = "plain"
inlet = "inlet"
pump = {{ flow_kg_s = {FLOW} }}
segments = [ {{ name = "tube", length_m = 0.3, diameter_mm = 5, tubes = 4, film_W_m2K = {FILM}, faces = "plate:+z", along = [1, 0, 0] }} ]
"""
BUS = (
    box("panel", (500, 500, 3), (0, 0, 300), coating="insulated", mesh=250, more='coatings = { "+z" = "z93" }')
    + """
[network.fluids.plain]
density_kg_m3 = 1000
specific_heat_J_kgK = 4000
[[network.nodes]]
name = "shelf"
capacity_J_K = 400
heat_W = 30
[[network.films]]
node = "shelf"
faces = "plate:-z"
conductance_W_m2K = 200
[[network.loops]]
name = "coolant"
fluid = "plain"
pump = { flow_kg_s = 0.02, efficiency = 0.0005 }
segments = [
    { name = "tube", length_m = 0.3, diameter_mm = 4, film_W_m2K = 900, faces = "plate:+z", cells = 3 },
    { name = "panel", length_m = 0.5, diameter_mm = 4, film_W_m2K = 900, faces = "panel:-z", cells = 3 },
]
[power]
cell = "azur_3g30"
battery = "lg_mj1"
years = 5
base_load_W = 20
"""
)
WETTED = 4 * np.pi * 5e-3 * 0.3
STEADY = '[run]\nkind = "steady"\n'


def solved(text, *overrides):
    """Result of a case text on this process."""
    return simulate(loads(f'title = "plate"\n{text}', overrides), alone())


def told(result, within):
    """Bodies and heat from one to another of a result; what comes to each and leaves it is the same within so many watts."""
    found = heat_flows(result)
    assert max(abs(body.imbalance_W) for body in found.bodies) < within
    return {body.name: body for body in found.bodies}, {(f.from_body, f.to_body): f.conduction_W + f.radiation_W for f in found.flows}


def on_top(result, x):
    """Temperatures of the nodes of the cooled face at a place along the plate [K]."""
    points = result.body.assembly.points
    return result.solution.end[np.isclose(points[:, 0], points[:, 0].min() + x) & np.isclose(points[:, 2], points[:, 2].max())]


def test_coolant_takes_all_heat_of_its_plate():
    """An insulated plate of 200 W on 0.01 kg/s of 4000 J/kgK: the outlet is 5 K above the inlet, to 1e-9 of the heat; both sides close."""
    result = solved(PLATE + RUN + STEADY)
    network = result.summary().network
    tube = network.loops["coolant"].segments["tube"]
    assert tube.temperature_degC[-1] == pytest.approx(20.0 + HEAT / (FLOW * CP), abs=1e-7)
    assert network.flows_W["coolant.tube - plate:+z"] == pytest.approx(-HEAT, rel=1e-9)
    assert result.heat["coolant.tube - plate:+z"] == pytest.approx(-HEAT, rel=1e-9)
    assert result.closure < 1e-9
    assert result.network.record.closure() < 1e-9
    assert not result.failures
    bodies, flows = told(result, 1e-9 * HEAT)
    assert flows["loop coolant", "plate"] == pytest.approx(-HEAT, rel=1e-9)
    assert bodies["loop coolant"].paths_W["outlet"] == pytest.approx(-HEAT, rel=1e-9)


@pytest.mark.parametrize("way", [1, -1])
def test_walls_warm_along_the_flow(way):
    """A thin plate that hardly conducts is q/h above the coolant beside it, which warms evenly along: to 0.15 K of 13.3 and 5 K."""
    poor = "[materials.poor]\ndensity_kg_m3 = 2000\nspecific_heat_J_kgK = 900\nconductivity_W_mK = 5\nsource = 'test'\n"
    thin = PLATE.replace("al_6061", "poor").replace("100, 6]", "100, 2]")
    result = solved(thin + poor + RUN.replace("[1, 0, 0]", f"[{way}, 0, 0]") + STEADY)
    rise, above = HEAT / (FLOW * CP), HEAT / (FILM * WETTED)
    for x in (0.1, 0.2):
        share = x / 0.3 if way > 0 else 1 - x / 0.3
        assert on_top(result, x).mean() - 293.15 == pytest.approx(above + share * rise, abs=0.15)


def test_a_plate_whose_pump_stops():
    """It warms by its heat over the heat capacity of plate and coolant at rest, to 0.1 %, from the state that flow has left."""
    stops = RUN.replace("flow_kg_s = 0.01", "flow_kg_s = 0.01, stops_s = 300")
    result = solved(PLATE + stops + '[run]\nkind = "transient"\nduration_s = 900\nstart_degC = 20\n')
    history, metal = result.solution.history, result.case.materials["al_6061"]
    late = history.times >= 600
    slope = np.polyfit(history.times[late], history.mean[late, 0], 1)[0]
    capacity = metal.density * metal.specific_heat * 0.3 * 0.1 * 0.006 + 4 * np.pi / 4 * 5e-3**2 * 0.3 * 1000 * CP
    assert slope == pytest.approx(HEAT / capacity, rel=1e-3)
    assert result.closure < 1e-9
    assert result.network.record.closure() < 1e-9


def test_a_node_behind_a_pad():
    """A node tied by 500 W/m2K to the plate's top and by 2 W/K to a boundary at 20 degC: temperatures in series; limits stand on both."""
    network = """
[[network.nodes]]
name = "shelf"
[[network.nodes]]
name = "bay"
held_degC = 20
[[network.conductors]]
between = ["shelf", "bay"]
conductance_W_K = 5
[[network.films]]
node = "shelf"
faces = "plate:+z"
conductance_W_m2K = 500
[[limits]]
on = "shelf"
max_degC = 70
[[limits]]
on = "plate"
max_degC = 70
"""
    result = solved(PLATE + network + STEADY)
    summary = result.summary()
    assert summary.parts["shelf"].mean_degC == pytest.approx(20 + HEAT / 5, abs=1e-6)
    assert summary.parts["plate"].mean_degC == pytest.approx(20 + HEAT / 5 + HEAT / (500 * 0.03), abs=0.2)
    assert [(limit.on, limit.holds) for limit in summary.limits] == [("plate", False), ("shelf", True)]
    assert any(said.startswith("plate: predicted") for said in result.failures)


def test_pump_and_heated_node_on_the_bus():
    """Periodic in three orbits, with [power]: the bus carries plate, base load, pump and node; the satellite's ledger has the network."""
    result = solved(orbit(40) + PLATE.replace("heat_W = 200.0", "heat_W = 80") + BUS)
    pump = result.summary().network.loops["coolant"].pump_W
    assert pump > 20.0
    drawn = result.loads.electrical()
    assert np.trapezoid(drawn, result.loads.times) / np.ptp(result.loads.times) == pytest.approx(80 + 30 + pump, rel=2e-3)
    assert result.power.balance.mean(result.power.balance.load) == pytest.approx(80 + 30 + 20 + pump, rel=2e-3)
    assert result.solution.periodic.orbits <= 3
    assert result.satellite.closes
    assert result.network.record.closure() < 1e-9
    bodies, flows = told(result, 1e-4 * (80 + 30 + pump))
    assert bodies["loop coolant"].paths_W["pumps"] == pytest.approx(pump, rel=2e-3)
    assert flows["shelf", "plate"] == pytest.approx(30.0, rel=1e-4)
    assert flows["loop coolant", "plate"] == pytest.approx(-110.0, rel=1e-4)
    mean = np.trapezoid(bodies["loop coolant"].heat_W, heat_flows(result).times_s) / np.ptp(result.solution.history.times)
    assert mean == pytest.approx(pump, rel=2e-3)


def test_the_bus_of_a_steady_state():
    """It carries what pump and heater draw in that state, not where the solve began: a heater that is off there draws nothing."""
    heater = '[[network.heaters]]\nname = "h"\nnode = "shelf"\npower_W = 60\non_below_degC = 45\noff_above_degC = 50\n'
    weak = BUS.replace("0.0005", "0.05").replace("[[network.loops]]", f"{heater}[[network.loops]]")
    result = solved(orbit(40) + PLATE.replace("heat_W = 200.0", "heat_W = 80") + weak + STEADY)
    network = result.summary().network
    assert network.heaters["h"].mean_W == 0.0
    drawn = 80 + 30 + 20 + network.loops["coolant"].pump_W
    assert result.power.balance.mean(result.power.balance.load) == pytest.approx(drawn, rel=1e-9)


@pytest.mark.full
def test_the_shipped_tray_on_its_loop():
    """`cases/gpu_tray_loop.toml` at full load: the loop carries 2800 W with 0.12 kg/s, the bus 2860 W and the pump, and all limits hold."""
    result = simulate(load(cases.path("gpu_tray_loop"), case="full_load"), alone())
    summary = result.summary()
    coolant = summary.network.loops["coolant"]
    tube = coolant.segments["plate"].temperature_degC
    assert result.heat["coolant.plate - cold_plate:+z"] / result.duration() == pytest.approx(-2800.0, rel=1e-5)
    assert tube[-1] - coolant.segments["back"].temperature_degC[-1] == pytest.approx(2800 / (0.12 * 3450), rel=0.05)
    assert 5.0 < coolant.pump_W < 20.0
    assert np.mean(result.loads.electrical()) + 60 == pytest.approx(2860 + coolant.pump_W, abs=1.0)
    assert summary.holds
    panel = summary.parts["panel"]
    page = (Path(__file__).parents[2] / "docs" / "how_to.md").read_text(encoding="utf-8")
    assert f"| {panel.max_degC - panel.min_degC:.0f} K, as the glycol cools |" in page
    assert f"| {coolant.pump_W:.0f} W of pump, {coolant.pressure_drop_Pa / 1e3:.0f} kPa, " in page


def test_the_bus_of_a_transient():
    """A pump that stops in the first orbit draws nothing in the last, in which the bus has the plate, the node and its own base load."""
    still = BUS.replace("efficiency = 0.0005", "efficiency = 0.0005, stops_s = 5000")
    run = '[run]\nkind = "transient"\norbits = 2.1\nstart_degC = 20\n'
    result = solved(orbit(40) + PLATE.replace("heat_W = 200.0", "heat_W = 80") + still + run)
    assert result.power.balance.mean(result.power.balance.load) == pytest.approx(80 + 30 + 20, rel=1e-6)
    assert max(result.network.built.power(0.0, result.network.record.states[0]), 0.0) > 50.0
