"""Two-vector pointing: one body axis exactly at a target, a second one as near as it can to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Annotated, ClassVar, Literal, Protocol

import numpy as np
from annotated_types import Interval
from numpy.typing import NDArray

Array = NDArray[np.float64]
Axis = Literal["+x", "-x", "+y", "-y", "+z", "-z"]
Target = Literal["sun", "anti_sun", "nadir", "zenith", "velocity", "anti_velocity", "orbit_normal", "anti_orbit_normal", "star"]
OPPOSITE = {"anti_sun": "sun", "zenith": "nadir", "anti_velocity": "velocity", "anti_orbit_normal": "orbit_normal"}
PARALLEL = np.radians(0.1)  #: below this angle between the two targets the attitude is not defined
INSTEAD = ("orbit_normal", "velocity", "nadir", "sun")  #: directions to align with
FAR = 0.2  #: sine of the angle from which on two directions stay well apart


@dataclass(frozen=True, slots=True)
class Pointing:
    """A body axis and what it points at."""

    axis: Axis  #: body axis
    at: Target  #: direction it points in
    right_ascension: Annotated[float, "deg", Interval(ge=-2 * pi, le=2 * pi)] | None = None  #: of the star, GCRF
    declination: Annotated[float, "deg", Interval(ge=-pi / 2, le=pi / 2)] | None = None  #: of the star, GCRF

    def __post_init__(self) -> None:
        if (self.at == "star") != (self.right_ascension is not None and self.declination is not None):
            raise ValueError(
                'at = "star" needs right_ascension_deg and declination_deg, and no other direction takes them '
                "(a fixed attitude points two axes at two stars)"
            )
        if self.axis not in ("+x", "-x", "+y", "-y", "+z", "-z"):
            raise ValueError(f"axis {self.axis!r} is not one of +x, -x, +y, -y, +z, -z")


class AttitudeKind(Protocol):
    """What every kind of attitude says of itself."""

    @property
    def files(self) -> tuple[str, ...]:
        """Fields that name files."""
        ...

    @property
    def starry(self) -> bool:
        """Whether it refers to the stars, so that the beta angle does not say all of a revolution."""
        ...

    def rotation(self, directions: Mapping[str, Array], times: Array, period: float) -> Array:
        """Rotation matrices (n, 3, 3) from inertial to body axes; `directions` and `times` as in `body_rotation`, `period` [s]."""
        ...

    def steps(self, steps: int, period: float) -> int:
        """Equal steps per revolution that resolve it, at least `steps`."""
        ...

    def own_times(self, period: float) -> Array:
        """Times within a revolution at which it is to be taken besides (k,) [s]."""
        ...

    def averaged_about(self, period: float) -> Array | None:
        """Body axis (3,) about which it turns too fast to be followed, so that whole turns count by their mean; None for all others."""
        ...

    def said(self, period: float) -> tuple[str, ...]:
        """Sentences about what it leaves out."""
        ...


class Plain:
    """An attitude without files that the usual times resolve, and that leaves nothing out."""

    __slots__ = ()
    files: ClassVar[tuple[str, ...]] = ()  #: fields that name files

    def steps(self, steps: int, period: float) -> int:
        """The usual times."""
        return steps

    def own_times(self, period: float) -> Array:
        """None."""
        return np.empty(0)

    def averaged_about(self, period: float) -> Array | None:
        """None: every turn is followed."""
        return None

    def said(self, period: float) -> tuple[str, ...]:
        """Nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class Attitude(Plain):
    """Orientation of the body: `point` holds exactly, `align` as nearly as the first allows."""

    point: Pointing  #: axis that points exactly
    align: Pointing  #: axis that turns towards its target about the first
    kind: Literal["two_vector"] = "two_vector"

    def __post_init__(self) -> None:
        if self.point.axis[1] == self.align.axis[1]:
            raise ValueError(
                f"attitude.align.axis {self.align.axis} lies along attitude.point.axis {self.point.axis}: choose two different body axes"
            )
        if _line(self.point) == _line(self.align):
            raise ValueError(
                f"attitude.align.at {self.align.at!r} lies along attitude.point.at {self.point.at!r}: choose two different directions"
            )

    @property
    def starry(self) -> bool:
        """Whether one of the two is a star."""
        return "star" in (self.point.at, self.align.at)

    def rotation(self, directions: Mapping[str, Array], times: Array, period: float) -> Array:
        """Rotation (n, 3, 3) from inertial to body axes."""
        return body_rotation(self, directions, times)


def _line(pointing: Pointing) -> object:
    """What the direction lies along, to compare two of them."""
    if pointing.at == "star":
        return tuple(np.round(np.abs(star_vector(pointing)), 9))
    return OPPOSITE.get(pointing.at, pointing.at)


def star_vector(pointing: Pointing) -> Array:
    """Unit vector (3,) towards the star, GCRF."""
    ra, dec = pointing.right_ascension or 0.0, pointing.declination or 0.0
    return np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def axis_vector(axis: str) -> Array:
    """Unit vector (3,) of a body axis such as "-y"."""
    vector = np.zeros(3)
    vector["xyz".index(axis[1])] = 1.0 if axis[0] == "+" else -1.0
    return vector


def target_vector(pointing: Pointing, directions: Mapping[str, Array]) -> Array:
    """Unit vectors (n, 3) towards the target; `directions` holds (n, 3) "sun", "nadir", "velocity" and "orbit_normal"."""
    target = pointing.at
    if target == "star":
        return np.broadcast_to(star_vector(pointing), directions["sun"].shape)
    name = OPPOSITE.get(target, target)
    return unit(directions[name]) * (1.0 if name == target else -1.0)


def body_rotation(attitude: Attitude, directions: Mapping[str, Array], times: Array) -> Array:
    """Rotation matrices (n, 3, 3) that take inertial vectors to the body frame (TRIAD).

    Args:
        directions: Inertial "sun", "nadir", "velocity" and "orbit_normal", (n, 3), any length.
        times: (n,) [s], for the message.

    Raises:
        ValueError: if the two targets are parallel at some time, where the attitude is not defined.

    Source:
        Black, A passive system for determining the attitude of a satellite, AIAA Journal 2 (1964) 1350.
    """
    first = target_vector(attitude.point, directions)
    second = target_vector(attitude.align, directions)
    apart = np.arcsin(np.minimum(np.linalg.norm(np.cross(first, second), axis=-1), 1.0))
    if np.any(apart < PARALLEL):
        t = float(times[int(np.argmin(apart))])
        best = max(INSTEAD, key=lambda at: min(float(np.linalg.norm(np.cross(first, directions[at]), axis=-1).min()), FAR))
        raise ValueError(
            f"attitude.align.at {attitude.align.at!r} lies along attitude.point.at {attitude.point.at!r} at t = {t:.0f} s, "
            f"where the body could turn freely; align with another direction, for example {best}"
        )
    body = triad(axis_vector(attitude.point.axis), axis_vector(attitude.align.axis))
    return body @ np.swapaxes(triad(first, second), -1, -2)


def triad(first: Array, second: Array) -> Array:
    """Orthonormal frames (..., 3, 3), columns: along `first`, normal to both, and the third."""
    a = unit(first)
    b = unit(np.cross(a, second))
    return np.stack([a, b, np.cross(a, b)], axis=-1)


def unit(v: Array) -> Array:
    """Vectors (..., 3) at length 1."""
    return v / np.linalg.norm(v, axis=-1, keepdims=True)
