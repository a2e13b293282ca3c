"""Who heats whom: mean heat between the parts of a solved case by contacts and by radiation, from its matrices and kept moments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.casefile.patterns import siblings
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.heat.bodies import Kept, kept
from heliorack.results.heat.of_network import Beside, beside
from heliorack.results.heat.over_time import both, heat_over_time
from heliorack.results.heat.pairs import Pairs, pairs
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.runfolder.heat_flows import Body, HeatFlows, Outside
from thermal.heat import Moment, Way
from thermal.network.attached import Wet
from thermal.radiation.enclosure import Enclosure
from thermal.solve.model import Model
from thermal.solve.ways import Emitter, FilmLoad, Held, Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FINE = 4001  #: moments at which what time alone brings is averaged
DIGITS = 7  #: of heat over time


def heat_flows(result: Result) -> HeatFlows | None:
    """Mean heat between the bodies of a result; None of a run that ran away. Collective.

    Raises:
        SolveError: a linear solve for the conductors failed.
    """
    model = result.solution.ledger.model
    if result.solution.runaway is not None:
        return None
    found = kept(result)
    names, members = _names(result, found)
    paths, brought = _paths(model, found)
    between = pairs(result, model, found, brought)
    balance = _balance(result, model, found, between, paths)
    swing = _swing(result, found)
    flows, notes = between.flows(names), _notes(model, found)
    others: tuple[Body, ...] = ()
    if result.network is not None:
        net = _beside(result.network, found, names, balance.means)
        others = balance.take(net, names)
        flows, notes = flows + net.flows, [*notes, *(said for said in net.notes if said not in notes)]
    bodies = tuple(balance.body(b, names[b], members[b], swing[:, b]) for b in range(found.count))
    return HeatFlows(bodies=bodies + others, flows=flows, notes=tuple(notes), times_s=tuple(balance.times.tolist()))


@dataclass(slots=True, eq=False)
class _Balance:
    """Mean heat of every body by what brings it and what takes it; (b,) each where nothing else is said."""

    capacity: Floats  #: J/K
    means: Floats  #: (f, b) temperatures at the kept moments [K]
    mean: Floats  #: of these [K]
    paths: dict[str, Floats]  #: heat in, by path [W]
    space: Floats  #: heat out to space [W]
    space_area: Floats  #: that sees it [m2]
    sink: float  #: what it sees there [K]
    stored: Floats  #: W
    left: Floats  #: what does not balance [W]
    outside: list[tuple[Outside, ...]]  #: (b,) what has a temperature of its own
    times: Floats  #: (n,) s
    heat: Floats  #: (n, b) given to the bodies over time [W]

    def take(self, net: Beside, names: Sequence[str]) -> tuple[Body, ...]:
        """Add what a network does to the bodies that it touches; the network's own bodies, at the times of all."""
        for b, name in enumerate(names):
            ends = net.ends[name]
            self.left[b] += sum(ends.paths.values()) - ends.space - ends.gone
            self.outside[b] += ends.outside
            for path, value in ends.paths.items():
                self.paths.setdefault(path, np.zeros(len(names)))[b] += value
            self.space[b], self.space_area[b] = self.space[b] + ends.space, self.space_area[b] + ends.area
        theirs = np.array([body.heat_W for body in net.bodies]).T if net.times else np.zeros((0, len(net.bodies)))
        self.times, self.heat = both((self.times, self.heat), (np.array(net.times), theirs))
        return tuple(replace(body, heat_W=tuple(_digits(self.heat[:, len(names) + i]))) for i, body in enumerate(net.bodies))

    def body(self, b: int, name: str, parts: Sequence[str], swing: Floats) -> Body:
        """One body; `swing` are its means at all samples of the run [K]."""
        return Body(
            name=name,
            parts=tuple(parts),
            capacity_J_K=float(self.capacity[b]),
            mean_degC=float(self.mean[b] - ZERO_CELSIUS),
            min_degC=float(swing.min() - ZERO_CELSIUS),
            max_degC=float(swing.max() - ZERO_CELSIUS),
            paths_W={path: float(each[b]) for path, each in self.paths.items() if each[b] != 0.0},
            space_W=float(self.space[b]),
            stored_W=float(self.stored[b]),
            imbalance_W=float(self.left[b]),
            space_area_m2=float(self.space_area[b]),
            space_K=self.sink,
            heat_W=tuple(_digits(self.heat[:, b])),
            outside=self.outside[b],
            start_degC=float(self.means[0, b] - ZERO_CELSIUS),
        )


