"""Radiation between groups of facets as the march needs it: heat into vertices, linear in the emissive powers of the groups.

Every group has an outer surface that takes part in the exchange. It is the part's own surface, or the outer layer of a blanket: massless,
with optics and a temperature of its own, tied to the part by an effective emittance and a conductance. Outer layers are eliminated by
linear algebra, so that only temperatures of the body are unknown; a perfectly insulated face re-radiates all that reaches it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags_array

from thermal.basis import Basis, Interpolated, slope_at
from thermal.errors import SolveError
from thermal.heat import Alone, Category, Moment, Slope, cubes
from thermal.layout import Layout
from thermal.radiation.radiosity import absorbed_matrix, exchange

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Sparse = Any

MEAN_STEPS = 256  #: samples of the heat on outer layers over the period, for its mean
LOST = 1e12  #: condition from which on layers are taken to lose nothing to anything but one another
UNKNOWN = "insulated faces that see only one another have no temperature"
NEWTON = 50  #: iterations for the temperature of outer layers that conduct; they take three or four


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """Optics of each group's outer surface and its tie to the part, (g,) each."""

    absorptance: Floats  #: solar
    emittance: Floats  #: infrared, above 0
    effective: Floats  #: effective emittance between part and outer layer; not a number where the surface is the part's own
    conductance: Floats  #: beside it [W/m2K]; 0 where the surface is the part's own
    diffuse: Floats  #: part of sunlight that is reflected diffusely; what is neither absorbed nor that is reflected mirror-like
    #: groups whose sunlight goes into the part all the same, although an outer surface without ties to it takes part in the infrared
    sunned: NDArray[np.bool_] | None = None

    @property
    def blanketed(self) -> Ids:
        """Groups under a blanket."""
        return np.flatnonzero(np.isfinite(self.effective))

    @property
    def bare(self) -> NDArray[np.bool_]:
        """Groups whose part absorbs the sunlight itself, and not a layer over it."""
        own: NDArray[np.bool_] = ~np.isfinite(self.effective)
        return own if self.sunned is None else own | self.sunned

    @property
    def emission(self) -> Floats:
        """What leaves each square metre of the part per emissive power: emittance, or effective emittance under a blanket."""
        return np.where(np.isfinite(self.effective), self.effective, self.emittance)


@dataclass(frozen=True, slots=True, eq=False)
class Transfer:
    """One pose of the parts. Fluxes are per square metre of the receiving group."""

    returned: Floats  #: (g, g) absorbed by the part at i per emissive power of the part at j, after all reflections
    sky: Floats  #: (g,) the same per emissive power of the sky
    sunlight: Floats  #: (g, g) heat into the part at i per first incident sunlight on j
    infrared: Floats  #: (g, g) heat into the part at i per first incident infrared on j
    outer: Floats  #: (b, g) emissive power of each outer layer per emissive power of the part at j
    outer_sky: Floats  #: (b,)
    outer_heat: Floats  #: (b, b) per heat brought to outer layers [W]
    outer_sunlight: Floats  #: (b, g) heat absorbed by each outer layer [W] per first incident sunlight
    outer_infrared: Floats  #: (b, g)
    released: Floats  #: (g, b) heat into the part per heat brought to outer layers [1/m2]


def _inverse(S: Floats) -> Floats:
    """Of what outer layers lose by their own emissive powers; that of layers which lose nothing is round-off."""
    try:
        Z = np.linalg.inv(S)
    except np.linalg.LinAlgError as fault:
        raise ValueError(UNKNOWN) from fault
    if S.size and np.linalg.norm(S, 1) * np.linalg.norm(Z, 1) > LOST:
        raise ValueError(UNKNOWN)
    return Z


