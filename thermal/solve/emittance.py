"""Surfaces whose emittance depends on their temperature: what they emit, and what infrared they absorb (Kirchhoff)."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis
from thermal.curve import Curve
from thermal.heat import Alone, Category, Moment, Slope
from thermal.radiation.varying_enclosure import VaryingEnclosure
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
        optics = self.enclosure.optics(now.layout, now.T)
        given = self.source.rate(np.array([now.t]))[0]
        found = self.enclosure.exchanged(now.t, optics, np.zeros(len(given)), given)
        sent = np.asarray(self.enclosure.weights @ given)
        return self.enclosure.into_rows(optics, found.absorbed) - sent

    def heat(self, now: Moment) -> float:
        """The same, summed. Collective."""
        return float(self.load(now).sum())

    def at_mean(self, times: Floats) -> "VaryingInfrared":
        """Under the mean of the source, with the exchange at its mean."""
        enclosure = self.enclosure.at_mean(times)
        assert isinstance(enclosure, VaryingEnclosure)
        return replace(self, enclosure=enclosure, source=self.source.at_mean(times))
