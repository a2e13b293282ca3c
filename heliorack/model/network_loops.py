"""Loops and devices of a [network] table made discrete: segments cut into cells, with what their fluid exchanges; pipes, heat pumps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from heliorack.model.networks.wetted_faces import Walls
from thermal.fluid.fusion import Fusion
from thermal.network.devices.heat_pipe import HeatPipes, law_of, limit_of
from thermal.network.devices.heat_pump import End, HeatPump, lift_of
from thermal.network.flows import OUTSIDE, Exchange, Flow, Source
from thermal.network.loops.alarms import Alarms
from thermal.network.loops.boiling import BoilingLiquid, boiling_liquid
from thermal.network.loops.exchanger import Exchanger, Side
from thermal.network.loops.liquid import FixedLiquid, LoopLiquid
from thermal.network.loops.loop import Loop, Segment
from thermal.network.loops.loop_flows import Carried, Contact, Film, Glow, PumpHeat
from thermal.network.loops.pump import Pump, Valve
from thermal.network.tables import ExchangerTable, LoopTable, NetworkTable, SegmentTable
from thermal.signal import Signal

Floats = NDArray[np.float64]
FOREVER = 1e12  #: s, longer than any run


@dataclass(slots=True, eq=False)
class Rows:
    """Rows as they are named, one after another."""

    names: list[str] = field(default_factory=list)
    capacity: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)

    def add(self, name: str, capacity: float, start: float) -> int:
        """One more; its number."""
        self.names.append(name)
        self.capacity.append(capacity)
        self.start.append(start)
        return len(self.names) - 1


def liquid_of(one: LoopTable, table: NetworkTable) -> LoopLiquid:
    """The liquid of a loop: of the case, or tabulated at the loop's pressure.

    Raises:
        FluidError: there is none.
    """
    from thermal.fluid.coolant import coolant
    from thermal.fluid.table import liquid_table

    if one.two_phase is not None:
        return boiling_liquid(coolant(one.fluid, one.fraction), one.two_phase.set_point, one.pressure)
    own = table.fluids.get(one.fluid)
    if own is None:
        return liquid_table(coolant(one.fluid, one.fraction), one.pressure, one.data_from, one.data_to)
    freezing = 0.0 if own.freezing is None else own.freezing
    return FixedLiquid(one.fluid, own.density, own.specific_heat, own.conductivity, own.viscosity, freezing, own.boiling)


def solid_of(one: LoopTable, table: NetworkTable) -> Fusion | None:
    """What a loop's fluid is below its freezing point; None of one that is not meant to start frozen.

    Raises:
        FluidError: there is none.
    """
    from thermal.fluid.coolant import coolant
    from thermal.fluid.fusion import fusion

    if one.cold_start is None:
        return None
    own = table.fluids.get(one.fluid)
    if own is None:
        return fusion(coolant(one.fluid, one.fraction))
    return Fusion(own.latent_heat, own.solid_specific_heat, own.solid_density, f"network.fluids.{one.fluid}")


def sections_of(segments: Sequence[SegmentTable]) -> list[list[list[SegmentTable]]]:
    """Segments by section and branch: a run of segments with names of branches is one section, each other one its own.

    >>> plain = lambda name, branch: SegmentTable(name=name, length=1.0, diameter=0.01, branch=branch)
    >>> made = sections_of([plain("a", None), plain("b", "x"), plain("c", "y"), plain("d", "x"), plain("e", None)])
    >>> [[[one.name for one in branch] for branch in section] for section in made]
    [[['a']], [['b', 'd'], ['c']], [['e']]]
    """
    found: list[list[list[SegmentTable]]] = []
    for branched, run in groupby(segments, key=lambda one: one.branch is not None):
        members = list(run)
        if branched:
            names = list(dict.fromkeys(one.branch for one in members))
            found.append([[one for one in members if one.branch == name] for name in names])
        else:
            found += [[[one]] for one in members]
    return found


def discrete_loop(
    one: LoopTable, table: NetworkTable, nodes: Mapping[str, int], rows: Rows, single: set[str], begin: float, walls: Walls | None = None
) -> tuple[Loop, list[Flow]]:
    """A loop, and the flows of its fluid; `walls` are faces of the mesh, where there is one."""
    liquid, solid = liquid_of(one, table), solid_of(one, table)
    begin = begin if one.start is None else one.start
    reference = begin if solid is None else liquid.freezing
    if isinstance(liquid, BoilingLiquid):
        begin = reference = min(begin, liquid.set_point - 0.5)
    segments: list[Segment] = []
    told: list[SegmentTable] = []
    names: list[str | None] = []
    for s, section in enumerate(sections_of(one.segments)):
        for b, branch in enumerate(section):
            for tube in branch:
                cells = 1 if f"{one.name}.{tube.name}" in single else tube.count
                first = begin if tube.start is None else tube.start
                mine = np.array([rows.add(f"{one.name}.{tube.name} {i + 1}", 0.0, first) for i in range(cells)], dtype=np.int64)
                segments.append(
                    Segment(
                        tube.name,
                        mine,
                        tube.length,
                        tube.diameter,
                        s,
                        b,
                        tube.tubes,
                        tube.roughness,
                        tube.loss,
                        tube.friction,
                        tube.film_by,
                        tube.entrance,
                    )
                )
                told.append(tube)
                names.append(tube.branch)
    pump = one.pump
    assert pump is not None
    turns = [(at, on) for at, on in ((pump.stops, False), (pump.starts, True)) if at is not None]
    if pump.starts is not None and (pump.stops is None or pump.starts < pump.stops):
        turns.append((-np.inf, False))
    work = pump.parallel - pump.failed
    if not work:
        turns = [(-np.inf, False)]
    curve = (max(work, 1) * np.array(pump.curve_flows), np.array(pump.curve_pressures)) if pump.curve_flows else None
    moved = Pump(work * (pump.flow or 0.0), curve, pump.efficiency, sorted(turns))
    numbers = list(dict.fromkeys((s.section, s.branch) for s in segments))
    by_name = {name: numbers.index((s.section, s.branch)) for s, name in zip(segments, names, strict=True) if name is not None}
    valve = None
    if one.bypass is not None:
        main, around = by_name[one.bypass.main], by_name[one.bypass.bypass]
        valve = Valve(numbers[main][0], main, around, one.bypass.mixed, one.bypass.least)
    shuts: dict[int, float] = {}
    for made, tube in zip(segments, told, strict=True):  # a branch leaks where any of its segments does
        side, since = numbers.index((made.section, made.branch)), -np.inf if tube.failed else tube.fails
        if since is not None:
            shuts[side] = min(float(since), shuts.get(side, np.inf))
    inlet = OUTSIDE if one.inlet is None else nodes[one.inlet]
    loop = Loop(one.name, liquid, segments, reference, moved, inlet, valve, shuts, solid, by_state=walls is not None)
    for row, capacity in zip(loop.rows, loop.capacities(), strict=True):
        rows.capacity[row] = float(capacity)
    flows: list[Flow] = [Carried(loop)]
    flows += [PumpHeat(loop)] if one.inlet is None and pump.efficiency is not None else []
    for number, tube in enumerate(told):
        flows += _tube_flows(loop, number, tube, nodes, rows, begin if tube.start is None else tube.start)
        if tube.faces is not None and walls is not None:
            flows.append(_on_faces(loop, number, tube, rows, begin, walls))
    return loop, flows


def alarms_of(one: LoopTable, loop: Loop) -> Alarms:
    """What a loop's fluid must not do."""
    if one.two_phase is None or not isinstance(loop.liquid, BoilingLiquid):
        return Alarms(loop, one.pressure, one.max_pressure)
    pressure = float(loop.liquid.both.pressure)
    return Alarms(loop, pressure, one.max_pressure, one.two_phase.max_quality, one.two_phase.subcooling)


