"""Shadow, for any orbit: monotone in beta, between 0 and 1, continuous; the oblate Earth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbit.attitude import Attitude, Pointing
from orbit.elements import EARTH_RADIUS, SunSynchronous
from orbit.environment import EnvironmentSettings, environment, orbit_summary
from orbit.shadow import eclipse_fraction, illumination, margins
from orbit.sun import AU, SUN_RADIUS


@given(st.floats(150e3, 36000e3), st.floats(0.0, 1.57), st.floats(0.0, 1.57))
def test_eclipse_shrinks_as_the_sun_leaves_the_plane(altitude, first, second):
    """Monotone in |beta|, the same for both signs, never above a half."""
    low, high = sorted((first, second))
    assert 0.5 > float(eclipse_fraction(altitude, low)) >= float(eclipse_fraction(altitude, high)) >= 0
    assert float(eclipse_fraction(altitude, -low)) == float(eclipse_fraction(altitude, low))


@given(st.floats(1.024, 50.0), st.floats(0.0, np.pi))
def test_illumination_is_a_fraction_and_does_not_jump(ratio, angle):
    """Between 0 and 1, and over a step of 1e-6 rad it changes by no more than the disc's steepest slope allows."""
    places = ratio * EARTH_RADIUS * np.array([[np.cos(x), np.sin(x), 0.0] for x in (angle, angle + 1e-6)])
    seen = illumination(places, np.array([AU, 0.0, 0.0]))
    assert np.all((seen >= 0) & (seen <= 1))
    height = np.sqrt(ratio**2 - 1)
    assert abs(seen[1] - seen[0]) < 1e-6 * (1 + ratio / height) * AU / SUN_RADIUS


def test_illumination_equals_a_sum_over_the_disc():
    """Rays to 2e5 points of the solar disc past a sphere: to 1e-4, tighter than the flat two-disc formula."""
    r = EARTH_RADIUS + 550e3
    sun = np.array([AU, 0.0, 0.0])
    angle = np.radians(np.linspace(112.8, 113.3, 9))
    n = 450
    radius = np.sqrt((np.arange(n) + 0.5) / n) * SUN_RADIUS
    phase = (np.arange(n) + 0.5) / n * 2 * np.pi
    disc = np.stack([np.zeros((n, n)), radius[:, None] * np.cos(phase), radius[:, None] * np.sin(phase)], axis=-1).reshape(-1, 3)
    for x in angle:
        place = r * np.array([np.cos(x), np.sin(x), 0.0])
        ray = sun + disc - place
        ray = ray / np.linalg.norm(ray, axis=1, keepdims=True)
        along = ray @ -place
        miss = np.sqrt(np.maximum(r**2 - along**2, 0.0))
        exact = float(np.mean((miss > EARTH_RADIUS) | (along < 0)))
        assert float(illumination(place, sun)) == pytest.approx(exact, abs=3e-4)


def test_the_margins_are_the_edges_of_the_disc():
    """Illumination leaves 1 where the penumbra margin is zero and reaches 0 where the umbra margin is."""
    x = np.radians(np.linspace(112.0, 114.0, 20001))
    place = 6928137.0 * np.stack([np.cos(x), np.sin(x), 0 * x], axis=-1)
    sun = np.array([AU, 0.0, 0.0])
    outer, inner = margins(place, sun)
    seen = illumination(place, sun)
    np.testing.assert_array_equal(seen == 1, outer >= 0)
    np.testing.assert_array_equal(seen == 0, inner <= 0)


def test_a_flattened_earth_lets_a_polar_orbit_out_of_the_shadow_earlier():
    """The polar radius is 21 km shorter: an eclipse that crosses the poles' limb is some seconds shorter, never longer."""
    orbit = SunSynchronous(altitude=550e3, ltan=10.5 * 3600)
    nadir = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
    cone, oblate = (orbit_summary(environment(orbit, EnvironmentSettings(shadow=s), nadir))["eclipse_s"] for s in ("cone", "oblate"))
    assert 1.0 < cone - oblate < 20.0
