"""What parts that stand for several (`count`) cover on their neighbours: all their feet, not the one that is drawn."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from heliorack.model.interfaces import Interface, Interfaces
from meshes.assembly import Assembly
from meshes.errors import GeometryError
from meshes.measure import facet_areas

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

ROUND = 1e-6  #: of a face; feet may cover so much more than there is before they do not fit


def free_beside_all_feet(assembly: Assembly, found: Interfaces, count: Floats) -> Floats:
    """Free fraction of each facet (f,) once every foot of counted parts is set down.

    Where the undrawn feet stand nobody says. What they cover is taken evenly from what is left of the face that the drawn one stands on.

    Args:
        assembly: Meshed.
        found: Its interfaces, with the free fraction that the drawn feet leave.
        count: How many equal parts each part stands for, (parts,).

    Raises:
        GeometryError: the feet of a counted part do not fit on the face that they stand on.
    """
    free, area = found.free.copy(), facet_areas(assembly)
    for face in found.found:
        for many, one in ((face.part_a, face.part_b), (face.part_b, face.part_a)):
            if count[many] > count[one]:
                others = count[many] / count[one] - 1
                for rows, share in _faces(assembly, face, one, area, found.free):
                    _cover(assembly, free, area, rows, others * share, many, count)
    return free


def _cover(assembly: Assembly, free: Floats, area: Floats, rows: Ids, wanted: float, many: int, count: Floats) -> None:
    """Take an area [m2] evenly from the free part of some facets; of one face."""
    left = float(free[rows] @ area[rows])
    if wanted > left + ROUND * float(area[rows].sum()):
        names, face = assembly.part_names, assembly.face_names[int(assembly.facet_face[rows[0]])]
        raise GeometryError(
            f"{names[many]} stands for {count[many]:g} parts (count), whose other feet cover {wanted * 1e6:.4g} mm2 of {face}, where "
            f"{left * 1e6:.4g} mm2 are free; lower count, or write the parts out where they stand"
        )
    if left > 0:
        kept = max(0.0, 1.0 - wanted / left)
        free[rows] *= kept if kept > ROUND else 0.0


def _faces(assembly: Assembly, face: Interface, part: int, area: Floats, free: Floats) -> Iterator[tuple[Ids, float]]:
    """Facets of each face of a part that an interface lies on, and the area of the interface there [m2]."""
    if face.touch >= 0:
        touch = assembly.touches[face.touch]
        rows = touch.facets_a if touch.part_a == part else touch.facets_b
        used = np.isin(assembly.facets[rows], face.triplets[0]).all(axis=1)
        rows = rows[used]
        covered = area[rows]
    else:
        mine = np.flatnonzero((assembly.face_part[assembly.facet_face] == part) & (free < 1))
        rows = mine[np.isin(assembly.facets[mine], face.triplets[0]).all(axis=1)]
        covered = area[rows] * (1 - free[rows])
    on = assembly.facet_face[rows]
    total = float(covered.sum())
    for one in np.unique(on).tolist():
        yield np.flatnonzero(assembly.facet_face == one), face.area * float(covered[on == one].sum()) / total
