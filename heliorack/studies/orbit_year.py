"""`heliorack orbit --year`: worst cases of a face, eclipses and their seasons through a year or a mission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.model.flat_faces import Face, coated_faces
from heliorack.model.surroundings import in_words_of
from heliorack.studies.orbital_heating import ALONE, NO_ATTITUDE, flown
from orbit.calendar import calendar
from orbit.kinds.analytic import Circular
from orbit.settings import EnvironmentSettings, base_fluxes
from orbit.track import MeanOrbit, refuse_incomplete

if TYPE_CHECKING:
    from orbit.attitude.steering import AnyAttitude
    from orbit.calendar import Calendar
    from orbit.track import OrbitKind
    from orbit.worst import FaceYear

SHORTEST_WALK, LONGEST_WALK = 1.0, 36525.0  #: d; a century takes a second
FIRST_YEAR, LAST_YEAR = 1900, 2200  #: of a walk, as of dates of the case file
STRETCH = 64.0  #: d; an eccentric orbit is computed at 33 dates of each stretch of the walk, a low one turns its beta angle in about 60 d
ROUND = 0.005  #: eccentricity up to which the heat through the year is that of a circle; the height varies by half a percent of the radius


def year_figures(
    case: Case, patterns: Sequence[str] = (), start: datetime | None = None, days: float = 365.25, output: Path | None = None
) -> dict[str, Any]:
    """The walk through a year or a mission, units in the keys.

    Args:
        patterns: Which face; the largest coated one that matches is taken.
        start: UTC; if left out, the January 1 of the orbit's epoch, for two-line elements their own epoch.
        days: Length of the walk [d].
        output: Folder for calendar.csv and calendar.png.

    Returns:
        start, days, period_s, face (or None), hottest and coldest revolution of that face, longest_eclipse (or None), seasons,
        sunlit_fraction, assumptions.

    Raises:
        CaseError: an orbit that has no year, an attitude or environment that cannot be walked, a pattern that names no face.
        OSError: the folder cannot be written.
    """
    given, settings = flown(case)
    orbit = _mean_orbit(case, given)
    if not SHORTEST_WALK <= days <= LONGEST_WALK:
        raise CaseError(case.source, [Problem("--days", days, f"must lie between {SHORTEST_WALK:g} and {LONGEST_WALK:g}")])
    if patterns and case.attitude is None:
        raise CaseError(case.source, [Problem("attitude", NOTHING, NO_ATTITUDE)])
    faces = coated_faces(case, patterns) if case.attitude else []
    still = [one for one in faces if one.joint is None]
    if faces and not still:
        words = f"{faces[0].name} turns against the body; --year takes faces that are fixed to it"
        raise CaseError(case.source, [Problem("--face" if patterns else "tracking", NOTHING, words)])
    face = max(still, key=lambda one: one.area, default=None)
    begin = start or orbit.walk_start
    if not FIRST_YEAR <= begin.year <= LAST_YEAR or (begin + timedelta(days=days)).year > LAST_YEAR:
        span = f"{days:g} days from {begin:%Y-%m-%d} leave the years {FIRST_YEAR} to {LAST_YEAR}"
        raise CaseError(case.source, [Problem("--start" if start else "--days", NOTHING, span)])
    walk: FaceYear | None = None
    more: tuple[str, ...] = ()
    with in_words_of(case):
        year = calendar(orbit, begin, days, radius=settings.planet_radius)
        if face and case.attitude:
            walk, more = _face_walk(case, case.attitude, orbit, settings, face, year, days)
        remarks = [*_walk_remarks(orbit, settings, year, face), *more]
    figures = _year_rows(year, walk, face, days) | {"assumptions": remarks}
    if output:
        _write_year(output, case, settings, year, walk, face)
    return figures


def as_date(text: str) -> datetime:
    """UTC of a date or an instant of the command line.

    Raises:
        CaseError: neither.
    """
    try:
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CaseError("heliorack orbit", [Problem("--start", text, "must be a date such as 2027-01-01")]) from error


def _mean_orbit(case: Case, orbit: OrbitKind) -> MeanOrbit:
    """The orbit, if it can be carried through a year."""
    if orbit.no_year:
        raise CaseError(case.source, [Problem("orbit.kind", orbit.kind, f"{orbit.no_year} for --year")])
    refuse_incomplete(orbit, MeanOrbit, "be carried through a year")
    return cast(MeanOrbit, orbit)


def _face_walk(
    case: Case, attitude: AnyAttitude, orbit: MeanOrbit, settings: EnvironmentSettings, face: Face, year: Calendar, days: float
) -> tuple[FaceYear, tuple[str, ...]]:
    """Heat on the face through the year, and what that leaves out.

    A circular orbit is walked by its beta angle, which is smooth, without equator and stars. An eccentric one is walked by date, in
    stretches short enough to follow its beta angle.
    """
    from orbit.worst import PLACES, FaceYear, face_year

    optics = (face.normal, face.absorptance, face.emittance)
    starry, equator = attitude.starry, settings.shadow == "oblate" or settings.earth_ir_by == "latitude"
    if orbit.circular:
        if starry:
            words = "a circular orbit is walked by its beta angle, which knows no stars; for --year take orbit.kind = keplerian"
            raise CaseError(case.source, [Problem("attitude", NOTHING, words)])
        said: tuple[str, ...] = ()
        if equator:
            settings = replace(settings, shadow="cone" if settings.shadow == "oblate" else settings.shadow, earth_ir_by="uniform")
            said = ("heat on the face through the year: spherical planet, Earth infrared the same everywhere",)
        return face_year(orbit, settings, attitude, *optics, year.start, days), said
    circle = None if starry or equator else _nearly_circular(orbit, year, settings)
    if circle:
        heat = face_year(circle, settings, attitude, *optics, year.start, days).heat
        return FaceYear(year, heat), (f"heat on the face as if the orbit were a circle at {circle.altitude / 1e3:.1f} km",)
    anchored = orbit.anchored(year.start)
    pieces = [
        face_year(anchored, settings, attitude, *optics, year.start + timedelta(days=begin), min(STRETCH, days - begin)).heat
        for begin in np.arange(0.0, days - 1e-9, STRETCH).tolist()
    ]
    apart = min(STRETCH, days) / (PLACES - 1)
    return FaceYear(year, np.concatenate(pieces)), (f"heat on the face is computed every {apart:.1f} days and interpolated between",)


def _nearly_circular(orbit: MeanOrbit, year: Calendar, settings: EnvironmentSettings) -> Circular | None:
    """The circle in place of an orbit of small eccentricity."""
    now = orbit.elements_at(year.start, settings.planet_radius)
    if now.eccentricity > ROUND:
        return None
    altitude = now.semi_major_axis - settings.planet_radius
    return Circular(altitude=altitude, inclination=now.inclination, raan=now.raan % (2 * np.pi), epoch=year.start)


def _walk_remarks(orbit: MeanOrbit, settings: EnvironmentSettings, year: Calendar, face: Face | None) -> list[str]:
    """What the walk leaves out."""
    said = ["node, perigee and anomaly drift by the secular terms of J2; altitude is kept", "eclipses of the walk are those of a cylinder"]
    said += orbit.warnings_at(year.epoch(-1))
    if face is None:
        return said
    if settings.solar != "seasonal":
        said.append(
            f"heat on the face with {base_fluxes(settings)[0]:g} W/m2 of sunlight all the time; environment.solar = seasonal varies it"
        )
    return [*said, ALONE]


def _year_rows(year: Calendar, walk: FaceYear | None, face: Face | None, days: float) -> dict[str, Any]:
    """The figures of a walk."""
    longest = year.longest()
    return {
        "start": _minute(year.start),
        "days": days,
        "period_s": year.period,
        "face": None if face is None else {"name": face.name, "normal": face.normal.tolist(), "coating": face.coating},
        "hottest": _at(year, walk, walk.hottest()) if walk else None,
        "coldest": _at(year, walk, walk.coldest()) if walk else None,
        "longest_eclipse": _at(year, walk, longest) if year.eclipse[longest] > 0 else None,
        "seasons": [{"first": _day(year, first), "last": _day(year, last), "days": last - first} for first, last in year.seasons()],
        "sunlit_fraction": float(1 - np.mean(year.eclipse) / year.period),
        "beta_min_deg": float(np.degrees(year.beta.min())),
        "beta_max_deg": float(np.degrees(year.beta.max())),
    }


def _at(year: Calendar, walk: FaceYear | None, index: int) -> dict[str, Any]:
    """One revolution of the walk; the mean heat on the face where there is one."""
    heat = {"absorbed_W_m2": float(walk.heat[index])} if walk else {}
    return {
        "date": _minute(year.epoch(index)),
        "beta_deg": float(np.degrees(year.beta[index])),
        "eclipse_min": float(year.eclipse[index] / 60),
        **heat,
    }


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%MZ}"


def _day(year: Calendar, days: float) -> str:
    return f"{year.start + timedelta(days=days):%Y-%m-%d}"


def _write_year(output: Path, case: Case, settings: EnvironmentSettings, year: Calendar, walk: FaceYear | None, face: Face | None) -> None:
    """calendar.csv and calendar.png."""
    import csv

    from heliorack.visuals.orbit_plots import calendar_plot

    output.mkdir(parents=True, exist_ok=True)
    rows = year.rows()
    if walk:
        rows = [{**row, "absorbed_W_m2": float(heat)} for row, heat in zip(rows, walk.heat, strict=True)]
    with (output / "calendar.csv").open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows({key: value if isinstance(value, str) else f"{value:.6g}" for key, value in row.items()} for row in rows)
    used = None if settings.solar == "seasonal" or walk is None else base_fluxes(settings)[0]
    calendar_plot(output / "calendar.png", year, walk, face.name if face else None, used, case.title)
