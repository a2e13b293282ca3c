"""Articulated parts."""

from datetime import UTC, datetime

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing, axis_vector
from orbit.environment import EnvironmentSettings, environment, irradiance
from orbit.joints import OneAxis, TwoAxis, joint_angles, joint_rotation
from orbit.kinds.analytic import SunSynchronous

NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
ENV = environment(SunSynchronous(altitude=550e3, ltan=10.5 * 3600, epoch=datetime(2027, 6, 21, tzinfo=UTC)), EnvironmentSettings(), NADIR)


def normal_of(joint):
    return np.einsum("nij,j->ni", joint_rotation(joint, ENV), axis_vector(joint.normal))


def test_one_axis_about_the_orbit_normal_loses_the_cosine_of_beta():
    """The Sun stands beta off the plane in which the array turns."""
    normal = normal_of(OneAxis(axis="+y", normal="+z"))
    np.testing.assert_allclose(np.sum(normal * ENV.sun, axis=1), np.cos(ENV.beta), atol=1e-12)


@pytest.mark.parametrize(
    "joint", [TwoAxis(axis="+y", normal="+z"), TwoAxis(axis="-z", normal="+x", at="anti_sun"), TwoAxis(axis="+x", normal="-y", at="nadir")]
)
def test_two_axes_follow_exactly(joint):
    target = {"sun": ENV.sun, "anti_sun": -ENV.sun, "nadir": ENV.nadir}[joint.at]
    np.testing.assert_allclose(normal_of(joint), target, atol=1e-12)
    rotation = joint_rotation(joint, ENV)
    np.testing.assert_allclose(rotation @ np.swapaxes(rotation, 1, 2), np.tile(np.eye(3), (len(ENV.times), 1, 1)), atol=1e-12)


def test_a_stop_holds_the_joint():
    joint = OneAxis(axis="+y", normal="+z", stop=np.radians(60))
    assert np.max(np.abs(joint_angles(joint, ENV))) == pytest.approx(np.radians(60))


def test_a_moving_face_gets_its_own_sunlight():
    """Irradiance takes one normal per time: full sunlight outside the shadow with two axes."""
    flux = irradiance(ENV, normal_of(TwoAxis(axis="+y", normal="+z"))[:, None, :])
    np.testing.assert_allclose(flux.direct[:, 0], 1361.0 * ENV.illumination, rtol=1e-12)


@pytest.mark.parametrize("kind", [OneAxis, TwoAxis])
def test_a_normal_along_the_axis_is_refused(kind):
    with pytest.raises(ValueError, match=r"tracking.normal -y lies along tracking.axis \+y: turning about it would not move it"):
        kind(axis="+y", normal="-y")
