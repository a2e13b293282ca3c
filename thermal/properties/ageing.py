"""How coatings darken: laws of the rise of solar absorptance with the time in the Sun.

Exposure is the equivalent time in the Sun: the time at normal incidence at 1 AU that brings as much sunlight ("equivalent sun hours").
Emittance is left as it is. Two forms are offered, and a case gives their coefficients with their source:

- `Saturating` is the first-order law: what can still darken does so at a constant rate per hour of Sun.
- `Power` passes through one measured exposure; the exponent is the case's.

Handbooks give single exposures, which fix one coefficient and no more: A-276 rises by 0.18 in 1036 and Z-202 by 0.15 in 1000 equivalent
sun hours (NASA RP-1121, 1984); white silicate by 0.02 and white silicone by 0.03 in 1000 h of ultraviolet (Fortescue et al., 4th ed.,
table 11.3). The library therefore keeps these as end values and holds no law. A straight line (`Power`, exponent 1) through such a point
overstates a rise that slows down beyond it and understates it before it.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Gt, Interval
from numpy.typing import NDArray

from thermal.constants import SOLAR_CONSTANT

Floats = NDArray[np.float64]

YEAR = 365.25 * 86400.0  #: s


@dataclass(frozen=True, slots=True)
class Saturating:
    """Rise of solar absorptance that comes to an end: growth x (1 - exp(-t / time constant)), t the equivalent time in the Sun."""

    kind: Literal["saturating"]
    growth: Annotated[float, "-", Interval(gt=0, le=1)]  #: rise of solar absorptance after a very long time
    time_constant: Annotated[float, "h", Gt(0)]  #: hours of Sun after which 63 % of it is there
    measured: Annotated[float, "h", Gt(0)]  #: hours of Sun up to which the law was measured
    source: str  #: report, handbook or DOI

    def rise(self, sun: float) -> float:
        """Rise of solar absorptance after `sun` seconds of Sun."""
        return float(-self.growth * np.expm1(-sun / self.time_constant))


@dataclass(frozen=True, slots=True)
class Power:
    """Rise of solar absorptance by a power of time: growth x (t / measured)^exponent, t the equivalent time in the Sun."""

    kind: Literal["power"]
    growth: Annotated[float, "-", Interval(gt=0, le=1)]  #: rise of solar absorptance after the hours measured
    measured: Annotated[float, "h", Gt(0)]  #: hours of Sun up to which the law was measured
    exponent: Annotated[float, "-", Interval(gt=0, le=1)]  #: 1 for a rise in proportion to time, below 1 for one that slows down
    source: str  #: report, handbook or DOI

    def rise(self, sun: float) -> float:
        """Rise of solar absorptance after `sun` seconds of Sun."""
        return float(self.growth * (sun / self.measured) ** self.exponent)


type Ageing = Saturating | Power


def aged(absorptance: float, law: Ageing, sun: float) -> float:
    """Solar absorptance after `sun` seconds of Sun [s] from `absorptance` at beginning of life; never above 1.

    Raises:
        ValueError: a negative time.
    """
    if not sun >= 0:
        raise ValueError(f"time in the Sun {sun:g} s must not be negative")
    return min(1.0, absorptance + law.rise(sun))


def equivalent_sun(times: Floats, direct: Floats, years: float) -> Floats:
    """Equivalent time in the Sun [s] of each face after `years` of the same orbit.

    Args:
        times: s, over one period, (n,), non-decreasing (trapezoidal between them).
        direct: direct sunlight on the faces, shadows included [W/m2], (n, f).
        years: of 365.25 days.

    Returns:
        (f,): years x (mean of direct over the period) / (solar constant).
    """
    mean = np.trapezoid(direct, times, axis=0) / (times[-1] - times[0])
    return np.asarray(years * YEAR * mean / SOLAR_CONSTANT)


def beyond(name: str, law: Ageing, sun: float) -> str | None:
    """The sentence that flags a coating aged beyond the hours its law was measured for; None within them."""
    if sun <= law.measured:
        return None
    return (
        f"coating {name}: aged by {sun / 3600:.0f} equivalent sun hours, beyond the {law.measured / 3600:.0f} h of its law "
        f"({law.source}); the rest is extrapolated"
    )
