"""Quadratic bubbles on the edges of a first-order mesh: what a finer space would see that the mesh does not.

The space of quadratic elements is that of linear ones and a bubble 4 N_i N_j on every edge (hierarchical basis). Everything here is
element by element in numpy, the same on every rank; conduction and matching contacts are in it, surfaces and loads enter as loads.

Source:
    R. E. Bank and R. K. Smith, A posteriori error estimates based on hierarchical bases, SIAM J. Numer. Anal. 30 (1993) 921-935.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

ENDS = np.array(list(combinations(range(4), 2)))  #: corners of the edges of a cell
SIDES = np.array([(0, 1), (0, 2), (1, 2)])  #: corners of the edges of a facet
#: Integrals of a bubble times a corner's hat over a cell of unit volume (6, 4), and over a facet of unit area (3, 3).
ON_CELL = np.where((ENDS[:, :, None] == np.arange(4)).any(axis=1), 1 / 15, 1 / 30)
ON_FACET = np.where((SIDES[:, :, None] == np.arange(3)).any(axis=1), 2 / 15, 1 / 15)
PAIRS_OF_BUBBLES = np.where(np.eye(3) > 0, 8 / 45, 4 / 45)  #: integrals of two bubbles over a facet of unit area


@dataclass(slots=True, eq=False)
class Enrichment:
    """Bubbles on the edges of a mesh whose nodes are split between parts that do not share them.

    Args:
        points: (n, 3) m.
        cells: (c, 4).
        conductivity: Of each cell (c, 3, 3) [W/mK].
        contacts: Facets of both sides of each contact with the same corners row by row (k, 3), and its conductance [W/m2K].
        fixed: (n,) nodes held at a temperature; edges between two of them have no bubble where they lie on the surface.
        facets: (f, 3) of the surface.
        losses: Facets (k, 3) that lose heat by their temperature, and how much (k,) [W/m2K].
    """

    points: Floats
    cells: Ids
    conductivity: Floats
    contacts: Sequence[tuple[Ids, Ids, float]]
    fixed: NDArray[np.bool_]
    facets: Ids
    losses: tuple[Ids, Floats] | None = None
    volume: Floats = field(init=False)  #: (c,) m3
    edges: Ids = field(init=False)  #: (m, 2) nodes
    diagonal: Floats = field(init=False)  #: (m,) W/K
    still: NDArray[np.bool_] = field(init=False)  #: (m,) edges without a bubble
    _of_cell: Ids = field(init=False)  #: (c, 6)
    _mixed: Floats = field(init=False)  #: (c, 4, 6) conduction between hats and bubbles [W/K]
    _bubbles: Floats = field(init=False)  #: (c, 6, 6) W/K
    _losing: tuple[Ids, Ids, Floats] = field(init=False)  #: facets, their edges and conductance [W/K]
    _joined: list[tuple[Ids, Ids, Ids, Ids, Floats]] = field(init=False)  #: facets and edges of either side, and conductance [W/K]

    def __post_init__(self) -> None:
        keys = self._keys(self.cells[:, ENDS])
        unique, inverse = np.unique(keys, return_inverse=True)
        self.edges = np.stack([unique // len(self.points), unique % len(self.points)], axis=1)
        self._of_cell = inverse.reshape(-1, 6)
        corners = self.points[self.cells]
        across = corners[:, 1:] - corners[:, :1]
        self.volume = np.abs(np.linalg.det(across)) / 6
        slopes = np.linalg.inv(across).transpose(0, 2, 1)
        hats = np.concatenate([-slopes.sum(axis=1, keepdims=True), slopes], axis=1)
        D = np.einsum("cai,cij,cbj,c->cab", hats, self.conductivity, hats, self.volume, optimize=True)
        a, b = ENDS.T
        self._mixed = D[:, :, a] + D[:, :, b]
        L = (np.ones((4, 4)) + np.eye(4)) / 20

        def pairs(i: Ids, j: Ids, k: Ids, m: Ids) -> Floats:
            return np.asarray(L[i][:, j] * D[:, k[:, None], m[None, :]])

        self._bubbles = 16 * (pairs(a, a, b, b) + pairs(a, b, b, a) + pairs(b, a, a, b) + pairs(b, b, a, a))
        self._joined = [
            (A, B, self.edges_of(A), self.edges_of(B), h * triangle_areas(self.points, A)) for A, B, h in self.contacts if len(A)
        ]
        self.diagonal = np.bincount(self._of_cell.ravel(), np.diagonal(self._bubbles, axis1=1, axis2=2).ravel(), len(self.edges))
        for _, _, one, other, conductance in self._joined:
            for side in (one, other):
                np.add.at(self.diagonal, side.ravel(), np.repeat(8 / 45 * conductance, 3))
        losing, loss = self.losses if self.losses is not None else (np.zeros((0, 3), dtype=np.int64), np.zeros(0))
        self._losing = losing, self.edges_of(losing), loss * triangle_areas(self.points, losing)
        np.add.at(self.diagonal, self._losing[1].ravel(), np.repeat(8 / 45 * self._losing[2], 3))
        self.still = np.zeros(len(self.edges), dtype=bool)
        held = self.facets[self.fixed[self.facets].all(axis=1)]
        self.still[self.edges_of(held).ravel()] = True

    def _keys(self, pairs: Ids) -> Ids:
        return np.asarray(pairs.min(axis=-1) * np.int64(len(self.points)) + pairs.max(axis=-1))

    def edges_of(self, facets: Ids) -> Ids:
        """Edge numbers of facets (f, 3)."""
        return np.searchsorted(self._keys(self.edges), self._keys(facets[:, SIDES]))

    def hats(self, e: Floats) -> Floats:
        """Heat that bubbles of height `e` (m,) [K] draw from the nodes (n,) [W]."""
        drawn = np.bincount(self.cells.ravel(), np.einsum("cae,ce->ca", self._mixed, e[self._of_cell]).ravel(), len(self.points))
        for A, B, one, other, conductance in self._joined:
            jump = conductance[:, None] * ((e[one] - e[other]) @ ON_FACET)
            np.add.at(drawn, A.ravel(), jump.ravel())
            np.add.at(drawn, B.ravel(), -jump.ravel())
        facets, edges, conductance = self._losing
        np.add.at(drawn, facets.ravel(), (conductance[:, None] * (e[edges] @ ON_FACET)).ravel())
        return drawn

    def edges_under(self, T: Floats) -> Floats:
        """Heat that a change of the nodes' temperatures (n,) [K] draws from the bubbles (m,) [W]."""
        drawn = self.conducted(T)
        facets, edges, conductance = self._losing
        np.add.at(drawn, edges.ravel(), (conductance[:, None] * (T[facets] @ ON_FACET.T)).ravel())
        return drawn

    def conducted(self, T: Floats) -> Floats:
        """Heat that temperatures of the nodes (n,) [K] draw from the bubbles (m,) [W] by conduction and contacts alone."""
        drawn = np.bincount(self._of_cell.ravel(), np.einsum("cae,ca->ce", self._mixed, T[self.cells]).ravel(), len(self.edges))
        for A, B, one, other, conductance in self._joined:
            jump = conductance[:, None] * ((T[A] - T[B]) @ ON_FACET.T)
            np.add.at(drawn, one.ravel(), jump.ravel())
            np.add.at(drawn, other.ravel(), -jump.ravel())
        return drawn

    def bubbles(self, e: Floats) -> Floats:
        """Heat that bubbles of height `e` (m,) [K] draw from the bubbles (m,) [W]."""
        drawn = np.bincount(self._of_cell.ravel(), np.einsum("cef,cf->ce", self._bubbles, e[self._of_cell]).ravel(), len(self.edges))
        for _, _, one, other, conductance in self._joined:
            jump = conductance[:, None] * ((e[one] - e[other]) @ PAIRS_OF_BUBBLES)
            np.add.at(drawn, one.ravel(), jump.ravel())
            np.add.at(drawn, other.ravel(), -jump.ravel())
        _, edges, conductance = self._losing
        np.add.at(drawn, edges.ravel(), (conductance[:, None] * (e[edges] @ PAIRS_OF_BUBBLES)).ravel())
        return drawn

    def from_cells(self, density: Floats) -> Floats:
        """Loads of the bubbles (m,) [W] under heat per volume that is linear in each cell, (c, 4) at its corners [W/m3]."""
        return np.bincount(self._of_cell.ravel(), ((density * self.volume[:, None]) @ ON_CELL.T).ravel(), len(self.edges))

    def from_facets(self, facets: Ids, density: Floats) -> Floats:
        """Loads of the bubbles (m,) [W] under heat per area that is linear on each facet, (f, 3) at its corners [W/m2]."""
        share = (density * triangle_areas(self.points, facets)[:, None]) @ ON_FACET.T
        return np.bincount(self.edges_of(facets).ravel(), share.ravel(), len(self.edges))

    def unlumped(self, facets: Ids, density: Floats) -> Floats:
        """What nodes (n,) get more [W] where heat per area is linear on each facet, (f, 3) [W/m2], and not lumped at its corners."""
        third = triangle_areas(self.points, facets)[:, None] / 3
        return np.bincount(facets.ravel(), (third * 0.75 * (density.mean(axis=1, keepdims=True) - density)).ravel(), len(self.points))

    def unlumped_losses(self, T: Floats) -> Floats:
        """What a change of the nodes' temperatures (n,) [K] draws more from them by losses that are not lumped (n,) [W]."""
        facets, _, conductance = self._losing
        corners = T[facets]
        return np.bincount(facets.ravel(), (conductance[:, None] / 4 * (corners.mean(axis=1, keepdims=True) - corners)).ravel(), len(T))
