"""The [network] table: its names exist, its loops flow, its nodes reach a sink, and it goes together with the rest of the case."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.casefile.errors import NOTHING, listed
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.paths import NAME
from heliorack.casefile.patterns import matching, unmatched
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.cold_starts import assumptions as of_cold_starts
from heliorack.checks.cold_starts import cold_starts
from heliorack.checks.context import Facts
from heliorack.checks.network_loops import loops
from heliorack.checks.network_references import references
from heliorack.checks.network_sinks import signs, sinks
from thermal.network.tables import NetworkTable

UNUSED = ("compute", "contacts", "skins", "straps", "boundaries", "heaters", "tracking", "thermocouples")


def network(facts: Facts) -> Iterator[Fault]:
    """Everything that [network] must keep to; faults of single values have been found before."""
    table = facts.reading.built.get(("network",))
    if not isinstance(table, NetworkTable):
        return
    found = [*_with_the_rest(facts, table), *_names(table), *references(facts, table)]
    yield from found
    if not found:
        yield from loops(facts, table)
        yield from cold_starts(facts, table)
        yield from _tables(table)
        yield from sinks(facts, table)
        yield from signs(table)


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


def _tables(table: NetworkTable) -> Iterator[Fault]:
    """Tables over time fit into the period."""
    if table.period is None:
        return
    for position, node in enumerate(table.nodes):
        for key in ("heat_over_time", "held_over_time"):
            given = getattr(node, key)
            if given is not None and given.times[-1] > table.period * (1 + 1e-9):
                said = f"ends after network.period_s = {table.period:g}, with which it repeats"
                yield Fault(("network", "nodes", position, key, "times_s"), list(given.times), said)


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
