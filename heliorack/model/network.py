"""The [network] table of a case made discrete: rows, flows, switches and loops, with what the orbit brings to faces of nodes."""

from collections.abc import Sequence

import numpy as np

from heliorack.case.case import Case
from heliorack.checks.context import ROOM_TEMPERATURE
from heliorack.model.body import Body
from heliorack.model.networks.built import BuiltNetwork
from heliorack.model.networks.controls import packs, regulators, thermostats
from heliorack.model.networks.courses import check_tables, events, held, run_length, sources
from heliorack.model.networks.devices import exchanger, heat_pipes, heat_pumps
from heliorack.model.networks.lit_faces import lit_faces
from heliorack.model.networks.loops import discrete_loops
from heliorack.model.networks.moments import check_moments
from heliorack.model.networks.network_start import states_of
from heliorack.model.networks.rows import Rows
from heliorack.model.networks.ties import films, ties
from heliorack.model.networks.wetted_faces import Walls
from heliorack.model.surroundings import lapse, sink, surroundings, told
from orbit.chamber import Chamber
from orbit.environment import Environment
from thermal.fluid.pipes.pipe_law import Gassed
from thermal.network.devices.heat_pipe import HeatPipes
from thermal.network.devices.heat_pump import HeatPump
from thermal.network.flows import Flow, Instant
from thermal.network.loops.thaw import Thaw
from thermal.network.mean import averaged
from thermal.network.network import Network
from thermal.network.tables import SPACE


def built(case: Case, body: Body | None = None) -> BuiltNetwork:
    """The network of a case over its run; with a body its films and loops touch that, and thermostats keep to their averaged law.

    Raises:
        GeometryError: faces that it touches are not there.
        CaseError: orbit, environment or attitude are at odds.
        FluidError: a coolant that is none, or not at the pressure of its loop.
    """
    table = case.network
    assert table is not None
    env = surroundings(case) if case.attitude is not None or isinstance(case.environment, Chamber) else None
    away = lapse(case, env)
    env = told(case, env, away)
    if case.run.kind != "transient" and env is not None:
        check_tables(case, table, env.period)
    length = run_length(case, table, env)
    check_moments(case, table, length)
    begin = case.run.start if case.run.start is not None else ROOM_TEMPERATURE
    walls = None if body is None else Walls(body)
    rows, nodes = _nodes(case, env, begin)
    of_faces, said = lit_faces(case, table, nodes, env, away)
    flows: list[Flow] = [*ties(table, nodes), *sources(table, nodes, length), *of_faces]
    laws, switches = packs(table, nodes, body is not None)
    heaters = thermostats(table, nodes)
    if heaters is not None:
        flows.append(heaters)
        switches.append(heaters)
    flows += regulators(table, nodes, rows)
    pipes = heat_pipes(table, nodes)
    flows += [] if pipes is None else [pipes]
    flows += [] if walls is None else films(table, nodes, rows, begin, walls)
    loops, alarms, of_loops = discrete_loops(table, nodes, rows, begin, walls)
    flows += [*of_loops, *(exchanger(one, loops) for one in table.exchangers)]
    pumps = heat_pumps(table, nodes, loops)
    flows += pumps
    if case.run.kind != "transient":
        _warm(pumps, pipes, rows)
    network = Network(
        tuple(rows.names),
        np.array(rows.capacity),
        flows,
        held(table, nodes, sink(case, env), length),
        [*laws, *(loop.law for loop in loops.values())],
        np.array([] if walls is None else walls.rows, dtype=np.int64),
    )
    network = network if walls is None else averaged(network)
    start = np.array(rows.start)
    begins = None if case.run.state is None else states_of(case, network, start)
    first = Instant(network, 0.0, network.states(start) if begins is None else begins)
    thaws = [Thaw(loop) for loop in loops.values() if loop.ways is not None]
    for thaw in thaws:
        thaw.settle(first)
    stops = events(table, env, length, case.run.kind == "transient", () if away is None else away.moments)
    weights = None if walls is None else walls.weights()
    told_of = (*switches, *alarms.values(), *thaws)
    return BuiltNetwork(network, nodes, loops, told_of, start, stops, env, pipes, alarms, pumps, begins, weights, away, said)


def _nodes(case: Case, env: Environment | None, begin: float) -> tuple[Rows, dict[str, int]]:
    """Rows of the nodes, space last where it is none of them, and their numbers by name."""
    assert case.network is not None
    rows, nodes = Rows(), {}
    for node in case.network.nodes:
        nodes[node.name] = rows.add(node.name, node.capacity, node.start if node.start is not None else begin)
    if SPACE not in nodes:
        nodes[SPACE] = rows.add(SPACE, 0.0, sink(case, env))
    return rows, nodes


def _warm(pumps: Sequence[HeatPump], pipes: HeatPipes | None, rows: Rows) -> None:
    """Let the first guess of a steady state have every heat pump at work, and some of the condenser of every gas-loaded pipe open."""
    fronts = [] if pipes is None else [(int(pipes.start[i]), law.front) for i, law in pipes.laws.items() if isinstance(law, Gassed)]
    for row, front in fronts:
        rows.start[row] = max(rows.start[row], front.open_at)
    for pump in pumps:
        cold = pump.cold.row if pump.cold.side is None else pump.cold.side.loop.rows
        for row in np.atleast_1d(cold):
            rows.start[row] = max(rows.start[row], pump.lift.evaporates + 1.0)
