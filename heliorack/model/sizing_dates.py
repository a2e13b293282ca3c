"""Dates at which a load case sizes array and battery: the longest eclipse, the least light on the cells, the farthest Sun of its years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import matching
from heliorack.model.flat_faces import Face, normals_of, plain_faces
from heliorack.model.worst_epoch import dated_orbit
from orbit.calendar import Calendar, calendar
from orbit.environment import environment
from orbit.settings import EnvironmentSettings, base_fluxes, chosen_epoch
from orbit.track import MeanOrbit
from orbit.worst import Faces, faces_year
from power.system.result import SizedAt

if TYPE_CHECKING:
    from heliorack.case.case import Case
    from orbit.environment import Environment
    from orbit.kinds import Orbit

Floats = NDArray[np.float64]

ROUND_STEP, OVAL_STEP = 0.25, 1.0  #: d between instants of the walk, of circular orbits and of others, whose eclipses are sampled
ALIKE = 1e-4  #: relative; eclipses and sunlight that differ by less ask for the same sizes
NEXT = 40  #: entries of the walk before and after a date at which another is looked for
STEPS = 120  #: around the orbit, of a look at its attitude
APART = 1e-3  #: relative; what an array at its own worst date must be larger than in the longest eclipse to be solved there too


@dataclass(frozen=True, slots=True, eq=False)
class SizingDate:
    """A load case at a date at which it sizes array and battery."""

    case: Case
    at: SizedAt
    own: bool  #: whether its own date asks for the same
    area: float  #: what a constant load asks of the array, over that at its own date [-]
    light: float  #: sunlight on the cells outside the shadow, over that at its own date [-]
    longer: float  #: eclipse, less that at its own date [s]


def sizing_dates(case: Case) -> tuple[SizingDate, ...]:
    """The load case at the worst dates of its years for the bus; none where it sizes at its own date (see `why_own`).

    The longest eclipse is the worst for the battery, and for an array that follows the Sun. Cells on faces that do not follow it are
    also sized where the load asks for most of them. Sunlight is that of aphelion, where it is a preset; by the season it is that of the
    date, and a number of the case stays.
    """
    if why_own(case):
        return ()
    assert case.power is not None
    settings = cast(EnvironmentSettings, case.environment)
    orbit = cast(MeanOrbit, dated_orbit(case).orbit)
    start = chosen_epoch(orbit, settings) or orbit.walk_start
    step = ROUND_STEP if orbit.circular else OVAL_STEP
    walk = calendar(orbit, start, max(365.25 * case.power.years, 2.0 * step), step, settings.planet_radius)
    sized = _sized(case, orbit, settings, walk)
    dark, array = _first(walk.eclipse), _first(sized.need)
    kept = [dark] if sized.need[array] <= sized.need[dark] * (1.0 + APART) else [dark, array]
    found = (_flown(_at(case, orbit, settings, walk, sized, i) for i in _around(i, len(walk.days))) for i in kept)
    return tuple(one for one in found if one is not None)


def _around(i: int, count: int) -> Iterator[int]:
    """An entry of a walk and those next to it, by turns before and after."""
    for step in range(NEXT + 1):
        yield from (k for k in dict.fromkeys((i - step, i + step)) if 0 <= k < count)


def _flown(dates: Iterable[SizingDate]) -> SizingDate | None:
    """The first date at which the attitude is defined all around the orbit; a body that turns freely there is flown at the next."""
    for one in dates:
        try:
            environment(one.case.orbit, one.case.environment, one.case.attitude, steps=STEPS)
        except ValueError:
            continue
        return one
    return None


def why_own(case: Case) -> str:
    """Why a load case sizes at its own date, in words; empty where it is carried to the worst dates of its years."""
    power, orbit = case.power, case.orbit
    if power is None:
        return "nothing is sized"
    if case.network is not None and not case.parts:
        return "nodes and loops without parts are not carried to other dates"
    if power.sized_at == "own_date":
        return 'power.sized_at = "own_date"'
    if case.run.kind != "periodic":
        return f"a {case.run.kind} run is of one date"
    if orbit is None or case.attitude is None or not isinstance(case.environment, EnvironmentSettings):
        return "there is no orbit"
    if case.environment.solar != "seasonal" and base_fluxes(case.environment)[0] <= 0.0:
        return "there is no sunlight"
    if orbit.no_year or not hasattr(orbit, "walk_start"):
        return f"an orbit of kind {orbit.kind} has no calendar"
    return ""


def _sunlight(settings: EnvironmentSettings, walk: Calendar) -> Floats:
    """Sunlight over the walk (n,) [W/m2]: by the season, by the case's own number, or that of the farthest Sun in place of a preset."""
    if settings.solar == "seasonal":
        return walk.solar
    flux = base_fluxes(settings)[0]
    lowest = flux if settings.solar_flux is not None else min(flux, float(walk.solar.min()))
    return np.full_like(walk.solar, flux if lowest > flux * (1.0 - ALIKE) else lowest)


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """What sizes the array over a walk (n,)."""

    flux: Floats  #: sunlight [W/m2]
    light: Floats  #: of it on the cells outside the shadow [W/m2]
    need: Floats  #: area that a constant load asks for, in proportion


