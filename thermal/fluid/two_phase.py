"""Liquid and vapour that flow together: quality, void, what the friction of both costs, and what may not happen in such a loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.friction import friction_factor
from thermal.fluid.saturation import Saturated
from thermal.fluid.validity import FluidError, OutOfRange, degrees, outside

Floats = NDArray[np.float64]
PressureDrop = Literal["mueller_steinhagen_heck", "friedel"]
Slip = Literal["homogeneous", "zivi"]

GRAVITY = 9.80665  #: m/s2, in Friedel's Froude number: his data are from the ground

#: Tube diameters [m] and mass fluxes [kg/m2s] of the data that the correlations were fitted to.
RANGES = {"mueller_steinhagen_heck": ((4e-3, 0.392), (50.0, 2490.0)), "friedel": ((4e-3, np.inf), (2.0, np.inf))}
NAMES = {"mueller_steinhagen_heck": "Mueller-Steinhagen and Heck", "friedel": "Friedel"}


def quality(enthalpy: ArrayLike, saturated: Saturated) -> Floats:
    """Vapour per mass that flows [-]; below 0 subcooled liquid, above 1 superheated vapour."""
    return np.asarray((np.asarray(enthalpy, dtype=float) - saturated.liquid_enthalpy) / saturated.latent_heat)


def void_fraction(x: ArrayLike, saturated: Saturated, slip: Slip = "homogeneous") -> Floats:
    """Volume of vapour per volume of the duct [-] at quality `x`.

    Args:
        slip: Vapour and liquid equally fast, or the vapour faster by (rho_l/rho_v)^(1/3) (Zivi 1964, doi 10.1115/1.3687113).

    Raises:
        FluidError: a slip that is not known.

    >>> from thermal.fluid.coolant import coolant
    >>> from thermal.fluid.saturation import saturated
    >>> round(void_fraction(0.6, saturated(coolant("ammonia"), temperature=303.15)).item(), 6)
    0.989972
    """
    if slip not in get_args(Slip):
        raise FluidError(f"slip '{slip}' is not known; there are {', '.join(get_args(Slip))}")
    x = np.asarray(x, dtype=float)
    thin = saturated.vapour_density / saturated.liquid_density
    faster = 1.0 if slip == "homogeneous" else thin ** (-1 / 3)
    return np.asarray(x / (x + (1 - x) * thin * faster))


def density(x: ArrayLike, saturated: Saturated, slip: Slip = "homogeneous") -> Floats:
    """Mass of both phases per volume of the duct [kg/m3]: what the loop must be charged with."""
    void = void_fraction(x, saturated, slip)
    return np.asarray(void * saturated.vapour_density + (1 - void) * saturated.liquid_density)


@dataclass(frozen=True, slots=True)
class Gradient:
    """Frictional pressure per length, and where it is from."""

    value: Floats  #: [Pa/m]
    correlation: str
    remarks: tuple[OutOfRange, ...]  #: outside of what the source was fitted to


def friction_gradient(
    flux: ArrayLike,
    x: ArrayLike,
    diameter: float,
    saturated: Saturated,
    relative_roughness: float = 0.0,
    correlation: PressureDrop = "mueller_steinhagen_heck",
) -> Gradient:
    """Frictional pressure gradient of both phases in a round tube.

    Args:
        flux: Mass flux G = m/A [kg/m2s], above zero.
        x: Quality, 0 to 1; at both ends the gradient is that of the phase alone.
        diameter: [m].
        correlation: Mueller-Steinhagen and Heck 1986 (doi 10.1016/0255-2701(86)80008-3) knows no gravity; Friedel 1979 (European Two-phase
            Flow Group Meeting, Ispra, E2) keeps the Froude number of the ground.

    Raises:
        FluidError: an unknown correlation, a quality outside of 0 to 1, or no flow.
    """
    if correlation not in get_args(PressureDrop):
        raise FluidError(f"two-phase pressure drop '{correlation}' is not known; there are {', '.join(get_args(PressureDrop))}")
    g, x = np.broadcast_arrays(np.asarray(flux, dtype=float), np.asarray(x, dtype=float))
    if not ((x >= 0) & (x <= 1)).all():
        raise FluidError(f"a two-phase pressure drop needs a quality of 0 to 1, not {x.min():g} to {x.max():g}")
    f_liquid = friction_factor(g * diameter / saturated.liquid_viscosity, relative_roughness).factor
    f_vapour = friction_factor(g * diameter / saturated.vapour_viscosity, relative_roughness).factor
    liquid = f_liquid / diameter * g**2 / (2 * saturated.liquid_density)
    vapour = f_vapour / diameter * g**2 / (2 * saturated.vapour_density)
    if correlation == "mueller_steinhagen_heck":
        value = (liquid + 2 * (vapour - liquid) * x) * np.cbrt(1 - x) + vapour * x**3
    else:
        value = liquid * _friedel(g, x, diameter, saturated, vapour / liquid)
    sizes, fluxes = RANGES[correlation]
    name = NAMES[correlation]
    return Gradient(np.asarray(value), correlation, outside(name, "D [m]", diameter, *sizes) + outside(name, "G [kg/m2s]", g, *fluxes))


def _friedel(g: Floats, x: Floats, diameter: float, saturated: Saturated, ratio: Floats) -> Floats:
    """Two-phase multiplier of the liquid-only gradient; `ratio` of vapour-only to liquid-only gradient. Froude's power is 0.0454 as in
    Whalley 1987 and `fluids`; later books round it to 0.045."""
    mixed = 1 / (x / saturated.vapour_density + (1 - x) / saturated.liquid_density)
    froude = g**2 / (GRAVITY * diameter * mixed**2)
    weber = g**2 * diameter / (saturated.surface_tension * mixed)
    thin = saturated.vapour_viscosity / saturated.liquid_viscosity
    e = (1 - x) ** 2 + x**2 * ratio
    f = x**0.78 * (1 - x) ** 0.224
    h = (saturated.liquid_density / saturated.vapour_density) ** 0.91 * thin**0.19 * (1 - thin) ** 0.7
    return np.asarray(e + 3.24 * f * h / (froude**0.0454 * weber**0.035))


def acceleration(flux: float, x_in: float, x_out: float, saturated: Saturated, slip: Slip = "homogeneous") -> float:
    """Pressure [Pa] spent on making vapour flow faster, G^2 (1/rho' out - 1/rho' in), rho' by momentum; gained where it condenses."""
    return float(flux**2 * (_momentum_volume(x_out, saturated, slip) - _momentum_volume(x_in, saturated, slip)))


