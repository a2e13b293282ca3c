"""Cells and the faces that carry them: faces exist and are large enough, and no cell converts more sunlight than its face absorbs."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.patterns import matching, unmatched
from heliorack.checks.context import Facts, tables
from meshes.shapes.solid import INSULATED, Solid
from power.system.settings import Power

ROOM = 1e-6  #: relative excess of an area that counts as round-off
AT: Location = ("power", "array_faces")


def faces(facts: Facts) -> Iterator[Fault]:
    """Faces of the array and of its wings exist."""
    given = facts.document.get("power")
    if not isinstance(given, dict):
        return
    asked = given.get("array_faces")
    patterns = [one for one in asked if isinstance(one, str)] if isinstance(asked, list) else [asked] if isinstance(asked, str) else []
    for position, pattern in enumerate(patterns):
        if not matching(pattern, facts.faces) and not facts.may_match(pattern):
            yield Fault((*AT, position) if isinstance(asked, list) else AT, pattern, unmatched(pattern, facts.faces, "face"))
    carrying = matching(patterns, facts.faces)
    for position, item in enumerate(tables(given, "wings")):
        at, own = ("power", "wings", position, "faces"), item.get("faces")
        if "faces" in item and "array_faces" not in given:
            yield Fault(at, own, "belongs to array_faces, which is not given; say there which faces carry cells")
        elif carrying and isinstance(own, str) and not matching(own, carrying) and not facts.may_match(own):
            yield Fault(at, own, unmatched(own, carrying, "face of array_faces"))


def fit(facts: Facts) -> Iterator[Fault]:
    """A given array fits its faces, and their coating absorbs at least what the cells convert."""
    power = facts.reading.built.get(("power",))
    if not isinstance(power, Power) or power.array_faces is None or facts.unknown:
        return
    carrying = {f"{solid.name}:{face}": (solid, face) for _, solid in facts.pieces for face in solid.faces}
    carrying = {name: carrying[name] for name in matching(power.array_faces, list(carrying))}
    yield from _area(power, carrying)
    yield from _absorbed(facts, power, carrying)


def _area(power: Power, carrying: dict[str, tuple[Solid, str]]) -> Iterator[Fault]:
    """An array larger than all its faces together, whatever touches them."""
    room = {name: solid.count * float(solid.areas[solid.faces.index(face)]) for name, (solid, face) in carrying.items() if len(solid.areas)}
    if power.given_area is None or len(room) < len(carrying) or not room:
        return
    if power.given_area > sum(room.values()) * (1.0 + ROOM):
        yield Fault(
            ("power", "wings") if power.wings else ("power", "array_area_m2"),
            NOTHING if power.wings else power.given_area,
            f"{power.given_area:.4g} m2 do not fit: the faces of array_faces have {sum(room.values()):.4g} m2; "
            "name more or larger faces, or take a smaller array",
        )


def _absorbed(facts: Facts, power: Power, carrying: dict[str, tuple[Solid, str]]) -> Iterator[Fault]:
    """Cells that convert more of the sunlight than the coating of their face absorbs."""
    converts = power.packing * power.losses.factor * power.solar_cell.efficiency
    seen: set[str] = set()
    for name, (solid, face) in carrying.items():
        coat = solid.coatings.get(face)
        coat = facts.blankets[coat].outer if coat in facts.blankets else coat
        if coat in seen or coat is None or (coat != INSULATED and coat not in facts.coatings):
            continue
        seen.add(coat)
        absorbs = 0.0 if coat == INSULATED else facts.coatings[coat].solar_absorptance
        if converts > absorbs:
            said = (
                f"'{power.cell}' converts {converts:.3g} of the sunlight on {name}, its coating '{coat}' absorbs only {absorbs:.3g}; give "
                "the face a coating of solar cells, such as gaas_cells"
            )
            yield Fault(AT, name, said)
