"""The hottest and the coldest revolution of the year for the hardware of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.model.flat_faces import Face, normals_of, plain_faces
from meshes.parts import all_solids
from orbit.settings import EnvironmentSettings
from orbit.track import MeanOrbit, OrbitKind, refuse_incomplete
from orbit.worst import Faces, faces_year

if TYPE_CHECKING:
    from orbit.environment import Environment

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DatedOrbit:
    """An orbit at a date."""

    orbit: OrbitKind
    said: tuple[str, ...] = ()  #: how the date was found, where the case does not give it


def dated_orbit(case: Case) -> DatedOrbit:
    """The orbit of a case; "hottest" and "coldest" are replaced by the date at which its faces absorb most or least heat.

    Counted are the coated faces of nodes and of all parts that heat can reach from a part with a limit (of all parts, where none has
    one), each by its area, solar absorptance and infrared emittance, over a revolution of every date of the year; nothing shades any.
    A case without coated faces or without attitude keeps its orbit: a small sphere then speaks for it.

    Raises:
        TypeError: a kind of orbit that cannot be carried through a year.
    """
    orbit, settings = case.orbit, case.environment
    assert orbit is not None
    which = orbit.epoch
    if which not in ("hottest", "coldest") or case.attitude is None or not isinstance(settings, EnvironmentSettings):
        return DatedOrbit(orbit)
    refuse_incomplete(orbit, MeanOrbit, f"look for its {which} epoch")
    given = cast(MeanOrbit, orbit)
    counted = _counted(case)
    if not counted:
        return DatedOrbit(orbit, (f"epoch {which}: of a small sphere, since the case has no coated faces before it is meshed",))
    faces, (absorbing, emitting) = _weights(counted)
    year = faces_year(given, settings, case.attitude, Faces(lambda env: _normals(env, faces), absorbing, emitting))
    found = year.hottest() if which == "hottest" else year.coldest()
    when = year.calendar.epoch(found)
    parts = {face.name.partition(":")[0] for face in counted}
    whose = ", ".join(sorted(parts)) if len(parts) <= 4 else f"{len(parts)} parts"
    most = "most" if which == "hottest" else "least"
    said = (
        f"epoch {which}: {when:%Y-%m-%d %H:%M} UTC, at which the coated faces of {whose} absorb {most} heat, {year.heat[found]:.4g} W over "
        f"the revolution (through the year {year.heat.min():.4g} to {year.heat.max():.4g} W), from a walk over a year from "
        f"{year.calendar.start:%Y-%m-%d}; nothing shades any of them in this search"
    )
    return DatedOrbit(given.at_date(when, settings.planet_radius), (said,))


def _normals(env: Environment, faces: list[Face]) -> Floats:
    """Normals of the faces, over time only where any turns."""
    return normals_of(env, faces) if any(face.joint for face in faces) else np.stack([face.normal for face in faces])


def _counted(case: Case) -> list[Face]:
    """Coated faces of the parts that limits are about, and those of nodes."""
    faces, nodes = plain_faces(case, rounded=True), _of_nodes(case)
    reached = _reached(case) if case.parts else set()
    return [*([face for face in faces if face.name.partition(":")[0] in reached] or faces), *nodes]


def _of_nodes(case: Case) -> list[Face]:
    """Faces of the nodes of a network."""
    found = []
    for node in () if case.network is None else case.network.nodes:
        for number, face in enumerate(node.faces):
            coating = case.coatings[face.coating]
            normal = np.array(face.normal) / np.linalg.norm(face.normal)
            optics = coating.at("bol" if coating.ageing else case.life)
            found.append(Face(f"{node.name}:{number}", normal, face.area, face.coating, *optics))
    return found


def _weights(faces: list[Face]) -> tuple[list[Face], Floats]:
    """One face for each direction and joint, and (2, f) of their solar absorptance and infrared emittance times area [m2]."""
    found: dict[tuple[object, ...], tuple[Face, Floats]] = {}
    for face in faces:
        key = (face.joint, *np.round(face.normal, 4).tolist())
        first, weight = found.get(key, (face, np.zeros(2)))
        found[key] = (first, weight + face.area * np.array([face.absorptance, face.emittance]))
    return [face for face, _ in found.values()], np.array([weight for _, weight in found.values()]).T


def _reached(case: Case) -> set[str]:
    """Solids that heat can reach by contacts and straps from those with limits; the solids of one part are together."""
    names = [solid.name for solid in all_solids(case.parts)]
    owner = {name: name.partition(".")[0] for name in names}
    groups: dict[str, set[str]] = {}
    for part in owner.values():
        groups.setdefault(part, {part}).add(part)
    for contact in case.contacts:
        if not contact.gap:
            _join(groups, [_parts(pattern, owner) for pattern in contact.between or contact.faces or ()])
    for strap in case.straps:
        _join(groups, [_parts(pattern, owner) for pattern in strap.between])
    limited = set().union(*(_parts(limit.on, owner) for limit in case.limits))
    reached = set().union(*(groups[part] for part in limited))
    return {name for name, part in owner.items() if part in reached}


def _parts(pattern: str, owner: dict[str, str]) -> set[str]:
    """Parts whose solids a pattern of solids or faces names."""
    return {owner[name] for name in matching(pattern.partition(":")[0], tuple(owner))}


def _join(groups: dict[str, set[str]], ends: list[set[str]]) -> None:
    """Put parts that are joined into one group."""
    joined = set().union(*ends)
    if len(ends) == 2 and all(ends):
        whole = set().union(*(groups[part] for part in joined))
        for part in whole:
            groups[part] = whole
