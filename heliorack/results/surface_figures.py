"""Absorbed fluxes, view to space and visibility of the Sun on every facet of a result."""

import numpy as np
from numpy.typing import NDArray

from heliorack.model.open_faces import Exposure
from heliorack.model.radiation import Radiating
from heliorack.results.result import Result
from heliorack.runfolder.quantity import RADIATION
from heliorack.runfolder.surface_file import WHOLE, Skin, Sky, no_sky
from meshes.measure import facet_normals
from orbit.environment import Environment

Ids = NDArray[np.int64]

Floats = NDArray[np.float64]

MOST_TIMES = 48  #: moments of the Sun that are kept


def skin(result: Result) -> Skin:
    """Facets of a result; those inside of joints and contacts too, without values."""
    a = result.body.assembly
    used, triangles = np.unique(a.facets, return_inverse=True)
    part = np.asarray(a.face_part, dtype=np.int64)[a.facet_face]
    group = exposed(result.exposure, result)
    fields = {quantity.key: _field(quantity.key, result, group) for quantity in RADIATION}
    return Skin(a.points[used], triangles.reshape(-1, 3), part, a.part_names, fields, _sky(result, group, used))


def exposed(exposure: Exposure, result: Result) -> Ids:
    """Group of the exposure of every facet of the assembly, -1 for those that are in none, (f,)."""
    a, normals = result.body.assembly, facet_normals(result.body.assembly)
    found = np.full(len(a.facets), -1, dtype=np.int64)
    candidates = (result.body.free > 0) & ~result.radiation.facets
    for face in np.unique(exposure.face):
        groups = np.flatnonzero(exposure.face == face)
        mine = np.flatnonzero(candidates & (a.facet_face == face))
        found[mine] = groups[np.argmax(normals[mine] @ exposure.normals[groups].T, axis=1)]
    return found


def _field(key: str, result: Result, group: Ids) -> Floats:
    """One quantity on every facet; perfect insulation absorbs nothing and has no value."""
    exposure, radiating = result.exposure, result.radiation
    found = np.full(len(group), np.nan)
    seen = group >= 0
    if key == "view_to_space":
        found[seen] = 1.0
        found[radiating.views.facets] = _sky_factor(radiating)[radiating.views.group]
        return found
    signal, optics, path = {
        "absorbed_solar": (exposure.direct, exposure.absorptance, "sun"),
        "absorbed_albedo": (exposure.albedo, exposure.absorptance, "albedo"),
        "absorbed_infrared": (exposure.infrared, exposure.emittance, "infrared"),
    }[key]
    found[seen] = (signal.mean() * optics)[group[seen]]
    s = radiating.surfaces
    insulated = (s.effective == 0) & (s.conductance == 0) & (s.absorptance == 0)
    found[radiating.views.facets] = np.where(insulated[radiating.views.group], np.nan, radiating.absorbed(path))
    return found


def _sky_factor(radiating: Radiating) -> Floats:
    """View factor of each group to the sky, mean of the poses, (g,)."""
    if not radiating.views.factors:
        return np.ones(radiating.views.count)
    return np.asarray(np.mean([kept.closed.sky for kept in radiating.views.factors], axis=0))


def _sky(result: Result, group: Ids, used: Ids) -> Sky:
    env, radiating = result.env, result.radiation
    rows = np.empty(0, dtype=np.int64) if env is None else moments(env)
    visible = np.zeros((len(rows), len(group)), dtype=np.uint8)
    joint = np.full(len(result.body.assembly.points), -1, dtype=np.int16)
    for j, turning in enumerate(radiating.motion.joints):
        joint[turning.nodes] = j
    if env is None:
        return no_sky(visible, joint[used])
    seen = group >= 0
    lit = result.exposure.direct.values[rows] > 0
    visible[:, seen] = WHOLE * lit[:, group[seen]].astype(np.uint8)
    if radiating.falls is not None:
        visible[:, radiating.views.facets] = np.round(WHOLE * radiating.falls.visible[rows]).astype(np.uint8)
    joints = radiating.motion.joints
    pivot = np.array([turning.pivot for turning in joints]).reshape(-1, 3)
    rotation = np.array([turning.rotation[rows] for turning in joints]).reshape(-1, len(rows), 3, 3)
    times, shining = np.asarray(env.times[rows], dtype=float), np.asarray(env.illumination[rows], dtype=float)
    return Sky(times, env.period, env.sun[rows], env.solar * shining, shining, visible, joint[used], pivot, rotation)


def moments(env: Environment, most: int = MOST_TIMES) -> Ids:
    """Samples of the revolution nearest to evenly spaced times, without its end, which is its start again."""
    wanted = np.arange(most) * env.period / most
    return np.unique(np.abs(env.times[None] - wanted[:, None]).argmin(axis=1))
