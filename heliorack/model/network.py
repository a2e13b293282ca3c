"""The [network] table of a case made discrete: rows, flows, switches and loops, with what the orbit brings to faces of nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.case.case import Case
from heliorack.casefile.errors import CaseError, Problem
from heliorack.checks.context import ROOM_TEMPERATURE
from heliorack.checks.network_loops import moments
from heliorack.model.body import Body
from heliorack.model.network_loops import Rows, alarms_of, discrete_loop, exchanger, heat_pipes, heat_pumps
from heliorack.model.networks.moments import check_moments
from heliorack.model.networks.network_start import states_of
from heliorack.model.networks.wetted_faces import Walls
from heliorack.model.surroundings import Lapse, lapse, sink, surroundings, told
from orbit.chamber import Chamber
from orbit.chords import mean_irradiance
from orbit.environment import Environment, Irradiance
from thermal.fluid.pipes.pipe_law import Gassed
from thermal.layout import Layout
from thermal.network.attached import Attached
from thermal.network.controls.louver import Louvers
from thermal.network.controls.regulator import MEMORY, Regulators
from thermal.network.devices.heat_pipe import HeatPipes
from thermal.network.devices.heat_pump import HeatPump
from thermal.network.flows import Conduction, Exchange, Flow, Instant, Source
from thermal.network.loops.alarms import Alarms
from thermal.network.loops.loop import Loop
from thermal.network.loops.loop_flows import PumpHeat
from thermal.network.loops.thaw import Thaw
from thermal.network.mean import averaged
from thermal.network.network import Held, Network
from thermal.network.states import PhaseChange, StateLaw
from thermal.network.switches import Phases, Switch, Thermostats
from thermal.network.tables import SPACE, NetworkTable
from thermal.properties.ageing import equivalent_sun
from thermal.properties.blanket import optics
from thermal.signal import Course, Interrupted, Signal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BuiltNetwork:
    """A case's network, ready to be solved."""

    network: Network
    nodes: dict[str, int]  #: rows of the nodes by name, that of space too
    loops: dict[str, Loop]
    switches: tuple[Switch, ...]
    start: Floats  #: temperatures of all rows [K]
    events: tuple[float, ...]  #: times from 0 to the end at which loads may jump [s]
    env: Environment | None
    pipes: HeatPipes | None
    alarms: dict[str, Alarms]  #: by loop
    heat_pumps: tuple[HeatPump, ...] = ()
    begins: Floats | None = None  #: states of all rows [K] to go on from, where an earlier run left them
    walls: csr_matrix | None = None  #: (owned, m) weights of the mesh's rows for the walls of its films, where it is attached to one
    away: Lapse | None = None  #: while its body does not point as the case has it
    extrapolated: tuple[str, ...] = ()  #: sentences: coatings of its faces that are older than their law of ageing was measured for

    def attached(self, layout: Layout) -> Attached:
        """It, as it is solved with a mesh."""
        assert self.walls is not None
        told: list[Switch] = [*self.alarms.values(), *(one for one in self.switches if isinstance(one, Phases | Thaw))]
        return Attached(self.network, layout, self.walls, self.first()[self.network.free], told)

    def first(self) -> Floats:
        """States of all rows to begin from (rows,) [K]."""
        return self.network.states(self.start) if self.begins is None else self.begins

    def power(self, t: float, y: Floats) -> float:
        """What pumps, compressors and heaters, and nodes and tubes that are heated, draw at states of all rows (rows,) [W]."""
        now = Instant(self.network, t, self.network.seated(t, y))
        drawn = 0.0
        for f in self.network.flows:
            if isinstance(f, Thermostats | PumpHeat):
                drawn += float(f.rate(now).sum())
            elif isinstance(f, Regulators):
                drawn += float(f.heat(now).sum())
            elif isinstance(f, HeatPump):
                drawn += f.duty(now).work
            elif isinstance(f, Source):
                drawn += float(np.maximum(f.rate(now), 0.0)[[path.startswith("heat ") for path in f.paths]].sum())
        return drawn


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
        _check_tables(case, table, env.period)
    length = _length(case, table, env)
    check_moments(case, table, length)
    begin = case.run.start if case.run.start is not None else ROOM_TEMPERATURE
    rows, nodes = Rows(), {}
    for node in table.nodes:
        nodes[node.name] = rows.add(node.name, node.capacity, node.start if node.start is not None else begin)
    if SPACE not in nodes:
        nodes[SPACE] = rows.add(SPACE, 0.0, sink(case, env))
    of_faces, said = _faces(case, table, nodes, env, away)
    flows: list[Flow] = [*_ties(table, nodes), *_sources(table, nodes, length), *of_faces]
    laws, switches = _packs(table, nodes, body is not None)
    thermostats = _thermostats(table, nodes)
    if thermostats is not None:
        flows.append(thermostats)
        switches.append(thermostats)
    flows += _regulators(table, nodes, rows)
    pipes = heat_pipes(table, nodes)
    flows += [] if pipes is None else [pipes]
    loops, alarms = {}, {}
    single = {end for one in table.exchangers for end in one.between} | {end for one in table.heat_pumps for end in one.between}
    walls = None if body is None else Walls(body)
    flows += [] if walls is None else _films(table, nodes, rows, begin, walls)
    for one in table.loops:
        loop, more = discrete_loop(one, table, nodes, rows, single, begin, walls)
        loops[one.name], laws = loop, [*laws, loop.law]
        flows += more
        alarms[one.name] = alarms_of(one, loop)
    flows += [exchanger(one, loops) for one in table.exchangers]
    pumps = heat_pumps(table, nodes, loops)
    flows += pumps
    if case.run.kind != "transient":
        _warm(pumps, pipes, rows)
    held = _held(table, nodes, sink(case, env), length)
    touching = np.array([] if walls is None else walls.rows, dtype=np.int64)
    network = Network(tuple(rows.names), np.array(rows.capacity), flows, held, laws, touching)
    if walls is not None:
        network = averaged(network)
    events = _events(table, env, length, case.run.kind == "transient", () if away is None else away.moments)
    weights = None if walls is None else walls.weights()
    switches += alarms.values()
    start = np.array(rows.start)
    begins = None if case.run.state is None else states_of(case, network, start)
    first = Instant(network, 0.0, network.states(start) if begins is None else begins)
    for thaw in (Thaw(loop) for loop in loops.values() if loop.ways is not None):
        thaw.settle(first)
        switches.append(thaw)
    return BuiltNetwork(network, nodes, loops, tuple(switches), start, events, env, pipes, alarms, pumps, begins, weights, away, said)


