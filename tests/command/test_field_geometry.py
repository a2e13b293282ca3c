"""Small geometries that once came out wrong, through the command line: each with its right value, or the words that refuse it."""

import json
import math
from pathlib import Path

import pytest
from command.cli_runner import here
from scipy.optimize import fsolve

pytestmark = [pytest.mark.xdist_group("field"), pytest.mark.usefixtures("without_pictures")]

FIELD = Path(__file__).resolve().parents[1] / "data" / "field"


def run(tmp_path: Path, name: str, *options: str) -> dict:
    """The summary of a run of one of the field's cases."""
    target = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
    done = here("run", FIELD / f"{name}.toml", "-o", target, *options)
    assert done.exit_code in (0, 1), done.output
    return json.loads((target / "summary.json").read_text())


def test_an_enclosure_that_is_insulated_inside_runs(tmp_path):
    """Nothing inside exchanges and the outside sees the sky alone: no view factors are left. It ended in an IndexError after the solve."""
    found = run(tmp_path, "83_enclosure_default")
    alone = run(tmp_path, "83_enclosure_default", "--set", "radiation.model=open")
    assert found["radiation"]["groups"] == 0
    assert found["parts"]["box"] == pytest.approx(alone["parts"]["box"], abs=0.01)


@pytest.mark.parametrize("name", ["38_mesh_twice_nodes", "39_mesh_twice_nodes_silent"])
def test_halves_with_nodes_of_their_own_conduct(tmp_path, name):
    """10 W spread over a bar of 100 mm and 400 mm2, one end at 20 degC: 20 + 10 x 0.1 / (2 x 167 x 4e-4) at the other, to 0.1 K."""
    found = run(tmp_path, name)
    assert found["parts"]["p.a"]["max_degC"] == pytest.approx(27.5, abs=0.1)
    assert any("nodes lay where others lie and were merged" in sentence for sentence in found["assumptions"])


@pytest.mark.parametrize("name", ["45_mesh_bdf_gmsh", "46_mesh_msh_parametric", "49_mesh_two_groups_all"])
def test_files_by_gmsh_are_read(tmp_path, name):
    """The same bar of two groups."""
    assert run(tmp_path, name)["parts"]["p.r"]["max_degC"] == pytest.approx(27.5, abs=0.1)


def test_a_grid_with_words_in_it_is_read(tmp_path):
    """51: the same bar, once as it stands and once with 10 W in all of it.

    `heat_W` of `solids` is "constant dissipation of each", and count = 2 names a1 and a2, as an array of boxes would: the file asks for
    10 W in either half, 20 W in the bar, and 20 + 20 x 0.1 / (2 x 167 x 4e-4) = 35.0 degC is its answer. The 27.5 degC of the bar with 10 W
    in all come with 5 W in each.
    """
    found = run(tmp_path, "51_mesh_vtu_strings")["parts"]
    assert found["p.a2"]["max_degC"] == pytest.approx(20 + 20 * 0.1 / (2 * 167 * 4e-4), abs=0.1)
    found = run(tmp_path, "51_mesh_vtu_strings", "--set", "parts.p.solids.a.heat_W=5")["parts"]
    assert found["p.a2"]["max_degC"] == pytest.approx(27.5, abs=0.1)


def test_a_point_that_is_no_number_is_refused(tmp_path):
    """File, node and value."""
    done = here("run", FIELD / "43_mesh_nan_point.toml", "-o", tmp_path / "run")
    assert done.exit_code == 2
    assert "part p: 43_mesh_nan_point.vtu: node 5 lies at (0, nan, 20)" in done.stderr


def test_points_in_a_cylindrical_system_make_a_ring(tmp_path):
    """44: a quarter of a ring, radii 50 and 70, 20 mm high; it was a straight brick of 36 000 mm3.

    The ring has 37 699 mm3. The file has ten rows of straight-edged cells, 9 degrees each: the polygon of their corners has
    sin(9 deg) / 9 deg of it, 37 544 mm3, 0.4 % less. A reader that said 37 699 would have made up what no cell of the file holds.
    """
    done = here("mesh", FIELD / "44_mesh_bdf_cp.toml", "--json")
    assert done.exit_code == 0, done.output
    volume = json.loads(done.stdout)["parts"][0]["volume_mm3"]
    ring = math.pi / 4 * (70**2 - 50**2) * 20
    assert volume == pytest.approx(ring * math.sin(math.radians(9)) / math.radians(9), rel=1e-4)


