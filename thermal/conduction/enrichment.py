"""Quadratic bubbles on the edges of a first-order mesh: what a finer space would see that the mesh does not.

The space of quadratic elements is that of linear ones and a bubble 4 N_i N_j on every edge (hierarchical basis). Everything here is
in numpy and scipy, the same on every rank; conduction and matching contacts are in it, surfaces and loads enter as loads.

Source:
    R. E. Bank and R. K. Smith, A posteriori error estimates based on hierarchical bases, SIAM J. Numer. Anal. 30 (1993) 921-935.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

ENDS = np.array(list(combinations(range(4), 2)))  #: corners of the edges of a cell
SIDES = np.array([(0, 1), (0, 2), (1, 2)])  #: corners of the edges of a facet
#: Integrals of a bubble times a corner's hat over a cell of unit volume (6, 4), and over a facet of unit area (3, 3).
ON_CELL = np.where((ENDS[:, :, None] == np.arange(4)).any(axis=1), 1 / 15, 1 / 30)
ON_FACET = np.where((SIDES[:, :, None] == np.arange(3)).any(axis=1), 2 / 15, 1 / 15)
#: Integrals of two bubbles over a cell of unit volume (6, 6): edges that are one, share a corner, or lie opposite.
ON_CELL_BOTH = np.array([8, 4, 2])[2 - (ENDS[:, None, :, None] == ENDS[None, :, None, :]).any(axis=-1).sum(axis=-1)] / 105
LUMPED = (np.ones((4, 4)) / 4 - np.eye(4)) / 5  #: integrals of two hats over a cell of unit volume less a quarter for each alone
PAIRS_OF_BUBBLES = np.where(np.eye(3) > 0, 8 / 45, 4 / 45)  #: integrals of two bubbles over a facet of unit area

MOST_KEPT = 200_000  #: cells of which what they conduct and store is kept for the next load case, some 1.5 kB each
AT_ONCE = 1 << 15  #: cells of which blocks are held together, 1.6 kB each


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """What cells make of it, whatever lies on their surface; of all load cases of a body the same."""

    points: Floats
    cells: Ids
    conductivity: Floats
    capacity: Floats  #: (c,) J/m3K
    keys: Ids  #: (m,) of the edges, in their order
    edges: Ids  #: (m, 2) nodes
    of_cell: Ids  #: (c, 6)
    volume: Floats  #: (c,) m3
    mixed: Floats  #: (c, 4, 6) conduction between hats and bubbles [W/K]
    draws: csr_array  #: as those of `Enrichment` [W/K]
    stores: csr_array  #: the same [J/K]

    def same(self, *others: Floats | Ids) -> bool:
        """Whether it was made of the same points, cells, conductivities and capacities."""
        mine = (self.points, self.cells, self.conductivity, self.capacity)
        return all(np.array_equal(one, other) for one, other in zip(mine, others, strict=True))


_latest: list[_Inside] = []  #: one at most


def _inside(points: Floats, cells: Ids, conductivity: Floats, capacity: Floats | None) -> _Inside:
    """Of some cells; that of the last ones where they are the same: a third of what a load case spends on bubbles."""
    holds = np.zeros(len(cells)) if capacity is None else capacity
    if _latest and _latest[0].same(points, cells, conductivity, holds):
        return _latest[0]
    _latest.clear()
    found = _made(points, cells, conductivity, holds)
    if len(cells) <= MOST_KEPT:
        _latest.append(found)
    return found


def _made(points: Floats, cells: Ids, conductivity: Floats, capacity: Floats) -> _Inside:
    keys, inverse = np.unique(_keys(cells[:, ENDS], len(points)), return_inverse=True)
    edges, of_cell = np.stack([keys // len(points), keys % len(points)], axis=1), inverse.reshape(-1, 6)
    corners = points[cells]
    across = corners[:, 1:] - corners[:, :1]
    volume = np.abs(np.linalg.det(across)) / 6
    slopes = np.linalg.inv(across).transpose(0, 2, 1)
    hats = np.concatenate([-slopes.sum(axis=1, keepdims=True), slopes], axis=1)
    D = np.einsum("cai,cij,cbj,c->cab", hats, conductivity, hats, volume, optimize=True)
    a, b = ENDS.T
    mixed = D[:, :, a] + D[:, :, b]
    L = (np.ones((4, 4)) + np.eye(4)) / 20

    def pairs(i: Ids, j: Ids, k: Ids, m: Ids) -> Floats:
        return np.asarray(L[i][:, j] * D[:, k[:, None], m[None, :]])

    bubbles = 16 * (pairs(a, a, b, b) + pairs(a, b, b, a) + pairs(b, a, a, b) + pairs(b, b, a, a))
    holds, size = volume * capacity, len(points) + len(edges)
    spots = np.concatenate([cells, len(points) + of_cell], axis=1)
    draws = _on_cells(size, spots, lambda some: _square(np.zeros((len(bubbles[some]), 4, 4)), mixed[some], bubbles[some]))
    taken = _square(LUMPED[None], ON_CELL.T[None], ON_CELL_BOTH[None])
    stores = _on_cells(size, spots, lambda some: holds[some, None, None] * taken)
    return _Inside(points, cells, conductivity, capacity, keys, edges, of_cell, volume, mixed, draws, stores)


def _keys(pairs: Ids, count: int) -> Ids:
    """One number for each pair of `count` nodes, whatever its order."""
    return np.asarray(pairs.min(axis=-1) * np.int64(count) + pairs.max(axis=-1))


def _on_cells(size: int, spots: Ids, blocks: Callable[[slice], Floats]) -> csr_array:
    """The sum over cells of their blocks (k, 10, 10) at their corners and edges (c, 10), some cells at a time."""
    total = csr_array((size, size))
    for first in range(0, len(spots), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        total = csr_array(total + _summed(size, spots[some], spots[some], blocks(some)))
    return total


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
        capacity: Of each cell (c,) [J/m3K]; without it nothing is stored.
    """

    points: Floats
    cells: Ids
    conductivity: Floats
    contacts: Sequence[tuple[Ids, Ids, float]]
    fixed: NDArray[np.bool_]
    facets: Ids
    losses: tuple[Ids, Floats] | None = None
    capacity: Floats | None = None
    volume: Floats = field(init=False)  #: (c,) m3
    edges: Ids = field(init=False)  #: (m, 2) nodes
    diagonal: Floats = field(init=False)  #: (m,) W/K
    storing: Floats = field(init=False)  #: (m,) J/K, the diagonal of what bubbles store
    still: NDArray[np.bool_] = field(init=False)  #: (m,) edges without a bubble
    _of_cell: Ids = field(init=False)  #: (c, 6)
    _edge_keys: Ids = field(init=False)  #: (m,) of the edges, in their order
    _surface: tuple[Ids, Ids, Floats] | None = field(init=False, default=None)  #: facets that were asked for last, their edges and areas
    _mixed: Floats = field(init=False)  #: (c, 4, 6) conduction between hats and bubbles [W/K]
    _draws: csr_array = field(init=False)  #: (n + m, n + m) what nodes and bubbles draw, less what lumped nodes draw from nodes [W/K]
    _stores: csr_array = field(init=False)  #: (n + m, n + m) what they take up, less what lumped nodes do [J/K]
    _both: dict[float, csr_array] = field(init=False, default_factory=dict)  #: their sum by shift
    _joined: list[tuple[Ids, Ids, Ids, Ids, Floats]] = field(init=False)  #: facets and edges of either side, and conductance [W/K]

    def __post_init__(self) -> None:
        inside = _inside(self.points, self.cells, self.conductivity, self.capacity)
        self.edges, self.volume, self._of_cell = inside.edges, inside.volume, inside.of_cell
        self._edge_keys, self._mixed, self._stores = inside.keys, inside.mixed, inside.stores
        self._joined = [
            (A, B, self.edges_of(A), self.edges_of(B), h * triangle_areas(self.points, A)) for A, B, h in self.contacts if len(A)
        ]
        self._draws = csr_array(inside.draws + self._on_facets())
        count = len(self.points)
        self.diagonal, self.storing = self._draws.diagonal()[count:], self._stores.diagonal()[count:]
        self.still = np.zeros(len(self.edges), dtype=bool)
        held = self.facets[self.fixed[self.facets].all(axis=1)]
        self.still[self.edges_of(held).ravel()] = True

    def edges_of(self, facets: Ids) -> Ids:
        """Edge numbers of facets (f, 3)."""
        return np.searchsorted(self._edge_keys, _keys(facets[:, SIDES], len(self.points)))

    def _on(self, facets: Ids) -> tuple[Ids, Floats]:
        """Edge numbers (f, 3) and areas (f,) [m2] of facets; those of the same array are found once."""
        if self._surface is None or self._surface[0] is not facets:
            self._surface = facets, self.edges_of(facets), triangle_areas(self.points, facets)
        return self._surface[1:]

    def at_corners_and_middles(self, T: Floats, c: Floats, e: Floats) -> Floats:
        """Temperatures (n + m,) [K] of nodes at `T` that move by `c` (n,), and of the middles of edges with bubbles `e` (m,)."""
        moved = T + c
        return np.concatenate([moved, moved[self.edges].mean(axis=1) + e])

    def spots(self, cells: NDArray[np.bool_]) -> Ids:
        """Which of them belong to some cells, a mask (c,)."""
        return np.concatenate([np.unique(self.cells[cells]), len(self.points) + np.unique(self._of_cell[cells])])

    def taken(self, shift: float, c: Floats, e: Floats) -> tuple[Floats, Floats]:
        """Heat that nodes (..., n) and bubbles (..., m) of heights `c` and `e` [K] draw, and take up at a shift [1/s] times them [W].

        Less what lumped nodes draw from each other and take up.
        """
        return self._halves((self._at_shift(shift) @ np.concatenate([c, e], axis=-1).T).T)

    def _at_shift(self, shift: float) -> csr_array:
        if shift not in self._both:
            self._both[shift] = csr_array(self._draws + shift * self._stores) if shift else self._draws
        return self._both[shift]

    def block(self, shift: float, nodes: Ids, edges: Ids) -> csr_array:
        """Of some nodes (i,) and edges (j,), what `taken` multiplies by (i + j, i + j) [W/K]."""
        mine = np.concatenate([nodes, len(self.points) + edges])
        return csr_array(self._at_shift(shift)[mine][:, mine])

    def stored(self, c: Floats, e: Floats) -> tuple[Floats, Floats]:
        """What nodes (n,) and bubbles (m,) at rates `c` and `e` [K/s] take up [W], less what nodes with lumped capacity do."""
        return self._halves(self._stores @ np.concatenate([c, e]))

    def _halves(self, both: Floats) -> tuple[Floats, Floats]:
        return both[..., : len(self.points)], both[..., len(self.points) :]

    def _on_facets(self) -> csr_array:
        """What contacts and losses draw."""
        count = len(self.points)
        size = count + len(self.edges)
        whole = _square(np.zeros((1, 3, 3)), ON_FACET.T[None], PAIRS_OF_BUBBLES[None])
        parts: list[tuple[Ids, Ids, Floats]] = []
        for A, B, one, other, conductance in self._joined:
            here, there = np.concatenate([A, count + one], axis=1), np.concatenate([B, count + other], axis=1)
            block = conductance[:, None, None] * whole
            parts += [(here, here, block), (there, there, block), (here, there, -block), (there, here, -block)]
        if self.losses is not None:
            facets, loss = self.losses
            unlumped = (np.ones((1, 3, 3)) / 3 - np.eye(3)) / 4
            block = (loss * triangle_areas(self.points, facets))[:, None, None] * (_square(unlumped, whole[:, :3, 3:], whole[:, 3:, 3:]))
            spots = np.concatenate([facets, count + self.edges_of(facets)], axis=1)
            parts.append((spots, spots, block))
        if not parts:
            return csr_array((size, size))
        rows, columns, blocks = (np.concatenate(each) for each in zip(*parts, strict=True))
        return _summed(size, rows, columns, blocks)

    def conducted(self, T: Floats) -> Floats:
        """Heat that temperatures of the nodes (n,) [K] draw from the bubbles (m,) [W] by conduction and contacts alone."""
        drawn = np.bincount(self._of_cell.ravel(), np.einsum("cae,ca->ce", self._mixed, T[self.cells]).ravel(), len(self.edges))
        for A, B, one, other, conductance in self._joined:
            jump = conductance[:, None] * ((T[A] - T[B]) @ ON_FACET.T)
            np.add.at(drawn, one.ravel(), jump.ravel())
            np.add.at(drawn, other.ravel(), -jump.ravel())
        return drawn

    def from_cells(self, density: Floats) -> Floats:
        """Loads of the bubbles (m,) [W] under heat per volume that is linear in each cell, (c, 4) at its corners [W/m3]."""
        return np.bincount(self._of_cell.ravel(), ((density * self.volume[:, None]) @ ON_CELL.T).ravel(), len(self.edges))

    def from_facets(self, facets: Ids, density: Floats) -> Floats:
        """Loads of the bubbles (m,) [W] under heat per area that is linear on each facet, (f, 3) at its corners [W/m2]."""
        edges, areas = self._on(facets)
        return np.bincount(edges.ravel(), ((density * areas[:, None]) @ ON_FACET.T).ravel(), len(self.edges))

    def unlumped(self, facets: Ids, density: Floats) -> Floats:
        """What nodes (n,) get more [W] where heat per area is linear on each facet, (f, 3) [W/m2], and not lumped at its corners."""
        third = self._on(facets)[1][:, None] / 3
        return np.bincount(facets.ravel(), (third * 0.75 * (density.mean(axis=1, keepdims=True) - density)).ravel(), len(self.points))


def _square(nodes: Floats, mixed: Floats, bubbles: Floats) -> Floats:
    """Symmetric blocks (k, i + j, i + j) of (k, i, i), (k, i, j) and (k, j, j)."""
    return np.concatenate(
        [np.concatenate([nodes, mixed], axis=2), np.concatenate([np.swapaxes(mixed, 1, 2), bubbles], axis=2)],
        axis=1,
    )


def _summed(size: int, rows: Ids, columns: Ids, blocks: Floats) -> csr_array:
    """A matrix (size, size) of blocks (k, i, j) at rows (k, i) and columns (k, j); what stands at one place adds up."""
    at = np.broadcast_to(rows[:, :, None], blocks.shape), np.broadcast_to(columns[:, None, :], blocks.shape)
    kept = blocks.ravel() != 0.0
    ij = tuple(index.ravel()[kept].astype(np.int32) for index in at)
    return csr_array(coo_array((blocks.ravel()[kept], ij), shape=(size, size)))
