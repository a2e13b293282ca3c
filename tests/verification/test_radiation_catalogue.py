"""Contour integrals against the closed forms of Howell's catalogue."""

import numpy as np
import pytest
from triangles import box, record, rectangle

from thermal.radiation.analytic import pair_exchange, polygon_factor
from thermal.radiation.howell import coaxial_disks, concentric, parallel_rectangles, perpendicular_rectangles


def corners(corner, a, b):
    p, a, b = (np.asarray(x, dtype=float) for x in (corner, a, b))
    return np.array([p, p + a, p + a + b, p + b])


@pytest.mark.parametrize(
    ("x", "y", "expected"), [(1, 1, 0.1998248957), (1, 2, 0.2858753849), (10, 10, 0.8269945224), (0.5, 5, 0.2058601592)]
)
def test_parallel_rectangles(x, y, expected, record_property):
    """Aligned rectangles x by y a unit apart, closed form and contour integral, to 1e-8."""
    below = corners((0, 0, 0), (x, 0, 0), (0, y, 0))
    found = polygon_factor(below, below[::-1] + np.array([0, 0, 1]))
    record(record_property, found, expected, 1e-8)
    assert found == pytest.approx(expected, abs=1e-8, rel=0)
    assert parallel_rectangles(x, y, 1) == pytest.approx(expected, abs=1e-10, rel=0)


@pytest.mark.parametrize(("h", "w", "expected"), [(1, 1, 0.2000437761), (2, 1, 0.2328526028), (1, 2, 0.1164263014)])
def test_perpendicular_rectangles(h, w, expected, record_property):
    """From w by 1 to h by 1 at right angles with a common edge, to 1e-8, whole and cut into triangles that do not match at the edge."""
    found = polygon_factor(corners((0, 0, 0), (w, 0, 0), (0, 1, 0)), corners((0, 0, 0), (0, 1, 0), (0, 0, h)))
    record(record_property, found, expected, 1e-8)
    assert found == pytest.approx(expected, abs=1e-8, rel=0)
    assert perpendicular_rectangles(w, h, 1) == pytest.approx(expected, abs=1e-10, rel=0)
    floor, wall = rectangle((0, 0, 0), (w, 0, 0), (0, 1, 0), 3, 3), rectangle((0, 0, 0), (0, 1, 0), (0, 0, h), 5, 4)
    i, j = np.divmod(np.arange(len(floor) * len(wall)), len(wall))
    both = np.concatenate([floor, wall])
    assert pair_exchange(both, i, len(floor) + j).sum() / w == pytest.approx(expected, abs=1e-8, rel=0)


@pytest.mark.parametrize(("r1", "r2", "h", "expected"), [(1, 1, 1, 0.3819660113), (1, 2, 1, 0.7639320225), (0.5, 1, 2, 0.1922359360)])
def test_coaxial_disks(r1, r2, h, expected, record_property):
    """Parallel coaxial disks; polygons of 100 and 200 corners with the disks' areas, extrapolated in the corners, to 1e-8."""

    def ring(r, n, z):
        a = 2 * np.pi * np.arange(n) / n
        r = r * np.sqrt(2 * np.pi / n / np.sin(2 * np.pi / n))
        return np.column_stack([r * np.cos(a), r * np.sin(a), np.full(n, z)])

    assert coaxial_disks(r1, r2, h) == pytest.approx(expected, abs=1e-10, rel=0)
    coarse, fine = (polygon_factor(ring(r1, n, 0.0), ring(r2, n, h)[::-1]) for n in (100, 200))
    found = fine + (fine - coarse) / 3
    record(record_property, found, expected, 1e-8)
    assert found == pytest.approx(expected, abs=1e-8, rel=0)


def test_closures_of_the_cube_and_of_a_long_box(record_property):
    """1 + 4 faces of a cube and end, sides of a box 1 x 1 x 2 add up to one to 1e-12."""
    cube = parallel_rectangles(1, 1, 1) + 4 * perpendicular_rectangles(1, 1, 1)
    long = parallel_rectangles(1, 1, 2) + 4 * perpendicular_rectangles(1, 2, 1)
    record(record_property, max(abs(cube - 1), abs(long - 1)), 0.0, 1e-12)
    assert cube == pytest.approx(1, abs=1e-12)
    assert long == pytest.approx(1, abs=1e-12)
    assert sum(concentric(1, 4)[1]) == 1


def test_skew_triangles_close_a_sheared_box(record_property):
    """Triangles at all angles inside a sheared box, edges and corners touching: every row adds up to one to 1e-7."""
    corners = np.concatenate(box((0, 0, 0), (1, 1, 1), 2, inward=True))
    corners[..., 0] += 0.4 * corners[..., 1] + 0.2 * corners[..., 2]
    n = len(corners)
    i, j = np.divmod(np.arange(n * n), n)
    area = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    worst = np.abs(pair_exchange(corners, i, j).reshape(n, n).sum(axis=1) / area - 1).max()
    record(record_property, worst, 0.0, 1e-7)
    assert worst < 1e-7
