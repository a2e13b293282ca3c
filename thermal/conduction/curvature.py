"""What flat facets of curved faces cut off: the area and the volume that a finer mesh has besides."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

SMOOTH = float(np.cos(np.radians(24)))  #: of half the turn at which facets of one face meet; where it is more they have an edge
EDGES = ((0, 1), (1, 2), (2, 0))  #: by corners


def cut_off(points: Floats, facets: Ids, face: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Area over that of the facet (f,) [-] and volume (f,) [m3] that lie between each facet and the face that it stands for.

    By the bulge of every edge, an eighth of its length times the turn of the normal along it: that of a circle, to second order. Edges
    between faces, and those at which facets of one face meet at more than 48 degrees, are none.

    Args:
        points: (n, 3) m.
        facets: (f, 3) nodes, all with the same sense.
        face: (f,) face of each.
    """
    if not len(facets):
        return np.zeros(0), np.zeros(0)
    corners = points[facets]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = 0.5 * np.linalg.norm(normal, axis=1)
    normal /= 2 * area[:, None]
    kinds = np.int64(int(face.max()) + 1)
    _, pair = np.unique(facets * kinds + face[:, None], return_inverse=True)
    pair = pair.reshape(-1, 3)
    ahead, back = corners[:, [1, 2, 0]] - corners, corners[:, [2, 0, 1]] - corners
    cosine = np.einsum("fci,fci->fc", ahead, back) / (np.linalg.norm(ahead, axis=2) * np.linalg.norm(back, axis=2))
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    smooth = np.stack([np.bincount(pair.ravel(), (angle * component[:, None]).ravel()) for component in normal.T], axis=1)
    smooth /= np.maximum(np.linalg.norm(smooth, axis=1), 1e-300)[:, None]
    at = smooth[pair]
    near = np.einsum("fci,fi->fc", at, normal) > SMOOTH
    at = np.where(near[:, :, None], at, normal[:, None, :])
    sides = np.stack([corners[:, j] - corners[:, i] for i, j in EDGES], axis=1)
    turns = np.stack([at[:, j] - at[:, i] for i, j in EDGES], axis=1)
    bulge = np.einsum("fei,fei->fe", turns, sides) / 8
    # the height over the facet is the sum of 4 bulge li lj; its slope stretches the area, and prisms over two facets leave a wedge
    outward = np.cross(sides, normal[:, None, :])  # as long as the sides
    middle = np.stack([at[:, i] + at[:, j] for i, j in EDGES], axis=1) / 2
    wedges = 2 / 3 * (bulge * np.einsum("fei,fei->fe", middle, outward)).sum(axis=1) / area
    gradient = -outward[:, [1, 2, 0]] / (2 * area)[:, None, None]  # of li, across the side that faces corner i
    products = np.einsum("fik,fjk->fij", gradient, gradient)
    square = np.zeros(len(facets))
    for a, (i, j) in enumerate(EDGES):
        for b, (k, m) in enumerate(EDGES):
            terms = ((i, k, j, m), (i, m, j, k), (j, k, i, m), (j, m, i, k))  # mean of lp lq: 1/12, of the square of lp: 1/6
            mean = sum((1 + (p == q)) / 12 * products[:, g, h] for g, h, p, q in terms)
            square += 16 * bulge[:, a] * bulge[:, b] * mean
    return 0.5 * square + wedges, area * bulge.sum(axis=1) / 3
