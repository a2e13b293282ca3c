"""Albedo of a diffuse sphere, integrated over the cap that is visible and lit."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orbit import planet
from orbit.planet import albedo_factor, plate_view_factor

R = 6371.0


def test_nadir_and_edge_on_plates_match_the_quadrature_of_the_whole_cap():
    """At 90 deg between Sun and satellite the albedo is small, not zero; F cos(theta) would give 0.847 and 0."""
    ratio = (R + 550) / R
    zenith = np.radians([0, 60, 80, 90, 100])
    np.testing.assert_allclose(albedo_factor(ratio, zenith, 0.0, 0.0), [0.8417899, 0.4208949, 0.1472227, 0.0251889, 0.0010474], atol=1e-6)
    assert float(albedo_factor(ratio, 0.0, np.pi / 2, 0.0)) == pytest.approx(0.254837, abs=1e-6)


def test_other_altitudes():
    """Sun overhead from 300 to 1000 km, and 90 deg at 650 km."""
    h = np.array([300, 408, 650, 1000])
    np.testing.assert_allclose(albedo_factor((R + h) / R, 0.0, 0.0, 0.0), [0.90974, 0.87956, 0.81645, 0.73538], atol=1e-5)
    assert float(albedo_factor((R + 650) / R, np.pi / 2, 0.0, 0.0)) == pytest.approx(0.02795, abs=1e-5)


def brute_force(ratio, zenith, tilt, azimuth, n=800):
    """Midpoint sum over the visible cap."""
    psi = (np.arange(n) + 0.5) / n * np.arccos(1 / ratio)
    phi = (np.arange(n) + 0.5) / n * 2 * np.pi
    psi, phi = np.meshgrid(psi, phi, indexing="ij")
    ground = np.stack([np.sin(psi) * np.cos(phi), np.sin(psi) * np.sin(phi), np.cos(psi)], axis=-1)
    ray = ground - [0.0, 0.0, ratio]
    d = np.linalg.norm(ray, axis=-1)
    sun = np.array([np.sin(zenith), 0.0, np.cos(zenith)])
    normal = np.array([np.sin(tilt) * np.cos(azimuth), np.sin(tilt) * np.sin(azimuth), -np.cos(tilt)])
    lit, seen = np.maximum(ground @ sun, 0.0), np.maximum(ray @ normal / d, 0.0)
    emission = -np.sum(ray * ground, axis=-1) / d
    area = np.sin(psi) * np.arccos(1 / ratio) / n * 2 * np.pi / n
    return float(np.sum(lit * seen * emission / d**2 * area) / np.pi)


@pytest.mark.parametrize(
    "degrees", [(20, 40, 30), (75, 90, 0), (75, 90, 180), (85, 110, 60), (95, 75, 10), (110, 60, 0), (30, 150, 90), (100, 90, 120)]
)
@pytest.mark.parametrize("ratio", [1.05, 1.5])
def test_any_tilt_and_sun_agrees_with_a_direct_sum(ratio, degrees):
    """Tilted plates, low Sun, partly set plates: to 4e-6, the error of the sum."""
    angles = np.radians(degrees)
    assert float(albedo_factor(ratio, *angles)) == pytest.approx(brute_force(ratio, *angles), abs=4e-6)


def test_the_quadrature_is_converged(monkeypatch):
    """Against 8 times as many points: 1e-7 of the factor from 150 km to 10 radii, any direction."""
    rng = np.random.default_rng(1)
    n = 1000
    cases = (1 + 10 ** rng.uniform(-1.63, 1, n), np.arccos(rng.uniform(-1, 1, n)), np.arccos(rng.uniform(-1, 1, n)), rng.uniform(-9, 9, n))
    usual = albedo_factor(*cases)
    monkeypatch.setattr(planet, "POINTS", 8 * planet.POINTS)
    assert np.max(np.abs(usual - albedo_factor(*cases))) < 2e-7


@settings(max_examples=50)
@given(st.floats(1.02, 20.0), st.floats(0.0, np.pi), st.floats(0.0, np.pi), st.floats(-7.0, 7.0))
def test_albedo_is_never_negative_nor_above_infrared_of_the_same_plate(ratio, zenith, tilt, azimuth):
    """A sphere nowhere brighter than overhead Sun cannot send more than a uniform one."""
    assert -1e-12 <= float(albedo_factor(ratio, zenith, tilt, azimuth)) <= float(plate_view_factor(ratio, tilt)) + 1e-7


def test_an_orbit_of_thirty_faces_takes_well_under_a_second():
    """300 times by 30 normals."""
    rng = np.random.default_rng(2)
    start = time.process_time()
    albedo_factor(1.0863, rng.uniform(0, 3, (300, 1)), rng.uniform(0, 3, (300, 30)), rng.uniform(0, 6, (300, 30)))
    assert time.process_time() - start < 1.5
