"""The environment of a revolution."""

from datetime import UTC, datetime

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.environment import EnvironmentSettings, environment, irradiance, orbit_summary, place
from orbit.kinds.analytic import Beta, Circular, SunSynchronous

NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
SUNWARD = Attitude(Pointing("+z", "sun"), Pointing("+x", "orbit_normal"))
JUNE = datetime(2027, 6, 21, tzinfo=UTC)
MORNING = SunSynchronous(altitude=550e3, ltan=10.5 * 3600, epoch=JUNE)
BOX = np.concatenate([np.eye(3), -np.eye(3)])


def test_arrays_have_the_shapes_and_edges_the_rest_relies_on():
    env = environment(MORNING, EnvironmentSettings(preset="hot"), SUNWARD)
    n = len(env.times)
    assert env.times[0] == 0.0
    assert env.times[-1] == env.period
    assert np.all(np.diff(env.times) >= 0)
    assert env.sun.shape == env.nadir.shape == env.velocity.shape == (n, 3)
    assert env.distance.shape == env.illumination.shape == (n,)
    for vectors in (env.sun, env.nadir, env.velocity):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert all(np.sum(env.times == edge) == 2 for edge in env.edges)
    inside = (env.times > env.edges[0]) & (env.times < env.edges[1])
    assert np.sum(inside) >= 15
    assert np.all(np.diff(env.illumination[inside]) < 0)
    np.testing.assert_allclose(env.sun, np.tile([0.0, 0.0, 1.0], (n, 1)), atol=1e-12)


def test_orbit_noon_is_at_zero():
    """At t = 0 the satellite is as near to the sub-solar point as the plane allows: the angle to the Sun is |beta|."""
    env = environment(MORNING, EnvironmentSettings(), NADIR)
    assert float(env.sun[0] @ -env.nadir[0]) == pytest.approx(np.cos(env.beta), abs=1e-12)


def test_cylinder_edges_carry_both_limits():
    env = environment(MORNING, EnvironmentSettings(shadow="cylinder"), NADIR)
    entry, leave = (env.illumination[env.times == edge] for edge in env.edges)
    assert entry.tolist() == [1.0, 0.0]
    assert leave.tolist() == [0.0, 1.0]


def test_irradiance_of_a_box():
    """Infrared on opposite faces differs by cos/H^2; direct light obeys the cosine; nothing is negative."""
    env = environment(MORNING, EnvironmentSettings(preset="cold"), NADIR)
    flux = irradiance(env, BOX)
    n = len(env.times)
    assert flux.direct.shape == flux.albedo.shape == flux.infrared.shape == (n, 6)
    assert min(np.min(flux.direct), np.min(flux.albedo), np.min(flux.infrared)) >= -1e-9
    ratio = env.distance / env.planet_radius
    np.testing.assert_allclose(flux.infrared[:, 5] - flux.infrared[:, 2], 217.0 / ratio**2, rtol=1e-9)
    lit = env.illumination == 1
    total = np.sum(flux.direct[lit] ** 2, axis=1)
    np.testing.assert_allclose(total, 1316.6**2, rtol=1e-9)
    assert np.all(flux.direct[env.illumination == 0] == 0)


def test_no_albedo_below_nothing():
    """A face away from the lit half of the planet at a beta angle of -90 degrees had -8e-17 W/m2, which tables printed as -0."""
    env = environment(Beta(altitude=550e3, beta=-np.pi / 2), EnvironmentSettings(shadow="cylinder"), NADIR)
    assert np.all(irradiance(env, np.concatenate([np.eye(3), -np.eye(3)])).albedo >= 0.0)


def test_presets_overrides_and_season():
    plain = orbit_summary(environment(MORNING, EnvironmentSettings(), NADIR))
    assert (plain["solar_W_m2"], plain["albedo"], plain["earth_ir_W_m2"]) == (1361.0, 0.30, 237.0)
    own = orbit_summary(environment(MORNING, EnvironmentSettings(preset="hot", albedo=0.1, earth_ir=200.0), NADIR))
    assert (own["solar_W_m2"], own["albedo"], own["earth_ir_W_m2"]) == (1407.7, 0.1, 200.0)
    said = " ".join(environment(MORNING, EnvironmentSettings(solar_flux=1000.0, albedo=0.1, earth_ir=200.0), NADIR).assumptions)
    assert "preset" not in said
    assert "albedo set to 0.1 by the case" in said
    assert "Earth infrared set to 200 W/m2" in said
    season = orbit_summary(environment(MORNING, EnvironmentSettings(solar="seasonal"), NADIR))
    assert season["solar_W_m2"] == pytest.approx(1361.0 / 1.0163**2, rel=5e-4)


