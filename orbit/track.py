"""Where a satellite is: one revolution with the Sun held still, drift over many, and what a kind of orbit says of both."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from orbit.elements import DEFAULT_EPOCH, MU, WALK_START, Epoch, period
from orbit.frames import of_date_to_gcrf, of_date_to_gcrf_at, utc
from orbit.kepler import MeanElements, plane_axes
from orbit.sun import beta_angle, orbit_normal, sun_position

Array = NDArray[np.float64]
State = Callable[[Array], tuple[Array, Array]]  #: times (n,) [s] -> position (n, 3) [m], velocity (n, 3) [m/s]
STILL = "the Sun and the orbit plane stand still during a revolution"


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Where satellite and Sun are over one period; vectors in GCRF (for a beta orbit in a frame of its own, Sun along +x)."""

    period: float  #: s
    state: State
    sun: Array  #: (3,) m from the planet's centre
    normal: Array  #: (3,) unit angular momentum at t = 0
    pole: Array  #: (3,) unit, the planet's axis
    inclination: float  #: rad; nan for a beta orbit
    epoch: datetime | None  #: UTC of t = 0 within a revolution; None for a beta orbit
    assumptions: tuple[str, ...]

    @property
    def beta(self) -> float:
        """Angle from orbit plane to Sun [rad]."""
        return float(beta_angle(self.normal, self.sun))


def about(path: Track, mu: float) -> Track:
    """A circular track about the Earth's gravity as it is about one of `mu` [m3/s2]: the same circle, at another pace."""
    slower = float(np.sqrt(MU / mu))

    def state(t: Array) -> tuple[Array, Array]:
        position, velocity = path.state(np.asarray(t, dtype=float) / slower)
        return position, velocity / slower

    return replace(path, period=path.period * slower, state=state)


# ------------------------------------------------------------------------------------------------- what a kind of orbit says of itself


