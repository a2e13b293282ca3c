"""Films between a coolant and the wall of its duct: Nusselt numbers, each with its correlation and the range its source states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.friction import LAMINAR_END, TURBULENT_START
from thermal.fluid.validity import FluidError, OutOfRange, outside

Floats = NDArray[np.float64]
Correlation = Literal["gnielinski", "dittus_boelter"]

#: Ranges that the sources state for Re and Pr.
RANGES: dict[str, tuple[float, float, float, float]] = {
    "gnielinski": (3000.0, 5e6, 0.5, 2000.0),
    "dittus_boelter": (1e4, np.inf, 0.7, 160.0),
}
NAMES = {"gnielinski": "Gnielinski", "dittus_boelter": "Dittus-Boelter"}


@dataclass(frozen=True, slots=True)
class Blended:
    """Films between laminar and turbulent flow, which no source states: a warning, as data."""

    lowest: float  #: Re found, of all that are between
    highest: float
    slow: float  #: least Nu of them, were the flow laminar
    fast: float  #: greatest Nu of them at the Re where flow is turbulent

    def words(self) -> str:
        """One sentence.

        >>> Blended(3147.0, 3147.0, 3.66, 31.5).words()
        'films at Re = 3147 are a straight line from laminar (Nu 3.66) to turbulent at Re 4000 (Nu 31.5); such flow may be either'
        """
        found = f"{self.lowest:.4g}" if self.lowest == self.highest else f"{self.lowest:.4g} to {self.highest:.4g}"
        line = f"from laminar (Nu {self.slow:.3g}) to turbulent at Re {TURBULENT_START:g} (Nu {self.fast:.3g})"
        return f"films at Re = {found} are a straight line {line}; such flow may be either"


@dataclass(frozen=True, slots=True)
class Film:
    """Nusselt numbers, and where they are from; h = Nu k/D."""

    nusselt: Floats  #: [-]
    regime: NDArray[np.str_]  #: "laminar", "transition" or "turbulent", of each
    correlation: str  #: used where the flow is not laminar
    remarks: tuple[OutOfRange | Blended, ...]  #: outside of what the source states

    def coefficient(self, conductivity: ArrayLike, diameter: ArrayLike) -> Floats:
        """h = Nu k/D [W/m2K] of a fluid's `conductivity` [W/mK] in a duct of hydraulic `diameter` [m]."""
        return np.asarray(self.nusselt * np.asarray(conductivity, dtype=float) / np.asarray(diameter, dtype=float))


