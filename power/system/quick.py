"""Closed-form sizes for a [power] table: no mesh, no time steps."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.solar.array import wing_temperature
from power.system import mass, sizing
from power.system.array_power import array_density
from power.system.battery_response import aged
from power.system.settings import Power
from power.system.sizing import QuickSizes


def quick_sizes(
    power: Power,
    *,
    period: ArrayLike,
    eclipse: ArrayLike,
    solar: ArrayLike,
    load_day: ArrayLike,
    load_eclipse: ArrayLike,
    heat: ArrayLike,
    flux: ArrayLike,
    sink: ArrayLike,
    cosine: ArrayLike = 1.0,
    radiator_areal_mass: ArrayLike = mass.RADIATOR_AREAL_MASS,
) -> QuickSizes:
    """Closed-form sizes for the [power] table and the life that it is sized for; arguments broadcast (see `sizing.quick`).

    No mesh, no time steps.

    Args:
        power: The [power] table; `base_load` is added to both loads and to the heat.
        period, eclipse: [s].
        solar: Sunlight [W/m2].
        load_day, load_eclipse: Compute and heaters [W].
        heat: For the radiator [W], without the base load.
        flux: From `sizing.radiator_flux` [W/m2 of planform].
        sink: Temperature of what a free wing sees besides Sun and planet [K].
        cosine: Mean cosine of incidence on the array in sunlight.

    Raises:
        ValueError: the battery's source gives no specific energy, or the cell's data do not reach the asked temperature or fluence.
    """
    power = power.design
    if power.battery_cell.specific_energy is None:
        raise ValueError(f"battery '{power.battery}' has no specific energy in its source; choose another cell")
    light = np.asarray(solar, dtype=float) * np.asarray(cosine, dtype=float)
    areal = mass.ARRAY_AREAL_MASS if power.array_areal_mass is None else power.array_areal_mass
    return sizing.quick(
        period=period,
        eclipse=eclipse,
        load_day=np.asarray(load_day, dtype=float) + power.base_load,
        load_eclipse=np.asarray(load_eclipse, dtype=float) + power.base_load,
        heat=np.asarray(heat, dtype=float) + power.base_load,
        array_density=array_density(power, light, _quick_temperature(power, light, sink)),
        paths=power.paths,
        depth=power.max_depth_of_discharge * aged(power, period, eclipse),
        specific_energy=power.battery_cell.specific_energy,
        flux=flux,
        array_margin=power.array_margin,
        array_areal_mass=areal,
        pack_factor=1.0 if power.pack_factor is None else power.pack_factor,
        radiator_areal_mass=radiator_areal_mass,
    )


def _quick_temperature(power: Power, light: NDArray[np.float64], sink: ArrayLike) -> NDArray[np.float64]:
    """Given cell temperature, else that of a free wing in sunlight from which everything available is drawn."""
    if power.array_temperature is not None:
        return np.full(light.shape, power.array_temperature)
    warm = wing_temperature(light, sink=sink)
    for _ in range(20):
        warm = wing_temperature(light, array_density(power, light, warm), sink=sink)
    return warm
