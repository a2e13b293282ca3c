"""Scenes, and factors that are the same bits for the same seed."""

import numpy as np
import pytest
from triangles import box, together

from thermal.radiation.ray_factors import view_factors
from thermal.radiation.rays import scene, sun_visibility


@pytest.fixture(name="room")
def _room():
    return together([*box((0, 0, 0), (1, 1, 1), 3, inward=True), np.concatenate(box((0.3, 0.3, 0.2), (0.6, 0.7, 0.5), 2))])


def test_same_seed_same_bits(room):
    """With one thread or two; another seed gives other bits."""
    view, groups = room
    first, second, other = (
        view_factors(view, groups, 20000, 7),
        view_factors(view, groups, 20000, 7, threads=2),
        view_factors(view, groups, 20000, 8),
    )
    np.testing.assert_array_equal(first.F.toarray(), second.F.toarray())
    np.testing.assert_array_equal(first.error.toarray(), second.error.toarray())
    assert (first.F != other.F).nnz
    assert first.rays == 32768
    d = np.array([[0, 0, 1.0]])
    np.testing.assert_array_equal(sun_visibility(view, d, 16, 3), sun_visibility(view, d, 16, 3))


def test_far_from_the_origin_and_large(room):
    """Place and scale of a scene change nothing: 1 km away and 1000 times larger, within the rounding of the coordinates."""
    view, groups = room
    moved = scene(view.corners.reshape(-1, 3) * 1000 + 1e6, np.arange(3 * view.count).reshape(-1, 3))
    a, b = view_factors(view, groups, 4096), view_factors(moved, groups, 4096)
    np.testing.assert_allclose(a.F.toarray(), b.F.toarray(), atol=2e-3)


def test_an_inside_out_body_is_lost_not_seen(room):
    """Facets hit on their back count as lost, and so does what belongs to no group."""
    view, groups = room
    inner = groups == 6
    turned = view.corners.copy()
    turned[inner] = turned[inner][:, ::-1]
    wrong = scene(turned.reshape(-1, 3), np.arange(3 * view.count).reshape(-1, 3))
    assert view_factors(wrong, groups, 4096).lost[:6].min() > 0.01
    assert view_factors(view, np.where(inner, -1, groups), 4096).lost.min() > 0.01
    assert not view_factors(view, groups, 4096).lost.any()


def test_rows_add_up(room):
    view, groups = room
    some = view_factors(view, groups, 1000)
    np.testing.assert_allclose(np.asarray(some.F.sum(axis=1)).ravel() + some.sky + some.lost, 1, atol=1e-14)


def test_points_see_each_other_or_not(room):
    """Straight through the inner box, and past it."""
    view, _ = room
    start, end = np.array([[0.1, 0.5, 0.4], [0.1, 0.1, 0.4]]), np.array([[0.9, 0.5, 0.4], [0.9, 0.1, 0.4]])
    assert view.visible(start, end).tolist() == [False, True]


def test_refusals(room):
    view, groups = room
    with pytest.raises(ValueError, match="no area"):
        scene(np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]]), np.array([[0, 1, 2]]))
    with pytest.raises(ValueError, match="finite"):
        scene(np.full((3, 3), np.nan), np.array([[0, 1, 2]]))
    with pytest.raises(ValueError, match="at least one facet"):
        scene(np.zeros((3, 3)), np.empty((0, 3), dtype=int))
    with pytest.raises(ValueError, match="without a facet"):
        view_factors(view, groups * 2)
    with pytest.raises(ValueError, match="rays = 0"):
        view_factors(view, groups, 0)
    with pytest.raises(ValueError, match="unit vectors"):
        sun_visibility(view, np.array([[0, 0, 2.0]]))
