"""Faces that all but touch: no heat is conducted across a gap, however thin, and a drawing mostly means none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Assembly
from meshes.contacts.overlay import FACING, overlay
from meshes.contacts.search import TOUCHING
from meshes.measure import facet_areas, facet_normals

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

NEAR = 1e-4  #: m; faces closer than this that do not touch are said
LEAST = 1e-7  #: m2; less is an edge that passes by
NAMED = 8  #: pairs that are said one by one


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two parts whose faces look at each other across a thin gap."""

    part_a: str
    part_b: str
    gap: float  #: m, mean over the area
    area: float  #: m2


def near_misses(assembly: Assembly, free: Floats) -> Iterator[NearMiss]:
    """Pairs of parts whose free facets lie within `NEAR` of each other without touching.

    Args:
        assembly: Meshed.
        free: Free fraction of each facet (f,), as in `Interfaces`.
    """
    normal, area = facet_normals(assembly), facet_areas(assembly)
    corners = assembly.points[assembly.facets]
    low, high, middle = corners.min(axis=1), corners.max(axis=1), corners.mean(axis=1)
    part = np.where(free > 0.5, assembly.face_part[assembly.facet_face], -1)
    order = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[order], np.arange(len(assembly.part_names) + 1))
    rows: list[Ids] = [order[a:b] for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)]
    full = [i for i, mine in enumerate(rows) if len(mine)]
    lows, highs = np.array([low[rows[i]].min(axis=0) for i in full]), np.array([high[rows[i]].max(axis=0) for i in full])
    for k, i in enumerate(full):
        meets = (np.maximum(lows[k], lows[k + 1 :]) - np.minimum(highs[k], highs[k + 1 :]) <= NEAR).all(axis=1)
        for j in (full[k + 1 + m] for m in np.flatnonzero(meets).tolist()):
            a, b = _facing(rows[i], rows[j], low, high, middle, normal)
            if len(a) and len(b):
                if area[a].sum() > area[b].sum():  # points on the smaller side
                    a, b = b, a
                found = _between(assembly, a, b, normal)
                if found is not None:
                    yield NearMiss(assembly.part_names[i], assembly.part_names[j], *found)


def _facing(a: Ids, b: Ids, low: Floats, high: Floats, middle: Floats, normal: Floats) -> tuple[Ids, Ids]:
    """Facets of either side near the box around those of the other, in planes that may look at each other across a gap."""
    for _ in range(2):
        if not len(a) or not len(b):
            return a[:0], b[:0]
        floor, top = low[b].min(axis=0) - NEAR, high[b].max(axis=0) + NEAR
        a, b = b, a[(high[a] >= floor).all(axis=1) & (low[a] <= top).all(axis=1)]
    if not len(a) or not len(b):
        return a[:0], b[:0]
    (ways_a, at_a, of_a), (ways_b, at_b, of_b) = (_planes(rows, middle, normal, middle[a[0]]) for rows in (a, b))
    across = ways_a @ ways_b.T
    gap = -at_a[:, None] - at_b[None]
    level = across < -1 + 1e-9  # of planes that are parallel, the gap is known; of others it is not
    facing = np.where(level, (gap > TOUCHING / 2) & (gap < 2 * NEAR), across < FACING)
    return a[facing.any(axis=1)[of_a]], b[facing.any(axis=0)[of_b]]


def _planes(rows: Ids, middle: Floats, normal: Floats, origin: Floats) -> tuple[Floats, Floats, Ids]:
    """Normals (k, 3) and distances from a point (k,) [m] of the planes that facets lie in, and the plane of each facet."""
    distance = np.einsum("fi,fi->f", normal[rows], middle[rows] - origin)
    both = np.column_stack([normal[rows].round(9) + 0.0, distance.round(7)])
    planes, index = np.unique(both, axis=0, return_inverse=True)
    return planes[:, :3], planes[:, 3], index


def _between(assembly: Assembly, a: Ids, b: Ids, normal: Floats) -> tuple[float, float] | None:
    """Mean gap [m] and area [m2] over which facets `a` lie before facets `b`."""
    found = overlay(assembly.points, assembly.facets[a], assembly.facets[b], NEAR)
    here = np.einsum("qi,qij->qj", found.shape_a, assembly.points[assembly.facets[a[found.facet_a]]])
    there = np.einsum("qi,qij->qj", found.shape_b, assembly.points[assembly.facets[b[found.facet_b]]])
    gap = np.einsum("qi,qi->q", there - here, normal[a[found.facet_a]])
    apart = gap > TOUCHING
    area = float(found.weight[apart].sum())
    return (float(gap[apart] @ found.weight[apart]) / area, area) if area > LEAST else None


def near_words(found: Sequence[NearMiss]) -> tuple[str, ...]:
    """A warning for each pair, the largest areas first, and one for the rest."""
    ranked = sorted(found, key=lambda miss: -miss.area)
    said = [
        f"warning: faces of {miss.part_a} and {miss.part_b} lie {miss.gap * 1e3:.2g} mm apart over {miss.area * 1e6:.4g} mm2 and do not "
        f"touch: no heat is conducted there; move them together, or give a contact with tolerance_mm = {_above(miss.gap):g}"
        for miss in ranked[:NAMED]
    ]
    if len(ranked) > NAMED:
        said.append(f"warning: {len(ranked) - NAMED} more pairs of parts have faces less than {NEAR * 1e3:g} mm apart that do not touch")
    return tuple(said)


def _above(gap: float) -> float:
    """A round tolerance above a gap [mm]."""
    return float(np.ceil(gap * 1e3 * 1.2 * 100) / 100)