def _warm(pumps: Sequence[HeatPump], pipes: HeatPipes | None, rows: Rows) -> None:
    """Let the first guess of a steady state have every heat pump at work, and some of the condenser of every gas-loaded pipe open."""
    fronts = [] if pipes is None else [(int(pipes.start[i]), law.front) for i, law in pipes.laws.items() if isinstance(law, Gassed)]
    for row, front in fronts:
        rows.start[row] = max(rows.start[row], front.open_at)
    for pump in pumps:
        cold = pump.cold.row if pump.cold.side is None else pump.cold.side.loop.rows
        for row in np.atleast_1d(cold):
            rows.start[row] = max(rows.start[row], pump.lift.evaporates + 1.0)


def _films(table: NetworkTable, nodes: Mapping[str, int], rows: Rows, begin: float, walls: Walls) -> list[Flow]:
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
    return [Conduction(_ids(nodes, [film.node for film in table.films]), np.array(mine, dtype=np.int64), np.array(found), names)]


def _length(case: Case, table: NetworkTable, env: Environment | None) -> float:
    """Time that the run covers [s]; of a steady state without a period that of its tables, of which it takes the means."""
    period = table.period or (env.period if env is not None else None)
    if case.run.kind == "transient":
        return case.run.duration or (case.run.orbits or 1.0) * (period or 1.0)
    tables = [one for node in table.nodes for one in (node.heat_over_time, node.held_over_time) if one is not None]
    return period or max((one.times[-1] for one in tables), default=0.0) or 1.0


