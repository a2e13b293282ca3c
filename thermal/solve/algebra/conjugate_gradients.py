"""Conjugate gradients one iterate at a time, for whoever knows by the answer's own measure when it is good enough."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.layout import Layout

Floats = NDArray[np.float64]

SLOWEST = 0.95  #: rate of convergence at most when what is left is foretold; slower than that, the last change is no guide
MOST_WAYS = 60  #: kept, to which the next one of a matrix that is not symmetric is made conjugate
FASTEST = 0.2  #: and at least: one quick change does not make all the next ones quick


@dataclass(frozen=True, slots=True, eq=False)
class Iterate:
    """What an iteration came to (owned rows of each rank)."""

    answer: Floats  #: the array of the start, overwritten by the next
    change: Floats  #: that the last step made of it


def iterates(
    layout: Layout, product: Callable[[Floats], Floats], precondition: Callable[[Floats], Floats], answer: Floats, residual: Floats
) -> Iterator[Iterate]:
    """Answers to matrix times x = right, from one that leaves `residual` over on; each costs a product and a preconditioner. Collective.

    Ends where there is no way on: nothing is left over, or a number is not finite, or the matrix is not positive along the way.

    Source: Hestenes and Stiefel, J. Res. Natl. Bur. Stand. 49 (1952) 409.
    """
    way = precondition(residual)
    left = float(layout.sum(float(residual @ way)))
    while True:
        image = product(way)
        curvature = float(layout.sum(float(way @ image)))
        if not (curvature > 0.0 and np.isfinite(left)):
            if left == 0.0 and curvature == 0.0:
                yield Iterate(answer, np.zeros_like(answer))
            return
        change = left / curvature * way
        answer += change
        residual -= left / curvature * image
        yield Iterate(answer, change)
        next_way = precondition(residual)
        now = float(layout.sum(float(residual @ next_way)))
        way = next_way + now / left * way
        left = now


def oblique_iterates(
    layout: Layout, product: Callable[[Floats], Floats], precondition: Callable[[Floats], Floats], answer: Floats, residual: Floats
) -> Iterator[Iterate]:
    """As `iterates` where the matrix is not symmetric: every way is made conjugate to all before it, and those are kept.

    What is left over is then at right angles to all ways (full orthogonalisation). Of a symmetric matrix it is conjugate gradients.

    Source: Axelsson, Linear Algebra Appl. 29 (1980) 1; Saad, Iterative methods for sparse linear systems, 6.4.
    """
    ways: list[tuple[Floats, Floats, float]] = []
    while True:
        way = precondition(residual)
        image = product(way)
        for old, of_old, curvature in ways:
            share = float(layout.sum(float(old @ image))) / curvature
            way -= share * old
            image -= share * of_old
        curvature, along = layout.sum(np.array([way @ image, way @ residual])).tolist()
        if curvature == 0.0 or not np.isfinite(along / curvature):
            if along == 0.0 and curvature == 0.0:
                yield Iterate(answer, np.zeros_like(answer))
            return
        change = along / curvature * way
        answer += change
        residual -= along / curvature * image
        yield Iterate(answer, change)
        ways = [*ways[-MOST_WAYS:], (way, image, curvature)]


@dataclass(slots=True)
class Remainder:
    """Foretells how far the answer still is from its limit by how fast its changes shrink: a geometric series of the last rate."""

    rate: float  #: taken for the first, before there are two changes to compare
    _last: float = 0.0

    def after(self, change: float) -> float:
        """Size of everything that is still to come after a change of that size."""
        rate = self.rate if self._last == 0.0 else min(max(change / self._last, FASTEST), SLOWEST)
        self._last = change
        return change * rate / (1 - rate)
