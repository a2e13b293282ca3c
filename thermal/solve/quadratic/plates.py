"""The quadratic elements of plates, solved by themselves: there neither the first-order space nor a diagonal is near the answer.

Where triangles of the two sides of a plate do not lie upon each other, first-order elements that are all but constant through it are linear
along it too; the quadratic space bends, and what it bends by is seen by nodes and bubbles of both sides together only.
"""

from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.enrichment import Enrichment
from thermal.solve.algebra.preconditioner import Preconditioner
from thermal.solve.linear import ShiftedSolver

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

MOST = 200_000  #: unknowns of the block that are factored; of more the iteration takes longer, and says what it leaves


class Plates:
    """A factor of the block of flat cells at one shift, the same on every rank. All calls are collective.

    Args:
        solver: Of the model, its slopes brought up to date.
        enriched: Bubbles of the same mesh.
        flat: Nodes of flat cells (n,), a mask.
        shift: Of the capacity [1/s].
    """

    def __init__(self, solver: ShiftedSolver, enriched: Enrichment, flat: NDArray[np.bool_], shift: float) -> None:
        layout = solver.model.layout
        held = np.zeros(layout.owned)
        held[solver.held] = 1.0
        nodes = np.flatnonzero(flat & (layout.gather(held) == 0.0))
        edges = np.flatnonzero(flat[enriched.edges].all(axis=1) & ~enriched.still)
        if len(nodes) + len(edges) > MOST:
            nodes, edges = nodes[:0], edges[:0]
        self.nodes: Ids = nodes[np.argsort(layout.row_of_node[nodes])]  #: (i,)
        self.edges: Ids = edges  #: (j,)
        self._factor = self._factored(solver, enriched, shift) if len(nodes) + len(edges) else None

    def __enter__(self) -> "Plates":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """Free the factor."""
        if self._factor is not None:
            self._factor.close()

    @property
    def any(self) -> bool:
        """Whether there is anything flat."""
        return self._factor is not None

    def _factored(self, solver: ShiftedSolver, enriched: Enrichment, shift: float) -> Preconditioner:
        from petsc4py import PETSc
        from scipy.sparse import block_array, csr_array, diags_array

        reference, layout = solver.reference, solver.model.layout
        rows = PETSc.IS().createGeneral(layout.row_of_node[self.nodes].tolist(), comm=PETSc.COMM_SELF)
        (mine,) = reference.A.createSubMatrices(rows, rows)
        starts, columns, values = mine.getValuesCSR()
        conducts = csr_array((values, columns, starts), shape=(len(self.nodes), len(self.nodes)))
        for thing in (mine, rows):
            thing.destroy()
        lumped = layout.gather(shift * reference.heat_capacity + solver.diagonal())[self.nodes]
        alone = block_array([[conducts + diags_array(lumped), None], [None, csr_array((len(self.edges), len(self.edges)))]])
        whole = csr_array(alone + enriched.block(shift, self.nodes, self.edges))
        csr = tuple(index.astype(PETSc.IntType) for index in (whole.indptr, whole.indices))
        return Preconditioner(shift, PETSc.Mat().createAIJ(whole.shape, csr=(*csr, whole.data), comm=PETSc.COMM_SELF), "factor")

    def solved(self, nodes: Floats, edges: Floats) -> tuple[Floats, Floats]:
        """What nodes (k, n) and bubbles (k, m) [W] would do to those of the plates, (k, i) and (k, j) [K]."""
        right = np.concatenate([nodes[:, self.nodes], edges[:, self.edges]], axis=1)
        found = right if self._factor is None else self._factor.apply_all(right)
        return found[:, : len(self.nodes)], found[:, len(self.nodes) :]
