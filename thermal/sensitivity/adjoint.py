"""Back over a periodic orbit: the discrete adjoint of the Rosenbrock-W steps that were taken, and the start that repeats.

A stage is W U = R with R = load(Y) - A Y + M sum c U / h, Y = y + sum s U and the step's end y + sum m U. Its adjoint goes through the
stages in reverse, W v = m lambda + sum (s J' v + c/h M v) over the later ones, and lambda at the start gains the sum of J' v; v weighs
what a parameter changes of R. The matrix W is symmetric, so that the factors of the march serve; it is held while a parameter moves, but
for the conduction and capacity in it: a W-method keeps its order with any matrix, and so does its derivative (docs/theory.md, gradients).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.errors import SolveError
from thermal.sensitivity.objective import Objective
from thermal.sensitivity.trajectory import Stages, Trajectory, stages
from thermal.sensitivity.transposed import mean_transposed, refuse, slope_transposed, solve_transposed
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import Step
from thermal.solve.model import Model
from thermal.solve.settings import Solver

Floats = NDArray[np.float64]

PERIODIC_RTOL = 1e-6  #: of what one orbit brings, that the adjoint of the periodic state may leave open
MOST_ORBITS = 60
ENDING = tableau.WEIGHTS @ tableau.INVERSE  #: the step's end y + ENDING @ U


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """One step on the way back: what its stages were, and what a watt into each of their right-hand sides is worth."""

    step: Step
    stages: Stages
    weights: Floats  #: (4, owned) v of each stage [objective / W]
    carried: Floats  #: (4, owned) reduced heat content whose change each right-hand side stands for, M times this in it [K/s]


@dataclass(frozen=True, slots=True)
class Cost:
    """What the way back took."""

    orbits: int  #: adjoint orbits


def periodic_adjoint(trajectory: Trajectory, objective: Objective, observe: Callable[[Weighed], None], rtol: float = PERIODIC_RTOL) -> Cost:
    """Tell what every stage of the orbit is worth to an objective of the periodic state.

    The adjoint of the start repeats too: mu = Phi' mu + s with Phi' the adjoint of one orbit and s what the objective brings in it.
    It is found by GMRES over adjoint orbits, preconditioned by the transpose of the orbit-mean correction of the periodic search.

    Args:
        observe: Told the steps of the last adjoint orbit, from the orbit's end to its start.
        rtol: Of what one orbit brings, that may be left open.

    Raises:
        SolveError: a linear solve failed, or the adjoint does not settle within `MOST_ORBITS`.
    """
    from scipy.sparse.linalg import LinearOperator, gmres

    orbits = 0

    def once(end: Floats, seeds: Objective | None, told: Callable[[Weighed], None] | None = None) -> Floats:
        nonlocal orbits
        orbits += 1
        return orbit_back(trajectory, end, seeds, told)

    brought = once(np.zeros(len(trajectory.steps[0].before)), objective)
    size, scale = len(brought), float(np.abs(brought).max())
    end = np.zeros(size)
    if scale > 0.0:
        with ShiftedSolver(trajectory.model, trajectory.settings.linear) as solver:
            solver.refresh(trajectory.model.slope(trajectory.derivatives), trajectory.derivatives)
            solver.gains = trajectory.gains
            operator = LinearOperator((size, size), matvec=lambda mu: np.ravel(mu) - once(np.ravel(mu), None), dtype=np.float64)
            near = LinearOperator((size, size), matvec=lambda r: _corrected(trajectory, solver, np.ravel(r)), dtype=np.float64)
            found, failed = gmres(operator, brought / scale, rtol=rtol, restart=MOST_ORBITS // 3, maxiter=3, M=near)
        if failed:
            raise SolveError(f"the adjoint of the periodic state did not settle within {MOST_ORBITS} orbits")
        end = scale * found
    once(end, objective, observe)
    return Cost(orbits)


def orbit_back(
    trajectory: Trajectory, end: Floats, objective: Objective | None, observe: Callable[[Weighed], None] | None = None
) -> Floats:
    """Adjoint of the state at the orbit's start, from that at its end, both of the reduced heat content (owned,)."""
    adjoint = end.copy()
    for index in range(len(trajectory.steps) - 1, -1, -1):
        adjoint = _step_back(trajectory, index, adjoint, objective, observe)
    return adjoint


def _step_back(
    trajectory: Trajectory, index: int, after: Floats, objective: Objective | None, observe: Callable[[Weighed], None] | None
) -> Floats:
    model, solver, step = trajectory.model, trajectory.solver, trajectory.steps[index]
    now, held = stages(model, step), model.held_rows()
    solver.gains = model.steepest_slopes(now.times[0], step.before, trajectory.settings.tolerance)
    shift, free = 1 / (tableau.GAMMA * now.h), np.zeros(len(held))
    on_changes = np.outer(ENDING, after)
    before = after.copy()
    for seed in objective.seeds if objective is not None else ():
        if seed.step == index:
            rows = seed.rows if seed.state is None else seed.rows / _ratio(model, seed.state)
            before += seed.share * rows
            on_changes += np.outer(seed.weights @ tableau.INVERSE, rows)
    weights = np.zeros_like(on_changes)
    for i in range(3, -1, -1):
        right = solver.reference.scaled(on_changes[i])
        right[held] = 0.0
        weights[i] = solver.solve(shift, right, free)  # exactly: each step length earns its factor over some orbits
        back = slope_transposed(model, float(now.times[i]), now.states[i], weights[i]) / _ratio(model, now.states[i])
        before += back
        if i:
            stored = model.product(model.M, weights[i]) / now.h
            on_changes[:i] += np.outer(tableau.STAGE[i, :i], back) + np.outer(tableau.CARRY[i, :i], stored)
    before[held] = 0.0
    if observe is not None:
        carried = tableau.CARRY @ now.changes / now.h - shift * now.changes
        observe(Weighed(step, now, weights, carried))
    return before


def _ratio(model: Model, T: Floats) -> Floats | float:
    """What a kelvin is of the reduced heat content, by rows [-]."""
    return 1.0 if model.varying is None else model.varying.capacity_ratio(T)


def _corrected(trajectory: Trajectory, solver: ShiftedSolver, rest: Floats) -> Floats:
    """Transpose of the correction of `thermal.solve.periodic`: r + 2/P^2 M (2/P M + A)^-T M A^-T r."""
    model, rate = trajectory.model, 1 / trajectory.period

    def solved(shift: float, right: Floats) -> Floats:
        product = partial(mean_transposed, model, solver, shift, trajectory.derivatives, trajectory.gains)
        return solve_transposed(solver, shift, right, product)

    level = solved(0.0, solver.reference.scaled(rest))
    moved = solved(2 * rate, solver.reference.scaled(model.product(model.M, level)))
    return np.asarray(rest + 2 * rate**2 * model.product(model.M, moved))


def steady_adjoint(model: Model, T: Floats, rows: Floats, settings: Solver) -> Floats:
    """What a watt into each row is worth to a weighted temperature of a steady state [objective / W].

    Args:
        model: With every way of heat at its mean.
        T: The steady state (owned,) [K].
        rows: Weights of the temperatures (owned,).
        settings: For the linear solves.

    Raises:
        SensitivityError: what `refuse` says.
        SolveError: the linear solve failed.
    """
    refuse(model)
    derivatives = model.derivatives(0.0, T)
    with ShiftedSolver(model, settings.linear) as solver:
        solver.refresh(model.slope(derivatives), derivatives)
        solver.gains = model.feedback_slopes(0.0, T)
        return solve_transposed(solver, 0.0, rows, lambda weight: -slope_transposed(model, 0.0, T, weight))
