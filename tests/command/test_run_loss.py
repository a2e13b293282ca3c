"""`heliorack run --loss`: what a named loss costs in kelvin and in delivered compute."""

import json

import pytest
from command.cli_runner import case, here, read
from command.powered import POWERED, changed
from command.test_size_survive import PIPED

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
    assert "sever: matches nothing that could fail; give heat_pipe, pump, string" in done.stderr
    assert not (tmp_path / "run").exists()
