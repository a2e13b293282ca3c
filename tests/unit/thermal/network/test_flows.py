"""Slopes of every flow are those of its rate; weights, pumps and states do what their formulas say."""

import numpy as np
import pytest
from loops import WATER, Plumbing, fixed
from networks import floats, heated, network, radiating, rows, tied

from thermal.network.devices.heat_pipe import HeatPipes, LimitCurve
from thermal.network.flows import Instant
from thermal.network.loops.exchanger import Exchanger, Side
from thermal.network.loops.loop_flows import upstream_weight
from thermal.network.loops.pump import Pump, Valve
from thermal.network.mean import at_mean
from thermal.network.periodic import _PARTS, _POLES
from thermal.network.states import PhaseChange
from thermal.network.switches import Thermostats


def differences(net, y, t=0.5, step=1e-4):
    """Slopes of all flows with respect to the free states, by central differences."""
    found = []
    for row in net.free:
        ahead, behind = y.copy(), y.copy()
        ahead[row] += step
        behind[row] -= step
        found.append((net.rates(Instant(net, t, ahead)) - net.rates(Instant(net, t, behind))) / (2 * step))
    return np.array(found).T


def slopes(net, y, t=0.5):
    """As the network has them."""
    made = net.linearised(Instant(net, t, y)).slope
    return made if isinstance(made, np.ndarray) else made.toarray()


def test_slopes_of_plain_flows():
    """Conductors, radiators, heat pipes below and above their limit, an averaged thermostat inside its band."""
    pipes = HeatPipes(rows(0, 1), rows(1, 2), floats(3, 50), [LimitCurve(floats(200, 400), floats(900, 700))] * 2, ["a", "b"])
    heater = Thermostats(("h",), rows(2), rows(2), floats(60.0), floats(279.0), floats(281.0), averaged=True)
    net = network([10, 10, 10, 0], [tied((0, 1, 2.0)), radiating((1, 3, 0.3)), pipes, heater, heated(0, 5.0)], held=[(3, 200.0)])
    y = floats(330, 310, 280.01, 200)
    assert slopes(net, y) == pytest.approx(differences(net, y), abs=1e-5)


def test_slopes_of_a_loop_with_branches_valve_and_exchanger():
    """Carried heat, film, radiation and exchange of two loops, the valve half open: to 1 % of the largest."""
    p = Plumbing()
    space, inlet, wall = p.row(held=200.0), p.row(held=320.0), p.row(capacity=50.0)
    hot = p.loop([p.segment("side", 1, 0.1, 0.01)], fixed(0.05), WATER, inlet)
    segments = [p.segment("plate", 2, 1.0, 0.01), p.segment("main", 3, 5.0, 0.01, 1, 0), p.segment("around", 1, 1.0, 0.01, 1, 1)]
    cold = p.loop([*segments, p.segment("x", 1, 0.1, 0.01, 2)], fixed(0.1), WATER, valve=Valve(1, 1, 2, 296.0))
    p.film(cold, "plate", wall, 500.0)
    p.glow(cold, "main", space, 4.0)
    p.flows.append(Exchanger("e", (Side(hot, 0), Side(cold, 0)), 300.0, "counter"))
    net = p.network()
    T = np.full(len(net.names), 300.0) + np.linspace(0, 3, len(net.names))
    T[segments[1].rows[-1]], T[segments[2].rows[-1]] = 290.0, 302.0
    y = net.seated(0.5, net.states(T))
    made, wanted = slopes(net, y), differences(net, y)
    phi_moves = 1e-2 * np.abs(wanted).max()  # the film's weight answers to the flow that the valve moves
    assert np.abs(made - wanted).max() < phi_moves


def test_weight_of_the_inlet():
    """phi is 1/2 of a short cell, 0 of one at rest, and makes the steady outlet of a cell exp(-N)."""
    N = floats(1e-9, 1e-4, 0.3, 2.0, 30.0)
    phi = upstream_weight(N)
    out = (1 - N * phi) / (1 + N * (1 - phi))
    assert out == pytest.approx(np.exp(-N), rel=1e-9)
    assert upstream_weight(floats(np.inf)).item() == 0.0


def test_poles_of_the_periodic_correction():
    """Sum of 2 Re c/(z - r) is 1/(1 + z/2 + z2/6 + z3/24 + z4/120), and no pole lies where decaying modes are."""
    for z in (0.0, 0.5, 2.0, 9.0):
        series = sum(z**k / float(np.prod(np.arange(1, k + 2))) for k in range(5))
        assert sum(2 * (c / (z - r)).real for r, c in zip(_POLES, _PARTS, strict=True)) == pytest.approx(1 / series, rel=1e-12)
    assert (np.abs(np.angle(_POLES)) > np.pi / 2 - 0.2).all()


def test_pump_turns_and_curve():
    """On and off at its times; straight between points and on by the last two."""
    pump = Pump(curve=(floats(0, 1, 2), floats(100, 80, 40)), efficiency=0.5, turns=((5.0, False), (9.0, True)))
    assert [pump.running(t) for t in (0.0, 5.0, 8.9, 9.0)] == [True, False, False, True]
    assert (pump.head(0.5), pump.head(2.5), pump.most) == pytest.approx((90.0, 20.0, 3.0))
    assert pump.power(2.0, 40.0, 1000.0) == pytest.approx(0.16)


def test_states_of_a_pack_and_means():
    """T(y) and y(T) are inverse off the plateau; at_mean holds sources at their means."""
    law = PhaseChange(rows(0, 1, 2), floats(300, 300, 300), floats(50, 50, 50), floats(0.5, 0.5, 0.5), np.array([0, 1, 2]))
    T, slope = law.temperature(floats(290, 320, 360))
    assert pytest.approx(floats(290, 300, 305)) == T
    assert slope == pytest.approx(floats(1, 0, 0.5))
    assert law.state(floats(290, 300, 305)) == pytest.approx(floats(290, 300, 360))
    net = at_mean(network([1, 0], [heated(0, 7.0), tied((0, 1, 1.0))], held=[(1, 280.0)]))
    assert net.rates(Instant(net, 3.0, floats(280, 280)))[0] == pytest.approx(7.0)
