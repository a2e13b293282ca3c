"""Everything the hardware sees over one orbit: sunlight, shadow, albedo and Earth infrared, in the body frame."""

from dataclasses import dataclass, replace
from math import isnan

import numpy as np
from numpy.typing import NDArray

from orbit.attitude.pointing import AttitudeKind, unit
from orbit.chamber import Chamber
from orbit.elements import EARTH_RADIUS, MU
from orbit.infrared import zonal_infrared, zonal_profile
from orbit.planet import albedo_factor, plate_view_factor
from orbit.settings import EnvironmentSettings, chosen_epoch, fluxes, left_out
from orbit.timeline import ShadowedTrack, timeline
from orbit.track import OrbitKind, Track, about, refuse_incomplete

__all__ = [
    "INSIDE",
    "PHASES",
    "Environment",
    "EnvironmentSettings",
    "Irradiance",
    "direct",
    "environment",
    "irradiance",
    "orbit_summary",
    "place",
    "planet",
    "turn_about",
]

Array = NDArray[np.float64]
STEPS = 240  #: places per revolution; linear interpolation between them is good to 1e-4 of the largest flux
INSIDE = 3  #: places between two times of the table, which give what a face gets on the way (orbit.chords)
PHASES = 24  #: orientations that stand for a turn of a body that turns too fast to be followed


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """One revolution in the body frame; t = 0 at orbit noon (nearest to the sub-solar point) for circular orbits."""

    period: float  #: s
    times: Array  #: (n,) s, from 0 to period, non-decreasing; every edge twice (left and right limit), dense inside penumbra
    edges: Array  #: (m,) s in the order of crossing: penumbra entry, umbra entry, umbra exit, penumbra exit; cylinder: entry, exit
    sun: Array  #: (n, 3) unit, body frame
    nadir: Array  #: (n, 3) unit, body frame
    velocity: Array  #: (n, 3) unit, body frame
    distance: Array  #: (n,) m from the planet's centre
    illumination: Array  #: (n,) visible part of the solar disc
    solar: float  #: W/m2 at the satellite
    albedo: float  #: -
    earth_ir: float  #: W/m2 emitted at planet_radius
    sink: float  #: K
    planet_radius: float  #: m
    beta: float  #: rad; nan in a chamber
    inclination: float  #: rad; nan for a beta orbit
    assumptions: tuple[str, ...]  #: what this environment leaves out
    rotation: Array | None = None  #: (n, 3, 3) from GCRF to the body frame
    pole: Array | None = None  #: (n, 3) unit, the planet's axis, body frame
    zonal: tuple[float, float] = (0.0, 0.0)  #: Earth infrared by latitude: first and second Legendre coefficient over the mean
    #: the same revolution at `INSIDE` even places inside every interval of `times`, interval by interval; None where nothing moves
    between: "Environment | None" = None
    spin: Array | None = None  #: (3,) body axis of a body that turns too fast to be followed; the rest is then one of its orientations

    def under(self, solar: float, albedo: float, earth_ir: float) -> "Environment":
        """The same revolution under other fluxes [W/m2] and another albedo [-]."""
        between = None if self.between is None else self.between.under(solar, albedo, earth_ir)
        return replace(self, solar=solar, albedo=albedo, earth_ir=earth_ir, between=between)

    def phases(self) -> tuple["Environment", ...]:
        """The revolution in `PHASES` even orientations of a turn about `spin`; itself where every turn is followed."""
        if self.spin is None:
            return (self,)
        return tuple(self._turned(2 * np.pi * k / PHASES) for k in range(PHASES))

    def _turned(self, angle: float) -> "Environment":
        assert self.spin is not None
        turn = turn_about(self.spin, angle)
        return replace(
            self,
            sun=self.sun @ turn.T,
            nadir=self.nadir @ turn.T,
            velocity=self.velocity @ turn.T,
            rotation=None if self.rotation is None else turn @ self.rotation,
            pole=None if self.pole is None else self.pole @ turn.T,
            between=None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Irradiance:
    """What reaches unit faces when no other part is in the way, (n, f) [W/m2] each."""

    direct: Array
    albedo: Array
    infrared: Array


def environment(
    orbit: OrbitKind | None,
    settings: EnvironmentSettings | Chamber,
    attitude: AttitudeKind | None,
    steps: int = STEPS,
    like: "Environment | None" = None,
) -> Environment:
    """The revolution of `orbit` at its epoch, or one cycle of a test chamber (which needs neither orbit nor attitude).

    Args:
        steps: Equal steps of time per revolution; shadow edges and penumbra come on top.
        like: A like revolution, whose times are followed from shadow edge to shadow edge (see `orbit.timeline.timeline`).

    Raises:
        ValueError: pointing undefined at some time, or settings that the orbit cannot serve.
        TypeError: a kind of orbit or attitude that does not say all that is asked of it.
    """
    if isinstance(settings, Chamber):
        return _in_chamber(settings, steps)
    if orbit is None or attitude is None:
        raise ValueError(
            'environment.kind "orbit" needs the tables [orbit] and [attitude]; a test on the ground is environment.kind = "chamber"'
        )
    refuse_incomplete(orbit, OrbitKind, "be flown")
    refuse_incomplete(attitude, AttitudeKind, "be flown")
    path = orbit.track(chosen_epoch(orbit, settings), settings.planet_radius)
    if isnan(path.inclination):
        _check_without_equator(settings, attitude)
    if settings.gravitational_parameter != MU:
        if not isnan(path.inclination):
            raise ValueError(f'environment.gravitational_parameter: a {orbit.kind} orbit is one about the Earth; use kind = "beta"')
        path = about(path, settings.gravitational_parameter)
    return _along(path, settings, attitude, steps, like)


def _in_chamber(chamber: Chamber, steps: int) -> Environment:
    """One cycle of a test: constant, no planet, no shadow; the Sun is the lamp."""
    times = np.linspace(0.0, chamber.duration, steps + 1)
    n = len(times)
    lamp = np.array(chamber.lamp_direction) / np.linalg.norm(chamber.lamp_direction)
    return Environment(
        period=chamber.duration,
        times=times,
        edges=np.empty(0),
        sun=np.tile(lamp, (n, 1)),
        nadir=np.tile([0.0, 0.0, -1.0], (n, 1)),
        velocity=np.tile([1.0, 0.0, 0.0], (n, 1)),
        distance=np.full(n, 2 * EARTH_RADIUS),
        illumination=np.ones(n),
        solar=chamber.lamp_flux,
        albedo=0.0,
        earth_ir=0.0,
        sink=chamber.shroud,
        planet_radius=EARTH_RADIUS,
        beta=float("nan"),
        inclination=float("nan"),
        assumptions=(chamber.said(),),
    )


def _check_without_equator(settings: EnvironmentSettings, attitude: AttitudeKind) -> None:
    """Refuse what a beta orbit, which has no equator and no stars, cannot say."""
    if attitude.starry:
        raise ValueError("attitude: a beta orbit has no place among the stars; use another kind of orbit for star or quaternion pointing")
    if settings.earth_ir_by == "latitude" or settings.shadow == "oblate":
        wanted = "environment.earth_ir_by" if settings.earth_ir_by == "latitude" else "environment.shadow"
        raise ValueError(f"{wanted}: a beta orbit has no equator; use another kind of orbit for latitude and flattening")


def _along(path: Track, settings: EnvironmentSettings, attitude: AttitudeKind, steps: int, like: Environment | None) -> Environment:
    """The environment on a given track."""
    solar, albedo, earth_ir, said = fluxes(settings, path)
    shadowed = ShadowedTrack(path, settings.planet_radius, settings.shadow)
    own = attitude.own_times(path.period)
    followed = None if like is None or len(own) else (like.times, like.edges)
    line = timeline(shadowed, attitude.steps(steps, path.period), own, followed)
    share = np.arange(INSIDE + 1) / (INSIDE + 1)
    times = np.append((line.times[:-1, None] + np.diff(line.times)[:, None] * share).ravel(), line.times[-1])  # what lies between with them
    position, velocity = path.state(times % path.period)
    away = np.broadcast_to(unit(path.sun), position.shape)
    directions = {"sun": away, "nadir": -unit(position), "velocity": unit(velocity), "orbit_normal": unit(np.cross(position, velocity))}
    rotation = attitude.rotation(directions, times, path.period)
    sun, nadir, forward = (np.einsum("nij,nj->ni", rotation, directions[name]) for name in ("sun", "nadir", "velocity"))
    light = np.empty(len(times))
    inside = np.arange(len(times)) % (INSIDE + 1) > 0
    light[~inside], light[inside] = line.illumination, shadowed.light(times[inside])
    whole = Environment(
        period=path.period,
        times=times,
        edges=line.edges,
        sun=sun,
        nadir=nadir,
        velocity=forward,
        distance=np.linalg.norm(position, axis=-1),
        illumination=light,
        solar=solar,
        albedo=albedo,
        earth_ir=earth_ir,
        sink=settings.sink,
        planet_radius=settings.planet_radius,
        beta=path.beta,
        inclination=path.inclination,
        assumptions=(*path.assumptions, *attitude.said(path.period), *said, *left_out(settings)),
        rotation=rotation,
        pole=rotation @ path.pole,
        zonal=zonal_profile(path.epoch) if settings.earth_ir_by == "latitude" else (0.0, 0.0),
        spin=attitude.averaged_about(path.period),
    )
    return replace(_rows(whole, ~inside), between=_rows(whole, inside))


def _rows(env: Environment, rows: NDArray[np.bool_]) -> Environment:
    """Some times of an environment."""
    by_time = ("times", "sun", "nadir", "velocity", "distance", "illumination", "rotation", "pole")
    return replace(env, **{name: getattr(env, name)[rows] for name in by_time if getattr(env, name) is not None})


def turn_about(axis: Array, angle: float) -> Array:
    """Rotation (3, 3) that turns vectors right-handed about a unit `axis` (3,) by `angle` [rad]."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def irradiance(env: Environment, normals: Array) -> Irradiance:
    """Incident fluxes on plane faces at the times of an environment; over the time between them see `orbit.chords.mean_irradiance`.

    Args:
        env: The revolution.
        normals: (f, 3) outward unit vectors, body frame; (n, f, 3) for faces that turn against the body.

    Returns:
        `direct`, `albedo`, `infrared`: (n, f) [W/m2], not shaded by other parts and before any absorptance.
    """
    return Irradiance(direct(env, normals), *planet(env, normals))


def direct(env: Environment, normals: Array) -> Array:
    """Direct sunlight on plane faces (n, f) [W/m2]; arguments as `irradiance`."""
    facing = np.einsum("nfi,ni->nf", _each(env, normals), env.sun)
    return np.asarray(env.solar * env.illumination[:, None] * np.maximum(facing, 0.0))


def planet(env: Environment, normals: Array) -> tuple[Array, Array]:
    """Albedo and infrared on plane faces, (n, f) [W/m2] each; arguments as `irradiance`."""
    n = _each(env, normals)
    facing = np.einsum("nfi,ni->nf", n, env.sun)
    down = np.clip(np.einsum("nfi,ni->nf", n, env.nadir), -1.0, 1.0)
    ratio = (env.distance / env.planet_radius)[:, None]
    zenith = np.arccos(np.clip(-np.sum(env.sun * env.nadir, axis=1), -1, 1))[:, None]
    across = np.einsum("nfi,ni->nf", n, np.cross(env.nadir, env.sun))
    along = facing + down * np.cos(zenith)
    dark = env.albedo * env.solar == 0
    factor = np.zeros_like(down) if dark else albedo_factor(ratio, zenith, np.arccos(down), np.arctan2(across, along))
    if any(env.zonal) and env.pole is not None:
        infrared = zonal_infrared(env.distance, env.nadir, env.pole, n, env.zonal, env.planet_radius)
    else:
        infrared = plate_view_factor(ratio, np.arccos(down))
    return env.albedo * env.solar * factor, np.asarray(env.earth_ir * infrared)


def _each(env: Environment, normals: Array) -> Array:
    """Normals (n, f, 3) at every time."""
    given = np.asarray(normals, dtype=float)
    return np.broadcast_to(given, (len(env.times), *given.shape[-2:]))


def place(env: Environment) -> Array:
    """Where the satellite is, (n, 3) [m] from the planet's centre, in GCRF; for a beta orbit in a frame of its own."""
    down = env.nadir if env.rotation is None else np.einsum("nji,nj->ni", env.rotation, env.nadir)
    return np.asarray(-env.distance[:, None] * down)


def orbit_summary(env: Environment) -> dict[str, float | list[float] | None]:
    """Figures of the revolution.

    Returns:
        period_s, inclination_deg (None for a beta orbit), beta_deg (None in a chamber), eclipse_s (penumbra entry to exit; cylinder:
        edge to edge), eclipse_fraction (of the period), edges_s, umbra_s, penumbra_s (both crossings together), shadow_equivalent_s
        (integral of 1 - illumination), solar_W_m2, albedo, earth_ir_W_m2.
    """
    step = np.diff(env.times)
    left, right = env.illumination[:-1], env.illumination[1:]
    umbra = float(np.sum(step[(left == 0) & (right == 0)]))
    eclipse = float(np.sum(step[(left < 1) | (right < 1)]))
    return {
        "period_s": env.period,
        "inclination_deg": None if isnan(env.inclination) else float(np.degrees(env.inclination)),
        "beta_deg": None if isnan(env.beta) else float(np.degrees(env.beta)),
        "eclipse_s": eclipse,
        "eclipse_fraction": eclipse / env.period,
        "edges_s": [float(t) for t in env.edges],
        "umbra_s": umbra,
        "penumbra_s": eclipse - umbra,
        "shadow_equivalent_s": float(np.sum(step * (1 - (left + right) / 2))),
        "solar_W_m2": env.solar,
        "albedo": env.albedo,
        "earth_ir_W_m2": env.earth_ir,
    }
