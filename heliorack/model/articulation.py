"""Parts that turn against the body: where their nodes are over the revolution, and at which poses exchange is traced."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from heliorack.case.settings import Tracking
from meshes.assembly import Assembly
from orbit.environment import Environment
from orbit.joints import Stopped, joint_rotation
from thermal.radiation.poses import shares

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

STILL = 1e-9  #: change of a rotation below which a part does not turn


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """One joint with the nodes that it carries."""

    nodes: Ids
    pivot: Floats  #: (3,) m
    times: Floats  #: (n,) s
    rotation: Floats  #: (n, 3, 3) body axes
    inside: Floats | None = None  #: (m, 3, 3) at the times between those of the environment

    def at(self, t: float) -> Floats:
        """Rotation at a time, (3, 3): that of the sample before it turned on towards the next one."""
        from scipy.spatial.transform import Rotation, Slerp

        i = min(max(int(np.searchsorted(self.times, t, side="right")) - 1, 0), len(self.times) - 2)
        if self.times[i + 1] == self.times[i] or np.abs(self.rotation[i + 1] - self.rotation[i]).max() < STILL:
            return np.asarray(self.rotation[i])
        ends = Slerp(self.times[i : i + 2], Rotation.from_matrix(self.rotation[i : i + 2]))
        return np.asarray(ends(np.clip(t, self.times[i], self.times[i + 1])).as_matrix())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StoppedTracking(Stopped):
    """Parts whose joint stands still where it was at a moment."""

    parts: str  #: name or pattern
    pivot: tuple[float, float, float] | None  #: m, as of the joint that it was


type Joint = Tracking | StoppedTracking


def stopped(tracking: Sequence[Tracking], env: Environment, t: float) -> tuple[StoppedTracking, ...]:
    """Joints as they stand at a time of the revolution [s]."""
    found = []
    for joint in tracking:
        turning = Turning(np.empty(0, dtype=np.int64), np.zeros(3), env.times, joint_rotation(joint, env))
        found.append(StoppedTracking(turn=turning.at(t), parts=joint.parts, pivot=joint.pivot))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """All joints, and the times of the poses."""

    joints: tuple[Turning, ...]
    times: Floats  #: (k,) s, of the poses
    period: float  #: s

    @property
    def moves(self) -> bool:
        """Whether anything turns over the revolution."""
        return any(np.abs(joint.rotation - joint.rotation[0]).max() >= STILL for joint in self.joints)

    def points(self, assembly: Assembly, t: float) -> Floats:
        """Nodes at a time, (n, 3) [m]."""
        if not self.joints:
            return assembly.points
        points = assembly.points.copy()
        for joint in self.joints:
            points[joint.nodes] = joint.pivot + (points[joint.nodes] - joint.pivot) @ joint.at(t).T
        return points

    def shares(self, times: Floats) -> Floats:
        """Weight of each pose at some times [s], (poses, n): linear between neighbours, one where nothing turns."""
        return np.ones((1, len(times))) if len(self.times) == 1 else shares(self.times, times, self.period)

    def poses(self, assembly: Assembly) -> list[Floats]:
        """Nodes at the poses."""
        return [self.points(assembly, float(t)) for t in self.times]


def motion(assembly: Assembly, tracking: Sequence[Joint], env: Environment | None, positions: int) -> Motion:
    """Joints of a case; one pose where nothing turns.

    A part that several joints name belongs to the first. The pivot of a joint without one is the middle of the box around its parts.
    """
    if env is None:
        return Motion((), np.zeros(1), 1.0)
    owner = [next((i for i, t in enumerate(tracking) if fnmatchcase(name, t.parts)), -1) for name in assembly.part_names]
    joints = []
    for i, turning in enumerate(tracking):
        parts = [p for p, mine in enumerate(owner) if mine == i]
        if parts:
            nodes = np.unique(assembly.cells[np.isin(assembly.cell_part, parts)])
            box = assembly.points[nodes]
            pivot = (box.min(axis=0) + box.max(axis=0)) / 2 if turning.pivot is None else np.array(turning.pivot)
            between = None if env.between is None else joint_rotation(turning, env.between)
            joints.append(Turning(nodes, pivot, env.times, joint_rotation(turning, env), between))
    turning_once = Motion(tuple(joints), np.zeros(1), env.period)
    return replace(turning_once, times=np.arange(positions) * env.period / positions) if turning_once.moves else turning_once
