"""A year of a dawn-dusk orbit: eclipse season, longest eclipse and sunlit fraction."""

from datetime import UTC, datetime

import numpy as np
import pytest

from orbit.calendar import calendar
from orbit.elements import TROPICAL_YEAR, period, sun_synchronous_inclination
from orbit.kinds.analytic import SunSynchronous
from orbit.shadow import critical_beta, eclipse_fraction
from orbit.sun import beta_angle, orbit_normal

OBLIQUITY = np.radians(23.4393)
# h [km], smallest |beta| [deg], eclipse days a year, longest eclipse [min], mean sunlit fraction; LTAN 18:00, Earth on a circle, cylinder
TABLE = [
    (500, 59.1589, 103.77, 22.657, 0.945093),
    (550, 58.9677, 98.53, 21.660, 0.950850),
    (600, 58.7730, 93.47, 20.685, 0.956071),
    (650, 58.5747, 88.55, 19.727, 0.960828),
    (800, 57.9576, 74.43, 16.895, 0.972846),
    (1000, 57.0814, 56.12, 13.041, 0.984924),
    (1400, 55.1338, 0.0, 0.0, 1.0),
]


def year_of_the_mean_sun(altitude, eccentricity=0.0, node=np.pi / 2, count=200001):
    """|beta| and eclipse fraction at even steps of mean longitude; the node stands `node` ahead of the mean Sun."""
    longitude = np.linspace(0, 2 * np.pi, count)
    anomaly = longitude - np.radians(283.3)
    true = longitude + 2 * eccentricity * np.sin(anomaly) + 1.25 * eccentricity**2 * np.sin(2 * anomaly)
    sun = np.stack([np.cos(true), np.cos(OBLIQUITY) * np.sin(true), np.sin(OBLIQUITY) * np.sin(true)], axis=-1)
    beta = beta_angle(orbit_normal(np.full(count, sun_synchronous_inclination(altitude)), longitude + node), sun)
    return np.abs(beta), eclipse_fraction(altitude, beta)


@pytest.mark.parametrize(("h", "smallest", "days", "longest", "sunlit"), TABLE)
def test_the_season_of_a_mean_sun(h, smallest, days, longest, sunlit):
    """The same model as the table: 0.1 day, 0.05 min, 1e-4 deg; at 1400 km the smallest beta just clears the critical angle."""
    beta, fraction = year_of_the_mean_sun(h * 1e3)
    assert float(np.degrees(np.min(beta))) == pytest.approx(smallest, abs=1e-4)
    assert float(np.mean(fraction > 0)) * TROPICAL_YEAR / 86400 == pytest.approx(days, abs=0.1)
    assert float(np.max(fraction) * period(h * 1e3)) / 60 == pytest.approx(longest, abs=0.05)
    assert float(1 - np.mean(fraction)) == pytest.approx(sunlit, abs=2e-6)
    assert (h < 1400) == bool(np.min(beta) < critical_beta(h * 1e3))


def test_dawn_mirrors_the_season_to_december():
    """LTAN 06:00: the same days, half a year later."""
    dusk, dawn = (year_of_the_mean_sun(550e3, node=side * np.pi / 2)[1] for side in (1, -1))
    np.testing.assert_allclose(dawn[:-1], np.roll(dusk[:-1], 100000), atol=1e-9)


@pytest.mark.parametrize(("h", "_smallest", "_days", "longest", "sunlit"), [row for row in TABLE if row[0] in (500, 550, 800, 1000)])
def test_the_season_of_the_full_ephemeris(h, _smallest, _days, longest, sunlit):
    """Ephemeris and J2 node: longest eclipse within 0.3 min of the mean Sun, the season within 0.1 day of an eccentric one.

    It is longer than the circular table (by 2.15 days at 550 km, 2.26 at 500 km) because the Earth is near aphelion in June and July,
    when the Sun moves 3 % slower.
    """
    year = calendar(SunSynchronous(altitude=h * 1e3, ltan=18 * 3600.0), datetime(2027, 1, 1, tzinfo=UTC), step=0.05)
    assert float(np.max(year.eclipse)) / 60 == pytest.approx(longest, abs=0.3)
    ((first, last),) = year.seasons()
    eccentric = float(np.mean(year_of_the_mean_sun(h * 1e3, eccentricity=0.016708)[1] > 0)) * TROPICAL_YEAR / 86400
    assert last - first == pytest.approx(eccentric, abs=0.1)
    assert float(np.mean(1 - year.eclipse / year.period)) == pytest.approx(sunlit, abs=0.002)
