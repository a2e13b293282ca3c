"""Parts that turn: where their nodes are, and at which times exchange is traced."""

from dataclasses import replace

import numpy as np
import pytest
from case_text import box, orbit, turning

from heliorack.case.case import Case, loads
from heliorack.model.articulation import Motion, motion
from heliorack.model.surroundings import surroundings
from meshes.assemble import assemble
from meshes.assembly import Assembly
from orbit.environment import Environment

CASE = orbit(0) + turning("wing")
CASE += box("body", (100, 100, 100), mesh=100) + box("wing", (100, 100, 10), (200, 0, 0), mesh=100)
WING = np.array([0.2, 0.0, 0.0])  # m, its middle


def made(*overrides: str) -> tuple[Case, Assembly, Environment]:
    """Case, mesh and surroundings."""
    case = loads(CASE, overrides)
    env = surroundings(case)
    assert env is not None
    return case, assemble(case.parts, case.mesh, lambda a, b: False), env


@pytest.fixture(scope="module")
def given() -> tuple[Case, Assembly, Environment]:
    """As written."""
    return made()


def turned(given: tuple[Case, Assembly, Environment], positions: int = 4, pivot: tuple[float, float, float] | None = None) -> Motion:
    """Joints with a number of poses."""
    case, assembly, env = given
    return motion(assembly, [replace(joint, pivot=pivot) for joint in case.tracking], env, positions)


def of(assembly: Assembly, part: str) -> np.ndarray:
    """Nodes of a part."""
    return np.unique(assembly.cells[assembly.cell_part == assembly.part_names.index(part)])


def test_a_wing_turns_about_its_middle(given):
    """Its middle and every distance from it stay; the body does not move; its normal follows the Sun."""
    _, assembly, env = given
    joints = turned(given)
    wing, body = of(assembly, "wing"), of(assembly, "body")
    i = len(env.times) // 7
    points = joints.points(assembly, float(env.times[i]))
    assert np.array_equal(points[body], assembly.points[body])
    assert np.linalg.norm(points[wing] - WING, axis=1) == pytest.approx(np.linalg.norm(assembly.points[wing] - WING, axis=1))
    assert not np.allclose(points[wing], assembly.points[wing], atol=1e-3)
    top = assembly.points[wing][:, 2] > 0.004
    assert (points[wing][top] - WING).mean(axis=0) == pytest.approx(0.005 * env.sun[i], abs=1e-9)  # beta 0: the Sun is in the plane


def test_pivot_is_the_one_given(given):
    """A point of the joint stays, and the middle goes round it."""
    _, assembly, env = given
    wing = of(assembly, "wing")
    joints = turned(given, pivot=(0.1, 0.0, 0.0))
    middles = [joints.points(assembly, float(t))[wing].mean(axis=0) for t in env.times[:: len(env.times) // 9]]
    assert np.linalg.norm(np.array(middles) - (0.1, 0, 0), axis=1) == pytest.approx(0.1, abs=1e-3)
    assert np.ptp(middles, axis=0).max() > 0.15


def test_poses_are_even_over_the_orbit(given):
    """As many as asked for, the first at 0, the end left out."""
    _, assembly, env = given
    joints = turned(given, 5)
    assert joints.times == pytest.approx(np.arange(5) * env.period / 5)
    assert len(joints.poses(assembly)) == 5
    assert joints.moves


def test_one_pose_does_not_stop_a_part(given):
    """Exchange held at one pose; shadows still follow the part."""
    joints = turned(given, 1)
    assert len(joints.times) == 1
    assert joints.moves


def test_what_follows_a_fixed_target_does_not_move(given):
    """Nadir never leaves the body's own +z; and nothing turns without an orbit."""
    case, assembly, env = made("tracking.0.at=nadir")
    joints = motion(assembly, case.tracking, env, 12)
    assert len(joints.joints) == 1
    assert not joints.moves
    assert len(joints.times) == 1
    none = motion(assembly, given[0].tracking, None, 12)
    assert not none.moves
    assert none.points(assembly, 0.0) is assembly.points


def test_rotation_between_samples_lies_between_them(given):
    """A rotation, and nearer to either end than they are to one another."""
    joint = turned(given).joints[0]
    i = int(np.flatnonzero(np.diff(joint.times) > 0)[3])
    middle = joint.at(float(joint.times[i] + joint.times[i + 1]) / 2)
    assert middle @ middle.T == pytest.approx(np.eye(3), abs=1e-12)
    ends = [np.abs(middle - joint.rotation[k]).max() for k in (i, i + 1)]
    assert max(ends) < np.abs(joint.rotation[i] - joint.rotation[i + 1]).max()
    assert joint.at(float(joint.times[i])) == pytest.approx(joint.rotation[i], abs=1e-12)
