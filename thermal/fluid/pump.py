"""Pumps: a curve of pressure over volume flow, the electric power it takes, and the heat that the fluid gets of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from thermal.fluid.validity import FluidError


@dataclass(frozen=True, slots=True)
class PumpCurve:
    """Pressure rise over volume flow at full speed, straight between the points; falls from the first to the last."""

    flow: tuple[float, ...]  #: volume flow [m3/s], rising
    rise: tuple[float, ...]  #: pressure rise [Pa], falling
    efficiency: float  #: hydraulic power per electric power, motor and drive with it [-]

    def __post_init__(self) -> None:
        if len(self.flow) != len(self.rise) or len(self.flow) < 2:
            raise FluidError("a pump curve needs two points or more, a pressure rise for each flow")
        if not (np.diff(self.flow) > 0).all() or not (np.diff(self.rise) < 0).all() or self.flow[0] < 0:
            raise FluidError("a pump curve must have rising flows from zero or more, and a pressure that falls with flow")
        if not 0 < self.efficiency <= 1:
            raise FluidError(f"a pump's efficiency lies between 0 and 1, not {self.efficiency:g}")

    def rise_at(self, flow: float, speed: float = 1.0) -> float:
        """Pressure rise [Pa] at a volume flow [m3/s]; `speed` as part of full speed, by the affinity laws (rise as its square).

        Raises:
            FluidError: beyond the last point, where the maker says nothing.
        """
        if speed == 0:
            return 0.0
        if not self.flow[0] <= flow / speed <= self.flow[-1] * (1 + 1e-12):
            ends = f"{self.flow[0] * speed:.4g} to {self.flow[-1] * speed:.4g} m3/s"
            raise FluidError(f"the pump curve goes from {ends}; at {flow:.4g} m3/s it says nothing")
        return float(np.interp(flow / speed, self.flow, self.rise)) * speed**2


def operating_point(pump: PumpCurve, drop: Callable[[float], float], speed: float = 1.0) -> float:
    """Volume flow [m3/s] at which the pump's rise is the loop's `drop` [Pa], a function of volume flow that rises.

    Raises:
        FluidError: the loop takes less than the last point of the curve gives (the pump runs out of its curve), or more than its first.
    """
    from scipy.optimize import brentq

    low, high = pump.flow[0] * speed, pump.flow[-1] * speed
    if pump.rise_at(high, speed) > drop(high):
        raise FluidError(
            f"the pump runs out of its curve: at its end, {high:.4g} m3/s, it gives {pump.rise_at(high, speed):.4g} Pa; the loop takes "
            f"{drop(high):.4g}"
        )
    if pump.rise_at(low, speed) < drop(low):
        raise FluidError(
            f"the pump is too weak: at its start, {low:.4g} m3/s, it gives {pump.rise_at(low, speed):.4g} of {drop(low):.4g} Pa"
        )
    return float(brentq(lambda q: pump.rise_at(q, speed) - drop(q), low, high, xtol=1e-300, rtol=1e-14))


def pump_power(flow: float, rise: float, efficiency: float) -> float:
    """Electric power [W] for a volume flow [m3/s] and pressure rise [Pa].

    All of it becomes heat of the loop: the losses in the pump, and what the pressure is spent on in friction along the loop.
    """
    return flow * rise / efficiency
