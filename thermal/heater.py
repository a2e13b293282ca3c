"""Thermostat heaters, by their duty-averaged law: the mean power a switching heater would draw at a given temperature."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt
from numpy.typing import NDArray


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


def duty(heater: Heater, temperature: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Fraction of time on [-]: 1 at and below `on_below`, 0 at and above `off_above`, linear between (the mean of a switching cycle)."""
    return np.clip((heater.off_above - np.asarray(temperature)) / (heater.off_above - heater.on_below), 0.0, 1.0)
