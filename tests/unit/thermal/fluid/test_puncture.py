"""Meteoroid flux, walls and segments."""

import numpy as np
import pytest

from thermal.fluid.puncture import (
    YEAR,
    Particle,
    Wall,
    armour,
    earth_shielding,
    focusing,
    gruen,
    mass_withstood,
    no_leak,
    table_flux,
    wall_needed,
)
from thermal.fluid.validity import FluidError


def test_inverse():
    """The heaviest particle that a wall withstands needs that wall."""
    for failure in ("perforation", "detached_spall", "spall"):
        for thickness in (1e-4, 1e-3, 1e-2):
            assert wall_needed(mass_withstood(thickness, failure=failure), failure=failure) == pytest.approx(thickness, rel=1e-12)
    assert wall_needed(1e-8, failure="spall") / wall_needed(1e-8) == pytest.approx(3 / 1.8)


def test_scaling():
    """V^(2/3); d^(19/18); a harder wall is thinner by BHN^(1/4); a particle over 1.5 times as dense takes the other exponent."""
    assert wall_needed(1e-8, Particle(10e3)) / wall_needed(1e-8) == pytest.approx(0.5 ** (2 / 3))
    assert wall_needed(1e-5) / wall_needed(1e-8) == pytest.approx(10 ** (19 / 18))
    assert wall_needed(1e-8, wall=Wall(hardness=150.0)) / wall_needed(1e-8) == pytest.approx((95 / 150) ** 0.25)
    light, dense = Particle(density=2700 * 1.4999), Particle(density=2700 * 1.5001)
    assert wall_needed(1e-8, dense) / wall_needed(1e-8, light) == pytest.approx(1.5 ** (1 / 6), rel=1e-3)


def test_segments_by_counting():
    """Poisson hits on six segments of which four must live: 200 000 draws, within four standard errors."""
    hits, draws = 1.3, 200_000
    alive = (np.random.default_rng(7).poisson(hits / 6, (draws, 6)) == 0).sum(axis=1) >= 4
    chance = no_leak(hits, 6, 4)
    assert abs(alive.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / draws)
    assert no_leak(hits, 6) == pytest.approx(np.exp(-hits))
    assert no_leak(0.0, 3, 1) == 1.0


def test_armour():
    """The wall has the chance asked for; isolation makes it lighter; a wall that is enough weighs nothing more."""
    whole = armour(0.95, 10.0, 5 * YEAR, 0.5e-3)
    assert whole.chance == pytest.approx(0.95, rel=1e-8)
    n = float(gruen(mass_withstood(whole.thickness))) * 10 * 5 * YEAR
    assert np.exp(-n) == pytest.approx(0.95, rel=1e-8)
    assert whole.added == pytest.approx((whole.thickness - 0.5e-3) * 10 * 2700)
    parted = armour(0.95, 10.0, 5 * YEAR, 0.5e-3, segments=4, needed=3)
    assert parted.added < 0.6 * whole.added
    assert armour(0.5, 0.01, YEAR, 5e-3).added == 0.0
    with pytest.raises(FluidError, match="no wall below 100 mm"):
        armour(1 - 1e-12, 1e4, 30 * YEAR, 1e-3)


def test_the_earth():
    """Half of the sky is hidden at the top of the atmosphere, none far away; focusing falls to 1 with distance."""
    assert earth_shielding(100.001e3) == pytest.approx(0.5, abs=0.01)
    assert earth_shielding(1e9) == pytest.approx(1.0, abs=1e-4)
    assert focusing(600e3) == pytest.approx(1 + (10.69e3 / 20e3) ** 2, rel=1e-3)
    with pytest.raises(FluidError, match="not above the atmosphere"):
        earth_shielding(90e3)


def test_debris_by_a_table():
    """Straight in logarithms, nothing beyond; it adds to meteoroids."""
    debris = table_flux([1e-12, 1e-6], [1e-5, 1e-11])
    assert debris(1e-9) == pytest.approx(1e-8)
    assert debris(1e-3) == 0.0
    both = armour(0.9, 1.0, YEAR, 0.5e-3, flux=lambda mass: float(gruen(mass)) + debris(mass))
    assert both.thickness > armour(0.9, 1.0, YEAR, 0.5e-3).thickness
    with pytest.raises(FluidError, match="begins at 1e-12 kg"):
        debris(1e-13)
    with pytest.raises(FluidError, match="do not rise"):
        table_flux([1e-12, 1e-6], [1e-9, 1e-8])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: no_leak(1.0, 2, 3), "Of|of 2 segments 3"),
        (lambda: wall_needed(1e-8, failure="dent"), "'dent' is not known"),
        (lambda: armour(1.2, 1.0, 1.0, 1e-3), "between 0 and 1"),
    ],
)
def test_refused(make, words):
    """By name and number."""
    with pytest.raises(FluidError, match=words):
        make()
