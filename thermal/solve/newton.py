"""Newton's method on shift M (T - before) + A T + emission = sources: steady states (shift 0) and implicit Euler steps (shift 1/h)."""

import numpy as np
from numpy.typing import NDArray

from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Brought, Model

Floats = NDArray[np.float64]

SMALLEST_SHARE = 1 / 64
#: Round-off of a residual, in units in the last place of what conduction and capacity carry to and fro.
FLOOR = 8 * float(np.finfo(np.float64).eps)
WINDOW, FALLEN = 4, 0.5  #: iterations within which a residual falls by this factor, for one who has another way
LARGEST = 0.01  #: K; a last change beyond that is no round-off that anybody may take for a state


def newton(
    model: Model,
    solver: ShiftedSolver,
    T: Floats,
    t: float,
    shift: float = 0.0,
    before: Floats | None = None,
    tolerance: float = 1e-9,
    iterations: int = 60,
    refresh: bool = False,
    brought: Brought | None = None,
    patient: bool = True,
) -> tuple[Floats, float, bool]:
    """Iterate to the root.

    A thermostat's kink can make full steps jump to and fro, so a step is halved until the residual comes down.

    Args:
        model: The thermal model.
        solver: Linear solver; its frozen slope of the emission is brought up to date in every iteration with `refresh`.
        T: First guess of the owned rows [K].
        t: Time at which loads are taken [s].
        shift: Reciprocal of the time step [1/s]; 0 for a steady state.
        before: Temperatures at the step's start [K].
        tolerance: Largest change of the last iteration [K].
        brought: What the sources bring in place of their heat at that very time.
        patient: Go on to the last iteration also where residuals no longer fall, as beside a kink that throws steps to and fro.

    Returns:
        Temperatures, the last change [K], and whether it converged.
    """
    from mpi4py import MPI

    comm, start = model.layout.comm, model.reduced(model.extended(T if before is None else before))
    given = model.brought(np.array([t])) if brought is None else brought

    def residual(Y: Floats) -> Floats:
        r = model.balance(t, Y, given)
        return r - shift * model.product(model.M, model.reduced(Y) - start) if shift else r

    def size(r: Floats) -> float:
        free = r.copy()
        free[solver.held] = 0.0
        with np.errstate(over="ignore"):  # from 1e154 W on it is infinite, and any step down from there is one
            return float(np.sqrt(model.layout.sum(float(free @ free))))

    T = model.extended(T).copy()
    carried = np.zeros_like(T)
    carried[: model.layout.owned] = np.abs(model.A.getDiagonal().array) + (shift * model.M.getDiagonal().array if shift else 0.0)
    T[solver.held] = model.held_values(t)
    r, last, sizes = residual(T), np.inf, list[float]()
    for _ in range(iterations):
        if refresh:
            model.renew(t, T, always=True)
        derivatives = model.derivatives(t, T)
        if refresh:
            solver.refresh(model.slope(derivatives), derivatives)
        solver.gains = model.feedback_slopes(t, T)
        step, now, share = solver.solve_exchanging(shift, r, derivatives, t, np.zeros(len(solver.held))), size(r), 1.0
        while True:
            tried = np.maximum(T + share * step, 0.1 * T)  # never below a tenth of the last value: stays positive
            r = residual(tried)
            if size(r) <= (1 - 0.1 * share) * now or share <= SMALLEST_SHARE or now == 0.0:
                break
            share /= 2
        if share <= SMALLEST_SHARE:  # round-off floor, or no way down: take the whole step and let the test below judge
            share = 1.0
            tried = np.maximum(T + step, 0.1 * T)
            r = residual(tried)
        T = tried
        change = comm.allreduce(float(np.abs(share * step).max(initial=0.0)), op=MPI.MAX)
        if change < tolerance * share or (share == 1.0 and change < 1e-7 and change >= 0.5 * last):
            return T, change, True
        if LARGEST > change >= 0.5 * last and size(r) <= FLOOR * size(carried * T):  # near 0 K emission hardly holds a temperature
            return T, change, True
        last = change
        sizes.append(size(r))
        if not patient and len(sizes) >= 2 * WINDOW and min(sizes[-WINDOW:]) > FALLEN * min(sizes[:-WINDOW]):
            break
    return T, last, False
