"""Two-line elements: what is refused, and what is said about old ones."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.calendar import calendar
from orbit.environment import EnvironmentSettings, environment
from orbit.kinds.tle import Tle, element_epoch, tle_elements, tle_period

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
        Tle(line1=LINE2, line2=LINE2)


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


ALPHA = (
    "1 T0000U 24001A   24001.50000000  .00000000  00000-0  00000-0 0  9995",
    "2 T0000  97.5000 100.0000 0001000  90.0000 270.0000 15.20000000 10006",
)


def changed(line, column, to):
    """The line with a character changed and its checksum put right."""
    line = line[: column - 1] + to + line[column:68]
    return line + str(sum(int(c) if c.isdigit() else c == "-" for c in line) % 10)


@pytest.mark.parametrize(
    ("which", "column", "to", "words"),
    [
        (1, 20, "O", r"orbit.line1: column 20 is 'O'; expected a digit, in '067A   1O343.6933'"),
        (1, 24, ",", r"orbit.line1: column 24 is ','; expected '.'"),
        (1, 33, "1", r"orbit.line1: column 33 is '1'; expected a space"),
        (1, 3, "O", r"orbit.line1: column 3 is 'O'; expected a digit, or a letter but I and O \(alpha-5\)"),
        (1, 51, "x", r"orbit.line1: column 51 is 'x'; expected the sign of an exponent"),
        (2, 30, "l", r"orbit.line2: column 30 is 'l'; expected a digit"),
        (2, 27, "\u0660", r"orbit.line2: column 27 is .*; expected a digit"),
        (2, 9, "9", r"orbit.line2: columns 9 to 16, the inclination, are '951.6439'; expected a number from 0 to 180"),
        (
            2,
            53,
            "9",
            r"orbit.line2: columns 53 to 63, the mean motion in revolutions per day, are '95.50103472'; expected .* to 18",
        ),
    ],
)
def test_a_character_out_of_place_is_named_by_line_and_column(which, column, to, words):
    """Letters count as 0 in the checksum, so it does not see an O for a 0."""
    lines = [LINE1, LINE2]
    lines[which - 1] = changed(lines[which - 1], column, to)
    with pytest.raises(ValueError, match=words):
        Tle(line1=lines[0], line2=lines[1])


def test_swapped_lines_are_said():
    with pytest.raises(ValueError, match=r"orbit.line1: the lines are swapped"):
        Tle(line1=LINE2, line2=LINE1)


def test_an_alpha_5_catalogue_number_is_read():
    lines = [changed(line, 69, "") for line in ALPHA]
    orbit = Tle(line1=lines[0], line2=lines[1])
    assert tle_period(orbit) == pytest.approx(86400 / 15.2, rel=2e-3)


@pytest.mark.parametrize("text", [f"ISS (ZARYA)\n{LINE1}\n{LINE2}\n", f"{LINE1}  \r\n{LINE2}   ", f"\n0 ISS\n{LINE1}\n\n{LINE2}"])
def test_the_set_as_published_is_the_two_lines(text):
    assert (Tle(lines=text).line1, Tle(lines=text).line2) == (LINE1, LINE2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lines": LINE1}, "orbit.lines: 1 lines; expected the two element lines, or a name and the two"),
        ({"lines": LINE1 + "\n" + LINE2, "line1": LINE1}, "orbit.lines holds the element set; leave out line1"),
        ({"line1": LINE1}, "orbit.line2: missing; give line1 and line2, or lines with both"),
        ({}, "orbit.line1: missing"),
    ],
)
def test_a_set_that_is_not_whole(given, words):
    with pytest.raises(ValueError, match=words):
        Tle(**given)


def test_spaces_behind_a_line_do_not_matter():
    assert tle_period(Tle(line1=LINE1 + "  ", line2=LINE2 + " \r\n")) == tle_period(Tle(line1=LINE1, line2=LINE2))
