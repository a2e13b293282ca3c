"""Where the workers of a sweep come from, and what is said when there are none."""

import shlex
import shutil
import time

import pytest
from command.cli_runner import SET, apart, case, command, here, read

pytestmark = pytest.mark.xdist_group("mpi")

SWEEP = """
[sweep]
cases = ["hot"]

[[sweep.axes]]
path = "{}"
values = {}
"""
TWO = SWEEP.format("compute.chip.peak_W", [20, 30])
EXACT = '[solver]\nfixed_steps = 6\nlinear = "direct"\ntolerance_K = 0.5\n'


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("--slurm quue=normal", "--slurm quue: unknown key; did you mean queue?"),
        ("--slurm normal", "--slurm normal: expected KEY=VALUE,..., as in --slurm queue=normal"),
        ("--lsf cores=two", "--lsf cores=two: expected a whole number, at least 1"),
        ("--sge memory=much", "--sge memory=much: expected an amount, as 4GB"),
        ("--slurm cores=2,processes=2 --ranks 2", "cores=2: 2 processes of 2 ranks need 4 cores"),
        ("--pbs queue=normal", "--pbs: there is no qsub on this machine"),
        ("--scheduler head_node", "--scheduler head_node: expected tcp://HOST:PORT"),
        ("--scheduler tcp://a:1 --slurm queue=b", "exclude one another"),
    ],
)
def test_malformed_request(asked, words, tmp_path, monkeypatch):
    """One line, exit code 2, and nothing is submitted: the PATH is empty."""
    monkeypatch.setenv("PATH", "")
    done = here("sweep", "run", case(tmp_path, SET + TWO), "-o", tmp_path / "sweep", *asked.split())
    assert done.exit_code == 2
    assert words in done.stderr


def test_scheduler_that_does_not_answer(tmp_path, monkeypatch):
    """Nothing listens on port 9: said as soon as the time to answer is over, here 2 s, without a traceback, exit code 2."""
    monkeypatch.setattr("heliorack.sweep.execution.cluster.REACH", 2.0)
    began = time.monotonic()
    done = here("sweep", "run", case(tmp_path, SET + TWO), "-o", tmp_path / "sweep", "--scheduler", "tcp://127.0.0.1:9")
    assert done.exit_code == 2
    assert done.stderr == "no dask scheduler answers at tcp://127.0.0.1:9 within 2 s; is it running, and is the address right?\n"
    assert time.monotonic() - began < 20  # of which 2 wait, the others may import dask on a busy machine


def test_scheduler_that_is_there(tmp_path):
    """It solves the points, and is still there afterwards; workers with two threads are refused, since two points would share one MPI."""
    from distributed import LocalCluster

    path = case(tmp_path, SET + TWO + EXACT)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        done = here("sweep", "run", path, "-o", tmp_path / "sweep", "--scheduler", cluster.scheduler_address, "--json")
        assert done.exit_code == 0, done.stderr
        assert read(tmp_path / "sweep", "sweep.json")["done"] == 2
        assert cluster.status.name == "running"
    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
        done = here("sweep", "run", path, "-o", tmp_path / "other", "--scheduler", cluster.scheduler_address)
    assert done.exit_code == 2
    assert "more than one thread; start them with --nthreads 1" in done.stderr


RANKS = """
[sweep]
cases = ["hot"]

[[sweep.named]]
name = "design"
sets.low = { "compute.chip.peak_W" = 20 }
sets.high = { "compute.chip.peak_W" = 30 }
sets.clash = { "parts.plate.thickness_mm" = 20 }
"""


