"""Planet infrared and albedo past other bodies: the closed form of a free plate less the part that rays find hidden.

Only rays that meet something are kept, so a face that nothing covers has no noise at all, and new positions of planet and Sun cost no
tracing. Where more than half of a group's rays are stopped, those that escape are kept instead: a covered face sees exactly nothing.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError, cKDTree

from thermal.radiation.ray_factors import REPLICATES, Emitters, emit_rays, emitters, sobol_points
from thermal.radiation.rays import BATCH, Scene

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

#: A facet whose plane is a plane of the convex hull to this part of the scene's size (and angle, rad) has nothing in front of it.
ON_HULL = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class BlockedRays:
    """Cosine-weighted rays from groups of facets that meet something, by group and replicate; for `escaping` groups those that do not."""

    group: NDArray[np.int32]  #: (b,)
    replicate: NDArray[np.int8]  #: (b,) independent point set of the ray
    direction: NDArray[np.float32]  #: (b, 3) unit, body frame
    hit: NDArray[np.int32]  #: (b,) first facet met, -1 for rays that escape
    starts: Ids  #: (g * replicates + 1,) where the rays of each replicate start
    escaping: NDArray[np.bool_]  #: (g,) whether the rays kept are those that escape
    rays: int  #: traced from each group that may be covered
    traced: Ids  #: groups that were traced; in front of the others there is nothing

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.escaping)

    @property
    def covered(self) -> Floats:
        """Part of each group's hemisphere, by cosine, that is covered, (g,)."""
        kept = np.diff(self.starts).reshape(self.count, -1).sum(axis=1) / self.rays
        return np.asarray(np.where(self.escaping, 1 - kept, kept))


class Hidden(NamedTuple):
    """What groups do not receive from the planet because something stands before it."""

    part: Floats  #: (n, g)
    error: Floats  #: (n, g) standard error; zero for groups that nothing covers, and for covered ones that no ray leaves


