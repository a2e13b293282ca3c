"""Cells far wider than thick, as those of plates meshed with one layer of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FLAT = 0.05  #: six volumes over the cube of the longest edge; 0.7 of a regular cell, about thickness over width of a flat one


def flatness(points: Floats, cells: Ids) -> Floats:
    """Six volumes of each cell (c,) over the cube of its longest edge [-]."""
    corners = points[cells]
    longest = np.max([np.linalg.norm(corners[:, i] - corners[:, j], axis=1) for i in range(4) for j in range(i)], axis=0)
    return np.asarray(np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / longest**3)


def nodes_of_flat_cells(points: Floats, cells: Ids, flat: float = FLAT) -> NDArray[np.bool_]:
    """Nodes (n,) of flat cells, and all of those bodies of which half the cells are flat, so that no holes are left in a plate."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count, wide = len(points), flatness(points, cells) < flat
    pairs = np.ones(cells.size), (cells.ravel(), np.roll(cells, 1, axis=1).ravel())
    bodies, of_node = connected_components(csr_array(pairs, shape=(count, count)), directed=False)
    of_cell = of_node[cells[:, 0]]
    total, wider = (np.bincount(of_cell, weights, bodies) for weights in (None, wide))
    plates = (total > 0) & (2 * wider >= total)
    found = plates[of_node]
    found[cells[wide].ravel()] = True
    return found
