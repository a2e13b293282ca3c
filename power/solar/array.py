"""Solar array: sunlight on its plane, electricity it can give, and the temperature of a free wing."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.constants import STEFAN_BOLTZMANN
from power.solar.cell import Cell, max_power
from power.solar.curve import fixed_voltage_power


def incident(solar: ArrayLike, cosine: ArrayLike = 1.0, illumination: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Direct sunlight on a plane [W/m2]: irradiance x cosine of incidence (none from behind) x visible part of the solar disc.

    >>> float(incident(1361.0, np.cos(np.radians(60.0))).round(6))
    680.5
    """
    return np.asarray(solar, dtype=float) * np.maximum(cosine, 0.0) * np.asarray(illumination, dtype=float)


def available_power(
    cell: Cell,
    area: float,
    irradiance: ArrayLike,
    temperature: ArrayLike,
    *,
    packing: float = 0.9,
    fluence: float = 0.0,
    factor: float = 1.0,
    coefficient: float | None = None,
    voltage: float | None = None,
) -> NDArray[np.float64]:
    """Electricity that the array can give at its terminals [W]; (n,) like `irradiance` and `temperature`.

    Args:
        cell: Data sheet.
        area: Planform area of the array [m2]; cells cover `packing` of it.
        irradiance: On the array's plane, from `incident` [W/m2]. Albedo is left out unless the caller adds it.
        temperature: Of the cells [K].
        packing: Cell area over planform area [-].
        fluence: 1 MeV equivalent electrons per cm2.
        factor: Any further loss, such as an end-of-life factor [-].
        coefficient: Relative change of power per kelvin for cells whose sheet gives none [1/K].
        voltage: Per cell, for an array that is held at a fixed voltage (direct energy transfer); None follows the maximum-power point.
    """
    if voltage is None:
        density = max_power(cell, irradiance, temperature, fluence, coefficient)
    else:
        density = fixed_voltage_power(cell, voltage, irradiance, temperature, fluence)
    return area * packing * factor * density


def wing_temperature(
    solar_front: ArrayLike,
    drawn: ArrayLike = 0.0,
    *,
    sink: ArrayLike,
    solar_back: ArrayLike = 0.0,
    infrared_front: ArrayLike = 0.0,
    infrared_back: ArrayLike = 0.0,
    absorptance_front: float = 0.88,
    emittance_front: float = 0.80,
    absorptance_back: float = 0.95,
    emittance_back: float = 0.90,
    sigma: float = STEFAN_BOLTZMANN,
) -> NDArray[np.float64]:
    """Steady temperature of a thin flat wing that sees nothing but Sun, planet and space [K]; arguments broadcast.

    One temperature through the thickness and no heat capacity: right in long sunlight, too cold in eclipse, too quick at its edges.
    Electricity drawn leaves the cell as electricity and is taken from the absorbed heat.

    Args:
        solar_front: Sunlight and albedo on the cells [W/m2 of planform].
        drawn: Electricity drawn per planform area [W/m2].
        solar_back: Sunlight and albedo on the back [W/m2].
        infrared_front: Planet infrared on the front [W/m2]; absorbed with the infrared emittance.
        infrared_back: The same on the back [W/m2].
        absorptance_front, emittance_front: Defaults of gallium arsenide cells, Fortescue et al., 4th ed., table 11.3.
        absorptance_back, emittance_back: Defaults of black polyurethane paint, same table.
        sink: Temperature of what the wing sees besides [K]; space in flight.
    """
    absorbed = absorptance_front * np.asarray(solar_front) + absorptance_back * np.asarray(solar_back) - np.asarray(drawn)
    absorbed = absorbed + emittance_front * np.asarray(infrared_front) + emittance_back * np.asarray(infrared_back)
    fourth = np.maximum(absorbed, 0.0) / (sigma * (emittance_front + emittance_back)) + np.asarray(sink, dtype=float) ** 4
    return np.asarray(fourth**0.25)
