"""Circular orbits: period, sun-synchronous inclination, critical beta and cylinder eclipse against closed-form values."""

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.elements import period, sun_synchronous_inclination
from orbit.environment import EnvironmentSettings, environment, orbit_summary
from orbit.kinds.analytic import Beta
from orbit.shadow import critical_beta, eclipse_fraction

# h [km], T [s], i [deg], beta* [deg], f(0), eclipse at beta 0 [s], f(30), f(45), f(60)
# with mu 398600.4418 km3/s2, J2 1.08262668e-3, R 6378.137 km
TABLE = [
    (400, 5553.624, 97.03004, 70.21793, 0.39009962, 2166.467, 0.37219812, 0.34113306, 0.26332861),
    (500, 5676.978, 97.40181, 68.01867, 0.37788152, 2145.225, 0.35773411, 0.32243722, 0.23072217),
    (550, 5738.993, 97.59295, 67.01595, 0.37231082, 2136.689, 0.35110968, 0.31378280, 0.21473545),
    (600, 5801.232, 97.78767, 66.06653, 0.36703630, 2129.263, 0.34481847, 0.30550295, 0.19873255),
    (650, 5863.694, 97.98600, 65.16412, 0.36202287, 2122.791, 0.33882036, 0.29754841, 0.18253082),
    (700, 5926.379, 98.18798, 64.30355, 0.35724197, 2117.151, 0.33308267, 0.28987895, 0.16591329),
    (800, 6052.414, 98.60311, 62.69166, 0.34828701, 2107.977, 0.32228492, 0.27526644, 0.13015769),
    (1000, 6307.119, 99.47933, 59.82161, 0.33234226, 2096.122, 0.30287236, 0.24828030, 0.0),
]


def test_period_inclination_and_eclipse_follow_the_closed_forms():
    """T = 2 pi sqrt(a^3/mu), cos i = -n_s / (1.5 n J2 (R/a)^2), f = acos(sqrt(h^2 + 2Rh) / ((R + h) cos b)) / pi, each to 1e-6."""
    h, T, i, critical, *rest = np.array(TABLE).T
    altitude = h * 1e3
    np.testing.assert_allclose(period(altitude), T, rtol=1e-6)
    np.testing.assert_allclose(np.degrees(sun_synchronous_inclination(altitude)), i, rtol=1e-6)
    np.testing.assert_allclose(np.degrees(critical_beta(altitude)), critical, rtol=1e-6)
    fractions = eclipse_fraction(altitude[:, None], np.radians([0.0, 30.0, 45.0, 60.0]))
    np.testing.assert_allclose(fractions, np.stack([rest[0], *rest[2:]], axis=1), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(fractions[:, 0] * period(altitude), rest[1], rtol=1e-6)


@pytest.mark.parametrize("beta_deg", [0.0, 30.0, 45.0, 60.0, 66.9])
def test_root_found_cylinder_edges_agree_with_the_closed_form(beta_deg):
    """Two independent ways to the same cylinder: crossing times by bisection, and the arc cosine."""
    orbit = Beta(altitude=550e3, beta=np.radians(beta_deg))
    found = orbit_summary(
        environment(orbit, EnvironmentSettings(shadow="cylinder"), Attitude(Pointing("+z", "nadir"), Pointing("+x", "velocity")))
    )
    exact = float(eclipse_fraction(550e3, np.radians(beta_deg)))
    assert found["eclipse_fraction"] == pytest.approx(exact, abs=1e-9)
    assert found["umbra_s"] == pytest.approx(exact * found["period_s"], abs=1e-5)
    assert found["penumbra_s"] == 0.0
