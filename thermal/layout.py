"""Which rank owns which node: maps between the mesh's input node numbers and the rows of the PETSc system."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows of the linear system in terms of input nodes. Arrays of length n cover all input nodes and are the same on every rank."""

    comm: Any
    nodes: Ints  #: (owned,) input node of each row this rank owns, in row order
    row_of_node: Ints  #: (n,) row of each input node in the whole system

    @property
    def owned(self) -> int:
        """Number of rows this rank owns."""
        return len(self.nodes)

    @property
    def size(self) -> int:
        """Number of rows in the whole system."""
        return len(self.row_of_node)

    def local_of_node(self) -> Ints:
        """Local row of each input node, shape (n,); -1 where another rank owns it."""
        local = np.full(self.size, -1, dtype=np.int64)
        local[self.nodes] = np.arange(self.owned)
        return local

    def sum(self, value: Any) -> Any:
        """Sum of `value` (float or array) over ranks; on one rank `value` itself."""
        return self.comm.allreduce(value) if self.comm.size > 1 else value

    def norm(self, values: Floats) -> float:
        """Root sum square over all rows."""
        return float(np.sqrt(self.sum(float(values @ values))))

    def extreme(self, values: Floats, greatest: bool) -> Floats:
        """Greatest or least of arrays over ranks, element by element."""
        from mpi4py import MPI

        found = np.empty_like(values)
        self.comm.Allreduce(np.ascontiguousarray(values), found, op=MPI.MAX if greatest else MPI.MIN)
        return found

    def gather(self, values: Floats) -> Floats:
        """Values of all nodes, in input order, on every rank; shape (n,). What stands behind the owned rows is left out."""
        full = np.zeros(self.size)
        full[self.nodes] = values[: self.owned]
        return self.comm.allreduce(full) if self.comm.size > 1 else full

    def scatter(self, full: Floats) -> Floats:
        """This rank's rows of a full array in input order."""
        return np.ascontiguousarray(full[self.nodes], dtype=np.float64)


def layout_of(space: Any) -> Layout:
    """Layout of a first-order Lagrange space on a mesh made from plain arrays."""
    mesh = space.mesh
    dofs = space.dofmap
    node_of_dof = np.empty(dofs.index_map.size_local + dofs.index_map.num_ghosts, dtype=np.int64)
    node_of_dof[dofs.list.ravel()] = mesh.geometry.input_global_indices[mesh.geometry.dofmaps[0].ravel()]
    owned = dofs.index_map.size_local
    nodes = node_of_dof[:owned]
    first = dofs.index_map.local_range[0]
    row_of_node = np.zeros(dofs.index_map.size_global, dtype=np.int64)
    row_of_node[nodes] = first + np.arange(owned)
    if mesh.comm.size > 1:
        row_of_node = mesh.comm.allreduce(row_of_node)
    return Layout(mesh.comm, nodes, row_of_node)
