"""Steady temperatures under constant loads: Newton's method on A T + emission = sources."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError, StarvedError
from thermal.network.loops.starved import starved
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.newton import newton

Floats = NDArray[np.float64]

FIRST_RATE = 1e-2  #: 1/s, reciprocal of the first step towards a steady state that Newton does not find
LAST_RATE = 1e-10  #: 1/s, of the last: three centuries
STEPS = 60  #: most
ON_THE_WAY = 1e-3  #: K, last change of Newton's method in each of them
SETTLING = 1.0  #: K that a step moves a body by, from which on Newton's method alone is asked again
COLDEST_GUESS = 50.0  #: K; from near 0 K the first step of Newton's method would land at millions


def steady_state(
    model: Model,
    T: Floats,
    t: float,
    linear: Literal["auto", "direct", "multigrid"] = "auto",
    tolerance: float = 1e-9,
    iterations: int = 60,
) -> Floats:
    """Temperatures of the owned rows with the loads of time `t` held for ever [K].

    Emission is convex in temperature, so Newton started anywhere above 0 K overshoots once at most and then comes down to the root.

    Args:
        model: The thermal model.
        T: Start of the iteration [K]; must be positive.
        t: Time at which the sources are taken [s].
        linear: "auto", "direct" or "multigrid".
        tolerance: Largest change of the last iteration [K].

    Raises:
        SolveError: When Newton does not converge; says the last change and the coldest temperature.
    """
    from mpi4py import MPI

    guess = np.maximum(np.abs(model.extended(T)), COLDEST_GUESS)  # it is only a guess
    answering = bool(model.feedbacks) or model.attached is not None
    with ShiftedSolver(model, linear) as solver:
        found, change, converged = newton(
            model, solver, guess, t, tolerance=tolerance, iterations=iterations, refresh=True, patient=not answering
        )
        if not converged:
            _refuse_starved(model, t, guess, found)
        if not converged and answering:
            found, change, converged = _through_time(model, solver, guess, t, tolerance, iterations)
    if converged:
        return found
    with np.errstate(over="ignore", invalid="ignore"):
        left = model.balance(t, found)
        left[model.held_rows()] = 0.0
        unbalanced = model.layout.sum(float(np.abs(left).sum()))
    coldest = model.layout.comm.allreduce(float(found.min(initial=np.inf)), op=MPI.MIN)
    raise SolveError(
        f"Newton stopped after {iterations} iterations (last change {change:.2g} K, wanted {tolerance:g}; "
        f"{unbalanced:.2g} W out of balance). "
        f"Coldest point {coldest:.0f} K. Check that every part reaches a radiating face, a film or a held temperature."
    )


def _refuse_starved(model: Model, t: float, start: Floats, T: Floats) -> None:
    """Refuse loops of an attached network whose pumps move too little for any steady state; collective.

    Raises:
        StarvedError: names them, with their flow and what is needed.
    """
    if model.attached is None:
        return
    begun, now = (model.attached.instant(t, one).y for one in (start, T))
    if np.isfinite(now).all() and (said := list(starved(model.attached.network, t, begun, now))):
        raise StarvedError(f"no steady state: {'; '.join(said)}.")


def _through_time(
    model: Model, solver: ShiftedSolver, T: Floats, t: float, tolerance: float, iterations: int
) -> tuple[Floats, float, bool]:
    """As `newton` to the steady state, by implicit Euler steps that grow: a steep thermostat throws Newton alone to and fro.

    Kelley and Keyes, SIAM J. Numer. Anal. 35 (1998) 508: pseudo-transient continuation.
    """
    from mpi4py import MPI

    rate = FIRST_RATE
    for _ in range(STEPS):
        found, _, converged = newton(
            model, solver, T, t, rate, T, tolerance=max(tolerance, ON_THE_WAY), iterations=iterations, refresh=True
        )
        moved = model.layout.comm.allreduce(float(np.abs(found - T).max(initial=0.0)), op=MPI.MAX)
        T, rate = (found, rate / 4) if converged else (T, 16 * rate)
        if rate < LAST_RATE:
            break
        if converged and moved <= SETTLING:  # about where it will stay
            state = newton(model, solver, T, t, tolerance=tolerance, iterations=iterations, refresh=True, patient=False)
            if state[2]:
                return state
    return newton(model, solver, T, t, tolerance=tolerance, iterations=iterations, refresh=True)
