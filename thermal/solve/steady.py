"""Steady temperatures under constant loads: Newton's method on A T + emission = sources."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.newton import newton

Floats = NDArray[np.float64]


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

    guess = np.maximum(np.abs(T), 50.0)  # it is only a guess, and from near 0 K the first step would land at millions
    with ShiftedSolver(model, linear) as solver:
        found, change, converged = newton(model, solver, guess, t, tolerance=tolerance, iterations=iterations, refresh=True)
    if converged:
        return found
    coldest = model.layout.comm.allreduce(float(found.min(initial=np.inf)), op=MPI.MIN)
    raise SolveError(
        f"Newton stopped after {iterations} iterations (last change {change:.2g} K, wanted {tolerance:g}). "
        f"Coldest point {coldest:.0f} K. Check that every part reaches a radiating face, a film or a held temperature."
    )
