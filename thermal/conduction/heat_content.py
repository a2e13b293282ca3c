"""Heat content of vertices whose capacity depends on temperature, as the temperature it would give at a constant nominal capacity.

That reduced content is the state which a march adds heat to: stored heat is then its change times the nominal capacity, exactly, however
steep the specific heat is; a latent heat is no more than a steep piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.curve import Curve

Floats = NDArray[np.float64]

DATUM = 300.0  #: K at which reduced content and temperature are the same number


@dataclass(frozen=True, slots=True, eq=False)
class HeatContent:
    """Of rows, each a mixture of materials with one temperature."""

    rows: NDArray[np.int64]  #: (k,) local rows that have some of the materials below
    share: Floats  #: (k, m) part of each row's nominal capacity that is of each material; the rest is constant
    curves: Sequence[Curve]  #: (m,) specific heat over its nominal value
    _nodes: Floats = field(init=False)  #: (g,) all temperatures at which a line of a curve begins or ends [K]
    _over: Floats = field(init=False)  #: (m, g) reduced content less temperature at them [K]
    _slope: tuple[Floats, Floats] = field(init=False)  #: (m, g - 1) of the content, less one, at the beginning and the end of each line

    def __post_init__(self) -> None:
        nodes = np.unique(np.concatenate([curve.nodes for curve in self.curves]))
        beside = [curve.beside(nodes) for curve in self.curves]
        begin = np.array([above[:-1] for _, above in beside]) - 1.0
        end = np.array([below[1:] for below, _ in beside]) - 1.0
        for name, found in (("_nodes", nodes), ("_over", self._excess(nodes)), ("_slope", (begin, end))):
            object.__setattr__(self, name, found)

    def _excess(self, T: Floats) -> Floats:
        """Reduced content of each material less the temperature, (m, k) [K]."""
        return np.array([curve.integral(T, DATUM) - (T - DATUM) for curve in self.curves])

    def of(self, T: Floats) -> Floats:
        """Reduced content [K] of owned rows at temperatures `T` (owned or more,) [K]."""
        found = np.array(T)
        found[self.rows] += np.einsum("km,mk->k", self.share, self._excess(T[self.rows]))
        return found

    def slope(self, T: Floats) -> Floats:
        """Capacity over the nominal one (owned,) [-]."""
        found = np.ones(len(T))
        at = T[self.rows]
        found[self.rows] += np.einsum("km,mk->k", self.share, np.array([curve(at) for curve in self.curves]) - 1.0)
        return found

    def temperature(self, content: Floats) -> Floats:
        """Temperatures [K] of owned rows that have a reduced content (owned or more,) [K]: the inverse of `of`, in closed form."""
        found, wanted = np.array(content), content[self.rows]
        low = self._line(wanted)
        a, b = (1.0 + np.einsum("km,mk->k", self.share, slope[:, low]) for slope in self._slope)
        width, more = self._nodes[low + 1] - self._nodes[low], wanted - self._at_node(low)
        root = np.sqrt(np.maximum(a * a + 2 * (b - a) * more / width, 0.0))
        found[self.rows] = self._nodes[low] + 2 * more / (a + root)
        return found

    def _line(self, wanted: Floats) -> NDArray[np.int64]:
        """Line of the contents (k,) on which each lies: of rows of one material by one search in order, of mixtures by halving."""
        low, high = np.zeros(len(wanted), dtype=np.int64), np.full(len(wanted), len(self._nodes) - 1)
        if len(self.curves) == 1:
            near = np.clip(np.searchsorted(self._nodes + self._over[0], wanted, side="right") - 1, 0, len(self._nodes) - 2)
            there = (self._at_node(near) <= wanted) & (wanted < self._at_node(near + 1))
            low, high = np.where(there, near, low), np.where(there, near + 1, high)
        while (high - low > 1).any():
            middle = (low + high) // 2
            below = self._at_node(middle) <= wanted
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return low

    def _at_node(self, node: NDArray[np.int64]) -> Floats:
        return np.asarray(self._nodes[node] + np.einsum("km,mk->k", self.share, self._over[:, node]))
