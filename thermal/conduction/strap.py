"""Straps, braids and harness: a lumped conductance between the area means of two faces."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Triplets = tuple[Ids, Ids, Floats]


@dataclass(frozen=True, slots=True)
class Strap:
    """A flexible conductor from one face to another: heat = conductance x difference of the faces' mean temperatures."""

    between: tuple[str, str]  #: two faces or patterns of faces; all faces that one pattern names are taken together
    conductance: Annotated[float, "W_K", Gt(0)]  #: of the whole strap with its end fittings


def strap_coupling(points: Floats, facets_a: Ids, share_a: Floats, facets_b: Ids, share_b: Floats, conductance: float) -> Triplets:
    """Triplets (row, column, value [W/K]) of g (w_a - w_b)(w_a - w_b)^T, where w are weights of unit sum that average a face.

    The matrix is symmetric, of rank one, and its rows add up to zero. It couples every node of both faces with every other: a face of
    500 nodes makes 10^6 entries.

    Args:
        points: Node coordinates [m], shape (n, 3).
        facets_a: Nodes of the first face's facets, shape (f, 3).
        share_a: Free fraction of each of them, shape (f,).
        facets_b, share_b: Of the second face.
        conductance: Of the strap [W/K].
    """
    nodes_a, mean_a = _mean(points, facets_a, share_a)
    nodes_b, mean_b = _mean(points, facets_b, share_b)
    nodes, weights = np.concatenate([nodes_a, nodes_b]), np.concatenate([mean_a, -mean_b])
    return np.repeat(nodes, len(nodes)), np.tile(nodes, len(nodes)), conductance * np.outer(weights, weights).ravel()


def _mean(points: Floats, facets: Ids, share: Floats) -> tuple[Ids, Floats]:
    """Nodes of a face and weights that average it by area."""
    nodes, index = np.unique(facets, return_inverse=True)
    weights = np.bincount(index.ravel(), np.repeat(share * triangle_areas(points, facets) / 3, 3), len(nodes))
    return nodes, weights / weights.sum()
