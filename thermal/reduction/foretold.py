"""Orbits over a box of parameters, foretold from some that were found: where the search for the others begins.

Coordinates at fixed parts of the intervals between jumps that every orbit has go smoothly with the parameters, and a polynomial of them is
a good guess. It is no answer: what it misses costs iterations alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from thermal.reduction.collocation import Steps, steps_over
from thermal.reduction.orbit import Course

Floats = NDArray[np.float64]

DEGREES = (2, 1)  #: of the polynomial, the first for which there are enough orbits
ENOUGH = 1.5  #: orbits per coefficient


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """Orbits as polynomials of the place in the box."""

    jumps: Sequence[float]  #: that every orbit has, as in the middle [s]
    degree: int
    coefficients: Floats  #: (k, 4 N r) coordinates at the starts of steps between these jumps, then at their stages [K]

    def __call__(self, x: Floats, jumps: Sequence[float]) -> Course | None:
        """The orbit at a place (d,) with its jumps [s]; None where these are too far from those of the middle."""
        steps = steps_over(self.jumps).moved(self.jumps, jumps)
        if steps is None:
            return None
        values = (terms(x[None], self.degree)[0] @ self.coefficients).reshape(4, len(steps.spans), -1)
        return Course(steps, values[0], values[1:])


def terms(x: Floats, degree: int) -> Floats:
    """Products of up to `degree` coordinates of places (m, d), the constant first (m, k).

    >>> terms(np.array([[2.0, 3.0]]), 2)
    array([[1., 2., 3., 4., 6., 9.]])
    """
    every = [list(of) for n in range(degree + 1) for of in combinations_with_replacement(range(x.shape[1]), n)]
    return np.stack([np.prod(x[:, of], axis=1) for of in every], axis=1)


def wanted(parameters: int) -> int:
    """Orbits that a polynomial of the highest degree takes."""
    return int(np.ceil(ENOUGH * terms(np.zeros((1, parameters)), DEGREES[0]).shape[1]))


def foretell(jumps: Sequence[float], found: Sequence[tuple[Floats, Sequence[float], Course]]) -> Foretold | None:
    """Polynomials through orbits by least squares; None where too few of them have jumps like those of the middle.

    Args:
        jumps: Of the middle [s].
        found: Places (d,), jumps [s] and orbits, all over the box.
    """
    places, rows, like = list[Floats](), list[Floats](), steps_over(jumps)
    for place, own, course in found:
        steps: Steps | None = like.moved(jumps, own)
        if steps is not None:
            places.append(place)
            rows.append(np.concatenate([course.at(steps.edges[:-1])[None], course.on(steps)]).ravel())
    for degree in DEGREES if places else ():
        matrix = terms(np.array(places), degree)
        if len(matrix) >= ENOUGH * matrix.shape[1]:
            return Foretold(list(jumps), degree, np.linalg.lstsq(matrix, np.array(rows), rcond=None)[0])
    return None
