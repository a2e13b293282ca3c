"""An assembly as a DOLFINx mesh over all MPI ranks, and the way back to the assembly's numbering."""

from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

with suppress(ModuleNotFoundError):  # the binary wheel's helper: without it, imported first, its libmpi is not found
    import dolfinx_solver  # noqa: F401

import basix.ufl
from dolfinx.mesh import create_mesh

from meshes.assembly import Assembly


def distribute(assembly: Assembly, comm: Any) -> Any:
    """Make the DOLFINx mesh (linear tetrahedra); collective.

    Args:
        assembly: The same on every rank; rank 0's arrays are the input, so cell and node numbers are those of the assembly.
        comm: MPI communicator of mpi4py.

    Returns:
        `dolfinx.mesh.Mesh`; `input_cells`, `input_nodes` and `input_dofs` give the assembly's numbers of what is local.
    """
    element: Any = basix.ufl.element("Lagrange", "tetrahedron", 1, shape=(3,))
    root = comm.rank == 0
    cells = assembly.cells if root else np.empty((0, 4), dtype=np.int64)
    points = assembly.points if root else np.empty((0, 3), dtype=np.float64)
    return create_mesh(comm, cells, element, points)


def input_cells(mesh: Any) -> NDArray[np.int64]:
    """Assembly's number of every local cell, ghosts last."""
    return np.asarray(mesh.topology.original_cell_index, dtype=np.int64)


def input_nodes(mesh: Any) -> NDArray[np.int64]:
    """Assembly's number of every local node of `mesh.geometry.x`, ghosts last."""
    return np.asarray(mesh.geometry.input_global_indices, dtype=np.int64)


def input_dofs(space: Any) -> NDArray[np.int64]:
    """Assembly's node of every local degree of freedom of a scalar P1 space, ghosts last: its order is not that of the geometry."""
    dofs = np.asarray(space.dofmap.list)
    index_map = space.dofmap.index_map
    nodes = np.full(index_map.size_local + index_map.num_ghosts, -1, dtype=np.int64)
    nodes[dofs] = input_nodes(space.mesh)[np.asarray(space.mesh.geometry.dofmaps[0])]
    return nodes
