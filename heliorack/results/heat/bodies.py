"""The bodies of a solved case - parts that are bonded are one - and its kept moments, as everything in this room takes them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from heliorack.results.result import Result
from thermal.layout import Layout

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The kept moments and the bodies. Rows are those of this rank, nodes and fields all of the mesh on every rank."""

    layout: Layout
    of_part: Ids  #: (p,) body of each part
    of_node: Ids  #: (n,) body of each input node
    of_row: Ids  #: (owned,) body of each row of the model
    count: int
    times: Floats  #: (f,) s
    weight: Floats  #: (f,) of each moment in the mean; their sum is 1
    fields: Floats  #: (f, n) K
    mean: Floats = field(init=False)  #: (n,) mean over the moments [K]

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", self.weight @ self.fields)

    def summed(self, rows: Floats) -> Floats:
        """Values of rows, summed by body over all ranks, (b,). Collective."""
        return np.asarray(self.layout.sum(np.bincount(self.of_row, rows, self.count)))

    def rows(self, field: Floats) -> Floats:
        """Values of all nodes at the rows of this rank."""
        return self.layout.scatter(field)

    def at(self, t: float) -> Floats:
        """Temperatures of the rows of this rank between the kept moments, straight [K]."""
        k = int(np.clip(np.searchsorted(self.times, t, side="right"), 1, max(len(self.times) - 1, 1)))
        if len(self.times) == 1:
            return self.rows(self.fields[0])
        share = (t - self.times[k - 1]) / (self.times[k] - self.times[k - 1])
        return self.rows((1 - share) * self.fields[k - 1] + share * self.fields[k])


def kept(result: Result) -> Kept:
    """Bodies and moments of a result."""
    assembly, h, layout = result.body.assembly, result.solution.history, result.body.layout
    parts = len(assembly.part_names)
    nodes = np.unique(np.column_stack([assembly.cells.ravel(), np.repeat(assembly.cell_part, 4)]), axis=0)
    touch: Any = coo_matrix((np.ones(len(nodes)), (nodes[:, 0], nodes[:, 1])), shape=(len(assembly.points), parts)).tocsr()
    count, of_part = connected_components(touch.T @ touch, directed=False)
    of_node = np.zeros(len(assembly.points), dtype=np.int64)
    of_node[nodes[:, 0]] = of_part[nodes[:, 1]]
    times, weight = h.frames, np.ones(len(h.frames)) / len(h.frames)
    if len(times) > 1:
        steps = np.diff(times)
        weight = (np.append(steps, 0.0) + np.append(0.0, steps)) / (2 * steps.sum())
    return Kept(layout, of_part.astype(np.int64), of_node, of_node[layout.nodes], int(count), times, weight, h.fields)
