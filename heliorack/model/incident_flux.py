"""Sunlight, albedo and Earth infrared on facets that other parts may shade, before any of it is absorbed or reflected."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from heliorack.model.articulation import Motion
from heliorack.model.body import Body
from meshes.measure import area_vectors
from orbit.chords import SIMPSON, conserving, mean_planet, turning_sun
from orbit.environment import INSIDE, Environment
from thermal.radiation.cache import scene_key
from thermal.radiation.rays import Scene, scene
from thermal.radiation.settings import Radiation
from thermal.radiation.view_factors import Views

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Say = Callable[[str, float], None]

MEMORY = 128e6  #: bytes of incidence kept for the next case
AT_ONCE = 512  #: facets of which arrays over time are held together, about a megabyte each
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
    unit = env.under(solar=float(env.solar > 0), albedo=float(env.albedo * env.solar > 0), earth_ir=float(env.earth_ir > 0))
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
    given = (unit.pole, unit.spin, None if unit.between is None else unit.between.sun)
    orbit = [unit.times, unit.sun, unit.nadir, unit.distance, unit.illumination, *(array for array in given if array is not None)]
    rest = repr((unit.period, unit.solar, unit.albedo, unit.earth_ir, unit.planet_radius, unit.zonal, settings))
    assembly = body.assembly
    what = (body.free, views.facets, views.group, motion.times, *joints, *orbit, *mirrors)
    return scene_key(assembly.points, assembly.facets, rest, *what)


def _unit_fluxes(sight: "_Sight", specular: Floats, absorptance: Floats, say: Say) -> Incidence:
    """Incidence in the surroundings of `sight`, whose fluxes are one or nothing."""
    env, views = sight.env, sight.views
    say("shadows", 0.0)
    found = [replace(sight, env=phase).light(specular[views.group], absorptance[views.group], say) for phase in env.phases()]
    light = found[0] if len(found) == 1 else _mean_of_turn(found)
    say("planet past other parts", 0.0)
    albedo, infrared, error = sight.planet()
    arriving = light.direct if light.mirrored is None else light.direct + light.mirrored
    traced = (light.reused, light.sought)
    return Incidence(env.times, light.direct, light.mirrored, light.visible, arriving @ sight.mean, albedo, infrared, error, *traced)


@dataclass(frozen=True, slots=True, eq=False)
class _Light:
    """Sunlight under a solar flux of one, as in `Incidence`."""

    direct: NDArray[np.float32]
    mirrored: NDArray[np.float32] | None
    visible: NDArray[np.float32]
    facing: NDArray[np.float32]  #: (n, s) direct sunlight with nothing in the way
    reused: int
    sought: int


def _mean_of_turn(found: list[_Light]) -> _Light:
    """The mean over the phases of a turn; what is visible by the light that it stands for."""
    direct, facing = (np.mean([getattr(light, name) for light in found], axis=0) for name in ("direct", "facing"))
    mirrored = [light.mirrored for light in found if light.mirrored is not None]
    return _Light(
        direct=direct,
        mirrored=np.mean(mirrored, axis=0) if mirrored else None,
        visible=np.divide(direct, facing, out=np.zeros_like(direct), where=facing > 0),
        facing=facing,
        reused=sum(light.reused for light in found),
        sought=sum(light.sought for light in found),
    )


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

    def light(self, specular: Floats, absorptance: Floats, say: Say) -> _Light:
        """Sunlight on facets whose chords bring what falls between the times too."""
        env = self.env
        suns = turning_sun(env)
        flux = (env.solar * env.illumination)[:, None]
        visible, mirrored, reused, sought = self.sun(specular, absorptance, say)
        direct, facing = np.empty_like(visible), np.empty_like(visible)
        for begin in range(0, visible.shape[1], AT_ONCE):
            some = slice(begin, begin + AT_ONCE)
            all_of_it = flux * (sum(np.maximum(self._cosine(slice(None), sun, some), 0.0) for sun in suns) / len(suns))
            visible[:, some] *= all_of_it > 0
            falling = all_of_it * visible[:, some]
            if env.between is not None:
                over = self._over_intervals(env.between, falling, visible[:, some], all_of_it > 0, some)
                falling = conserving(env.times, falling, over)
            direct[:, some], facing[:, some] = falling, all_of_it
        if mirrored is not None:
            mirrored = (flux * mirrored).astype(np.float32)
        return _Light(direct, mirrored, visible, facing, reused, sought)

    def _over_intervals(
        self, between: Environment, direct: Floats, visible: NDArray[np.float32], lit: NDArray[np.bool_], some: slice
    ) -> Floats:
        """Integrals of direct sunlight on some facets over the intervals (n - 1, s), by what falls on them at the times.

        What is visible goes linearly from one lit end to the other.
        """
        total = (direct[:-1] + direct[1:]) / 12.0
        start, end = slice(None, -1), slice(1, None)
        first, last = (np.where(lit[a], visible[a], visible[b]) for a, b in ((start, end), (end, start)))
        for k, weight in enumerate(SIMPSON):
            rows, share = slice(k, None, INSIDE), (k + 1) / (INSIDE + 1)
            flux = (between.solar * between.illumination[rows])[:, None]
            cosine = np.maximum(self._cosine(rows, between.sun[rows], some, inside=True), 0.0)
            total += weight * flux * cosine * ((1 - share) * first + share * last)
        return np.asarray(np.diff(self.env.times)[:, None] * total)

    def _cosine(self, rows: slice, sun: Floats, some: slice, inside: bool = False) -> Floats:
        """Cosine between some facets and the Sun at some times, or at some of those between them (n, s)."""
        still = self.still[some]
        facing = sun @ still.T
        first = self.body.assembly.facets[self.views.facets[some], 0]
        for joint in self.motion.joints:
            turn = joint.inside if inside else joint.rotation
            assert turn is not None
            mine = np.isin(first, joint.nodes)
            facing[:, mine] = np.einsum("nij,ni->nj", turn[rows], sun) @ still[mine].T
        return np.asarray(facing)

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
        from thermal.radiation.blocked_cache import blocked_from
        from thermal.radiation.planet_shading import blocked_albedo, blocked_infrared

        env = self.env
        phases, full = env.phases()[::2] if env.spin is not None else (env,), env.albedo * env.solar
        whole = [self._free()] if len(phases) == 1 else [replace(self, env=replace(phase, spin=None))._free() for phase in phases]
        albedo, infrared = np.mean(whole, axis=0)
        if self.open or env.earth_ir == env.albedo == 0:
            return albedo, infrared, 0.0
        groups = np.full(int((self.body.free > 0).sum()), -1, dtype=np.int64)
        share = self.motion.shares(env.times)
        hidden = np.zeros((2, *infrared.shape))
        worst, ratio = 0.0, env.distance / env.planet_radius
        for k, t in enumerate(self.motion.times):
            view, mine = self.scenes(self.motion.points(self.body.assembly, float(t)))
            groups[mine] = self.views.group
            rays = blocked_from(self.folder, view, groups, self.settings.planet_rays, self.settings.seed)
            rows = np.flatnonzero(share[k] > 0)
            for now, (reflected, emitted) in zip(phases, whole, strict=True):
                weight = share[k, rows, None] / len(phases)
                pole = None if now.pole is None or not any(env.zonal) else now.pole[rows]
                dark = blocked_infrared(rays, now.nadir[rows], ratio[rows], pole, env.zonal, emitted[rows] / max(env.earth_ir, 1e-300))
                hidden[1, rows] += weight * env.earth_ir * dark.part
                worst = max(worst, float(dark.error.max(initial=0.0)))
                if full > 0:
                    shade = blocked_albedo(rays, now.nadir[rows], now.sun[rows], ratio[rows], reflected[rows] / full)
                    hidden[0, rows] += weight * full * shade.part
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
            falls = mean_planet(self.env, partial(self._turned, normals, int(j)))
            place = np.full(len(unique), -1)
            place[some] = np.arange(len(some))
            mine = np.flatnonzero(unique[back.ravel(), 0] == j)
            albedo += falls[0][:, place[back.ravel()[mine]]] @ self.mean[mine]
            infrared += falls[1][:, place[back.ravel()[mine]]] @ self.mean[mine]
        return albedo, infrared

    def _turned(self, normals: Floats, joint: int, env: Environment) -> Floats:
        """Normals (f, 3) that a joint turns at the times of the environment or between them; as they are for none (-1)."""
        if joint < 0:
            return normals
        turn = self.motion.joints[joint].rotation if env is self.env else self.motion.joints[joint].inside
        assert turn is not None
        return np.einsum("nij,fj->nfi", turn, normals)


def _left(whole: Floats, hidden: Floats) -> Floats:
    """What arrives; exactly nothing where all of it is hidden."""
    left = whole - hidden
    return np.where(left > ROUND_OFF * whole, left, 0.0)
