"""Regular boxes of tetrahedra without gmsh: for verification and benchmarks, where the mesh must be known exactly."""

from itertools import permutations

import numpy as np

from meshes.assemble import from_split
from meshes.assembly import Assembly, Ids
from meshes.errors import GeometryError
from meshes.shapes.solid import Solid, Vector
from meshes.split import oriented, split_parts


def structured_box(
    divisions: tuple[int, int, int],
    size: Vector,
    origin: Vector = (0.0, 0.0, 0.0),
    name: str = "box",
    material: str = "material",
) -> Assembly:
    """A box of nx x ny x nz bricks, each cut into six tetrahedra along its diagonal (Kuhn 1960, Some combinatorial lemmas in topology).

    Args:
        divisions: nx, ny, nz.
        size: Edge lengths [m].
        origin: Corner of least x, y, z [m].

    Returns:
        One part with faces -x, +x, -y, +y, -z, +z and no touches. Nodes count x fastest, then y, then z. Boxes of like divisions match
        on their common face.

    Raises:
        GeometryError: a division or an edge that is not positive.

    >>> structured_box((2, 1, 1), (0.2, 0.1, 0.1)).cells.shape
    (12, 4)
    """
    if min(divisions) < 1 or min(size) <= 0:
        raise GeometryError(f"structured box {name}: divisions {divisions} and size {size} m must be positive")
    x, y, z = (start + np.linspace(0.0, 1.0, n + 1) * edge for start, n, edge in zip(origin, divisions, size, strict=True))
    points = np.stack([axis.ravel() for axis in np.meshgrid(z, y, x, indexing="ij")][::-1], axis=1)
    cells = oriented(points, _kuhn(divisions))
    part = np.zeros(len(cells), dtype=np.int32)
    a, b, c = (start + edge / 2 for start, edge in zip(origin, size, strict=True))
    solid = Solid(name=name, kind="box", size=size, material=material, centre=(a, b, c))
    return from_split([solid], split_parts(points, cells, part), part)


def _kuhn(divisions: tuple[int, int, int]) -> Ids:
    """Cells (6 nx ny nz, 4): from each brick's lowest corner to its highest by every order of the steps x, y, z."""
    nx, ny, nz = divisions
    step = np.array([1, nx + 1, (nx + 1) * (ny + 1)], dtype=np.int64)
    k, j, i = np.meshgrid(np.arange(nz), np.arange(ny), np.arange(nx), indexing="ij")
    low = (i * step[0] + j * step[1] + k * step[2]).ravel()
    walks = np.array([np.cumsum([0, *step[list(order)]]) for order in permutations(range(3))])
    return np.asarray((low[:, None, None] + walks).reshape(-1, 4), dtype=np.int64)
