"""Sunlight, albedo and Earth infrared on facets that other parts may shade, before any of it is absorbed or reflected."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from heliorack.model.articulation import Motion
from heliorack.model.body import Body
from meshes.measure import area_vectors
from orbit.environment import Environment, irradiance
from thermal.radiation.cache import scene_key
from thermal.radiation.rays import Scene, scene
from thermal.radiation.settings import Radiation
from thermal.radiation.view_factors import Views

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Say = Callable[[str, float], None]

MEMORY = 128e6  #: bytes of incidence kept for the next case
ROUND_OFF = 1e-12  #: part of what would arrive in all; less than this of it is nothing


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """First incidence over the revolution; facets and groups are those of the views."""

    times: Floats  #: (n,) s
    direct: NDArray[np.float32]  #: (n, s) sunlight on each facet, from the Sun itself [W/m2]
    mirrored: NDArray[np.float32] | None  #: (n, s) by way of mirrors [W/m2]
    visible: NDArray[np.float32]  #: (n, s) part of each facet that sees the Sun; 0 where it faces away or the Sun is behind the planet
    sunlight: Floats  #: (n, g) mean of direct and mirrored light over each group [W/m2]
    albedo: Floats  #: (n, g)
    infrared: Floats  #: (n, g)
    hidden_error: float  #: largest standard error of what is hidden of the planet, over what would arrive in all [-]
    reused: int  #: directions of the Sun known before
    sought: int  #: directions of the Sun

    @property
    def bytes(self) -> int:
        """Memory that it takes."""
        arrays = (self.direct, self.mirrored, self.visible, self.sunlight, self.albedo, self.infrared)
        return sum(array.nbytes for array in arrays if array is not None)

    def times_fluxes(self, env: Environment) -> "Incidence":
        """From incidence under fluxes of one that under the fluxes of an environment."""
        sun, mirrored = np.float32(env.solar), self.mirrored
        return replace(
            self,
            direct=sun * self.direct,
            mirrored=None if mirrored is None else sun * mirrored,
            sunlight=env.solar * self.sunlight,
            albedo=env.albedo * env.solar * self.albedo,
            infrared=env.earth_ir * self.infrared,
        )

    def arriving(self) -> Floats:
        """Sunlight on each facet, from the Sun itself and by mirrors (n, s) [W/m2]."""
        return np.asarray(self.direct if self.mirrored is None else self.direct + self.mirrored, dtype=np.float64)


def incidence(
    body: Body,
    views: Views,
    motion: Motion,
    env: Environment,
    specular: Floats,
    absorptance: Floats,
    settings: Radiation,
    say: Say,
    folder: Path | None,
    known: "IncidenceCache",
) -> Incidence:
    """Trace what reaches facets, or take it from earlier cases that differ in optics and fluxes alone; for one process.

    Args:
        specular: (g,) part of sunlight that each group reflects like a mirror.
        absorptance: (g,) solar.
        folder: Where the visibility of the Sun is kept between runs.
        known: Of earlier cases.
    """
    unit = replace(env, solar=float(env.solar > 0), albedo=float(env.albedo * env.solar > 0), earth_ir=float(env.earth_ir > 0))
    mirrors = (specular, absorptance) if (specular > 0).any() else ()
    key = _key(body, views, motion, unit, settings, mirrors)
    found = known.get(key)
    if found is None:
        found = _unit_fluxes(_Sight(body, views, motion, unit, settings, folder), specular, absorptance, say)
    known.keep(key, found)
    return found.times_fluxes(env)


@dataclass(slots=True, eq=False)
class IncidenceCache:
    """Incidence under fluxes of one, kept for cases that differ in optics and fluxes alone."""

    _kept: OrderedDict[str, Incidence] = field(default_factory=OrderedDict)  #: by key, the one not used for longest first

    def get(self, key: str) -> Incidence | None:
        """What is kept under a key, with every direction of the Sun counted as reused."""
        found = self._kept.get(key)
        return None if found is None else replace(found, reused=found.sought)

    def keep(self, key: str, found: Incidence) -> None:
        """Remember as long as there is room; what is larger than all of it is not kept."""
        if found.bytes > MEMORY:
            return
        self._kept[key] = found
        self._kept.move_to_end(key)
        while sum(each.bytes for each in self._kept.values()) > MEMORY:
            self._kept.popitem(last=False)


def _key(body: Body, views: Views, motion: Motion, unit: Environment, settings: Radiation, mirrors: tuple[Floats, ...]) -> str:
    """SHA-256 of everything that incidence under fluxes of one depends on."""
    joints = [array for joint in motion.joints for array in (joint.nodes, joint.pivot, joint.times, joint.rotation)]
    orbit = [unit.times, unit.sun, unit.nadir, unit.distance, unit.illumination, *([] if unit.pole is None else [unit.pole])]
    rest = repr((unit.period, unit.solar, unit.albedo, unit.earth_ir, unit.planet_radius, unit.zonal, settings))
    assembly = body.assembly
    what = (body.free, views.facets, views.group, motion.times, *joints, *orbit, *mirrors)
    return scene_key(assembly.points, assembly.facets, rest, *what)


def _unit_fluxes(sight: "_Sight", specular: Floats, absorptance: Floats, say: Say) -> Incidence:
    """Incidence in the surroundings of `sight`, whose fluxes are one or nothing."""
    env, views = sight.env, sight.views
    cosine = np.maximum(np.einsum("nsi,ni->ns", sight.normals(), env.sun), 0.0)
    flux = (env.solar * env.illumination)[:, None]
    say("shadows", 0.0)
    visible, mirrored, reused, sought = sight.sun(specular[views.group], absorptance[views.group], say)
    visible *= (cosine > 0) & (flux > 0)
    direct = (flux * cosine * visible).astype(np.float32)
    say("planet past other parts", 0.0)
    albedo, infrared, error = sight.planet()
    if mirrored is not None:
        mirrored = (flux * mirrored).astype(np.float32)
    arriving = direct if mirrored is None else direct + mirrored
    return Incidence(env.times, direct, mirrored, visible, arriving @ sight.mean, albedo, infrared, error, reused, sought)


@dataclass(slots=True, eq=False)
class _Sight:
    """What the steps of tracing share."""

    body: Body
    views: Views
    motion: Motion
    env: Environment
    settings: Radiation
    folder: Path | None
    still: Floats = field(init=False)  #: (s, 3) outward normals before any joint turns
    mean: csr_array = field(init=False)  #: (s, g) area mean of facets over groups

    def __post_init__(self) -> None:
        a, v = self.body.assembly, self.views
        vectors = area_vectors(a.points, a.facets[v.facets])
        size = np.linalg.norm(vectors, axis=1)
        area = size * self.body.free[v.facets]
        total = np.bincount(v.group, weights=area, minlength=v.count)
        self.still = np.asarray(vectors / size[:, None])
        self.mean = csr_array((area / total[v.group], (np.arange(len(v.group)), v.group)), shape=(len(v.group), v.count))

    @property
    def open(self) -> bool:
        """Whether nothing stands in the way of anything."""
        return self.settings.model == "open"

    def normals(self) -> Floats:
        """Outward normals over the revolution, (n, s, 3), or (1, s, 3) where nothing turns."""
        if not self.motion.joints:
            return self.still[None]
        turned = np.repeat(self.still[None], len(self.env.times), axis=0)
        first = self.body.assembly.facets[self.views.facets, 0]
        for joint in self.motion.joints:
            mine = np.isin(first, joint.nodes)
            turned[:, mine] = np.einsum("nij,sj->nsi", joint.rotation, self.still[mine])
        return turned

    def scenes(self, points: Floats) -> tuple[Scene, Ids]:
        """Scene of all free facets, and the rows in it of the facets of the views."""
        free = np.flatnonzero(self.body.free > 0)
        return scene(points, self.body.assembly.facets[free]), np.searchsorted(free, self.views.facets)

    def sun(self, specular: Floats, absorptance: Floats, say: Say) -> tuple[NDArray[np.float32], NDArray[np.float32] | None, int, int]:
        """Visible part of the Sun (n, s), mirrored light over solar flux (n, s), directions known before and in all."""
        from thermal.radiation.sun_cache import sunlit_from

        n, s = len(self.env.times), len(self.views.facets)
        if self.open:
            return np.ones((n, s), dtype=np.float32), None, 0, 0
        mirrors = bool((specular > 0).any())
        visible = np.zeros((n, s), dtype=np.float32)
        mirrored = np.zeros((n, s), dtype=np.float32) if mirrors else None
        lit = np.flatnonzero(self.env.illumination > 0)
        poses = [lit] if not self.motion.moves else [np.array([i]) for i in lit]
        reused = sought = 0
        for k, rows in enumerate(poses):
            points = self.motion.points(self.body.assembly, float(self.env.times[rows[0]]))
            view, mine = self.scenes(points)
            found = sunlit_from(self.folder, view, self.env.sun[rows], self.settings.sun_rays, self.settings.seed)
            visible[rows] = found.part()[:, mine]
            reused, sought = reused + found.reused, sought + found.sought
            if mirrored is not None:
                mirrored[rows] = self._mirrored(view, mine, self.env.sun[rows], specular, absorptance)
            say("shadows", k / len(poses))
        return visible, mirrored, reused, sought

    def _mirrored(self, view: Scene, mine: Ids, sun: Floats, specular: Floats, absorptance: Floats) -> NDArray[np.float32]:
        from thermal.radiation.specular import sunlight

        mirror, black = np.zeros(view.count), np.ones(view.count)
        mirror[mine], black[mine] = specular, absorptance
        unique, back = np.unique(np.round(sun, 6), axis=0, return_inverse=True)
        unique = unique / np.linalg.norm(unique, axis=1, keepdims=True)
        found = sunlight(view, unique, mirror, black, max(self.settings.sun_rays, 16), max(self.settings.bounces, 1), self.settings.seed)
        return np.asarray(found.mirrored[back.ravel()][:, mine])

    def planet(self) -> tuple[Floats, Floats, float]:
        """Albedo and infrared on groups (n, g) [W/m2], and the largest relative standard error of what is hidden."""
        from thermal.radiation.planet_shading import blocked_albedo, blocked_infrared, blocked_rays

        env = self.env
        albedo, infrared = self._free()
        if self.open or env.earth_ir == env.albedo == 0:
            return albedo, infrared, 0.0
        groups = np.full(int((self.body.free > 0).sum()), -1, dtype=np.int64)
        share = self.motion.shares(env.times)
        hidden = np.zeros((2, *infrared.shape))
        worst, ratio = 0.0, env.distance / env.planet_radius
        for k, t in enumerate(self.motion.times):
            view, mine = self.scenes(self.motion.points(self.body.assembly, float(t)))
            groups[mine] = self.views.group
            rays = blocked_rays(view, groups, self.settings.planet_rays, self.settings.seed)
            rows = np.flatnonzero(share[k] > 0)
            pole = None if env.pole is None or not any(env.zonal) else env.pole[rows]
            dark = blocked_infrared(rays, env.nadir[rows], ratio[rows], pole, env.zonal, infrared[rows] / max(env.earth_ir, 1e-300))
            hidden[1, rows] += share[k, rows, None] * env.earth_ir * dark.part
            worst = max(worst, float(dark.error.max(initial=0.0)))
            if env.albedo * env.solar > 0:
                full = env.albedo * env.solar
                shade = blocked_albedo(rays, env.nadir[rows], env.sun[rows], ratio[rows], albedo[rows] / full)
                hidden[0, rows] += share[k, rows, None] * full * shade.part
        return _left(albedo, hidden[0]), _left(infrared, hidden[1]), worst

    def _free(self) -> tuple[Floats, Floats]:
        """Albedo and infrared on groups with nothing in the way, means over their facets (n, g) [W/m2]."""
        a, v = self.body.assembly, self.views
        turning = np.full(len(v.facets), -1)
        for j, joint in enumerate(self.motion.joints):
            turning[np.isin(a.facets[v.facets, 0], joint.nodes)] = j
        still = np.round(self.still, 6) + 0.0
        unique, back = np.unique(np.column_stack([turning, still]), axis=0, return_inverse=True)
        albedo, infrared = np.zeros((len(self.env.times), v.count)), np.zeros((len(self.env.times), v.count))
        for j in np.unique(turning):
            some = np.flatnonzero(unique[:, 0] == j)
            normals = unique[some, 1:] / np.linalg.norm(unique[some, 1:], axis=1, keepdims=True)
            turned = normals if j < 0 else np.einsum("nij,fj->nfi", self.motion.joints[j].rotation, normals)
            falls = irradiance(self.env, turned)
            place = np.full(len(unique), -1)
            place[some] = np.arange(len(some))
            mine = np.flatnonzero(unique[back.ravel(), 0] == j)
            albedo += falls.albedo[:, place[back.ravel()[mine]]] @ self.mean[mine]
            infrared += falls.infrared[:, place[back.ravel()[mine]]] @ self.mean[mine]
        return albedo, infrared


def _left(whole: Floats, hidden: Floats) -> Floats:
    """What arrives; exactly nothing where all of it is hidden."""
    left = whole - hidden
    return np.where(left > ROUND_OFF * whole, left, 0.0)
