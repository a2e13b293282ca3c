"""`heliorack run --loss`: what a named loss costs in kelvin and in delivered compute."""

import json
import re

import pytest
from case_text import box, orbit
from command.cli_runner import case, here, read
from command.powered import POWERED, changed
from command.test_size_survive import PIPED
from network_case import STEADY, node, table

pytestmark = pytest.mark.usefixtures("without_pictures")


def test_a_lost_pipe_costs_what_two_runs_differ_by(tmp_path):
    """Kelvin of the chip, with the pipe and with sheet in its place; the margin is what they leave, and nothing else moves the verdict."""
    path = case(tmp_path, PIPED)
    done = here("run", path, "-o", tmp_path / "run", "--loss", "radiator.pipe2", "--json")
    assert done.exit_code == 0, done.output
    (loss,) = json.loads(done.stdout)["losses"]
    gone = (
        'materials.gone={density_kg_m3=1000,specific_heat_J_kgK=1000,conductivity_W_mK=20,source="none"}',
        "parts.radiator.pipe_materials={pipe2='gone'}",
    )
    assert here("run", path, "-o", tmp_path / "gone", *(word for change in gone for word in ("--set", change))).exit_code == 0
    hot, hotter = (read(tmp_path / name)["parts"]["chip"]["max_degC"] for name in ("run", "gone"))
    assert loss["on"] == "chip max"
    assert loss["hotter_K"] == pytest.approx(hotter - hot, abs=0.02)
    assert loss["hotter_K"] > 5.0
    assert loss["margin_K"] == pytest.approx(loss["before_K"] - loss["hotter_K"])
    assert read(tmp_path / "run", "losses.json")["losses"] == [loss]
    (limit,) = (one for one in loss["limits"] if one["on"] == "chip" and one["side"] == "max")
    assert (limit["hotter_K"], limit["margin_K"]) == (loss["hotter_K"], loss["margin_K"])
    assert "What a loss costs" in (tmp_path / "run" / "report.html").read_text()


TIGHT = changed(POWERED, ("array_area_m2 = 0.75\n", "array_area_m2 = 0.28\n"))


def test_a_lost_string_sheds_compute(tmp_path):
    """One string of two leaves half of the light: what the bus lacks is compute that is not delivered, said in the closing lines."""
    done = here("run", case(tmp_path, TIGHT), "-o", tmp_path / "run", "--loss", "string=2,pack_cell=2")
    assert "what a loss costs" in done.stdout
    string, pack = read(tmp_path / "run", "losses.json")["losses"]
    assert string["delivered_before"] == pytest.approx(1.0)
    energy = read(tmp_path / "run")["delivered"]["chip"]["energy_Wh"]
    assert string["delivered"] == pytest.approx(max(1.0 - string["lacking_Wh"] / energy, 0.0), abs=0.02)
    assert string["delivered"] < 0.9
    assert any("is too small for the load" in said for said in string["failures"])
    assert "one string of 2: array: 0.28 m2 is too small for the load" in done.stdout
    assert pack["lost"] == "one battery string of 2"


def test_a_loss_that_matches_nothing_is_refused_before_anything_is_solved(tmp_path):
    done = here("run", case(tmp_path, TIGHT), "-o", tmp_path / "run", "--loss", "heat_pipe,sever")
    assert done.exit_code == 2
    assert "the case has no heat pipe that could fail" in done.stderr
    assert re.search(r"sever +matches nothing that could fail; give heat_pipe, pump, string", done.stderr)
    assert not (tmp_path / "run").exists()


STRANDED = (
    "[network.fluids.coolant]\ndensity_kg_m3 = 600\nspecific_heat_J_kgK = 4750\nfreezing_degC = -90\nboiling_degC = 120\n"
    + table(
        "loops",
        name='"inner"',
        fluid='"coolant"',
        pump="{ flow_kg_s = 0.1 }",
        segments='[{ name = "plate", length_m = 1, diameter_mm = 10, node = "plate", film_W_m2K = 2000, cells = 2 }, { name = "tube", '
        "length_m = 5, diameter_mm = 10, isothermal = true, cells = 30, radiates = { emittance = 0.9, perimeter_m = 2 } }]",
    )
    + node("plate", capacity_J_K=2000, heat_W=2500)
    + '[[limits]]\non = "plate"\nmax_degC = 60\n[margins]\nuncertainty_K = 0\n'
    + STEADY
)
SIZED = (
    '[size.vary]\n"network.loops.inner.segments.tube.length_m" = { from = 2, to = 8 }\n'
    '[size.per]\n"network.loops.inner.segments.tube.length_m" = 3\n'
)


