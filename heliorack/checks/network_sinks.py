"""Heat of a [network] table finds a way out: nodes and loops reach a sink, and conductors lead it from hot to cold."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault
from heliorack.checks.context import Facts
from thermal.network.tables import SPACE, NetworkTable

GROUND = "a sink"  #: of the graph: whatever is held, or radiates to space


def sinks(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
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


def signs(table: NetworkTable) -> Iterator[Fault]:
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
