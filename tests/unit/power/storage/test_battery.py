"""Battery library, cycles and the warnings about depth of discharge."""

import pytest

from power.storage.battery import LIBRARY, battery, cycles, life_warnings

ORBIT = 5739.0


def test_lg_mj1():
    """3.5 Ah at 3.635 V in 49 g: 12.72 Wh, 259.7 Wh/kg."""
    cell = battery("lg_mj1")
    assert cell.capacity * cell.voltage == pytest.approx(cell.energy, rel=1e-3)
    assert cell.energy / cell.mass == pytest.approx(cell.specific_energy, rel=1e-3)


def test_five_years_of_low_orbit():
    assert cycles(5.0, 5759.0) == pytest.approx(27400, rel=1e-3)


def test_deep_discharge_without_life_data_warns():
    """Above 40 % for five years of low orbit; silent at 30 %, for a short life, or with the user's own life data."""
    cell = LIBRARY["lg_mj1"]
    assert "above 40%" in life_warnings(cell, 0.45, 5.0, ORBIT)[0]
    assert life_warnings(cell, 0.30, 5.0, ORBIT) == ()
    assert life_warnings(cell, 0.45, 1.0, ORBIT) == ()
    assert life_warnings(cell, 0.45, 5.0, ORBIT, life_data=True) == ()


def test_beyond_the_stated_life_warns():
    """A cell with a stated depth and number of cycles is held to them."""
    cell = LIBRARY["saft_ves180"]
    assert life_warnings(cell, 0.30, 4.9, ORBIT) == ()
    assert "30% over 27400 cycles" in life_warnings(cell, 0.35, 4.9, ORBIT)[0]
    assert "55001 cycles" in life_warnings(cell, 0.30, 10.0, 5737.66)[0]


def test_sources():
    for cell in LIBRARY.values():
        assert cell.source
    with pytest.raises(ValueError, match="battery 'x' is not in the library"):
        battery("x")
