"""`heliorack view` on a run of this command line: temperature, absorbed fluxes and view to space, and what it refuses."""

import csv
from pathlib import Path

import numpy as np
import pytest
from command.cli_runner import case, here, solved
from sample_run import wave, write_run

from heliorack.cli.result_commands import FIELD_NAMES
from heliorack.runfolder.quantity import FIELDS

pytestmark = [pytest.mark.xdist_group("runs"), pytest.mark.usefixtures("without_pictures")]


@pytest.fixture(scope="module")
def run(tmp_path_factory, without_pictures) -> Path:
    """A finished run."""
    folder = tmp_path_factory.mktemp("view")
    solved(case(folder), folder / "run")
    return folder / "run"


def test_fields_of_the_command_are_those_of_the_pictures():
    """The command line names them itself, so that `--help` needs no other module."""
    assert tuple(FIELDS) == FIELD_NAMES


@pytest.mark.parametrize("field", ["temperature", "flux", "absorbed_solar", "view_to_space"])
def test_draws_a_field(run, tmp_path, field):
    """A picture, and nothing else is said."""
    done = here("view", run, "--field", field, "--png", tmp_path / "a.png")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert done.stdout == f"wrote {tmp_path / 'a.png'}\n"


def test_field_is_one_of_the_list(run):
    """The choices are printed."""
    done = here("view", run, "--field", "gloss")
    assert done.exit_code == 2
    assert "'view_to_space'" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--field", "absorbed_solar", "--at", "coldest"), "--at belongs to temperature and flux"),
        (("--shadows", "a.gif", "--png", "a.png"), "--shadows draws a file of its own"),
        (("--shadows", "a.avi"), "a.avi must end in .gif or .mp4"),
        (("--animate", "a.avi"), "a.avi must end in .gif or .mp4"),
        (("--animate", "a.gif", "--at", "coldest"), "--animate draws a file of its own"),
        (("--parts", "server"), "belong to --png and --animate"),
        (("--png", "a.png", "--iso", "5", "--slice", "x"), "--iso shows surfaces of one temperature and nothing else"),
        (("--png", "a.png", "--explode", "-1"), "parts go apart"),
        (("--animate", "a.gif", "--threshold", "10", "20"), "belong to --png"),
        (("--probe", "0,0,9"), "outside of the body, whose nearest point is"),
        (("--probe", "0,0"), "give a point of the body in metres"),
        (("--probe", "0,0,nan"), "give a point of the body in metres"),
        (("--png", "a.png", "--explode", "nan"), "nan: parts go apart, by 0 to 20"),
        (("--png", "a.png", "--clim", "0", "inf"), "and both plain numbers"),
        (("--png", "a.png", "--slice", "x=9"), "cuts nothing of the body"),
        (("--probe", "0,0,0", "--png", "a.png"), "--probe prints"),
        (("--png", "a.png", "--clim", "3", "3"), "the first must be the lower"),
        (("--png", "a.png", "--parts", "sever"), "did you mean server?"),
        (("--png", "a.png", "--slice", "w"), "give an axis"),
        (("--png", "a.png", "--slice", "x=-9"), "nothing of the body is left"),
        (("--png", "a.png", "--slice", "x", "--field", "absorbed_solar"), "where there are temperature and flux alone"),
    ],
)
def test_options_that_do_not_go_together(run, options, words):
    """Exit 2, and nothing is drawn."""
    done = here("view", run, *options)
    assert done.exit_code == 2
    assert words in done.stderr


@pytest.mark.parametrize(
    "options", [("--iso", "4"), ("--explode", "1"), ("--field", "flux", "--slice", "z"), ("--threshold", "-200", "500")]
)
def test_draws_the_inside(run, tmp_path, options):
    """A picture of its own each, other than that of the body as it is."""
    for name, more in (("a.png", ()), ("b.png", options)):
        assert here("view", run, "--png", tmp_path / name, *more).exit_code == 0
    same = options[0] == "--threshold"  # nothing is colder or hotter
    assert ((tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()) == same


def test_probes_print_the_history_of_a_point(tmp_path):
    """The middle of a box whose temperature is known at every moment, and two points side by side."""
    run = write_run(tmp_path / "run")
    done = here("view", run, "--probe", "0.5,0.25,0.01", "--probe", "0.45,0.25,-0.05")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(done.stdout.splitlines()))
    times = np.array([float(row["time_s"]) for row in rows])
    np.testing.assert_allclose([float(row["panel (0.5 0.25 0.01) degC"]) for row in rows], 30.0 + wave(times), atol=1e-3)
    np.testing.assert_allclose([float(row["battery (0.45 0.25 -0.05) degC"]) for row in rows], 12.0 + wave(times), atol=1e-3)


def test_a_film_has_every_kept_moment(tmp_path):
    """One orbit as .mp4 and .gif, of some parts, cut open; frames differ as temperatures do."""
    import imageio.v3 as reader

    run = write_run(tmp_path / "run")
    for name, options in (("a.mp4", ()), ("a.gif", ("--parts", "panel", "--slice", "y", "--clim", "20", "40"))):
        done = here("view", run, "--animate", tmp_path / name, *options)
        assert done.exit_code == 0, done.output
        frames = reader.imread(tmp_path / name)
        assert frames.shape[:3] == (5, 720, 1280)
        assert (frames[1] != frames[3]).any()


@pytest.mark.parametrize("options", [("--field", "absorbed_albedo", "--png", "a.png"), ("--shadows", "a.gif")])
def test_runs_made_before_are_told_to_run_again(run, tmp_path, monkeypatch, options):
    """One sentence, exit 2."""
    import shutil

    monkeypatch.chdir(tmp_path)
    old = shutil.copytree(run, tmp_path / "old")
    (old / "surface.vtp").unlink()
    done = here("view", old, *options)
    assert done.exit_code == 2
    assert done.stderr.strip().endswith("run the case again")
    assert len(done.stderr.strip().splitlines()) == 1
