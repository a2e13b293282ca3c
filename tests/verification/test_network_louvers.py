"""Louvers by case files: shut, turning and open the covered node is where the ordinary equation has it, and they hold a swing of heat."""

import pytest
from network_case import STEADY, glow, node, solved, transient
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from thermal.constants import STEFAN_BOLTZMANN

SHUT, OPEN, LOW, HIGH = 0.12, 0.7, 283.15, 297.15
BLADES = f"louver = {{ shut_m2 = {SHUT}, shut_at_degC = 10, open_at_degC = 24 }}\n"


def given_off(T):
    """W to 0 K."""
    part = min(max((T - LOW) / (HIGH - LOW), 0.0), 1.0)
    return STEFAN_BOLTZMANN * (SHUT + part * (OPEN - SHUT)) * T**4


def louvered(*nodes):
    """Nodes, the first behind louvers to 0 K."""
    return "".join(nodes) + glow("bus", "space", OPEN) + BLADES + "[environment]\nsink_K = 0\n"


@pytest.mark.parametrize("heat", [20, 60, 150, 250, 400])
def test_steady(heat):
    """To 1e-6 K of the root of the balance; between 44 and 310 W the blades keep the bus within their 14 K."""
    found = solved(louvered(node("bus", heat_W=heat)) + STEADY).summary()
    T = brentq(lambda T: given_off(T) - heat, 50, 500, xtol=1e-10)
    assert found.parts["bus"].mean_degC + 273.15 == pytest.approx(T, abs=1e-6)
    assert (LOW < T < HIGH) == (heat in (60, 150, 250))
    assert found.network.flows_W["bus ~ space"] == pytest.approx(heat, rel=1e-9)


def test_warming_through_their_range():
    """From -20 degC with 200 W on 5000 J/K: as the ODE integrated to 1e-10, to 5 mK, closed to 1e-9."""
    result = solved(louvered(node("bus", heat_W=200, capacity_J_K=5000)) + transient(3000, -20))
    exact = solve_ivp(lambda t, T: [(200 - given_off(T[0])) / 5000], (0, 3000), [253.15], rtol=1e-10, atol=1e-10, max_step=10)
    assert LOW < exact.y[0, -1] < HIGH
    assert result.record.temperatures()[-1, result.built.nodes["bus"]] == pytest.approx(exact.y[0, -1], abs=5e-3)
    assert result.record.closure() < 1e-9


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("open_at_degC = 24", "open_at_degC = 5", "must be warmer than shut_at_degC"),
        ("0.12", "0.9", "shut blades radiate less than open ones"),
    ],
)
def test_refused(old, new, words):
    """In words."""
    with pytest.raises(ValueError, match=words):
        solved(louvered(node("bus", heat_W=20)).replace(old, new) + STEADY)
