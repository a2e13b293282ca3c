"""What is asked of a run, which parts turn against the body, and where a test measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from orbit.attitude.lost import Frozen, Lost
from orbit.joints import OneAxis, TwoAxis


@dataclass(frozen=True, slots=True)
class Run:
    """The question in time: the periodic state of an orbit, a transient from a start, or the steady state."""

    kind: Literal["periodic", "transient", "steady"] = "periodic"  #: periodic repeats with the orbit, transient marches from a start
    orbits: Annotated[float, "-", Gt(0)] | None = None  #: length of a transient in orbits
    duration: Annotated[float, "s", Gt(0)] | None = None  #: length of a transient in time; instead of orbits
    start: Annotated[float, "degC", Ge(0)] | None = None  #: uniform temperature that a transient starts from
    state: str | None = None  #: a state.npz of an earlier run that a transient starts from; instead of start_degC
    most_steps: Annotated[float, "-", Ge(1)] = 1e6  #: time steps that a run may take, by its length and the longest step; more are refused
    most_kept: Annotated[float, "MB", Ge(1e6)] = 4e9  #: histories and fields that a run may leave, estimated before; more are refused
    #: walk the life of the mission through so many years: seasons and ageing of all
    years: Annotated[float, "-", Interval(gt=0, le=200)] | None = None
    starts: Literal["one", "both"] = "one"  #: both: the periodic state is sought from a hot and from a cold start, which may end apart

    def __post_init__(self) -> None:
        if self.starts == "both" and self.kind != "periodic":
            raise ValueError(f'starts belongs to kind = "periodic"; this run is {self.kind}')
        if self.years is not None and self.kind != "periodic":
            raise ValueError(f'years belongs to kind = "periodic", whose states the life of a mission is made of; this run is {self.kind}')
        if self.kind == "transient":
            self._check_transient()
            return
        for name in ("orbits", "duration", "start", "state"):
            if getattr(self, name) is not None:
                raise ValueError(f'{name} belongs to kind = "transient"; a {self.kind} run has none')

    def _check_transient(self) -> None:
        if self.orbits is not None and self.duration is not None:
            raise ValueError("duration and orbits both say how long; keep one of the two")
        if self.orbits is None and self.duration is None:
            raise ValueError("give orbits or duration_s; a transient needs a length")
        if self.start is not None and self.state is not None:
            raise ValueError("state and start_degC both say where to start; keep one of the two")
        if self.start is None and self.state is None:
            raise ValueError("give start_degC or state (a state.npz of an earlier run); a transient needs a start")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointingLoss:
    """The body loses its pointing in a transient: light, albedo and infrared on every face and power of the array are those of another
    attitude from then on.
    """

    lost: Annotated[float, "s", Ge(0)]  #: when
    regained: Annotated[float, "s", Gt(0)] | None = None  #: when it points as before again; never when not given
    attitude: Lost = field(default_factory=Frozen)  #: meanwhile: frozen among the stars, tumbling, or another pointing

    def __post_init__(self) -> None:
        if self.regained is not None and self.regained <= self.lost:
            raise ValueError(f"regained_s = {self.regained:g} is not after lost_s = {self.lost:g}; leave it out where it is never regained")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAxisTracking(OneAxis):
    """Parts that turn about one body axis."""

    parts: str  #: name or pattern of the parts that turn
    pivot: Annotated[tuple[float, float, float], "mm"] | None = None  #: a point on the joint's axis; the middle of the parts when not given


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoAxisTracking(TwoAxis):
    """Parts whose face follows its target whatever the body does."""

    parts: str  #: name or pattern of the parts that turn
    pivot: Annotated[tuple[float, float, float], "mm"] | None = None  #: where the axes cross; the middle of the parts when not given


Tracking = OneAxisTracking | TwoAxisTracking


@dataclass(frozen=True, slots=True, kw_only=True)
class Thermocouple:
    """A point at which a test measured."""

    name: str  #: what tables call it
    column: str | None = None  #: column of the measured file; the name when not given
    part: str  #: part that it sits on
    point: Annotated[tuple[float, float, float], "mm"]  #: where, in body axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Temperatures from a test, to be compared with the run."""

    file: str  #: CSV with a column of times and one column in degC for each thermocouple; relative to the case file
    time_column: str = "time_s"  #: column of the times: seconds of the run, or time stamps such as 2027-06-21T12:00:00Z
    start: datetime | None = None  #: UTC of the run's t = 0, for time stamps; the first of them when not given
