"""One revolution of a satellite about the planet, with the Sun held still meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from orbit.elements import DEFAULT_EPOCH, WALK_START, Beta, Circular, SunSynchronous, period, sun_synchronous_inclination
from orbit.ephemeris import revolution
from orbit.frames import mean_sun_right_ascension, of_date_to_gcrf, utc
from orbit.kepler import Keplerian, MeanElements, mean_elements
from orbit.oem import Oem, read_oem
from orbit.sun import AU, beta_angle, orbit_normal, sun_position
from orbit.tle import Tle, age_warning, element_epoch, tle_elements, tle_period, tle_state

Array = NDArray[np.float64]
Orbit = Circular | SunSynchronous | Beta | Keplerian | Tle | Oem
STILL = "the Sun and the orbit plane stand still during a revolution"


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Where satellite and Sun are over one period; vectors in GCRF (for a beta orbit in a frame of its own, Sun along +x)."""

    period: float  #: s
    state: Callable[[Array], tuple[Array, Array]]  #: times (n,) [s] -> position (n, 3) [m], velocity (n, 3) [m/s]
    sun: Array  #: (3,) m from the planet's centre
    normal: Array  #: (3,) unit angular momentum at t = 0
    pole: Array  #: (3,) unit, the planet's axis
    inclination: float  #: rad; nan for a beta orbit
    epoch: datetime | None  #: UTC of t = 0 within a revolution; None for a beta orbit
    assumptions: tuple[str, ...]

    @property
    def beta(self) -> float:
        """Angle from orbit plane to Sun [rad]."""
        return float(beta_angle(self.normal, self.sun))


def circular_track(
    altitude: float,
    normal: Array,
    sun: Array,
    pole: Array,
    inclination: float,
    epoch: datetime | None,
    radius: float,
    assumptions: tuple[str, ...],
) -> Track:
    """Circular orbit from its plane, with t = 0 at orbit noon."""
    a, T = radius + altitude, float(period(altitude, radius))
    noon = _noon(normal, sun)
    dusk = np.cross(normal, noon)

    def state(t: Array) -> tuple[Array, Array]:
        u = 2 * np.pi / T * np.asarray(t, dtype=float)[..., None]
        position = a * (np.cos(u) * noon + np.sin(u) * dusk)
        velocity = 2 * np.pi * a / T * (np.cos(u) * dusk - np.sin(u) * noon)
        return position, velocity

    return Track(T, state, sun, normal, pole, inclination, epoch, (*assumptions, f"circular orbit, {STILL}"))


def _noon(normal: Array, sun: Array) -> Array:
    """Direction of orbit noon; any direction in the plane when the Sun stands on the orbit normal."""
    inside = sun - (sun @ normal) * normal
    if np.linalg.norm(inside) < 1e-9 * np.linalg.norm(sun):
        inside = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    return np.asarray(inside / np.linalg.norm(inside))


def track(orbit: Orbit, epoch: datetime | None, radius: float) -> Track:
    """The revolution of `orbit` at `epoch` around a planet of `radius` [m].

    Without an epoch: the March equinox of 2027, or for two-line elements and ephemerides their own.
    """
    if isinstance(orbit, Beta):
        normal = np.array([np.sin(orbit.beta), 0.0, np.cos(orbit.beta)])
        sun = np.array([AU, 0.0, 0.0])
        said: tuple[str, ...] = ("the Sun is at 1 AU for the shadow",)
        return circular_track(orbit.altitude, normal, sun, np.array([0.0, 0.0, 1.0]), np.nan, None, radius, said)
    if isinstance(orbit, Tle | Oem):
        return _flown_track(orbit, epoch)
    said = ()
    if epoch is None:
        epoch, said = DEFAULT_EPOCH, ("no epoch given: geometry of the March equinox, 2027-03-20 20:25 UTC",)
    elif isinstance(orbit.epoch, str):
        said = (f"epoch {orbit.epoch}: {epoch:%Y-%m-%d %H:%M} UTC, from a walk over a year from {WALK_START:%Y-%m-%d}",)
    elements = elements_at(orbit, epoch, radius)
    to_gcrf = of_date_to_gcrf(epoch)
    normal = to_gcrf @ orbit_normal(elements.inclination, elements.raan)
    sun, pole = sun_position(epoch), to_gcrf[:, 2]
    if not isinstance(orbit, Keplerian):
        return circular_track(orbit.altitude, normal, sun, pole, elements.inclination, epoch, radius, said)
    ellipse = elements.frozen()

    def state(t: Array) -> tuple[Array, Array]:
        position, velocity = ellipse.state(t)
        return position @ to_gcrf.T, velocity @ to_gcrf.T

    period = float(2 * np.pi / ellipse.anomaly_rate)
    said = (*said, f"two-body ellipse, {STILL}")
    return Track(period, state, sun, normal, pole, elements.inclination, epoch, said)


def _flown_track(orbit: Tle | Oem, epoch: datetime | None) -> Track:
    """One revolution of two-line elements or of an ephemeris, taken as closed."""
    if isinstance(orbit, Tle):
        said: tuple[str, ...] = () if epoch is not None else ("no epoch given: that of the two-line elements",)
        when = epoch or element_epoch(orbit)
        state, period = partial(tle_state, orbit, when), tle_period(orbit)
        said = (*said, *age_warning(orbit, when))
    else:
        table = read_oem(orbit.file)
        said = () if epoch is not None else ("no epoch given: the start of the ephemeris",)
        when = epoch or table.start
        state, period = partial(table.state, when), revolution(table, when)
        said = (*said, *table.words(when, period))
    ends = state(np.array([0.0, period]))
    gap = float(np.linalg.norm(ends[0][1] - ends[0][0]))
    normal = np.cross(ends[0][0], ends[1][0])
    normal = normal / np.linalg.norm(normal)
    pole = of_date_to_gcrf(when)[:, 2]
    said = (*said, f"the revolution is taken as closed, its ends are {gap / 1e3:.1f} km apart; the Sun stands still meanwhile")
    return Track(period, state, sun_position(when), normal, pole, float(np.arccos(normal @ pole)), when, said)


def elements_at(orbit: Circular | SunSynchronous | Keplerian | Tle, epoch: datetime, radius: float) -> MeanElements:
    """Mean elements at `epoch`, equator and equinox of date, with J2 rates.

    Elements stand as given at the orbit's own epoch (a named epoch: at the start of the walk) and drift by J2. A sun-synchronous node keeps
    its local time. Circular orbits count their anomaly from the node and start there; the case's t = 0 at noon is up to `track`.
    """
    if isinstance(orbit, SunSynchronous):
        tilt = float(sun_synchronous_inclination(orbit.altitude, radius))
        node = mean_sun_right_ascension(epoch) + 2 * np.pi * (orbit.node_time / 86400.0 - 0.5)
        return mean_elements(radius + orbit.altitude, 0.0, tilt, node)
    if isinstance(orbit, Tle):
        return tle_elements(orbit).at((utc(epoch) - element_epoch(orbit)).total_seconds())
    if isinstance(orbit, Circular):
        given = mean_elements(radius + orbit.altitude, 0.0, orbit.inclination, orbit.raan)
    else:
        orbit.check(radius)
        given = mean_elements(
            orbit.semi_major_axis, orbit.eccentricity, orbit.inclination, orbit.raan, orbit.argument_of_perigee, orbit.mean_anomaly
        )
    start = WALK_START if isinstance(orbit.epoch, str) else orbit.epoch or epoch
    return given.at((utc(epoch) - utc(start)).total_seconds())
