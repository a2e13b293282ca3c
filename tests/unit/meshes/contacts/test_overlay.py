"""Where surfaces whose triangles do not match lie on each other."""

import numpy as np
import pytest
from triangles import rectangle

from meshes.contacts.overlay import covered, overlay
from meshes.measure import area_vectors


def plates(shift, gap=0.0, n=3, m=4):
    """A unit square that looks up, and one that looks down on it, shifted and a little above, as points and facets of both."""
    low = rectangle((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), n, n)
    high = rectangle((shift, 0.0, gap), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0), m, m)
    points = np.concatenate([low, high]).reshape(-1, 3)
    facets = np.arange(len(points)).reshape(-1, 3)
    return points, facets[: len(low)], facets[len(low) :]


def areas(points, facets):
    """Areas of triangles."""
    return np.linalg.norm(area_vectors(points, facets), axis=1)


@pytest.mark.parametrize("shift", [0.0, 1 / 3, 2 / 3])
def test_overlap_of_shifted_squares(shift):
    """1 - shift; exact where edges of the quadrature side end on the other's edge."""
    points, a, b = plates(shift)
    assert overlay(points, a, b, 1e-6).area == pytest.approx(1 - shift, rel=1e-12)


def test_both_sides_lose_the_same_area():
    """Of the facets that are covered in part, too."""
    points, a, b = plates(0.4)
    found = overlay(points, a, b, 1e-6)
    on_a, on_b = covered(found, areas(points, a), areas(points, b))
    assert on_a @ areas(points, a) == pytest.approx(on_b @ areas(points, b), rel=1e-9)
    assert on_a @ areas(points, a) == pytest.approx(0.6, abs=0.02)
    assert on_a.min() == 0.0


def test_shape_functions_meet_at_one_point():
    """The point of either side is the same place, within the gap."""
    points, a, b = plates(0.2, gap=1e-4)
    found = overlay(points, a, b, 1e-3)
    here = np.einsum("mi,mij->mj", found.shape_a, points[a[found.facet_a]])
    there = np.einsum("mi,mij->mj", found.shape_b, points[b[found.facet_b]])
    assert np.allclose(there - here, (0.0, 0.0, 1e-4), atol=1e-12)


def test_farther_than_the_tolerance_is_nothing():
    """A gap of a millimetre is no contact of a tenth of it; nor is a face that looks the same way."""
    points, a, b = plates(0.0, gap=1e-3)
    assert overlay(points, a, b, 1e-4).area == 0.0
    assert overlay(points, a, b[:, ::-1], 1e-2).area == 0.0
