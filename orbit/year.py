"""A year (or a mission) at fixed steps in one compiled loop: Sun, illumination and beta angle."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS
from orbit.frames import of_date_to_gcrf_at
from orbit.shadow import FLATTENING, Shape
from orbit.sun import NODE_SPACING, SUN_RADIUS, sun_nodes
from orbit.track import MeanOrbit, refuse_incomplete

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stepped:
    """Values at even steps from the start."""

    start: datetime  #: UTC of t = 0
    step: float  #: s
    sun: Array  #: (n, 3) m, GCRF
    illumination: Array  #: (n,) visible part of the solar disc
    beta: Array  #: (n,) rad


def stepped(
    orbit: MeanOrbit, start: datetime, duration: float, step: float = 10.0, radius: float = EARTH_RADIUS, shape: Shape = "cone"
) -> Stepped:
    """Sun, illumination and beta angle every `step` [s] for `duration` [s], with J2 drift; circular orbits start at noon.

    About 0.1 microseconds of one core per step for circular orbits, after compiling once.
    """
    count = int(duration / step) + 1
    refuse_incomplete(orbit, MeanOrbit, "be carried through a year")
    elements = orbit.long_elements(start, radius)
    nodes = sun_nodes(start, -NODE_SPACING, int(duration / NODE_SPACING) + 5, NODE_SPACING)
    turns = of_date_to_gcrf_at(start, np.asarray((np.arange(len(nodes)) - 1.0) * NODE_SPACING, dtype=np.float64), hold=NODE_SPACING)
    of_date = np.einsum("nji,nj->ni", turns, nodes)
    out = Stepped(start, step, np.empty((count, 3)), np.empty(count), np.empty(count))
    e = elements
    angles = np.array([e.raan, e.raan_rate, e.perigee, e.perigee_rate, e.anomaly, e.anomaly_rate])
    geometry = np.array([e.semi_major_axis, e.eccentricity, e.inclination, radius, SUN_RADIUS, 1 / (1 - FLATTENING)])
    number = ("cone", "cylinder", "oblate").index(shape)
    _compiled()(of_date, turns, NODE_SPACING, step, angles, geometry, number, out.sun, out.illumination, out.beta)
    return out


@cache
def _compiled() -> Callable[..., None]:
    """The loop in machine code, kept on disk where numba keeps its cache."""
    import numba

    compiled: Callable[..., None] = numba.njit(cache=True, error_model="numpy")(_loop)
    return compiled


def _loop(
    nodes: Any, turns: Any, spacing: float, step: float, angles: Any, geometry: Any, shape: int, sun: Any, illumination: Any, beta: Any
) -> None:
    """Fill `sun`, `illumination`, `beta`; vectors in the frame of date, the formulas of `sun.cubic`, `kepler` and `shadow.illumination`."""
    a, e, inclination, radius, sun_radius, stretch = geometry
    ci, si = np.cos(inclination), np.sin(inclination)
    root = np.sqrt(1 - e * e)
    pole = stretch if shape == 2 else 1.0
    for j in range(len(beta)):
        t = j * step
        x = t / spacing + 1.0
        i = min(int(x), len(nodes) - 3)
        s = x - i
        w0, w1 = -s * (s - 1) * (s - 2) / 6, (s + 1) * (s - 1) * (s - 2) / 2
        w2, w3 = -(s + 1) * s * (s - 2) / 2, (s + 1) * s * (s - 1) / 6
        sx = w0 * nodes[i - 1, 0] + w1 * nodes[i, 0] + w2 * nodes[i + 1, 0] + w3 * nodes[i + 2, 0]
        sy = w0 * nodes[i - 1, 1] + w1 * nodes[i, 1] + w2 * nodes[i + 1, 1] + w3 * nodes[i + 2, 1]
        sz = w0 * nodes[i - 1, 2] + w1 * nodes[i, 2] + w2 * nodes[i + 1, 2] + w3 * nodes[i + 2, 2]
        m = turns[i]
        sun[j, 0] = m[0, 0] * sx + m[0, 1] * sy + m[0, 2] * sz
        sun[j, 1] = m[1, 0] * sx + m[1, 1] * sy + m[1, 2] * sz
        sun[j, 2] = m[2, 0] * sx + m[2, 1] * sy + m[2, 2] * sz
        node = angles[0] + angles[1] * t
        cn, sn = np.cos(node), np.sin(node)
        distance = np.sqrt(sx * sx + sy * sy + sz * sz)
        beta[j] = np.arcsin((si * sn * sx - si * cn * sy + ci * sz) / distance)
        M = angles[4] + angles[5] * t
        if e == 0.0:
            r, u = a, M + angles[2] + angles[3] * t
        else:
            M = M - 2 * np.pi * np.round(M / (2 * np.pi))
            E = M + 0.85 * e * np.sign(M)
            for _ in range(50):
                change = (E - e * np.sin(E) - M) / (1 - e * np.cos(E))
                E -= min(max(change, -1.0), 1.0)
                if abs(change) < 1e-13:
                    break
            r = a * (1 - e * np.cos(E))
            u = np.arctan2(root * np.sin(E), np.cos(E) - e) + angles[2] + angles[3] * t
        cu, su = np.cos(u), np.sin(u)
        rx, ry, rz = r * (cu * cn - su * ci * sn), r * (cu * sn + su * ci * cn), r * su * si * pole
        illumination[j] = 1.0
        along = rx * sx + ry * sy + rz * sz * pole
        if along > 0.0:
            continue
        tx, ty, tz = sx, sy, sz * pole
        if shape != 1:
            tx, ty, tz = tx - rx, ty - ry, tz - rz
        cx, cy, cz = ty * rz - tz * ry, tz * rx - tx * rz, tx * ry - ty * rx
        height = np.sqrt(rx * rx + ry * ry + rz * rz)
        away = np.sqrt(tx * tx + ty * ty + tz * tz)
        offset = np.sqrt(cx * cx + cy * cy + cz * cz) / away  # distance from the shadow's axis
        if offset > 1.02 * radius + 0.0048 * height:
            continue
        apart = np.arctan2(offset * away, -(tx * rx + ty * ry + tz * rz))
        planet = np.arcsin(min(radius / height, 1.0))
        disc = 0.0 if shape == 1 else np.arcsin(sun_radius / away)
        if apart >= planet + disc:
            continue
        if apart <= planet - disc:
            illumination[j] = 0.0
            continue
        limb = np.tan(min(planet, 1.5))
        if apart <= disc - planet:
            illumination[j] = 1.0 - (limb / disc) ** 2
            continue
        c = max(apart - planet + limb, 1e-12)
        x = min(max((c * c + disc * disc - limb * limb) / (2 * c), -disc), disc)
        y = np.sqrt(disc * disc - x * x)
        hidden = (disc * disc * np.arctan2(y, x) + limb * limb * np.arctan2(y, c - x) - c * y) / (np.pi * disc * disc)
        illumination[j] = min(max(1.0 - hidden, 0.0), 1.0)
