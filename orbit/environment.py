"""Everything the hardware sees over one orbit: sunlight, shadow, albedo and Earth infrared, in the body frame."""

from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval
from numpy.typing import NDArray

from orbit.attitude import unit
from orbit.calendar import worst_epoch
from orbit.chamber import Chamber, chamber_fields
from orbit.elements import EARTH_RADIUS, Beta
from orbit.frames import utc
from orbit.infrared import zonal_infrared, zonal_profile
from orbit.oem import Oem
from orbit.planet import PRESETS, albedo_factor, plate_view_factor
from orbit.steering import AnyAttitude, Quaternions, Spin, YawSteering, rotation_of, said_of, steps_for
from orbit.sun import solar_flux
from orbit.timeline import ShadowedTrack, timeline
from orbit.tle import Tle
from orbit.track import Orbit, Track, track

Array = NDArray[np.float64]
STEPS = 240  #: places per revolution; linear interpolation between them is good to 1e-4 of the largest flux


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSettings:
    """Sunlight, albedo, Earth infrared and shadow model."""

    kind: Literal["orbit"] = "orbit"
    preset: Literal["hot", "mean", "cold"] | None = None  #: handbook fluxes; the epoch then sets geometry only
    solar: Literal["seasonal"] | None = None  #: sunlight from the epoch's distance to the Sun, 1361 W/m2 at 1 AU
    solar_flux: Annotated[float, "W_m2", Ge(0.0)] | None = None  #: sunlight at the satellite, instead of the preset's
    albedo: Annotated[float, "-", Interval(ge=0.0, le=1.0)] | None = None  #: reflected part of sunlight, instead of the preset's
    earth_ir: Annotated[float, "W_m2", Ge(0.0)] | None = None  #: Earth infrared emitted at the planet radius, instead of the preset's
    earth_ir_by: Literal["uniform", "latitude"] = "uniform"  #: the same everywhere, or zonal with the season about that mean
    sink: Annotated[float, "K", Ge(0.0)] = 2.725  #: temperature of deep space (cosmic background)
    shadow: Literal["cone", "cylinder", "oblate"] = "cone"  #: umbra and penumbra, parallel sunlight, or cone of the ellipsoid
    planet_radius: Annotated[float, "km", Gt(0.0)] = EARTH_RADIUS  #: of orbit, shadow and view factors alike

    def __post_init__(self) -> None:
        if self.preset is not None and self.solar is not None:
            raise ValueError(
                f'environment.solar "seasonal" contradicts environment.preset "{self.preset}": keep the preset for a design case, '
                "or drop it and give albedo and earth_ir_W_m2 beside the seasonal flux"
            )
        if self.solar is not None and self.solar_flux is not None:
            raise ValueError('environment.solar_flux contradicts environment.solar "seasonal": keep one of the two')


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


@dataclass(frozen=True, slots=True, eq=False)
class Irradiance:
    """What reaches unit faces when no other part is in the way, (n, f) [W/m2] each."""

    direct: Array
    albedo: Array
    infrared: Array


def environment(orbit: Orbit | None, settings: EnvironmentSettings | Chamber, attitude: AnyAttitude | None, steps: int = STEPS) -> Environment:
    """The revolution of `orbit` at its epoch, or one cycle of a test chamber (which needs neither orbit nor attitude).

    Args:
        steps: Equal steps of time per revolution; shadow edges and penumbra come on top.

    Raises:
        ValueError: pointing undefined at some time, or settings that the orbit cannot serve.
    """
    if isinstance(settings, Chamber):
        return Environment(**chamber_fields(settings, steps))
    if orbit is None or attitude is None:
        raise ValueError('environment.kind "orbit" needs the tables [orbit] and [attitude]; a test on the ground is environment.kind = "chamber"')
    path = track(orbit, chosen_epoch(orbit, settings), settings.planet_radius)
    if isnan(path.inclination):
        _check_without_equator(settings, attitude)
    return _along(path, settings, attitude, steps)


def _check_without_equator(settings: EnvironmentSettings, attitude: AnyAttitude) -> None:
    """Refuse what a beta orbit, which has no equator and no stars, cannot say."""
    points = [attitude.point] if isinstance(attitude, Spin) else [] if isinstance(attitude, Quaternions | YawSteering) else [attitude.point, attitude.align]
    if isinstance(attitude, Quaternions) or any(point.at == "star" for point in points):
        raise ValueError("attitude: a beta orbit has no place among the stars; use a circular or sun_synchronous orbit for star or quaternion pointing")
    if settings.earth_ir_by == "latitude" or settings.shadow == "oblate":
        wanted = "environment.earth_ir_by" if settings.earth_ir_by == "latitude" else "environment.shadow"
        raise ValueError(f"{wanted}: a beta orbit has no equator; use a circular or sun_synchronous orbit for latitude and flattening")


def chosen_epoch(orbit: Orbit, settings: EnvironmentSettings) -> datetime | None:
    """The orbit's epoch as UTC, a named one found by walking the year; None if it has none."""
    if isinstance(orbit, Beta) or orbit.epoch is None:
        return None
    if isinstance(orbit, Tle | Oem):
        return utc(orbit.epoch)
    if isinstance(orbit.epoch, datetime):
        return utc(orbit.epoch)
    solar, albedo, _ = base_fluxes(settings)
    return worst_epoch(orbit, orbit.epoch, albedo, settings.planet_radius, None if settings.solar == "seasonal" else solar)


