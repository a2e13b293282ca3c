"""Thin conducting layers on faces: conduction along the surface and heat capacity, without cells through the thickness."""

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
class Skin:
    """A face sheet, foil or heat spreader: conducts along the faces and has their temperature; conducts alike in both directions."""

    on: str  #: face name or pattern, e.g. "panel:+z"; neighbouring faces of one part are joined at their common edge
    thickness: Annotated[float, "mm", Gt(0)]  #: of the layer
    material: str  #: name in the library or in [materials]


def surface_conduction(points: Floats, facets: Ids, sheet: float) -> Triplets:
    """Triplets (row, column, value [W/K]) of conduction along a surface, exact for first-order triangles.

    Args:
        points: Node coordinates [m], shape (n, 3).
        facets: Nodes of the triangles, shape (f, 3).
        sheet: Conductivity times thickness [W/K].
    """
    a, b, c = (points[facets[:, i]] for i in range(3))
    opposite = np.stack([c - b, a - c, b - a], axis=1)  # the gradient of a shape function is its opposite edge, turned, over 2 A
    blocks = sheet * np.einsum("fik,fjk->fij", opposite, opposite) / (4 * triangle_areas(points, facets))[:, None, None]
    return _triplets(facets, blocks)


def surface_capacity(points: Floats, facets: Ids, sheet: float) -> Triplets:
    """Triplets (row, column, value [J/K]) of the lumped heat capacity; `sheet` is density x specific heat x thickness [J/m2K]."""
    nodes = facets.ravel()
    return nodes, nodes, np.repeat(sheet * triangle_areas(points, facets) / 3, 3)


def _triplets(facets: Ids, blocks: Floats) -> Triplets:
    return np.repeat(facets, 3, axis=1).ravel(), np.tile(facets, (1, 3)).ravel(), blocks.ravel()
