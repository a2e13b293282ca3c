"""Tubes of loops as run folders keep them, and as pictures add them to a body."""

import numpy as np
import pytest

from heliorack.runfolder import tubes_file
from heliorack.runfolder.surface import Surface
from heliorack.runfolder.tubes_file import SIDES, Tubes


def two():
    """A straight tube that warms with time and along its way, and one with a corner."""
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 2, 0], [0, 2, 1.0]])
    value = np.array([[10, 20, 30, 30, 30], [30, 40, 50, 50, 50.0]])
    return Tubes(
        ("loop.a", "loop.b"),
        points,
        np.array([0, 0, 1, 1, 1]),
        np.array([0, 0, 1, 1, 1]),
        np.array([0.01, 0.02]),
        np.array([0, 100.0]),
        value,
    )


def test_written_and_read(tmp_path):
    """All of it; a run without tubes has none."""
    assert tubes_file.read(tmp_path) is None
    tubes_file.write(two(), tmp_path / tubes_file.NAME)
    found = tubes_file.read(tmp_path)
    assert found.names == two().names
    assert found.at(25.0) == pytest.approx([15, 25, 35, 35, 35])


def test_added_to_a_body():
    """Each segment is a part with the fluid's temperature; the drawn tube stands its radius off its line, its triangles outward."""
    corner = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0.0]])
    body = Surface(corner, np.array([[0, 1, 2]]), np.array([0]), np.array([5.0, 5, 5]), ("plate",))
    found = two().added(body, 100.0)
    assert found.part_names == ("plate", "loop.a", "loop.b")
    assert found.labelled() == pytest.approx({0: 5.0, 1: 40.0, 2: 50.0})
    first = found.triangles[found.part == 1]
    assert len(first) == 2 * SIDES
    ring = found.points[np.unique(first)]
    assert np.linalg.norm(ring[:, 1:], axis=1) == pytest.approx(np.full(len(ring), 0.01), rel=1e-9)
    a, b, c = np.moveaxis(found.points[first], 1, 0)
    outward = (np.cross(b - a, c - a) * ((a + b + c) / 3 * [0, 1, 1])).sum(axis=1)
    assert (outward > 0).all()
