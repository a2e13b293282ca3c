"""Devices of a network made discrete: heat pipes, heat pumps, exchangers between loops."""

from collections.abc import Mapping

import numpy as np

from thermal.network.devices.heat_pipe import HeatPipes, law_of, limit_of
from thermal.network.devices.heat_pump import End, HeatPump, lift_of
from thermal.network.loops.exchanger import Exchanger, Side
from thermal.network.loops.loop import Loop
from thermal.network.tables import ExchangerTable, NetworkTable


def heat_pipes(table: NetworkTable, nodes: Mapping[str, int]) -> HeatPipes | None:
    """Heat pipes that work; None without any."""
    pipes = [one for one in table.heat_pipes if not one.failed]
    if not pipes:
        return None
    laws = {i: law for i, law in enumerate(map(law_of, pipes)) if law is not None}
    return HeatPipes(
        np.array([nodes[one.between[0]] for one in pipes]),
        np.array([nodes[one.between[1]] for one in pipes]),
        np.array([0.0 if i in laws else one.conductance or 0.0 for i, one in enumerate(pipes)]),
        [limit_of(one) for one in pipes],
        [f"heat pipe {one.name}" for one in pipes],
        laws,
        {i: nodes[one.gas.reservoir] for i, one in enumerate(pipes) if one.gas is not None},
        {i: one.fails for i, one in enumerate(pipes) if one.fails is not None},
    )


def heat_pumps(table: NetworkTable, nodes: Mapping[str, int], loops: Mapping[str, Loop]) -> tuple[HeatPump, ...]:
    """Heat pumps that work.

    Raises:
        FluidError: a refrigerant that is none, or not between the temperatures of its pump.
    """
    return tuple(
        HeatPump(
            one.name,
            _end(one.between[0], one.evaporator, nodes, loops),
            _end(one.between[1], one.condenser, nodes, loops),
            lift_of(one),
            np.inf if one.most is None else one.most,
            np.inf if one.fails is None else one.fails,
        )
        for one in table.heat_pumps
        if not one.failed
    )


def _end(name: str, conductance: float | None, nodes: Mapping[str, int], loops: Mapping[str, Loop]) -> End:
    """A node, or the cell of a segment of a loop."""
    if name in nodes:
        return End(nodes[name], conductance)
    side = side_of(name, loops)
    return End(side.row, conductance, side)


def side_of(name: str, loops: Mapping[str, Loop]) -> Side:
    """The cell of a segment of a loop, as "inner.exchanger"."""
    loop = loops[name.partition(".")[0]]
    segment = [s.name for s in loop.segments].index(name.partition(".")[2])
    return Side(loop, int(np.flatnonzero(loop.segment == segment)[0]))


def exchanger(one: ExchangerTable, loops: Mapping[str, Loop]) -> Exchanger:
    """An exchanger between two loops."""
    return Exchanger(one.name, (side_of(one.between[0], loops), side_of(one.between[1], loops)), one.conductance, one.arrangement)
