"""What the open faces of a body see of one another: scene, groups of facets and closed view factors, for every pose of its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import ConvexHull, QhullError

from thermal.conduction.contact import triangle_areas
from thermal.errors import RadiationError
from thermal.radiation import ray_factors
from thermal.radiation.cache import scene_key
from thermal.radiation.closure import ClosureError, close
from thermal.radiation.clusters import Clusters, clusters, gather, unevenness
from thermal.radiation.factor_cache import Factors, clusters_from, factors_from
from thermal.radiation.poses import MidpointError, midpoint_error
from thermal.radiation.radiosity import DENSE
from thermal.radiation.rays import Scene, scene
from thermal.radiation.settings import Radiation
from thermal.radiation.surface_checks import inside_out, intersecting

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Say = Callable[[str, float], None]

MOST_GROUPS = 600  #: aim of the automatic size of groups; faces are never joined, so many faces make more
FIRST, WIDER = 1 / 16, 1.4  #: first automatic size of groups over that of the scene, and the factor from each to the next
#: Part of a group's rays that may end on backs of facets, at edges in single precision; more is a fault of the solids.
LOST = 0.02
#: Closure limit of groups that another part covers in part: few of their rays start in the open.
PARTLY = 0.5
#: Part of a half group's rays lost under what covers it beyond which the rest counts as seeing the sky alone.
BURIED = 0.99
SKY = 1e-3  #: view to the sky of a face of a closed cavity, by rays that slip through at edges
LISTED = 6  #: faces named in a message
ALONE = 1e-6  #: sizes of the body by which something must stand in front of a facet to be seen


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The outside of a body whose parts may turn; the same on every rank."""

    facets: Ids  #: (f, 3) nodes of each triangle, outward
    face: NDArray[np.integer[Any]]  #: (f,) face of each triangle
    free: Floats  #: (f,) part of each triangle that nothing lies on; 0 where it can see nothing
    part: NDArray[np.integer[Any]]  #: (faces,) part of each face
    face_names: Sequence[str]
    part_names: Sequence[str]
    count: Floats  #: (parts,) how many equal parts each stands for
    points_at: Callable[[float], Floats]  #: time [s] -> nodes, (n, 3) [m]
    times: Floats  #: (poses,) s, for which factors are traced
    period: float  #: s

    @property
    def open(self) -> Ids:
        """Triangles that something can be seen from."""
        return np.flatnonzero(self.free > 0)

    def poses(self) -> list[Floats]:
        """Nodes at the times of the poses [m]."""
        return [self.points_at(float(t)) for t in self.times]


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Groups of facets that see other facets; the same on every rank."""

    facets: Ids  #: (s,) rows of the surface's facets that see anything but sky
    group: Ids  #: (s,) group of each
    face: Ids  #: (g,) face of each group
    areas: Floats  #: (g,) free area of one copy [m2]
    factors: tuple[Factors, ...]  #: by pose; none where nothing was traced and every group sees the sky alone
    reused: int  #: poses whose factors were read from the cache
    between: MidpointError | None = None  #: what interpolation makes of a pose half way between the two neighbours that differ most

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.areas)

    def subset(self, keep: NDArray[np.bool_]) -> "Views":
        """The views of some groups, (g,), that see no other group and no sky beside one another's."""
        number = np.cumsum(keep) - 1
        mine = keep[self.group]
        rows = np.flatnonzero(keep)
        if not len(rows):  # a hollow box that is insulated inside: its outside sees the sky alone
            return replace(nothing_seen(), reused=self.reused)
        factors = tuple(
            replace(
                kept,
                closed=replace(
                    kept.closed,
                    G=kept.closed.G[rows][:, rows],
                    error=kept.closed.error[rows][:, rows],
                    sky=kept.closed.sky[rows],
                    areas=kept.closed.areas[rows],
                ),
                unevenness=None if kept.unevenness is None else kept.unevenness[rows],
            )
            for kept in self.factors
        )
        return Views(self.facets[mine], number[self.group[mine]], self.face[rows], self.areas[rows], factors, self.reused, self.between)


