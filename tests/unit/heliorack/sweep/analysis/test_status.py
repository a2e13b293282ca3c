"""How far a sweep is, from its folder."""

import json
import os
import socket

import pytest
from sample_sweep import AXES, grid_rows, write_sweep

from heliorack.sweep.analysis.status import rate, status


def test_status_counts_folders(tmp_path):
    """Done, failed with messages, running by a living process, left; a folder of a process that is gone does not run."""
    folder = write_sweep(tmp_path / "sweep", AXES, grid_rows(), points=20, failed={"bad1": "no start in 3 s", "bad2": "no start in 4 s"})
    found = status(folder)
    assert (found.done, len(found.failures), found.running, found.left, found.state) == (12, 2, 0, 6, "stopped")
    assert found.words().count("no start in") == 1
    assert "and 1 more" in found.words()
    (folder / f"point13-{socket.gethostname()}-{os.getpid()}.partial").mkdir()
    gone = 4194304 + 1  # above the largest pid that Linux gives
    (folder / f"point14-{socket.gethostname()}-{gone}.partial").mkdir()
    found = status(folder)
    assert (found.running, found.state) == (1, "running")
    (folder / "sweep.json").write_text(json.dumps({}))
    assert status(folder).state == "running"  # a point of it was removed and is solved again
    whole = write_sweep(tmp_path / "whole", AXES, grid_rows(), points=12)
    assert status(whole).state == "stopped"
    (whole / "sweep.json").write_text(json.dumps({}))
    assert status(whole).state == "finished"


def test_rate_leaves_pauses_out():
    """Two points per second, then a night, then two per second again."""
    assert rate([0.0, 0.5, 1.0, 30000.0, 30000.5]) == pytest.approx(2.0)
    assert rate([]) is None
