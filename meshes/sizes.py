"""Target edge lengths of the mesh, part by part."""

from collections.abc import Sequence
from math import ceil, pi

import numpy as np

from meshes.assembly import Floats
from meshes.settings import MeshSettings
from meshes.shapes.solid import Solid

NODES = 4000  #: of a default mesh, and
NODES_PER_PART = 100  #: more for every solid; refinement around small parts comes on top
TRIANGLE = 3**0.5 / 2  #: area per node of a sheet of equilateral triangles over the square of their edge
ROUND = ("cylinder", "sphere")  #: kinds that `curvature` counts on: 24 edges around a cylinder lack at most 1.2 % of its volume


def target_sizes(solids: Sequence[Solid], settings: MeshSettings) -> Floats:
    """Target edge length [m] of every solid.

    The solid's own `mesh` counts first, then `settings.size`. By default it is `default_size`, less for small solids: half
    their middle edge, but no less than a twentieth of their longest edge or half the default. Round solids get at least
    `settings.curvature` edges around a turn. In the end every size is divided by `settings.refine`.
    """
    default = default_size(solids)
    sizes = []
    for solid in solids:
        _, middle, longest = sorted(solid.size)
        size = solid.mesh or settings.size or min(default, max(middle / 2, longest / 20, default / 2))
        sizes.append(min(size, pi * solid.size[0] / settings.curvature) if solid.kind in ROUND else size)
    return np.array(sizes) / settings.refine


def default_size(solids: Sequence[Solid]) -> float:
    """Edge length [m] that spends the default number of nodes on the surfaces (thin parts) or in the volumes (thick ones): the coarser."""
    count = nodes(len(solids))
    area, volume = sum(float(solid.areas.sum()) for solid in solids), sum(solid.volume for solid in solids)
    return float(max(np.sqrt(area / (TRIANGLE * count)), np.cbrt(volume / count)))


def nodes(parts: int) -> int:
    """Nodes that a default mesh of so many parts spends; what resolves small contacts may take as much again."""
    return NODES + NODES_PER_PART * parts


def is_default(solid: Solid, settings: MeshSettings) -> bool:
    """Whether nobody gave the edge length of a solid."""
    return solid.mesh is None and settings.size is None


def cells_asked(solids: Sequence[Solid], settings: MeshSettings) -> Floats:
    """Cells (n,) that the edge lengths ask for in each solid, to a factor of two: six in every cube of that edge, one layer at least.

    Nothing for what comes from a file, whose volume is known when it is read. Finer neighbours, and `mesh.adapt`, come on top.
    """
    sizes = target_sizes(solids, settings)
    asked = np.zeros(len(solids))
    for i, (solid, size) in enumerate(zip(solids, sizes, strict=True)):
        if solid.kind != "imported":
            edges = np.maximum(np.array(solid.size) / size, 1.0)
            axis, layers = slices(solid, float(size), settings.min_layers)
            edges[axis] = max(float(edges[axis]), layers)
            asked[i] = 6.0 * float(np.prod(edges))
    return asked


def slices(solid: Solid, size: float, min_layers: int) -> tuple[int, int]:
    """Axis of the thinnest direction and into how many slices the solid is cut across it, so that it gets its layers of cells.

    One slice where the edge length alone brings the layers; a cylinder is sliced across its own axis only, spheres, hollow boxes and
    what comes from a file never.
    """
    if solid.kind in ("sphere", "imported") or solid.inner_faces:
        return 2, 1
    layers = max(solid.layers or 1, min_layers)
    axis = 2 if solid.kind == "cylinder" else int(np.argmin(solid.size))
    enough = ceil(solid.size[axis] / size) if size < solid.size[axis] else 1
    return axis, (layers if enough < layers else 1)
