"""Who heats whom: every body's heat adds up, flows are those of closed forms, and the sums are those of the ledger."""

from dataclasses import replace

import numpy as np
import pytest
from case_text import orbit
from command.cli_runner import BENCH, FLYING, SIGMA, case

from heliorack import load, simulate
from heliorack.report.plots.of_exchange import heat_bands, heat_map, matrix
from heliorack.results.heat.conductors import between
from heliorack.results.heat.exchange import heat_flows
from heliorack.runfolder import heat_flows as file
from heliorack.runfolder import numbered

PANELS = (
    'title = "Two plates"\n'
    + orbit(30)
    + """
[[parts]]
name = "one"
kind = "plate"
width_mm = 200
length_mm = 200
thickness_mm = 4
material = "sheet"
coating = "z93"
mesh_mm = 100
heat_W = 20

[[parts]]
name = "other"
kind = "plate"
width_mm = 200
length_mm = 200
thickness_mm = 4
position_mm = [0, 0, 54]
material = "sheet"
coating = "z93"
mesh_mm = 100


[materials.sheet]
density_kg_m3 = 2700
specific_heat_J_kgK = 896
conductivity_W_mK = 1000
source = "test"
"""
)

BAR = """
[[parts]]
name = "{name}"
kind = "box"
size_mm = [200, 20, 20]
position_mm = [{x}, 0, 0]
material = "sheet"
coating = "insulated"
mesh_mm = 10
heat_W = 0.3
"""
BARS = (
    'title = "Two bars"\n'
    + BAR.format(name="one", x=0)
    + BAR.format(name="two", x=200)
    + """
[[contacts]]
between = ["one", "two"]
conductance_W_m2K = 5000

[[boundaries]]
kind = "film"
faces = "two:+z"
h_W_m2K = 5
fluid_degC = 10

[materials.sheet]
density_kg_m3 = 2700
specific_heat_J_kgK = 896
conductivity_W_mK = 50
source = "test"

[run]
kind = "steady"
"""
)


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Results by name, one of them steady."""
    folder = tmp_path_factory.mktemp("exchange")
    texts = {"bench": BENCH + '[run]\nkind = "steady"\n', "flying": FLYING}
    return {name: simulate(load(case(folder, text, f"{name}.toml"))) for name, text in texts.items()}


def test_a_steady_bench_balances_to_round_off(solved):
    """What comes into each body leaves it; the chip's heat leaves the server by its contact and its faces."""
    found = heat_flows(solved["bench"])
    assert max(abs(body.imbalance_W) for body in found.bodies) < 1e-6 * 40
    bodies = {body.name: body for body in found.bodies}
    flow = next(f for f in found.flows if {f.from_body, f.to_body} == {"plate", "server"})
    out = sum((f.conduction_W + f.radiation_W) * (f.from_body == "server") for f in found.flows)
    out -= sum((f.conduction_W + f.radiation_W) * (f.to_body == "server") for f in found.flows)
    assert bodies["server"].paths_W["compute"] == pytest.approx(40.0)
    assert out + bodies["server"].space_W == pytest.approx(40.0, abs=1e-4)
    assert flow.contact_W_K == pytest.approx(1000 * 0.1 * 0.1, rel=1e-6)
    assert 0 < flow.conductor_W_K < flow.contact_W_K  # with what spreads in the plate


def test_conductors_of_two_bars_are_those_of_their_means(tmp_path):
    """Two bars end to end, heat evenly in each: from mean to mean a third of each bar's length and the contact lie in series."""
    found = heat_flows(simulate(load(case(tmp_path, BARS))))
    (flow,) = found.flows
    area, length, k, contact = 0.02 * 0.02, 0.2, 50.0, 5000.0
    assert flow.conductor_W_K == pytest.approx(area / (2 * length / (3 * k) + 1 / contact), rel=5e-3)
    outside = {body.name: body.outside for body in found.bodies}
    assert outside["one"] == ()
    (film,) = outside["two"]
    assert (film.kind, film.value, film.degC) == ("GL", pytest.approx(5.0 * 0.2 * 0.02), pytest.approx(10.0))


