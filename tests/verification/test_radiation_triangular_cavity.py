"""A long triangular cavity, empty and with a fin, against Hottel's crossed strings."""

import numpy as np
import pytest
from triangles import record, rectangle, together

from thermal.radiation.pair_factors import pair_factors
from thermal.radiation.ray_factors import view_factors

LENGTH = 60.0
A, B, C = np.array([0.5, 0, np.sqrt(0.75)]), np.array([0.0, 0, 0]), np.array([1.0, 0, 0])


def wall(p, q, low, high, n=1, across=1):
    """The strip from p to q between two places along the cavity, normal to the left of p -> q seen along +y."""
    return rectangle(p + np.array([0, low, 0]), [0, high - low, 0], q - p, n, across)


def cavity(fin):
    """A short strip of wall AB in the middle, and the whole of wall CA; the third wall carries the fin. Normals inward."""
    middle = wall(B, A, LENGTH / 2 - 0.1, LENGTH / 2 + 0.1, 1, 4)
    surfaces = [middle, wall(A, C, 0, LENGTH, 60, 4)]
    foot, other = np.array([0.49, 0, 0]), np.array([0.51, 0, 0])
    if fin:
        tip = np.array([0.5, 0, fin])
        surfaces += [
            wall(C, other, 0, LENGTH),
            wall(other, tip, 0, LENGTH),
            wall(tip, foot, 0, LENGTH),
            wall(foot, B, 0, LENGTH),
        ]
    else:
        surfaces += [wall(C, B, 0, LENGTH)]
    return surfaces


@pytest.mark.parametrize("fin", [0.0, 0.25, 0.5])
def test_crossed_strings(fin, record_property):
    """Sides of one unit: F = (1 + 1 - string from B over the fin to C) / 2; 60 units long, seen from the middle; 0.5 %."""
    expected = (2 - 2 * np.hypot(0.5, fin)) / 2
    view, groups = together(cavity(fin))
    traced = view_factors(view, groups, 1 << 17, seed=2)
    found = traced.F[0, 1]
    record(record_property, found, expected, "0.5 %")
    assert traced.lost.max() < 1e-4
    assert found == pytest.approx(expected, rel=0.005)
    pairs = pair_factors(view, 4096)
    own, other = groups == 0, groups == 1
    between = float(pairs.G[own][:, other].sum() / view.areas[own].sum())
    stated = float(np.sqrt(pairs.error[own][:, other].power(2).sum()) / view.areas[own].sum())
    assert between == pytest.approx(expected, rel=0.005)
    assert abs(between - expected) < 4 * stated + 2e-4  # the cavity ends
    assert pairs.doubtful == 0 if not fin else pairs.doubtful > 0
