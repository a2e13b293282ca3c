"""Linear solves with (shift M + A + diagonal): sparse Cholesky with kept factors, or conjugate gradients with multigrid."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError
from thermal.network.attached import Attached
from thermal.solve.algebra.answering import Answering, ByShift
from thermal.solve.algebra.conjugate_gradients import Remainder, iterates, oblique_iterates
from thermal.solve.algebra.gmres import gmres
from thermal.solve.algebra.preconditioner import Preconditioner
from thermal.solve.algebra.preconditioners import Preconditioners
from thermal.solve.algebra.recycling import Recycling
from thermal.solve.algebra.reference import Reference
from thermal.solve.algebra.spare_factors import places
from thermal.solve.model import Gains, Model
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]

FIRST_RATE = 0.5  #: of convergence of a multigrid, or beside a network, before there are two changes to compare
CLOSER = 0.1  #: of what is enough, to which answers that are kept and serve again are found
RECYCLED = 8  #: answers that make the next first guess
MOST_ITERATIONS = 500


class ShiftedSolver:
    """Solves (shift M + A + diag(d)) u = r for a few shifts over and over.

    A Rosenbrock-W method keeps its order with any approximate Jacobian, so the diagonal (slope of the emission) is frozen at a reference
    state and factors are kept by shift until `refresh`. An answer that need not be exact comes by conjugate gradients with the factor, or
    the multigrid, of a neighbouring shift; what it leaves over, summed over all rows, is made good exactly, so that no heat is lost.
    """

    def __init__(self, model: Model, linear: Literal["auto", "direct", "multigrid"] = "auto", rtol: float = 1e-10) -> None:
        from petsc4py import PETSc

        self.model, self.rtol = model, rtol
        self.reference = Reference(model)  #: conduction and capacity in the matrix
        self._near = Preconditioners(model.layout.size, linear, self._matrix, places(model.A))
        self.held = model.held_rows()
        self._anything_held = bool(model.layout.sum(len(self.held)))
        start = model.A.getOwnershipRange()[0]
        self._held_global = (self.held + start).astype(PETSc.IntType)
        self._diagonal = np.zeros(model.layout.owned)
        self.derivatives: Floats | None = None  #: those of which `diagonal` is the loss; None where it is something else
        #: slope of feedbacks in the matrix [W/K]; may change at any time, no factor depends on it
        self.gains: Gains = {}
        self._answers: dict[tuple[float, Feedback, int], Floats] = {}
        self._fed = ByShift(model)
        self._beside: tuple[float, Floats] | None = None  #: the last shift, and what it brings to the diagonal [W/K]
        self._b = model.M.createVecLeft()
        self._sums: Floats | None = None  #: over the rows that are not held, of M and of A [W/K s, W/K], and of the diagonal
        self._recycling = Recycling(model.layout, self.reference.stored, RECYCLED)
        self.frozen = False  #: keep the slopes whatever the temperatures do
        self.solves = 0
        self.applied = 0  #: factors or multigrids, to a vector

    def linearise(self, derivatives: Floats) -> None:
        """Take the slope of what leaves the body for good, by the derivatives of its ways of heat, and drop the kept factors."""
        self.refresh(self.model.loss(derivatives), derivatives)
        self.derivatives = derivatives.copy()

    def refresh(self, diagonal: Floats, derivatives: Floats | None = None) -> None:
        """Take a new slope by rows [W/K] and drop the kept factors.

        Args:
            derivatives: Of the state at which properties that depend on temperature are taken; their nominal values where there is none.
        """
        self._diagonal, self.derivatives = diagonal.copy(), None
        self.reference.take(None if derivatives is None else self.model.state(derivatives))
        self._answers.clear()
        self._fed.clear()
        self._near.clear()
        self._sums = self._beside = None
        self._recycling.clear()

    def close(self) -> None:
        """Free the factors and the MPI communicators that they hold; Python's own collection comes late."""
        self.refresh(self._diagonal)
        self._near.close()
        self.reference.close()
        self._b.destroy()

    def __enter__(self) -> "ShiftedSolver":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Close, unless an error of this rank alone is on its way: closing is collective, and the others are not here."""
        if kind is None or self.model.layout.comm.size == 1:
            self.close()

    @property
    def direct(self) -> bool:
        """Whether exact answers come by factors."""
        return self._near.direct

    @property
    def factorisations(self) -> int:
        """Factors and multigrids made so far."""
        return self._near.made

    def diagonal(self) -> Floats:
        """The frozen diagonal [W/K]."""
        return self._diagonal

    def solve(self, shift: float, right: Floats, held_change: Floats | None = None, enough: float | None = None) -> Floats:
        """Solve for the owned rows, feedbacks and an attached network included.

        Feedbacks change the matrix by one rank per slope that is not zero (Woodbury's identity). The network is eliminated: it answers to
        the walls of its films alone, so that the rows of the mesh see a feedback of as many signals, each with a slope for each.

        Args:
            shift: Of the capacity [1/s].
            right: Right-hand side of the owned rows [W].
            held_change: What held rows change by [K]; nothing by default.
            enough: Error of the answer that does no harm [K], by `Model.error_norm` and as the changes of the iteration foretell it (by
                multigrid it was seen to be five times as much); None for an answer as exact as the solver gives.

        Raises:
            SolveError: When the factorisation or the iteration fails or gives a value that is not finite.
        """
        state, mesh, behind = self._reduced(shift, right)
        return self._rejoined(self._solve_fed(shift, mesh, state, held_change, enough), right, state, behind)

    def solve_all(self, shift: float, right: Floats) -> Floats:
        """Solve for k right-hand sides (k, owned) at once, as exactly as the solver can, with feedbacks and held rows unmoved.

        By factors on one rank, without a network, that is several times as fast as one by one; else they come one by one.

        Raises:
            SolveError: as `solve`.
        """
        attached, still = self.model.attached, np.zeros(len(self.held))
        if not self._together or (attached is not None and attached in self.gains):
            return np.array([self.solve(shift, one, still) for one in right])
        return self._with_feedbacks(shift, self._by_factors(shift, right))

    @property
    def _together(self) -> bool:
        """Whether many right-hand sides go through the factors at once."""
        return self.direct and self.model.layout.comm.size == 1

    def _by_factors(self, shift: float, right: Floats) -> Floats:
        """Answers (k, owned) of the matrix without feedbacks, held rows unmoved.

        Raises:
            SolveError: as `solve`.
        """
        near = self._preconditioner(shift, None)
        given = right
        if self._anything_held:
            given = right.copy()
            given[:, self.held] = 0.0
        found = near.apply_all(given)
        self.solves, self.applied = self.solves + len(right), self.applied + len(right)
        if not np.isfinite(found).all():
            raise self._failed("a value is not finite", shift)
        return found

    def _reduced(self, shift: float, right: Floats) -> tuple[Answering | None, Floats, Floats]:
        """What answers to temperatures in a step with an attached network, a right-hand side of the mesh alone, and that of the network."""
        attached, owned = self.model.attached, self.model.layout.owned
        if attached is None or attached not in self.gains:
            return None, right[:owned], right[owned:]
        state = self._fed.at(shift, self.gains, attached)
        behind = np.zeros(len(attached.network.free))
        behind[: len(right) - owned] = right[owned:]
        behind = np.asarray(self.model.layout.sum(behind))
        return state, right[:owned] + attached.weights @ state.border.heat(behind), behind

    def _rejoined(self, mesh: Floats, right: Floats, state: Answering | None, behind: Floats) -> Floats:
        """What was solved for the mesh, with the network behind it where the right-hand side had it."""
        attached, more = self.model.attached, len(right) - self.model.layout.owned
        if attached is None or state is None:
            return np.concatenate([mesh, np.zeros(more)]) if more else mesh
        return np.concatenate([mesh, state.border.change(behind, attached.walls(mesh))[:more]])

    def _solve_fed(self, shift: float, right: Floats, state: Answering | None, held_change: Floats | None, enough: float | None) -> Floats:
        """Solve for the rows of the mesh, with feedbacks and the eliminated network."""
        u = self._solve_sparse(shift, right, held_change, enough, state)
        return u if state is not None else self._with_feedbacks(shift, u)

    def _with_feedbacks(self, shift: float, u: Floats) -> Floats:
        """Answers of the matrix without feedbacks (..., owned), with their ranks in it."""
        active = [(b, int(j)) for b, gain in self.gains.items() if not isinstance(b, Attached) for j in np.flatnonzero(gain)]
        if not active:
            return u
        slopes = np.diag([float(self.gains[b][j]) for b, j in active])
        columns = np.array([_column(b, j) for b, j in active])
        Z = self._answers_to(shift, active, columns)
        means, back = self.model.layout.sum(columns @ u.T), self.model.layout.sum(columns @ Z.T)
        return np.asarray(u + (slopes @ np.linalg.solve(np.eye(len(back)) - back @ slopes, means)).T @ Z)

    def solve_exchanging(
        self, shift: float, right: Floats, derivatives: Floats, t: float | None = None, held_change: Floats | None = None
    ) -> Floats:
        """Solve with all that is not symmetric in the matrix, by GMRES preconditioned with `solve`, which leaves it out.

        That is the exchange between surfaces, and how conduction changes with the temperatures that its conductivity depends on.

        Args:
            derivatives: Of the ways of heat (laws, owned), see `Model.derivatives`.
            t: Time of the exchange [s]; None for its mean over the period.

        Raises:
            SolveError: When the iteration does not converge.
        """
        if not self.model.exchanges and not self.reference.uneven:
            return self.solve(shift, right, held_change)
        slope = self.model.slope(derivatives)
        state, reduced, behind = self._reduced(shift, right)

        def product(vector: Floats) -> Floats:
            full = self.reference.conducted(vector) - self.model.exchanged(derivatives, vector, t)
            full += slope * vector
            if shift:
                full += shift * self.reference.stored(vector)
            if state is not None:
                state.add(full, vector, -1.0)
            for feedback, gain in self.gains.items():
                if state is None and not isinstance(feedback, Attached):
                    full -= feedback.weights @ (gain * feedback.means(self.model.layout, vector))
            full[self.held] = vector[self.held]
            return np.asarray(full)

        start = np.zeros_like(reduced)
        if held_change is not None:
            start[self.held] = held_change
        rest = reduced - product(start)
        rest[self.held] = 0.0
        free = np.zeros(len(self.held))
        found = gmres(self.model.A, product, lambda vector: self._solve_fed(shift, vector, state, free, None), rest)
        return self._rejoined(np.asarray(start + found), right, state, behind)

    def _answers_to(self, shift: float, active: list[tuple[Feedback, int]], columns: Floats) -> Floats:
        """Temperatures that one watt of each feedback's signal brings by the matrix without feedbacks (k, owned), kept with the factor."""
        missing = [i for i, (feedback, j) in enumerate(active) if (shift, feedback, j) not in self._answers]
        if missing and self._together:
            found = self._by_factors(shift, columns[missing])
        else:
            found = np.array([self._solve_sparse(shift, columns[i], np.zeros(len(self.held)), None) for i in missing])
        for i, answer in zip(missing, found, strict=True):
            self._answers[(shift, *active[i])] = answer
        return np.array([self._answers[(shift, *one)] for one in active])

    def _solve_sparse(
        self, shift: float, right: Floats, held_change: Floats | None, enough: float | None, state: Answering | None = None
    ) -> Floats:
        """Solve for one right-hand side [W]; rows held at a temperature take `held_change` [K] instead.

        Args:
            state: What answers to temperatures, in the matrix; None for the mesh alone.

        Raises:
            SolveError: When the factorisation or the iteration fails or gives a value that is not finite.
        """
        r, change = right, None
        if self._anything_held:
            change = np.zeros_like(right)
            if held_change is not None:
                change[self.held] = held_change
            r = right - self._full_product(shift, change)
            if state is not None:
                state.add(r, change)
            r[self.held] = 0.0
        near = self._preconditioner(shift, enough)
        if near.direct and near.shift == shift and state is not None:
            u = self._by_directions(shift, near, r, enough, state)
        elif near.direct and near.shift == shift:
            u = near.apply(r)
            self.applied += 1
            if enough is not None:
                self._recycling.keep(shift, u, r)
        else:
            u = self._iterated(shift, near, r, enough, state)
        self.solves += 1
        if change is not None:
            u[self.held] = change[self.held]
        if not bool(self.model.layout.sum(float(np.isfinite(u).all())) == self.model.layout.comm.size):
            raise self._failed("a value is not finite", shift)
        return u

    def _failed(self, why: str, shift: float) -> SolveError:
        return SolveError(
            f"the linear solve failed ({why}; shift {shift:g} 1/s, {self.model.layout.size} rows). "
            'Check material values and contacts; try solver.linear = "direct".'
        )

    def _by_directions(self, shift: float, near: Preconditioner, right: Floats, enough: float | None, state: Answering) -> Floats:
        """By factors, with answers to heats into columns that are kept; what is left over is put in evenly, as in `_iterated`."""
        measure = self.model.layout.norm if enough is None else self.model.error_norm
        known = self._fed.known(shift)
        before = len(known.heats)
        u, over = known.solve(near.apply, right, state, measure, lambda u: max(CLOSER * (enough or 0.0), self.rtol * measure(u)))
        self.applied += 1 + len(known.heats) - before
        return np.asarray(u + self._even(shift, over, state))

    def _iterated(self, shift: float, near: Preconditioner, right: Floats, enough: float | None, state: Answering | None) -> Floats:
        """By conjugate gradients, or their like where something answers to temperatures, until what is left is `enough` [K], or `rtol` of
        the answer; then all heat that was left over is put in.

        That heat goes into all rows alike, by one change of their temperature: the sum over the rows then holds to round-off.
        """
        model = self.model
        measure = model.layout.norm if enough is None else model.error_norm
        # by a factor the first answer is off by this part of itself at most; of a multigrid one asks two answers
        apart = max(shift / near.shift, near.shift / shift) if shift else 1.0
        left = Remainder((apart - 1) / (apart + 1) if near.direct and state is None else FIRST_RATE)
        hidden = max(1.0, near.shift / shift) if shift else 1.0  # of slow modes, that the preconditioner of a higher shift does not show
        if state is None:
            ways = iterates(model.layout, lambda p: self._times(shift, p), near.apply, *self._recycling.guess(shift, right))
        else:
            guess = self._recycling.guess_fed(shift, right, state)
            method = iterates if state.definite else oblique_iterates
            ways = method(model.layout, lambda p: self._times(shift, p, state), near.apply, *guess)
        for count, found in enumerate(ways, 1):
            off = hidden * left.after(measure(found.change))
            if off <= max(enough or 0.0, self.rtol * measure(found.answer)):
                self._near.count(shift, near, count)
                self.applied += count
                found.answer[self.held] = 0.0  # rows by themselves, where grids may have stirred
                product = self._times(shift, found.answer)  # afresh: a residual carried along would hand its errors on from guess to guess
                over = right - product
                fed = None
                if state is not None:
                    moved = state.columns.temperatures(found.answer)
                    fed = state, moved, state.gain(moved)
                    state.columns.add(over, fed[2])
                self._recycling.keep(shift, found.answer, product, fed)
                return np.asarray(found.answer + self._even(shift, float(model.layout.sum(float(over.sum()))), state))
            if count == MOST_ITERATIONS:
                raise self._failed(f"{count} iterations leave {off:.2g} K", shift)
        raise self._failed("the matrix is not positive, or a value is not finite", shift)

    def _preconditioner(self, shift: float, enough: float | None) -> Preconditioner:
        near, gone = self._near.near(shift, exact=enough is None)
        if gone is not None:
            self._answers = {key: answer for key, answer in self._answers.items() if key[0] != gone}
            self._fed.drop(gone)
        return near

    def _even(self, shift: float, heat: float, state: Answering | None = None) -> Floats:
        """Temperature change of all rows that are not held, the same for all, that takes up some heat [W]."""
        ones = np.ones(self.model.layout.owned)
        ones[self.held] = 0.0
        if self._sums is None:
            products = (self.reference.stored(ones) @ ones, self.model.product(self.reference.A, ones) @ ones)
            self._sums = self.model.layout.sum(np.array([*products, self._diagonal @ ones]))
        takes = shift * self._sums[0] + self._sums[1] + self._sums[2] - (0.0 if state is None else state.evenly)
        return heat / takes * ones if takes > 0.0 else 0.0 * ones

    def _full_product(self, shift: float, vector: Floats) -> Floats:
        """(shift M + A + diagonal) times a vector of the mesh, held rows like any other."""
        return np.asarray(self.model.product(self.reference.A, vector) + self._diagonal_at(shift) * vector)

    def _diagonal_at(self, shift: float) -> Floats:
        """What stands beside A on the diagonal [W/K]."""
        if self._beside is None or self._beside[0] != shift:
            self._beside = shift, shift * self.reference.heat_capacity + self._diagonal
        return self._beside[1]

    def _times(self, shift: float, vector: Floats, state: Answering | None = None) -> Floats:
        """Matrix times vector, held rows by themselves, less what answers to its temperatures."""
        free = vector
        if self._anything_held:
            free = vector.copy()
            free[self.held] = 0.0
        found = self._full_product(shift, free)
        if state is not None:
            state.add(found, free, -1.0)
        found[self.held] = vector[self.held]
        return found

    def _matrix(self, shift: float, into: Any = None) -> Any:
        """The matrix at a shift, held rows by themselves, in the place of an earlier one or a new one; its owner frees it."""
        from petsc4py import PETSc

        A = self.reference.A
        if into is None:
            into = A.copy()
            into.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
        else:
            A.copy(into, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        self._b.array[:] = self._diagonal_at(shift)
        into.setDiagonal(self._b, addv=PETSc.InsertMode.ADD_VALUES)
        if self._anything_held:
            into.zeroRowsColumns(self._held_global, diag=1.0)
        return into


def _column(feedback: Feedback, j: int) -> Floats:
    """Weights of one signal of a feedback, (owned,)."""
    unit = np.zeros(feedback.weights.shape[1])
    unit[j] = 1.0
    return np.asarray(feedback.weights @ unit)
