"""Who heats whom: mean heat between the parts of a solved case by contacts and by radiation, from its matrices and kept moments."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from heliorack.casefile.patterns import siblings
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.heat.bodies import Kept, kept
from heliorack.results.heat.conductors import conductors
from heliorack.results.heat.of_network import Beside, beside
from heliorack.results.heat.over_time import both, heat_over_time
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.runfolder.heat_flows import Body, Flow, HeatFlows, Outside
from thermal.heat import Moment, Way
from thermal.network.attached import Wet
from thermal.radiation.enclosure import Enclosure
from thermal.solve.model import Model
from thermal.solve.ways import Emitter, FilmLoad, Held, Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FINE = 4001  #: moments at which what time alone brings is averaged
SMALL = 1e-9  #: of the largest flow: less is not told
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
    capacity = found.summed(np.asarray(model.heat_capacity))
    means = np.array([found.summed(np.asarray(model.heat_capacity) * found.rows(T)) / capacity for T in found.fields])
    conduction, contact = _conduction(result, found)
    faces = np.zeros(0, dtype=np.int64)
    if any(isinstance(way, Enclosure) for way in model.ways):
        faces = np.asarray(result.body.assembly.face_part[result.radiation.views.face], dtype=np.int64)
    radiation, area = _exchange(model, found, found.of_part[faces])
    paths, brought = _paths(model, found)
    space, emission, sink = _space(model, found)
    across = conductors(model, found, brought)
    open_to_space = np.maximum(emission - area.sum(axis=1), 0.0)
    space = space - radiation.sum(axis=1)
    lasted = float(np.ptp(found.times))
    stored = capacity * (means[-1] - means[0]) / lasted if lasted > 0 else np.zeros(found.count)
    left = sum(paths.values(), np.zeros(found.count)) - space - conduction.sum(axis=1) - radiation.sum(axis=1) - stored
    names, members = _names(result, found)
    mean = found.weight @ means
    times, heat = heat_over_time(model, found, [way for way in model.ways if _given(way)], result.loads.marched.times)
    outside, swing = _outside(model, found), _swing(result, found)
    net = None if result.network is None else _beside(result.network, found, names, means)
    if net is not None:
        for b, name in enumerate(names):
            ends = net.ends[name]
            left[b] += sum(ends.paths.values()) - ends.space - ends.gone
            outside[b] += ends.outside
            for path, value in ends.paths.items():
                paths.setdefault(path, np.zeros(found.count))[b] += value
            space[b], open_to_space[b] = space[b] + ends.space, open_to_space[b] + ends.area
        theirs = np.array([body.heat_W for body in net.bodies]).T if net.times else np.zeros((0, len(net.bodies)))
        times, heat = both((times, heat), (np.array(net.times), theirs))
    bodies = tuple(
        Body(
            name=names[b],
            parts=tuple(members[b]),
            capacity_J_K=float(capacity[b]),
            mean_degC=float(mean[b] - ZERO_CELSIUS),
            min_degC=float(swing[:, b].min() - ZERO_CELSIUS),
            max_degC=float(swing[:, b].max() - ZERO_CELSIUS),
            paths_W={path: float(each[b]) for path, each in paths.items() if each[b] != 0.0},
            space_W=float(space[b]),
            stored_W=float(stored[b]),
            imbalance_W=float(left[b]),
            space_area_m2=float(open_to_space[b]),
            space_K=sink,
            heat_W=tuple(_digits(heat[:, b])),
            outside=outside[b],
            start_degC=float(means[0, b] - ZERO_CELSIUS),
        )
        for b in range(found.count)
    )
    if net is not None:
        bodies += tuple(replace(body, heat_W=tuple(_digits(heat[:, found.count + i]))) for i, body in enumerate(net.bodies))
    flows = _flows(names, conduction, radiation, contact, across, area)
    notes = _notes(model, found)
    if net is not None:
        flows, notes = flows + net.flows, [*notes, *(said for said in net.notes if said not in notes)]
    return HeatFlows(bodies=bodies, flows=flows, notes=tuple(notes), times_s=tuple(times.tolist()))


def _flows(names: Sequence[str], conduction: Floats, radiation: Floats, contact: Floats, across: Floats, area: Floats) -> tuple[Flow, ...]:
    """Every pair of bodies that touches, exchanges or is conducted between, from (b, b) each [W], [W/K] and [m2]."""
    most = max(float(np.abs(conduction).max(initial=0.0)), float(np.abs(radiation).max(initial=0.0)))
    return tuple(
        Flow(
            from_body=names[i],
            to_body=names[j],
            conduction_W=float(conduction[i, j]),
            radiation_W=float(radiation[i, j]),
            contact_W_K=float(contact[i, j]),
            conductor_W_K=float(across[i, j]),
            exchange_area_m2=float(area[i, j]),
        )
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if contact[i, j] > 0 or across[i, j] != 0 or abs(radiation[i, j]) > SMALL * most or area[i, j] > 0
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


def _conduction(result: Result, kept: Kept) -> tuple[Floats, Floats]:
    """Mean heat from body to body through contacts and straps [W], and their conductance [W/K]; both (b, b)."""
    body, mean = result.body, kept.mean
    flow, conductance = np.zeros((kept.count, kept.count)), np.zeros((kept.count, kept.count))
    ends = [(face.part_a, face.part_b) for face in body.interfaces.found] + [link.parts for link in body.straps]
    for (a, b), (rows, columns, values) in zip(ends, body.couplings, strict=True):
        i, j = int(kept.of_part[a]), int(kept.of_part[b])
        if i == j:
            continue
        mine, across = kept.of_node[rows] == i, kept.of_node[columns] == j
        heat = float(values[mine] @ mean[columns[mine]])
        flow[i, j] += heat
        flow[j, i] -= heat
        between = float(-values[mine & across].sum())
        conductance[i, j] += between
        conductance[j, i] += between
    return flow, conductance


def _exchange(model: Model, kept: Kept, group: Ids) -> tuple[Floats, Floats]:
    """Mean net heat from body to body by radiation [W], and its exchange areas, a body's with itself on the diagonal [m2]; both (b, b)."""
    flow, area = np.zeros((kept.count, kept.count)), np.zeros((kept.count, kept.count))
    for way in (way for way in model.ways if isinstance(way, Enclosure)):
        gathered = coo_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(kept.count, len(group))).tocsr()
        share, fourth = np.zeros(len(way.poses)), np.zeros((len(way.poses), len(group)))
        for t, w, T in zip(kept.times, kept.weight, kept.fields, strict=True):
            now = Moment(model.layout, model.sigma, float(t), kept.rows(T))
            mean = way.mean(model.layout, now.fourth)
            for part, pose in way.at(float(t)):
                k = next(k for k, known in enumerate(way.poses) if known is pose)
                share[k] += w * part
                fourth[k] += w * part * mean
        for k, pose in enumerate(way.poses):
            taken = way.areas[:, None] * pose.returned
            into = gathered @ (gathered @ (taken * fourth[k]).T).T  # into the body of the row, from that of the column
            flow += model.sigma * (into.T - into)
            area += share[k] * (gathered @ (gathered @ taken.T).T)
    return flow, 0.5 * (area + area.T)


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
            emission += kept.summed(way.emission if isinstance(way, Enclosure) else way.area)
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
    if any(isinstance(way, Enclosure) and len(way._conducts) for way in model.ways):
        said.append("blankets that also conduct: what they conduct is counted as sent to space")
    return said
