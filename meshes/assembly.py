"""The assembly: one tetrahedral mesh of all parts as plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Touch:
    """Two parts that touch without being bonded. Row i of `facets_a` and of `facets_b` is the same triangle seen from either side.

    Corner j of a's triangle lies where corner (0, 2, 1)[j] of b's does: both are listed outward.
    """

    part_a: int
    part_b: int
    facets_a: Ids  #: (k,) rows of `Assembly.facets`
    facets_b: Ids  #: (k,)
    area: float  #: m²
    bonded: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Bond:
    """Two parts that share their nodes over `area` [m²]."""

    part_a: int
    part_b: int
    area: float


@dataclass(frozen=True, slots=True, eq=False)
class Assembly:
    """The mesh with its parts, faces and contact pairs, the same on every rank. Nodes are split between parts that are not bonded."""

    points: Floats  #: (n, 3) m
    cells: Ids  #: (c, 4), positive volume
    cell_part: NDArray[np.int32]  #: (c,)
    part_names: tuple[str, ...]  #: "panel", "tray.gpu1"
    part_material: tuple[str, ...]  #: name per part
    part_rotation: Floats  #: (p, 3, 3), local axes -> body axes
    facets: Ids  #: (f, 3) boundary triangles in their part's own nodes, a row per side, outward (right hand); no bonded interfaces
    facet_cell: Ids  #: (f,)
    facet_face: NDArray[np.int32]  #: (f,) index into `face_names`
    face_names: tuple[str, ...]  #: "panel:+x"; a face that is bonded all over has no facets
    face_part: NDArray[np.int32]  #: (number of faces,)
    touches: tuple[Touch, ...]
    facet_touch: NDArray[np.int32]  #: (f,) index into `touches`, -1 on the free surface
    assumptions: tuple[str, ...] = ()
    bonds: tuple[Bond, ...] = ()
    mesh_key: str = ""  #: digest of what shaped the mesh, the name under which it is kept; empty where it is not kept
    reused: bool = False  #: read from the store of meshes, not made anew
