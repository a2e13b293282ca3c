"""Coated flat faces of the parts of a case, without a mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.settings import Tracking
from heliorack.casefile.errors import CaseError, Problem
from heliorack.casefile.patterns import matching, unmatched
from meshes.parts import all_solids
from meshes.shapes.solid import BOX_FACES, INSULATED
from orbit.chords import mean_direct
from orbit.joints import joint_rotation
from thermal.properties.ageing import equivalent_sun
from thermal.properties.blanket import outer_coating

if TYPE_CHECKING:
    from orbit.environment import Environment

Floats = NDArray[np.float64]

AXES = {"x": 0, "y": 1, "z": 2}


def _ring(count: int) -> Floats:
    """Normals all around z."""
    turn = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], axis=1)


def _ball(count: int) -> Floats:
    """Normals all over a sphere: points of a golden spiral."""
    z = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(count)
    return np.stack([np.sqrt(1.0 - z**2) * np.cos(turn), np.sqrt(1.0 - z**2) * np.sin(turn), z], axis=1)


ROUND = {"side": _ring(8), "surface": _ball(20)}  #: normals that stand for a round face, in the axes of its part


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A coated flat face of a part, in body axes."""

    name: str  #: "panel:+z"
    normal: Floats  #: (3,) outward
    area: float  #: m2, what other parts cover included
    coating: str
    absorptance: float  #: solar, at the life of the case
    emittance: float  #: infrared, at the life of the case
    joint: Tracking | None = None  #: what turns the part against the body; the normal is that at angle zero


def coated_faces(case: Case, patterns: Sequence[str] = (), env: Environment | None = None) -> list[Face]:
    """Coated flat faces of all parts, no mesh is made: six of a box, two of a cylinder; or those of them that patterns name.

    Args:
        case: Its parts, coatings and life.
        patterns: Of faces.
        env: The revolution that coatings which age by hours of Sun are aged by.

    Raises:
        CaseError: a pattern that stands for no such face; a coating that ages by hours of Sun and no revolution to age it by.
        GeometryError: two solids of one name.
    """
    found = plain_faces(case)
    return _aged(case, _named(case, found, patterns) if patterns else found, env)


def plain_faces(case: Case, rounded: bool = False) -> list[Face]:
    """The same before any hours of Sun: coatings that age by them are new, others at the life of the case.

    Args:
        rounded: Also the sides of cylinders and spheres, as flat facets of equal area.
    """
    found = []
    for solid in all_solids(case.parts) if case.parts else ():
        joint = next((one for one in case.tracking if fnmatchcase(solid.name, one.parts)), None)
        for face, area in zip(solid.faces, solid.areas, strict=True):
            coating = solid.coatings[face]
            if coating == INSULATED or area <= 0 or not (face in BOX_FACES or (rounded and face in ROUND)):
                continue
            shown = outer_coating(coating, case.coatings, case.blankets)
            optics = shown.at("bol" if shown.ageing else case.life)
            normals = _outward(face) if face in BOX_FACES else ROUND[face]
            for normal in np.round(normals @ solid.rotation.T, 6) + 0.0:
                name, share = f"{solid.name}:{face}", float(area) / len(normals)
                found.append(Face(name, normal / np.linalg.norm(normal), share, coating, *optics, joint))
    return found


def _outward(face: str) -> Floats:
    """Outward normal (1, 3) of a face of a box in the axes of its part."""
    return np.asarray((-1.0 if face[0] == "-" else 1.0) * np.eye(3)[[AXES[face[1]]]])


def _aged(case: Case, faces: list[Face], env: Environment | None) -> list[Face]:
    """The faces, at end of life those whose coating ages by hours of Sun with what the Sun of this revolution makes of it."""
    found = []
    for face in faces:
        shown = outer_coating(face.coating, case.coatings, case.blankets)
        if case.life == "eol" and shown.ageing:
            if env is None or case.years_in_orbit is None:
                words = f"{face.coating} ages by hours of Sun, which change through the year; ask for one revolution, or give an end value"
                raise CaseError(case.source, [Problem("life", case.life, words)])
            sun = equivalent_sun(env.times, mean_direct(env, partial(normals_of, faces=[face])), case.years_in_orbit)
            absorptance, emittance = shown.at(case.life, float(sun[0]))
            face = replace(face, absorptance=absorptance, emittance=emittance)
        found.append(face)
    return found


def _named(case: Case, faces: Sequence[Face], patterns: Sequence[str]) -> list[Face]:
    """The faces that any of the patterns names, in the order of the case."""
    names = tuple(face.name for face in faces)
    chosen: set[str] = set()
    problems = []
    for pattern in patterns:
        hits = matching(pattern, names)
        chosen.update(hits)
        if not hits:
            known = unmatched(pattern, names, "face") if names else "the case has no coated flat face"
            problems.append(Problem("--face", pattern, known))
    if problems:
        raise CaseError(case.source, problems)
    return [face for face in faces if face.name in chosen]


def directions(faces: Sequence[Face]) -> list[list[Face]]:
    """Faces with equal normals (and the same joint) together, largest area first, within a group and among them."""
    groups: dict[tuple[object, ...], list[Face]] = {}
    for face in faces:
        groups.setdefault((face.joint, *np.round(face.normal, 6).tolist()), []).append(face)
    ordered = [sorted(group, key=lambda face: -face.area) for group in groups.values()]
    return sorted(ordered, key=lambda group: -sum(face.area for face in group))


def normals_of(env: Environment, faces: Sequence[Face]) -> Floats:
    """Outward normals (n, f, 3) through the revolution, body axes; faces of parts that track turn."""
    still = [np.broadcast_to(face.normal, (len(env.times), 3)) for face in faces]
    return np.stack([n if f.joint is None else joint_rotation(f.joint, env) @ f.normal for f, n in zip(faces, still, strict=True)], axis=1)
