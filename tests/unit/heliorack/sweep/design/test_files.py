"""Files that a case names belong to what the answer of a point depends on: by their contents, each read once."""

import re
from pathlib import Path

import pytest

import cases
from heliorack.case.case import Case, load
from heliorack.case.files import KEYS, Contents, changed
from heliorack.casefile.errors import CaseError
from heliorack.casefile.fields import Either, Kinds, Row, Table, Text, entries
from heliorack.sweep.design.plan import plan
from heliorack.sweep.execution.point import Job, digest

BORED = Path(__file__).parents[4] / "data" / "bored.step"
MORE = """
[[parts]]
name = "lid"
kind = "step"
file = "box.step"
position_mm = [0, 0, 300]
coating = "z93"

[[parts.solids]]
name = "plate"
match = "*"
material = "al_6061"

[[thermocouples]]
name = "tc1"
part = "panel"
point_mm = [0, 0, 0]

[measured]
file = "test.csv"
"""
EPHEMERIS = """CCSDS_OEM_VERS = 2.0
META_START
OBJECT_NAME = NODE
CENTER_NAME = EARTH
REF_FRAME = GCRF
TIME_SYSTEM = UTC
META_STOP
2027-06-21T00:00:00 6928.0 0 0 0 7.5 0
2027-06-21T00:01:00 6913.3 454.9 0 -0.49 7.57 0
"""
NAMING = (
    'orbit={ kind = "oem", file = "flight.oem" }',
    'attitude={ kind = "quaternions", file = "turns.csv" }',
    'run={ kind = "transient", duration_s = 100, state = "start.npz" }',
    'compute.accelerators.profile={ kind = "schedule", file = "jobs.csv" }',
)


@pytest.fixture
def place(tmp_path):
    """A folder with the small server and files for it to name."""
    (tmp_path / "edge.toml").write_text(cases.path("edge_node").read_text(encoding="utf-8") + MORE, encoding="utf-8")
    (tmp_path / "box.step").write_bytes(BORED.read_bytes())
    (tmp_path / "jobs.csv").write_text("time_s,utilisation\n0,1\n")
    (tmp_path / "test.csv").write_text("time_s,tc1\n0,20\n")
    (tmp_path / "turns.csv").write_text("t_s,q_x,q_y,q_z,q_w\n0,0,0,0,1\n6000,0,0,0,1\n")
    (tmp_path / "start.npz").write_bytes(b"")
    for name in ("flight.oem", "a.oem", "b.oem"):
        (tmp_path / name).write_text(f"{EPHEMERIS}COMMENT {name}\n")
    return tmp_path


def test_every_file_is_found_and_taken_from_the_folder_of_the_case(place):
    """By its place in the case; what opens its file itself has the folder in front of the name."""
    case = load(place / "edge.toml", NAMING)
    assert case.files == {
        "run.state": place / "start.npz",
        "measured.file": place / "test.csv",
        "orbit.file": place / "flight.oem",
        "attitude.file": place / "turns.csv",
        "parts.lid.file": place / "box.step",
        "compute.accelerators.profile.file": place / "jobs.csv",
    }
    held = [Path(table.file) for table in (case.orbit, case.attitude, case.compute[0].profile)]
    assert [path.parent for path in held] == [place] * 3
    assert case.parts[-1].path == place / "box.step"


def texts(shape, at=()):
    """Keys of a text anywhere in a table, with what its comment says."""
    match shape:
        case Table(cls):
            for entry in entries(cls).values():
                for keys, said in texts(entry.shape, (*at, entry.key)):
                    yield keys, said or entry.description
        case Kinds(variants):
            for _, table in variants:
                yield from texts(table, at)
        case Row(item):
            yield from texts(item, (*at, "*"))
        case Either(options):
            for option in options:
                yield from texts(option, at)
        case Text():
            yield at, ""


def test_no_key_that_names_a_file_is_left_out():
    """A kind that is added with a file of its own needs its key in the list: runs copy, sweeps digest and checks look for what is there."""
    named = {keys for keys, said in texts(Table(Case)) if keys[-1] == "file" or re.search(r"path of|CSV|\.npz|relative to the case", said)}
    assert named == set(KEYS)


def test_files_lie_beside_the_case_however_it_is_named(place, monkeypatch):
    """By a relative path too: its folder stands in front of each file once."""
    monkeypatch.chdir(place.parent)
    case = load(Path(place.name) / "edge.toml", NAMING)
    assert {path.parent for path in case.files.values()} == {Path(place.name)}


def flown(place, **files):
    """Digests of the points of a sweep over ephemerides, by name of the set; and what the plan says of the files."""
    sets = "\n".join(f'sets.{name} = {{ "orbit" = {{ kind = "oem", file = "{file}" }} }}' for name, file in files.items())
    (place / "sweep.toml").write_text(f'case = "edge.toml"\n[[sweep.named]]\nname = "flown"\n{sets}\n')
    found = plan(place / "sweep.toml")
    job = Job(str(place), found.source, found.base)
    return {point.values["flown"]: digest(job, point) for point in found.points}, found.files


def test_a_changed_file_concerns_the_points_that_name_it(place):
    """Of two ephemerides one is written anew: its point is another question, the other's is not; the plan says which file it is."""
    before, files = flown(place, one="a.oem", two="b.oem")
    assert set(files) == {"a.oem", "b.oem", "box.step", "test.csv"}
    (place / "b.oem").write_text(f"{EPHEMERIS}COMMENT other\n")
    after, now = flown(place, one="a.oem", two="b.oem")
    assert after["one"] == before["one"]
    assert after["two"] != before["two"]
    assert changed(files, now) == ["b.oem"]
    (place / "b.oem").write_text(f"{EPHEMERIS}COMMENT b.oem\n")
    assert flown(place, one="a.oem", two="b.oem") == (before, files)


def test_a_case_without_files_asks_what_it_asked_before(place):
    """Folders of sweeps that were begun before files counted stay whole: their points have no further word in their digest."""
    found = plan(cases.path("beta_season"))
    assert found.files == {}
    assert {point.files for point in found.points} == {()}


def test_each_file_is_read_once(place, monkeypatch):
    """However many points name it."""
    read: list[str] = []
    monkeypatch.setattr("heliorack.case.files._sha256", lambda path: read.append(path.name) or "0")
    contents = Contents(str(place / "edge.toml"))
    for _ in range(3):
        assert contents.of({"orbit": {"file": "a.oem"}, "parts": [{"name": "lid", "file": "box.step"}]}) == ("0", "0")
    assert read == ["a.oem", "box.step"]


def test_a_file_that_is_not_there_is_refused(place):
    """Before any point is solved: where, what, and from where paths start."""
    with pytest.raises(CaseError) as caught:
        flown(place, one="a.oem", two="c.oem")
    (problem,) = caught.value.problems
    assert problem.path == "sweep.named.flown.sets.two"
    assert problem.message == f'orbit.file = "c.oem": no such file in {place}; paths start at the folder of the case file'
