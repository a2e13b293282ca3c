"""Attitudes beyond two vectors."""

from datetime import UTC, datetime

import numpy as np
import pytest

from orbit.attitude.pointing import Attitude, Pointing
from orbit.attitude.quaternions import quaternion_rotation
from orbit.attitude.steering import Quaternions, Spin, YawSteering
from orbit.chords import mean_direct
from orbit.environment import EnvironmentSettings, environment
from orbit.kinds.analytic import Beta, SunSynchronous

MORNING = SunSynchronous(altitude=550e3, ltan=10.5 * 3600, epoch=datetime(2027, 6, 21, tzinfo=UTC))
SETTINGS = EnvironmentSettings()
STARS = Attitude(
    Pointing("+z", "star", right_ascension=1.0, declination=0.3), Pointing("+x", "star", right_ascension=2.0, declination=-0.3)
)


def test_yaw_steering_keeps_nadir_and_turns_the_array_axis_normal_to_the_sun():
    env = environment(MORNING, SETTINGS, YawSteering())
    np.testing.assert_allclose(env.nadir, np.tile([0.0, 0.0, 1.0], (len(env.times), 1)), atol=1e-12)
    np.testing.assert_allclose(env.sun[:, 1], 0.0, atol=1e-12)
    assert np.min(env.sun[:, 0]) > 0


def test_yaw_steering_turns_smoothly_with_the_sun_in_the_plane():
    """At beta 0 two vectors would jump by 180 degrees at noon; here the turn takes minutes and the array loses at most 2 degrees."""
    env = environment(Beta(altitude=550e3, beta=0.0), SETTINGS, YawSteering(), steps=2000)
    assert np.max(np.linalg.norm(np.diff(env.velocity, axis=0), axis=1)) < 0.12
    assert np.max(np.abs(env.sun[:, 1])) < np.sin(np.radians(2.0)) + 1e-9


@pytest.mark.parametrize("point", [Pointing("+z", "sun"), Pointing("-x", "velocity"), Pointing("+y", "nadir")])
def test_spin_holds_its_axis_and_comes_round_with_the_revolution(point):
    env = environment(MORNING, SETTINGS, Spin(point=point, spin_period=600.0))
    axis = np.zeros(3)
    axis["xyz".index(point.axis[1])] = 1.0 if point.axis[0] == "+" else -1.0
    seen = {"sun": env.sun, "velocity": env.velocity, "nadir": env.nadir}[point.at]
    np.testing.assert_allclose(seen, np.tile(axis, (len(env.times), 1)), atol=1e-12)
    np.testing.assert_allclose(env.rotation[0], env.rotation[-1], atol=1e-9)
    assert any("10 whole turns per revolution" in sentence for sentence in env.assumptions)


def test_spin_goes_round_right_handed():
    """Seen from the spinning body a fixed direction turns backwards about the axis, once in a spin period."""
    env = environment(MORNING, SETTINGS, Spin(point=Pointing("+z", "sun"), spin_period=600.0), steps=2000)
    relative = env.rotation[1] @ env.rotation[0].T
    angle = np.arctan2(relative[0, 1] - relative[1, 0], relative[0, 0] + relative[1, 1])
    assert angle == pytest.approx(2 * np.pi * 10 * env.times[1] / env.period, rel=1e-3)


def test_a_spin_of_many_turns_is_taken_by_its_mean():
    """More than 60 turns per revolution: the usual times, the Sun at one angle about the axis, and words that say so."""
    env = environment(MORNING, SETTINGS, Spin(point=Pointing("+z", "nadir"), spin_period=1.0))
    assert len(env.times) < 320
    np.testing.assert_allclose(env.nadir, np.tile([0.0, 0.0, 1.0], (len(env.times), 1)), atol=1e-12)
    assert np.ptp(np.unwrap(np.arctan2(env.sun[:, 1], env.sun[:, 0]))) < 1e-9
    assert any("by their mean over whole turns" in sentence for sentence in env.assumptions)
    suns = np.array([phase.sun[7] for phase in env.phases()])
    np.testing.assert_allclose(suns.mean(axis=0), [0.0, 0.0, env.sun[7, 2]], atol=1e-12)


