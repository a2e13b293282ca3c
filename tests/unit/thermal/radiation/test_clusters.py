"""Clusters by part, normal and size."""

import numpy as np
import pytest
from triangles import ball, box, welded

from thermal.radiation.clusters import clusters, gather, unevenness
from thermal.radiation.ray_factors import view_factors
from thermal.radiation.rays import scene


def test_a_box_has_flat_clusters_of_the_asked_size():
    """Six faces of one label: clusters stay within a face and within the size; halves nest."""
    points, facets = welded(np.concatenate(box((0, 0, 0), (1, 1, 0.2), 8)))
    view = scene(points, facets)
    made = clusters(view, points, facets, np.zeros(len(facets), dtype=int), size=0.8)
    for g in range(made.count):
        assert np.ptp(view.normals[made.groups == g], axis=0).max() < 1e-12
    assert made.diameter.max() <= 0.8
    assert made.count < len(facets) / 10
    np.testing.assert_array_equal(made.parent[made.halves], made.groups)


def test_labels_are_never_mixed_and_negative_ones_left_out():
    points, facets = welded(np.concatenate(box((0, 0, 0), (1, 1, 1), 4)))
    labels = (points[facets].mean(axis=1)[:, 2] > 0.5).astype(int)
    labels[:3] = -1
    made = clusters(scene(points, facets), points, facets, labels, size=10.0)
    for g in range(made.count):
        assert set(labels[made.groups == g]) == {made.labels[g]}
    assert np.all(made.groups[:3] == -1)
    assert np.all(made.halves[:3] == -1)


def test_a_ball_is_cut_by_its_curvature():
    """No facet turns more than 25 degrees away from the mean normal of its cluster."""
    points, facets = welded(ball(1.0, 16))
    view = scene(points, facets)
    made = clusters(view, points, facets, np.zeros(len(facets), dtype=int), size=10.0, angle=np.radians(25))
    for g in range(made.count):
        own = made.groups == g
        mean = view.areas[own] @ view.normals[own]
        assert (view.normals[own] @ mean / np.linalg.norm(mean)).min() >= np.cos(np.radians(25)) - 1e-12


def test_smaller_clusters_hide_less():
    """The error estimate falls with the size, and factors of halves gather exactly."""
    points, facets = welded(np.concatenate(box((0, 0, 0), (1, 1, 1), 12, inward=True)))
    view = scene(points, facets)
    hidden = []
    for size in (1.5, 0.75, 0.375):
        made = clusters(view, points, facets, np.zeros(len(facets), dtype=int), size)
        traced = view_factors(view, made.halves, 16384)
        F, sky, areas = gather(traced.F, traced.sky, traced.areas, made.parent)
        np.testing.assert_allclose(np.asarray(F.sum(axis=1)).ravel() + sky, 1, atol=1e-12)
        assert areas.sum() == pytest.approx(6)
        hidden.append(float(np.mean(unevenness(traced.F, traced.sky, traced.areas, made.parent, traced.rays))))
    assert hidden[2] < 0.8 * hidden[1] < 0.8 * hidden[0]


def test_refusals():
    points, facets = welded(np.concatenate(box((0, 0, 0), (1, 1, 1))))
    with pytest.raises(ValueError, match="positive size"):
        clusters(scene(points, facets), points, facets, np.zeros(12, dtype=int), 0.0)
