"""Boundaries, limits and cells on faces that other parts cover: they act on what is free of a face, and on nothing where all is covered."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import listed
from heliorack.casefile.patterns import matching
from meshes.assembly import Assembly
from meshes.errors import GeometryError
from meshes.measure import facet_areas

Floats = NDArray[np.float64]

NOTHING_LEFT = 1e-6  #: of the faces' area: less is round-off of what covers them
SOME = 0.9  #: of one face; where less is free, what covers it stands beside the verdict
ALL = 0.999  #: of one face, above which what covers it is not worth a sentence


def free_faces(assembly: Assembly, free: Floats) -> tuple[str, ...]:
    """Faces of which other parts leave something, in the order of the assembly.

    Args:
        assembly: With its facets.
        free: Free fraction of each facet (f,), as in `Interfaces`.
    """
    whole, left = _areas(assembly, free)
    return tuple(name for name, all_, some in zip(assembly.face_names, whole, left, strict=True) if some > NOTHING_LEFT * all_)


def covered_boundaries(case: Case, assembly: Assembly, free: Floats) -> Iterator[str]:
    """Sentences about what a boundary, a limit or the array finds covered; patterns of boundaries mean what is free of many.

    Args:
        case: Of a body that others may share.
        assembly: Of the body.
        free: Free fraction of each facet (f,), as in `Interfaces`.

    Raises:
        GeometryError: a boundary, limit or array of whose faces nothing is free.
    """
    whole, left = _areas(assembly, free)
    some = set(free_faces(assembly, free))
    if case.power is not None and case.power.array_faces is not None:
        yield from _left_out("power.array_faces", matching(case.power.array_faces, assembly.face_names), some, "nothing is left for cells")
    for i, limit in enumerate(case.limits):
        if limit.at == "face":
            left_out = "no mean temperature is left to limit: limit its part"
            yield from _left_out(f"limits.{i}", matching(limit.on, assembly.face_names), some, left_out)
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
            if boundary.kind == "temperature":
                acts = "the temperature holds what is free and its edge"
            yield f"{'warning: ' if share < SOME else ''}boundaries.{i}: other parts cover some of {boundary.faces}; {acts}"


def _left_out(key: str, names: Sequence[str], some: set[str], nothing: str) -> Iterator[str]:
    """What is covered of the faces that a key names.

    Raises:
        GeometryError: all of them are.
    """
    gone = [name for name in names if name not in some]
    if not gone:
        return
    covered = f"{key}: other parts cover all of {listed(gone, 'and', most=3)}"
    if len(gone) == len(names):
        raise GeometryError(f"{covered}; {nothing}")
    yield f"warning: {covered}; it means the others that it names"


def _areas(assembly: Assembly, free: Floats) -> tuple[Floats, Floats]:
    """Of every face: its facets, and what is free of them [m2]."""
    area, on = facet_areas(assembly), assembly.facet_face >= 0
    face, count = assembly.facet_face[on], len(assembly.face_names)
    return np.bincount(face, area[on], count), np.bincount(face, (area * free)[on], count)
