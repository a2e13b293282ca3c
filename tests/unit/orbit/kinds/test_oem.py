"""CCSDS ephemeris files."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.environment import EnvironmentSettings, environment, orbit_summary
from orbit.kinds.ephemeris import revolution
from orbit.kinds.oem import Oem, read_oem
from orbit.kinds.tle import Tle, tle_state

ISS = Tle(
    line1="1 25544U 98067A   19343.69339541  .00001764  00000-0  38792-4 0  9991",
    line2="2 25544  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202482",
)
START = datetime(2019, 12, 10, tzinfo=UTC)
PEER_AT_90 = [-4764706.556, -4433551.686, 1927860.442]  # m, oem 0.4.5
NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
HEADER = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2019-12-10T00:00:00
ORIGINATOR = SGP4

META_START
OBJECT_NAME = ISS
OBJECT_ID = 1998-067A
CENTER_NAME = EARTH
REF_FRAME = EME2000
TIME_SYSTEM = UTC
START_TIME = 2019-12-10T00:00:00.000
STOP_TIME = 2019-12-10T04:39:00.000
META_STOP
COMMENT states by SGP4
"""


def written(path, step=180.0, end=16800.0, header=HEADER, shift=0.0):
    """An ephemeris file of the station's SGP4 orbit."""
    t = np.arange(0.0, end, step)
    r, v = tle_state(ISS, START, t)
    stamps = [f"{START + timedelta(seconds=float(x) + shift):%Y-%m-%dT%H:%M:%S.%f}" for x in t]
    rows = [s + "".join(f" {x / 1e3:.9f}" for x in (*a, *b)) for s, a, b in zip(stamps, r, v, strict=True)]
    path.write_text(header + "\n" + "\n".join(rows) + "\n\nCOVARIANCE_START\nEPOCH = 2019-12-10T00:00:00\n1.0\n0.0 1.0\nCOVARIANCE_STOP\n")
    return path


@pytest.mark.parametrize(("step", "metres"), [(360.0, 1.5), (180.0, 1.0)])
def test_interpolation_is_good_to_a_metre_between_states_minutes_apart(tmp_path, step, metres):
    """Against SGP4 itself, whose velocities are not quite the derivative of its positions."""
    t = np.arange(90.0, 16000.0, 97.0)
    table = read_oem(written(tmp_path / "iss.oem", step))
    assert np.max(np.linalg.norm(table.state(START, t)[0] - tle_state(ISS, START, t)[0], axis=1)) < metres


def test_the_reader_agrees_with_the_oem_package(tmp_path):
    """oem 0.4.5, `OrbitEphemerisMessage.open(file).segments[0](90 s)` on this very file: the same place within 1.5 m."""
    table = read_oem(written(tmp_path / "iss.oem"))
    position = table.state(START, np.array([90.0]))[0][0]
    assert np.linalg.norm(position - np.array(PEER_AT_90)) < 1.5


def test_an_ephemeris_gives_the_same_eclipse_as_the_elements_it_was_made_of(tmp_path):
    orbit = Oem(file=str(written(tmp_path / "iss.oem")))
    first = orbit_summary(environment(orbit, EnvironmentSettings(), NADIR))
    second = orbit_summary(environment(Tle(line1=ISS.line1, line2=ISS.line2, epoch=START), EnvironmentSettings(), NADIR))
    np.testing.assert_allclose(first["edges_s"], second["edges_s"], atol=0.01)
    assert revolution(read_oem(orbit.file), START) == pytest.approx(second["period_s"], rel=1e-3)


def test_time_scales_are_brought_to_utc(tmp_path):
    """37 leap seconds between UTC and TAI in 2019."""
    header = HEADER.replace("TIME_SYSTEM = UTC", "TIME_SYSTEM = TAI")
    table = read_oem(written(tmp_path / "tai.oem", header=header, shift=37.0))
    assert table.start == START


def test_an_ephemeris_must_cover_the_run(tmp_path):
    orbit = Oem(file=str(written(tmp_path / "iss.oem")), epoch=datetime(2019, 12, 10, 4, tzinfo=UTC))
    words = (
        r"the ephemeris of ISS covers 2019-12-10T00:00:00 to 2019-12-10T04:39:00 UTC, the run needs 2019-12-10T04:00:00 to 2019-12-10T05:3"
    )
    with pytest.raises(ValueError, match=words):
        environment(orbit, EnvironmentSettings(), NADIR)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("REF_FRAME = EME2000", "REF_FRAME = GRC"), "line 9: REF_FRAME = GRC is not supported; use EME2000"),
        (("CENTER_NAME = EARTH", "CENTER_NAME = MOON"), "CENTER_NAME = MOON is not supported; use EARTH"),
        (("TIME_SYSTEM = UTC", "TIME_SYSTEM = UT1"), "line 10: TIME_SYSTEM = UT1 is not supported; use UTC, TAI, TT, GPS"),
        (("CCSDS_OEM_VERS = 2.0", "CCSDS_AEM_VERS = 2.0"), r"no CCSDS ephemeris found; expected CCSDS_OEM_VERS, META_START"),
        (
            ("COMMENT states", "2019-12-10T00:00:00 1 2 3\nCOMMENT states"),
            "an ephemeris line has an epoch and 6 or 9 numbers, this one has 4 fields",
        ),
        (("COMMENT states", "noon 1 2 3 4 5 6\nCOMMENT states"), "'noon' is not a CCSDS time"),
        (("COMMENT states", "2019-12-11T00:00:00 7000 0 0 0 7 0\nCOMMENT states"), "times must rise"),
    ],
)
def test_files_that_cannot_be_used_say_why(tmp_path, change, words):
    with pytest.raises(ValueError, match=words):
        read_oem(written(tmp_path / "bad.oem", header=HEADER.replace(*change)))
