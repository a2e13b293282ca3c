"""How far the heat flux of a solution is from one that a finer mesh would give, cell by cell."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def recovery_error(
    points: Floats,
    cells: NDArray[np.int64],
    cell_part: NDArray[np.int32],
    conductivity: Floats,
    T: Floats,
    factor: Floats | None = None,
) -> Floats:
    """Square of the estimated energy error of every cell, (c,) [W K].

    The flux of first-order elements is constant in a cell. Averaged at the nodes (by volume, within each part) it becomes continuous and
    more accurate; the integral over the cell of (q* - q) k^-1 (q* - q) estimates the error.

    Args:
        points: (n, 3) m.
        cells: (c, 4).
        cell_part: (c,).
        conductivity: Of each part in mesh axes, (p, 3, 3) [W/mK].
        T: Temperature of every node, (n,) [K].
        factor: Of each cell (c,), times the conductivity of its part [-].

    Source:
        O. C. Zienkiewicz and J. Z. Zhu, A simple error estimator and adaptive procedure for practical engineering analysis,
        Int. J. Numer. Methods Eng. 24 (1987) 337-357.
    """
    corners = points[cells]
    edges = corners[:, 1:] - corners[:, :1]
    volume = np.abs(np.linalg.det(edges)) / 6
    gradient = np.linalg.solve(edges, (T[cells[:, 1:]] - T[cells[:, :1]])[..., None])[..., 0]
    k = conductivity[cell_part] * (1.0 if factor is None else factor[:, None, None])
    flux = np.einsum("cij,cj->ci", k, gradient)
    _, node = np.unique(cell_part[:, None] * np.int64(len(points)) + cells, return_inverse=True)
    node = node.reshape(cells.shape)
    weight = np.bincount(node.ravel(), np.repeat(volume, 4))
    smooth = np.stack([np.bincount(node.ravel(), np.repeat(volume * flux[:, i], 4)) / weight for i in range(3)], axis=1)
    off = smooth[node] - flux[:, None, :]
    pairs = np.einsum("cai,cij,cbj->cab", off, np.linalg.inv(k), off)
    return np.asarray(volume / 20 * (pairs.sum(axis=(1, 2)) + np.trace(pairs, axis1=1, axis2=2)))
