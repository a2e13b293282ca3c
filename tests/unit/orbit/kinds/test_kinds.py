"""Kinds of orbit and attitude say of themselves what others ask of them; a new one works by that, or is refused in words."""

import ast
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, get_args

import numpy as np
import pytest

import orbit.environment
from orbit.attitude.pointing import Attitude, AttitudeKind, Pointing
from orbit.attitude.steering import AnyAttitude
from orbit.calendar import calendar
from orbit.environment import EnvironmentSettings, environment
from orbit.kinds import Orbit
from orbit.kinds.analytic import Beta, Circular, Keplerian, SunSynchronous
from orbit.motion import passages
from orbit.track import MeanOrbit, MovingOrbit, OrbitKind, Track, circular_track, refuse_incomplete

NADIR = Attitude(Pointing("-z", "nadir"), Pointing("+x", "velocity"))
START = datetime(2027, 6, 1, tzinfo=UTC)
ROOT = Path(orbit.environment.__file__).parents[1]


@pytest.mark.parametrize("kind", [*get_args(Orbit), *get_args(AnyAttitude)])
def test_kinds_name_their_files(kind):
    """A field that names a file is among `files`, so that its content is digested and a copy of it kept; each of them is a field."""
    names = {field.name for field in fields(kind)}
    assert set(kind.files) <= names
    assert ("file" in names) == ("file" in kind.files)


@dataclass(frozen=True)
class Hovering:
    """A satellite that stands still over the sub-solar point: no circle, no year."""

    height: float
    kind: ClassVar[str] = "hovering"
    files: ClassVar[tuple[str, ...]] = ()
    epoch: ClassVar[None] = None
    no_year: ClassVar[str] = "stands still"

    def track(self, epoch, radius):
        place = np.array([radius + self.height, 0.0, 0.0])

        def state(t):
            shape = (len(np.atleast_1d(t)), 1)
            return np.tile(place, shape), np.tile([0.0, 1.0, 0.0], shape)

        sun = np.array([1.5e11, 0.0, 0.0])
        north = np.array([0.0, 0.0, 1.0])
        return Track(3600.0, state, sun, north, north, np.nan, None, ("hovers",))


def test_a_new_kind_of_orbit_is_flown_by_what_it_says():
    """Its own period, place and light, not those of a circle: always lit, always at its height, in its own words."""
    env = environment(Hovering(1e6), EnvironmentSettings(preset="mean"), NADIR)
    assert env.period == 3600.0
    np.testing.assert_allclose(env.distance, env.planet_radius + 1e6)
    np.testing.assert_array_equal(env.illumination, 1.0)
    assert not len(env.edges)
    assert "hovers" in env.assumptions
    assert not any("circular" in said for said in env.assumptions)


@pytest.mark.parametrize("lacking", ["track", "epoch", "files", "no_year"])
def test_a_kind_that_lacks_something_is_refused(lacking):
    """By its name and what it lacks; nothing falls through to a circle."""
    said = {name: value for name, value in vars(Hovering).items() if not name.startswith("__") and name != lacking}
    toy = type("Halting", (), {"height": 1e6, **said})()
    with pytest.raises(TypeError, match=rf"Halting cannot be flown: it has no {lacking}, which orbit.track.OrbitKind asks for"):
        environment(toy, EnvironmentSettings(preset="mean"), NADIR)


def test_what_has_no_year_and_no_motion_is_refused_where_they_are_needed():
    with pytest.raises(TypeError, match="Hovering cannot be carried through a year: it has no anchored, at_date, circular, elements_at"):
        calendar(Hovering(1e6), START, 1.0)
    with pytest.raises(TypeError, match="Beta cannot be followed over many revolutions: it has no motion"):
        passages(Beta(altitude=550e3, beta=0.0), START, 6000.0)


@dataclass(frozen=True)
class Tumbling:
    """An attitude of a test, that turns about z once per revolution and wants 700 times to follow it."""

    files: ClassVar[tuple[str, ...]] = ()
    starry: ClassVar[bool] = True

    def rotation(self, directions, times, period):
        c, s, o = np.cos(2 * np.pi * times / period), np.sin(2 * np.pi * times / period), np.zeros(len(times))
        return np.stack([np.stack([c, s, o], -1), np.stack([-s, c, o], -1), np.stack([o, o, o + 1], -1)], axis=-2)

    def steps(self, steps, period):
        return max(steps, 700)

    def own_times(self, period):
        return np.empty(0)

    def averaged_about(self, period):
        return None

    def said(self, period):
        return (f"tumbles in {period:.0f} s",)


