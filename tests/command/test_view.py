"""`heliorack view` on a run of this command line: temperature, absorbed fluxes and view to space, and what it refuses."""

from pathlib import Path

import pytest
from command.cli_runner import case, here, solved
from sample_run import write_run

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


@pytest.mark.parametrize("field", ["temperature", "absorbed_solar", "view_to_space"])
def test_draws_a_field(run, tmp_path, field):
    """A picture, and nothing else is said."""
    done = here("view", run, "--field", field, "--png", tmp_path / "a.png")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert done.stdout == ""


def test_field_is_one_of_the_list(run):
    """The choices are printed."""
    done = here("view", run, "--field", "gloss")
    assert done.exit_code == 2
    assert "'view_to_space'" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--field", "absorbed_solar", "--at", "coldest"), "--at belongs to the temperature"),
        (("--shadows", "a.gif", "--png", "a.png"), "--shadows draws a file of its own"),
        (("--shadows", "a.avi"), "a.avi must end in .gif or .mp4"),
        (("--animate", "a.avi"), "a.avi must end in .gif or .mp4"),
        (("--animate", "a.gif", "--at", "coldest"), "--animate draws a file of its own"),
        (("--parts", "server"), "belong to --png and --animate"),
        (("--png", "a.png", "--clim", "3", "3"), "the first must be the lower"),
        (("--png", "a.png", "--parts", "sever"), "did you mean server?"),
        (("--png", "a.png", "--slice", "w"), "give an axis"),
        (("--png", "a.png", "--slice", "x=-9"), "nothing of the body is left"),
        (("--png", "a.png", "--slice", "x", "--field", "absorbed_solar"), "there is temperature alone"),
    ],
)
def test_options_that_do_not_go_together(run, options, words):
    """Exit 2, and nothing is drawn."""
    done = here("view", run, *options)
    assert done.exit_code == 2
    assert words in done.stderr


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
