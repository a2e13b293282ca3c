"""From heat by node to heat per area on the faces that bring it there."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class SurfaceLoads:
    """Facets with the faces that they belong to: what of the heat at their nodes falls on which of them.

    A node inside a face says what that face brings. At edges, where faces with different loads meet, each face has the mean of its
    facets' inner corners; a face without inner nodes has what the others leave.

    Args:
        points: (n, 3) m.
        facets: (f, 3) nodes.
        face: (f,) face of each.
    """

    points: Floats
    facets: Ids
    face: NDArray[np.int32]
    _pair: Ids = field(init=False)  #: (f, 3) which of the p pairs of a node and a face each corner is
    _node: Ids = field(init=False)  #: (p,)
    _area: Floats = field(init=False)  #: (p,) of the face at the node, a third of each facet's [m2]
    _alone: Mask = field(init=False)  #: (p,) of nodes inside a face
    _inner: Mask = field(init=False)  #: (f, 3) the same at corners
    _told: Floats = field(init=False)  #: (f,) 1 of facets with an inner corner, else 0
    _count: Floats = field(init=False)  #: (p,) such facets
    _open: Floats = field(init=False)  #: (n,) area that no inner corner tells of [m2]

    def __post_init__(self) -> None:
        if not len(self.facets):
            return
        kinds = np.int64(int(self.face.max()) + 1)
        unique, pair = np.unique(self.facets * kinds + self.face[:, None], return_inverse=True)
        self._pair, self._node, n = pair.reshape(-1, 3), unique // kinds, len(self.points)
        self._area = self._gathered(triangle_areas(self.points, self.facets) / 3)
        self._alone = np.bincount(self._node, minlength=n)[self._node] == 1
        self._inner = self._alone[self._pair]
        self._told = np.where(self._inner.any(axis=1), 1.0, 0.0)
        self._count = self._gathered(self._told)
        self._open = np.bincount(self._node, np.where(self._known(), 0.0, self._area), n)

    def _gathered(self, of_facets: Floats) -> Floats:
        """Sum over the facets at each pair (p,)."""
        return np.bincount(self._pair.ravel(), np.repeat(of_facets, 3), len(self._node))

    def _known(self) -> Mask:
        return np.asarray(self._alone | (self._count > 0))

    def densities(self, heat: Floats) -> Floats:
        """Heat per area at the corners of the facets (f, 3) [W/m2].

        Args:
            heat: (n,) heat into each node from all its facets, a third of each facet's to every corner [W].
        """
        if not len(self.facets):
            return np.zeros((0, 3))
        density = np.where(self._alone, heat[self._node] / self._area, 0.0)
        mean = (density[self._pair] * self._inner).sum(axis=1) / np.maximum(self._inner.sum(axis=1), 1)
        near = self._gathered(self._told * mean) / np.maximum(self._count, 1)
        density, known = np.where(self._alone, density, near), self._known()
        rest = heat - np.bincount(self._node, np.where(known, density * self._area, 0.0), len(self.points))
        density = np.where(known, density, rest[self._node] / np.maximum(self._open[self._node], 1e-300))
        return np.asarray(density[self._pair])
