"""The year of an orbit: beta angle, sunlight and eclipse instant by instant, with J2 node drift; seasons and worst cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS, WALK_START
from orbit.frames import DAY
from orbit.kepler import MeanElements, plane_axes, solve_kepler
from orbit.planet import sphere_view_factor
from orbit.shadow import eclipse_fraction, margins
from orbit.sun import beta_angle, orbit_normal, solar_flux, sun_of_date
from orbit.track import MeanOrbit, refuse_incomplete

Array = NDArray[np.float64]
YEAR = 365.25  #: d, length of the walk
STEP = 0.25  #: d between its instants


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """A walk through the year or the mission, one entry per instant."""

    start: datetime  #: UTC of day 0
    days: Array  #: (n,) d since the start
    beta: Array  #: (n,) rad
    distance: Array  #: (n,) m to the Sun
    solar: Array  #: (n,) W/m2 with the season, 1361 W/m2 at 1 AU
    eclipse: Array  #: (n,) s per revolution, cylinder
    period: float  #: s
    semi_major_axis: float  #: m

    def epoch(self, index: int) -> datetime:
        """UTC of an entry."""
        return self.start + timedelta(days=float(self.days[index]))

    def longest(self) -> int:
        """Entry with the longest eclipse; without any, the one whose beta angle is nearest to zero."""
        return int(np.argmax(self.eclipse / self.period - 1e-9 * np.abs(self.beta)))

    def seasons(self) -> list[tuple[float, float]]:
        """Eclipse seasons: first and last day [d since the start] of each run of entries with an eclipse, to half a step.

        A season that the walk cuts off begins or ends with the walk.
        """
        dark = self.eclipse > 0
        first = np.flatnonzero(dark & ~np.concatenate([[False], dark[:-1]]))
        last = np.flatnonzero(dark & ~np.concatenate([dark[1:], [False]]))
        half = (self.days[1] - self.days[0]) / 2
        end = float(self.days[-1] + 2 * half)
        return [(float(max(self.days[a] - half, 0.0)), float(min(self.days[b] + half, end))) for a, b in zip(first, last, strict=True)]

    def rows(self) -> list[dict[str, float | str]]:
        """One row per instant for a CSV: date, beta_deg, solar_W_m2, eclipse_min, sunlit_fraction."""
        return [
            {
                "date": f"{self.epoch(i):%Y-%m-%dT%H:%MZ}",
                "beta_deg": float(np.degrees(self.beta[i])),
                "solar_W_m2": float(self.solar[i]),
                "eclipse_min": float(self.eclipse[i] / 60),
                "sunlit_fraction": float(1 - self.eclipse[i] / self.period),
            }
            for i in range(len(self.days))
        ]


def calendar(
    orbit: MeanOrbit, start: datetime = WALK_START, days: float = YEAR, step: float = STEP, radius: float = EARTH_RADIUS
) -> Calendar:
    """Walk `days` [d] from `start` in steps of `step` [d].

    Eclipses are those of a cylinder: closed form for circular orbits, sampled over the ellipse to about a second otherwise.

    Raises:
        TypeError: a kind of orbit without mean elements.
    """
    refuse_incomplete(orbit, MeanOrbit, "be carried through a year")
    at = np.arange(0.0, days, step)
    elements = orbit.elements_at(start, radius)
    sun = sun_of_date(start, at * DAY)
    a, node = elements.semi_major_axis, elements.raan + elements.raan_rate * at * DAY
    beta = beta_angle(orbit_normal(elements.inclination, node), sun)
    distance = np.linalg.norm(sun, axis=-1)
    period = 2 * np.pi / elements.frozen().anomaly_rate
    if elements.eccentricity == 0:
        dark = period * eclipse_fraction(a - radius, beta, radius)
    else:
        dark = period * _elliptic_fraction(elements, at * DAY, sun, radius)
    return Calendar(start, at, beta, distance, solar_flux(distance), dark, float(period), a)


def _elliptic_fraction(elements: MeanElements, t: Array, sun: Array, radius: float, samples: int = 720) -> Array:
    """Part (n,) of the revolution at each time `t` (n,) [s] spent in the cylinder, by linear crossing between even steps of time."""
    e, a = elements.eccentricity, elements.semi_major_axis
    anomaly = solve_kepler(np.linspace(0.0, 2 * np.pi, samples + 1), e)
    towards, across = plane_axes(elements.inclination, elements.raan + elements.raan_rate * t, elements.perigee + elements.perigee_rate * t)
    inside = np.empty(len(t))
    for part in np.array_split(np.arange(len(t)), max(1, len(t) // 100)):
        x, y = a * (np.cos(anomaly) - e), a * np.sqrt(1 - e**2) * np.sin(anomaly)
        position = x[:, None] * towards[part, None, :] + y[:, None] * across[part, None, :]
        depth = -margins(position, sun[part, None, :], radius, "cylinder")[0]
        left, right = depth[:, :-1], depth[:, 1:]
        high, low = np.maximum(left, right), np.minimum(left, right)
        share = np.where(low > 0, 1.0, np.where(high <= 0, 0.0, high / np.maximum(high - low, 1e-300)))
        inside[part] = np.mean(share, axis=1)
    return inside


def sphere_heat(year: Calendar, albedo: float, radius: float, solar: float | None = None) -> Array:
    """Orbit mean of sunlight and albedo on a small sphere, per area (n,) [W/m2]; `solar` [W/m2] replaces the seasonal flux.

    Source:
        Direct S/4 outside the shadow; albedo a S F cos(Sun zenith) over the lit half of the orbit, whose mean is cos(beta)/pi.
    """
    flux = year.solar if solar is None else np.full_like(year.solar, solar)
    reflected = albedo * sphere_view_factor(year.semi_major_axis / radius) * np.cos(year.beta) / np.pi
    return np.asarray(flux * ((1 - year.eclipse / year.period) / 4 + reflected))


def worst_epoch(orbit: MeanOrbit, which: str, albedo: float, radius: float, solar: float | None) -> datetime:
    """UTC of the "hottest" or "coldest" revolution of the year for a small sphere, or of the "longest_eclipse"."""
    year = calendar(orbit, radius=radius)
    if which == "longest_eclipse":
        return year.epoch(year.longest())
    heat = sphere_heat(year, albedo, radius, solar)
    return year.epoch(int(np.argmax(heat) if which == "hottest" else np.argmin(heat)))
