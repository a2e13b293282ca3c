"""Direct sunlight with mirror-like reflection: what arrives on each facet from the Sun itself and by way of mirrors.

From every lit point of a mirror a ray goes on, with the part of the sunlight that the mirror reflects, until it escapes, meets a facet
without mirror-like reflection, or has too little left. Light that was once reflected diffusely is not followed here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from thermal.radiation.rays import BATCH, Floats, Ids, Scene, Singles, aim_rays, r2_points, sun_visibility

#: Bounces end once less than this part of the launched sunlight is still on its way.
ENOUGH = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Sunlight:
    """Sunlight on facets for several directions of the Sun; powers are per unit of solar flux.

    A facet meets max(cos, 0) direct + mirrored. Of that its absorptance is absorbed, its specular part is already in `mirrored` of other
    facets, and the rest is the source of diffuse reflection. `launched` is the sum of `mirrored` times area times (1 - specular),
    `escaped`, `lost` and `remaining`.
    """

    direct: Singles  #: (d, f) part of each facet that sees the Sun
    mirrored: Singles  #: (d, f) irradiance by mirrors, over the solar flux
    launched: Floats  #: (d,) m2, sunlight reflected by mirrors at first
    escaped: Floats  #: (d,) m2, of it, gone to the sky
    lost: Floats  #: (d,) m2, of it, ended on the back of a facet: zero for closed, outward bodies
    remaining: Floats  #: (d,) m2, of it, not followed further


def sunlight(
    view: Scene, directions: Floats, specular: Floats, absorptance: Floats, rays: int = 64, bounces: int = 8, seed: int = 0
) -> Sunlight:
    """Direct and mirrored sunlight.

    Args:
        view: The scene.
        directions: Unit vectors to the Sun, (d, 3).
        specular: Part of sunlight that each facet reflects like a mirror, (f,); facets at zero start no rays.
        absorptance: In sunlight, (f,); with `specular` at most 1, what is missing is reflected diffusely.
        rays: Per facet and direction, spread over the facet; `direct` is that of `rays.sun_visibility` with this number and seed.
        bounces: Most mirrors on a path; fewer are followed once all but 1e-4 has ended.
        seed: The same seed gives the same bits.

    Raises:
        ValueError: optics outside their range (facet named), no bounces; see `rays.sun_visibility`.
    """
    rho = _checked(view, specular, absorptance)
    if bounces < 1:
        raise ValueError(f"bounces = {bounces} must be at least 1")
    towards = np.atleast_2d(np.asarray(directions, dtype=np.float64))
    direct = sun_visibility(view, towards, rays, seed)
    mirrored = np.zeros_like(direct)
    sums = np.zeros((4, len(towards)))
    spots, turns = r2_points(rays, seed), np.random.default_rng([seed, 1]).random((view.count, 2), dtype=np.float32)
    for d, sun in enumerate(towards):
        mirrors = np.flatnonzero((rho > 0) & (direct[d] > 0))
        arriving = np.zeros(view.count)
        sums[:, d] = _follow(view, sun, mirrors, rho, spots, turns, bounces, arriving)
        mirrored[d] = arriving / view.areas
    return Sunlight(direct, mirrored, *sums)


def _checked(view: Scene, specular: Floats, absorptance: Floats) -> Floats:
    """Specular parts as an array."""
    rho, alpha = np.asarray(specular, dtype=np.float64), np.asarray(absorptance, dtype=np.float64)
    for name, values in (("specular", rho), ("absorptance", alpha)):
        if values.shape != (view.count,):
            raise ValueError(f"{name} must have one number per facet, {view.count}, not shape {values.shape}")
        bad = np.flatnonzero(~((values >= 0) & (values <= 1)))
        if len(bad):
            raise ValueError(f"{name} must lie between 0 and 1: {values[bad[0]]:g} on facet {bad[0]}")
    over = np.flatnonzero(rho + alpha > 1 + 1e-12)
    if len(over):
        f = over[0]
        raise ValueError(f"absorptance and specular reflection together exceed 1: {alpha[f]:g} + {rho[f]:g} on facet {f}")
    return rho


def _follow(
    view: Scene, sun: Floats, mirrors: Ids, rho: Floats, spots: Singles, turns: Singles, bounces: int, arriving: Floats
) -> tuple[float, float, float, float]:
    """Launched, escaped, lost and remaining [m2] of one direction; what meets each facet [m2] is added to `arriving`."""
    ends = np.zeros(2)
    launched = remaining = 0.0
    step = max(1, BATCH // len(spots))
    for first in range(0, len(mirrors), step):
        origins, along, power = _launch(view, sun, mirrors[first : first + step], rho, spots, turns)
        own = float(power.sum())
        launched += own
        for _ in range(bounces):
            if len(power) == 0 or power.sum() <= ENOUGH * own:
                break
            met = view.first_hits(origins, along)
            left = _bounce(met, origins, along, power, view.frames, rho, arriving, ends)
            origins, along, power = origins[:left], along[:left], power[:left]
        remaining += float(power.sum())
    return launched, float(ends[0]), float(ends[1]), remaining


def _launch(view: Scene, sun: Floats, mirrors: Ids, rho: Floats, spots: Singles, turns: Singles) -> tuple[Singles, Singles, Floats]:
    """Rays from the lit points of mirrors, and their powers [m2]."""
    count = len(mirrors) * len(spots)
    origins, along = np.empty((count, 3), np.float32), np.empty((count, 3), np.float32)
    aim_rays(view.frames, mirrors, spots, turns, sun.astype(np.float32), origins, along)
    lit = ~view.blocked(origins, along)
    normals = view.normals[mirrors]
    cosine = normals @ sun
    away = 2 * cosine[:, None] * normals - sun
    power = rho[mirrors] * view.areas[mirrors] * cosine / len(spots)
    owner = np.repeat(np.arange(len(mirrors)), len(spots))[lit]
    return origins[lit], away[owner].astype(np.float32), power[owner]


@njit(cache=True, nogil=True)
def _bounce(met: Any, origins: Any, along: Any, power: Any, frames: Any, rho: Any, arriving: Any, ends: Any) -> int:
    """Give the power of rays to the facets they meet, and put those that go on, from there, at the front; how many go on."""
    left = 0
    for k in range(len(met)):
        f = met[k]
        if f < 0:
            ends[0] += power[k]
            continue
        facing = height = 0.0
        for c in range(3):
            n = np.float64(frames[f, 5, c])
            facing += n * along[k, c]
            height += n * (np.float64(origins[k, c]) - frames[f, 0, c])
        if facing >= 0:
            ends[1] += power[k]
            continue
        arriving[f] += power[k]
        if rho[f] == 0:
            continue
        way = -height / facing  # to the facet's plane, lifted by the offset
        square = 0.0
        for c in range(3):
            origins[left, c] = origins[k, c] + way * along[k, c]
            along[left, c] = along[k, c] - 2 * facing * frames[f, 5, c]
            square += np.float64(along[left, c]) ** 2
        for c in range(3):
            along[left, c] /= np.sqrt(square)
        power[left] = power[k] * rho[f]
        left += 1
    return left