def _on_faces(loop: Loop, number: int, tube: SegmentTable, rows: Rows, begin: float, walls: Walls) -> Flow:
    """Film of a segment to the faces that it runs on, a wall for each cell."""
    assert tube.faces is not None
    segment, cells = loop.segments[number], np.flatnonzero(loop.segment == number)
    count, name = len(cells), f"{loop.name}.{tube.name} - {tube.faces}"
    mine = [rows.add(f"{name} {i + 1}", 0.0, begin) for i in range(count)]
    whole, _ = walls.whole(tube.faces)
    if tube.along is not None:
        strips = walls.strips(tube.faces, tube.along, count)
    elif tube.path:
        strips = walls.beside(tube.faces, tube.path, count, tube.diameter)
    else:
        strips = csr_matrix(hstack([whole] * count))
    walls.add(mine, strips)
    given = np.full(count, np.nan if tube.film is None else tube.film)
    return Film(Contact(loop, cells), np.array(mine, dtype=np.int64), np.full(count, segment.wetted), given, [name] * count)


def _tube_flows(loop: Loop, number: int, tube: SegmentTable, nodes: Mapping[str, int], rows: Rows, begin: float) -> list[Flow]:
    """What a segment exchanges and takes up."""
    segment = loop.segments[number]
    cells = np.flatnonzero(loop.segment == number)
    count = len(cells)
    contact = Contact(loop, cells)
    area, given = np.full(count, segment.wetted), np.full(count, np.nan if tube.film is None else tube.film)
    name = f"{loop.name}.{tube.name}"
    found: list[Flow] = []
    if tube.heat:
        heat = Signal(np.array([0.0, 1.0]), np.full((2, count), tube.heat / count))
        found.append(Source(segment.rows, heat, [f"heat {name}"] * count))
    if tube.node is not None:
        found.append(Film(contact, np.full(count, nodes[tube.node]), area, given, [f"{name} - {tube.node}"] * count))
    if tube.radiates is None:
        return found
    panel = tube.radiates
    since = -np.inf if panel.deploys is None else panel.deploys
    square = panel.perimeter * tube.length / count
    to, path = np.full(count, nodes[panel.to]), [f"{name} ~ {panel.to}"] * count
    if tube.isothermal:
        walls = segment.rows
        found.append(Glow(contact, to, np.full(count, panel.emittance * square), path, since=since))
    else:
        walls = np.array([rows.add(f"{name} panel {i + 1}", 0.0, begin) for i in range(count)], dtype=np.int64)
        found.append(Film(contact, walls, area, given, [f"{name} - panel"] * count))
        found.append(Exchange(walls, to, np.full(count, panel.emittance * square), path, since=since))
    if panel.absorbed:
        times, shares = np.array([0.0, 1.0]), np.ones(2)
        if panel.deploys:
            times, shares = np.array([0.0, panel.deploys, panel.deploys, FOREVER]), np.array([0.0, 0.0, 1.0, 1.0])
        heat = Signal(times, shares[:, None] * np.full(count, panel.absorbed * square))
        found.append(Source(walls, heat, [f"absorbed {name}"] * count))
    return found


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