def test_the_last_pump_with_no_other_way_for_heat(tmp_path):
    """Plate and fluid at rest in its tubes warm up by Q/C: the moment of the limit from the state before, in run, loss and size.

    2000 J/K of the plate and 600 x 4750 x pi/4 x 0.01^2 = 223.84 J/K of a metre of fluid, which lags by its film: 2000 x pi x 0.01 W/K.
    """
    path = case(tmp_path, STRANDED)
    done = here("run", path, "-o", tmp_path / "run", "--loss", "pump", "--json")
    assert done.exit_code == 1, done.output
    assert read(tmp_path / "run")["holds"]
    (loss,) = json.loads(done.stdout)["losses"]
    (said,) = loss["failures"]
    summary = read(tmp_path / "run")
    plate, fluid = summary["parts"]["plate"]["max_degC"], summary["network"]["loops"]["inner"]["segments"]["plate"]["temperature_degC"]
    lag = 223.84 * 2500.0 / 2223.84 / 62.83
    taken = 2000.0 * (60.0 - plate) + 223.84 * (60.0 - lag - sum(fluid) / 2)
    found = float(said.partition("plate passes its max limit of 60.0 degC")[2].partition(") ")[2].split(" s after")[0])
    assert found == pytest.approx(taken / 2500.0, rel=2e-3)
    assert said.startswith("without the pump of inner nothing settles: plate, inner.plate: no way to a sink")
    assert (loss["on"], loss["margin_K"]) == ("plate max", None)
    assert loss["before_K"] == pytest.approx(60.0 - plate)
    gone = here("run", path, "-o", tmp_path / "gone", "--set", "network.loops.inner.pump.failed=1")
    assert gone.exit_code == 1
    assert said.splitlines()[-1] in gone.stderr
    sized = here("size", case(tmp_path, STRANDED + SIZED), "-o", tmp_path / "size", "--survive", "pump")
    assert sized.exit_code == 1
    assert "INFEASIBLE: the design does not survive what is lost. lost_pump_inner: without the pump of inner" in sized.stderr


def test_the_last_pump_of_a_plate_on_the_mesh(tmp_path):
    """40 W into 87.1 J/K of an insulated box of aluminium: a failed result with what it warms by, exit 1, not a malformed question."""
    segment = "length_m = 0.5, diameter_mm = 6, film_W_m2K = 1000, cells = 2"
    text = (
        box("chip", (60, 60, 10), coating="insulated", mesh=60, more="heat_W = 40\n")
        + box("panel", (400, 400, 4), at=(0, 0, 50), mesh=200)
        + "[environment]\nsink_K = 3\n[network.fluids.oil]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\n"
        + table(
            "loops",
            name='"ring"',
            fluid='"oil"',
            pump="{ flow_kg_s = 0.01 }",
            segments=f'[{{ name = "a", faces = "chip:-z", {segment} }}, {{ name = "b", faces = "panel:-z", {segment} }}]',
        )
        + STEADY
    )
    path = case(tmp_path, text)
    done = here("run", path, "-o", tmp_path / "run", "--loss", "ring.pump", "--json")
    assert done.exit_code == 1, done.output
    (loss,) = json.loads(done.stdout)["losses"]
    assert "the pump of ring nothing settles: ring.a: no way to a sink" in loss["failures"][0]
    assert "chip: 40 W into 87.09 J/K, 0.459 K/s: 2.18 s for each kelvin" in loss["failures"][0]
    gone = here("run", path, "-o", tmp_path / "gone", "--set", "network.loops.ring.pump.failed=1")
    assert gone.exit_code == 1
    assert "2.18 s for each kelvin" in gone.stderr


def test_lost_pointing_empties_the_battery(tmp_path):
    """Cells that look down have the Sun behind the terminator alone; frozen as at noon never again, and the battery lasts E / P."""
    bus = """
[power]
cell = "azur_3g30"
battery = "lg_mj1"
array_area_m2 = 0.9
array_faces = "panel:+z"
pack_capacity_Wh = 20
base_load_W = 3
sized_at = "own_date"
years = 0.1
battery_to_load = 1.0
discharge_efficiency = 1.0
"""
    panel = box("panel", (1000, 1000, 10), mesh=500, more='coatings = { "+z" = "gaas_cells" }\n')
    path = case(tmp_path, panel + orbit(0, preset="mean") + bus)
    done = here("run", path, "-o", tmp_path / "run", "--loss", "sun_pointing", "--json")
    (loss,) = json.loads(done.stdout)["losses"]
    assert done.exit_code == 1, done.output
    assert not read(tmp_path / "run")["failures"]
    assert loss["lost"] == "Sun pointing for 5 revolutions, the body frozen among the stars"
    (said,) = loss["failures"]
    left, lacks = (float(said.partition(word)[2].split()[0]) for word in ("empty at t = ", "and "))
    period = read(tmp_path / "run")["orbit"]["period_s"]
    assert lacks == pytest.approx(3 * (5 * period - left) / 3600, rel=1e-3)
    share = float(loss["battery"].removeprefix("battery ").split()[0]) / 100
    assert left == pytest.approx(share * 20 * 3600 / 3, rel=0.01)  # of a share in whole per cent
    assert "battery 0 %" not in loss["battery"]
    gone = here("run", path, "-o", tmp_path / "turn", "--set", "pointing_loss={lost_s=0}", "--loss", "sun_pointing")
    assert gone.exit_code == 2
    assert 'belongs to run.kind = "transient"' in gone.stderr
