"""Networks that have no answer say which node lacks what."""

import numpy as np
import pytest
from networks import floats, heated, marched, network, rows, tied

from thermal.errors import SolveError
from thermal.network.flows import Instant
from thermal.network.sinks import adrift, no_sink
from thermal.network.steady import steady_state
from thermal.network.switches import Thermostats


def test_node_with_no_way_to_a_sink_is_named():
    """Two nodes that are tied to one another alone have no steady state."""
    net = network([1000, 1000, 1000, 0], [tied((0, 3, 1.0), (1, 2, 2.0)), heated(1, 5.0)], held=[(3, 290.0)])
    with pytest.raises(SolveError, match="n1, n2: no way to a sink"):
        steady_state(net, floats(300, 300, 300, 290))


def test_cells_of_a_segment_are_named_once():
    """By their segment; a single cell, and a node that has a number in its name, by their own."""
    said = no_sink(("tray 1", "tray 2", "l.plate 1", "l.plate 2", "l.exchanger 1", "l.panel panel 1", "l.panel panel 2"))
    assert said.startswith("tray 1, tray 2, l.plate, l.exchanger 1, l.panel panel: no way to a sink")


def test_capacity_is_reference_enough_in_a_transient():
    """What floats in steady state does not in a transient, unless it has no capacity."""
    net = network([1000, 0, 0, 0], [tied((0, 1, 1.0), (2, 3, 1.0))])
    assert adrift(net, Instant(net, 0.0, np.full(4, 300.0)), capacity_holds=True) == ("n2", "n3")


def test_thermostats_that_turn_one_another_are_refused():
    """A heater without capacity under it has no time to be on."""
    heater = Thermostats(("h",), rows(0), rows(0), floats(60.0), floats(273.0), floats(275.0))
    with pytest.raises(SolveError, match="back and forth"):
        marched(network([0, 0], [tied((0, 1, 1.5)), heater], held=[(1, 250.0)]), [260, 250], [0.0, 100.0], switches=[heater])


def test_large_network_takes_the_sparse_way_to_the_same_numbers():
    """A chain of 200 nodes, solved sparse, is the linear profile between its held ends."""
    n = 200
    chain = tied(*((i, i + 1, 2.0) for i in range(n - 1)))
    net = network([100.0] * n, [chain], held=[(0, 400.0), (n - 1, 200.0)])
    assert not net.small
    T = steady_state(net, np.full(n, 300.0))
    assert pytest.approx(np.linspace(400, 200, n), abs=1e-8) == T
    record = marched(net, T, [0.0, 1000.0])
    assert record.temperatures()[-1] == pytest.approx(T, abs=1e-7)
    assert record.closure() < 1e-9
