"""Parts and faces that tables name by patterns exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.patterns import matching, pairs, unmatched
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.context import Facts, pair, tables
from heliorack.checks.network_loops import too_fast
from thermal.fluid.two_phase_loop import fluid_of


def contacts(facts: Facts) -> Iterator[Fault]:
    """Both ends of every contact exist."""
    for position, item in enumerate(tables(facts.document, "contacts")):
        for key, names, what in (("between", facts.names, "part"), ("faces", facts.faces, "face")):
            for side, pattern in enumerate(pair(item, key)):
                yield from _no_match(facts, ("contacts", position, key, side), pattern, names, what)


def skins(facts: Facts) -> Iterator[Fault]:
    """Skins lie on faces and are of materials that conduct alike along the face."""
    for position, item in enumerate(tables(facts.document, "skins")):
        yield from _no_match(facts, ("skins", position, "on"), item.get("on"), facts.faces, "face")
        known = facts.materials.get(str(item.get("material")))
        if known is not None and known.k_y not in (None, known.conductivity):
            said = f"conducts {known.conductivity:g} and {known.k_y:g} W/mK; a skin has no axes: take a material alike in its plane"
            yield Fault(("skins", position, "material"), item["material"], said)
        elif known is not None and known.varies:
            said = "changes with temperature, which a skin does not know; take a material of constant properties"
            yield Fault(("skins", position, "material"), item["material"], said)


def straps(facts: Facts) -> Iterator[Fault]:
    """Both ends of every strap exist, and patterns at both pair off."""
    for position, item in enumerate(tables(facts.document, "straps")):
        ends = pair(item, "between")
        for side, pattern in enumerate(ends):
            yield from _no_match(facts, ("straps", position, "between", side), pattern, facts.faces, "face")
        if len(ends) == 2 and all(isinstance(end, str) for end in ends) and not any(facts.may_match(end) for end in ends):
            try:
                pairs(ends[0], ends[1], facts.faces)
            except ValueError as error:
                yield Fault(("straps", position, "between"), ends, str(error))


def several_straps(facts: Facts) -> Iterator[str]:
    """Straps that a pattern makes several of, with how many there are."""
    for position, strap in facts.reading.items("straps"):
        found = pairs(strap.between[0], strap.between[1], facts.faces)
        if len(found) > 1:
            each = f"{len(found)} straps of {strap.conductance:g} W/K each, one for each pair of faces"
            yield f"straps.{position}: {each}, from {found[0][0]} - {found[0][1]} to {found[-1][0]} - {found[-1][1]}"


def boundaries(facts: Facts) -> Iterator[Fault]:
    """Faces with a boundary exist."""
    for position, item in enumerate(tables(facts.document, "boundaries")):
        yield from _no_match(facts, ("boundaries", position, "faces"), item.get("faces"), facts.faces, "face")


def loads(facts: Facts) -> Iterator[Fault]:
    """Parts that take heat exist; cells that age know how."""
    for table in ("compute", "heaters"):
        for position, item in enumerate(tables(facts.document, table)):
            yield from _no_match(facts, (table, position, "parts"), item.get("parts"), facts.names, "part")
    power = facts.document.get("power")
    given = power if isinstance(power, dict) else {}
    for position, item in enumerate(tables(facts.document, "compute")):
        yield from _no_match(facts, ("compute", position, "supply_part"), item.get("supply_part"), facts.names, "part")
    for key in ("base_load_part", "battery_part", "regulator_part", "shunt_part"):
        yield from _no_match(facts, ("power", key), given.get(key), facts.names, "part")
    if facts.document.get("life") == "eol" and given and not {"eol_factor", "fluence_per_year"} & set(given):
        yield Fault(("power", "eol_factor"), NOTHING, 'missing; life = "eol" needs eol_factor or fluence_per_year to age the cells')


def pipe_limits(facts: Facts) -> Iterator[Fault]:
    """Pipes whose limit goes with their temperature exist, are pipes, and have the limit that their fluid is to carry on."""
    for position, item in enumerate(tables(facts.document, "pipe_limits")):
        pattern = item.get("parts")
        yield from _no_match(facts, ("pipe_limits", position, "parts"), pattern, facts.names, "part")
        named = set(matching(pattern, facts.names)) if isinstance(pattern, str) else set()
        lacking = [piece.name for _, piece in facts.pieces if piece.name in named and piece.transport_limit is None]
        if lacking:
            said = f"names {lacking[0]}, which is no heat pipe: it has no transport_limit_W_m"
            yield Fault(("pipe_limits", position, "parts"), pattern, said)


def fluids_of_pipes(facts: Facts) -> Iterator[Fault]:
    """A measured limit stands at a temperature at which the fluid of the pipe is a liquid."""
    for position, one in facts.reading.items("pipe_limits"):
        try:
            one.check()
        except ValueError as error:
            yield Fault(("pipe_limits", position, "measured_at_degC"), one.measured_at - ZERO_CELSIUS, str(error))


def coolant_questions(facts: Facts) -> Iterator[Fault]:
    """Tubes that may leak exist, for a time; a loop boils at its set point; a heat pump has a refrigerant and a lift."""
    punctures = facts.document.get("punctures")
    if isinstance(punctures, dict):
        yield from _no_match(facts, ("punctures", "faces"), punctures.get("faces"), facts.faces, "face")
        network = facts.document.get("network")
        tubes = network.get("loops") if isinstance(network, dict) else None
        known = [str(loop.get("name")) for loop in tubes if isinstance(loop, dict)] if isinstance(tubes, list) else []
        yield from _no_match(facts, ("punctures", "loops"), punctures.get("loops"), tuple(known), "loop of the network")
        power = facts.document.get("power")
        given = power if isinstance(power, dict) else {}
        if not any(isinstance(table.get("years"), int | float) for table in (punctures, facts.document, given)):
            yield Fault(("punctures", "years"), NOTHING, "missing; say for how many years the tubes are exposed")
        if punctures.get("earth") and "orbit" not in facts.document:
            yield Fault(("punctures", "earth"), True, "needs [orbit]: how much the Earth hides depends on the altitude")
    tubes_of = facts.reading.built.get(("punctures",))
    if tubes_of is not None:
        try:
            tubes_of.check()
        except ValueError as error:
            yield Fault(("punctures", "debris"), NOTHING, str(error))
    for position, loop in facts.reading.items("two_phase_loops"):
        try:
            fluid_of(loop)
        except ValueError as error:
            yield Fault(("two_phase_loops", position), NOTHING, str(error))
        yield from too_fast(("two_phase_loops", position, "flow_kg_s"), loop.flow, loop.flow, loop.segments)
    asked = facts.reading.built.get(("heat_pump",))
    if asked is not None:
        try:
            asked.verdict()
        except ValueError as error:
            yield Fault(("heat_pump",), NOTHING, str(error))


def limits(facts: Facts) -> Iterator[Fault]:
    """What has a limit exists, as a part or as a face."""
    for position, item in enumerate(tables(facts.document, "limits")):
        at, on = ("limits", position, "on"), item.get("on")
        face = item.get("at", "part") == "face"
        if isinstance(on, str) and ":" in on and not face:
            yield Fault(at, on, 'names a face; measure it there with at = "face", or name the part alone')
        else:
            both = (*facts.names, *facts.nodes)
            known = "part or node" if facts.names and facts.nodes else "node" if facts.nodes else "part"
            names, what = (facts.faces, "face") if face else (both, known)
            if not facts.has_nameless_nodes:
                yield from _no_match(facts, at, on, names, what)
        if item.get("at") == "junction" and isinstance(on, str) and not matching(on, facts.names) and matching(on, facts.nodes):
            said = "is of devices in parts; a node is one temperature, so leave `at` out, or make the junction a node of its own"
            yield Fault(("limits", position, "at"), "junction", said)


def modes_of_limits(facts: Facts) -> Iterator[Fault]:
    """What is off bears at least what is on: survival limits of the same place lie outside operating ones."""
    items = tables(facts.document, "limits")
    of_place: dict[tuple[str, ...], tuple[int, Any]] = {
        _place(item): (position, item) for position, item in enumerate(items) if item.get("mode", "operating") == "operating"
    }
    for position, item in enumerate(items):
        if item.get("mode") != "survival" or _place(item) not in of_place:
            continue
        other, operating = of_place[_place(item)]
        for key, outside, warmer in (("min_degC", min, "warmer"), ("max_degC", max, "colder")):
            pair_of = item.get(key), operating.get(key)
            if all(isinstance(value, int | float) for value in pair_of) and outside(pair_of) != pair_of[0]:
                said = f"is {warmer} than the operating limit limits.{other}.{key} = {pair_of[1]:g}; what is off bears at least what is on"
                yield Fault(("limits", position, key), pair_of[0], said)


def _place(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a limit is measured, and at which level."""
    return str(item.get("on")), str(item.get("at", "part")), str(item.get("level", "rating"))


