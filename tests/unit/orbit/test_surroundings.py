"""Test chamber, Earth infrared by latitude, and what a beta orbit cannot say."""

from datetime import UTC, datetime

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.chamber import Chamber
from orbit.environment import EnvironmentSettings, environment, irradiance, orbit_summary
from orbit.infrared import zonal_infrared, zonal_profile
from orbit.kinds.analytic import Beta, Circular, SunSynchronous
from orbit.planet import plate_view_factor

NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
JUNE = datetime(2027, 6, 21, tzinfo=UTC)
BOX = np.concatenate([np.eye(3), -np.eye(3)])


def test_a_chamber_is_shroud_and_lamp_and_no_planet():
    env = environment(None, Chamber(shroud=100.0, lamp_flux=1400.0, lamp_direction=(2.0, 0.0, 0.0)), None)
    flux = irradiance(env, BOX)
    np.testing.assert_allclose(flux.direct, np.tile([1400.0, 0, 0, 0, 0, 0], (len(env.times), 1)))
    assert not np.any(flux.albedo)
    assert not np.any(flux.infrared)
    assert env.sink == 100.0
    assert env.assumptions[0].startswith("test chamber: black shroud at -173.15 degC all around, lamp of 1400 W/m2")
    figures = orbit_summary(env)
    assert figures["eclipse_s"] == 0
    assert figures["beta_deg"] is None


def test_chamber_and_orbit_say_what_they_need():
    with pytest.raises(ValueError, match=r"environment.lamp_direction must not be a zero vector"):
        Chamber(shroud=100.0, lamp_direction=(0.0, 0.0, 0.0))
    with pytest.raises(
        ValueError, match=r'needs the tables \[orbit\] and \[attitude\]; a test on the ground is environment.kind = "chamber"'
    ):
        environment(None, EnvironmentSettings(), NADIR)


def test_zonal_infrared_keeps_the_mean_of_the_globe():
    """Averaged over all places (Legendre polynomials vanish) the plate sees the uniform planet, and the deviation has the right sign."""
    x, w = np.polynomial.legendre.leggauss(12)
    n = len(x)
    nadir = np.tile([0.0, 0.0, 1.0], (n, 1))
    pole = np.stack([np.sqrt(1 - x**2), 0 * x, -x], axis=-1)
    normals = np.tile(np.array([[0.0, 0.0, 1.0], [0.6, 0.0, 0.8]]), (n, 1, 1))
    seen = zonal_infrared(np.full(n, 6928137.0), nadir, pole, normals, (-0.1, -0.26), 6378137.0)
    uniform = float(plate_view_factor(6928137.0 / 6378137.0, 0.0))
    assert float(np.sum(w * seen[:, 0]) / 2) == pytest.approx(uniform, rel=1e-6)
    assert seen[0, 0] < uniform
    assert seen[-1, 0] < seen[0, 0]


def test_zonal_infrared_far_away_is_the_local_emission_of_a_degree_two_field():
    """A nadir plate just above the ground sees the emission below it: 1 + c1 s + c2 P2(s)."""
    nadir, pole = np.array([[0.0, 0.0, 1.0]]), np.array([[0.8, 0.0, -0.6]])
    seen = zonal_infrared(np.array([6378137.0 * 1.0005]), nadir, pole, nadir[:, None, :], (-0.1, -0.26), 6378137.0)
    assert float(seen[0, 0]) == pytest.approx(1 - 0.1 * 0.6 - 0.26 * (1.5 * 0.36 - 0.5), rel=3e-3)


def test_season_of_the_emission():
    """The northern hemisphere emits less in December and more in June."""
    assert zonal_profile(datetime(2026, 12, 22, tzinfo=UTC))[0] < -0.09
    assert zonal_profile(JUNE)[0] > 0.09
    assert zonal_profile(None)[0] == 0.0


def test_a_polar_orbit_sees_less_infrared_by_latitude_and_an_equatorial_one_more():
    """Cold caps: 5 to 9 % less over the poles, 5 to 9 % more along the equator."""
    by_latitude, uniform = EnvironmentSettings(earth_ir_by="latitude"), EnvironmentSettings()
    for orbit, low, high in (
        (SunSynchronous(altitude=550e3, ltan=10.5 * 3600, epoch=JUNE), 0.91, 0.95),
        (Circular(altitude=550e3, inclination=0.0, epoch=JUNE), 1.05, 1.14),
    ):
        ratio = [float(np.mean(irradiance(environment(orbit, s, NADIR), -np.eye(3)[2:]).infrared)) for s in (by_latitude, uniform)]
        assert low < ratio[0] / ratio[1] < high


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"earth_ir_by": "latitude"}, "environment.earth_ir_by: a beta orbit has no equator"),
        ({"shadow": "oblate"}, "environment.shadow: a beta orbit has no equator"),
    ],
)
def test_a_beta_orbit_has_no_equator(change, words):
    with pytest.raises(ValueError, match=words):
        environment(Beta(altitude=550e3, beta=0.3), EnvironmentSettings(**change), NADIR)
