"""Traced view factors against closed forms, before and after closure."""

import numpy as np
import pytest
from triangles import ball, box, record, rectangle, together

from thermal.radiation.closure import close
from thermal.radiation.howell import parallel_rectangles, perpendicular_rectangles
from thermal.radiation.ray_factors import view_factors


def test_open_squares(record_property):
    """Facing unit squares a unit apart: 0.1998248957 within 0.5 %, the rest goes to the sky."""
    square = rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0), 4, 4)
    view, groups = together([square, square[:, ::-1] + [0, 0, 1]])
    traced = view_factors(view, groups, 1 << 17, seed=3)
    closed = close(traced.F, traced.sky, traced.areas, traced.error)
    found = closed.F[0, 1]
    record(record_property, found, 0.1998248957, "0.5 %")
    assert found == pytest.approx(0.1998248957, rel=0.005)
    assert closed.sky[0] == pytest.approx(1 - 0.1998248957, rel=0.005)
    assert abs(found - 0.1998248957) < 4 * closed.error[0, 1]


@pytest.mark.parametrize(("height", "end"), [(1.0, 0.1998248957), (2.0, 0.0685895888)], ids=["cube", "box"])
def test_closed_boxes(height, end, record_property):
    """Inside of a cube and of a box 1 x 1 x 2: factors within 0.5 %, rows within 1e-3 before and 1e-6 after closure."""
    view, groups = together(box((0, 0, 0), (1, 1, height), 4, inward=True))
    traced = view_factors(view, groups, 1 << 17, seed=1)
    closed = close(traced.F, traced.sky, traced.areas, traced.error, sealed=True)
    F = closed.F.toarray()
    record(record_property, F[4, 5], end, "0.5 %")
    assert F[4, 5] == pytest.approx(end, rel=0.005)
    assert F[4, 5] == pytest.approx(parallel_rectangles(1, 1, height), rel=0.005)
    assert F[4, :4] == pytest.approx(perpendicular_rectangles(1, height, 1), rel=0.005)
    assert closed.rows_before < 1e-3
    assert closed.rows_after < 1e-6
    assert closed.reciprocity_after == 0
    assert np.all(traced.lost == 0)
    assert np.all(traced.sky == 0)


@pytest.mark.parametrize(("x", "y", "expected"), [(1, 2, 0.2858753849), (10, 10, 0.8269945224), (0.5, 5, 0.2058601592)])
def test_parallel_rectangles_traced(x, y, expected, record_property):
    """Aligned rectangles x by y a unit apart, from rays: within 0.5 %."""
    below = rectangle((0, 0, 0), (x, 0, 0), (0, y, 0), 3, 3)
    view, groups = together([below, below[:, ::-1] + [0, 0, 1.0]])
    found = view_factors(view, groups, 1 << 19, seed=6).F[0, 1]
    record(record_property, found, expected, "0.5 %")
    assert found == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(("h", "w", "expected"), [(1, 1, 0.2000437761), (2, 1, 0.2328526028), (1, 2, 0.1164263014)])
def test_perpendicular_rectangles_traced(h, w, expected, record_property):
    """From w by 1 to h by 1 at right angles with a common edge, from rays: within 0.5 %."""
    view, groups = together([rectangle((0, 0, 0), (w, 0, 0), (0, 1, 0), 3, 3), rectangle((0, 0, 0), (0, 1, 0), (0, 0, h), 4, 5)])
    found = view_factors(view, groups, 1 << 19, seed=6).F[0, 1]
    record(record_property, found, expected, "0.5 %")
    assert found == pytest.approx(expected, rel=0.005)


def disk(radius, z, up=True):
    """Disk of 200 sectors at height z with the area of the round one."""
    turn = np.linspace(0, 2 * np.pi, 201)
    rim = radius * np.sqrt(turn[1] / np.sin(turn[1])) * np.column_stack([np.cos(turn), np.sin(turn), 0 * turn])
    sectors = np.stack([np.zeros((200, 3)), rim[:-1], rim[1:]], axis=1) + np.array([0, 0, z])
    return sectors if up else sectors[:, ::-1]


@pytest.mark.parametrize(("r1", "r2", "h", "expected"), [(1, 1, 1, 0.3819660113), (1, 2, 1, 0.7639320225), (0.5, 1, 2, 0.1922359360)])
def test_coaxial_disks_traced(r1, r2, h, expected, record_property):
    """Parallel coaxial disks, from rays: within 0.5 %."""
    view, groups = together([disk(r1, 0), disk(r2, h, up=False)])
    found = view_factors(view, groups, 1 << 19, seed=6).F[0, 1]
    record(record_property, found, expected, "0.5 %")
    assert found == pytest.approx(expected, rel=0.005)


def test_small_sphere_to_a_disk_traced(record_property):
    """Sphere 1/100 of its distance to a coaxial disk as wide as that distance: 0.1464466094 within 0.5 %, from rays."""
    view, groups = together([ball(0.01, 24), disk(1, 1, up=False)])
    found = view_factors(view, groups, 1 << 19, seed=6).F[0, 1]
    record(record_property, found, 0.1464466094, "0.5 %")
    assert found == pytest.approx(0.1464466094, rel=0.005)
