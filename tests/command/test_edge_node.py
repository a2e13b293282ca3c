"""edge_node end to end: one command, four load cases, run folders that are complete in themselves."""

import csv
import hashlib
import json
import re
from pathlib import Path

import lumped
import numpy as np
import pytest
from browser import Report, chromium, shades
from command.cli_runner import EDGE, apart, command, extremes, here, read

from heliorack.case.case import load
from heliorack.report.html import write_report
from heliorack.run.network_run import simulate_network
from heliorack.runfolder import heat_flows

pytestmark = [pytest.mark.xdist_group("edge_node"), pytest.mark.usefixtures("without_pictures")]

LOAD_CASES = ["hot_operational", "cold_operational", "cold_survival", "safe_mode"]
OF_ALL = {"summary.json", "manifest.json", "report.html", "picture.png", "orbit.png"}
OF_ONE = {*OF_ALL, "surface.vtp", "heat_flows.json", "power.json", "case.toml", "history.csv", "fields.pvd", "state.npz"}
TOLERANCE = 0.05  #: K; of the case


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """All load cases, through the command line in a process of its own: the folder, and what was said."""
    target = tmp_path_factory.mktemp("edge") / "run"
    done = command("run", EDGE, "-o", target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "HOLDS: every limit is kept in all 4 load cases" in done.stdout
    return target, done.stdout


@pytest.fixture(scope="module")
def folder(ran):
    return ran[0]


def test_the_readme_says_what_a_run_says(ran):
    """Its block of closing lines to the last digit (python docs/build.py --all), but for closures, which are the machine's round-off."""

    def lines(text):
        return re.sub(r"closure \de-\d+", "closure", text).splitlines()

    folder, said = ran
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- result: begin[^>]*-->\s*```text\n(.*?)\n```", readme, re.DOTALL)[1]
    expected, found = lines(block.replace("out/edge_node", str(folder))), lines(said)
    assert expected == found[found.index(expected[0]) :][: len(expected)]


def test_one_array_and_one_battery_live_through_every_year(folder):
    """All four load cases fly the same, sized at the worst date and the end of five years, and no year of any lacks load or depth."""
    whole = read(folder)["sizes"]
    assert (whole["array_in"], whole["pack_in"], whole["life"]) == ("hot_operational", "cold_operational", "eol")
    for at in ("array_at", "pack_at"):
        assert whole[at]["solar_W_m2"] == pytest.approx(1316.6, abs=0.2)
        assert all(whole[at]["eclipse_min"] > read(folder / name)["orbit"]["shadow_equivalent_s"] / 60 for name in LOAD_CASES)
    for name in LOAD_CASES:
        power, rows = read(folder / name)["power"], read(folder / name, "power.json")["years"]["rows"]
        assert power["array_area_m2"] == whole["array_area_m2"]
        assert power["pack_capacity_Wh"] == whole["pack_capacity_Wh"]
        assert [row["year"] for row in rows] == [1, 2, 3, 4, 5]
        assert all(row["unserved_Wh"] == 0.0 and row["depth_of_discharge"] <= 0.3 * 1.005 for row in rows)


def test_folders_are_whole(folder):
    """Envelope above, one complete run folder per load case, nothing else."""
    assert {path.name for path in folder.iterdir()} == {*OF_ALL, *LOAD_CASES}
    for name in LOAD_CASES:
        assert {path.name for path in (folder / name).iterdir()} == {*OF_ONE, "fields"}
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_pictures_and_report_are_what_they_say(folder):
    """PNG by their first bytes; the report names every part."""
    for place in (folder, *(folder / name for name in LOAD_CASES)):
        for name in ("picture.png", "orbit.png"):
            assert (place / name).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        report = (place / "report.html").read_text(encoding="utf-8")
        assert all(part in report for part in read(folder)["parts"])


def test_the_report_works_in_a_browser(folder):
    """Drawn without an error and without asking for anything; slider, field and load case change the body; dark, and on paper."""
    with chromium() as driver:
        page = Report(driver, folder / "report.html")
        curves, body = page.picture("#time-plot"), page.picture("#body-plot")
        assert shades(curves) > 50
        assert shades(body) > 200
        assert driver.execute_script("return document.querySelectorAll('#time-plot .scatterlayer .trace').length") >= 8
        assert driver.execute_script("return document.querySelectorAll('.sankey-link').length") >= 8
        page.choose("#body-case", LOAD_CASES.index("cold_survival"))
        cold = page.changes("#body-plot", body, 0.05)
        page.choose("#body-field", 1)  # direct sunlight
        page.choose("#body-time", 0)
        lit = page.changes("#body-plot", cold, 0.05)
        page.choose("#body-time", int(driver.execute_script("return document.querySelector('#body-time').max")) // 2)
        page.changes("#body-plot", lit, 0.002)  # in eclipse; in sunlight it is nearly edge-on
        page.scheme("dark")
        assert page.picture("#answer").mean() < 80 < 200 < body.mean()
        text = page.printed()
        assert "Holds every limit in all 4 load cases" in text
        assert re.search(r"battery, max 45.0 degC: predicted \d+\.\d degC, 2\.\d K left \(hot_operational\)", text.replace("\n", " "))
        assert page.severe() == []
        assert {address.split(":")[0] for address in page.asked()} <= {"file", "data", "blob"}


def test_the_report_written_anew_is_the_same(folder, tmp_path):
    """Byte for byte, of the set and of one of its load cases, although the folder has been renamed since."""
    for place in (folder, folder / "safe_mode"):
        write_report(place, tmp_path / "again.html")
        assert (tmp_path / "again.html").read_bytes() == (place / "report.html").read_bytes()
        assert (tmp_path / "again.html").stat().st_size < 8e6


def test_manifests_say_how(folder):
    """Versions, hash of the case file, seeds, solver, wall time and ledger; of the set and of each case."""
    digest = hashlib.sha256(EDGE.read_bytes()).hexdigest()
    for place in (folder, *(folder / name for name in LOAD_CASES)):
        manifest = read(place, "manifest.json")
        assert {"python", "numpy", "gmsh", "heliorack"} <= set(manifest["versions"])
        assert manifest["hashes"] == {"edge_node.toml": digest}
        assert manifest["wall_time_s"] > 0
        assert {"seeds", "solver", "first_law", "holds"} <= set(manifest)
    assert read(folder, "manifest.json")["load_cases"] == LOAD_CASES
    assert read(folder / "safe_mode", "manifest.json")["solver"]["tolerance"] == TOLERANCE


@pytest.mark.parametrize("name", LOAD_CASES)
def test_solve_is_sound(folder, name):
    """First law closed to 1e-9 of the throughput, periodic state to half the tolerance, assumptions said."""
    found = read(folder / name)
    assert found["case"] == name
    assert found["first_law"]["closure"] < 1e-9
    assert found["periodic"]["converged"]
    assert found["periodic"]["estimated_error_K"] <= TOLERANCE / 2
    assert found["radiation"]["closure"]["rows_after"] < 1e-9
    assert found["radiation"]["temperature_error_K"] < 0.2


def test_envelope_is_that_of_the_cases(folder):
    """Extremes, and the cases that they come from."""
    whole, cases = read(folder), {name: read(folder / name) for name in LOAD_CASES}
    for part, figures in whole["parts"].items():
        low = {name: found["parts"][part]["min_degC"] for name, found in cases.items()}
        high = {name: found["parts"][part]["max_degC"] for name, found in cases.items()}
        assert figures["min_degC"] == min(low.values()) == low[figures["min_in"]]
        assert figures["max_degC"] == max(high.values()) == high[figures["max_in"]]
    assert whole["hottest_case"] == "hot_operational"
    assert (folder / "picture.png").read_bytes() == (folder / "hot_operational" / "picture.png").read_bytes()
    assert set(whole["assumptions"]) == {said for found in cases.values() for said in found["assumptions"]}


def test_survival_is_judged_as_survival(folder):
    """Off in cold_survival: compute and power stage, held by heaters above survival limits; everywhere else by operating ones."""
    off = {"module1", "module2", "module3", "module4", "power_stage"}
    for name in LOAD_CASES:
        found = read(folder / name)
        survival = {limit["on"] for limit in found["limits"] if limit.get("mode") == "survival"}
        assert survival == (off if name == "cold_survival" else set())
    cold = read(folder / "cold_survival")
    assert cold["heat_W"]["compute"] == cold["heat_W"].get("equipment", 0) == 0
    assert 60 < cold["heat_W"]["heaters"] < 150
    assert all(cold["parts"][part]["min_degC"] > -50 for part in off)


def test_margin_is_the_tightest_of_the_cases(folder):
    """Of every limit, with its case."""
    cases = {name: read(folder / name)["limits"] for name in LOAD_CASES}
    for limit in read(folder)["limits"]:
        same = {
            name: each["margin_K"]
            for name, limits in cases.items()
            for each in limits
            if all(each.get(key) == limit.get(key) for key in ("on", "at", "side", "mode"))
        }
        assert limit["margin_K"] == min(same.values()) == same[limit["in"]]


def test_history_holds_the_extremes_of_the_summary(folder):
    """Columns with units, from 0 to one period; no sample beyond the extremes, and nearly up to them."""
    place = folder / "hot_operational"
    summary = read(place)
    with (place / "history.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    assert {"time_s", "sunlight_-", "load_W", "array_drawn_W", "state_of_charge_-"} <= set(columns)
    assert columns["time_s"][[0, -1]] == pytest.approx([0.0, summary["orbit"]["period_s"]], rel=1e-8)
    for part, figures in summary["parts"].items():
        assert columns[f"{part} max_degC"].max() == pytest.approx(figures["max_degC"], abs=TOLERANCE)
        assert columns[f"{part} min_degC"].min() == pytest.approx(figures["min_degC"], abs=TOLERANCE)
        assert (columns[f"{part} min_degC"] <= columns[f"{part} mean_degC"]).all()


def test_fields_open_in_pyvista_with_their_times(folder):
    """One grid per kept moment, temperatures within the part's extremes."""
    import pyvista

    place = folder / "hot_operational"
    summary = read(place)
    reader = pyvista.get_reader(place / "fields.pvd")
    assert reader.time_values[0] == 0.0
    assert reader.time_values[-1] == pytest.approx(summary["orbit"]["period_s"], rel=1e-8)
    assert len(reader.time_values) == len(list((place / "fields").iterdir()))
    reader.set_active_time_value(reader.time_values[len(reader.time_values) // 2])
    grid = reader.read()[0]
    assert (grid.n_points, grid.n_cells) == (summary["nodes"], summary["cells"])
    assert list(grid.field_data["part_names"]) == list(summary["parts"])
    T = grid.point_data["temperature_degC"]
    assert T.min() >= min(part["min_degC"] for part in summary["parts"].values()) - TOLERANCE
    assert T.max() <= max(part["max_degC"] for part in summary["parts"].values()) + TOLERANCE


def test_state_is_the_end_of_the_orbit(folder):
    """Kelvin by node, with the nodes' places."""
    state, summary = np.load(folder / "hot_operational" / "state.npz"), read(folder / "hot_operational")
    assert state["temperature_K"].shape == (summary["nodes"],)
    assert state["points_m"].shape == (summary["nodes"], 3)
    assert float(state["time_s"]) == pytest.approx(summary["orbit"]["period_s"])
    assert state["temperature_K"].max() - 273.15 <= max(part["max_degC"] for part in summary["parts"].values()) + TOLERANCE


def test_temperatures_are_those_on_record(folder):
    """Part extremes of the hot case within 0.3 K of edge_node.json; a change beyond that wants a reason (see record.py)."""
    stored = json.loads(Path(__file__).with_name("edge_node.json").read_text(encoding="utf-8"))
    found = extremes(read(folder / stored["case"]))
    assert found.keys() == stored["extremes_degC"].keys()
    for part, pair in stored["extremes_degC"].items():
        assert found[part] == pytest.approx(pair, abs=stored["within_K"]), part


@pytest.fixture(scope="module")
def networks(folder, tmp_path_factory):
    """Of every load case the network that `export --to glgr` writes, and its folder."""
    place = tmp_path_factory.mktemp("networks")
    for name in LOAD_CASES:
        done = here("export", folder, "--case", name, "--to", "glgr", "-o", place / name)
        assert done.exit_code == 0, done.output
    return {name: (lumped.Network(place / name / "network.d"), place / name) for name in LOAD_CASES}


@pytest.mark.parametrize("name", LOAD_CASES)
def test_conductors_of_the_hot_case_foretell_the_others(folder, networks, name):
    """GL, GR and C of hot_operational with the heat of another power and beta: lowest, mean and highest of every part within 2 K."""
    network, asked = networks["hot_operational"][0], heat_flows.read(folder / name)
    assert network.names == [body.name for body in asked.bodies]
    found = network.orbit(networks[name][0])
    for values, figure in zip(found, ("min_degC", "mean_degC", "max_degC"), strict=True):
        np.testing.assert_allclose(values, [getattr(body, figure) for body in asked.bodies], atol=2.0, err_msg=figure)
    alone = heat_flows.read(folder / "hot_operational")
    moved = [abs(one.mean_degC - other.mean_degC) for one, other in zip(asked.bodies, alone.bodies, strict=True)]
    assert name == "hot_operational" or min(moved) > 1  # it is another case


def test_the_network_is_a_case(networks, tmp_path):
    """network.toml, and the case that `heliorack new --network` makes of network.d, solved here: what scipy finds, to 0.05 K."""
    network, place = networks["safe_mode"]
    assert here("new", tmp_path / "back.toml", "--network", place / "network.d").exit_code == 0
    expected = network.orbit()
    for source in (place / "network.toml", tmp_path / "back.toml"):
        parts = simulate_network(load(source)).summary().parts
        for values, figure in zip(expected, ("min_degC", "mean_degC", "max_degC"), strict=True):
            np.testing.assert_allclose([getattr(parts[name], figure) for name in network.names], values, atol=0.05, err_msg=figure)


@pytest.mark.full
def test_ten_times_the_accuracy_changes_less_than_the_tolerance(tmp_path):
    """The error that the case asks for is the error that it gets."""
    for name, tolerance in (("usual", TOLERANCE), ("fine", TOLERANCE / 10)):
        done = here("run", EDGE, "-o", tmp_path / name, "--case", "hot_operational", "--set", f"solver.tolerance_K={tolerance}")
        assert done.exit_code == 0, done.output
    assert apart(read(tmp_path / "fine"), read(tmp_path / "usual")) < TOLERANCE


def test_design_that_misses_a_limit_says_by_how_much(tmp_path):
    """300 W per module instead of 115 W: exit 1, each miss with its figures in words and in summary.json; the folder is whole."""
    target, coarse = tmp_path / "hot", ("solver.tolerance_K=1", "mesh.refine=0.3", "radiation.rays=1024")
    options = [word for key in ("compute.accelerators.peak_W=300", *coarse) for word in ("--set", key)]
    done = here("run", EDGE, "-o", target, "--case", "hot_operational", *options)
    assert done.exit_code == 1
    found = read(target)
    assert not found["holds"]
    limit = next(each for each in found["limits"] if each["on"] == "module1" and each["side"] == "max")
    assert limit["margin_K"] < -50
    predicted = f"module1: predicted {limit['predicted_degC']:.1f} degC is {-limit['margin_K']:.1f} K above the rating limit's 85.0 degC"
    assert predicted in found["failures"]
    assert predicted in done.stdout
    assert "MISSES" in done.stdout
    assert (target / "manifest.json").exists()
