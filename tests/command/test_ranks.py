"""`mpiexec -n 2 heliorack run` gives what one process gives, and writes one run folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command.cli_runner import ALONE, FLYING, apart, case, read, solved

pytestmark = [pytest.mark.mpi, pytest.mark.xdist_group("mpi"), pytest.mark.usefixtures("without_pictures")]

EXACT = '[solver]\nfixed_steps = 6\nlinear = "direct"\n'


def on_two_ranks(*arguments) -> subprocess.CompletedProcess[str]:
    """`mpiexec -n 2 heliorack ...` with the mpiexec that belongs to this Python's MPI."""
    beside = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(beside) if beside.exists() else shutil.which("mpiexec")
    assert mpiexec, "no mpiexec beside python"
    words = [mpiexec, "-n", "2", sys.executable, "-m", "heliorack", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=200, env=ALONE)


def test_two_ranks_find_the_temperatures_of_one(tmp_path):
    """Equal steps and a direct solver: 1e-6 K at every part, 1e-6 K at every node, one summary on standard output."""
    path = case(tmp_path, FLYING + EXACT)
    done = on_two_ranks("run", path, "-o", tmp_path / "two")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("HOLDS: every limit is kept") == 1
    one, two = solved(path, tmp_path / "one"), read(tmp_path / "two")
    assert apart(one, two) < 1e-6
    states = [np.load(tmp_path / ranks / "state.npz")["temperature_K"] for ranks in ("one", "two")]
    assert np.abs(states[0] - states[1]).max() < 1e-6
    assert two["first_law"]["closure"] < 1e-9
    assert read(tmp_path / "two", "manifest.json")["ranks"] == 2
    assert {each.name for each in tmp_path.iterdir()} == {"tiny.toml", "one", "two"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FLYING.replace("[-60, 0, 23]", "[-60, 0, 20]"), "parts plate and server overlap by 3e+04 mm3"),
        (
            FLYING + '[run]\nkind = "transient"\norbits = 1\nstate = "nowhere.npz"\n',
            'run.state = "nowhere.npz"   no such file in',
        ),
    ],
)
def test_fault_is_said_once_and_nobody_waits(text, words, tmp_path):
    """Whichever rank finds it, all ranks end, with exit code 2."""
    done = on_two_ranks("run", case(tmp_path, text), "-o", tmp_path / "run")
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.count(words) == 1, done.stderr
    assert not (tmp_path / "run").exists()
