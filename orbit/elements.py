"""Constants of the Earth and closed formulas of motion about it. Angles in radians, everything SI.

Elements refer to the mean equator and equinox of date; positions elsewhere in this package are GCRF.
"""

from datetime import UTC, datetime
from math import pi
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
MU = 398600.4418e9  #: m3/s2, Earth's gravitational parameter, WGS 84 (NIMA TR8350.2)
J2 = 1.08262668e-3  #: -, second zonal harmonic of the Earth (JGM-3; Vallado, Fundamentals of Astrodynamics)
EARTH_RADIUS = 6378137.0  #: m, equatorial radius, WGS 84
TROPICAL_YEAR = 365.2422 * 86400.0  #: s
LOWEST_ALTITUDE = 150e3  #: m, below it an orbit decays within a revolution or so

Epoch = datetime | Literal["hottest", "coldest", "longest_eclipse"] | None
DEFAULT_EPOCH = datetime(2027, 3, 20, 20, 25, tzinfo=UTC)  #: March equinox of 2027
WALK_START = datetime(2027, 1, 1, tzinfo=UTC)  #: start of the year in which "hottest" and its like are looked for


def check_altitude(altitude: float, name: str = "orbit.altitude") -> None:
    """Refuse orbits that are inside the planet or would not last, by name [m].

    Raises:
        ValueError: below the surface, or below 150 km.
    """
    if altitude < 0:
        raise ValueError(f"{name} {altitude / 1e3:g} km is below the surface; altitudes count from the planet radius")
    if not altitude >= LOWEST_ALTITUDE:
        raise ValueError(f"{name} {altitude / 1e3:g} km is below 150 km, where an orbit decays within about a revolution")


def mean_motion(altitude: ArrayLike, radius: float = EARTH_RADIUS, mu: float = MU) -> Array:
    """Two-body angular rate [rad/s] of an orbit whose semi-major axis is `radius` + `altitude` [m]; any shape."""
    return np.sqrt(mu / (radius + np.asarray(altitude, dtype=float)) ** 3)


def period(altitude: ArrayLike, radius: float = EARTH_RADIUS, mu: float = MU) -> Array:
    """Two-body period [s]; `altitude` [m] of any shape.

    >>> round(float(period(550e3)), 3)
    5738.993
    """
    return 2 * pi / mean_motion(altitude, radius, mu)


def node_rate(semi_major_axis: ArrayLike, inclination: ArrayLike, eccentricity: ArrayLike = 0.0) -> Array:
    """Secular drift of the ascending node under J2 [rad/s]; arguments [m], [rad], [-] broadcast.

    Source:
        First-order theory, Vallado, Fundamentals of Astrodynamics, secular rates.
    """
    return -_j2_rate(semi_major_axis, eccentricity) * np.cos(inclination)


def perigee_rate(semi_major_axis: ArrayLike, inclination: ArrayLike, eccentricity: ArrayLike = 0.0) -> Array:
    """Secular drift of the argument of perigee under J2 [rad/s]; arguments as in `node_rate`."""
    return _j2_rate(semi_major_axis, eccentricity) * (2 - 2.5 * np.sin(inclination) ** 2)


def anomaly_rate(semi_major_axis: ArrayLike, inclination: ArrayLike, eccentricity: ArrayLike = 0.0) -> Array:
    """Secular drift of the mean anomaly under J2, beyond the two-body mean motion [rad/s]; arguments as in `node_rate`."""
    flattening = np.sqrt(1 - np.asarray(eccentricity, dtype=float) ** 2)
    return _j2_rate(semi_major_axis, eccentricity) * flattening * (1 - 1.5 * np.sin(inclination) ** 2)


def _j2_rate(semi_major_axis: ArrayLike, eccentricity: ArrayLike) -> Array:
    """Common factor 3/2 n J2 (R/p)^2 [rad/s]."""
    a = np.asarray(semi_major_axis, dtype=float)
    p = a * (1 - np.asarray(eccentricity, dtype=float) ** 2)
    return np.asarray(1.5 * np.sqrt(MU / a**3) * J2 * (EARTH_RADIUS / p) ** 2)


def sun_synchronous_inclination(altitude: ArrayLike, radius: float = EARTH_RADIUS) -> Array:
    """Inclination [rad] at which J2 turns the node once per tropical year; `altitude` [m] of any shape.

    Raises:
        ValueError: above about 5980 km, where no inclination does.

    >>> round(float(np.degrees(sun_synchronous_inclination(550e3))), 5)
    97.59295
    """
    a = radius + np.asarray(altitude, dtype=float)
    cosine = -(2 * pi / TROPICAL_YEAR) / _j2_rate(a, 0.0)
    if np.any(cosine < -1):
        raise ValueError(f"orbit.altitude {np.max(a - radius) / 1e3:g} km: no circular orbit above about 5980 km is sun-synchronous")
    return np.arccos(cosine)
