"""Two-line elements: what is refused, and what is said about old ones."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from orbit.attitude import Attitude, Pointing
from orbit.calendar import calendar
from orbit.environment import EnvironmentSettings, environment
from orbit.tle import Tle, element_epoch, tle_elements, tle_period

LINE1 = "1 25544U 98067A   19343.69339541  .00001764  00000-0  38792-4 0  9991"
LINE2 = "2 25544  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202482"
NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))


def test_a_wrong_character_names_the_checksum():
    with pytest.raises(ValueError, match=r"orbit.line1: the checksum is '1' but the digits add up to 2; a character of the line is wrong"):
        Tle(line1=LINE1.replace("19343", "19344"), line2=LINE2)


def test_a_line_of_the_wrong_length_or_kind():
    with pytest.raises(ValueError, match=r"orbit.line2: an element line has 69 characters and starts with '2 '; this one has 68"):
        Tle(line1=LINE1, line2=LINE2[:-1])
    with pytest.raises(ValueError, match=r"orbit.line1: an element line has 69 characters and starts with '1 '"):
        Tle(line1=LINE2, line2=LINE1)


def test_lines_of_two_satellites():
    other = "2 25545  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202483"
    with pytest.raises(ValueError, match=r"orbit.line2: satellite number 25545 differs from 25544 of orbit.line1"):
        Tle(line1=LINE1, line2=other)


def test_the_epoch_of_the_elements_is_the_default():
    env = environment(Tle(line1=LINE1, line2=LINE2), EnvironmentSettings(), NADIR)
    assert any("that of the two-line elements" in sentence for sentence in env.assumptions)
    assert (
        abs((element_epoch(Tle(line1=LINE1, line2=LINE2)) - datetime(2019, 12, 9, 16, 38, 29, 363424, tzinfo=UTC)).total_seconds()) < 1e-3
    )
    assert env.period == pytest.approx(tle_period(Tle(line1=LINE1, line2=LINE2)))
    assert np.degrees(env.inclination) == pytest.approx(51.64, abs=0.1)


def test_old_elements_are_used_with_a_warning():
    """Beyond 14 days the sentence gives the expected error along track and in shadow times."""
    start = datetime(2019, 12, 9, tzinfo=UTC)
    young = environment(Tle(line1=LINE1, line2=LINE2, epoch=start + timedelta(days=10)), EnvironmentSettings(), NADIR)
    old = environment(Tle(line1=LINE1, line2=LINE2, epoch=start + timedelta(days=31)), EnvironmentSettings(), NADIR)
    assert not any("warning" in sentence for sentence in young.assumptions)
    assert any("two-line elements are 30 days from the epoch; expect 30 to 91 km along track, 4 to 12 s" in s for s in old.assumptions)


def test_a_calendar_from_two_line_elements():
    """The node of the station drifts about -5 degrees a day, so beta comes round in about two months."""
    orbit = Tle(line1=LINE1, line2=LINE2)
    rate = np.degrees(tle_elements(orbit).raan_rate) * 86400
    assert rate == pytest.approx(-4.97, abs=0.05)
    year = calendar(orbit, datetime(2019, 12, 10, tzinfo=UTC))
    assert np.degrees(np.max(np.abs(year.beta))) == pytest.approx(75, abs=1.5)
    assert np.min(year.eclipse) == 0.0
