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

#: Edge length at the border of a footprint over its side, and what it grows by per distance from there: as all have them that can be paid
#: for, and as they are where cells are left. Flux has no bound at the border: a square resolved by quarters lacks a fifth of its rise.
PLAIN, FINEST = (1 / 4, 0.8), (1 / 64, 0.3)
USELESS = 1 / 2  #: coarser borders resolve nothing and are left to the mesher
AT_MOST = 3.0  #: times the budget that plain footprints may take
WHOLE = 0.8  #: share of the part's section from which on heat hardly spreads
CELLS_PER_NODE = 6.0  #: of a tetrahedral mesh, about
PER_VOLUME = 6.0  #: cells in a cube of the edge length that is asked for, about
PER_AREA = 5.0  #: cells of one layer over a square of that edge length
MOST_SAMPLES = 2000  #: points on a curve from which distances are taken
DIGITS = 3  #: of an edge length: footprints that round-off tells apart are alike
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
        grades = affordable(found, sizes * self.refine, self.budget)
        self.said = words(found, sizes * self.refine, grades)
        made = around(gmsh.model.mesh.field, found, volumes, sizes, grades, self.refine)
        if not made:
            return []
        gmsh.option.setNumber("Mesh.MeshSizeExtendFromBoundary", 0)
        return [*made, *(_constant(gmsh.model.mesh.field, size, tags) for size, tags in zip(sizes.tolist(), volumes, strict=True))]


@dataclass(frozen=True, slots=True)
class Grading:
    """How edge lengths grow away from the border of a footprint."""

    border: float  #: edge length at the border over the side
    growth: float  #: of the edge length per distance

    @classmethod
    def of(cls, level: float) -> "Grading":
        """0 is `PLAIN`, 1 is `FINEST`; below 0 the border alone gets coarser.

        >>> Grading.of(0.0), Grading.of(1.0)
        (Grading(border=0.25, growth=0.8), Grading(border=0.015625, growth=0.3))
        """
        (border, growth), (least, gentlest) = PLAIN, FINEST
        return cls(border * (least / border) ** level, round(growth * (gentlest / growth) ** max(level, 0.0), DIGITS))


@dataclass(frozen=True, slots=True)
class Footprint:
    """A patch on which two parts touch, seen from the one of them in which heat spreads from it."""

    part: int
    curves: tuple[int, ...]  #: the kernel's tags of its border
    longest: float  #: m, of these curves
    perimeter: float  #: m
    side: float  #: m, four areas over the perimeter: of a square its side, of a circle its diameter, of a strip twice its width
    depth: float  #: m, thinnest extent of the part

    def cells(self, grade: Grading, size: float) -> float:
        """Cells that the part gets more of, about, graded so, with edges of its own `size` [m] far away."""
        least = grade.border * self.side
        if size <= least:
            return 0.0
        ends = np.concatenate([[0.0], np.geomspace(1e-2 * least, (size - least) / grade.growth, SHELLS)])
        r, width = (ends[1:] + ends[:-1]) / 2, np.diff(ends)
        shell = np.minimum(np.pi * r * self.perimeter + 2 * np.pi * r**2, 2 * self.depth * (self.perimeter + np.pi * r))
        edge = least + grade.growth * r
        return float((shell * width * np.maximum(PER_VOLUME / edge**3, PER_AREA / (self.depth * edge**2))).sum())


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


