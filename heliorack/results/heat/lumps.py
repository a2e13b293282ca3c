"""The bodies of a network - every node, the fluid of every loop, the panels of every segment - and what flows between them over a run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heliorack.results.network_result import NetworkResult
from thermal.network.controls.louver import Louvers
from thermal.network.devices.heat_pump import HeatPump
from thermal.network.flows import OUTSIDE, Conduction, Exchange, Flow
from thermal.network.loops.loop_flows import Glow

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Shares = Sequence[tuple[str, float]]  #: bodies that heat into a row goes to, with parts that add up to one

PATHS = {"pump": "pumps", "compressor": "compressors", "heater": "heaters", "loop": "outlet"}  #: by the first word of a flow's name


@dataclass(frozen=True, slots=True, eq=False)
class Lumps:
    """Bodies of a network that are no parts of a mesh, their temperatures over the run, and what is held."""

    rows: dict[str, Ids]  #: of each body
    boundaries: dict[int, str]  #: rows that are held, space among them
    capacity: dict[str, float]  #: J/K, by state
    stored: dict[str, float]  #: mean heat that each takes up [W]
    temperature: dict[str, Floats]  #: of each body and boundary at the times of the record, by capacity [K]


def lumps(result: NetworkResult) -> Lumps:
    """Of a result; walls on a mesh are none of them."""
    net, record = result.record.network, result.record
    held = np.zeros(0, dtype=np.int64) if net.held is None else net.held.rows
    name_of = {row: name for name, row in result.built.nodes.items()}
    loops = {int(row): f"loop {name}" for name, loop in result.built.loops.items() for row in loop.rows}
    groups: dict[str, list[int]] = {}
    for row in net.free.tolist():
        name = name_of.get(row) or loops.get(row) or _panel(net.names[row])
        groups.setdefault(name, []).append(row)
    boundaries = {int(row): name_of.get(int(row), net.names[row]) for row in held}
    rows = {name: np.array(members, dtype=np.int64) for name, members in groups.items()}
    moved = net.capacity * (record.states[-1] - record.states[0]) / max(record.duration, 1e-30)
    T = record.temperatures()
    weight = {name: net.capacity[mine] if net.capacity[mine].any() else np.ones(len(mine)) for name, mine in rows.items()}
    return Lumps(
        rows,
        boundaries,
        {name: float(net.capacity[mine].sum()) for name, mine in rows.items()},
        {name: float(moved[mine].sum()) for name, mine in rows.items()},
        {name: T[:, mine] @ weight[name] / weight[name].sum() for name, mine in rows.items()}
        | {name: T[:, row] for row, name in boundaries.items()},
    )


def _panel(row: str) -> str:
    """Of the panels of a segment, by the name of one of its rows.

    >>> _panel("outer.tubes panel 12")
    'panels of outer.tubes'
    """
    return f"panels of {row.rpartition(' ')[0].removesuffix(' panel')}"


@dataclass(slots=True)
class Between:
    """Mean heat from one body to another [W], and what ties them whatever their temperatures are."""

    conduction: float = 0.0
    radiation: float = 0.0
    pumped: float = 0.0  #: of the conduction: by heat pumps
    conductance: float = 0.0  #: W/K
    exchange: float = 0.0  #: m2
    answering: float = 0.0  #: of the conduction: what has no fixed conductance, as films and heat pipes
    glowing: float = 0.0  #: of the radiation: what has no fixed exchange


@dataclass(slots=True)
class Tally:
    """Mean heat over a run by its ends; a boundary is an end too."""

    between: dict[tuple[str, str], Between] = field(default_factory=dict)
    paths: dict[str, dict[str, float]] = field(default_factory=dict)  #: from outside, by body and path

    def pair(self, one: str, other: str) -> tuple[Between, float]:
        """What is known of two bodies, and -1 where they are known the other way round."""
        if (other, one) in self.between:
            return self.between[other, one], -1.0
        return self.between.setdefault((one, other), Between()), 1.0


def tally(result: NetworkResult, found: Lumps, walls: Mapping[int, Shares]) -> Tally:
    """The heat of every flow in the ledger of a result, by the bodies at its ends; `walls` are rows on a mesh."""
    ends: dict[int, Shares] = {int(row): ((name, 1.0),) for name, mine in found.rows.items() for row in mine}
    ends |= {row: ((name, 1.0),) for row, name in found.boundaries.items()} | dict(walls)
    gathered = {row for mine in found.rows.values() if len(mine) > 1 for row in mine.tolist()} | set(walls)
    told = Tally()
    for flow, heat in _flows(result):
        fixed = _fixed(flow, gathered)
        for i, (a, b, path) in enumerate(zip(flow.start.tolist(), flow.end.tolist(), flow.paths, strict=True)):
            if OUTSIDE in (a, b):
                _from_outside(told, path, ends[b if a == OUTSIDE else a], float(heat[i]) * (1.0 if a == OUTSIDE else -1.0))
                continue
            for one, p in ends[a]:
                for other, q in ends[b]:
                    if one != other:
                        _across(told.pair(one, other), flow, p * q * float(heat[i]), p * q * float(fixed[i]))
    return told


def _flows(result: NetworkResult) -> Iterator[tuple[Flow, Floats]]:
    """Groups of flows with the mean heat of each [W]."""
    record, at = result.record, 0
    mean = record.heat / max(record.duration, 1e-30)
    for flow in record.network.flows:
        yield flow, mean[at : at + len(flow.start)]
        at += len(flow.start)


def _fixed(flow: Flow, gathered: set[int]) -> Floats:
    """Conductance [W/K] or exchange [m2] of each flow; 0 where it has none that is its own, or a body of several rows hides it."""
    if isinstance(flow, Conduction):
        values = flow.conductance
    elif isinstance(flow, Exchange):
        values = flow.exchange
    else:
        return np.zeros(len(flow.start))
    hidden = [a in gathered or b in gathered for a, b in zip(flow.start.tolist(), flow.end.tolist(), strict=True)]
    return np.where(hidden, 0.0, values)


def _across(at: tuple[Between, float], flow: Flow, heat: float, fixed: float) -> None:
    pair, sign = at
    if isinstance(flow, Exchange | Glow | Louvers):
        pair.radiation += sign * heat
        pair.exchange += fixed
        pair.glowing += 0.0 if fixed else sign * heat
        return
    pair.conduction += sign * heat
    pair.conductance += fixed
    if isinstance(flow, HeatPump):
        pair.pumped += sign * heat
    elif not fixed:
        pair.answering += sign * heat


def _from_outside(told: Tally, path: str, into: Shares, heat: float) -> None:
    first = path.partition(" ")[0]
    name = PATHS.get(first, first)
    for body, share in into:
        paths = told.paths.setdefault(body, {})
        paths[name] = paths.get(name, 0.0) + share * heat
