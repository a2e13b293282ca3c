"""An assembly as a DOLFINx mesh over all MPI ranks, and the way back to the assembly's numbering."""

from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

with suppress(ModuleNotFoundError):  # the binary wheel's helper: without it, imported first, its libmpi is not found
    import dolfinx_solver  # noqa: F401

import basix.ufl
from dolfinx import cpp
from dolfinx.fem import coordinate_element
from dolfinx.graph import adjacencylist
from dolfinx.mesh import Mesh, create_mesh
from ufl import Mesh as Domain

from meshes.assembly import Assembly

_GRID = 1023  #: cells of the grid along the longest side; three times ten bits


def distribute(assembly: Assembly, comm: Any) -> Any:
    """Make the DOLFINx mesh (linear tetrahedra); collective.

    Args:
        assembly: The same on every rank; rank 0's arrays are the input, so cell and node numbers are those of the assembly.
        comm: MPI communicator of mpi4py.

    Returns:
        `dolfinx.mesh.Mesh`; `input_cells`, `input_nodes` and `input_dofs` give the assembly's numbers of what is local.
    """
    element: Any = basix.ufl.element("Lagrange", "tetrahedron", 1, shape=(3,))
    if comm.size == 1:
        return _whole(assembly, element, comm)
    root = comm.rank == 0
    cells = assembly.cells if root else np.empty((0, 4), dtype=np.int64)
    points = assembly.points if root else np.empty((0, 3), dtype=np.float64)
    return create_mesh(comm, cells, element, points)


def _whole(assembly: Assembly, element: Any, comm: Any) -> Any:
    """Make the mesh of a single rank out of its parts.

    `create_mesh` looks for the owners of what ranks share and orders cells by their neighbours, half of the set-up of a march. Nothing is
    shared here, and cells along a Morton curve are near one another too; nodes follow as cells meet them.
    """
    order = _along_curve(assembly.points[assembly.cells].mean(axis=1))
    corners = assembly.cells[order].ravel()
    first = np.full(len(assembly.points), len(corners))
    first[corners[::-1]] = np.arange(len(corners))[::-1]  # the last to be written stays
    nodes = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(corners))]
    number = np.empty(len(assembly.points), dtype=np.int32)
    number[nodes] = np.arange(len(nodes), dtype=np.int32)
    cells = number[corners].reshape(-1, 4)
    vertices, volumes = cpp.common.IndexMap(comm, len(nodes)), cpp.common.IndexMap(comm, len(cells))
    tetrahedron = cpp.mesh.CellType.tetrahedron
    topology = cpp.mesh.Topology(tetrahedron, vertices, volumes, adjacencylist(cells)._cpp_object, order.astype(np.int64))
    map_of_cells = coordinate_element(element.basix_element)._cpp_object
    geometry = cpp.mesh.Geometry_float64(vertices, cells, map_of_cells, assembly.points[nodes], nodes)
    return Mesh(cpp.mesh.Mesh_float64(comm, topology, geometry), Domain(element))


def _along_curve(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """Order of the points `(n, 3)` along Morton's curve, by the interleaved bits of their places on a grid."""
    low = points.min(axis=0)
    side = float(np.ptp(points, axis=0).max()) / _GRID or 1.0
    place = ((points - low) / side).astype(np.int64)
    for shift, mask in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):  # two free bits after each
        place = (place | (place << shift)) & mask
    return np.argsort(place[:, 0] | (place[:, 1] << 1) | (place[:, 2] << 2), kind="stable")


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
