"""CCSDS orbit ephemeris messages (OEM, keyword = value form): reader and interpolation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS, J2, MU, check_altitude
from orbit.frames import teme_to_gcrf, utc, utc_from

Array = NDArray[np.float64]
FRAMES = ("EME2000", "J2000", "GCRF", "ICRF", "TEME")  #: EME2000 is taken as GCRF, 0.02 arc seconds apart
SCALES = ("UTC", "TAI", "TT", "GPS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Oem:
    """Orbit by a CCSDS ephemeris file; t = 0 is the epoch."""

    files: ClassVar[tuple[str, ...]] = ("file",)  #: fields that name files
    kind: Literal["oem"] = "oem"
    file: str  #: path of the ephemeris, KVN form (CCSDS 502.0-B)
    epoch: datetime | None = None  #: UTC; the start of the ephemeris if left out


@dataclass(frozen=True, slots=True, eq=False)
class Ephemeris:
    """Tabulated states in GCRF."""

    name: str  #: object name
    start: datetime  #: UTC of t = 0
    t: Array  #: (n,) s, rising
    position: Array  #: (n, 3) m
    velocity: Array  #: (n, 3) m/s

    def state(self, epoch: datetime, t: Array) -> tuple[Array, Array]:
        """Position and velocity (n, 3) `t` seconds after `epoch`; quintic between states, with the gravity of an
        oblate Earth as third condition: 1 m at states 3 minutes apart.

        Raises:
            ValueError: outside the table.
        """
        at = np.atleast_1d(np.asarray(t, dtype=float)) + (utc(epoch) - self.start).total_seconds()
        if np.min(at) < self.t[0] - 1e-6 or np.max(at) > self.t[-1] + 1e-6:
            raise ValueError(
                f"orbit.file: the ephemeris of {self.name} covers {self.moment(self.t[0])} to {self.moment(self.t[-1])} UTC, "
                f"the run needs {self.moment(float(np.min(at)))} to {self.moment(float(np.max(at)))}"
            )
        i = np.clip(np.searchsorted(self.t, at, side="right") - 1, 0, len(self.t) - 2)
        return _quintic(self, i, at)

    def moment(self, t: float) -> str:
        """UTC of a time in the table, for messages."""
        return f"{self.start + timedelta(seconds=float(t)):%Y-%m-%dT%H:%M:%S}"


def _quintic(table: Ephemeris, i: NDArray[np.intp], at: Array) -> tuple[Array, Array]:
    """Hermite interpolation of fifth degree between rows `i` and `i + 1`."""
    h = (table.t[i + 1] - table.t[i])[:, None]
    s = (at - table.t[i])[:, None] / h
    (p0, p1), (v0, v1) = ((x[i], x[i + 1]) for x in (table.position, table.velocity))
    a0, a1 = gravity(p0), gravity(p1)
    v0, v1, a0, a1 = v0 * h, v1 * h, a0 * h**2, a1 * h**2
    d, e, f = p1 - p0 - v0 - a0 / 2, v1 - v0 - a0, a1 - a0
    c3, c4, c5 = 10 * d - 4 * e + f / 2, -15 * d + 7 * e - f, 6 * d - 3 * e + f / 2
    position = p0 + s * (v0 + s * (a0 / 2 + s * (c3 + s * (c4 + s * c5))))
    velocity = (v0 + s * (a0 + s * (3 * c3 + s * (4 * c4 + s * 5 * c5)))) / h
    return position, velocity


def gravity(position: Array) -> Array:
    """Acceleration (n, 3) [m/s2] at `position` (n, 3) [m] in GCRF: point mass and J2, the pole taken along the third axis."""
    r = np.linalg.norm(position, axis=1, keepdims=True)
    z = position[:, 2:] / r
    bulge = 1.5 * J2 * (EARTH_RADIUS / r) ** 2
    return np.asarray(-MU * position / r**3 * (1 + bulge * (np.array([1.0, 1.0, 3.0]) - 5 * z**2)))


def read_oem(path: str | Path) -> Ephemeris:
    """Read every segment of a file about the Earth into one table.

    Raises:
        ValueError: not an OEM, an unsupported frame, centre or time scale, or times that do not rise.
    """
    meta: dict[str, str] = {}
    stamps: list[str] = []
    rows: list[list[float]] = []
    section, seen = "header", False
    for number, raw in enumerate(Path(path).read_text().splitlines(), start=1):
        line, where = raw.strip(), f"orbit.file {path}, line {number}"
        if line in ("META_START", "COVARIANCE_START"):
            section = "meta" if line == "META_START" else "covariance"
        elif line in ("META_STOP", "COVARIANCE_STOP"):
            section = "data"
            if line == "META_STOP":
                _check_meta(str(path), meta)
        elif "=" in line and not line.startswith("COMMENT"):
            key, value = (part.strip() for part in line.split("=", 1))
            seen = seen or key == "CCSDS_OEM_VERS"
            if section == "meta":
                if rows and key in ("REF_FRAME", "TIME_SYSTEM", "CENTER_NAME", "OBJECT_NAME") and meta.get(key) != value:
                    raise ValueError(f"{where}: {key} changes from {meta.get(key)} to {value}; give one segment per file")
                meta[key] = value
        elif section == "data" and line and not line.startswith("COMMENT"):
            fields = line.split()
            if len(fields) not in (7, 10):
                raise ValueError(f"{where}: an ephemeris line has an epoch and 6 or 9 numbers, this one has {len(fields)} fields")
            stamps.append(fields[0])
            rows.append([float(x) for x in fields[1:7]])
    if not seen or len(rows) < 2:
        raise ValueError(f"orbit.file {path}: no CCSDS ephemeris in KVN form found (CCSDS_OEM_VERS and at least two states)")
    return _table(str(path), meta, stamps, 1e3 * np.array(rows))


def _check_meta(path: str, meta: dict[str, str]) -> None:
    """Refuse what this reader does not understand."""
    for key, known in (("REF_FRAME", FRAMES), ("TIME_SYSTEM", SCALES), ("CENTER_NAME", ("EARTH",))):
        if meta.get(key, "").upper() not in known:
            raise ValueError(f"orbit.file {path}: {key} = {meta.get(key, 'missing')} is not supported; use {', '.join(known)}")


def _table(path: str, meta: dict[str, str], stamps: list[str], rows: Array) -> Ephemeris:
    """States in GCRF over seconds of UTC."""
    moments = [utc_from(_stamp(path, s), meta["TIME_SYSTEM"].upper()) for s in stamps]
    t = np.array([(m - moments[0]).total_seconds() for m in moments])
    keep = np.concatenate([[True], np.diff(t) > 0])  # segments may repeat their common state
    if np.any(np.diff(t) < 0):
        raise ValueError(f"orbit.file {path}: times must rise; {stamps[int(np.argmax(np.diff(t) < 0)) + 1]} comes after a later one")
    position, velocity = rows[keep, :3], rows[keep, 3:]
    if meta["REF_FRAME"].upper() == "TEME":
        turn = teme_to_gcrf(moments[0], t[keep])
        position, velocity = (np.einsum("nij,nj->ni", turn, x) for x in (position, velocity))
    check_altitude(float(np.min(np.linalg.norm(position, axis=1))) - EARTH_RADIUS, "orbit.file: the lowest state at")
    return Ephemeris(meta.get("OBJECT_NAME", "object"), moments[0], t[keep], position, velocity)


def _stamp(path: str, text: str) -> datetime:
    """Calendar or day-of-year time stamp of CCSDS ASCII code A or B."""
    body = text.rstrip("Z")
    date, _, clock = body.partition("T")
    whole, _, part = clock.partition(".")
    try:
        day = datetime.strptime(f"{date}T{whole}", "%Y-%jT%H:%M:%S" if date.count("-") == 1 else "%Y-%m-%dT%H:%M:%S")
    except ValueError as error:
        raise ValueError(f"orbit.file {path}: {text!r} is not a CCSDS time (2027-06-21T00:00:00.000)") from error
    return day.replace(tzinfo=UTC) + timedelta(seconds=float(f"0.{part or 0}"))


def revolution(table: Ephemeris, epoch: datetime) -> float:
    """Time [s] the satellite takes to come round, counted in its plane at `epoch`.

    Raises:
        ValueError: if the table ends before.
    """
    r0, v0 = (x[0] for x in table.state(epoch, np.zeros(1)))
    guess = 2 * np.pi * np.sqrt((1 / (2 / np.linalg.norm(r0) - v0 @ v0 / MU)) ** 3 / MU)
    t = np.linspace(0.0, 1.02 * guess, 2000)
    last = table.t[-1] - (utc(epoch) - table.start).total_seconds()
    t = t[t <= last] if last > 0 else t
    normal = np.cross(r0, v0)
    first = r0 / np.linalg.norm(r0)
    second = np.cross(normal / np.linalg.norm(normal), first)
    r = table.state(epoch, t)[0]
    angle = np.unwrap(np.arctan2(r @ second, r @ first))
    if angle[-1] < 2 * np.pi:
        table.state(epoch, np.array([0.0, max(float(guess), last + 1.0)]))
    return float(np.interp(2 * np.pi, angle, t))
