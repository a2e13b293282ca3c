"""Parts that run into each other where no kernel has cut them at one another: meshes of files against everything else.

The common volume is estimated by points spread evenly over the cells of one part that lie in cells of the other.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from meshes.assembly import Assembly, Floats, Ids
from meshes.errors import GeometryError
from meshes.measure import cell_volumes

POINTS = 200_000  #: of a pair, about
EACH = (8, 512)  #: least and largest number of points of a cell
CHORDS = 0.02  #: of the smaller part's volume; chords of 24 edges around a shaft and its bore may share 1.2 %
SEEN = 1e-6  #: of the smaller part's volume; less is round-off of the coordinates in a file


def overlaps(mesh: Assembly, group: Sequence[int]) -> dict[tuple[int, int], float]:
    """Common volume [m³] of pairs of parts of different groups, where it is more than round-off; an estimate within some percent.

    Args:
        mesh: Parts side by side.
        group: Of each part (p,); parts of one group are known not to overlap.
    """
    low, high = _boxes(mesh)
    volume = cell_volumes(mesh.points, mesh.cells)
    of_part = np.bincount(mesh.cell_part, volume, len(mesh.part_names))
    found = {}
    for i, j in combinations(range(len(group)), 2):
        inner, outer = np.maximum(low[i], low[j]), np.minimum(high[i], high[j])
        if group[i] == group[j] or (inner >= outer).any() or np.prod(outer - inner) < SEEN * min(of_part[i], of_part[j]):
            continue
        one, other = (_within(mesh, part, inner, outer) for part in (i, j))
        if len(other) and (not len(one) or volume[other].mean() < volume[one].mean()):
            one, other = other, one  # the points go into the smaller cells
        common = _common(mesh.points, mesh.cells[one], mesh.cells[other], volume[one]) if len(one) and len(other) else 0.0
        if common > SEEN * min(of_part[i], of_part[j]):
            found[i, j] = common
    return found


def refuse_overlaps(mesh: Assembly, group: Sequence[int]) -> tuple[str, ...]:
    """A sentence for every pair that shares no more than chords of curved faces may.

    Raises:
        GeometryError: pairs that share more, each with how much.
    """
    volume = np.bincount(mesh.cell_part, cell_volumes(mesh.points, mesh.cells), len(mesh.part_names))
    said: list[str] = []
    faults: list[str] = []
    for (i, j), common in overlaps(mesh, group).items():
        less = i if volume[i] < volume[j] else j
        share = common / volume[less]
        words = (
            f"parts {mesh.part_names[i]} and {mesh.part_names[j]} overlap by about {float(f'{common * 1e9:.3g}'):g} mm3 "
            f"({100 * share:.3g} % of {mesh.part_names[less]})"
        )
        (faults if share > CHORDS else said).append(words)
    if faults:
        raise GeometryError("; ".join(faults) + "; a mesh from a file is not cut: mend the file, or move one of the parts")
    return tuple(f"{words}: chords of curved faces, or positions a little off; both count whole." for words in said)


def _boxes(mesh: Assembly) -> tuple[Floats, Floats]:
    """Least and greatest coordinates (p, 3) [m] of every part."""
    count = len(mesh.part_names)
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    owner, corners = np.repeat(mesh.cell_part, 4), mesh.points[mesh.cells.ravel()]
    np.minimum.at(low, owner, corners)
    np.maximum.at(high, owner, corners)
    return low, high


def _within(mesh: Assembly, part: int, low: Floats, high: Floats) -> Ids:
    """Cells of a part that reach into a box."""
    rows = np.flatnonzero(mesh.cell_part == part)
    corners = mesh.points[mesh.cells[rows]]
    return rows[((corners.min(axis=1) < high) & (corners.max(axis=1) > low)).all(axis=1)]


def _common(points: Floats, ours: Ids, theirs: Ids, volume: Floats) -> float:
    """Volume [m³] of the cells `ours` that lies in the cells `theirs`."""
    from scipy.spatial import cKDTree

    each = int(np.clip(POINTS // len(ours), *EACH))
    spread = _spread(each)
    where = np.einsum("qi,cix->cqx", spread, points[ours]).reshape(-1, 3)
    corners = points[theirs]
    low, high = corners.min(axis=1), corners.max(axis=1)
    rows = np.flatnonzero(((where > low.min(axis=0)) & (where < high.max(axis=0))).all(axis=1))
    if not len(rows):
        return 0.0
    near = cKDTree(where[rows]).query_ball_point((low + high) / 2, (high - low).max(axis=1) / 2, p=np.inf)
    cell = np.repeat(np.arange(len(theirs)), [len(some) for some in near])
    point = rows[np.concatenate([np.asarray(some, dtype=np.int64) for some in near])]
    inverse = np.linalg.inv(np.stack([corners[:, i] - corners[:, 0] for i in (1, 2, 3)], axis=2))
    inside = np.zeros(len(where), dtype=bool)
    for some in np.array_split(np.arange(len(cell)), len(cell) // POINTS + 1):
        local = np.einsum("kij,kj->ki", inverse[cell[some]], where[point[some]] - corners[cell[some], 0])
        inside[point[some[(local > 0).all(axis=1) & (local.sum(axis=1) < 1)]]] = True
    return float((inside.reshape(len(ours), each).mean(axis=1) * volume).sum())


def _spread(count: int) -> Floats:
    """Barycentric coordinates (count, 4) of points spread evenly over a tetrahedron, none on its faces.

    An additive recurrence with the powers of the root of g^4 = g + 1 fills the cube; sorted coordinates and their gaps fold it onto the
    tetrahedron.
    """
    root = 1.2207440846057596
    cube = np.sort((0.5 + np.arange(1, count + 1)[:, None] * root ** -np.array([1.0, 2.0, 3.0])) % 1.0, axis=1)
    return np.diff(cube, axis=1, prepend=0.0, append=1.0)
