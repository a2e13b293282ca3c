"""What a run does besides holding its limits: exit codes, runs without orbit, JSON, one mesh for many load cases."""

import json
import re

import pytest
from command.cli_runner import BENCH, EDGE, FLYING, SET, SIGMA, apart, case, here, library, read, solved

pytestmark = [pytest.mark.xdist_group("runs"), pytest.mark.usefixtures("without_pictures")]

STEADY = '[run]\nkind = "steady"\n'


@pytest.fixture(scope="module")
def bench(tmp_path_factory, without_pictures):
    """The steady state of a bench case."""
    folder = tmp_path_factory.mktemp("bench")
    return solved(case(folder, BENCH + STEADY), folder / "run")


def test_steady_run_without_orbit(bench):
    """40 W leave by radiation alone, however parts see one another."""
    assert bench["kind"] == "steady"
    assert bench["orbit"] is None
    assert bench["periodic"] is None
    assert {path: heat for path, heat in bench["heat_W"].items() if heat} == pytest.approx({"space": -40.0, "compute": 40.0}, abs=1e-6)
    assert "no orbit: nothing falls on the faces" in bench["assumptions"]


def test_open_faces_radiate_as_if_alone(bench, tmp_path):
    """The mean radiating temperature is that of 40 W on the free area with the emittance of z93; parts that see one another are warmer."""
    alone = solved(case(tmp_path, BENCH + STEADY + '[radiation]\nmodel = "open"\n'), tmp_path / "run")
    assert any("no exchange between parts" in said for said in alone["assumptions"])
    assert all(bench["parts"][name]["mean_degC"] > part["mean_degC"] for name, part in alone["parts"].items())
    plate = 2 * 0.3 * 0.2 + 2 * 0.5 * 0.006 - 0.1 * 0.1 - 0.06 * 0.1
    boxes = 0.1 * 0.1 + 4 * 0.1 * 0.04 + 0.06 * 0.1 + 2 * (0.06 + 0.1) * 0.04
    mean = (40 / (SIGMA * library("z93")["infrared_emittance"] * (plate + boxes))) ** 0.25 - 273.15
    low, high = (pick(part[key] for part in alone["parts"].values()) for pick, key in ((min, "min_degC"), (max, "max_degC")))
    assert low < mean < high
    assert high - low < 60


def test_long_transient_ends_in_the_steady_state(bench, tmp_path):
    """From 20 degC over a day, marched; the end is the steady state within the tolerance."""
    run = '[run]\nkind = "transient"\nduration_s = 86400\nstart_degC = 20\n'
    found = solved(case(tmp_path, BENCH + run), tmp_path / "run")
    assert found["kind"] == "transient"
    assert found["first_law"]["closure"] < 1e-9
    rows = (tmp_path / "run" / "history.csv").read_text().splitlines()
    last = dict(zip(rows[0].split(","), map(float, rows[-1].split(",")), strict=True))
    assert last["time_s"] == 86400
    for name, part in bench["parts"].items():
        assert last[f"{name} max_degC"] == pytest.approx(part["max_degC"], abs=0.05)
        assert last[f"{name} min_degC"] == pytest.approx(part["min_degC"], abs=0.05)


