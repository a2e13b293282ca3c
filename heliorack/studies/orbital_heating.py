"""`heliorack orbit`: the environment of a case in figures, over one revolution or through the year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.model.flat_faces import Face, coated_faces, directions, normals_of
from heliorack.model.surroundings import in_words_of
from heliorack.model.worst_epoch import dated_orbit
from orbit.attitude.pointing import Attitude, Pointing
from orbit.chamber import Chamber
from orbit.environment import environment, orbit_summary
from orbit.settings import EnvironmentSettings, chosen_epoch

if TYPE_CHECKING:
    from orbit.environment import Environment
    from orbit.kinds import Orbit
    from orbit.track import OrbitKind

Floats = NDArray[np.float64]
ALWAYS_DEFINED = Attitude(Pointing("+z", "nadir"), Pointing("+x", "velocity"))  # the figures of an orbit do not depend on the attitude
ALONE = "every face is taken alone: no other part covers it, shades it or reflects onto it"
NO_ATTITUDE = "missing; without it nothing is known of faces"


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
    _, settings = flown(case)
    if patterns and case.attitude is None:
        raise CaseError(case.source, [Problem("attitude", NOTHING, NO_ATTITUDE)])
    with in_words_of(case):
        dated = dated_orbit(case)
        env = environment(dated.orbit, settings, case.attitude or ALWAYS_DEFINED)
        figures: dict[str, Any] = {**orbit_summary(env), "epoch": _epoch(dated.orbit, settings)}
    faces = coated_faces(case, patterns, env) if case.attitude else []
    figures["faces"] = face_means(env, faces)
    missing = () if case.attitude else ("the case has no [attitude]: no faces",)
    figures["assumptions"] = [*dated.said, *env.assumptions, *([ALONE] if faces else missing)]
    if plot:
        from heliorack.visuals.orbit_plots import revolution_plot

        revolution_plot(plot, env, directions(faces), case.title, figures["epoch"], turned=case.attitude is not None)
    return figures


def _epoch(orbit: OrbitKind, settings: EnvironmentSettings) -> str | None:
    """UTC of t = 0; None for a beta orbit."""
    epoch = orbit.track(chosen_epoch(orbit, settings), settings.planet_radius).epoch
    return None if epoch is None else f"{epoch:%Y-%m-%dT%H:%M:%SZ}"


def face_means(env: Environment, faces: Sequence[Face]) -> dict[str, dict[str, Any]]:
    """Orbit means of every face by name; faces with equal normals are computed once."""
    from orbit.worst import orbit_means

    if not faces:
        return {}
    groups = directions(faces)
    means = orbit_means(env, lambda at: normals_of(at, [group[0] for group in groups])).T.tolist()
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
