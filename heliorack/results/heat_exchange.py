"""Who heats whom: mean heat between the parts of a solved case by contacts and by radiation, from its matrices and kept moments."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from heliorack.casefile.patterns import siblings
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.result import Result
from heliorack.runfolder.heat_flows import Body, Flow, HeatFlows
from thermal.heat import Moment
from thermal.network.attached import Wet
from thermal.radiation.enclosure import Enclosure
from thermal.solve.model import Model
from thermal.solve.ways import Emitter, Held, Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FINE = 4001  #: moments at which what time alone brings is averaged
FLAT = 0.05  #: K between two means below which a flow says nothing of its conductor
SMALL = 1e-9  #: of the largest flow: less is not told


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """The kept moments and the bodies."""

    of_part: Ids  #: (p,) body of each part
    of_node: Ids  #: (n,) body of each input node
    of_row: Ids  #: (n,) body of each row of the model
    count: int
    times: Floats  #: (f,) s
    weight: Floats  #: (f,) of each moment in the mean; their sum is 1
    fields: Floats  #: (f, n) K

    def summed(self, rows: Floats) -> Floats:
        """Values of rows, summed by body, (b,)."""
        return np.bincount(self.of_row, rows, self.count)


def heat_flows(result: Result) -> HeatFlows | None:
    """Mean heat between the bodies of a result; None on several ranks, where no rank has all the rows, and of a run that ran away."""
    model = result.solution.ledger.model
    if result.body.layout.comm.size > 1 or result.solution.runaway is not None:
        return None
    kept = _kept(result)
    capacity = kept.summed(np.asarray(model.heat_capacity))
    row_of_node = result.body.layout.row_of_node
    weights = np.asarray(model.heat_capacity)[row_of_node]
    means = np.array([np.bincount(kept.of_node, weights * T, kept.count) / capacity for T in kept.fields])
    conduction, contact = _conduction(result, kept)
    faces = np.zeros(0, dtype=np.int64)
    if any(isinstance(way, Enclosure) for way in model.ways):
        faces = np.asarray(result.body.assembly.face_part[result.radiation.views.face], dtype=np.int64)
    radiation, area = _exchange(model, kept, kept.of_part[faces])
    paths, space, emission, sink = _paths(model, kept)
    open_to_space = np.maximum(emission - area.sum(axis=1), 0.0)
    space = space - radiation.sum(axis=1)
    lasted = float(np.ptp(kept.times))
    stored = capacity * (means[-1] - means[0]) / lasted if lasted > 0 else np.zeros(kept.count)
    left = sum(paths.values(), np.zeros(kept.count)) - space - conduction.sum(axis=1) - radiation.sum(axis=1) - stored
    names, members = _names(result, kept)
    mean = kept.weight @ means
    bodies = tuple(
        Body(
            name=names[b],
            parts=tuple(members[b]),
            capacity_J_K=float(capacity[b]),
            mean_degC=float(mean[b] - ZERO_CELSIUS),
            min_degC=float(means[:, b].min() - ZERO_CELSIUS),
            max_degC=float(means[:, b].max() - ZERO_CELSIUS),
            paths_W={path: float(heat[b]) for path, heat in paths.items() if heat[b] != 0.0},
            space_W=float(space[b]),
            stored_W=float(stored[b]),
            imbalance_W=float(left[b]),
            space_area_m2=float(open_to_space[b]),
            space_K=sink,
        )
        for b in range(kept.count)
    )
    most = max(float(np.abs(conduction).max(initial=0.0)), float(np.abs(radiation).max(initial=0.0)))
    flows = tuple(
        Flow(
            from_body=names[i],
            to_body=names[j],
            conduction_W=float(conduction[i, j]),
            radiation_W=float(radiation[i, j]),
            contact_W_K=float(contact[i, j]),
            conductor_W_K=_conductor(float(conduction[i, j]), float(mean[i] - mean[j]), float(contact[i, j])),
            exchange_area_m2=float(area[i, j]),
        )
        for i in range(kept.count)
        for j in range(i + 1, kept.count)
        if contact[i, j] > 0 or abs(radiation[i, j]) > SMALL * most or area[i, j] > 0
    )
    return HeatFlows(bodies=bodies, flows=flows, notes=tuple(_notes(model, kept)))


def _kept(result: Result) -> _Kept:
    assembly, h = result.body.assembly, result.solution.history
    parts = len(assembly.part_names)
    nodes = np.unique(np.column_stack([assembly.cells.ravel(), np.repeat(assembly.cell_part, 4)]), axis=0)
    touch = coo_matrix((np.ones(len(nodes)), (nodes[:, 0], nodes[:, 1])), shape=(len(assembly.points), parts)).tocsr()
    count, of_part = connected_components(touch.T @ touch, directed=False)
    of_node = np.zeros(len(assembly.points), dtype=np.int64)
    of_node[nodes[:, 0]] = of_part[nodes[:, 1]]
    times, weight = h.frames, np.ones(len(h.frames)) / len(h.frames)
    if len(times) > 1:
        steps = np.diff(times)
        weight = (np.append(steps, 0.0) + np.append(0.0, steps)) / (2 * steps.sum())
    return _Kept(of_part.astype(np.int64), of_node, of_node[result.body.layout.nodes], int(count), times, weight, h.fields)


def _conduction(result: Result, kept: _Kept) -> tuple[Floats, Floats]:
    """Mean heat from body to body through contacts and straps [W], and their conductance [W/K]; both (b, b)."""
    body, mean = result.body, kept.weight @ kept.fields
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


def _exchange(model: Model, kept: _Kept, group: Ids) -> tuple[Floats, Floats]:
    """Mean net heat from body to body by radiation [W], and its exchange areas, a body's with itself on the diagonal [m2]; both (b, b)."""
    flow, area = np.zeros((kept.count, kept.count)), np.zeros((kept.count, kept.count))
    for way in (way for way in model.ways if isinstance(way, Enclosure)):
        gathered = coo_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(kept.count, len(group))).tocsr()
        share, fourth = np.zeros(len(way.poses)), np.zeros((len(way.poses), len(group)))
        for t, w, T in zip(kept.times, kept.weight, kept.fields, strict=True):
            now = Moment(model.layout, model.sigma, float(t), T[model.layout.nodes])
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


