"""A sweep of nine small points on two workers: killed anywhere it goes on, and ends in the same table; one bad point stops nobody."""

import csv
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from command.cli_runner import ALONE, SET, case, hears_interrupts, here, read
from thorough import many

pytestmark = pytest.mark.xdist_group("sweep")

TOLERANCE = 0.5  #: K
SWEEP = f"""
[solver]
tolerance_K = {TOLERANCE}
fixed_steps = 12
linear = "direct"
"""
SWEEP += """
[sweep]
title = "Two boxes on a plate"
cases = ["hot"]

[[sweep.axes]]
path = "parts.plate.length_mm"
values = [200, 210]

[[sweep.axes]]
path = "orbit.altitude_km"
values = [500, 600]

[[sweep.named]]
name = "load"
sets.low = { "compute.chip.peak_W" = 20 }
sets.high = { "compute.chip.peak_W" = 40 }
sets.impossible = { "parts.pack.position_mm" = [80, 0, 60] }
"""
SKIP = "skip = [\"load == 'impossible' and (length_mm > 200 or altitude_km > 500)\"]\n"
TEXT = SET + SWEEP.replace("[[sweep.axes]]", SKIP + "\n[[sweep.axes]]", 1)
GOOD, BAD = 8, 1
TIMED = ("wall_s",)  #: columns that differ from run to run
MOMENTS = random.Random(1000)


def start(path, target, *options) -> subprocess.Popen[str]:
    """`heliorack sweep run` in a process group of its own."""
    words = [sys.executable, "-m", "heliorack", "sweep", "run", str(path), "-o", str(target), "--workers", "2", *options]
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ALONE, start_new_session=True, preexec_fn=hears_interrupts
    )


def finished(process) -> tuple[int, str, str]:
    """Exit code and words of a sweep that is left to itself."""
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def plain(err) -> list[str]:
    """Lines of standard error but those of the progress."""
    return [line for line in err.splitlines() if " s  " not in line]


