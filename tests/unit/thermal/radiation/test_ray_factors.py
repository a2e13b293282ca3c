"""How hits become factors."""

import numpy as np
from triangles import box, together

from thermal.radiation import ray_factors
from thermal.radiation.ray_factors import REPLICATES, emitters, view_factors
from thermal.radiation.rays import BATCH


def room():
    return together([*box((0, 0, 0), (1, 1, 1), 3, inward=True)[:5], np.concatenate(box((0.3, 0.3, 0.2), (0.6, 0.7, 0.5), 2))])


def counted(view, groups, rays, seed):
    """Hits by group, replicate and target (sky and lost last), counted one ray at a time from the same rays."""
    source = emitters(view, groups)
    count, each = len(source.areas), rays // REPLICATES
    points = ray_factors.sobol_points(each, seed)
    shifts = np.random.default_rng([seed, 2]).integers(0, 1 << 32, (count, REPLICATES, 4), dtype=np.uint32)
    hits = np.zeros((count, REPLICATES, count + 2))
    origins, along = np.empty((BATCH, 3), np.float32), np.empty((BATCH, 3), np.float32)
    for g in range(count):
        emit = (g * rays, rays, points, shifts, view.frames, source.starts, source.members, source.shares, source.guide, origins, along)
        ray_factors.emit_rays(*emit)
        met = view.first_hits(origins[:rays], along[:rays])
        facing = np.einsum("ij,ij->i", along[:rays], view.normals[met])
        target = np.where(met < 0, count, np.where((facing > 0) | (groups[met] < 0), count + 1, groups[met]))
        np.add.at(hits[g], (np.arange(rays) // each, target), 1)
    return hits


def test_factors_are_counts_of_hits():
    """Single facets as groups, more of them than fit a batch: factors, sky, lost and their errors are those of a plain count."""
    view, groups = room()
    labels = np.where(groups == 5, -1, np.arange(view.count))
    labels = np.where(labels >= 0, np.cumsum(labels >= 0) - 1, -1)
    rays = 2048
    assert rays * (labels.max() + 1) > 2 * BATCH
    found, hits = view_factors(view, labels, rays, seed=4), counted(view, labels, rays, 4)
    total = hits.sum(axis=1)
    share = total / rays
    error = np.where(total < 8 * REPLICATES, np.sqrt(share * (1 - share) / rays), hits.std(axis=1, ddof=1) * np.sqrt(REPLICATES) / rays)
    np.testing.assert_array_equal(found.F.toarray(), share[:, :-2])
    np.testing.assert_array_equal(found.sky, share[:, -2])
    np.testing.assert_array_equal(found.lost, share[:, -1])
    np.testing.assert_allclose(found.error.toarray(), error[:, :-2], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.sky_error, error[:, -2], rtol=1e-9, atol=1e-12)


def test_factors_and_errors_have_one_pattern():
    """Rows in order of column, no entry twice, none without a hit."""
    view, groups = room()
    found = view_factors(view, groups, 4096)
    assert found.F.has_canonical_format
    assert (found.F.data > 0).all()
    np.testing.assert_array_equal(found.F.indices, found.error.indices)
    np.testing.assert_array_equal(found.F.indptr, found.error.indptr)
