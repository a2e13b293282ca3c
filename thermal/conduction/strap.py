"""Straps, braids and harness: a lumped conductance between two faces; heat leaves each point of a face by its own temperature."""

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
    """A flexible conductor from one face to another: heat = conductance x difference of the faces' mean temperatures.

    Half of its resistance lies at either end, spread over the face, so that heat flows from hot to cold at every point. Patterns stand for
    several straps, each of this conductance: where one end is a single face, one to each face that the other names; where both name
    several, one for each pair in which `*` stands for the same, as in ["tray*.plate:+z", "sink*:-z"].
    """

    between: tuple[str, str]  #: two faces or patterns of faces
    conductance: Annotated[float, "W_K", Gt(0)]  #: of each strap with its end fittings


def strap_coupling(points: Floats, facets_a: Ids, share_a: Floats, facets_b: Ids, share_b: Floats, conductance: float) -> Triplets:
    """Triplets (row, column, value [W/K]) of 2 g diag(w) - g w w^T, where w = (w_a, w_b) are weights of unit sum that average either face.

    Every vertex i is tied by 2 g w_i to the strap's middle, which has no mass and therefore the mean of both faces' mean temperatures:
    eliminated, it leaves the term of rank one. The matrix is symmetric, its rows add up to zero, and nothing off the diagonal is positive.
    It couples every node of both faces with every other: faces of 500 nodes make 10^6 entries.

    Args:
        points: Node coordinates [m], shape (n, 3).
        facets_a: Nodes of the first face's facets, shape (f, 3).
        share_a: Free fraction of each of them, shape (f,).
        facets_b, share_b: Of the second face.
        conductance: Of the strap [W/K].
    """
    nodes_a, mean_a = _mean(points, facets_a, share_a)
    nodes_b, mean_b = _mean(points, facets_b, share_b)
    nodes, weights = np.concatenate([nodes_a, nodes_b]), np.concatenate([mean_a, mean_b])
    block = conductance * (2 * np.diag(weights) - np.outer(weights, weights))
    return np.repeat(nodes, len(nodes)), np.tile(nodes, len(nodes)), block.ravel()


def _mean(points: Floats, facets: Ids, share: Floats) -> tuple[Ids, Floats]:
    """Nodes of a face and weights that average it by area."""
    nodes, index = np.unique(facets, return_inverse=True)
    weights = np.bincount(index.ravel(), np.repeat(share * triangle_areas(points, facets) / 3, 3), len(nodes))
    return nodes, weights / weights.sum()
