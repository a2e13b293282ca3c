"""Exchangers against an integration along both streams, and their limits."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from thermal.fluid.exchanger import FORMULAS, effectiveness, heat
from thermal.fluid.validity import FluidError


@pytest.mark.parametrize("arrangement", FORMULAS)
def test_against_the_peer(arrangement):
    """The functions of `ht` where it has the same formula, to round-off; cross flow by its integral (Triboix 2009), to 1e-6."""
    from ht.hx import effectiveness_from_NTU

    names = {
        "counter": "counterflow",
        "cross_unmixed": "crossflow",
        "cross_max_mixed": "crossflow, mixed Cmax",
        "cross_min_mixed": "crossflow, mixed Cmin",
        "shell_two_tube": "S&T",
        "condenser": "boiler",
    }
    for n in (0.1, 1.0, 4.0):
        for c in (0.2, 0.7, 1.0):
            peer = effectiveness_from_NTU(n, 0.0 if arrangement == "condenser" else c, subtype=names.get(arrangement, arrangement))
            assert effectiveness(n, c, arrangement).item() == pytest.approx(peer, rel=1e-6 if arrangement == "cross_unmixed" else 1e-12)


def test_cross_flow_by_its_equations():
    """dTh/dx = -N (Th - Tc), dTc/dy = C N (Th - Tc) on a square, by Gauss-Legendre collocation in both directions: to 1e-10."""
    n, c, order = 2.0, 0.75, 8
    x = (np.polynomial.legendre.leggauss(order)[0] + 1) / 2
    w = np.polynomial.legendre.leggauss(order)[1] / 2
    nodes = np.concatenate([[0.0], x])
    basis = [np.polynomial.Polynomial.fromroots(np.delete(nodes, k)) / np.prod(nodes[k] - np.delete(nodes, k)) for k in range(order + 1)]
    d = np.array([[p.deriv()(at) for p in basis] for at in x])
    at_end = np.array([p(1.0) for p in basis])
    eye, size = np.eye(order), order * order
    hot = np.kron(d[:, 1:], eye) + n * np.eye(size)  # Th[x, y] at the nodes; 1 enters at x = 0, the cold side at y = 0 with 0
    cold = np.kron(eye, d[:, 1:]) + c * n * np.eye(size)
    matrix = np.block([[hot, -n * np.eye(size)], [-c * n * np.eye(size), cold]])
    entering = np.concatenate([-np.kron(d[:, 0], np.ones(order)), np.zeros(size)])
    hot_field = np.linalg.solve(matrix, entering)[:size].reshape(order, order)
    out = at_end[0] + at_end[1:] @ hot_field
    assert effectiveness(n, c, "cross_unmixed").item() == pytest.approx(1 - out @ w, abs=1e-10)


@pytest.mark.parametrize("arrangement", FORMULAS)
def test_limits(arrangement):
    """Small: N. Capacity ratio 0: 1 - exp(-N) whatever the arrangement. More area exchanges more. Between parallel and counter flow."""
    assert effectiveness(1e-6, 0.5, arrangement).item() == pytest.approx(1e-6, rel=2e-6)
    assert effectiveness(0.0, 0.5, arrangement).item() == 0.0
    for ratio in (0.0, 1e-12):
        assert effectiveness(1.7, ratio, arrangement).item() == pytest.approx(1 - np.exp(-1.7), abs=1e-11)
    n = np.linspace(0.0, 8.0, 60)
    found = effectiveness(n, 0.9, arrangement)
    assert (np.diff(found) > -1e-12).all()
    if arrangement != "condenser":
        assert (found >= effectiveness(n, 0.9, "parallel") - 1e-12).all()
        assert (found <= effectiveness(n, 0.9, "counter") + 1e-12).all()


def test_counter_flow_at_almost_equal_rates():
    """N/(1 + N) without the loss of digits of the usual form."""
    for gap in (0.0, 1e-15, 1e-12, 1e-9):
        assert effectiveness(3.0, 1 - gap, "counter").item() == pytest.approx(0.75, abs=1e-9)


def test_heat_is_what_an_integration_along_parallel_streams_gives():
    """Two streams, 300 and 700 W/K, UA 450, 360 and 300 K: by an ODE to 1e-9."""
    a, b, ua = 300.0, 700.0, 450.0
    along = solve_ivp(lambda _, t: [-ua / a * (t[0] - t[1]), ua / b * (t[0] - t[1])], (0, 1), [360.0, 300.0], rtol=1e-12, atol=1e-10)
    expected = a * (360.0 - along.y[0, -1])
    assert heat(a, b, 360.0, 300.0, ua, "parallel").item() == pytest.approx(expected, rel=1e-9)
    assert heat(b, a, 300.0, 360.0, ua, "parallel").item() == pytest.approx(-expected, rel=1e-9)


def test_streams_that_stand_or_boil():
    """Nothing without flow; a side that boils has one temperature, two that do exchange UA times the difference."""
    assert heat([0.0, 5.0, 0.0], [5.0, 0.0, 0.0], 360.0, 300.0, 100.0, "counter") == pytest.approx([0, 0, 0])
    assert heat(100.0, np.inf, 360.0, 300.0, 50.0, "counter").item() == pytest.approx(100 * 60 * (1 - np.exp(-0.5)))
    assert heat(np.inf, np.inf, 360.0, 300.0, 50.0, "counter").item() == pytest.approx(3000.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((1.0, 0.5, "spiral"), "'spiral' is not known"), ((-1.0, 0.5, "counter"), "NTU of zero"), ((1.0, 1.5, "counter"), "ratio of 0 to 1")],
)
def test_refused(arguments, words):
    """By name and number."""
    with pytest.raises(FluidError, match=words):
        effectiveness(*arguments)
