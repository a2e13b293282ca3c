"""Radiation among the parts of a case: views, what falls on them, optics, and from these the enclosure and sources of the thermal model."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.articulation import Motion, motion
from heliorack.model.body import Body
from heliorack.model.incident_flux import Incidence, IncidenceCache, incidence
from heliorack.model.open_faces import face_coatings
from heliorack.model.optics import assumptions, optics_of, own_sinks
from heliorack.model.surroundings import Lapse, sink
from heliorack.runtime.cache import cache_folder
from heliorack.runtime.parallel import on_first
from meshes.errors import GeometryError
from meshes.measure import area_vectors
from orbit.environment import Environment
from thermal.errors import RadiationError
from thermal.heat import Moment
from thermal.properties.ageing import equivalent_sun
from thermal.radiation.enclosure import Enclosure, Surfaces, Transfer, blended, transfer
from thermal.radiation.settings import Radiation
from thermal.radiation.uncertainty import temperature_error
from thermal.radiation.view_factors import Surface, Views, trace
from thermal.signal import Course, Interrupted, Signal
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.response import Response
from thermal.solve.ways import Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Say = Callable[[str, float], None]


@dataclass(slots=True, eq=False)
class Radiating:
    """Facets that see other facets, or lie under a blanket; all others are of `exposure`."""

    body: Body
    views: Views
    motion: Motion
    surfaces: Surfaces
    falls: Incidence | None
    poses: tuple[Transfer, ...]
    spread: Any  #: (owned, s) vertex areas of the facets, all copies [m2]
    weights: Any  #: (owned, g) of the groups
    sink: float  #: K
    said: tuple[str, ...] = ()  #: what is taken for granted
    temperature_error: float = 0.0  #: what the rays' errors do to the mean temperature of a part [K]
    lapse: "tuple[Lapse, Radiating] | None" = None  #: while the body does not point as the case has it: the same in that light
    _signals: dict[str, Signal] = field(default_factory=dict)

    def with_surfaces(self, surfaces: Surfaces) -> "Radiating":
        """The same with other optics, and the same light at first incidence: no factor, shadow or mirror is traced again."""
        poses = tuple(transfer(F, sky, self.views.areas, surfaces) for F, sky in _factors(self.views))
        lapse = None if self.lapse is None else (self.lapse[0], self.lapse[1].with_surfaces(surfaces))
        return replace(self, surfaces=surfaces, poses=poses, lapse=lapse, _signals={})

    def standing(self, t: float) -> "Radiating":
        """The same at the pose of one time of the revolution [s], blended of its neighbours as the march has it."""
        if len(self.poses) == 1:
            return self
        shares = self.motion.shares(np.array([t]))[:, 0]
        closed = [kept.closed for kept in self.views.factors]
        G, sky = (sum(w * getattr(one, key) for w, one in zip(shares, closed, strict=True)) for key in ("G", "sky"))
        factors = (replace(self.views.factors[0], closed=replace(closed[0], G=G, sky=sky)),)
        pose = blended(list(zip(shares.tolist(), self.poses, strict=True)))
        return replace(self, views=replace(self.views, factors=factors), poses=(pose,), _signals={})

    @property
    def facets(self) -> NDArray[np.bool_]:
        """Facets of the assembly that are dealt with here, (f,)."""
        found = np.zeros(len(self.body.assembly.facets), dtype=bool)
        found[self.views.facets] = True
        return found

    def enclosure(self) -> Enclosure | None:
        """Exchange for the thermal model; None where nothing sees anything."""
        if not self.views.count:
            return None
        areas = np.asarray(self.body.layout.sum(np.asarray(self.weights.sum(axis=0)).ravel()))
        absorbed = self._over_lapse(self._on_outer_layers(), None if self.lapse is None else self.lapse[1]._on_outer_layers())
        extra: dict[str, Any] = {} if absorbed is None else {"absorbed": absorbed}
        times = self.motion.times[: len(self.poses)]
        if self.lapse is not None and len(self.poses) > 1:
            extra["stopped"] = (self.lapse[0].begin, self.lapse[0].end, self.lapse[0].moment)
        return Enclosure("space", self.weights, areas, self.surfaces, self.poses, times, self.motion.period, self.sink, **extra)

    def sources(self) -> list[Source]:
        """Absorbed sunlight, albedo and Earth infrared, all reflections included."""
        usual = self._usual_sources()
        if self.lapse is None:
            return usual
        found = []
        for mine, other in zip(usual, self.lapse[1]._usual_sources(), strict=True):
            course = self._over_lapse(mine.signal(), other.signal())
            assert course is not None
            found.append(replace(mine, rate=course, total=course.total))
        return found

    def _over_lapse(self, usual: Signal | None, other: Signal | None) -> Course | None:
        """What is usual but for a lapse in pointing."""
        if self.lapse is None or usual is None or other is None:
            return usual
        return Interrupted(usual, other, self.lapse[0].begin, self.lapse[0].end)

    def _usual_sources(self) -> list[Source]:
        """`sources` in the light of its own attitude alone."""
        if self.falls is None or not self.views.count:
            return []
        alpha = np.where(self.surfaces.bare, self.surfaces.absorptance, 0.0)[self.views.group]
        lit = np.flatnonzero(alpha > 0)
        from scipy.sparse import csr_matrix, diags

        direct = Signal(self.falls.times, self.falls.arriving()[:, lit]).lean()
        falling = {"sun": "sun", "albedo": "albedo", "earth_infrared": "infrared"}
        onto = [("sun", csr_matrix(self.spread[:, lit] @ diags(alpha[lit])), direct)]
        onto += [(path, self.weights, self._signal(name)) for path, name in falling.items()]
        return [Source(path, spread, signal, signal.total) for path, spread, signal in onto]

    def absorbed(self, path: str) -> Floats:
        """Orbit mean of what the parts absorb of "sun", "albedo" or "infrared" on each facet (s,) [W/m2], before exchange."""
        if self.falls is None:
            return np.zeros(len(self.views.facets))
        found: Floats = self._signal(path).mean()[self.views.group]
        if path == "sun":
            alpha = np.where(self.surfaces.bare, self.surfaces.absorptance, 0.0)[self.views.group]
            found += alpha * np.trapezoid(self.falls.arriving(), self.falls.times, axis=0) / self.falls.times[-1]
        return found

    def direct_on(self, faces: Ids) -> tuple[Floats, float]:
        """Power of direct sunlight on the facets of some faces (n,) [W], shadows included, one copy of each part; and their area [m2]."""
        mine = np.isin(self.views.face[self.views.group], faces)
        if self.falls is None or not mine.any():
            return np.zeros(1), 0.0
        area = self.facet_areas()[mine]
        return np.asarray(self.falls.direct[:, mine] @ area), float(area.sum())

    def shades(self, face: int) -> bool:
        """Whether anything may stand between a face of the assembly and the Sun."""
        return self.falls is not None and bool(np.any(self.views.face[self.views.group] == face))

    def facet_areas(self) -> Floats:
        """Free area of each facet, one copy [m2]."""
        a = self.body.assembly
        vectors = area_vectors(a.points, a.facets[self.views.facets])
        return np.asarray(np.linalg.norm(vectors, axis=1) * self.body.free[self.views.facets])

    def _signal(self, path: str) -> Signal:
        """Heat into the parts by group (n, g) [W/m2]; for the Sun without what bare facets absorb at first incidence."""
        if path not in self._signals:
            assert self.falls is not None
            given = {"sun": self.falls.sunlight, "albedo": self.falls.albedo, "infrared": self.falls.infrared}[path]
            total = np.zeros_like(given)
            for k, share in enumerate(self._shares(self.falls.times)):
                total += share[:, None] * self._into_parts(path, given, k)
            self._signals[path] = Signal(self.falls.times, total)
        return self._signals[path]

    def _into_parts(self, path: str, given: Floats, k: int) -> Floats:
        pose = self.poses[k]
        if path == "infrared":
            return np.asarray(given @ pose.infrared.T)
        if path == "albedo":
            return np.asarray(given @ pose.sunlight.T)
        b = self.surfaces.blanketed
        outer = given[:, b] * self._outer_absorptance()
        return np.asarray(self._reflected(given, k) @ pose.sunlight.T + outer @ pose.released.T)

    def _outer_absorptance(self) -> Floats:
        """Solar absorptance times area of the outer layers that keep from the part what they absorb (b,) [m2]."""
        s, b = self.surfaces, self.surfaces.blanketed
        return np.asarray(np.where(s.bare, 0.0, s.absorptance * self.views.areas)[b])

    def _reflected(self, given: Floats, k: int) -> Floats:
        """First diffuse reflection of sunlight as it arrives on the groups (n, g)."""
        if not self.views.factors:
            return np.zeros_like(given)
        return np.asarray((given * self.surfaces.diffuse) @ self.views.factors[k].closed.F.T)

    def _shares(self, times: Floats) -> Floats:
        """Weight of each pose at some times (poses, n); a single one stands for all where nothing exchanges."""
        return np.ones((1, len(times))) if len(self.poses) == 1 else self.motion.shares(times)

    def _on_outer_layers(self) -> Signal | None:
        """Heat from outside on the outer layers (b,) [W]; None where nothing falls on any."""
        b = self.surfaces.blanketed
        if self.falls is None or not len(b):
            return None
        falls = self.falls
        total = np.zeros((len(falls.times), len(b)))
        for k, share in enumerate(self._shares(falls.times)):
            pose = self.poses[k]
            sun = falls.sunlight[:, b] * self._outer_absorptance()
            sun = sun + (self._reflected(falls.sunlight, k) + falls.albedo) @ pose.outer_sunlight.T
            total += share[:, None] * (sun + falls.infrared @ pose.outer_infrared.T)
        return Signal(falls.times, total)

    def pairs(self) -> list[tuple[int, int]]:
        """Parts that exchange heat by radiation."""
        part = self.body.assembly.face_part[self.views.face]
        found: set[tuple[int, int]] = set()
        for pose in self.poses:
            i, j = np.nonzero(pose.returned)
            found |= set(zip(part[i].tolist(), part[j].tolist(), strict=True))
        conducts = self.surfaces.conductance > 0
        return sorted(found | {(int(p), int(p)) for p in part[conducts]})

    def to_sky(self) -> Floats:
        """What owned rows send to the sky per emissive power [m2], by any way."""
        if not self.poses:
            return np.zeros(self.body.layout.owned)
        reach = np.max([pose.sky for pose in self.poses], axis=0) + self.surfaces.conductance
        return np.asarray(self.weights @ reach)

    def judge(self, model: Model, T: Floats, shift: float = 0.0) -> None:
        """Find what the standard errors of the factors do to the mean temperatures of parts; collective.

        Args:
            model: Of the solve at its mean over the period, with the enclosure of this radiation.
            T: Temperatures at which the response is linear (owned rows) [K].
            shift: Reciprocal of the time over which the state develops [1/s]; 0 for a steady or periodic one.

        Raises:
            SolveError: a linear solve failed.
        """
        if not self.views.factors:
            return
        enclosure = next(way for way in model.ways if isinstance(way, Enclosure))
        mesh = model.of_mesh(T)
        emissive = model.sigma * (enclosure.mean(model.layout, np.abs(mesh) * mesh**3) - self.sink**4)
        volume = np.asarray(model.layout.sum(np.asarray(self.body.volumes.sum(axis=0)).ravel()))
        with ShiftedSolver(model) as solver:
            response = Response(model, solver, T, shift)

            def respond(flux: Floats) -> Floats:
                moved = response.to(self.weights @ flux, self.weights @ np.abs(flux))
                return np.asarray(model.layout.sum(self.body.volumes.T @ moved)) / volume

            closed = self.views.factors[0].closed
            _, emission = enclosure.sends(Moment(model.layout, model.sigma, 0.0, mesh))
            self.temperature_error = temperature_error(closed.error, emission, emissive, self.views.areas, respond)

    def words(self) -> str:
        """What was traced and what was reused, for the progress."""
        if not self.views.factors:
            return "no face sees another"
        kept = "reused from the cache" if self.views.reused == len(self.views.factors) else "traced"
        said = f"view factors of {self.views.count} groups {kept}"
        if self.falls is not None and self.falls.sought:
            said += f"; {self.falls.reused} of {self.falls.sought} directions of the Sun reused"
        return said


def radiating(case: Case, body: Body, env: Environment | None, say: Say, known: IncidenceCache | None = None) -> Radiating:
    """Trace the radiation of a case and give it its optics; collective: the first rank traces, all get the same arrays.

    Args:
        known: Incidence of earlier cases.

    Raises:
        GeometryError: what `thermal.radiation.view_factors.trace` refuses.
    """
    from scipy.sparse import csr_array, diags

    from thermal.conduction import operators

    comm = body.layout.comm
    moves = motion(body.assembly, case.tracking, env, case.radiation.positions)
    names, sinks = face_coatings(body), own_sinks(case, body)
    under = np.array([name in case.blankets for name in names])
    folder = shadow_folder()
    traced = on_first(comm, lambda: _traced(outside(body, moves), case.radiation, under[body.assembly.facet_face], say, folder))
    new = replace(case, life="bol")
    views = _with_temperature(traced, optics_of(new, [names[i] for i in traced.face], sinks=sinks[traced.face])[0])
    groups = [names[i] for i in views.face]
    surfaces, said = optics_of(new, groups, sinks=sinks[views.face])
    falls = None
    if env is not None and views.count:
        mirror = (1 - surfaces.absorptance) - surfaces.diffuse
        optics, kept = (mirror, surfaces.absorptance), known or IncidenceCache()
        falls = on_first(comm, lambda: incidence(body, views, moves, env, *optics, case.radiation, say, folder, kept))
        years = case.years_in_orbit
        sun = None if years is None else equivalent_sun(falls.times, falls.sunlight, years)
        surfaces, said = optics_of(case, groups, sun, sinks[views.face])
    elif views.count:
        surfaces, said = optics_of(case, groups, sinks=sinks[views.face])
    spread = operators.face_weights(
        body.layout,
        body.assembly.points,
        body.assembly.facets[views.facets],
        np.arange(len(views.facets)),
        len(views.facets),
        body.free[views.facets],
    )
    count = body.count[body.assembly.face_part[views.face]]
    spread = (spread @ diags(count[views.group])).tocsr() if views.count else spread
    member = csr_array((np.ones(len(views.group)), (np.arange(len(views.group)), views.group)), shape=(len(views.group), views.count))
    try:
        poses = tuple(transfer(F, sky, views.areas, surfaces) for F, sky in _factors(views))
    except ValueError as fault:
        raise GeometryError(f"radiation: {fault}") from fault
    taken = (*assumptions(case, body, views, surfaces), *said)
    found = Radiating(body, views, moves, surfaces, falls, poses, spread, (spread @ member).tocsr(), sink(case, env), taken)
    say(found.words(), 1.0)
    return found


def with_lapse(usual: Radiating, case: Case, away: Lapse | None, say: Say, known: IncidenceCache | None = None) -> Radiating:
    """The same facets, which for a while are lit as in another attitude; collective. What turns against the body stands still meanwhile."""
    if away is None or usual.falls is None:
        return usual
    body, views = usual.body, usual.views
    moves = motion(body.assembly, away.tracking, away.env, 1)
    names, sinks = face_coatings(body), own_sinks(case, body)
    new = optics_of(replace(case, life="bol"), [names[i] for i in views.face], sinks=sinks[views.face])[0]
    optics, kept = ((1 - new.absorptance) - new.diffuse, new.absorptance), known or IncidenceCache()
    folder, env = shadow_folder(), away.env
    falls = on_first(body.layout.comm, lambda: incidence(body, views, moves, env, *optics, case.radiation, say, folder, kept))
    still = usual.standing(away.moment)
    return replace(usual, lapse=(away, replace(still, motion=moves, falls=falls, _signals={})))


def outside(body: Body, moves: Motion) -> Surface:
    """The surface of a body whose parts turn, as the tracing of view factors takes it."""
    a = body.assembly
    return Surface(
        facets=a.facets,
        face=a.facet_face,
        free=body.free,
        part=a.face_part,
        face_names=a.face_names,
        part_names=a.part_names,
        count=body.count,
        points_at=lambda t: moves.points(a, t),
        times=moves.times,
        period=moves.period,
    )


def _traced(surface: Surface, settings: Radiation, always: NDArray[np.bool_], say: Say, folder: Path | None) -> Views:
    """What the surface sees of itself.

    Raises:
        GeometryError: in the words of `RadiationError`: it is the geometry that is at fault.
    """
    try:
        return trace(surface, settings, always, say, folder)
    except RadiationError as fault:
        raise GeometryError(str(fault)) from fault


def shadow_folder() -> Path | None:
    """Where factors and shadows are kept; none for a user without a home."""
    try:
        return cache_folder() / "radiation"
    except RuntimeError:
        return None


def _factors(views: Views) -> list[tuple[Any, Floats]]:
    """Factors and sky of each pose; the sky alone where nothing was traced."""
    from scipy.sparse import csr_array

    if views.factors:
        return [(kept.closed.F, kept.closed.sky) for kept in views.factors]
    return [(csr_array((views.count, views.count)), np.ones(views.count))]


def _with_temperature(views: Views, surfaces: Surfaces) -> Views:
    """Views without the cavities in which nothing but perfect insulation sees itself: they exchange nothing and have no temperature."""
    from scipy.sparse.csgraph import connected_components

    if not views.factors:
        return views
    ties: Any = sum(abs(kept.closed.G) for kept in views.factors[1:])
    _, label = connected_components(abs(views.factors[0].closed.G) + ties, directed=False)
    opens = np.max([kept.closed.sky for kept in views.factors], axis=0) > 0
    lives = opens | (surfaces.emission > 0) | (surfaces.conductance > 0)
    alive = np.bincount(label, weights=lives, minlength=int(label.max(initial=-1)) + 1) > 0
    return views if alive.all() else views.subset(alive[label])
