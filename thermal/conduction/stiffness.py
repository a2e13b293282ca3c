"""Conduction of single parts as triplets, from plain arrays: what the assembled matrix has of each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


def stiffness(
    points: Floats, cells: Ids, cell_part: NDArray[np.int32], conductivity: Floats, parts: Sequence[int]
) -> tuple[Ids, Ids, Floats]:
    """Triplets (row, column, value [W/K]) of the first-order conduction matrix of some parts, in input node numbers.

    Args:
        points: Node coordinates [m], shape (n, 3).
        cells: Tetrahedra, shape (c, 4).
        cell_part: Part of each, shape (c,).
        conductivity: Tensor of each part in mesh axes [W/mK], shape (parts, 3, 3).
        parts: Whose cells count.
    """
    mine = np.flatnonzero(np.isin(cell_part, parts))
    corners = points[cells[mine]]
    edges = corners[:, 1:] - corners[:, :1]
    inverse = np.linalg.inv(edges)  # columns are the gradients of the last three shape functions
    slopes = np.concatenate([-inverse.sum(axis=2)[:, None, :], np.swapaxes(inverse, 1, 2)], axis=1)
    volume = np.abs(np.linalg.det(edges)) / 6
    values = volume[:, None, None] * np.einsum("cai,cij,cbj->cab", slopes, conductivity[cell_part[mine]], slopes)
    nodes = cells[mine].astype(np.int64)
    return np.repeat(nodes, 4, axis=1).ravel(), np.tile(nodes, (1, 4)).ravel(), np.asarray(values).ravel()
