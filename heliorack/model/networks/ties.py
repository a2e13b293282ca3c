"""What ties nodes to one another and to faces of a mesh: conductors, radiative conductors, louvers, films."""

from collections.abc import Mapping

import numpy as np

from heliorack.model.networks.rows import Rows, ids
from heliorack.model.networks.wetted_faces import Walls
from thermal.network.controls.louver import Louvers
from thermal.network.flows import Conduction, Exchange, Flow
from thermal.network.tables import NetworkTable


def ties(table: NetworkTable, nodes: Mapping[str, int]) -> list[Flow]:
    """Conductors and radiative conductors."""
    found: list[Flow] = []
    if table.conductors:
        ends = [one.between for one in table.conductors]
        G = np.array([one.conductance for one in table.conductors])
        found.append(Conduction(ids(nodes, [a for a, _ in ends]), ids(nodes, [b for _, b in ends]), G, [f"{a} - {b}" for a, b in ends]))
    fixed = [one for one in table.radiative_conductors if one.louver is None]
    if fixed:
        ends = [one.between for one in fixed]
        R = np.array([one.exchange for one in fixed])
        names = [f"{a} ~ {b}" for a, b in ends]
        since = np.array([-np.inf if one.deploys is None else one.deploys for one in fixed])
        found.append(Exchange(ids(nodes, [a for a, _ in ends]), ids(nodes, [b for _, b in ends]), R, names, since=since))
    louvers = [(one, one.louver) for one in table.radiative_conductors if one.louver is not None]
    if louvers:
        shut, low, high = (np.array([getattr(blades, key) for _, blades in louvers]) for key in ("shut", "shut_at", "open_at"))
        start, end = (ids(nodes, [one.between[side] for one, _ in louvers]) for side in (0, 1))
        opened, names = np.array([one.exchange for one, _ in louvers]), ["{} ~ {}".format(*one.between) for one, _ in louvers]
        found.append(Louvers(start, end, shut, opened, low, high, names))
    return found


def films(table: NetworkTable, nodes: Mapping[str, int], rows: Rows, begin: float, walls: Walls) -> list[Flow]:
    """Films between nodes and faces of the mesh."""
    if not table.films:
        return []
    found, mine = [], []
    for film in table.films:
        weights, area = walls.whole(film.faces)
        mine.append(rows.add(f"{film.node} - {film.faces}", 0.0, begin))
        walls.add(mine[-1:], weights)
        found.append(film.conductance * area)
    names = [f"{film.node} - {film.faces}" for film in table.films]
    return [Conduction(ids(nodes, [film.node for film in table.films]), np.array(mine, dtype=np.int64), np.array(found), names)]