def test_a_spin_much_slower_than_the_revolution_is_refused():
    """20 000 s were flown as one turn in 5739 s."""
    with pytest.raises(ValueError, match=r"a turn of 20000 s cannot be a whole one in a revolution of 5739 s; expected 8608 s at most"):
        environment(MORNING, SETTINGS, Spin(point=Pointing("+z", "nadir"), spin_period=20000.0))


def test_two_stars_fix_the_body_in_space():
    env = environment(MORNING, SETTINGS, STARS)
    assert np.max(np.ptp(env.rotation, axis=0)) < 1e-12
    star = np.array([np.cos(0.3) * np.cos(1.0), np.cos(0.3) * np.sin(1.0), np.sin(0.3)])
    np.testing.assert_allclose(env.rotation[0] @ star, [0.0, 0.0, 1.0], atol=1e-12)


def test_stars_need_coordinates_and_a_sky():
    with pytest.raises(ValueError, match=r'at = "star" needs right_ascension_deg and declination_deg'):
        Pointing("+z", "star")
    with pytest.raises(ValueError, match=r"a beta orbit has no place among the stars"):
        environment(Beta(altitude=550e3, beta=0.3), SETTINGS, STARS)
    with pytest.raises(ValueError, match=r"attitude.array \+z lies along attitude.nadir \+z"):
        YawSteering(array="+z")


def quaternion_file(path, rows, header="t_s,q_x,q_y,q_z,q_w"):
    path.write_text("# attitude\n" + header + "\n" + "\n".join(",".join(f"{x:.15g}" for x in row) for row in rows) + "\n")
    return path


def test_quaternions_turn_evenly_between_rows(tmp_path):
    """90 degrees about z in 100 s, one row negated: half way it is 45 degrees, and GCRF x is seen at -45 degrees in the body."""
    h = np.sqrt(0.5)
    path = quaternion_file(tmp_path / "q.csv", [(0, 0, 0, 0, 1), (100, 0, 0, -h, -h)])
    rotation = quaternion_rotation(path, np.array([0.0, 50.0, 100.0]))
    np.testing.assert_allclose(rotation[1] @ [1.0, 0.0, 0.0], [h, -h, 0.0], atol=1e-12)
    np.testing.assert_allclose(rotation[2] @ [1.0, 0.0, 0.0], [0.0, -1.0, 0.0], atol=1e-12)


