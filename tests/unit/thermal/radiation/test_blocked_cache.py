"""Rays that are stopped on their way to the planet, traced once and kept."""

from dataclasses import fields

import numpy as np
import pytest
from triangles import box, together

from thermal.radiation import blocked_cache
from thermal.radiation.blocked_cache import blocked_from
from thermal.radiation.planet_shading import BlockedRays, blocked_rays


@pytest.fixture(name="steps")
def _steps():
    return together([*box((0, 0, 0), (3, 3, 1)), *box((1, 1, 1), (2, 2, 2), 2)])


def same(one, other):
    return all(np.array_equal(getattr(one, part.name), getattr(other, part.name)) for part in fields(BlockedRays))


def test_kept_rays_are_those_traced_to_the_bit(steps, tmp_path, monkeypatch):
    traced = blocked_rays(*steps, 512, 3)
    assert same(blocked_from(None, *steps, 512, 3), traced)
    assert same(blocked_from(tmp_path, *steps, 512, 3), traced)
    monkeypatch.setattr(
        blocked_cache, "load", lambda folder, key, real=blocked_cache.load: real(folder, key) or pytest.fail("traced again")
    )
    assert same(blocked_from(tmp_path, *steps, 512, 3), traced)


def test_other_rays_groups_or_seeds_are_traced_anew(steps, tmp_path):
    view, groups = steps
    blocked_from(tmp_path, view, groups, 512, 3)
    assert same(blocked_from(tmp_path, view, groups, 512, 4), blocked_rays(view, groups, 512, 4))
    assert same(blocked_from(tmp_path, view, groups, 1024, 3), blocked_rays(view, groups, 1024, 3))
    assert same(blocked_from(tmp_path, view, groups[::-1], 512, 3), blocked_rays(view, groups[::-1], 512, 3))


def test_a_damaged_file_is_traced_anew(steps, tmp_path):
    blocked_from(tmp_path, *steps, 512, 3)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-200])
    assert same(blocked_from(tmp_path, *steps, 512, 3), blocked_rays(*steps, 512, 3))
