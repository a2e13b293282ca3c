"""Conductors between the mean temperatures of bodies, by unit loads: what one watt into each body does to the means of all.

With the slope of emission on the diagonal, A u = s_b for the heat of body b, spread as its heat is in the run; W = s takes the mean of a
body where its heat enters. R = W' u is symmetric, and its inverse are the conductors of the network that answers as the mesh does to heat
into any of its bodies: GL = -inv(R) beside the diagonal. A conductor is then one of the geometry and not of one run's flows. It may be
negative: the mean of a wide plate says too much of what a small body on its middle feels, and a second conductor takes that back. Together
they never lead heat from cold to hot. docs/theory.md, "The network that the parts make".
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from heliorack.results.heat.bodies import Kept
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model

Floats = NDArray[np.float64]

GROUND = 1e-4  #: W/K from each body to nowhere, so that bodies in vacuum without radiation have a temperature; it is taken out again
AT_ONCE = 16  #: bodies whose loads go through the factors together
NEGLIGIBLE = 1e-5  #: of the conductances of its two ends: a conductor below is left out


def conductors(model: Model, kept: Kept, brought: Floats) -> Floats:
    """Conductors between bodies [W/K], (b, b), with a zero diagonal. Collective.

    Args:
        model: Solved; what is held at a temperature is let go.
        kept: Its bodies and moments.
        brought: Mean heat into the rows from outside, without emission [W], (owned,).

    Raises:
        SolveError: the linear solve failed.
    """
    if kept.count == 1:
        return np.zeros((1, 1))
    capacity = np.asarray(model.heat_capacity)
    whole = kept.summed(capacity)
    cubes = kept.summed(capacity * kept.rows(kept.weight @ kept.fields**3)) / whole
    T = np.cbrt(cubes)[kept.of_row]
    slope = model.slope(model.derivatives(float(kept.times[0]), T))
    shape = np.maximum(brought, 0.0) + 0.75 * slope * T  # emission as a straight line: 3/4 of its slope is constant
    total = kept.summed(shape)
    shape = np.where(total[kept.of_row] > 0, shape / np.maximum(total, 1e-300)[kept.of_row], capacity / whole[kept.of_row])
    R = np.zeros((kept.count, kept.count))
    with ShiftedSolver(replace(model, ways=[], attached=None)) as solver:
        solver.refresh(slope + GROUND * capacity / whole[kept.of_row])
        for begin in range(0, kept.count, AT_ONCE):
            some = np.arange(begin, min(begin + AT_ONCE, kept.count))
            answers = solver.solve_all(0.0, np.where(kept.of_row == some[:, None], shape, 0.0))
            R[some] = [kept.summed(shape * answer) for answer in answers]
    return between(np.linalg.inv(0.5 * (R + R.T)))


def between(answer: Floats) -> Floats:
    """Conductors from the inverse of the means by unit loads (b, b): what leads to no other body goes, as does what is negligible.

    What is left is positive semidefinite as a whole; where round-off or emission that varies within a body leaves it otherwise, the part
    that is not is taken out.

    >>> between(np.array([[3.0, -1.0], [-1.0, 1.5]]))
    array([[0., 1.],
           [1., 0.]])
    """
    own = np.sqrt(np.outer(np.diag(answer), np.diag(answer)))
    across = np.where(np.abs(answer) > NEGLIGIBLE * own, -answer, 0.0)
    np.fill_diagonal(across, 0.0)
    values, vectors = np.linalg.eigh(np.diag(across.sum(axis=1)) - across)
    if values[0] < -1e-9 * values[-1]:
        across = -(vectors * np.maximum(values, 0.0)) @ vectors.T
        np.fill_diagonal(across, 0.0)
    return np.asarray(across)