def table(folder) -> dict[str, dict[str, str]]:
    """Rows of table.csv by point; no point stands twice."""
    rows = list(csv.DictReader((folder / "table.csv").open(encoding="utf-8")))
    found = {row["point"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def figures(folder) -> dict[str, dict[str, str]]:
    """The table without times; its text reads back to the very same numbers, so equal text is equality to the bit."""
    return {name: {key: value for key, value in row.items() if key not in TIMED} for name, row in table(folder).items()}


def whole(folder) -> dict[str, int]:
    """Time at which each point became whole [ns]."""
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/manifest.json")}


def sound(folder) -> None:
    """Whatever carries a manifest is a complete run folder of the name that it says; nothing is half-written."""
    for path in folder.glob("*/manifest.json"):
        assert json.loads(path.read_text())["point"] == path.parent.name
        assert {item.name for item in path.parent.iterdir()} == {"case.toml", "summary.json", "history.csv", "state.npz", "manifest.json"}


def workers(process) -> list[psutil.Process]:
    """The processes that solve."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if any("spawn_main" in word for word in child.cmdline())]
    except psutil.NoSuchProcess:
        return []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Folder of a sweep that nobody disturbed, what it said, and how long it took [s]."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    code, out, err = finished(start(case(folder, TEXT), folder / "sweep"))
    assert code == 1, err  # one point failed
    return folder / "sweep", out, time.monotonic() - began


def test_one_bad_point_stops_nobody(undisturbed):
    """It is on record with its message, the others are run folders; the table says both and stands in the order of the plan."""
    folder, out, _ = undisturbed
    rows = table(folder)
    assert [row["state"] for row in rows.values()].count("done") == GOOD
    (bad,) = (row for row in rows.values() if row["state"] == "failed")
    assert "never touch" in bad["message"]
    assert bad["load"] == "impossible"
    assert not (folder / bad["point"]).exists()
    assert f"{GOOD} points done, 1 failed" in out
    sound(folder)
    assert read(folder, "sweep.json")["done"] == GOOD
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        ".lock", "case.toml", "plan.json", "sweep.json", "table.csv", "table.parquet", f"{bad['point']}.failed.json",
    }  # fmt: skip


def test_point_is_an_ordinary_run(undisturbed, tmp_path):
    """Its case.toml, run by itself, gives its temperatures within the tolerance of the periodic state; the table repeats its summary."""
    folder, _, _ = undisturbed
    row = next(row for row in table(folder).values() if row["load"] == "high")
    summary = read(folder / row["point"])
    assert float(row["hottest_degC"]) == max(part["max_degC"] for part in summary["parts"].values())
    assert float(row["tightest_margin_K"]) == min(limit["margin_K"] for limit in summary["limits"])
    done = here("run", folder / row["point"] / "case.toml", "-o", tmp_path / "run")
    assert done.exit_code == 0
    again = read(tmp_path / "run")
    for name, part in summary["parts"].items():
        assert again["parts"][name]["max_degC"] == pytest.approx(part["max_degC"], abs=TOLERANCE)


def test_parquet_is_the_table(undisturbed):
    """The same numbers with their types."""
    parquet = pytest.importorskip("pyarrow.parquet")
    folder, _, _ = undisturbed
    rows = parquet.read_table(folder / "table.parquet").to_pylist()
    assert [row["point"] for row in rows] == list(table(folder))
    pairs = [(row, one) for row, one in zip(table(folder).values(), rows, strict=True) if one["holds"]]
    assert all(float(row["hottest_degC"]) == one["hottest_degC"] for row, one in pairs)


def kill(process, what) -> None:
    """kill -9 of the client, of one worker, or of all."""
    if what == "client":
        process.kill()
    elif what == "group":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        for worker in workers(process)[:1]:
            worker.kill()


def rows_of(target) -> int:
    """Rows of a table that may not be there yet."""
    path = target / "table.csv"
    return path.read_bytes().count(b"\n") - 1 if path.exists() else 0


def test_killed_sweep_goes_on(undisturbed, tmp_path):
    """kill -9 at random moments of the client, then of all, then of one worker of a sweep that goes on each time.

    What was whole is not solved again, nothing stands twice, and the figures are the same to the bit.
    """
    path, target, before = case(tmp_path, TEXT), tmp_path / "sweep", {}
    for what, rows in (("client", 2), ("group", MOMENTS.randint(3, 4)), ("worker", MOMENTS.randint(6, 7))):
        process, wanted = start(path, target), max(rows, rows_of(target) + 1)
        while rows_of(target) < wanted and process.poll() is None:
            time.sleep(0.02)
        time.sleep(0.3 * MOMENTS.random())
        kill(process, what)
        code, out, err = finished(process)
        if what == "worker":
            assert code == 1, err
            assert f"{GOOD} points done, 1 failed" in out
        else:
            assert code == -signal.SIGKILL
            assert not (target / "sweep.json").exists()
            table(target)  # readable, whatever happened
        sound(target)
        assert {name: moment for name, moment in whole(target).items() if name in before} == before
        before = whole(target)
        assert before
    assert figures(target) == figures(undisturbed[0])
    assert not list(target.glob("*.partial"))


@pytest.mark.full
def test_twenty_kills(undisturbed, tmp_path):
    """Twenty kills (`make verify-ci`: five) at moments spread over the whole time of a sweep, its ends included; every sweep completes."""
    path, wanted, left, number = case(tmp_path, TEXT), figures(undisturbed[0]), many(20, 5), 0
    moments = random.Random(20)
    while left:
        target = tmp_path / f"sweep{number}"
        number += 1
        for _ in range(min(left, moments.randint(1, 4))):
            process = start(path, target)
            time.sleep(moments.uniform(0.02, 1.0) * undisturbed[2])
            kill(process, moments.choice(["client", "worker", "group"]))
            left -= 1
            finished(process)
            sound(target)
        code, _, err = finished(start(path, target))
        assert code == 1, err
        sound(target)
        assert figures(target) == wanted


def test_failed_point_is_tried_again_on_demand(undisturbed, tmp_path):
    """--retry-failed solves that one and no other."""
    folder = shutil.copytree(undisturbed[0], tmp_path / "sweep")
    before = whole(folder)
    done = here("sweep", "run", undisturbed[0].parent / "tiny.toml", "-o", folder, "--workers", 1, "--retry-failed", "--json")
    assert done.exit_code == 1, done.stderr
    assert {key: json.loads(done.stdout)[key] for key in ("done", "failed", "solved")} == {"done": GOOD, "failed": BAD, "solved": BAD}
    assert whole(folder) == before


def test_job_array_without_dask(undisturbed, tmp_path):
    """One command per point that is not whole; each leaves its folder, and the sweep collects."""
    path = case(tmp_path, TEXT)
    folder = tmp_path / "sweep"
    lines = here("sweep", "run", path, "-o", folder, "--emit-job-array").stdout.splitlines()
    assert len(lines) == GOOD + BAD
    assert lines[2].split()[:3] == ["heliorack", "sweep", "point"]
    done = here(*lines[2].split()[1:])
    assert done.exit_code == 0, done.stderr
    sound(folder)
    assert len(whole(folder)) == 1
    assert len(here("sweep", "run", path, "-o", folder, "--emit-job-array").stdout.splitlines()) == GOOD + BAD - 1


def test_whole_sweep_needs_no_worker(undisturbed):
    """The same command again solves nothing and says so."""
    folder, _, _ = undisturbed
    before, rows = whole(folder), figures(folder)
    done = here("sweep", "run", folder.parent / "tiny.toml", "-o", folder, "--json")
    assert done.exit_code == 1, done.stderr
    assert json.loads(done.stdout)["solved"] == 0
    assert whole(folder) == before
    assert figures(folder) == rows


def test_other_plan_is_refused(undisturbed, tmp_path):
    """Nothing is touched; --force keeps what both plans share and removes the rest."""
    folder = shutil.copytree(undisturbed[0], tmp_path / "sweep")
    path = case(tmp_path, TEXT.replace("values = [500, 600]", "values = [500]").replace("sets.impossible", "# "))
    path.write_text(path.read_text().replace(SKIP, ""))
    before = {item: item.stat().st_mtime_ns for item in folder.rglob("*")}
    done = here("sweep", "run", path, "-o", folder)
    assert done.exit_code == 2
    assert "9 points" in done.stderr
    assert "not 4 points" in done.stderr
    assert {item: item.stat().st_mtime_ns for item in folder.rglob("*")} == before
    kept = whole(folder)
    done = here("sweep", "run", path, "-o", folder, "--force", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["solved"] < 4
    assert set(whole(folder)) < set(kept)
    assert not list(folder.glob("*.failed.json"))


def test_disk_full_stops_cleanly(undisturbed, tmp_path):
    """From the first point on no worker can write more than 8 kB: one message, nothing half-written; with room again the same table."""
    path, target = case(tmp_path, TEXT), tmp_path / "sweep"
    process = start(path, target)
    while rows_of(target) < 2 and process.poll() is None:  # the one that fails may be the first
        time.sleep(0.02)
    for worker in workers(process):
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (8192, 8192))
    code, _, err = finished(process)
    assert code == 1
    (said,) = plain(err)
    assert "nothing more can be written" in said
    assert "file too large" in said
    assert 0 < len(whole(target)) < GOOD
    sound(target)
    assert not list(target.glob("*.partial"))
    done = here("sweep", "run", path, "-o", target, "--workers", 1)
    assert done.exit_code == 1, done.stderr
    assert figures(target) == figures(undisturbed[0])


def test_interrupt_says_how_to_go_on(tmp_path):
    """Ctrl-C reaches the whole group: exit 1 and one line. A sweep that is over before the signal arrives is begun anew."""
    path = case(tmp_path, TEXT)
    for attempt in range(4):
        target = tmp_path / f"sweep{attempt}"
        process = start(path, target)
        while rows_of(target) < 2 and process.poll() is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        code, _, err = finished(process)
        sound(target)
        assert not list(target.glob("*.partial"))
        if rows_of(target) < GOOD + BAD:
            break
    assert code == 1
    assert err.splitlines()[-1].endswith("and the same command goes on from there"), err
    assert not any("Traceback" in line for line in err.splitlines())


def test_help_needs_no_dask():
    """`--help` of the group and of its commands imports neither dask nor numpy."""
    said = "import sys; from heliorack.cli import cli; cli(['sweep', 'run', '--help'], standalone_mode=False)"
    found = subprocess.run(
        [sys.executable, "-c", f"{said}; print(sorted({{'dask', 'distributed', 'numpy'}} & set(sys.modules)))"],
        capture_output=True, text=True, check=True, env=ALONE,
    )  # fmt: skip
    assert found.stdout.strip().endswith("[]")
