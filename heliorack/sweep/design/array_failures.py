"""N-1 of the solar array: the loss of one face with cells or of one string, as overrides of the case.

The array keeps its mass; what is lost are cells on it. Without a face it is the smaller for it; with fewer cells on the same faces it has
less packing. Where the case gives its strings ([[power.wings]]), their number over the packing is the area.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, Problem
from heliorack.casefile.patterns import EXCEPT, matching
from heliorack.sweep.design.axes import Overrides
from heliorack.sweep.design.values import ChangeError, value_at
from meshes.parts import all_solids
from power.solar.strings import cell_area
from power.system.mass import ARRAY_AREAL_MASS

WING = "wing"  #: name of a wing that the case does not name
LEAST = 1e-6  #: kg/m2 of an array whose meshed parts are heavier than its size says


@dataclass(frozen=True, slots=True)
class Panel:
    """A face that carries cells."""

    face: str
    share: float  #: of the array's cells
    left: dict[str, int] = field(default_factory=dict)  #: strings that each wing has elsewhere; empty without [[power.wings]]
    #: of the array without this face [kg/m2]; None where its part carries other cells, and stays the array's
    areal_mass: float | None = None


def panels(case: Case) -> tuple[Panel, ...]:
    """Faces that carry cells; none where no part carries them."""
    power = case.power
    if power is None or power.array_faces is None:
        return ()
    solids = all_solids(case.parts)
    area = {f"{s.name}:{face}": s.count * float(a) for s in solids for face, a in zip(s.faces, s.areas, strict=True)}
    area = {face: area[face] for face in matching(power.array_faces, list(area))}
    areal = {face: _areal_mass(case, face, list(area)) for face in area}
    if not power.wings:
        return tuple(Panel(face, each / sum(area.values()), areal_mass=areal[face]) for face, each in area.items())
    strings = _strings(case, area)
    cells = cell_area(power.wings, power.cell)
    one = {wing.name: cell_area([wing], power.cell) / wing.parallel for wing in power.wings}
    return tuple(
        Panel(
            face,
            sum(one[name] * on.get(face, 0) for name, on in strings.items()) / cells,
            {wing.name: wing.parallel - strings[wing.name].get(face, 0) for wing in power.wings},
            areal[face],
        )
        for face in area
    )


def _areal_mass(case: Case, face: str, faces: list[str]) -> float | None:
    """What the array weighs without the part of a face: that part then counts among the meshed ones, and must not count twice."""
    part = face.rpartition(":")[0]
    power = case.power
    if power is None or power.given_area is None or any(other != face and other.rpartition(":")[0] == part for other in faces):
        return None
    lost = sum(s.count * s.volume * case.materials[s.material].density for s in all_solids(case.parts) if s.name == part)
    whole = ARRAY_AREAL_MASS if power.array_areal_mass is None else power.array_areal_mass
    return max(whole - lost / power.given_area, LEAST)


def _strings(case: Case, area: dict[str, float]) -> dict[str, dict[str, int]]:
    """Strings of each wing on each face, as the run lays them."""
    from heliorack.model.cells.solar_cells import shared

    found = {}
    for wing in case.power.wings if case.power else ():
        faces = list(area) if wing.faces is None else list(matching(wing.faces, list(area)))
        found[wing.name] = dict(zip(faces, shared(wing.parallel, np.array([area[face] for face in faces])), strict=True))
    return found


def strings_of(case: Case, number: int | None) -> dict[str, float]:
    """Share of the array's cells that one string has: of `number` equal ones, or of each wing by its name."""
    if case.power is None:
        return {}
    if not case.power.wings:
        return {f"1-of-{number}": 1 / number} if number else {}
    cells = cell_area(case.power.wings, case.power.cell)
    return {f"{w.name} 1-of-{w.parallel}": cell_area([w], case.power.cell) / w.parallel / cells for w in case.power.wings}


def lost_panel(panel: Panel, remaining: float, document: Document) -> Overrides:
    """The array without a face, or with fewer cells of it.

    Raises:
        ChangeError: the array has no other face, or is sized by the run.
    """
    if remaining > 0:
        return lost_cells(panel.share * (1 - remaining), document)
    if panel.share > 1 - 1e-9:
        raise ChangeError(Problem(panel.face, NOTHING, "is the only face with cells; without it there is no array left to judge"))
    named = value_at(document, "power.array_faces")
    listed = [named] if isinstance(named, str) else list(named)
    where = [f"{pattern}{EXCEPT}{panel.face}" for pattern in listed]
    moved: Overrides = (("power.array_faces", where[0] if isinstance(named, str) else where),)
    left = 1 - panel.share
    areal = panel.areal_mass if panel.areal_mass is not None else value_at(document, "power.array_areal_mass_kg_m2")
    areal = ARRAY_AREAL_MASS if areal is None else float(areal)
    moved += (("power.array_areal_mass_kg_m2", areal / left),)  # what is left has the mass of the whole
    if not panel.left:
        return (("power.array_area_m2", _given_area(document) * left), *moved)
    wings: Any = value_at(document, "power.wings")
    kept = [w | {"parallel": panel.left[w.get("name", WING)]} for w in wings if panel.left[w.get("name", WING)]]
    return (("power.wings", kept), *moved)


def lost_cells(lost: float, document: Document) -> Overrides:
    """A share of the cells fewer on an array of the same area and mass.

    Raises:
        ChangeError: the array is sized by the run.
    """
    if value_at(document, "power.wings"):
        return (("power.losses.mismatch", float(value_at(document, "power.losses.mismatch")) * (1 - lost)),)
    _given_area(document)
    return (_packing(lost, document),)


def _given_area(document: Document) -> float:
    """The area of the array that the case gives [m2].

    Raises:
        ChangeError: the array is sized by the run.
    """
    area = value_at(document, "power.array_area_m2")
    if area is None:
        said = "missing; an array that is sized by the run would only be made larger, so a loss of cells needs its area"
        raise ChangeError(Problem("power.array_area_m2", NOTHING, said))
    return float(area)


def _packing(lost: float, document: Document) -> tuple[str, float]:
    return "power.packing", float(value_at(document, "power.packing")) * (1 - lost)
