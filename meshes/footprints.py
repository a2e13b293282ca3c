"""Where parts touch over less than a face: edge lengths that resolve how heat spreads from there.

Only parts whose edge lengths are left to the default take part; a size that the case gives is obeyed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import Any

import numpy as np

from meshes.assembly import Floats

NEAR, FAR = (
    0.4,
    0.8,
)  #: edge length per distance from the border of a footprint, up to half a side (a quarter of it in the middle) and beyond
#: Edge length at the border over the side: there the flux has no bound, and a square resolved by quarters lacks a fifth of its rise.
FINEST, COARSEST = 1 / 64, 1 / 4
USELESS = 1 / 2  #: coarser borders resolve nothing and are left to the mesher
WHOLE = 0.8  #: share of the part's section from which on heat hardly spreads
CELLS_PER_NODE = 6.0  #: of a tetrahedral mesh, about
PER_VOLUME = 9.0  #: cells in a cube of the edge length that is asked for, about
PER_AREA = 7.0  #: cells of one layer over a square of that edge length
MOST_SAMPLES = 400  #: points on a curve from which distances are taken
SHELLS = 40  #: of the integral over the distance from a border


@dataclass(slots=True)
class Spreading:
    """How fine parts shall be about contacts that are smaller than their faces."""

    free: Sequence[bool]  #: of each part, whether its size was left to the default
    budget: float  #: cells that this may add, about
    refine: float = 1.0  #: divides the edge lengths
    said: tuple[str, ...] = ()  #: what a reader must know, once `fields` was asked

    def fields(self, gmsh: Any, volumes: Sequence[Sequence[int]], sizes: Floats) -> list[int]:
        """Size fields of gmsh for parts of the given edge lengths (p,) [m]; see `around`.

        Where there are any, every part gets one, and edge lengths no longer extend from curves and surfaces into what they bound: gmsh
        interpolates them over long triangles, and 16 chips of 1 mm on a block would take 570 000 cells in place of 50 000.
        """
        if not any(self.free):
            return []
        found = footprints(gmsh.model, volumes, self.free)
        borders = affordable(found, sizes * self.refine, self.budget)
        self.said = words(found, sizes * self.refine, borders)
        made = around(gmsh.model.mesh.field, found, volumes, sizes, borders, self.refine)
        if not made:
            return []
        gmsh.option.setNumber("Mesh.MeshSizeExtendFromBoundary", 0)
        return [*made, *(_constant(gmsh.model.mesh.field, size, tags) for size, tags in zip(sizes.tolist(), volumes, strict=True))]


@dataclass(frozen=True, slots=True)
class Footprint:
    """A patch on which two parts touch, seen from the one of them in which heat spreads from it."""

    part: int
    curves: tuple[int, ...]  #: the kernel's tags of its border
    longest: float  #: m, of these curves
    perimeter: float  #: m
    side: float  #: m, four areas over the perimeter: of a square its side, of a circle its diameter, of a strip twice its width
    depth: float  #: m, thinnest extent of the part

    def far(self, least: float) -> float:
        """What the line of edge lengths far away has at the border [m], where it is really `least`."""
        return least - (FAR - NEAR) * self.side / 2

    def cells(self, border: float, size: float) -> float:
        """Cells that the part gets more of, about, with edges of `border` sides at the border and its own of `size` [m] far away."""
        least = border * self.side
        if size <= least:
            return 0.0
        ends = np.concatenate([[0.0], np.geomspace(1e-2 * least, (size - least) / NEAR, SHELLS)])
        r, width = (ends[1:] + ends[:-1]) / 2, np.diff(ends)
        shell = np.minimum(np.pi * r * self.perimeter + 2 * np.pi * r**2, 2 * self.depth * (self.perimeter + np.pi * r))
        edge = np.minimum(np.maximum(least + NEAR * r, self.far(least) + FAR * r), size)
        here = edge < size
        return float((shell * width * np.maximum(PER_VOLUME / edge**3, PER_AREA / (self.depth * edge**2)))[here].sum())


def footprints(model: Any, volumes: Sequence[Sequence[int]], free: Sequence[bool]) -> list[Footprint]:
    """The patches of all pairs of parts, from every part whose size is free and which is larger than the patch.

    Args:
        model: gmsh's, with all volumes cut at each other.
        volumes: Tags of the volumes of every part.
        free: Whether the size of each part was left to the default.
    """
    owners: dict[int, set[int]] = {}
    for part, tags in enumerate(volumes):
        for _, surface in model.getBoundary([(3, tag) for tag in tags], combined=False, oriented=False):
            owners.setdefault(surface, set()).add(part)
    pairs: dict[tuple[int, int], list[int]] = {}
    for surface, who in sorted(owners.items()):
        for pair in combinations(sorted(who), 2):
            pairs.setdefault(pair, []).append(surface)
    found = []
    for pair, surfaces in pairs.items():
        if any(free[part] for part in pair):
            for patch in _patches(model, surfaces):
                found += [_seen(model, patch, part, volumes[part]) for part in pair if free[part]]
    return [one for one in found if one is not None]


def _patches(model: Any, surfaces: Sequence[int]) -> list[list[int]]:
    """Surfaces that hang together by their curves."""
    patches: list[tuple[set[int], list[int]]] = []
    for surface in surfaces:
        curves = {curve for _, curve in model.getBoundary([(2, surface)], combined=False, oriented=False)}
        mine, others = [surface], []
        for known, members in patches:
            if known & curves:
                curves |= known
                mine += members
            else:
                others.append((known, members))
        patches = [*others, (curves, mine)]
    return [sorted(members) for _, members in patches]


def _seen(model: Any, patch: Sequence[int], part: int, volumes: Sequence[int]) -> Footprint | None:
    """A patch as a part has it; None where it covers the part's section."""
    area = sum(model.occ.getMass(2, surface) for surface in patch)
    curves = tuple(sorted(tag for _, tag in model.getBoundary([(2, surface) for surface in patch], combined=True, oriented=False)))
    lengths = [model.occ.getMass(1, curve) for curve in curves]
    if not curves or min(area, sum(lengths)) <= 0.0:
        return None
    extent, own = _extent(model, 3, volumes), _extent(model, 2, patch)
    section = float(np.prod(np.delete(extent, int(np.argmin(own)))))
    if area >= WHOLE * section:
        return None
    return Footprint(part, curves, max(lengths), sum(lengths), 4 * area / sum(lengths), float(extent.min()))


