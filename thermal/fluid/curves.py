"""Curves over one variable on even steps: piecewise cubics kept as plain arrays, cheap to evaluate, to pickle and to compile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Rows of values and slopes at even steps. Between nodes the cubic that has both; beyond the ends the straight line from the end."""

    start: float  #: variable at the first node
    step: float  #: between nodes
    values: Floats  #: (rows, nodes)
    slopes: Floats  #: (rows, nodes), per unit of the variable

    @property
    def end(self) -> float:
        """Variable at the last node."""
        return self.start + self.step * (self.values.shape[1] - 1)

    def value(self, row: int, x: ArrayLike) -> Floats:
        """Of one row at `x`, any shape."""
        node, s, inside, beyond = self._place(x)
        v, m = self.values[row], self.slopes[row] * self.step
        a, b, ma, mb = v[node], v[node + 1], m[node], m[node + 1]
        cubic = a + s * (ma + s * (3 * (b - a) - 2 * ma - mb + s * (ma + mb - 2 * (b - a))))
        return np.where(inside, cubic, np.where(beyond < 0, a + beyond * ma, b + beyond * mb))

    def slope(self, row: int, x: ArrayLike) -> Floats:
        """Derivative of `value`, exactly that of the cubic."""
        node, s, inside, beyond = self._place(x)
        v, m = self.values[row], self.slopes[row] * self.step
        a, b, ma, mb = v[node], v[node + 1], m[node], m[node + 1]
        cubic = ma + s * (2 * (3 * (b - a) - 2 * ma - mb) + s * 3 * (ma + mb - 2 * (b - a)))
        found: Floats = np.where(inside, cubic, np.where(beyond < 0, ma, mb)) / self.step
        return found

    def _place(self, x: ArrayLike) -> tuple[NDArray[np.intp], Floats, NDArray[np.bool_], Floats]:
        """Interval, place in it from 0 to 1, whether inside the ends, and steps beyond the nearer end (negative below the first)."""
        steps = (np.asarray(x, dtype=float) - self.start) / self.step
        last = self.values.shape[1] - 1
        node = np.clip(np.floor(steps), 0, last - 1).astype(np.intp)
        return node, steps - node, (steps >= 0) & (steps <= last), np.where(steps < 0, steps, steps - last)


def through(nodes: Floats, values: Floats, known: dict[int, Floats]) -> Curves:
    """Curves through `values` (rows, nodes) at even `nodes`; slopes of the rows in `known` as given, of the others those of the spline.
    A row that is not all numbers has no slopes: its curve is NaN everywhere."""
    from scipy.interpolate import CubicSpline

    slopes = np.full_like(values, np.nan)
    whole = np.isfinite(values).all(axis=1)
    slopes[whole] = CubicSpline(nodes, values[whole], axis=1)(nodes, 1)
    for row, given in known.items():
        slopes[row] = given
    return Curves(float(nodes[0]), float(nodes[1] - nodes[0]), values, slopes)
