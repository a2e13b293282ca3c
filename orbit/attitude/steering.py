"""Attitudes beyond two vectors: yaw steering, spin about a pointed axis, and quaternions from a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

from orbit.attitude.pointing import Attitude, Axis, Plain, Pointing, axis_vector, target_vector, triad, unit
from orbit.attitude.quaternions import quaternion_rotation, quaternion_times, quaternion_words

Array = NDArray[np.float64]
SMALLEST_BETA = np.radians(2.0)  #: yaw steering turns as if the Sun were at least so far from the plane, which bounds the rate of the turns
SPIN_STEPS = 24  #: times per turn of a spinning body
ALONG = 1e-6  #: sine of the angle between spin axis and Sun below which the Sun stands on the axis
SLOWEST = 1.5  #: revolutions that a turn may last; it is then taken as one
FOLLOWED = 60  #: turns per revolution up to which each is followed; beyond them heat counts by its mean over whole turns


@dataclass(frozen=True, slots=True, kw_only=True)
class YawSteering(Plain):
    """One axis at nadir; the body turns about it so that the array's axis stays normal to the Sun."""

    kind: Literal["yaw_steering"] = "yaw_steering"
    nadir: Axis = "+z"  #: body axis at nadir
    array: Axis = "+y"  #: axis about which the arrays turn

    def __post_init__(self) -> None:
        if self.nadir[1] == self.array[1]:
            raise ValueError(f"attitude.array {self.array} lies along attitude.nadir {self.nadir}: choose two different body axes")

    @property
    def starry(self) -> bool:
        """It knows Sun and Earth alone."""
        return False

    def rotation(self, directions: Mapping[str, Array], times: Array, period: float) -> Array:
        """Rotation (n, 3, 3) from inertial to body axes.

        Source:
            Bar-Sever, A new model for GPS yaw attitude, Journal of Geodesy 70 (1996) 714: nominal yaw; here with the Sun lifted off the
            plane where it is nearer than 2 degrees, so that the turns at noon and midnight take a finite time.
        """
        normal, sun = unit(directions["orbit_normal"]), unit(directions["sun"])
        height = np.sum(normal * sun, axis=-1, keepdims=True)
        side = np.where(height < 0, -1.0, 1.0)
        lifted = sun - height * normal + side * np.maximum(np.abs(height), np.sin(SMALLEST_BETA)) * normal
        nadir = unit(directions["nadir"])
        body = triad(axis_vector(self.nadir), np.cross(axis_vector(self.array), axis_vector(self.nadir)))
        return np.asarray(body @ np.swapaxes(triad(nadir, lifted), -1, -2))

    def said(self, period: float) -> tuple[str, ...]:
        """Where it is not the nominal one."""
        return ("yaw steering turns at noon and midnight as if the Sun were at least 2 degrees from the orbit plane",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spin(Plain):
    """A body that spins about an axis held at a target."""

    kind: Literal["spin"] = "spin"
    point: Pointing  #: the spin axis and where it points
    spin_period: Annotated[float, "s", Gt(0.0)]  #: one turn; rounded to a whole number of turns per revolution

    @property
    def starry(self) -> bool:
        """Whether the axis points at a star."""
        return self.point.at == "star"

    def turns(self, period: float) -> int:
        """Whole turns per revolution of `period` [s], at least one.

        Raises:
            ValueError: a turn that is so much longer than the revolution that one turn in it is another spin.
        """
        return whole_turns(self.spin_period, period, "attitude")

    def rotation(self, directions: Mapping[str, Array], times: Array, period: float) -> Array:
        """Rotation (n, 3, 3) of a body turning right-handed about its pointed axis, phase counted in an inertially carried frame.

        Of a body that turns too fast to be followed it is the one of its orientations that has the Sun at a fixed angle about the axis.
        """
        axis = axis_vector(self.point.axis)
        first = target_vector(self.point, directions)
        second = _carried(first, times)
        if self.averaged_about(period) is None:
            angle = 2 * np.pi * self.turns(period) * times / period
            second = np.cos(angle)[:, None] * second + np.sin(angle)[:, None] * np.cross(first, second)
        else:
            sun = unit(directions["sun"])
            aside = sun - np.sum(sun * first, axis=-1, keepdims=True) * first
            second = np.where(np.linalg.norm(aside, axis=-1, keepdims=True) > ALONG, aside, second)
        body = triad(axis, np.roll(axis, 1))
        return np.asarray(body @ np.swapaxes(triad(first, second), -1, -2))

    def steps(self, steps: int, period: float) -> int:
        """Times per revolution that follow every turn; the usual ones where turns count by their mean."""
        return steps if self.averaged_about(period) is not None else max(steps, SPIN_STEPS * self.turns(period))

    def averaged_about(self, period: float) -> Array | None:
        """The spin axis of a body that turns more than `FOLLOWED` times per revolution."""
        return axis_vector(self.point.axis) if self.turns(period) > FOLLOWED else None

    def said(self, period: float) -> tuple[str, ...]:
        """The spin that is computed, and how."""
        if self.averaged_about(period) is not None:
            return (
                f"spin of {self.spin_period:g} s, more than {FOLLOWED} turns per revolution: sunlight, albedo and infrared by their mean "
                "over whole turns, shadows by 24 directions a turn; what temperatures swing within a turn is left out",
            )
        n = self.turns(period)
        return (f"spin of {period / n:.2f} s, {n} whole turns per revolution",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quaternions(Plain):
    """Attitude from a CSV file with the columns t_s, q_x, q_y, q_z, q_w: rotation from GCRF to the body, scalar last."""

    files: ClassVar[tuple[str, ...]] = ("file",)  #: fields that name files
    kind: Literal["quaternions"] = "quaternions"
    file: str  #: path of the CSV file

    @property
    def starry(self) -> bool:
        """They count from the axes of GCRF."""
        return True

    def rotation(self, directions: Mapping[str, Array], times: Array, period: float) -> Array:
        """Rotation (n, 3, 3) from GCRF to body axes, as `quaternion_rotation`."""
        return quaternion_rotation(self.file, times)

    def own_times(self, period: float) -> Array:
        """Its rows, and times between those that are far apart."""
        return quaternion_times(self.file, period)

    def said(self, period: float) -> tuple[str, ...]:
        """Rows that are far apart."""
        return quaternion_words(self.file, period)


AnyAttitude = Attitude | YawSteering | Spin | Quaternions


def whole_turns(spin_period: float, period: float, place: str) -> int:
    """Whole turns of `spin_period` [s] per revolution of `period` [s], at least one.

    Args:
        place: Of the table, for the message.

    Raises:
        ValueError: a turn that is so much longer than the revolution that one turn in it is another spin.
    """
    if spin_period > SLOWEST * period:
        raise ValueError(
            f"{place}.spin_period: a turn of {spin_period:g} s cannot be a whole one in a revolution of {period:.0f} s; expected "
            f'{SLOWEST * period:.0f} s at most, or kind = "quaternions" for a body that turns slower'
        )
    return max(1, round(period / spin_period))


def _carried(axis: Array, times: Array) -> Array:
    """A unit vector (n, 3) normal to `axis` (n, 3), the least turn from one time to the next and closed over the revolution."""
    start = np.eye(3)[int(np.argmin(np.max(np.abs(axis), axis=0)))]
    vector = start - (axis[0] @ start) * axis[0]
    out = np.empty_like(axis)
    for i, a in enumerate(axis):
        vector = vector - (a @ vector) * a
        vector = vector / np.linalg.norm(vector)
        out[i] = vector
    ahead = np.cross(axis[-1], out[0])
    gap = float(np.arctan2(out[-1] @ ahead, out[-1] @ out[0]))
    back = -gap * ((times - times[0]) / (times[-1] - times[0]))[:, None]
    return np.asarray(np.cos(back) * out + np.sin(back) * np.cross(axis, out))
