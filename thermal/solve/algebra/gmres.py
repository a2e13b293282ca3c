"""GMRES with matrix and preconditioner given as functions of the owned rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError

Floats = NDArray[np.float64]
Map = Callable[[Floats], Floats]

RTOL, MOST_ITERATIONS = 1e-10, 200


def gmres(like: Any, product: Map, precondition: Map, right: Floats) -> Floats:
    """Solve product(x) = right by PETSc's GMRES; collective.

    Args:
        like: PETSc matrix of the same rows.
        product: Matrix times the owned rows of a vector.
        precondition: Near its inverse.
        right: Owned rows.

    Raises:
        SolveError: When the iteration does not converge.
    """
    from petsc4py import PETSc

    operator = PETSc.Mat().createPython(like.getSizes(), _Applied(product), comm=like.getComm())
    operator.setUp()
    ksp = PETSc.KSP().create(like.getComm())
    ksp.setOperators(operator)
    ksp.setType("gmres")
    ksp.setTolerances(rtol=RTOL, atol=0.0, max_it=MOST_ITERATIONS)
    ksp.getPC().setType("python")
    ksp.getPC().setPythonContext(_Applied(precondition))
    b, x = like.createVecs()
    b.array[:] = right
    ksp.solve(b, x)
    converged = bool(ksp.is_converged)
    reason, steps, found = ksp.getConvergedReason(), ksp.getIterationNumber(), np.array(x.array_r)
    for thing in (ksp, operator, b, x):
        thing.destroy()
    if not converged:
        raise SolveError(f"the linear solve with radiation exchange failed after {steps} iterations (PETSc reason {reason})")
    return found


class _Applied:
    """A linear map as PETSc's python matrices and preconditioners want it."""

    def __init__(self, applied: Map) -> None:
        self.applied = applied

    def mult(self, matrix: Any, right: Any, left: Any) -> None:
        """Matrix times vector."""
        left.array[:] = self.applied(right.array_r.copy())

    def apply(self, pc: Any, right: Any, left: Any) -> None:
        """Preconditioner times vector."""
        left.array[:] = self.applied(right.array_r.copy())
