"""Back over a periodic orbit: the discrete adjoint of the Rosenbrock-W steps that were taken, and the start that repeats.

A stage is W U = R with R = load(Y) - A Y + M sum c U / h, Y = y + sum s U and the step's end y + sum m U. Its adjoint goes through the
stages in reverse, W v = m lambda + sum (s J' v + c/h M v) over the later ones, and lambda at the start gains the sum of J' v; v weighs
what a parameter changes of R. The matrix W is symmetric, so that the factors of the march serve; it is held while a parameter moves, but
for the conduction and capacity in it: a W-method keeps its order with any matrix, and so does its derivative (docs/theory.md, gradients).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.errors import SolveError
from thermal.sensitivity.objective import Objective, Seed
from thermal.sensitivity.repeating import repeating
from thermal.sensitivity.trajectory import Stages, Trajectory, stages
from thermal.sensitivity.transposed import mean_transposed, refuse, slope_transposed, solve_transposed, times
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.settings import Solver
from thermal.solve.step import Step

Floats = NDArray[np.float64]

PERIODIC_RTOL = 1e-5  #: of what repeats, that the adjoint of the periodic state may leave open
CORRECTION_RTOL = 1e-3  #: of the linear solves of its preconditioner
MOST_ORBITS = 60
EXPECTED, LATE = 6, 0.95  #: orbits that it is likely to take, and what is said to be done where it takes more
ENDING = tableau.WEIGHTS @ tableau.INVERSE  #: the step's end y + ENDING @ U


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """One step on the way back: what its stages were, and what a watt into each of their right-hand sides is worth to k objectives."""

    step: Step
    stages: Stages
    weights: Floats  #: (4, k, owned) v of each stage [objective / W]
    carried: Floats  #: (4, owned) reduced heat content whose change each right-hand side stands for, M times this in it [K/s]


@dataclass(frozen=True, slots=True, eq=False)
class Echo:
    """Heat that answers to temperatures of the whole orbit, such as that of a bus, as far as it is linear: it is adjoint to objectives."""

    seeds: tuple[tuple[Seed, ...], ...]  #: (m,) of what it answers to: temperatures, or means of them over a time
    spread: Any  #: (owned, signals) of its heat
    changes: Sequence[Floats]  #: by step (m, 4, signals), what a unit of each changes of the signals at its stages

    def sizes(self) -> Floats:
        """What a unit of each is as a weight of the rows (m,): the scale by which it is measured beside them."""
        return np.array([sum(abs(seed.share) * float(np.linalg.norm(seed.rows)) for seed in one) for one in self.seeds])


@dataclass(frozen=True, slots=True)
class Cost:
    """What the way back took."""

    orbits: int  #: adjoint orbits, each with all objectives side by side


def periodic_adjoint(
    trajectory: Trajectory,
    objectives: Sequence[Objective],
    observe: Callable[[Weighed], None],
    echo: Echo | None = None,
    rtol: float = PERIODIC_RTOL,
    say: Callable[[float], None] = lambda fraction: None,
) -> Cost:
    """Tell what every stage of the orbit is worth to some objectives of the periodic state.

    The adjoint of the start repeats too: mu = Phi' mu + s with Phi' the adjoint of one orbit and s what the objective brings in it. So
    does the worth of the temperatures to which an echo answers; the two are sought together, over adjoint orbits of all objectives side by
    side, preconditioned by the transpose of the orbit-mean correction of the periodic search.

    Args:
        observe: Told the steps of the last adjoint orbit, from the orbit's end to its start.
        echo: Heat that follows the temperatures of the last orbit.
        rtol: Of what the periodic state has more than one orbit, that may be left open.
        say: Told how much is done, about.

    Raises:
        SolveError: a linear solve failed, or the adjoint does not settle within `MOST_ORBITS`.
    """
    size, count, orbits = len(trajectory.steps[0].before), len(objectives), 0
    scales = np.zeros(0) if echo is None else echo.sizes()

    def once(end: Floats, seeds: Sequence[Objective], told: Callable[[Weighed], None] | None = None) -> Floats:
        nonlocal orbits
        done = orbits / EXPECTED
        back = orbit_back(
            trajectory, end[:, :size], seeds, told, echo, end[:, size:] / scales, lambda part: say(min(done + part / EXPECTED, LATE))
        )
        orbits += 1
        return np.concatenate([back[0], back[1] * scales], axis=1)

    brought = once(np.zeros((count, size + len(scales))), objectives)
    with ShiftedSolver(trajectory.model, trajectory.settings.linear) as solver:
        solver.refresh(trajectory.model.slope(trajectory.derivatives), trajectory.derivatives)
        solver.gains = trajectory.gains

        def corrected(rest: Floats) -> Floats:
            mesh = np.array([_corrected(trajectory, solver, one[:size]) for one in rest]).reshape(len(rest), size)
            return np.concatenate([mesh, rest[:, size:]], axis=1)

        guess = corrected(brought)
        # over a first guess that is right but for what repeats all that is left is smooth; its scale: what the whole is to a shift
        scale = np.maximum(np.linalg.norm(guess - brought, axis=1), np.abs(brought[:, :size].sum(axis=1)) / np.sqrt(size))
        scale[scale == 0.0] = 1.0
        ways = repeating(guess, brought - guess + once(guess, ()), lambda x: once(x, ()), corrected, scale, rtol)
        end, off = next((found, off) for found, off in ways if off <= 1.0 or orbits >= MOST_ORBITS)
    if off > 1.0:
        raise SolveError(f"the adjoint of the periodic state did not settle within {MOST_ORBITS} orbits")
    once(end, objectives, observe)
    return Cost(orbits)


def orbit_back(
    trajectory: Trajectory,
    end: Floats,
    objectives: Sequence[Objective],
    observe: Callable[[Weighed], None] | None = None,
    echo: Echo | None = None,
    worth: Floats | None = None,
    say: Callable[[float], None] = lambda part: None,
) -> tuple[Floats, Floats]:
    """Adjoint of the state at the orbit's start, from that at its end, both of the reduced heat content (k, owned).

    Args:
        objectives: k of them, or none.
        worth: Of the temperatures that an echo answers to (k, m).
        say: Told which part of the orbit is done.

    Returns:
        The adjoint (k, owned), and what the temperatures of the echo are worth by its answer (k, m).
    """
    adjoint, count = end.copy(), len(trajectory.steps)
    answers = np.zeros((len(end), 0 if echo is None else len(echo.seeds)))
    for index in range(count - 1, -1, -1):
        weighed, adjoint = _step_back(trajectory, index, adjoint, _seeds(index, objectives, echo, worth))
        if echo is not None:
            onto = np.array([v @ echo.spread for v in weighed.weights])
            answers += np.einsum("ikj,mij->km", onto, echo.changes[index])
        if observe is not None:
            observe(weighed)
        say((count - index) / count)
    return adjoint, answers


def _seeds(index: int, objectives: Sequence[Objective], echo: Echo | None, worth: Floats | None) -> list[tuple[Seed, Floats]]:
    """What seeds a step, and its weight in each of the objectives (k,)."""
    units = np.eye(len(objectives))
    known = [(seed, unit) for one, unit in zip(objectives, units, strict=True) for seed in one.seeds if seed.step == index]
    if echo is None or worth is None:
        return known
    return known + [(seed, worth[:, m]) for m, one in enumerate(echo.seeds) for seed in one if seed.step == index]


def _step_back(trajectory: Trajectory, index: int, after: Floats, seeds: Sequence[tuple[Seed, Floats]]) -> tuple[Weighed, Floats]:
    model, solver, step = trajectory.model, trajectory.solver, trajectory.steps[index]
    now, held = stages(model, step), model.held_rows()
    solver.gains = model.steepest_slopes(now.times[0], step.before, trajectory.settings.tolerance, step.sides)
    shift = 1 / (tableau.GAMMA * now.h)
    on_changes = ENDING[:, None, None] * after
    before = after.copy()
    for seed, of in seeds:
        rows = np.outer(of, seed.rows if seed.state is None else seed.rows / _ratio(model, seed.state))
        before += seed.share * rows
        on_changes += (seed.weights @ tableau.INVERSE)[:, None, None] * rows
    weights = np.zeros_like(on_changes)
    for i in range(3, -1, -1):
        right = on_changes[i] if solver.reference.ratio is None else on_changes[i] * solver.reference.ratio
        weights[i] = solver.solve_all(shift, right)  # exactly: each step length earns its factor over some orbits
        back = slope_transposed(model, float(now.times[i]), now.states[i], weights[i], step.sides) / _ratio(model, now.states[i])
        before += back
        if i:
            stored = times(model, model.M, weights[i]) / now.h
            on_changes[:i] += tableau.STAGE[i, :i, None, None] * back + tableau.CARRY[i, :i, None, None] * stored
    before[:, held] = 0.0
    carried = tableau.CARRY @ now.changes / now.h - shift * now.changes
    return Weighed(step, now, weights, carried), before


def _ratio(model: Model, T: Floats) -> Floats | float:
    """What a kelvin is of the reduced heat content, by rows [-]."""
    return 1.0 if model.varying is None else model.varying.capacity_ratio(T)


def _corrected(trajectory: Trajectory, solver: ShiftedSolver, rest: Floats) -> Floats:
    """Transpose of the correction of `thermal.solve.periodic`: r + 2/P^2 M (2/P M + A)^-T M A^-T r."""
    model, rate = trajectory.model, 1 / trajectory.period

    def solved(shift: float, right: Floats) -> Floats:
        product = partial(mean_transposed, model, solver, shift, trajectory.derivatives, trajectory.gains)
        return solve_transposed(solver, shift, right, product, CORRECTION_RTOL)

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
