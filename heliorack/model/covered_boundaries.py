"""Boundaries on faces that other parts cover: what is prescribed acts on what is free of a face, and on nothing where all is covered."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import listed
from heliorack.casefile.patterns import matching
from meshes.assembly import Assembly
from meshes.errors import GeometryError
from meshes.measure import facet_areas

NOTHING_LEFT = 1e-6  #: of the faces' area: less is round-off of what covers them
ALL = 0.999  #: of one face, above which what covers it is not worth a sentence


def covered_boundaries(case: Case, assembly: Assembly, free: NDArray[np.float64]) -> Iterator[str]:
    """Sentences about single faces of which a boundary finds a part covered; patterns mean what is free of many.

    Args:
        free: Free fraction of each facet (f,), as in `Interfaces`.

    Raises:
        GeometryError: a boundary or an array of whose faces nothing is free, or a limit on such a face.
    """
    area, count = facet_areas(assembly), len(assembly.face_names)
    on = assembly.facet_face >= 0
    face = assembly.facet_face[on]
    whole, left = (np.bincount(face, weights, count) for weights in (area[on], (area * free)[on]))
    if case.power is not None and case.power.array_faces is not None:
        cells = [assembly.face_names.index(name) for name in matching(case.power.array_faces, assembly.face_names)]
        if cells and left[cells].sum() <= NOTHING_LEFT * whole[cells].sum():
            named = listed([assembly.face_names[j] for j in cells], "and", most=3)
            raise GeometryError(f"power.array_faces: other parts cover all of {named}; nothing is left for cells")
    for i, limit in enumerate(case.limits):
        for name in matching(limit.on, assembly.face_names) if limit.at == "face" else ():
            j = assembly.face_names.index(name)
            if left[j] <= NOTHING_LEFT * whole[j]:
                raise GeometryError(f"limits.{i}: other parts cover all of {name}, which so has no mean temperature; limit its part")
    for i, boundary in enumerate(case.boundaries):
        mine = [j for j, name in enumerate(assembly.face_names) if fnmatchcase(name, boundary.faces)]
        if not mine:
            continue
        share = left[mine].sum() / max(whole[mine].sum(), 1e-30)  # what is bonded has no facets
        if share < NOTHING_LEFT:
            raise GeometryError(
                f"boundaries.{i}: other parts cover all of {boundary.faces}, and nothing is left for the {boundary.kind}; "
                "name the outer face of what covers it, or heat_W of a part"
            )
        if len(mine) == 1 and share < ALL:
            acts = f"the {boundary.kind} acts on the {left[mine].sum():.4g} m2 that are free of {whole[mine].sum():.4g}"
            yield f"warning: boundaries.{i}: other parts cover some of {boundary.faces}; {acts}"
