"""The panel that radiates, as heliorack and its peer see it: mesh, materials, loads.

1 m x 1 m x 10 mm of aluminium with four boxes of 400 W in all. The outer side emits to deep space and absorbs sunlight for the first
65 % of an orbit that begins at 300 K.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMA, EMITTANCE, ABSORPTANCE, SOLAR, SPACE, START = 5.670374419e-8, 0.85, 0.25, 1361.0, 2.7, 300.0
ORBIT = 5400.0  #: s
SUNLIT = 0.65 * ORBIT
SAMPLES = np.arange(270.0, ORBIT + 1, 270.0)  #: s, at which whole fields are compared
CONDUCTIVITY, CAPACITY = np.array([167.0, 40.0]), np.array([2700.0 * 896.0, 1800.0 * 900.0])  #: of panel and boxes
PLACES, BOX = ((0.10, 0.10), (0.62, 0.14), (0.18, 0.60), (0.66, 0.66)), (0.18, 0.18, 0.04)
HEAT = 400.0 / (len(PLACES) * BOX[0] * BOX[1] * BOX[2])  #: W/m3 in the boxes


def make_mesh(size: float, path: Path) -> None:
    """Tetrahedra of that size [m], kept as arrays: points, cells, part (0 panel, 1 box), facets of the outer side and their cells."""
    import gmsh

    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    occ = gmsh.model.occ
    panel = occ.addBox(0, 0, 0, 1, 1, 0.01)
    occ.fragment([(3, panel)], [(3, occ.addBox(x, y, -BOX[2], *BOX)) for x, y in PLACES])
    occ.synchronize()
    for name, value in (("MeshSizeMax", size), ("MeshSizeMin", size), ("Algorithm3D", 10)):
        gmsh.option.setNumber(f"Mesh.{name}", value)
    gmsh.model.mesh.generate(3)
    tags, xyz, _ = gmsh.model.mesh.getNodes()
    cells, part = [], []
    for _, volume in gmsh.model.getEntities(3):
        nodes = gmsh.model.mesh.getElements(3, volume)[2][0].reshape(-1, 4)
        cells.append(nodes)
        part.append(np.full(len(nodes), int(occ.getCenterOfMass(3, volume)[2] < 0), dtype=np.int32))
    gmsh.finalize()
    used, corners = np.unique(np.vstack(cells), return_inverse=True)
    place = np.zeros(int(tags.max()) + 1, dtype=np.int64)
    place[tags.astype(np.int64)] = np.arange(len(tags))
    points, corners = xyz.reshape(-1, 3)[place[used.astype(np.int64)]], corners.reshape(-1, 4).astype(np.int64)
    a, b, c, d = (points[corners[:, i]] for i in range(4))
    turned = np.einsum("ij,ij->i", np.cross(b - a, c - a), d - a) < 0
    corners[turned, 2:] = corners[turned, :1:-1]
    outer = np.isclose(points[:, 2], 0.01)[corners]
    owner = np.flatnonzero(outer.sum(axis=1) == 3)
    facets = corners[owner][outer[owner]].reshape(-1, 3)
    np.savez(path, points=points, cells=corners, part=np.concatenate(part), facets=facets, owner=owner)


def load(path: str) -> dict[str, Any]:
    """The arrays."""
    with np.load(path) as kept:
        return {name: kept[name] for name in kept.files}
