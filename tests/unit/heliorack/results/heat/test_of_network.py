"""Who heats whom in nodes and loops: every body's heat adds up to the ledger's precision, and the conductors give the run again."""

from itertools import pairwise

import numpy as np
import pytest
from case_text import orbit
from network_case import STEADY, glow, node, solved, table, tie, transient

from heliorack.case.case import loads
from heliorack.export.conductor_network import lumped
from heliorack.export.network_case import case_text
from heliorack.report.plots.of_exchange import heat_bands, heat_map
from heliorack.results.heat.of_network import network_flows
from heliorack.run.network_run import simulate_network
from thermal.network.record import CLOSURE_LIMIT

FACE = '[[network.nodes.faces]]\narea_m2 = 0.3\nnormal = [0, 0, 1]\ncoating = "z93"\n'
LOOP = """
[network.fluids.fixed]
density_kg_m3 = 1000
specific_heat_J_kgK = 4000
[[network.loops]]
name = "cool"
fluid = "fixed"
pump = { flow_kg_s = 0.02, efficiency = 0.01 }
segments = [
  { name = "plate", length_m = 1, diameter_mm = 6, node = "plate", film_W_m2K = 4000, cells = 4 },
  { name = "tubes", length_m = 4, diameter_mm = 6, cells = 8, film_W_m2K = 3000, radiates = { emittance = 0.9, perimeter_m = 0.4 } },
]
"""
EVERYTHING = (
    orbit(30)
    + node("chip", capacity_J_K=900, heat_W=100)
    + node("plate", capacity_J_K=2000)
    + node("spreader", capacity_J_K=700)
    + node("shade", capacity_J_K=4000)
    + FACE
    + node("cold", capacity_J_K=800, heat_W=12)
    + node("wall", held_degC=5)
    + tie("chip", "plate", 8)
    + tie("cold", "wall", 0.4)
    + glow("chip", "shade", 0.02)
    + table("heaters", name='"warm"', node='"shade"', power_W=40, on_below_degC=-20, off_above_degC=-15)
    + table("heat_pipes", name='"pipe"', between='["chip", "spreader"]', conductance_W_K=5, temperatures_degC="[0, 60]", limit_W="[40, 20]")
    + tie("spreader", "shade", 0.6)
    + table("heat_pumps", name='"lift"', between='["cold", "shade"]', evaporates_degC=2, evaporator_W_K=3, fraction_of_carnot=0.5)
    + LOOP
)


RUNS = {"periodic": "", "steady": STEADY, "transient": transient(4000)}


@pytest.fixture(scope="module")
def results():
    """Everything, solved as each kind of run."""
    return {kind: solved(EVERYTHING + run) for kind, run in RUNS.items()}


@pytest.mark.parametrize("run", RUNS)
def test_rows_add_up_to_the_precision_of_the_ledger(results, run):
    """Of every body: what comes in, less what goes to others, to space and into store; and of all the ledger's paths, space and store."""
    result = results[run]
    found, record = network_flows(result), result.record
    names = [body.name for body in found.bodies]
    assert set(names) == {"chip", "plate", "spreader", "shade", "cold", "loop cool", "panels of cool.tubes"}
    heat = np.zeros((len(names), len(names)))
    for flow in found.flows:
        i, j = names.index(flow.from_body), names.index(flow.to_body)
        heat[i, j] += flow.conduction_W + flow.radiation_W
        heat[j, i] -= flow.conduction_W + flow.radiation_W
    left = [sum(b.paths_W.values()) - b.space_W - row.sum() - b.stored_W for b, row in zip(found.bodies, heat, strict=True)]
    assert np.abs(left).max() <= CLOSURE_LIMIT * record.throughput() / record.duration
    np.testing.assert_allclose([b.imbalance_W for b in found.bodies], left, atol=1e-9)
    border = sum(record.by_path().values()) / record.duration
    assert sum(sum(b.paths_W.values()) - b.space_W for b in found.bodies) == pytest.approx(border, abs=1e-9 * record.throughput())
    assert sum(b.stored_W for b in found.bodies) == pytest.approx(record.stored() / record.duration, abs=1e-6)
    by_name = {path: q / record.duration for path, q in record.by_name().items()}
    known = {(f.from_body, f.to_body): f for f in found.flows}
    assert known["chip", "plate"].conduction_W == pytest.approx(by_name["chip - plate"])
    assert known["chip", "plate"].conductor_W_K == known["chip", "plate"].contact_W_K == 8.0
    assert known["chip", "shade"].radiation_W == pytest.approx(by_name["chip ~ shade"])
    assert known["chip", "shade"].exchange_area_m2 == pytest.approx(0.02)
    assert known["cold", "shade"].given_W == pytest.approx(by_name["heat pump lift"])


@pytest.mark.parametrize("run", ["periodic", "transient"])
def test_heat_over_time_keeps_its_means(results, run):
    """Trapezoids over the times that are kept: what is given to every body on the mean, to 1e-3."""
    found = network_flows(results[run])
    times = np.array(found.times_s)
    given = {"heat", "sun", "albedo", "earth_infrared", "pumps", "compressors", "heaters"}
    pumped = {b.name: sum(f.given_W * ((f.to_body == b.name) - (f.from_body == b.name)) for f in found.flows) for b in found.bodies}
    for body in found.bodies:
        mean = np.trapezoid(body.heat_W, times) / times[-1]
        wanted = sum(value for path, value in body.paths_W.items() if path in given) + pumped[body.name]
        assert mean == pytest.approx(wanted, rel=2e-3, abs=0.02)


def test_exported_conductors_give_the_steady_state_again(results):
    """Nodes, loops, heat pipe at its limit and heat pump as GL, GR and given heat: every mean temperature to 0.01 K."""
    found = network_flows(results["steady"])
    again = simulate_network(loads(case_text(lumped(found, "again", "steady"))))
    means = {name: again.record.temperatures()[-1, row] - 273.15 for name, row in again.built.nodes.items()}
    for body in found.bodies:
        assert means[body.name.replace(" ", "_").replace(".", "_")] == pytest.approx(body.mean_degC, abs=0.01)


def test_report_draws_it_and_gathers_what_is_too_much_to_read():
    """A chain of 60 nodes: the largest stand by name, the others as one; nothing of the heat between them is lost."""
    chain = "".join(node(f"{'abcdef'[i % 6]}{'uvwxyz'[i // 6 % 6]}{'kl'[i // 36]}", capacity_J_K=10, heat_W=1) for i in range(60))
    names = [line.split('"')[1] for line in chain.splitlines() if line.startswith("name")]
    ties = "".join(tie(a, b, 5) for a, b in pairwise(names)) + node("sink", held_degC=0) + tie(names[-1], "sink", 5)
    found = network_flows(solved(chain + ties + STEADY))
    drawn, bands = heat_map(found), heat_bands(found, {})
    cells = drawn["data"][0]
    assert len(cells["y"]) < 45
    assert sum("others" in label for label in cells["y"]) == 1
    assert cells["x"][-1] == "sink"
    assert sum(row[-1] for row in cells["customdata"]) == pytest.approx(60.0, abs=1e-3)
    assert bands is not None
