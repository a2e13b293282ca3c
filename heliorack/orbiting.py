"""`heliorack orbit`: the environment of a case in figures, over one revolution or through the year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case import Case
from heliorack.names import matching, unmatched
from heliorack.problems import NOTHING, CaseError, Problem
from heliorack.settings import Tracking
from meshes.solid import BOX_FACES, INSULATED
from orbit.attitude import Attitude, Pointing
from orbit.chamber import Chamber
from orbit.settings import EnvironmentSettings
from thermal.ageing import equivalent_sun
from thermal.blanket import outer_coating

if TYPE_CHECKING:
    from orbit.environment import Environment
    from orbit.track import Orbit

Floats = NDArray[np.float64]
AXES = {"x": 0, "y": 1, "z": 2}
ALWAYS_DEFINED = Attitude(Pointing("+z", "nadir"), Pointing("+x", "velocity"))  # the figures of an orbit do not depend on the attitude
ALONE = "every face is taken alone: no other part covers it, shades it or reflects onto it"
NO_ATTITUDE = "missing; without it nothing is known of faces"


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
    from meshes.parts import all_solids

    found = []
    for solid in all_solids(case.parts) if case.parts else ():
        joint = next((one for one in case.tracking if fnmatchcase(solid.name, one.parts)), None)
        for face, area in zip(solid.faces, solid.areas, strict=True):
            coating = solid.coatings[face]
            if face in BOX_FACES and coating != INSULATED and area > 0:
                sign = -1.0 if face[0] == "-" else 1.0
                normal = np.round(sign * solid.rotation[:, AXES[face[1]]], 6) + 0.0
                shown = outer_coating(coating, case.coatings, case.blankets)
                optics = shown.at("bol" if shown.ageing else case.life)
                found.append(Face(f"{solid.name}:{face}", normal / np.linalg.norm(normal), float(area), coating, *optics, joint))
    return _aged(case, _named(case, found, patterns) if patterns else found, env)


def _aged(case: Case, faces: list[Face], env: Environment | None) -> list[Face]:
    """The faces, at end of life those whose coating ages by hours of Sun with what the Sun of this revolution makes of it."""
    from orbit.environment import irradiance

    found = []
    for face in faces:
        shown = outer_coating(face.coating, case.coatings, case.blankets)
        if case.life == "eol" and shown.ageing:
            if env is None or case.years_in_orbit is None:
                words = f"{face.coating} ages by hours of Sun, which change through the year; ask for one revolution, or give an end value"
                raise CaseError(case.source, [Problem("life", case.life, words)])
            sun = equivalent_sun(env.times, irradiance(env, normals_of(env, [face])).direct, case.years_in_orbit)
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
    from orbit.joints import joint_rotation

    still = [np.broadcast_to(face.normal, (len(env.times), 3)) for face in faces]
    return np.stack([n if f.joint is None else joint_rotation(f.joint, env) @ f.normal for f, n in zip(faces, still, strict=True)], axis=1)


@contextmanager
def in_words_of(case: Case) -> Iterator[None]:
    """Turn a ValueError of the orbit into a CaseError at the key that its sentence names."""
    try:
        yield
    except CaseError:
        raise
    except ValueError as error:
        named = re.match(r"((?:orbit|environment|attitude)(?:\.\w+)*):? +(.*)", str(error), re.DOTALL)
        path, words = named.groups() if named else ("orbit", str(error))
        raise CaseError(case.source, [Problem(path, NOTHING, words)]) from error


def flown(case: Case) -> tuple[Orbit, EnvironmentSettings]:
    """The orbit and its surroundings.

    Raises:
        CaseError: the case has no orbit.
    """
    if isinstance(case.environment, Chamber):
        words = "a test chamber has no orbit to describe; `heliorack run` solves the case in it"
        raise CaseError(case.source, [Problem("environment.kind", "chamber", words)])
    if case.orbit is None:
        raise CaseError(case.source, [Problem("orbit", NOTHING, "missing; there is no orbit to describe")])
    return case.orbit, case.environment


def orbit_figures(case: Case, patterns: Sequence[str] = (), plot: Path | None = None) -> dict[str, Any]:
    """One revolution of a case's orbit, units in the keys.

    Args:
        patterns: Faces to take; all coated flat faces if there are none.
        plot: Picture to write.

    Returns:
        The keys of `orbit.environment.orbit_summary`; `epoch` (UTC text, None for a beta orbit); `faces`: for every face by name its orbit
        means, incident and absorbed [W/m2]; `assumptions`.

    Raises:
        CaseError: the case has no orbit, or one that environment or attitude cannot serve, or a pattern names no face.
        OSError: the picture cannot be written.
    """
    from orbit.environment import environment, orbit_summary

    orbit, settings = flown(case)
    if patterns and case.attitude is None:
        raise CaseError(case.source, [Problem("attitude", NOTHING, NO_ATTITUDE)])
    with in_words_of(case):
        env = environment(orbit, settings, case.attitude or ALWAYS_DEFINED)
        figures: dict[str, Any] = {**orbit_summary(env), "epoch": _epoch(orbit, settings)}
    faces = coated_faces(case, patterns, env) if case.attitude else []
    figures["faces"] = face_means(env, faces)
    missing = () if case.attitude else ("the case has no [attitude]: no faces",)
    figures["assumptions"] = [*env.assumptions, *([ALONE] if faces else missing)]
    if plot:
        from heliorack.orbit_plots import revolution_plot

        revolution_plot(plot, env, directions(faces), case.title, figures["epoch"], turned=case.attitude is not None)
    return figures


def _epoch(orbit: Orbit, settings: EnvironmentSettings) -> str | None:
    """UTC of t = 0; None for a beta orbit."""
    from orbit.settings import chosen_epoch
    from orbit.track import track

    epoch = track(orbit, chosen_epoch(orbit, settings), settings.planet_radius).epoch
    return None if epoch is None else f"{epoch:%Y-%m-%dT%H:%M:%SZ}"


def face_means(env: Environment, faces: Sequence[Face]) -> dict[str, dict[str, Any]]:
    """Orbit means of every face by name; faces with equal normals are computed once."""
    from orbit.worst import orbit_means

    if not faces:
        return {}
    groups = directions(faces)
    means = orbit_means(env, normals_of(env, [group[0] for group in groups])).T.tolist()
    found = {face.name: mean for group, mean in zip(groups, means, strict=True) for face in group}
    rows = {}
    for face in faces:
        direct, albedo, infrared = found[face.name]
        weighted = (face.absorptance * direct, face.absorptance * albedo, face.emittance * infrared)
        rows[face.name] = {
            "normal": face.normal.tolist(),
            "tracks": face.joint.at if face.joint else None,
            "area_m2": face.area,
            "coating": face.coating,
            "solar_absorptance": face.absorptance,
            "infrared_emittance": face.emittance,
            "direct_W_m2": direct,
            "albedo_W_m2": albedo,
            "infrared_W_m2": infrared,
            "absorbed_direct_W_m2": weighted[0],
            "absorbed_albedo_W_m2": weighted[1],
            "absorbed_infrared_W_m2": weighted[2],
            "absorbed_W_m2": sum(weighted),
        }
    return rows


def print_revolution(figures: dict[str, Any]) -> None:
    """The figures of one revolution for people: a table, the faces, warnings and assumptions."""
    from heliorack import printing

    apart = {"faces", "assumptions", "edges_s"}
    rows: list[list[Any]] = [[name, value] for name, value in figures.items() if name not in apart]
    edges = ", ".join(f"{edge:.1f}" for edge in figures["edges_s"]) or None
    printing.table(["quantity", "value"], [*rows, ["edges_s", edges]])
    if figures["faces"]:
        print("\nfaces, orbit means")
        headers = ["face", "coating", "direct_W_m2", "albedo_W_m2", "infrared_W_m2", "absorbed_W_m2"]
        printing.table(headers, _face_rows(figures["faces"]))
    print_remarks(figures["assumptions"])


def _face_rows(faces: dict[str, dict[str, Any]]) -> list[list[Any]]:
    """Rows of the table of faces; those with one direction and one coating share a row."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for name, row in faces.items():
        groups.setdefault((*row["normal"], row["tracks"], row["coating"]), []).append(name)
    keys = ("direct_W_m2", "albedo_W_m2", "infrared_W_m2", "absorbed_W_m2")
    return [[_in_short(names), faces[names[0]]["coating"], *(round(faces[names[0]][key], 2) for key in keys)] for names in groups.values()]


def _in_short(names: Sequence[str], most: int = 2) -> str:
    """Names in a cell: siblings under one name, and how many more."""
    from heliorack.labels import siblings

    common = siblings(names)
    shown = list(common)[:most]
    rest = sum(len(members) for name, members in common.items() if name not in shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def print_remarks(assumptions: Sequence[str]) -> None:
    """Warnings first."""
    print()
    for line in sorted(assumptions, key=lambda words: not words.startswith("warning:")):
        print(line if line.startswith("warning:") else f"assumed: {line}")
