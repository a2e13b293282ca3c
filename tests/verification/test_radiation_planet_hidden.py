"""Planet infrared and albedo on plates with something in the way."""

import numpy as np
import pytest
from scipy.integrate import dblquad
from triangles import box, record, rectangle, together

from orbit.infrared import zonal_infrared
from orbit.planet import albedo_factor, plate_view_factor
from thermal.radiation.planet_shading import blocked_albedo, blocked_infrared, blocked_rays

RATIO = 1.08
PLATE = rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0))
HOOD = np.concatenate(box((-0.2, -0.2, -0.2), (1.2, 1.2, 0.1), inward=True))
TILTS = np.radians([0.0, 25.0, 50.0, 75.0, 90.0, 110.0, 130.0])


@pytest.fixture(name="hooded", scope="module")
def _hooded():
    """A plate towards +z under a close hood: every ray of it meets the hood."""
    return together([PLATE, HOOD])


def aim(tilts, azimuth=0.4, zenith=0.9):
    """Nadir and Sun for a plate towards +z at given tilts, by their definition."""
    nadir = np.column_stack([np.sin(tilts), 0 * tilts, np.cos(tilts)])
    side = np.column_stack([-np.cos(tilts), 0 * tilts, np.sin(tilts)])  # the plate's normal less its part along nadir
    around = np.cos(azimuth) * side + np.sin(azimuth) * np.array([0, 1, 0])
    return nadir, -np.cos(zenith) * nadir + np.sin(zenith) * around


def test_all_rays_give_the_closed_forms(hooded, record_property):
    """Blocked rays of a hooded plate are all its rays: view factor and albedo factor at seven tilts, 2^17 rays, within 5e-4."""
    rays = blocked_rays(*hooded, rays=1 << 17, fewer=False)
    nadir, sun = aim(TILTS)
    H = np.full(len(TILTS), RATIO)
    infrared, albedo = blocked_infrared(rays, nadir, H), blocked_albedo(rays, nadir, sun, H)
    expected = plate_view_factor(RATIO, TILTS), albedo_factor(RATIO, 0.9, TILTS, 0.4)
    worst = max(np.abs(infrared.part[:, 0] - expected[0]).max(), np.abs(albedo.part[:, 0] - expected[1]).max())
    record(record_property, worst, 0, 5e-4)
    assert worst < 5e-4
    assert infrared.error[:, 0].max() < 3e-4
    assert np.all(np.abs(infrared.part[:, 0] - expected[0]) < 5 * infrared.error[:, 0] + 1e-12)
    assert np.all(np.abs(albedo.part[:, 0] - expected[1]) < 5 * albedo.error[:, 0] + 1e-12)


def test_all_rays_give_the_zonal_emission(hooded, record_property):
    """Emission by latitude as `orbit.infrared` integrates it over rings, within 5e-4 of the mean emission."""
    rays = blocked_rays(*hooded, rays=1 << 17, fewer=False)
    nadir, _ = aim(TILTS)
    pole = np.tile([0.48, 0.6, 0.64], (len(TILTS), 1))
    H = np.full(len(TILTS), RATIO)
    found = blocked_infrared(rays, nadir, H, pole, (-0.1, -0.26)).part[:, 0]
    normals = np.tile([0.0, 0, 1], (len(TILTS), 1, 1))
    expected = zonal_infrared(H, nadir, pole, normals, (-0.1, -0.26), 1.0)[:, 0]
    record(record_property, np.abs(found - expected).max(), 0, 5e-4)
    assert np.abs(found - expected).max() < 5e-4
    assert np.abs(expected - plate_view_factor(RATIO, TILTS)).max() > 0.01


