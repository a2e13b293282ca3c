"""What the mesh does to the extremes of every part, estimated after a run (docs/theory.md, error of the mesh)."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heliorack.model.body import Body
from heliorack.model.materials import over_temperature

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from heliorack.case.case import Case
    from thermal.conduction.enrichment import Enrichment
    from thermal.solve.model import Model
    from thermal.solve.quadratic.mesh_error import Found, Pair, Pairs, Shifts
    from thermal.solve.solution import Solution

Floats = NDArray[np.float64]

SAFETY = 1.25  #: over what quadratic elements on the same mesh would change; where flux has no bound they too fall short
MOST_MOMENTS = 4  #: of a march that are looked at
#: Ages between which what was left over acts on a moment, of the time before it; the moment itself stands for the youngest.
MEMORY = (1.0, 1 / 8, 1 / 64, 0.0)
SAMPLES = (3, 2, 1)  #: frames looked at in each
AROUND = 6  #: of a period, for its mean
BEFORE = 1e-6  #: of the run, by which loads are taken before a moment: after a jump the temperatures do not know it yet


@dataclass(frozen=True, slots=True, eq=False)
class MeshError:
    """Estimated error of each part's extremes by the mesh: a finer one would bring them to about where they are plus this [K]."""

    high: Floats  #: (p,) of the maximum, signed
    low: Floats  #: (p,) of the minimum, signed
    moments: Floats  #: s, that were looked at
    wall_time: float  #: s


def mesh_error(case: Case, body: Body, model: Model, solution: Solution, times: Floats) -> MeshError | None:
    """Estimate at up to `MOST_MOMENTS` moments at which most parts have their extremes. Collective.

    Args:
        model: As it was marched.
        times: Of the tables of its sources, for their means [s].

    Returns:
        The estimate; None of a run that was given up, or where its linear solve fails, which is no reason to lose the run.
    """
    from thermal.errors import SolveError

    try:
        return _estimate(case, body, model, solution, times)
    except SolveError:
        return None


def _estimate(case: Case, body: Body, model: Model, solution: Solution, times: Floats) -> MeshError | None:
    from thermal.solve.linear import ShiftedSolver
    from thermal.solve.quadratic.mesh_error import Shifts

    began = perf_counter()
    history = solution.history
    if solution.runaway is not None or not len(history.fields):
        return None
    still = case.run.kind == "steady"
    model = model.at_mean(times) if still else model
    nodes = [np.unique(body.assembly.cells[body.assembly.cell_part == i]) for i in range(len(body.assembly.part_names))]
    hottest = np.array([[T[mine].max() for mine in nodes] for T in history.fields])
    coldest = np.array([[T[mine].min() for mine in nodes] for T in history.fields])
    chosen = _moments(hottest, coldest)
    mean = body.layout.scatter(history.fields.mean(axis=0))
    at = float(history.frames[chosen[0]])
    model.renew(at, mean, always=True)
    derivatives = model.derivatives(at, mean)
    slope = model.slope(derivatives)
    loads = _Loads(case, body, model, still, history.fields.mean(axis=0))
    losses = loads.by_area(body.layout.gather(slope + model.fixed_conductance())).mean(axis=1)
    enriched = enrichment(body, model, losses, loads.capacity, loads.conductivity)
    with ShiftedSolver(model, case.solver.linear) as solver:
        solver.refresh(slope, derivatives)
        solver.gains = model.network_slopes(at, mean)
        past = _Past(history.frames, history.fields, case.run.kind, loads, Shifts(solver, enriched))
        shifts, missed = past.shifted(chosen)
        moved = [enriched.at_corners_and_middles(history.fields[frame], *of) for frame, *of in zip(chosen, *shifts, strict=True)]
        open_of_all = [enriched.at_corners_and_middles(0.0 * nodes, nodes, edges) for nodes, edges in zip(*missed, strict=True)]
    away = np.max(open_of_all, axis=0)
    spots = [enriched.spots(mine) for mine in (body.assembly.cell_part == i for i in range(len(nodes)))]
    high = [moved[hottest[chosen, i].argmax()][mine].max() - hottest[chosen, i].max() for i, mine in enumerate(spots)]
    low = [moved[coldest[chosen, i].argmin()][mine].min() - coldest[chosen, i].min() for i, mine in enumerate(spots)]
    if case.run.kind == "transient":  # no mesh has a part in how it starts
        high = [0.0 if hottest[:, i].argmax() == 0 else value for i, value in enumerate(high)]
        low = [0.0 if coldest[:, i].argmin() == 0 else value for i, value in enumerate(low)]
    highest, lowest = hottest[chosen].max(axis=0), coldest[chosen].min(axis=0)
    open_ = np.array([away[mine].max() for mine in spots])
    up, down = (SAFETY * np.array(change) + np.sign(change) * open_ for change in (high, low))
    up, down = np.maximum(up, -highest), np.maximum(down, -lowest)  # nothing is below 0 K
    return MeshError(up, down, history.frames[chosen], perf_counter() - began)


