"""Contact of two surfaces whose triangles do not match: points of quadrature, each with the facets and shape functions of both sides."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Triplets = tuple[Ids, Ids, Floats]


def overlay_coupling(
    facets_a: Ids, facets_b: Ids, meets: tuple[Ids, Ids], shapes: tuple[Floats, Floats], weight: Floats, conductance: float
) -> Triplets:
    """Triplets (row, column, value [W/K]) of the matrix that couples both sides: sum of h w [N_a, -N_b]^T [N_a, -N_b].

    Rows add up to zero and the matrix is symmetric: what leaves one side enters the other.

    Args:
        facets_a: Nodes of the first side's facets, (k, 3).
        facets_b: Nodes of the other side's, (l, 3).
        meets: Facet of either side at each of m points, rows of `facets_a` and of `facets_b`, (m,) each.
        shapes: Values of the three shape functions of those facets at the points, (m, 3) each.
        weight: Area that each point stands for [m2], (m,).
        conductance: Heat per area and kelvin [W/m2K].
    """
    facet_a, facet_b = meets
    shape_a, shape_b = shapes
    pair, index = np.unique(facet_a * np.int64(len(facets_b)) + facet_b, return_inverse=True)
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(len(pair)))
    jump = np.concatenate([shape_a, -shape_b], axis=1)[order]
    blocks = conductance * np.add.reduceat((weight[order, None] * jump)[:, :, None] * jump[:, None, :], starts, axis=0)
    nodes = np.concatenate([facets_a[pair // len(facets_b)], facets_b[pair % len(facets_b)]], axis=1)
    return np.repeat(nodes, 6, axis=1).ravel(), np.tile(nodes, (1, 6)).ravel(), blocks.ravel()
