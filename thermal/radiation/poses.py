"""Radiation of parts that move: exchange areas at a few positions, and linear interpolation between them.

Only whole matrices of A_i F_ij (or of the exchange) are interpolated, with the sky alongside: a mean of reciprocal, closed matrices is
reciprocal and closed. Single factors would not be.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]


def between(positions: ArrayLike, x: float, period: float | None = None) -> tuple[int, int, float]:
    """Neighbours a and b of x among positions, and the weight of b.

    Args:
        positions: Increasing, (K,); any unit, such as rad.
        x: Where; with `period` anywhere, without it within the positions.
        period: After which the positions come round again, such as 2 pi; more than they span.

    Raises:
        ValueError: positions that do not increase, span a period or more, or x outside them (never extrapolated).

    >>> between([0.0, 1.0, 2.0], 1.25)
    (1, 2, 0.25)
    >>> between([0.0, 1.0, 2.0], 3.5, period=4.0)
    (2, 0, 0.75)
    """
    at = np.asarray(positions, dtype=np.float64)
    if at.ndim != 1 or len(at) == 0 or not np.isfinite(at).all() or (np.diff(at) <= 0).any():
        raise ValueError("positions must increase")
    if period is not None:
        if at[-1] - at[0] >= period:
            raise ValueError(f"positions span {at[-1] - at[0]:g}, not less than the period {period:g}")
        x = at[0] + (x - at[0]) % period
        at = np.append(at, at[0] + period)
    if not at[0] <= x <= at[-1]:
        raise ValueError(f"position {x:g} is outside {at[0]:g} to {at[-1]:g}, where factors are known")
    count = len(at) if period is None else len(at) - 1
    a = min(int(np.searchsorted(at, x, side="right")) - 1, max(len(at) - 2, 0))
    if len(at) == 1 or x == at[a]:
        return a % count, a % count, 0.0
    if x == at[a + 1]:
        return (a + 1) % count, (a + 1) % count, 0.0
    return a, (a + 1) % count, float((x - at[a]) / (at[a + 1] - at[a]))


def shares(positions: ArrayLike, at: ArrayLike, period: float) -> Floats:
    """Weight of each position at some places, (K, n): linear between neighbours, one where there is a single position.

    Args:
        positions: As in `between`, of which this is the table.
        at: Where, (n,); anywhere.
        period: After which the positions come round again.

    >>> shares([0.0, 1.0, 2.0], [1.25, 3.5], 4.0).tolist()
    [[0.0, 0.75], [0.75, 0.0], [0.25, 0.25]]
    """
    where = np.atleast_1d(np.asarray(at, dtype=np.float64))
    found = np.zeros((np.size(positions), len(where)))
    for i, x in enumerate(where):
        a, b, weight = between(positions, float(x) % period, period)
        found[a, i] += 1 - weight
        found[b, i] += weight
    return found


@dataclass(frozen=True, slots=True)
class MidpointError:
    """What interpolation makes of a position half way, against factors traced there."""

    largest: float  #: m2, of one pair of groups
    rms: float  #: m2, over the pairs that see each other in either
    row_largest: float  #: part of a group's radiation that goes elsewhere than interpolation says, worst group
    row_rms: float  #: the same, root mean square by area
    worst: int  #: group of `row_largest`


def midpoint_error(a: Floats | csr_array, b: Floats | csr_array, middle: Floats | csr_array, areas: Floats) -> MidpointError:
    """Error of interpolation half way between two positions.

    Args:
        a, b: A_i F_ij [m2] at two neighbouring positions, (g, g), dense or sparse.
        middle: Traced half way between them; its own scatter is part of the error.
        areas: m2, (g,). What rows miss goes to the sky.
    """
    difference = csr_array((csr_array(a) + csr_array(b)) / 2 - csr_array(middle))
    seen = abs(csr_array(a)) + abs(csr_array(b)) + abs(csr_array(middle))
    area = np.asarray(areas, dtype=np.float64)
    to_sky = np.abs(np.asarray(difference.sum(axis=1)).ravel())
    row = (np.asarray(abs(difference).sum(axis=1)).ravel() + to_sky) / 2 / area
    rms = float(np.sqrt((difference.data**2).sum() / max(seen.count_nonzero(), 1)))
    worst = int(row.argmax())
    return MidpointError(
        float(np.abs(difference.data).max(initial=0.0)), rms, float(row[worst]), float(np.sqrt(area @ row**2 / area.sum())), worst
    )
