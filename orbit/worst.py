"""Worst cases of a face over the year: incident heat against the calendar."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from orbit.attitude.pointing import AttitudeKind
from orbit.calendar import Calendar, calendar
from orbit.chords import Normals, mean_irradiance
from orbit.elements import WALK_START
from orbit.environment import Environment, environment
from orbit.kinds.analytic import Beta
from orbit.settings import EnvironmentSettings, base_fluxes
from orbit.shadow import critical_beta
from orbit.track import MeanOrbit, OrbitKind

Array = NDArray[np.float64]
PLACES = 33  #: beta angles, or dates of an eccentric orbit, at which a revolution is computed; between them the means are interpolated


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Flat faces, and what each counts."""

    normals: Callable[[Environment], Array]  #: (f, 3) or (n, f, 3) outward, body axes, over a revolution; see `irradiance`
    absorbing: Array  #: (f,) solar absorptance, times area where heat is wanted in W [- or m2]
    emitting: Array  #: (f,) infrared emittance, likewise


@dataclass(frozen=True, slots=True, eq=False)
class FaceYear:
    """Orbit-mean heat on one or more faces through the calendar."""

    calendar: Calendar
    heat: Array  #: (n,) absorbed with the given weights: W/m2 for one face, W for faces with areas

    def hottest(self) -> int:
        """Entry with most heat."""
        return int(np.argmax(self.heat))

    def coldest(self) -> int:
        """Entry with least heat."""
        return int(np.argmin(self.heat))


def orbit_means(env: Environment, normals: Normals) -> Array:
    """Time means over the revolution of direct, albedo and infrared on faces: (3, f) [W/m2]; `normals` as in `mean_irradiance`."""
    flux = mean_irradiance(env, normals)
    return np.stack([np.trapezoid(x, env.times, axis=0) / env.period for x in (flux.direct, flux.albedo, flux.infrared)])


def face_year(
    orbit: MeanOrbit,
    settings: EnvironmentSettings,
    attitude: AttitudeKind,
    normal: Array,
    absorptance: float = 1.0,
    emittance: float = 1.0,
    start: datetime = WALK_START,
    days: float = 365.25,
) -> FaceYear:
    """Mean heat on the face with outward `normal` (3,) over each revolution of the walk [W/m2].

    Args:
        absorptance, emittance: Weights of sunlight and albedo, and of Earth infrared [-].
        start, days: The walk, UTC and [d].

    The season enters the solar flux only when the settings ask for it (solar = "seasonal").
    """
    faces = Faces(lambda env: np.asarray(normal)[None, :], np.array([absorptance]), np.array([emittance]))
    return faces_year(orbit, settings, attitude, faces, start, days)


def faces_year(
    orbit: MeanOrbit,
    settings: EnvironmentSettings,
    attitude: AttitudeKind,
    faces: Faces,
    start: datetime = WALK_START,
    days: float = 365.25,
) -> FaceYear:
    """Mean heat that faces absorb together over each revolution of the walk, nothing in the way of any.

    Args:
        faces: With weights in m2 the heat is in W, with those of one face and without its area in W/m2.
        start, days: The walk, UTC and [d].
    """
    year = calendar(orbit, start, days, radius=settings.planet_radius)
    solar, albedo, earth_ir = base_fluxes(settings)
    flux = year.solar if settings.solar == "seasonal" else np.full_like(year.solar, solar)
    plain = replace(settings, preset=None, solar=None, solar_flux=1.0, albedo=1.0, earth_ir=1.0)
    starry = attitude.starry or settings.earth_ir_by == "latitude" or settings.shadow == "oblate"
    if starry or not orbit.circular:
        index = np.unique(np.linspace(0, len(year.days) - 1, PLACES).round().astype(int))
        x, at = year.days, year.days[index]
        orbits: list[OrbitKind] = [orbit.at_date(year.epoch(i), settings.planet_radius) for i in index]
    else:
        x = year.beta
        at = _places(year, settings.planet_radius)
        orbits = [Beta(altitude=year.semi_major_axis - settings.planet_radius, beta=float(b)) for b in at]
    means = np.array([_weighed(environment(o, plain, attitude, steps=120), faces) for o in orbits])
    direct, reflected, infrared = (np.interp(x, at, column) for column in means.T)
    return FaceYear(year, flux * (direct + albedo * reflected) + earth_ir * infrared)


def _weighed(env: Environment, faces: Faces) -> Array:
    """Direct, albedo and infrared of a revolution with their weights, (3,)."""
    means = orbit_means(env, faces.normals)
    return np.array([means[0] @ faces.absorbing, means[1] @ faces.absorbing, means[2] @ faces.emitting])


def _places(year: Calendar, radius: float) -> Array:
    """Beta angles [rad] at which a revolution is computed: even ones, and closer ones about the critical angle, a kink of the heat."""
    low, high = float(np.min(year.beta)), float(np.max(year.beta))
    critical = float(critical_beta(year.semi_major_axis - radius, radius))
    near = critical + np.radians([-3.0, -1.0, -0.3, -0.1, 0.0, 0.1, 0.3, 1.0])
    kinks = np.concatenate([near, -near])
    return np.union1d(np.linspace(low, high, PLACES), kinks[(kinks > low) & (kinks < high)])
