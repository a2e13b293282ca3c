"""Two-line elements over two days: position, Sun and shadow times against stored output of skyfield."""

from datetime import UTC, datetime

import numpy as np

from orbit.elements import EARTH_RADIUS
from orbit.motion import motion, passages
from orbit.shadow import crossings, margins
from orbit.sun import sun_position
from orbit.tle import Tle, tle_state

ISS = Tle(
    line1="1 25544U 98067A   19343.69339541  .00001764  00000-0  38792-4 0  9991",
    line2="2 25544  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202482",
)
START = datetime(2019, 12, 10, tzinfo=UTC)
# skyfield 1.55, sgp4 2.27, DE421 of skyfield-data 7.0.0: EarthSatellite(...).at(t), .is_sunlit(eph) bisected to 1 ms,
# earth.at(t).observe(sun).apparent(); position at 21600 s, Sun at 172800 s after 2019-12-10 00:00 UTC, GCRS [m]
POSITION = [-6213912.484743035, -1026831.2201793937, -2548622.4101126855]
SUN = [-27174442576.366875, -132820422873.68407, -57577559986.8292]
ENTRIES = [1814.40, 7392.91, 12971.53, 18550.27, 24129.13, 29708.10, 85505.39, 91085.95, 152484.55, 158067.53, 163650.75, 169234.23]
EXITS = [3588.50, 9159.57, 14730.60, 20301.60, 25872.57, 31443.50, 87150.70, 92721.19, 153992.76, 159562.50, 165132.16, 170701.74]


def test_position_and_sun_agree_with_skyfield():
    """SGP4 turned from TEME to GCRF: 1 mm of 6800 km; Sun: 1e-5 degree."""
    assert np.linalg.norm(tle_state(ISS, START, np.array([21600.0]))[0][0] - POSITION) < 1e-3
    sun = sun_position(START, 172800.0)
    apart = np.linalg.norm(np.cross(sun, SUN)) / np.linalg.norm(sun) / np.linalg.norm(SUN)
    assert np.degrees(apart) < 1e-5
    assert abs(np.linalg.norm(sun) / np.linalg.norm(SUN) - 1) < 1e-7


def test_entry_and_exit_agree_with_skyfield_over_two_days():
    """At half the solar disc, spherical Earth: every epoch within 0.3 s and every duration within 0.3 s (wanted: 2 s and 1 s)."""
    place = motion(ISS, START)
    found = crossings(lambda t: sum(margins(place(t), sun_position(START, t), EARTH_RADIUS)) / 2, 0.0, 172800.0, 5760, periodic=False)
    assert len(found.entry) == len(found.exit) == 31
    which = [int(np.argmin(np.abs(found.entry - t))) for t in ENTRIES]
    entry, leave = found.entry[which], found.exit[which]
    np.testing.assert_allclose(entry, ENTRIES, atol=0.3)
    np.testing.assert_allclose(leave, EXITS, atol=0.3)
    np.testing.assert_allclose(leave - entry, np.subtract(EXITS, ENTRIES), atol=0.3)


def test_passages_bracket_the_half_light():
    """Penumbra entry before umbra entry before umbra exit before penumbra exit, half light in the middle of each crossing to 0.1 s."""
    found = passages(ISS, START, 40000.0)
    assert len(found.penumbra_entry) == 7
    np.testing.assert_allclose((found.penumbra_entry + found.umbra_entry)[:6] / 2, ENTRIES[:6], atol=0.4)
    np.testing.assert_allclose((found.penumbra_exit + found.umbra_exit)[:6] / 2, EXITS[:6], atol=0.4)
