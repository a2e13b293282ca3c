"""Keplerian motion: Kepler's equation, energy and angular momentum, J2 drift of a sun-synchronous node."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbit.attitude.pointing import Attitude, Pointing
from orbit.elements import MU, period, sun_synchronous_inclination
from orbit.environment import EnvironmentSettings, environment, orbit_summary
from orbit.kepler import MeanElements, mean_elements, solve_kepler
from orbit.kinds.analytic import Circular, Keplerian

EPOCH = datetime(2027, 3, 1, tzinfo=UTC)
NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "orbit_normal"))


@given(st.floats(-20.0, 20.0), st.floats(0.0, 0.99))
def test_keplers_equation_holds(mean_anomaly, eccentricity):
    """E - e sin E = M to 1e-12 for every ellipse."""
    E = float(solve_kepler(np.array([mean_anomaly]), eccentricity)[0])
    assert E - eccentricity * np.sin(E) == pytest.approx(mean_anomaly, abs=1e-12)


def test_the_ellipse_keeps_energy_and_angular_momentum():
    """v^2/2 - mu/r = -mu/2a and |r x v|^2 = mu a (1 - e^2), and the velocity is the derivative of the position."""
    a, e = 26600e3, 0.72
    ellipse = MeanElements(a, e, 1.1, 0.4, 4.7, 0.2).frozen()
    t = np.linspace(0, 43000, 301)
    r, v = ellipse.state(t)
    energy = np.sum(v**2, axis=1) / 2 - MU / np.linalg.norm(r, axis=1)
    np.testing.assert_allclose(energy, -MU / (2 * a), rtol=1e-11)
    np.testing.assert_allclose(np.sum(np.cross(r, v) ** 2, axis=1), MU * a * (1 - e**2), rtol=1e-11)
    np.testing.assert_allclose((ellipse.state(t + 0.5)[0] - ellipse.state(t - 0.5)[0]), v, rtol=0, atol=1e-3)


def test_j2_turns_a_sun_synchronous_node_once_a_year():
    """360 degrees in a tropical year, seen in the plane's normal."""
    elements = mean_elements(6928137.0, 0.0, float(sun_synchronous_inclination(550e3)), 0.3)
    later = elements.at(365.2422 * 86400.0)
    assert later.raan - elements.raan == pytest.approx(2 * np.pi, rel=1e-12)


def test_a_circle_given_by_elements_is_the_circular_orbit():
    """Same period and eclipse duration; t = 0 is the epoch instead of noon, so the shadow may lie anywhere in the revolution."""
    shape = {"inclination": 0.9, "raan": 1.0, "epoch": EPOCH}
    circle = environment(Circular(altitude=550e3, **shape), EnvironmentSettings(), NADIR)
    for anomaly in (0.0, 2.0, 4.0):
        kepler = environment(
            Keplerian(semi_major_axis=6928137.0, eccentricity=0.0, mean_anomaly=anomaly, **shape), EnvironmentSettings(), NADIR
        )
        first, second = orbit_summary(circle), orbit_summary(kepler)
        for key in ("period_s", "eclipse_s", "umbra_s", "beta_deg"):
            assert second[key] == pytest.approx(first[key], rel=1e-6)
        gaps = np.diff(np.append(kepler.edges, kepler.edges[0])) % kepler.period
        np.testing.assert_allclose(gaps, np.diff(np.append(circle.edges, circle.edges[0])) % circle.period, atol=1e-3)


def test_an_eccentric_orbit_carries_its_own_distance():
    """Perigee at t = 0; distance from a(1 - e) to a(1 + e), infrared on the nadir face falls as the square."""
    orbit = Keplerian(semi_major_axis=10000e3, eccentricity=0.3, inclination=0.5, epoch=EPOCH)
    env = environment(orbit, EnvironmentSettings(), NADIR)
    assert env.distance[0] == pytest.approx(7000e3)
    assert np.max(env.distance) == pytest.approx(13000e3)
    assert env.period == pytest.approx(float(period(10000e3 - 6378137.0)))
