"""The Parquet table of a sweep grows with the CSV table, has its types, and never stops a sweep."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from heliorack.sweep.design.plan import Plan, Point
from heliorack.sweep.execution.folder import SweepFolder
from heliorack.sweep.execution.parquet import as_text

parquet = pytest.importorskip("pyarrow.parquet")
EPOCH = datetime(2027, 6, 21, tzinfo=UTC)
AXES = ("epoch", "size", "mixed")
MIXED = (1, "two", 3.0)


@pytest.fixture
def sweep(tmp_path):
    """A folder that is open for three points."""
    points = tuple(
        Point(f"point-{i}", i + 1, (), dict(zip(AXES, (EPOCH, (i, i + 1), MIXED[i]), strict=True)), None, "one") for i in range(3)
    )
    plan = Plan(points=points, skipped=0, axes=AXES, title="", base="0", source=str(tmp_path / "case.toml"), document={})
    folder = SweepFolder(plan, tmp_path / "sweep")
    folder.open()
    folder.start_table({})
    yield folder
    folder.release()


def test_it_grows_with_types(sweep):
    """The first row is there at once, the second one after some seconds or when the sweep stops."""
    done = {"state": "done", "figures": {"holds": True, "hottest_degC": 1 / 3, "nodes": 12, "tightest_on": "12"}}
    sweep.append(0, done)
    (row,) = parquet.read_table(sweep.path / "table.parquet").to_pylist()
    assert row["epoch"] == EPOCH
    assert (row["holds"], row["hottest_degC"], row["nodes"], row["tightest_on"]) == (True, 1 / 3, 12, "12")
    assert row["message"] is None
    sweep.append(1, {"state": "failed", "message": 'said "no",\nand why'})
    assert parquet.read_table(sweep.path / "table.parquet").num_rows == 1
    sweep.mirror()
    rows = parquet.read_table(sweep.path / "table.parquet").to_pylist()
    assert [row["message"] for row in rows] == [None, 'said "no", and why']
    assert [row["mixed"] for row in rows] == ["1", "two"]
    assert rows[1]["hottest_degC"] is None


def test_it_never_fails(sweep, monkeypatch):
    """Where it cannot be written the old one stays."""
    sweep.append(0, {"state": "done", "figures": {"holds": False}})
    before = (sweep.path / "table.parquet").read_bytes()

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    sweep.append(1, {"state": "done", "figures": {"holds": False}})
    sweep.mirror()
    assert (sweep.path / "table.parquet").read_bytes() == before
    assert not list(sweep.path.glob("*.tmp"))


def test_moments_are_written_plainly():
    """As ISO 8601, without quotes."""
    assert as_text(EPOCH) == "2027-06-21T00:00:00+00:00"
