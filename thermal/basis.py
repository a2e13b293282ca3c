"""A reduced basis of temperatures, and what ways of heat become in it.

The coordinates are the temperatures of a few points, and the shapes of the basis add up to one in every row, as those of a mesh do. So sums
over the reduced rows are sums over the body, every way of heat keeps its heat to round-off, and a reduced model is a model like any other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from thermal.heat import Alone, Category, Moment, Slope, Way

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Temperatures of n rows as `shapes @ q`, and their fourth powers from those of a few samples (discrete empirical interpolation)."""

    shapes: Floats  #: (n, r); every row adds up to one
    points: Ids  #: (r,) rows whose temperatures are the coordinates
    samples: Ids  #: (p,) rows at which fourth powers are taken
    fourth: Floats  #: (n, p) fourth powers of all rows per fourth power of the samples
    reference: Floats  #: (n,) temperatures about which slopes are taken [K]

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return len(self.points)

    def project(self, columns: Any) -> Floats:
        """Heat into the coordinates from heat into the rows, (n, m) dense or sparse or (n,)."""
        return np.asarray(columns.T @ self.shapes).T

    def emitted(self, area: Floats) -> Floats:
        """Heat out of the coordinates per fourth power of the samples (r, p), of rows that emit over an area (n,) each."""
        rows = np.flatnonzero(area)
        return np.asarray((self.shapes[rows] * area[rows, None]).T @ self.fourth[rows])

    def expand(self, coordinates: Floats) -> Floats:
        """Temperatures of the rows [K] of coordinates (r,) or (k, r)."""
        return np.asarray(coordinates @ self.shapes.T)

    def coordinates(self, T: Floats) -> Floats:
        """Those of temperatures (n,) [K]: at the points."""
        return T[self.points]

    def sampled(self) -> Floats:
        """Temperatures of the samples per coordinate (p, r)."""
        return self.shapes[self.samples]


@runtime_checkable
class Reducible(Protocol):
    """A way of heat that knows what it becomes in a reduced basis."""

    def reduced(self, basis: Basis, sigma: float) -> Way | None:
        """The same heat by the coordinates of a basis; None where it cannot be had. `sigma` is the Stefan-Boltzmann constant [W/m2K4]."""
        ...


@runtime_checkable
class Radiating(Protocol):
    """A way of heat that is linear in fourth powers of temperatures at any time."""

    def loads(self, sigma: float, times: Floats, fourth: Floats) -> Floats:
        """Heat into the rows (k, n) [W] at k times [s], or near them, from fourth powers (k, n) [K4] or means of them; on one rank."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Proportional(Alone):
    """Heat that goes with temperature alone, such as a film: constant less a conductance that is in the matrix A."""

    path: str
    given: Floats  #: (r,) W
    conductance: Floats  #: (r,) heat lost in all per coordinate [W/K]
    category: Category

    def load(self, now: Moment) -> Floats:
        """The constant part."""
        return self.given

    def heat(self, now: Moment) -> float:
        """Both, summed."""
        return float(self.given.sum() - self.conductance @ now.T)

    def slope(self) -> Slope:
        """In A."""
        return Slope(fixed=self.conductance)


@dataclass(frozen=True, slots=True, eq=False)
class Interpolated(Alone):
    """Heat that is linear in fourth powers of temperatures: emission and exchange, by poses that are blended over time."""

    path: str
    category: Category
    sampled: Floats  #: (p, r) temperatures of the samples per coordinate
    by_pose: Sequence[Floats]  #: (r, p) heat into the coordinates per fourth power of the samples [W/K4]
    given: Sequence[Floats]  #: (r,) constant heat by pose [W]
    at: Callable[[float], Sequence[tuple[float, int]]]  #: time [s] -> weights and poses to be blended
    over: Sequence[float]  #: weights of the poses in the mean over the period
    matrix: Floats  #: (r, r) symmetric; what of the slope at the reference is in the matrix A [W/K]

    @property
    def line(self) -> str:
        """All emission is one line."""
        return "radiated"

    def load(self, now: Moment) -> Floats:
        """Heat into the coordinates, and what A takes off."""
        return self._bare(now) + self.matrix @ now.T

    def heat(self, now: Moment) -> float:
        """Without what A takes off."""
        return float(self._bare(now).sum())

    def slope(self) -> Slope:
        """In A."""
        return Slope(fixed=self.matrix.sum(axis=0))

    def at_mean(self, times: Floats) -> "Interpolated":
        """The mean over the period of the poses."""
        by_pose, given = (sum(w * one for w, one in zip(self.over, each, strict=True)) for each in (self.by_pose, self.given))
        return Interpolated(
            self.path, self.category, self.sampled, (np.asarray(by_pose),), (np.asarray(given),), always_first, (1.0,), self.matrix
        )

    def _bare(self, now: Moment) -> Floats:
        T = self.sampled @ now.T
        fourth = np.square(T) * T * np.abs(T)
        return np.asarray(sum(w * (self.by_pose[k] @ fourth + self.given[k]) for w, k in self.at(now.t)))


def always_first(t: float) -> Sequence[tuple[float, int]]:
    """Of one pose."""
    return ((1.0, 0),)


def slope_at(basis: Basis, per_fourth: Floats) -> Floats:
    """Symmetric part of the slope of heat lost (r, r) [W/K], of heat into the coordinates by samples (r, p) [W/K4]."""
    T = basis.reference[basis.samples]
    slope = -(per_fourth * (4 * np.square(T) * np.abs(T))) @ basis.sampled()
    return np.asarray(0.5 * (slope + slope.T))
