"""What may not be believed: a fluid outside its data is an error, a correlation outside its range is a remark with numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from thermal.constants import ZERO_CELSIUS


class FluidError(ValueError):
    """A fluid cannot be what was asked of it; names the fluid and the range it has."""


class OutsideTableError(FluidError):
    """A temperature outside the table of a fluid; the three temperatures are kept [K]."""

    def __init__(self, fluid: str, temperature: float, low: float, high: float, ends: str = "") -> None:
        self.fluid, self.temperature, self.low, self.high, self.ends = fluid, temperature, low, high, ends
        super().__init__(
            f"fluid outside its table: {fluid} at {degrees(temperature)}, its table goes from {degrees(low)} to {degrees(high)}"
            + (f" ({ends})" if ends else "")
        )

    def __reduce__(self) -> tuple[type[OutsideTableError], tuple[str, float, float, float, str]]:
        return type(self), (self.fluid, self.temperature, self.low, self.high, self.ends)


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A correlation used outside the range its source states for it: a warning, as data."""

    correlation: str
    quantity: str  #: what is outside, "Re" or "Pr"
    lowest: float  #: found, of all that are outside
    highest: float  #: found
    low: float  #: stated
    high: float  #: stated; inf where the source gives none

    def words(self) -> str:
        """One sentence.

        >>> OutOfRange("Dittus-Boelter", "Re", 4000.0, 4000.0, 1e4, 1.2e5).words()
        'Dittus-Boelter is used at Re = 4000; its source states 10000 to 120000'
        """
        found = f"{self.lowest:.4g}" if self.lowest == self.highest else f"{self.lowest:.4g} to {self.highest:.4g}"
        stated = f"{self.low:.6g} to {self.high:.6g}" if np.isfinite(self.high) else f"{self.low:.6g} and above"
        return f"{self.correlation} is used at {self.quantity} = {found}; its source states {stated}"


def outside(correlation: str, quantity: str, value: ArrayLike, low: float, high: float = np.inf) -> tuple[OutOfRange, ...]:
    """A remark when any of `value` lies outside `low` to `high`, nothing otherwise."""
    values = np.atleast_1d(np.asarray(value, dtype=float))
    beyond = values[(values < low) | (values > high)]
    return (OutOfRange(correlation, quantity, float(beyond.min()), float(beyond.max()), low, high),) if len(beyond) else ()


def degrees(temperature: float) -> str:
    """A temperature [K] as it is shown.

    >>> degrees(300.0)
    '26.85 degC'
    """
    return f"{temperature - ZERO_CELSIUS:.2f} degC"
