"""Clusters of facets ("super-faces") by part, normal and size, so that the cost of radiation follows clusters and not the mesh."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from thermal.radiation.rays import Scene

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Facets grouped twice: into clusters, and each cluster into one or two halves from which its error is judged."""

    groups: Ids  #: (f,) cluster of each facet, -1 where its label is negative
    halves: Ids  #: (f,) half-cluster of each facet, -1 likewise
    parent: Ids  #: (h,) cluster of each half
    labels: Ids  #: (c,) label (part or face) of each cluster
    diameter: Floats  #: (c,) m, diagonal of the box around it

    @property
    def count(self) -> int:
        """Number of clusters."""
        return len(self.labels)


def clusters(view: Scene, points: Floats, facets: Ids, labels: Ids, size: float, angle: float = np.radians(20.0)) -> Clusters:
    """Group facets.

    Args:
        view: The scene of the facets.
        points: Coordinates [m], shape (n, 3).
        facets: Nodes of the triangles, (f, 3); facets that share two nodes are neighbours.
        labels: Part or face of each facet, (f,); clusters never cross labels. Negative: in no cluster.
        size: Largest diameter of a cluster [m]; a facet that is larger is a cluster of its own.
        angle: Largest angle between a facet and the mean normal of its cluster [rad].

    Raises:
        ValueError: size or angle not positive.
    """
    if not size > 0 or not angle > 0:
        raise ValueError(f"clusters need a positive size and angle, not {size:g} m and {angle:g} rad")
    centroids = view.corners.mean(axis=1)
    labels = np.asarray(labels, dtype=np.int64)
    patches = _patches(facets, view.normals, labels, float(np.cos(angle)))
    groups = _split(patches, centroids, view, size, float(np.cos(angle)))
    halves = _halve(groups, centroids)
    groups[labels < 0], halves[labels < 0] = -1, -1
    groups, halves = _renumber(groups), _renumber(halves)
    count, parts = int(groups.max(initial=-1)) + 1, int(halves.max(initial=-1)) + 1
    some = groups >= 0
    parent, owner = np.empty(parts, dtype=np.int64), np.empty(count, dtype=np.int64)
    parent[halves[some]] = groups[some]
    owner[groups[some]] = labels[some]
    return Clusters(groups, halves, parent, owner, _diameters(groups, view.corners, count))


def gather(F: Any, sky: Floats, areas: Floats, parent: Ids) -> tuple[csr_array, Floats, Floats]:
    """Factors (c, c), sky (c,) and areas (c,) of clusters from those of their halves, exactly."""
    count = int(parent.max()) + 1
    total = np.bincount(parent, weights=areas, minlength=count)
    add = csr_array((np.ones(len(parent)), (parent, np.arange(len(parent)))), shape=(count, len(parent)))
    mean = csr_array((areas / total[parent], (parent, np.arange(len(parent)))), shape=(count, len(parent)))
    return csr_array(mean @ csr_array(F) @ add.T), mean @ sky, total


def unevenness(F: Any, sky: Floats, areas: Floats, parent: Ids, rays: int = 0) -> Floats:
    """How unlike the halves of each cluster see their surroundings, (c,): the error a cluster hides.

    Args:
        F, sky, areas: Factors of the halves.
        parent: Cluster of each half.
        rays: From each half; the scatter of the rays, estimated as independent, is taken off. 0 for exact factors.

    Returns:
        Half the sum over all targets of |F_half - F_cluster|, root mean square over the halves by area: the part of a half's radiation
        that ends elsewhere than its cluster says. 0 for a cluster of one half. Halving the clusters about halves it on smooth views.
    """
    joint, joint_sky, total = gather(F, sky, areas, parent)
    count = len(total)
    add = csr_array((np.ones(len(parent)), (parent, np.arange(len(parent)))), shape=(count, len(parent)))
    own = csr_array(csr_array(F) @ add.T)
    difference = abs(own - joint[parent])
    apart = (np.asarray(difference.sum(axis=1)).ravel() + np.abs(sky - joint_sky[parent])) / 2
    if rays:
        scatter: Floats = np.asarray(own.sqrt().sum(axis=1)).ravel() + np.sqrt(np.maximum(sky, 0))
        apart = np.maximum(apart - 0.4 * scatter / np.sqrt(rays), 0.0)  # 0.4 = mean of |normal| / 2
    return np.asarray(np.sqrt(np.bincount(parent, weights=areas * apart**2, minlength=count) / total))


def _patches(facets: Ids, normals: Floats, labels: Ids, cosine: float) -> Ids:
    """Connected patches: neighbours of one label whose normals are alike."""
    count = len(facets)
    edges = np.sort(np.concatenate([facets[:, [0, 1]], facets[:, [1, 2]], facets[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(count), 3)
    order = np.lexsort((owner, edges[:, 1], edges[:, 0]))
    same = (edges[order[1:]] == edges[order[:-1]]).all(axis=1)
    a, b = owner[order[:-1][same]], owner[order[1:][same]]
    alike = (labels[a] == labels[b]) & (np.einsum("ij,ij->i", normals[a], normals[b]) >= cosine)
    graph = csr_array((np.ones(int(alike.sum()), dtype=np.int8), (a[alike], b[alike])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _split(patches: Ids, centroids: Floats, view: Scene, size: float, cosine: float) -> Ids:
    """Cut patches in two, across the widest spread of place or of normal, until each is small and flat enough."""
    groups = np.empty(len(patches), dtype=np.int64)
    order = np.argsort(patches, kind="stable")
    stack = np.split(order, np.flatnonzero(np.diff(patches[order])) + 1)
    number = 0
    while stack:
        members = stack.pop()
        normals = view.normals[members]
        mean = view.areas[members] @ normals
        length = float(np.linalg.norm(mean))
        bent = length == 0 or bool((normals @ mean < cosine * length).any())
        corners = view.corners[members].reshape(-1, 3)
        wide = float(np.linalg.norm(np.ptp(corners, axis=0))) > size
        if len(members) == 1 or not (bent or wide):
            groups[members] = number
            number += 1
            continue
        left = _cut(normals if bent and not wide else centroids[members])
        stack += [members[left], members[~left]]
    return groups


def _cut(values: Floats) -> NDArray[np.bool_]:
    """Which rows lie below the median along the widest direction; never all, never none."""
    away = values - values.mean(axis=0)
    widest = np.linalg.eigh(away.T @ away)[1][:, -1]
    below = np.zeros(len(values), dtype=bool)
    below[np.argsort(away @ widest, kind="stable")[: len(values) // 2]] = True
    return below


def _halve(groups: Ids, centroids: Floats) -> Ids:
    """Two halves of each cluster; a cluster of one facet stays whole."""
    order = np.argsort(groups, kind="stable")
    halves = 2 * groups
    for members in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        if len(members) > 1:
            halves[members[_cut(centroids[members])]] += 1
    return halves


def _renumber(groups: Ids) -> Ids:
    """Numbers from 0 in order of the first facet; -1 stays."""
    out = np.full(len(groups), -1, dtype=np.int64)
    some = np.flatnonzero(groups >= 0)
    _, first, inverse = np.unique(groups[some], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    out[some] = rank[inverse]
    return out


def _diameters(groups: Ids, corners: Floats, count: int) -> Floats:
    """Diagonal of the box around each cluster [m]."""
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    some = groups >= 0
    for k in range(3):
        np.minimum.at(low, groups[some], corners[some, k])
        np.maximum.at(high, groups[some], corners[some, k])
    return np.asarray(np.linalg.norm(high - low, axis=1))
