"""From a conforming mesh of many parts to one whose parts own their nodes, with outward facets and contact pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats, Ids, Touch
from meshes.errors import GeometryError
from meshes.measure import area_vectors, cell_quality, cell_volumes

CELL_FACETS = np.array(
    [[1, 2, 3], [0, 3, 2], [0, 1, 3], [0, 2, 1]]
)  #: outward facets of a tetrahedron of positive volume; facet i is opposite corner i

FLAT = 1e-8  #: cells of lower quality are refused: the gradient in them is round-off


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Mesh whose parts share no node. Arrays as in `Assembly`."""

    points: Floats
    cells: Ids
    facets: Ids
    facet_cell: Ids
    touches: tuple[Touch, ...]


def oriented(points: Floats, cells: Ids) -> Ids:
    """The cells (c, 4) with corners ordered to positive volume.

    Raises:
        GeometryError: a cell is flat to round-off (quality below `FLAT`).
    """
    volume = cell_volumes(points, cells)
    flat = cell_quality(points, cells) < FLAT
    if flat.any():
        x, y, z = points[cells[flat.argmax()]].mean(axis=0) * 1e3
        raise GeometryError(
            f"mesh: {flat.sum()} cells without volume, the first near ({x:.3f}, {y:.3f}, {z:.3f}) mm; try another mesh size there"
        )
    return np.asarray(np.where((volume < 0)[:, None], cells[:, [0, 2, 1, 3]], cells))


def split_parts(points: Floats, cells: Ids, cell_part: NDArray[np.int32]) -> Split:
    """Give every part its own copy of the nodes it uses, find its outward facets and the pairs of facets where two parts touch.

    Args:
        points: (n, 3) m, shared by all parts.
        cells: (c, 4) of positive volume (see `oriented`).
        cell_part: (c,).

    Raises:
        GeometryError: more than two cells share a facet.
    """
    n = np.int64(len(points))
    keys, inverse = np.unique(cell_part[:, None] * n + cells, return_inverse=True)
    own_cells = inverse.reshape(cells.shape).astype(np.int64)
    sides = cells[:, CELL_FACETS].reshape(-1, 3)
    cell_of = np.repeat(np.arange(len(cells), dtype=np.int64), 4)
    first, second = _pairs(np.sort(sides, axis=1))
    part_of = cell_part[cell_of]
    inner = part_of[first] == part_of[second]
    boundary = np.ones(len(sides), dtype=bool)
    boundary[first[inner]] = boundary[second[inner]] = False
    row = np.cumsum(boundary) - 1
    own_sides = own_cells[:, CELL_FACETS].reshape(-1, 3)
    own_points = points[keys % n]
    a, b = first[~inner], second[~inner]
    a, b = np.where(part_of[a] < part_of[b], a, b), np.where(part_of[a] < part_of[b], b, a)
    own_sides[b] = _mirrored(sides[a], sides[b], own_sides[b])
    touches = _touches(part_of[a], part_of[b], row[a], row[b], np.linalg.norm(area_vectors(points, sides[a]), axis=1))
    return Split(own_points, own_cells, own_sides[boundary], cell_of[boundary], touches)


def _pairs(triples: Ids) -> tuple[Ids, Ids]:
    """Rows of the sorted node triples (m, 3) that occur twice, as two index arrays."""
    order = np.lexsort((triples[:, 2], triples[:, 1], triples[:, 0]))
    ranked = triples[order]
    same = (ranked[1:] == ranked[:-1]).all(axis=1)
    if (same[1:] & same[:-1]).any():
        raise GeometryError("mesh: more than two cells share a facet; parts overlap or the mesh is folded")
    hits = np.flatnonzero(same)
    low, high = np.minimum(order[hits], order[hits + 1]), np.maximum(order[hits], order[hits + 1])
    by_row = np.argsort(low)
    return low[by_row], high[by_row]


def _mirrored(sides_a: Ids, sides_b: Ids, own_b: Ids) -> Ids:
    """`own_b` turned (not flipped) so that its corner 0 is a's: then corners 1 and 2 are a's 2 and 1."""
    start = (sides_b == sides_a[:, :1]).argmax(axis=1)
    return np.take_along_axis(own_b, (start[:, None] + np.arange(3)) % 3, axis=1)


def _touches(part_a: NDArray[np.int32], part_b: NDArray[np.int32], row_a: Ids, row_b: Ids, area: Floats) -> tuple[Touch, ...]:
    """One touch per pair of parts, in the order of part numbers."""
    if len(part_a) == 0:
        return ()
    order = np.lexsort((row_a, part_b, part_a))
    pair = np.stack([part_a[order], part_b[order]], axis=1)
    starts = np.flatnonzero(np.r_[True, (pair[1:] != pair[:-1]).any(axis=1)])
    groups = np.split(order, starts[1:])
    return tuple(Touch(int(part_a[g[0]]), int(part_b[g[0]]), row_a[g], row_b[g], float(area[g].sum())) for g in groups)


def touch_of_facets(count: int, touches: tuple[Touch, ...]) -> NDArray[np.int32]:
    """Index of the touch that every facet (count,) belongs to, -1 where free."""
    index = np.full(count, -1, dtype=np.int32)
    for i, touch in enumerate(touches):
        index[touch.facets_a] = index[touch.facets_b] = i
    return index