def test_quaternions_drive_an_environment(tmp_path):
    path = quaternion_file(tmp_path / "q.csv", [(0, 0, 0, 0, 1), (6000, 0, 0, 0, 1)])
    env = environment(MORNING, SETTINGS, Quaternions(file=str(path)))
    np.testing.assert_allclose(env.rotation, np.tile(np.eye(3), (len(env.times), 1, 1)), atol=1e-12)


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        ([(0, 0, 0, 0, 1), (50, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w", "covers 0 to 50 s, the revolution needs 0 to 100 s"),
        ([(0, 0, 0, 0, 1)], "t,x,y,z,w", "needs the columns t_s, q_x, q_y, q_z, q_w; found t, x, y, z, w"),
        ([(0, 0, 0, 0, 1), (0, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w", r"line 4: t_s = 0 stands twice; expected times that rise"),
        ([(0, 0, 0, 0, 0), (200, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w", r"line 3: q = \[0.0, 0.0, 0.0, 0.0\] is no rotation"),
        ([(0, 10, 20, 30, 40), (200, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w", r"line 3: .* has the length 54.77; expected a quaternion of"),
        ([(0, 0, 0, 0, 1), (50, 0, 0, 0, 1), (20, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w", "line 5: t_s = 20 comes after 50; expected times"),
        ([(0, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w", "has 1 rows; expected two or more"),
        ([(0, 0, float("nan"), 0, 1)], "t_s,q_x,q_y,q_z,q_w", "line 3: q_y 'nan' is no number; expected a finite one"),
        ([(0, 0, 0, 0, 1), (200, 1, 0, 0, 0.01)], "t_s,q_x,q_y,q_z,q_w", "line 4: the body turns 178.9 degrees from 0 to 200 s, and could"),
        (
            [(0, 0, 0, 0, 1)],
            "t_s;q_x;q_y;q_z;q_w",
            "line 2: the columns are separated by semicolons; expected commas, and points in numbers",
        ),
        ([(0, 0, 0, 0, 1)], "t_s,q_x,q_y,q_z,q_w,q_x", "line 2: has the column q_x 2 times"),
        ([(0, 0, 0), (200, 0, 0)], "t_s,q_x,q_y,q_z,q_w", "line 3: has 3 cells; expected 5, as the header"),
    ],
)
def test_quaternion_files_that_cannot_be_used_say_why(tmp_path, rows, header, words):
    with pytest.raises(ValueError, match=words):
        quaternion_rotation(quaternion_file(tmp_path / "q.csv", rows, header), np.array([0.0, 100.0]))


def test_rows_far_apart_are_said(tmp_path):
    """Three rows 120 degrees apart: the shorter way is taken, and said."""
    rows = [(3000.0 * i, 0.0, 0.0, np.sin(np.radians(60.0 * i)), np.cos(np.radians(60.0 * i))) for i in range(3)]
    env = environment(MORNING, SETTINGS, Quaternions(file=str(quaternion_file(tmp_path / "q.csv", rows))))
    said = "warning: 2 rows of the attitude are more than 90 degrees from the one before (line 4: 120 degrees in 3000 s)"
    assert any(sentence.startswith(said) for sentence in env.assumptions)


def test_a_byte_order_mark_latin_comments_and_fortran_exponents_are_read(tmp_path):
    path = tmp_path / "q.csv"
    path.write_bytes("\ufefft_s,q_x,q_y,q_z,q_w\r\n0,0,0,0,1\r\n1.0D+02,0,0,0,1\r\n".encode())
    np.testing.assert_allclose(quaternion_rotation(path, np.array([50.0]))[0], np.eye(3))
    path.write_bytes(b"# M\xfcller\nt_s,q_x,q_y,q_z,q_w,note\n0,0,0,0,1,\xfc\n100,0,0,0,1,\n")
    np.testing.assert_allclose(quaternion_rotation(path, np.array([50.0]))[0], np.eye(3))


@pytest.mark.parametrize(("turn", "rows"), [(24.0, 1.0), (24.0, 8.0), (60.0, 0.1)])
def test_a_table_is_followed_by_its_own_times(tmp_path, turn, rows):
    """One turn in 24 s about GCRF z, a row a second or three a turn: four sides get the same to 1 %, and what a turn's mean says."""
    t = np.arange(0.0, 5800.0, rows)
    half = np.pi * t / turn
    path = quaternion_file(tmp_path / "q.csv", np.column_stack([t, 0 * t, 0 * t, np.sin(half), np.cos(half)]))
    env = environment(MORNING, SETTINGS, Quaternions(file=str(path)))
    assert np.linalg.norm(np.diff(env.sun, axis=0), axis=1).max() < np.radians(16.0)
    assert len(env.times) < 7000
    sides = np.array([[1.0, 0, 0], [0, 1.0, 0], [-1.0, 0, 0], [0, -1.0, 0]])
    got = np.trapezoid(mean_direct(env, lambda e: sides), env.times, axis=0)
    lit = np.trapezoid(env.solar * env.illumination, env.times) * np.hypot(*env.sun[0, :2]) / np.pi
    np.testing.assert_allclose(got, lit, rtol=turn / 3600.0)  # the turn that the eclipse cuts; 0.7 % of one in 24 s
    np.testing.assert_allclose(got.sum() / 4, lit, rtol=1e-3)


def test_a_table_that_turns_too_often_is_refused(tmp_path):
    t = np.arange(0.0, 5800.0, 1.0)
    path = quaternion_file(tmp_path / "q.csv", np.column_stack([t, 0 * t, 0 * t, np.sin(np.pi * t / 4), np.cos(np.pi * t / 4)]))
    with pytest.raises(ValueError, match=r"turns 143[45] times in 5739 s, which is too fast to be followed"):
        environment(MORNING, SETTINGS, Quaternions(file=str(path)))