@dataclass(slots=True, eq=False)
class _Past:
    """What the frames of a run left over, and the shift of temperatures to which that has added up at one of them."""

    frames: Floats  #: s
    fields: Floats  #: (f, n) K
    kind: str  #: of the run
    loads: _Loads
    shifts: Shifts
    known: dict[int, Pair] = field(default_factory=dict)

    def left(self, frame: int) -> Pair:
        """What one frame left over."""
        if frame not in self.known:
            T, t = self.fields[frame], _before(self.frames, frame)
            self.known[frame] = self.shifts.left(T, *self.loads.at(self.shifts.enriched, t, T))
        return self.known[frame]

    def mean(self, begin: float, end: float, most: int) -> Pair:
        """What the frames nearest to evenly spaced moments of a span left over, their mean; a periodic run goes on before its begin."""
        span = float(self.frames[-1] - self.frames[0])
        moments = end - (end - begin) * (np.arange(most) + 0.5) / most
        moments = self.frames[0] + np.mod(moments - self.frames[0], span) if self.kind == "periodic" else moments
        mine = [self.left(int(np.abs(self.frames - t).argmin())) for t in moments.tolist()]
        return np.mean([nodes for nodes, _ in mine], axis=0), np.mean([edges for _, edges in mine], axis=0)

    def shifted(self, chosen: list[int]) -> Found:
        """How far a finer space would move all nodes (k, n) and what its bubbles are (k, m) at some frames, and what is left of it [K]."""
        if self.kind == "transient":  # each has a past of its own length
            alone = [self._own([frame]) for frame in chosen]
            both = tuple(tuple(np.concatenate(parts) for parts in zip(*pairs, strict=True)) for pairs in zip(*alone, strict=True))
        else:
            both = self._own(chosen)
        layout = self.loads.body.layout
        moved, missed = ((np.array([layout.gather(one) for one in nodes]), edges) for nodes, edges in both)
        return moved, missed

    def _own(self, chosen: list[int]) -> Found:
        """As `shifted`, of the rows of this rank, at frames with pasts of one length; spans of memory get longer into the past."""
        span = float(self.frames[-1] - self.frames[0])
        last = _stacked([self.left(frame) for frame in chosen])
        if self.kind == "steady" or span <= 0.0:
            return self.shifts.steady(last)
        ends, begun = self.frames[chosen].tolist(), None
        if self.kind == "transient":
            span = ends[0] - float(self.frames[0])
        else:  # the mean of a period is the same whenever it ends
            nodes, edges = zip(*(self.mean(end - span, end, AROUND) for end in ends), strict=True)
            begun = _repeated(self.shifts.steady((np.mean(nodes, axis=0)[None], np.mean(edges, axis=0)[None])), len(ends))
        if span <= 0.0:
            return self.shifts.after((), count=len(chosen))
        ages = [span * age for age in MEMORY]
        spans = [
            (old - young, last if young == 0.0 else _stacked([self.mean(end - old, end - young, most) for end in ends]))
            for old, young, most in zip(ages[:-1], ages[1:], SAMPLES, strict=True)
        ]
        return self.shifts.after(spans, begun)


def _repeated(found: Found, count: int) -> Found:
    """One state as many."""
    moved, missed = ((np.repeat(nodes, count, axis=0), np.repeat(edges, count, axis=0)) for nodes, edges in found)
    return moved, missed


def _stacked(pairs: list[Pair]) -> Pairs:
    nodes, edges = zip(*pairs, strict=True)
    return np.array(nodes), np.array(edges)


