"""A case from a stranger costs bounded time and memory, and its words reach no terminal as commands: every refusal is one, exit 2."""

import os
import time

import pytest
from case_text import INCLINED
from click.testing import CliRunner

from heliorack.cli.app import cli

BOX = '[[parts]]\nname = "cube"\nkind = "box"\nsize_mm = [1000, 1000, 1000]\nmaterial = "al_6061"\ncoating = "z93"\n'
GOOD = INCLINED + BOX + "mesh_mm = 100\n"
WING = """[[parts]]
name = "wing"
kind = "panel_array"
panels = 1000
width_mm = 100
length_mm = 100
thickness_mm = 2
gap_mm = 1
material = "al_6061"
coating = "z93"
"""
TRANSIENT = '[run]\nkind = "transient"\norbits = 1\nstart_degC = 20\n'
LONG = 'kind = "transient"\norbits = 40000.0\nstart_degC = 20\n'
HELD = """[[boundaries]]
kind = "temperature"
faces = "cube:+x"
temperature_degC = 20
amplitude_K = 5
period_s = 1e-4
"""
DUTY = """[[compute]]
name = "c"
parts = "cube"
peak_W = 5
idle_W = 1
profile = { kind = "duty", period_s = PERIOD }
"""
AXIS = '[[sweep.axes]]\npath = "orbit.altitude_km"\nlinspace = { from = 500, to = 600, count = COUNT }\n'
DEEP = "deep = " + "[" * 3000 + "]" * 3000 + "\n"
TREE = "deep." + ".".join(["a"] * 900) + " = 1\n"


def said(tmp_path, text, command="check", *more):
    """Exit code and words within 20 s, and never an exception."""
    place = tmp_path / "case.toml"
    place.write_text(text, encoding="utf-8")
    begin = time.perf_counter()
    result = CliRunner().invoke(cli, [command, str(place), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert time.perf_counter() - begin < 20
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (INCLINED + BOX + "mesh_mm = 0.1\n", "parts.cube.mesh_mm = 0.1   asks for about 6e+12 cells in cube"),
        (INCLINED + BOX + "mesh_mm = 100\n[mesh]\nmin_layers = 1000000000\n", "most_cells"),
        (INCLINED + WING.replace("1000", "100000"), "solids of 200001 in all; expected at most 2000 (mesh.most_parts raises it)"),
        (INCLINED + WING.replace("1000", "1000000000"), "must lie between 1 and 100000"),
        (INCLINED + BOX + "mesh_mm = 100\narray = { count = [1000, 1000, 1000], pitch_mm = [2000, 2000, 2000] }\n", "1000000000 solids"),
        (GOOD + '[run]\nkind = "transient"\norbits = 1e9\nstart_degC = 20\n', "run.orbits = 1000000000.0   asks for 2e+10 time steps"),
        (GOOD + "[solver]\nmax_step_s = 1e-9\n", "solver.max_step_s = 1e-09   asks for 5e+12 time steps"),
        (GOOD + "[solver]\nfixed_steps = 1000000000\n", "solver.fixed_steps"),
        (GOOD + TRANSIENT + DUTY.replace("PERIOD", "1e-3"), "period_s = 0.001   asks for 1e+07 time steps or more"),
        (GOOD + TRANSIENT + HELD, "boundaries.0.period_s = 0.0001   asks for 2e+08 time steps or more"),
        (GOOD + DUTY.replace("PERIOD", "1e-3"), "period_s = 0.001   asks for 1e+07 time steps or more"),
        (INCLINED + WING.replace("1000", "900") + "[run]\n" + LONG, "run.orbits = 40000.0   leaves about 9e+03 MB of histories and"),
        (INCLINED + BOX + "mesh_mm = 1\n[mesh]\nmost_cells = 1e12\n", "of fields; expected at most 4000 MB (run.most_kept_MB raises it)"),
        (
            GOOD + AXIS.replace("COUNT", "1000000000"),
            "sweep   1000000000 points are more than 10000; take fewer values, or raise sweep.most_points",
        ),
        (GOOD + "[radiation]\nrays = 1000000000\n", "must lie between 64 and 1e+07"),
        (GOOD + "[radiation]\npositions = 1000000000\n", "must lie between 1 and 3600"),
        (GOOD + "[solver]\nmax_orbits = 1000000000\n", "must lie between 1 and 10000"),
        (DEEP, "nests tables or arrays too deeply"),
        (TREE, "nests tables and arrays more than 24 deep"),
        ("a = " + "9" * 5000 + "\n", "whole number of thousands of digits"),
        ("a = 0x" + "f" * 5000 + "\n", "is a whole number of 6021 digits"),
        (GOOD + "count = 1" + "0" * 30 + "\n", "is a whole number of 31 digits"),
        (GOOD.replace("altitude_km = 550", "altitude_km = 1e300"), "orbit.altitude_km = 1e+300"),
        (GOOD + "heat_W = 1e300\n", "parts.cube.heat_W = 1e+300"),
        (GOOD + '[run]\nkind = "transient"\nduration_s = 1e-300\nstart_degC = 20\n', "run.duration_s = 1e-300"),
        (GOOD.replace("2027-06-21T00:00:00Z", "0001-01-01T00:00:00+14:00"), "expected a date of the years 1900 to 2200"),
        ('title = "a\\u001b[2J"\n' + GOOD, 'title = "a\\u001b[2J"   holds the control character U+001B at place 2'),
        ('title = "a\\u202Eb"\n' + GOOD, "control character U+202E"),
        ('"ti\\u009btle" = 1\n' + GOOD, "control character U+009B"),
        ("x" * 5000 + " = 1\n" + GOOD, "is a key of 5000 characters"),
        ("\n".join(f"k{i} = 1" for i in range(3000)) + GOOD, "more problems; mend these first"),
    ],
)
def test_what_no_case_has_is_refused_in_words(tmp_path, text, words):
    code, output = said(tmp_path, text)
    assert code == 2
    assert words in output, output[:500]
    assert "\x1b" not in output
    assert "\x9b" not in output
    assert "\u202e" not in output