@pytest.mark.full
@pytest.mark.mpi
def test_points_on_two_ranks(tmp_path):
    """Points on two ranks are ordinary run folders with the temperatures of one rank; one that fails says what the run said.

    The second starts from its own steady state and what an orbit does to the first, as on one rank, and is there in fewer orbits.
    """
    path, target = case(tmp_path, SET + RANKS + EXACT), tmp_path / "sweep"
    done = command("sweep", "run", path, "-o", target, "--ranks", "2", "--workers", "1")
    assert done.returncode == 1, done.stderr
    assert "2 points done, 1 failed" in done.stdout
    assert "parts plate and server overlap" in (target / "table.csv").read_text()
    here("sweep", "run", path, "-o", tmp_path / "alone", "--emit-job-array")
    orbits = []
    for number, name in ((1, "low"), (2, "high")):
        (folder,) = target.glob(f"design-{name}_*")
        manifest = read(folder, "manifest.json")
        assert manifest["ranks"] == 2
        assert {item.name for item in folder.iterdir()} == {"case.toml", "summary.json", "history.csv", "state.npz", "manifest.json"}
        assert here("sweep", "point", path, number, "-o", tmp_path / "alone").exit_code == 0
        assert manifest["guess"] == read(tmp_path / "alone" / folder.name, "manifest.json")["guess"]
        assert apart(read(tmp_path / "alone" / folder.name), read(folder)) < 1e-6
        orbits.append(read(folder)["periodic"]["orbits"])
    assert orbits[1] < orbits[0]
    again = here("sweep", "run", path, "-o", target, "--ranks", "2", "--json")
    assert '"solved": 0' in again.stdout


def contents(folder) -> dict[str, bytes]:
    """Every file of a folder but the lock, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A sweep of two points, of which one failed, that is finished."""
    place = tmp_path_factory.mktemp("finished")
    text = SET + RANKS.replace('sets.high = { "compute.chip.peak_W" = 30 }\n', "") + EXACT
    done = here("sweep", "run", case(place, text), "-o", place / "sweep", "--workers", "1")
    assert done.exit_code == 1, done.stderr
    return place


@pytest.mark.parametrize(
    "asked",
    [
        "--force --set orbit.altitude_km=700 --scheduler foo",
        "--force --set orbit.altitude_km=700 --pbs queue=x",
        "--retry-failed --pbs queue=x",
        "--retry-failed --slurm cores=two",
        "--retry-failed --slurm queue=x",
    ],
)
def test_refusal_leaves_everything(asked, finished, tmp_path, monkeypatch):
    """No workers: exit 2, every file of a finished sweep as it was, and no folder where there was none."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sbatch").write_text("#!/bin/sh\necho 'sbatch: error: invalid partition' >&2; exit 1\n")
    (tmp_path / "bin" / "sbatch").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")
    before = contents(finished / "sweep")
    assert {"sweep.json", "table.csv", "plan.json"} < before.keys()
    done = here("sweep", "run", finished / "tiny.toml", "-o", finished / "sweep", *asked.split())
    assert done.exit_code == 2
    assert contents(finished / "sweep") == before
    done = here("sweep", "run", finished / "tiny.toml", "-o", tmp_path / "none", *asked.split())
    assert done.exit_code == 2
    assert not (tmp_path / "none").exists()


def test_job_array_passes_on_what_its_points_need(finished, tmp_path):
    """The limit of points, and those that failed on demand; ranks, which a line cannot give, are refused."""
    folder = tmp_path / "sweep"
    shutil.copytree(finished / "sweep", folder)
    words = ("sweep", "run", finished / "tiny.toml", "-o", folder, "--emit-job-array")
    before = contents(folder)
    assert here(*words).stdout == ""
    assert contents(folder) == before
    done = here(*words, "--ranks", "2")
    assert done.exit_code == 2
    assert "leave out --ranks" in done.stderr
    (line,) = here(*words, "--retry-failed", "--max-points", "20000").stdout.splitlines()
    assert "--max-points 20000" in line
    done = here(*shlex.split(line)[1:])
    assert done.exit_code == 1
    assert "parts plate and server overlap" in done.stderr


def test_status_of_a_sweep_that_lost_a_point(finished, tmp_path):
    """It is not finished any more, and says what to do."""
    folder = tmp_path / "sweep"
    shutil.copytree(finished / "sweep", folder)
    assert ": finished" in here("sweep", "status", folder).stdout
    for manifest in folder.glob("*/manifest.json"):
        shutil.rmtree(manifest.parent)
    said = here("sweep", "status", folder).stdout
    assert ": stopped" in said
    assert "1 left" in said
    assert "the same heliorack sweep run goes on" in said
