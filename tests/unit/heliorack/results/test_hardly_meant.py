"""Waves that a run leaves out or breaks off, and measurements in kelvin, are said."""

import pytest
from case_text import box, orbit

from heliorack.case.case import loads
from heliorack.results.verdicts.hardly_meant import measured_in_kelvin, waves
from orbit.attitude.pointing import Attitude, Pointing
from orbit.environment import EnvironmentSettings, environment
from orbit.kinds.analytic import Beta

CASE = (
    orbit(20, preset="mean")
    + box("cube", (100, 100, 100))
    + """
[[boundaries]]
kind = "temperature"
faces = "cube:-x"
temperature_degC = 20
amplitude_K = 90
period_s = PERIOD
[run]
kind = "KIND"
"""
)
NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "orbit_normal"))


@pytest.mark.parametrize(
    ("kind", "turns", "words"),
    [("steady", 1.0, "90 K of its sine are in no verdict"), ("periodic", 5.7, "5.7 sines in a revolution"), ("periodic", 6.0, "")],
)
def test_waves(kind, turns, words):
    """A steady run held 20 degC under a limit of 90, where the face comes to 110; 5.7 sines jump where the orbit begins anew."""
    env = environment(Beta(altitude=550e3, beta=0.35), EnvironmentSettings(), NADIR)
    case = loads(CASE.replace("PERIOD", repr(env.period / turns)).replace("KIND", kind))
    said = list(waves(case, env))
    assert len(said) == bool(words)
    assert all(words in sentence for sentence in said)


def test_kelvin():
    """A model 273.14 K colder than its thermocouple; not one that is 40 K off."""
    assert [said for said in measured_in_kelvin({"t1": -273.14, "t2": -40.0}) if "t1: the model is 273 K colder" in said]
    assert not list(measured_in_kelvin({"t2": -40.0}))
