"""Units of the case file."""

import math

import pytest

from heliorack.casefile.units import UNITS, from_si, key, quantity, to_si

KNOWN = [
    (550, "km", 550e3),
    (9, "mm", 0.009),
    (85, "degC", 358.15),
    (5, "K", 5.0),
    (10.5, "h", 37800.0),
    (2, "min", 120.0),
    (180, "deg", math.pi),
    (3.5, "Ah", 12600.0),
    (260, "Wh_kg", 936000.0),
    (30, "percent", 0.3),
    (300, "mm2", 3e-4),
    (49, "g", 0.049),
    (-6.7, "mV_K", -6.7e-3),
    (5, "years", 5.0),
    (100, "W_m", 100.0),
]


@pytest.mark.parametrize(("value", "unit", "si"), KNOWN)
def test_value_in_si_is_the_nearest_float(value, unit, si):
    """Conversion multiplies and divides by whole numbers, so that 9 mm is the float 0.009 and nothing beside it."""
    assert to_si(value, unit) == si


@pytest.mark.parametrize("unit", UNITS)
def test_there_and_back_keeps_twelve_figures(unit):
    """from_si(to_si(x)) = x."""
    for value in (0.1, 1.0, 37.0, 12345.678):
        assert from_si(to_si(value, unit), unit) == pytest.approx(value, rel=1e-11)


def test_key_carries_the_unit():
    """A dimensionless field has no suffix."""
    assert [key("h", "W_m2K"), key("altitude", "km"), key("albedo", "-")] == ["h_W_m2K", "altitude_km", "albedo"]


def test_quantity_prints_the_unit_readably():
    """W_m is heat times distance, W/m2 is a flux."""
    assert [quantity(100, "W_m"), quantity(1361.0, "W_m2"), quantity(0.5, "-")] == ["100 W m", "1361 W/m2", "0.5"]
