"""Orbits that follow from a few numbers: circles by inclination, local time or beta angle, and ellipses by mean elements."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import pi
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval, Lt
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS, LOWEST_ALTITUDE, WALK_START, Epoch, check_altitude, sun_synchronous_inclination
from orbit.frames import mean_sun_right_ascension, utc
from orbit.kepler import MeanElements, mean_elements
from orbit.sun import AU
from orbit.track import MeanOrbit, OrbitKind, Track, circle_of, circular_track, dated, drift, drifted, ellipse_of, from_noon

Array = NDArray[np.float64]
TURN = 2 * pi


class Drifting:
    """What orbits by elements of the case have in common: a year, drift by J2 from an epoch of their own, and no doubt about them."""

    __slots__ = ()
    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files
    no_year: ClassVar[str] = ""

    @property
    def walk_start(self: OrbitKind) -> datetime:
        """The first of January of the epoch, or of the year of the walk."""
        return datetime(utc(self.epoch).year, 1, 1, tzinfo=UTC) if isinstance(self.epoch, datetime) else WALK_START

    def motion(self: MeanOrbit, start: datetime, radius: float) -> Callable[[Array], Array]:
        """Position (n, 3) [m] in GCRF at times (n,) [s] since `start`, with J2 drift."""
        return drift(self.long_elements(start, radius), start)

    def warnings_at(self, epoch: datetime) -> tuple[str, ...]:
        """None: elements of a design hold by definition."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular(Drifting):
    """Circular orbit by altitude, inclination and node."""

    circular: ClassVar[bool] = True
    kind: Literal["circular"] = "circular"
    altitude: Annotated[float, "km", Ge(LOWEST_ALTITUDE)]  #: height above the planet radius
    inclination: Annotated[float, "deg", Interval(ge=0.0, le=pi)]  #: to the equator of date
    raan: Annotated[float, "deg", Interval(ge=-2 * pi, le=2 * pi)] = 0.0  #: right ascension of the ascending node, at the epoch
    epoch: Epoch = None  #: UTC, or "hottest", "coldest", "longest_eclipse" of the year

    def __post_init__(self) -> None:
        check_altitude(self.altitude)
        if not 0 <= self.inclination <= pi:
            raise ValueError(f"orbit.inclination {np.degrees(self.inclination):g} deg must lie between 0 and 180 deg")

    def elements_at(self, epoch: datetime, radius: float) -> MeanElements:
        """Mean elements at `epoch`; the anomaly counts from the node and starts there."""
        return drifted(mean_elements(radius + self.altitude, 0.0, self.inclination, self.raan), self.epoch, epoch)

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """The circle at `epoch`, t = 0 at orbit noon."""
        when, said = dated(epoch, self.epoch)
        return circle_of(self.elements_at(when, radius), self.altitude, when, radius, said)

    def long_elements(self, start: datetime, radius: float) -> MeanElements:
        """Mean elements at `start`, at orbit noon then."""
        return from_noon(self.elements_at(start, radius), start)

    def at_date(self, epoch: datetime, radius: float) -> "Circular":
        """The circle with its node moved to `epoch`."""
        return replace(self, raan=self.elements_at(epoch, radius).raan % TURN, epoch=epoch)

    def anchored(self, epoch: datetime) -> "Circular":
        """With this epoch if it has none."""
        return self if self.epoch else replace(self, epoch=epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class SunSynchronous(Drifting):
    """Circular orbit whose node follows the mean Sun; the inclination follows from the altitude."""

    circular: ClassVar[bool] = True
    kind: Literal["sun_synchronous"] = "sun_synchronous"
    altitude: Annotated[float, "km", Ge(LOWEST_ALTITUDE)]  #: height above the planet radius
    ltan: Annotated[float, "h", Ge(0.0), Lt(86400.0)] | None = None  #: local mean solar time of the ascending node
    ltdn: Annotated[float, "h", Ge(0.0), Lt(86400.0)] | None = None  #: or of the descending node, 12 h later
    epoch: Epoch = None  #: UTC, or "hottest", "coldest", "longest_eclipse" of the year

    def __post_init__(self) -> None:
        check_altitude(self.altitude)
        if (self.ltan is None) == (self.ltdn is None):
            raise ValueError(
                "orbit.ltan: give the local time of the ascending node (ltan_h) or of the descending one (ltdn_h), one of the two"
            )
        if not 0 <= self.node_time < 86400 or not 0 <= (self.ltdn or 0.0) < 86400:
            raise ValueError("orbit.ltan: a local time must lie between 0 and 24 h")
        sun_synchronous_inclination(self.altitude)

    @property
    def node_time(self) -> float:
        """Local mean solar time of the ascending node [s]."""
        if self.ltan is not None:
            return self.ltan
        return ((self.ltdn or 0.0) + 43200.0) % 86400.0

    def elements_at(self, epoch: datetime, radius: float) -> MeanElements:
        """Mean elements at `epoch`; the node keeps its local time."""
        tilt = float(sun_synchronous_inclination(self.altitude, radius))
        node = mean_sun_right_ascension(epoch) + 2 * np.pi * (self.node_time / 86400.0 - 0.5)
        return mean_elements(radius + self.altitude, 0.0, tilt, node)

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """The circle at `epoch`, t = 0 at orbit noon."""
        when, said = dated(epoch, self.epoch)
        return circle_of(self.elements_at(when, radius), self.altitude, when, radius, said)

    def long_elements(self, start: datetime, radius: float) -> MeanElements:
        """Mean elements at `start`, at orbit noon then."""
        return from_noon(self.elements_at(start, radius), start)

    def at_date(self, epoch: datetime, radius: float) -> "SunSynchronous":
        """The same local time at `epoch`."""
        return replace(self, epoch=epoch)

    def anchored(self, epoch: datetime) -> "SunSynchronous":
        """With this epoch if it has none."""
        return self if self.epoch else replace(self, epoch=epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta:
    """Circular orbit by the angle between its plane and the Sun; no epoch, no equator."""

    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files
    epoch: ClassVar[None] = None  #: it has none
    no_year: ClassVar[str] = "has no date and so no year; take circular or sun_synchronous"
    kind: Literal["beta"] = "beta"
    altitude: Annotated[float, "km", Ge(LOWEST_ALTITUDE)]  #: height above the planet radius
    beta: Annotated[float, "deg", Interval(ge=-pi / 2, le=pi / 2)]  #: angle from orbit plane to Sun, positive towards the orbit normal

    def __post_init__(self) -> None:
        check_altitude(self.altitude)
        if not abs(self.beta) <= pi / 2:
            raise ValueError(f"orbit.beta {np.degrees(self.beta):g} deg must lie between -90 and 90 deg")

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """The circle in a frame of its own, the Sun along +x; it has no epoch, whatever is asked for."""
        normal = np.array([np.sin(self.beta), 0.0, np.cos(self.beta)])
        sun = np.array([AU, 0.0, 0.0])
        said = ("the Sun is at 1 AU for the shadow",)
        return circular_track(self.altitude, normal, sun, np.array([0.0, 0.0, 1.0]), np.nan, None, radius, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keplerian(Drifting):
    """Orbit by mean elements on the equator and equinox of date; t = 0 is the epoch."""

    circular: ClassVar[bool] = False
    kind: Literal["keplerian"] = "keplerian"
    semi_major_axis: Annotated[float, "km", Gt(0.0)]  #: half the long axis of the ellipse
    eccentricity: Annotated[float, "-", Ge(0.0), Lt(1.0)]  #: 0 is a circle
    inclination: Annotated[float, "deg", Interval(ge=0.0, le=pi)]  #: to the equator
    raan: Annotated[float, "deg", Interval(ge=-2 * pi, le=2 * pi)] = 0.0  #: right ascension of the ascending node
    argument_of_perigee: Annotated[float, "deg", Interval(ge=-2 * pi, le=2 * pi)] = 0.0  #: from the node to the perigee
    mean_anomaly: Annotated[float, "deg", Interval(ge=-2 * pi, le=2 * pi)] = 0.0  #: at the epoch
    epoch: Epoch = None  #: UTC, or "hottest", "coldest", "longest_eclipse" of the year

    def __post_init__(self) -> None:
        if not 0 <= self.eccentricity < 1:
            raise ValueError(f"orbit.eccentricity {self.eccentricity:g} must be at least 0 and below 1; open orbits have no revolution")
        if not 0 <= self.inclination <= pi:
            raise ValueError(f"orbit.inclination {np.degrees(self.inclination):g} deg must lie between 0 and 180 deg")
        self.check(EARTH_RADIUS)

    def check(self, radius: float) -> None:
        """Refuse a perigee inside the planet of `radius` [m] or too low to last."""
        check_altitude(self.semi_major_axis * (1 - self.eccentricity) - radius, "orbit.semi_major_axis: the perigee at")

    def elements_at(self, epoch: datetime, radius: float) -> MeanElements:
        """Mean elements at `epoch`.

        Raises:
            ValueError: a perigee inside the planet or too low to last.
        """
        self.check(radius)
        shape = (self.semi_major_axis, self.eccentricity, self.inclination)
        return drifted(mean_elements(*shape, self.raan, self.argument_of_perigee, self.mean_anomaly), self.epoch, epoch)

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """The two-body ellipse at `epoch`, which is t = 0."""
        when, said = dated(epoch, self.epoch)
        return ellipse_of(self.elements_at(when, radius), when, said)

    def long_elements(self, start: datetime, radius: float) -> MeanElements:
        """Mean elements at `start`."""
        return self.elements_at(start, radius)

    def at_date(self, epoch: datetime, radius: float) -> "Keplerian":
        """The elements moved to `epoch`."""
        now = self.elements_at(epoch, radius)
        return replace(self, raan=now.raan % TURN, argument_of_perigee=now.perigee % TURN, mean_anomaly=now.anomaly % TURN, epoch=epoch)

    def anchored(self, epoch: datetime) -> "Keplerian":
        """With this epoch if it has none."""
        return self if self.epoch else replace(self, epoch=epoch)
