"""Load profiles and eclipse modes: schedules from a file, following the Sun, checkpoint and sleep, and the words of what is refused."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from power.computing.compute import Compute, demand, device_hours, electrical_power, events, notes, utilisation
from power.computing.profile import FollowSun, Schedule
from power.computing.schedule import read_schedule
from power.timeline import with_events

ORBIT = 6000.0
SHADOW = (2000.0, 4000.0)


def gpu(**given):
    return Compute("gpu", "tray.gpu*", **{"peak": 700.0, "idle": 100.0, **given})


def on_events(load, shadow=SHADOW, orbit=ORBIT):
    return with_events([0.0, orbit], events(load, orbit, shadow))


def job_file(folder, *rows):
    file = folder / "jobs.csv"
    file.write_text("\n".join(["time_s,utilisation", *rows]) + "\n")
    return str(file)


def test_schedule_steps_over_the_orbit(tmp_path):
    """0.2 until 1500 s, full until 4500 s, idle to the end of the orbit: 300 + 3000 device seconds."""
    load = gpu(profile=Schedule("schedule", job_file(tmp_path, "0,0.2", "1500,1", "4500,0")))
    times = on_events(load)
    assert times.tolist() == [0.0, 1500.0, 1500.0, 4500.0, 4500.0, 6000.0]
    assert utilisation(load, times, ORBIT).tolist() == [0.2, 0.2, 1.0, 1.0, 0.0, 0.0]
    assert device_hours(load, 4, times, ORBIT) == pytest.approx(4 * 3300.0 / 3600.0)


def test_schedule_of_its_own_length_is_fitted_with_a_note(tmp_path):
    """1100 s do not repeat with 6000 s; a fifth of the orbit does, its steps stretch along, and the result says so."""
    load = gpu(profile=Schedule("schedule", job_file(tmp_path, "0,1", "550,0"), period=1100.0))
    times = on_events(load)
    assert np.unique(times).tolist() == pytest.approx([600.0 * i for i in range(11)])
    assert device_hours(load, 1, times, ORBIT) * 3600.0 == pytest.approx(3000.0)
    assert any("schedule period 1200 s instead of 1100 s" in said for said in notes(load, ORBIT))
    free = with_events([0.0, 2000.0], events(load, 2000.0, periodic=False))
    assert free.tolist() == [0.0, 550.0, 550.0, 1100.0, 1100.0, 1650.0, 1650.0, 2000.0]
    assert utilisation(load, free)[-1] == 0.0


def test_schedule_without_orbit_holds_its_last_step(tmp_path):
    """A run that is not periodic takes the file as it is."""
    load = gpu(profile=Schedule("schedule", job_file(tmp_path, "0,1", "550,0.5")))
    assert utilisation(load, [0.0, 549.0, 551.0, 1e6]).tolist() == [1.0, 1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("0,1", "100,"), r"row 3: utilisation is empty; a schedule has no gaps"),
        (("0,1", ",0.5"), r"row 3: time_s is empty"),
        (("0,1", "", "200,1"), r"row 3: time_s is empty"),
        (("0,1", "100,0.5", "100,1"), r"row 4: time_s is 100 after 100; expected times that rise"),
        (("0,1", "100,0.5", "50,1"), r"row 4: time_s is 50 after 100"),
        (("0,1", "100,1.5"), r"row 3: utilisation is 1.5; expected a fraction between 0 and 1"),
        (("0,-0.1",), r"row 2: utilisation is -0.1"),
        (("30,1",), r"row 2: time_s starts at 30; expected 0"),
        (("0,high",), r"row 2: utilisation is 'high'; expected a number"),
        (("0,nan",), r"row 2: utilisation is nan; expected a finite number"),
        ((), "holds no row"),
    ],
)
def test_faulty_schedules_name_row_and_find(tmp_path, rows, words):
    with pytest.raises(ValueError, match=words):
        read_schedule(job_file(tmp_path, *rows))


def test_schedule_files_that_cannot_be_used(tmp_path):
    (tmp_path / "other.csv").write_text("t,load\n0,1\n")
    with pytest.raises(ValueError, match="has no column time_s and utilisation; found t, load"):
        read_schedule(tmp_path / "other.csv")
    (tmp_path / "tabs.csv").write_text("time_s\tutilisation\n0\t1\n")
    with pytest.raises(ValueError, match="expected commas between columns"):
        read_schedule(tmp_path / "tabs.csv")
    (tmp_path / "twice.csv").write_text("time_s,utilisation,utilisation\n0,1,0\n")
    with pytest.raises(ValueError, match="has the column utilisation 2 times; expected it once"):
        read_schedule(tmp_path / "twice.csv")
    with pytest.raises(ValueError, match="cannot be read"):
        read_schedule(tmp_path / "none.csv")
    long = Schedule("schedule", job_file(tmp_path, "0,1", "7000,0"))
    with pytest.raises(ValueError, match=r"last time_s is 7000; expected less than the orbit's period, 6000 s"):
        events(gpu(profile=long), ORBIT)
    with pytest.raises(ValueError, match=r"period_s 80000 does not fit into the orbit of 6000 s; give at most 7500"):
        events(gpu(profile=Schedule("schedule", long.file, period=80000.0)), ORBIT)


def test_a_changed_schedule_is_read_again(tmp_path):
    import os

    file = job_file(tmp_path, "0,1")
    assert read_schedule(file)[1].tolist() == [1.0]
    job_file(tmp_path, "0,0.5")
    os.utime(file, ns=(1, 1))
    assert read_schedule(file)[1].tolist() == [0.5]


def test_following_the_sun():
    """Full in sunlight, 0.1 in shadow; a ramp is over at shadow entry and begins at shadow exit."""
    sharp = gpu(profile=FollowSun("follow_sun", dark_utilisation=0.1))
    times = on_events(sharp)
    assert utilisation(sharp, times, ORBIT, SHADOW).tolist() == [1.0, 1.0, 0.1, 0.1, 1.0, 1.0]
    assert utilisation(sharp, times, ORBIT, None).tolist() == [1.0] * 6
    ramped = gpu(profile=FollowSun("follow_sun", ramp=500.0))
    times = on_events(ramped)
    assert np.unique(times).tolist() == [0.0, 1500.0, 2000.0, 4000.0, 4500.0, 6000.0]
    assert device_hours(ramped, 1, times, ORBIT, SHADOW) * 3600.0 == pytest.approx(4000.0 - 500.0)
    assert utilisation(ramped, [1750.0, 2500.0, 4250.0], ORBIT, SHADOW).tolist() == pytest.approx([0.5, 0.0, 0.5])


@given(st.floats(0.0, ORBIT), st.floats(10.0, 5900.0), st.floats(0.0, 4000.0))
@example(5999.999999999999, 10.0, 1.0)  # entry a hair before the end of the orbit
def test_followed_sunlight_is_exact_on_its_events(entry, dark, ramp):
    """Area under the ramps: lit time less one ramp, or a triangle where they meet; for every place of the shadow."""
    load, lit = gpu(profile=FollowSun("follow_sun", ramp=ramp)), ORBIT - dark
    times = on_events(load, (entry, entry + dark))
    peak = min(1.0, 0.5 * lit / ramp) if ramp > 0.0 else 1.0
    expected = lit - ramp if 2.0 * ramp <= lit else 0.5 * lit * peak
    assert device_hours(load, 1, times, ORBIT, (entry, entry + dark)) * 3600.0 == pytest.approx(expected, abs=0.01)


def test_a_fraction_in_eclipse():
    load = gpu(eclipse="fraction", eclipse_fraction=0.25)
    times = on_events(load)
    assert electrical_power(load, 1, times, ORBIT, SHADOW).tolist() == [700.0, 700.0, 250.0, 250.0, 700.0, 700.0]
    assert device_hours(load, 1, times, ORBIT, SHADOW) * 3600.0 == pytest.approx(4500.0)


def test_checkpoint_and_sleep():
    """Saving 120 s at 500 W, asleep at 20 W until exit, 300 s lost at full power: work is done in 4000 - 300 s only."""
    load = gpu(eclipse="checkpoint", checkpoint=120.0, checkpoint_power=500.0, sleep=20.0, resume=300.0)
    times = on_events(load)
    assert np.unique(times).tolist() == [0.0, 2000.0, 2120.0, 4000.0, 4300.0, 6000.0]
    power = electrical_power(load, 2, times, ORBIT, SHADOW)
    assert power[1::2].tolist() == [1400.0, 1000.0, 40.0, 1400.0, 1400.0]
    assert device_hours(load, 2, times, ORBIT, SHADOW) * 3600.0 == pytest.approx(2 * 3700.0)
    energy = float(np.trapezoid(power, times))
    assert energy == pytest.approx(2 * (700.0 * 4000.0 + 500.0 * 120.0 + 20.0 * 1880.0))


def test_checkpoint_over_the_seam_of_the_orbit():
    """A shadow that begins late in one orbit: sleep and resume go on in the next."""
    load, shadow = gpu(eclipse="checkpoint", checkpoint=100.0, sleep=20.0, resume=200.0), (5500.0, 7500.0)
    times = with_events([0.0, ORBIT], events(load, ORBIT, shadow))
    assert np.unique(times).tolist() == [0.0, 1500.0, 1700.0, 5500.0, 5600.0, 6000.0]
    assert device_hours(load, 1, times, ORBIT, shadow) * 3600.0 == pytest.approx(3800.0)
    asked = demand(load, times, ORBIT, shadow)
    assert asked.prescribed[0] == 20.0
    assert asked.work[-1] == 0.0


def test_checkpoint_outlasting_the_shadow_is_finished():
    """A checkpoint of 300 s in a shadow of 100 s: no sleep, the rest of it is written in sunlight."""
    load, shadow = gpu(eclipse="checkpoint", checkpoint=300.0, sleep=20.0), (2000.0, 2100.0)
    times = with_events([0.0, ORBIT], events(load, ORBIT, shadow))
    assert device_hours(load, 1, times, ORBIT, shadow) * 3600.0 == pytest.approx(5700.0)
    assert electrical_power(load, 1, times, ORBIT, shadow).min() == 700.0
    with pytest.raises(ValueError, match=r"take 6300 s of an orbit of 6000 s; shorten checkpoint_s"):
        events(gpu(eclipse="checkpoint", checkpoint=6300.0, sleep=20.0), ORBIT, shadow)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"eclipse": "fraction"}, 'eclipse_fraction is missing; eclipse = "fraction" needs it'),
        ({"eclipse": "checkpoint", "checkpoint": 10.0}, "sleep_W is missing"),
        ({"eclipse": "idle", "sleep": 10.0}, 'sleep belongs to eclipse = "checkpoint"; this one is "idle"'),
        ({"eclipse_fraction": 0.5}, 'eclipse_fraction belongs to eclipse = "fraction"'),
        ({"supply_part": "psu"}, "supply_efficiency is missing"),
        ({"rate": 1e15}, "rate_source is missing"),
    ],
)
def test_settings_that_do_not_belong_together(given, words):
    with pytest.raises(ValueError, match=words):
        gpu(**given)