def _balance(result: Result, model: Model, kept: Kept, between: Pairs, paths: dict[str, Floats]) -> _Balance:
    """Of the bodies of the mesh alone. Collective."""
    capacity = kept.summed(np.asarray(model.heat_capacity))
    means = np.array([kept.summed(np.asarray(model.heat_capacity) * kept.rows(T)) / capacity for T in kept.fields])
    sent, emission, sink = _space(model, kept)
    space = sent - between.radiation.sum(axis=1)
    lasted = float(np.ptp(kept.times))
    stored = capacity * (means[-1] - means[0]) / lasted if lasted > 0 else np.zeros(kept.count)
    times, heat = heat_over_time(model, kept, [way for way in model.ways if _given(way)], result.loads.marched.times)
    return _Balance(
        capacity=capacity,
        means=means,
        mean=kept.weight @ means,
        paths=paths,
        space=space,
        space_area=np.maximum(emission - between.area.sum(axis=1), 0.0),
        sink=sink,
        stored=stored,
        left=sum(paths.values(), np.zeros(kept.count)) - sent - between.conduction.sum(axis=1) - stored,
        outside=_outside(model, kept),
        times=times,
        heat=heat,
    )


def _beside(net: NetworkResult, kept: Kept, names: Sequence[str], means: Floats) -> Beside:
    """What the network that was solved with the parts adds. Collective.

    Args:
        net: Of the network.
        kept: The bodies.
        names: Theirs.
        means: Of their temperatures at the kept moments, (f, b) [K].
    """
    weights = net.built.walls
    assert weights is not None
    rows = np.arange(len(kept.of_row))
    gathered = csr_matrix((np.ones(len(rows)), (kept.of_row, rows)), shape=(kept.count, len(rows)))
    share = np.asarray(kept.layout.sum((gathered @ weights).toarray()))
    walls = {
        int(row): [(names[b], float(share[b, m])) for b in np.flatnonzero(share[:, m]).tolist()]
        for m, row in enumerate(net.record.network.walls)
    }
    mean, fourth = kept.weight @ means, kept.weight @ means**4
    return beside(net, walls, dict(zip(names, mean.tolist(), strict=True)), dict(zip(names, fourth.tolist(), strict=True)))


def _swing(result: Result, kept: Kept) -> Floats:
    """Mean of every body over its parts' capacity at all samples of the run, (s, b) [K]."""
    body = result.body
    materials = [result.case.materials[name] for name in body.assembly.part_material]
    capacity = body.part_mass * np.array([one.specific_heat for one in materials])
    into = np.zeros((len(capacity), kept.count))
    into[np.arange(len(capacity)), kept.of_part] = capacity
    return np.asarray(result.solution.history.mean[:, : len(capacity)] @ (into / into.sum(axis=0)))


def _digits(values: Floats) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]


def _radiates(way: Way) -> bool:
    """Whether it is what the parts send to one another and to space."""
    return isinstance(way, Enclosure) or (isinstance(way, Emitter) and way.path == "space")


def _given(way: Way) -> bool:
    """Whether its heat is given to the bodies, whatever their temperature: neither emission nor a tie to something outside."""
    return not (_radiates(way) or isinstance(way, Held | Wet | FilmLoad | Emitter))


