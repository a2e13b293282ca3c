"""What the planet sends to a face: view factors, albedo over the lit visible cap, and handbook fluxes.

A face sees the planet at `ratio` H = distance / planet radius; its `tilt` is the angle from its normal to nadir [rad].
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orbit.constants import SOLAR_CONSTANT, STEFAN_BOLTZMANN

Array = NDArray[np.float64]
Cosine = tuple[Array, Array]  #: A and B of A + B cos(phi)
POINTS = 24  #: Gauss points per smooth piece of the albedo integral: 1e-7 of the factor (tests/verification/test_orbit_albedo.py)


@dataclass(frozen=True, slots=True)
class Preset:
    """Sunlight, albedo and Earth infrared that are used together."""

    solar: float  #: W/m2 at the satellite
    albedo: float  #: -, reflected part of sunlight
    earth_ir: float  #: W/m2 emitted at the planet radius
    source: str  #: where the numbers come from


HANDBOOK = "handbook range (Gilmore, Spacecraft Thermal Control Handbook; Anderson, Justus, Batts, NASA TM-2001-211221), verify before use"
PRESETS = {
    "hot": Preset(
        1407.7, 0.35, 261.0, f"perihelion with 1361 W/m2 at 1 AU; {HANDBOOK}; hot albedo with hot infrared together is conservative"
    ),
    "mean": Preset(SOLAR_CONSTANT, 0.30, 237.0, f"1 AU (IAU 2015 nominal); {HANDBOOK}"),
    "cold": Preset(1316.6, 0.22, 217.0, f"aphelion with 1361 W/m2 at 1 AU; {HANDBOOK}"),
}


def plate_view_factor(ratio: ArrayLike, tilt: ArrayLike) -> Array:
    """View factor from a small plate to a sphere, any tilt, the part behind the plate's own horizon left out.

    Args:
        ratio: Distance from the sphere's centre over its radius, above 1 [-].
        tilt: Angle from plate normal to nadir [rad]; broadcasts with `ratio`.

    Returns:
        Factor between 0 and 1 / ratio^2 [-].

    Source:
        Closed form of the differential plate to sphere, Howell, A Catalog of Radiation Heat Transfer Configuration Factors.

    >>> round(float(plate_view_factor(6921 / 6371, np.pi / 2)), 8)
    0.25777283
    """
    H, tilt = np.broadcast_arrays(np.asarray(ratio, dtype=float), np.asarray(tilt, dtype=float))
    c, s = np.cos(tilt), np.abs(np.sin(tilt))
    x = np.sqrt(H**2 - 1)
    y = np.clip(-x * c / np.maximum(s, 1e-300), -1, 1)  # -1 where the whole planet is above the plate, 1 where none of it is
    chord = np.sqrt(1 - y**2)
    crossed = (c * np.arccos(y) - x * s * chord) / (np.pi * H**2) + np.arctan2(s * chord, x) / np.pi
    return np.asarray(np.maximum(crossed, 0.0))


def sphere_view_factor(ratio: ArrayLike) -> Array:
    """View factor from a small sphere to the planet, the mean of `plate_view_factor` over all directions [-]."""
    return 0.5 * (1 - np.sqrt(1 - 1 / np.asarray(ratio, dtype=float) ** 2))


def albedo_factor(ratio: ArrayLike, sun_zenith: ArrayLike, tilt: ArrayLike, azimuth: ArrayLike) -> Array:
    """Irradiance on a plate from a diffuse sunlit sphere, over albedo times sunlight.

    Integrated over the cap that is both visible and lit: rings about nadir by Gauss points, each ring in closed form.

    Args:
        ratio: Distance from the planet's centre over its radius [-].
        sun_zenith: Angle at the planet's centre from satellite to Sun [rad].
        tilt: Angle from plate normal to nadir [rad].
        azimuth: Angle about nadir between plate normal and Sun [rad]. All four broadcast.

    Returns:
        Factor [-]; zero only where no lit part of the cap is above the plate.

    >>> round(float(albedo_factor(6921 / 6371, np.pi / 2, 0.0, 0.0)), 7)
    0.0251889
    """
    given = [np.asarray(v, dtype=float) for v in (ratio, sun_zenith, tilt, azimuth)]
    H, zenith, tilt, azimuth = np.broadcast_arrays(*given)
    out = np.empty(H.size)
    for part in np.array_split(np.arange(H.size), max(1, H.size // 4096)):
        out[part] = _albedo_factor(*(v.reshape(-1)[part] for v in (H, zenith, tilt, azimuth)))
    return out.reshape(H.shape)


def _albedo_factor(H: Array, zenith: Array, tilt: Array, azimuth: Array) -> Array:
    """`albedo_factor` for flat arrays (n,)."""
    total = np.zeros_like(H)
    away = np.abs(np.angle(np.exp(1j * azimuth)))
    horizon, pieces = _pieces(H, zenith, tilt)
    x, weight = np.polynomial.legendre.leggauss(POINTS)
    x, weight = (x + 1) / 2, weight / 2
    place, stretch = x**2 * (3 - 2 * x), 6 * x * (1 - x)  # flat ends: rings start and stop like square roots there
    for low, high in pieces:
        width = high - low
        psi = np.minimum(low[:, None] + width[:, None] * place, horizon[:, None])
        total += width * np.sum(weight * stretch * _ring(psi, H[:, None], zenith[:, None], tilt[:, None], away[:, None]), axis=1)
    return np.asarray(np.maximum(total, 0.0) / np.pi)  # what rounds below nothing is nothing


def _pieces(H: Array, zenith: Array, tilt: Array) -> tuple[Array, list[tuple[Array, Array]]]:
    """Horizon angle at the planet's centre, and the smooth intervals below it: cut where terminator and plate horizon touch a ring."""
    horizon = np.arccos(1 / H)
    terminator = np.minimum(np.abs(np.pi / 2 - zenith), horizon)
    nadir_angle = np.minimum(np.abs(np.pi / 2 - tilt), np.arcsin(1 / H))
    plate = np.minimum(np.arcsin(np.minimum(H * np.sin(nadir_angle), 1.0)) - nadir_angle, horizon)
    cuts = [np.zeros_like(H), np.minimum(terminator, plate), np.maximum(terminator, plate), horizon]
    return horizon, list(itertools.pairwise(cuts))


