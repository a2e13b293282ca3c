"""Every touching pair of parts needs a word from the case: a conductance, or bonded.

Silence about an interface is how thermal models go wrong.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from meshes.assembly import Assembly
from meshes.errors import GeometryError
from thermal.contact import Contact


def contact_of(contacts: Sequence[Contact], a: str, b: str) -> int | None:
    """Position of the contact that speaks of parts `a` and `b`; the last one that matches counts."""
    found = None
    for i, contact in enumerate(contacts):
        one, other = contact.between
        if (fnmatchcase(a, one) and fnmatchcase(b, other)) or (fnmatchcase(b, one) and fnmatchcase(a, other)):
            found = i
    return found


def bonded(contacts: Sequence[Contact], a: str, b: str) -> bool:
    """Whether the case bonds two parts where they touch."""
    i = contact_of(contacts, a, b)
    return i is not None and contacts[i].bonded


def conductances(contacts: Sequence[Contact], assembly: Assembly) -> list[float]:
    """Conductance of each touch of the assembly [W/m2K].

    Raises:
        GeometryError: touching pairs that no contact speaks of, all listed; contacts between parts that never touch.
    """
    names, found, silent = assembly.part_names, [], []
    used = {contact_of(contacts, names[b.part_a], names[b.part_b]) for b in assembly.bonds}
    for touch in assembly.touches:
        a, b = names[touch.part_a], names[touch.part_b]
        i = contact_of(contacts, a, b)
        used.add(i)
        if i is None:
            silent.append(f"  {a} - {b}   {touch.area * 1e6:.4g} mm2")
            continue
        found.append(contacts[i].conductance or 0.0)
    if silent:
        raise GeometryError(
            f"{len(silent)} touching pair{'s' * (len(silent) > 1)} of parts without a contact:\n"
            + "\n".join(silent)
            + "\nSay how heat crosses: [[contacts]] between = [..., ...] with conductance_W_m2K, or bonded = true; or move the parts apart."
        )
    idle = [f"  contacts.{i}   {c.between[0]} - {c.between[1]}" for i, c in enumerate(contacts) if i not in used]
    if idle:
        raise GeometryError(
            f"{len(idle)} contact{'s' * (len(idle) > 1)} between parts that never touch:\n"
            + "\n".join(idle)
            + "\nCheck positions and sizes, or remove the contact (a later contact for the same pair also hides an earlier one)."
        )
    return found
