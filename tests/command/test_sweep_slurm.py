"""Twelve small points on jobs of a real Slurm, which the test starts for itself: they come back, whatever happens to a job."""

import csv
import os
import signal
import subprocess
import sys
import time

import pytest
from command.cli_runner import ALONE, SET, case, read
from slurm import Slurm, missing

pytestmark = pytest.mark.xdist_group("slurm")

SWEEP = """
[sweep]
title = "Two boxes on a plate"
cases = ["hot"]

[[sweep.axes]]
path = "orbit.altitude_km"
values = [500, 600, 700]

[[sweep.axes]]
path = "compute.chip.peak_W"
values = [10, 20, 30, 40]
"""
QUICK = """
[solver]
fixed_steps = 12
linear = "direct"
"""
POINTS = 12
ASKED = "cores=1,memory=1GB,walltime=00:10:00,interface=lo"


@pytest.fixture(scope="module")
def slurm():
    """A Slurm with one node and the partition `debug`."""
    if not os.environ.get("HELIORACK_CI"):
        pytest.skip("starts daemons of Slurm, so only with HELIORACK_CI=1; on Debian, apt-get install slurm-wlm munge")
    lacking = missing()
    if lacking:
        pytest.fail(lacking)
    with Slurm() as running:
        yield running


def start(slurm, path, target, asked=f"queue=debug,{ASKED}") -> subprocess.Popen[str]:
    """`heliorack sweep run` with two jobs as workers, in a process group of its own."""
    words = [sys.executable, "-m", "heliorack", "sweep", "run", str(path), "-o", str(target), "--workers", "2"]
    words += ["--slurm", asked]
    environment = ALONE | slurm.environment
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)


def finished(process) -> tuple[int, str, str]:
    """Exit code and words of a sweep that is left to itself."""
    try:
        out, err = process.communicate(timeout=120)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode, out, err


def until(ready, process, words, seconds=60) -> None:
    """Wait for something that must come while the sweep runs."""
    end = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None, f"the sweep ended before {words}: {process.communicate()}"
        assert time.monotonic() < end, f"no {words} within {seconds} s"
        time.sleep(0.05)


def rows(target) -> int:
    """Points in a table that may not be there yet."""
    path = target / "table.csv"
    return path.read_bytes().count(b"\n") - 1 if path.exists() else 0


def complete(target) -> None:
    """Every point is a whole run folder and stands once in the table."""
    table = list(csv.DictReader((target / "table.csv").open(encoding="utf-8")))
    assert [row["state"] for row in table] == ["done"] * POINTS
    assert len({row["point"] for row in table}) == POINTS
    assert {path.parent.name for path in target.glob("*/manifest.json")} == {row["point"] for row in table}
    assert read(target, "sweep.json")["done"] == POINTS
    assert not list(target.glob("*.partial*"))


@pytest.fixture(scope="module")
def abandoned(slurm, tmp_path_factory):
    """Case and folder of a sweep whose client was killed with a point or two in the table."""
    folder = tmp_path_factory.mktemp("abandoned")
    path, target = case(folder, SET + SWEEP + QUICK), folder / "sweep"
    process = start(slurm, path, target)
    until(lambda: rows(target) >= 1, process, "row of the table")
    process.kill()
    finished(process)
    return path, target


def test_killed_client_leaves_no_job(slurm, abandoned):
    """kill -9 of the client: its jobs find no scheduler and end by themselves."""
    end = time.monotonic() + 60
    while slurm.jobs() and time.monotonic() < end:
        time.sleep(0.1)
    assert slurm.jobs() == []


def test_cancelled_job_loses_nothing(slurm, abandoned):
    """Submitted, worked, collected: the sweep goes on, one of its two jobs is cancelled, another takes its place; all points come."""
    path, target = abandoned
    whole = {item: item.stat().st_mtime_ns for item in target.glob("*/manifest.json")}
    before, process = slurm.ever(), start(slurm, path, target)
    until(lambda: rows(target) > len(whole), process, "point more")
    first = slurm.jobs("RUNNING")[0]
    slurm.said("scancel", first)
    assert rows(target) < POINTS - 1  # the sweep was under way
    until(lambda: slurm.ever() == before + 3, process, "job in the place of the cancelled one")
    code, out, err = finished(process)
    assert code == 0, err
    assert "12 points done" in out
    complete(target)
    assert whole
    assert {item: item.stat().st_mtime_ns for item in whole} == whole  # none was solved again
    assert slurm.jobs("PENDING,RUNNING") == []
    assert not (target / "jobs").exists()  # logs are kept when something went wrong


def test_refused_job_is_explained(slurm, tmp_path):
    """A partition that is not there: Slurm's own words, exit code 2, no job, and the folder can go on elsewhere."""
    path, target = case(tmp_path, SET + SWEEP + QUICK), tmp_path / "sweep"
    before = slurm.ever()
    code, out, err = finished(start(slurm, path, target, f"queue=nowhere,{ASKED}"))
    assert code == 2
    assert "Slurm did not take the job: invalid partition specified: nowhere" in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""
    assert slurm.ever() == before
    assert slurm.jobs() == []


def test_jobs_that_cannot_work_end_the_sweep(slurm, tmp_path):
    """A Python that is not on the nodes: three jobs end at once, then the sweep does, with what the last one said; exit code 1."""
    path, target = case(tmp_path, SET + SWEEP + QUICK), tmp_path / "sweep"
    code, _, err = finished(start(slurm, path, target, f"python=/nowhere/python,{ASKED}"))
    assert code == 1
    assert "3 jobs in a row ended before their worker reported" in err
    assert "/nowhere/python: No such file or directory" in err
    assert slurm.jobs("PENDING,RUNNING") == []
