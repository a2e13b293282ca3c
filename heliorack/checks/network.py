"""The [network] table: its names exist, its loops flow, its nodes reach a sink, and it goes together with the rest of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from heliorack.casefile.errors import NOTHING, listed, suggest
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.paths import NAME
from heliorack.casefile.patterns import matching, unmatched
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.cold_starts import assumptions as of_cold_starts
from heliorack.checks.cold_starts import cold_starts
from heliorack.checks.context import Facts, keys
from heliorack.checks.network_loops import loops
from thermal.network.devices.tables import HeatPipe, HeatPumpTable
from thermal.network.tables import SPACE, LoopTable, NetworkTable

GROUND = "a sink"  #: of the graph: whatever is held, or radiates to space
UNUSED = ("compute", "contacts", "skins", "straps", "boundaries", "heaters", "tracking", "thermocouples")


def network(facts: Facts) -> Iterator[Fault]:
    """Everything that [network] must keep to; faults of single values have been found before."""
    table = facts.reading.built.get(("network",))
    if not isinstance(table, NetworkTable):
        return
    found = [*_with_the_rest(facts, table), *_names(table), *_references(facts, table)]
    yield from found
    if not found:
        yield from loops(facts, table)
        yield from cold_starts(facts, table)
        yield from _tables(facts, table)
        yield from _sinks(facts, table)
        yield from _signs(table)


def _with_the_rest(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """What stands beside the network."""
    document = facts.document
    run = facts.reading.built.get(("run",))
    if run is not None and run.starts == "both":
        yield Fault(("run", "starts"), "both", "is for parts alone; a network is started from one state")
    if document.get("parts"):
        yield from _beside_parts(facts, table)
        return
    for position, _ in enumerate(table.films):
        yield Fault(("network", "films", position), NOTHING, "ties a node to faces of [[parts]], of which there are none")
    for position, loop in enumerate(table.loops):
        for number, segment in enumerate(loop.segments):
            if segment.faces is not None:
                at: Location = ("network", "loops", position, "segments", number, "faces")
                yield Fault(at, segment.faces, "are of [[parts]], of which there are none; name a node")
    if not table.nodes and not table.loops:
        yield Fault(("network", "nodes"), NOTHING, "missing; a network needs [[network.nodes]] or [[network.loops]]")
    for name in UNUSED:
        if name in document:
            yield Fault((name,), NOTHING, "is about [[parts]], and this case has a network alone; take it out")
    if "power" in document:
        yield from _with_power(facts)
    if table.period is not None and "orbit" in document:
        yield Fault(("network", "period_s"), table.period, "and [orbit] both say after what time a run repeats; keep one of the two")


def _with_power(facts: Facts) -> Iterator[Fault]:
    """What a bus needs that carries a network without parts."""
    for key in ("orbit", "attitude"):
        if key not in facts.document:
            yield Fault((key,), NOTHING, "missing; [power] needs the sunlight of an orbit, with an attitude")


def _beside_parts(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """A network that is solved with the parts touches them, and has nothing that such a solve does not know."""
    touches = bool(table.films)
    for position, film in enumerate(table.films):
        yield from _of_parts(facts, ("network", "films", position, "faces"), film.faces)
    for position, loop in enumerate(table.loops):
        for number, segment in enumerate(loop.segments):
            touches |= segment.faces is not None
            yield from _of_parts(facts, ("network", "loops", position, "segments", number, "faces"), segment.faces)
    if not touches:
        said = "touches no part: give [[network.films]] with node and faces, or faces to a segment of a loop; or take one of the two out"
        yield Fault(("network",), NOTHING, said)
    if table.period is not None:
        yield Fault(("network", "period_s"), table.period, "is for a network without [[parts]]; with parts a run repeats with its [orbit]")
    for position, node in enumerate(table.nodes):
        if node.name in facts.names:
            yield Fault(("network", "nodes", position, "name"), node.name, "is the name of a part too; every name must be its own")


def _of_parts(facts: Facts, at: Location, pattern: str | None) -> Iterator[Fault]:
    """Faces exist."""
    if pattern is not None and not matching(pattern, facts.faces) and not facts.may_match(pattern):
        yield Fault(at, pattern, unmatched(pattern, facts.faces, "face"))


def _names(table: NetworkTable) -> Iterator[Fault]:
    """Names are unique and can stand in paths."""
    for kind in ("nodes", "loops", "heaters", "regulators", "heat_pipes", "heat_pumps", "exchangers"):
        yield from _unique((kind,), [one.name for one in getattr(table, kind)])
    for position, loop in enumerate(table.loops):
        yield from _unique(("loops", position, "segments"), [one.name for one in loop.segments])


def _unique(at: tuple[str | int, ...], names: list[str]) -> Iterator[Fault]:
    for position, name in enumerate(names):
        where: Location = ("network", *at, position, "name")
        if not NAME.fullmatch(name):
            yield Fault(where, name, "must be small letters, digits and _, 64 at most, starting with a letter, as in cold_plate")
        elif name in names[:position]:
            yield Fault(where, name, "used twice; every name must be its own")


def _references(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """Nodes, segments, coatings and branches that are named exist."""
    nodes = {node.name: node for node in table.nodes}
    known = {*nodes, SPACE}
    if SPACE in nodes and not nodes[SPACE].is_held:
        position = list(nodes).index(SPACE)
        said = "space is what lies beside the planet; hold it at a temperature, or rename it"
        yield Fault(("network", "nodes", position), NOTHING, said)
    for kind in ("conductors", "radiative_conductors", "heat_pipes"):
        for position, one in enumerate(getattr(table, kind)):
            yield from _ends(("network", kind, position, "between"), one.between, known)
    for position, pipe in enumerate(table.heat_pipes):
        if pipe.gas is not None:
            yield from _of_gas(("network", "heat_pipes", position, "gas"), pipe, known)
    for position, film in enumerate(table.films):
        yield from _known(("network", "films", position, "node"), film.node, known, "node")
    warming = [(kind, k, one) for kind in ("heaters", "regulators") for k, one in enumerate(getattr(table, kind))]
    for kind, position, heater in warming:
        for key, name in (("node", heater.node), ("sensor", heater.sensor)):
            yield from _known(("network", kind, position, key), name, set(nodes), "node")
        if heater.node in nodes and nodes[heater.node].is_held:
            said = "is a boundary node, which no heat warms; name a node that is not held"
            yield Fault(("network", kind, position, "node"), heater.node, said)
        if kind == "regulators" and heater.name in {one.name for one in table.heaters}:
            yield Fault(("network", kind, position, "name"), heater.name, "is the name of a heater too; every name must be its own")
    for position, node in enumerate(table.nodes):
        for number, face in enumerate(node.faces):
            at_coating: Location = ("network", "nodes", position, "faces", number, "coating")
            yield from _known(at_coating, face.coating, {*facts.coatings, *keys(facts.document, "coatings")}, "coating")
            if getattr(facts.coatings.get(face.coating), "infrared_emittance_at", None) is not None:
                said = "has infrared_emittance_at, which faces of nodes do not follow; take a coating with one infrared_emittance"
                yield Fault(at_coating, face.coating, said)
    for position, loop in enumerate(table.loops):
        yield from _of_loop(("network", "loops", position), loop, table, known)
    ends = {f"{loop.name}.{segment.name}" for loop in table.loops for segment in loop.segments}
    used: set[str] = set()
    for position, exchanger in enumerate(table.exchangers):
        at: Location = ("network", "exchangers", position, "between")
        yield from _ends(at, exchanger.between, ends, "segment of a loop")
        if exchanger.between[0].partition(".")[0] == exchanger.between[1].partition(".")[0]:
            yield Fault(at, list(exchanger.between), "both sides are of one loop; an exchanger lies between two")
        for end in used.intersection(exchanger.between):
            yield Fault(at, list(exchanger.between), f"{end} is a side of another exchanger; give the loop one more segment")
        used.update(exchanger.between)
    for position, pump in enumerate(table.heat_pumps):
        yield from _of_heat_pump(("network", "heat_pumps", position), pump, known, ends, used)
        used.update(pump.between)


def _of_gas(at: Location, pipe: HeatPipe, known: set[str]) -> Iterator[Fault]:
    """Its reservoir is another node than the evaporator, and the fluid boils at the temperatures that say how much gas there is."""
    from thermal.fluid.coolant import coolant
    from thermal.fluid.saturation import saturation_table

    assert pipe.gas is not None
    gas = pipe.gas
    yield from _known((*at, "reservoir"), gas.reservoir, known, "node")
    if gas.reservoir == pipe.between[0]:
        said = "is the evaporator: gas as warm as the vapour never leaves it any condenser; name another node"
        yield Fault((*at, "reservoir"), gas.reservoir, said)
    if pipe.fluid is None:
        return
    table = saturation_table(coolant(pipe.fluid))
    for key, value in (("open_at_degC", gas.open_at), ("open_reservoir_degC", gas.open_reservoir)):
        if not table.low <= value <= table.high:
            ends = f"{table.low - ZERO_CELSIUS:.2f} and {table.high - ZERO_CELSIUS:.2f} degC"
            yield Fault((*at, key), round(value - ZERO_CELSIUS, 6), f"must lie between {ends}, where {pipe.fluid} is liquid and vapour")


def _of_heat_pump(at: Location, pump: HeatPumpTable, nodes: set[str], segments: set[str], used: set[str]) -> Iterator[Fault]:
    """Its ends exist, and its refrigerant runs a cycle from its evaporating temperature."""
    from thermal.fluid.validity import FluidError
    from thermal.network.devices.heat_pump import lift_of

    between = (*at, "between")
    for side, end in enumerate(pump.between):
        yield from _known((*between, side), end, segments if "." in end else nodes, "segment of a loop" if "." in end else "node")
    if len(set(pump.between)) < 2:
        yield Fault(between, list(pump.between), "both ends are the same")
    for end in used.intersection(pump.between) & segments:
        yield Fault(between, list(pump.between), f"{end} is a side of an exchanger or of another heat pump; give the loop one more segment")
    try:
        lift_of(pump)
    except FluidError as error:
        yield Fault((*at, "refrigerant"), pump.refrigerant, str(error))


def _of_loop(at: Location, loop: LoopTable, table: NetworkTable, known: set[str]) -> Iterator[Fault]:
    held = {node.name for node in table.nodes if node.is_held}
    if loop.inlet is not None and loop.inlet not in held:
        said = "an open run begins at a boundary node; " + (
            "give this node held_degC or held_over_time"
            if loop.inlet in known
            else f"there are {listed(held, 'and')}"
            if held
            else "none is"
        )
        yield Fault((*at, "inlet"), loop.inlet, said)
    for number, segment in enumerate(loop.segments):
        yield from _known((*at, "segments", number, "node"), segment.node, known, "node")
        if segment.radiates is not None:
            yield from _known((*at, "segments", number, "radiates", "to"), segment.radiates.to, known, "node")
    runs = _runs(loop)
    for branch in {name for run in runs for name in run}:
        if sum(branch in run for run in runs) > 1:
            said = f"branch {branch} stands in two groups of branches; segments of branches that lie side by side follow one another"
            yield Fault((*at, "segments"), NOTHING, said)
    for run in runs:
        if len(run) == 1:
            said = f"branch {next(iter(run))} has none beside it: branches that lie side by side have different names, one after another"
            yield Fault((*at, "segments"), NOTHING, said)
    if loop.bypass is not None:
        pair = {loop.bypass.main, loop.bypass.bypass}
        if pair not in runs:
            there = listed(sorted(set[str]().union(*runs)), "and") or "none"
            said = f"main and bypass must be the two branches of one group; there are {there}"
            yield Fault((*at, "bypass"), NOTHING, said)


def _runs(loop: LoopTable) -> list[set[str]]:
    """Names of branches that lie side by side."""
    runs: list[set[str]] = []
    before: str | None = None
    for segment in loop.segments:
        if segment.branch is not None:
            if before is None:
                runs.append(set())
            runs[-1].add(segment.branch)
        before = segment.branch
    return runs


def _tables(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """Tables over time fit into the period."""
    if table.period is None:
        return
    for position, node in enumerate(table.nodes):
        for key in ("heat_over_time", "held_over_time"):
            given = getattr(node, key)
            if given is not None and given.times[-1] > table.period * (1 + 1e-9):
                said = f"ends after network.period_s = {table.period:g}, with which it repeats"
                yield Fault(("network", "nodes", position, key, "times_s"), list(given.times), said)


def _sinks(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """Every node reaches a sink, unless a transient gives it a capacity to start from."""
    run = facts.reading.built.get(("run",))
    transient = run is not None and run.kind == "transient"
    ties = list(_tied(table))
    if transient:
        ties += [(node.name, GROUND) for node in table.nodes if node.capacity]
        ties += [(f"loop {loop.name}", GROUND) for loop in table.loops]
    reached = {GROUND}
    while True:
        more = {b for a, b in ties if a in reached} | {a for a, b in ties if b in reached}
        if more <= reached:
            break
        reached |= more
    for position, node in enumerate(table.nodes):
        if node.name not in reached:
            said = "has neither a capacity nor anything that sets its temperature" if transient else "has no way to a sink"
            hint = "; tie it to a boundary node or to space, give it a face, or let a loop carry its heat there"
            yield Fault(("network", "nodes", position), NOTHING, f"{node.name} {said}{hint}")
    for position, loop in enumerate(table.loops):
        if f"loop {loop.name}" not in reached:
            said = "has no way to a sink: none of its segments radiates, or touches a node that loses heat"
            yield Fault(("network", "loops", position), NOTHING, f"loop {loop.name} {said}")


def _signs(table: NetworkTable) -> Iterator[Fault]:
    """Conductors below 0 are those of a reduced network: with the others they must not lead heat from cold to hot."""
    negative = [position for position, one in enumerate(table.conductors) if one.conductance < 0]
    if not negative:
        return
    import numpy as np

    names = sorted({end for one in table.conductors for end in one.between})
    whole = np.zeros((len(names), len(names)))
    for one in table.conductors:
        i, j = names.index(one.between[0]), names.index(one.between[1])
        whole[[i, j], [i, j]] += one.conductance
        whole[[i, j], [j, i]] -= one.conductance
    values = np.linalg.eigvalsh(whole)
    if values[0] < -1e-6 * max(values[-1], -values[0]):
        said = "below 0, which only a network reduced from a mesh has: with the other conductors here it leads heat from cold to hot"
        for position in negative:
            yield Fault(("network", "conductors", position, "conductance_W_K"), table.conductors[position].conductance, said)


def _tied(table: NetworkTable) -> Iterator[tuple[str, str]]:
    """Pairs that share heat; what parts lose is looked at with their mesh."""
    yield from ((film.node, GROUND) for film in table.films)
    yield SPACE, GROUND
    for node in table.nodes:
        if node.is_held or node.faces:
            yield node.name, GROUND
    yield from (one.between for one in table.conductors)
    yield from (one.between for one in table.radiative_conductors)
    yield from (pipe.between for pipe in table.heat_pipes if not pipe.failed)
    for loop in table.loops:
        if loop.inlet is not None:
            yield f"loop {loop.name}", GROUND
        for segment in loop.segments:
            if segment.faces is not None:
                yield f"loop {loop.name}", GROUND
            for name in (segment.node, segment.radiates.to if segment.radiates is not None else None):
                if name is not None:
                    yield f"loop {loop.name}", name
    for exchanger in table.exchangers:
        one, other = (f"loop {end.partition('.')[0]}" for end in exchanger.between)
        yield one, other
    for pump in table.heat_pumps:
        if not pump.failed:
            one, other = (f"loop {end.partition('.')[0]}" if "." in end else end for end in pump.between)
            yield one, other


def _ends(at: Location, between: Iterable[str], known: set[str], what: str = "node") -> Iterator[Fault]:
    ends = list(between)
    for side, name in enumerate(ends):
        yield from _known((*at, side), name, known, what)
    if len(set(ends)) < len(ends):
        yield Fault(at, ends, "both ends are the same")


def _known(at: Location, name: Any, known: set[str], what: str) -> Iterator[Fault]:
    if name is None or name in known:
        return
    meant = suggest(name, known)
    there = f"did you mean {meant}?" if meant else f"there are {listed(sorted(known), 'and', most=8)}" if known else "there is none"
    yield Fault(at, name, f"no such {what}; {there}")


def assumptions(facts: Facts) -> Iterator[str]:
    """What a network leaves out."""
    table = facts.reading.built.get(("network",))
    if not isinstance(table, NetworkTable):
        return
    solver = facts.document.get("solver")
    if not facts.document.get("parts") and isinstance(solver, dict) and solver.get("reduced"):
        yield "solver.reduced: nodes and loops without parts are few already, and are solved as they are"
    if any(node.faces for node in table.nodes):
        yield "network: faces of nodes see planet, Sun and space alone, and no other face"
    if facts.document.get("parts"):
        silent = [loop.name for loop in table.loops if loop.pump is not None and loop.pump.efficiency is None]
        if facts.document.get("power") and silent:
            yield f"{listed(silent, 'and', most=3)}: without an efficiency a pump's power is neither on the bus nor in the fluid"
        run = facts.reading.built.get(("run",))
        if facts.document.get("power") and run is not None and run.kind == "transient":
            yield "bus: of a transient it carries what the network draws in the last whole orbit, as if that repeated"
        if table.heaters:
            yield "network: its thermostats keep to their averaged law beside parts; their switching is not marched"
        if any(segment.faces is not None for loop in table.loops for segment in loop.segments):
            yield "loops on faces: the heat of each cell is spread evenly over its strip of the faces; tubes are not resolved"
    elif facts.document.get("power"):
        run = facts.reading.built.get(("run",))
        if run is not None and run.kind == "transient":
            yield "power: array and battery are balanced over the last whole orbit of a transient, as if it repeated"
        yield "power: what the network draws (pumps, heaters, heat of nodes and tubes) is on the bus; array and battery are no nodes of it"
    for loop in table.loops:
        begin = facts.start if loop.start is None else loop.start
        mass = "" if loop.cold_start is not None else f"its mass that of {begin - ZERO_CELSIUS:g} degC, "
        yield f"loop {loop.name}: flow is that of the moment (no inertia), {mass}and no heat is conducted along its tubes"
    yield from of_cold_starts(table)
    silent = [pipe.name for pipe in table.heat_pipes if not pipe.failed and pipe.wick is None and not pipe.limit]
    if silent:
        yield f"heat pipes: {listed(silent, 'and', most=6)} without a limit, since none is given: they carry any heat"
    for pump in table.heat_pumps:
        if not pump.failed:
            keeps = "its compressor keeps the evaporating temperature and follows every load, without losses of pressure"
            yield f"heat pump {pump.name}: {keeps}; while the hot end is colder than that, heat passes round it without work"
    if any(len(pipe.temperatures) == 1 for pipe in table.heat_pipes if not pipe.failed):
        yield "heat pipes: a limit given at one temperature is taken at all; a pipe that is warmer carries less"
