"""Strings taken one by one: alike they are the array as a whole, in shadow they give what the worst cell lets through."""

import numpy as np
import pytest

from power.solar.strings import Lit, Wing
from power.system.array_power import strings_power
from power.system.settings import Power
from power.system.system import solve

TIMES = np.array([0.0, 1800.0, 3600.0, 3600.0, 5400.0])
SUN = np.array([1361.0, 900.0, 1361.0, 0.0, 0.0])
WARM = np.array([330.0, 310.0, 330.0, 330.0, 250.0])
DET = {"regulation": "det", "bus_voltage": 28.0}


def power(wing, **given):
    return Power(cell="azur_3g30_cic", battery="lg_mj1", wings=(wing,), **given)


@pytest.mark.parametrize("given", [{}, DET], ids=["mppt", "det"])
@pytest.mark.parametrize("count", [1.0, 2.5])
def test_all_lit_strings_are_the_array(given, count):
    """Twenty strings one by one, or eight that stand for two and a half each, give what the area does, to 1e-12."""
    table = power(Wing(14, 20), **given)
    lit = Lit(table.wings[0], SUN, WARM, np.ones((5, round(20 / count))), count)
    whole = solve(table, TIMES, SUN, np.full(5, 50.0), WARM)
    single = solve(table, TIMES, SUN, np.full(5, 50.0), WARM, strings=[lit])
    assert single.available == pytest.approx(whole.available, rel=1e-12)
    assert any("all strings alike" in said for said in whole.assumptions)
    assert not any("all strings alike" in said for said in single.assumptions)


def test_shadow_takes_the_string():
    """A tenth of one of four strings dark: without diodes it is lost whole, with free diodes a tenth of it."""
    part = np.ones((5, 4))
    part[:, 0] = 0.9
    full = strings_power(power(Wing(14, 4)), [Lit(Wing(14, 4), SUN, WARM, np.ones((5, 4)))])
    lost = strings_power(power(Wing(14, 4)), [Lit(Wing(14, 4), SUN, WARM, part)])
    assert lost == pytest.approx(0.75 * full)
    spared = Wing(14, 4, bypass=True, bypass_drop=0.0)
    kept = strings_power(power(spared), [Lit(spared, SUN, WARM, part)])
    assert kept == pytest.approx(0.975 * full)
