"""A sweep that goes on: after a file that its case names has changed, with fields that nobody asked for before, and what is left of it."""

import json
import shutil
from pathlib import Path

import pytest
from command.cli_runner import SET, case, here, read
from command.powered import changed

from heliorack.sweep.execution import estimate

pytestmark = pytest.mark.usefixtures("without_pictures")

JOBS = "time_s,utilisation\n0,0.2\n2000,1\n"
SCHEDULE = changed(
    SET,
    ('profile = { kind = "constant", utilisation = 1.0 }', 'profile = { kind = "schedule", file = "jobs.csv" }'),
    ('"compute.chip.profile.utilisation" = 0.0\n', ""),
)
TEXT = f"""{SCHEDULE}
[solver]
fixed_steps = 12

[sweep]
cases = ["hot"]

[[sweep.axes]]
path = "compute.chip.peak_W"
values = [20, 30]
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A case with its job schedule, and the folder `sweep` of its sweep, of which one point of two is whole."""
    place = tmp_path_factory.mktemp("resume")
    (place / "jobs.csv").write_text(JOBS)
    path = case(place, TEXT)
    assert len(here("sweep", "run", path, "-o", place / "sweep", "--emit-job-array").stdout.splitlines()) == 2
    assert here("sweep", "point", path, 1, "-o", place / "sweep").exit_code == 0
    return place


@pytest.fixture
def begun(first, tmp_path):
    """A copy of it."""
    return shutil.copytree(first, tmp_path / "copy")


def left(place, *options) -> list[int]:
    """Points that a sweep would solve."""
    done = here("sweep", "run", place / "tiny.toml", "-o", place / "sweep", "--emit-job-array", *options)
    assert done.exit_code == 0, done.stderr
    return [int(line.split()[4]) for line in done.stdout.splitlines()]


def moments(folder) -> dict[Path, int]:
    """When each file of a folder was written [ns]."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_changed_file_is_said_and_its_points_are_solved_again(begun):
    """One line that names the file, exit 2, nothing touched; --force takes the new file. The same bytes written anew are no change."""
    (begun / "jobs.csv").write_text(JOBS)
    assert left(begun) == [2]
    before = moments(begun / "sweep")
    (begun / "jobs.csv").write_text(JOBS.replace("0.2", "0.3"))
    done = here("sweep", "run", begun / "tiny.toml", "-o", begun / "sweep")
    assert done.exit_code == 2
    assert "was begun with other contents of jobs.csv; choose another folder with -o, or --force to go on" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert moments(begun / "sweep") == before
    assert left(begun, "--force") == [1, 2]
    assert not list((begun / "sweep").glob("*/manifest.json"))


def test_a_point_is_complete_with_its_files(begun, tmp_path, monkeypatch):
    """Its case.toml runs where the schedule is not; so does that of a run of a case that was named by a relative path."""
    (folder,) = (path.parent for path in (begun / "sweep").glob("*/manifest.json"))
    assert (folder / "inputs" / "jobs.csv").read_text() == JOBS
    monkeypatch.chdir(begun.parent)
    done = here("run", Path(begun.name) / "tiny.toml", "-o", tmp_path / "run", "--case", "hot", "--set", "compute.chip.peak_W=20")
    assert done.exit_code == 0, done.output
    (begun / "jobs.csv").unlink()
    for whole in (folder, tmp_path / "run"):
        assert here("check", whole / "case.toml").exit_code == 0
    assert read(tmp_path / "run")["parts"]["server"] == pytest.approx(read(folder)["parts"]["server"], abs=1e-9)


def test_what_is_whole_says_how_long_the_rest_takes(begun, monkeypatch):
    """Nothing is solved for --dry-run: the point that is there took its wall_s, and one like it is left. Nothing is touched."""

    def solve(*given):
        raise AssertionError("a point is solved")

    monkeypatch.setattr(estimate, "solve_point", solve)
    (manifest,) = (json.loads(path.read_text()) for path in (begun / "sweep").glob("*/manifest.json"))
    before = moments(begun)
    words = ("sweep", "run", begun / "tiny.toml", "-o", begun / "sweep", "--dry-run", "--workers", "1")
    found = json.loads(here(*words, "--json").stdout)
    assert (found["points"], found["whole"], found["geometries"]) == (2, 1, 1)
    assert found["seconds_next"] == pytest.approx(manifest["figures"]["wall_s"], abs=0.01)
    assert found["seconds"] == pytest.approx(found["seconds_next"], abs=0.1)
    assert "1 of them are whole in" in here(*words).stdout
    assert moments(begun) == before
    with pytest.raises(AssertionError, match="a point is solved"):
        here(*words, "--fields")  # points without fields say nothing of points with them


def test_without_a_folder_two_points_are_solved(begun):
    """Their time and size are those of the whole; the case's own folder stays as it is."""
    before = moments(begun)
    found = json.loads(here("sweep", "run", begun / "tiny.toml", "-o", begun / "none", "--dry-run", "--workers", "2", "--json").stdout)
    assert (found["points"], found["whole"], found["folder"], found["failure"]) == (2, 0, None, None)
    assert 0 < found["seconds_next"] < 60
    assert found["seconds"] == pytest.approx((found["seconds_first_of_geometry"] + found["seconds_next"]) / 2, abs=0.06)
    assert moments(begun) == before


def test_fields_are_made_for_points_that_lack_them(begun):
    """The point stays until one with fields takes its place, with the same figures to the bit; without --fields it is whole as it is."""
    (folder,) = (path.parent for path in (begun / "sweep").glob("*/manifest.json"))
    before, table = moments(folder), read(folder, "manifest.json")["figures"]
    assert left(begun, "--fields") == [1, 2]
    assert moments(folder) == before
    assert here("sweep", "point", begun / "tiny.toml", 1, "-o", begun / "sweep", "--fields").exit_code == 0
    assert (folder / "fields.pvd").exists()
    again = read(folder, "manifest.json")["figures"]
    assert {key: again[key] for key in again if key != "wall_s"} == {key: table[key] for key in table if key != "wall_s"}
    assert left(begun, "--fields") == left(begun) == [2]
    assert not list((begun / "sweep").glob("*.partial"))


@pytest.mark.parametrize("options", [(), ("--fields",)])
def test_the_estimate_of_disk_is_what_is_written(begun, options):
    """Within a tenth of the bytes of the two points, fields and report or not."""
    words = (begun / "tiny.toml", "-o", begun / "fresh", *options)
    found = json.loads(here("sweep", "run", *words, "--dry-run", "--json").stdout)
    here("sweep", "run", *words, "--emit-job-array")
    for number in (1, 2):
        done = here("sweep", "point", begun / "tiny.toml", number, "-o", begun / "fresh", *options)
        assert done.exit_code == 0, done.stderr
    points = [path.parent for path in (begun / "fresh").glob("*/manifest.json")]
    written = sum(path.stat().st_size for point in points for path in point.rglob("*") if path.is_file())
    assert len(points) == 2
    assert all((point / "fields.pvd").exists() == bool(options) for point in points)
    assert found["disk_MB"] == pytest.approx(written / 1e6, rel=0.1, abs=0.005)
