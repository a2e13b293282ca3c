"""What a heat pipe carries between the temperatures of its ends, where that is no constant conductance: loop heat pipes, gas fronts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.pipes.gas_front import GasFront
from thermal.fluid.pipes.loop_heat_pipe import LoopHeatPipe
from thermal.fluid.saturation import SaturationTable


class PipeLaw(Protocol):
    """Heat one way, from the evaporator to the condenser."""

    def heat(self, evaporator: float, condenser: float, reservoir: float) -> float:
        """Carried at these temperatures [K]: [W]; none the other way."""
        ...

    def eager(self, evaporator: float, condenser: float) -> float:
        """How it would grow with its evaporator's temperature if it worked, for the slope of one that stands still [W/K]."""
        ...


@dataclass(frozen=True, slots=True)
class ByHeat:
    """A loop heat pipe by its conductance over the heat that it carries."""

    curve: LoopHeatPipe

    def heat(self, evaporator: float, condenser: float, reservoir: float) -> float:
        """W."""
        return float(self.curve.carried(evaporator - condenser))

    def eager(self, evaporator: float, condenser: float) -> float:
        """Its first conductance."""
        return self.curve.conductance[0]


@dataclass(frozen=True, slots=True)
class ByTemperature:
    """A pipe whose conductance is a table over the temperature of its evaporator; that of its ends beyond them."""

    temperature: tuple[float, ...]  #: [K], rising
    conductance: tuple[float, ...]  #: [W/K]

    def heat(self, evaporator: float, condenser: float, reservoir: float) -> float:
        """W."""
        return float(np.interp(evaporator, self.temperature, self.conductance)) * max(evaporator - condenser, 0.0)

    def eager(self, evaporator: float, condenser: float) -> float:
        """Its conductance."""
        return float(np.interp(evaporator, self.temperature, self.conductance))


@dataclass(frozen=True, slots=True)
class Gassed:
    """A pipe whose condenser gas blocks in part: the open part conducts, or radiates at the vapour's temperature."""

    front: GasFront
    fluid: SaturationTable
    conductance: float  #: of the open condenser [W/K] ...
    exchange: float  #: ... and GR of it [m2]

    def share(self, evaporator: float, reservoir: float) -> float:
        """Open part of the condenser [-]."""
        low, high = self.fluid.low, self.fluid.high
        T, gas = min(max(evaporator, low), high), min(max(reservoir, low), high)
        return float(self.front.active(T, gas, self.fluid)) / self.front.condenser

    def heat(self, evaporator: float, condenser: float, reservoir: float) -> float:
        """W."""
        if evaporator <= condenser:
            return 0.0
        radiated = STEFAN_BOLTZMANN * self.exchange * (evaporator**4 - condenser * abs(condenser) ** 3)
        return self.share(evaporator, reservoir) * (self.conductance * (evaporator - condenser) + radiated)

    def eager(self, evaporator: float, condenser: float) -> float:
        """As if it were open."""
        return self.conductance + 4 * STEFAN_BOLTZMANN * self.exchange * abs(evaporator) ** 3
