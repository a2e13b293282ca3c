"""Words for the boundary triangles of imported parts: their directions, the rules of the case, and what is left."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats
from meshes.cad.imported import DIRECTIONS, OTHER, ImportedSolid
from meshes.errors import GeometryError

ALIGNED = 1e-6  #: a unit normal may be off an axis by this


def by_direction(solid: ImportedSolid, local: Floats, flat: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Name of each outward triangle (f, 3, 3) in the part's axes: its direction, or the word of the rule for it, where flat; else other."""
    normal = np.cross(local[:, 1] - local[:, 0], local[:, 2] - local[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    names = np.full(len(local), OTHER, dtype="<U64")
    words = {rule.normal: name for name, rule in solid.rules.items() if rule.normal and name in solid.faces}
    for direction in DIRECTIONS:
        axis = np.eye(3)["xyz".index(direction[1])] * (-1 if direction[0] == "-" else 1)
        names[flat & (abs(normal - axis) < ALIGNED).all(axis=1)] = words.get(direction, direction)
    return names


def set_names(solid: ImportedSolid, names: NDArray[np.str_], rows: NDArray[np.int64], name: str) -> None:
    """Name triangles by a rule; raises GeometryError where another rule has named one already."""
    for other in np.unique(names[rows]).tolist():
        if other in solid.rules and other != name:
            raise GeometryError(f"part {solid.part}: faces '{other}' and '{name}' both claim one face of {solid.name}")
    names[rows] = name


def indexed(solids: Sequence[ImportedSolid], names: Sequence[NDArray[np.str_]]) -> list[NDArray[np.int32]]:
    """Names as indices into `faces`; raises GeometryError for a rule of the part that names nothing."""
    for name, rule in solids[0].rules.items():
        if not any((found == name).any() for found in names):
            what = f"no flat face looks to {rule.normal}" if rule.normal else "no triangle of the mesh lies on that face"
            raise GeometryError(f"part {solids[0].part}: faces.{name}: {what}")
    return [
        np.array([solid.faces.index(name) for name in np.unique(found)], dtype=np.int32)[np.unique(found, return_inverse=True)[1]]
        for solid, found in zip(solids, names, strict=True)
    ]
