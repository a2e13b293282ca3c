"""Solar array: sunlight on its plane, electricity it can give, and the temperature of a free wing."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.constants import STEFAN_BOLTZMANN
from power.solar.cell import Cell, max_power
from power.solar.curve import fixed_voltage_power

ASTRONOMICAL_UNIT = 149597870.7e3  # m, IAU 2012 resolution B2


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


def cell_heat(absorptance: float, irradiance: ArrayLike, area: float, drawn: ArrayLike) -> NDArray[np.float64]:
    """Heat that sunlight leaves in the cells [W]: what they absorb less the electricity `drawn` [W]. Power not drawn stays as heat."""
    return absorptance * np.asarray(irradiance, dtype=float) * area - np.asarray(drawn, dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class ArrayHeat:
    """Where the sunlight that cells absorbed goes, besides what is drawn [W]."""

    cells: NDArray[np.float64]  #: stays in the cells as heat
    shunt: NDArray[np.float64]  #: becomes heat of the part that carries the linear shunt


def array_heat(
    absorbed: ArrayLike, available: ArrayLike, drawn: ArrayLike, shunt: Literal["switching", "linear"] = "switching"
) -> ArrayHeat:
    """Heat left in the cells and heat of the shunt [W]; with `drawn` they add up to `absorbed`, and no watt is counted twice.

    Args:
        absorbed: Sunlight that the cells absorb [W].
        available: Electricity that the array could give where it stands [W].
        drawn: Electricity that the bus takes [W], at most `available`.
        shunt: "switching" (short-circuited strings) and off-peak tracking leave what is not drawn in the cells; "linear" takes all that is
            available from the cells and burns the surplus elsewhere.

    Raises:
        ValueError: more is drawn than is available, or more is available than was absorbed.
    """
    sun, give, take = (np.asarray(x, dtype=float) for x in (absorbed, available, drawn))
    slack = 1e-9 * np.maximum(np.abs(give), 1.0)
    if np.any(take > give + slack):
        raise ValueError(f"drawn power exceeds what is available by up to {np.max(take - give):.3g} W")
    if np.any(give > sun + slack):
        raise ValueError(
            f"available power exceeds the absorbed sunlight by up to {np.max(give - sun):.3g} W; absorptance is below efficiency"
        )
    surplus = np.maximum(give - take, 0.0) if shunt == "linear" else np.zeros(np.broadcast(give, take).shape)
    return ArrayHeat(sun - take - surplus, surplus)
