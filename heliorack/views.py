"""What the free faces of a body see of one another: scene, groups of facets and closed view factors, for every pose of its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.body import Body
from heliorack.motion import Motion
from meshes.errors import GeometryError
from thermal.factor_store import Factors
from thermal.radiation import Radiation

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Say = Callable[[str, float], None]

MOST_GROUPS = 600  #: aim of the automatic size of groups; faces are never joined, so many faces make more
#: Part of a group's rays that may end on backs of facets, at edges in single precision; more is a fault of the solids.
LOST = 0.02
#: Closure limit of groups that another part covers in part: few of their rays start in the open.
PARTLY = 0.5
#: Part of a half group's rays lost under what covers it beyond which the rest counts as seeing the sky alone.
BURIED = 0.99
ALONE = 1e-6  #: sizes of the body by which something must stand in front of a facet to be seen


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Groups of facets that see other facets; the same on every rank."""

    facets: Ids  #: (s,) rows of the assembly's facets that see anything but sky
    group: Ids  #: (s,) group of each
    face: Ids  #: (g,) face of each group
    areas: Floats  #: (g,) free area of one copy [m2]
    factors: tuple[Factors, ...]  #: by pose; none where nothing was traced and every group sees the sky alone
    reused: int  #: poses whose factors were read from the cache

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.areas)

    def subset(self, keep: NDArray[np.bool_]) -> "Views":
        """The views of some groups, (g,), that see no other group and no sky beside one another's."""
        number = np.cumsum(keep) - 1
        mine = keep[self.group]
        rows = np.flatnonzero(keep)
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
        return Views(self.facets[mine], number[self.group[mine]], self.face[rows], self.areas[rows], factors, self.reused)


def nothing_seen() -> Views:
    """No facet sees any other."""
    return Views(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), (), 0)


def seeing(points: Floats, facets: Ids) -> NDArray[np.bool_]:
    """Facets with a point of the body in front of their plane, (f,)."""
    from scipy.spatial import ConvexHull, QhullError

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


def trace(body: Body, motion: Motion, settings: Radiation, always: NDArray[np.bool_], say: Say, folder: Path | None) -> Views:
    """Groups and factors of all poses; for one process.

    Args:
        always: (facets of the assembly,) facets that get a group although they see nothing but sky.
        folder: Where factors are kept between runs.

    Raises:
        GeometryError: solids that are inside out or run into one another, factors that do not close, or a sky where none is claimed.
    """
    from thermal.archive import scene_key
    from thermal.factor_store import factors_from
    from thermal.rays import scene

    free = np.flatnonzero(body.free > 0)
    facets = body.assembly.facets[free]
    poses = motion.poses(body.assembly)
    sees = always[free]
    if settings.model == "exchange":
        sees = np.any([seeing(points, facets) for points in poses], axis=0) | sees
    if not sees.any():
        return nothing_seen()
    labels = np.where(sees, body.assembly.facet_face[free], -1).astype(np.int64)
    first = scene(poses[0], facets)
    grouped = _grouped(first, poses[0], facets, labels, settings.cluster)
    areas = np.bincount(grouped.groups[sees], weights=(first.areas * body.free[free])[sees], minlength=grouped.count)
    found, reused = [], 0
    for k, points in enumerate(poses if settings.model == "exchange" else []):
        view = first if k == 0 else scene(points, facets)
        words = f"view factors of {grouped.count} groups" + (f", pose {k + 1} of {len(poses)}" if len(poses) > 1 else "")
        count = body.count[body.assembly.face_part[grouped.labels]]
        key = scene_key(points, facets, grouped.halves, areas, count, body.free[free], settings.rays, settings.seed, settings.closure_limit)

        def make(view: Any = view, words: str = words, k: int = k) -> Factors:
            say(words, k / len(poses))
            return _factors(body, view, grouped, areas, settings)

        factors, known = factors_from(folder, key, make)
        reused += known
        found.append(factors)
    _check_closed(body, grouped.labels, found, settings)
    return Views(free[sees], grouped.groups[sees], grouped.labels, areas, tuple(found), reused)


def _grouped(view: Any, points: Floats, facets: Ids, labels: Ids, size: float | None) -> Any:
    """Groups by face, of the size asked for or of one that keeps their number within reason."""
    from thermal.clusters import clusters

    if size is not None:
        return clusters(view, points, facets, labels, size)
    size, least = view.size / 16, len(np.unique(labels[labels >= 0]))
    while True:
        found = clusters(view, points, facets, labels, size)
        if found.count <= max(MOST_GROUPS, 1.5 * least) or size > 2 * view.size:
            return found
        size *= 1.4


