"""Faces that see nothing of each other."""

import numpy as np
from triangles import box, record, together

from thermal.radiation.pair_factors import pair_factors
from thermal.radiation.ray_factors import view_factors


def test_hidden_faces_have_factor_zero(record_property):
    """A box inside a closed box inside a room: exactly zero between what a wall separates, by rays and by pairs."""
    inner = box((0.4, 0.4, 0.4), (0.6, 0.6, 0.6))
    cover = box((0.3, 0.3, 0.3), (0.7, 0.7, 0.7), inward=True)
    outside = box((0.29, 0.29, 0.29), (0.71, 0.71, 0.71))
    room = box((0, 0, 0), (1, 1, 1), 2, inward=True)
    view, groups = together([np.concatenate(s) for s in (inner, cover, outside, room)])
    traced = view_factors(view, groups, 1 << 16)
    F = traced.F.toarray()
    record(record_property, F[:2, 2:].max(), 0, "exact")
    assert not F[:2, 2:].any()
    assert not F[2:, :2].any()
    assert not traced.sky.any()
    assert not traced.lost.any()
    pairs = pair_factors(view, 64).G.toarray()
    hidden = (groups[:, None] < 2) & (groups >= 2)
    assert not pairs[hidden].any()
    assert not pairs.T[hidden].any()
