"""A key of [size.vary] that pulls touching parts apart is held at its value, and the search goes on with the others, with that said."""

import json

import pytest
from command.cli_runner import here
from sizing_cases import PLATE, area
from sizing_cases import SIZE as LENGTH

pytestmark = pytest.mark.usefixtures("without_pictures")

CHIP = """
[[parts]]
name = "chip"
kind = "box"
size_mm = [40, 40, 10]
position_mm = [0, 0, -7]
material = "metal"
coating = "insulated"
mesh_mm = 40
[[contacts]]
between = ["chip", "plate"]
conductance_W_m2K = 1000
"""
THICKNESS = '"parts.plate.thickness_mm" = { from = 2, to = 8 }\n'


def test_a_thickness_that_leaves_its_neighbour_is_held_and_the_length_is_sized(tmp_path):
    """A chip below a plate of 4 mm: thicker they overlap, thinner there is a gap; the length is that of the closed form all the same."""
    path = tmp_path / "chip.toml"
    path.write_text(PLATE + CHIP + LENGTH + THICKNESS)
    done = here("size", path, "-o", tmp_path / "out", "--no-confirm", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    values = {key["path"]: key["value"] for key in found["keys"]}
    assert values["parts.plate.thickness_mm"] == 4
    assert values["parts.plate.length_mm"] == pytest.approx(1e3 * area(35.0) / 0.4, rel=0.01)
    (said,) = (one for one in found["said"] if "thickness" in one)
    assert said.startswith("parts.plate.thickness_mm is held at 4: neither a little more nor a little less of it can be built (")
    assert "chip" in said
    assert 'name what moves with it in size.vary."parts.plate.thickness_mm".also' in said


def test_a_search_of_nothing_that_can_be_built_is_refused(tmp_path):
    """The thickness alone: exit 2, with the key and what comes of it."""
    path = tmp_path / "chip.toml"
    path.write_text(PLATE + CHIP + "\n[size]\nmargin_K = 5\nmesh_refine = 1\n[size.vary]\n" + THICKNESS)
    done = here("size", path, "-o", tmp_path / "out", "--no-confirm")
    assert done.exit_code == 2
    assert "parts.plate.thickness_mm is held at 4" in done.stderr
    assert "chip" in done.stderr
