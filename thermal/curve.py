"""A property over temperature as straight lines between points, with its exact integral: conductivities, heat capacities, emittances."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COLDEST, HOTTEST = -1e4, 1e5  #: K, beyond which no iteration strays; between them and the ends a curve holds its end value


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Positive values at temperatures that do not fall; a temperature that stands twice is a jump. Beyond the ends it holds its end value.

    Whoever uses it looks at `lowest` and `highest`: a state beyond them is one of which nothing is known.
    """

    temperature: Floats  #: (n,) K
    value: Floats  #: (n,) in the unit of the property
    _nodes: Floats = field(init=False)  #: with the far ends
    _values: Floats = field(init=False)
    _sums: Floats = field(init=False)  #: integral from the first point to each node

    def __post_init__(self) -> None:
        T, v = np.asarray(self.temperature, dtype=float), np.asarray(self.value, dtype=float)
        if len(T) < 2 or len(T) != len(v) or (np.diff(T) < 0).any() or T[0] == T[-1]:
            raise ValueError("a curve needs two or more temperatures that rise, and as many values")
        if not (np.isfinite(v).all() and (v > 0).all()):
            raise ValueError("the values of a curve must be positive numbers")
        nodes, values = np.concatenate([[COLDEST], T, [HOTTEST]]), np.concatenate([v[:1], v, v[-1:]])
        sums = np.concatenate([[0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(nodes))])
        for name, found in (("_nodes", nodes), ("_values", values), ("_sums", sums - sums[1])):
            object.__setattr__(self, name, found)

    @property
    def lowest(self) -> float:
        """Temperature from which on it is known [K]."""
        return float(self.temperature[0])

    @property
    def highest(self) -> float:
        """Temperature up to which it is known [K]."""
        return float(self.temperature[-1])

    @property
    def nodes(self) -> Floats:
        """Temperatures at which its lines begin and end [K], the far ends included."""
        return self._nodes

    def __call__(self, T: ArrayLike) -> Floats:
        """Value at temperatures [K], any shape; at a jump the one above it."""
        i, share = self._place(np.asarray(T, dtype=float))
        return np.asarray(self._values[i] + share * (self._values[i + 1] - self._values[i]))

    def beside(self, T: Floats) -> tuple[Floats, Floats]:
        """Values just below and just above nodes `T` (k,) [K] of this or of another curve."""
        below = np.clip(np.searchsorted(self._nodes, T, side="left") - 1, 0, len(self._nodes) - 2)
        share = (T - self._nodes[below]) / (self._nodes[below + 1] - self._nodes[below])
        return self._values[below] + share * (self._values[below + 1] - self._values[below]), self(T)

    def slope(self, T: ArrayLike) -> Floats:
        """Derivative at temperatures [K], any shape; of the line above where two meet."""
        i, _ = self._place(np.asarray(T, dtype=float))
        return np.asarray((self._values[i + 1] - self._values[i]) / (self._nodes[i + 1] - self._nodes[i]))

    def integral(self, T: ArrayLike, start: float) -> Floats:
        """Integral from `start` to temperatures [K], exact for the lines; any shape."""
        return np.asarray(self._upto(np.asarray(T, dtype=float)) - self._upto(np.asarray(start)))

    def _upto(self, T: Floats) -> Floats:
        i, share = self._place(T)
        a, b = self._values[i], self._values[i + 1]
        return np.asarray(self._sums[i] + share * (self._nodes[i + 1] - self._nodes[i]) * (a + 0.5 * share * (b - a)))

    def _place(self, T: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Line on which each temperature lies, and how far along it."""
        i = np.clip(np.searchsorted(self._nodes, T, side="right") - 1, 0, len(self._nodes) - 2)
        return i, (T - self._nodes[i]) / (self._nodes[i + 1] - self._nodes[i])

    def over(self, nominal: float) -> "Curve":
        """As multiples of a nominal value."""
        return Curve(self.temperature, self.value / nominal)
