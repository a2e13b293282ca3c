"""Linear solves with (shift M + A + diagonal): sparse Cholesky with kept factors, or conjugate gradients with multigrid."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from thermal.errors import SolveError
from thermal.network.attached import Attached, Border
from thermal.solve.model import Gains, Model
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]

DIRECT_LIMIT = 60_000  #: rows up to which "auto" takes the direct solver; thin panels of 100k nodes cost the same either way
#: Entries per row of plates and thin boxes, of which most nodes lie on the surface; solid bodies have more. There an approximate minimum
#: fill costs a third to a half of nested dissection, MUMPS' choice from 10 000 rows on; in solid bodies twice as much.
FLAT = 13.5
MINIMUM_FILL = (7, 2)  #: MUMPS' ICNTL and its value
FACTOR_MEMORY = 1.5e9  #: bytes of kept factors at most, estimated at 60 entries per row and 12 bytes per entry


class ShiftedSolver:
    """Solves (shift M + A + diag(d)) u = r for a few shifts over and over.

    A Rosenbrock-W method keeps its order with any approximate Jacobian, so the diagonal (slope of the emission) is frozen at a reference
    state and factors are kept by shift until `refresh`.
    """

    def __init__(self, model: Model, linear: Literal["auto", "direct", "multigrid"] = "auto", rtol: float = 1e-10) -> None:
        from petsc4py import PETSc

        self.model, self.rtol = model, rtol
        self.direct = linear == "direct" or (linear == "auto" and model.layout.size <= DIRECT_LIMIT)
        self.held = model.held_rows()
        self._anything_held = bool(model.layout.sum(len(self.held)))
        start = model.A.getOwnershipRange()[0]
        self._held_global = (self.held + start).astype(PETSc.IntType)
        self._kept: OrderedDict[float, tuple[Any, Any]] = OrderedDict()
        self._room = max(2, int(FACTOR_MEMORY / (model.layout.size * 60 * 12)))
        self._diagonal = np.zeros(model.layout.owned)
        self.derivatives: Floats | None = None  #: those of which `diagonal` is the loss; None where it is something else
        #: slope of feedbacks in the matrix [W/K]; may change at any time, no factor depends on it
        self.gains: Gains = {}
        self._answers: dict[tuple[float, Feedback | Attached, int], Floats] = {}
        #: the attached network as it was last eliminated, behind what that depends on
        self._border: tuple[float, Any, Floats, Border] | None = None
        self._x, self._b = model.M.createVecs()
        self._flat = model.A.getInfo()["nz_used"] <= FLAT * model.layout.size
        self.frozen = False  #: keep the slopes whatever the temperatures do
        self.factorisations = 0
        self.solves = 0

    def linearise(self, derivatives: Floats) -> None:
        """Take the slope of what leaves the body for good, by the derivatives of its ways of heat, and drop the kept factors."""
        self.refresh(self.model.loss(derivatives))
        self.derivatives = derivatives.copy()

    def refresh(self, diagonal: Floats) -> None:
        """Take a new slope by rows [W/K] and drop the kept factors."""
        self._diagonal, self.derivatives = diagonal.copy(), None
        self._answers.clear()
        for ksp, matrix in self._kept.values():
            ksp.destroy()
            matrix.destroy()
        self._kept.clear()

    def close(self) -> None:
        """Free the factors and the MPI communicators that they hold; Python's own collection comes late."""
        self.refresh(self._diagonal)
        self._x.destroy()
        self._b.destroy()

    def __enter__(self) -> "ShiftedSolver":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Close, unless an error of this rank alone is on its way: closing is collective, and the others are not here."""
        if kind is None or self.model.layout.comm.size == 1:
            self.close()

    def diagonal(self) -> Floats:
        """The frozen diagonal [W/K]."""
        return self._diagonal

    def solve(self, shift: float, right: Floats, held_change: Floats | None = None) -> Floats:
        """Solve for the owned rows, feedbacks and an attached network included.

        Feedbacks change the matrix by one rank per slope that is not zero (Woodbury's identity). The network is eliminated: it answers to
        the walls of its films alone, so that the rows of the mesh see a feedback of as many signals, each with a slope for each.

        Raises:
            SolveError: When the factorisation or the iteration fails or gives a value that is not finite.
        """
        border, mesh, behind = self._reduced(shift, right)
        return self._rejoined(self._solve_fed(shift, mesh, border, held_change), right, border, behind)

    def _reduced(self, shift: float, right: Floats) -> tuple[Border | None, Floats, Floats]:
        """The attached network in a step, a right-hand side of the mesh alone, and that of the network."""
        attached, owned = self.model.attached, self.model.layout.owned
        if attached is None or attached not in self.gains:
            return None, right[:owned], right[owned:]
        slopes, nominal = self.gains[attached], attached.nominal
        known = self._border
        if known is None or known[0] != shift or known[1] is not slopes or known[2] is not nominal:
            self._border = known = shift, slopes, nominal, attached.border(shift, slopes)
        border = known[3]
        behind = np.zeros(len(attached.network.free))
        behind[: len(right) - owned] = right[owned:]
        behind = np.asarray(self.model.layout.sum(behind))
        return border, right[:owned] + attached.weights @ border.heat(behind), behind

    def _rejoined(self, mesh: Floats, right: Floats, border: Border | None, behind: Floats) -> Floats:
        """What was solved for the mesh, with the network behind it where the right-hand side had it."""
        attached, more = self.model.attached, len(right) - self.model.layout.owned
        if attached is None or border is None:
            return np.concatenate([mesh, np.zeros(more)]) if more else mesh
        return np.concatenate([mesh, border.change(behind, attached.walls(mesh))[:more]])

    def _solve_fed(self, shift: float, right: Floats, border: Border | None, held_change: Floats | None) -> Floats:
        """Solve for the rows of the mesh, with feedbacks and the eliminated network."""
        u = self._solve_sparse(shift, right, held_change)
        spread = [(b, int(j)) for b, gain in self.gains.items() if not isinstance(b, Attached) for j in np.flatnonzero(gain)]
        slopes = np.diag([float(self.gains[b][j]) for b, j in spread])
        attached = self.model.attached
        active: list[tuple[Feedback | Attached, int]] = [*spread]
        if attached is not None and border is not None:
            active += [(attached, j) for j in range(len(border.gain))]
            slopes = block_diag(slopes, border.gain)
        if not active:
            return u
        columns = np.array([_column(b, j) for b, j in active])
        Z = np.array([self._answer(shift, b, j) for b, j in active])
        means, back = self.model.layout.sum(columns @ u), self.model.layout.sum(columns @ Z.T)
        return np.asarray(u + (slopes @ np.linalg.solve(np.eye(len(active)) - back @ slopes, means)) @ Z)

    def solve_exchanging(
        self, shift: float, right: Floats, derivatives: Floats, t: float | None = None, held_change: Floats | None = None
    ) -> Floats:
        """Solve with the exchange between surfaces in the matrix, by GMRES preconditioned with `solve`, which leaves it out.

        Args:
            derivatives: Of the ways of heat (laws, owned), see `Model.derivatives`.
            t: Time of the exchange [s]; None for its mean over the period.

        Raises:
            SolveError: When the iteration does not converge.
        """
        if not self.model.exchanges:
            return self.solve(shift, right, held_change)
        from petsc4py import PETSc

        slope = self.model.slope(derivatives)
        border, reduced, behind = self._reduced(shift, right)

        def product(vector: Floats) -> Floats:
            full = self.model.product(self.model.A, vector) - self.model.exchanged(derivatives, vector, t)
            full += slope * vector
            if shift:
                full += shift * self.model.product(self.model.M, vector)
            for feedback, gain in self.gains.items():
                if not isinstance(feedback, Attached):
                    full -= feedback.weights @ (gain * feedback.means(self.model.layout, vector))
                elif border is not None:
                    full -= feedback.weights @ (border.gain @ feedback.walls(vector))
            full[self.held] = vector[self.held]
            return np.asarray(full)

        start = np.zeros_like(reduced)
        if held_change is not None:
            start[self.held] = held_change
        rest = reduced - product(start)
        rest[self.held] = 0.0
        free = np.zeros(len(self.held))
        sizes = self.model.A.getSizes()
        operator = PETSc.Mat().createPython(sizes, _Applied(product), comm=self.model.layout.comm)
        operator.setUp()
        ksp = PETSc.KSP().create(self.model.layout.comm)
        ksp.setOperators(operator)
        ksp.setType("gmres")
        ksp.setTolerances(rtol=1e-10, atol=0.0, max_it=200)
        ksp.getPC().setType("python")
        ksp.getPC().setPythonContext(_Applied(lambda vector: self._solve_fed(shift, vector, border, free)))
        b, x = self.model.M.createVecs()
        b.array[:] = rest
        ksp.solve(b, x)
        converged = bool(ksp.is_converged)
        reason, steps, found = ksp.getConvergedReason(), ksp.getIterationNumber(), np.array(x.array_r)
        for thing in (ksp, operator, b, x):
            thing.destroy()
        if not converged:
            raise SolveError(f"the linear solve with radiation exchange failed after {steps} iterations (PETSc reason {reason})")
        return self._rejoined(np.asarray(start + found), right, border, behind)

    def _answer(self, shift: float, feedback: Feedback | Attached, j: int) -> Floats:
        """Temperatures that one watt of a feedback's signal brings by the matrix without feedbacks, kept with the factor."""
        key = (shift, feedback, j)
        if key not in self._answers:
            self._answers[key] = self._solve_sparse(shift, _column(feedback, j), np.zeros(len(self.held)))
        return self._answers[key]

    def _solve_sparse(self, shift: float, right: Floats, held_change: Floats | None) -> Floats:
        """Solve for one right-hand side [W]; rows held at a temperature take `held_change` [K] instead.

        Raises:
            SolveError: When the factorisation or the iteration fails or gives a value that is not finite.
        """
        ksp, _ = self._kept[shift] if shift in self._kept else self._prepare(shift)
        self._kept.move_to_end(shift)
        r = right
        if self._anything_held:
            change = np.zeros_like(right)
            if held_change is not None:
                change[self.held] = held_change
            r = right - self._full_product(shift, change)
            r[self.held] = change[self.held]
        self._b.array[:] = r
        ksp.solve(self._b, self._x)
        self.solves += 1
        u = np.array(self._x.array_r)
        if ksp.getConvergedReason() < 0 or not bool(self.model.layout.sum(float(np.isfinite(u).all())) == self.model.layout.comm.size):
            raise SolveError(
                f"the linear solve failed (PETSc reason {ksp.getConvergedReason()}, shift {shift:g} 1/s, {self.model.layout.size} rows). "
                'Check material values and contacts; try solver.linear = "direct".'
            )
        return u

    def _full_product(self, shift: float, vector: Floats) -> Floats:
        product = self.model.product(self.model.A, vector)
        if shift:
            product += shift * self.model.product(self.model.M, vector)
        return product + self._diagonal * vector

    def _prepare(self, shift: float) -> tuple[Any, Any]:
        from petsc4py import PETSc

        model = self.model
        matrix = model.A.copy()
        if shift:
            matrix.axpy(shift, model.M, structure=PETSc.Mat.Structure.SUBSET_NONZERO_PATTERN)
        self._b.array[:] = self._diagonal
        matrix.setDiagonal(self._b, addv=PETSc.InsertMode.ADD_VALUES)
        if self._anything_held:
            matrix.zeroRowsColumns(self._held_global, diag=1.0)
        matrix.setOption(PETSc.Mat.Option.SPD, True)
        ksp = PETSc.KSP().create(model.layout.comm)
        ksp.setOperators(matrix, matrix)
        pc = ksp.getPC()
        if self.direct:
            ksp.setType("preonly")
            pc.setType("cholesky")
            pc.setFactorSolverType("mumps")
            if self._flat:
                pc.setFactorSetUpSolverType()
                pc.getFactorMatrix().setMumpsIcntl(*MINIMUM_FILL)
        else:
            ksp.setType("cg")
            ksp.setTolerances(rtol=self.rtol, atol=0.0, max_it=500)
            pc.setType("gamg")
        ksp.setUp()
        self.factorisations += 1
        if len(self._kept) >= self._room:
            old, (old_ksp, old_matrix) = self._kept.popitem(last=False)
            self._answers = {key: answer for key, answer in self._answers.items() if key[0] != old}
            old_ksp.destroy()
            old_matrix.destroy()
        self._kept[shift] = (ksp, matrix)
        return ksp, matrix


def _column(feedback: Feedback | Attached, j: int) -> Floats:
    """Weights of one signal of a feedback, (owned,)."""
    unit = np.zeros(feedback.weights.shape[1])
    unit[j] = 1.0
    return np.asarray(feedback.weights @ unit)


class _Applied:
    """A linear map given as a function of the owned rows, as PETSc's python matrices and preconditioners want it."""

    def __init__(self, product: Callable[[Floats], Floats]) -> None:
        self.product = product

    def mult(self, matrix: Any, right: Any, left: Any) -> None:
        """Matrix times vector."""
        left.array[:] = self.product(right.array_r.copy())

    def apply(self, pc: Any, right: Any, left: Any) -> None:
        """Preconditioner times vector."""
        left.array[:] = self.product(right.array_r.copy())