def affordable(found: Sequence[Footprint], sizes: Floats, budget: float) -> list[Grading]:
    """The grading about each footprint; all together add no more than `budget` cells, or what `PLAIN` asks for up to `AT_MOST` budgets.

    Where `PLAIN` asks for more than that, all share one budget.

    What has its fill, at `FINEST`, leaves the rest of its share to the others.

    Args:
        sizes: Edge length of every part without them [m].
    """
    own = [float(sizes[one.part]) for one in found]
    full = np.array([one.cells(Grading.of(1.0), size) for one, size in zip(found, own, strict=True)])
    plain = np.array([one.cells(Grading.of(0.0), size) for one, size in zip(found, own, strict=True)])
    if plain.sum() > AT_MOST * budget:
        plain = np.zeros(len(found))
    low, high = 1.0, max(float(full.max(initial=1.0)), 1.0)
    while high / low > 1.001:
        share = (low * high) ** 0.5
        low, high = (share, high) if np.clip(share, plain, full).sum() <= budget else (low, share)
    given = full if full.sum() <= budget else np.clip(low, plain, full)
    return [_grading(one, size, cells) for one, size, cells in zip(found, own, given.tolist(), strict=True)]


def _grading(one: Footprint, size: float, cells: float) -> Grading:
    """The finest grading for which a footprint takes no more than so many cells."""
    low, high = -4.0, 1.0
    if one.cells(Grading.of(high), size) <= cells * (1 + 1e-9):
        return Grading.of(high)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if one.cells(Grading.of(middle), size) > cells * (1 + 1e-9) else (middle, high)
    return Grading.of(low)


def around(
    fields: Any, found: Sequence[Footprint], volumes: Sequence[Sequence[int]], sizes: Floats, grades: Sequence[Grading], refine: float
) -> list[int]:
    """Size fields of gmsh, each within one part: fine at the border of a footprint, growing to both sides of it.

    Args:
        sizes: Edge length of every part without them [m].
        grades: About each, from `affordable`.
        refine: Divides all these edge lengths.
    """
    alike: dict[tuple[int, float, float], list[Footprint]] = {}  # one field for all of them: every point asks every field
    for one, grade in zip(found, grades, strict=True):
        least = grade.border * one.side / refine
        if grade.border <= USELESS and least < float(sizes[one.part]):
            alike.setdefault((one.part, float(f"{least:.{DIGITS}g}"), grade.growth), []).append(one)
    made = []
    for (part, least, growth), group in alike.items():
        distance, within = fields.add("Distance"), fields.add("Restrict")
        fields.setNumbers(distance, "CurvesList", [curve for one in group for curve in one.curves])
        fields.setNumber(distance, "Sampling", min(MOST_SAMPLES, ceil(2 * max(one.longest for one in group) / least)))
        fields.setNumber(within, "InField", _line(fields, distance, least, float(sizes[part]), growth / refine))
        fields.setNumbers(within, "VolumesList", volumes[part])
        made.append(int(within))
    return made


def _constant(fields: Any, size: float, volumes: Sequence[int]) -> int:
    """A size field of one value within some volumes."""
    field = fields.add("Constant")
    fields.setNumber(field, "VIn", size)
    fields.setNumbers(field, "VolumesList", volumes)
    return int(field)


def _line(fields: Any, distance: int, least: float, most: float, growth: float) -> int:
    """A size field that is `least` at distance zero and grows to `most` [m]."""
    line = fields.add("Threshold")
    fields.setNumber(line, "InField", distance)
    fields.setNumber(line, "SizeMin", least)
    fields.setNumber(line, "SizeMax", most)
    fields.setNumber(line, "DistMin", 0.0)
    fields.setNumber(line, "DistMax", (most - least) / growth)
    return int(line)


def words(found: Sequence[Footprint], sizes: Floats, grades: Sequence[Grading]) -> tuple[str, ...]:
    """What a reader must know of footprints that are not resolved."""
    enough = PLAIN[0] * (1 + 1e-6)
    coarse = [g for one, g in zip(found, grades, strict=True) if g.border > enough and enough * one.side < sizes[one.part]]
    if not coarse:
        return ()
    return (
        f"{len(coarse)} of {len(found)} contacts smaller than a face are meshed by edges of more than a quarter of their side: "
        f"resolving all would take more than {1 + AT_MOST:.0f} times the default mesh. mesh_mm of the parts that matter makes them finer.",
    )
