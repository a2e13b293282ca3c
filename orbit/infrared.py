"""Earth infrared that changes with latitude: zonal emission to the second degree, integrated over the visible cap."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from orbit.frames import utc
from orbit.planet import plate_view_factor

Array = NDArray[np.float64]
MEAN, SEASONAL, POLAR = 0.68, -0.07, -0.18  #: emissivity e0, annual part of e1, e2; Knocke, Ries, Tapley, AIAA 88-4292 (1988)
WINTER = datetime(1981, 12, 22)  #: when the annual part is at its full value, same source
RINGS, SECTORS = 16, 48  #: quadrature of the cap: 3e-4 of the flux where the plate's horizon cuts it


def zonal_profile(epoch: datetime | None) -> tuple[float, float]:
    """Coefficients of the first and second Legendre polynomial of sin(latitude), over the mean emission [-]; no season without an epoch."""
    season = 0.0
    if epoch is not None:
        days = (utc(epoch) - utc(WINTER)).total_seconds() / 86400.0
        season = float(np.cos(2 * np.pi * days / 365.25))
    return SEASONAL / MEAN * season, POLAR / MEAN


def zonal_infrared(distance: Array, nadir: Array, pole: Array, normals: Array, profile: tuple[float, float], radius: float) -> Array:
    """Infrared on plates over the mean emission, (n, f) [-].

    Args:
        distance: (n,) [m] from the planet's centre.
        nadir, pole: (n, 3) unit, body frame.
        normals: (n, f, 3) unit, body frame.
        profile: Coefficients of `zonal_profile`.
        radius: Of the planet [m].

    The uniform part is the exact view factor; only the deviation is summed, over rings about nadir.
    """
    ratio = distance / radius
    down = np.clip(np.einsum("nfi,ni->nf", normals, nadir), -1, 1)
    out = plate_view_factor(ratio[:, None], np.arccos(down))
    for i in range(len(distance)):
        ground, ray, weight = _cap(float(ratio[i]), nadir[i])
        s = ground @ pole[i]
        excess = profile[0] * s + profile[1] * (1.5 * s**2 - 0.5)
        out[i] += np.maximum(normals[i] @ ray.T, 0.0) @ (weight * excess)
    return out


def _cap(ratio: float, nadir: Array) -> tuple[Array, Array, Array]:
    """Points of the visible cap (k, 3) on the unit sphere, unit rays to them, and weights whose sum over lit plates is the view factor."""
    x, w = np.polynomial.legendre.leggauss(RINGS)
    psi = (x + 1) / 2 * np.arccos(1 / ratio)
    phi = (np.arange(SECTORS) + 0.5) * 2 * np.pi / SECTORS
    side = np.cross(nadir, np.eye(3)[int(np.argmin(np.abs(nadir)))])
    side = side / np.linalg.norm(side)
    around = np.cos(phi)[:, None] * side + np.sin(phi)[:, None] * np.cross(nadir, side)
    ground = np.sin(psi)[:, None, None] * around - np.cos(psi)[:, None, None] * nadir
    ray = ground + ratio * nadir  # the satellite stands at -ratio nadir
    d = np.linalg.norm(ray, axis=-1)
    emission = (ratio * np.cos(psi)[:, None] - 1) / d
    ring = w / 2 * np.arccos(1 / ratio) * np.sin(psi) * 2 * np.pi / SECTORS
    weight = emission / d**2 * ring[:, None] / np.pi
    return ground.reshape(-1, 3), (ray / d[..., None]).reshape(-1, 3), weight.ravel()