def transfer(F: Any, sky: Floats, areas: Floats, surfaces: Surfaces) -> Transfer:
    """Solve the radiosity of both bands and eliminate outer layers.

    Args:
        F: Reciprocal, closed factors between the groups, (g, g).
        sky: Factor to the sky, (g,).
        areas: m2, (g,), with which F is reciprocal.
        surfaces: Optics.

    Raises:
        ValueError: emittance outside its range, factors that are not closed, or radiation that can neither be absorbed nor leave.
    """
    found = exchange(F, sky, areas, surfaces.emittance)
    B = found.factors + np.diag(surfaces.emittance * areas - found.own)
    visible = absorbed_matrix(F, surfaces.absorptance)
    lit = surfaces.bare
    infrared = absorbed_matrix(F, surfaces.emittance)
    b = surfaces.blanketed
    bare = ~np.isfinite(surfaces.effective)
    through = np.where(bare, 0.0, np.nan_to_num(surfaces.effective))[b] * areas[b]
    S = np.diag(surfaces.emittance[b] * areas[b] + through) - B[np.ix_(b, b)]
    Z = _inverse(S)
    driven = B[b] * bare  # outer layers by the emissive powers of the parts
    driven[np.arange(len(b)), b] = through
    outer = Z @ driven
    release = np.where(bare[:, None], B[:, b], 0.0)
    release[b, np.arange(len(b))] = through
    released = release @ Z
    returned = np.where(np.outer(bare, bare), B, 0.0) + release @ outer
    skin_sky = np.where(bare, found.to_sky, 0.0) + released @ found.to_sky[b]
    return Transfer(
        returned=returned / areas[:, None],
        sky=skin_sky / areas,
        sunlight=lit[:, None] * visible + released @ (areas[b, None] * visible[b] * ~lit[b, None]) / areas[:, None],
        infrared=bare[:, None] * infrared + released @ (areas[b, None] * infrared[b]) / areas[:, None],
        outer=outer,
        outer_sky=Z @ found.to_sky[b],
        outer_heat=Z,
        outer_sunlight=areas[b, None] * visible[b] * ~lit[b, None],
        outer_infrared=areas[b, None] * infrared[b],
        released=released / areas[:, None],
    )


def blended(parts: Sequence[tuple[float, Transfer]]) -> Transfer:
    """Weighted sum of transfers; reciprocity and row sums are linear and stay."""
    return Transfer(**{f.name: sum(w * getattr(pose, f.name) for w, pose in parts) for f in fields(Transfer)})


def nothing(t: float) -> Floats:
    """No heat on any outer layer."""
    return np.zeros(0)


