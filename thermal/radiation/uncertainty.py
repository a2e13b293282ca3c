"""What the errors of view factors do to temperatures, to first order."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

DRAWS = 8  #: random draws of the factors' errors


def temperature_error(error: csr_array, emission: Floats, emissive: Floats, areas: Floats, respond: Callable[[Floats], Floats]) -> float:
    """Standard error of the mean temperature of a part, the largest of all parts [K].

    Errors of pairs are drawn at random, rows stay closed by the sky; reflections of second order are left out.

    Args:
        error: Standard error of A_i F_ij, (g, g) [m2].
        emission: What leaves each square metre per emissive power, (g,).
        emissive: Emissive power above that of the sky, (g,) [W/m2].
        areas: Of the groups, (g,) [m2].
        respond: Flux into the groups, (g,) [W/m2] -> change of the mean temperature of each part, (p,) [K]; linear.
    """
    entries = error.tocoo()
    i, j = entries.coords
    upper = i < j
    i, j, spread = i[upper], j[upper], entries.data[upper]
    squares = []
    for draw in range(DRAWS):
        change = spread * np.random.default_rng([draw, 7]).standard_normal(len(spread))
        change *= emission[i] * emission[j]
        flux = np.bincount(i, change * emissive[j], len(areas)) + np.bincount(j, change * emissive[i], len(areas))
        squares.append(respond(flux / areas) ** 2)
    return float(np.sqrt(sum(squares) / DRAWS).max())
