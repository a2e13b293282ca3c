"""What moves a loop's fluid and what divides it: pumps with a fixed flow or a curve, on and off over time, and a bypass valve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pump:
    """A pump before the first segment; all of its power becomes heat of the fluid."""

    flow: float = 0.0  #: kg/s, where it has no curve
    curve: tuple[Floats, Floats] | None = None  #: flows [kg/s], rising, and pressures [Pa], falling
    efficiency: float | None = None  #: hydraulic power over power drawn [-]; None: the power is not known and adds no heat
    turns: Sequence[tuple[float, bool]] = ()  #: times at which it stops (False) or starts [s], increasing; it runs before the first

    def running(self, t: float) -> bool:
        """Whether it turns at a time."""
        state = True
        for at, on in self.turns:
            state = on if t >= at else state
        return state

    def head(self, flow: float) -> float:
        """Pressure at a flow by the curve, straight between its points and on by the last two [Pa]."""
        assert self.curve is not None
        flows, pressures = self.curve
        if flow > flows[-1]:
            return float(pressures[-1] + (flow - flows[-1]) * (pressures[-1] - pressures[-2]) / (flows[-1] - flows[-2]))
        return float(np.interp(flow, flows, pressures))

    @property
    def most(self) -> float:
        """Flow at which its curve has no pressure left [kg/s]."""
        assert self.curve is not None
        flows, pressures = self.curve
        slope = (pressures[-1] - pressures[-2]) / (flows[-1] - flows[-2])
        return float(flows[-1] - pressures[-1] / slope) if pressures[-1] > 0 else float(np.interp(0.0, pressures[::-1], flows[::-1]))

    def power(self, flow: float, pressure: float, density: float) -> float:
        """Drawn, of `flow` [kg/s] against `pressure` [Pa] [W]."""
        return 0.0 if self.efficiency is None else flow * pressure / (density * self.efficiency)


@dataclass(frozen=True, slots=True)
class Valve:
    """A three-way valve that divides the flow of one section over two branches so that their mixture has a temperature, as far as it can.

    It takes the place of the pressure balance between the two, and keeps to it without delay.
    """

    section: int
    main: int  #: number among the loop's branches
    bypass: int
    mixed: float  #: K
    least: float = 0.0  #: part of the flow that always goes the main way [-]
