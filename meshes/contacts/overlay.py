"""Where one surface lies on another whose triangles do not match: quadrature on one side, the closest points on the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats, Ids
from meshes.measure import area_vectors

FACING = -0.7  #: cosine of the angle between outward normals, at most, of triangles that touch
SLANT = 0.3  #: offset along the surface, at most, as a fraction of the distance to it; more means beside an edge
CHUNK = 20_000  #: quadrature points projected at a time


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Quadrature points of side a that lie on side b."""

    facet_a: Ids  #: (m,) rows of side a's facets
    shape_a: Floats  #: (m, 3) values of the three shape functions there
    facet_b: Ids  #: (m,) rows of side b's facets
    shape_b: Floats  #: (m, 3)
    weight: Floats  #: (m,) m2

    @property
    def area(self) -> float:
        """Area over which the sides lie on each other [m2]."""
        return float(self.weight.sum())


def overlay(points: Floats, facets_a: Ids, facets_b: Ids, tolerance: float) -> Overlay:
    """Find where side a lies on side b.

    Args:
        points: Node coordinates [m], shape (n, 3).
        facets_a: Nodes of the facets that carry the quadrature, outward; the smaller or finer side.
        facets_b: Nodes of the other side's facets, outward.
        tolerance: Greatest distance of sides that touch [m].
    """
    areas_a, areas_b = (np.linalg.norm(area_vectors(points, facets), axis=1) for facets in (facets_a, facets_b))
    shapes, weights = _rule(int(np.clip(np.ceil(4 * np.sqrt(areas_a.mean() / areas_b.mean())), 4, 24)))
    where: Floats = np.einsum("qi,fij->fqj", shapes, points[facets_a]).reshape(-1, 3)
    facet = np.repeat(np.arange(len(facets_a)), len(shapes))
    normal = _normals(points, facets_a)[facet]
    hit, shape_b = _closest(where, normal, points[facets_b], tolerance)
    on = hit >= 0
    share = (areas_a[:, None] * weights).ravel()
    return Overlay(facet[on], np.tile(shapes, (len(facets_a), 1))[on], hit[on], shape_b[on], share[on])


def covered(found: Overlay, areas_a: Floats, areas_b: Floats) -> tuple[Floats, Floats]:
    """Covered fraction of every facet of side a (a,) and of side b (b,), 1 at most [-]; both sides lose the same area.

    What the points make of a facet of b is its share within the spacing of the points; what goes beyond a whole facet is given to those
    that are covered in part.
    """
    on_a = np.bincount(found.facet_a, found.weight, len(areas_a)) / areas_a
    on_b = np.bincount(found.facet_b, found.weight, len(areas_b)) / areas_b
    beyond = float(np.maximum(on_b - 1, 0.0) @ areas_b)
    on_b = np.minimum(on_b, 1.0)
    room = np.where(on_b > 0, 1 - on_b, 0.0)
    space = float(room @ areas_b)
    if space > 0:
        on_b += room * min(1.0, beyond / space)
    return np.minimum(on_a, 1.0), on_b


def _rule(n: int) -> tuple[Floats, Floats]:
    """Points (3 n^2, 3) and weights of unit sum: the three-point rule, exact for quadratics, on n^2 equal parts of a triangle.

    Where a quadrature triangle spans several of the other side, the product of shape functions has kinks; the parts follow them.
    """
    upright = [(i, j, 1) for i in range(n) for j in range(n - i)]
    turned = [(i + 1, j + 1, -1) for i in range(n - 1) for j in range(n - 1 - i)]
    corner = np.array([[2 / 3, 1 / 6], [1 / 6, 2 / 3], [1 / 6, 1 / 6]])
    xy = np.concatenate([(np.array([i, j]) + sign * corner) / n for i, j, sign in (*upright, *turned)])
    return np.column_stack([1 - xy.sum(axis=1), xy]), np.full(len(xy), 1 / len(xy))


