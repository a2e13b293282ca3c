"""A disk that fills up, and a transient that is stopped: what was kept last stays whole, and --resume ends where nothing happened."""

import errno
import os
import re
import resource
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from command.cli_runner import EDGE, FLYING, case, here, solved

from heliorack.run import storage

pytestmark = [pytest.mark.xdist_group("interrupted"), pytest.mark.usefixtures("without_pictures")]

TRANSIENT = FLYING + '\n[run]\nkind = "transient"\norbits = 3.5\nstart_degC = 10\n'


@pytest.fixture
def filled(monkeypatch):
    """From the second checkpoint on the disk takes the beginning of a file and no more; a call makes room."""
    real, calls = np.savez, []

    def filling(file, **arrays):
        calls.append(file)
        if len(calls) > 1:
            file.write(b"half of it")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file, **arrays)

    patch = pytest.MonkeyPatch()
    patch.setattr(storage, "np", SimpleNamespace(savez=filling))
    yield patch.undo
    patch.undo()


@pytest.mark.parametrize("text", [TRANSIENT, pytest.param(FLYING, marks=pytest.mark.full)], ids=["transient", "periodic"])
def test_a_full_disk_at_a_checkpoint(text, filled, tmp_path):
    """Exit 1 with moment, file, reason and advice; the checkpoint before it is whole, and the run goes on from it to the same end."""
    path, target = case(tmp_path, text), tmp_path / "run"
    done = here("run", path, "-o", target)
    assert done.exit_code == 1
    when = "at 1[0-9]{4} s" if text is TRANSIENT else "at the start of an orbit"
    assert re.search(f"the checkpoint {when} could not be written .*no space left on device", done.output), done.output
    assert "The last whole checkpoint lies in" in done.output
    assert "go on with --resume" in done.output
    assert "Traceback" not in done.output
    work = tmp_path / "run.partial"
    assert not list(work.rglob("new_*"))
    assert np.load(next(work.rglob("checkpoint.npz")))["temperature_K"].min() > 200
    filled()
    found = solved(path, target, "--resume")
    wanted = solved(path, tmp_path / "undisturbed")
    tolerance = 1e-9 if text is TRANSIENT else 0.05
    for name, part in wanted["parts"].items():
        assert found["parts"][name]["max_degC"] == pytest.approx(part["max_degC"], abs=tolerance)
    if text is TRANSIENT:
        assert found["first_law"] == pytest.approx(wanted["first_law"], rel=1e-6, abs=1e-9)
        ends = [np.load(folder / "state.npz")["temperature_K"] for folder in (target, tmp_path / "undisturbed")]
        assert ends[0] == pytest.approx(ends[1], abs=1e-10)


def test_a_full_disk_at_the_results(tmp_path):
    """A file may not grow beyond 8 kB: exit 1 in one line, no run folder that looks finished."""
    path, target = case(tmp_path, FLYING + '\n[run]\nkind = "steady"\n'), tmp_path / "run"
    solved(path, tmp_path / "first")  # meshes and forms are kept now
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        done = here("run", path, "-o", target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.exit_code == 1
    assert "the results could not be written" in done.output
    assert "file too large" in done.output
    assert not target.exists()
    assert not list(tmp_path.rglob("run.partial/manifest.json"))


@pytest.mark.parametrize("command", ["run", "size", "sensitivity"])
@pytest.mark.parametrize("inside", ["", "more"], ids=["a file", "under a file"])
def test_a_cache_that_cannot_be_made_is_named_before_anything_is_loaded(tmp_path, monkeypatch, command, inside):
    """By the variable and its value; it took 11 s to say so without them, and left an empty folder."""
    (tmp_path / "taken").write_text("")
    named = tmp_path / "taken" / inside
    monkeypatch.setenv("HELIORACK_CACHE", str(named))
    done = here(command, case(tmp_path, FLYING), "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert f"HELIORACK_CACHE={named}: forms cannot be compiled there" in done.stderr
    assert "let it name a folder that can be written, or unset it" in done.stderr
    assert {each.name for each in tmp_path.iterdir()} <= {"taken", "tiny.toml"}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, a Linux device that is always full")
def test_a_full_device_behind_the_output_is_words():
    """What is printed goes nowhere: exit 2 and a sentence that says which of the two may be full, in place of a number."""
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "heliorack", "check", str(EDGE)]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("no space left on device, where the output goes or in a folder that is written to; make room")
    assert "Errno" not in done.stderr
