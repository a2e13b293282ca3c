"""The transposed slope of a model: what its balance of heat, weighed by rows, owes to each temperature."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SensitivityError, SolveError
from thermal.heat import Moment
from thermal.radiation.enclosure import Enclosure
from thermal.radiation.varying_enclosure import VaryingEnclosure
from thermal.solve.emittance import VaryingAbsorption, VaryingEmitter, VaryingInfrared
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Gains, Model
from thermal.solve.ways import Emitter, Feedback, FilmLoad, Held, Sides, Source

Floats = NDArray[np.float64]

#: ways of heat whose slope is known here in full
KNOWN = (Emitter, VaryingEmitter, VaryingAbsorption, VaryingInfrared, FilmLoad, Source, Feedback, Held, Enclosure)


def refuse(model: Model) -> None:
    """Refuse what has no transposed slope, by name.

    Raises:
        SensitivityError: an attached network, a way of heat that nobody has transposed, or several ranks.
    """
    if model.attached is not None:
        raise SensitivityError("[network]: the loops and nodes that are solved with the parts are not differentiated; leave them out")
    unknown = list(dict.fromkeys(way.path for way in model.ways if not isinstance(way, KNOWN)))
    if unknown:
        raise SensitivityError(f"heat by {', '.join(unknown)}: its answer to temperature is not differentiated")
    if model.layout.comm.size > 1:
        raise SensitivityError("gradients are solved on one rank; start without mpiexec")


def slope_transposed(model: Model, t: float, T: Floats, weight: Floats, pieces: Sides | None = None) -> Floats:
    """Transpose of the derivative of `Model.balance` with respect to the temperatures, times a weight of the rows.

    Args:
        t: Time [s].
        T: Temperatures of the owned rows [K].
        weight: By owned rows, zero where rows are held; in any unit, u. One or several (..., owned).
        pieces: By which laws with corners are taken.

    Returns:
        By owned rows, u W/K; zero where rows are held.
    """
    now, known = Moment(model.layout, model.sigma, t, T), pieces or {}
    for way in model.ways:
        if isinstance(way, Enclosure) and way.conducting:
            way.load(now)  # its slope is that of the outer layers that the last load found
    derivatives = model.derivatives(t, T)
    found = -conducted_transposed(model, T, weight) - model.slope(derivatives) * weight
    found += model.exchanged(derivatives, weight, t, transposed=True)
    for way in model.ways:
        if isinstance(way, Feedback):
            found += ((weight @ way.weights) * way.gains(model.layout, t, T, known.get(way))) @ way.weights.T
        elif isinstance(way, VaryingAbsorption):
            found += way.over.slope(T) * way.source.load(now) * weight
        elif isinstance(way, VaryingEnclosure):
            found += way.unlike_transposed(now, weight)
        elif isinstance(way, VaryingInfrared):
            found += way.load_transposed(now, weight)
    found[..., model.held_rows()] = 0.0
    return np.asarray(found)


def times(model: Model, matrix: Any, weight: Floats) -> Floats:
    """M or A times one vector or several (..., owned)."""
    return model.product(matrix, weight) if weight.ndim == 1 else np.array([model.product(matrix, one) for one in weight])


def conducted_transposed(model: Model, T: Floats, weight: Floats) -> Floats:
    """Transpose of the derivative of `Model.conducted`, times one weight of the rows or several (..., owned)."""
    if weight.ndim > 1:
        return np.array([conducted_transposed(model, T, one) for one in weight])
    sent = model.product(model.A, weight)
    return sent if model.varying is None else sent + model.varying.tangent_transposed(T, weight)


def mean_transposed(model: Model, solver: ShiftedSolver, shift: float, derivatives: Floats, gains: Gains, weight: Floats) -> Floats:
    """Transpose of the matrix of `ShiftedSolver.solve_exchanging` with exchange at its mean over the period, times a weight of the rows.

    Args:
        solver: Refreshed with the derivatives.
        shift: Of the capacity [1/s].
        derivatives: Of the ways of heat (laws, owned).
        gains: Slope of each feedback [W/K].
    """
    state = model.state(derivatives)
    found = model.product(model.A, weight) + model.slope(derivatives) * weight
    found -= model.exchanged(derivatives, weight, None, transposed=True)
    if model.varying is not None and state is not None:
        found += model.varying.tangent_transposed(state, weight)
    if shift:
        found += shift * solver.reference.scaled(model.product(model.M, weight))
    for feedback, gain in gains.items():
        if isinstance(feedback, Feedback):
            found -= feedback.weights @ (gain * feedback.means(model.layout, weight))
    return np.asarray(found)


def solve_transposed(
    solver: ShiftedSolver, shift: float, right: Floats, product: Callable[[Floats], Floats], rtol: float = 1e-10
) -> Floats:
    """Solve with a transposed matrix by GMRES; the solver's matrix at `shift`, which is symmetric, preconditions.

    Args:
        right: By owned rows; held rows stay zero.
        product: Of the transposed matrix.
        rtol: Of the right-hand side, that may be left over.

    Raises:
        SolveError: the iteration does not converge.
    """
    from scipy.sparse.linalg import LinearOperator, gmres

    free, size = np.zeros(len(solver.held)), len(right)
    scale = float(np.abs(right).max(initial=0.0))
    if scale == 0.0:
        return np.zeros(size)

    def whole(weight: Floats) -> Floats:
        seated = np.ravel(weight).copy()
        seated[solver.held] = 0.0
        found = product(seated)
        found[solver.held] = np.ravel(weight)[solver.held]
        return found

    operator = LinearOperator((size, size), matvec=whole, dtype=np.float64)
    first = LinearOperator((size, size), matvec=lambda rest: solver.solve(shift, np.ravel(rest), free), dtype=np.float64)
    given = right / scale
    given[solver.held] = 0.0
    found, failed = gmres(operator, given, rtol=rtol, restart=60, maxiter=4, M=first)
    if failed:
        raise SolveError("the transposed linear solve with radiation exchange did not converge")
    return np.asarray(scale * found)