def _normals(points: Floats, facets: Ids) -> Floats:
    a, b, c = (points[facets[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    return np.asarray(across / np.linalg.norm(across, axis=1, keepdims=True))


def _closest(where: Floats, normal: Floats, corners: Floats, tolerance: float) -> tuple[Ids, Floats]:
    """Triangle that each point lies on, -1 where on none, and the shape functions there.

    A triangle within `tolerance` of a point has its centre within `tolerance` plus its radius: more neighbours are asked of the tree
    until that distance is passed, so that none is missed.
    """
    from scipy.spatial import cKDTree

    centre = corners.mean(axis=1)
    reach = float(np.linalg.norm(corners - centre[:, None], axis=2).max()) + tolerance
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal_b: Floats = across / np.linalg.norm(across, axis=1, keepdims=True)
    tree = cKDTree(centre)
    hit, shape = np.full(len(where), -1, dtype=np.int64), np.zeros((len(where), 3))
    left, neighbours = np.arange(len(where)), 8
    while len(left):
        neighbours = min(neighbours, len(corners))
        again = []
        for some in np.array_split(left, max(1, len(left) * neighbours // (8 * CHUNK))):
            far, near = tree.query(where[some], k=list(range(1, neighbours + 1)))
            best, values, found = _on_triangles(where[some], normal[some], corners[near], normal_b[near], tolerance)
            hit[some[found]] = near[np.arange(len(some)), best][found]
            shape[some[found]] = values[found]
            again.append(some[~found & (far[:, -1] <= reach)])
        left = np.concatenate(again)
        if neighbours == len(corners):
            break
        neighbours *= 4
    return hit, shape


def _on_triangles(
    where: Floats, normal: Floats, corners: Floats, normal_b: Floats, tolerance: float
) -> tuple[Ids, Floats, NDArray[np.bool_]]:
    """The nearest of the candidate triangles (m, k, 3, 3) of each point (m, 3), the shape functions there, and whether it lies on it."""
    a = corners[:, :, 0]
    edge_b, edge_c, away = corners[:, :, 1] - a, corners[:, :, 2] - a, where[:, None] - a
    bb, bc, cc = (np.einsum("mki,mki->mk", x, y) for x, y in ((edge_b, edge_b), (edge_b, edge_c), (edge_c, edge_c)))
    pb, pc = (np.einsum("mki,mki->mk", away, x) for x in (edge_b, edge_c))
    v = (cc * pb - bc * pc) / (bb * cc - bc * bc)
    w = (bb * pc - bc * pb) / (bb * cc - bc * bc)
    inside = np.stack([1 - v - w, v, w], axis=2)
    on_ab, on_ac = np.clip(pb / bb, 0, 1), np.clip(pc / cc, 0, 1)
    on_bc = np.clip((pc - pb + bb - bc) / (bb - 2 * bc + cc), 0, 1)
    zero = np.zeros_like(v)
    choices = np.stack(
        [
            inside,
            np.stack([1 - on_ab, on_ab, zero], axis=2),
            np.stack([1 - on_ac, zero, on_ac], axis=2),
            np.stack([zero, 1 - on_bc, on_bc], axis=2),
        ],
        axis=2,
    )
    offset = where[:, None, None] - np.einsum("mkci,mkij->mkcj", choices, corners)
    squared = np.einsum("mkcj,mkcj->mkc", offset, offset)
    squared[:, :, 0] = np.where((inside >= 0).all(axis=2), squared[:, :, 0], np.inf)
    facing = np.einsum("mi,mki->mk", normal, normal_b) < FACING
    squared = np.where(facing[:, :, None], squared, np.inf)
    rows, flat = np.arange(len(where)), squared.reshape(len(where), -1).argmin(axis=1)
    best, choice = flat // 4, flat % 4
    far = squared[rows, best, choice]
    along = np.abs(np.einsum("mi,mi->m", offset[rows, best, choice], normal_b[rows, best]))
    aside = np.sqrt(np.maximum(far - along**2, 0.0), where=np.isfinite(far), out=np.full(len(far), np.inf))
    size = np.sqrt(np.maximum(bb[rows, best], cc[rows, best]))
    found = (far <= tolerance**2) & (aside <= SLANT * along + 1e-6 * size)
    return best, choices[rows, best, choice], found
