"""Which pairs of facets certainly see all of each other: nothing reaches into the convex hull (shaft) of the two.

The test is conservative. A facet is ruled out as a blocker only by a plane that has it on one side and the whole shaft on the other; when
no such plane is found among those tried, the pair counts as doubtful, never as visible.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from thermal.radiation.rays import Scene

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

#: Depth to which a facet may reach into a shaft without counting, in sizes of the scene: neighbours share edges with the shaft.
TOUCH = 1e-9
_CHUNK = 16


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of facets with i < j that face each other at least in part."""

    clear: tuple[Ids, Ids]  #: certainly fully visible
    doubtful: tuple[Ids, Ids]  #: the others


def facing_pairs(view: Scene) -> Pairs:
    """Sort all facing pairs of a scene.

    Source:
        Shaft culling: Haines and Wallace, Photorealistic Rendering in Computer Graphics (1994) 122-138.
    """
    corners = np.ascontiguousarray(view.corners / view.size)
    chunks = _chunks(np.flatnonzero(~_supporting(corners, view.normals, TOUCH)), view.normals, corners.mean(axis=1))
    blockers = np.concatenate([np.empty(0, dtype=np.int64), *chunks])
    starts = np.cumsum([0, *(len(chunk) for chunk in chunks)])
    boxes = np.array([[corners[chunk].min(axis=(0, 1)), corners[chunk].max(axis=(0, 1))] for chunk in chunks]).reshape(-1, 2, 3)
    found = [_row(i, corners, view.normals, blockers, starts, boxes, TOUCH) for i in range(view.count)]
    i = np.repeat(np.arange(view.count), [len(row[0]) for row in found])
    j = np.concatenate([row[0] for row in found])
    clear = np.concatenate([row[1] for row in found])
    return Pairs((i[clear], j[clear]), (i[~clear], j[~clear]))


def _chunks(facets: Ids, normals: Floats, centroids: Floats) -> list[Ids]:
    """Facets in runs of one direction and one place, so that the boxes around them are small and flat."""
    if len(facets) == 0:
        return []
    _, way = np.unique(np.round(normals[facets], 3), axis=0, return_inverse=True)
    alike = [facets[way.ravel() == k] for k in range(int(way.max()) + 1)]
    if len(alike) * _CHUNK > len(facets):  # a curved scene: place alone
        alike = [facets]
    return [chunk for some in alike for chunk in _halved(some, centroids)]


