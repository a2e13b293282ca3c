"""Kepler's equation, and mean elements that drift under J2."""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from orbit.elements import MU, anomaly_rate, node_rate, perigee_rate

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeanElements:
    """Elements at t = 0 and their constant rates; equator and equinox of date."""

    semi_major_axis: float  #: m
    eccentricity: float
    inclination: float  #: rad
    raan: float  #: rad
    perigee: float  #: rad, argument of perigee
    anomaly: float  #: rad, mean anomaly
    raan_rate: float = 0.0  #: rad/s
    perigee_rate: float = 0.0  #: rad/s
    anomaly_rate: float = 0.0  #: rad/s, mean motion included

    def at(self, t: float) -> "MeanElements":
        """The same orbit with its zero moved to `t` [s]."""
        moved = (self.raan + self.raan_rate * t, self.perigee + self.perigee_rate * t, self.anomaly + self.anomaly_rate * t)
        return MeanElements(
            self.semi_major_axis, self.eccentricity, self.inclination, *moved, self.raan_rate, self.perigee_rate, self.anomaly_rate
        )

    def frozen(self) -> "MeanElements":
        """The same ellipse without drift: two-body motion."""
        n = float(np.sqrt(MU / self.semi_major_axis**3))
        return MeanElements(
            self.semi_major_axis, self.eccentricity, self.inclination, self.raan, self.perigee, self.anomaly, anomaly_rate=n
        )

    def state(self, t: Array) -> tuple[Array, Array]:
        """Position (n, 3) [m] and two-body velocity (n, 3) [m/s] at times `t` (n,) [s]."""
        t = np.asarray(t, dtype=float)
        a, e = self.semi_major_axis, self.eccentricity
        E = solve_kepler(self.anomaly + self.anomaly_rate * t, e)
        root = np.sqrt(1 - e**2)
        towards, across = plane_axes(self.inclination, self.raan + self.raan_rate * t, self.perigee + self.perigee_rate * t)
        speed = np.sqrt(MU / a) / (1 - e * np.cos(E))
        position = (a * (np.cos(E) - e))[:, None] * towards + (a * root * np.sin(E))[:, None] * across
        velocity = (-speed * np.sin(E))[:, None] * towards + (speed * root * np.cos(E))[:, None] * across
        return position, velocity


def mean_elements(
    semi_major_axis: float, eccentricity: float, inclination: float, raan: float, perigee: float = 0.0, anomaly: float = 0.0
) -> MeanElements:
    """Mean elements [m], [-], [rad] with the secular rates of J2."""
    shape = (semi_major_axis, inclination, eccentricity)
    n = np.sqrt(MU / semi_major_axis**3)
    rates = (float(node_rate(*shape)), float(perigee_rate(*shape)), float(n + anomaly_rate(*shape)))
    return MeanElements(semi_major_axis, eccentricity, inclination, raan, perigee, anomaly, *rates)


def solve_kepler(mean_anomaly: Array, eccentricity: float) -> Array:
    """Eccentric anomaly E (n,) [rad] of E - e sin E = M, to round-off for every e < 1.

    Source:
        Newton from M + 0.85 e sign(M) (Danby, Fundamentals of Celestial Mechanics), steps limited to one radian.
    """
    M = np.asarray(mean_anomaly, dtype=float)
    turn = 2 * pi * np.round(M / (2 * pi))
    M = M - turn
    E = M + eccentricity * np.sign(M) * (0.85 if eccentricity else 0.0)
    for _ in range(50):
        step = (E - eccentricity * np.sin(E) - M) / (1 - eccentricity * np.cos(E))
        E = E - np.clip(step, -1.0, 1.0)
        if np.all(np.abs(step) < 1e-14):
            break
    return np.asarray(E + turn)


def plane_axes(inclination: float, raan: Array, perigee: Array) -> tuple[Array, Array]:
    """Unit vectors (n, 3) towards the perigee and 90 degrees ahead of it."""
    c, s = np.cos(raan), np.sin(raan)
    ci, si = np.cos(inclination), np.sin(inclination)
    node = np.stack([c, s, np.zeros_like(c)], axis=-1)
    ahead = np.stack([-s * ci, c * ci, np.full_like(c, si)], axis=-1)
    cw, sw = np.cos(perigee)[..., None], np.sin(perigee)[..., None]
    return cw * node + sw * ahead, cw * ahead - sw * node