def _moments(hottest: Floats, coldest: Floats) -> list[int]:
    """Frames (f, p) at which the hottest part is hottest and the coldest coldest, and then those at which most parts have extremes."""
    highs, lows = hottest.argmax(axis=0), coldest.argmin(axis=0)
    first = [int(highs[hottest.max(axis=0).argmax()]), int(lows[coldest.min(axis=0).argmin()])]
    votes = np.bincount(np.concatenate([highs, lows]), minlength=len(hottest))
    often = np.argsort(-votes, kind="stable")
    return list(dict.fromkeys([*first, *often[votes[often] > 0].tolist()]))[:MOST_MOMENTS]


def _before(frames: Floats, i: int) -> float:
    """A hair before a frame, within the run [s]."""
    return float(max(frames[i] - BEFORE * (frames[-1] - frames[0]), frames[0]))


def enrichment(body: Body, model: Model, losses: Floats, capacity: Floats, conductivity: Floats) -> Enrichment:
    """Bubbles on the edges of the body's mesh.

    Args:
        losses: Of its facets that do not touch [W/m2K].
        capacity: Of its parts [J/m3K].
        conductivity: Of its cells (c, 3, 3) [W/mK].
    """
    from thermal.conduction.enrichment import Enrichment

    assembly, count = body.assembly, body.count
    contacts = []
    for touch, h in zip(assembly.touches, body.contacts, strict=True):
        other = assembly.facets[touch.facets_b][:, [0, 2, 1]]
        contacts.append((assembly.facets[touch.facets_a], other, h * max(count[touch.part_a], count[touch.part_b])))
    held = np.zeros(body.layout.owned)
    held[model.held_rows()] = 1.0
    return Enrichment(
        assembly.points,
        assembly.cells,
        conductivity,
        contacts,
        body.layout.gather(held) > 0,
        assembly.facets,
        (assembly.facets[assembly.facet_touch < 0], losses),
        capacity[assembly.cell_part],
    )


