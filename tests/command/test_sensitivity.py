"""`heliorack sensitivity`: tables, files, and what it refuses."""

import csv
import json

import pytest
from command.cli_runner import BENCH, FLYING, case, here

FAST = ("--set", "solver.tolerance_K=0.2")


def test_a_case_in_words_and_files(tmp_path):
    """A table for the nearest margin of the limit; the same figures in JSON, sorted, and in CSV; a picture; and a folder that is kept."""
    path, target = case(tmp_path), tmp_path / "out"
    done = here("sensitivity", path, *FAST, "-o", target)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("server, hottest, ")
    assert "adjoint orbits" in done.stdout.splitlines()[-2]
    found = json.loads((target / "sensitivity.json").read_text(encoding="utf-8"))
    effects = found["sensitivities"][0]["effects"]
    sizes = [abs(effect["K_per_percent"]) for effect in effects]
    assert sizes == sorted(sizes, reverse=True)
    assert {"compute.chip power", "coatings.z93.infrared_emittance", "contacts.0 (server - plate)"} <= {e["number"] for e in effects}
    with (target / "sensitivity.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["number"], float(row["K_per_percent"])) for row in rows] == [(e["number"], e["K_per_percent"]) for e in effects]
    assert (target / "sensitivity.png").read_bytes().startswith(b"\x89PNG")
    again = here("sensitivity", path, *FAST, "-o", target)
    assert again.exit_code == 2
    assert "holds sensitivities" in again.stderr


def test_a_steady_bench_as_json(tmp_path):
    """A chosen temperature without an orbit: one per cent more power warms it, one per cent more emittance cools it; no adjoint orbits."""
    path = case(tmp_path, BENCH)
    done = here("sensitivity", path, "--set", "run.kind=steady", "--of", "server:mean", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    effects = {e["number"]: e["K_per_percent"] for e in found["sensitivities"][0]["effects"]}
    assert found["adjoint_orbits"] == 0
    assert effects["compute.chip power"] > 0.5
    assert effects["coatings.z93.infrared_emittance"] < -0.5
    assert "coatings.z93.solar_absorptance" not in effects or effects["coatings.z93.solar_absorptance"] == 0.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--of", "server"), "expected PART:max, PART:min or PART:mean"),
        (("--of", "sever:max"), "server"),
        (("--set", "run.kind=transient", "--set", "run.orbits=1"), "transient"),
        (("--set", "solver.scheme=implicit_euler"), "implicit_euler"),
    ],
)
def test_what_is_refused(tmp_path, options, words):
    """Exit 2, in words."""
    done = here("sensitivity", case(tmp_path, FLYING), *FAST, *options)
    assert done.exit_code == 2, done.output
    assert words in done.stderr
