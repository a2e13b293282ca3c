"""The cycle of a lump with a thermostat heater in closed form: what a march with exact switching must find."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.radiating_tube import inverse_quartic_integral
from thermal.fluid.validity import FluidError


@dataclass(frozen=True, slots=True)
class Conducting:
    """A lump that loses its heat by conduction."""

    capacity: float  #: [J/K]
    conductance: float  #: [W/K]
    surroundings: float  #: [K]

    def net(self, temperature: float, heat: float) -> float:
        """Into the lump [W]."""
        return heat - self.conductance * (temperature - self.surroundings)

    def time(self, start: float, end: float, heat: float) -> float:
        """From one temperature to the other [s], C/G ln(net at the start/net at the end)."""
        return self.capacity / self.conductance * log(self.net(start, heat) / self.net(end, heat))


@dataclass(frozen=True, slots=True)
class Radiating:
    """A lump that loses its heat by radiation."""

    capacity: float  #: [J/K]
    emitting: float  #: eps A [m2]
    surroundings: float  #: [K]

    def net(self, temperature: float, heat: float) -> float:
        """Into the lump [W]."""
        return heat - self.emitting * STEFAN_BOLTZMANN * (temperature**4 - self.surroundings**4)

    def time(self, start: float, end: float, heat: float) -> float:
        """From one temperature to the other [s], by the integral of dT/|T^4 - T_balance^4|."""
        rate = self.emitting * STEFAN_BOLTZMANN
        balance = (self.surroundings**4 + heat / rate) ** 0.25
        difference = inverse_quartic_integral(end, balance) - inverse_quartic_integral(start, balance)
        return self.capacity / rate * difference


@dataclass(frozen=True, slots=True)
class Cycle:
    """What the thermostat does for ever."""

    on: float  #: [s] in each cycle; inf: it never switches off
    off: float  #: [s]; inf: it never switches on
    power: float  #: of the heater when on [W]

    @property
    def duty(self) -> float:
        """Fraction of time on [-]."""
        return 1.0 if self.on == inf else 0.0 if self.off == inf else self.on / (self.on + self.off)

    @property
    def mean(self) -> float:
        """Power over the cycle [W]."""
        return self.duty * self.power


def thermostat_cycle(lump: Conducting | Radiating, power: float, on_below: float, off_above: float, heat: float = 0.0) -> Cycle:
    """Times on and off of a heater, of a lump with other even heat.

    Args:
        power: Of the heater [W].
        on_below, off_above: Temperatures at which it switches [K].
        heat: That is there besides [W].

    Raises:
        FluidError: the switching points are reversed.
    """
    if not off_above > on_below:
        raise FluidError(f"the thermostat switches off at {off_above:g} K, which must be above {on_below:g} K, where it switches on")
    if not lump.net(on_below, heat) < 0:
        return Cycle(0.0, inf, power)
    if not lump.net(off_above, heat + power) > 0:
        return Cycle(inf, 0.0, power)
    return Cycle(lump.time(on_below, off_above, heat + power), lump.time(off_above, on_below, heat), power)
