"""Sunlight by way of mirrors, where geometry gives the answer."""

import numpy as np
import pytest
from triangles import record, rectangle, together

from thermal.radiation.specular import sunlight


def test_mirror_at_45_degrees(record_property):
    """A mirror of 0.9 under 45 degrees turns overhead sunlight onto a wall: 0.9 within its image, to 2 % per facet; nothing beside it."""
    mirror = rectangle((0, 0, 0), (1, 0, -1), (0, 1, 0), 8, 8)
    wall = rectangle((2, -1, -2), (0, 0, 3), (0, 3, 0), 12, 12)
    view, groups = together([mirror, wall])
    light = sunlight(view, np.array([[0.0, 0, 1]]), np.where(groups == 0, 0.9, 0.0), np.where(groups == 0, 0.1, 1.0), 1024)
    middle = view.corners.mean(axis=1)
    image = (groups == 1) & (middle[:, 1] > 0) & (middle[:, 1] < 1) & (middle[:, 2] > -1) & (middle[:, 2] < 0)
    found = light.mirrored[0].astype(float)
    record(record_property, np.abs(found[image] - 0.9).max(), 0, 0.018)
    assert image.sum() == 32
    assert found[image] == pytest.approx(0.9, rel=0.02)
    assert found @ view.areas == pytest.approx(0.9, rel=1e-6)
    assert found[~image].max() < 0.02  # facets that touch the image's edge take part of a ray or two
    assert light.escaped[0] == pytest.approx(0, abs=1e-6)


def test_periscope(record_property):
    """Overhead sunlight turned to +x and then to +y by two mirrors of 0.9 and 0.8: 0.72 within the image, all of it; 2 % per facet."""
    first = rectangle((0, 0, 0), (1, 0, -1), (0, 1, 0), 8, 8)
    second = rectangle((1.5, -0.5, -1.5), (0, 0, 2), (2, 2, 0), 4, 4)
    wall = rectangle((1, 3, -2), (3, 0, 0), (0, 0, 3), 12, 12)
    view, groups = together([first, second, wall])
    specular = np.array([0.9, 0.8, 0.0])[groups]
    light = sunlight(view, np.array([[0.0, 0, 1]]), specular, 1 - specular, 1024)
    middle = view.corners.mean(axis=1)
    image = (groups == 2) & (middle[:, 0] > 2) & (middle[:, 0] < 3) & (middle[:, 2] > -1) & (middle[:, 2] < 0)
    found = light.mirrored[0].astype(float)
    record(record_property, np.abs(found[image] - 0.72).max(), 0, 0.0144)
    assert image.sum() == 32
    assert found[image] == pytest.approx(0.72, rel=0.02)
    assert (found * view.areas)[groups == 1].sum() == pytest.approx(0.9, rel=1e-6)
    assert (found * view.areas)[groups == 2].sum() == pytest.approx(0.72, rel=1e-6)


@pytest.mark.parametrize("angle", [30.0, 45.0])
def test_corner_of_two_mirrors(angle, record_property):
    """Sunlight (cos a, sin a) in a right corner of unit mirrors: each gives the other rho sin a of its side (a <= 45 deg), then all
    goes back to the Sun: mirrored rho sin a on both, escaped the rest; 0.5 %."""
    a, rho = np.radians(angle), 0.8
    upright, flat = rectangle((0, 0, 0), (0, 1, 0), (0, 0, 1), 4, 4), rectangle((0, 0, 0), (0, 0, 1), (1, 0, 0), 4, 4)
    view, groups = together([upright, flat])
    sun = np.array([[np.cos(a), np.sin(a), 0]])
    light = sunlight(view, sun, np.full(view.count, rho), np.full(view.count, 1 - rho), 4096)
    power = np.bincount(groups, weights=light.mirrored[0] * view.areas)
    record(record_property, power[0], rho * np.sin(a), "0.5 %")
    assert power == pytest.approx(rho * np.sin(a), rel=0.005)
    assert light.launched[0] == pytest.approx(rho * (np.cos(a) + np.sin(a)), rel=1e-6)
    twice = 2 * rho**2 * np.sin(a)  # what both mirrors have reflected a second time
    assert light.escaped[0] == pytest.approx(light.launched[0] - 2 * rho * np.sin(a) + twice, rel=0.005)
    assert light.remaining[0] == 0


@pytest.mark.parametrize("tilt", [15.0, 30.0, 50.0])
def test_sheet_of_mirrors_below_a_plate(tilt, record_property):
    """A plate half a unit above a mirror, facing it: sunlight rho cos t by the mirror, except where it is in the plate's own shadow.

    A point of the plate sees the Sun's image at h tan t towards the Sun, the shadow lies h tan t away from it: lit part min(1, 2 h tan t).
    """
    t, rho, h = np.radians(tilt), 0.7, 0.5
    plate = np.concatenate([rectangle((0, 0, h), (0, 1, 0), (1, 0, 0), 4, 4), rectangle((0, 0, h + 1e-3), (1, 0, 0), (0, 1, 0))])
    sheet = rectangle((-2, -1, 0), (5, 0, 0), (0, 3, 0), 20, 12)
    view, groups = together([plate, sheet])
    below = (groups == 0) & (view.normals[:, 2] < 0)
    specular = np.where(groups == 1, rho, 0.0)
    light = sunlight(view, np.array([[np.sin(t), 0, np.cos(t)]]), specular, 1 - specular, 1024)
    found = float(light.mirrored[0, below] @ view.areas[below])
    expected = rho * np.cos(t) * min(1.0, 2 * h * np.tan(t))
    record(record_property, found, expected, "1 %")
    assert found == pytest.approx(expected, rel=0.01)
    assert not light.direct[0, below].any()
    assert not light.mirrored[0, ~below & (groups == 0)].any()  # the mirrored light comes from below