def _check_tables(case: Case, table: NetworkTable, period: float) -> None:
    """Refuse tables over time that go on when the orbit that they repeat with is over.

    Raises:
        CaseError: names them.
    """
    found = []
    for node in table.nodes:
        for key in ("heat_over_time", "held_over_time"):
            given = getattr(node, key)
            if given is not None and given.times[-1] > period * (1 + 1e-9):
                said = f"ends after the orbit of {period:.2f} s with which it repeats; cut it there, or run a transient"
                found.append(Problem(f"network.nodes.{node.name}.{key}.times_s", list(given.times), said))
    if found:
        raise CaseError(case.source, found)


def _ids(nodes: Mapping[str, int], names: Sequence[str]) -> NDArray[np.int64]:
    return np.array([nodes[name] for name in names], dtype=np.int64)


def _ties(table: NetworkTable, nodes: Mapping[str, int]) -> list[Flow]:
    """Conductors and radiative conductors."""
    found: list[Flow] = []
    if table.conductors:
        ends = [one.between for one in table.conductors]
        G = np.array([one.conductance for one in table.conductors])
        found.append(Conduction(_ids(nodes, [a for a, _ in ends]), _ids(nodes, [b for _, b in ends]), G, [f"{a} - {b}" for a, b in ends]))
    fixed = [one for one in table.radiative_conductors if one.louver is None]
    if fixed:
        ends = [one.between for one in fixed]
        R = np.array([one.exchange for one in fixed])
        names = [f"{a} ~ {b}" for a, b in ends]
        since = np.array([-np.inf if one.deploys is None else one.deploys for one in fixed])
        found.append(Exchange(_ids(nodes, [a for a, _ in ends]), _ids(nodes, [b for _, b in ends]), R, names, since=since))
    louvers = [(one, one.louver) for one in table.radiative_conductors if one.louver is not None]
    if louvers:
        shut, low, high = (np.array([getattr(blades, key) for _, blades in louvers]) for key in ("shut", "shut_at", "open_at"))
        start, end = (_ids(nodes, [one.between[side] for one, _ in louvers]) for side in (0, 1))
        opened, names = np.array([one.exchange for one, _ in louvers]), ["{} ~ {}".format(*one.between) for one, _ in louvers]
        found.append(Louvers(start, end, shut, opened, low, high, names))
    return found


def over_time(times: Sequence[float], values: Sequence[float], length: float) -> tuple[Floats, Floats]:
    """A table from 0 to `length` [s]: its last value holds on, and what lies beyond is cut off."""
    t, v = np.array(times, dtype=float), np.array(values, dtype=float)
    if t[-1] < length:
        return np.append(t, length), np.append(v, v[-1])
    kept = t < length
    last = int(np.flatnonzero(kept)[-1])
    share = (length - t[last]) / (t[last + 1] - t[last])
    return np.append(t[kept], length), np.append(v[kept], v[last] + share * (v[last + 1] - v[last]))


def _sources(table: NetworkTable, nodes: Mapping[str, int], length: float) -> list[Flow]:
    """Heat that time alone rules."""
    found: list[Flow] = []
    steady = [node for node in table.nodes if node.heat]
    if steady:
        heat = np.array([[node.heat for node in steady]] * 2)
        signal = Signal(np.array([0.0, length]), heat)
        found.append(Source(_ids(nodes, [node.name for node in steady]), signal, [f"heat {node.name}" for node in steady]))
    for node in table.nodes:
        if node.heat_over_time is not None:
            times, values = over_time(node.heat_over_time.times, node.heat_over_time.heat, length)
            found.append(Source(_ids(nodes, [node.name]), Signal(times, values[:, None]), [f"heat {node.name}"]))
    return found


