"""Every touching pair of parts needs a word from the case: a conductance, a joint, bonded, or a gap.

Silence about an interface is how thermal models go wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Assembly, Touch
from meshes.contacts.overlay import covered
from meshes.contacts.search import TOUCHING, ContactSearch, Meeting
from meshes.errors import GeometryError
from meshes.measure import area_vectors
from thermal.conduction.contact import Contact, coupling
from thermal.conduction.nonmatching import overlay_coupling

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Triplets = tuple[Ids, Ids, Floats]

FULL = 0.99  #: covered part of the smaller side below which a contact asks for partial = true


@dataclass(frozen=True, slots=True, eq=False)
class Interface:
    """Where two parts lie on each other, and how heat crosses there."""

    part_a: int
    part_b: int
    kind: str  #: "conductance", "tim", "bolted" or "gap"
    area: float  #: m2
    conductance: float  #: W/m2K
    coverage: float  #: area over that of the smaller side
    matching: bool  #: the triangles of both sides are the same
    contact: int  #: position among the case's contacts
    touch: int  #: position in `Assembly.touches`, -1 where triangles do not match
    triplets: Triplets  #: of the conductance matrix, row, column and value [W/K]


@dataclass(frozen=True, slots=True, eq=False)
class Interfaces:
    """All interfaces of an assembly, and what they leave free."""

    found: tuple[Interface, ...]
    free: Floats  #: (f,) free fraction of each facet: 1 where nothing touches it, 0 under a contact
    assumptions: tuple[str, ...]

    def by_touch(self, assembly: Assembly) -> tuple[float, ...]:
        """Mean conductance of each touch of the assembly [W/m2K]."""
        total = np.zeros(len(assembly.touches))
        for face in self.found:
            if face.touch >= 0:
                total[face.touch] += face.area * face.conductance / assembly.touches[face.touch].area
        return tuple(total.tolist())


def contact_of(contacts: Sequence[Contact], a: str, b: str) -> int | None:
    """Position of the contact that speaks of parts `a` and `b` as wholes; the last one that matches counts."""
    return next((i for i in reversed(range(len(contacts))) if _speaks(contacts[i].between, a, b)), None)


def bonded(contacts: Sequence[Contact], a: str, b: str) -> bool:
    """Whether the case bonds two parts where they touch."""
    i = contact_of(contacts, a, b)
    return i is not None and contacts[i].bonded


def interfaces(contacts: Sequence[Contact], assembly: Assembly, conductivity: Floats) -> Interfaces:
    """Every interface of the assembly with its conductance, matching or not.

    Args:
        contacts: Of the case.
        assembly: Meshed.
        conductivity: Of each part in body axes [W/mK], shape (p, 3, 3).

    Raises:
        GeometryError: touching pairs that no contact speaks of, all listed; contacts between parts that never touch; faces that lie on
            each other over too little of their area; a bolted joint outside its correlation; bonded parts whose triangles do not match.
    """
    search = _ContactRules(contacts, assembly, conductivity)
    names = assembly.part_names
    found: list[Interface] = []
    for number, touch in enumerate(assembly.touches):
        found += search.matching(number, touch)
    free = np.where(assembly.facet_touch < 0, 1.0, 0.0)
    found += search.loose(free)
    if search.silent:
        raise GeometryError(
            f"{len(search.silent)} touching pair{'s' * (len(search.silent) > 1)} of parts without a contact:\n"
            + "\n".join(search.silent)
            + "\nSay how heat crosses: [[contacts]] between = [..., ...] with conductance_W_m2K, tim, bolted, gap = true or bonded = true; "
            "or move the parts apart."
        )
    used = {face.contact for face in found} | {contact_of(contacts, names[b.part_a], names[b.part_b]) for b in assembly.bonds}
    idle = [f"  contacts.{i}   {' - '.join(c.between or c.faces or ())}" for i, c in enumerate(contacts) if i not in used]
    if idle:
        raise GeometryError(
            f"{len(idle)} contact{'s' * (len(idle) > 1)} between parts that never touch:\n"
            + "\n".join(idle)
            + "\nCheck positions and sizes, or give tolerance_mm for parts a little apart, or remove the contact (a later contact for the "
            "same pair also hides an earlier one)."
        )
    search.check_coverage(found)
    return Interfaces(tuple(found), free, tuple(_assumptions(contacts, found, names)))


def _speaks(pair: tuple[str, str] | None, a: str, b: str) -> bool:
    """Whether a pair of patterns names `a` and `b`, in either order."""
    if pair is None:
        return False
    one, other = pair
    return (fnmatchcase(a, one) and fnmatchcase(b, other)) or (fnmatchcase(b, one) and fnmatchcase(a, other))


def _assumptions(contacts: Sequence[Contact], found: Sequence[Interface], names: Sequence[str]) -> Iterator[str]:
    gaps = [f"{names[face.part_a]} - {names[face.part_b]}" for face in found if face.kind == "gap"]
    if gaps:
        yield f"gaps: parts that touch and exchange nothing there, neither by contact nor by radiation: {', '.join(gaps)}"
    for face in found:
        if contacts[face.contact].partial and face.coverage < FULL:
            yield f"partial contact: {names[face.part_a]} - {names[face.part_b]} covers {100 * face.coverage:.1f} % of the smaller side"
    if any(face.kind == "bolted" for face in found):
        yield "bolted contacts: even pressure, flat surfaces, first loading (Cooper, Mikic and Yovanovich 1969; fit of Yovanovich 1982)"
    if any(not face.matching for face in found):
        yield "contacts of meshes that do not match: by quadrature on the smaller side; a facet covered in part radiates with the rest"


class _ContactRules:
    """What the contacts of a case make of an assembly, while its interfaces are looked for."""

    def __init__(self, contacts: Sequence[Contact], assembly: Assembly, conductivity: Floats) -> None:
        self.contacts, self.assembly, self.conductivity = contacts, assembly, conductivity
        self.search = ContactSearch(assembly)
        self.silent: list[str] = []

    def matching(self, number: int, touch: Touch) -> Iterator[Interface]:
        """Interfaces of a touch: one for each contact that speaks of some of its facets."""
        a, b = (self.assembly.part_names[part] for part in (touch.part_a, touch.part_b))
        speaker = self._speakers(touch, a, b)
        for i in np.unique(speaker).tolist():
            rows_a, rows_b = touch.facets_a[speaker == i], touch.facets_b[speaker == i]
            area = float(self.search.area[rows_a].sum())
            if i < 0:
                self.silent.append(f"  {a} - {b}   {area * 1e6:.4g} mm2")
                continue
            points, facets = self.assembly.points, self.assembly.facets
            h = self._coefficient(i, touch.part_a, touch.part_b, rows_a, rows_b, area)
            triplets = coupling(points, facets[rows_a], facets[rows_b], h)
            coverage = area / self.search.smaller_side(rows_a, rows_b) if self.contacts[i].faces else 1.0
            yield Interface(touch.part_a, touch.part_b, self.contacts[i].kind, area, h, coverage, True, i, number, triplets)

    def _speakers(self, touch: Touch, a: str, b: str) -> Ids:
        """Position of the contact that speaks of each facet of a touch, -1 for none; the last one that matches counts."""
        by_part = contact_of(self.contacts, a, b)
        speaker = np.full(len(touch.facets_a), -1 if by_part is None else by_part, dtype=np.int64)
        if not any(contact.faces for contact in self.contacts):
            return speaker
        pairs = np.stack([self.assembly.facet_face[touch.facets_a], self.assembly.facet_face[touch.facets_b]], axis=1)
        for one, other in np.unique(pairs, axis=0).tolist():
            face_a, face_b = self.assembly.face_names[one], self.assembly.face_names[other]
            i = next((i for i in reversed(range(len(self.contacts))) if _speaks(self.contacts[i].faces, face_a, face_b)), -1)
            here = (pairs == (one, other)).all(axis=1)
            speaker[here] = np.maximum(speaker[here], i)
        return speaker

    def loose(self, free: Floats) -> Iterator[Interface]:
        """Interfaces of parts that lie on each other without sharing nodes; takes what they cover from `free` (f,)."""
        reach = max([TOUCHING, *(contact.tolerance for contact in self.contacts if contact.tolerance)])
        for a, b in self.search.near(reach):
            for i, tolerance, rows_a, rows_b in self._wanted(a, b):
                found = self.search.meeting(rows_a[free[rows_a] > 0.5], rows_b[free[rows_b] > 0.5], tolerance)
                if found is not None:
                    yield from self._loose(i, a, b, found, free)

    def _wanted(self, a: int, b: int) -> Iterator[tuple[int, float, Ids, Ids]]:
        """(contact or -1, tolerance, facets of a, facets of b) to look at, the last contact first."""
        name_a, name_b = self.assembly.part_names[a], self.assembly.part_names[b]
        for i in reversed(range(len(self.contacts))):
            contact = self.contacts[i]
            tolerance = contact.tolerance or TOUCHING
            if contact.faces is not None:
                one, other = contact.faces
                for pattern_a, pattern_b in (contact.faces, (other, one)):
                    rows_a, rows_b = self.search.on(a, pattern_a), self.search.on(b, pattern_b)
                    if len(rows_a) and len(rows_b):
                        yield i, tolerance, rows_a, rows_b
            elif _speaks(contact.between, name_a, name_b):
                yield i, tolerance, self.search.rows[a], self.search.rows[b]
                return
        yield -1, TOUCHING, self.search.rows[a], self.search.rows[b]

    def _loose(self, i: int, a: int, b: int, found: Meeting, free: Floats) -> Iterator[Interface]:
        """The interface of parts that lie on each other, none where no contact speaks of it; takes what they cover from `free`."""
        area, name_a, name_b = found.overlay.area, self.assembly.part_names[a], self.assembly.part_names[b]
        if i < 0:
            self.silent.append(f"  {name_a} - {name_b}   {area * 1e6:.4g} mm2")
            return
        if self.contacts[i].bonded:
            raise GeometryError(
                f"contacts.{i}: {name_a} and {name_b} are bonded, but their triangles do not match over {area * 1e6:.4g} mm2; "
                "give conductance_W_m2K, or mesh both parts together"
            )
        rows_a, rows_b, points = found.rows_a, found.rows_b, found.overlay
        on_a, on_b = covered(points, self.search.area[rows_a], self.search.area[rows_b])
        coverage = area / (self.search.smaller_side(rows_a, rows_b) if self.contacts[i].faces else self.search.met_area(found))
        free[rows_a] = np.maximum(free[rows_a] - on_a, 0.0)
        free[rows_b] = np.maximum(free[rows_b] - on_b, 0.0)
        free[free < 1e-12] = 0.0
        first, second = (b, a) if found.swapped else (a, b)
        h = self._coefficient(i, first, second, rows_a[on_a > 0], rows_b[on_b > 0], area)
        sides = self.assembly.facets[rows_a], self.assembly.facets[rows_b]
        meets, shapes = (points.facet_a, points.facet_b), (points.shape_a, points.shape_b)
        triplets = overlay_coupling(*sides, meets, shapes, points.weight, h)
        yield Interface(a, b, self.contacts[i].kind, area, h, min(coverage, 1.0), False, i, -1, triplets)

    def _coefficient(self, i: int, a: int, b: int, rows_a: Ids, rows_b: Ids, area: float) -> float:
        try:
            return self.contacts[i].coefficient(self._through(a, rows_a), self._through(b, rows_b), area)
        except ValueError as error:
            names = self.assembly.part_names
            raise GeometryError(f"contacts.{i}: {names[a]} - {names[b]}: {error}") from error

    def _through(self, part: int, rows: Ids) -> float:
        """Conductivity of a part along the normals of some of its facets, mean by area [W/mK]."""
        vectors = area_vectors(self.assembly.points, self.assembly.facets[rows])
        area = np.linalg.norm(vectors, axis=1)
        return float((np.einsum("fi,ij,fj->f", vectors, self.conductivity[part], vectors) / area).sum() / area.sum())

    def check_coverage(self, found: Sequence[Interface]) -> None:
        """Refuse contacts that lie on each other over too little of the smaller side and do not say partial = true."""
        names = self.assembly.part_names
        short = [face for face in found if face.coverage < FULL and not self.contacts[face.contact].partial]
        if short:
            lines = [
                f"  contacts.{face.contact}   {names[face.part_a]} - {names[face.part_b]}   {100 * face.coverage:.2f} % of the smaller "
                f"side ({face.area * 1e6:.4g} mm2)"
                for face in short
            ]
            raise GeometryError(
                f"{len(short)} contact{'s' * (len(short) > 1)} with coverage below {100 * FULL:.0f} %:\n"
                + "\n".join(lines)
                + "\nCheck positions and tolerance_mm, or accept what there is with partial = true."
            )
