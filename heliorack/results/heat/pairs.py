"""What every two bodies of a solved case exchange, by contacts, conductors and radiation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix

from heliorack.results.heat.bodies import Kept
from heliorack.results.heat.conductors import conductors
from heliorack.results.result import Result
from heliorack.runfolder.heat_flows import Flow
from thermal.heat import Moment
from thermal.radiation.enclosure import Enclosure
from thermal.radiation.varying_enclosure import VaryingEnclosure
from thermal.solve.model import Model

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

SMALL = 1e-9  #: of the largest flow: less is not told


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Means over the run from body to body; (b, b) each."""

    conduction: Floats  #: heat through contacts and straps, from the body of the row [W]
    contact: Floats  #: their conductance [W/K]
    radiation: Floats  #: net heat, from the body of the row [W]
    area: Floats  #: of exchange; a body's with itself on the diagonal [m2]
    across: Floats  #: conductors between their means [W/K]

    def flows(self, names: Sequence[str]) -> tuple[Flow, ...]:
        """Every pair that touches, exchanges or is conducted between, by the bodies' names."""
        most = max(float(np.abs(self.conduction).max(initial=0.0)), float(np.abs(self.radiation).max(initial=0.0)))
        told = (self.contact > 0) | (self.across != 0) | (np.abs(self.radiation) > SMALL * most) | (self.area > 0)
        return tuple(
            Flow(
                from_body=names[i],
                to_body=names[j],
                conduction_W=float(self.conduction[i, j]),
                radiation_W=float(self.radiation[i, j]),
                contact_W_K=float(self.contact[i, j]),
                conductor_W_K=float(self.across[i, j]),
                exchange_area_m2=float(self.area[i, j]),
            )
            for i in range(len(names))
            for j in range(i + 1, len(names))
            if told[i, j]
        )


def pairs(result: Result, model: Model, kept: Kept, brought: Floats) -> Pairs:
    """What the bodies of a result exchange. Collective.

    Args:
        result: Solved.
        model: Its own.
        kept: Its bodies and moments.
        brought: Mean heat into the rows from outside, without emission [W], (owned,).

    Raises:
        SolveError: a linear solve for the conductors failed.
    """
    conduction, contact = _conduction(result, kept)
    faces = np.zeros(0, dtype=np.int64)
    if any(isinstance(way, Enclosure) for way in model.ways):
        faces = np.asarray(result.body.assembly.face_part[result.radiation.views.face], dtype=np.int64)
    radiation, area = _exchange(model, kept, kept.of_part[faces])
    return Pairs(conduction, contact, radiation, area, conductors(model, kept, brought))


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
            mean = way.powers(now) / model.sigma
            for part, pose in way.at(float(t)):
                k = next(k for k, known in enumerate(way.poses) if known is pose)
                share[k] += w * part
                fourth[k] += w * part * mean
                if isinstance(way, VaryingEnclosure):
                    area += w * part * (gathered @ (gathered @ (way.areas[:, None] * way.factors(now, pose)).T).T)
        for k, pose in enumerate(way.poses):
            taken = way.areas[:, None] * pose.returned
            into = gathered @ (gathered @ (taken * fourth[k]).T).T  # into the body of the row, from that of the column
            flow += model.sigma * (into.T - into)
            if not isinstance(way, VaryingEnclosure):
                area += share[k] * (gathered @ (gathered @ taken.T).T)
    return flow, 0.5 * (area + area.T)
