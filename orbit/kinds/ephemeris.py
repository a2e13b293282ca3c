"""Tabulated states: where they are trusted, how they are interpolated, and how far the interpolation may be off."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS, J2, MU
from orbit.frames import DAY, tai_seconds, utc_at

Array = NDArray[np.float64]
WORST = 1000.0  #: m, largest error of interpolation; 0.13 s of a shadow edge in a low orbit
FLOOR = 3.0  #: m; below it states disagree by their own rounding, and not by their distance
SLACK = 1e-6  #: s


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """States that one smooth motion goes through, n of them."""

    t: Array  #: (n,) s, rising
    position: Array  #: (n, 3) m, GCRF
    velocity: Array  #: (n, 3) m/s
    line: NDArray[np.intp]  #: (n,) line of the file
    first: float  #: s, from here
    last: float  #: s, to here the states may be used

    def at(self, t: Array) -> tuple[Array, Array, NDArray[np.intp]]:
        """Position, velocity (n, 3) at times (n,), and the rows before them."""
        i = np.clip(np.searchsorted(self.t, t, side="right") - 1, 0, len(self.t) - 2)
        return *quintic(self, i, i + 1, t), i

    def expected(self) -> Array:
        """Error (n - 1,) [m] of each interval between states that are exact: r (w h)^6 / 46080 of a motion that turns at w."""
        r = np.linalg.norm(self.position, axis=1)
        turn = np.sqrt(MU / r**3) * r  # m/s of the circle there
        w, near = np.maximum((turn / r)[:-1], (turn / r)[1:]), np.minimum(r[:-1], r[1:])
        return np.asarray(near * (w * np.diff(self.t)) ** 6 / 46080.0)

    def found(self) -> Array:
        """Error (n - 1,) [m] of each interval by the states themselves: each in turn is left out and placed by its neighbours.

        The error of an interval of length h grows like h^6 and like (4 s (1 - s))^3 over it; below `FLOOR` it is rounding.
        """
        n = len(self.t)
        if n < 3:
            return self.expected()
        i = np.arange(n - 2)
        position, velocity = quintic(self, i, i + 2, self.t[1:-1])
        span = self.t[2:] - self.t[:-2]
        off = np.linalg.norm(position - self.position[1:-1], axis=1)
        off = np.maximum(off, 0.15 * span * np.linalg.norm(velocity - self.velocity[1:-1], axis=1))
        s = (self.t[1:-1] - self.t[:-2]) / span
        middle = off / np.maximum(4 * s * (1 - s), 1e-3) ** 3
        h = np.diff(self.t)
        left = np.maximum(middle * (h[:-1] / span) ** 6, np.minimum(off, FLOOR))
        right = np.maximum(middle * (h[1:] / span) ** 6, np.minimum(off, FLOOR))
        return np.maximum(np.concatenate([left, [0.0]]), np.concatenate([[0.0], right]))


@dataclass(frozen=True, eq=False)
class Ephemeris:
    """Tabulated states in GCRF, seconds of TAI since the first of them."""

    name: str  #: object name
    where: str  #: what messages begin with: place and file
    tai: tuple[float, float]  #: two-part date of t = 0 [d]
    pieces: tuple[Piece, ...]  #: in the order of time
    said: tuple[str, ...] = ()  #: what reading it left out

    @property
    def start(self) -> datetime:
        """UTC of the first moment that may be used."""
        return self.utc(self.pieces[0].first)

    @property
    def end(self) -> float:
        """Last moment that may be used [s]."""
        return self.pieces[-1].last

    @cached_property
    def errors(self) -> tuple[Array, ...]:
        """Error of each interval of each piece [m]."""
        return tuple(np.maximum(piece.found(), piece.expected()) for piece in self.pieces)

    def utc(self, t: float) -> datetime:
        """UTC of a time in the table."""
        return utc_at((self.tai[0], self.tai[1] + float(t) / DAY))

    def moment(self, t: float) -> str:
        """UTC of a time in the table, for messages."""
        return f"{self.utc(round(float(t), 3)):%Y-%m-%dT%H:%M:%S}"

    def since(self, epoch: datetime) -> float:
        """Time in the table [s] of a UTC epoch."""
        return tai_seconds(epoch, self.tai)

    def state(self, epoch: datetime, t: Array) -> tuple[Array, Array]:
        """Position and velocity (n, 3) `t` (n,) seconds after `epoch`; quintic between states, with the gravity of an
        oblate Earth as third condition: 1 m at states 3 minutes apart.

        Raises:
            ValueError: outside the table, in a gap of it, or between states that give the place to no better than `WORST`.
        """
        at = np.atleast_1d(np.asarray(t, dtype=float)) + self.since(epoch)
        which = self._pieces(at)
        position, velocity = np.empty((len(at), 3)), np.empty((len(at), 3))
        for k in np.unique(which):
            here = which == k
            position[here], velocity[here], i = self.pieces[k].at(at[here])
            self._judge(int(k), i)
        return position, velocity

    def error(self, epoch: datetime, duration: float) -> tuple[float, float]:
        """Longest step [s] between states in `duration` [s] from `epoch`, and the greatest error [m] of interpolation there."""
        begin = self.since(epoch)
        step, error = 0.0, 0.0
        for piece, errors in zip(self.pieces, self.errors, strict=True):
            inside = (piece.t[1:] > max(begin, piece.first)) & (piece.t[:-1] < min(begin + duration, piece.last))
            step = max(step, float(np.max(np.diff(piece.t)[inside], initial=0.0)))
            error = max(error, float(np.max(errors[inside], initial=0.0)))
        return step, error

    def words(self, epoch: datetime, duration: float) -> tuple[str, ...]:
        """Sentences on what is known between the states of `duration` [s] from `epoch`."""
        step, error = self.error(epoch, duration)
        return (*self.said, f"states of the ephemeris are at most {_span(step)} apart, the places between them good to {_metres(error)}")

    def _pieces(self, at: Array) -> NDArray[np.intp]:
        """The piece (n,) that each time lies in."""
        first, last = (np.array([getattr(piece, name) for piece in self.pieces]) for name in ("first", "last"))
        low, high = float(np.min(at)), float(np.max(at))
        if not (low >= first[0] - SLACK and high <= last[-1] + SLACK):
            raise ValueError(
                f"{self.where}: the ephemeris of {self.name} covers {self.moment(first[0])} to {self.moment(last[-1])} UTC, "
                f"the run needs {self.moment(low)} to {self.moment(high)}"
            )
        which = np.clip(np.searchsorted(first - SLACK, at, side="right") - 1, 0, len(self.pieces) - 1)
        outside = at > last[which] + SLACK
        if np.any(outside):
            k = int(which[int(np.argmax(outside))])
            a, b = self.pieces[k], self.pieces[k + 1]
            raise ValueError(
                f"{self.where}, lines {a.line[-1]} to {b.line[0]}: no state may be used between {self.moment(a.last)} and "
                f"{self.moment(b.first)} UTC, a gap of {_span(b.first - a.last)} inside the revolution; expected segments whose useable "
                "times meet, or an epoch whose revolution lies between gaps"
            )
        return np.asarray(which)

    def _judge(self, k: int, i: NDArray[np.intp]) -> None:
        """Refuse intervals that are too long, or whose ends do not lie on one orbit."""
        used = np.unique(i)
        errors, piece = self.errors[k], self.pieces[k]
        worst = int(used[np.argmax(errors[used])])
        if errors[worst] <= WORST:
            return
        a, b = worst, worst + 1
        lines = f"{self.where}, lines {piece.line[a]} to {piece.line[b]}"
        if piece.expected()[worst] > WORST:
            raise ValueError(
                f"{lines}: no state between {self.moment(piece.t[a])} and {self.moment(piece.t[b])} UTC, a gap of "
                f"{_span(piece.t[b] - piece.t[a])} inside the revolution; the place in between is known to {_metres(errors[worst])} only, "
                f"expected {_metres(WORST)} or better: give states closer together"
            )
        raise ValueError(
            f"{lines}: the state at {self.moment(piece.t[a])} or {self.moment(piece.t[b])} UTC is {_metres(errors[worst])} off the orbit "
            "of its neighbours; expected states of one smooth motion: mend it, or begin a new segment at a manoeuvre"
        )


def _span(seconds: float) -> str:
    return f"{seconds / 60:.4g} min" if seconds >= 120 else f"{seconds:.4g} s"


def _metres(error: float) -> str:
    return f"{error / 1e3:.3g} km" if error >= 1000 else f"{error:.2g} m"


def quintic(piece: Piece, first: NDArray[np.intp], second: NDArray[np.intp], t: Array) -> tuple[Array, Array]:
    """Hermite interpolation of fifth degree at times (n,) between rows `first` and `second` (n,)."""
    h = (piece.t[second] - piece.t[first])[:, None]
    s = (t - piece.t[first])[:, None] / h
    (p0, p1), (v0, v1) = ((x[first], x[second]) for x in (piece.position, piece.velocity))
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


def revolution(table: Ephemeris, epoch: datetime) -> float:
    """Time [s] the satellite takes to come round, counted in its plane at `epoch`.

    Raises:
        ValueError: if the table ends before, or has a gap.
    """
    r0, v0 = (x[0] for x in table.state(epoch, np.zeros(1)))
    guess = 2 * np.pi * np.sqrt((1 / (2 / np.linalg.norm(r0) - v0 @ v0 / MU)) ** 3 / MU)
    t = np.linspace(0.0, 1.02 * guess, 2000)
    last = table.end - table.since(epoch)
    t = t[t <= last] if last > 0 else t
    normal = np.cross(r0, v0)
    first = r0 / np.linalg.norm(r0)
    second = np.cross(normal / np.linalg.norm(normal), first)
    r = table.state(epoch, t)[0]
    angle = np.unwrap(np.arctan2(r @ second, r @ first))
    if angle[-1] < 2 * np.pi:
        table.state(epoch, np.array([0.0, max(float(guess), last + 1.0)]))
    return float(np.interp(2 * np.pi, angle, t))
