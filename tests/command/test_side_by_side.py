"""Load cases side by side: the same answer as one after another, errors with their words, no pictures where none are asked for."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from command.cli_runner import ALONE, SET, case, command, hears_interrupts, here, read

from heliorack.casefile.errors import CaseError
from heliorack.run import crew
from heliorack.run.load_case import Setting

ASIDE = ("wall_time_s", "view_factors_reused", "sun_directions_reused")  #: how it went, which is no answer


def plain(value):
    """A document without how it went."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in ASIDE}
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A set that nobody has meshed before, solved by two processes, then by one; and what they said."""
    folder = tmp_path_factory.mktemp("side_by_side")
    path = case(folder, SET.replace("width_mm = 300", f"width_mm = {300 + time.time_ns() % 1_000_000 * 1e-6}"))
    done = command("run", path, "-o", folder / "two", "--processes", 2, "--no-pictures")
    assert done.returncode == 0, done.stderr
    alone = here("run", path, "-o", folder / "one", "--processes", 1, "--no-pictures")
    assert alone.exit_code == 0, alone.stderr
    return folder, done, alone


def test_two_processes_find_what_one_finds(both):
    """To the last digit: figures, fields and history of every load case, envelope and closing words."""
    folder, done, alone = both
    assert done.stdout.replace(str(folder / "two"), "DIR") == alone.stdout.replace(str(folder / "one"), "DIR")
    assert plain(read(folder / "two")) == plain(read(folder / "one"))
    for name in ("hot", "cold", "idle"):
        for file in ("summary.json", "history.csv", "case.toml"):
            two, one = ((folder / which / name / file).read_text() for which in ("two", "one"))
            assert plain(json.loads(two)) == plain(json.loads(one)) if file.endswith("json") else two == one


def test_the_mesh_is_made_once(both):
    """The process beside finds it in the store; of the set it was made, and the next run has it from there."""
    folder, done, alone = both
    meshes = read(folder / "two", "manifest.json")["mesh"]
    assert sorted(meshes.values()).count("cached") >= 1
    assert "mesh reused" not in done.stderr
    assert "mesh reused" in alone.stderr


def test_no_pictures_means_none(both):
    """Nor a word of them; reports are there."""
    folder, done, _ = both
    assert not list((folder / "two").rglob("*.png"))
    assert "picture" not in done.stdout
    assert {path.parent.name for path in (folder / "two").rglob("report.html")} == {"two", "hot", "cold", "idle"}


def test_an_error_of_a_process_beside_arrives_with_its_words(tmp_path):
    """Exit code and message as of one process alone."""
    wrong = '"run.kind" = "transient"\n"run.duration_s" = 60\n"run.state" = "none.npz"'
    path, target = case(tmp_path, SET.replace("[cases.cold]", f"[cases.cold]\n{wrong}")), tmp_path / "run"
    (tmp_path / "none.npz").write_bytes(b"no state")
    done = here("run", path, "-o", target, "--processes", 2, "--no-pictures")
    assert done.exit_code == 2
    assert done.output.splitlines()[-1] == f"run.state: {tmp_path / 'none.npz'} is not the state.npz of a run"
    assert not target.exists()


@pytest.mark.parametrize("blow", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.full)])
def test_interrupting_the_run_ends_all_its_processes(blow, tmp_path):
    """Ctrl-C reaches the first process alone here; the one beside ends with it, and so it does when that is killed."""
    target = tmp_path / "run"
    words = [sys.executable, "-m", "heliorack", "run", case(tmp_path, SET), "-o", target, "--processes", "2", "--no-pictures"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ALONE, preexec_fn=hears_interrupts)
    children = []
    while not children and process.poll() is None:
        time.sleep(0.02)
        children = [int(each) for each in os.popen(f"pgrep -P {process.pid} -f runtime.beside").read().split()]
    process.send_signal(blow)
    assert process.wait(timeout=60) != 0
    until = time.monotonic() + 30
    while any(_lives(child) for child in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(_lives(child) for child in children)
    assert not target.exists()


def _lives(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as told:
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_how_many(monkeypatch):
    """As asked, else by the environment, else by cores and memory, and never more than load cases; one where ranks share the work."""

    class Comm:
        size = 1

    monkeypatch.setattr(crew, "_cores", lambda: 8)
    monkeypatch.setattr(crew, "_room", lambda: 3)
    monkeypatch.delenv(crew.PROCESSES, raising=False)
    assert [crew.processes(asked, 4, Comm) for asked in (None, 1, 2, 9)] == [3, 1, 2, 4]
    monkeypatch.setattr(crew, "_room", lambda: 0)
    assert crew.processes(None, 4, Comm) == 1
    monkeypatch.setenv(crew.PROCESSES, "2")
    assert [crew.processes(asked, 4, Comm) for asked in (None, 3)] == [2, 3]
    monkeypatch.setenv(crew.PROCESSES, "many")
    with pytest.raises(CaseError, match="whole number of processes"):
        crew.processes(None, 4, Comm)
    Comm.size = 2
    assert crew.processes(4, 4, Comm) == 1


def test_load_cases_on_one_orbit_go_together():
    """What is known of an orbit is known in one process; where all are of one orbit they go by turns."""
    cases = {
        name: SimpleNamespace(orbit=orbit) for name, orbit in zip("abcdef", ("June", "June", "May", "May", "June", "July"), strict=True)
    }
    assert crew.nearest("abcdef", "", "", cases) == "a"
    assert crew.nearest("bcdef", "", "a", cases) == "c"
    assert crew.nearest("bdef", "a", "ac", cases) == "b"
    assert crew.nearest("def", "ab", "abc", cases) == "e"
    assert crew.nearest("df", "abe", "abce", cases) == "f"
    assert crew.nearest("d", "abef", "abcef", cases) == "d"


class Quick:
    """A process beside that answers at once, and knows what it was asked."""

    def __init__(self):
        self.had, self.loaded, self.others_began = [], [], threading.Event()

    def call(self, function, *arguments, hear):
        assert self.others_began.wait(10)
        if function is crew._load:
            self.loaded += arguments
            return None
        self.had.append(arguments[1])
        return arguments[1]

    def close(self):
        pass


def shared(monkeypatch, whose, idle=""):
    """Which of four load cases a quick process had in one round, beside a first process that is slow; and what it loaded then."""
    beside = Quick()
    monkeypatch.setattr(crew, "taken", lambda loads: beside)
    monkeypatch.setattr(crew, "dismiss", lambda: None)
    cases = {name: SimpleNamespace(orbit=name) for name in "abcd"}
    with crew.Crew(Setting(Path(), Path(), False), cases, lambda words, fraction: None, None, 2) as team:
        team._meshed.set()

        def slow(load_case):
            beside.others_began.set()
            time.sleep(0.1)
            return load_case.name

        assert team.each(slow, dict.fromkeys(cases, ()), whose, idle) == {name: name for name in cases}
        for serving in team._serving.values():
            serving.join()
    return beside


def test_who_takes_what(monkeypatch):
    """What stays with a process is shared evenly; pictures are drawn by whoever has time; who waits loads what comes next."""
    assert len(shared(monkeypatch, "first").had) == 3
    assert len(shared(monkeypatch, "even").had) == 2
    assert len(shared(monkeypatch, "any", "json").had) == 3
    assert shared(monkeypatch, "even", "json").loaded == ["json"]