def _along(path: Track, settings: EnvironmentSettings, attitude: AnyAttitude, steps: int) -> Environment:
    """The environment on a given track."""
    solar, albedo, earth_ir, said = fluxes(settings, path)
    line = timeline(ShadowedTrack(path, settings.planet_radius, settings.shadow), steps_for(attitude, steps, path.period))
    times = line.times
    position, velocity = path.state(times % path.period)
    away = np.broadcast_to(unit(path.sun), position.shape)
    directions = {"sun": away, "nadir": -unit(position), "velocity": unit(velocity), "orbit_normal": unit(np.cross(position, velocity))}
    rotation = rotation_of(attitude, directions, times, path.period)
    sun, nadir, forward = (np.einsum("nij,nj->ni", rotation, directions[name]) for name in ("sun", "nadir", "velocity"))
    return Environment(
        period=path.period,
        times=times,
        edges=line.edges,
        sun=sun,
        nadir=nadir,
        velocity=forward,
        distance=np.linalg.norm(position, axis=-1),
        illumination=line.illumination,
        solar=solar,
        albedo=albedo,
        earth_ir=earth_ir,
        sink=settings.sink,
        planet_radius=settings.planet_radius,
        beta=path.beta,
        inclination=path.inclination,
        assumptions=(*path.assumptions, *said_of(attitude, path.period), *said, *left_out(settings)),
        rotation=rotation,
        pole=rotation @ path.pole,
        zonal=zonal_profile(path.epoch) if settings.earth_ir_by == "latitude" else (0.0, 0.0),
    )


SHADOW_WORDS = {
    "cone": "shadow is the cone of a spherical planet without atmosphere",
    "cylinder": "shadow is a cylinder: no penumbra",
    "oblate": "shadow is the cone of the Earth's ellipsoid without atmosphere; view factors use the sphere",
}


def left_out(settings: EnvironmentSettings) -> tuple[str, str]:
    """Sentences on shadow and planet."""
    if settings.earth_ir_by == "latitude":
        return SHADOW_WORDS[settings.shadow], "albedo is diffuse and the same everywhere on Earth; Earth infrared by latitude after Knocke, Ries, Tapley (1988)"
    return SHADOW_WORDS[settings.shadow], "albedo and Earth infrared are diffuse and the same everywhere on Earth"


def fluxes(settings: EnvironmentSettings, path: Track) -> tuple[float, float, float, tuple[str, ...]]:
    """Sunlight [W/m2], albedo [-], Earth infrared [W/m2] and the sentences that say where they come from."""
    name = settings.preset or "mean"
    solar, albedo, earth_ir = base_fluxes(settings)
    words = f"fluxes of the {name} preset ({PRESETS[name].source})"
    if settings.solar == "seasonal":
        if path.epoch is None:
            raise ValueError(
                'environment.solar "seasonal" needs an orbit with an epoch; a beta orbit has none: choose a preset or solar_flux_W_m2'
            )
        solar, words = float(solar_flux(np.linalg.norm(path.sun))), f"seasonal sunlight; albedo and Earth infrared of the {name} preset"
    said = [words]
    if settings.solar_flux is not None:
        said.append(f"sunlight set to {solar:g} W/m2 by the case")
        if min(abs(solar - 1322.0), abs(solar - 1414.0)) <= 2.0:
            said.append(
                f"warning: {solar:g} W/m2 belongs to a solar constant of 1367 W/m2; with the 1361 W/m2 used here the seasonal range is "
                "1316.6 to 1407.7 W/m2"
            )
    return solar, albedo, earth_ir, tuple(said)


def base_fluxes(settings: EnvironmentSettings) -> tuple[float, float, float]:
    """Sunlight [W/m2], albedo [-] and Earth infrared [W/m2] of the preset with the case's own numbers; "mean" if there is none."""
    base = PRESETS[settings.preset or "mean"]
    own = (settings.solar_flux, settings.albedo, settings.earth_ir)
    solar, albedo, earth_ir = (b if o is None else o for b, o in zip((base.solar, base.albedo, base.earth_ir), own, strict=True))
    return solar, albedo, earth_ir


def irradiance(env: Environment, normals: Array) -> Irradiance:
    """Incident fluxes on plane faces.

    Args:
        env: The revolution.
        normals: (f, 3) outward unit vectors, body frame; (n, f, 3) for faces that turn against the body.

    Returns:
        `direct`, `albedo`, `infrared`: (n, f) [W/m2], not shaded by other parts and before any absorptance.
    """
    given = np.asarray(normals, dtype=float)
    n = np.broadcast_to(given, (len(env.times), *given.shape[-2:]))
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
    return Irradiance(
        direct=env.solar * env.illumination[:, None] * np.maximum(facing, 0.0),
        albedo=env.albedo * env.solar * factor,
        infrared=env.earth_ir * infrared,
    )


def orbit_summary(env: Environment) -> dict[str, float | list[float] | None]:
    """Figures of the revolution.

    Returns:
        period_s, inclination_deg (None for a beta orbit), beta_deg (None in a chamber), eclipse_s (penumbra entry to exit; cylinder: edge to edge),
        eclipse_fraction (of the period), edges_s, umbra_s, penumbra_s (both crossings together), shadow_equivalent_s (integral of
        1 - illumination), solar_W_m2, albedo, earth_ir_W_m2.
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
