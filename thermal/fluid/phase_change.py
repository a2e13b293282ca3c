"""What melts and freezes: fronts in closed form, and a lumped pack by its enthalpy."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, erfc, exp, inf, log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.validity import FluidError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of what melts."""

    conductivity: float  #: [W/mK]
    density: float  #: [kg/m3]; both phases have one
    specific_heat: float  #: [J/kgK]

    @property
    def diffusivity(self) -> float:
        """[m2/s]."""
        return self.conductivity / (self.density * self.specific_heat)


@dataclass(frozen=True, slots=True)
class Front:
    """A plane front that goes into a half space from a wall of even temperature, x = 2 lambda sqrt(alpha t)."""

    number: float  #: lambda [-]
    near: Phase  #: between wall and front
    far: Phase | None  #: beyond the front; None: it is at the melting temperature throughout
    wall: float  #: [K]
    melting: float  #: [K]
    start: float  #: of the half space [K]

    def position(self, time: ArrayLike) -> Floats:
        """Of the front [m] at a time [s]."""
        return np.asarray(2 * self.number * np.sqrt(self.near.diffusivity * np.asarray(time, dtype=float)))

    def reaches(self, position: float) -> float:
        """When the front is there [s]."""
        return position**2 / (4 * self.number**2 * self.near.diffusivity)

    def wall_flux(self, time: ArrayLike) -> Floats:
        """From the wall into the half space [W/m2]."""
        rise = (self.wall - self.melting) / erf(self.number)
        return np.asarray(self.near.conductivity * rise / np.sqrt(pi * self.near.diffusivity * np.asarray(time, dtype=float)))

    def temperature(self, x: float, time: float) -> float:
        """At a depth [m] and time [s]: [K]."""
        if time <= 0:
            return self.start
        if x <= float(self.position(time)):
            return self.wall + (self.melting - self.wall) * erf(x / (2 * sqrt(self.near.diffusivity * time))) / erf(self.number)
        if self.far is None:
            return self.melting
        ratio = sqrt(self.near.diffusivity / self.far.diffusivity)
        beyond = erfc(x / (2 * sqrt(self.far.diffusivity * time))) / erfc(self.number * ratio)
        return self.start + (self.melting - self.start) * beyond


def front(near: Phase, latent: float, wall: float, melting: float, far: Phase | None = None, start: float | None = None) -> Front:
    """Neumann's solution; Stefan's when the half space starts at its melting temperature. Melting and freezing alike.

    With Ste = c |T_wall - T_m|/h of the near phase, Ste' = c' |T_m - T_start|/h of the far one and nu = sqrt(alpha/alpha'), lambda solves
    Ste exp(-lambda^2)/erf(lambda) - Ste'/nu exp(-nu^2 lambda^2)/erfc(nu lambda) = lambda sqrt(pi).

    Args:
        latent: Heat of melting h [J/kg].
        wall, melting, start: Temperatures [K]; the wall and the start on either side of melting.
        far: The other phase; needed when `start` is not the melting temperature.

    Raises:
        FluidError: nothing melts between these temperatures, or the far phase is missing.

    Source: Carslaw and Jaeger, Conduction of Heat in Solids, 2nd ed. 1959, section 11.2.
    """
    from scipy.optimize import brentq

    start = melting if start is None else start
    if wall == melting or (wall - melting) * (melting - start) < 0 or not latent > 0:
        raise FluidError(f"no front goes from a wall of {wall:g} K into what starts at {start:g} K and melts at {melting:g} K")
    if start != melting and far is None:
        raise FluidError("a half space that does not start at its melting temperature needs the properties of its other phase")
    ste = near.specific_heat * abs(wall - melting) / latent
    other = 0.0 if far is None else far.specific_heat * abs(melting - start) / latent
    nu = 1.0 if far is None else sqrt(near.diffusivity / far.diffusivity)

    def excess(number: float) -> float:
        """Both sides times exp(lambda^2) erf(lambda), so that nothing is divided by zero at either end."""
        beyond = other / nu * exp(-((nu * number) ** 2)) / erfc(nu * number) if nu * number < 25 else other * number * sqrt(pi)
        return ste - (beyond + number * sqrt(pi)) * erf(number) * exp(number**2)

    return Front(float(brentq(excess, 0.0, 20.0, xtol=1e-16, rtol=1e-14)), near, far, wall, melting, start)