def test_what_is_not_semidefinite_is_made_so():
    """Conductors that would lead heat from cold to hot lose that part; rows still add up to nothing."""
    answer = np.array([[1.0, 1.0, -3.0], [1.0, 2.0, -1.0], [-3.0, -1.0, 4.0]])
    across = between(answer)
    laplace, given = np.diag(across.sum(axis=1)) - across, answer - np.diag(np.diag(answer))
    assert np.linalg.eigvalsh(given - np.diag(given.sum(axis=1))).min() < -0.1
    assert np.linalg.eigvalsh(laplace).min() > -1e-12
    np.testing.assert_allclose(across, across.T)


def test_heat_over_time_keeps_its_means(solved):
    """Trapezoids over the few times that are kept: what every body takes in on the mean, to 1e-3 of the whole."""
    found = heat_flows(solved["flying"])
    times = np.array(found.times_s)
    assert times[0] == 0.0
    for body in found.bodies:
        mean = np.trapezoid(body.heat_W, times) / times[-1]
        assert mean == pytest.approx(sum(body.paths_W.values()), abs=1e-3 * 100)


def test_sums_over_bodies_are_those_of_the_ledger(solved):
    """Periodic: every path to 1e-6 of the throughput where time alone brings it, space and balance to the error of the kept moments."""
    result = solved["flying"]
    found = heat_flows(result)
    ledger = {path: heat / result.duration() for path, heat in result.heat.items()}
    scale = result.throughput / result.duration()
    for path in ("sun", "albedo", "earth_infrared", "compute"):
        assert sum(body.paths_W.get(path, 0.0) for body in found.bodies) == pytest.approx(ledger[path], abs=1e-6 * scale)
    assert sum(body.space_W for body in found.bodies) == pytest.approx(-ledger["space"], abs=1e-3 * scale)
    assert max(abs(body.imbalance_W) for body in found.bodies) < 2e-3 * scale


def test_radiation_between_plates_is_that_of_their_view(tmp_path):
    """Isothermal plates: net flow = sigma x exchange area x difference of the means of T^4; each sees as much of the other."""
    found = heat_flows(simulate(load(case(tmp_path, PANELS + '[run]\nkind = "steady"\n'))))
    (flow,) = found.flows
    one, other = found.bodies
    apart = (one.mean_degC + 273.15) ** 4 - (other.mean_degC + 273.15) ** 4
    assert flow.conduction_W == flow.contact_W_K == flow.conductor_W_K == 0.0
    assert flow.radiation_W == pytest.approx(SIGMA * flow.exchange_area_m2 * apart, rel=1e-3)
    assert flow.radiation_W > 0.5
    for body in found.bodies:
        assert body.space_W == pytest.approx(SIGMA * body.space_area_m2 * ((body.mean_degC + 273.15) ** 4 - body.space_K**4), rel=1e-3)


def test_written_and_read_back(solved, tmp_path):
    """The same figures; what is drawn is antisymmetric and says all of each source."""
    import json

    found = heat_flows(solved["flying"])
    (tmp_path / file.NAME).write_text(json.dumps(found.json()))
    assert file.read(tmp_path) == found
    assert file.read(tmp_path / "nowhere") is None
    assert numbered.plain(found)["bodies"][0]["name"] == "plate"
    labels, heat = matrix(found)
    np.testing.assert_allclose(heat, -heat.T)
    assert labels == ["plate", "server", "pack"]
    nodes = heat_bands(found, {})["data"][0]["node"]["label"]
    compute = sum(body.paths_W.get("compute", 0.0) for body in found.bodies)
    assert f"compute<br>{compute:.0f} W" in nodes
    assert heat_map(replace(found, bodies=found.bodies[:1], flows=())) is None
