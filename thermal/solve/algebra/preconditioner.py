"""A sparse factor or a multigrid of one matrix of a family on one pattern; renewed for the next at less than it cost."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Entries per row of plates and thin boxes, of which most nodes lie on the surface; solid bodies have more. There an approximate minimum
#: fill costs a third to a half of nested dissection, MUMPS' choice from 10 000 rows on; in solid bodies twice as much.
FLAT = 13.5
MINIMUM_FILL = (7, 2)  #: MUMPS' ICNTL and its value
PREFIX = "heliorack_"  #: of PETSc's options, so that nobody else's are meant
SMOOTHING = 1  #: Chebyshev steps on each grid, before and after; two halve the iterations less than they double their cost


Kind = Literal["factor", "grids"]


class Preconditioner:
    """Solves with a matrix, exactly by Cholesky factors or nearly by one multigrid cycle. All calls are
    collective.

    Renewing keeps the order of elimination, or the grids and what carries between them: a third to a quarter of the work is saved of a
    factor, three quarters of a multigrid.
    """

    def __init__(self, shift: float, matrix: Any, kind: Kind) -> None:
        """Factor, or make the grids.

        Args:
            shift: By which its owner knows the matrix.
            matrix: Symmetric and positive definite; kept, and freed with this.
            kind: By factors or a multigrid.
        """
        from petsc4py import PETSc

        self.shift, self.kind = shift, kind
        self.matrix = matrix
        matrix.setOption(PETSc.Mat.Option.SPD, True)
        self._x, self._b = matrix.createVecs()
        self._ksp = PETSc.KSP().create(matrix.getComm())
        self._ksp.setOperators(matrix, matrix)
        self._ksp.setType("preonly")
        self._pc = self._ksp.getPC()
        if kind == "factor":
            self._pc.setType("cholesky")
            self._pc.setFactorSolverType("mumps")
            if matrix.getInfo()["nz_used"] <= FLAT * matrix.getSize()[0]:
                self._pc.setFactorSetUpSolverType()
                self._pc.getFactorMatrix().setMumpsIcntl(*MINIMUM_FILL)
        else:
            self._ksp.setOptionsPrefix(PREFIX)
            PETSc.Options(PREFIX).setValue("mg_levels_ksp_max_it", SMOOTHING)
            self._pc.setType("gamg")
            self._pc.setFromOptions()
        self._ksp.setUp()

    @property
    def direct(self) -> bool:
        """Whether it solves exactly."""
        return self.kind == "factor"

    def renew(self, shift: float) -> None:
        """Become that of what its matrix has become."""
        self.shift = shift
        self._ksp.setOperators(self.matrix, self.matrix)
        self._ksp.setUp()

    def apply(self, right: Floats) -> Floats:
        """Solution, exact or near, for the owned rows; not finite where the factorisation failed."""
        self._b.array[:] = right
        self._pc.apply(self._b, self._x)
        return np.array(self._x.array_r)

    def apply_all(self, right: Floats) -> Floats:
        """Solutions (k, n) of many right-hand sides (k, n) by factors on one rank: several times as fast as one by one."""
        from petsc4py import PETSc

        given = np.ascontiguousarray(right)
        found = np.empty_like(given)  # by rows what PETSc reads by columns; it writes into this memory
        both: tuple[Any, Any] = given.T, found.T
        b, x = (PETSc.Mat().createDense(each.shape, array=each, comm=PETSc.COMM_SELF) for each in both)
        for one in (b, x):
            one.assemble()
        self._pc.getFactorMatrix().matSolve(b, x)
        for one in (b, x):
            one.destroy()
        return found

    def close(self) -> None:
        """Free its memory and its MPI communicators; Python's own collection comes late."""
        for thing in (self._ksp, self.matrix, self._x, self._b):
            thing.destroy()