def test_a_limit_is_raised_by_its_key(tmp_path):
    """Three hundred panels of a tenth of a metre ask for more solids than 200, and pass with 700."""
    text = INCLINED + WING.replace("1000", "300") + "[mesh]\nmost_parts = MOST\n"
    assert said(tmp_path, text.replace("MOST", "200"))[0] == 2
    assert said(tmp_path, text.replace("MOST", "700"))[0] == 0
    code, _ = said(tmp_path, INCLINED + BOX + "mesh_mm = 4\n", "check", "--set", "mesh.most_cells=1e9", "--set", "run.most_kept_MB=1e5")
    assert code == 0
    long = INCLINED + WING.replace("1000", "900") + "[run]\n" + LONG
    assert said(tmp_path, long, "check", "--set", "run.most_kept_MB=1e5")[0] == 0
    assert said(tmp_path, GOOD + AXIS.replace("COUNT", "20000"))[0] == 2
    assert said(tmp_path, GOOD + AXIS.replace("COUNT", "20000"), "check", "--set", "sweep.most_points=20000")[0] == 0


@pytest.mark.parametrize(
    "override", ["title=" + "[" * 3000, "orbit." + "a." * 900 + "b=1", "orbit.altitude_km=" + "9" * 5000, "title=\udcff"]
)
def test_overrides_are_bounded_too(tmp_path, override):
    code, output = said(tmp_path, GOOD, "check", "--set", override)
    assert code == 2
    assert "problem" in output


@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "folder", "missing.csv", "\\u0000"])
@pytest.mark.parametrize(
    "table",
    [
        '[orbit]\nkind = "oem"\nfile = "FILE"\n',
        '[attitude]\nkind = "quaternions"\nfile = "FILE"\n',
        '[measured]\nfile = "FILE"\n[[thermocouples]]\nname = "tc1"\npart = "cube"\npoint_mm = [0, 0, 0]\n',
        '[[compute]]\nname = "c"\nparts = "cube"\npeak_W = 5\nidle_W = 1\nprofile = { kind = "schedule", file = "FILE" }\n',
        '[run]\nkind = "transient"\norbits = 1\nstate = "FILE"\n',
    ],
)
def test_a_file_that_is_none_is_never_opened(tmp_path, name, table):
    """A named pipe and a device hung `check` and `orbit`."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    kept = INCLINED
    for title in ("orbit", "attitude"):
        if table.startswith(f"[{title}]"):
            start = kept.index(f"[{title}]")
            kept = kept[:start] + kept[start:].partition("\n\n")[2]
    for command in ("check", "orbit"):
        code, output = said(tmp_path, kept + BOX + "mesh_mm = 100\n" + table.replace("FILE", name), command)
        assert code == 2, output
        assert "file" in output


def test_a_case_that_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in (str(tmp_path / "pipe"), "/dev/zero"):
        result = CliRunner().invoke(cli, ["check", name])
        assert result.exit_code == 2
        assert "is a pipe, a device or a folder; expected a regular file" in result.output


@pytest.mark.parametrize("title", ["$x^2", "50 % of $30 and $5", "a_b\\frac{", "C:\\temp\\$HOME", "x_{", "$\\alpha$"])
def test_a_title_is_plain_text_in_a_picture(tmp_path, title):
    """Dollars, backslashes and underlines are mathematics to matplotlib, whose parser ended the run after the solve."""
    text = f"title = '{title}'\n" + GOOD
    code, output = said(tmp_path, text, "orbit", "--plot", str(tmp_path / "orbit.png"))
    assert code == 0, output
    assert (tmp_path / "orbit.png").stat().st_size > 10_000


def test_every_picture_is_drawn_on_a_sheet_of_plain_text():
    """One place makes figures; whoever makes one elsewhere brings the mathematics back."""
    from pathlib import Path

    import heliorack

    root = Path(heliorack.__file__).parent
    makers = [str(path.relative_to(root)) for path in root.rglob("*.py") if "Figure(" in path.read_text(encoding="utf-8")]
    assert makers == ["visuals/style.py"]
