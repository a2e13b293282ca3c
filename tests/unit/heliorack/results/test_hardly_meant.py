"""Waves that a run leaves out or breaks off, and measurements in kelvin, are said."""

from dataclasses import replace

import numpy as np
import pytest
from case_text import box, orbit

from heliorack.case.case import loads
from heliorack.results.verdicts.hardly_meant import begun_again, means_alone, measured_in_kelvin, waves
from orbit.attitude.pointing import Attitude, Pointing
from orbit.environment import EnvironmentSettings, environment
from orbit.kinds.analytic import Beta
from power.computing.compute import Compute

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


NODES = """
title = "n"
[[network.nodes]]
name = "hot"
capacity_J_K = 100
heat_over_time = { times_s = [0, 100, 100, 400], heat_W = [100, 100, 20, 20] }
[[network.nodes]]
name = "cold"
held_degC = 0
[[network.conductors]]
between = ["hot", "cold"]
conductance_W_K = 2
[run]
kind = "KIND"
duration_s = 1000
"""


def test_means_of_a_steady_run_are_said():
    """Heat of 20 to 100 W on 2 W/K is 20 degC by its mean where it comes to 50; light that eclipses break off; not in a transient."""
    transient = NODES.replace("KIND", "transient").replace("[run]", "[run]\nstart_degC = 0")
    (said,) = means_alone(loads(NODES.replace("KIND", "steady").replace("duration_s = 1000\n", "")), None)
    assert "the mean of the heat of hot (20 to 100 W); no peak of it is in the verdict" in said
    assert not list(means_alone(loads(transient), None))
    env = environment(Beta(altitude=550e3, beta=0.35), EnvironmentSettings(), NADIR)
    always = environment(Beta(altitude=550e3, beta=1.5), EnvironmentSettings(), NADIR)
    case = loads(CASE.replace("PERIOD", repr(env.period)).replace("KIND", "steady"))
    assert ["sunlight, which eclipses break off" in one for one in means_alone(case, env)] == [True]
    assert not list(means_alone(case, always))
    (said,) = means_alone(case, environment(Beta(altitude=550e3, beta=1.2), EnvironmentSettings(), NADIR))
    assert "the light and infrared that turn about the body (" in said
    entry = Compute(name="gpu", parts="cube", peak=100.0, idle=10.0, eclipse="idle")
    assert "the load of compute 'gpu'" in " ".join(means_alone(replace(case, compute=(entry,)), env))
    assert not list(means_alone(replace(case, compute=(entry,)), always))


def test_what_begins_anew_after_another_run_is_said(tmp_path):
    """A state of 3000 s of 400 s long tables: heat over time begins anew; none of a run of whole periods, or of a steady one."""
    text = NODES.replace("KIND", "transient") + f"state = '{tmp_path / 'state.npz'}'\n[network]\nperiod_s = PERIOD\n"
    for period, ended, count in ((400, 3000.0, 1), (1000, 3000.0, 0), (1000, 0.0, 0)):
        np.savez(tmp_path / "state.npz", time_s=ended)
        said = list(begun_again(loads(text.replace("PERIOD", str(period))), None))
        assert len(said) == count
        assert all("ended at 3000 s" in one and "begin anew what changes over time" in one for one in said)


def test_kelvin():
    """A model 273.14 K colder than its thermocouple; not one that is 40 K off."""
    assert [said for said in measured_in_kelvin({"t1": -273.14, "t2": -40.0}) if "t1: the model is 273 K colder" in said]
    assert not list(measured_in_kelvin({"t2": -40.0}))
