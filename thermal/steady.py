"""Steady temperatures under constant loads: Newton's method on A T + emission = sources."""

import numpy as np
from numpy.typing import NDArray

from thermal.linear import ShiftedSolver, SolveError
from thermal.model import Model

Floats = NDArray[np.float64]


def steady_state(model: Model, T: Floats, t: float, linear: str = "auto", tolerance: float = 1e-9, iterations: int = 60) -> Floats:
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

    comm = model.layout.comm
    solver = ShiftedSolver(model, linear)  # type: ignore[arg-type]
    T = np.maximum(np.abs(T), 50.0)  # it is only a guess, and from near 0 K the first step would land at millions
    T[solver.held] = model.held_values(t)
    change = np.inf
    for _ in range(iterations):
        solver.refresh(model.emission_slope(T), model.feedback_slopes(t, T))
        residual = model.balance(t, T)
        step = solver.solve(0.0, residual, model.held_values(t) - T[solver.held])
        share = _share(model, solver, t, T, step, residual)
        T = np.maximum(T + share * step, 0.1 * T)  # never below a tenth of the last guess: stays positive
        longest = comm.allreduce(float(np.abs(share * step).max(initial=0.0)), op=MPI.MAX)
        if share == 1 and (longest < tolerance or (longest < 1e-7 and longest >= 0.5 * change)):
            return T
        change = longest
    coldest = comm.allreduce(float(T.min(initial=np.inf)), op=MPI.MIN)
    raise SolveError(
        f"Newton stopped after {iterations} iterations (last change {change:.2g} K, wanted {tolerance:g}). "
        f"Coldest point {coldest:.0f} K. Check that every part reaches a radiating face, a film or a held temperature."
    )


def _share(model: Model, solver: ShiftedSolver, t: float, T: Floats, step: Floats, residual: Floats) -> float:
    """Largest of 1, 1/2, 1/4, ... of a Newton step that brings the residual down.

    A thermostat's kink can make full steps jump to and fro.
    """

    def size(values: Floats) -> float:
        free = values.copy()
        free[solver.held] = 0.0
        return float(np.sqrt(model.layout.sum(float(free @ free))))

    now, share = size(residual), 1.0
    while share > 1 / 64:
        if size(model.balance(t, np.maximum(T + share * step, 0.1 * T))) <= (1 - 0.1 * share) * now or now == 0.0:
            return share
        share /= 2
    return 1.0
