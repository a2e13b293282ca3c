"""Lines that stand for tubes on faces: side by side over the faces' extent, and back and forth."""

from types import SimpleNamespace

import numpy as np
import pytest

from meshes.shapes.lines_on_faces import PASSES, line_back_and_forth, lines_along

#: two unit squares one behind the other along x, at z = 2, facing up
POINTS = np.array([[x, y, 2.0] for x in (0, 1, 2) for y in (0, 1)])
TWO = SimpleNamespace(
    points=POINTS, facets=np.array([[0, 2, 1], [1, 2, 3], [2, 4, 3], [3, 4, 5]]), facet_face=np.array([0, 0, 1, 1], dtype=np.int32)
)


def test_lines_follow_the_flow():
    """Two lines on each face, at a quarter and three quarters of its width; places say which strip of all faces they pass."""
    found = lines_along(TWO, [0, 1], [-3.0, 0, 0], 2, 8)
    assert len(found) == 4
    for points, place in found:
        assert points[:, 2] == pytest.approx(np.full(len(points), 2.0))
        assert set(points[:, 1].round(9)) <= {0.25, 0.75}
        assert points[:, 0] == pytest.approx(2.0 - 2.0 * place / 8)  # it flows from x = 2 to x = 0
    assert sorted(float(place[0]) for _, place in found) == [0.0, 0.0, 4.0, 4.0]


def test_back_and_forth():
    """One line of several passes inside of the face, its places evenly along it."""
    points, place = line_back_and_forth(TWO, 0, 10)
    assert place[0] == 0.0
    assert place[-1] == pytest.approx(10.0)
    assert (points[:, :2] > 0.0).all()
    assert (points[:, :2] < 1.0).all()
    assert len(set(points[:, 1].round(9))) == PASSES
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert np.diff(place) == pytest.approx(10 * steps / steps.sum())
