"""Worst cases of a face over the year."""

from datetime import UTC, datetime

import numpy as np
import pytest

from orbit import worst
from orbit.attitude.pointing import Attitude, Pointing
from orbit.calendar import calendar
from orbit.environment import EnvironmentSettings, environment
from orbit.kinds.analytic import Keplerian, SunSynchronous
from orbit.worst import face_year, orbit_means

NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
DUSK = SunSynchronous(altitude=550e3, ltan=18 * 3600.0)
SEASONAL = EnvironmentSettings(solar="seasonal")


def test_the_sunward_side_of_a_dusk_orbit_is_coldest_in_the_eclipse_season():
    """And the interpolated means agree with those of the very revolution to 0.5 %."""
    normal = np.array([0.0, 1.0, 0.0])
    found = face_year(DUSK, SEASONAL, NADIR, normal)
    for i in (found.hottest(), found.coldest(), 400):
        orbit = SunSynchronous(altitude=550e3, ltan=18 * 3600.0, epoch=found.calendar.epoch(i))
        direct = np.sum(orbit_means(environment(orbit, SEASONAL, NADIR), normal[None, :]))
        assert found.heat[i] == pytest.approx(float(direct), rel=5e-3)
    assert found.calendar.epoch(found.coldest()).month in (6, 7)
    assert found.calendar.epoch(found.hottest()).month in (1, 2, 12)


def test_eccentric_orbits_are_walked_too(monkeypatch):
    monkeypatch.setattr(worst, "PLACES", 6)
    orbit = Keplerian(semi_major_axis=26600e3, eccentricity=0.72, inclination=np.radians(63.4), argument_of_perigee=np.radians(270))
    found = face_year(
        orbit, EnvironmentSettings(), Attitude(Pointing("-z", "nadir"), Pointing("+x", "orbit_normal")), np.array([0.0, 0.0, 1.0])
    )
    assert np.max(found.heat) > np.min(found.heat) > 0
    year = calendar(orbit)
    assert 0 < np.max(year.eclipse) < 4000
    assert len(year.seasons()) >= 2


def test_the_calendar_can_be_written():
    rows = calendar(DUSK, datetime(2027, 6, 20, tzinfo=UTC), days=2, step=0.5).rows()
    assert len(rows) == 4
    assert rows[0]["date"] == "2027-06-20T00:00Z"
    assert rows[0]["eclipse_min"] == pytest.approx(21.66, abs=0.05)
    assert set(rows[0]) == {"date", "beta_deg", "solar_W_m2", "eclipse_min", "sunlit_fraction"}
