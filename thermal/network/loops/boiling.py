"""The fluid of a two-phase loop: liquid, both phases and vapour at the one pressure that the loop's accumulator keeps.

Enthalpy tells where along liquid, boiling and vapour a cell is, and temperature follows it: flat while it boils or condenses.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.coolant import Coolant
from thermal.fluid.saturation import Saturated, saturated
from thermal.fluid.table import Liquid, LiquidTable, liquid_table
from thermal.fluid.two_phase import below_critical
from thermal.fluid.validity import FluidError

Floats = NDArray[np.float64]

ROUND = 0.01  #: K to either side of boiling and of dryness over which the slope of the temperature changes
FLAT = 1e-9  #: slope of the temperature with the state while both phases are there; 0, but for what is divided by it


@dataclass(frozen=True, slots=True, eq=False)
class BoilingLiquid:
    """A fluid at the pressure of its set point, as a loop asks for it; properties by temperature are those of the liquid."""

    liquid: LiquidTable
    both: Saturated  #: at the set point, floats
    vapour_heat: float  #: specific heat of the vapour there [J/kgK]

    @property
    def name(self) -> str:
        """Of the fluid."""
        return self.liquid.name

    @property
    def freezing(self) -> float:
        """K."""
        return self.liquid.freezing

    @property
    def boiling(self) -> None:
        """It may boil."""

    @property
    def known(self) -> tuple[float, float]:
        """From where the data of the liquid begin."""
        return self.liquid.low, np.inf

    @property
    def set_point(self) -> float:
        """K at which it boils."""
        return float(self.both.temperature)

    @property
    def liquid_enthalpy(self) -> float:
        """Of the boiling liquid, by the table [J/kg]."""
        return float(self.liquid.at(self.set_point, beyond=True).enthalpy)

    def at(self, temperature: ArrayLike, beyond: bool = False) -> Liquid:
        """Of the liquid; above the set point those of the boiling one."""
        T = np.asarray(temperature, dtype=float)
        return self.liquid.at(np.minimum(T, self.set_point) if beyond else T, beyond=beyond)

    def heat(self, temperature: ArrayLike) -> Floats:
        """Specific heat of the liquid alone [J/kgK]."""
        return self.liquid.heat(np.minimum(np.asarray(temperature, dtype=float), self.set_point))

    def quality(self, enthalpy: ArrayLike) -> Floats:
        """Vapour per mass that flows [-]; below 0 liquid, above 1 superheated."""
        return np.asarray((np.asarray(enthalpy, dtype=float) - self.liquid_enthalpy) / float(self.both.latent_heat))

    def temperature(self, enthalpy: ArrayLike) -> Floats:
        """K; where it begins to boil and where it is dry the kink is a curve `ROUND` wide, at most a quarter of that off."""
        h = np.asarray(enthalpy, dtype=float)
        below, above = self._kinks(h)
        cold = self.liquid.temperature(np.minimum(h, self.liquid_enthalpy)) - np.minimum(below, 0.0) - _ramp(-below)
        return np.asarray(cold + _ramp(above))

    def _kinks(self, h: Floats) -> tuple[Floats, Floats]:
        """How far enthalpies are beyond the beginning of boiling, and beyond its end [K of liquid, of vapour]."""
        boils = self.liquid_enthalpy
        heat = float(self.liquid.at(self.set_point, beyond=True).specific_heat)
        return (h - boils) / heat, (h - boils - float(self.both.latent_heat)) / self.vapour_heat

    def enthalpy(self, temperature: ArrayLike) -> Floats:
        """J/kg of the liquid up to the set point, and of the vapour above it."""
        T = np.asarray(temperature, dtype=float)
        cold = self.liquid.at(np.minimum(T, self.set_point), beyond=True).enthalpy
        dry = self.liquid_enthalpy + float(self.both.latent_heat)
        return np.where(self.set_point < T, dry + self.vapour_heat * (T - self.set_point), cold)

    def growth(self, enthalpy: ArrayLike, reference: float) -> Floats:
        """dT/dy at enthalpies, y counted by a specific heat `reference` [J/kgK]."""
        h = np.asarray(enthalpy, dtype=float)
        below, above = self._kinks(h)
        heat = self.at(self.liquid.temperature(np.minimum(h, self.liquid_enthalpy)), beyond=True).specific_heat
        wet = reference / heat * np.clip((ROUND - below) / (2 * ROUND), 0.0, 1.0)
        return np.maximum(wet + reference / self.vapour_heat * np.clip((above + ROUND) / (2 * ROUND), 0.0, 1.0), FLAT)


def _ramp(x: Floats) -> Floats:
    """max(x, 0) with its kink rounded: (x + d)^2/4d where |x| < d."""
    return np.where(np.abs(x) < ROUND, np.square(x + ROUND) / (4 * ROUND), np.maximum(x, 0.0))


def boiling_liquid(fluid: Coolant, set_point: float | None, pressure: float) -> BoilingLiquid:
    """The fluid at a set point [K], or where there is none at the one of a pressure [Pa].

    Raises:
        FluidError: the set point is above the critical point, or the fluid is a fit of the liquid alone.
    """
    from CoolProp.CoolProp import QT_INPUTS

    from thermal.fluid.coolant import ends, state

    critical = ends(fluid).critical_temperature
    if critical is None:
        raise FluidError(f"{fluid}: its data are of the liquid alone; a two-phase loop needs a fluid that boils, as ammonia")
    if set_point is not None:
        below_critical(set_point, critical, str(fluid))
    both = saturated(fluid, temperature=set_point) if set_point is not None else saturated(fluid, pressure=pressure)
    made = state(fluid)
    made.update(QT_INPUTS, 1.0, float(both.temperature))
    return BoilingLiquid(liquid_table(fluid, float(both.pressure)), both, float(made.cpmass()))
