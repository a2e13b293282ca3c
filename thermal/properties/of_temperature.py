"""How a case says that a property knows its temperature: by a table, or by a polynomial as data sheets and cryogenic fits have them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval, MinLen
from numpy.typing import NDArray

from thermal.constants import ZERO_CELSIUS
from thermal.curve import Curve

Floats = NDArray[np.float64]

FINEST = 4097  #: points of a polynomial at most
ROUNDED = 5e-3  #: of a value of a curve, by which a number that stands for it may be rounded
CLOSE = 1e-7  #: of its value, that lines between the points of a polynomial may be off


@dataclass(frozen=True, slots=True)
class Table:
    """A property at some temperatures, in straight lines between them; those below say of which unit and range its values are."""

    kind: Literal["table"]
    temperatures: Annotated[tuple[float, ...], "degC", Ge(0), MinLen(2)]  #: rising
    values: tuple[float, ...]
    beyond: Literal["refuse", "hold"] = "refuse"  #: what to do where a part is colder or hotter: end the run, or go on with the end value

    def __post_init__(self) -> None:
        check_table(self.temperatures, self.values)

    def curve(self) -> Curve:
        """Over temperature, in the unit of the property (SI)."""
        return Curve(np.array(self.temperatures), np.array(self.values))


@dataclass(frozen=True, slots=True)
class ConductivityTable(Table):
    """Conductivity at some temperatures, in straight lines between them."""

    values: Annotated[tuple[float, ...], "W_mK", Gt(0), MinLen(2)]  #: at each of them, along the material's x


@dataclass(frozen=True, slots=True)
class HeatTable(Table):
    """Specific heat at some temperatures, in straight lines between them."""

    values: Annotated[tuple[float, ...], "J_kgK", Gt(0), MinLen(2)]  #: at each of them


@dataclass(frozen=True, slots=True)
class EmittanceTable(Table):
    """Hemispherical emittance at some temperatures of the surface, in straight lines between them."""

    values: Annotated[tuple[float, ...], "-", Interval(gt=0, le=1), MinLen(2)]  #: at each of them


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A polynomial of the absolute temperature in SI units, or of its logarithm, over the range in which it was fitted."""

    kind: Literal["polynomial"]
    coefficients: Annotated[tuple[float, ...], "-", MinLen(1)]  #: of the powers of the temperature in K, the constant first; value in SI
    lowest: Annotated[float, "degC", Ge(0)]  #: temperature from which on it holds
    highest: Annotated[float, "degC", Ge(0)]  #: temperature up to which it holds
    logarithmic: bool = False  #: it gives log10 of the value over log10 of the temperature in K, as NIST's cryogenic fits do
    beyond: Literal["refuse", "hold"] = "refuse"  #: what to do where a part is colder or hotter: end the run, or go on with the end value

    def __post_init__(self) -> None:
        if self.lowest >= self.highest:
            raise ValueError("lowest_degC must be below highest_degC")
        if self.logarithmic and self.lowest <= 0.0:
            raise ValueError("a logarithmic polynomial begins above 0 K")
        values = self._at(np.linspace(self.lowest, self.highest, 257))
        if not (np.isfinite(values).all() and (values > 0).all()):
            least = float(np.min(values)) if np.isfinite(values).all() else float("nan")
            raise ValueError(f"the polynomial must be positive all over its range; its least value there is {least:.4g}")

    def _at(self, T: Floats) -> Floats:
        if not self.logarithmic:
            return np.asarray(np.polynomial.polynomial.polyval(T, self.coefficients))
        with np.errstate(over="ignore"):
            return np.asarray(10.0 ** np.polynomial.polynomial.polyval(np.log10(T), self.coefficients))

    def curve(self) -> Curve:
        """Over temperature, by lines that are as close as `CLOSE` (or `FINEST` points of them)."""
        count = 33
        while True:
            T = np.linspace(self.lowest, self.highest, count)
            values, middles = self._at(T), 0.5 * (T[1:] + T[:-1])
            off = np.abs(0.5 * (values[1:] + values[:-1]) / self._at(middles) - 1).max()
            if off <= CLOSE or count >= FINEST:
                return Curve(T, values)
            count = 2 * count - 1


@dataclass(frozen=True, slots=True)
class Latent:
    """Heat taken up between two temperatures beside the specific heat, as by a wax that melts; evenly between them."""

    heat: Annotated[float, "J_kg", Gt(0)]  #: per mass
    start: Annotated[float, "degC", Ge(0)]  #: where it begins
    end: Annotated[float, "degC", Ge(0)]  #: where it is complete

    def __post_init__(self) -> None:
        if self.end - self.start < 0.05:
            raise ValueError("latent heat must be taken up over 0.05 K at least: end_degC must lie so far above start_degC")

    def beside(self, curve: Curve) -> Curve:
        """A specific heat with it [J/kgK]."""
        more = self.heat / (self.end - self.start)
        T = np.unique([*curve.temperature, self.start, self.end])
        below, above = curve.beside(T)
        melting = 0.5 * (T[1:] + T[:-1])
        melting = np.where((melting > self.start) & (melting < self.end), more, 0.0)  # of the lines between them
        sides = below + np.append(0.0, melting), above + np.append(melting, 0.0)
        return Curve(np.repeat(T, 2), np.stack(sides, axis=1).ravel())


def check_table(temperatures: tuple[float, ...], values: tuple[float, ...]) -> None:
    """Refuse tables that are none.

    Raises:
        ValueError: the temperatures do not rise, or there are not as many values.
    """
    if len(temperatures) != len(values):
        raise ValueError(f"{len(temperatures)} temperatures_degC and {len(values)} values; a table needs as many of both")
    for before, after in pairwise(temperatures):
        if after <= before:
            said = f"{before - ZERO_CELSIUS:g} is followed by {after - ZERO_CELSIUS:g}"
            raise ValueError(f"temperatures_degC must rise: {said}")
