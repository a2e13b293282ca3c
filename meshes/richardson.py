"""Values on three meshes extrapolated to an infinitely fine one."""

from dataclasses import dataclass
from math import log

RATIO = 2**0.5  #: of edge lengths from mesh to mesh

LOWEST, HIGHEST = 0.5, 2.0  #: observed orders that are believed; 2 is that of first-order elements

SAFETY, DOUBT = 1.25, 3.0  #: factors of the error estimate with a sensible order, and without one


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """What three meshes say about the limit of fine ones."""

    value: float  #: K
    error: float  #: K, half width of the band around `value`
    order: float | None  #: observed; None where the three values do not converge
    safety: float  #: factor in `error`


def extrapolate(coarse: float, middle: float, fine: float, ratio: float = RATIO, floor: float = 0.0) -> Extrapolated:
    """Richardson's extrapolation with the grid convergence index as its error.

    With an observed order p of at least 0.5 (taken as 2 at most) the value is fine + (fine - middle)/(ratio^p - 1), and the error 1.25
    times the distance to it. Where the values go to and fro, or hardly converge, nothing is extrapolated and the error is three times
    their span.

    Args:
        coarse: Value on the coarsest mesh; then those on finer ones.
        ratio: Of edge lengths from mesh to mesh.
        floor: What the values are good for in themselves; the error is at least this.

    Source:
        P. J. Roache, Perspective: a method for uniform reporting of grid refinement studies, J. Fluids Eng. 116 (1994) 405-413; order from
        three grids and safety factor as I. B. Celik et al., J. Fluids Eng. 130 (2008) 078001; three times the span as L. Eca and
        M. Hoekstra, J. Comput. Phys. 262 (2014) 104-130.

    >>> found = extrapolate(10.4, 10.2, 10.1)
    >>> round(found.value, 6), round(found.error, 6), round(found.order, 6)
    (10.0, 0.125, 2.0)
    """
    first, second = middle - coarse, fine - middle
    order = log(first / second) / log(ratio) if first * second > 0 else None
    if first == 0.0 == second:
        return Extrapolated(fine, floor, None, SAFETY)
    if order is None or order < LOWEST:
        span = max(coarse, middle, fine) - min(coarse, middle, fine)
        return Extrapolated(fine, max(DOUBT * span, floor), order, DOUBT)
    step = second / (ratio ** min(order, HIGHEST) - 1)
    return Extrapolated(fine + step, max(SAFETY * abs(step), floor), order, SAFETY)
