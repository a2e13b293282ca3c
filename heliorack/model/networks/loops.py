"""Loops of a [network] table made discrete: segments cut into cells, with what their fluid exchanges."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from heliorack.model.networks.rows import Rows
from heliorack.model.networks.wetted_faces import Walls
from thermal.fluid.fusion import Fusion
from thermal.network.flows import OUTSIDE, Exchange, Flow, Source
from thermal.network.loops.alarms import Alarms
from thermal.network.loops.boiling import BoilingLiquid, boiling_liquid
from thermal.network.loops.liquid import FixedLiquid, LoopLiquid
from thermal.network.loops.loop import Loop, Segment
from thermal.network.loops.loop_flows import Carried, Contact, Film, Glow, PumpHeat
from thermal.network.loops.pump import Pump, Valve
from thermal.network.tables import LoopTable, NetworkTable, PumpTable, SegmentTable
from thermal.signal import Signal

Floats = NDArray[np.float64]
FOREVER = 1e12  #: s, longer than any run


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


def discrete_loops(
    table: NetworkTable, nodes: Mapping[str, int], rows: Rows, begin: float, walls: Walls | None
) -> tuple[dict[str, Loop], dict[str, Alarms], list[Flow]]:
    """The loops of a network by name, what their fluids must not do, and the flows of their fluids.

    Args:
        table: The network.
        nodes: Rows of its nodes by name.
        rows: Of the network, to which those of the loops are added.
        begin: Temperature at which fluids begin that have none of their own [K].
        walls: Faces of the mesh, where there is one.

    Raises:
        FluidError: a coolant that is none, or not at the pressure of its loop.
        GeometryError: faces that a loop runs on are not there.
    """
    single = {end for ends in (*(x.between for x in table.exchangers), *(p.between for p in table.heat_pumps)) for end in ends}
    loops: dict[str, Loop] = {}
    alarms: dict[str, Alarms] = {}
    flows: list[Flow] = []
    for one in table.loops:
        loops[one.name], more = _discrete_loop(one, table, nodes, rows, single, begin, walls)
        flows += more
        alarms[one.name] = alarms_of(one, loops[one.name])
    return loops, alarms, flows


def _discrete_loop(
    one: LoopTable, table: NetworkTable, nodes: Mapping[str, int], rows: Rows, single: set[str], begin: float, walls: Walls | None
) -> tuple[Loop, list[Flow]]:
    """A loop, and the flows of its fluid; segments of `single` names have one cell."""
    liquid, solid = liquid_of(one, table), solid_of(one, table)
    begin = begin if one.start is None else one.start
    reference = begin if solid is None else liquid.freezing
    if isinstance(liquid, BoilingLiquid):
        begin = reference = min(begin, liquid.set_point - 0.5)
    made = _segments(one, rows, single, begin)
    segments = [segment for segment, _ in made]
    assert one.pump is not None
    inlet = OUTSIDE if one.inlet is None else nodes[one.inlet]
    moved, valve, shuts = _pump(one.pump), _valve(one, made), _leaks(made)
    loop = Loop(one.name, liquid, segments, reference, moved, inlet, valve, shuts, solid, by_state=walls is not None)
    for row, capacity in zip(loop.rows, loop.capacities(), strict=True):
        rows.capacity[row] = float(capacity)
    flows: list[Flow] = [Carried(loop)]
    flows += [PumpHeat(loop)] if one.inlet is None and one.pump.efficiency is not None else []
    for number, (_, tube) in enumerate(made):
        flows += _tube_flows(loop, number, tube, nodes, rows, begin if tube.start is None else tube.start)
        if tube.faces is not None and walls is not None:
            flows.append(_on_faces(loop, number, tube, rows, begin, walls))
    return loop, flows


def _segments(one: LoopTable, rows: Rows, single: set[str], begin: float) -> list[tuple[Segment, SegmentTable]]:
    """The segments of a loop, by section and branch, each with rows for its cells."""
    found = []
    for s, section in enumerate(sections_of(one.segments)):
        for b, branch in enumerate(section):
            for tube in branch:
                cells = 1 if f"{one.name}.{tube.name}" in single else tube.count
                first = begin if tube.start is None else tube.start
                mine = np.array([rows.add(f"{one.name}.{tube.name} {i + 1}", 0.0, first) for i in range(cells)], dtype=np.int64)
                more = (tube.tubes, tube.roughness, tube.loss, tube.friction, tube.film_by, tube.entrance)
                found.append((Segment(tube.name, mine, tube.length, tube.diameter, s, b, *more), tube))
    return found


def _pump(pump: PumpTable) -> Pump:
    """What moves a fluid: as many pumps side by side as work, and when they stop and start."""
    turns = [(at, on) for at, on in ((pump.stops, False), (pump.starts, True)) if at is not None]
    if pump.starts is not None and (pump.stops is None or pump.starts < pump.stops):
        turns.append((-np.inf, False))
    work = pump.parallel - pump.failed
    if not work:
        turns = [(-np.inf, False)]
    curve = (max(work, 1) * np.array(pump.curve_flows), np.array(pump.curve_pressures)) if pump.curve_flows else None
    return Pump(work * (pump.flow or 0.0), curve, pump.efficiency, sorted(turns))


def _branches(made: Sequence[tuple[Segment, SegmentTable]]) -> list[tuple[int, int]]:
    """Section and branch in the order in which a loop numbers its branches."""
    return list(dict.fromkeys((segment.section, segment.branch) for segment, _ in made))


def _valve(one: LoopTable, made: Sequence[tuple[Segment, SegmentTable]]) -> Valve | None:
    """The valve that mixes a branch and a bypass."""
    if one.bypass is None:
        return None
    numbers = _branches(made)
    by_name = {tube.branch: numbers.index((segment.section, segment.branch)) for segment, tube in made}
    main, around = by_name[one.bypass.main], by_name[one.bypass.bypass]
    return Valve(numbers[main][0], main, around, one.bypass.mixed, one.bypass.least)


def _leaks(made: Sequence[tuple[Segment, SegmentTable]]) -> dict[int, float]:
    """From when on branches are shut for a leak [s], by number; a branch leaks where any of its segments does."""
    numbers, shuts = _branches(made), dict[int, float]()
    for segment, tube in made:
        side, since = numbers.index((segment.section, segment.branch)), -np.inf if tube.failed else tube.fails
        if since is not None:
            shuts[side] = min(float(since), shuts.get(side, np.inf))
    return shuts


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
