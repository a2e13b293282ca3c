"""Time integration between events: Rosenbrock-W of order 3 with error control, or implicit Euler with fixed steps.

Every step carries its heat by path, accumulated with the integrator's own stage weights, so that stored = sum of paths holds to the
accuracy of the linear solves (docs/theory.md, first law).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.errors import SolveError
from thermal.solve.corners import Course, sides
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.newton import newton
from thermal.solve.settings import Solver
from thermal.solve.step import Step
from thermal.solve.ways import Sides

Floats = NDArray[np.float64]

LADDER = 2**0.5  #: steps are powers of this, so that the same factors serve again and again
ROUNDING = 1e-11  #: of the time, within which an interval is done: steps are rounded to half of that
FIRST_STEP = 8.0  #: s after an event, on the ladder; the error control takes a step back where that is too long
#: of the tolerance, that a stage may be off when steps are chosen by their error; a fixed step has its stages as exact as they come
STAGE_ERROR = 5e-3
REFRESH = 0.3  #: refactor when the slope of the emission has moved by this fraction
MOVED = 1e-6  #: K of reduced heat content, from which on the change of a temperature over its own is known
WORN = 1.5  #: or a conductivity or heat capacity anywhere by this factor


def march(model: Model, T: Floats, events: Sequence[float], settings: Solver, solver: ShiftedSolver | None = None) -> Iterator[Step]:
    """Integrate from the first to the last of `events` [s], landing on each; yields accepted steps.

    Args:
        model: The thermal model.
        T: Start temperatures of the owned rows [K].
        events: Increasing times at which loads may jump; loads are evaluated one-sided between two of them.
        settings: Scheme, tolerance, step limits.
        solver: Kept from an earlier march to use its factors again.

    Raises:
        SolveError: When a linear solve fails or the step size collapses.
    """
    solver, T = solver or ShiftedSolver(model, settings.linear), model.extended(T)
    stepper = _rosenbrock if settings.scheme == "rosw" else _implicit_euler
    for start, end in pairwise(events):
        if end > start:
            T, jump = _seat_held(model, solver, T, inside(start, start, end))
            T = model.rested(start, T, (start, end))
            if model.renew(inside(start, start, end), T) and solver.derivatives is not None:
                solver.linearise(solver.derivatives)
            for step in stepper(model, solver, T, start, end, settings):
                yield step if jump is None else replace(step, heat=step.heat + jump, stored=step.stored + float(jump.sum()), jump=jump)
                T, jump = step.after, None


def _seat_held(model: Model, solver: ShiftedSolver, T: Floats, t: float) -> tuple[Floats, Floats | None]:
    """Held rows put to their value at `t`, and the heat that took by path [J] (None where nothing moved on any rank)."""
    if not model.held:
        return T, None
    jump = np.zeros(len(model.ways))
    seated = T.copy()
    seated[solver.held] = model.held_values(t)
    model.react(jump, model.heat_capacity * model.of_mesh(model.reduced(seated) - model.reduced(T)))
    moved = model.layout.sum(float(np.abs(seated - T).sum()))
    return seated, jump if moved else None


def inside(t: float, start: float, end: float) -> float:
    """`t` moved off the interval's ends by a hair, so that loads with jumps at events are taken from the inside."""
    hair = 1e-9 * (end - start)
    return min(max(t, start + hair), end - hair)


def _rosenbrock(model: Model, solver: ShiftedSolver, T: Floats, start: float, end: float, settings: Solver) -> Iterator[Step]:
    t, longest = start, min(settings.max_step or np.inf, end - start)
    fixed = (end - start) / settings.fixed_steps if settings.fixed_steps else None
    h = fixed or min(FIRST_STEP, longest)
    tolerance = settings.tolerance
    course = Course(model, end - start, sides(model, inside(t, start, end), T))
    while end - t > ROUNDING * max(abs(end), 1.0):
        if not solver.frozen or _left(model, solver, T):
            _renew(model, solver, inside(t, start, end), T)
        solver.gains = model.steepest_slopes(inside(t, start, end), T, tolerance, course.sides)
        h = course.length or _length(min(h, longest), end - t, fixed is not None)
        h = float(f"{h:.12g}")  # equal steps of different orbits are equal to the last bit and find their factors again
        enough = None if fixed else STAGE_ERROR * tolerance
        step, error = _rosenbrock_step(model, solver, T, t, h, (start, end), enough, course.sides)
        wanted = fixed or _next_step(h, error / tolerance)
        if not fixed and error > tolerance:
            course.missed()
            h = wanted
            if h < 1e-9 * (end - start):
                raise SolveError(
                    f"the time step collapsed to {h:.2g} s at t = {t:.6g} s: its error is still {error:.2g} K, more than the "
                    f"{tolerance:g} K of solver.tolerance_K. Check the loads there, or raise solver.tolerance_K."
                )
        elif course.stands(step, wanted, fixed is not None):
            yield step
            T, t, h = step.after, step.end, course.next(step, wanted)