def blocked_rays(view: Scene, groups: Ids, rays: int = 1024, seed: int = 0, fewer: bool = True) -> BlockedRays:
    """Trace the surroundings of groups of facets once, for any position of the planet.

    Args:
        view: The scene.
        groups: Group of each facet, (f,), numbered from 0; -1 only casts shadows.
        rays: From each group, spread over its area; rounded up to 8 times a power of two. The same rays as those of
            `factors.view_factors` with this number and seed.
        seed: The same seed gives the same bits.
        fewer: Keep the escaping rays of groups that are more than half covered; False keeps the blocked ones of all.

    Raises:
        ValueError: see `factors.emitters`; fewer than one ray.
    """
    if rays < 1:
        raise ValueError(f"rays = {rays} must be at least 1")
    labels = np.asarray(groups)
    count = len(emitters(view, labels).areas)
    covered = np.zeros(count, dtype=bool)
    covered[labels[(labels >= 0) & ~on_hull(view)]] = True
    traced = np.flatnonzero(covered)
    each = 1 << max(0, int(np.ceil(np.log2(rays / REPLICATES))))
    sizes = np.zeros((count, REPLICATES), dtype=np.int64)
    escaping = np.zeros(count, dtype=bool)
    hits: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
    directions: list[NDArray[np.float32]] = [np.empty((0, 3), np.float32)]
    if len(traced):
        number = np.full(count + 1, -1)  # the last entry serves the facets of no group
        number[traced] = np.arange(len(traced))
        source = emitters(view, number[labels])
        points = sobol_points(each, seed)
        shifts = np.random.default_rng([seed, 2]).integers(0, 1 << 32, (count, REPLICATES, 4), dtype=np.uint32)[traced]
        step = max(1, BATCH // (each * REPLICATES))
        for first in range(0, len(traced), step):
            some = traced[first : first + step]
            met, along = _look(view, source, points, shifts, first, len(some))
            stopped = met.reshape(len(some), -1) >= 0
            escaping[some] = fewer & (2 * stopped.sum(axis=1) > stopped.shape[1])
            kept = stopped != escaping[some, None]
            sizes[some] = kept.reshape(len(some), REPLICATES, each).sum(axis=2)
            hits.append(met[kept.ravel()])
            directions.append(along[kept.ravel()])
    starts = np.concatenate([[0], np.cumsum(sizes.ravel())])
    owner = np.repeat(np.arange(count * REPLICATES), sizes.ravel())
    group, replicate = (owner // REPLICATES).astype(np.int32), (owner % REPLICATES).astype(np.int8)
    return BlockedRays(group, replicate, np.concatenate(directions), np.concatenate(hits), starts, escaping, each * REPLICATES, traced)


def on_hull(view: Scene) -> NDArray[np.bool_]:
    """Facets whose plane has the whole scene behind it, (f,): the planes of the convex hull. None of a scene that is flat."""
    corners = view.corners.reshape(-1, 3)
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    scaled = (corners - middle) / view.size
    try:
        planes = ConvexHull(np.unique(scaled, axis=0)).equations
    except QhullError:
        return np.zeros(view.count, dtype=bool)
    planes = np.unique(np.round(planes, 9), axis=0)  # a flat face is many triangles of one plane
    offset = -np.einsum("fi,fi->f", view.normals, scaled.reshape(-1, 3, 3).mean(axis=1))
    apart, _ = cKDTree(planes).query(np.column_stack([view.normals, offset]), distance_upper_bound=ON_HULL)
    return np.asarray(np.isfinite(apart))


def blocked_infrared(
    rays: BlockedRays,
    nadir: Floats,
    ratio: Floats,
    pole: Floats | None = None,
    zonal: tuple[float, float] = (0.0, 0.0),
    whole: Floats | None = None,
) -> Hidden:
    """Planet infrared that groups do not receive because something stands before it, over the mean emission.

    Args:
        rays: Of `blocked_rays`.
        nadir: Unit vectors to the planet's centre, body frame, (n, 3).
        ratio: Distance from the planet's centre over its radius, above 1, (n,).
        pole: Unit vectors to the planet's north, body frame, (n, 3); needed with `zonal`.
        zonal: c1 and c2 of the emission 1 + c1 s + c2 (3 s^2 - 1) / 2 over its mean, s the sine of the latitude.
        whole: What each group receives with nothing in the way, (n, g), averaged over its area; needed if `rays` has escaping groups.

    Returns:
        Hidden part and standard error. `whole` less it is what arrives; with `whole` given it is never below zero.

    Raises:
        ValueError: shapes that do not fit, vectors that are not unit, a ratio not above 1, or `pole` or `whole` missing.
    """
    if pole is None and any(zonal):
        raise ValueError("zonal emission needs the direction of the planet's pole")
    down, H = _times(nadir, ratio)
    north = down if pole is None else _unit(pole, len(H), "pole")
    total, square = _new(rays, len(H))
    _sum_infrared(rays.starts, *_columns(rays), down, north, H, float(zonal[0]), float(zonal[1]), total, square)
    return _hidden(rays, total, square, whole)


def blocked_albedo(rays: BlockedRays, nadir: Floats, sun: Floats, ratio: Floats, whole: Floats | None = None) -> Hidden:
    """Sunlight reflected by the planet that groups do not receive because something stands before it, over albedo times sunlight.

    Every point of the planet reflects diffusely, in proportion to the cosine of its solar zenith angle, and nothing on the night side.

    Args:
        rays, nadir, ratio, whole: As for `blocked_infrared`.
        sun: Unit vectors to the Sun, body frame, (n, 3).

    Raises:
        ValueError: as for `blocked_infrared`.
    """
    down, H = _times(nadir, ratio)
    total, square = _new(rays, len(H))
    _sum_albedo(rays.starts, *_columns(rays), down, _unit(sun, len(H), "sun"), H, total, square)
    return _hidden(rays, total, square, whole)


def _look(
    view: Scene, source: Emitters, points: NDArray[np.uint32], shifts: NDArray[np.uint32], first: int, groups: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """First facets and directions of all rays of some groups, in order."""
    total = points.shape[0] * points.shape[1]
    n = groups * total
    origins, along = np.empty((n, 3), np.float32), np.empty((n, 3), np.float32)
    shares = (source.starts, source.members, source.shares, source.guide)
    emit_rays(first * total, n, points, shifts, view.frames, *shares, origins, along)
    return view.first_hits(origins, along), along


def _times(nadir: Floats, ratio: Floats) -> tuple[Floats, Floats]:
    """Directions to the planet and ratios, checked."""
    H = np.atleast_1d(np.asarray(ratio, dtype=np.float64))
    if H.ndim != 1 or not (H > 1).all():
        raise ValueError(f"ratio of distance to planet radius must be above 1 everywhere, not {H.min():g}")
    return _unit(nadir, len(H), "nadir"), H


def _unit(vectors: Floats, count: int, name: str) -> Floats:
    """Unit vectors (n, 3), checked."""
    array = np.ascontiguousarray(np.atleast_2d(np.asarray(vectors, dtype=np.float64)))
    if array.shape != (count, 3):
        raise ValueError(f"{name} must have shape {(count, 3)} like the ratio, not {array.shape}")
    if not np.allclose(np.linalg.norm(array, axis=1), 1.0, atol=1e-6):
        raise ValueError(f"{name} must be unit vectors")
    return array


def _columns(rays: BlockedRays) -> tuple[NDArray[np.float32], ...]:
    """Components of the directions, each contiguous."""
    return tuple(np.ascontiguousarray(rays.direction[:, k]) for k in range(3))


def _new(rays: BlockedRays, times: int) -> tuple[Floats, Floats]:
    return np.empty((times, rays.count)), np.empty((times, rays.count))


def _hidden(rays: BlockedRays, total: Floats, square: Floats, whole: Floats | None) -> Hidden:
    """Means and standard errors from sums over rays and squared sums of replicates."""
    part = total / rays.rays
    spread = np.maximum(square - total**2 / REPLICATES, 0.0) * REPLICATES / (REPLICATES - 1)
    error = np.sqrt(spread) / rays.rays
    if whole is None:
        if rays.escaping.any():
            raise ValueError("groups that are more than half covered need `whole`, what they receive with nothing in the way")
        return Hidden(part, error)
    given = np.broadcast_to(np.asarray(whole, dtype=np.float64), part.shape)
    return Hidden(np.where(rays.escaping, np.maximum(given - part, 0.0), np.minimum(part, given)), error)


@njit(cache=True, nogil=True, fastmath=True)
def _sum_infrared(
    starts: Any, x: Any, y: Any, z: Any, nadir: Any, pole: Any, ratio: Any, c1: float, c2: float, total: Any, square: Any
) -> None:
    """Emission met by the rays of each group: sums, and squared sums of the replicates."""
    zonal = c1 != 0.0 or c2 != 0.0
    # replicates of each group; a constant of another file would be frozen in numba's cache
    sets = (len(starts) - 1) // max(total.shape[1], 1)
    for i in range(len(ratio)):
        H = ratio[i]
        a, b, c = nadir[i, 0], nadir[i, 1], nadir[i, 2]
        p, q, r = pole[i, 0], pole[i, 1], pole[i, 2]
        edge = np.sqrt(1 - 1 / (H * H))
        level = H * (a * p + b * q + c * r)
        for g in range(total.shape[1]):
            total[i, g] = square[i, g] = 0.0
            for s in range(g * sets, (g + 1) * sets):
                some = 0.0
                for k in range(starts[s], starts[s + 1]):
                    down = a * x[k] + b * y[k] + c * z[k]
                    value = 1.0
                    if zonal:
                        rest = max(1 - H * H * (1 - down * down), 0.0)
                        sine = (H * down - np.sqrt(rest)) * (p * x[k] + q * y[k] + r * z[k]) - level
                        value += c1 * sine + c2 * (1.5 * sine * sine - 0.5)
                    some += value if down > edge else 0.0
                total[i, g] += some
                square[i, g] += some * some


@njit(cache=True, nogil=True, fastmath=True)
def _sum_albedo(starts: Any, x: Any, y: Any, z: Any, nadir: Any, sun: Any, ratio: Any, total: Any, square: Any) -> None:
    """Cosine of the solar zenith angle where the rays of each group meet the planet: sums, and squared sums of the replicates."""
    sets = (len(starts) - 1) // max(total.shape[1], 1)
    for i in range(len(ratio)):
        H = ratio[i]
        a, b, c = nadir[i, 0], nadir[i, 1], nadir[i, 2]
        p, q, r = sun[i, 0], sun[i, 1], sun[i, 2]
        edge = np.sqrt(1 - 1 / (H * H))
        level = H * (a * p + b * q + c * r)
        for g in range(total.shape[1]):
            total[i, g] = square[i, g] = 0.0
            for s in range(g * sets, (g + 1) * sets):
                some = 0.0
                for k in range(starts[s], starts[s + 1]):
                    down = a * x[k] + b * y[k] + c * z[k]
                    rest = max(1 - H * H * (1 - down * down), 0.0)
                    cosine = (H * down - np.sqrt(rest)) * (p * x[k] + q * y[k] + r * z[k]) - level
                    some += max(cosine, 0.0) if down > edge else 0.0
                total[i, g] += some
                square[i, g] += some * some
