"""Faces of the mesh that films and loops of a network touch, as walls: weights of the mesh's rows for the mean of each wall."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, hstack

from heliorack.casefile.patterns import matching, unmatched
from heliorack.model.body import Body
from meshes.errors import GeometryError
from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]

FINE = 8  #: parts of an edge into which a facet is divided to share it among strips


@dataclass(slots=True, eq=False)
class Walls:
    """Walls of a network on the mesh, as they are added."""

    body: Body
    rows: list[int] = field(default_factory=list)  #: of the network
    columns: list[csr_matrix] = field(default_factory=list)  #: (owned, some) weights each

    def whole(self, pattern: str) -> tuple[csr_matrix, float]:
        """Weights (owned, 1) of the mean over faces, and their free area [m2].

        Raises:
            GeometryError: no such face, or none of it is free.
        """
        chosen = self._faces(pattern)
        area = float(self.body.face_area[chosen].sum())
        if area <= 0.0:
            raise GeometryError(f"{pattern}: other parts cover all of these faces; nothing is left for the network to touch")
        return csr_matrix(self.body.faces[:, chosen].sum(axis=1) / area), area

    def strips(self, pattern: str, along: tuple[float, float, float], count: int) -> csr_matrix:
        """Weights (owned, count) of the means over strips of equal length across a direction.

        Raises:
            GeometryError: no such face, or a strip without any of it.
        """
        body, chosen = self.body, self._faces(pattern)
        mesh = body.assembly
        mine = np.flatnonzero(np.isin(mesh.facet_face, chosen) & (body.free > 0))
        corners, way = mesh.facets[mine], np.array(along) / np.linalg.norm(along)
        counted = body.count[mesh.face_part[mesh.facet_face[mine]]]
        area = triangle_areas(mesh.points, corners) * body.free[mine] * counted
        inside = _inside_triangle(FINE)
        place = np.einsum("pc,fc->fp", inside, mesh.points[corners] @ way)
        ends = mesh.points[corners] @ way
        low, high = float(ends.min(initial=np.inf)), float(ends.max(initial=-np.inf))
        if not high > low:
            raise GeometryError(f"{pattern}: no extent along {list(along)}; a loop on it needs a direction that lies in these faces")
        strip = np.minimum((count * (place - low) / (high - low)).astype(np.int64), count - 1)
        value = area[:, None, None] * inside[None] / len(inside)
        nodes, columns = np.broadcast_to(corners[:, None, :], value.shape), np.broadcast_to(strip[:, :, None], value.shape)
        full = coo_matrix((value.ravel(), (nodes.ravel(), columns.ravel())), shape=(len(mesh.points), count)).tocsr()
        total = np.asarray(full.sum(axis=0)).ravel()
        if not total.all():
            empty = int(np.flatnonzero(total == 0)[0])
            said = f"nothing of these faces lies in strip {empty + 1} of {count} along {list(along)}"
            raise GeometryError(f"{pattern}: {said}; give the loop a segment for each face, or fewer cells")
        return csr_matrix(full[body.layout.nodes].multiply(1 / total))

    def add(self, rows: list[int], columns: csr_matrix) -> None:
        """Walls of some rows of the network."""
        self.rows += rows
        self.columns.append(columns)

    def weights(self) -> csr_matrix:
        """Of all walls (owned, m)."""
        return csr_matrix(hstack([csr_matrix((self.body.layout.owned, 0)), *self.columns]))

    def _faces(self, pattern: str) -> list[int]:
        names = self.body.assembly.face_names
        found = matching(pattern, names)
        if not found:
            raise GeometryError(f"{pattern}: {unmatched(pattern, names, 'face')}")
        return [names.index(name) for name in found]


def _inside_triangle(count: int) -> Floats:
    """Barycentric coordinates (count^2, 3) of the middles of equal triangles that make up one."""
    i, j = (index.ravel() for index in np.meshgrid(np.arange(count), np.arange(count), indexing="ij"))
    up = i + j < count
    first = np.stack([i[up] + 1 / 3, j[up] + 1 / 3], axis=1)
    down = i + j < count - 1
    second = np.stack([i[down] + 2 / 3, j[down] + 2 / 3], axis=1)
    both = np.concatenate([first, second]) / count
    return np.column_stack([1 - both.sum(axis=1), both])
