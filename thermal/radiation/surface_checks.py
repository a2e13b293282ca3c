"""Faults of a radiating surface that rays and corners give away: solids inside out, surfaces that cross, faces buried in another part."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from thermal.radiation.rays import BATCH, Scene

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

#: Depth from which surfaces count as crossing, in sizes of the scene: coincident faces of parts in contact agree better than that.
DEEP = 1e-6
#: Part of a surface's area over the sum of its normals up to which it counts as closed.
CLOSED = 1e-6
#: Part of the rays onto a label's facets that must end on backs for an open surface to count as inside out.
MOSTLY = 0.5
#: Part of a label's area that must be buried in another for it to count as wholly inside.
WHOLLY = 0.99


@dataclass(frozen=True, slots=True)
class InsideOut:
    """A label whose facets face the wrong way."""

    label: int
    volume: float  #: m3, negative inside out; nan when the surface is not closed and only rays tell
    backs: float  #: part of the rays of other labels onto it that end on the backs of its facets; nan when none arrive


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two labels whose surfaces cross, or one of which lies wholly inside the other."""

    first: int
    second: int
    depth: float  #: m, one reaches at least so far into the other, by single edges; 0 for one wholly inside the other
    area: float  #: m2, of both, buried inside the other; estimated by rays


@dataclass(frozen=True, slots=True)
class Buried:
    """Area of one label that sees only the backs of another at once: inside it or pressed against it."""

    label: int
    inside: int  #: the label whose backs it sees
    area: float  #: m2, estimated by rays
    share: float  #: of the label's area


def inside_out(view: Scene, labels: Ids, cavities: Collection[int] = (), rays: int = 16, seed: int = 0) -> tuple[InsideOut, ...]:
    """Labels (parts) that are inside out, in order.

    Args:
        view: The scene.
        labels: Part of each facet, (f,); negative: not looked at.
        cavities: Labels meant to face inward, such as a room around the others: not reported.
        rays: From each facet, for surfaces that are not closed.
        seed: The same seed gives the same answer.

    Returns:
        Closed surfaces of negative volume, and open ones most of whose rays from other labels end on backs.

    Raises:
        ValueError: labels of the wrong shape, or fewer than one ray.
    """
    labels, count = _checked(view, labels, rays)
    volume = _volumes(view, labels, count)
    start, end, back, _ = _land(view, labels, rays, seed)
    other = (end >= 0) & (start != end)
    arrived = np.bincount(end[other], minlength=count)
    behind = np.bincount(end[other & back], minlength=count)
    with np.errstate(invalid="ignore"):
        share = behind / arrived
    wrong = np.where(np.isnan(volume), share > MOSTLY, volume < 0)
    return tuple(InsideOut(int(k), float(volume[k]), float(share[k])) for k in np.flatnonzero(wrong) if int(k) not in cavities)