def nothing_seen() -> Views:
    """No facet sees any other."""
    return Views(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), (), 0)


def seeing(points: Floats, facets: Ids) -> NDArray[np.bool_]:
    """Facets with a point of the body in front of their plane, (f,)."""

    used = points[np.unique(facets)]
    try:
        hull = used[ConvexHull(used).vertices]
    except QhullError:  # flat bodies have no hull in space
        hull = used
    corners = points[facets]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    size = float(np.ptp(used, axis=0).max())
    found = np.zeros(len(facets), dtype=bool)
    for some in np.array_split(np.arange(len(facets)), max(1, len(facets) * len(hull) // 4_000_000)):
        height = normals[some] @ hull.T
        found[some] = height.max(axis=1) - np.einsum("ij,ij->i", normals[some], corners[some, 0]) > ALONE * size
    return found


def trace(surface: Surface, settings: Radiation, always: NDArray[np.bool_], say: Say, folder: Path | None) -> Views:
    """Groups and factors of all poses; for one process.

    Args:
        always: (f,) facets that get a group although they see nothing but sky.
        folder: Where factors are kept between runs.

    Raises:
        RadiationError: solids that are inside out or run into one another, too many groups, factors that do not close, or a sky where none
            is claimed.
    """

    free = surface.open
    facets = surface.facets[free]
    poses = surface.poses()
    sees = always[free]
    if settings.model == "exchange":
        sees = np.any([seeing(points, facets) for points in poses], axis=0) | sees
    if not sees.any():
        _check_closed(surface, nothing_seen(), settings)
        return nothing_seen()
    labels = np.where(sees, surface.face[free], -1).astype(np.int64)
    first = scene(poses[0], facets)
    grouped = _grouped(first, poses[0], facets, labels, settings.cluster, folder)
    areas = np.bincount(grouped.groups[sees], weights=(first.areas * surface.free[free])[sees], minlength=grouped.count)
    count = surface.count[surface.part[grouped.labels]]

    def at(points: Floats, k: int, which: str) -> tuple[Factors, bool]:
        groups = (grouped.halves, grouped.parent, areas, count)
        key = scene_key(points, facets, *groups, surface.free[free], settings.rays, settings.seed, settings.closure_limit)

        def make() -> Factors:
            say(f"view factors of {grouped.count} groups{which}", k / len(poses))
            return _factors(surface, first if k == 0 else scene(points, facets), grouped, areas, settings)

        return factors_from(folder, key, make)

    found, reused = [], 0
    for k, points in enumerate(poses if settings.model == "exchange" else []):
        factors, known = at(points, k, f", pose {k + 1} of {len(poses)}" if len(poses) > 1 else "")
        reused += known
        found.append(factors)
    between = None
    if len(found) > 1:
        k, t = _widest(found, surface)
        half, _ = at(surface.points_at(t), len(poses), ", half way between two poses")
        between = midpoint_error(found[k].closed.G, found[(k + 1) % len(found)].closed.G, half.closed.G, areas)
    views = Views(free[sees], grouped.groups[sees], grouped.labels, areas, tuple(found), reused, between)
    _check_closed(surface, views, settings)
    return views


def _widest(found: Sequence[Factors], surface: Surface) -> tuple[int, float]:
    """The pose that differs most from the one after it, and the time half way between the two [s]."""
    apart = [float(abs(one.closed.G - after.closed.G).sum()) for one, after in zip(found, (*found[1:], found[0]), strict=True)]
    k = int(np.argmax(apart))
    after = surface.times[k + 1] if k + 1 < len(found) else surface.times[0] + surface.period
    return k, float(surface.times[k] + after) / 2 % surface.period


def _grouped(view: Scene, points: Floats, facets: Ids, labels: Ids, size: float | None, folder: Path | None) -> Clusters:
    """Groups by face, of the size asked for or of one that keeps their number within reason; kept between runs.

    Raises:
        RadiationError: there are too many.
    """

    def make() -> Clusters:
        found = clusters(view, points, facets, labels, size) if size is not None else _few(view, points, facets, labels)
        _refuse_many(found.count, view, points, facets, labels, size)
        return found

    rule = f"at most {MOST_GROUPS} from {FIRST:g} by {WIDER:g}" if size is None else size
    return clusters_from(folder, scene_key(points, facets, labels, rule), make)


def _few(view: Scene, points: Floats, facets: Ids, labels: Ids) -> Clusters:
    """Groups of the smallest of a row of sizes that keeps their number within reason."""

    size, least = view.size * FIRST, len(np.unique(labels[labels >= 0]))
    while True:
        found = clusters(view, points, facets, labels, size)
        if found.count <= max(MOST_GROUPS, 1.5 * least) or size > 2 * view.size:
            return found
        size *= WIDER


def _refuse_many(count: int, view: Scene, points: Floats, facets: Ids, labels: Ids, size: float | None) -> None:
    """Refuse more groups than the exchange can be solved for, before anything is traced.

    Raises:
        RadiationError: says how many there are, and the size of groups that would do.
    """

    if count <= DENSE:
        return
    faces = len(np.unique(labels[labels >= 0]))
    if size is None:
        raise RadiationError(
            f"radiation: {faces} faces make {count} groups of facets, and at most {DENSE} can exchange heat; mesh curved faces coarser, "
            'leave parts out, or set radiation.model = "open"'
        )
    enough = max(size, float(np.sqrt(view.areas[labels >= 0].sum() / DENSE)))
    while clusters(view, points, facets, labels, enough).count > DENSE and enough < 2 * view.size:
        enough *= 1.2
    enough *= 1.05  # two digits are given
    raise RadiationError(
        f"radiation.cluster_mm = {size * 1e3:g} makes {count} groups of facets, and at most {DENSE} can exchange heat; "
        f"try {enough * 1e3:.2g} or more, or leave it out"
    )


def _factors(surface: Surface, view: Scene, grouped: Clusters, areas: Floats, settings: Radiation) -> Factors:

    traced = ray_factors.view_factors(view, grouped.halves, max(settings.rays // 2, 8), settings.seed)
    kept = np.where(traced.lost < BURIED, 1.0 - traced.lost, 1.0)
    partly = _partly_covered(surface, grouped, traced.areas)
    lost = np.where(partly, 0.0, traced.lost)
    _refuse_lost(surface, view, grouped, lost)
    F = csr_array(traced.F.multiply(1 / kept[:, None]))
    sky = np.where(traced.lost < BURIED, traced.sky / kept, 1.0 - np.asarray(F.sum(axis=1)).ravel())
    joint, joint_sky, _ = gather(F, sky, traced.areas, grouped.parent)
    spread, _, _ = gather(csr_array(traced.error.power(2)), traced.sky_error**2, traced.areas, grouped.parent)
    uneven = unevenness(F, sky, traced.areas, grouped.parent, settings.rays // 2)
    limit = np.where(np.bincount(grouped.parent, weights=partly) > 0, PARTLY, settings.closure_limit)
    count = surface.count[surface.part[grouped.labels]]
    joint, joint_sky = _between_equals(joint, joint_sky, count)
    try:
        closed = close(joint, joint_sky, areas, csr_array(spread.sqrt()), limit)
    except ClosureError as fault:
        named = ", ".join(f"{surface.face_names[grouped.labels[g]]} ({r:.3g})" for g, r in zip(fault.groups, fault.residuals, strict=True))
        raise RadiationError(
            f"radiation: view factors do not close within radiation.closure_limit = {settings.closure_limit:g}; "
            f"worst faces: {named}. Raise radiation.rays, or look for solids that run into one another."
        ) from fault
    return Factors(closed, grouped, uneven)


def _between_equals(F: Any, sky: Floats, count: Floats) -> tuple[Any, Floats]:
    """Views between parts that stand for unequal numbers go to the sky: what one copy sends the other gets from none."""

    if (count == count[0]).all():
        return F, sky
    entries = csr_array(F).tocoo()
    i, j = entries.coords
    same = count[i] == count[j]
    moved = np.bincount(i[~same], weights=entries.data[~same], minlength=len(sky))
    return csr_array((entries.data[same], (i[same], j[same])), shape=F.shape), sky + moved


def _partly_covered(surface: Surface, grouped: Clusters, areas: Floats) -> NDArray[np.bool_]:
    """Half groups with facets that another part covers in part; rays from there start inside that part and are left out, (h,)."""
    free = surface.free[surface.open]
    return np.bincount(grouped.halves[grouped.halves >= 0], weights=(free < 1)[grouped.halves >= 0], minlength=len(areas)) > 0


def _refuse_lost(surface: Surface, view: Scene, grouped: Clusters, lost: Floats) -> None:
    """Refuse solids whose insides are seen, and say which parts are to blame.

    Raises:
        RadiationError: names the faces, and the parts that run into one another or are inside out.
    """
    bad = np.flatnonzero(lost > LOST)
    if not len(bad):
        return
    worst = bad[np.argsort(-lost[bad], kind="stable")][:5]
    names = [surface.face_names[grouped.labels[grouped.parent[h]]] for h in worst]
    shares = dict(zip(reversed(names), reversed(lost[worst].tolist()), strict=True))
    named = ", ".join(f"{name} ({shares[name]:.0%})" for name in dict.fromkeys(names))
    raise RadiationError(f"radiation: rays from these faces end on the inside of surfaces: {named}. {_blame(surface, view)}")


def _blame(surface: Surface, view: Scene) -> str:
    """Which parts are inside out or run into one another, in words."""

    part, names = surface.part[surface.face[surface.open]].astype(np.int64), surface.part_names
    turned = [names[fault.label] for fault in inside_out(view, part)]
    if turned:
        return f"Inside out: {', '.join(turned)}; turn the cells of the mesh that they come from."
    crossing = [
        f"{names[c.first]} and {names[c.second]} (about {c.area * 1e4:.3g} cm2 buried, at least {c.depth * 1e3:.3g} mm deep)"
        for c in intersecting(view, part)
    ]
    if crossing:
        return f"Parts run into one another: {'; '.join(crossing[:5])}. Move one of them, or the pivot of the joint that turns it."
    return "Solids run into one another, or a surface is open; `heliorack mesh` lists overlaps."


def _check_closed(surface: Surface, views: Views, settings: Radiation) -> None:
    """Refuse sky where the case claims that there is none.

    Raises:
        RadiationError: names the faces that see it, with the part of their view that it fills.
    """
    names = surface.face_names
    claimed: set[int] = set()
    for pattern in settings.closed:
        faces = {i for i, name in enumerate(names) if fnmatchcase(name, pattern)}
        if not faces:
            raise RadiationError(f"radiation.closed: '{pattern}' matches no face; `heliorack mesh --report` lists the faces")
        claimed |= faces
    shares = {i: share for i in sorted(claimed) if (share := _sky_of(surface, views, i)) > SKY / 10}
    worst = sorted(shares, key=lambda i: -shares[i])
    if worst and shares[worst[0]] > SKY:
        named = ", ".join(f"{names[i]} ({shares[i]:.2%})" for i in worst[:LISTED])
        more = f" and {len(worst) - LISTED} more" if len(worst) > LISTED else ""
        raise RadiationError(f"radiation.closed claims that no sky is seen, but it is by {named}{more}; find the gap, or drop the claim")


def _sky_of(surface: Surface, views: Views, face: int) -> float:
    """Part of the view of a face that the sky fills, the largest of all poses; facets without a group see nothing else."""
    mine = np.flatnonzero((surface.face == face) & (surface.free > 0))
    alone = mine[~np.isin(mine, views.facets)]
    lone = float(triangle_areas(surface.points_at(float(surface.times[0])), surface.facets[alone]) @ surface.free[alone])
    groups = np.flatnonzero(views.face == face)
    total = lone + float(views.areas[groups].sum())
    if total == 0:
        return 0.0
    seen = max((float(kept.closed.sky[groups] @ views.areas[groups]) for kept in views.factors), default=0.0)
    return (lone + seen) / total
