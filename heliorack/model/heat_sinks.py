"""Every part must be able to lose heat.

Each group of parts joined by contacts, straps, bonds or radiation needs a radiating face, a film or a held temperature.
"""

import numpy as np
from numpy.typing import NDArray

from heliorack.model.body import Body
from heliorack.model.radiation import Radiating
from meshes.errors import GeometryError
from thermal.network.attached import Attached
from thermal.network.flows import Instant
from thermal.network.sinks import grounded, no_sink
from thermal.solve.model import Model


class SinklessError(GeometryError):
    """Parts or nodes that cannot lose heat; `parts` are the numbers of those that have no way of their own, by a network or not."""

    def __init__(self, words: str, parts: tuple[int, ...]) -> None:
        self.parts = parts
        super().__init__(words)


USUAL = 300.0  #: K, at which the network's ties are looked at


def check_sinks(body: Body, model: Model, radiating: Radiating, firm: bool = False) -> None:
    """Refuse a body of which a part has no way to lose heat: finite-element solvers answer such a question with nonsense.

    Args:
        firm: Heat capacity sets the temperature of a node of an attached network, as in a transient.

    Raises:
        SinklessError: names the parts, or the nodes of an attached network, that are cut off.
    """
    label = joined(body, radiating)
    outlet = radiating.to_sky()
    for way in model.ways:
        slope = way.slope()
        if slope is not None and slope.returned is None:  # of what comes back, `to_sky` says what does not
            given = (slope.sends, slope.conducts, slope.fixed)
            outlet = sum((np.abs(part) for part in given if part is not None), outlet)
    outlet[model.held_rows()] = 1.0
    reached = np.asarray(model.layout.sum(body.volumes.T @ outlet)) > 0
    open_groups = {int(label[i]) for i in np.flatnonzero(reached)}
    alone = tuple(i for i, group in enumerate(label) if int(group) not in open_groups)
    if model.attached is not None:
        found, cut_off = _through_network(body, model.attached, label, open_groups, firm)
        if cut_off:
            raise SinklessError(no_sink(cut_off), alone)
        open_groups |= found
    lost = [name for i, name in enumerate(body.assembly.part_names) if int(label[i]) not in open_groups]
    if lost:
        raise SinklessError(
            f"{', '.join(lost)}: no way to lose heat. Give a free face a coating, a film or a held temperature, "
            "or a contact to a part that has one.",
            alone,
        )


def _through_network(
    body: Body, attached: Attached, label: NDArray[np.int64], open_groups: set[int], firm: bool
) -> tuple[set[int], tuple[str, ...]]:
    """Groups of parts that lose heat by way of a network, or through it by other groups; and nodes of the network that lose heat neither
    by themselves nor by way of the parts.
    """
    net = attached.network
    touched = np.asarray(attached.layout.sum((body.volumes.T > 0).astype(float) @ attached.weights.toarray())) > 0  # (parts, walls)
    known = {int(group) for group in label}
    found, warm = set(open_groups), np.zeros(len(net.names), dtype=bool)
    while True:
        for j, row in enumerate(net.walls):
            warm[row] |= any(int(group) in found for group in label[touched[:, j]])
        now = Instant(net, 0.0, net.states(np.full(len(net.names), USUAL)))
        reached = grounded(net, now, warm, firm)
        more = {int(group) for j, row in enumerate(net.walls) if reached[row] for group in label[touched[:, j]]} & known
        if more <= found:
            break
        found |= more
    return found, tuple(net.names[row] for row in net.free if not reached[row])


def joined(body: Body, radiating: Radiating | None = None) -> NDArray[np.int64]:
    """Number of the group that each part belongs to (parts,), by contacts, bonds and straps; by radiation too where it is given."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    parts = len(body.assembly.part_names)
    ties = [(face.part_a, face.part_b) for face in body.interfaces.found if face.kind != "gap"]
    ties += [(b.part_a, b.part_b) for b in body.assembly.bonds]
    ties += [link.parts for link in body.straps]
    ties += radiating.pairs() if radiating is not None else []
    a, b = (np.array([pair[i] for pair in ties], dtype=int) for i in (0, 1))
    _, label = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(parts, parts)), directed=False)
    return np.asarray(label, dtype=np.int64)
