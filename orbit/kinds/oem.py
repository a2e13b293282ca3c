"""CCSDS orbit ephemeris messages (OEM): the case table, and a file read into states in GCRF."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from re import compile as pattern
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS, MU, check_altitude
from orbit.frames import (
    DAY,
    earth_fixed_to_gcrf,
    future_dates,
    of_date_to_gcrf_at,
    teme_to_gcrf,
    true_of_date_to_gcrf,
    utc_at,
)
from orbit.kinds.ephemeris import Ephemeris, Piece, revolution
from orbit.kinds.oem_message import Segment, segments
from orbit.text_file import read_text
from orbit.track import Track, closed_track

Array = NDArray[np.float64]
Days = tuple[Array, Array]  #: two-part dates
INERTIAL = ("EME2000", "J2000", "GCRF", "ICRF")  #: EME2000 is taken as GCRF, 0.02 arc seconds apart
OF_DATE = {"TEME": teme_to_gcrf, "TOD": true_of_date_to_gcrf, "MOD": of_date_to_gcrf_at}
FIXED = pattern(r"ITRF(?:-?\d{2,4})?")
FRAMES = (*INERTIAL, *OF_DATE, "ITRF")
SCALES = ("UTC", "TAI", "TT", "GPS", "TDB")
EARTH_TURN = 7.292115e-5  #: rad/s, WGS 84
STAMP = pattern(r"(\d{4})-(?:(\d{2})-(\d{2})|(\d{3}))T(\d{2}):(\d{2}):(\d{2}(?:\.\d*)?)Z?")
YEARS = (1960, 2200)  #: UTC begins, and nobody flies later


@dataclass(frozen=True, slots=True, kw_only=True)
class Oem:
    """Orbit by a CCSDS ephemeris file; t = 0 is the epoch."""

    files: ClassVar[tuple[str, ...]] = ("file",)  #: fields that name files
    no_year: ClassVar[str] = "an ephemeris covers its own days only; take keplerian or tle"
    kind: Literal["oem"] = "oem"
    file: str  #: path of the ephemeris, in keyword or XML form (CCSDS 502.0-B)
    epoch: datetime | None = None  #: UTC; the start of the ephemeris if left out

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """One revolution from `epoch`, or from the start of the ephemeris, taken as closed."""
        table = read_oem(self.file)
        said: tuple[str, ...] = () if epoch is not None else ("no epoch given: the start of the ephemeris",)
        when = epoch or table.start
        period = revolution(table, when)
        return closed_track(partial(table.state, when), period, when, (*said, *table.words(when, period)))

    def motion(self, start: datetime, radius: float) -> Callable[[Array], Array]:
        """Position (n, 3) [m] in GCRF at times (n,) [s] since `start`, between the states of the file."""
        table = read_oem(self.file)
        return lambda t: table.state(start, t)[0]


def read_oem(path: str | Path) -> Ephemeris:
    """Every segment of a file about the Earth, in one table; a file that has not changed is read once.

    Raises:
        ValueError: no OEM, an unsupported frame, centre or time scale, times that do not rise, or states that are no orbit; names
            file, line, value and what was expected.
        OSError: the file cannot be opened.
    """
    about = Path(path).stat()
    return _read(str(path), about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=8)
def _read(path: str, changed: int, size: int) -> Ephemeris:
    where = f"orbit.file {path}"
    found = [segment for segment in segments(read_text(path, "orbit.file"), where) if segment.states]
    for segment in found:
        _check_meta(segment, where)
    name = found[0].value("OBJECT_NAME") or "object"
    for segment in found[1:]:
        if (segment.value("OBJECT_NAME") or "object") != name:
            value, line = segment.meta["OBJECT_NAME"]
            raise ValueError(f"{where}, line {line}: OBJECT_NAME changes from {name} to {value}; expected the segments of one object")
    dates = [_dates(segment, where) for segment in found]
    zero = (float(dates[0][0][0]), float(dates[0][1][0]))
    pieces = [_piece(segment, ((d - zero[0]) + (f - zero[1])) * DAY, zero, where) for segment, (d, f) in zip(found, dates, strict=True)]
    for a, b in pairwise(pieces):
        if b.first < a.last - 1e-6:
            raise ValueError(
                f"{where}, line {b.line[0]}: times must rise; this segment begins {a.last - b.first:.6g} s before the one before it ends "
                "(expected segments in the order of time, or USEABLE_START_TIME and USEABLE_STOP_TIME that do not overlap)"
            )
    said = [_frame_words(segment.value("REF_FRAME").upper()) for segment in found]
    return Ephemeris(name, where, zero, tuple(pieces), tuple(dict.fromkeys(sentence for sentence in said if sentence)))


def _dates(segment: Segment, where: str) -> Days:
    return _tai([s.stamp for s in segment.states], [s.line for s in segment.states], segment.value("TIME_SYSTEM"), where)


def _check_meta(segment: Segment, where: str) -> None:
    """Refuse what this reader does not understand."""
    for key, known in (("REF_FRAME", FRAMES), ("TIME_SYSTEM", SCALES), ("CENTER_NAME", ("EARTH",))):
        value, line = segment.meta.get(key, ("missing", segment.line))
        if value.upper() not in known and not (key == "REF_FRAME" and FIXED.fullmatch(value.upper())):
            raise ValueError(f"{where}, line {line}: {key} = {value[:40]} is not supported; use {', '.join(known)}")


def _piece(segment: Segment, t: Array, zero: tuple[float, float], where: str) -> Piece:
    """States of a segment in GCRF, and when they may be used."""
    states = segment.states
    lines = np.array([s.line for s in states])
    if len(states) < 2:
        raise ValueError(f"{where}, line {states[0].line}: a segment of one state; expected two or more to interpolate between")
    if np.any(np.diff(t) <= 0):
        k = int(np.argmax(np.diff(t) <= 0)) + 1
        said = "stands twice" if t[k] == t[k - 1] else f"comes after {states[k - 1].stamp}"
        raise ValueError(f"{where}, line {states[k].line}: times must rise; {states[k].stamp} {said}")
    raw = 1e3 * np.array([s.numbers for s in states])
    position, velocity = _to_gcrf(segment, raw[:, :3], raw[:, 3:], t, zero, where)
    _check_states(position, velocity, lines, where)
    limits = [float(t[0]), float(t[-1])]
    for end, key in enumerate(("USEABLE_START_TIME", "USEABLE_STOP_TIME")):
        if segment.value(key):
            stamp, line = segment.meta[key]
            d, f = _tai([stamp], [line], segment.value("TIME_SYSTEM"), where)
            limits[end] = float(((d - zero[0]) + (f - zero[1]))[0] * DAY)
    first, last = max(limits[0], float(t[0])), min(limits[1], float(t[-1]))
    if not first < last:
        raise ValueError(
            f"{where}, line {segment.line}: the useable times of this segment hold none of its states; expected a start before the stop"
        )
    return Piece(t, position, velocity, lines, first, last)


def _check_states(position: Array, velocity: Array, lines: NDArray[np.intp], where: str) -> None:
    """Refuse places inside the planet, and speeds that no orbit about it has (metres, or columns that are something else)."""
    r, v = np.linalg.norm(position, axis=1), np.linalg.norm(velocity, axis=1)
    energy = v**2 * r / (2 * MU)
    bad = np.flatnonzero(~(energy < 1.0))
    if len(bad):
        k = int(bad[0])
        raise ValueError(
            f"{where}, line {lines[k]}: {v[k] / 1e3:.6g} km/s at {r[k] / 1e3:.6g} km from the Earth's centre is no orbit about the Earth; "
            "expected a position in km and a velocity in km/s"
        )
    k = int(np.argmin(r))
    check_altitude(float(r[k]) - EARTH_RADIUS, f"{where}, line {lines[k]}: the lowest state at")


def _to_gcrf(segment: Segment, position: Array, velocity: Array, t: Array, zero: tuple[float, float], where: str) -> tuple[Array, Array]:
    """Positions and velocities (n, 3) turned from the frame of a segment."""
    frame = segment.value("REF_FRAME").upper()
    if frame in INERTIAL:
        return position, velocity
    start, at = utc_at(zero), t
    if frame in OF_DATE:
        if segment.value("REF_FRAME_EPOCH"):  # the axes of one moment, instead of those of each state
            stamp, line = segment.meta["REF_FRAME_EPOCH"]
            d, f = _tai([stamp], [line], segment.value("TIME_SYSTEM"), where)
            at = np.full(len(t), float(((d - zero[0]) + (f - zero[1]))[0] * DAY))
        turn = OF_DATE[frame](start, at)
    else:
        turn = earth_fixed_to_gcrf(start, at)
        velocity = velocity + np.cross([0.0, 0.0, EARTH_TURN], position)
    turned = [np.einsum("nij,nj->ni", turn, x) for x in (position, velocity)]
    return turned[0], turned[1]


def _frame_words(frame: str) -> str:
    if FIXED.fullmatch(frame):
        return f"{frame} states are turned with UT1 taken as UTC and a fixed pole: up to 0.5 km along the equator"
    return ""


def _tai(stamps: list[str], lines: list[int], scale: str, where: str) -> Days:
    """Dates (n,) in International Atomic Time of time stamps in `scale`, through erfa's table of leap seconds."""
    import erfa

    scale = scale.upper()
    fields = [_stamp(stamp, f"{where}, line {line}", scale) for stamp, line in zip(stamps, lines, strict=True)]
    year, month, day, hour, minute = (np.array([f[i] for f in fields], dtype=int) for i in range(5))
    second = np.array([f[5] for f in fields])
    with future_dates():
        date_parts = erfa.dtf2d("UTC" if scale == "UTC" else "TAI", year, month, day, hour, minute, second)
        d, f = (np.asarray(x, dtype=float) for x in date_parts)
        if scale == "UTC":
            d, f = erfa.utctai(d, f)
        elif scale == "TT":
            d, f = erfa.tttai(d, f)
        elif scale == "TDB":
            d, f = erfa.tttai(*erfa.tdbtt(d, f, erfa.dtdb(d, f, 0.0, 0.0, 0.0, 0.0)))
        elif scale == "GPS":
            f = f + 19.0 / DAY  # TAI is 19 s ahead of GPS time, always
    return np.asarray(d), np.asarray(f)


def _stamp(text: str, where: str, scale: str) -> tuple[int, int, int, int, int, float]:
    """Fields of a calendar or day-of-year time stamp of CCSDS ASCII code A or B."""
    expected = f"{where}: {text[:40]!r} is not a CCSDS time; expected YYYY-MM-DDThh:mm:ss.sss or YYYY-DDDThh:mm:ss.sss"
    match = STAMP.fullmatch(text)
    if not match:
        raise ValueError(expected)
    year, month, day, ordinal, hour, minute, second = match.groups()
    if not YEARS[0] <= int(year) <= YEARS[1]:
        raise ValueError(f"{expected}, of a year from {YEARS[0]} to {YEARS[1]}")
    try:
        when = date(int(year), int(month), int(day)) if month else date(int(year), 1, 1) + timedelta(days=int(ordinal) - 1)
    except ValueError:
        raise ValueError(f"{expected}, of a day that the calendar has") from None
    leap = scale == "UTC" and (hour, minute) == ("23", "59")
    if when.year != int(year) or int(hour) > 23 or int(minute) > 59 or float(second) >= (61 if leap else 60):
        raise ValueError(f"{expected}, of a moment that the day has")
    return when.year, when.month, when.day, int(hour), int(minute), float(second)