def _paths(model: Model, kept: _Kept) -> tuple[dict[str, Floats], Floats, Floats, float]:
    """Mean heat into every body by path [W]; what it sends out by radiation, other bodies included [W]; its emission [m2]; the sink [K]."""
    paths: dict[str, Floats] = {}
    space, emission, sink = np.zeros(kept.count), np.zeros(kept.count), 0.0
    over = np.linspace(kept.times[0], kept.times[-1], FINE)
    moments = [Moment(model.layout, model.sigma, float(t), T[model.layout.nodes]) for t, T in zip(kept.times, kept.fields, strict=True)]
    for way in model.ways:
        if isinstance(way, Held | Wet):
            continue
        slope = way.slope()
        fixed = 0.0 if slope is None or slope.fixed is None else slope.fixed
        if isinstance(way, Source) and len(moments) > 1:
            load = way.at_mean(over).load(moments[0])
        else:
            load = np.zeros(len(kept.of_row))
            for w, now in zip(kept.weight, moments, strict=True):
                load += w * (way.load(now) - fixed * now.T)
        heat = kept.summed(load)
        if isinstance(way, Enclosure) or (isinstance(way, Emitter) and way.path == "space"):
            space -= heat
            emission += kept.summed(way.emission if isinstance(way, Enclosure) else way.area)
            sink = max(sink, way.sink)
        else:
            paths[way.path] = paths.get(way.path, np.zeros(kept.count)) + heat
    return paths, space, emission, float(sink)


def _conductor(heat: float, apart: float, contact: float) -> float:
    """Conductance between the means of two bodies [W/K]; that of the contacts alone where the means say nothing of it."""
    return heat / apart if contact > 0 and abs(apart) > FLAT and heat * apart > 0 else contact


def _names(result: Result, kept: _Kept) -> tuple[list[str], list[list[str]]]:
    """Name and parts of every body."""
    members = [[name for name, b in zip(result.body.assembly.part_names, kept.of_part, strict=True) if b == k] for k in range(kept.count)]
    return [" + ".join(siblings(parts)) if len(parts) > 1 else parts[0] for parts in members], members


def _notes(model: Model, kept: _Kept) -> list[str]:
    said = []
    if len(kept.times) > 1:
        said.append(f"means over {len(kept.times)} kept moments by the trapezoidal rule, of what time alone brings over {FINE - 1}")
    if kept.count < len(kept.of_part):
        said.append("parts that are bonded are one body: heat within it is not told apart")
    said.append(
        "conductors: mean heat over the difference of the bodies' mean temperatures, so that what spreads inside a body is in them; "
        f"below {FLAT} K of difference the conductance of the contacts alone"
    )
    if any(isinstance(way, Held) for way in model.ways):
        said.append("heat of parts held at a temperature is in their imbalance")
    if model.attached is not None:
        said.append("heat into coolant loops that are solved with the mesh is in the imbalance")
    if any(isinstance(way, Enclosure) and len(way._conducts) for way in model.ways):
        said.append("blankets that also conduct: what they conduct is counted as sent to space")
    return said