def closed(facts: Facts) -> Iterator[Fault]:
    """Faces that claim to see no sky exist."""
    settings = facts.document.get("radiation")
    patterns = settings.get("closed") if isinstance(settings, dict) else None
    for position, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        yield from _no_match(facts, ("radiation", "closed", position), pattern, facts.faces, "face")


def tracking(facts: Facts) -> Iterator[Fault]:
    """Parts that turn exist, and each turns about one joint only."""
    turning: dict[str, int] = {}
    for position, item in enumerate(tables(facts.document, "tracking")):
        yield from _no_match(facts, ("tracking", position, "parts"), item.get("parts"), facts.names, "part")
        for name in matching(str(item.get("parts")), facts.names):
            if name in turning:
                yield Fault(("tracking", position, "parts"), item["parts"], f"{name} turns about tracking.{turning[name]} already")
            turning.setdefault(name, position)


def thermocouples(facts: Facts) -> Iterator[Fault]:
    """Thermocouples sit on parts, and a measured file needs some."""
    for position, item in enumerate(tables(facts.document, "thermocouples")):
        yield from _no_match(facts, ("thermocouples", position, "part"), item.get("part"), facts.names, "part")
    if "measured" in facts.document and not facts.document.get("thermocouples"):
        yield Fault(("thermocouples",), NOTHING, "missing; measured temperatures need [[thermocouples]] with name, part and point_mm")


def _no_match(facts: Facts, at: Location, pattern: Any, names: tuple[str, ...], what: str) -> Iterator[Fault]:
    if isinstance(pattern, str) and not matching(pattern, names) and not facts.may_match(pattern):
        yield Fault(at, pattern, unmatched(pattern, names, what))