def _length(h: float, left: float, fixed: bool) -> float:
    """Length of a step of about `h` where so much is `left` of the interval [s]."""
    if h >= left * (1 - 1e-9):
        return left
    return 0.5 * left if h > 0.5 * left and not fixed else h


def _next_step(h: float, ratio: float) -> float:
    """Step wanted next, on the ladder; `ratio` is error over tolerance."""
    wanted = h * min(6.0, max(0.2, 0.85 * max(ratio, 1e-9) ** (-1 / 3)))
    return float(LADDER ** np.floor(np.log(wanted) / np.log(LADDER) + 1e-9))


def _renew(model: Model, solver: ShiftedSolver, t: float, T: Floats) -> None:
    """Take the slopes at a state where the frozen ones no longer resemble them."""
    derivatives = model.derivatives(t, T)
    if model.renew(t, T) or solver.derivatives is None or worn(model, solver, derivatives):
        solver.linearise(derivatives)


def _left(model: Model, solver: ShiftedSolver, T: Floats) -> bool:
    """Whether conductivity or heat capacity have left those of the matrix behind, by far more than over an orbit: a melting, say."""
    state = solver.reference.state
    return model.varying is not None and state is not None and model.varying.apart(model.of_mesh(T), state) > WORN**2


def worn(model: Model, solver: ShiftedSolver, derivatives: Floats) -> bool:
    """True when the frozen slope, or a frozen property, no longer resembles that of `derivatives`."""
    slope, state, frozen = model.loss(derivatives), model.state(derivatives), solver.reference.state
    if model.varying is not None and state is not None and (frozen is None or model.varying.apart(state, frozen) > WORN):
        return True
    moved = float(np.abs(slope - solver.diagonal()).sum())
    moved, total = model.layout.sum(np.array([moved, float(slope.sum())]))
    return bool(moved > REFRESH * total)


def _rosenbrock_step(
    model: Model,
    solver: ShiftedSolver,
    T: Floats,
    t: float,
    h: float,
    interval: tuple[float, float],
    enough: float | None,
    pieces: Sides,
) -> tuple[Step, float]:
    """One step of the method, with laws by the pieces `pieces`, and its error estimate [K]; `enough` is what a stage may be off [K]."""
    stages = 4
    U = np.zeros((stages, len(T)))
    heat = np.zeros((stages, len(model.ways) + (0 if model.attached is None else len(model.attached.network.border))))
    assert solver.derivatives is not None
    shift = 1 / (tableau.GAMMA * h)
    times = np.array([inside(t + share * h, *interval) for share in tableau.STAGE_TIMES])
    brought = model.brought_over(t, t + h, times, tableau.WEIGHTS)
    reference, content = solver.reference, model.reduced(T)
    for i, now in enumerate(times.tolist()):
        Y = model.temperature(content + tableau.STAGE[i, :i] @ U[:i])
        load, heat[i] = model.outside(now, Y, brought, i, pieces)
        _check_heat(model, heat[i], now)
        right = load - model.conducted(Y)
        carried = tableau.CARRY[i, :i] @ U[:i] / h if i else np.zeros_like(T)
        held_change = _held_change(model, solver, now, Y) if model.held else None
        change = solver.solve(shift, right + (model.product(model.M, carried) if i else 0.0), held_change, enough)
        U[i] = reference.scaled(change)
        heat[i] += model.heat_slope(solver.derivatives, solver.gains, change)
        if model.held:
            kept = model.product(reference.A, change) - right
            model.react(heat[i], model.of_mesh(kept) + solver.diagonal() * model.of_mesh(change) - model.fed(solver.gains, change))
    k = tableau.INVERSE @ U
    error = (tableau.WEIGHTS - tableau.EMBEDDED) @ k
    if model.varying is None:
        after = T + tableau.WEIGHTS @ k
        gained = after - T
    else:
        gained = tableau.WEIGHTS @ k
        after = model.temperature(content + gained)
        error = after - model.temperature(content + gained - error)
    total = h * (tableau.WEIGHTS @ heat)
    if model.held:
        model.react(total, model.product(model.M, gained))
    return replace(_made(model, t, t + h, T, after, k, total, interval, gained), sides=pieces), model.error_norm(error)


