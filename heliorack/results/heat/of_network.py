"""Who heats whom in a network of nodes and loops: every flow by its own ledger, and the conductors that tie its bodies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.heat.lumps import Between, Lumps, Shares, Tally, lumps, tally
from heliorack.results.heat.over_time import EXACT, NEAR, pieces
from heliorack.results.network_result import NetworkResult
from heliorack.runfolder.heat_flows import Body, Flow, HeatFlows, Outside
from thermal.constants import STEFAN_BOLTZMANN
from thermal.network.devices.heat_pump import HeatPump
from thermal.network.flows import Instant, Source
from thermal.network.loops.loop_flows import PumpHeat
from thermal.network.switches import Thermostats
from thermal.network.tables import SPACE

Floats = NDArray[np.float64]

LOOKED = 300  #: moments at which heat that answers to temperature is looked at
MOST = 6000  #: moments in all
FIGURES = 1_000_000  #: moments times bodies at most
APART = 1e-6  #: K; bodies nearer to each other have no conductor by their means
DIGITS = 7  #: of heat over time


@dataclass(frozen=True, slots=True)
class Conductors:
    """What ties two bodies as their mean temperatures are, and what no temperature asks for."""

    conductance: float  #: W/K
    exchange: float  #: m2
    given: float  #: W from the first to the second, whatever the temperatures


@dataclass(frozen=True, slots=True)
class Ends:
    """Mean heat of one body by way of a network."""

    paths: dict[str, float]  #: into it from outside [W]
    outside: tuple[Outside, ...]  #: boundaries that it is tied to
    space: float  #: from it to space [W]
    area: float  #: by this exchange [m2]
    gone: float  #: from it to other bodies [W]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a network adds to the heat flows of parts."""

    bodies: tuple[Body, ...]  #: its own; `heat_W` at `times`
    flows: tuple[Flow, ...]  #: between these, and with parts
    ends: dict[str, Ends]  #: of the parts that it touches
    times: tuple[float, ...]
    notes: tuple[str, ...]


def network_flows(result: NetworkResult) -> HeatFlows:
    """Mean heat between the bodies of a network alone."""
    made = beside(result, {}, {}, {})
    return HeatFlows(bodies=made.bodies, flows=made.flows, notes=made.notes, times_s=made.times, lumped=True)


def beside(result: NetworkResult, walls: Mapping[int, Shares], means: Mapping[str, float], fourths: Mapping[str, float]) -> Beside:
    """Mean heat between the bodies of a network, and with the parts behind its walls.

    Args:
        result: Of the network.
        walls: Rows on a mesh, by the bodies of parts behind them.
        means: Temperatures of these bodies [K].
        fourths: Means of the fourth powers of them [K4].
    """
    found = lumps(result)
    told = tally(result, found, walls)
    mean = dict(means) | {name: _mean(result, T) for name, T in found.temperature.items()}
    fourth = dict(fourths) | {name: _mean(result, T**4) for name, T in found.temperature.items()}
    ties = {pair: _conductors(one, pair, mean, fourth) for pair, one in told.between.items()}
    times, heat = _over_time(result, found)
    held = set(found.boundaries.values())
    sink = mean.get(SPACE, 0.0) if SPACE in held else 0.0
    touching: dict[str, list[tuple[str, str]]] = {}
    for pair in told.between:
        for name in pair:
            touching.setdefault(name, []).append(pair)
    ends = {name: _ends(name, touching.get(name, ()), told, ties, mean, held) for name in (*found.rows, *means)}
    bodies = tuple(_body(name, found, ends[name], mean[name], sink, heat.get(name, ())) for name in found.rows)
    flows = tuple(
        Flow(
            from_body=a,
            to_body=b,
            conduction_W=one.conduction,
            radiation_W=one.radiation,
            contact_W_K=one.conductance,
            conductor_W_K=ties[a, b].conductance,
            exchange_area_m2=ties[a, b].exchange,
            given_W=ties[a, b].given,
        )
        for (a, b), one in told.between.items()
        if a not in held and b not in held
    )
    return Beside(bodies, flows, {name: ends[name] for name in means}, times, tuple(_notes(result, told)))


def _mean(result: NetworkResult, values: Floats) -> float:
    """Mean over the run."""
    times = np.array(result.record.times)
    span = float(np.ptp(times))
    return float(np.trapezoid(values, times) / span) if span > 0 else float(values[-1])


def _conductors(one: Between, pair: tuple[str, str], mean: Mapping[str, float], fourth: Mapping[str, float]) -> Conductors:
    """As they are given, and by the mean temperatures where a film, a pipe or a fluid has no conductance of its own."""
    a, b = pair
    apart, glow = mean[a] - mean[b], STEFAN_BOLTZMANN * (fourth[a] - fourth[b])
    conductance, exchange, given = one.conductance, one.exchange, one.pumped
    if abs(apart) > APART and one.answering / apart > 0:
        conductance += one.answering / apart
    else:
        given += one.answering
    if glow != 0.0 and one.glowing / glow > 0:
        exchange += one.glowing / glow
    else:
        given += one.glowing
    return Conductors(conductance, exchange, given)


