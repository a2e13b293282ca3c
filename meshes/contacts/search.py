"""Where parts of an assembly lie on each other without sharing nodes."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from meshes.assembly import Assembly, Floats, Ids
from meshes.contacts.overlay import FACING, Overlay, overlay
from meshes.measure import facet_areas, facet_normals

TOUCHING = 1e-5  #: m; faces closer than this touch, also when they share no nodes: what a text file of coordinates loses
PAIRS = 1_000_000  #: of facets looked at together
SPECK = 1e-8  #: m2; what lies on each other over less is an edge, not a contact


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Facets of two parts that lie on each other, the side that carries the quadrature first."""

    rows_a: Ids  #: facets of the assembly
    rows_b: Ids
    overlay: Overlay  #: by rows of `rows_a` and `rows_b`
    swapped: bool  #: whether the first side is the second that was asked for


class ContactSearch:
    """What is known of an assembly while its contacts are looked for; everything by facet."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.area: Floats = facet_areas(assembly)  #: (f,) m2
        self.part: Ids = assembly.face_part[assembly.facet_face].astype(np.int64)  #: (f,)
        self._normal = facet_normals(assembly)
        self._ways, self._way = np.unique(self._normal.round(3) + 0.0, axis=0, return_inverse=True)
        corners = assembly.points[assembly.facets]
        self._low, self._high = corners.min(axis=1), corners.max(axis=1)
        counts = np.bincount(self.part, minlength=len(assembly.part_names))
        self.rows: list[Ids] = np.split(np.argsort(self.part, kind="stable"), np.cumsum(counts)[:-1])  #: facets of each part
        self._face_area = np.bincount(assembly.facet_face, self.area, len(assembly.face_names))

    def near(self, reach: float) -> list[tuple[int, int]]:
        """Pairs of parts whose bounding boxes are not further apart than `reach` [m]."""
        count = len(self.assembly.part_names)
        low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
        owner, corners = np.repeat(self.part, 3), self.assembly.points[self.assembly.facets.ravel()]
        np.minimum.at(low, owner, corners)
        np.maximum.at(high, owner, corners)
        near = (np.maximum(low[:, None], low[None]) - np.minimum(high[:, None], high[None]) <= reach).all(axis=2)
        return [(int(a), int(b)) for a, b in np.argwhere(np.triu(near, 1))]

    def on(self, part: int, pattern: str) -> Ids:
        """Facets of a part on the faces that match."""
        faces = [j for j in np.flatnonzero(self.assembly.face_part == part).tolist() if fnmatchcase(self.assembly.face_names[j], pattern)]
        rows = self.rows[part]
        return rows[np.isin(self.assembly.facet_face[rows], faces)]

    def meeting(self, rows_a: Ids, rows_b: Ids, tolerance: float) -> Meeting | None:
        """Where facets of one part lie on facets of another; None where they do not, or over less than a speck.

        Args:
            rows_a: Facets of one part.
            rows_b: Facets of the other.
            tolerance: Greatest distance of sides that touch [m].
        """
        rows_a, rows_b = self._close(rows_a, rows_b, tolerance)
        if not len(rows_a) or not len(rows_b):
            return None
        points, facets, swapped = self.assembly.points, self.assembly.facets, False
        if self._finer(rows_b, rows_a):
            rows_a, rows_b, swapped = rows_b, rows_a, True
        found = overlay(points, facets[rows_a], facets[rows_b], tolerance)
        met_a, met_b = rows_a[np.unique(found.facet_a)], rows_b[np.unique(found.facet_b)]
        if len(met_b) and self._finer(met_b, met_a):  # only now is it known which facets lie on each other
            rows_a, rows_b, swapped = met_b, rows_a, not swapped
            found = overlay(points, facets[rows_a], facets[rows_b], tolerance)
        return None if found.area < SPECK else Meeting(rows_a, rows_b, found, swapped)

    def met_area(self, found: Meeting) -> float:
        """Area of the facets of the quadrature side that are covered anywhere [m2]."""
        return float(self.area[found.rows_a[np.unique(found.overlay.facet_a)]].sum())

    def smaller_side(self, rows_a: Ids, rows_b: Ids) -> float:
        """Area of the smaller side: of all faces that these facets are on, touching or not [m2]."""
        sides = [self._face_area[np.unique(self.assembly.facet_face[rows])].sum() for rows in (rows_a, rows_b)]
        return float(min(sides))

    def _finer(self, rows: Ids, others: Ids) -> bool:
        """Whether the quadrature belongs on these facets: the smaller side, of equals the finer."""
        one, other = float(self.area[rows].sum()), float(self.area[others].sum())
        return len(rows) > len(others) if abs(one - other) < 1e-3 * other else one < other

    def _close(self, rows_a: Ids, rows_b: Ids, tolerance: float) -> tuple[Ids, Ids]:
        """Facets of either side that may lie on one of the other side: boxes that meet, opposite normals, planes within the tolerance."""
        rows_a, rows_b = self._boxed(rows_a, rows_b, tolerance)
        ways_a, of_a = np.unique(self._way[rows_a], return_inverse=True)
        ways_b, of_b = np.unique(self._way[rows_b], return_inverse=True)
        opposed = self._ways[ways_a] @ self._ways[ways_b].T < FACING + 0.01
        rows_a, rows_b = rows_a[opposed.any(axis=1)[of_a]], rows_b[opposed.any(axis=0)[of_b]]
        rows_a, rows_b = self._boxed(rows_a, rows_b, tolerance)
        if not len(rows_a) or not len(rows_b):
            return rows_a[:0], rows_b[:0]
        one, other = [], []
        for some in np.array_split(rows_a, len(rows_a) * len(rows_b) // PAIRS + 1):
            a, b = np.nonzero(self._normal[some] @ self._normal[rows_b].T < FACING)
            a, b = some[a], rows_b[b]
            meet = (self._low[a] <= self._high[b] + tolerance).all(axis=1) & (self._high[a] >= self._low[b] - tolerance).all(axis=1)
            a, b = a[meet], b[meet]
            corners = self.assembly.points[self.assembly.facets[a]] - self.assembly.points[self.assembly.facets[b, 0]][:, None]
            height = np.einsum("mci,mi->mc", corners, self._normal[b])
            within = (height.min(axis=1) <= tolerance) & (height.max(axis=1) >= -tolerance)
            one.append(a[within])
            other.append(b[within])
        return np.unique(np.concatenate(one)), np.unique(np.concatenate(other))

    def _boxed(self, rows_a: Ids, rows_b: Ids, tolerance: float) -> tuple[Ids, Ids]:
        """Facets of either side whose boxes meet the box around all of the other side's."""
        for _ in range(2):
            if not len(rows_a) or not len(rows_b):
                return rows_a[:0], rows_b[:0]
            low, high = self._low[rows_b].min(axis=0) - tolerance, self._high[rows_b].max(axis=0) + tolerance
            rows_a, rows_b = rows_b, rows_a[(self._high[rows_a] >= low).all(axis=1) & (self._low[rows_a] <= high).all(axis=1)]
        return rows_a, rows_b
