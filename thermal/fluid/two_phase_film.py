"""Films of a fluid that boils or condenses in a tube."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.saturation import Saturated
from thermal.fluid.validity import FluidError

Floats = NDArray[np.float64]


def boiling_film(
    flux: ArrayLike, x: ArrayLike, diameter: float, superheat: ArrayLike, saturated: Saturated, critical_pressure: float, molar_mass: float
) -> Floats:
    """Film of saturated flow boiling [W/m2K], sqrt((F h_l)^2 + (S h_pool)^2).

    h_l is Dittus-Boelter at the whole flow as liquid, F = (1 + x Pr (rho_l/rho_v - 1))^0.35, S = 1/(1 + 0.055 F^0.1 Re^0.16), and h_pool
    Cooper's 55 p_r^0.12 (-log10 p_r)^-0.55 M^-0.5 q^0.67 of a pool at the same superheat, q = h_pool dT.
    Not after dry-out: ask `two_phase.dry_out` first.

    Args:
        flux: Mass flux [kg/m2s].
        x: Quality, 0 to 1.
        diameter: Inner, of the tube [m].
        superheat: Wall above boiling [K].
        critical_pressure: [Pa].
        molar_mass: [kg/mol].

    Source: Liu and Winterton 1991, doi 10.1016/0017-9310(91)90234-6, as in `ht`; Cooper 1984, for a roughness of 1 um. Fitted on water,
    refrigerants and ethylene glycol; not on ammonia.
    """
    g, x, warmer = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (flux, x, superheat)))
    _check(x)
    re, pr = g * diameter / saturated.liquid_viscosity, _prandtl(saturated)
    liquid = 0.023 * saturated.liquid_conductivity / diameter * re**0.8 * pr**0.4
    more = (1 + x * pr * (saturated.liquid_density / saturated.vapour_density - 1)) ** 0.35
    less = 1 / (1 + 0.055 * more**0.1 * re**0.16)
    reduced = saturated.pressure / critical_pressure
    pool = (55 * warmer**0.67 * reduced**0.12 * (-np.log10(reduced)) ** -0.55 * (1e3 * molar_mass) ** -0.5) ** (1 / 0.33)
    return np.asarray(np.hypot(more * liquid, less * pool))


def condensing_film(flux: ArrayLike, x: ArrayLike, diameter: float, saturated: Saturated, critical_pressure: float) -> Floats:
    """Film of condensation [W/m2K], h_l ((1 - x)^0.8 + 3.8 x^0.76 (1 - x)^0.04/p_r^0.38), h_l Dittus-Boelter at the whole flow.

    Args:
        flux: Mass flux [kg/m2s].
        x: Quality, 0 to 1.
        diameter: Inner, of the tube [m].
        critical_pressure: [Pa].

    Source: Shah 1979, doi 10.1016/0017-9310(79)90058-9; reduced pressures 0.002 to 0.44, 7 to 40 mm, 11 to 211 kg/m2s and above Re 350 of
    the liquid; with gravity, where the film of a slow flow lies at the bottom of the tube.
    """
    g, x = np.broadcast_arrays(np.asarray(flux, dtype=float), np.asarray(x, dtype=float))
    _check(x)
    re, pr = g * diameter / saturated.liquid_viscosity, _prandtl(saturated)
    liquid = 0.023 * saturated.liquid_conductivity / diameter * re**0.8 * pr**0.4
    reduced = saturated.pressure / critical_pressure
    return np.asarray(liquid * ((1 - x) ** 0.8 + 3.8 * x**0.76 * (1 - x) ** 0.04 / reduced**0.38))


def _prandtl(saturated: Saturated) -> Floats:
    return np.asarray(saturated.liquid_specific_heat * saturated.liquid_viscosity / saturated.liquid_conductivity)


def _check(x: Floats) -> None:
    if not ((x >= 0) & (x <= 1)).all():
        raise FluidError(f"a film of two phases needs a quality of 0 to 1, not {x.min():g} to {x.max():g}")