def _held(table: NetworkTable, nodes: Mapping[str, int], space: float, length: float) -> Held:
    """Boundary nodes and space."""
    known: dict[str, tuple[Floats, Floats]] = {}
    if SPACE not in [node.name for node in table.nodes]:
        known[SPACE] = (np.array([0.0, length]), np.full(2, space))
    for node in table.nodes:
        if node.held is not None:
            known[node.name] = (np.array([0.0, length]), np.full(2, node.held))
        elif node.held_over_time is not None:
            known[node.name] = over_time(node.held_over_time.times, node.held_over_time.temperature, length)
    return Held(_ids(nodes, list(known)), together(list(known.values())))


def together(found: Sequence[tuple[Floats, Floats]]) -> Signal:
    """Tables over one span as one signal; a time at which any of them jumps stands twice."""
    if not found:
        return Signal(np.array([0.0, 1.0]), np.zeros((2, 0)))
    times = np.unique(np.concatenate([t for t, _ in found]))
    before = np.array([[_one_sided(t, v, now, "left") for t, v in found] for now in times])
    after = np.array([[_one_sided(t, v, now, "right") for t, v in found] for now in times])
    rows = [(t, b, a) for t, b, a in zip(times, before, after, strict=True)]
    spread: list[tuple[float, Floats]] = []
    for t, b, a in rows:
        spread += [(t, b)] if np.array_equal(a, b) else [(t, b), (t, a)]
    return Signal(np.array([t for t, _ in spread]), np.array([v for _, v in spread]))


def _one_sided(times: Floats, values: Floats, now: float, side: Any) -> float:
    """Value of a table just before or just after a time; at the ends of the table on its inside."""
    i = int(np.searchsorted(times, now, side=side))
    if side == "left":
        i = max(i, 1)
        if i >= len(times):
            return float(values[-1])
    elif i >= len(times):
        return float(values[-1])
    width = times[i] - times[i - 1]
    return float(values[i] if width <= 0 else values[i - 1] + (now - times[i - 1]) / width * (values[i] - values[i - 1]))


def _faces(
    case: Case, table: NetworkTable, nodes: Mapping[str, int], env: Environment | None, away: Lapse | None
) -> tuple[list[Flow], tuple[str, ...]]:
    """What falls on faces of nodes and what they radiate; and which coatings are older than what their law was measured for.

    A coating that ages by hours of Sun has aged by those that this orbit brings it in the years of the case, as on faces of a mesh.
    """
    faces = [(node.name, face) for node in table.nodes for face in node.faces]
    if not faces:
        return [], ()
    normals = np.array([face.normal for _, face in faces])
    normals = normals / np.linalg.norm(normals, axis=1)[:, None]
    falls = None if env is None else mean_irradiance(env, normals)
    years, sun = case.years_in_orbit, None
    if env is not None and falls is not None and years is not None:
        sun = equivalent_sun(env.times, falls.direct, years)
    shown, said = optics([face.coating for _, face in faces], case.coatings, {}, case.life, sun)
    area = np.array([face.area for _, face in faces])
    rows = _ids(nodes, [name for name, _ in faces])
    paths = [f"{name} ~ {SPACE}" for name, _ in faces]
    found: list[Flow] = [Exchange(rows, np.full(len(rows), nodes[SPACE]), shown[:, 1] * area, paths)]
    if env is None or falls is None:
        return found, said

    def absorbed(light: Irradiance, times: Floats) -> Signal:
        heat = np.concatenate([light.direct * shown[:, 0], light.albedo * shown[:, 0], light.infrared * shown[:, 1]], axis=1)
        return Signal(times, heat * np.tile(area, 3))

    paths = [f"{path} {name}" for path in ("sun", "albedo", "earth_infrared") for name, _ in faces]
    usual = absorbed(falls, env.times)
    heat: Course = usual
    if away is not None:
        heat = Interrupted(usual, absorbed(mean_irradiance(away.env, normals), away.env.times), away.begin, away.end)
    found.append(Source(np.tile(rows, 3), heat, paths))
    return found, said


