"""Closed-form sizes of array, battery and radiator; everything broadcasts, so a trade curve costs as much as one point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from power.bus.balance import FREE, Limits, Paths, swing
from power.constants import STEFAN_BOLTZMANN
from power.system.mass import ARRAY_AREAL_MASS, RADIATOR_AREAL_MASS


def array_power(
    load_day: ArrayLike, load_eclipse: ArrayLike, day: ArrayLike, eclipse: ArrayLike, day_path: ArrayLike, eclipse_path: ArrayLike
) -> NDArray[np.float64]:
    """Power that the array must give in sunlight [W]: (Pe Te / Xe + Pd Td / Xd) / Td; infinite without sunlight.

    Args:
        load_day, load_eclipse: Pd, Pe: load in sunlight and in eclipse [W].
        day, eclipse: Td, Te: their durations per orbit [s].
        day_path, eclipse_path: Xd, Xe: efficiency from array to load, straight and by way of the battery [-].

    Source:
        Wertz and Larson, Space Mission Analysis and Design, equation 11-5.
    """
    pd, pe, td, te = (np.asarray(x, dtype=float) for x in (load_day, load_eclipse, day, eclipse))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((pe * te / eclipse_path + pd * td / day_path) / td)


def array_area(power: ArrayLike, density: ArrayLike, margin: ArrayLike = 0.0) -> NDArray[np.float64]:
    """Planform area of the array [m2] for `power` [W] at `density` [W per m2 of planform], with a `margin` as a fraction."""
    return np.asarray(power, dtype=float) / np.asarray(density, dtype=float) * (1.0 + np.asarray(margin, dtype=float))


def pack_energy(load_eclipse: ArrayLike, eclipse: ArrayLike, depth: ArrayLike, discharge_path: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Energy of the full battery [J] that carries `load_eclipse` [W] through `eclipse` [s] at a depth of discharge `depth` [-].

    `discharge_path` is the efficiency from store to load [-].
    """
    energy = np.asarray(load_eclipse, dtype=float) * np.asarray(eclipse, dtype=float)
    return energy / (np.asarray(depth, dtype=float) * np.asarray(discharge_path, dtype=float))


def radiator_flux(
    temperature: ArrayLike,
    emittance: ArrayLike,
    *,
    sink: ArrayLike,
    faces: int = 2,
    absorptance: ArrayLike = 0.0,
    sunlight: ArrayLike = 0.0,
    infrared: ArrayLike = 0.0,
    sigma: float = STEFAN_BOLTZMANN,
) -> NDArray[np.float64]:
    """Heat that one square metre of radiator planform rejects [W/m2 of planform, all emitting faces together].

    Args:
        temperature: Of the radiator, uniform (no fin losses) [K].
        emittance: Infrared emittance; also the absorptance for the planet's infrared.
        faces: How many faces emit, 1 or 2.
        absorptance: Solar absorptance.
        sunlight: Sunlight and albedo on the emitting faces, summed over them [W/m2].
        infrared: Planet infrared on the emitting faces, summed over them [W/m2].
        sink: Temperature of what the faces see besides [K].

    Raises:
        ValueError: neither one face nor two.
    """
    if faces not in (1, 2):
        raise ValueError(f"faces must be 1 or 2, not {faces}")
    t, eps = np.asarray(temperature, dtype=float), np.asarray(emittance, dtype=float)
    emitted = faces * eps * sigma * (t**4 - np.asarray(sink, dtype=float) ** 4)
    return np.asarray(emitted - np.asarray(absorptance) * np.asarray(sunlight) - eps * np.asarray(infrared))


