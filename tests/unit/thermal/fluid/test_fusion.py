"""Heats of melting of coolants."""

import pytest

from thermal.fluid.coolant import LIBRARY as COOLANTS
from thermal.fluid.coolant import coolant, ends
from thermal.fluid.fusion import LIBRARY, UNKNOWN, fusion


def test_each_is_a_coolant_with_a_source():
    """By the names of the coolants; heats as entropies of melting lie where those of small molecules do, 0.5 to 6 R per mole."""
    masses = {"water": 18.015e-3, "ammonia": 17.031e-3, "methanol": 32.042e-3, "propylene": 42.08e-3}
    for name, found in LIBRARY.items():
        assert name in COOLANTS
        assert found.source
        entropy = found.latent * masses[name] / ends(coolant(name)).freezing / 8.314
        assert 0.5 < entropy < 6


def test_solutions_have_that_of_their_water():
    """Half of it at half of the mass."""
    assert fusion(coolant("propylene_glycol")).latent == pytest.approx(0.5 * LIBRARY["water"].latent)
    assert "all of its water" in fusion(coolant("water_glycol")).source


def test_nothing_is_made_up():
    """A coolant of which no heat is known has none."""
    assert fusion(coolant("hfe_7100")) is UNKNOWN
    assert UNKNOWN.latent is None