def test_a_chip_just_above_its_board_is_warned_of(tmp_path):
    """20 um above it over its 20 x 20 mm2: nothing conducts there, and the closing lines say so; `mesh` does too."""
    words = "warning: faces of p.pcb and p.chip lie 0.02 mm apart over 400 mm2 and do not touch"
    done = here("run", FIELD / "66_step_near_miss.toml", "-o", tmp_path / "run")
    assert words in done.stdout
    assert words in here("mesh", FIELD / "66_step_near_miss.toml").stdout
    joined = here(
        *("mesh", FIELD / "66_step_near_miss.toml", "--json", "--set"),
        'contacts=[{between=["p.pcb","p.chip"],conductance_W_m2K=1000,tolerance_mm=0.03}]',
    )
    assert "do not touch" not in joined.stdout
    assert json.loads(joined.stdout)["contacts"][0]["area_mm2"] == pytest.approx(400, rel=1e-3)


def test_bodies_of_one_product_are_told_apart(tmp_path):
    """The die has the 5 W: it is the hotter one, by 5 W over 1000 W/m2K and its foot."""
    parts = run(tmp_path, "60_step_multibody")["parts"]
    assert parts["p.die"]["min_degC"] > parts["p.board"]["max_degC"] + 5


def test_a_loose_sheet_is_said(tmp_path):
    """In the closing lines."""
    done = here("run", FIELD / "65_step_sheet.toml", "-o", tmp_path / "run")
    assert "65_step_sheet.step: 1 surface (1 face) beside the solids bound none and are left out" in done.stdout


def test_a_tiny_source_is_right_within_its_error(tmp_path):
    """h1: on the default mesh, where one cell spanned the chip and 54.3 degC came out for 92.0, in silence.

    0.4339 / (k s) of an isothermal square on a half space, less 0.37 K for where the block ends, plus the contact.
    """
    exact = 20 + 0.05 * 0.4339 / (0.3 * 1e-3) - 0.37 + 0.05 / (1e6 * 1e-3**2)
    found = run(tmp_path, "h1_tiny_source")["parts"]["chip"]
    assert exact == pytest.approx(92.0, abs=0.1)
    assert found["mean_degC"] == pytest.approx(exact, abs=4)
    assert found["mean_degC"] < exact < found["mean_degC"] + found["mesh_max_K"] + 0.2


@pytest.mark.parametrize("place", [[75, 0, 0], [0, -75, 0]])
def test_all_feet_are_covered_on_any_side(tmp_path, place):
    """h2 turned: two pods of one foot of 50 x 20 mm each fill a side of the base; its other faces and the pods' others radiate."""
    sigma, eps = 5.670374419e-8, 0.85
    foot, pod = 50e-3 * 20e-3, 2 * (50 * 50 + 50 * 20 + 50 * 20) * 1e-6
    base, pods, joint = sigma * eps * (0.028 - 2 * foot), sigma * eps * 2 * (pod - foot), 500 * 2 * foot
    hot, cool = fsolve(
        lambda t: [100 - base * t[0] ** 4 - joint * (t[0] - t[1]), 14 - pods * t[1] ** 4 + joint * (t[0] - t[1])], [400, 400]
    )
    keys = ("parts.pod.size_mm=[50, 50, 20]", f"parts.pod.position_mm={place}", "parts.pod.count=2")
    found = run(tmp_path, "h2_count_four_feet", *(option for key in keys for option in ("--set", key)))
    assert found["parts"]["base"]["mean_degC"] + 273.15 == pytest.approx(hot, abs=0.3)
    assert found["parts"]["pod"]["mean_degC"] + 273.15 == pytest.approx(cool, abs=0.3)
    assert any("the others are not drawn: they shade and hide nothing" in said for said in found["assumptions"])


def test_a_part_that_stands_for_four_covers_all_its_feet(tmp_path):
    """Base and four pods in a black void as two nodes: the feet cover the whole top; its other faces and five of each pod radiate."""
    sigma, eps = 5.670374419e-8, 0.85
    base, pods, joint = sigma * eps * (0.01 + 4 * 0.002), sigma * eps * 4 * 5 * 0.0025, 500 * 4 * 0.0025
    hot, cool = fsolve(
        lambda t: [100 - base * t[0] ** 4 - joint * (t[0] - t[1]), 28 - pods * t[1] ** 4 + joint * (t[0] - t[1])], [400, 400]
    )
    parts = run(tmp_path, "h2_count_four_feet")["parts"]
    assert (hot, cool) == (pytest.approx(453.7, abs=0.1), pytest.approx(441.1, abs=0.1))
    assert parts["base"]["mean_degC"] + 273.15 == pytest.approx(hot, abs=0.3)
    assert parts["pod"]["mean_degC"] + 273.15 == pytest.approx(cool, abs=0.3)


def test_feet_that_do_not_fit_are_refused(tmp_path):
    """Five feet of 2500 mm2 on a top of 10 000."""
    done = here("run", FIELD / "h2_count_four_feet.toml", "-o", tmp_path / "run", "--set", "parts.pod.count=5")
    assert done.exit_code == 2
    assert "pod stands for 5 parts (count), whose other feet cover 1e+04 mm2 of base:+z, where 7500 mm2 are free" in done.stderr
