"""From heat by node to heat per area on the faces that bring it there."""

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


def facet_densities(points: Floats, facets: Ids, face: NDArray[np.int32], heat: Floats) -> Floats:
    """Heat per area at the corners of facets (f, 3) [W/m2].

    A node inside a face says what that face brings. At edges, where faces with different loads meet, each face has the mean of its
    facets' inner corners; a face without inner nodes has what the others leave.

    Args:
        points: (n, 3) m.
        facets: (f, 3) nodes.
        face: (f,) face of each.
        heat: (n,) heat into each node from all its facets, a third of each facet's to every corner [W].
    """
    if not len(facets):
        return np.zeros((0, 3))
    third = triangle_areas(points, facets) / 3
    keys = facets * np.int64(int(face.max()) + 1) + face[:, None]
    unique, pair = np.unique(keys, return_inverse=True)
    pair = pair.reshape(-1, 3)
    node = unique // np.int64(int(face.max()) + 1)
    area = np.bincount(pair.ravel(), np.repeat(third, 3), len(unique))
    alone = np.bincount(node, minlength=len(points))[node] == 1
    density = np.where(alone, heat[node] / area, 0.0)
    inner = alone[pair]
    mean = (density[pair] * inner).sum(axis=1) / np.maximum(inner.sum(axis=1), 1)
    told = np.where(inner.any(axis=1), 1.0, 0.0)
    count = np.bincount(pair.ravel(), np.repeat(told, 3), len(unique))
    near = np.bincount(pair.ravel(), np.repeat(told * mean, 3), len(unique)) / np.maximum(count, 1)
    known = alone | (count > 0)
    density = np.where(alone, density, near)
    rest = heat - np.bincount(node, np.where(known, density * area, 0.0), len(points))
    open_area = np.bincount(node, np.where(known, 0.0, area), len(points))
    density = np.where(known, density, rest[node] / np.maximum(open_area[node], 1e-300))
    return np.asarray(density[pair])
