"""What time asks of a network: how long the run is, tables of heat and held temperatures, moments at which something jumps."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import CaseError, Problem
from heliorack.checks.network_loops import moments
from heliorack.model.networks.rows import ids
from orbit.environment import Environment
from thermal.network.flows import Flow, Source
from thermal.network.network import Held
from thermal.network.tables import SPACE, NetworkTable
from thermal.signal import Signal

Floats = NDArray[np.float64]


def run_length(case: Case, table: NetworkTable, env: Environment | None) -> float:
    """Time that the run covers [s]; of a steady state without a period that of its tables, of which it takes the means."""
    period = table.period or (env.period if env is not None else None)
    if case.run.kind == "transient":
        return case.run.duration or (case.run.orbits or 1.0) * (period or 1.0)
    tables = [one for node in table.nodes for one in (node.heat_over_time, node.held_over_time) if one is not None]
    return period or max((one.times[-1] for one in tables), default=0.0) or 1.0


def check_tables(case: Case, table: NetworkTable, period: float) -> None:
    """Refuse tables over time that go on when the orbit that they repeat with is over.

    Raises:
        CaseError: names them.
    """
    found = []
    for node in table.nodes:
        for key in ("heat_over_time", "held_over_time"):
            given = getattr(node, key)
            if given is not None and given.times[-1] > period * (1 + 1e-9):
                said = f"ends after the orbit of {period:.2f} s with which it repeats; cut it there, or run a transient"
                found.append(Problem(f"network.nodes.{node.name}.{key}.times_s", list(given.times), said))
    if found:
        raise CaseError(case.source, found)


def over_time(times: Sequence[float], values: Sequence[float], length: float) -> tuple[Floats, Floats]:
    """A table from 0 to `length` [s]: its last value holds on, and what lies beyond is cut off."""
    t, v = np.array(times, dtype=float), np.array(values, dtype=float)
    if t[-1] < length:
        return np.append(t, length), np.append(v, v[-1])
    kept = t < length
    last = int(np.flatnonzero(kept)[-1])
    share = (length - t[last]) / (t[last + 1] - t[last])
    return np.append(t[kept], length), np.append(v[kept], v[last] + share * (v[last + 1] - v[last]))


def together(found: Sequence[tuple[Floats, Floats]]) -> Signal:
    """Tables over one span as one signal; a time at which any of them jumps stands twice."""
    if not found:
        return Signal(np.array([0.0, 1.0]), np.zeros((2, 0)))
    times = np.unique(np.concatenate([t for t, _ in found]))
    before = np.array([[_one_sided(t, v, now, "left") for t, v in found] for now in times])
    after = np.array([[_one_sided(t, v, now, "right") for t, v in found] for now in times])
    spread: list[tuple[float, Floats]] = []
    for t, b, a in zip(times, before, after, strict=True):
        spread += [(t, b)] if np.array_equal(a, b) else [(t, b), (t, a)]
    return Signal(np.array([t for t, _ in spread]), np.array([v for _, v in spread]))


def _one_sided(times: Floats, values: Floats, now: float, side: Literal["left", "right"]) -> float:
    """Value of a table just before (`left`) or just after a time [s]; at the ends of the table on its inside."""
    i = max(int(np.searchsorted(times, now, side=side)), 1)
    if i >= len(times):
        return float(values[-1])
    width = times[i] - times[i - 1]
    return float(values[i] if width <= 0 else values[i - 1] + (now - times[i - 1]) / width * (values[i] - values[i - 1]))


def sources(table: NetworkTable, nodes: Mapping[str, int], length: float) -> list[Flow]:
    """Heat that time alone rules."""
    found: list[Flow] = []
    steady = [node for node in table.nodes if node.heat]
    if steady:
        heat = np.array([[node.heat for node in steady]] * 2)
        signal = Signal(np.array([0.0, length]), heat)
        found.append(Source(ids(nodes, [node.name for node in steady]), signal, [f"heat {node.name}" for node in steady]))
    for node in table.nodes:
        if node.heat_over_time is not None:
            times, values = over_time(node.heat_over_time.times, node.heat_over_time.heat, length)
            found.append(Source(ids(nodes, [node.name]), Signal(times, values[:, None]), [f"heat {node.name}"]))
    return found


def held(table: NetworkTable, nodes: Mapping[str, int], space: float, length: float) -> Held:
    """Boundary nodes and space."""
    known: dict[str, tuple[Floats, Floats]] = {}
    if SPACE not in [node.name for node in table.nodes]:
        known[SPACE] = (np.array([0.0, length]), np.full(2, space))
    for node in table.nodes:
        if node.held is not None:
            known[node.name] = (np.array([0.0, length]), np.full(2, node.held))
        elif node.held_over_time is not None:
            known[node.name] = over_time(node.held_over_time.times, node.held_over_time.temperature, length)
    return Held(ids(nodes, list(known)), together(list(known.values())))


def events(table: NetworkTable, env: Environment | None, length: float, transient: bool, more: Sequence[float]) -> tuple[float, ...]:
    """Times from 0 to the end at which something jumps or kinks [s]; `more` at which light does."""
    found = {0.0, length, *more}
    for node in table.nodes:
        for given in (node.heat_over_time, node.held_over_time):
            found |= set() if given is None else {float(t) for t in given.times}
    found |= {time for _, _, time in moments(table)}
    if env is not None and any(node.faces for node in table.nodes):
        turns = int(np.ceil(length / env.period)) if transient else 1
        found |= {float(n * env.period + edge % env.period) for n in range(turns) for edge in [0.0, *env.edges]}
    near = 1e-9 * length
    kept: list[float] = []
    for t in sorted(t for t in found if 0.0 <= t <= length):
        if not kept or t - kept[-1] > near:
            kept.append(t)
    kept[-1] = length
    return tuple(kept)
