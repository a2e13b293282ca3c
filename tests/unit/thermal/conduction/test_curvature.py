"""Area and volume that facets cut off, against those of sphere and cylinder."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from thermal.conduction.curvature import cut_off


def areas(points, facets):
    corners = points[facets]
    return 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)


def pipe(around, radius, length, outward):
    """The side of a cylinder in flats, two triangles each; the other way round for a bore."""
    angle = 2 * np.pi * np.arange(around) / around
    ring = radius * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    i, j = np.arange(around), (np.arange(around) + 1) % around
    facets = np.concatenate([np.stack([i, j, around + j], axis=1), np.stack([i, around + j, around + i], axis=1)])
    return np.concatenate([ring, ring + np.array([0.0, 0.0, length])]), facets if outward else facets[:, ::-1]


def test_a_sphere_of_facets():
    """400 points on a sphere of 2 m: nine parts in ten of what their hull lacks, and no more than all of it."""
    n, r = 400, 2.0
    height, turn = 1 - 2 * (np.arange(n) + 0.5) / n, np.pi * (1 + 5**0.5) * np.arange(n)
    ring = np.sqrt(1 - height**2)
    points = r * np.stack([ring * np.cos(turn), ring * np.sin(turn), height], axis=1)
    hull = ConvexHull(points)
    facets = hull.simplices.astype(np.int64)
    corners = points[facets]
    inward = (np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) * corners.mean(axis=1)).sum(axis=1) < 0
    facets[inward] = facets[inward][:, ::-1]
    more, volume = cut_off(points, facets, np.zeros(len(facets), dtype=np.int32))
    assert more @ areas(points, facets) == pytest.approx(4 * np.pi * r**2 - hull.area, rel=0.05)
    assert volume.sum() == pytest.approx(4 / 3 * np.pi * r**3 - hull.volume, rel=0.05)


@pytest.mark.parametrize("outward", [True, False])
def test_a_cylinder_of_24_flats_and_its_bore(outward):
    points, facets = pipe(24, 0.5, 0.3, outward)
    more, volume = cut_off(points, facets, np.zeros(len(facets), dtype=np.int32))
    angle = 2 * np.pi / 24
    assert more == pytest.approx(angle / 2 / np.sin(angle / 2) - 1, rel=0.02)
    segments = 24 * 0.5**2 / 2 * (angle - np.sin(angle)) * 0.3
    assert volume.sum() == pytest.approx(segments if outward else -segments, rel=0.02)


def test_flat_faces_and_edges_cut_nothing_off():
    """A square tube of one face: its corners are edges, not curves."""
    points, facets = pipe(4, 0.5, 0.3, True)
    more, volume = cut_off(points, facets, np.zeros(len(facets), dtype=np.int32))
    assert more == pytest.approx(0.0, abs=1e-12)
    assert volume == pytest.approx(0.0, abs=1e-12)
    assert cut_off(points, facets[:0], np.zeros(0, dtype=np.int32))[0].shape == (0,)
