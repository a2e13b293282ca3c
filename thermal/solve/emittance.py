"""Surfaces whose emittance depends on their temperature: what they emit, and what infrared they absorb (Kirchhoff)."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis
from thermal.curve import Curve
from thermal.heat import Alone, Category, Moment, Slope
from thermal.radiation.varying_enclosure import Optics, VaryingEnclosure
from thermal.solve.ways import Emitter, Source

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class VaryingEmitter(Emitter):
    """Grey emission of vertices to a black sink; `area` has the nominal emittance. What comes from the sink is absorbed alike."""

    over: Curve  #: emittance over its nominal value by temperature

    def load(self, now: Moment) -> Floats:
        """What it absorbs of the sink less what it emits."""
        return np.asarray(now.sigma * self.area * self.over(now.T) * (self.sink**4 - now.fourth))

    def heat(self, now: Moment) -> float:
        """The same, summed."""
        return float(self.load(now).sum())

    def sends(self, now: Moment) -> Floats:
        """Emitting area of each owned row, at the emittance of its temperature [m2]."""
        return np.asarray(self.area * self.over(now.T))

    def slope(self) -> Slope:
        """Nothing comes back."""
        return Slope(self._growth, self.area)

    def reduced(self, basis: Basis, sigma: float) -> None:
        """It has no reduced form: what it sends out is no fourth power."""

    def _growth(self, now: Moment) -> Floats:
        """Derivative of what each row sends out per nominal emitting area, never below zero [W/m2K]."""
        by_power = self.over(now.T) * 4 * np.square(now.T) * np.abs(now.T)
        return np.asarray(now.sigma * np.maximum(by_power + self.over.slope(now.T) * (now.fourth - self.sink**4), 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class VaryingAbsorption(Alone):
    """What vertices absorb of a source more than with their nominal emittance, such as of the infrared of a planet."""

    source: Source  #: with the nominal emittance, for these surfaces alone
    over: Curve  #: emittance over its nominal value by temperature
    path: str = "earth_infrared"  #: of the source
    category: ClassVar[Category] = Category.OUTSIDE

    def load(self, now: Moment) -> Floats:
        """Its heat less that of the source."""
        return np.asarray((self.over(now.T) - 1.0) * self.source.load(now))

    def heat(self, now: Moment) -> float:
        """The same, summed."""
        return float(self.load(now).sum())

    def at_mean(self, times: Floats) -> "VaryingAbsorption":
        """Under the mean of the source."""
        return replace(self, source=self.source.at_mean(times))


@dataclass(frozen=True, slots=True, eq=False)
class VaryingInfrared(Alone):
    """Heat that surfaces which see one another take up of a planet's infrared more than at their nominal emittance."""

    enclosure: VaryingEnclosure
    source: Source  #: at nominal emittances, one signal for each group
    path: str = "earth_infrared"  #: of the source
    category: ClassVar[Category] = Category.OUTSIDE

    def load(self, now: Moment) -> Floats:
        """What is absorbed, reflections included, less what the source brings."""
        optics, given, absorbed = self._state(now)
        return self.enclosure.into_rows(optics, absorbed) - np.asarray(self.enclosure.weights @ given)

    def _state(self, now: Moment) -> tuple[Optics, Floats, Floats]:
        """Emittances, what the source brings and what is absorbed of it at nominal emittances (g,) [W/m2]. Collective."""
        optics = self.enclosure.optics(now.layout, now.T)
        given = self.source.rate(np.array([now.t]))[0]
        return optics, given, self.enclosure.exchanged(now.t, optics, np.zeros(len(given)), given).absorbed

    def powers(self, now: Moment) -> Floats:
        """What it brings to `VaryingEnclosure.powers`, (g,) [W/m2]. Collective."""
        given = self.source.rate(np.array([now.t]))[0]
        optics = self.enclosure.optics(now.layout, now.T)
        return self.enclosure.exchanged(now.t, optics, np.zeros(len(given)), given).powers

    def load_transposed(self, now: Moment, heat: Floats) -> Floats:
        """Transpose of the derivative of `load` by the temperatures, times weights of the rows (..., owned). Collective."""
        optics, _, absorbed = self._state(now)
        return self.enclosure.absorbed_transposed(now, optics, absorbed, self.enclosure.powers_worth(now, optics, heat), heat)

    def heat(self, now: Moment) -> float:
        """The same, summed. Collective."""
        return float(self.load(now).sum())

    def at_mean(self, times: Floats) -> "VaryingInfrared":
        """Under the mean of the source, with the exchange at its mean."""
        enclosure = self.enclosure.at_mean(times)
        assert isinstance(enclosure, VaryingEnclosure)
        return replace(self, enclosure=enclosure, source=self.source.at_mean(times))
