"""The outside of a body with one quantity on it, and what of it is shown enlarged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.quantity import TEMPERATURE, Quantity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENLARGED = 2.0  #: least enlargement that is worth a panel of its own


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The outside of the mesh with one quantity on it."""

    points: Floats  #: (n, 3) m
    triangles: Ints  #: (t, 3) outward
    part: Ints  #: (t,)
    value: Floats  #: (n,) by point, or (t,) by triangle where the quantity is one of facets; not a number where there is none
    part_names: tuple[str, ...]
    quantity: Quantity = TEMPERATURE
    vector: Floats | None = None  #: (t, 3) of triangles, in the unit of the quantity, where it has a direction

    def labelled(self) -> dict[int, float]:
        """What the label of every part says: the highest temperature on its surface, or the mean of a quantity of facets."""
        if not self.quantity.on_facets:
            highest = self.value[self.triangles].max(axis=1)
            return {i: float(highest[self.part == i].max()) for i in self.present()}
        known = np.isfinite(self.value)
        area = np.where(known, self.areas(), 0.0)
        total = np.bincount(self.part, area, len(self.part_names))
        whole = np.bincount(self.part, area * np.where(known, self.value, 0.0), len(self.part_names))
        return {i: float(whole[i] / total[i]) if total[i] else np.nan for i in self.present()}

    def areas(self) -> Floats:
        """Area of every triangle, (t,) [m2]."""
        a, b, c = np.moveaxis(self.points[self.triangles], 1, 0)
        return np.asarray(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1))

    def by_triangle(self) -> Floats:
        """Mean value of every triangle, (t,)."""
        return self.value if self.quantity.on_facets else np.asarray(self.value[self.triangles].mean(axis=1))

    def limits(self) -> tuple[float, float]:
        """Range of the colours, at least a tenth of the unit wide; fluxes and view factors start at 0."""
        if self.quantity.top is not None:
            return 0.0, self.quantity.top
        known = self.value[np.isfinite(self.value)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
        if self.quantity.on_facets:
            return 0.0, max(high, 0.1)
        middle = 0.5 * (low + high)
        return min(low, middle - 0.05), max(high, middle + 0.05)

    def centres(self) -> Floats:
        """Middle of the extent of every part, (p, 3) [m]."""
        found = np.zeros((len(self.part_names), 3))
        for i in self.present():
            corners = self.points[self.triangles[self.part == i].ravel()]
            found[i] = 0.5 * (corners.min(axis=0) + corners.max(axis=0))
        return found

    def only(self, parts: Sequence[int]) -> "Surface":
        """The surface of some parts alone."""
        kept = np.isin(self.part, parts)
        used, triangles = np.unique(self.triangles[kept], return_inverse=True)
        value = self.value[kept if self.quantity.on_facets else used]
        vector = None if self.vector is None else self.vector[kept]
        return Surface(self.points[used], triangles.reshape(-1, 3), self.part[kept], value, self.part_names, self.quantity, vector)

    def exploded(self, apart: float) -> "Surface":
        """Parts moved away from the middle of the body, by `apart` of the way of their own middle from it; shape as it was."""
        pieces = [(i, self.only([i])) for i in self.present()]
        centre = 0.5 * (self.points.min(axis=0) + self.points.max(axis=0))
        first = np.cumsum([0, *(len(piece.points) for _, piece in pieces)])
        moved = [piece.points + apart * (self.centres()[i] - centre) for i, piece in pieces]
        return Surface(
            points=np.vstack(moved),
            triangles=np.vstack([piece.triangles + n for (_, piece), n in zip(pieces, first[:-1], strict=True)]),
            part=np.concatenate([piece.part for _, piece in pieces]),
            value=np.concatenate([piece.value for _, piece in pieces]),
            part_names=self.part_names,
            quantity=self.quantity,
            vector=None if self.vector is None else np.vstack([self.vector[self.part == i] for i, _ in pieces]),
        )

    def details(self) -> list[int]:
        """Parts that are worth showing enlarged because others are so much larger; none if the body is compact.

        Of the sets "all parts up to some size", the one with the largest product of count and enlargement, if it is enlarged enough.
        """
        corners = self.points[self.triangles]
        ends = {i: (corners[self.part == i].min(axis=(0, 1)), corners[self.part == i].max(axis=(0, 1))) for i in self.present()}
        by_size = sorted(ends, key=lambda i: float(np.linalg.norm(ends[i][1] - ends[i][0])))
        whole = float(np.linalg.norm(np.ptp(self.points, axis=0)))
        best: tuple[float, Any, Any] = (0.0, 0.0, 0.0)
        for count in range(3, len(by_size)):
            some = by_size[:count]
            low, high = np.min([ends[i][0] for i in some], axis=0), np.max([ends[i][1] for i in some], axis=0)
            enlarged = whole / max(float(np.linalg.norm(high - low)), 1e-9 * whole)
            if enlarged >= ENLARGED and count >= 0.5 * len(by_size):
                reach = 0.25 * np.linalg.norm(high - low)  # takes the boards along that they sit on
                best = max(best, (count * enlarged, low - reach, high + reach), key=lambda found: found[0])
        return [i for i, (low, high) in ends.items() if best[0] and np.all(low >= best[1]) and np.all(high <= best[2])]

    def present(self) -> tuple[int, ...]:
        """Parts that have a surface here."""
        return tuple(int(i) for i in np.unique(self.part))
