"""Runs the command line as a user does, on a case of one plate and two boxes that takes a second."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from case_text import orbit
from click.testing import CliRunner, Result

from heliorack.cli.app import cli

ROOT = Path(__file__).resolve().parents[2]
EDGE = ROOT / "cases" / "edge_node.toml"
SIGMA = 5.670374419e-8  # W/m2K4, CODATA
ALONE = {**os.environ, "OMP_NUM_THREADS": "1"}

ORBIT = orbit(30)
PARTS = """
[[parts]]
name = "plate"
kind = "plate"
width_mm = 300
length_mm = 200
thickness_mm = 6
material = "sheet"
coating = "z93"
mesh_mm = 60

[[parts]]
name = "server"
kind = "box"
size_mm = [100, 100, 40]
position_mm = [-60, 0, 23]
material = "server_box"
coating = "z93"
mesh_mm = 60

[[parts]]
name = "pack"
kind = "box"
size_mm = [60, 100, 40]
position_mm = [80, 0, 23]
material = "server_box"
coating = "z93"
mesh_mm = 60

[[contacts]]
between = ["server", "plate"]
conductance_W_m2K = 1000

[[contacts]]
between = ["pack", "plate"]
conductance_W_m2K = 200

[materials.sheet]
density_kg_m3 = 2700
specific_heat_J_kgK = 896
conductivity_W_mK = 167
source = "test"
"""
LOADS = """
[[compute]]
name = "chip"
parts = "server"
peak_W = 40
idle_W = 10
profile = { kind = "constant", utilisation = 1.0 }

[[limits]]
on = "server"
max_degC = 85
min_degC = -40
"""
CASES = """
[cases.hot]
"environment.preset" = "hot"

[cases.cold]
"environment.preset" = "cold"

[cases.idle]
"environment.preset" = "cold"
"compute.chip.profile.utilisation" = 0.0
"""
TITLE = 'title = "Two boxes on a plate"\n'
FLYING = TITLE + ORBIT + PARTS + LOADS
SET = FLYING + CASES  #: a set of three load cases
BENCH = TITLE + PARTS + LOADS  #: no orbit: it radiates to space and nothing falls on it


def case(folder: Path, text: str = FLYING, name: str = "tiny.toml") -> Path:
    """A case file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def command(*arguments: Any) -> subprocess.CompletedProcess[str]:
    """`heliorack ...` in a process of its own."""
    words = [sys.executable, "-m", "heliorack", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=900, env=ALONE)


def hears_interrupts() -> None:
    """Ctrl-C as from a terminal: a shell that starts the tests in the background makes all that it starts deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def here(*arguments: Any) -> Result:
    """`heliorack ...` in this process; an exception that the command line does not word is raised."""
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def solved(path: Path, target: Path, *options: str) -> dict[str, Any]:
    """Summary of a run that holds its limits."""
    done = here("run", path, "-o", target, *options)
    assert done.exit_code == 0, done.output
    return read(target)


def library(coating: str) -> dict[str, Any]:
    """A coating as `heliorack library` lists it."""
    return json.loads(here("library", "coatings", coating, "--json").stdout)[coating]


def read(folder: Path, name: str = "summary.json") -> dict[str, Any]:
    """A JSON file of a run folder."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def extremes(summary: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Least and greatest temperature of every part [degC]."""
    return {name: (part["min_degC"], part["max_degC"]) for name, part in summary["parts"].items()}


def apart(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Greatest difference of an extreme of any part [K]."""
    a, b = extremes(one), extremes(other)
    assert a.keys() == b.keys()
    return max(abs(x - y) for name in a for x, y in zip(a[name], b[name], strict=True))