def buried(view: Scene, labels: Ids, rays: int = 16, seed: int = 0) -> tuple[Buried, ...]:
    """Areas that see backs of another label, largest first: faces in a contact, and what lies inside another part.

    A facet counts with the part of its rays that end on backs, and not for a single ray: one in a million slips between two facets.
    Labels that are inside out are left to `inside_out`.

    Raises:
        ValueError: see `inside_out`.
    """
    labels, count = _checked(view, labels, rays)
    wrong = [fault.label for fault in inside_out(view, labels, rays=rays, seed=seed)]
    start, end, back, weight = _land(view, labels, rays, seed)
    some = back & (end >= 0) & (start != end) & ~np.isin(end, wrong) & ~np.isin(start, wrong)
    facet = np.repeat(np.flatnonzero(labels >= 0), rays)
    _, which, hits = np.unique(facet[some] * count + end[some], return_inverse=True, return_counts=True)
    some[some] = hits[which] >= min(2, rays)
    areas = np.bincount(labels[labels >= 0], weights=view.areas[labels >= 0], minlength=count)
    pairs, inverse = np.unique(start[some] * count + end[some], return_inverse=True)
    area = np.bincount(inverse, weights=weight[some], minlength=len(pairs))
    found = [
        Buried(int(pair // count), int(pair % count), float(a), float(a / areas[pair // count]))
        for pair, a in zip(pairs, area, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.area))


def intersecting(view: Scene, labels: Ids, rays: int = 16, seed: int = 0, deep: float | None = None) -> tuple[Crossing, ...]:
    """Pairs of labels (parts) whose surfaces cross each other, deepest first; then those one of which lies wholly inside the other.

    Args:
        view: The scene.
        labels: Part of each facet, (f,); negative: not looked at. Parts that share a face or touch do not cross.
        rays: From each facet, for the buried area.
        seed: Of these.
        deep: Depth up to which surfaces only touch [m]; 1e-6 sizes of the scene by default. Curved contacts whose meshes do not match
            reach into each other by the sagitta of their facets.

    Raises:
        ValueError: see `inside_out`.
    """
    labels, _ = _checked(view, labels, rays)
    depths = _depths(view, labels, DEEP * view.size if deep is None else deep)
    covered: dict[tuple[int, int], float] = {}
    for one in buried(view, labels, rays, seed):
        pair = (min(one.label, one.inside), max(one.label, one.inside))
        covered[pair] = covered.get(pair, 0.0) + one.area
        if one.share >= WHOLLY:
            depths.setdefault(pair, 0.0)
    found = [Crossing(*pair, depth, covered.get(pair, 0.0)) for pair, depth in depths.items()]
    return tuple(sorted(found, key=lambda one: (-one.depth, one.first, one.second)))


def _checked(view: Scene, labels: Ids, rays: int) -> tuple[Ids, int]:
    own = np.asarray(labels, dtype=np.int64)
    if own.shape != (view.count,):
        raise ValueError(f"labels must have one number per facet, {view.count}, not shape {own.shape}")
    if rays < 1:
        raise ValueError(f"rays = {rays} must be at least 1")
    return own, int(own.max(initial=-1)) + 1


def _volumes(view: Scene, labels: Ids, count: int) -> Floats:
    """Signed volume of each label by the divergence theorem [m3], (count,); nan when its surface is not closed or empty."""
    some = labels >= 0
    own, vectors = labels[some], view.normals[some] * view.areas[some, None]
    centre = view.corners.reshape(-1, 3).mean(axis=0)
    flux = np.einsum("ij,ij->i", view.corners[some].mean(axis=1) - centre, vectors) / 3
    volume = np.bincount(own, weights=flux, minlength=count)
    area = np.bincount(own, weights=view.areas[some], minlength=count)
    rest = np.linalg.norm([np.bincount(own, weights=vectors[:, k], minlength=count) for k in range(3)], axis=0)
    return np.where((area > 0) & (rest <= CLOSED * area), volume, np.nan)


def _land(view: Scene, labels: Ids, rays: int, seed: int) -> tuple[Ids, Ids, NDArray[np.bool_], Floats]:
    """Label each ray starts from, label it meets (-1: none), whether on a back, and the area it stands for [m2]; (n,) each."""
    rng = np.random.default_rng([seed, 6])
    facets = np.flatnonzero(labels >= 0)
    ends, backs = [], []
    every = np.repeat(facets, rays)
    for first in range(0, len(every), BATCH):
        f = every[first : first + BATCH]
        u = rng.random((len(f), 4), dtype=np.float32)
        fold = u[:, 0] + u[:, 1] > 1
        u[fold, :2] = 1 - u[fold, :2]
        frame = view.frames[f]
        origins = frame[:, 0] + u[:, :1] * frame[:, 1] + u[:, 1:2] * frame[:, 2]
        r, angle = np.sqrt(u[:, 2]), np.float32(2 * np.pi) * u[:, 3]
        local = np.stack([r * np.cos(angle), r * np.sin(angle), np.sqrt(np.maximum(1 - u[:, 2], np.float32(1e-6)))], axis=1)
        along = np.einsum("nk,nkc->nc", local, frame[:, 3:])
        met = view.first_hits(np.ascontiguousarray(origins), np.ascontiguousarray(along))
        ends.append(np.where(met >= 0, labels[met], -1))
        backs.append((met >= 0) & (np.einsum("ij,ij->i", along, view.normals[met]) > 0))
    none = np.empty(0, dtype=np.int64)
    end, back = np.concatenate([none, *ends]), np.concatenate([none.astype(bool), *backs])
    return labels[every], end, back, view.areas[every] / rays


def _depths(view: Scene, labels: Ids, deep: float) -> dict[tuple[int, int], float]:
    """Depth of crossing by pair of labels, of those that cross."""
    low, high = view.corners.min(axis=1), view.corners.max(axis=1)
    shrunk = _shrunk(view, labels, 2 * deep)
    names = np.unique(labels[labels >= 0])
    members = {int(k): np.flatnonzero(labels == k) for k in names}
    lows, highs = (np.array([pick(side[members[int(k)]], axis=0) for k in names]) for pick, side in ((np.min, low), (np.max, high)))
    found: dict[tuple[int, int], float] = {}
    for p, a in enumerate(names):
        rivals = p + 1 + np.flatnonzero(((lows[p + 1 :] < highs[p] - deep) & (highs[p + 1 :] > lows[p] + deep)).all(axis=1))
        for q in rivals:
            floor, roof = np.maximum(lows[p], lows[q]), np.minimum(highs[p], highs[q])
            i, j = (_near(members[int(names[k])], low, high, floor, roof) for k in (p, q))
            depth = float(_deepest(i, j, shrunk, view.corners, view.normals, low, high, deep))
            if depth > deep:
                found[int(a), int(names[q])] = depth
    return found


def _shrunk(view: Scene, labels: Ids, by: float) -> Floats:
    """Corners moved into their part, against the mean normal of the facets of the part that meet there, (f, 3, 3).

    Edges of a face that only touches another part, or lies along its rim, then no longer reach it.
    """
    grid = np.round(view.corners.reshape(-1, 3) / (1e-9 * view.size)).astype(np.int64)
    _, inverse = np.unique(np.column_stack([np.repeat(labels, 3), grid]), axis=0, return_inverse=True)
    place = inverse.ravel()
    mean = np.column_stack([np.bincount(place, weights=np.repeat(view.normals[:, k], 3)) for k in range(3)])
    mean /= np.maximum(np.linalg.norm(mean, axis=1), 1e-9)[:, None]
    return np.asarray(view.corners - by * mean[place].reshape(-1, 3, 3))


def _near(facets: Ids, low: Floats, high: Floats, floor: Floats, roof: Floats) -> Ids:
    """Facets that reach into a box, in order of their lower end along x."""
    some = facets[((low[facets] <= roof) & (high[facets] >= floor)).all(axis=1)]
    return np.asarray(some[np.argsort(low[some, 0], kind="stable")])


@njit(cache=True)
def _deepest(first: Any, second: Any, shrunk: Any, corners: Any, normals: Any, low: Any, high: Any, deep: float) -> float:
    """Depth of crossing of two lists of facets, both ordered by low x: the lesser of how far edges of each reach through the other.

    A long edge in the face of the one may run far through a side of the other that is hardly dipped in it, so the lesser counts.
    """
    there = back = 0.0
    begin = 0
    widest = 0.0
    for k in second:
        widest = max(widest, high[k, 0] - low[k, 0])
    for i in first:
        while begin < len(second) and low[second[begin], 0] < low[i, 0] - widest:
            begin += 1
        for n in range(begin, len(second)):
            j = second[n]
            if low[j, 0] > high[i, 0]:
                break
            if (
                low[j, 1] > high[i, 1]
                or high[j, 1] < low[i, 1]
                or low[j, 2] > high[i, 2]
                or high[j, 2] < low[i, 2]
                or high[j, 0] < low[i, 0]
            ):
                continue
            there = max(there, _pierced(shrunk[i], corners[j], normals[j], deep))
            back = max(back, _pierced(shrunk[j], corners[i], normals[i], deep))
    return min(there, back) if min(there, back) > 0 else max(there, back)


@njit(cache=True)
def _pierced(edges: Any, facet: Any, normal: Any, deep: float) -> float:
    """Largest depth of a triangle's edges through a facet: the shorter of the two parts of an edge, along the facet's normal."""
    worst = 0.0
    for e in range(3):
        p, q = edges[e], edges[(e + 1) % 3]
        a = b = 0.0
        for c in range(3):
            a += (p[c] - facet[0, c]) * normal[c]
            b += (q[c] - facet[0, c]) * normal[c]
        if a * b >= 0 or min(abs(a), abs(b)) <= max(deep, worst):
            continue
        x = p + (a / (a - b)) * (q - p)
        if _within(x, facet, normal):
            worst = min(abs(a), abs(b))
    return worst


@njit(cache=True)
def _within(x: Any, facet: Any, normal: Any) -> bool:
    """Whether a point of the facet's plane lies in the facet or on its rim."""
    for k in range(3):
        u, v = facet[k], facet[(k + 1) % 3]
        s0, s1, s2 = v[0] - u[0], v[1] - u[1], v[2] - u[2]
        t0, t1, t2 = x[0] - u[0], x[1] - u[1], x[2] - u[2]
        turn = (s1 * t2 - s2 * t1) * normal[0] + (s2 * t0 - s0 * t2) * normal[1] + (s0 * t1 - s1 * t0) * normal[2]
        if turn < -1e-12 * (s0 * s0 + s1 * s1 + s2 * s2):
            return False
    return True