def _ends(
    name: str,
    touching: Sequence[tuple[str, str]],
    told: Tally,
    ties: Mapping[tuple[str, str], Conductors],
    mean: Mapping[str, float],
    held: Collection[str],
) -> Ends:
    """What a body exchanges by way of a network; `touching` are its pairs."""
    paths, outside = dict(told.paths.get(name, {})), []
    space, area, gone = 0.0, 0.0, 0.0
    for a, b in touching:
        one = told.between[a, b]
        other, sign = (b, 1.0) if name == a else (a, -1.0)
        sent, tied = sign * (one.conduction + one.radiation), ties[a, b]
        if other not in held:
            gone += sent
        elif other == SPACE and not tied.conductance and not tied.given:
            space, area = space + sent, area + tied.exchange
        else:
            paths[other] = paths.get(other, 0.0) - sent + sign * tied.given
            paths[f"given to {other}"] = -sign * tied.given
            degC = mean[other] - ZERO_CELSIUS
            outside += [Outside(name=other, kind="GL", value=tied.conductance, degC=degC)] if tied.conductance else []
            outside += [Outside(name=other, kind="GR", value=tied.exchange, degC=degC)] if tied.exchange else []
    return Ends({path: value for path, value in paths.items() if value != 0.0}, tuple(outside), space, area, gone)


def _body(name: str, found: Lumps, ends: Ends, mean: float, sink: float, heat: tuple[float, ...]) -> Body:
    T = found.temperature[name]
    return Body(
        name=name,
        parts=(name,),
        capacity_J_K=found.capacity[name],
        mean_degC=mean - ZERO_CELSIUS,
        min_degC=float(T.min()) - ZERO_CELSIUS,
        max_degC=float(T.max()) - ZERO_CELSIUS,
        paths_W=ends.paths,
        space_W=ends.space,
        stored_W=found.stored[name],
        imbalance_W=sum(ends.paths.values()) - ends.space - ends.gone - found.stored[name],
        space_area_m2=ends.area,
        space_K=sink,
        heat_W=heat,
        outside=ends.outside,
        start_degC=float(T[0]) - ZERO_CELSIUS,
    )


def _over_time(result: NetworkResult, found: Lumps) -> tuple[tuple[float, ...], dict[str, tuple[float, ...]]]:
    """Heat that is given to every body over the run: by tables, orbit and pumps, by heaters at their mean; none of a steady state."""
    record, net = result.record, result.record.network
    if result.case.run.kind == "steady":
        return (), {}
    begin, end = record.times[0], record.times[-1]
    span = end - begin
    grid, jumps = [np.array(record.times)], [begin + np.array(result.built.events)]
    for flow in net.flows:
        if isinstance(flow, Source):
            own = flow.heat.times
            period = float(own[-1])
            turns = min(int(np.ceil(end / period)), MOST // len(own) + 1)
            grid += [own + turn * period for turn in range(turns)]
            jumps += [own[1:][np.diff(own) == 0] + turn * period for turn in range(turns)]
    every = np.unique(np.concatenate(grid))
    every = every[(every >= begin) & (every <= end)]
    every = every[:: max(1, len(every) // min(MOST, 1 + FIGURES // len(found.rows)))]
    there = np.unique(np.concatenate(jumps))
    there = there[(there > begin) & (there < end)]
    doubled = np.sort(np.concatenate([np.union1d(every, [begin, end, *there]), there]))
    first, second = np.append(np.diff(doubled) == 0, False), np.append(False, np.diff(doubled) == 0)
    looked = np.clip(doubled + NEAR * span * (second.astype(float) - first), begin + NEAR * span, end - NEAR * span)
    number = {int(row): i for i, mine in enumerate(found.rows.values()) for row in mine}
    heat = np.zeros((len(doubled), len(found.rows)))
    known = np.unique(np.linspace(0, len(record.times) - 1, LOOKED).round().astype(int))
    moments = [Instant(net, record.times[k], record.states[k]) for k in known]
    at = np.array([record.times[k] for k in known])
    mean = dict(zip(map(id, net.flows), np.split(record.heat, np.cumsum([len(f.start) for f in net.flows])[:-1]), strict=True))
    for flow in net.flows:
        if isinstance(flow, Source):
            rates = flow.over(looked)
        elif isinstance(flow, PumpHeat | HeatPump):
            told = np.array([flow.rate(now) for now in moments])
            rates = np.stack([np.interp(looked, at, column) for column in told.T], axis=1)
        elif isinstance(flow, Thermostats):
            rates = np.tile(mean[id(flow)] / span, (len(looked), 1))
        else:
            continue
        for i, (a, b) in enumerate(zip(flow.start.tolist(), flow.end.tolist(), strict=True)):
            if b in number:
                heat[:, number[b]] += rates[:, i]
            if a in number:
                heat[:, number[a]] -= rates[:, i]
    few = pieces(doubled, heat / np.maximum(np.abs(heat).max(axis=0, initial=0.0), 1e-30), EXACT)
    digits = [[float(f"{value:.{DIGITS}g}") for value in column] for column in heat[few].T]
    return tuple((doubled[few] - begin).tolist()), {name: tuple(column) for name, column in zip(found.rows, digits, strict=True)}


def _notes(result: NetworkResult, told: Tally) -> list[str]:
    said = ["means of the network's own ledger, flow by flow"]
    if result.built.loops:
        said.append("the fluid of a loop is one body: what it carries from segment to segment is within it")
    if any(one.answering or one.glowing for one in told.between.values()):
        said.append(
            "conductors of films, exchangers and heat pipes, and of bodies of several cells: mean heat over difference of the means"
        )
    if any(one.pumped for one in told.between.values()):
        said.append("what heat pumps lift has no conductor: it is given heat, out of the cold end and into the hot one")
    if result.record.network.packs:
        said.append("capacities of nodes that melt are without their latent heat")
    if any(loop.solid is not None for loop in result.built.loops.values()):
        said.append("fluids that may start frozen are there as liquids, without their latent heat")
    if any(isinstance(flow, Thermostats) for flow in result.record.network.flows):
        said.append("heat over time has heaters at their mean")
    nodes = () if result.case.network is None else result.case.network.nodes
    if any(one.held_over_time is not None for one in nodes):
        said.append("boundaries that change over time stand at their mean")
    return said
