"""Parts of a network whose temperature nothing sets, by name."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from thermal.network.flows import OUTSIDE, Ids, Instant
from thermal.network.network import Network


def adrift(net: Network, now: Instant, capacity_holds: bool = False) -> tuple[str, ...]:
    """Names of free rows whose temperature nothing sets: no tie, however long, to a held row or to an outside that answers to it.

    Args:
        net: The network.
        now: The moment whose flows count as ties where they answer to a temperature.
        capacity_holds: A heat capacity sets a temperature too, as in a transient.
    """
    rows = len(net.names)
    reached = grounded(net, now, np.zeros(rows, dtype=bool), capacity_holds)
    return tuple(net.names[i] for i in net.free if not reached[i])


def grounded(net: Network, now: Instant, warm: NDArray[np.bool_], capacity_holds: bool = False) -> NDArray[np.bool_]:
    """Rows whose temperature something sets (rows,); `warm` are rows that are set from elsewhere, as walls of parts that lose heat."""
    rows = len(net.names)
    start = np.concatenate([np.zeros(0, dtype=np.int64), *(f.start for f in net.flows)])
    end = np.concatenate([np.zeros(0, dtype=np.int64), *(f.end for f in net.flows)])
    flow, row = _answering(net, now)
    ground = rows  # one more node of the graph: all that sets a temperature
    one = np.where(start[flow] == OUTSIDE, ground, start[flow])
    other = np.where(end[flow] == OUTSIDE, ground, end[flow])
    held = np.setdiff1d(np.arange(rows), np.concatenate([net.free, net.walls]))
    held = np.concatenate([held, np.flatnonzero(warm)])
    firm = np.flatnonzero(net.capacity > 0) if capacity_holds else held
    left = np.concatenate([row, row, held, firm])
    right = np.concatenate([one, other, np.full(len(held) + len(firm), ground)])
    graph = sparse.coo_matrix((np.ones(len(left)), (left, right)), shape=(rows + 1, rows + 1))
    _, part = connected_components(graph, directed=False)
    return np.asarray(part[:rows] == part[ground])


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
    """The refusal of nodes that nothing cools; cells of one segment of a loop are named once, by their segment."""
    cells = Counter(_segment(name) for name in names)
    told = list(dict.fromkeys(_segment(name) if cells[_segment(name)] > 1 else name for name in names))
    said = ", ".join(told[:5]) + (f" and {len(told) - 5} more" if len(told) > 5 else "")
    return (
        f"{said}: no way to a sink. Nothing that is tied to it is held at a temperature or radiates to space, and no flowing loop carries "
        "its heat to something that does; add a conductor, a radiator or a boundary node, or a flow in the loop"
    )


def _segment(name: str) -> str:
    """Of the row of a cell, as "coolant.plate" of "coolant.plate 3"; any other name as it is."""
    base, space, number = name.rpartition(" ")
    return base if space and number.isdigit() and "." in base else name