def film(
    reynolds: ArrayLike,
    prandtl: ArrayLike,
    correlation: Correlation = "gnielinski",
    *,
    laminar_nusselt: ArrayLike = 3.66,
    diameter_per_length: ArrayLike = 0.0,
    fluid_is: Literal["heated", "cooled"] = "heated",
) -> Film:
    """Mean Nusselt number of a duct, from no flow to turbulent.

    Laminar to Re 2300; from there to Re 4000 a straight line to the turbulent value at 4000 (Gnielinski 2013, doi
    10.1016/j.ijheatmasstransfer.2013.04.015), beyond it the correlation. A stagnant fluid (Re 0) has the laminar constant.

    Args:
        reynolds, prandtl: On the hydraulic diameter [-]; arrays broadcast.
        laminar_nusselt: Of developed laminar flow, by the duct's shape: 3.66 is a round tube at even wall temperature (safer than 4.36).
        diameter_per_length: D/L [-] for a duct whose flow develops from its entrance; 0: long.
        fluid_is: Which exponent Dittus-Boelter takes.

    Raises:
        FluidError: an unknown correlation, or numbers below zero.

    >>> round(film(1e4, 7.0).nusselt.item(), 8)
    79.49264509
    """
    if correlation not in get_args(Correlation):
        raise FluidError(f"film '{correlation}' is not known; there are {', '.join(get_args(Correlation))}")
    re, pr, constant, per_length = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (reynolds, prandtl, laminar_nusselt, diameter_per_length))
    )
    if not ((re >= 0).all() and (pr > 0).all()):
        raise FluidError(f"a film needs Re of zero or more and Pr above zero, not {re.min():g} and {pr.min():g}")
    laminar, turbulent = re <= LAMINAR_END, re >= TURBULENT_START
    entrance = 1 + per_length ** (2 / 3)  # Gnielinski 1976, of turbulent flow

    def fast(at: Floats) -> Floats:
        nu = gnielinski(at, pr) if correlation == "gnielinski" else dittus_boelter(at, pr, fluid_is)
        return np.asarray(nu * entrance)

    share = np.clip((re - LAMINAR_END) / (TURBULENT_START - LAMINAR_END), 0.0, 1.0)
    slow = developing(np.minimum(re, LAMINAR_END), pr, per_length, constant)
    quick = fast(np.maximum(re, TURBULENT_START))
    nusselt = (1 - share) * slow + share * quick
    regime = np.where(laminar, "laminar", np.where(turbulent, "turbulent", "transition"))
    low_re, high_re, low_pr, high_pr = RANGES[correlation]
    name = NAMES[correlation]
    remarks = outside(name, "Re", re[~laminar], low_re, high_re) + outside(name, "Pr", pr[~laminar], low_pr, high_pr)
    between = ~(laminar | turbulent)
    blended = (Blended(re[between].min(), re[between].max(), slow[between].min(), quick[between].max()),) if between.any() else ()
    return Film(nusselt, regime, correlation, remarks + blended)


def gnielinski(reynolds: ArrayLike, prandtl: ArrayLike) -> Floats:
    """(f/8)(Re - 1000) Pr/(1 + 12.7 sqrt(f/8) (Pr^(2/3) - 1)) with f = (0.790 ln Re - 1.64)^-2, smooth tubes.

    Source: Gnielinski 1976, Int. Chem. Eng. 16, 359; f of Petukhov 1970; Re 3000 to 5e6, Pr 0.5 to 2000.
    """
    re, pr = np.asarray(reynolds, dtype=float), np.asarray(prandtl, dtype=float)
    eighth = (0.790 * np.log(re) - 1.64) ** -2.0 / 8
    return np.asarray(eighth * (re - 1000) * pr / (1 + 12.7 * np.sqrt(eighth) * (pr ** (2 / 3) - 1)))


def dittus_boelter(reynolds: ArrayLike, prandtl: ArrayLike, fluid_is: Literal["heated", "cooled"] = "heated") -> Floats:
    """0.023 Re^0.8 Pr^n, n 0.4 for a fluid that is heated, 0.3 for one that is cooled.

    Source: in the form of McAdams 1942 (Winterton 1998, doi 10.1016/S0017-9310(97)00177-4); Re above 1e4, Pr 0.7 to 160, L/D above 10.
    """
    exponent = 0.4 if fluid_is == "heated" else 0.3
    return np.asarray(0.023 * np.asarray(reynolds, dtype=float) ** 0.8 * np.asarray(prandtl, dtype=float) ** exponent)


def developing(reynolds: ArrayLike, prandtl: ArrayLike, diameter_per_length: ArrayLike, developed: ArrayLike = 3.66) -> Floats:
    """Mean Nu of laminar flow that comes developed into a duct of another temperature: Nu + 0.0668 Gz/(1 + 0.04 Gz^(2/3)), Gz = Re Pr D/L.

    Source: Hausen 1943, round tube at even wall temperature; for other shapes their developed value is put in place of 3.66.
    """
    re, pr, per_length = (np.asarray(x, dtype=float) for x in (reynolds, prandtl, diameter_per_length))
    graetz = re * pr * per_length
    return np.asarray(np.asarray(developed, dtype=float) + 0.0668 * graetz / (1 + 0.04 * graetz ** (2 / 3)))
