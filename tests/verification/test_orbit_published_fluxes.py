"""Fluxes on a unit plate in orbit against published ESATAN-TMS outputs, and Basilisk's albedo number."""

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.environment import EnvironmentSettings, environment, irradiance
from orbit.kinds.analytic import Beta
from orbit.planet import albedo_factor

# ESATAN-TMS in "Modular Thermal Analysis for CubeSats and PocketQubes", MSc thesis, TU Delft; z is velocity, x zenith; inputs are inferred
SETTINGS = EnvironmentSettings(solar_flux=1413.55, albedo=0.306, earth_ir=238.0, shadow="cylinder", planet_radius=6371e3)
ATTITUDE = Attitude(Pointing("+z", "velocity"), Pointing("+x", "zenith"))
FACES = {"velocity": [0.0, 0.0, 1.0], "nadir": [-1.0, 0.0, 0.0]}
# face, beta [deg], h [km], Earth infrared, albedo at t = 0, peak sampled sunlight [W/m2]
TABLE = [
    ("velocity", 0, 300, 74.8337, 135.822, 1410.746),
    ("velocity", 0, 408, 68.6450, 124.257, 1410.768),
    ("velocity", 0, 1000, 46.5077, 82.706, 1410.746),
    ("nadir", 0, 408, 208.9572, 379.555, 477.192),
    ("velocity", 45, 408, 68.6450, 87.926, 997.547),
    ("velocity", 80, 408, 68.6450, 21.727, 244.973),
]


@pytest.mark.parametrize(("face", "beta_deg", "altitude_km", "infrared", "albedo", "sunlight"), TABLE)
def test_unit_plate_fluxes(face, beta_deg, altitude_km, infrared, albedo, sunlight):
    """Infrared to 1.5 %, albedo at the sub-solar point to 1.5 W/m2, peak sunlight to 0.5 % (nadir: 1.5 %, it depends on the sampling)."""
    env = environment(Beta(altitude=altitude_km * 1e3, beta=np.radians(beta_deg)), SETTINGS, ATTITUDE)
    flux = irradiance(env, np.array([FACES[face]]))
    assert flux.infrared[0, 0] == pytest.approx(infrared, rel=0.015)
    assert flux.albedo[0, 0] == pytest.approx(albedo, abs=1.5)
    assert np.max(flux.direct) == pytest.approx(sunlight, rel=0.015 if face == "nadir" else 0.005)


def test_eclipse_edges_of_the_published_run():
    """408 km, beta 0: 1698.8 to 3862.1 s in the published file, to 8 s."""
    env = environment(Beta(altitude=408e3, beta=0.0), SETTINGS, ATTITUDE)
    np.testing.assert_allclose(env.edges, [1698.8, 3862.1], atol=8.0)


def test_basilisk_albedo_ratio():
    """Uniform albedo 0.5, 6000 km up, 109 deg from the sub-solar point: 0.004174209 on Basilisk's grid (its test_albedo.py), to 0.5 %."""
    ratio = (6378136.6 + 6000e3) / 6378136.6
    assert 0.5 * float(albedo_factor(ratio, np.radians(109.0), 0.0, 0.0)) == pytest.approx(0.0041742091770790, rel=5e-3)
