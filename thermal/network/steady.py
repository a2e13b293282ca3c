"""Steady state of a network: Newton's method with sparse LU, and the parts of it that have no steady state, by name."""

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from thermal.errors import SolveError
from thermal.network.flows import OUTSIDE, Floats, Ids, Instant
from thermal.network.march import factors
from thermal.network.network import Network
from thermal.network.states import PhaseChange

MOST = 200  #: iterations
LARGEST = 60.0  #: K that a row moves in one of them
SETTLED = 1e-9  #: K of the last change
HALVINGS = 8  #: of a change that does not lower the imbalance


def steady_state(network: Network, T: Floats, t: float = 0.0) -> Floats:
    """Temperatures (rows,) [K] at which every free row is in balance with the loads of time `t`.

    Args:
        network: Thermostats in it are best by their averaged law.
        T: First guess (rows,) [K].
        t: Time at which loads and held temperatures are taken [s].

    Raises:
        SolveError: a part of it has no way to a sink (named), or no balance was found.
    """
    net = replace(network, laws=[law for law in network.laws if not isinstance(law, PhaseChange)])
    y = net.seated(t, net.states(T))
    lost = adrift(net, Instant(net, t, y))
    if lost:
        raise SolveError(no_sink(lost))
    change = np.full(len(net.free), np.inf)
    residual = np.asarray(net.incidence @ net.rates(Instant(net, t, y)))
    for _ in range(MOST):
        matrix = net.incidence @ net.linearised(Instant(net, t, y)).slope
        change = -factors(matrix, net, np.arange(len(net.free))).solve(residual)
        longest = float(np.abs(change).max(initial=0.0))
        y, residual = _moved(net, t, y, change * min(1.0, LARGEST / max(longest, 1e-30)), residual)
        if longest < SETTLED:
            return net.temperatures(y)[0]
    worst = net.names[net.free[int(np.argmax(np.abs(change)))]]
    raise SolveError(
        f"no steady state of the network in {MOST} iterations; {worst} still moves by {np.abs(change).max():.2g} K. "
        "Heat that grows with temperature, or a flow that changes its regime back and forth, may have none; try a transient."
    )


def _moved(net: Network, t: float, y: Floats, change: Floats, residual: Floats) -> tuple[Floats, Floats]:
    """States moved by as much of a change as lowers the imbalance, and the imbalance there [W]."""
    share, before = 1.0, float(np.linalg.norm(residual))
    for _ in range(HALVINGS):
        moved = y.copy()
        moved[net.free] += share * change
        found = np.asarray(net.incidence @ net.rates(Instant(net, t, moved)))
        if np.linalg.norm(found) <= before:
            break
        share *= 0.5
    return moved, found


def adrift(net: Network, now: Instant, capacity_holds: bool = False) -> tuple[str, ...]:
    """Names of free rows whose temperature nothing sets: no tie, however long, to a held row or to an outside that answers to it.

    Args:
        net: The network.
        now: The moment whose flows count as ties where they answer to a temperature.
        capacity_holds: A heat capacity sets a temperature too, as in a transient.
    """
    rows = len(net.names)
    start = np.concatenate([np.zeros(0, dtype=np.int64), *(f.start for f in net.flows)])
    end = np.concatenate([np.zeros(0, dtype=np.int64), *(f.end for f in net.flows)])
    flow, row = _answering(net, now)
    ground = rows  # one more node of the graph: all that sets a temperature
    one = np.where(start[flow] == OUTSIDE, ground, start[flow])
    other = np.where(end[flow] == OUTSIDE, ground, end[flow])
    held = np.setdiff1d(np.arange(rows), net.free)
    firm = np.flatnonzero(net.capacity > 0) if capacity_holds else held
    left = np.concatenate([row, row, held, firm])
    right = np.concatenate([one, other, np.full(len(held) + len(firm), ground)])
    graph = sparse.coo_matrix((np.ones(len(left)), (left, right)), shape=(rows + 1, rows + 1))
    _, part = connected_components(graph, directed=False)
    return tuple(net.names[i] for i in net.free if part[i] != part[ground])


def _answering(net: Network, now: Instant) -> tuple[Ids, Ids]:
    """Flows that answer to a row's temperature, and that row; one entry for each pair."""
    flows, rows, offset = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], 0
    for f in net.flows:
        i, j, value = f.slopes(now)
        strong = value != 0.0
        flows.append(i[strong] + offset)
        rows.append(j[strong])
        offset += len(f.start)
    return np.concatenate(flows), np.concatenate(rows)


def no_sink(names: tuple[str, ...]) -> str:
    """The refusal of nodes that nothing cools."""
    said = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return (
        f"{said}: no way to a sink. Nothing that is tied to it is held at a temperature or radiates to space, and no flowing loop carries "
        "its heat to something that does; add a conductor, a radiator or a boundary node, or a flow in the loop"
    )
