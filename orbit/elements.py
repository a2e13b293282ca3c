"""Circular orbits as the case file states them, and the closed formulas of their motion. Angles in radians, everything SI.

Elements refer to the mean equator and equinox of date; positions elsewhere in this package are GCRF.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import pi
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Interval, Lt
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular:
    """Circular orbit by altitude, inclination and node."""

    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files
    kind: Literal["circular"] = "circular"
    altitude: Annotated[float, "km", Ge(LOWEST_ALTITUDE)]  #: height above the planet radius
    inclination: Annotated[float, "deg", Interval(ge=0.0, le=pi)]  #: to the equator of date
    raan: Annotated[float, "deg", Interval(ge=-2 * pi, le=2 * pi)] = 0.0  #: right ascension of the ascending node, at the epoch
    epoch: Epoch = None  #: UTC, or "hottest", "coldest", "longest_eclipse" of the year

    def __post_init__(self) -> None:
        check_altitude(self.altitude)
        if not 0 <= self.inclination <= pi:
            raise ValueError(f"orbit.inclination {np.degrees(self.inclination):g} deg must lie between 0 and 180 deg")


@dataclass(frozen=True, slots=True, kw_only=True)
class SunSynchronous:
    """Circular orbit whose node follows the mean Sun; the inclination follows from the altitude."""

    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files
    kind: Literal["sun_synchronous"] = "sun_synchronous"
    altitude: Annotated[float, "km", Ge(LOWEST_ALTITUDE)]  #: height above the planet radius
    ltan: Annotated[float, "h", Ge(0.0), Lt(86400.0)] | None = None  #: local mean solar time of the ascending node
    ltdn: Annotated[float, "h", Ge(0.0), Lt(86400.0)] | None = None  #: or of the descending node, 12 h later
    epoch: Epoch = None  #: UTC, or "hottest", "coldest", "longest_eclipse" of the year

    def __post_init__(self) -> None:
        check_altitude(self.altitude)
        if (self.ltan is None) == (self.ltdn is None):
            raise ValueError(
                "orbit.ltan: give the local time of the ascending node (ltan_h) or of the descending one (ltdn_h), one of the two"
            )
        if not 0 <= self.node_time < 86400 or not 0 <= (self.ltdn or 0.0) < 86400:
            raise ValueError("orbit.ltan: a local time must lie between 0 and 24 h")
        sun_synchronous_inclination(self.altitude)

    @property
    def node_time(self) -> float:
        """Local mean solar time of the ascending node [s]."""
        if self.ltan is not None:
            return self.ltan
        return ((self.ltdn or 0.0) + 43200.0) % 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta:
    """Circular orbit by the angle between its plane and the Sun; no epoch, no equator."""

    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files
    kind: Literal["beta"] = "beta"
    altitude: Annotated[float, "km", Ge(LOWEST_ALTITUDE)]  #: height above the planet radius
    beta: Annotated[float, "deg", Interval(ge=-pi / 2, le=pi / 2)]  #: angle from orbit plane to Sun, positive towards the orbit normal

    def __post_init__(self) -> None:
        check_altitude(self.altitude)
        if not abs(self.beta) <= pi / 2:
            raise ValueError(f"orbit.beta {np.degrees(self.beta):g} deg must lie between -90 and 90 deg")


def check_altitude(altitude: float, name: str = "orbit.altitude") -> None:
    """Refuse orbits that are inside the planet or would not last, by name [m]."""
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