def _held_change(model: Model, solver: ShiftedSolver, t: float, Y: Floats) -> Floats:
    """Change of the temperatures of held rows in the linear system, so that their heat content comes out as that of their value [K]."""
    seated = Y.copy()
    seated[solver.held] = model.held_values(t)
    return solver.reference.unscaled((model.reduced(seated) - model.reduced(Y))[solver.held], solver.held)


def _made(
    model: Model,
    t: float,
    end: float,
    T: Floats,
    after: Floats,
    k: Floats | None,
    heat: Floats,
    interval: tuple[float, float],
    gained: Floats,
) -> Step:
    """The step, with what it is of an attached network; `gained` is the change of its reduced heat content [K]."""
    ways = len(model.ways)
    stored = float(model.heat_capacity @ model.of_mesh(gained))
    made = Step(t, end, T, after, k, heat[:ways], stored, interval, varying=model.varying)
    if model.attached is None or not np.isfinite(model.layout.sum(float(np.abs(after).sum()))):
        return made
    after = model.rested(end, after, interval)
    slopes = np.tile(after - T, (4, 1)) if k is None else k if model.varying is None else k * _per_content(model, T, after, gained)
    return replace(made, after=after, network=model.attached.step(t, end, T, after, slopes, heat[ways:], interval))


def _per_content(model: Model, before: Floats, after: Floats, gained: Floats) -> Floats:
    """Change of the temperatures over that of the reduced heat content, row by row [-]."""
    assert model.varying is not None
    ratio = np.ones_like(after)
    ratio[: model.layout.owned] = 1 / model.varying.capacity_ratio(before)
    return np.asarray(np.divide(after - before, gained, out=ratio, where=np.abs(gained) > MOVED))


def _check_heat(model: Model, heat: Floats, t: float) -> None:
    """Every path brings a number of watts; collective.

    Raises:
        SolveError: one does not; says which, and when.
    """
    wrong = model.layout.sum((~np.isfinite(heat[: len(model.paths)])).astype(float)) > 0.0
    if wrong.any():
        names = ", ".join(f"'{path}'" for path in dict.fromkeys(np.array(model.paths)[wrong].tolist()))
        raise SolveError(
            f"the heat by {names} is not a number at t = {t:.6g} s. Check the values that it is made of there: profiles and tables over "
            "time, and whether a temperature has run away."
        )


def _implicit_euler(model: Model, solver: ShiftedSolver, T: Floats, start: float, end: float, settings: Solver) -> Iterator[Step]:
    """Fixed steps; modified Newton with the kept factor, to 1e-9 K."""
    span = end - start
    count = settings.fixed_steps or max(1, int(np.ceil(span / (settings.max_step or 60.0) - 1e-9)))
    h = span / count
    for n in range(count):
        t = start + (n + 1) * h
        if not solver.frozen:
            _renew(model, solver, inside(t, start, end), T)
        step = _euler_step(model, solver, T, t, h, (start, end))
        yield step
        T = step.after


def _euler_step(model: Model, solver: ShiftedSolver, T: Floats, t: float, h: float, interval: tuple[float, float]) -> Step:
    now = inside(t, *interval)
    brought = model.brought_over(t - h, t, np.array([now]), np.ones(1))
    Y, change, converged = newton(model, solver, T, now, 1 / h, T, brought=brought)
    if not converged:
        said = f"Newton did not converge at t = {t:.6g} s (last change {change:.2g} K)"
        raise SolveError(f"{said}. Try a smaller solver.max_step_s, now {h:g}.")
    load, heat = model.outside(now, Y, brought)
    heat *= h
    if model.held:
        model.react(heat, model.product(model.M, model.reduced(Y) - model.reduced(T)) - h * (load - model.conducted(Y)))
    return _made(model, t - h, t, T, Y, None, heat, interval, model.reduced(Y) - model.reduced(T))
