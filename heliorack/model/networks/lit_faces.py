"""Faces of nodes: what Sun, albedo and planet bring them, and what they radiate."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.networks.rows import ids
from heliorack.model.surroundings import Lapse
from orbit.chords import mean_irradiance
from orbit.environment import Environment, Irradiance
from thermal.network.flows import Exchange, Flow, Source
from thermal.network.tables import SPACE, NetworkTable
from thermal.properties.ageing import equivalent_sun
from thermal.properties.blanket import optics
from thermal.signal import Course, Interrupted, Signal

Floats = NDArray[np.float64]


def lit_faces(
    case: Case, table: NetworkTable, nodes: Mapping[str, int], env: Environment | None, away: Lapse | None
) -> tuple[list[Flow], tuple[str, ...]]:
    """What falls on faces of nodes and what they radiate; and which coatings are older than what their law was measured for.

    A coating that ages by hours of Sun has aged by those that this orbit brings it in the years of the case, as on faces of a mesh.
    """
    faces = [(node.name, face) for node in table.nodes for face in node.faces]
    if not faces:
        return [], ()
    normals = np.array([face.normal for _, face in faces])
    normals = normals / np.linalg.norm(normals, axis=1)[:, None]
    falls = None if env is None else mean_irradiance(env, normals)
    years, sun = case.years_in_orbit, None
    if env is not None and falls is not None and years is not None:
        sun = equivalent_sun(env.times, falls.direct, years)
    shown, said = optics([face.coating for _, face in faces], case.coatings, {}, case.life, sun)
    area = np.array([face.area for _, face in faces])
    rows = ids(nodes, [name for name, _ in faces])
    paths = [f"{name} ~ {SPACE}" for name, _ in faces]
    found: list[Flow] = [Exchange(rows, np.full(len(rows), nodes[SPACE]), shown[:, 1] * area, paths)]
    if env is None or falls is None:
        return found, said

    def absorbed(light: Irradiance, times: Floats) -> Signal:
        heat = np.concatenate([light.direct * shown[:, 0], light.albedo * shown[:, 0], light.infrared * shown[:, 1]], axis=1)
        return Signal(times, heat * np.tile(area, 3))

    paths = [f"{path} {name}" for path in ("sun", "albedo", "earth_infrared") for name, _ in faces]
    usual = absorbed(falls, env.times)
    heat: Course = usual
    if away is not None:
        heat = Interrupted(usual, absorbed(mean_irradiance(away.env, normals), away.env.times), away.begin, away.end)
    found.append(Source(np.tile(rows, 3), heat, paths))
    return found, said
