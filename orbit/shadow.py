"""The planet's shadow: closed form for sizing, the visible part of the solar disc, and the times of every crossing.

Everywhere a positive `margin` is an angle still outside the shadow. Three shapes: "cone" (umbra and penumbra of a sphere), "cylinder"
(parallel sunlight, a sphere), "oblate" (cone of the Earth's ellipsoid, by stretching space along the pole until it is a sphere; the
Sun's disc stays round).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orbit.elements import EARTH_RADIUS
from orbit.sun import SUN_RADIUS

Array = NDArray[np.float64]
Shape = Literal["cone", "cylinder", "oblate"]
FLATTENING = 1 / 298.257223563  #: -, WGS 84
SAMPLES = 720  #: places per revolution at which a crossing is looked for, before the minimum between them is refined


def critical_beta(altitude: ArrayLike, radius: float = EARTH_RADIUS) -> Array:
    """Beta angle [rad] above which a circular orbit at `altitude` [m] has no eclipse (cylinder).

    >>> round(float(np.degrees(critical_beta(550e3))), 5)
    67.01595
    """
    return np.arcsin(radius / (radius + np.asarray(altitude, dtype=float)))


def eclipse_fraction(altitude: ArrayLike, beta: ArrayLike, radius: float = EARTH_RADIUS) -> Array:
    """Part of a circular orbit spent in the planet's cylindrical shadow.

    Args:
        altitude: Height above `radius` [m].
        beta: Angle between orbit plane and Sun [rad]; broadcasts with `altitude`.

    Returns:
        Fraction between 0 and 0.5 [-]; zero above the critical beta angle.

    >>> round(float(eclipse_fraction(500e3, 0.0)), 3)
    0.378
    """
    h = np.asarray(altitude, dtype=float)
    horizon = np.sqrt(h**2 + 2 * radius * h) / (radius + h)
    return np.arccos(np.minimum(horizon / np.maximum(np.cos(beta), 1e-300), 1.0)) / np.pi


def margins(position: ArrayLike, sun: ArrayLike, radius: float = EARTH_RADIUS, shape: Shape = "cone") -> tuple[Array, Array]:
    """Angles left before penumbra and before umbra.

    Args:
        position: Satellite from the planet's centre, (..., 3) [m]; for "oblate" the third axis is the pole.
        sun: Sun from the planet's centre, (..., 3) [m]; broadcasts with `position`.

    Returns:
        Two arrays (...) [rad]; negative inside penumbra, inside umbra. Equal for the cylinder.
    """
    planet, disc, apart = _discs(position, sun, radius, shape)
    return apart - planet - disc, apart - planet + disc


def illumination(position: ArrayLike, sun: ArrayLike, radius: float = EARTH_RADIUS, shape: Shape = "cone") -> Array:
    """Part of the solar disc that is visible, 0 to 1 (uniformly bright disc); arguments as in `margins`.

    Source:
        Overlap of two discs, Montenbruck and Gill, Satellite Orbits, 3.4.2; the planet's limb enters with the curvature it has on
        the sphere of directions (tangent of its angular radius), which moves the result by 2e-4 at most.
    """
    planet, disc, apart = _discs(position, sun, radius, shape)
    if shape == "cylinder":
        return np.where(apart >= planet, 1.0, 0.0)
    limb = np.tan(np.minimum(planet, 1.5))
    c = np.maximum(apart - planet + limb, 1e-12)
    a, b = disc, limb
    x = np.clip((c**2 + a**2 - b**2) / (2 * c), -a, a)
    y = np.sqrt(a**2 - x**2)
    hidden = (a**2 * np.arctan2(y, x) + b**2 * np.arctan2(y, c - x) - c * y) / (np.pi * a**2)
    hidden = np.where(apart >= planet + disc, 0.0, np.where(apart <= planet - disc, 1.0, hidden))
    hidden = np.where(apart <= disc - planet, (limb / disc) ** 2, hidden)  # annular: the planet is the smaller disc
    return np.asarray(np.clip(1 - hidden, 0.0, 1.0))


def _discs(position: ArrayLike, sun: ArrayLike, radius: float, shape: Shape) -> tuple[Array, Array, Array]:
    """Angular radius of planet and Sun, and the angle between their centres, seen from the satellite [rad]."""
    r, s = np.asarray(position, dtype=float), np.asarray(sun, dtype=float)
    if shape == "oblate":
        stretch = np.array([1.0, 1.0, 1 / (1 - FLATTENING)])
        r, s = r * stretch, s * stretch
    to_sun = s - r if shape != "cylinder" else np.broadcast_to(s, np.broadcast_shapes(r.shape, s.shape))
    height, away = np.linalg.norm(r, axis=-1), np.linalg.norm(to_sun, axis=-1)
    cross = np.linalg.norm(np.cross(to_sun, -r), axis=-1)
    apart = np.arctan2(cross, -np.sum(to_sun * r, axis=-1))
    planet = np.arcsin(np.minimum(radius / height, 1.0))
    disc = np.arcsin(SUN_RADIUS / away) if shape != "cylinder" else np.zeros_like(apart)
    return planet, disc, apart


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Times at which a shadow boundary is entered and left, (m,) [s] each, in order; whole passages only."""

    entry: Array
    exit: Array


def crossings(margin: Callable[[Array], Array], start: float, end: float, samples: int = SAMPLES, periodic: bool = True) -> Crossings:
    """Passages below zero of a smooth `margin` of time.

    Args:
        margin: Angle [rad] at times (n,) [s]; negative inside.
        start, end: Interval [s]; with `periodic` one revolution, and a passage may run over its end: exit before entry.
        samples: First places looked at; the minima between them are refined, so a grazing passage is not missed.

    Returns:
        Entries and exits, bisected to better than a microsecond. A passage cut off by the interval (not periodic) lacks its entry or exit
        in the arrays.
    """
    t = np.linspace(start, end, samples + 1)
    t = np.union1d(t, _minima(margin, t, margin(t)))
    g = margin(t)
    falling = np.flatnonzero((g[:-1] >= 0) & (g[1:] < 0))
    rising = np.flatnonzero((g[:-1] < 0) & (g[1:] >= 0))
    entry = _bisect(margin, t[falling], t[falling + 1])
    leave = _bisect(margin, t[rising + 1], t[rising])
    if periodic and len(entry) and len(leave) and leave[0] < entry[0]:
        leave = np.roll(leave, -1)
    return Crossings(entry, leave)


def _minima(margin: Callable[[Array], Array], t: Array, g: Array) -> Array:
    """Places of the local minima that might dip below zero between positive samples, by golden section."""
    reach = np.maximum(g[:-2], g[2:]) - g[1:-1]
    at = 1 + np.flatnonzero((g[1:-1] <= g[:-2]) & (g[1:-1] <= g[2:]) & (g[1:-1] >= 0) & (g[1:-1] <= reach))
    low, high = t[at - 1], t[at + 1]
    if not len(at):
        return low
    golden = (np.sqrt(5) - 1) / 2
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        smaller_left = margin(left) < margin(right)
        low, high = np.where(smaller_left, low, left), np.where(smaller_left, right, high)
    return (low + high) / 2


def _bisect(margin: Callable[[Array], Array], outside: Array, inside: Array) -> Array:
    """Roots between places `outside` (margin >= 0) and `inside` (margin < 0)."""
    for _ in range(30 if len(outside) else 0):
        middle = (outside + inside) / 2
        out = margin(middle) >= 0
        outside, inside = np.where(out, middle, outside), np.where(out, inside, middle)
    return (outside + inside) / 2
