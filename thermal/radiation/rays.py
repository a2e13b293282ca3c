"""Rays through a scene of triangles: first hits, occlusion, and the part of each facet that sees the Sun.

Tracing is done by Embree in single precision: the scene is moved to its centre and scaled to unit size, and every ray starts 1e-6 of
that size in front of its facet. A facet has one side, the one its corners turn right-handed about; a closed body is its outward facets.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ids = NDArray[np.int64]

#: Start of a ray in front of its facet, in sizes of the scene; 16 units in the last place of a single-precision coordinate.
OFFSET = 1e-6
#: Rays generated and traced at a time: 1.5 MB of origins and directions, which stay in the second-level cache.
BATCH = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Triangles as Embree and the ray generators see them; make one with `scene`."""

    corners: Floats  #: (f, 3, 3) m
    normals: Floats  #: (f, 3) unit, outward
    areas: Floats  #: (f,) m2
    size: float  #: m, the longest edge of the box around the scene
    frames: Singles  #: (f, 6, 3) scaled: first corner lifted by the offset, two edges, two unit tangents, normal
    embree: Any

    @property
    def count(self) -> int:
        """Number of facets."""
        return len(self.areas)

    def first_hits(self, origins: Singles, directions: Singles) -> NDArray[np.int32]:
        """Facet that each ray meets first, -1 for none, shape (n,); scaled coordinates, rays start exactly at `origins`."""
        hits: NDArray[np.int32] = self.embree.run(origins, directions, query="INTERSECT")
        return hits

    def blocked(self, origins: Singles, directions: Singles, reach: Singles | None = None) -> NDArray[np.bool_]:
        """Whether anything lies on each ray up to `reach` lengths of its direction (no end by default), shape (n,)."""
        answer = self.embree.run(origins, directions, dists=reach, query="OCCLUDED")
        return np.asarray(answer == 0)

    def visible(self, start: Floats, end: Floats) -> NDArray[np.bool_]:
        """Whether nothing lies between points [m], shapes (n, 3); give points in front of their surfaces."""
        middle = self.middle()
        a = ((start - middle) / self.size).astype(np.float32)
        b = ((end - middle) / self.size).astype(np.float32)
        return ~self.blocked(a, b - a, np.ones(len(a), dtype=np.float32))

    def middle(self) -> Floats:
        """Of the box around the scene (3,) [m]: the origin of scaled coordinates."""
        flat = self.corners.reshape(-1, 3)
        return np.asarray((flat.min(axis=0) + flat.max(axis=0)) / 2)


def scene(points: Floats, facets: Ids) -> Scene:
    """Make a scene.

    Args:
        points: Coordinates [m], shape (n, 3).
        facets: Corners of the triangles, outward by the right hand, shape (f, 3).

    Raises:
        ValueError: no facets, coordinates that are not finite, or facets without area (numbers named).
    """
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    corners = np.asarray(points, dtype=np.float64)[facets]
    if len(corners) == 0:
        raise ValueError("a scene needs at least one facet")
    if not np.isfinite(corners).all():
        raise ValueError("coordinates of a scene must be finite")
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    size = float((high - low).max())
    edges = corners[:, 1:] - corners[:, :1]
    across = np.cross(edges[:, 0], edges[:, 1])
    double = np.linalg.norm(across, axis=1)
    empty = np.flatnonzero(double <= 1e-14 * size**2)
    if len(empty):
        raise ValueError(f"{len(empty)} of {len(corners)} facets have no area, the first is number {empty[0]}")
    normals = across / double[:, None]
    tangent = edges[:, 0] / np.linalg.norm(edges[:, 0], axis=1)[:, None]
    scaled = (corners - (low + high) / 2) / size
    lifted = scaled[:, 0] + OFFSET * normals
    frames = np.stack([lifted, edges[:, 0] / size, edges[:, 1] / size, tangent, np.cross(normals, tangent), normals], axis=1)
    embree = EmbreeScene(robust=True)
    TriangleMesh(embree, scaled.astype(np.float32))
    return Scene(corners, normals, double / 2, size, np.ascontiguousarray(frames, dtype=np.float32), embree)


