"""Steady states: starts, failures and their words."""

import numpy as np
import pytest
from bodies import bar

from thermal.errors import SolveError
from thermal.solve.steady import steady_state

SOLID = bar(4, 0.1, 0.02, 50.0)


@pytest.mark.parametrize("linear", ["direct", "multigrid"])
@pytest.mark.parametrize("guess", [300.0, 3000.0, 50.0, 1.0, 0.0, -1.0, -300.0])
def test_any_guess(guess, linear):
    """10 W over the bar, emission at one end: eps sigma A (T^4 - 3^4) = 10 W wherever Newton starts."""
    model = SOLID.model(emitters={"bar:+x": (0.9, 3.0)}, heat={"bar": 10.0})
    T = steady_state(model, SOLID.start(guess), 0.0, linear)
    _, heat = model.outside(0.0, T)
    assert heat[0] == pytest.approx(-10.0, rel=1e-9)
    assert T.min() > 0


def test_no_way_out_for_the_heat():
    """Heat without emission, film or held temperature: says what to look for."""
    with pytest.raises(SolveError, match=r"Newton stopped after \d+ iterations.*reaches a radiating face, a film or a held temperature"):
        steady_state(SOLID.model(heat={"bar": 10.0}), SOLID.start(300.0), 0.0, "direct")


@pytest.mark.parametrize("linear", ["direct", "multigrid"])
def test_a_load_that_is_no_number(linear):
    """nan never becomes a temperature."""
    with pytest.raises(SolveError, match="the linear solve failed"):
        steady_state(SOLID.model(emitters={"bar:+x": (0.9, 3.0)}, heat={"bar": np.nan}), SOLID.start(300.0), 0.0, linear)


def test_direct_and_multigrid_agree():
    """To 1e-6 K, held temperature and film included."""
    solid = bar(40, 0.4, 0.02, 50.0)
    model = solid.model(held={"bar:-x": 350.0}, films={"bar:+y": (20.0, 290.0)}, emitters={"bar:+z": (0.9, 3.0)}, heat={"bar": 5.0})
    direct, multigrid = (steady_state(model, solid.start(300.0), 0.0, linear) for linear in ("direct", "multigrid"))
    assert direct == pytest.approx(multigrid, abs=1e-6)


@pytest.mark.parametrize("emittance", [0.9, 0.05])
def test_near_absolute_zero_round_off_is_no_failure(emittance):
    """A copper bar with no heat but the sky's: emission hardly holds a temperature there, and steps end at round-off, not at 1e-9 K."""
    solid = bar(8, 0.1, 0.1, 400.0)
    found = steady_state(solid.model(emitters={"bar:+x": (emittance, 2.725)}), solid.start(300.0), 0.0, "direct")
    assert found == pytest.approx(2.725, abs=1e-2)
