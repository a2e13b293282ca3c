"""Slopes of all ways of heat side by side: how what rows lose grows with their temperature, and what of it comes back to other rows.

Ways of one derivative are taken together, so that a state asks for each once: `derivatives` (laws, owned), in the units of the ways.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.heat import Moment, Slope, Way
from thermal.layout import Layout

Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Slopes:
    """Of the ways of a model, over the rows of the mesh on this rank."""

    ways: Sequence[Way]
    layout: Layout
    fixed: tuple[tuple[int, Floats], ...] = field(init=False)  #: (owned,) conductances that the matrix A has [W/K], by way
    exchanges: bool = field(init=False)  #: whether some of the heat that rows send out comes back to others
    _sloped: tuple[tuple[int, Slope], ...] = field(init=False)
    _laws: tuple[Callable[[Moment], Floats], ...] = field(init=False)  #: derivatives, each once
    _sends: Floats = field(init=False)  #: (laws, owned) what leaves the rows per derivative
    _loses: Floats = field(init=False)  #: (laws, owned) what of it leaves the body for good
    _conducts: Floats = field(init=False)  #: (owned,) constant part of the slope [W/K]

    def __post_init__(self) -> None:
        self._sloped = tuple((j, slope) for j, way in enumerate(self.ways) if (slope := way.slope()) is not None)
        self.fixed = tuple((j, slope.fixed) for j, slope in self._sloped if slope.fixed is not None)
        self.exchanges = any(slope.returned is not None for _, slope in self._sloped)
        self._laws = tuple(dict.fromkeys(s.derivative for _, s in self._sloped if s.derivative is not None))
        self._sends, self._loses = (np.zeros((len(self._laws), self.layout.owned)) for _ in range(2))
        self._conducts = np.zeros(self.layout.owned)
        for _, slope in self._sloped:
            if slope.conducts is not None:
                self._conducts += slope.conducts
            if slope.derivative is not None:
                law = self._laws.index(slope.derivative)
                self._sends[law] += slope.lost if slope.sends is None else slope.sends
                self._loses[law] += slope.lost

    def derivatives(self, now: Moment) -> Floats:
        """Derivatives at a moment (laws, owned)."""
        return np.array([law(now) for law in self._laws]).reshape(len(self._laws), self.layout.owned)

    def sent(self, derivatives: Floats) -> Floats:
        """Derivative of the heat that each row sends out with respect to its temperature (owned,) [W/K]; what comes back is not in it.

        Args:
            derivatives: (laws or more, owned); rows behind those of the laws are passed over.
        """
        return np.asarray((derivatives[: len(self._laws)] * self._sends).sum(axis=0) + self._conducts)

    def lost(self, derivatives: Floats) -> Floats:
        """`sent` less what comes back from other rows, by columns (owned,) [W/K]: the slope of what leaves the body for good."""
        return np.asarray((derivatives[: len(self._laws)] * self._loses).sum(axis=0) + self._conducts)

    def fixed_conductance(self) -> Floats:
        """What the matrix A takes off for the ways of heat that go with temperature alone, such as films (owned,) [W/K]."""
        return sum((conductance for _, conductance in self.fixed), np.zeros(self.layout.owned))

    def exchanged(self, derivatives: Floats, change: Floats, t: float | None, transposed: bool) -> Floats:
        """Change of the heat that comes back to the rows from other rows (owned,) [W]; arguments as of `Model.exchanged`. Collective."""
        total = np.zeros_like(change)
        for _, slope in self._sloped:
            back = slope.returned_transposed if transposed else slope.returned
            if back is not None and slope.derivative is not None:
                total += back(self.layout, derivatives[self._laws.index(slope.derivative)], change, t)
        return total

    def heat(self, derivatives: Floats, change: Floats) -> Floats:
        """Change of the heat of each way on this rank (ways,) [W] for a change of the rows (owned,) [K], by what leaves for good."""
        heat = np.zeros(len(self.ways))
        moved = dict(zip(self._laws, derivatives[: len(self._laws)] * change, strict=True))
        for j, slope in self._sloped:
            if slope.derivative is not None:
                heat[j] -= slope.lost @ moved[slope.derivative]
            for conductance in (slope.conducts, slope.fixed):
                if conductance is not None:
                    heat[j] -= conductance @ change
        return heat
