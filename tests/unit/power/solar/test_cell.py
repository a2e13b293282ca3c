"""Solar cells: interpolation, refusals, the curve and the two ways to run on it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from power.solar.array import available_power, wing_temperature
from power.solar.cell import LIBRARY, by_fluence, cell, max_power
from power.solar.curve import current, fixed_voltage_power

COMPLETE = [name for name, c in LIBRARY.items() if c.dvmp is not None]


def test_fluence_between_the_points_of_a_sheet():
    """Linear below the first fluence, linear in its logarithm above; nothing beyond the sheet."""
    known, values = (0.0, 1e14, 1e15), (1.0, 0.9, 0.8)
    assert by_fluence([0.0, 5e13, 1e14, 10**14.5, 1e15], known, values) == pytest.approx([1.0, 0.95, 0.9, 0.85, 0.8])
    with pytest.raises(ValueError, match="outside the data sheet"):
        by_fluence(2e15, known, values)
    assert float(by_fluence(2e15, known, values, hold=True)) == pytest.approx(0.8)


def test_missing_coefficients_are_asked_for():
    """A cell without temperature coefficients works at 28 degC only, unless one is given."""
    ztj = LIBRARY["ztj"]
    assert float(max_power(ztj, 1367.0, 301.15)) == pytest.approx(0.295 * 1367.0)
    with pytest.raises(ValueError, match="give temperature_coefficient"):
        max_power(ztj, 1367.0, 330.0)
    assert float(max_power(ztj, 1367.0, 311.15, coefficient=-0.002)) == pytest.approx(0.98 * 0.295 * 1367.0)
    with pytest.raises(ValueError, match="give eol_factor"):
        max_power(ztj, 1367.0, 301.15, 1e14)
    with pytest.raises(ValueError, match="cell 'best' is not in the library"):
        cell("best")


@pytest.mark.parametrize("name", COMPLETE)
@given(st.floats(150.0, 420.0), st.floats(0.1, 80.0))
def test_hotter_cells_never_give_more_at_the_maximum_power_point(name, temperature, hotter):
    """Voltage falls faster than current grows, over -120 to 230 degC and at every age."""
    known = LIBRARY[name]
    for fluence in known.fluence:
        assert max_power(known, 1367.0, temperature + hotter, fluence) <= max_power(known, 1367.0, temperature, fluence) * (1 + 1e-12)


def test_held_below_the_knee_hotter_cells_give_more():
    """Under direct energy transfer at a voltage below the knee power rises with temperature; above the knee it falls."""
    known = LIBRARY["azur_3g30_cic"]
    cold, hot = 301.15, 331.15
    assert fixed_voltage_power(known, 1.6, 1367.0, hot) > fixed_voltage_power(known, 1.6, 1367.0, cold)
    assert fixed_voltage_power(known, 2.4, 1367.0, hot) < fixed_voltage_power(known, 2.4, 1367.0, cold)
    with pytest.raises(ValueError, match="needs a cell whose source gives"):
        fixed_voltage_power(LIBRARY["azur_3g30"], 2.0, 1367.0, cold)


def test_curve_meets_its_three_points():
    """Short circuit and, within a thousandth, maximum power and open circuit; no point of it beats the sheet by more than 1 %."""
    points = (2.700, 0.515, 2.411, 0.499)
    assert float(current(0.0, *points)) == pytest.approx(0.515)
    assert float(current(2.411, *points)) == pytest.approx(0.499, rel=1e-3)
    assert float(current(2.700, *points)) == pytest.approx(0.0, abs=1e-3 * 0.515)
    volts = np.linspace(0.0, 2.7, 2701)
    assert np.max(volts * current(volts, *points)) < 1.01 * 2.411 * 0.499


def test_array_is_cells_times_packing():
    """10 m2 at 0.9 packing carry 9 m2 of cells; a factor and the light scale it."""
    known = LIBRARY["azur_3g30"]
    full = float(available_power(known, 10.0, 1367.0, 301.15))
    assert full == pytest.approx(9.0 * 0.29454 * 1367.0, rel=1e-4)
    assert float(available_power(known, 10.0, 683.5, 301.15, factor=0.8)) == pytest.approx(0.4 * full)


def test_electricity_drawn_leaves_the_cells():
    """The wing cools by it. A black plate of two faces at 1361 W/m2 is at 330.98 K."""
    black = {"absorptance_front": 1.0, "emittance_front": 1.0, "emittance_back": 1.0, "sink": 0.0}
    assert float(wing_temperature(1361.0, **black)) == pytest.approx(330.981788, abs=1e-6)
    assert float(wing_temperature(1361.0, 400.0, **black)) == pytest.approx((961.0 / (2 * 5.670374419e-8)) ** 0.25, rel=1e-12)


def test_every_cell_has_a_source():
    assert len(LIBRARY) >= 12
    for known in LIBRARY.values():
        assert known.source
        assert 0.2 < known.efficiency < 0.33
