"""Names in the [network] table: what they refer to exists, and may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from heliorack.casefile.errors import NOTHING, listed, suggest, there_are
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.context import Facts, keys
from thermal.network.devices.tables import HeatPipe, HeatPumpTable
from thermal.network.tables import SPACE, LoopTable, NetworkTable


def references(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
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
            "give this node held_degC or held_over_time" if loop.inlet in known else there_are(sorted(held)) if held else "none is"
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
    there = f"did you mean {meant}?" if meant else there_are(sorted(known), most=8)
    yield Fault(at, name, f"no such {what}; {there}")
