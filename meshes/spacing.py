"""Where a mesh shall be fine: an edge length at every node of an earlier mesh."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from meshes.assembly import Assembly, Floats, Ids

BUDGET = 3.0  #: times the cells of the earlier mesh, about
FINEST = 0.25  #: of an edge at most in one pass
STEEPEST = 0.6  #: metres of edge length more per metre of distance; steeper fields make poor cells
EDGE_OF_SHEETS, EDGE_OF_BULK = 0.95, 0.72  #: target edge length over the longest edge of a cell: medians of meshes of a plate and a cube
THIN = 0.95  #: share of a part's nodes on its surface from which on it is a sheet: halving its edges makes four cells of one, not eight
DIGITS = 3  #: significant digits of a size: round-off of the solution must not make another mesh


@dataclass(frozen=True, slots=True, eq=False)
class Spacing:
    """Target edge lengths, linear in every cell of an earlier mesh; outside of it the nearest counts. The sizes of parts stay bounds."""

    points: Floats  #: (n, 3) m
    cells: Ids  #: (c, 4)
    size: Floats  #: (n,) m


def refined(mesh: Assembly, error: Floats, budget: float = BUDGET) -> Spacing:
    """Edge lengths that spend `budget` times the cells of a mesh where they lower its error most.

    With edges shortened by x, a cell's squared error falls by x^2 and its number of pieces grows by x^-d; the least sum of errors for a
    given number of pieces has x proportional to error^(-2/(2 + d)). Nothing gets coarser.

    Args:
        error: Square of the estimated error of every cell (c,), any unit.
        budget: Cells asked for over cells there are.
    """
    dimension = _dimension(mesh)[mesh.cell_part]
    level = np.maximum(error / max(float(error.max()), 1e-300), 1e-12)

    def factors(scale: float) -> Floats:
        return np.asarray(np.clip((scale * dimension / level) ** (1 / (2 + dimension)), FINEST, 1.0))

    low, high = 1e-15, 1e3  # the larger the scale, the coarser
    for _ in range(100):
        middle = (low * high) ** 0.5
        few = float((factors(middle) ** -dimension).sum()) <= budget * len(mesh.cells)
        low, high = (low, middle) if few else (middle, high)
    corners = mesh.points[mesh.cells]
    longest = np.max([np.linalg.norm(corners[:, i] - corners[:, j], axis=1) for i, j in combinations(range(4), 2)], axis=0)
    wanted = np.where(dimension == 2, EDGE_OF_SHEETS, EDGE_OF_BULK) * longest * factors(high)
    count = np.bincount(mesh.cells.ravel(), minlength=len(mesh.points))
    size = np.bincount(mesh.cells.ravel(), np.repeat(wanted, 4), len(mesh.points)) / np.maximum(count, 1)
    size = _gentle(mesh, size)
    step = 10.0 ** (np.floor(np.log10(size)) - DIGITS + 1)
    return Spacing(mesh.points, mesh.cells, np.round(size / step) * step)


def _dimension(mesh: Assembly) -> Floats:
    """2 for parts that are one layer of cells, 3 for others (p,)."""
    outside = np.zeros(len(mesh.points), dtype=bool)
    outside[mesh.facets.ravel()] = True
    share = [float(outside[np.unique(mesh.cells[mesh.cell_part == i])].mean()) for i in range(len(mesh.part_names))]
    return np.where(np.array(share) >= THIN, 2.0, 3.0)


def _gentle(mesh: Assembly, size: Floats) -> Floats:
    """The sizes without steps: between neighbours they grow by no more than `STEEPEST` of their distance."""
    ends = np.unique(np.sort(np.concatenate([mesh.cells[:, pair] for pair in combinations(range(4), 2)]), axis=1), axis=0)
    reach = STEEPEST * np.linalg.norm(mesh.points[ends[:, 0]] - mesh.points[ends[:, 1]], axis=1)
    for _ in range(20):
        before, size = size, size.copy()
        np.minimum.at(size, ends[:, 0], before[ends[:, 1]] + reach)
        np.minimum.at(size, ends[:, 1], before[ends[:, 0]] + reach)
        if np.array_equal(before, size):
            break
    return size
