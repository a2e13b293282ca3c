"""From plain arrays (mesh, parts, facets) to the matrices and weights of a `Model`."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from thermal.conduction.contact import triangle_areas
from thermal.layout import Layout, layout_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def operators(mesh: Any, cell_part: NDArray[np.int32], conductivity: Floats, heat_capacity: Floats) -> tuple[Layout, Any, Any]:
    """Capacity matrix M and conduction matrix K on one first-order space.

    Args:
        mesh: DOLFINx mesh of tetrahedra made from plain arrays.
        cell_part: Part of each input cell, shape (cells,).
        conductivity: Conductivity tensor of each part in mesh axes [W/mK], shape (parts, 3, 3).
        heat_capacity: Volumetric heat capacity of each part [J/m3K], shape (parts,).

    Returns:
        Layout of the rows, M [J/K] (lumped: diagonal) and K [W/K] as assembled PETSc matrices.

    Raises:
        ValueError: When a property is not finite and positive; finite-element libraries say nothing and return nonsense.
    """
    from dolfinx import fem
    from dolfinx.fem.petsc import assemble_vector
    from petsc4py import PETSc

    _check_properties(conductivity, heat_capacity)
    whole = Assembler(mesh, cell_part, conductivity)
    rho_c = fem.Function(fem.functionspace(mesh, ("DG", 0)))
    rho_c.x.array[: len(whole.part)] = heat_capacity[whole.part]
    rho_c.x.scatter_forward()
    K = whole.conduction()
    lumped = assemble_vector(_capacity(whole.space, rho_c))
    lumped.ghostUpdate(PETSc.InsertMode.ADD_VALUES, PETSc.ScatterMode.REVERSE)
    M = diagonal_matrix(whole.layout, np.array(lumped.array_r))
    lumped.destroy()
    return whole.layout, M, K


class Assembler:
    """Conduction matrices on one mesh and one first-order space, whose conductivities differ by a factor in each cell."""

    def __init__(self, mesh: Any, cell_part: NDArray[np.int32], conductivity: Floats) -> None:
        """Make the space; collective.

        Args:
            mesh, cell_part, conductivity: As for `operators`.
        """
        from dolfinx import fem

        self.space = fem.functionspace(mesh, ("Lagrange", 1))
        self.layout = layout_of(self.space)
        self.part = cell_part[mesh.topology.original_cell_index]  #: of each cell of this rank
        self._of_part = conductivity
        self._k = fem.Function(fem.functionspace(mesh, ("DG", 0, (3, 3))))
        self._form = _conduction(self.space, self._k)

    def conduction(self, factor: Floats | None = None) -> Any:
        """Conduction matrix [W/K], with the conductivity of each cell of this rank times a factor (cells,); collective."""
        from dolfinx import fem

        tensors = self._of_part[self.part].reshape(-1, 9)
        self._k.x.array[: tensors.size] = (tensors if factor is None else factor[:, None] * tensors).reshape(-1)
        self._k.x.scatter_forward()
        self._rows.set_value(0.0)
        fem.assemble_matrix(self._rows, self._form)
        self._rows.scatter_reverse()
        return self._in_petsc()

    @cached_property
    def _rows(self) -> Any:
        """DOLFINx's own matrix: its pattern is made once, and it is filled in two thirds of the time of PETSc's."""
        from dolfinx import fem

        return fem.create_matrix(self._form)

    def _in_petsc(self) -> Any:
        from petsc4py import PETSc

        layout, owned = self.layout, self.layout.owned
        ends = self._rows.indptr[: owned + 1]
        columns = self._rows.index_map(1).local_to_global(self._rows.indices[: ends[-1]])
        csr = (ends.astype(PETSc.IntType), columns.astype(PETSc.IntType), self._rows.data[: ends[-1]])
        K: Any = PETSc.Mat().createAIJ(((owned, layout.size), (owned, layout.size)), csr=csr, comm=layout.comm)
        K.assemble()
        return K

    def at_corners(self, layout: Layout, values: Floats) -> Floats:
        """Values of owned rows at the corners of each cell of this rank, (cells, 4); collective."""
        from dolfinx import fem

        field = fem.Function(self.space)
        field.x.array[: layout.owned] = values[: layout.owned]
        field.x.scatter_forward()
        return np.asarray(field.x.array[self.space.dofmap.list[: len(self.part)]])


def diagonal_matrix(layout: Layout, values: Floats) -> Any:
    """PETSc matrix of values (owned,) on the diagonal."""
    from petsc4py import PETSc

    start = layout.row_of_node[layout.nodes[0]] if layout.owned else 0
    own = (start + np.arange(layout.owned)).astype(PETSc.IntType)
    D: Any = PETSc.Mat().create(layout.comm)
    D.setSizes(((layout.owned, layout.size), (layout.owned, layout.size)))
    D.setType("aij")
    D.setPreallocationCOO(own, own)
    D.setValuesCOO(values, PETSc.InsertMode.INSERT_VALUES)
    return D


def _check_properties(conductivity: Floats, heat_capacity: Floats) -> None:
    if not (np.isfinite(conductivity).all() and np.isfinite(heat_capacity).all()):
        raise ValueError("a conductivity or heat capacity is not a finite number")
    if (heat_capacity <= 0).any() or (np.linalg.eigvalsh(conductivity) <= 0).any():
        raise ValueError("conductivities and heat capacities must be positive in every direction")


def _capacity(space: Any, rho_c: Any) -> Any:
    import ufl
    from dolfinx import fem

    from thermal.conduction import forms

    return fem.form(forms.capacity(ufl.TestFunction(space), rho_c, ufl.dx), jit_options=jit_options())


def _conduction(space: Any, k: Any) -> Any:
    import ufl
    from dolfinx import fem

    from thermal.conduction import forms

    return fem.form(forms.conduction(ufl.TrialFunction(space), ufl.TestFunction(space), k, ufl.dx), jit_options=jit_options())


@cache
def jit_options() -> dict[str, Any]:
    """Compiled forms go to one cache that the caller may place with HELIORACK_CACHE."""
    import os
    from pathlib import Path

    place = os.environ.get("HELIORACK_CACHE")
    return {"cache_dir": str(Path(place) / "forms")} if place else {}


def coupled(layout: Layout, K: Any, triplets: Sequence[tuple[Ints, Ints, Floats]], diagonal: Floats) -> Any:
    """K plus the matrices of contacts, straps or skins and film conductances on one pattern.

    Args:
        layout: Rows of the system.
        K: Conduction matrix.
        triplets: (row, column, value [W/K]) in input node numbers, the same on every rank.
        diagonal: Film conductance of each owned row [W/K].
    """
    from petsc4py import PETSc

    start = layout.row_of_node[layout.nodes[0]] if layout.owned else 0
    rows = np.concatenate([t[0] for t in triplets]) if triplets else np.empty(0, dtype=np.int64)
    columns = np.concatenate([t[1] for t in triplets]) if triplets else np.empty(0, dtype=np.int64)
    values = np.concatenate([t[2] for t in triplets]) if triplets else np.empty(0)
    local = layout.local_of_node()
    mine = local[rows] >= 0
    own = start + np.arange(layout.owned)
    C: Any = PETSc.Mat().create(layout.comm)
    C.setSizes(((layout.owned, layout.size), (layout.owned, layout.size)))
    C.setType("aij")
    C.setPreallocationCOO(
        np.concatenate([layout.row_of_node[rows[mine]], own]).astype(PETSc.IntType),
        np.concatenate([layout.row_of_node[columns[mine]], own]).astype(PETSc.IntType),
    )
    C.setValuesCOO(np.concatenate([values[mine], diagonal]), PETSc.InsertMode.ADD_VALUES)
    A = K.copy()
    A.axpy(1.0, C, structure=PETSc.Mat.Structure.DIFFERENT_NONZERO_PATTERN)
    C.destroy()
    return A


def face_weights(layout: Layout, points: Floats, facets: Ints, group: NDArray[Any], groups: int, share: Floats | None = None) -> csr_matrix:
    """Vertex areas of groups of facets [m2]: a third of each facet to each of its corners; shape (owned, groups).

    Args:
        share: What counts of each facet, 0 to 1; all of it by default. Facets with nothing left belong to no group.
    """
    area = triangle_areas(points, facets) / 3
    if share is None:
        return _spread(layout, facets, area, group, groups)
    return _spread(layout, facets, share * area, np.where(share > 0, group, -1), groups)


def part_weights(layout: Layout, points: Floats, cells: Ints, cell_part: NDArray[np.int32], parts: int) -> csr_matrix:
    """Vertex volumes of parts [m3]: a quarter of each tetrahedron to each corner; shape (owned, parts)."""
    if layout.owned < layout.size:
        near = (layout.local_of_node()[cells] >= 0).any(axis=1)  # others have nothing here
        cells, cell_part = cells[near], cell_part[near]
    return _spread(layout, cells, cell_volumes(points, cells) / 4, cell_part, parts)


def cell_volumes(points: Floats, cells: Ints) -> Floats:
    """Volume of each tetrahedron [m3], shape (cells,)."""
    a, b, c = (points[cells[:, i]] - points[cells[:, 3]] for i in range(3))
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = a.T, b.T, c.T
    return np.asarray(np.abs(ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6)


def fullest(weights: csr_matrix) -> Ints:
    """Group of the greatest weight of each row of (owned, groups), the first of equals; 0 where a row has none."""
    group = np.zeros(weights.shape[0], dtype=np.int64)
    row = np.repeat(np.arange(len(group)), np.diff(weights.indptr))
    order = np.lexsort((-weights.indices, weights.data, row))  # of each row the greatest weight comes last
    group[row[order]] = weights.indices[order]
    return group


def _spread(layout: Layout, corners: Ints, share: Floats, group: NDArray[Any], groups: int) -> csr_matrix:
    local = layout.local_of_node()[corners]
    columns = np.repeat(np.asarray(group, dtype=np.int64)[:, None], corners.shape[1], axis=1)
    values = np.repeat(share[:, None], corners.shape[1], axis=1)
    mine = (local >= 0) & (columns >= 0)
    return coo_matrix((values[mine], (local[mine], columns[mine])), shape=(layout.owned, groups)).tocsr()
