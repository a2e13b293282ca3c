"""Orbits as the case states them."""

import numpy as np
import pytest

from orbit.elements import anomaly_rate, node_rate, perigee_rate, sun_synchronous_inclination
from orbit.kinds.analytic import Beta, Circular, Keplerian, SunSynchronous


@pytest.mark.parametrize("make", [lambda h: Circular(altitude=h, inclination=1.0), lambda h: SunSynchronous(altitude=h, ltan=0.0)])
def test_orbits_inside_the_planet_or_too_low_are_refused(make):
    with pytest.raises(ValueError, match=r"orbit.altitude -100 km is below the surface; altitudes count from the planet radius"):
        make(-100e3)
    with pytest.raises(ValueError, match=r"orbit.altitude 149 km is below 150 km"):
        make(149e3)


def test_angles_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"orbit.beta 91 deg must lie between -90 and 90 deg"):
        Beta(altitude=550e3, beta=np.radians(91))
    with pytest.raises(ValueError, match=r"orbit.inclination 190 deg must lie between 0 and 180 deg"):
        Circular(altitude=550e3, inclination=np.radians(190))


def test_local_time_of_the_node():
    """LTDN is LTAN less 12 h; one of the two, between 0 and 24 h."""
    assert SunSynchronous(altitude=550e3, ltdn=22.5 * 3600).node_time == 10.5 * 3600
    with pytest.raises(ValueError, match=r"a local time must lie between 0 and 24 h"):
        SunSynchronous(altitude=550e3, ltan=24.0 * 3600)
    with pytest.raises(ValueError, match=r"one of the two"):
        SunSynchronous(altitude=550e3)
    with pytest.raises(ValueError, match=r"one of the two"):
        SunSynchronous(altitude=550e3, ltan=0.0, ltdn=43200.0)


def test_no_sun_synchronous_orbit_far_out():
    with pytest.raises(ValueError, match=r"no circular orbit above about 5980 km is sun-synchronous"):
        SunSynchronous(altitude=7000e3, ltan=0.0)


def test_j2_rates_at_known_inclinations():
    """The node stands still at 90 deg and the perigee at 63.43 deg; the sun-synchronous node turns once a tropical year."""
    a = 6928137.0
    assert abs(float(node_rate(a, np.pi / 2))) < 1e-20
    assert abs(float(perigee_rate(a, np.arcsin(np.sqrt(0.8)), 0.1))) < 1e-20
    assert abs(float(anomaly_rate(a, np.arcsin(np.sqrt(2 / 3)), 0.1))) < 1e-20
    turn = float(node_rate(a, sun_synchronous_inclination(550e3))) * 365.2422 * 86400
    assert turn == pytest.approx(2 * np.pi, rel=1e-12)


@pytest.mark.parametrize("eccentricity", [-0.1, 1.0, 1.5])
def test_open_orbits_are_refused(eccentricity):
    with pytest.raises(ValueError, match=rf"orbit.eccentricity {eccentricity:g} must be at least 0 and below 1"):
        Keplerian(semi_major_axis=10000e3, eccentricity=eccentricity, inclination=0.5)


def test_a_perigee_too_low_is_refused():
    with pytest.raises(ValueError, match=r"orbit.semi_major_axis: the perigee at -378.137 km is below the surface"):
        Keplerian(semi_major_axis=10000e3, eccentricity=0.4, inclination=0.5)
    with pytest.raises(ValueError, match=r"orbit.semi_major_axis: the perigee at 121.863 km is below 150 km"):
        Keplerian(semi_major_axis=10000e3, eccentricity=0.35, inclination=0.5)