class OrbitKind(Protocol):
    """What every kind of orbit says of itself."""

    @property
    def kind(self) -> str:
        """Its name in the case file."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """Fields that name files."""
        ...

    @property
    def epoch(self) -> Epoch:
        """UTC, the name of a day of the year, or None."""
        ...

    @property
    def no_year(self) -> str:
        """Why it cannot be carried through a year, and what to take instead; empty if it can."""
        ...

    def track(self, epoch: datetime | None, radius: float) -> Track:
        """The revolution at `epoch` around a planet of `radius` [m]; without an epoch at one of its own, which the track says."""
        ...


class MovingOrbit(OrbitKind, Protocol):
    """An orbit that goes on for many revolutions."""

    def motion(self, start: datetime, radius: float) -> Callable[[Array], Array]:
        """Position over many revolutions: a function of times (n,) [s] since `start` to (n, 3) [m] in GCRF."""
        ...


class MeanOrbit(MovingOrbit, Protocol):
    """An orbit by mean elements that drift, which can be carried through a year."""

    @property
    def circular(self) -> bool:
        """Whether it is a circle by definition: then altitude and beta angle say all of a revolution that knows no stars."""
        ...

    @property
    def walk_start(self) -> datetime:
        """Where a walk through the year begins unless told otherwise."""
        ...

    def elements_at(self, epoch: datetime, radius: float) -> MeanElements:
        """Mean elements at `epoch`, equator and equinox of date, with J2 rates.

        Elements stand as given at the orbit's own epoch (a named epoch: at the start of the walk) and drift by J2. Circular orbits count
        their anomaly from the node and start there; t = 0 at noon is up to `track`.
        """
        ...

    def long_elements(self, start: datetime, radius: float) -> MeanElements:
        """Mean elements at `start` for many revolutions; circular orbits are at orbit noon then."""
        ...

    def at_date(self, epoch: datetime, radius: float) -> Self:
        """The same orbit stated at another epoch."""
        ...

    def anchored(self, epoch: datetime) -> Self:
        """The orbit with this epoch if it has none of its own."""
        ...

    def warnings_at(self, epoch: datetime) -> tuple[str, ...]:
        """Sentences on how far it is to be trusted at a date."""
        ...


def refuse_incomplete(given: object, wanted: type, purpose: str) -> None:
    """Refuse a kind that does not say all that a protocol asks for.

    Raises:
        TypeError: names the kind, what it lacks and what for.
    """
    asked = [name for name in dir(wanted) if not name.startswith("_")]
    lacking = [name for name in asked if not hasattr(type(given), name) and not hasattr(given, name)]
    if lacking:
        place = f"{wanted.__module__}.{wanted.__name__}"
        raise TypeError(f"{type(given).__name__} cannot {purpose}: it has no {', '.join(lacking)}, which {place} asks for")


# ------------------------------------------------------------------------------------------------------------------- one revolution


def circular_track(
    altitude: float,
    normal: Array,
    sun: Array,
    pole: Array,
    inclination: float,
    epoch: datetime | None,
    radius: float,
    assumptions: tuple[str, ...],
) -> Track:
    """Circular orbit from its plane, with t = 0 at orbit noon."""
    a, T = radius + altitude, float(period(altitude, radius))
    noon = _noon(normal, sun)
    dusk = np.cross(normal, noon)

    def state(t: Array) -> tuple[Array, Array]:
        u = 2 * np.pi / T * np.asarray(t, dtype=float)[..., None]
        position = a * (np.cos(u) * noon + np.sin(u) * dusk)
        velocity = 2 * np.pi * a / T * (np.cos(u) * dusk - np.sin(u) * noon)
        return position, velocity

    return Track(T, state, sun, normal, pole, inclination, epoch, (*assumptions, f"circular orbit, {STILL}"))


def _noon(normal: Array, sun: Array) -> Array:
    """Direction of orbit noon; any direction in the plane when the Sun stands on the orbit normal."""
    inside = sun - (sun @ normal) * normal
    if np.linalg.norm(inside) < 1e-9 * np.linalg.norm(sun):
        inside = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    return np.asarray(inside / np.linalg.norm(inside))


def dated(epoch: datetime | None, given: Epoch) -> tuple[datetime, tuple[str, ...]]:
    """The epoch of a revolution and what is to be said of it; `given` is how the case states it."""
    if epoch is None:
        return DEFAULT_EPOCH, ("no epoch given: geometry of the March equinox, 2027-03-20 20:25 UTC",)
    if isinstance(given, str):
        return epoch, (f"epoch {given}: {epoch:%Y-%m-%d %H:%M} UTC, from a walk over a year from {WALK_START:%Y-%m-%d}",)
    return epoch, ()


def circle_of(elements: MeanElements, altitude: float, epoch: datetime, radius: float, said: tuple[str, ...]) -> Track:
    """The circular revolution in the plane of elements at `epoch`."""
    to_gcrf = of_date_to_gcrf(epoch)
    normal = to_gcrf @ orbit_normal(elements.inclination, elements.raan)
    return circular_track(altitude, normal, sun_position(epoch), to_gcrf[:, 2], elements.inclination, epoch, radius, said)


def ellipse_of(elements: MeanElements, epoch: datetime, said: tuple[str, ...]) -> Track:
    """The two-body revolution of elements at `epoch`."""
    to_gcrf, ellipse = of_date_to_gcrf(epoch), elements.frozen()
    normal = to_gcrf @ orbit_normal(elements.inclination, elements.raan)

    def state(t: Array) -> tuple[Array, Array]:
        position, velocity = ellipse.state(t)
        return position @ to_gcrf.T, velocity @ to_gcrf.T

    T = float(2 * np.pi / ellipse.anomaly_rate)
    said = (*said, f"two-body ellipse, {STILL}")
    return Track(T, state, sun_position(epoch), normal, to_gcrf[:, 2], elements.inclination, epoch, said)


def closed_track(state: State, period: float, epoch: datetime, said: tuple[str, ...]) -> Track:
    """One revolution of states that do not quite return, taken as closed; `state` counts from `epoch`."""
    ends = state(np.array([0.0, period]))
    gap = float(np.linalg.norm(ends[0][1] - ends[0][0]))
    normal = np.cross(ends[0][0], ends[1][0])
    normal = normal / np.linalg.norm(normal)
    pole = of_date_to_gcrf(epoch)[:, 2]
    said = (*said, f"the revolution is taken as closed, its ends are {gap / 1e3:.1f} km apart; the Sun stands still meanwhile")
    return Track(period, state, sun_position(epoch), normal, pole, float(np.arccos(normal @ pole)), epoch, said)


# ----------------------------------------------------------------------------------------------------------------- many revolutions


def drifted(given: MeanElements, stated: Epoch, epoch: datetime) -> MeanElements:
    """Elements at `epoch` of those given at the stated epoch; a named one counts from the start of the walk, none is `epoch` itself."""
    start = WALK_START if isinstance(stated, str) else stated or epoch
    return given.at((utc(epoch) - utc(start)).total_seconds())


def from_noon(elements: MeanElements, start: datetime) -> MeanElements:
    """The elements of a circular orbit, at orbit noon at `start`."""
    towards, across = plane_axes(elements.inclination, np.array(elements.raan), np.array(0.0))
    sun = of_date_to_gcrf(start).T @ sun_position(start)
    return replace(elements, anomaly=float(np.arctan2(across @ sun, towards @ sun)))


def drift(elements: MeanElements, start: datetime) -> Callable[[Array], Array]:
    """Position (n, 3) [m] in GCRF at times (n,) [s] since `start`, of elements at `start`."""
    return lambda t: np.einsum("nij,nj->ni", of_date_to_gcrf_at(start, t), elements.state(t)[0])
