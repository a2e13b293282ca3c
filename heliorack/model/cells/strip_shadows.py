"""Shadows on the strings of an array: seen from points inside each string's own strip of the face, whatever facets the mesh has there."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heliorack.model.articulation import Motion
from heliorack.model.body import Body
from meshes.measure import area_vectors
from orbit.environment import Environment
from thermal.radiation.rays import scene

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

MOST = 1 << 14  #: points of a face
STRIP = (16, 1024)  #: least and most points of a strip


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Points on a face, each in one strip; they stand for equal areas of it."""

    facet: Ids  #: (p,) of the assembly
    place: Floats  #: (p, 3) barycentric coordinates in the facet
    strip: Ids  #: (p,)
    weight: Floats  #: (p,) free part of the facet

    def shares(self, strips: int) -> Floats:
        """Weight of each point in its strip (p, strips); the nearest strip speaks for one that has no point, such as at a cover."""
        held = np.bincount(self.strip, self.weight, minlength=strips)
        known = np.flatnonzero(held > 0)
        speaks = known[np.abs(known[None, :] - np.arange(strips)[:, None]).argmin(axis=1)]
        return np.where(self.strip[:, None] == speaks[None, :], self.weight[:, None] / held[speaks][None, :], 0.0)


def lit_strips(body: Body, motion: Motion, env: Environment, face: int, along: Floats, strips: int, folder: Path | None) -> Floats:
    """Part of each strip of a face that sees the Sun over the revolution (n, strips); 0 where it faces away or the Sun is hidden.

    Strips cut the free face into equal widths along an axis. Rays start at the middles of a grid inside each strip: a shadow that ends at
    a border darkens nothing beyond it, and one that enters a strip by less than half a step of the grid is not seen (1/32 of the strip's
    width; an eighth where there are more than 64 strips).

    Args:
        face: Of the assembly.
        along: (3,) body axis across which strings lie side by side.
        strips: How many.
        folder: Where the visibility of the Sun is kept between runs.
    """
    from thermal.radiation.sun_cache import sunlit_from

    found = spots_of(body, face, along, strips)
    shares = found.shares(strips)
    free = np.flatnonzero(body.free > 0)
    facets = body.assembly.facets
    lit = np.flatnonzero(env.illumination > 0)
    poses = [lit] if not motion.moves else [np.array([i]) for i in lit]
    part = np.zeros((len(env.times), strips))
    for rows in poses:
        points = motion.points(body.assembly, float(env.times[rows[0]])) if len(rows) else body.assembly.points
        mine = points[facets[found.facet]]
        normals = area_vectors(points, facets[found.facet])
        normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
        at = (np.einsum("pk,pkj->pj", found.place, mine), normals)
        if len(rows):
            part[rows] = sunlit_from(folder, scene(points, facets[free]), env.sun[rows], spots=at).part() @ shares
    return part


def spots_of(body: Body, face: int, along: Floats, strips: int) -> Spots:
    """An even grid of points on the free facets of a face, as many in each strip.

    Args:
        face: Of the assembly.
        along: (3,) axis in the plane of the face.
        strips: How many cut the face across that axis.
    """
    a = body.assembly
    mine = np.flatnonzero((a.facet_face == face) & (body.free > 0))
    corners = a.points[a.facets[mine]]
    vectors = area_vectors(a.points, a.facets[mine])
    up = vectors.sum(axis=0) / np.linalg.norm(vectors.sum(axis=0))
    u = along - (along @ up) * up
    u = u / np.linalg.norm(u)
    v = np.cross(up, u)
    (low, high), (near, far), top = (_range(corners @ axis) for axis in (u, v, up))
    wide, long = _grid(strips, (high - low) / strips, far - near)
    x = low + (np.arange(strips * wide) + 0.5) / (strips * wide) * (high - low)
    y = near + (np.arange(long) + 0.5) / long * (far - near)
    flat = (x[:, None, None] * u + y[None, :, None] * v).reshape(-1, 3)
    strip = np.repeat(np.arange(strips * wide) // wide, long)
    facet = _facets_below(a.points, a.facets[mine], flat, up, top)
    hit = facet >= 0
    flat, strip, facet = flat[hit], strip[hit], facet[hit]
    place = _barycentric(corners[facet], flat, up)
    return Spots(mine[facet], place, strip, body.free[mine[facet]])


def _range(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _grid(strips: int, width: float, length: float) -> tuple[int, int]:
    """Points across and along a strip: as even as its shape allows, but sixteen each way where there are points for it."""
    count = int(np.clip(MOST // strips, *STRIP))
    least = 4 if count < 256 else 16
    wide = 2 * round(np.clip(np.sqrt(count * width / max(length, 1e-300)), least, count // least) / 2)
    return wide, count // wide


def _facets_below(points: Floats, facets: Ids, flat: Floats, up: Floats, top: tuple[float, float]) -> Ids:
    """Facet that lies below each point of a plane, -1 for none."""
    view = scene(points, facets)
    box = points[facets].reshape(-1, 3)
    middle = (box.min(axis=0) + box.max(axis=0)) / 2
    start = ((flat + (top[1] + 0.01 * view.size) * up - middle) / view.size).astype(np.float32)
    return np.asarray(view.first_hits(start, np.broadcast_to(-up, start.shape).astype(np.float32)), dtype=np.int64)


def _barycentric(corners: Floats, flat: Floats, up: Floats) -> Floats:
    """Coordinates (p, 3) in triangles of the points above or below them along `up`; on an edge they are held inside."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    off = flat - corners[:, 0]
    whole = np.einsum("pi,pi->p", np.cross(first, second), np.broadcast_to(up, off.shape))
    b = np.einsum("pi,i->p", np.cross(off, second), up) / whole
    c = np.einsum("pi,i->p", np.cross(first, off), up) / whole
    inside = np.clip(np.stack([1.0 - b - c, b, c], axis=1), 0.0, 1.0)
    return np.asarray(inside / inside.sum(axis=1, keepdims=True))
