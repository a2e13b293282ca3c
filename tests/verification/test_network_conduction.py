"""Networks of conductors and radiators against closed forms and an independent integrator."""

import numpy as np
import pytest
from networks import floats, heated, marched, network, radiating, stepped, tied

from thermal.network.march import March
from thermal.network.periodic import periodic_state
from thermal.network.steady import steady_state

ZERO_CELSIUS = 273.15
EXACT = {  #: matrix exponential [degC]
    0.1: [27.1026603, 31.4221168, 39.6924103, 45.4861208, 0.00953139],
    1.0: [34.6113518, 33.6801200, 38.2984647, 28.9087961, 0.0724978],
    10.0: [11.4936075, 10.8937383, 15.8264651, 8.3138915, 0.3359840],
}
ESATAN = [11.498207, 10.897942, 15.831056, 8.317036, 0.336044]  #: at 10 s, with steps of 0.01 s


def test_five_nodes():
    """C 1, 2, 3, 4, 1000 J/K, 5 W into the first, 10, 1, 5, 2 W/K: the matrix exponential to 1e-6 K; a published nodal code to 0.01 K."""
    net = network([1, 2, 3, 4, 1000], [tied((0, 1, 10.0), (1, 2, 1.0), (1, 3, 5.0), (3, 4, 2.0)), heated(0, 5.0)])
    record = marched(net, np.array([20, 30, 40, 50, 0]) + ZERO_CELSIUS, [0.0, *EXACT], tolerance=1e-6)
    for t, wanted in EXACT.items():
        found = record.temperatures()[record.times.index(t)] - ZERO_CELSIUS
        assert found == pytest.approx(np.array(wanted), abs=1e-6)
    assert found == pytest.approx(np.array(ESATAN), abs=0.01)
    assert record.closure() < 1e-10


def test_two_nodes_that_radiate():
    """2000 and 5000 J/K, GR 0.4 m2, 400 and 250 K: the ODE at 600 and 3600 s to 1e-6 K; no heat is lost between them."""
    net = network([2000, 5000], [radiating((0, 1, 0.4))])
    record = marched(net, [400, 250], [0.0, 600.0, 3600.0], tolerance=1e-6)
    T = record.temperatures()
    assert T[record.times.index(600.0)] == pytest.approx(floats(325.92124361, 279.63150256), abs=1e-6)
    assert T[-1] == pytest.approx(floats(293.10689926, 292.75724030), abs=1e-6)
    assert floats(2000, 5000) @ (T[-1] - T[0]) == pytest.approx(0, abs=1e-6)


P = 5738.993  # s


def two_nodes(*sources):
    """5000 J/K with 4 W/K to a sink of 250 K, 8000 J/K, 1.5 W/K between."""
    return network([5000, 8000, 0], [tied((0, 2, 4.0), (0, 1, 1.5)), *sources], held=[(2, 250.0)])


def test_square_wave():
    """400 W in sunlight, 60 W into the second node: temperatures at eclipse exit and entry to 1e-4 relative, in a periodic state."""
    exit_ = 0.37231082 * P
    net = two_nodes(stepped(0, exit_, P, 0.0, 400.0), heated(1, 60.0))
    guess = steady_state(net, floats(300, 300, 250), 0.7 * P)
    found = periodic_state(March(net, [], 1e-4), guess, [0.0, exit_, P], 1e-4, 20)
    assert found.converged
    T = found.record.temperatures()
    assert T[0][:2] == pytest.approx(floats(354.01578139, 372.62985148), abs=0.003)
    assert T[found.record.times.index(exit_)][:2] == pytest.approx(floats(289.17575793, 364.64756631), abs=0.003)
    assert found.record.closure() < 1e-9
    assert found.record.time_error() < 1e-5


def test_slowest_modes_of_three_nodes():
    """5000, 8000, 2000 J/K, 4 W/K to a sink, 1.5, 0.5: rows of the matrix have the closed-form time constants."""
    net = network([5000, 8000, 2000, 0], [tied((0, 3, 4.0), (0, 1, 1.5), (1, 2, 0.5))], held=[(3, 0.0)])
    from thermal.network.flows import Instant

    slope = net.linearised(Instant(net, 0.0, floats(1, 1, 1, 0))).slope
    rates = -np.linalg.eigvals((net.incidence @ slope) / net.capacity[:3, None])
    assert np.sort(1 / rates)[::-1] == pytest.approx(floats(10643.28527338, 2913.38915877, 859.99223451), rel=1e-9)


def test_node_without_capacity_is_a_star():
    """2 and 3 W/K in series through a node without capacity, beside 0.5 W/K: 1.7 W/K between the ends, at every moment."""
    net = network([1000, 1000, 0], [tied((0, 2, 2.0), (2, 1, 3.0), (0, 1, 0.5))])
    record = marched(net, [340, 300, 300], [0.0, 400.0], tolerance=1e-6)
    T = record.temperatures()[-1]
    assert T[0] - T[1] == pytest.approx(40 * np.exp(-1.7 * 400 / 500), abs=2e-6)
    assert T[2] == pytest.approx((2 * T[0] + 3 * T[1]) / 5, abs=1e-8)
