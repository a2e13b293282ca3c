"""Arrays over a box of parameters: a sum of terms of one parameter and of two, each a polynomial through a few points.

Many of the arrays of a model go linearly with each parameter, or with one alone. Points are added where the arrays ask for it: more along
a parameter while what was known misses them, and corners of two parameters only where their terms do not simply add up.

Source: anchored decomposition, Rabitz and Alis, J. Math. Chem. 25 (1999) 197; nested Chebyshev points, Clenshaw and Curtis, Numer. Math.
2 (1960) 197.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, ...]
Sample = Callable[[Point], Sequence[Floats]]

EXACT = 1e-9  #: of the greatest entry of an array, below which a change is none
LEVELS: tuple[tuple[float, ...], ...] = tuple(
    tuple(float(-np.cos(np.pi * k / n)) if 2 * k != n else 0.0 for k in range(n + 1)) for n in (2, 4, 8)
)  #: points along a parameter, each level with those of the one before; the middle first of all


class NotAlikeError(ValueError):
    """Arrays at two points of the box differ in number or shape."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """What one parameter or two add at their points, beside what fewer do."""

    parameters: tuple[int, ...]
    points: tuple[tuple[float, ...], ...]  #: along each of them, the middle included
    places: tuple[tuple[int, ...], ...]  #: of the points at which something is added

    def weights(self, x: Floats) -> Floats:
        """Of what is added at each place (k,), at a point of the box (d,)."""
        along = [lagrange(np.array(points), float(x[j])) for j, points in zip(self.parameters, self.points, strict=True)]
        return np.array([np.prod([one[k] for one, k in zip(along, place, strict=True)]) for place in self.places])


@dataclass(frozen=True, slots=True, eq=False)
class Interpolant:
    """Arrays over the box [-1, 1]^d."""

    middle: Sequence[Floats]
    terms: Sequence[Term]
    #: by array: places among the weights of all terms one after another, and what is added at each (k, ...)
    added: Sequence[tuple[NDArray[np.int64], Floats]]
    asked: int  #: points at which the arrays were made

    def __call__(self, x: Floats) -> list[Floats]:
        """The arrays at a point (d,) of the box."""
        weights = np.concatenate([np.zeros(0), *(term.weights(x) for term in self.terms)])
        return [
            middle + np.tensordot(weights[places], more, axes=1) if len(places) else middle
            for middle, (places, more) in zip(self.middle, self.added, strict=True)
        ]


def lagrange(points: Floats, x: float) -> Floats:
    """Polynomials (k,) at `x` that are one at one of some points (k,) and zero at the others.

    >>> lagrange(np.array([-1.0, 0.0, 1.0]), 0.5)
    array([-0.125,  0.75 ,  0.375])
    """
    away = x - points
    between = points[:, None] - points
    np.fill_diagonal(between, 1.0)
    return np.array([np.prod(np.delete(away, k)) for k in range(len(points))]) / between.prod(axis=1)


def interpolate(sample: Sample, parameters: int, exact: float = EXACT) -> Interpolant:
    """An interpolant of arrays over a box.

    Args:
        sample: Arrays at a point of [-1, 1]^d, alike in number and shape wherever it is asked.
        parameters: d.
        exact: Of the greatest entry of an array, that may be missed at points which decide whether more are asked for.

    Raises:
        NotAlikeError: arrays that differ in number or shape.
    """
    grid = _Grid(sample, parameters, exact)
    along = [grid.along(j) for j in range(parameters)]
    for i, j in combinations(range(parameters), 2):
        grid.across(along[i], along[j])
    return grid.made()


class _Grid:
    """Samples, and the terms that were made of them."""

    def __init__(self, sample: Sample, parameters: int, exact: float) -> None:
        self.sample, self.size, self.asked = sample, parameters, 0
        self.middle = self._at({})
        self.least = [exact * max(float(np.abs(one).max(initial=0.0)), 1e-300) for one in self.middle]
        self.terms: list[Term] = []
        self.added: list[list[Floats | None]] = []  #: by place of all terms, by array; None where nothing is added

    def _at(self, where: dict[int, float]) -> list[Floats]:
        """Arrays with some parameters away from the middle."""
        found = [np.asarray(one, dtype=np.float64) for one in self.sample(tuple(where.get(j, 0.0) for j in range(self.size)))]
        self.asked += 1
        if self.asked > 1 and [one.shape for one in found] != [one.shape for one in self.middle]:
            raise NotAlikeError("arrays at two points of a box of parameters differ in number or shape")
        return found

    def _beside(self, where: dict[int, float], known: Sequence[Floats]) -> list[Floats | None]:
        """What the arrays there have beside some that are known; None for no more than round-off."""
        more = [now - had for now, had in zip(self._at(where), known, strict=True)]
        return [one if np.abs(one).max(initial=0.0) > least else None for one, least in zip(more, self.least, strict=True)]

    def along(self, j: int) -> Term:
        """Add the term of one parameter alone."""
        known: dict[float, list[Floats | None]] = {}
        term = self._take(j, LEVELS[0], known)
        for points in LEVELS[1:]:
            if self._straight(known):
                break
            finer, missed = self._take(j, points, known), False
            for x in set(points) - set(term.points[0]):
                missed = missed or self._misses(term, x, known)
            if not missed:
                break
            term = finer
        self.terms.append(term)
        self.added += [known[term.points[0][k]] for (k,) in term.places]
        return term

    def _take(self, j: int, points: tuple[float, ...], known: dict[float, list[Floats | None]]) -> Term:
        """Ask for the arrays at points along a parameter; the term through them."""
        for x in points:
            if x != 0.0 and x not in known:
                known[x] = self._beside({j: x}, self.middle)
        return Term((j,), (points,), tuple((k,) for k, x in enumerate(points) if x != 0.0))

    def _misses(self, term: Term, x: float, known: dict[float, list[Floats | None]]) -> bool:
        """Whether a term of one parameter misses the arrays at a further point."""
        weights = lagrange(np.array(term.points[0]), x)
        for a, (middle, least) in enumerate(zip(self.middle, self.least, strict=True)):
            said = np.zeros_like(middle)
            for k, at in enumerate(term.points[0]):
                one = known[at][a] if at != 0.0 else None
                said += 0.0 if one is None else weights[k] * one
            true = known[x][a]
            if np.abs(said - (0.0 if true is None else true)).max(initial=0.0) > least:
                return True
        return False

    def _straight(self, known: dict[float, list[Floats | None]]) -> bool:
        """Whether all arrays go linearly with the parameter, by both ends."""
        return all(
            np.abs((0.0 if a is None else a) + (0.0 if b is None else b)).max(initial=0.0) <= 4 * least
            for a, b, least in zip(known[-1.0], known[1.0], self.least, strict=True)
        )

    def across(self, one: Term, other: Term) -> None:
        """Add the term of two parameters, unless nothing answers to both, or at a corner their terms simply add up."""
        moved = [self._moves(one), self._moves(other)]
        if not any(a and b for a, b in zip(*moved, strict=True)):
            return
        i, j = one.parameters[0], other.parameters[0]
        points = LEVELS[0]
        corners: dict[tuple[float, float], list[Floats | None]] = {}
        for x, y in ((1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)):
            corners[x, y] = self._beside({i: x, j: y}, self._sum(one, x, other, y))
            if len(corners) == 1 and all(more is None for more in corners[x, y]):
                return
        places = tuple((k, m) for k, m in product(range(3), range(3)) if points[k] != 0.0 != points[m])
        self.terms.append(Term((i, j), (points, points), places))
        self.added += [corners[points[k], points[m]] for k, m in places]

    def _moves(self, term: Term) -> list[bool]:
        """Arrays that a parameter moves at all."""
        first = self._first(term)
        return [any(self.added[first + k][a] is not None for k in range(len(term.places))) for a in range(len(self.middle))]

    def _first(self, term: Term) -> int:
        """Position of a term's places among all of them."""
        return sum(len(each.places) for each in self.terms[: self.terms.index(term)])

    def _sum(self, one: Term, x: float, other: Term, y: float) -> list[Floats]:
        """The middle and what both parameters add, at a point of each."""
        found = [middle.copy() for middle in self.middle]
        for term, at in ((one, x), (other, y)):
            place = next(k for k, (m,) in enumerate(term.places) if abs(term.points[0][m] - at) < 1e-12)
            for total, more in zip(found, self.added[self._first(term) + place], strict=True):
                total += 0.0 if more is None else more
        return found

    def made(self) -> Interpolant:
        """All terms together."""
        added = []
        for a, middle in enumerate(self.middle):
            places = [k for k, more in enumerate(self.added) if more[a] is not None]
            some = [more for k in places if (more := self.added[k][a]) is not None]
            added.append((np.array(places, dtype=np.int64), np.stack(some) if some else np.zeros((0, *middle.shape))))
        return Interpolant(self.middle, tuple(self.terms), tuple(added), self.asked)
