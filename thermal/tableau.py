"""Coefficients of the Rosenbrock-W method ROS34PW2: four stages, order 3, stiffly accurate, order kept with any approximate Jacobian.

Source: Rang and Angermann, New Rosenbrock W-methods of order 3 for partial differential algebraic equations of index 1,
BIT Numerical Mathematics 45 (2005), 761-787. The order conditions are verified in tests/unit/thermal/test_tableau.py.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAMMA = 4.3586652150845900e-1
ALPHA: Floats = np.array(
    [
        [0, 0, 0, 0],
        [8.7173304301691801e-1, 0, 0, 0],
        [8.4457060015369423e-1, -1.1299064236484185e-1, 0, 0],
        [0, 0, 1, 0],
    ]
)
COUPLING: Floats = np.array(
    [
        [GAMMA, 0, 0, 0],
        [-8.7173304301691801e-1, GAMMA, 0, 0],
        [-9.0338057013044082e-1, 5.4180672388095326e-2, GAMMA, 0],
        [2.4212380706095346e-1, -1.2232505839045147, 5.4526025533510214e-1, GAMMA],
    ]
)
WEIGHTS: Floats = np.array([2.4212380706095346e-1, -1.2232505839045147, 1.5452602553351020, GAMMA])
EMBEDDED: Floats = np.array([3.7810903145819369e-1, -9.6042292212423178e-2, 0.5, 2.1793326075422950e-1])

STAGE_TIMES: Floats = ALPHA.sum(axis=1)
INVERSE: Floats = np.linalg.inv(COUPLING)  #: slopes k = INVERSE @ U
STAGE: Floats = ALPHA @ INVERSE  #: stage values y + STAGE @ U
CARRY: Floats = np.diag(1 / np.diag(COUPLING)) - INVERSE  #: right-hand side M CARRY @ U / h

_DENSE: Floats = np.linalg.inv(np.array([np.ones(4), STAGE_TIMES, COUPLING.sum(axis=1), STAGE_TIMES**2])).T


def dense_weights(theta: float | Floats) -> Floats:
    """Weights b(theta) of the continuous extension y(t + theta h) = y + b(theta) @ k, shape (..., 4).

    They meet the conditions of order 2 for any Jacobian and sum b alpha^2 = theta^3/3, which fixes the four of them; b(1) are the
    method's own weights.
    """
    th = np.asarray(theta, dtype=float)[..., None]
    right = np.concatenate([th, th**2 / 2, 0 * th, th**3 / 3], axis=-1)
    return np.asarray(right @ _DENSE)


def dense_slopes(theta: float | Floats) -> Floats:
    """Derivative of `dense_weights` with respect to theta, shape (..., 4)."""
    th = np.asarray(theta, dtype=float)[..., None]
    right = np.concatenate([np.ones_like(th), th, 0 * th, th**2], axis=-1)
    return np.asarray(right @ _DENSE)


def mean_weights() -> Floats:
    """Mean over a step of `dense_weights`, shape (4,): what the integral of the continuous extension takes of the slopes."""
    return np.asarray(np.array([1 / 2, 1 / 6, 0.0, 1 / 12]) @ _DENSE)
