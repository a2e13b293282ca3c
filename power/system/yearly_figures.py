"""Array and battery of a solved design through the years of the case, this very orbit again and again."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from power.constants import ZERO_CELSIUS
from power.system.mission_years import stepped_orbits, years_of_sizes
from power.system.settings import Power
from power.system.system import PowerResult, array_density, sections_density

ROOM = 298.15  #: K, of a battery whose temperature nothing tells


def ages(power: Power) -> bool:
    """Whether the case says how array or battery age; where it does not, every year is like the first."""
    return power.ageing is not None or power.eol_factor is not None or power.fluence_per_year is not None


def battery_years(power: Power, found: PowerResult, temperature: float | None = None) -> dict[str, Any] | None:
    """Year by year from beginning of life, units in the keys; None where nothing ages or there is no array or battery.

    Args:
        power: The [power] table, at beginning or end of life; sizes, loads and temperatures are those of the solved orbit.
        found: Its solution.
        temperature: Orbit mean of the battery [K]; 25 degC where nothing tells it.
    """
    if not ages(power) or not found.carries or not found.array_area or not found.pack_capacity:
        return None
    new, b = replace(power, life="bol"), found.balance
    share = _density(power, found)
    younger = np.divide(_density(new, found), share, out=np.zeros(share.shape), where=share > 0.0)
    orbits = stepped_orbits(b.times[b.given], found.available / found.array_area * younger, b.load[b.given])
    warm = ROOM if temperature is None else temperature
    marched = years_of_sizes(power, orbits, found.array_area, found.pack_capacity, warm)
    rows = [
        {
            "year": i + 1,
            "array": float(marched.array_factor[i + 1]),
            "capacity": float(marched.capacity[0, i]),
            "min_state_of_charge": float(marched.minimum_state_of_charge[0, i]),
            "depth_of_discharge": float(marched.depth_of_discharge[0, i]),
            "unserved_Wh": float(marched.unserved[0, i]) / 3600.0,
        }
        for i in range(marched.capacity.shape[1])
    ]
    return {"rows": rows, "battery_degC": warm - ZERO_CELSIUS, "assumed": temperature is None, "warnings": list(marched.warnings)}


def _density(power: Power, found: PowerResult) -> NDArray[np.float64]:
    """Electricity of a square metre of the solved array at another age (n,) [W/m2]; of an array without faces per W/m2 of sunlight."""
    if found.sections:
        return np.asarray(sections_density(power, found.sections).sum(axis=1))
    return array_density(power, 1.0, found.temperature)
