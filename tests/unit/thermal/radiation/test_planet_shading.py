"""Rays that stand for what hides the planet."""

import numpy as np
import pytest
from triangles import box, rectangle, together

from thermal.radiation.planet_shading import blocked_albedo, blocked_infrared, blocked_rays, on_hull
from thermal.radiation.ray_factors import view_factors
from thermal.radiation.rays import scene

DOWN = np.array([[0.0, 0, 1]])
H = np.array([1.08])


@pytest.fixture(name="steps")
def _steps():
    """A block on a slab: only the slab's top and the block's sides have something in front of them."""
    return together([*box((0, 0, 0), (3, 3, 1)), *box((1, 1, 1), (2, 2, 2), 2)])


def test_convex_bodies_are_not_traced():
    view, groups = together(box((0, 0, 0), (1, 2, 3), 3))
    rays = blocked_rays(view, groups)
    assert on_hull(view).all()
    assert len(rays.traced) == 0
    assert not blocked_infrared(rays, DOWN, H).part.any()
    assert not blocked_infrared(rays, DOWN, H).error.any()


def test_only_what_has_something_in_front_is_traced(steps):
    """Slab top, four sides of the block and its bottom, which lies on the slab; the block's top is on the hull."""
    rays = blocked_rays(*steps)
    assert rays.traced.tolist() == [5, 6, 7, 8, 9, 10]
    assert not rays.covered[[0, 1, 2, 3, 4, 11]].any()
    assert rays.covered[10] == 1


def test_flat_scene_has_no_hull_and_no_blocked_rays():
    view, groups = together([rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0), 2, 2)])
    rays = blocked_rays(view, groups)
    assert not on_hull(view).any()
    assert not rays.covered.any()


def test_the_same_rays_as_view_factors(steps):
    """What is covered is what does not see the sky, to the last ray, with the blocked rays kept or the fewer ones."""
    view, groups = steps
    sky = view_factors(view, groups, 2048, 5).sky
    for fewer in (False, True):
        np.testing.assert_allclose(blocked_rays(view, groups, 2048, 5, fewer).covered, 1 - sky, atol=1e-14)


def test_same_seed_same_bits(steps):
    one, two, other = (blocked_rays(*steps, 512, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.direction, two.direction)
    np.testing.assert_array_equal(one.hit, two.hit)
    assert not np.array_equal(one.direction, other.direction)


def test_rays_are_in_order_and_name_what_they_meet(steps):
    view, groups = steps
    rays = blocked_rays(view, groups, 512, fewer=False)
    assert np.all(np.diff(rays.group * 8 + rays.replicate) >= 0)
    assert len(rays.group) == rays.starts[-1] == len(rays.hit)
    np.testing.assert_allclose(np.linalg.norm(rays.direction, axis=1), 1, atol=1e-6)
    met = view.corners[rays.hit[rays.group == 5]].mean(axis=1)
    assert met[:, 2].min() > 1  # from the slab's top: the block, from without or, under it, from within
    assert set(groups[rays.hit[rays.group == 10]]) <= {0, 1, 2, 3, 4}  # the block's bottom faces the slab from within


def test_fewer_rays_say_the_same():
    """A plate mostly under a hood: hidden part by blocked rays and by escaping ones agree within their errors."""
    hood = np.concatenate(box((-0.5, -0.5, -0.1), (1.5, 1.5, 0.3), inward=True)[:5])  # open at the top
    view, groups = together([rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0)), hood, rectangle((0, 0, 0.25), (0, 1, 0), (1, 0, 0))])
    whole = np.array([[1 / H[0] ** 2, 0, 0]])
    all_blocked, fewer = (blocked_rays(view, groups, 1 << 14, 0, kind) for kind in (False, True))
    assert fewer.escaping[0]
    assert len(fewer.group) < len(all_blocked.group)
    a = blocked_infrared(all_blocked, DOWN, H)
    b = blocked_infrared(fewer, DOWN, H, whole=np.broadcast_to(whole, a.part.shape))
    assert a.part[0, 0] > 0.4
    assert abs(a.part[0, 0] - b.part[0, 0]) < 4 * np.hypot(a.error[0, 0], b.error[0, 0])


def test_never_less_than_nothing():
    """Noise of the hidden part cannot exceed the whole."""
    view, groups = together([rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0)), np.concatenate(box((-1, -1, -1), (2, 2, 2), inward=True))])
    rays = blocked_rays(view, groups, 64, fewer=False)
    whole = np.full((1, 2), 0.1)
    assert blocked_infrared(rays, DOWN, H, whole=whole).part.max() <= 0.1
    assert blocked_infrared(rays, DOWN, H).part.max() > 0.1


def test_refusals(steps):
    view, groups = steps
    rays = blocked_rays(view, groups, 64)
    with pytest.raises(ValueError, match="rays = 0"):
        blocked_rays(view, groups, 0)
    with pytest.raises(ValueError, match="above 1 everywhere"):
        blocked_infrared(rays, DOWN, np.array([0.9]))
    with pytest.raises(ValueError, match="nadir must be unit"):
        blocked_infrared(rays, 2 * DOWN, H)
    with pytest.raises(ValueError, match="sun must have shape"):
        blocked_albedo(rays, DOWN, np.eye(3), H)
    with pytest.raises(ValueError, match="pole"):
        blocked_infrared(rays, DOWN, H, zonal=(0.1, 0.0))
    with pytest.raises(ValueError, match="need `whole`"):
        blocked_infrared(rays, DOWN, H)
    with pytest.raises(ValueError, match="one number per facet"):
        blocked_rays(scene(np.eye(3), np.array([[0, 1, 2]])), groups)
