"""Steady state that a body comes to by itself from a given start: with power that grows with temperature there may be several."""

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.newton import newton
from thermal.solve.settings import Solver
from thermal.solve.stability.runaway import watch

Floats = NDArray[np.float64]

FIRST, LAST, SHORTEST = 10.0, 1e9, 1e-3  #: steps [s]
WANTED = 15.0  #: K per step
#: K that a step may go against the heat that a body takes up where it starts: no body does, but Newton's method may end beyond a state
#: that does not last, on the side that the body leaves
BACKWARD = 0.01


def settle(model: Model, T: Floats, settings: Solver, tolerance: float = 1e-8, steps: int = 400) -> Floats:
    """Temperatures of the owned rows under the loads of time 0 held for ever, followed from `T` by implicit Euler steps that grow [K].

    Newton's method alone may jump across the state that the body would stay in, to a hotter one or to one that does not last.

    Args:
        model: Under loads averaged over the period (see `Model.at_mean`).
        T: Start [K].
        tolerance: Largest change of the last step [K].
        steps: At most so many.

    Raises:
        ThermalRunawayError: a device passes the temperature above which it has no steady power.
        SolveError: no steady state within the steps.
    """
    from mpi4py import MPI

    solver, h, moved = ShiftedSolver(model, settings.linear), FIRST, np.inf
    T = model.extended(T)
    free = np.ones(len(T), dtype=bool)
    free[solver.held] = False
    for _ in range(steps):
        found, change, converged = newton(model, solver, T, 0.0, 1 / h, T, tolerance=0.1 * tolerance, iterations=25, refresh=True)
        moved = model.layout.comm.allreduce(float(np.abs(found - T).max(initial=0.0)), op=MPI.MAX)
        backward = moved > BACKWARD and model.layout.sum(float(model.balance(0.0, T)[free] @ (found - T)[free])) < 0
        if (not converged or moved > 4 * WANTED or backward) and h > SHORTEST:
            h = max(0.25 * h, SHORTEST)
            continue
        if not converged:
            raise SolveError(f"no steady state: Newton did not converge over {h:g} s (last change {change:.2g} K)")
        T = found
        watch(model, settings, 0.0, T, mean=True)
        if h >= LAST and moved <= tolerance:
            return T
        h = min(h * float(np.clip(WANTED / max(moved, 1e-30), 0.5, 10.0)), LAST)
    raise SolveError(f"no steady state within {steps} steps; the last one moved {moved:.2g} K. Try another throttle or a cooler body.")
