"""N-1: the loss of one part's heat, contact, heat pipe, panel or string (see `sweep_settings.Failure`), as overrides of the case.

Each loss is a change of the document after the overrides of load case and axes, so that it takes its share of what they have set.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from heliorack.case.case import Case
from heliorack.case.sweep import Failure
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, Problem, toml_key
from heliorack.casefile.fields import Table
from heliorack.casefile.notes import in_file
from heliorack.casefile.patterns import EXCEPT, matching, unmatched
from heliorack.sweep.design.array_failures import lost_cells, lost_panel, panels, strings_of
from heliorack.sweep.design.axes import Change, Level, Line, Overrides, label
from heliorack.sweep.design.contact_failures import lost_contact, touching
from heliorack.sweep.design.values import ChangeError, value_at
from meshes.parts import all_solids
from meshes.shapes.radiator import Radiator
from power.computing.chip import chip

COLUMN = "failure"
NONE = "none"  #: the point with nothing lost
STRINGS = "missing; the number of equal strings of the array, since the case has no [[power.wings]] that say it"


def failure_line(failures: Sequence[Failure], case: Case, problems: list[Problem]) -> Line:
    """The intact design, then one level for each item that fails."""
    levels = [Level("intact", (), {COLUMN: NONE}, "sweep.failures")]
    for i, failure in enumerate(failures):
        place = f"sweep.failures.{i}"
        if failure.kind == "string" and case.power and bool(case.power.wings) == (failure.strings is not None):
            said = "belongs to an array without [[power.wings]], which say how many there are" if case.power.wings else STRINGS
            problems.append(Problem(f"{place}.strings", NOTHING, said))
            continue
        items, what = items_of(failure, case)
        chosen = [name for name in items if _meant(failure.pattern, name)]
        if not chosen:
            said = unmatched(failure.pattern, [*items], what) if items else f"the case has no {what} that could fail"
            problems.append(Problem(f"{place}.pattern", failure.pattern, said))
        for name in chosen:
            left = f" {failure.remaining:.3g}" if failure.remaining else ""
            column = {COLUMN: f"{failure.kind} {name}{left}"}
            called = label(f"{failure.kind}-{name}{left}")
            levels.append(Level(called, (), column, place, (items[name],)))
    return Line("sweep.failures", tuple(levels), {COLUMN: COLUMN})


def _meant(pattern: str, name: str) -> bool:
    """Whether a pattern stands for an item; of a contact for one of its two ends, or for both in either order."""
    ends = name.split(" - ")
    return bool(matching(pattern, (name, " - ".join(reversed(ends)), *ends)))


def items_of(failure: Failure, case: Case) -> tuple[dict[str, Change], str]:
    """Everything of a kind that can fail, with the change that it is; and what messages call it."""
    names = [solid.name for solid in all_solids(case.parts)]
    match failure.kind:
        case "part_heat":
            hot = {solid.name for solid in all_solids(case.parts) if solid.heat > 0}
            hot |= {name for load in case.compute for name in matching(load.parts, names)}
            return {name: partial(_lost_heat, name, names, case, failure.remaining) for name in names if name in hot}, "part with heat"
        case "contact":
            pairs = touching(case)
            return {f"{a} - {b}": partial(lost_contact, i, (a, b), alone, failure.remaining) for i, a, b, alone in pairs}, "contact"
        case "pipe":
            return {name: partial(_lost_pipe, name, case, failure.remaining) for name in pipes_of(case)}, "heat pipe"
        case "panel":
            return {panel.face: partial(lost_panel, panel, failure.remaining) for panel in panels(case)}, "array face"
    return {
        name: partial(lost_cells, share * (1 - failure.remaining)) for name, share in strings_of(case, failure.strings).items()
    }, "string"


# --------------------------------------------------------------------------------------------------------------------- heat


def _lost_heat(part: str, names: Sequence[str], case: Case, remaining: float, document: Document) -> Overrides:
    found: list[tuple[str, Any]] = []
    own = f"parts.{toml_key(part)}.heat_W"
    if any(solid.name == part and solid.heat > 0 for solid in all_solids(case.parts)):
        if not any(p.name == part for p in case.parts):
            said = "is part of a composite part that gives one heat for several; state its heat under [[compute]]"
            raise ChangeError(Problem(part, NOTHING, said))
        found.append((own, float(value_at(document, own) or 0.0) * remaining))
    loads: Any = document.get("compute") or []
    kept: list[dict[str, Any]] = []
    for table in loads:
        devices = matching(str(table.get("parts")), names)
        kept += _without(table, part, len(devices), remaining) if part in devices else [table]
    return (*found, *([("compute", kept)] if kept != loads else []))


def _without(table: dict[str, Any], part: str, devices: int, remaining: float) -> list[dict[str, Any]]:
    """A compute load without one of its parts, and that part's own load if something remains of it."""
    if devices == 1 and remaining == 0:
        return [table | {"idle_W": 0.0, "profile": {"kind": "constant", "utilisation": 0.0}}]
    device = chip(table["chip"]) if "chip" in table else None
    powers = {"peak_W": device.peak if device else None, "idle_W": device.idle if device else None}
    known = {key: table.get(key, own) for key, own in powers.items()}
    less = table | {key: value * remaining for key, value in known.items() if value is not None}
    if devices == 1:
        return [less]
    rest = table | {"parts": f"{table['parts']}{EXCEPT}{part}"}
    return [rest, less | {"name": f"{table['name']}_degraded", "parts": part}] if remaining > 0 else [rest]


# --------------------------------------------------------------------------------------------------------------------- pipes


def pipes_of(case: Case) -> list[str]:
    """Names of all heat pipes of radiators, as radiator.pipe3."""
    return [f"{part.name}.pipe{i + 1}" for part in case.parts if isinstance(part, Radiator) for i in range(part.pipes)]


def _lost_pipe(name: str, case: Case, remaining: float, document: Document) -> Overrides:
    radiator, _, pipe = name.rpartition(".")
    part = next(part for part in case.parts if part.name == radiator)
    assert isinstance(part, Radiator)
    own = str(value_at(document, f"parts.{radiator}.pipe_materials.{pipe}") or value_at(document, f"parts.{radiator}.pipe_material"))
    panel = str(value_at(document, f"parts.{radiator}.material"))
    table = _material(case, document, own)
    along = zip(_conductivities(table), _conductivities(_material(case, document, panel)), strict=True)
    k_x, k_y, k_z = (remaining * k + (1 - remaining) * other for k, other in along)
    made = {key: table[key] for key in ("density_kg_m3", "specific_heat_J_kgK")}
    made |= {"conductivity_W_mK": k_x, "k_y_W_mK": k_y, "k_z_W_mK": k_z}
    made |= {"source": f"failed {name}: {remaining:g} of the conductivity of {own}, the rest that of {panel}"}
    called = f"{own}_failed"
    return (f"materials.{called}", made), (f"parts.{radiator}.pipe_materials.{pipe}", called)


def _material(case: Case, document: Document, name: str) -> dict[str, Any]:
    """A material as the file writes it: the document's, or the library's."""
    known = value_at(document, f"materials.{toml_key(name)}")
    if isinstance(known, dict):
        return known
    found = case.materials[name]
    table: dict[str, Any] = in_file(Table(type(found)), found)
    return table


def _conductivities(table: dict[str, Any]) -> tuple[float, float, float]:
    k = table["conductivity_W_mK"]
    return k, table.get("k_y_W_mK", k), table.get("k_z_W_mK", k)