def _moments(model: Model, kept: Kept) -> list[tuple[float, Moment]]:
    """The kept moments with their weights."""
    return [
        (float(w), Moment(model.layout, model.sigma, float(t), kept.rows(T)))
        for w, t, T in zip(kept.weight, kept.times, kept.fields, strict=True)
    ]


def _paths(model: Model, kept: Kept) -> tuple[dict[str, Floats], Floats]:
    """Mean heat into every body by path [W], and what is brought to every row of it, before it gives any back [W]."""
    paths: dict[str, Floats] = {}
    brought = np.zeros(len(kept.of_row))
    over = np.linspace(kept.times[0], kept.times[-1], FINE)
    moments = _moments(model, kept)
    for way in model.ways:
        if _radiates(way) or isinstance(way, Held | Wet):
            continue
        slope = way.slope()
        fixed = 0.0 if slope is None or slope.fixed is None else slope.fixed
        load, back = np.zeros(len(kept.of_row)), np.zeros(len(kept.of_row))
        if isinstance(way, Source) and len(moments) > 1:
            load = way.at_mean(over).load(moments[0][1])
        else:
            for w, now in moments:
                load += w * way.load(now)
                back += w * fixed * now.T
        brought += load
        paths[way.path] = paths.get(way.path, np.zeros(kept.count)) + kept.summed(load - back)
    return paths, brought


def _space(model: Model, kept: Kept) -> tuple[Floats, Floats, float]:
    """Mean heat that every body sends out by radiation, to other bodies too [W]; its emission [m2]; the sink [K]."""
    space, emission, sink = np.zeros(kept.count), np.zeros(kept.count), 0.0
    moments = _moments(model, kept)
    for way in model.ways:
        if isinstance(way, Enclosure) or (isinstance(way, Emitter) and way.path == "space"):
            for w, now in moments:
                space -= w * kept.summed(way.load(now))
                emission += w * kept.summed(way.sends(now)[0] if isinstance(way, Enclosure) else way.sends(now))
            sink = max(sink, way.sink)
    return space, emission, float(sink)


def _outside(model: Model, kept: Kept) -> list[tuple[Outside, ...]]:
    """Fluids and surroundings of a temperature of their own, by body."""
    found: list[list[Outside]] = [[] for _ in range(kept.count)]
    for way in model.ways:
        kind: Literal["GL", "GR"] = "GL" if isinstance(way, FilmLoad) else "GR"
        if isinstance(way, FilmLoad):
            value, there = kept.summed(way.conductance), way.fluid
        elif isinstance(way, Emitter) and not _radiates(way):
            value, there = kept.summed(way.area), way.sink
        else:
            continue
        for body in np.flatnonzero(value):
            found[body].append(Outside(name=way.path, kind=kind, value=float(value[body]), degC=float(there - ZERO_CELSIUS)))
    return [tuple(each) for each in found]


def _names(result: Result, kept: Kept) -> tuple[list[str], list[list[str]]]:
    """Name and parts of every body."""
    members = [[name for name, b in zip(result.body.assembly.part_names, kept.of_part, strict=True) if b == k] for k in range(kept.count)]
    return [" + ".join(siblings(parts)) if len(parts) > 1 else parts[0] for parts in members], members


def _notes(model: Model, kept: Kept) -> list[str]:
    said = []
    if len(kept.times) > 1:
        said.append(f"means over {len(kept.times)} kept moments by the trapezoidal rule, of what time alone brings over {FINE - 1}")
    if kept.count < len(kept.of_part):
        said.append("parts that are bonded are one body: heat within it is not told apart")
    said.append(
        "conductors: by one watt into each body, spread as its heat is in this run; a negative one takes back what the mean of a wide body "
        "says too much of a place on it"
    )
    if any(isinstance(way, Held) for way in model.ways):
        said.append("heat of parts held at a temperature is in their imbalance")
    if any(isinstance(way, Enclosure) and way.conducting for way in model.ways):
        said.append("blankets that also conduct: what they conduct is counted as sent to space")
    return said
