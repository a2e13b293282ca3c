"""`heliorack inspect`: what a geometry file holds, by the names that a case may match."""

import json
from pathlib import Path

import pytest
from command.cli_runner import here

DATA = Path(__file__).resolve().parents[1] / "data"


def test_solids_of_a_step_file():
    """Names, colours, volumes of the drawing, boxes and numbers of faces; a surface beside them is said."""
    found = json.loads(here("inspect", DATA / "module.step", "--json").stdout)
    rows = found["solids"]
    assert [row["solid"] for row in rows] == [f"module/{n}/{n}" for n in ("plate", "chip", "chip", "post", "strip")]
    assert rows[0]["also"] == ["plate"]
    assert rows[0]["color"] == [0, 128, 0]
    assert (rows[0]["low_mm"], rows[0]["high_mm"]) == ([-50, -40, -2], [50, 40, 2])
    assert [row["volume_mm3"] for row in rows] == pytest.approx([32000, 1200, 1200, 785.398, 720], rel=1e-6)
    assert [row["faces"] for row in rows] == [6, 6, 6, 3, 6]
    assert "1 surface (1 face) beside the solids" in here("inspect", DATA / "field" / "65_step_sheet.step").stdout


def test_names_that_inspect_shows_are_those_that_a_case_matches():
    """Bodies of one product."""
    rows = json.loads(here("inspect", DATA / "field" / "60_step_multibody.step", "--json").stdout)["solids"]
    assert [row["solid"] for row in rows] == ["board", "die"]


def test_groups_of_a_mesh_file():
    """Groups that overlap stand side by side; the unit is a millimetre unless it is said."""
    file = DATA / "field" / "49_mesh_two_groups_all.msh"
    rows = json.loads(here("inspect", file, "--json").stdout)["groups"]
    assert [(row["group"], row["also"]) for row in rows] == [("all", ["1"]), ("left", ["2"]), ("right", ["3"])]
    assert [row["volume_mm3"] for row in rows] == pytest.approx([40000, 20000, 20000], rel=1e-9)
    assert rows[0]["cells"] == rows[1]["cells"] + rows[2]["cells"]
    metres = json.loads(here("inspect", file, "--unit-scale", 1, "--json").stdout)["groups"]
    assert metres[0]["volume_mm3"] == pytest.approx(40000e9)
    done = here("inspect", file)
    assert (done.exit_code, done.stdout.split()[:2]) == (0, ["group", "volume_mm3"])


@pytest.mark.parametrize(
    ("file", "words"),
    [("field/43_mesh_nan_point.vtu", "node 5 lies at (0, nan, 20)"), ("make_step.py", "make_step.py is none of .step, .stp, .msh")],
)
def test_what_cannot_be_read_is_refused(file, words):
    """Exit 2 with words, no traceback."""
    done = here("inspect", DATA / file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