def _momentum_volume(x: float, saturated: Saturated, slip: Slip) -> float:
    void = float(void_fraction(x, saturated, slip))
    vapour = x**2 / (void * saturated.vapour_density) if x > 0 else 0.0
    liquid = (1 - x) ** 2 / ((1 - void) * saturated.liquid_density) if x < 1 else 0.0
    return float(vapour + liquid)


def run_drop(
    flux: float,
    x_in: float,
    x_out: float,
    length: float,
    diameter: float,
    saturated: Saturated,
    relative_roughness: float = 0.0,
    correlation: PressureDrop = "mueller_steinhagen_heck",
) -> float:
    """Pressure [Pa] of a run along which the quality goes evenly from `x_in` to `x_out`: friction by 12 Gauss points, and acceleration.

    The points are even in u, x = 1 - u^3: in x the gradient has a root's slope where the run is dry.
    """
    if abs(x_out - x_in) < 1e-9:
        gradient = float(friction_gradient(flux, 0.5 * (x_in + x_out), diameter, saturated, relative_roughness, correlation).value)
        return length * gradient
    points, weights = np.polynomial.legendre.leggauss(12)
    first, last = np.cbrt(1 - x_in), np.cbrt(1 - x_out)
    u = first + (last - first) * (points + 1) / 2
    gradients = friction_gradient(flux, 1 - u**3, diameter, saturated, relative_roughness, correlation).value
    friction = (gradients * 3 * u**2) @ weights / 2 * (first - last) / (x_out - x_in)
    return float(length * friction) + acceleration(flux, x_in, x_out, saturated)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a two-phase loop may not do and does: an event, with its figures."""

    kind: Literal["dry-out", "loss of subcooling"]
    found: float  #: exit quality [-], or subcooling [K]
    allowed: float  #: greatest exit quality, or least subcooling [K]
    place: str

    def words(self) -> str:
        """One sentence.

        >>> Shortfall("dry-out", 0.93, 0.8, "cold_plate").words()
        'dry-out in cold_plate: quality 0.930 at its exit, 0.800 allowed'
        """
        if self.kind == "dry-out":
            return f"dry-out in {self.place}: quality {self.found:.3f} at its exit, {self.allowed:.3f} allowed"
        return f"loss of subcooling into {self.place}: {self.found:.2f} K below boiling, {self.allowed:.2f} K needed"


def dry_out(exit_quality: float, allowed: float, place: str) -> Shortfall | None:
    """The event of an evaporator that leaves less liquid on its wall than allowed, or None."""
    return Shortfall("dry-out", exit_quality, allowed, place) if exit_quality > allowed else None


def subcooling(temperature: float, saturated: Saturated, needed: float, place: str) -> Shortfall | None:
    """The event of a liquid that enters a pump less than `needed` [K] below its boiling point at the pressure there, or None."""
    below = float(saturated.temperature) - temperature
    return Shortfall("loss of subcooling", below, needed, place) if below < needed else None


def below_critical(set_point: float, critical_temperature: float, fluid: str) -> None:
    """Refuse an accumulator set to a temperature [K] at which nothing boils.

    Raises:
        FluidError: with both temperatures.
    """
    if not set_point < critical_temperature:
        raise FluidError(f"the set point of {degrees(set_point)} is above the critical point of {fluid}, {degrees(critical_temperature)}")