def _ring(psi: Array, H: Array, zenith: Array, tilt: Array, away: Array) -> Array:
    """Integral over azimuth of max(0, cos of Sun) max(0, cos at plate) cos of emission / d^2 sin psi on the ring at `psi`."""
    d2 = 1 + H**2 - 2 * H * np.cos(psi)
    d = np.sqrt(d2)
    emission = np.maximum(H * np.cos(psi) - 1, 0.0) / d
    sun = (np.cos(psi) * np.cos(zenith), np.sin(psi) * np.sin(zenith))
    plate = ((H - np.cos(psi)) / d * np.cos(tilt), np.sin(psi) / d * np.sin(tilt))
    return emission / d2 * np.sin(psi) * _overlap(sun, plate, away)


def _overlap(first: Cosine, second: Cosine, away: Array) -> Array:
    """Integral over phi of max(0, A + B cos phi) max(0, C + D cos(phi - away)), with B, D >= 0 and 0 <= away <= pi."""
    (A, B), (C, D) = first, second
    half_first = np.arccos(np.clip(-A / np.maximum(B, 1e-300), -1, 1))
    half_second = np.arccos(np.clip(-C / np.maximum(D, 1e-300), -1, 1))
    total = np.zeros(np.broadcast_shapes(A.shape, C.shape, away.shape))
    for turn in (0.0, 2 * np.pi):  # the two arcs can overlap on both sides
        low = np.maximum(-half_first, away - half_second - turn)
        high = np.minimum(half_first, away + half_second - turn)
        high = np.maximum(low, high)
        total += A * C * (high - low) + A * D * (np.sin(high - away) - np.sin(low - away)) + B * C * (np.sin(high) - np.sin(low))
        total += B * D / 2 * ((high - low) * np.cos(away) + (np.sin(2 * high - away) - np.sin(2 * low - away)) / 2)
    return total


def sphere_equilibrium(flux: ArrayLike, absorptance_over_emittance: ArrayLike = 1.0, sigma: float = STEFAN_BOLTZMANN) -> Array:
    """Temperature [K] of an isothermal sphere in parallel sunlight `flux` [W/m2] and empty space: (alpha/eps S / 4 sigma)^1/4.

    >>> round(float(sphere_equilibrium(1361.0)), 6)
    278.321399
    """
    return np.asarray((np.asarray(absorptance_over_emittance, dtype=float) * np.asarray(flux, dtype=float) / (4 * sigma)) ** 0.25)


def plate_equilibrium(
    flux: ArrayLike, absorptance_over_emittance: ArrayLike = 1.0, sides: int = 1, sigma: float = STEFAN_BOLTZMANN
) -> Array:
    """Temperature [K] of an isothermal plate that faces sunlight `flux` [W/m2] and emits from one or two `sides`.

    >>> round(float(plate_equilibrium(1361.0, sides=2)), 6)
    330.981788
    """
    return np.asarray((np.asarray(absorptance_over_emittance, dtype=float) * np.asarray(flux, dtype=float) / (sides * sigma)) ** 0.25)
