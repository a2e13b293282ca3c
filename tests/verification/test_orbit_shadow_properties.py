"""Shadow, for any orbit: monotone in beta, between 0 and 1, continuous; the oblate Earth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbit.attitude.pointing import Attitude, Pointing
from orbit.elements import EARTH_RADIUS
from orbit.environment import EnvironmentSettings, environment, orbit_summary
from orbit.kinds.analytic import SunSynchronous
from orbit.shadow import FLATTENING, eclipse_fraction, illumination, margins
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
    """Rays to 4e5 points of the solar disc past a sphere: to 4e-5, five times tighter than two flat discs would be."""
    r = EARTH_RADIUS + 550e3
    sun = np.array([AU, 0.0, 0.0])
    angle = np.radians(np.linspace(112.75, 113.2, 5))
    k = np.arange(400000)
    radius, phase = np.sqrt((k + 0.5) / len(k)) * SUN_RADIUS, k * np.pi * (3 - np.sqrt(5))  # sunflower
    disc = np.stack([0 * radius, radius * np.cos(phase), radius * np.sin(phase)], axis=-1)
    for x in angle:
        place = r * np.array([np.cos(x), np.sin(x), 0.0])
        ray = sun + disc - place
        ray = ray / np.linalg.norm(ray, axis=1, keepdims=True)
        along = ray @ -place
        miss = np.sqrt(np.maximum(r**2 - along**2, 0.0))
        exact = float(np.mean((miss > EARTH_RADIUS) | (along < 0)))
        assert float(illumination(place, sun)) == pytest.approx(exact, abs=4e-5)


def test_the_flattened_shadow_equals_a_sum_over_the_disc():
    """Rays past the ellipsoid itself, satellite over 60 degrees of latitude: to 2e-3 of the disc, 0.02 s of a crossing."""
    k = np.arange(100000)
    radius, phase = np.sqrt((k + 0.5) / len(k)) * SUN_RADIUS, k * np.pi * (3 - np.sqrt(5))
    disc = np.stack([0 * radius, radius * np.cos(phase), radius * np.sin(phase)], axis=-1)
    sun = np.array([AU, 0.0, 0.0])
    stretch = np.array([1.0, 1.0, 1 / (1 - FLATTENING)])
    partly = 0
    for x in np.radians(np.linspace(112.9, 113.6, 15)):
        place = 6928137.0 * np.array([np.cos(x), 0.5 * np.sin(x), np.sqrt(0.75) * np.sin(x)])
        ray = (sun + disc - place) * stretch
        ray = ray / np.linalg.norm(ray, axis=1, keepdims=True)
        along = ray @ -(place * stretch)
        miss = np.sqrt(np.maximum(np.sum((place * stretch) ** 2) - along**2, 0.0))
        exact = float(np.mean((miss > EARTH_RADIUS) | (along < 0)))
        partly += 0 < exact < 1
        assert float(illumination(place, sun, shape="oblate")) == pytest.approx(exact, abs=2e-3)
    assert partly >= 5


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