@dataclass(frozen=True, slots=True)
class Pack:
    """A lump that melts at one temperature; its enthalpy is zero when it is solid there, all of it per pack."""

    mass: float  #: [kg]
    latent: float  #: heat of melting [J/kg]
    melting: float  #: [K]
    solid_heat: float  #: specific, of the solid [J/kgK]
    liquid_heat: float  #: specific, of the liquid [J/kgK]

    def __post_init__(self) -> None:
        if not min(self.mass, self.latent, self.melting, self.solid_heat, self.liquid_heat) > 0:
            raise FluidError("mass, heat of melting, melting temperature and both specific heats of a pack must be above zero")

    def enthalpy(self, temperature: ArrayLike, melted: ArrayLike = 0.0) -> Floats:
        """Of the pack [J]; at the melting temperature by its molten fraction, which does not count elsewhere."""
        above = np.asarray(temperature, dtype=float) - self.melting
        solid, liquid = self.mass * self.solid_heat * above, self.mass * (self.latent + self.liquid_heat * above)
        return np.where(above < 0, solid, np.where(above > 0, liquid, self.mass * self.latent * np.asarray(melted, dtype=float)))

    def temperature(self, enthalpy: ArrayLike) -> Floats:
        """Of the pack [K]."""
        h = np.asarray(enthalpy, dtype=float)
        solid, liquid = h / (self.mass * self.solid_heat), (h - self.mass * self.latent) / (self.mass * self.liquid_heat)
        return self.melting + np.minimum(solid, 0.0) + np.maximum(liquid, 0.0)

    def melted(self, enthalpy: ArrayLike) -> Floats:
        """Molten fraction [-]."""
        return np.clip(np.asarray(enthalpy, dtype=float) / (self.mass * self.latent), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class PackHistory:
    """A pack under even heat, with a conductance to one surrounding temperature, in closed form."""

    pack: Pack
    start: float  #: [K], not the melting temperature
    heat: float  #: into it [W]
    conductance: float  #: [W/K]
    surroundings: float  #: [K]

    @property
    def begins(self) -> float:
        """When the phase begins to change [s]; inf: never."""
        solid = self.start < self.pack.melting
        return self._time(self.start, self.pack.melting, self.pack.solid_heat if solid else self.pack.liquid_heat)

    @property
    def lasts(self) -> float:
        """For how long the phase changes [s]; inf: never begun, or never ended."""
        net = abs(self.heat - self.conductance * (self.pack.melting - self.surroundings))
        return self.pack.mass * self.pack.latent / net if self.begins < inf and net > 0 else inf

    def temperature(self, time: float) -> float:
        """[K] at a time [s]."""
        melts = self.start < self.pack.melting
        before, after = (self.pack.solid_heat, self.pack.liquid_heat) if melts else (self.pack.liquid_heat, self.pack.solid_heat)
        if time <= self.begins:
            return self._after(self.start, time, before)
        if time <= self.begins + self.lasts:
            return self.pack.melting
        return self._after(self.pack.melting, time - self.begins - self.lasts, after)

    def _after(self, start: float, time: float, specific_heat: float) -> float:
        capacity = self.pack.mass * specific_heat
        if self.conductance == 0:
            return start + self.heat * time / capacity
        end = self.surroundings + self.heat / self.conductance
        return end + (start - end) * exp(-self.conductance * time / capacity)

    def _time(self, start: float, to: float, specific_heat: float) -> float:
        capacity = self.pack.mass * specific_heat
        net = self.heat - self.conductance * (start - self.surroundings), self.heat - self.conductance * (to - self.surroundings)
        if not (net[0] * (to - start) > 0 and net[1] * (to - start) > 0):
            return inf
        return capacity * (to - start) / net[0] if self.conductance == 0 else capacity / self.conductance * log(net[0] / net[1])
