"""Strings: shadow with and without diodes, losses, refusals, and where the heat of the cells goes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from power.solar.cell import LIBRARY
from power.solar.strings import Losses, Wing, cell_area, check_equal, string_power

CIC = LIBRARY["azur_3g30_cic"]
SUN, WARM = CIC.irradiance, CIC.temperature
ONE = 2.411 * 0.499  # W of one cell
PLAIN, DIODES = Wing(10, 3), Wing(10, 3, bypass=True, bypass_drop=0.5)


def power(wing, sunlit, voltage=None, temperature=WARM):
    return string_power(CIC, wing, [[SUN]], [[temperature]], sunlit=sunlit, voltage=voltage)


def test_whole_string_is_series_times_one_cell():
    """10 cells, and the same where the lit part is said by cell; (n, strings) out."""
    assert power(PLAIN, np.ones((1, 3))) == pytest.approx(np.full((1, 3), 10 * ONE))
    assert power(DIODES, np.ones((1, 3, 10))) == pytest.approx(np.full((1, 3), 10 * ONE))


def test_worst_cell_limits_the_string():
    """One cell at 40 % holds a string without diodes to 40 %; a dark one to nothing; any dark part of the area is a dark cell."""
    dim, dark = np.ones((1, 1, 10)), np.ones((1, 1, 10))
    dim[..., 3], dark[..., 3] = 0.4, 0.0
    assert float(power(PLAIN, dim)[0, 0]) == pytest.approx(4 * ONE)
    assert float(power(PLAIN, dark)[0, 0]) == 0.0
    assert power(PLAIN, [[1.0, 0.99, 0.0]])[0] == pytest.approx([10 * ONE, 0.0, 0.0])


def test_diodes_give_up_the_shadowed_cells():
    """Three dark cells of ten cost their own voltage and three drops of 0.5 V: 7 x 2.411 - 1.5 V at the current of the others."""
    dark = np.ones((1, 1, 10))
    dark[..., :3] = 0.0
    expected = (7 * 2.411 - 3 * 0.5) * 0.499
    assert float(power(DIODES, dark)[0, 0]) == pytest.approx(expected)
    assert float(power(DIODES, [[0.7]])[0, 0]) == pytest.approx(expected)


def test_slightly_dim_cells_are_not_given_up():
    """At 90 % light on three cells it is better to run all ten at 90 % than seven at full current with three drops."""
    dim = np.ones((1, 1, 10))
    dim[..., :3] = 0.9
    assert float(power(DIODES, dim)[0, 0]) == pytest.approx(9 * ONE)


def test_bypassed_cells_under_a_fixed_voltage():
    """At 16 V ten lit cells sit at 1.6 V; with two given up the other eight sit at 2.125 V and still carry nearly short circuit."""
    whole = float(power(DIODES, [[1.0]], voltage=16.0)[0, 0])
    fewer = float(power(DIODES, [[0.8]], voltage=16.0)[0, 0])
    assert whole == pytest.approx(16.0 * 0.515, rel=1e-3)
    assert 0.98 * whole < fewer < whole
    assert float(power(DIODES, [[0.5]], voltage=16.0)[0, 0]) == 0.0
    assert float(power(PLAIN, [[0.8]], voltage=16.0)[0, 0]) == 0.0


@given(arrays(float, (1, 2, 10), elements=st.floats(0.0, 1.0)), st.integers(0, 9), st.sampled_from([None, 8.0, 16.0, 22.0]))
def test_shadow_never_helps_and_diodes_never_hurt(sunlit, which, voltage):
    """More shadow on any cell never raises the power; a diode of any drop never lowers it; nothing is negative."""
    darker = sunlit.copy()
    darker[..., which] *= 0.5
    for wing in (PLAIN, DIODES):
        assert np.all(power(wing, darker, voltage) <= power(wing, sunlit, voltage) + 1e-12)
    assert np.all(power(DIODES, sunlit, voltage) >= power(PLAIN, sunlit, voltage) - 1e-12)
    assert np.all(power(PLAIN, sunlit, voltage) >= 0.0)


@given(st.floats(200.0, 400.0), st.floats(0.5, 40.0), st.floats(0.0, 1.0))
def test_hotter_strings_never_give_more_at_the_maximum_power_point(temperature, hotter, lit):
    assert power(DIODES, [[lit]], temperature=temperature + hotter) <= power(DIODES, [[lit]], temperature=temperature) + 1e-12


def test_hotter_string_gives_more_below_the_knee():
    """Ten cells held at 16 V gain with every kelvin; held at 24 V they lose."""
    steps = [float(power(PLAIN, [[1.0]], 16.0, WARM + kelvin)[0, 0]) for kelvin in (0.0, 15.0, 30.0)]
    assert steps[0] < steps[1] < steps[2]
    assert power(PLAIN, [[1.0]], 24.0, WARM + 30.0) < power(PLAIN, [[1.0]], 24.0, WARM)


def test_every_string_has_its_own_temperature():
    """Two strings at 28 and 70 degC beside each other."""
    both = string_power(CIC, PLAIN, np.full((4, 1), SUN), np.tile([WARM, 343.15], (4, 1)), sunlit=np.ones((4, 2)))
    assert both.shape == (4, 2)
    assert both[2, 1] == pytest.approx(10 * (2.411 - 6.7e-3 * 42) * (0.499 + 0.24e-3 * 42))


def test_losses_multiply():
    assert Losses().factor == 1.0
    assert Losses(cover_glass=0.98, pointing=0.99, mismatch=0.97, wiring=0.96).factor == pytest.approx(0.98 * 0.99 * 0.97 * 0.96)


def test_unequal_strings_are_refused_at_one_voltage():
    """Different counts, or different cells; each string on its own tracker may differ."""
    with pytest.raises(ValueError, match=r"'a' has cells in series = 16 and 'b' has cells in series = 15.*must be equal"):
        check_equal([Wing(16, 2, "a"), Wing(15, 2, "b")], "azur_3g30_cic")
    with pytest.raises(ValueError, match="'b' has cell = azur_4g32"):
        check_equal([Wing(16, 2, "a"), Wing(16, 2, "b", cell="azur_4g32")], "azur_3g30_cic")
    check_equal([Wing(16, 2, "a"), Wing(16, 5, "b", cell="azur_3g30_cic")], "azur_3g30_cic")
    check_equal([Wing(16, 2, "a"), Wing(15, 2, "b")], "azur_3g30_cic", "mppt")


def test_words_about_diodes_and_shapes():
    with pytest.raises(ValueError, match="needs the forward voltage"):
        Wing(10, bypass=True)
    with pytest.raises(ValueError, match="bypass is false"):
        Wing(10, bypass_drop=0.5)
    with pytest.raises(ValueError, match="9 cells in each string of 'wing', which has 10 in series"):
        power(PLAIN, np.ones((1, 1, 9)))
    with pytest.raises(ValueError, match="sunlit must lie between 0 and 1"):
        power(PLAIN, [[1.2]])
    with pytest.raises(ValueError, match="current at maximum power"):
        string_power(LIBRARY["ztj"], DIODES, [[SUN]], [[LIBRARY["ztj"].temperature]])
    assert cell_area([Wing(10, 3), Wing(5, 2, cell="azur_3g30")], "azur_3g30_cic") == pytest.approx(30 * 31.13e-4 + 10 * 30.18e-4)
