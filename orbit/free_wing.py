"""What falls on a wing apart from the body: one that always faces the Sun, or one that stands still."""

import numpy as np
from numpy.typing import NDArray

from orbit.chords import mean_irradiance
from orbit.environment import Environment
from orbit.planet import albedo_factor, plate_view_factor

Floats = NDArray[np.float64]


def free_wing(env: Environment) -> tuple[Floats, Floats, dict[str, Floats]]:
    """Direct sunlight (n,) and albedo (n,) on a wing that always faces the Sun [W/m2], and what else warms it, by name.

    The third holds `infrared_front` and `infrared_back` (n,) [W/m2] and `sink` (n,) [K], what it sees besides.
    """
    ratio = env.distance / env.planet_radius
    zenith = np.arccos(np.clip(-np.sum(env.sun * env.nadir, axis=1), -1.0, 1.0))
    albedo = env.albedo * env.solar * albedo_factor(ratio, zenith, np.pi - zenith, 0.0)
    front, back = (env.earth_ir * plate_view_factor(ratio, tilt) for tilt in (np.pi - zenith, zenith))
    return env.solar * env.illumination, albedo, {"infrared_front": front, "infrared_back": back, "sink": np.full(len(env.times), env.sink)}


def fixed_wing(env: Environment, normal: Floats) -> tuple[Floats, Floats, dict[str, Floats]]:
    """As `free_wing`, on a wing that stands still in the body with its cells towards `normal` (3,), unit, body axes."""
    falls = mean_irradiance(env, np.stack([normal, -normal]))
    around = {"infrared_front": falls.infrared[:, 0], "infrared_back": falls.infrared[:, 1], "sink": np.full(len(env.times), env.sink)}
    return falls.direct[:, 0], falls.albedo[:, 0], around
