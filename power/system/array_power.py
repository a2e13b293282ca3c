"""What an array gives over one orbit: a square metre of it, spread over faces, or string by string."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.solar.array import available_power
from power.solar.sections import Section, mean, shares, split
from power.solar.strings import Lit, string_power
from power.system.settings import Power


@dataclass(frozen=True, slots=True, eq=False)
class OrbitArray:
    """The array in one round: what a square metre of it gives, and how its sections share that."""

    sunlight: NDArray[np.float64]  #: (n,) mean over it [W/m2]
    temperature: NDArray[np.float64]  #: (n,) mean over it [K]
    density: NDArray[np.float64]  #: (n,) W per m2
    known: NDArray[np.float64] | None = None  #: (n,) W of the whole, where its strings are known
    sections: tuple[Section, ...] = ()
    split: NDArray[np.float64] | None = None  #: (n, sections)

    @property
    def room(self) -> float:
        """Area that its faces have [m2]."""
        return sum(section.room for section in self.sections) if self.sections else np.inf


def of_sections(power: Power, sections: tuple[Section, ...], strings: Sequence[Lit]) -> OrbitArray:
    """The array spread over faces at the age of `power`, or the strings that lie on them."""
    each = sections_density(power, sections)
    known, parts = None, each
    if strings:
        parts = np.zeros_like(each)
        for lit in strings:
            parts[:, lit.section] += strings_power(power, [lit])
        known = parts.sum(axis=1)
    return OrbitArray(mean(sections, "sunlight"), mean(sections, "temperature"), each.sum(axis=1), known, sections, split(parts, sections))


def array_density(power: Power, sunlight: ArrayLike, temperature: ArrayLike) -> NDArray[np.float64]:
    """Electricity that one square metre of array planform can give [W/m2] at the asked time of life."""
    return available_power(
        power.solar_cell,
        1.0,
        sunlight,
        temperature,
        packing=power.packing,
        fluence=power.fluence,
        factor=power.array_factor * power.losses.factor,
        coefficient=power.temperature_coefficient,
        voltage=power.cell_voltage,
    )


def sections_density(power: Power, sections: Sequence[Section]) -> NDArray[np.float64]:
    """What each section adds to the electricity of one square metre spread over all of them, (n, sections) [W/m2]."""
    given = [
        share * array_density(power, section.sunlight, section.temperature)
        for share, section in zip(shares(sections), sections, strict=True)
    ]
    return np.stack(given, axis=1)


def strings_power(power: Power, strings: Sequence[Lit]) -> NDArray[np.float64]:
    """Electricity that strings can give together (n,) [W] at the asked time of life, losses counted."""
    total = sum(
        lit.count
        * string_power(
            power.solar_cell,
            lit.wing,
            lit.irradiance[:, None],
            lit.temperature[:, None],
            sunlit=lit.sunlit,
            fluence=power.fluence,
            coefficient=power.temperature_coefficient,
            voltage=None if power.regulation == "mppt" else power.bus_voltage,
        ).sum(axis=1)
        for lit in strings
    )
    return np.asarray(power.array_factor * power.losses.factor * total)
