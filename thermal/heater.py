"""Thermostat heaters, by their duty-averaged law: the mean power a switching heater would draw at a given temperature."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt
from numpy.typing import NDArray

KNEE = 0.2  #: of the band, over which mean power falls: narrow for the mean, wide for Newton's method and the steps of a march
NARROWEST = 0.05  #: K, of a knee: a march does not come to rest in one that its tolerance cannot see


@dataclass(frozen=True, slots=True)
class Heater:
    """A heater that is on below one temperature and off above another; heats the volume of its parts evenly."""

    name: str
    parts: str  #: part name or pattern that is heated and whose mean temperature is the thermostat's
    power: Annotated[float, "W", Gt(0)]  #: power when on, all matched parts together
    on_below: Annotated[float, "degC", Ge(0)]  #: switches on below this mean temperature
    off_above: Annotated[float, "degC", Ge(0)]  #: switches off above this mean temperature

    def __post_init__(self) -> None:
        if self.off_above <= self.on_below:
            raise ValueError("off_above must be warmer than on_below; give the thermostat a band of at least a few tenths of a kelvin")


def knee(heater: Heater) -> tuple[float, float]:
    """Temperatures between which the mean power falls from all to nothing [K]: about the middle of the band.

    While a heater switches, the mean temperature of what it heats is near the middle of its band whatever the part of the time on. A law
    that fell over the whole band would read that part off the temperature, and miss the mean power by up to half the band times the
    conductance to the surroundings.
    """
    middle, band = 0.5 * (heater.on_below + heater.off_above), heater.off_above - heater.on_below
    half = 0.5 * max(KNEE * band, min(band, NARROWEST))
    return middle - half, middle + half


def duty(heater: Heater, temperature: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Fraction of time on [-]: 1 below the knee, 0 above it, linear between (the mean of a switching cycle)."""
    low, high = knee(heater)
    return np.clip((high - np.asarray(temperature)) / (high - low), 0.0, 1.0)


def duty_slope(heater: Heater, temperature: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Its derivative [1/K]; 0 at the ends of the knee."""
    low, high = knee(heater)
    T = np.asarray(temperature)
    return np.where((low < T) & (high > T), -1.0 / (high - low), 0.0)


def duty_piece(
    heater: Heater, piece: NDArray[np.int64], temperature: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fraction of time on [-] and its derivative [1/K] by one of the law's pieces as if it had no ends: below, in (1) or above the knee."""
    low, high = knee(heater)
    inside = np.asarray(piece) == 1
    slope = np.where(inside, -1.0 / (high - low), 0.0)
    return np.where(inside, (high - np.asarray(temperature)) / (high - low), np.where(np.asarray(piece) == 0, 1.0, 0.0)), slope
