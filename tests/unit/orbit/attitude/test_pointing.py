"""Two-vector pointing."""

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing, axis_vector, body_rotation, target_vector

DIRECTIONS = {
    "sun": np.array([[1.0, 0.2, 0.1], [0.0, 0.0, 1.0]]),
    "nadir": np.array([[0.0, -1.0, 0.0], [0.0, -1.0, 0.0]]),
    "velocity": np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
    "orbit_normal": np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]),
}
TIMES = np.array([0.0, 10.0])


@pytest.mark.parametrize("point", ["+x", "-y", "+z"])
@pytest.mark.parametrize("target", ["sun", "anti_sun", "nadir", "zenith"])
def test_the_first_axis_points_exactly_and_the_second_as_near_as_it_can(point, target):
    align = "+x" if point[1] != "x" else "-z"
    attitude = Attitude(Pointing(point, target), Pointing(align, "velocity" if target in ("nadir", "zenith") else "nadir"))
    rotation = body_rotation(attitude, DIRECTIONS, TIMES)
    np.testing.assert_allclose(rotation @ np.swapaxes(rotation, 1, 2), np.tile(np.eye(3), (2, 1, 1)), atol=1e-14)
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0)
    first = np.einsum("nij,nj->ni", rotation, target_vector(attitude.point, DIRECTIONS))
    np.testing.assert_allclose(first, np.tile(axis_vector(point), (2, 1)), atol=1e-14)
    second = np.einsum("nij,nj->ni", rotation, target_vector(attitude.align, DIRECTIONS))
    remaining = 3 - "xyz".index(point[1]) - "xyz".index(align[1])
    np.testing.assert_allclose(second[:, remaining], 0.0, atol=1e-14)
    assert np.all(second @ axis_vector(align) > 0)


def test_axes_and_targets_along_each_other_are_refused():
    with pytest.raises(ValueError, match=r"attitude.align.axis -z lies along attitude.point.axis \+z: choose two different body axes"):
        Attitude(Pointing("+z", "sun"), Pointing("-z", "nadir"))
    with pytest.raises(
        ValueError, match=r"attitude.align.at 'zenith' lies along attitude.point.at 'nadir': choose two different directions"
    ):
        Attitude(Pointing("+z", "nadir"), Pointing("+x", "zenith"))
    with pytest.raises(ValueError, match=r"axis 'up' is not one of"):
        Pointing("up", "sun")


def test_targets_that_meet_in_orbit_are_refused_with_the_time():
    together = DIRECTIONS | {"sun": np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 1e-4]])}
    with pytest.raises(ValueError, match=r"'nadir' lies along attitude.point.at 'sun' at t = 10 s.*for example velocity$"):
        body_rotation(Attitude(Pointing("+z", "sun"), Pointing("+x", "nadir")), together, TIMES)


def test_what_lies_along_the_orbit_normal_is_to_align_with_another_direction():
    normal = DIRECTIONS | {"sun": DIRECTIONS["orbit_normal"]}
    with pytest.raises(ValueError, match=r"for example (velocity|nadir)$"):
        body_rotation(Attitude(Pointing("+z", "sun"), Pointing("+x", "orbit_normal")), normal, TIMES)
