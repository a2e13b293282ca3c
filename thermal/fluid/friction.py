"""Darcy friction factors of ducts, and the pressure that they cost. Every result says which correlation made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.validity import FluidError, OutOfRange, outside

Floats = NDArray[np.float64]
Correlation = Literal["colebrook", "haaland", "churchill", "blasius"]

#: Reynolds numbers where laminar flow ends and where turbulent flow is developed; between them neither is stated, and the factor
#: goes from one to the other along a straight line, so that it is one flow for one pressure.
LAMINAR_END, TURBULENT_START = 2300.0, 4000.0

#: Largest relative roughness e/D of Moody's chart, and largest Reynolds number.
ROUGHEST, FASTEST = 0.05, 1e8
BLASIUS_END = 1e5


@dataclass(frozen=True, slots=True)
class Friction:
    """Friction factors, and where they are from."""

    factor: Floats  #: Darcy [-]
    regime: NDArray[np.str_]  #: "laminar", "transition" or "turbulent", of each
    correlation: str  #: used where the flow is not laminar
    remarks: tuple[OutOfRange, ...]  #: outside of what the source states


def friction_factor(
    reynolds: ArrayLike, relative_roughness: ArrayLike = 0.0, correlation: Correlation = "colebrook", laminar_friction: ArrayLike = 64.0
) -> Friction:
    """Darcy friction factor f, with dp = f L/D rho v2/2.

    Args:
        reynolds: rho v D/mu on the hydraulic diameter [-], above zero; broadcasts with the others.
        relative_roughness: Height of roughness per diameter [-].
        correlation: Of turbulent flow. "churchill" spans all regimes by itself; the others begin at Re 4000, laminar flow ends at 2300.
        laminar_friction: f Re of laminar flow, by the duct's shape.

    Raises:
        FluidError: an unknown name, a Reynolds number that is not above zero, or a negative roughness.

    >>> friction_factor(1000.0).factor.item(), round(friction_factor(1e5, 1e-4).factor.item(), 10)
    (0.064, 0.0185138661)
    """
    if correlation not in get_args(Correlation):
        raise FluidError(f"friction '{correlation}' is not known; there are {', '.join(get_args(Correlation))}")
    re, rough, f_re = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (reynolds, relative_roughness, laminar_friction)))
    if not (re > 0).all():
        raise FluidError(f"a friction factor needs a flow: the Reynolds number must be above zero, not {re.min():g}")
    if not (rough >= 0).all():
        raise FluidError(f"relative roughness must not be negative, but is {rough.min():g}")
    laminar, turbulent = re <= LAMINAR_END, re >= TURBULENT_START
    regime = np.where(laminar, "laminar", np.where(turbulent, "turbulent", "transition"))
    if correlation == "churchill":
        factor = churchill(re, rough)
        laminar = np.zeros_like(laminar)
    else:
        share = np.clip((re - LAMINAR_END) / (TURBULENT_START - LAMINAR_END), 0.0, 1.0)
        fast = TURBULENT[correlation](np.maximum(re, TURBULENT_START), rough)
        factor = np.where(laminar, f_re / re, (1 - share) * f_re / LAMINAR_END + share * fast)
    return Friction(factor, regime, correlation, _remarks(correlation, re[~laminar], rough[~laminar]))


def colebrook(reynolds: ArrayLike, relative_roughness: ArrayLike) -> Floats:
    """1/sqrt(f) = -2 log10(e/(3.7 D) + 2.51/(Re sqrt(f))), by Newton's method to round-off.

    Source: Colebrook 1939, J. Inst. Civ. Eng. 11; Re 4000 to 1e8, e/D to 0.05.
    """
    re, rough = np.asarray(reynolds, dtype=float), np.asarray(relative_roughness, dtype=float) / 3.7
    x = 1 / np.sqrt(haaland(re, relative_roughness))
    for _ in range(4):  # quadratic from 1.5 %: 2e-4, 5e-8, 2e-15
        inner = rough + 2.51 * x / re
        x = x - (x + 2 * np.log10(inner)) / (1 + 2 / np.log(10) * 2.51 / re / inner)
    return np.asarray(x**-2.0)


def haaland(reynolds: ArrayLike, relative_roughness: ArrayLike) -> Floats:
    """1/sqrt(f) = -1.8 log10((e/3.7 D)^1.11 + 6.9/Re); within 1.5 % of Colebrook. Source: Haaland 1983, doi 10.1115/1.3240948."""
    re, rough = np.asarray(reynolds, dtype=float), np.asarray(relative_roughness, dtype=float)
    return np.asarray((-1.8 * np.log10((rough / 3.7) ** 1.11 + 6.9 / re)) ** -2.0)


def churchill(reynolds: ArrayLike, relative_roughness: ArrayLike) -> Floats:
    """One formula for all regimes, round tubes: 8 ((8/Re)^12 + (A + B)^-1.5)^(1/12). Source: Churchill 1977, Chem. Eng. 84 (24) 91."""
    re, rough = np.asarray(reynolds, dtype=float), np.asarray(relative_roughness, dtype=float)
    a = (2.457 * np.log(1 / ((7 / re) ** 0.9 + 0.27 * rough))) ** 16
    b = (37530 / re) ** 16
    return np.asarray(8 * ((8 / re) ** 12 + (a + b) ** -1.5) ** (1 / 12))


def blasius(reynolds: ArrayLike, relative_roughness: ArrayLike = 0.0) -> Floats:
    """Darcy friction factor 0.3164 Re^-0.25 [-], smooth tubes whatever the roughness given. Source: Blasius 1913; Re 4000 to 1e5."""
    return 0.3164 * np.asarray(reynolds, dtype=float) ** -0.25


TURBULENT = {"colebrook": colebrook, "haaland": haaland, "blasius": blasius}


def pressure_drop(
    friction: ArrayLike, length: ArrayLike, diameter: ArrayLike, density: ArrayLike, velocity: ArrayLike, loss: ArrayLike = 0.0
) -> Floats:
    """(f L/D + K) rho v |v|/2 [Pa], along `velocity` [m/s]; `loss` is the sum K of the fittings' loss coefficients [-]."""
    f, length, d, rho, v, k = (np.asarray(x, dtype=float) for x in (friction, length, diameter, density, velocity, loss))
    return np.asarray((f * length / d + k) * rho * v * np.abs(v) / 2)


def _remarks(correlation: Correlation, reynolds: Floats, rough: Floats) -> tuple[OutOfRange, ...]:
    name = correlation.capitalize()
    low = 0.0 if correlation == "churchill" else TURBULENT_START
    high = BLASIUS_END if correlation == "blasius" else FASTEST
    return outside(name, "Re", reynolds, low, high) + outside(name, "e/D", rough, 0.0, 0.0 if correlation == "blasius" else ROUGHEST)