def _packs(table: NetworkTable, nodes: Mapping[str, int], by_state: bool) -> tuple[list[StateLaw], list[Switch]]:
    """Nodes that melt; see `PhaseChange.by_state`."""
    packs = [(node, node.melting) for node in table.nodes if node.melting is not None]
    if not packs:
        return [], []
    capacity = np.array([node.capacity for node, _ in packs])
    liquid = np.array([melting.liquid_capacity or node.capacity for node, melting in packs])
    law = PhaseChange(
        _ids(nodes, [node.name for node, _ in packs]),
        np.array([melting.at for _, melting in packs]),
        np.array([melting.latent for _, melting in packs]) / capacity,
        capacity / liquid,
        np.zeros(len(packs), dtype=np.int64),
        by_state,
    )
    return [law], [Phases(law, tuple(node.name for node, _ in packs))]


def _thermostats(table: NetworkTable, nodes: Mapping[str, int]) -> Thermostats | None:
    if not table.heaters:
        return None
    return Thermostats(
        tuple(one.name for one in table.heaters),
        _ids(nodes, [one.node for one in table.heaters]),
        _ids(nodes, [one.sensor or one.node for one in table.heaters]),
        np.array([one.power for one in table.heaters]),
        np.array([one.on_below for one in table.heaters]),
        np.array([one.off_above for one in table.heaters]),
    )


def _regulators(table: NetworkTable, nodes: Mapping[str, int], rows: Rows) -> list[Flow]:
    """Heaters that follow a regulator, each with a row for its setting."""
    given = table.regulators
    if not given:
        return []
    power, hold, gain, integral = (np.array([getattr(one, key) for one in given]) for key in ("power", "hold", "gain", "integral"))
    settings = np.array([rows.add(f"heater {one.name} setting", MEMORY, one.hold) for one in given], dtype=np.int64)
    heated, sensor = _ids(nodes, [one.node for one in given]), _ids(nodes, [one.sensor or one.node for one in given])
    rated = [(i, one.derivative, one.filter) for i, one in enumerate(given) if one.derivative is not None and one.filter is not None]
    which = np.array([i for i, _, _ in rated], dtype=np.int64)
    filtered = [rows.add(f"heater {given[i].name} filtered", MEMORY, rows.start[sensor[i]]) for i in which]
    derivative, lag = (np.array([one[j] for one in rated], dtype=float) for j in (1, 2))
    ids = (which, np.array(filtered, dtype=np.int64))
    return [Regulators(tuple(one.name for one in given), heated, sensor, settings, power, hold, gain, integral, *ids, derivative, lag)]


def _events(table: NetworkTable, env: Environment | None, length: float, transient: bool, more: Sequence[float]) -> tuple[float, ...]:
    """Times from 0 to the end at which something jumps or kinks [s]; `more` at which light does."""
    found = {0.0, length, *more}
    for node in table.nodes:
        for given in (node.heat_over_time, node.held_over_time):
            found |= set() if given is None else {float(t) for t in given.times}
    found |= {time for _, _, time in moments(table)}
    if env is not None and any(node.faces for node in table.nodes):
        turns = int(np.ceil(length / env.period)) if transient else 1
        found |= {float(n * env.period + edge % env.period) for n in range(turns) for edge in [0.0, *env.edges]}
    near = 1e-9 * length
    kept: list[float] = []
    for t in sorted(t for t in found if 0.0 <= t <= length):
        if not kept or t - kept[-1] > near:
            kept.append(t)
    kept[-1] = length
    return tuple(kept)