def _sized(case: Case, orbit: MeanOrbit, settings: EnvironmentSettings, walk: Calendar) -> Sized:
    """What a constant load draws by day and by night over the light of the cells.

    Source:
        Wertz and Larson, Space Mission Analysis and Design, equation 11-5.
    """
    assert case.power is not None
    flux, paths, dark = _sunlight(settings, walk), case.power.paths, walk.eclipse / walk.period
    mean = _on_faces(case, orbit, settings, walk)
    light = flux if mean is None else flux * np.maximum(mean / (1.0 - dark), 1e-9)
    asked = dark / paths.through_battery + (1.0 - dark) / paths.array_to_load
    return Sized(flux, light, np.asarray(asked / (light * (1.0 - dark))))


def _on_faces(case: Case, orbit: MeanOrbit, settings: EnvironmentSettings, walk: Calendar) -> Floats | None:
    """Mean over the orbit of sunlight on the cells, nothing in the way (n,) [-]; None where all of it falls on them.

    That is taken of a free wing, which faces the Sun, and where flat faces do not tell: of meshed parts from files, and of orbits or
    attitudes that no beta angle tells all of, or that are not defined at some.
    """
    assert case.power is not None
    patterns = case.power.array_faces
    if patterns is None or case.attitude is None or case.attitude.starry or not orbit.circular:
        return None
    faces = _cells(case, (patterns,) if isinstance(patterns, str) else patterns)
    if not faces:
        return None
    areas = np.array([face.area for face in faces])
    plain = replace(settings, preset=None, solar=None, solar_flux=1.0, albedo=0.0, earth_ir=0.0, earth_ir_by="uniform", shadow="cone")
    lit = Faces(lambda env: _normals(env, faces), areas / areas.sum(), np.zeros(len(faces)))
    try:
        year = faces_year(orbit, plain, case.attitude, lit, walk.start, float(walk.days[-1]) + ROUND_STEP)
    except ValueError:  # at some beta angle the body could turn freely
        return None
    return np.interp(walk.days, year.calendar.days, year.heat)


def _cells(case: Case, patterns: Sequence[str]) -> list[Face]:
    """Flat faces that carry cells."""
    faces = plain_faces(case)
    names = tuple(dict.fromkeys(face.name for face in faces))
    carrying = {name for pattern in patterns for name in matching(pattern, names)}
    return [face for face in faces if face.name in carrying]


def _normals(env: Environment, faces: list[Face]) -> Floats:
    """Normals of the faces, over time where any turns."""
    return normals_of(env, faces) if any(face.joint for face in faces) else np.stack([face.normal for face in faces])


def _first(values: Floats) -> int:
    """The earliest entry as large as the largest; seasons come again."""
    return int(np.argmax(values >= values.max() * (1.0 - 1e-5)))


def _at(case: Case, orbit: MeanOrbit, settings: EnvironmentSettings, walk: Calendar, sized: Sized, i: int) -> SizingDate:
    """The load case at an entry of the walk."""
    when, seasonal = walk.epoch(i), settings.solar == "seasonal"
    flux, now = float(sized.flux[i]), float(walk.solar[0]) if seasonal else base_fluxes(settings)[0]
    more = now / float(sized.flux[0])  # sunlight at its own date, over that which its need was found for
    at = SizedAt(f"{when:%Y-%m-%d}", float(walk.beta[i]), float(walk.eclipse[i]), flux)
    changed = settings if seasonal or flux == now else replace(settings, solar_flux=flux)
    own = bool(np.allclose([flux, walk.eclipse[i]], [now, walk.eclipse[0]], rtol=ALIKE) and abs(walk.beta[i] - walk.beta[0]) < ALIKE)
    there = replace(case, orbit=cast("Orbit", orbit.at_date(when, settings.planet_radius)), environment=changed)
    return SizingDate(
        case=case if own else there,
        at=at,
        own=own,
        area=float(sized.need[i] / sized.need[0] * more),
        light=float(sized.light[i] / (sized.light[0] * more)),
        longer=float(walk.eclipse[i] - walk.eclipse[0]),
    )