class _Loads:
    """Heat into the bubbles: what the model brings to the nodes, told apart into heat by volume, by contact and by face."""

    def __init__(self, case: Case, body: Body, model: Model, still: bool, mean: Floats) -> None:
        """Tell loads apart.

        Args:
            mean: Temperatures of all nodes (n,) at which properties are taken that depend on them [K].
        """
        from thermal.conduction.contact import triangle_areas
        from thermal.conduction.curvature import cut_off
        from thermal.conduction.surface_loads import SurfaceLoads

        self.body, self.model, self.still = body, model, still
        assembly = body.assembly
        corners, part = mean[assembly.cells], assembly.cell_part
        materials = [case.materials[name] for name in assembly.part_material]
        self.capacity = np.array([m.density * m.specific_heat for m in materials]) * body.count
        self.conductivity = (body.conductivity * body.count[:, None, None])[part]
        if body.varying is not None:
            of_part = np.bincount(part, corners.mean(axis=1), len(materials)) / np.bincount(part, minlength=len(materials))
            self.capacity *= over_temperature.mean_heat(assembly.part_material, case.materials, of_part)
            factor = over_temperature.cell_factors(assembly.part_material, case.materials, part, corners)
            self.conductivity = self.conductivity * factor[:, None, None]
        self.bulk_sources = [self._bulk(source.spread) for source in model.sources]
        self.bulk_feedbacks = [self._bulk(feedback.weights) for feedback in model.feedbacks]
        loose = [
            (rows, columns, values * max(body.count[face.part_a], body.count[face.part_b]))
            for face in body.interfaces.found
            if not face.matching
            for rows, columns, values in (face.triplets,)
        ]
        self.beside = [*loose, *(link.triplets for link in body.straps), *(layer.conduction for layer in body.skins)]
        self.open = np.flatnonzero(body.assembly.facet_touch < 0)
        self.facets = body.assembly.facets[self.open]
        self.surface = SurfaceLoads(body.assembly.points, self.facets, body.assembly.facet_face[self.open])
        area, volume = cut_off(body.assembly.points, self.facets, body.assembly.facet_face[self.open])
        self.more = (area * triangle_areas(body.assembly.points, self.facets) / 3)[:, None]
        of_facet = assembly.face_part[assembly.facet_face[self.open]]
        self.heavier = (volume * self.capacity[of_facet] / 3)[:, None]

    def _bulk(self, spread: csr_matrix) -> Floats:
        """Watts per signal that columns of a source (owned, m) bring to each part by volume (p, m); zero of columns on faces."""
        from scipy.sparse import csc_matrix

        layout, volumes = self.body.layout, self.body.volumes
        columnwise = csc_matrix(spread)
        density = np.zeros((volumes.shape[1], columnwise.shape[1]))
        reached = np.asarray(layout.sum((volumes.astype(bool).astype(float).T @ columnwise.astype(bool).astype(float)).toarray()))
        whole = np.asarray(layout.sum(np.diff(volumes.tocsc().indptr).astype(float)))
        candidates = np.flatnonzero((reached >= whole[:, None]).any(axis=0))
        if not len(candidates):
            return density
        columns = columnwise[:, candidates].toarray()
        alone = np.diff(volumes.indptr) == 1
        zone = np.zeros(len(alone), dtype=np.int64)
        zone[alone] = volumes.indices[volumes.indptr[:-1][alone]]
        of = np.stack([np.bincount(zone[alone], column[alone], volumes.shape[1]) for column in columns.T], axis=1)
        own = np.bincount(zone[alone], np.asarray(volumes.sum(axis=1)).ravel()[alone], volumes.shape[1])
        of, own = np.asarray(layout.sum(of)), np.asarray(layout.sum(own))
        found = of / np.maximum(own, 1e-300)[:, None]
        off, size = (np.asarray(layout.sum(np.abs(x).sum(axis=0))) for x in (columns - volumes @ found, columns))
        density[:, candidates] = np.where(off <= 1e-6 * size, found, 0.0)
        return density

    def _bulk_density(self, t: float, T: Floats) -> Floats:
        """Heat per counted volume of each part (p,) [W/m3]."""
        total = np.zeros(self.body.volumes.shape[1])
        for source, bulk in zip(self.model.sources, self.bulk_sources, strict=True):
            total += bulk @ source.rate(np.array([t]))[0]
        for feedback, bulk in zip(self.model.feedbacks, self.bulk_feedbacks, strict=True):
            total += bulk @ feedback.rate(t, feedback.means(self.body.layout, T))
        return total

    def by_area(self, on_nodes: Floats) -> Floats:
        """Heat per area at the corners of the facets that do not touch (f, 3) [W/m2], of heat by node (n,) [W]."""
        return self.surface.densities(on_nodes)

    def at(self, enriched: Enrichment, t: float, T: Floats) -> tuple[Floats, Floats]:
        """Heat into the bubbles (m,) [W] at temperatures of all nodes (n,) [K], less what they take up; and what nodes lack by lumping.

        What goes with temperature is known by its coefficients, which are constant on a face, and taken at its corners' temperatures.
        """
        body, model, layout = self.body, self.model, self.body.layout
        rows = layout.scatter(T)
        heat, _ = model.outside(t, rows)
        density = self._bulk_density(t, rows)
        held = model.held_rows()
        warm = np.maximum(rows, 1.0)  # the coefficient of the fourth power is the same at any temperature but 0 K
        emitting = model.emission_slope(t, warm) / (4 * warm**3)
        given = heat + emitting * rows**4 - body.volumes @ density
        given[held] = 0.0
        rate = np.zeros_like(rows) if self.still else (heat - model.conducted(rows)) / model.capacity(rows)
        rate[held] = 0.0
        corners, rate = T[self.facets], layout.gather(rate)
        given, emitting, conducting = (self.by_area(layout.gather(x)) for x in (given, emitting, model.fixed_conductance()))
        lumped = given - emitting * corners**4 - conducting * corners
        beside = np.zeros(len(T))
        for i, j, values in self.beside:
            np.add.at(beside, i, -values * T[j])
        part = body.assembly.cell_part
        by_volume = (density * body.count)[part][:, None] - self.capacity[part][:, None] * rate[body.assembly.cells]
        on_bubbles = enriched.from_cells(by_volume) + enriched.from_facets(self.facets, lumped + self.by_area(beside))
        chords = np.bincount(self.facets.ravel(), (self.more * lumped - self.heavier * rate[self.facets]).ravel(), len(T))
        stored = enriched.stored(rate, np.zeros(len(enriched.edges)))[0]
        return on_bubbles, enriched.unlumped(self.facets, lumped) + chords - stored
