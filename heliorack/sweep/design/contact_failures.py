"""Pairs of parts that touch and exchange heat by a contact of the case, found without a mesh; and the loss of one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import combinations
from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, Problem
from heliorack.sweep.design.axes import Overrides
from heliorack.sweep.design.values import ChangeError
from meshes.parts import all_solids
from meshes.shapes.solid import TOLERANCE, Solid
from thermal.conduction.bolt_conductance import PerBolt

HOW = ("conductance_W_m2K", "tim", "bolted", "bolts", "gap", "bonded")  #: keys of a contact that say how heat crosses


def touching(case: Case) -> list[tuple[int, str, str, bool]]:
    """Pairs that a contact of the case joins by a conductance: (contact, part, part, whether the contact joins this pair alone).

    Parts are taken to touch where the boxes around them do, over an area; contacts that name faces, gaps and bonds are left out.
    """
    found: list[tuple[int, str, str]] = []
    boxes = [(solid, *bounds(solid)) for solid in all_solids(case.parts)]
    for (one, low, high), (other, low2, high2) in combinations(boxes, 2):
        i = _speaker(case, one.name, other.name)
        if i is None:
            continue
        contact = case.contacts[i]
        reach = max(contact.tolerance or 0.0, 1e-5)
        overlap = np.minimum(high, high2) - np.maximum(low, low2)
        meets = bool((overlap > -reach).all()) and int((overlap > TOLERANCE).sum()) >= 2
        if meets and contact.kind not in ("gap", "bonded"):
            found.append((i, one.name, other.name))
    pairs = Counter(i for i, _, _ in found)
    return [(i, a, b, pairs[i] == 1) for i, a, b in found]


def bounds(solid: Solid) -> tuple[Any, Any]:
    """Lowest and highest corner of the box around a solid, (3,) each, body axes [m]."""
    half = np.abs(solid.rotation) @ (np.array(solid.size) / 2)
    return np.array(solid.centre) - half, np.array(solid.centre) + half


def _speaker(case: Case, a: str, b: str) -> int | None:
    """Position of the last contact that speaks of two parts as wholes."""
    for i in reversed(range(len(case.contacts))):
        one, other = case.contacts[i].between or ("", "")
        if (fnmatchcase(a, one) and fnmatchcase(b, other)) or (fnmatchcase(b, one) and fnmatchcase(a, other)):
            return i
    return None


def lost_contact(position: int, pair: Sequence[str], alone: bool, remaining: float, document: Document) -> Overrides:
    """The pair's contact with what remains of its conductance; a contact of several pairs keeps the others.

    Raises:
        ChangeError: a bolted contact that is to be weakened: its conductance is known with the mesh only.
    """
    contacts: Any = document["contacts"]
    table = contacts[position]
    kept = {key: value for key, value in table.items() if key not in (*HOW, "between")}
    lost = {"between": list(pair), **kept, **_left(position, table, remaining)}
    if alone:
        return ((f"contacts.{position}", lost),)
    return (("contacts", [*contacts, lost]),)


def weaker(bolts: dict[str, Any], remaining: float) -> dict[str, Any]:
    """Bolts of which each keeps a part of its conductance."""
    each = PerBolt(bolts["number"], bolts.get("conductance_W_K"), bolts.get("size"), bolts.get("plates", "stiff")).each()
    return {"number": bolts["number"], "conductance_W_K": each * remaining}


def _left(position: int, table: dict[str, Any], remaining: float) -> dict[str, Any]:
    if remaining == 0:
        return {"gap": True}
    if "conductance_W_m2K" in table:
        return {"conductance_W_m2K": table["conductance_W_m2K"] * remaining}
    if "bolts" in table:
        return {"bolts": weaker(table["bolts"], remaining)}
    if "tim" in table:
        tim = table["tim"]
        whole = 1 / (tim["thickness_mm"] * 1e-3 / tim["conductivity_W_mK"] + tim.get("boundary_m2K_W", 0.0))
        return {"conductance_W_m2K": whole * remaining}
    said = "a bolted contact can be lost but not weakened (its conductance depends on what it presses); set remaining = 0"
    raise ChangeError(Problem(f"contacts.{position}", NOTHING, said))
