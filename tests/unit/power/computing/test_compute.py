"""Compute load: what a profile asks for, one-sided at its switches, and what is missing said in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from power.computing.chip import LIBRARY
from power.computing.compute import (
    Compute,
    Constant,
    Duty,
    device_hours,
    electrical_power,
    events,
    heat,
    notes,
    resolve,
    utilisation,
)
from power.computing.profile import repeat
from power.timeline import with_events

ORBIT = 5739.0
SHADOW = (1801.0, 3937.0)


def gpu(**given):
    return Compute("gpu", "tray.gpu*", **{"peak": 700.0, "idle": 100.0, **given})


def test_power_lies_between_idle_and_peak():
    """Eight devices at 0.9 take 8 (100 + 0.9 x 600) W, and all of it is heat."""
    load = gpu(profile=Constant(utilisation=0.9))
    assert electrical_power(load, 8, [0.0, ORBIT]) == pytest.approx(5120.0)
    assert heat(load, 8, [0.0, ORBIT]) == pytest.approx(5120.0)


def test_library_chip_and_override():
    """The case's number stands in place of the library's."""
    assert resolve(Compute("gpu", "g", chip="h100_sxm")).peak == 700.0
    assert resolve(Compute("gpu", "g", chip="h100_sxm", peak=500.0)).peak == 500.0
    assert electrical_power(Compute("gpu", "g", chip="h100_sxm"), 8, [0.0]) == pytest.approx(5600.0)


def test_missing_power_is_named():
    """Peak and idle are asked for only where they are needed."""
    assert electrical_power(Compute("nic", "n", peak=20.0), 1, [0.0]) == pytest.approx(20.0)
    with pytest.raises(ValueError, match=r"idle_W is missing in compute 'cpu'.*'epyc_9004'.*give idle_W"):
        electrical_power(Compute("cpu", "c", chip="epyc_9004", profile=Constant(utilisation=0.5)), 1, [0.0])
    with pytest.raises(ValueError, match="peak_W is missing in compute 'x': no chip is named"):
        electrical_power(Compute("x", "x"), 1, [0.0])
    with pytest.raises(ValueError, match="chip 'h1000' is not in the library"):
        Compute("x", "x", chip="h1000")
    with pytest.raises(ValueError, match="idle must not exceed peak"):
        gpu(idle=800.0)


def test_duty_switches_are_one_sided():
    """On from 100 s for half an orbit: just before and just after every switch have different values."""
    load = gpu(profile=Duty(on_fraction=0.5, phase=100.0))
    switches = events(load, ORBIT)
    assert switches == pytest.approx([100.0, 100.0 + ORBIT / 2])
    times = with_events([0.0, ORBIT], switches)
    assert utilisation(load, times, ORBIT).tolist() == [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    assert device_hours(load, 8, times, ORBIT) == pytest.approx(8 * 0.5 * ORBIT / 3600.0)


def test_duty_over_the_seam_of_the_orbit():
    """A cycle that starts late in one orbit goes on at the start of the next."""
    load = gpu(profile=Duty(on_fraction=0.5, phase=0.75 * ORBIT))
    times = with_events([0.0, ORBIT], events(load, ORBIT))
    assert utilisation(load, times, ORBIT).tolist() == [1.0, 1.0, 0.0, 0.0, 1.0, 1.0]


def test_idle_in_eclipse():
    """From shadow entry to exit the load is idle; without eclipse it never is."""
    load = gpu(eclipse="idle")
    assert events(load, ORBIT, SHADOW) == pytest.approx(SHADOW)
    times = with_events([0.0, ORBIT], SHADOW)
    assert electrical_power(load, 1, times, ORBIT, SHADOW).tolist() == [700.0, 700.0, 100.0, 100.0, 700.0, 700.0]
    assert electrical_power(load, 1, times, ORBIT, None).tolist() == [700.0] * 6
    assert events(load, ORBIT).size == 0


def test_duty_period_becomes_a_fraction_of_the_orbit():
    """600 s does not repeat with 5739 s; a tenth of the orbit does, and the result says so."""
    profile = Duty(period=600.0)
    assert repeat(profile.period, ORBIT) == pytest.approx(ORBIT / 10)
    assert any("573.9 s instead of 600 s" in note for note in notes(gpu(profile=profile), ORBIT))
    assert repeat(profile.period, None) == 600.0
    with pytest.raises(ValueError, match="period_s must be given"):
        repeat(None, None)


@given(st.floats(0.01, 0.99), st.floats(-1e4, 1e4), st.integers(1, 12))
def test_mean_utilisation_is_the_duty(on_fraction, phase, repeats):
    """Whatever the phase, the orbit mean on the grid with its events is the on-fraction."""
    load = gpu(profile=Duty(on_fraction=on_fraction, period=ORBIT / repeats, phase=phase))
    times = with_events(np.linspace(0.0, ORBIT, 7), events(load, ORBIT))
    assert device_hours(load, 1, times, ORBIT) * 3600.0 / ORBIT == pytest.approx(on_fraction, abs=1e-6)


def test_every_chip_has_a_source_and_a_positive_power():
    """Nothing in the library is without its source."""
    assert len(LIBRARY) >= 12
    for chip in LIBRARY.values():
        assert chip.source
        assert chip.peak is not None
        assert chip.peak > 0.0
