"""What one table of a case cannot know: names that must exist in another, and questions that have no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from heliorack.casefile.errors import NOTHING, listed
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.paths import NAME
from heliorack.casefile.patterns import matching
from heliorack.checks import (
    boundaries,
    extent,
    flight,
    heat_paths,
    joints,
    library_names,
    library_numbers,
    named_files,
    network,
    optics,
    planet,
    plausible,
    references,
    solar_array,
)
from heliorack.checks.context import Facts, keys, tables
from power.computing.compute import resolve

NAMED = ("parts", "compute", "heaters", "thermocouples", "two_phase_loops")  # arrays of tables whose items have a name of their own


def faults(facts: Facts) -> list[Fault]:
    """Every fault between tables."""
    found = [*facts.geometry]
    for check in (
        _names,
        named_files.files,
        references.contacts,
        references.skins,
        references.straps,
        references.boundaries,
        boundaries.boundaries,
        references.loads,
        solar_array.faces,
        solar_array.fit,
        references.limits,
        references.pipe_limits,
        references.fluids_of_pipes,
        references.coolant_questions,
        references.modes_of_limits,
        library_names.materials,
        library_names.coatings,
        library_names.blankets,
        flight.ageing,
        references.closed,
        library_names.devices,
        library_numbers.numbers,
        heat_paths.heat_pipes,
        flight.fluxes,
        planet.planet,
        plausible.faults,
        extent.cells,
        extent.steps,
        extent.kept,
        extent.points,
        references.tracking,
        references.thermocouples,
        network.network,
        flight.run,
        flight.schedules,
        flight.pointing,
    ):
        found += check(facts)
    ties = [fault for fault in (*found, *facts.reading.faults) if fault.location[0] in ("contacts", "straps", "boundaries")]
    return found if ties else [*found, *heat_paths.heat_sinks(facts)]


def merged(own: Sequence[Fault], between: Sequence[Fault]) -> list[Fault]:
    """Faults of tables and faults between them, one for each place: what the library check says of a name is said better there."""
    places = {fault.location for fault in between}
    return [*(fault for fault in own if fault.location not in places), *between]


def _names(facts: Facts) -> Iterator[Fault]:
    """Names are unique, and can stand in paths and folders."""
    for table in NAMED:
        seen: dict[str, str] = {}
        for position, item in enumerate(tables(facts.document, table)):
            name = item.get("name")
            if not isinstance(name, str):
                continue
            at: Location = (table, position, "name")
            if not NAME.fullmatch(name):
                yield Fault(at, name, "must be small letters, digits and _, 64 at most, starting with a letter, as in cold_plate")
            elif name in seen:
                yield Fault(at, name, f"used twice in {table}; every name must be its own")
            seen.setdefault(name, name)
    for name in keys(facts.document, "cases"):
        if not NAME.fullmatch(name):
            said = "a load case names a folder: small letters, digits and _, 64 at most, starting with a letter"
            yield Fault(("cases", name), NOTHING, said)


def assumptions(facts: Facts) -> Iterator[str]:
    """What a case without faults leaves out, in sentences."""
    for name in flight.aged_by_a_law(facts):
        yield f"{name}: darkens by the sunlight of this revolution, repeated over all years (no seasons), as its law says"
    yield from boundaries.assumptions(facts)
    yield from references.several_straps(facts)
    yield from joints.questions(facts)
    yield from optics.one_number_for_both_bands(facts)
    yield from plausible.questions(facts)
    yield from network.assumptions(facts)
    loads = [made for _, made in facts.reading.items("compute")]
    resistive = {name for load in loads if resolve(load).theta_jc is not None for name in matching(load.parts, facts.names)}
    for _, limit in facts.reading.items("limits"):
        bare = [name for name in matching(limit.on, facts.names) if name not in resistive] if limit.at == "junction" else []
        if bare:
            yield f"{listed(bare, 'and', most=3)}: no theta_jc_K_W is given, so the limit on {limit.on} is judged at the case, not junction"
