"""Curve of a whole array: sums in series and in parallel, shadow, and agreement with the powers by string."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from power.solar.cell import LIBRARY
from power.solar.curve import current, points, voltage
from power.solar.iv import array_curve, maximum_power
from power.solar.strings import Wing, string_power

CIC = LIBRARY["azur_3g30_cic"]
SUN, WARM = CIC.irradiance, CIC.temperature
PLAIN, DIODES = Wing(10, 4), Wing(10, 1, bypass=True, bypass_drop=0.5)


@given(st.floats(1e-3, 0.999), st.floats(220.0, 400.0))
def test_voltage_is_the_inverse_of_current(share, temperature):
    sheet = points(CIC, temperature)
    drawn = share * float(sheet.isc)
    assert float(current(voltage(drawn, *sheet), *sheet)) == pytest.approx(drawn, rel=1e-9)


def test_equal_strings_scale_the_cell():
    """Open circuit 10 x 2.700 V, short circuit 4 x 0.515 A, and the maximum is 40 cells' within the model's half per cent."""
    volts, amps = array_curve(CIC, PLAIN, SUN, WARM)
    assert volts[-1] == pytest.approx(27.0, rel=1e-3)
    assert amps[0] == pytest.approx(4 * 0.515, rel=1e-6)
    assert np.all(np.diff(amps) <= 1e-12)
    watts, at = maximum_power(volts, amps)
    assert watts == pytest.approx(40 * 2.411 * 0.499, rel=5e-3)
    assert at == pytest.approx(24.11, rel=2e-2)
    assert float(np.interp(16.0, volts, amps)) == pytest.approx(float(4 * current(1.6, *points(CIC, WARM))), rel=1e-6)


def test_hot_array_has_more_current_and_less_voltage():
    """70 degC against -20 degC: coefficients of open and short circuit."""
    cold, hot = (array_curve(CIC, PLAIN, SUN, kelvin) for kelvin in (253.15, 343.15))
    assert hot[1][0] - cold[1][0] == pytest.approx(4 * 0.36e-3 * 90.0, rel=1e-5)
    assert cold[0][-1] - hot[0][-1] == pytest.approx(10 * 6.2e-3 * 90.0, rel=1e-2)
    assert maximum_power(*hot)[0] < maximum_power(*cold)[0]


def test_losses_scale_the_current():
    full, less = array_curve(CIC, PLAIN, SUN, WARM), array_curve(CIC, PLAIN, SUN, WARM, factor=0.9)
    assert less[1] == pytest.approx(0.9 * full[1])


def test_three_dark_cells_with_diodes_make_a_step():
    """Open circuit of seven cells at no current; at any current three drops less."""
    lit = np.ones((1, 10))
    lit[0, :3] = 0.0
    volts, amps = array_curve(CIC, DIODES, SUN, WARM, sunlit=lit)
    assert volts[-1] == pytest.approx(7 * 2.7, rel=1e-3)
    assert maximum_power(volts, amps)[0] == pytest.approx((7 * 2.411 - 1.5) * 0.499, rel=6e-3)
    same = array_curve(CIC, DIODES, SUN, WARM, sunlit=0.7)
    assert maximum_power(*same)[0] == pytest.approx(maximum_power(volts, amps)[0], rel=1e-9)


def test_half_lit_cells_make_two_knees():
    """Half the cells at half light: the high-voltage knee runs all ten at half current, the low-voltage one five at full current."""
    lit = np.repeat([[1.0, 0.5]], 5, axis=1)
    volts, amps = array_curve(CIC, DIODES, SUN, WARM, sunlit=lit, samples=2001)
    watts = volts * amps
    low, high = volts < 5 * 2.5 - 2.5, volts > 5 * 2.7 - 2.5
    assert np.max(watts[low]) == pytest.approx((5 * 2.411 - 2.5) * 0.499, rel=6e-3)
    assert 5 * 2.411 * 0.499 < np.max(watts[high]) < 1.07 * 5 * 2.411 * 0.499


@given(arrays(float, (1, 10), elements=st.floats(0.05, 1.0)), st.sampled_from([10.0, 16.0, 22.0]), st.booleans())
def test_power_by_string_never_exceeds_the_curve(lit, volts, bypass):
    """Held at a voltage, the quick rule is a lower bound of the exact sum of cells."""
    wing = DIODES if bypass else Wing(10)
    quick = float(string_power(CIC, wing, [[SUN]], [[WARM]], sunlit=lit[None], voltage=volts)[0, 0])
    exact = volts * float(np.interp(volts, *array_curve(CIC, wing, SUN, WARM, sunlit=lit, samples=4001)))
    assert quick <= exact * (1 + 2e-3) + 1e-3


def test_strings_at_unequal_temperatures_share_one_voltage():
    """One tracker finds the maximum of the summed currents, near the hot string's knee; one for each string would give more."""
    shared = maximum_power(*array_curve(CIC, Wing(10, 2), SUN, [253.15, 343.15]))[0]
    cold, hot = (array_curve(CIC, Wing(10), SUN, kelvin) for kelvin in (253.15, 343.15))
    at = np.linspace(0.0, 28.0, 28001)
    both = np.interp(at, *hot, right=0.0) + np.interp(at, *cold, right=0.0)
    assert shared == pytest.approx(np.max(at * both), rel=1e-3)
    assert maximum_power(*hot)[0] + 0.9 * cold[1][0] * 21.0 < shared < maximum_power(*hot)[0] + maximum_power(*cold)[0]


def test_dark_array_and_refusals():
    """No light, or a dark cell in every string without diodes: no current."""
    assert np.all(array_curve(CIC, PLAIN, 0.0, WARM)[1] == 0.0)
    assert np.all(array_curve(CIC, PLAIN, SUN, WARM, sunlit=0.99)[1] == 0.0)
    assert maximum_power(*array_curve(CIC, PLAIN, 0.0, WARM))[0] == 0.0
    with pytest.raises(ValueError, match="4 strings of 10 cells"):
        array_curve(CIC, PLAIN, SUN, WARM, sunlit=np.ones((4, 9)))
    with pytest.raises(ValueError, match="needs a cell whose source gives"):
        array_curve(LIBRARY["azur_3g30"], PLAIN, SUN, WARM)