def test_under_a_hood_the_planet_is_gone(hooded, record_property):
    """What is left under a close hood is exactly zero, at any tilt, for infrared and albedo."""
    rays = blocked_rays(*hooded)
    nadir, sun = aim(TILTS)
    H = np.full(len(TILTS), RATIO)
    for whole, hide in (
        (plate_view_factor(RATIO, TILTS), lambda w: blocked_infrared(rays, nadir, H, whole=w)),
        (albedo_factor(RATIO, 0.9, TILTS, 0.4), lambda w: blocked_albedo(rays, nadir, sun, H, whole=w)),
    ):
        both = np.column_stack([whole, whole])
        left = both - hide(both).part
        record(record_property, left[:, 0].max(), 0, "exact")
        assert not left[:, 0].any()


@pytest.fixture(name="walled", scope="module")
def _walled():
    """A small plate at the foot of a long wall that rises 30 degrees above it: directions below are hidden, those above free."""
    plate = rectangle((-0.005, -0.005, 0), (0.01, 0, 0), (0, 0.01, 0))
    wall = rectangle((1, -60, -1), (0, 0, 1 + np.tan(np.pi / 6)), (0, 120, 0))
    return together([plate, wall])


def hidden(value, lean):
    """Integral over the directions between plate and wall's edge that meet the planet: `value(direction)` by cosine; nadir leans to +x.

    A direction is (cos b cos c, sin c, sin b cos c): b from plate to edge, c along the wall; solid angle cos c.
    """
    edge = np.sqrt(1 - 1 / RATIO**2)

    def limit(b):
        return np.arccos(min(1.0, edge / np.cos(b - lean))) if np.cos(b - lean) > 0 else 0.0

    def integrand(c, b):
        d = np.array([np.cos(b) * np.cos(c), np.sin(c), np.sin(b) * np.cos(c)])
        return value(d) * d[2] / np.pi * np.cos(c)

    return dblquad(integrand, 0, np.pi / 6, lambda b: -limit(b), limit, epsabs=1e-6, epsrel=1e-5)[0]


@pytest.mark.parametrize("lean", [0.0, 0.3, 1.0])
def test_beside_a_wall(walled, lean, record_property):
    """Plate edge-on to the planet and tilted, wall between: hidden infrared and albedo against quadrature over directions, 0.5 %."""
    rays = blocked_rays(*walled, rays=1 << 19)
    nadir = np.array([np.cos(lean), 0, np.sin(lean)])
    sun = np.array([-0.6, 0.64, -0.48])

    def lit(d):
        eta = np.arccos(min(d @ nadir, 1.0))
        psi = np.arcsin(min(RATIO * np.sin(eta), 1.0)) - eta  # law of sines: angle at the planet's centre
        across = d - (d @ nadir) * nadir
        across = across / max(np.linalg.norm(across), 1e-300)
        return max(0.0, (np.sin(psi) * across - np.cos(psi) * nadir) @ sun)

    H = np.array([RATIO])
    whole = np.array([[float(plate_view_factor(RATIO, np.pi / 2 - lean)), 0.0]])
    infrared = blocked_infrared(rays, nadir[None], H, whole=whole).part[0, 0]
    albedo = blocked_albedo(rays, nadir[None], sun[None], H, whole=np.ones((1, 2))).part[0, 0]
    expected = hidden(lambda d: 1.0, lean), hidden(lit, lean)
    record(record_property, infrared / expected[0], 1, 0.005)
    assert infrared == pytest.approx(expected[0], rel=0.005)
    assert albedo == pytest.approx(expected[1], rel=0.005)


def test_the_standard_error_is_honest(walled, record_property):
    """Scatter over 30 seeds against the mean of what each states: between 1/2 and 2."""
    nadir, H = np.array([[0.8, 0.0, 0.6]]), np.array([RATIO])
    some = [blocked_infrared(blocked_rays(*walled, rays=1024, seed=s), nadir, H) for s in range(30)]
    ratio = float(np.std([s.part[0, 0] for s in some], ddof=1) / np.mean([s.error[0, 0] for s in some]))
    record(record_property, ratio, 1, "factor 2")
    assert 0.5 < ratio < 2
