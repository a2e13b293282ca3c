"""Variable-conductance heat pipes: a plug of gas that leaves the vapour more or less of the condenser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.saturation import SaturationTable
from thermal.fluid.validity import FluidError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GasFront:
    """Condenser and reservoir of a gas-loaded pipe with a flat front: no diffusion, no conduction along the wall.

    The gas has the sink's temperature, in the reservoir as in the part of the condenser that it blocks, and there the vapour pressure
    of the sink beside it (a reservoir with a wick): its partial pressure is p(T) - p(T_sink).

    Source: Marcus 1972, Theory and Design of Variable Conductance Heat Pipes, NASA CR-2018, flat-front theory.
    """

    condenser: float  #: length [m]
    vapour_area: float  #: [m2]
    reservoir: float  #: volume [m3]
    open_at: float  #: vapour temperature at which the whole condenser is open [K] ...
    open_sink: float  #: ... at this temperature of sink and reservoir [K]; both say how much gas there is

    def __post_init__(self) -> None:
        if not min(self.condenser, self.vapour_area, self.reservoir) > 0:
            raise FluidError("condenser, vapour area and reservoir of a gas-loaded pipe must be above zero")
        if not self.open_at > self.open_sink:
            raise FluidError("a gas-loaded pipe is open at a temperature above that of its reservoir, or holds no gas")

    def gas(self, fluid: SaturationTable) -> float:
        """Amount of gas, as n R [J/K]."""
        return float(fluid.at(self.open_at).pressure - fluid.at(self.open_sink).pressure) * self.reservoir / self.open_sink

    def active(self, temperature: ArrayLike, sink: ArrayLike, fluid: SaturationTable) -> Floats:
        """Open length [m] of the condenser at a vapour and a sink temperature [K]; 0 where the gas fills all of it."""
        T, Ts = np.broadcast_arrays(np.asarray(temperature, dtype=float), np.asarray(sink, dtype=float))
        partial = fluid.at(T).pressure - fluid.at(Ts).pressure
        volume = self.gas(fluid) * Ts / np.where(partial > 0, partial, np.inf)
        blocked = np.where(partial > 0, (volume - self.reservoir) / self.vapour_area, np.inf)
        return np.clip(self.condenser - blocked, 0.0, self.condenser)

    def temperature(self, heat: float, sink: float, fluid: SaturationTable, rejected: Callable[[float], float]) -> float:
        """Vapour temperature [K] at which the open length rejects `heat` [W].

        Args:
            rejected: Of the condenser per length at a vapour temperature [K]: [W/m], rising.

        Raises:
            FluidError: not even the whole condenser rejects it at the hottest temperature of the fluid's table.
        """
        from scipy.optimize import brentq

        def excess(T: float) -> float:
            return float(self.active(T, sink, fluid)) * rejected(T) - heat

        if excess(fluid.high) < 0:
            raise FluidError(
                f"the condenser of the gas-loaded pipe rejects no {heat:g} W at the hottest temperature of {fluid.name}'s table"
            )
        return float(brentq(excess, max(sink, fluid.low), fluid.high, xtol=1e-10, rtol=1e-14))