@dataclass(slots=True, eq=False)
class Enclosure(Alone):
    """Groups of facets that see one another and the sky; one heat path, what they gain from all they see less what they send out."""

    path: str
    weights: Sparse  #: (owned, g) vertex areas of the groups [m2]
    areas: Floats  #: (g,) their sums over all ranks [m2]
    surfaces: Surfaces
    poses: Sequence[Transfer]  #: of the parts, at `times`
    times: Floats  #: (poses,) s; the orbit returns to the first pose after `period`
    period: float  #: s
    sink: float  #: temperature of the sky [K]
    absorbed: Callable[[float], Floats] = nothing  #: time -> heat absorbed by outer layers from outside [W], (b,); for those that conduct
    #: from when to when the parts stand still, and the time whose pose they then have [s]
    stopped: tuple[float, float, float] | None = None
    category: ClassVar[Category] = Category.OUTSIDE
    emission: Floats = field(init=False)  #: (owned,) emission of the parts' vertices per emissive power [m2]
    escape: Floats = field(init=False)  #: (owned,) the part of `emission` that comes back to no part, mean over the period [m2]
    conduction: Floats = field(init=False)  #: (owned,) conductance of blankets over the vertices [W/K]
    _conducts: Ids = field(init=False)
    _layer_slopes: Floats | None = field(init=False, default=None)  #: 4 sigma T^3 of the layers that conduct, as last found
    _means: Sparse = field(init=False)  #: (g, owned) means over the groups
    _gained: list[Floats] = field(init=False)  #: (owned,) by pose: heat of all parts from one another per fourth power of the rows [m2]
    _local: Floats = field(init=False)  #: (g,) areas of this rank [m2]

    def __post_init__(self) -> None:
        self.emission = np.asarray(self.weights @ self.surfaces.emission)
        self.conduction = np.asarray(self.weights @ self.surfaces.conductance)
        back = sum(w * (self.areas @ pose.returned) for w, pose in self.over_period()) / self.areas
        self.escape = np.asarray(self.weights @ np.maximum(self.surfaces.emission - back, 0.0))
        self._means = (self.weights @ diags_array(1 / self.areas)).T.tocsr()
        self._gained = [np.asarray(self._means.T @ (self.areas @ pose.returned)) for pose in self.poses]
        self._local = np.asarray(self.weights.sum(axis=0)).ravel()
        self._conducts = np.flatnonzero(self.surfaces.conductance[self.surfaces.blanketed] > 0)

    @property
    def conducting(self) -> bool:
        """Whether blankets conduct, so that `slope` is that of the state that the last load was asked at."""
        return len(self._conducts) > 0

    def mean(self, layout: Layout, values: Floats) -> Floats:
        """Area mean of vertex values over each group, (g,)."""
        return np.asarray(layout.sum(self._means @ values))

    def at(self, t: float) -> list[tuple[float, Transfer]]:
        """Transfers to be blended at a time, with their weights."""
        if len(self.poses) == 1:
            return [(1.0, self.poses[0])]
        if self.stopped is not None and self.stopped[0] <= t < self.stopped[1]:
            t = self.stopped[2]
        now = t if 0 <= t <= self.period else t % self.period
        k = int(np.searchsorted(self.times, now, side="right")) - 1
        after = self.times[k + 1] if k + 1 < len(self.times) else self.period
        share = (now - self.times[k]) / (after - self.times[k])
        return [(1 - share, self.poses[k]), (share, self.poses[(k + 1) % len(self.poses)])]

    def over_period(self) -> list[tuple[float, Transfer]]:
        """Transfers with their weights in the mean over the period."""
        steps = np.diff(np.append(self.times, self.times[0] + self.period))
        return list(zip((steps + np.roll(steps, 1)) / (2 * steps.sum()), self.poses, strict=True))

    @property
    def line(self) -> str:
        """All emission is one line."""
        return "radiated"

    def at_mean(self, times: Floats) -> "Enclosure":
        """The same with everything held at its mean over its own period."""
        steps = (np.arange(MEAN_STEPS) + 0.5) * self.period / MEAN_STEPS
        given = np.mean([self.absorbed(float(t)) for t in steps], axis=0)
        return replace(self, poses=(blended(self.over_period()),), times=np.zeros(1), absorbed=lambda t: given)

    def reduced(self, basis: Basis, sigma: float) -> Interpolated | None:
        """By the samples of a basis; not where blankets conduct, whose outer layers answer to more than fourth powers."""
        if len(self._conducts):
            return None
        means, onto = self._means @ basis.fourth, basis.project(self.weights)
        lost = basis.emitted(self.emission)
        by_pose = [sigma * (onto @ (pose.returned @ means) - lost) for pose in self.poses]
        given = [sigma * self.sink**4 * (onto @ pose.sky) for pose in self.poses]
        over = [w for w, _ in self.over_period()]
        matrix = slope_at(basis, np.asarray(sum(w * one for w, one in zip(over, by_pose, strict=True))))
        return Interpolated(self.path, self.category, basis.sampled(), by_pose, given, self._poses_at, over, matrix)

    def _poses_at(self, t: float) -> list[tuple[float, int]]:
        """`at`, by places among the poses."""
        places = {id(pose): k for k, pose in enumerate(self.poses)}
        return [(w, places[id(pose)]) for w, pose in self.at(t)]

    def powers(self, now: Moment) -> Floats:
        """Emissive powers of the groups from which the transfer matrices make what is exchanged [W/m2], (g,). Collective."""
        return now.sigma * self.mean(now.layout, now.fourth)

    def factors(self, now: Moment, pose: Transfer) -> Floats:
        """Absorbed by the part at i per emissive power of a black body as warm as the part at j, (g, g). Collective."""
        return pose.returned

    def sends(self, now: Moment) -> tuple[Floats, Floats]:
        """What leaves per emissive power of a black body: from owned rows [m2], and from a square metre of the groups (g,). Collective."""
        return self.emission, self.surfaces.emission

    def arriving_worth(self, now: Moment, heat: Floats) -> Floats:
        """What a watt per square metre that arrives on each group is worth (..., g), by weights of the rows (..., owned)."""
        return np.asarray(heat @ self.weights)

    def load(self, now: Moment) -> Floats:
        """Heat into each owned row [W]. Collective."""
        emissive = self.powers(now)
        inner = self.mean(now.layout, now.T) if len(self._conducts) else np.zeros(len(self.areas))
        arriving = self.arriving(now.sigma, now.t, emissive, inner)
        return np.asarray(self.weights @ arriving - now.sigma * self.emission * now.fourth)

    def arriving(self, sigma: float, t: float, emissive: Floats, inner: Floats) -> Floats:
        """Heat into the parts by what reaches them, before what they send out themselves [W/m2], (g,).

        Args:
            sigma: Stefan-Boltzmann constant [W/m2K4].
            t: Time [s].
            emissive: Mean emissive power of the part under each group [W/m2], (g,).
            inner: Its mean temperature [K], (g,); for blankets that conduct.
        """
        arriving = sum(w * (pose.returned @ emissive + pose.sky * sigma * self.sink**4) for w, pose in self.at(t))
        if len(self._conducts):
            arriving = arriving + self._leaked(self._leak(sigma, t, inner, emissive), self.at(t))
        return np.asarray(arriving)

    def loads(self, sigma: float, times: Floats, fourth: Floats) -> Floats:
        """The same of many moments (k, owned), without what blankets conduct."""
        emissive = np.asarray(self._means @ np.ascontiguousarray(fourth.T))
        arriving = np.empty_like(emissive)
        for k, t in enumerate(times.tolist()):
            arriving[:, k] = sum(w * (pose.returned @ emissive[:, k] + pose.sky * self.sink**4) for w, pose in self.at(t))
        return np.asarray(sigma * ((self.weights @ arriving).T - self.emission * fourth))

    def heat(self, now: Moment) -> float:
        """Sum of `load` [W]; on this rank it may differ from that of the rows, over all ranks it is the same. Collective."""
        if len(self._conducts):
            return float(self.load(now).sum())
        space = now.sigma * self.sink**4
        gained = sum(w * (now.sigma * (row @ now.fourth) + space * (self._local @ pose.sky)) for w, pose, row in self._at(now.t))
        return float(gained - now.sigma * (self.emission @ now.fourth))

    def slope(self) -> Slope:
        """By the emissive powers, and by the conductance of blankets."""
        return Slope(
            cubes, self.emission, self.escape, self.conduction, returned=self._returned, returned_transposed=self._returned_transposed
        )

    def _returned(self, layout: Layout, cubes: Floats, change: Floats, t: float | None) -> Floats:
        return self.change(layout, cubes, change, self.over_period() if t is None else self.at(t))

    def _returned_transposed(self, layout: Layout, cubes: Floats, heat: Floats, t: float | None) -> Floats:
        """Transpose of `change`, of one weight of the rows or several (..., owned); blankets that conduct are as there."""
        blend = self.over_period() if t is None else self.at(t)
        onto = layout.sum(heat @ self.weights)
        emissive = sum(w * (onto @ pose.returned) for w, pose in blend)
        if self._layer_slopes is None:
            return np.asarray(cubes * (emissive @ self._means))
        c, groups = self._conducts, self.surfaces.blanketed[self._conducts]
        G = self.surfaces.conductance[groups] * self.areas[groups]
        response = np.asarray(sum(w * pose.outer_heat[np.ix_(c, c)] for w, pose in blend))
        leak = sum(w * (onto @ pose.released[:, c]) for w, pose in blend) - onto[..., groups] / self.areas[groups]
        outer = np.linalg.solve((np.diag(self._layer_slopes) + response * G).T, (-G * leak).T).T
        emissive = emissive + sum(w * (outer @ pose.outer[c]) for w, pose in blend)
        inner = np.zeros_like(onto)
        inner[..., groups] = G * leak + G * (outer @ response)
        return np.asarray(cubes * (emissive @ self._means) + inner @ self._means + self.conduction * heat)

    def _at(self, t: float) -> list[tuple[float, Transfer, Floats]]:
        """`at`, with the row of heat gained by all parts."""
        known = {id(pose): row for pose, row in zip(self.poses, self._gained, strict=True)}
        return [(w, pose, known[id(pose)]) for w, pose in self.at(t)]

    def change(self, layout: Layout, cubes: Floats, change: Floats, blend: Sequence[tuple[float, Transfer]]) -> Floats:
        """Derivative of what arrives from other groups, times a change of the rows [W]; `cubes` are 4 sigma |T|^3 [W/m2K].

        Blankets that conduct are taken at the temperatures of their outer layers that the last load found.
        """
        emissive = self.mean(layout, cubes * change)
        arriving = sum(w * (pose.returned @ emissive) for w, pose in blend)
        if self._layer_slopes is None:
            return np.asarray(self.weights @ arriving)
        arriving = arriving + self._conducted_change(layout, change, emissive, blend, self._layer_slopes)
        return np.asarray(self.weights @ arriving + self.conduction * change)

    def outer_temperature(self, layout: Layout, sigma: float, t: float, T: Floats) -> Floats:
        """Temperature of the outer layer of each blanketed group [K], (b,)."""
        emissive = sigma * self.mean(layout, np.abs(T) * T**3)
        still = self._outer(sigma, t, emissive)
        if len(self._conducts):
            still = still + self._outer_heat(t)[:, self._conducts] @ self._leak(sigma, t, self.mean(layout, T), emissive)
        return np.asarray((np.maximum(still, 0.0) / sigma) ** 0.25)

    def _outer(self, sigma: float, t: float, emissive: Floats) -> Floats:
        """Emissive power of outer layers that do not conduct, (b,)."""
        given = self.absorbed(t)
        space = sigma * self.sink**4
        return np.asarray(
            sum(
                w * (pose.outer @ emissive + pose.outer_sky * space + (pose.outer_heat @ given if len(given) else 0.0))
                for w, pose in self.at(t)
            )
        )

    def _outer_heat(self, t: float) -> Floats:
        return np.asarray(sum(w * pose.outer_heat for w, pose in self.at(t)))

    def _leak(self, sigma: float, t: float, mean: Floats, emissive: Floats) -> Floats:
        """Heat conducted from part to outer layer [W] of the blankets that conduct; Newton's method on the layers' temperatures."""
        c = self._conducts
        groups = self.surfaces.blanketed[c]
        G = self.surfaces.conductance[groups] * self.areas[groups]
        inner = mean[groups]
        still, response = self._outer(sigma, t, emissive)[c], self._outer_heat(t)[np.ix_(c, c)]
        outer = np.maximum(inner, 1.0)
        for _ in range(NEWTON):
            rest = sigma * outer**4 - still - response @ (G * (inner - outer))
            step = np.linalg.solve(np.diag(4 * sigma * outer**3) + response * G, rest)
            outer = np.maximum(outer - step, 0.1 * outer)
            if np.abs(step).max() < 1e-11 * np.abs(outer).max():
                self._layer_slopes = 4 * sigma * outer**3
                return np.asarray(G * (inner - outer))
        raise SolveError("the temperature of a blanket's outer layer was not found; try a smaller solver.max_step_s")

    def _conducted_change(
        self, layout: Layout, change: Floats, emissive: Floats, blend: Sequence[tuple[float, Transfer]], slopes: Floats
    ) -> Floats:
        """Derivative of what blankets that conduct bring, times a change of rows and of emissive powers of groups [W/m2], (g,)."""
        c = self._conducts
        groups = self.surfaces.blanketed[c]
        G = self.surfaces.conductance[groups] * self.areas[groups]
        inner = self.mean(layout, change)[groups]
        response = np.asarray(sum(w * pose.outer_heat[np.ix_(c, c)] for w, pose in blend))
        arriving = np.asarray(sum(w * (pose.outer[c] @ emissive) for w, pose in blend))
        outer = np.linalg.solve(np.diag(slopes) + response * G, arriving + response @ (G * inner))
        return self._leaked(G * (inner - outer), blend)

    def _leaked(self, leak: Floats, blend: Sequence[tuple[float, Transfer]]) -> Floats:
        """Heat into the parts [W/m2], (g,), where `leak` [W] is conducted to the outer layers."""
        gained = sum(w * (pose.released[:, self._conducts] @ leak) for w, pose in blend)
        groups = self.surfaces.blanketed[self._conducts]
        lost = np.zeros(len(self.areas))
        lost[groups] = leak / self.areas[groups]
        return np.asarray(gained - lost)