def sun_visibility(view: Scene, directions: Floats, rays: int = 1, seed: int = 0) -> Singles:
    """Part of each facet that sees a far source, such as the Sun.

    Args:
        view: The scene.
        directions: Unit vectors towards the source, shape (d, 3).
        rays: Rays per facet and direction: one starts at the centroid, more are spread over the facet and give soft shadow edges.
        seed: Of the spread; the same seed gives the same bits.

    Returns:
        Visible part from 0 to 1, shape (d, f); 0 where the facet faces away. The cosine is not in it.

    Raises:
        ValueError: fewer than one ray, or directions that are not unit vectors.
    """
    towards = np.atleast_2d(np.asarray(directions, dtype=np.float64))
    if rays < 1:
        raise ValueError(f"rays = {rays} must be at least 1")
    if not np.allclose(np.linalg.norm(towards, axis=1), 1.0, atol=1e-6):
        raise ValueError("directions must be unit vectors")
    spots = r2_points(rays, seed)
    turns = np.random.default_rng([seed, 1]).random((view.count, 2), dtype=np.float32)
    seen = np.zeros((len(towards), view.count), dtype=np.float32)
    origins, along = np.empty((BATCH, 3), np.float32), np.empty((BATCH, 3), np.float32)
    step = max(1, BATCH // rays)
    if rays > BATCH:
        raise ValueError(f"rays = {rays} must be at most {BATCH}")
    for row, direction in zip(seen, towards, strict=True):
        lit = np.flatnonzero(view.normals @ direction > 1e-6)
        for first in range(0, len(lit), step):
            some = lit[first : first + step]
            count = len(some) * rays
            aim_rays(view.frames, some, spots, turns, direction.astype(np.float32), origins, along)
            free = ~view.blocked(origins[:count], along[:count])
            row[some] = free.reshape(len(some), rays).mean(axis=1, dtype=np.float32)
    return seen


def sun_visibility_at(view: Scene, points: Floats, normals: Floats, directions: Floats) -> NDArray[np.uint8]:
    """Whether points of a surface see a far source, such as the Sun.

    Args:
        view: The scene.
        points: On its facets [m], shape (p, 3).
        normals: Unit and outward there, shape (p, 3).
        directions: Unit vectors towards the source, shape (d, 3).

    Returns:
        1 or 0, shape (d, p); 0 where the surface faces away.
    """
    start = ((points - view.middle()) / view.size + OFFSET * normals).astype(np.float32)
    seen = np.zeros((len(directions), len(points)), dtype=np.uint8)
    for row, direction in zip(seen, directions, strict=True):
        lit = np.flatnonzero(normals @ direction > 1e-6)
        row[lit] = ~view.blocked(start[lit], np.broadcast_to(direction, (len(lit), 3)).astype(np.float32))
    return seen


def r2_points(rays: int, seed: int) -> Singles:
    """Points of the unit square: the R2 sequence of Roberts (2018), whose steps are powers of the plastic number; shape (rays, 2)."""
    plastic = 1.32471795724474602596
    start = np.random.default_rng([seed, 0]).random(2)
    steps = np.arange(rays)[:, None] * np.array([1 / plastic, 1 / plastic**2])
    return np.asarray((start + steps) % 1.0, dtype=np.float32)


@njit(cache=True, nogil=True, fastmath=True)
def aim_rays(frames: Any, facets: Any, spots: Any, turns: Any, direction: Any, origins: Any, along: Any) -> None:
    """Fill origins on `facets` (centroids when there is one spot) and the common direction."""
    one = np.float32(1)
    rays = len(spots)
    for k in range(len(facets)):
        f = facets[k]
        for r in range(rays):
            v, w = one / np.float32(3), one / np.float32(3)
            if rays > 1:
                v, w = spots[r, 0] + turns[f, 0], spots[r, 1] + turns[f, 1]
                v -= np.floor(v)
                w -= np.floor(w)
                if v + w > one:  # folds the unit square onto the triangle
                    v, w = one - v, one - w
            q = k * rays + r
            for c in range(3):
                origins[q, c] = frames[f, 0, c] + v * frames[f, 1, c] + w * frames[f, 2, c]
                along[q, c] = direction[c]
