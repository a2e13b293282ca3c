"""What faces get between the times of an environment: values whose straight chords bring the light of the whole way.

A face that turns through the terminator, or turns within a few times of the table, gets another amount than the trapezoids between its
values say (24 chords of a turn lose 0.57 %). The values are moved by what is missing, so that everything that interpolates linearly between
them, or integrates by trapezoids, has the light that falls (docs/theory.md, section 2).
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orbit.environment import INSIDE, PHASES, Environment, Irradiance, direct, planet, turn_about

Array = NDArray[np.float64]
#: (f, 3) of faces that stand still in the body, or what gives (n, f, 3) at an environment's times
Normals = Array | Callable[[Environment], Array]
SLOW = np.radians(5.0)  #: turned between two times of the table; below it chords of albedo and infrared are good to 1e-3 of what varies
SIMPSON = np.array([4.0, 2.0, 4.0]) / 12.0  #: weights of the places inside, over the length of the interval; its ends have 1/12
WITHIN = 8  #: directions within each phase of a fast turn, for the cosine alone
FLAT = 0.05  #: of what an interval gets that its ends must see, to be scaled; else what is missing is added evenly


def conserving(times: Array, values: Array, integrals: Array) -> Array:
    """Values (n, ...) whose chords together bring given `integrals` (n - 1, ...) over the intervals of `times` (n,).

    Each end of an interval is scaled by what the interval gets over what its chord brings, so that nothing becomes negative and what is
    dark stays dark.

    >>> conserving(np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 0.0]), np.array([1.2, 1.2]))
    array([0. , 2.4, 0. ])
    """
    h = np.diff(times).reshape(-1, *(1,) * (values.ndim - 1))
    chord = 0.5 * h * (values[1:] + values[:-1])
    scaled = chord > FLAT * integrals
    ratio = np.divide(integrals, chord, out=np.ones_like(chord), where=scaled)
    added = np.where(scaled, 0.0, 0.5 * (integrals - chord))
    brought, width = np.zeros_like(values), np.zeros((len(times), *h.shape[1:]))
    for end in (slice(None, -1), slice(1, None)):
        brought[end] += 0.5 * h * ratio * values[end] + added
        width[end] += 0.5 * h
    return np.divide(brought, width, out=values.astype(np.float64), where=np.broadcast_to(width > 0, values.shape))


def over_intervals(times: Array, values: Array, inside: Array) -> Array:
    """Integrals (n - 1, ...) by Simpson's rule from `values` (n, ...) and those at the places inside, (INSIDE (n - 1), ...)."""
    h = np.diff(times).reshape(-1, *(1,) * (values.ndim - 1))
    total = (values[:-1] + values[1:]) / 12.0
    for k, weight in enumerate(SIMPSON):
        total += weight * inside[k::INSIDE]
    return np.asarray(h * total)


def turns_fast(env: Environment) -> bool:
    """Whether the body turns by more than `SLOW` against the planet in any interval."""
    return bool(np.max(np.linalg.norm(np.diff(env.nadir, axis=0), axis=1), initial=0.0) > SLOW)


def turning_sun(env: Environment) -> list[Array]:
    """Directions of the Sun (n, 3) that stand for one phase: of a body that turns fast, those within it; else the one that there is."""
    if env.spin is None:
        return [env.sun]
    offsets = ((np.arange(WITHIN) + 0.5) / WITHIN - 0.5) * 2 * np.pi / PHASES
    return [env.sun @ turn_about(env.spin, float(angle)).T for angle in offsets]


def mean_irradiance(env: Environment, normals: Normals) -> Irradiance:
    """Fluxes on plane faces whose chords bring what falls on the way; of a body that turns fast, means over whole turns.

    Args:
        env: The revolution.
        normals: Outward, (f, 3) unit vectors in the body frame; of faces that turn against it a function, which is asked for `env` and for
            what lies between its times, and gives (n, f, 3).

    Returns:
        (n, f) [W/m2] each.
    """
    return Irradiance(mean_direct(env, normals), *mean_planet(env, normals))


def mean_direct(env: Environment, normals: Normals) -> Array:
    """Direct sunlight of `mean_irradiance`."""
    if env.spin is not None:
        found = [direct(replace(env, sun=sun), _at(normals, env)) for phase in env.phases() for sun in turning_sun(phase)]
        return np.asarray(sum(found) / len(found))
    values = direct(env, _at(normals, env))
    if env.between is None:
        return values
    return conserving(env.times, values, over_intervals(env.times, values, direct(env.between, _at(normals, env.between))))


def mean_planet(env: Environment, normals: Normals) -> tuple[Array, Array]:
    """Albedo and infrared of `mean_irradiance`; a slow body keeps those of its times."""
    if env.spin is not None:
        found = np.mean([planet(phase, _at(normals, phase)) for phase in env.phases()[::2]], axis=0)
        return found[0], found[1]
    values = planet(env, _at(normals, env))
    if env.between is None or not turns_fast(env):
        return values
    inside = planet(env.between, _at(normals, env.between))
    albedo, infrared = (conserving(env.times, v, over_intervals(env.times, v, i)) for v, i in zip(values, inside, strict=True))
    return albedo, infrared


def _at(normals: Normals, env: Environment) -> Array:
    """Normals at the times of an environment."""
    return normals(env) if callable(normals) else normals