def test_a_new_kind_of_attitude_is_flown_by_what_it_says():
    """Its turn about z keeps the Sun's height; its times and words are used; where there are no stars it is refused."""
    env = environment(SunSynchronous(altitude=550e3, ltan=10 * 3600.0), EnvironmentSettings(preset="mean"), Tumbling())
    assert len(env.times) >= 700
    np.testing.assert_allclose(env.sun[:, 2], env.sun[0, 2], atol=1e-12)
    assert np.ptp(env.sun[:, 0]) > 1.0
    assert f"tumbles in {env.period:.0f} s" in env.assumptions
    with pytest.raises(ValueError, match="a beta orbit has no place among the stars"):
        environment(Beta(altitude=550e3, beta=0.5), EnvironmentSettings(preset="mean"), Tumbling())


def test_an_attitude_that_lacks_something_is_refused():
    toy = type("Lazy", (), {name: value for name, value in vars(Tumbling).items() if name != "steps" and not name.startswith("__")})()
    with pytest.raises(TypeError, match=r"Lazy cannot be flown: it has no steps, which orbit\.attitude\.pointing\.AttitudeKind asks for"):
        environment(Beta(altitude=550e3, beta=0.5), EnvironmentSettings(preset="mean"), toy)


def test_every_kind_of_the_case_file_is_complete():
    """Each says all that is asked of it: all of an orbit, all of one that moves or drifts unless it says why it has no year."""
    for kind in get_args(Orbit):
        refuse_incomplete(kind, OrbitKind, "be flown")
        if not kind.no_year:
            refuse_incomplete(kind, MeanOrbit, "be carried through a year")
            refuse_incomplete(kind, MovingOrbit, "be followed")
    for kind in get_args(AnyAttitude):
        refuse_incomplete(kind, AttitudeKind, "be flown")


def test_nobody_asks_what_kind_an_orbit_or_attitude_is():
    """No `isinstance` on a kind in the house: each question is a method of the kinds."""
    kinds = {kind.__name__ for kind in (*get_args(Orbit), *get_args(AnyAttitude))}
    for room in ("orbit", "heliorack"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("isinstance", "issubclass"):
                    asked = {part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name)}
                    assert not asked & kinds, f"{path}: line {node.lineno} asks for {asked & kinds}"


@pytest.mark.parametrize(
    "kind",
    [
        Circular(altitude=600e3, inclination=1.0, raan=0.3),
        SunSynchronous(altitude=600e3, ltan=9 * 3600.0),
        Keplerian(semi_major_axis=7.2e6, eccentricity=0.02, inclination=1.0, raan=0.3, argument_of_perigee=0.5, mean_anomaly=0.7),
    ],
)
def test_an_orbit_stated_at_another_date_is_the_same_orbit(kind):
    """`at_date` moves the elements with the epoch: 50 days on, elements and revolution are those of the first statement."""
    radius, later = 6378137.0, datetime(2027, 7, 21, tzinfo=UTC)
    first = kind.anchored(START)
    moved = first.at_date(later, radius)
    assert moved.epoch == later
    one, other = (each.elements_at(later, radius) for each in (first, moved))
    for name in ("semi_major_axis", "eccentricity", "inclination", "raan_rate", "perigee_rate"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-12)
    assert np.cos(one.raan - other.raan) == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(first.track(later, radius).normal, moved.track(later, radius).normal, atol=1e-9)
    assert first.anchored(later) == first


def test_a_circle_of_the_toolbox_serves_a_new_kind():
    """A kind may build its track from the toolbox of `orbit.track`."""
    track = circular_track(550e3, np.array([0.0, 0.0, 1.0]), np.array([1.5e11, 0.0, 0.0]), np.eye(3)[2], np.nan, None, 6378137.0, ())
    assert track.beta == pytest.approx(0.0, abs=1e-12)