def _halved(facets: Ids, centroids: Floats) -> list[Ids]:
    """Halved by place again and again."""
    if len(facets) <= _CHUNK:
        return [facets]
    axis = int(np.ptp(centroids[facets], axis=0).argmax())
    order = facets[np.argsort(centroids[facets, axis], kind="stable")]
    return _halved(order[: len(order) // 2], centroids) + _halved(order[len(order) // 2 :], centroids)


@njit(cache=True)
def _supporting(corners: Any, normals: Any, tiny: float) -> Any:
    """Facets with the whole scene on one side of their plane: they lie on its convex hull and block nothing inside."""
    count = len(corners)
    out = np.ones(count, dtype=np.bool_)
    for f in range(count):
        front = back = False
        for g in range(count):
            for c in range(3):
                d = _height(corners[g, c], corners[f, 0], normals[f])
                front |= d > tiny
                back |= d < -tiny
            if front and back:
                out[f] = False
                break
    return out


@njit(cache=True, nogil=True)
def _row(i: int, corners: Any, normals: Any, blockers: Any, starts: Any, boxes: Any, tiny: float) -> Any:
    """Facets j > i that face i, and whether the pair is clear."""
    count = len(corners)
    others = np.empty(count - i, dtype=np.int64)
    clear = np.empty(count - i, dtype=np.bool_)
    planes = np.empty((18, 4))
    around = np.empty((2, 3))
    found = 0
    for j in range(i + 1, count):
        if not _before(corners, j, i, normals, tiny) or not _before(corners, i, j, normals, tiny):
            continue
        others[found] = j
        clear[found] = _clear(i, j, corners, normals, blockers, starts, boxes, planes, around, tiny)
        found += 1
    return others[:found].copy(), clear[:found].copy()


@njit(cache=True, nogil=True)
def _clear(
    i: int, j: int, corners: Any, normals: Any, blockers: Any, starts: Any, boxes: Any, planes: Any, around: Any, tiny: float
) -> bool:
    """Whether no blocker reaches into the shaft of i and j."""
    for c in range(3):
        around[0, c] = tiny + min(
            corners[i, 0, c], corners[i, 1, c], corners[i, 2, c], corners[j, 0, c], corners[j, 1, c], corners[j, 2, c]
        )
        around[1, c] = -tiny + max(
            corners[i, 0, c], corners[i, 1, c], corners[i, 2, c], corners[j, 0, c], corners[j, 1, c], corners[j, 2, c]
        )
    sides = -1
    for chunk in range(len(boxes)):
        if _box_apart(boxes, chunk, around):
            continue
        if _box_height(boxes, chunk, corners, normals, i) <= tiny or _box_height(boxes, chunk, corners, normals, j) <= tiny:
            continue
        if sides < 0:
            sides = _sides(corners[i], corners[j], planes)
        if _box_beyond(boxes, chunk, planes, sides, tiny):
            continue
        for m in range(starts[chunk], starts[chunk + 1]):
            k = blockers[m]
            if k in (i, j) or _facet_apart(corners, k, around):
                continue
            if not _before(corners, k, i, normals, tiny) or not _before(corners, k, j, normals, tiny):
                continue
            if not _beyond(corners, k, planes, sides, tiny) and not _one_side(corners, i, j, k, normals, tiny):
                return False
    return True


@njit(cache=True, nogil=True)
def _height(x: Any, at: Any, normal: Any) -> float:
    return (x[0] - at[0]) * normal[0] + (x[1] - at[1]) * normal[1] + (x[2] - at[2]) * normal[2]


@njit(cache=True, nogil=True)
def _before(corners: Any, k: int, plane: int, normals: Any, tiny: float) -> bool:
    """Whether any corner of facet k lies in front of facet `plane`."""
    n0, n1, n2 = normals[plane, 0], normals[plane, 1], normals[plane, 2]
    limit = tiny + n0 * corners[plane, 0, 0] + n1 * corners[plane, 0, 1] + n2 * corners[plane, 0, 2]
    for c in range(3):  # noqa: SIM110 - numba compiles loops
        if n0 * corners[k, c, 0] + n1 * corners[k, c, 1] + n2 * corners[k, c, 2] > limit:
            return True
    return False


@njit(cache=True, nogil=True)
def _one_side(corners: Any, i: int, j: int, k: int, normals: Any, tiny: float) -> bool:
    """Whether i and j lie on the same side of the blocker's own plane."""
    least, most = np.inf, -np.inf
    for c in range(3):
        p, q = _height(corners[i, c], corners[k, 0], normals[k]), _height(corners[j, c], corners[k, 0], normals[k])
        least, most = min(least, p, q), max(most, p, q)
    return least >= -tiny or most <= tiny


@njit(cache=True, nogil=True)
def _box_apart(boxes: Any, k: int, around: Any) -> bool:
    """Whether box k is clear of the box around the pair."""
    for c in range(3):  # noqa: SIM110 - numba compiles loops
        if boxes[k, 1, c] <= around[0, c] or boxes[k, 0, c] >= around[1, c]:
            return True
    return False


@njit(cache=True, nogil=True)
def _facet_apart(corners: Any, k: int, around: Any) -> bool:
    """Whether facet k is clear of the box around the pair."""
    for c in range(3):
        x, y, z = corners[k, 0, c], corners[k, 1, c], corners[k, 2, c]
        if (x <= around[0, c] and y <= around[0, c] and z <= around[0, c]) or (
            x >= around[1, c] and y >= around[1, c] and z >= around[1, c]
        ):
            return True
    return False


@njit(cache=True, nogil=True)
def _box_height(boxes: Any, k: int, corners: Any, normals: Any, f: int) -> float:
    """Height of the highest corner of box k over the plane of facet f."""
    height = 0.0
    for c in range(3):
        n = normals[f, c]
        height += n * ((boxes[k, 1, c] if n > 0 else boxes[k, 0, c]) - corners[f, 0, c])
    return height


@njit(cache=True, nogil=True)
def _box_beyond(boxes: Any, k: int, planes: Any, sides: int, tiny: float) -> bool:
    """Whether box k lies wholly outside one of the planes of the hull."""
    for s in range(sides):
        lowest = -planes[s, 3]
        for c in range(3):
            n = planes[s, c]
            lowest += n * (boxes[k, 0, c] if n > 0 else boxes[k, 1, c])
        if lowest >= -tiny:
            return True
    return False


@njit(cache=True, nogil=True)
def _sides(a: Any, b: Any, planes: Any) -> int:
    """Outward planes of the hull through an edge of one triangle and a corner of the other; their number."""
    found = 0
    for turn in range(2):
        p, q = (a, b) if turn == 0 else (b, a)
        for e in range(3):
            u, v, w = p[e], p[(e + 1) % 3], p[(e + 2) % 3]
            for c in range(3):
                r = q[c]
                x0, x1, x2 = v[0] - u[0], v[1] - u[1], v[2] - u[2]
                y0, y1, y2 = r[0] - u[0], r[1] - u[1], r[2] - u[2]
                n0, n1, n2 = x1 * y2 - x2 * y1, x2 * y0 - x0 * y2, x0 * y1 - x1 * y0
                size = np.sqrt(n0 * n0 + n1 * n1 + n2 * n2)
                if size < 1e-14:
                    continue
                n0, n1, n2 = n0 / size, n1 / size, n2 / size
                d = n0 * u[0] + n1 * u[1] + n2 * u[2]
                hw = n0 * w[0] + n1 * w[1] + n2 * w[2] - d
                s, t = q[(c + 1) % 3], q[(c + 2) % 3]
                hs, ht = n0 * s[0] + n1 * s[1] + n2 * s[2] - d, n0 * t[0] + n1 * t[1] + n2 * t[2] - d
                if max(hw, hs, ht) <= 1e-12:
                    planes[found, 0], planes[found, 1], planes[found, 2], planes[found, 3] = n0, n1, n2, d
                    found += 1
                elif min(hw, hs, ht) >= -1e-12:
                    planes[found, 0], planes[found, 1], planes[found, 2], planes[found, 3] = -n0, -n1, -n2, -d
                    found += 1
    return found


@njit(cache=True, nogil=True)
def _beyond(corners: Any, k: int, planes: Any, sides: int, tiny: float) -> bool:
    """Whether facet k lies wholly outside one of the planes of the hull."""
    for s in range(sides):
        limit = planes[s, 3] - tiny
        n0, n1, n2 = planes[s, 0], planes[s, 1], planes[s, 2]
        out = True
        for c in range(3):
            if n0 * corners[k, c, 0] + n1 * corners[k, c, 1] + n2 * corners[k, c, 2] < limit:
                out = False
                break
        if out:
            return True
    return False
