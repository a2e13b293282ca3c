"""Every part has a way to lose its heat, and what conducts like a heat pipe has the limit of one."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.casefile.errors import NOTHING, listed
from heliorack.casefile.fields import entries
from heliorack.casefile.messages import Fault
from heliorack.casefile.patterns import matching
from heliorack.checks.context import Facts, pair, tables
from meshes.shapes.solid import INSULATED
from thermal.network.tables import NetworkTable

SUPERCONDUCTOR = 2000.0  # W/mK; above any solid that is sold by the plate, so it stands for a heat pipe and needs its limit


def heat_pipes(facts: Facts) -> Iterator[Fault]:
    """A conductivity that no solid has stands for a heat pipe, and a heat pipe has a limit."""
    for position, piece in facts.pieces:
        known = facts.materials.get(piece.material)
        if known is None or known.greatest_conductivity <= SUPERCONDUCTOR or piece.transport_limit is not None:
            continue
        conducts = f"{piece.name} conducts {known.greatest_conductivity:g} W/mK ({piece.material})"
        said = f"{conducts}, above {SUPERCONDUCTOR:g} as only heat pipes do; "
        cls: type = facts.reading.built["parts", position].__class__
        if "transport_limit_W_m" in entries(cls):
            yield Fault(("parts", position, "transport_limit_W_m"), NOTHING, said + "give the largest heat times distance it carries")
        elif piece.name.endswith(".vapour_chamber"):
            yield Fault(("parts", position), NOTHING, said + "give the table vapour_chamber its transport_limit_W_m")
        else:
            yield Fault(("parts", position), NOTHING, said + "make it a part of its own (box, plate, cylinder) with transport_limit_W_m")
        return


def heat_sinks(facts: Facts) -> Iterator[Fault]:
    """Every group of parts that contacts could join has a face that loses heat."""
    if facts.unknown or not facts.pieces:
        return
    sinks = [
        str(item.get("faces")) for item in tables(facts.document, "boundaries") if item.get("kind") in ("temperature", "film", "radiation")
    ]
    network = facts.reading.built.get(("network",))
    if isinstance(network, NetworkTable):
        sinks += [film.faces for film in network.films]
        sinks += [segment.faces for loop in network.loops for segment in loop.segments if segment.faces is not None]
    held = {face.rpartition(":")[0] for pattern in sinks for face in matching(pattern, facts.faces)}
    perfect = {INSULATED, *(name for name, worn in facts.blankets.items() if not worn.passes_heat)}
    cooled = held | {piece.name for _, piece in facts.pieces if not perfect.issuperset(piece.coatings.values())}
    stranded = [group for group in _groups(facts) if not cooled.intersection(group)]
    try_this = "give a face a coating that is not insulated, a boundary (temperature, film, radiation), or a contact to a part that has one"
    for group in stranded:
        position = next(at for at, piece in facts.pieces if piece.name == group[0])
        names = listed(group, "and", most=6)
        yield Fault(("parts", position), NOTHING, f"{names} {'has' if len(group) == 1 else 'have'} no way to lose heat; {try_this}")


def _groups(facts: Facts) -> list[list[str]]:
    """Parts that contacts could join, as groups."""
    leader = {name: name for name in facts.names}

    def lead(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for ones, others in _joints(facts):
        joined = [*ones, *others] if ones and others else []
        for name in joined[1:]:
            leader[lead(name)] = lead(joined[0])
    groups: dict[str, list[str]] = {}
    for name in facts.names:
        groups.setdefault(lead(name), []).append(name)
    return list(groups.values())


def _joints(facts: Facts) -> Iterator[tuple[list[str], list[str]]]:
    """Parts at both ends of every contact, gaps left out, and of every strap."""
    for table in ("contacts", "straps"):
        for item in tables(facts.document, table):
            by_part = table == "contacts" and "between" in item
            ends = pair(item, "between" if by_part or table == "straps" else "faces")
            if item.get("gap") is True or len(ends) != 2 or not all(isinstance(end, str) for end in ends):
                continue
            names = facts.names if by_part else facts.faces
            one, other = ([name if by_part else name.rpartition(":")[0] for name in matching(end, names)] for end in ends)
            yield one, other
