"""What a loop wets, and whether its tubes leak, asked in a case of a network."""

import math

import pytest
from network_case import STEADY, solved

from thermal.fluid.puncture import YEAR, gruen, mass_withstood

LOOP = """
[environment]
sink_K = 220
[network]
[[network.loops]]
name = "outer"
fluid = "ammonia"
pressure_bar = 60
wets = ["copper", "al_6061"]
pump = { flow_kg_s = 2 }
segments = [
  { name = "plate", length_m = 1, diameter_mm = 20, heat_W = 122400 },
  { name = "tube", length_m = 100, diameter_mm = 8, tubes = 6, isothermal = true, radiates = { emittance = 0.88, perimeter_m = 2 } },
]
"""

LEAKS = """
[punctures]
loops = "out*"
wall_mm = 1.5
years = 5
"""


def test_what_the_fluid_attacks_is_a_warning():
    """Ammonia with copper, not with aluminium; by name, reason and source."""
    said = [one for one in solved(LOOP + STEADY).remarks if one.startswith("warning: loop outer") and "copper" in one]
    assert len(said) == 1
    assert said[0].startswith("warning: loop outer: ammonia attacks copper: ")
    glycol = LOOP.replace('"ammonia"', '"propylene_glycol"').replace("pressure_bar = 60", "pressure_bar = 10")
    words = " ".join(solved(glycol + STEADY).remarks)
    assert "takes care with al_6061" in words
    assert "copper it carries settles on the aluminium" in words


def test_tubes_leak_by_their_outside():
    """pi (d + 2 wall) L of every tube, both segments: hits and chance; a wanted chance that is missed fails the run with its armour."""
    found = solved(LOOP + LEAKS + STEADY).summary().punctures
    area = math.pi * (0.023 * 1 + 0.011 * 100 * 6)
    assert found.area_m2 == pytest.approx(area)
    hits = float(gruen(mass_withstood(1.5e-3))) * area * 5 * YEAR
    assert (found.hits, found.no_leak) == pytest.approx((hits, math.exp(-hits)))
    asked = solved(LOOP + LEAKS + "wanted = 0.95\nsegments = 6\nneeded = 5\n" + STEADY)
    assert asked.holds is False
    assert any(one.startswith("punctures: ") and "a wall of" in one for one in asked.failures)


def test_a_loop_that_is_none():
    """By the names that there are."""
    with pytest.raises(ValueError, match="outer"):
        solved(LOOP + LEAKS.replace("out*", "inner") + STEADY)
