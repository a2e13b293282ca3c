"""Coatings with one number for both bands are remarked upon."""

import pytest

from heliorack import load

CASE = """
title = "A plate in sunlight"

[orbit]
kind = "beta"
altitude_km = 550
beta_deg = 90

[environment]
preset = "mean"

[attitude]
point = {{ axis = "+z", at = "sun" }}
align = {{ axis = "+x", at = "nadir" }}

[[parts]]
name = "plate"
kind = "plate"
width_mm = 100
length_mm = 100
thickness_mm = 2
material = "al_6061"
coating = "paint"

[coatings.paint]
solar_absorptance = {alpha}
infrared_emittance = {epsilon}
source = "test"
"""


def remarks(place, alpha, epsilon):
    file = place / "case.toml"
    file.write_text(CASE.format(alpha=alpha, epsilon=epsilon), encoding="utf-8")
    return [said for said in load(file).assumptions if "coatings.paint" in said]


def test_one_number_for_both_bands_is_questioned(tmp_path):
    """The absorptance of 0.09 that a white paper uses for Earth infrared too, written as a case: named, with both numbers and the rule."""
    (said,) = remarks(tmp_path, 0.09, 0.09)
    assert said.startswith("warning: coatings.paint: 0.09 is both solar_absorptance and infrared_emittance")
    assert "Kirchhoff" in said


@pytest.mark.parametrize(("alpha", "epsilon"), [(0.09, 0.92), (1.0, 1.0)])
def test_two_numbers_and_black_are_not(tmp_path, alpha, epsilon):
    """Selective surfaces, and black ones."""
    assert not remarks(tmp_path, alpha, epsilon)
