"""The liquid of a loop: tabulated (`thermal.fluid.table.LiquidTable`) or with properties that do not change, and the state of its rows."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.errors import SolveError
from thermal.fluid.table import Liquid
from thermal.network.loops.boiling import BoilingLiquid

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


class LoopLiquid(Protocol):
    """What a loop asks of its fluid."""

    @property
    def name(self) -> str:
        """As messages call it."""
        ...

    @property
    def freezing(self) -> float:
        """K; 0 where nothing is known."""
        ...

    @property
    def boiling(self) -> float | None:
        """K at the loop's pressure; None where nothing is known."""
        ...

    @property
    def known(self) -> tuple[float, float]:
        """Between which temperatures there is data [K]."""
        ...

    def at(self, temperature: ArrayLike, beyond: bool = False) -> Liquid:
        """Properties at temperatures [K]; outside the range of the data an error, or with `beyond` those of its nearer end."""
        ...

    def heat(self, temperature: ArrayLike) -> Floats:
        """Specific heat alone, as `at` has it with `beyond` [J/kgK]."""
        ...

    def temperature(self, enthalpy: ArrayLike) -> Floats:
        """Where the liquid has an enthalpy [J/kg]: [K]."""
        ...


@dataclass(frozen=True, slots=True)
class FixedLiquid:
    """A liquid whose properties do not change."""

    name: str
    density: float  #: kg/m3
    specific_heat: float  #: J/kgK
    conductivity: float  #: W/mK
    viscosity: float  #: Pa s
    freezing: float = 0.0  #: K
    boiling: float | None = None  #: K

    @property
    def known(self) -> tuple[float, float]:
        """All temperatures."""
        return 0.0, np.inf

    def at(self, temperature: ArrayLike, beyond: bool = False) -> Liquid:
        """The same at all temperatures."""
        T = np.asarray(temperature, dtype=float)
        one = np.ones_like(T)
        return Liquid(self.density * one, self.specific_heat * one, self.conductivity * one, self.viscosity * one, self.specific_heat * T)

    def heat(self, temperature: ArrayLike) -> Floats:
        """The same at all temperatures."""
        return np.full_like(np.asarray(temperature, dtype=float), self.specific_heat)

    def temperature(self, enthalpy: ArrayLike) -> Floats:
        """h/cp."""
        return np.asarray(np.asarray(enthalpy, dtype=float) / self.specific_heat)


@dataclass(frozen=True, slots=True, eq=False)
class LiquidState:
    """Rows of one liquid: y = T_ref + (h(T) - h(T_ref))/c_ref, so that heat is even in y however the specific heat changes."""

    rows: Ids
    liquid: LoopLiquid
    reference: float  #: T_ref [K]
    _at: Liquid = field(init=False)  #: at T_ref

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", self.liquid.at(self.reference))

    def enthalpy(self, y: Floats) -> Floats:
        """J/kg at states."""
        return np.asarray(self._at.enthalpy + self._at.specific_heat * (y - self.reference))

    def temperature(self, y: Floats) -> tuple[Floats, Floats]:
        """Temperatures [K] and dT/dy = c_ref/c(T).

        Raises:
            SolveError: heat of a fluid that is no number, as of a pump whose work outgrows all of it.
        """
        heat, h = self._at.specific_heat, self.enthalpy(y)
        if not np.isfinite(h).all():
            raise SolveError(f"the heat of {self.liquid.name} is no longer a number; look at the flow, the pump and the heat of its loop")
        T = self.liquid.temperature(h)
        if isinstance(self.liquid, BoilingLiquid):
            return T, self.liquid.growth(h, float(heat))
        return T, np.asarray(heat / self.liquid.heat(T))

    def state(self, T: Floats) -> Floats:
        """The inverse; of a fluid at its set point that of the boiling liquid."""
        at = self._at
        h = self.liquid.enthalpy(T) if isinstance(self.liquid, BoilingLiquid) else self.liquid.at(T, beyond=True).enthalpy
        return np.asarray(self.reference + (h - at.enthalpy) / at.specific_heat)

    def quality(self, y: Floats) -> Floats | None:
        """Vapour per mass that flows at states [-]; None of a fluid that is a liquid throughout."""
        return self.liquid.quality(self.enthalpy(y)) if isinstance(self.liquid, BoilingLiquid) else None
