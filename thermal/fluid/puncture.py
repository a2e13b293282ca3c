"""Meteoroids against coolant tubes: flux, the wall that withstands, and the chance that no segment leaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb, exp, pi, sqrt
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.validity import FluidError

Floats = NDArray[np.float64]
Failure = Literal["perforation", "detached_spall", "spall"]
Flux = Callable[[float], float]  #: particles heavier than a mass [kg] per area and second [1/m2s]

YEAR = 3.15576e7  #: s, the Julian year in which Gruen's flux is stated

#: Wall thickness per depth of the crater in a thick wall, by what is not to happen on its inner side: Christiansen 1993.
FACTORS: dict[str, float] = {"perforation": 1.8, "detached_spall": 2.2, "spall": 3.0}
DENSITY_BORDER = 1.5  #: particle per target density, from which the exponent is 2/3 in place of 1/2


def gruen(mass: ArrayLike) -> Floats:
    """Meteoroids heavier than `mass` [kg] that hit a plate at random attitude, on one side: [1/m2s], at 1 AU.

    Without the Earth's shielding and focusing (`earth_shielding`, `focusing`).

    Source: Gruen et al. 1985, doi 10.1016/0019-1035(85)90121-6, as in ECSS-E-ST-10-04C eq. 10-1; 1e-18 to 1 g.

    >>> round(float(gruen(1e-9)) * YEAR, 8)
    1.48798684
    """
    m = np.asarray(mass, dtype=float) * 1e3  # the formula is in grams
    return np.asarray(
        (2.2e3 * m**0.306 + 15) ** -4.38 + 1.3e-9 * (m + 1e11 * m**2 + 1e27 * m**4) ** -0.36 + 1.3e-16 * (m + 1e6 * m**2) ** -0.85
    )


def earth_shielding(altitude: float, radius: float = 6378.137e3, atmosphere: float = 100e3) -> float:
    """Part of all directions that the Earth does not cover, (1 + cos eta)/2 with sin eta = (R + atmosphere)/(R + altitude) [-].

    Raises:
        FluidError: an altitude within the atmosphere.

    Source: ECSS-E-ST-10-04C, section 10.
    """
    if not altitude > atmosphere:
        raise FluidError(f"a satellite at {altitude / 1e3:g} km is not above the atmosphere of {atmosphere / 1e3:g} km")
    return 0.5 * (1 + sqrt(1 - ((radius + atmosphere) / (radius + altitude)) ** 2))


def focusing(altitude: float, speed: float = 20e3, radius: float = 6378.137e3, mu: float = 3.986004418e14) -> float:
    """How the Earth gathers particles of a `speed` far away [m/s], 1 + v_escape^2/v^2 [-]: density in phase space is conserved."""
    return 1 + 2 * mu / (radius + altitude) / speed**2


def table_flux(mass: ArrayLike, flux: ArrayLike) -> Flux:
    """Flux by a table, as of debris: straight in both logarithms, nothing beyond its heaviest particle.

    Args:
        mass: Rising [kg].
        flux: Of heavier particles [1/m2s], falling, above zero.

    Raises:
        FluidError: not so; and when asked below its lightest particle.
    """
    m, f = np.asarray(mass, dtype=float), np.asarray(flux, dtype=float)
    if len(m) != len(f) or len(m) < 2 or not ((np.diff(m) > 0).all() and (np.diff(f) <= 0).all() and m[0] > 0 and f[-1] > 0):
        raise FluidError("a table of flux needs two masses or more, rising, with fluxes above zero that do not rise")

    def at(wanted: float) -> float:
        if wanted < m[0]:
            raise FluidError(f"the table of flux begins at {m[0]:.4g} kg; asked was {wanted:.4g}")
        return 0.0 if wanted > m[-1] else float(np.exp(np.interp(np.log(wanted), np.log(m), np.log(f))))

    return at


@dataclass(frozen=True, slots=True)
class Wall:
    """What a particle has to go through: aluminium and its alloys, for which the equation was fitted."""

    density: float = 2700.0  #: [kg/m3]
    hardness: float = 95.0  #: Brinell; 6061-T6
    sound: float = 5100.0  #: speed of sound [m/s]


@dataclass(frozen=True, slots=True)
class Particle:
    """What flies: a mean meteoroid unless said otherwise."""

    speed: float = 20e3  #: normal to the wall [m/s]
    density: float = 2500.0  #: [kg/m3]


METEOROID = Particle()
AL_6061 = Wall()


def wall_needed(mass: float, particle: Particle = METEOROID, wall: Wall = AL_6061, failure: Failure = "perforation") -> float:
    """Thickness [m] of a single wall that withstands a particle [kg].

    factor x 5.24 d^(19/18) BHN^(-1/4) (rho_p/rho_t)^(1/2 or 2/3) (V/C)^(2/3), d and the result in cm: the crater in a thick wall, times 1.8
    against perforation, 2.2 against detached, 3.0 against any spall.

    Source: Christiansen 1993, doi 10.1016/0734-743X(93)90035-7 (the modified Cour-Palais equation), as commonly quoted.

    >>> round(1e3 * wall_needed(1e-8), 6)
    1.144713
    """
    return _factor(particle, wall, failure) * _diameter(mass, particle) ** (19 / 18)


def mass_withstood(thickness: float, particle: Particle = METEOROID, wall: Wall = AL_6061, failure: Failure = "perforation") -> float:
    """Heaviest particle [kg] that a wall [m] withstands: the inverse of `wall_needed`."""
    diameter = (thickness / _factor(particle, wall, failure)) ** (18 / 19)
    return pi / 6 * particle.density * (diameter / 100) ** 3


def _diameter(mass: float, particle: Particle) -> float:
    """[cm]."""
    return float(100 * (6 * mass / (pi * particle.density)) ** (1 / 3))


def _factor(particle: Particle, wall: Wall, failure: Failure) -> float:
    """Thickness [m] for a particle of 1 cm."""
    if failure not in get_args(Failure):
        raise FluidError(f"failure '{failure}' is not known; there are {', '.join(get_args(Failure))}")
    ratio = particle.density / wall.density
    dense = ratio ** (1 / 2 if ratio < DENSITY_BORDER else 2 / 3)
    return float(0.01 * FACTORS[failure] * 5.24 * wall.hardness**-0.25 * dense * (particle.speed / wall.sound) ** (2 / 3))


def no_leak(hits: float, segments: int = 1, needed: int | None = None) -> float:
    """Chance that enough of some equal segments, isolated from one another, are never hit [-].

    Args:
        hits: Expected on all of them together.
        segments: Number of them.
        needed: Of them, for the design to live; all when None.

    Raises:
        FluidError: fewer hits than none, or more segments needed than there are.

    >>> round(no_leak(0.517464), 6), round(no_leak(0.517464, 2, 1), 6)
    (0.59603, 0.94803)
    """
    needed = segments if needed is None else needed
    if not (hits >= 0 and 1 <= needed <= segments):
        raise FluidError(f"of {segments} segments {needed} are needed, and {hits:g} hits expected: that is no question")
    whole = exp(-hits / segments)
    return min(1.0, sum(comb(segments, k) * whole**k * (1 - whole) ** (segments - k) for k in range(needed, segments + 1)))


@dataclass(frozen=True, slots=True)
class Armour:
    """The wall that reaches a chance of no leak."""

    thickness: float  #: [m]
    added: float  #: mass over the wall there is [kg]
    chance: float  #: of no leak with it [-]
    before: float  #: of no leak with the wall there is [-]


def armour(
    wanted: float,
    area: float,
    seconds: float,
    thickness: float,
    segments: int = 1,
    needed: int | None = None,
    flux: Flux | None = None,
    particle: Particle = METEOROID,
    wall: Wall = AL_6061,
    failure: Failure = "perforation",
) -> Armour:
    """Thickness and mass against a leak.

    Args:
        wanted: Chance that the needed segments never leak [-].
        area: Exposed, of all segments [m2]; taken as it is however thick the wall becomes.
        seconds: Exposed for.
        thickness: Of the wall there is [m].
        flux: `gruen` when None; or a sum of fluxes.

    Raises:
        FluidError: a chance that no wall below 10 cm reaches.
    """
    from scipy.optimize import brentq

    if not (0 < wanted < 1 and area > 0 and seconds > 0 and thickness > 0):
        raise FluidError("a chance lies between 0 and 1; exposed area, time and wall must be above zero")
    falls: Flux = flux or (lambda mass: float(gruen(mass)))

    def chance(wall_thickness: float) -> float:
        return no_leak(falls(mass_withstood(wall_thickness, particle, wall, failure)) * area * seconds, segments, needed)

    before = chance(thickness)
    if before >= wanted:
        return Armour(thickness, 0.0, before, before)
    most = 0.1
    if chance(most) < wanted:
        raise FluidError(f"no wall below {1e3 * most:g} mm reaches {wanted:g}: more segments, or less area")
    found = float(brentq(lambda t: chance(t) - wanted, thickness, most, xtol=1e-12))
    return Armour(found, (found - thickness) * area * wall.density, chance(found), before)
