"""What a reduced orbit is off: its full equation's residual, through the full operator."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import Step, inside
from thermal.solve.model import Gains, Model
from thermal.solve.settings import Solver

Floats = NDArray[np.float64]

SPANS = 16  #: of the orbit, in which the residual is taken for constant
_POINTS, _WEIGHTS = (0.5 * (np.polynomial.legendre.leggauss(3)[0] + 1), 0.5 * np.polynomial.legendre.leggauss(3)[1])


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """An orbit of a reduced model."""

    model: Model
    steps: Sequence[Step]  #: by coordinates
    expanded: Sequence[Step]  #: the same by the rows of the full model
    basis: Basis


def off(model: Model, orbit: Judged, derivatives: Floats, gains: Gains, settings: Solver) -> Floats:
    """Estimated periodic solution of the full model less that of a reduced one, at the ends of even spans (spans + 1, owned) [K].

    The mean of the residual acts on the steady operator, exchange included; what is left of it on implicit Euler steps from there. What
    the time steps leave over in the reduced model's own equations is not counted: those of the full model leave as much.

    Args:
        model: The full model.
        orbit: The one that is judged.
        derivatives: Of the ways of heat, mean over the orbit.
        gains: Slope of every feedback, mean over the orbit [W/K].
    """
    start, end = orbit.steps[0].start, orbit.steps[-1].end
    edges = np.linspace(start, end, SPANS + 1)
    left = np.zeros((SPANS, model.layout.owned))
    inverse = np.linalg.inv([orbit.model.product(orbit.model.M, one) for one in np.eye(orbit.basis.size)])
    for small, step in zip(orbit.steps, orbit.expanded, strict=True):
        in_time = orbit.basis.expand(inverse @ _residual(orbit.model, small))
        residual = _residual(model, step) - model.product(model.M, in_time)
        share = np.minimum(step.end, edges[1:]) - np.maximum(step.start, edges[:-1])
        left += np.outer(np.maximum(share, 0.0) / (edges[1] - edges[0]), residual)
    with ShiftedSolver(model, settings.linear) as solver:
        solver.linearise(derivatives)
        solver.gains = gains
        mean = solver.solve_exchanging(0.0, left.mean(axis=0), derivatives)
        rate, moved, found = SPANS / (end - start), np.zeros_like(mean), [mean]
        for k in range(SPANS):
            right = left[k] - left.mean(axis=0) + rate * model.product(model.M, moved)
            moved = solver.solve(rate, right)
            found.append(mean + moved)
    return np.array(found)


def _residual(model: Model, step: Step) -> Floats:
    """Mean heat over a step that no way brings and nothing stores (owned,) [W]."""
    h = step.end - step.start
    times = np.array([inside(step.start + theta * h, *step.interval) for theta in _POINTS])
    brought = model.brought_over(step.start, step.end, times, _WEIGHTS)
    heat = np.zeros(model.layout.owned)
    for i, t in enumerate(times.tolist()):
        T = step.at(step.start + _POINTS[i] * h)
        heat += _WEIGHTS[i] * (model.outside(t, T, brought, i)[0] - model.product(model.A, T))
    return heat - model.product(model.M, step.after - step.before) / h