def test_contradicting_fluxes_are_refused_with_advice():
    with pytest.raises(
        ValueError, match=r'environment.solar "seasonal" contradicts environment.preset "hot": keep the preset for a design case'
    ):
        EnvironmentSettings(preset="hot", solar="seasonal")
    with pytest.raises(ValueError, match=r'environment.solar_flux contradicts environment.solar "seasonal"'):
        EnvironmentSettings(solar_flux=1400.0, solar="seasonal")
    with pytest.raises(ValueError, match=r"a beta orbit has none: choose a preset or solar_flux_W_m2"):
        environment(Beta(altitude=550e3, beta=0.0), EnvironmentSettings(solar="seasonal"), NADIR)


@pytest.mark.parametrize(("flux", "warned"), [(1414.0, True), (1322.5, True), (1361.0, False), (1407.7, False)])
def test_the_1367_pair_is_noticed(flux, warned):
    said = environment(MORNING, EnvironmentSettings(solar_flux=flux), NADIR).assumptions
    assert any("solar constant of 1367" in sentence for sentence in said) is warned


def test_parallel_targets_name_the_time():
    """At beta 0 the Sun stands in the zenith at orbit noon."""
    with pytest.raises(ValueError, match=r"'nadir' lies along attitude.point.at 'sun' at t = 0 s"):
        environment(Beta(altitude=550e3, beta=0.0), EnvironmentSettings(), Attitude(Pointing("+z", "sun"), Pointing("+x", "nadir")))


def test_defaults_are_stated():
    env = environment(Circular(altitude=550e3, inclination=0.9), EnvironmentSettings(), NADIR)
    assert any("March equinox" in sentence for sentence in env.assumptions)
    assert orbit_summary(environment(Beta(altitude=550e3, beta=0.5), EnvironmentSettings(), NADIR))["inclination_deg"] is None


@pytest.mark.parametrize("beta_deg", [-90.0, 90.0])
def test_the_sun_on_the_orbit_normal(beta_deg):
    """No noon, no eclipse; still a whole revolution."""
    env = environment(Beta(altitude=550e3, beta=np.radians(beta_deg)), EnvironmentSettings(), NADIR)
    assert np.degrees(env.beta) == pytest.approx(beta_deg)
    assert len(env.edges) == 0
    assert np.min(irradiance(env, np.array([[0.0, 0.0, -1.0]])).albedo) > 0.02 * 0.3 * 1361


def test_named_epochs_find_the_seasons_of_a_dusk_orbit():
    """LTAN 18:00 at 550 km: eclipses around the June solstice only, the longest one there, the hottest revolution near perihelion."""
    dusk = {word: SunSynchronous(altitude=550e3, ltan=18 * 3600.0, epoch=word) for word in ("hottest", "coldest", "longest_eclipse")}
    found = {word: environment(orbit, EnvironmentSettings(solar="seasonal"), NADIR) for word, orbit in dusk.items()}
    assert orbit_summary(found["longest_eclipse"])["eclipse_s"] / 60 == pytest.approx(21.9, abs=0.3)
    assert orbit_summary(found["hottest"])["eclipse_s"] == 0
    assert found["hottest"].solar > 1400
    assert found["coldest"].solar < 1320
    assert any("epoch longest_eclipse: 2027-06-2" in sentence for sentence in found["longest_eclipse"].assumptions)


def test_the_place_is_the_orbit_itself():
    """In GCRF: radius a, in a plane whose normal stands at the inclination."""
    env = environment(MORNING, EnvironmentSettings(), NADIR)
    where = place(env)
    np.testing.assert_allclose(np.linalg.norm(where, axis=1), 6928137.0)
    normal = np.cross(where[0], where[40])
    pole = env.rotation[0].T @ env.pole[0]
    assert np.arccos(normal @ pole / np.linalg.norm(normal)) == pytest.approx(env.inclination, abs=1e-9)


def test_times_of_a_like_revolution_are_followed_from_edge_to_edge():
    """At another beta angle the tables are as long, every edge stands at the place of its like, and what lies between has its phase."""
    settings = EnvironmentSettings()
    one, another = (Beta(altitude=550e3, beta=np.radians(angle)) for angle in (10.0, 50.0))
    first = environment(one, settings, NADIR)
    other = environment(another, settings, NADIR, like=first)
    assert len(other.times) == len(first.times)
    assert np.isin(first.times, first.edges).tolist() == np.isin(other.times, other.edges).tolist()
    knots = [np.concatenate([[0.0], np.sort(env.edges), [env.period]]) for env in (first, other)]
    assert other.times == pytest.approx(np.interp(first.times, *knots), abs=1e-6)
    assert other.edges == pytest.approx(environment(another, settings, NADIR).edges)
