"""`heliorack size --survive`: a design that keeps its limits with any one named loss."""

import json
import tomllib

import pytest
from command.cli_runner import here

pytestmark = pytest.mark.usefixtures("without_pictures")

PIPED = """
title = "three pipes"
[[parts]]
name = "radiator"
kind = "radiator"
width_mm = 300
length_mm = 500
thickness_mm = 6
material = "core"
coating = "z93"
pipes = 3
pipe_width_mm = 20
pitch_mm = 90
pipe_material = "pipe"
transport_limit_W_m = 500
mesh_mm = 40
[[parts]]
name = "chip"
kind = "box"
size_mm = [240, 60, 10]
position_mm = [0, 0, 8]
material = "al_6061"
coating = "insulated"
heat_W = 120
mesh_mm = 40
[[contacts]]
between = ["chip", "radiator.*"]
conductance_W_m2K = 3000
[[contacts]]
between = ["radiator.panel", "radiator.pipe*"]
conductance_W_m2K = 3000
[materials.core]
density_kg_m3 = 300
specific_heat_J_kgK = 900
conductivity_W_mK = 20
source = "none"
[materials.pipe]
density_kg_m3 = 1000
specific_heat_J_kgK = 1000
conductivity_W_mK = 20000
source = "none"
[environment]
sink_K = 0
[[limits]]
on = "chip"
max_degC = 60
[margins]
uncertainty_K = 2
[run]
kind = "steady"
[size]
margin_K = 1
mesh_refine = 1
[size.vary]
"parts.radiator.length_mm" = { from = 200, to = 1500 }
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A radiator of three pipes, which may have another length."""
    path = tmp_path_factory.mktemp("survive") / "piped.toml"
    path.write_text(PIPED)
    return path


def sized(case, *options):
    """size.json of the case with these options, and the folder."""
    folder = case.parent / ("_".join(options).replace("=", "") or "plain")
    done = here("size", case, "-o", folder, "--json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), folder


def test_a_design_that_survives_a_pipe_is_heavier_and_says_what_the_pipe_costs(case):
    """The load case of the loss binds, without the 1 K of [size]; the run of the design solves it, and holds."""
    plain, _ = sized(case, "--no-confirm")
    found, folder = sized(case, "--survive", "heat_pipe")
    assert found["amounts"]["mass_kg"] > 1.02 * plain["amounts"]["mass_kg"]
    (loss,) = found["losses"]
    binding = next(limit for limit in found["constraints"] if limit["price"])
    assert binding["case"] == loss["case"]
    assert binding["required"] == 0.0
    assert loss["lost_K"] > 2.0
    cases = tomllib.loads((folder / "design.toml").read_text())["cases"]
    assert list(cases) == ["as_given", loss["case"]]
    assert found["confirmed"]
    limits = [json.loads((folder / "run" / name / "summary.json").read_text())["limits"][0]["margin_K"] for name in cases]
    assert limits[0] - limits[1] == pytest.approx(loss["lost_K"], abs=0.2)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("radiator.pipe9", "matches nothing that could fail; give heat_pipe, pump, string"),
        ("pump", "the case has no pumped loop"),
        ("string", "the case has no [power], and so no string"),
        ("pack_cell", "the case has no [power], and so no battery"),
        ("heat_pipe=3", "takes no number"),
        (",", "names nothing"),
        ("", "names nothing"),
        ("pump,,pump", "1 problem\n  pump   the case has no pumped loop"),
    ],
)
def test_a_loss_that_stands_for_nothing_is_refused(case, names, words):
    """Before anything is solved, with exit 2."""
    done = here("size", case, "-o", case.parent / "refused", "--survive", names)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_loss_is_found_by_its_name(case):
    """One pipe of three by its own name."""
    found, _ = sized(case, "--survive", "radiator.pipe1", "--no-confirm")
    assert found["losses"][0]["case"] == "lost_radiator_pipe1"