def test_limit_missed_on_the_bench(tmp_path):
    """Exit 1; the failure has its figures, and --json says it too."""
    done = here("run", case(tmp_path, BENCH + STEADY), "-o", tmp_path / "run", "--set", "compute.chip.peak_W=400", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    limit = next(each for each in found["limits"] if each["side"] == "max")
    assert not limit["holds"]
    assert found["failures"] == [
        f"server: predicted {limit['predicted_degC']:.1f} degC is {-limit['margin_K']:.1f} K above the rating limit's 85.0 degC"
    ]


def test_exit_code_of_a_set_is_the_worst(tmp_path):
    """One load case that misses is enough; the others are written all the same, and the envelope says which."""
    done = here("run", case(tmp_path, SET), "-o", tmp_path / "run", "--set", "limits.0.min_degC=-20")
    assert done.exit_code == 1
    whole = read(tmp_path / "run")
    assert {name: found["holds"] for name, found in whole["load_cases"].items()} == {"hot": True, "cold": True, "idle": False}
    assert not whole["holds"]
    assert (tmp_path / "run" / "hot" / "manifest.json").exists()
    assert "idle: server: predicted" in done.stdout


def test_periodic_state_that_is_not_reached_fails(tmp_path):
    """One orbit is not enough: exit 1, with the error that is left."""
    done = here("run", case(tmp_path), "-o", tmp_path / "run", "--set", "solver.max_orbits=1")
    assert done.exit_code == 1
    assert "no periodic state within 1 orbit; estimated error" in done.stdout
    assert "allow more of them (solver.max_orbits, now 1)" in done.stdout


def test_load_cases_of_one_geometry_are_meshed_once(tmp_path, monkeypatch):
    """Loads, optics and orbit may change; a part that moves or another conductance makes a mesh of its own."""
    from heliorack.model import bodies

    built = []
    real = bodies.build_body
    monkeypatch.setattr(bodies, "build_body", lambda case, *more: built.append(case.load_case) or real(case, *more))
    more = """
[cases.dark]
variant = true
"parts.plate.coating" = "a276"
[cases.high]
"orbit.altitude_km" = 700
[cases.warm]
"parts.pack.heat_W" = 5
[cases.long]
variant = true
"parts.plate.width_mm" = 310
[cases.loose]
variant = true
"contacts.1.conductance_W_m2K" = 20
"""
    solved(case(tmp_path, FLYING + "[cases.hot]\n" + more), tmp_path / "run")
    assert built == ["hot", "long", "loose"]
    summaries = {name: read(tmp_path / "run" / name) for name in ("hot", "dark", "high", "warm", "long", "loose")}
    assert all(apart(summaries["hot"], other) > 0.1 for name, other in summaries.items() if name != "hot")


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (["check", EDGE], {"problems", "parts", "load_cases"}),
        (["orbit", EDGE], {"period_s", "inclination_deg", "beta_deg", "eclipse_s", "eclipse_fraction", "edges_s"}),
        (["size", EDGE, "--quick"], {"rows", "assumptions"}),
        (["library"], {"materials", "coatings", "chips", "cells", "batteries"}),
        (["schema"], {"$schema", "properties"}),
    ],
)
def test_json_is_for_programs(command, keys):
    """Standard output is one JSON document."""
    done = here(*command, "--json")
    assert done.exit_code == 0, done.output
    assert keys <= set(json.loads(done.stdout))


def test_mesh_as_json(tmp_path):
    """Parts, touching pairs with conductance, bonds; volumes are those of the boxes."""
    done = here("mesh", case(tmp_path), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {row["part"]: row["volume_mm3"] for row in found["parts"]} == pytest.approx({"plate": 360e3, "server": 400e3, "pack": 240e3})
    assert {row["between"]: row["conductance_W_K"] for row in found["contacts"]} == pytest.approx(
        {"plate - server": 10, "plate - pack": 1.2}
    )
    assert found["bonds"] == []


def test_overrides_reach_every_load_case_and_a_set_as_json_is_the_envelope(tmp_path):
    """`--set` comes last, also after what a load case sets; what `--json` prints is the envelope and the folder it went to."""
    target = tmp_path / "run"
    done = here("run", case(tmp_path, SET), "-o", target, "--json", "--set", "compute.chip.profile.utilisation=0.5")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == read(target) | {"folder": str(target)}
    heat = {name: read(tmp_path / "run" / name)["heat_W"]["compute"] for name in ("hot", "cold", "idle")}
    assert heat == pytest.approx(dict.fromkeys(heat, 25.0), rel=1e-9)
    assert "utilisation = 0.5" in (tmp_path / "run" / "idle" / "case.toml").read_text()


def test_default_folder_is_named_after_the_case(tmp_path, monkeypatch):
    """out/NAME, from where the command was given."""
    monkeypatch.chdir(tmp_path)
    done = here("run", case(tmp_path, BENCH + STEADY))
    assert done.exit_code == 0
    assert (tmp_path / "out" / "tiny" / "manifest.json").exists()
    assert FLYING.splitlines()[0] in (tmp_path / "out" / "tiny" / "case.toml").read_text()


def test_kept_bytes_are_estimated_to_a_factor_of_three(tmp_path, monkeypatch):
    """`check` refuses by an estimate of histories and fields; here it is held against what a transient of five orbits really leaves."""
    path = case(tmp_path, FLYING.replace("mesh_mm = 60", "mesh_mm = 12") + '[run]\nkind = "transient"\norbits = 5\nstart_degC = 20\n')
    assert here("run", path, "-o", tmp_path / "run").exit_code in (0, 1)
    frames = sum(file.stat().st_size for file in (tmp_path / "run" / "fields").iterdir())
    rows = (tmp_path / "run" / "history.csv").stat().st_size
    told = here("check", path, "--set", "run.most_kept_MB=1").output
    found = re.search(r"leaves about ([\d.e+-]+) MB of histories and ([\d.e+-]+) MB of fields; expected at most 1 MB", told)
    assert found, told
    for estimated, written in zip(map(float, found.groups()), (rows, frames), strict=True):
        assert written / 3e6 < estimated < written * 3e-6
