"""A run that is killed leaves nothing that looks finished, and --resume ends where an undisturbed run ends."""

import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from command.cli_runner import ALONE, SET, apart, case, here, read, solved

pytestmark = [pytest.mark.xdist_group("interrupted"), pytest.mark.usefixtures("without_pictures")]

TOLERANCE = 0.05  #: K
MOMENTS = random.Random(550)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Summary of the set and the time that its process took [s], start to end."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    process = start(case(folder, SET), folder / "run")
    assert process.wait(timeout=120) == 0
    return read(folder / "run"), time.monotonic() - began


def killed(process, delay) -> int:
    """Exit code of a process that is killed after a delay [s]; 0 when it was done before."""
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    return process.wait(timeout=10)


def start(path, target) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    words = [sys.executable, "-m", "heliorack", "run", str(path), "-o", str(target)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ALONE)


def finished(place) -> dict[str, tuple[int, bytes]]:
    """Manifests of finished load cases, with the time each was written."""
    return {path.parent.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in place.glob("*/manifest.json")}


@pytest.mark.parametrize("part", [round(0.1 + 0.375 * (half + MOMENTS.random()), 2) for half in range(2)])
def test_run_killed_at_any_time_resumes(part, undisturbed, tmp_path):
    """kill -9 after this part of the time: no DIR, no manifest above; then the same answer, and no finished load case solved again."""
    wanted, took = undisturbed
    path, target, partial = case(tmp_path, SET), tmp_path / "run", tmp_path / "run.partial"
    delay = part * took
    while killed(start(path, target), delay) == 0 or target.exists():  # the machine was idler than before: the run was done too soon
        delay *= 0.7
        shutil.rmtree(target)
    assert not target.exists()
    assert not (partial / "manifest.json").exists()
    before = finished(partial)

    found = solved(path, target, "--resume")
    assert not partial.exists()
    after = finished(target)
    assert {name: after[name] for name in before} == before
    assert set(after) == {"hot", "cold", "idle"}
    assert apart(found, wanted) <= TOLERANCE
    assert found["holds"] == wanted["holds"]
    assert {path.name for path in target.iterdir()} == {*after, "summary.json", "manifest.json", "report.html", "picture.png", "orbit.png"}
    assert not [path for path in target.rglob("*") if "checkpoint" in path.name or path.name.endswith(".tmp")]


@pytest.fixture
def stopped(tmp_path, monkeypatch):
    """A set of which the first load case is done and the second stopped in its second orbit."""
    import heliorack.run.load_case

    path, target, real, marched = case(tmp_path, SET), tmp_path / "run", heliorack.run.load_case.simulate, []

    def stopping(case, comm, say, bodies, start, keep, swing, *more):
        def keep_one(T):
            keep(T)
            marched.append(case.load_case)
            if marched.count("cold") == 2:
                raise KeyboardInterrupt

        return real(case, comm, say, bodies, start, keep_one, swing, *more)

    with monkeypatch.context() as patch:
        patch.setattr(heliorack.run.load_case, "simulate", stopping)
        assert here("run", path, "-o", target).exit_code == 130
    return path, target


def marched(monkeypatch) -> list[tuple[str, bool]]:
    """Load cases that are solved from now on, each with whether it starts from a checkpoint."""
    import heliorack.run.load_case

    seen, real = [], heliorack.run.load_case.simulate

    def watched(case, comm, say, bodies, start, keep, swing, *more):
        seen.append((case.load_case, start is not None))
        return real(case, comm, say, bodies, start, keep, swing, *more)

    monkeypatch.setattr(heliorack.run.load_case, "simulate", watched)
    return seen


def test_resume_goes_on_from_the_checkpoint(stopped, monkeypatch):
    """The finished case stays, the stopped one starts from its checkpoint, the last one afresh."""
    seen = marched(monkeypatch)
    solved(*stopped, "--resume")
    assert seen == [("cold", True), ("idle", False)]


def test_without_resume_all_is_solved_again(stopped, monkeypatch):
    """And what the stopped run left is gone."""
    seen = marched(monkeypatch)
    solved(*stopped)
    assert seen == [("hot", False), ("cold", False), ("idle", False)]


def test_resume_of_a_changed_case_takes_nothing_of_the_old(stopped, monkeypatch):
    """Neither results nor checkpoints, nor folders of load cases that are no more."""
    path, target = stopped
    path.write_text(SET[: SET.index("[cases.idle]")].replace("peak_W = 40", "peak_W = 41").replace("[cases.hot]", "[cases.warm]"))
    seen = marched(monkeypatch)
    found = solved(path, target, "--resume")
    assert seen == [("warm", False), ("cold", False)]
    assert set(found["load_cases"]) == {"warm", "cold"}
    assert not (target / "hot").exists()


def test_half_written_folder_never_counts(stopped, monkeypatch):
    """A case that must be solved anew loses its manifest first: killed again, it is still unfinished."""
    path, target = stopped
    path.write_text(SET.replace("peak_W = 40", "peak_W = 41"))

    def stop(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("heliorack.run.load_case.simulate", stop)
        assert here("run", path, "-o", target, "--resume").exit_code == 130
    partial = target.with_name("run.partial")
    assert (partial / "hot" / "case.toml").exists()
    assert not list(partial.rglob("manifest.json"))


def test_single_case_resumes_too(stopped, monkeypatch):
    """--case NAME over the remains of a set: the set's are swept away."""
    path, target = stopped
    seen = marched(monkeypatch)
    found = solved(path, target, "--case", "cold", "--resume")
    assert seen == [("cold", False)]
    assert found["case"] == "cold"
    assert not (target / "hot").exists()
