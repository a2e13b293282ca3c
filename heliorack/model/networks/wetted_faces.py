"""Faces of the mesh that films and loops of a network touch, as walls: weights of the mesh's rows for the mean of each wall."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, hstack

from heliorack.casefile.patterns import matching, unmatched
from heliorack.model.body import Body
from meshes.errors import GeometryError
from thermal.conduction.contact import triangle_areas

Floats = NDArray[np.float64]

AWAY, DIAMETERS = 0.02, 5.0  #: m, or diameters, that a tube's path may lie off the faces that it runs on
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
        points, way = self.body.assembly.points, np.array(along) / np.linalg.norm(along)
        corners = self.body.assembly.facets[self._facets(pattern)]
        place = np.einsum("pc,fc->fp", _inside_triangle(FINE), points[corners] @ way)
        ends = points[corners] @ way
        low, high = float(ends.min(initial=np.inf)), float(ends.max(initial=-np.inf))
        if not high > low:
            raise GeometryError(f"{pattern}: no extent along {list(along)}; a loop on it needs a direction that lies in these faces")
        strip = np.minimum((count * (place - low) / (high - low)).astype(np.int64), count - 1)
        return self._means(pattern, strip, count, f"strip {{0}} of {count} along {list(along)}")

    def beside(self, pattern: str, path: Sequence[Sequence[float]], count: int, diameter: float) -> csr_matrix:
        """Weights (owned, count) of the means over what of the faces lies nearest to each of equal lengths of a path, however they bend.

        Args:
            path: Corners [m].
            diameter: Of the tube, which runs beside the faces [m].

        Raises:
            GeometryError: no such face, a path away from the faces, or a length of it that nothing of them is nearest to.
        """
        from scipy.spatial import cKDTree

        mesh, way = self.body.assembly, np.array(path)
        corners = mesh.points[mesh.facets[self._facets(pattern)]]
        points = np.einsum("pc,fcd->fpd", _inside_triangle(FINE), corners)
        length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
        places = (np.arange(count * FINE) + 0.5) / (count * FINE) * length[-1]
        line = np.stack([np.interp(places, length, way[:, i]) for i in range(3)], axis=1)
        off = cKDTree(points.reshape(-1, 3)).query(line)[0] if points.size else np.zeros(1)
        grain = float(np.sqrt(2 * triangle_areas(mesh.points, mesh.facets[self._facets(pattern)]).max(initial=0.0))) / FINE
        if off.max() > grain + max(AWAY, DIAMETERS * diameter):
            raise GeometryError(f"{pattern}: the path is {1e3 * off.max():.3g} mm away from these faces; a tube on faces runs beside them")
        _, near = cKDTree(line).query(points)
        return self._means(pattern, near // FINE, count, f"length {{0}} of {count} of the path")

    def _facets(self, pattern: str) -> NDArray[np.int64]:
        """Numbers of the free facets of faces."""
        mesh = self.body.assembly
        return np.flatnonzero(np.isin(mesh.facet_face, self._faces(pattern)) & (self.body.free > 0))

    def _means(self, pattern: str, strip: NDArray[np.int64], count: int, place: str) -> csr_matrix:
        """Weights (owned, count) of the means over strips, for the strip of each point within each facet; `place` words one of them."""
        body, mine = self.body, self._facets(pattern)
        mesh, inside = body.assembly, _inside_triangle(FINE)
        corners = mesh.facets[mine]
        counted = body.count[mesh.face_part[mesh.facet_face[mine]]]
        area = triangle_areas(mesh.points, corners) * body.free[mine] * counted
        value = area[:, None, None] * inside[None] / len(inside)
        nodes, columns = np.broadcast_to(corners[:, None, :], value.shape), np.broadcast_to(strip[:, :, None], value.shape)
        full = coo_matrix((value.ravel(), (nodes.ravel(), columns.ravel())), shape=(len(mesh.points), count)).tocsr()
        total = np.asarray(full.sum(axis=0)).ravel()
        if not total.all():
            empty = int(np.flatnonzero(total == 0)[0])
            said = f"nothing of these faces lies in {place.format(empty + 1)}"
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
