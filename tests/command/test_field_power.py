"""Arrays that once made power out of nothing, through the command line: each with its right value, or the words that refuse it."""

import json
from pathlib import Path

import pytest
from command.cli_runner import here

pytestmark = [pytest.mark.xdist_group("field"), pytest.mark.usefixtures("without_pictures")]

FIELD = Path(__file__).resolve().parents[1] / "data" / "field"


def summary(tmp_path: Path, name: str, code: int, *options: str) -> dict:
    target = tmp_path / "run"
    done = here("run", FIELD / f"{name}.toml", "-o", target, *options)
    assert done.exit_code == code, done.output
    return json.loads((target / "summary.json").read_text())


def test_cells_on_white_paint_are_refused():
    """They would convert more of the sunlight than the paint absorbs, and cool the wing below absolute zero; both fractions are said."""
    done = here("check", FIELD / "72_power_white_cells.toml")
    assert done.exit_code == 2
    assert "'azur_3g30' converts 0.265 of the sunlight on wing:+z, its coating 'z93' absorbs only 0.17" in done.stderr


def test_an_array_larger_than_its_face_is_refused():
    """0.08 m2 given on a face of 0.01 m2; both areas are said."""
    done = here("check", FIELD / "74_power_array_on_face.toml")
    assert done.exit_code == 2
    assert "power.array_area_m2 = 0.08" in done.stderr
    assert "the faces of array_faces have 0.01 m2" in done.stderr


def test_an_array_that_parts_cover_is_refused(tmp_path):
    """The face has room for it, what touches it leaves none: only the geometry can know."""
    text = (FIELD / "74_power_array_on_face.toml").read_text().replace('coating = "z93"', 'coating = "gaas_cells"')
    text = text.replace("array_area_m2=0.08", "array_area_m2=0.009")
    cover = (
        '[[parts]]\nname = "lid"\nkind = "box"\nsize_mm = [10, 60, 100]\nposition_mm = [55, 0, 0]\nmaterial = "al_6061"\ncoating = "z93"\n'
    )
    (tmp_path / "lid.toml").write_text(text + cover + '[[contacts]]\nbetween = ["cube", "lid"]\nconductance_W_m2K = 100\n')
    assert here("check", tmp_path / "lid.toml").exit_code == 0
    done = here("run", tmp_path / "lid.toml", "-o", tmp_path / "run")
    assert done.exit_code == 2
    assert "0.009 m2 do not fit: the free faces of array_faces have 0.004 m2" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_wing_that_is_too_small_misses(tmp_path):
    """It says what it has and what the load needs, and nothing turns more than the cells can into power: no wing at -63 degC."""
    found = summary(tmp_path, "n1_wing_too_small", 1)
    assert found["power"]["array_area_m2"] == pytest.approx(0.1, rel=2e-3)
    (said,) = (said for said in found["failures"] if "the faces of array_faces have 0.0999 m2" in said)
    assert "array: the load needs 0.3" in said
    assert found["parts"]["wing"]["min_degC"] > -10.0
    assert found["power"]["array_peak_W"] < 0.3 * 1414.0 * 0.1


def test_a_face_in_the_dark_is_neither_drawn_from_nor_cooled(tmp_path):
    """The wing that faces away is as warm as without any cells on it; both wings together used to be cooled alike, 11 K wrong."""
    here_and_now = ("--set", "power.sized_at=own_date")
    found = summary(tmp_path, "n4_two_wings", 0, *here_and_now)
    apart = summary(tmp_path / "apart", "n4_two_wings", 0, *here_and_now, "--set", 'power.array_faces="w1:+x"')
    assert found["parts"]["w2"] == pytest.approx(apart["parts"]["w2"], abs=0.02)
    assert found["parts"]["w1"] == pytest.approx(apart["parts"]["w1"], abs=0.02)
    assert "array: w2:+x never sees the Sun; the cells on it give nothing" in found["power"]["warnings"]
    assert found["power"]["array_area_m2"] == pytest.approx(2 * apart["power"]["array_area_m2"], rel=1e-3)


def test_faces_may_be_a_list(tmp_path):
    """Two patterns are as good as one that stands for both; one that stands for nothing is named by its place."""
    listed = summary(tmp_path, "n4_two_wings", 0, "--set", 'power.array_faces=["w1:+x", "w2:+x"]', "--set", "power.sized_at=own_date")
    assert listed["power"]["array_area_m2"] == pytest.approx(0.177, abs=0.002)
    done = here("check", FIELD / "n4_two_wings.toml", "--set", 'power.array_faces=["w1:+x", "w3:+x"]')
    assert done.exit_code == 2
    assert "power.array_faces.1" in done.stderr


def test_strings_shaded_exactly_are_the_only_ones_lost(tmp_path):
    """h3: a mast over two of eight strings: six give their power, each at the temperature of its own strip.

    By facets, one that straddles a border took a third string, 162 W; at the mean of the face, which the shadow cools, 194.8 W.
    """
    strings = ("--set", "power.wings.0.parallel=8", "--set", "power.wings.0.series=28")
    found = summary(tmp_path, "h3_strings_exactly_shaded", 0, *strings)
    assert found["power"]["array_peak_W"] == pytest.approx(193.2, abs=0.3)
    said = "array: 2 of 8 strips of wing:+z never see the Sun; the cells on them give nothing"
    assert said in found["power"]["warnings"]


@pytest.mark.parametrize(("axis", "mast"), [("x", "[375, 0, 500]"), ("y", "[0, 375, 500]"), ("y", "[0, -375, 500]")])
def test_strings_give_by_their_own_temperatures_wherever_the_shadow_lies(tmp_path, axis, mast):
    """h3 turned and mirrored: a square wing gives the same."""
    size = "[250, 1000, 20]" if axis == "x" else "[1000, 250, 20]"
    wing = f'power.wings=[{{series=28, parallel=8, across="{axis}", faces="wing:+z"}}]'
    where = ("--set", f"parts.mast.position_mm={mast}", "--set", f"parts.mast.size_mm={size}")
    found = summary(tmp_path, "h3_strings_exactly_shaded", 0, "--set", wing, *where)
    assert found["power"]["array_peak_W"] == pytest.approx(193.2, abs=0.3)
