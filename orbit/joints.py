"""Articulated parts: arrays that follow a target about one axis or two."""

from dataclasses import dataclass
from math import pi
from typing import Annotated, Literal

import numpy as np
from annotated_types import Interval
from numpy.typing import NDArray

from orbit.attitude.pointing import OPPOSITE, Axis, axis_vector
from orbit.environment import Environment

Array = NDArray[np.float64]
Followed = Literal["sun", "anti_sun", "nadir", "zenith", "velocity", "anti_velocity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAxis:
    """A part that turns about one body axis so that its normal comes as near to the target as it can."""

    kind: Literal["one_axis"] = "one_axis"
    axis: Axis  #: axis of the joint, body frame
    normal: Axis  #: the part's face that follows, body frame at angle zero
    at: Followed = "sun"  #: what it follows
    stop: Annotated[float, "deg", Interval(ge=0.0, le=pi)] = pi  #: largest angle either way

    def turned(self, about: Array, elevation: Array) -> Array:
        """Angles (n, 1) [rad] of the joint that come nearest to a target at these (n,)."""
        return np.clip(about, -self.stop, self.stop)[:, None]

    def __post_init__(self) -> None:
        if self.axis[1] == self.normal[1]:
            raise ValueError(f"tracking.normal {self.normal} lies along tracking.axis {self.axis}: turning about it would not move it")


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoAxis:
    """A part whose normal points at the target whatever the body does."""

    kind: Literal["two_axis"] = "two_axis"
    axis: Axis  #: first joint, fixed to the body; the second is normal to it and carried along
    normal: Axis  #: the part's face that follows, body frame at angle zero
    at: Followed = "sun"  #: what it follows

    def turned(self, about: Array, elevation: Array) -> Array:
        """Angles (n, 2) [rad] of the joint that point at a target at these (n,)."""
        return np.stack([about, elevation], axis=1)

    def __post_init__(self) -> None:
        if self.axis[1] == self.normal[1]:
            raise ValueError(f"tracking.normal {self.normal} lies along tracking.axis {self.axis}: turning about it would not move it")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stopped:
    """A part whose joint stands still."""

    turn: Array  #: (3, 3) that takes it from its place at angle zero to where it is, body frame


def joint_angles(joint: OneAxis | TwoAxis, env: Environment) -> Array:
    """Joint angles (n, 1) or (n, 2) [rad]: about the body axis, right-handed, and (two axes) elevation towards that axis.

    Where the target lies along the axis the first angle is free and stays zero.
    """
    axis, normal = axis_vector(joint.axis), axis_vector(joint.normal)
    side = np.cross(axis, normal)
    target = followed(joint.at, env)
    x, y = target @ normal, target @ side
    first = np.where(np.hypot(x, y) < 1e-9, 0.0, np.arctan2(y, x))
    return joint.turned(first, np.arcsin(np.clip(target @ axis, -1, 1)))


def joint_rotation(joint: OneAxis | TwoAxis | Stopped, env: Environment) -> Array:
    """Rotations (n, 3, 3) that take the part from its place at angle zero to where it is, body frame: normal(t) = rotation @ normal."""
    if isinstance(joint, Stopped):
        return np.tile(joint.turn, (len(env.times), 1, 1))
    axis, normal = axis_vector(joint.axis), axis_vector(joint.normal)
    angles = joint_angles(joint, env)
    rest = np.stack([normal, np.cross(axis, normal), axis], axis=-1)
    c, s, o = np.cos(angles[:, 0]), np.sin(angles[:, 0]), np.zeros(len(angles))
    turn = np.stack([np.stack([c, -s, o], -1), np.stack([s, c, o], -1), np.stack([o, o, o + 1], -1)], axis=-2)
    if angles.shape[1] == 2:
        c, s = np.cos(angles[:, 1]), np.sin(angles[:, 1])
        turn = turn @ np.stack([np.stack([c, o, -s], -1), np.stack([o, o + 1, o], -1), np.stack([s, o, c], -1)], axis=-2)
    return np.asarray(rest @ turn @ rest.T)


def followed(target: Followed, env: Environment) -> Array:
    """Unit vectors (n, 3) to a joint's target, body frame."""
    name = OPPOSITE.get(target, target)
    return np.asarray(getattr(env, name) * (1.0 if name == target else -1.0))
