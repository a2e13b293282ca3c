"""An assembly as a DOLFINx mesh over all MPI ranks, and the way back to the assembly's numbering."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

with suppress(ModuleNotFoundError):  # the binary wheel's helper: without it, imported first, its libmpi is not found
    import dolfinx_solver  # noqa: F401

import basix.ufl
from dolfinx import cpp
from dolfinx.fem import coordinate_element
from dolfinx.graph import adjacencylist
from dolfinx.mesh import Mesh
from ufl import Mesh as Domain

from meshes.assembly import Assembly

_TAG = 4711  #: of the messages that tell ranks who shares a node with them
_GRID = 1023  #: cells of the grid along the longest side; three times ten bits


def distribute(assembly: Assembly, comm: Any) -> Any:
    """Make the DOLFINx mesh (linear tetrahedra) out of its parts; collective.

    Cells are ordered along a Morton curve, of which each rank has a stretch, and nodes as cells meet them: what several ranks share is the
    first's. DOLFINx's own `create_mesh` parts and orders cells by their neighbours, half of the set-up of a march.

    Args:
        assembly: The same on every rank.
        comm: MPI communicator of mpi4py.

    Returns:
        `dolfinx.mesh.Mesh`; `input_cells`, `input_nodes` and `input_dofs` give the assembly's numbers of what is local.
    """
    element: Any = basix.ufl.element("Lagrange", "tetrahedron", 1, shape=(3,))
    own = _share_of(assembly, comm.rank, comm.size)
    vertices = cpp.common.IndexMap(comm, len(own.nodes) - len(own.ghosts), own.ghosts, own.owners, _TAG)
    volumes, links = cpp.common.IndexMap(comm, len(own.cells)), adjacencylist(own.corners)._cpp_object
    topology = cpp.mesh.Topology(cpp.mesh.CellType.tetrahedron, vertices, volumes, links, own.cells)
    by_corners = coordinate_element(element.basix_element)._cpp_object
    geometry = cpp.mesh.Geometry_float64(vertices, own.corners, by_corners, assembly.points[own.nodes], own.nodes)
    return Mesh(cpp.mesh.Mesh_float64(comm, topology, geometry), Domain(element))


@dataclass(frozen=True, slots=True)
class _Share:
    """What one rank has of an assembly."""

    cells: NDArray[np.int64]  #: in its order, by the assembly's numbers
    corners: NDArray[np.int32]  #: of each, by this rank's numbers of nodes, (cells, 4)
    nodes: NDArray[np.int64]  #: its own, then those that it shares with the ranks that own them, by the assembly's numbers
    ghosts: NDArray[np.int64]  #: the latter by their numbers on all ranks
    owners: NDArray[np.int32]  #: ranks of these


def _share_of(assembly: Assembly, rank: int, size: int) -> _Share:
    order = np.argsort(_along_curve(assembly.points)[assembly.cells].min(axis=1), kind="stable")
    corners = assembly.cells[order]
    first = _first_places(corners, len(assembly.points))
    met = np.argsort(first, kind="stable")[: np.count_nonzero(first < corners.size)]
    number = np.empty(len(first), dtype=np.int64)  # of each node on all ranks
    number[met] = np.arange(len(met))
    begins = np.arange(size + 1) * len(order) // size  # of each rank's cells
    starts = np.searchsorted(first[met], 4 * begins)  # of each rank's nodes
    low, high = starts[rank : rank + 2]
    mine = slice(*begins[rank : rank + 2])
    numbers = number[corners[mine]] - low
    shared = numbers < 0
    ghosts = np.unique(numbers[shared]) + low
    numbers[shared] = high - low + np.searchsorted(ghosts, numbers[shared] + low)
    return _Share(
        cells=order[mine].astype(np.int64),
        corners=numbers.astype(np.int32),
        nodes=met[np.concatenate([np.arange(low, high), ghosts])].astype(np.int64),
        ghosts=ghosts,
        owners=np.searchsorted(starts, ghosts, side="right").astype(np.int32) - 1,
    )


def _first_places(corners: NDArray[np.int64], nodes: int) -> NDArray[np.int64]:
    """Where in the cells' corners `(c, 4)`, one after the other, each node first stands; their number for one that stands nowhere."""
    first = np.full(nodes, corners.size)
    first[corners.ravel()[::-1]] = np.arange(corners.size)[::-1]  # the last to be written stays
    return first


def _along_curve(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """How far along Morton's curve each of the points `(n, 3)` lies: the interleaved bits of its place on a grid."""
    low = points.min(axis=0)
    side = float(np.ptp(points, axis=0).max()) / _GRID or 1.0
    place = ((points - low) / side).astype(np.int64)
    for shift, mask in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):  # two free bits after each
        place = (place | (place << shift)) & mask
    return np.asarray(place[:, 0] | (place[:, 1] << 1) | (place[:, 2] << 2))


def input_cells(mesh: Any) -> NDArray[np.int64]:
    """Assembly's number of every local cell (cells,), ghosts last."""
    return np.asarray(mesh.topology.original_cell_index, dtype=np.int64)


def input_nodes(mesh: Any) -> NDArray[np.int64]:
    """Assembly's number of every local node of `mesh.geometry.x` (nodes,), ghosts last."""
    return np.asarray(mesh.geometry.input_global_indices, dtype=np.int64)


def input_dofs(space: Any) -> NDArray[np.int64]:
    """Assembly's node of every local degree of freedom of a scalar P1 space (dofs,), ghosts last: not in the order of the geometry."""
    dofs = np.asarray(space.dofmap.list)
    index_map = space.dofmap.index_map
    nodes = np.full(index_map.size_local + index_map.num_ghosts, -1, dtype=np.int64)
    nodes[dofs] = input_nodes(space.mesh)[np.asarray(space.mesh.geometry.dofmaps[0])]
    return nodes
