"""Zones of the array: a face, or a strip of it that holds neighbouring strings, each at a temperature and with a draw of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from heliorack.model.body import Body
from heliorack.model.cells.strip_shadows import spots_of
from heliorack.runtime.parallel import on_first

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

MOST = 32  #: zones of one wing on one face; where it has more strips, neighbours share one


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """Cells of one face, all of it or a strip."""

    name: str  #: of the face
    face: int  #: position among the faces that carry cells
    room: float  #: planform that cells may cover [m2]
    sunlight: Floats  #: (n,) direct, on its plane, cosine and shadow included [W/m2]
    weights: csr_matrix  #: (owned, 1), of which the sum is one: its mean temperature, and where its draw is taken


def zone_of_strip(strips: int) -> Ids:
    """Zone of each strip (strips,).

    >>> zone_of_strip(4)
    array([0, 1, 2, 3])
    """
    return np.arange(strips) * min(strips, MOST) // strips


def whole_face(body: Body, face: int) -> csr_matrix:
    """Weights (owned, 1) of a face by area; all zero where it is covered."""
    return csr_matrix(body.faces[:, [face]] / max(float(body.face_area[face]), np.finfo(float).tiny))


def strip_weights(body: Body, face: int, along: Floats, strips: int) -> list[csr_matrix]:
    """Weights (owned, 1) of the zones of a face: what lies in their strips, seen from even points. Collective.

    Args:
        face: Of the assembly.
        along: (3,) body axis across which strings lie side by side.
        strips: How many cut the face across that axis.
    """
    zone = zone_of_strip(strips)

    def by_node() -> list[Floats]:
        spots = spots_of(body, face, along, strips)
        shares = spots.shares(strips)
        corners = body.assembly.facets[spots.facet]
        found = []
        for i in range(int(zone[-1]) + 1):
            share = shares[:, zone == i].mean(axis=1)
            found.append(np.bincount(corners.ravel(), (share[:, None] * spots.place).ravel(), len(body.assembly.points)))
        return found

    return [csr_matrix(body.layout.scatter(full)[:, None]) for full in on_first(body.layout.comm, by_node)]


def together(body: Body, zones: Sequence[Zone]) -> csr_matrix:
    """Weights of all zones (owned, zones)."""
    return csr_matrix(hstack([zone.weights for zone in zones])) if zones else csr_matrix((body.layout.owned, 0))
