"""Where the Sun is: apparent geocentric position in GCRF by pyerfa, interpolated between nodes; beta angle and solar flux."""

from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orbit.constants import SOLAR_CONSTANT
from orbit.frames import DAY, tt_days

Array = NDArray[np.float64]
AU = 149597870700.0  #: m, IAU 2012 resolution B2
SUN_RADIUS = 695700e3  #: m, IAU 2015 resolution B3 nominal value
LIGHT_DAY = 173.1446326846693  #: AU per day, speed of light
NODE_SPACING = 10800.0  #: s; cubic interpolation between such nodes is good to 1e-9 of the distance
NODES = 8  #: of a day's spacing whose polynomial gives a position, to 1e-10 of the distance (tests/verification/test_orbit_sun.py)


def sun_nodes(epoch: datetime, start: float, count: int, spacing: float) -> Array:
    """Apparent Sun at `count` instants from `start` seconds after `epoch`: position (count, 3) [m] in GCRF.

    The direction includes the aberration of light (20 arc seconds), as sunlight does.

    Source:
        erfa.epv00 (Earth ephemeris, 1900-2100, about 1e-7 rad) and erfa.ab.
    """
    import erfa

    day, fraction = tt_days(epoch)
    days = fraction + (start + spacing * np.arange(count)) / DAY
    heliocentric, barycentric = erfa.epv00(day, days)
    from_earth = -np.asarray(heliocentric["p"], dtype=float)
    distance = np.linalg.norm(from_earth, axis=-1, keepdims=True)
    speed = np.asarray(barycentric["v"], dtype=float) / LIGHT_DAY
    slowness = np.sqrt(1 - np.sum(speed**2, axis=-1))
    apparent = erfa.ab(from_earth / distance, speed, distance[..., 0], slowness)
    return AU * distance * np.asarray(apparent, dtype=float)


def sun_position(epoch: datetime, t: ArrayLike = 0.0) -> Array:
    """Apparent Sun seen from the Earth's centre `t` seconds after `epoch` (shape (n,) or scalar): (n, 3) or (3,) [m] in GCRF."""
    seconds = np.asarray(t, dtype=float)
    first, last = float(np.min(seconds)), float(np.max(seconds))
    if seconds.size < NODES:
        return np.stack([sun_nodes(epoch, s, 1, DAY)[0] for s in seconds.ravel()]).reshape(*seconds.shape, 3)
    start = first - (NODES // 2 - 1) * DAY
    nodes = _daily(epoch, start, int((last - first) // DAY) + NODES)
    return between(nodes, (seconds.ravel() - start) / DAY).reshape(*seconds.shape, 3)


@lru_cache(maxsize=4)
def _daily(epoch: datetime, start: float, count: int) -> Array:
    """`sun_nodes` a day apart, kept: load cases of one epoch walk through the same years."""
    nodes = sun_nodes(epoch, start, count, DAY)
    nodes.flags.writeable = False
    return nodes


def sun_of_date(epoch: datetime, t: Array) -> Array:
    """Apparent Sun `t` (n,) seconds after `epoch`: (n, 3) [m], mean equator and equinox of each date."""
    import erfa

    day, fraction = tt_days(epoch)
    _, _, to_date = erfa.bp06(day, fraction + np.asarray(t, dtype=float) / DAY)
    return np.asarray(np.einsum("nij,nj->ni", np.asarray(to_date, dtype=float), sun_position(epoch, t)))


def between(nodes: Array, x: Array) -> Array:
    """Lagrange interpolation by the `NODES` nearest of `nodes` (count, 3) at places `x` (n,) counted in nodes, in the middle of them."""
    near = np.arange(NODES)
    first = np.clip(np.floor(x).astype(int) - (NODES // 2 - 1), 0, len(nodes) - NODES)
    apart = (x - first)[:, None] - near  # (n, NODES)
    found = np.zeros((len(x), 3))
    for k in near.tolist():
        weight = np.prod(np.delete(apart, k, axis=1) / np.delete(k - near, k), axis=1)
        found += weight[:, None] * nodes[first + k]
    return found


def cubic(nodes: Array, x: Array) -> Array:
    """Four-point Lagrange interpolation of `nodes` (count, 3) at places `x` (n,) counted in nodes, 1 <= x <= count - 2."""
    i = np.clip(np.floor(x).astype(int), 1, len(nodes) - 3)
    s = (x - i)[..., None]
    return np.asarray(
        -s * (s - 1) * (s - 2) / 6 * nodes[i - 1]
        + (s + 1) * (s - 1) * (s - 2) / 2 * nodes[i]
        - (s + 1) * s * (s - 2) / 2 * nodes[i + 1]
        + (s + 1) * s * (s - 1) / 6 * nodes[i + 2]
    )


def solar_flux(distance: ArrayLike, solar_constant: float = SOLAR_CONSTANT) -> Array:
    """Sunlight [W/m2] at `distance` [m] from the Sun, any shape; inverse square from 1 AU.

    >>> float(solar_flux(1.52 * AU)) == 1361.0 / 1.52**2
    True
    """
    return np.asarray(solar_constant / (np.asarray(distance, dtype=float) / AU) ** 2)


def beta_angle(orbit_normal: ArrayLike, sun: ArrayLike) -> Array:
    """Angle from orbit plane to Sun [rad], positive towards the orbit normal; vectors (..., 3) of any length broadcast."""
    h, s = np.asarray(orbit_normal, dtype=float), np.asarray(sun, dtype=float)
    sine = np.sum(h * s, axis=-1) / (np.linalg.norm(h, axis=-1) * np.linalg.norm(s, axis=-1))
    return np.asarray(np.arcsin(np.clip(sine, -1, 1)))


def orbit_normal(inclination: ArrayLike, raan: ArrayLike) -> Array:
    """Unit angular momentum (..., 3) in the equatorial frame the angles [rad] refer to."""
    i, node = np.broadcast_arrays(np.asarray(inclination, dtype=float), np.asarray(raan, dtype=float))
    return np.stack([np.sin(i) * np.sin(node), -np.sin(i) * np.cos(node), np.cos(i)], axis=-1)