def radiator_area(heat: ArrayLike, flux: ArrayLike) -> NDArray[np.float64]:
    """Planform area of the radiator [m2] for `heat` [W] at `flux` from `radiator_flux`; infinite where that is not positive."""
    q = np.asarray(flux, dtype=float)
    return np.asarray(heat, dtype=float) * np.divide(1.0, q, out=np.full(q.shape, np.inf), where=q > 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class QuickSizes:
    """Closed-form sizes; every field has the common shape of the inputs."""

    array_power: NDArray[np.float64]  #: W at the array's terminals, in sunlight
    array_area: NDArray[np.float64]  #: m2 of planform
    array_mass: NDArray[np.float64]  #: kg
    pack_energy: NDArray[np.float64]  #: J when full
    pack_mass: NDArray[np.float64]  #: kg; cells times the given pack factor
    radiator_flux: NDArray[np.float64]  #: W/m2 of planform
    radiator_area: NDArray[np.float64]  #: m2 of planform
    radiator_mass: NDArray[np.float64]  #: kg


def quick(
    *,
    period: ArrayLike,
    eclipse: ArrayLike,
    load_day: ArrayLike,
    load_eclipse: ArrayLike,
    heat: ArrayLike,
    array_density: ArrayLike,
    paths: Paths,
    depth: ArrayLike,
    specific_energy: ArrayLike,
    flux: ArrayLike,
    array_margin: ArrayLike = 0.0,
    array_areal_mass: ArrayLike = ARRAY_AREAL_MASS,
    pack_factor: ArrayLike = 1.0,
    radiator_areal_mass: ArrayLike = RADIATOR_AREAL_MASS,
) -> QuickSizes:
    """Array, battery and radiator of a constant load by closed forms; all arguments broadcast.

    Args:
        period, eclipse: Of the orbit and of its shadow [s].
        load_day, load_eclipse: Electrical load [W].
        heat: Heat for the radiator [W].
        array_density: Power of the array in sunlight [W/m2 of planform], from `array.available_power` with an area of 1.
        paths: Efficiencies of the bus.
        depth: Depth of discharge [-].
        specific_energy: Of the bare battery cells [J/kg].
        flux: Of the radiator, from `radiator_flux` [W/m2 of planform].
    """
    dark = np.asarray(eclipse, dtype=float)
    day = np.asarray(period, dtype=float) - dark
    power = array_power(load_day, load_eclipse, day, dark, paths.array_to_load, paths.through_battery)
    area = array_area(power, array_density, array_margin)
    pack = pack_energy(load_eclipse, dark, depth, paths.discharge * paths.battery_to_load)
    radiator = radiator_area(heat, flux)
    found = (
        power,
        area,
        area * np.asarray(array_areal_mass),
        pack,
        pack / np.asarray(specific_energy) * np.asarray(pack_factor),
        np.asarray(flux, dtype=float),
        radiator,
        radiator * np.asarray(radiator_areal_mass),
    )
    return QuickSizes(*np.broadcast_arrays(*found))


def smallest_array(
    times: ArrayLike, density: ArrayLike, load: ArrayLike, paths: Paths, limits: Limits = FREE, tolerance: float = 1e-10
) -> float:
    """Smallest planform area [m2] whose energy over the orbit suffices, with a battery as large as it takes; infinite when none does.

    Args:
        times: (n,) s, as `bus.balance`.
        density: (n,) power of one square metre of array [W/m2].
        load: (n,) W.
        paths: Efficiencies.
        limits: Of the battery.
        tolerance: Relative width at which the bracket counts as closed; the upper end is returned, so that the orbit closes.
    """
    d = np.asarray(density, dtype=float)

    def gain(area: float) -> float:
        return swing(times, area * d, load, paths, limits)[0]

    if gain(0.0) >= 0.0:
        return 0.0
    energy = float(np.trapezoid(d, np.asarray(times, dtype=float)))
    if energy <= 0.0:
        return float("inf")
    high = float(np.trapezoid(np.asarray(load, dtype=float), np.asarray(times, dtype=float))) / (energy * paths.through_battery)
    for _ in range(60):
        if gain(high) >= 0.0:
            break
        high *= 2.0
    else:
        return float("inf")
    near = float(brentq(gain, 0.0, high, xtol=0.25 * tolerance * high, rtol=max(0.25 * tolerance, 1e-15)))
    low, above = 0.0, near * (1.0 + 0.5 * tolerance)
    if above < high and gain(above) >= 0.0:  # the secants landed within the tolerance, on the side that closes
        high, low = above, near * (1.0 - 0.5 * tolerance)
    while high - low > 1.000001 * tolerance * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if gain(middle) >= 0.0 else (middle, high)
    return high


def smallest_pack(times: ArrayLike, available: ArrayLike, load: ArrayLike, paths: Paths, depth: float, limits: Limits = FREE) -> float:
    """Smallest battery [J when full] that serves the load of every orbit at a depth of discharge of at most `depth` [-].

    Where the array is too small no battery does; the result is then that of a single orbit.
    """
    return swing(times, available, load, paths, limits)[1] / depth
