"""The environment table of a case: which sunlight, albedo, Earth infrared and shadow, and what that leaves out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, cast

import numpy as np
from annotated_types import Ge, Gt, Interval

from orbit.calendar import worst_epoch
from orbit.elements import EARTH_RADIUS, MU
from orbit.frames import utc
from orbit.planet import PRESETS
from orbit.sun import solar_flux
from orbit.track import MeanOrbit, OrbitKind, Track, refuse_incomplete


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
    gravitational_parameter: Annotated[float, "km3_s2", Gt(0.0)] = MU  #: of the planet; another than the Earth's needs a beta orbit

    def __post_init__(self) -> None:
        if self.preset is not None and self.solar is not None:
            raise ValueError(
                f'environment.solar "seasonal" contradicts environment.preset "{self.preset}": keep the preset for a design case, '
                "or drop it and give albedo and earth_ir_W_m2 beside the seasonal flux"
            )
        if self.solar is not None and self.solar_flux is not None:
            raise ValueError('environment.solar_flux contradicts environment.solar "seasonal": keep one of the two')


def chosen_epoch(orbit: OrbitKind, settings: EnvironmentSettings) -> datetime | None:
    """The orbit's epoch as UTC, a named one found by walking the year; None if it has none."""
    if not isinstance(orbit.epoch, str):
        return None if orbit.epoch is None else utc(orbit.epoch)
    refuse_incomplete(orbit, MeanOrbit, f"look for its {orbit.epoch} epoch")
    solar, albedo, _ = base_fluxes(settings)
    return worst_epoch(cast(MeanOrbit, orbit), orbit.epoch, albedo, settings.planet_radius, None if settings.solar == "seasonal" else solar)


SHADOW_WORDS = {
    "cone": "shadow is the cone of a spherical planet without atmosphere",
    "cylinder": "shadow is a cylinder: no penumbra",
    "oblate": "shadow is the cone of the Earth's ellipsoid without atmosphere; view factors use the sphere",
}
ZONAL_WORDS = "albedo is diffuse and the same everywhere on Earth; Earth infrared by latitude after Knocke, Ries, Tapley (1988)"


def left_out(settings: EnvironmentSettings) -> tuple[str, ...]:
    """Sentences on shadow and planet."""
    if settings.gravitational_parameter != MU:
        return (
            SHADOW_WORDS[settings.shadow],
            f"a planet of {settings.planet_radius / 1e3:g} km and {settings.gravitational_parameter / 1e9:g} km3/s2: two-body circle, "
            "albedo and infrared as given by the case, diffuse and the same everywhere",
        )
    if settings.earth_ir_by == "latitude":
        return SHADOW_WORDS[settings.shadow], ZONAL_WORDS
    return SHADOW_WORDS[settings.shadow], "albedo and Earth infrared are diffuse and the same everywhere on Earth"


def fluxes(settings: EnvironmentSettings, path: Track) -> tuple[float, float, float, tuple[str, ...]]:
    """Sunlight [W/m2], albedo [-], Earth infrared [W/m2] and the sentences that say where they come from.

    Raises:
        ValueError: seasonal sunlight of an orbit without an epoch.
    """
    name = settings.preset or "mean"
    solar, albedo, earth_ir = base_fluxes(settings)
    words = f"fluxes of the {name} preset ({PRESETS[name].source})"
    if settings.solar == "seasonal":
        if path.epoch is None:
            raise ValueError(
                'environment.solar "seasonal" needs an orbit with an epoch; a beta orbit has none: choose a preset or solar_flux_W_m2'
            )
        solar, words = float(solar_flux(np.linalg.norm(path.sun))), f"seasonal sunlight; albedo and Earth infrared of the {name} preset"
    own = []
    own += [] if settings.albedo is None else [f"albedo set to {albedo:g} by the case"]
    own += [] if settings.earth_ir is None else [f"Earth infrared set to {earth_ir:g} W/m2 by the case"]
    of_preset = len(own) < 2 or (settings.solar_flux is None and settings.solar is None)
    said = [words, *own] if of_preset else [*(["seasonal sunlight"] if settings.solar else []), *own]
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
