"""Two-line elements: the case table and SGP4 positions, turned from TEME to GCRF."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from orbit.elements import check_altitude
from orbit.frames import DAY, teme_to_gcrf, utc, utc_days
from orbit.kepler import MeanElements
from orbit.kinds.element_lines import LINE1, LINE2, check_line, published
from orbit.track import Track, closed_track

Array = NDArray[np.float64]
STALE = 14.0  #: d, age beyond which the elements are called old
GROWTH = (1.0, 3.0)  #: km/d along track; Vallado, Crawford, Hujsak, Kelso, Revisiting Spacetrack Report 3, AIAA 2006-6753


@dataclass(frozen=True, slots=True, kw_only=True)
class Tle:
    """Orbit by a two-line element set; t = 0 is the epoch."""

    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files
    no_year: ClassVar[str] = ""
    circular: ClassVar[bool] = False
    kind: Literal["tle"] = "tle"
    line1: str = ""  #: first line, 69 characters
    line2: str = ""  #: second line, 69 characters
    lines: str | None = None  #: both as published, a name above them or not, instead of line1 and line2
    epoch: datetime | None = None  #: UTC; the epoch of the elements if left out

    def __post_init__(self) -> None:
        if self.lines is not None:
            found = published(self.lines)
            if (self.line1 or self.line2) and (self.line1, self.line2) != found:
                raise ValueError("orbit.lines holds the element set; leave out line1 and line2")
            for name, line in zip(("line1", "line2"), found, strict=True):
                object.__setattr__(self, name, line)
        if not self.line1 or not self.line2:
            raise ValueError(f"orbit.{'line2' if self.line1 else 'line1'}: missing; give line1 and line2, or lines with both")
        if self.line1.startswith("2 ") and self.line2.startswith("1 "):
            raise ValueError("orbit.line1: the lines are swapped; line1 is the one that begins with '1 '")
        for name, line, template in (("line1", self.line1, LINE1), ("line2", self.line2, LINE2)):
            check_line(f"orbit.{name}", line.rstrip(), template)
        if self.line1[2:7] != self.line2[2:7]:
            raise ValueError(f"orbit.line2: satellite number {self.line2[2:7]} differs from {self.line1[2:7]} of orbit.line1")

    @property
    def walk_start(self) -> datetime:
        """The epoch of the elements."""
        return element_epoch(self)

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """One revolution from `epoch`, or from the epoch of the elements, taken as closed."""
        said: tuple[str, ...] = () if epoch is not None else ("no epoch given: that of the two-line elements",)
        when = epoch or element_epoch(self)
        return closed_track(partial(tle_state, self, when), tle_period(self), when, (*said, *age_warning(self, when)))

    def motion(self, start: datetime, radius: float) -> Callable[[Array], Array]:
        """Position (n, 3) [m] in GCRF at times (n,) [s] since `start`, by SGP4."""
        return lambda t: tle_state(self, start, t)[0]

    def elements_at(self, epoch: datetime, radius: float) -> MeanElements:
        """Mean elements at `epoch` with the secular rates of SGP4."""
        return tle_elements(self).at((utc(epoch) - element_epoch(self)).total_seconds())

    def long_elements(self, start: datetime, radius: float) -> MeanElements:
        """Mean elements at `start`."""
        return self.elements_at(start, radius)

    def at_date(self, epoch: datetime, radius: float) -> "Tle":
        """The same set, looked at from `epoch`."""
        return replace(self, epoch=epoch)

    def anchored(self, epoch: datetime) -> "Tle":
        """Itself: the elements have an epoch of their own."""
        return self

    def warnings_at(self, epoch: datetime) -> tuple[str, ...]:
        """A sentence if the elements are old by then."""
        return age_warning(self, epoch)


def satellite(orbit: Tle) -> Any:
    """The `sgp4` record.

    Raises:
        ValueError: elements that SGP4 refuses, or a perigee below 150 km.
    """
    from sgp4.api import SGP4_ERRORS, Satrec

    record = Satrec.twoline2rv(orbit.line1.rstrip(), orbit.line2.rstrip())
    if record.error:
        raise ValueError(f"orbit.line2: SGP4 refuses the elements: {SGP4_ERRORS[record.error]}")
    check_altitude(record.altp * record.radiusearthkm * 1e3, "orbit.line2: the perigee at")
    return record


def element_epoch(orbit: Tle) -> datetime:
    """UTC of the elements."""
    record = satellite(orbit)
    return datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=record.jdsatepoch - 2451545.0 + record.jdsatepochF)


def tle_state(orbit: Tle, epoch: datetime, t: Array) -> tuple[Array, Array]:
    """Position (n, 3) [m] and velocity (n, 3) [m/s] in GCRF, `t` (n,) seconds after `epoch`, by SGP4 (WGS 72).

    Raises:
        ValueError: SGP4 stops, or finds no place.
    """
    from sgp4.api import SGP4_ERRORS

    seconds = np.atleast_1d(np.asarray(t, dtype=float))
    day, fraction = utc_days(epoch)
    error, r, v = satellite(orbit).sgp4_array(np.full(len(seconds), day), fraction + seconds / DAY)
    if np.any(error):
        first = int(np.flatnonzero(error)[0])
        raise ValueError(f"orbit.line1: SGP4 stops {seconds[first]:.0f} s after the epoch: {SGP4_ERRORS[int(error[first])]}")
    if not (np.isfinite(r).all() and np.isfinite(v).all()):
        raise ValueError("orbit.line2: SGP4 finds no place for these elements; expected a mean motion and an eccentricity of an orbit")
    turn = teme_to_gcrf(epoch, seconds)
    position, velocity = (1e3 * np.einsum("nij,nj->ni", turn, x) for x in (r, v))
    return position, velocity


def tle_period(orbit: Tle) -> float:
    """Time from node to node [s]: mean motion with its J2 drift."""
    record = satellite(orbit)
    return float(2 * np.pi / (record.mdot + record.argpdot) * 60.0)


def tle_elements(orbit: Tle) -> MeanElements:
    """Mean elements of the set with their secular rates, for walks through the year; SGP4 alone gives positions."""
    r = satellite(orbit)
    rates = (r.nodedot / 60.0, r.argpdot / 60.0, r.mdot / 60.0)
    return MeanElements(r.a * r.radiusearthkm * 1e3, r.ecco, r.inclo, r.nodeo, r.argpo, r.mo, *rates)


def age_warning(orbit: Tle, epoch: datetime) -> tuple[str, ...]:
    """A sentence if the elements are more than 14 days from the epoch."""
    age = abs((utc(epoch) - element_epoch(orbit)).total_seconds()) / DAY
    if age <= STALE:
        return ()
    low, high = (rate * age for rate in GROWTH)
    return (
        f"warning: the two-line elements are {age:.0f} days from the epoch; expect {low:.0f} to {high:.0f} km along track, "
        f"{low / 7.5:.0f} to {high / 7.5:.0f} s in shadow times",
    )
