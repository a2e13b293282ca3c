"""Fins against a shooting solution."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.pipes.fin import Fin
from thermal.fluid.validity import FluidError


@pytest.mark.parametrize(
    ("sink", "absorbed", "base", "length"),
    [(0.0, 0.0, 320.0, 0.15), (220.0, 0.0, 320.0, 0.15), (0.0, 120.0, 320.0, 0.15), (180.0, 300.0, 330.0, 0.4), (330.0, 0.0, 290.0, 0.2)],
)
def test_against_shooting(sink, absorbed, base, length):
    """From an insulated tip whose temperature is sought: tip to 1e-8 K, heat to 1e-9; also where the surroundings warm the fin."""
    fin = Fin(167.0, 1e-3, 1.7, sink, absorbed)

    def right(_: float, y: np.ndarray) -> list[float]:
        return [y[1], (1.7 * STEFAN_BOLTZMANN * (y[0] ** 4 - sink**4) - absorbed) / (167.0 * 1e-3)]

    def end(tip: float) -> np.ndarray:
        return solve_ivp(right, (0, length), [tip, 0.0], method="DOP853", rtol=1e-12, atol=1e-11).y[:, -1]

    found = fin.solve(base, length)
    reach = sorted((0.5 * (fin.balance + found.tip), base))
    tip = brentq(lambda T: end(T)[0] - base, *reach, xtol=1e-11)
    assert found.tip == pytest.approx(tip, abs=1e-8)
    assert found.heat == pytest.approx(167.0 * 1e-3 * end(tip)[1], rel=1e-9)


def test_short_and_long():
    """A short fin is isothermal; a long one gives the closed form for no end, sqrt(2 n eps sigma k t (Tb^5 - 5 Tb Ts^4 + 4 Ts^5)/5)."""
    fin = Fin(167.0, 1e-3, 1.7, 220.0)
    assert fin.solve(320.0, 1e-4).heat == pytest.approx(1e-4 * 1.7 * STEFAN_BOLTZMANN * (320.0**4 - 220.0**4), rel=1e-6)
    endless = np.sqrt(2 * 1.7 * STEFAN_BOLTZMANN * 0.167 * (320.0**5 - 5 * 320.0 * 220.0**4 + 4 * 220.0**5) / 5)
    for length in (4.0, 50.0, 1e4):
        assert fin.solve(320.0, length).heat == pytest.approx(endless, rel=1e-9)
    assert (fin.solve(320.0, 0.0).heat, fin.solve(220.0, 1.0).heat) == (0.0, 0.0)


def test_refused():
    """A fin of no material."""
    with pytest.raises(FluidError, match="above zero"):
        Fin(170.0, 0.0, 1.76)
