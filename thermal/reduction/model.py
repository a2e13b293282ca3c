"""The thermal model in a reduced basis: an ordinary model of few rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis, Interpolated, Reducible
from thermal.heat import Way
from thermal.layout import Layout
from thermal.solve.model import Model

Floats = NDArray[np.float64]


def reduced_model(model: Model, basis: Basis) -> Model | None:
    """A model whose rows are the coordinates of a basis, with the same ways of heat in the same order.

    None where something has no reduced form: held temperatures, an attached network, conductivities or capacities over temperature,
    blankets that conduct, several ranks.
    """
    if model.attached is not None or model.varying is not None or model.layout.comm.size > 1:
        return None
    ways: list[Way] = []
    for way in model.ways:
        one = way.reduced(basis, model.sigma) if isinstance(way, Reducible) else None
        if one is None:
            return None
        ways.append(one)
    emits = sum((way.matrix for way in ways if isinstance(way, Interpolated)), np.zeros((basis.size, basis.size)))
    M, A = _projected(model, model.M, basis), _projected(model, model.A, basis) + emits
    return Model(_layout(basis.size), _small(M), _small(A), ways, model.sigma)


def _projected(model: Model, matrix: Any, basis: Basis) -> Floats:
    """A symmetric matrix of the model in the basis (r, r)."""
    found = basis.project(np.stack([model.product(matrix, column) for column in basis.shapes.T], axis=1))
    return np.asarray(0.5 * (found + found.T))


def _layout(rows: int) -> Layout:
    from mpi4py import MPI

    return Layout(MPI.COMM_SELF, np.arange(rows), np.arange(rows))


def _small(matrix: Floats) -> Any:
    """A full matrix for PETSc."""
    from petsc4py import PETSc

    rows = len(matrix)
    start = np.arange(0, rows * rows + 1, rows, dtype=PETSc.IntType)
    columns = np.tile(np.arange(rows, dtype=PETSc.IntType), rows)
    made = PETSc.Mat().createAIJ((rows, rows), csr=(start, columns, np.ascontiguousarray(matrix).ravel()), comm=PETSc.COMM_SELF)
    made.assemble()
    return made