def _factors(body: Body, view: Any, grouped: Any, areas: Floats, settings: Radiation) -> Factors:
    from scipy.sparse import csr_array

    from thermal.closure import ClosureError, close
    from thermal.clusters import gather, unevenness
    from thermal.factors import view_factors

    traced = view_factors(view, grouped.halves, max(settings.rays // 2, 8), settings.seed)
    kept = np.where(traced.lost < BURIED, 1.0 - traced.lost, 1.0)
    partly = _partly_covered(body, grouped, traced.areas)
    lost = np.where(partly, 0.0, traced.lost)
    _refuse_lost(body, view, grouped, lost)
    F = csr_array(traced.F.multiply(1 / kept[:, None]))
    sky = np.where(traced.lost < BURIED, traced.sky / kept, 1.0 - np.asarray(F.sum(axis=1)).ravel())
    joint, joint_sky, _ = gather(F, sky, traced.areas, grouped.parent)
    spread, _, _ = gather(csr_array(traced.error.power(2)), traced.sky_error**2, traced.areas, grouped.parent)
    uneven = unevenness(F, sky, traced.areas, grouped.parent, settings.rays // 2)
    limit = np.where(np.bincount(grouped.parent, weights=partly) > 0, PARTLY, settings.closure_limit)
    count = body.count[body.assembly.face_part[grouped.labels]]
    joint, joint_sky = _between_equals(joint, joint_sky, count)
    try:
        closed = close(joint, joint_sky, areas, csr_array(spread.sqrt()), limit)
    except ClosureError as fault:
        named = ", ".join(
            f"{body.assembly.face_names[grouped.labels[g]]} ({r:.3g})" for g, r in zip(fault.groups, fault.residuals, strict=True)
        )
        raise GeometryError(
            f"radiation: view factors do not close within radiation.closure_limit = {settings.closure_limit:g}; "
            f"worst faces: {named}. Raise radiation.rays, or look for solids that run into one another."
        ) from fault
    return Factors(closed, grouped, uneven)


def _between_equals(F: Any, sky: Floats, count: Floats) -> tuple[Any, Floats]:
    """Views between parts that stand for unequal numbers go to the sky: what one copy sends the other gets from none."""
    from scipy.sparse import csr_array

    if (count == count[0]).all():
        return F, sky
    entries = csr_array(F).tocoo()
    i, j = entries.coords
    same = count[i] == count[j]
    moved = np.bincount(i[~same], weights=entries.data[~same], minlength=len(sky))
    return csr_array((entries.data[same], (i[same], j[same])), shape=F.shape), sky + moved


def _partly_covered(body: Body, grouped: Any, areas: Floats) -> NDArray[np.bool_]:
    """Half groups with facets that another part covers in part; rays from there start inside that part and are left out, (h,)."""
    free = body.free[body.free > 0]
    return np.bincount(grouped.halves[grouped.halves >= 0], weights=(free < 1)[grouped.halves >= 0], minlength=len(areas)) > 0


def _refuse_lost(body: Body, view: Any, grouped: Any, lost: Floats) -> None:
    """Refuse solids whose insides are seen, and say which parts are to blame.

    Raises:
        GeometryError: names the faces, and the parts that run into one another or are inside out.
    """
    bad = np.flatnonzero(lost > LOST)
    if not len(bad):
        return
    worst = bad[np.argsort(-lost[bad], kind="stable")][:5]
    names = [body.assembly.face_names[grouped.labels[grouped.parent[h]]] for h in worst]
    shares = dict(zip(reversed(names), reversed(lost[worst].tolist()), strict=True))
    named = ", ".join(f"{name} ({shares[name]:.0%})" for name in dict.fromkeys(names))
    raise GeometryError(f"radiation: rays from these faces end on the inside of surfaces: {named}. {_blame(body, view)}")


def _blame(body: Body, view: Any) -> str:
    """Which parts are inside out or run into one another, in words."""
    from thermal.sanity import inside_out, intersecting

    free = np.flatnonzero(body.free > 0)
    part = body.assembly.face_part[body.assembly.facet_face[free]].astype(np.int64)
    names = body.assembly.part_names
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


def _check_closed(body: Body, face: Ids, factors: Sequence[Factors], settings: Radiation) -> None:
    """Refuse sky where the case claims that there is none.

    Raises:
        GeometryError: names the faces that see it.
    """
    names = body.assembly.face_names
    for pattern in settings.closed:
        faces = [i for i, name in enumerate(names) if fnmatchcase(name, pattern)]
        if not faces:
            raise GeometryError(f"radiation.closed: '{pattern}' matches no face; `heliorack mesh --report` lists the faces")
        mine = np.isin(face, faces)
        for kept in factors:
            sky = np.where(mine, kept.closed.sky, 0.0)
            if sky.max(initial=0.0) > 1e-3:
                worst = np.argsort(-sky)[:3]
                named = ", ".join(f"{names[face[g]]} ({sky[g]:.2%})" for g in worst if sky[g] > 1e-3)
                raise GeometryError(
                    f"radiation.closed: '{pattern}' claims a closed cavity, but sky is seen by {named}; find the gap, or drop the claim"
                )