def _extent(model: Any, dimension: int, tags: Sequence[int]) -> Floats:
    """Extents of the box about some entities [m]."""
    boxes = np.array([model.getBoundingBox(dimension, tag) for tag in tags])
    return np.asarray(boxes[:, 3:].max(axis=0) - boxes[:, :3].min(axis=0))


def affordable(found: Sequence[Footprint], sizes: Floats, budget: float) -> list[float]:
    """Edge length at the border of each footprint over its side; all together add no more than `budget` cells.

    What has its fill, at `FINEST`, leaves the rest of its share to the others.

    Args:
        sizes: Edge length of every part without them [m].
    """
    full = sorted(one.cells(FINEST, float(sizes[one.part])) for one in found)
    share, left = np.inf, budget
    for i, cells in enumerate(full):
        if cells * (len(full) - i) > left:
            share = left / (len(full) - i)
            break
        left -= cells
    return [_border(one, float(sizes[one.part]), share) for one in found]


def _border(one: Footprint, size: float, share: float) -> float:
    """The finest border for which a footprint takes no more than its share of cells."""
    low = high = FINEST
    while one.cells(high, size) > share:
        low, high = high, 2 * high
    while high / low > 1.01:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if one.cells(middle, size) > share else (low, middle)
    return high


def around(
    fields: Any, found: Sequence[Footprint], volumes: Sequence[Sequence[int]], sizes: Floats, borders: Sequence[float], refine: float
) -> list[int]:
    """Size fields of gmsh, each within one part: fine at the border of a footprint, growing to both sides of it.

    Args:
        sizes: Edge length of every part without them [m].
        borders: Of each over its side, from `affordable`.
        refine: Divides all these edge lengths.
    """
    made = []
    for one, border in zip(found, borders, strict=True):
        least, most = border * one.side / refine, float(sizes[one.part])
        if border > USELESS or least >= most:
            continue
        distance, within = fields.add("Distance"), fields.add("Restrict")
        fields.setNumbers(distance, "CurvesList", one.curves)
        fields.setNumber(distance, "Sampling", min(MOST_SAMPLES, ceil(2 * one.longest / least)))
        lines = [
            _line(fields, distance, start, most, slope / refine)
            for start, slope in ((least, NEAR), (one.far(least * refine) / refine, FAR))
        ]
        greater = fields.add("Max")
        fields.setNumbers(greater, "FieldsList", lines)
        fields.setNumber(within, "InField", greater)
        fields.setNumbers(within, "VolumesList", volumes[one.part])
        made.append(int(within))
    return made


def _constant(fields: Any, size: float, volumes: Sequence[int]) -> int:
    """A size field of one value within some volumes."""
    field = fields.add("Constant")
    fields.setNumber(field, "VIn", size)
    fields.setNumbers(field, "VolumesList", volumes)
    return int(field)


def _line(fields: Any, distance: int, start: float, most: float, slope: float) -> int:
    """A size field that is `start` at distance zero and grows by `slope` to `most` [m]; nothing is below a thousandth of that."""
    least = max(start, 1e-3 * most)
    line = fields.add("Threshold")
    fields.setNumber(line, "InField", distance)
    fields.setNumber(line, "SizeMin", least)
    fields.setNumber(line, "SizeMax", most)
    fields.setNumber(line, "DistMin", (least - start) / slope)
    fields.setNumber(line, "DistMax", (most - start) / slope)
    return int(line)


def words(found: Sequence[Footprint], sizes: Floats, borders: Sequence[float]) -> tuple[str, ...]:
    """What a reader must know of footprints that are not resolved."""
    coarse = [b for one, b in zip(found, borders, strict=True) if b > COARSEST and COARSEST * one.side < sizes[one.part]]
    if not coarse:
        return ()
    return (
        f"{len(coarse)} of {len(found)} contacts smaller than a face are meshed by edges of more than a quarter of their side: "
        "resolving all would more than double the default mesh. mesh_mm of the parts that matter makes them finer.",
    )
