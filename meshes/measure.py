"""Volumes, areas and normals of an assembly; all from the mesh, none from the drawing."""

import numpy as np

from meshes.assembly import Assembly, Floats, Ids


def cell_volumes(points: Floats, cells: Ids) -> Floats:
    """Signed volume [m³] of every tetrahedron (c,): positive when corner 3 lies on the side that the right hand turn 0, 1, 2 points to."""
    a, b, c = (points[cells[:, i]] - points[cells[:, 0]] for i in (1, 2, 3))
    return np.asarray(np.einsum("ij,ij->i", np.cross(a, b), c) / 6)


def cell_quality(points: Floats, cells: Ids) -> Floats:
    """Volume of every tetrahedron (c,) over that of a regular one with the same longest edge: 1 is perfect, 0 is flat."""
    corners = points[cells]
    longest = np.max([np.linalg.norm(corners[:, i] - corners[:, j], axis=1) for i in range(4) for j in range(i)], axis=0)
    return np.asarray(abs(cell_volumes(points, cells)) * 6 * 2**0.5 / longest**3)


def area_vectors(points: Floats, facets: Ids) -> Floats:
    """Outward normal times area [m²] of every triangle (f, 3)."""
    a, b, c = (points[facets[:, i]] for i in range(3))
    return np.asarray(np.cross(b - a, c - a) / 2)


def facet_areas(assembly: Assembly) -> Floats:
    """Area [m²] of every facet (f,)."""
    return np.asarray(np.linalg.norm(area_vectors(assembly.points, assembly.facets), axis=1))


def facet_normals(assembly: Assembly) -> Floats:
    """Outward unit normal of every facet (f, 3)."""
    vectors = area_vectors(assembly.points, assembly.facets)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def part_volumes(assembly: Assembly) -> Floats:
    """Volume [m³] of every part (p,)."""
    return np.bincount(assembly.cell_part, cell_volumes(assembly.points, assembly.cells), len(assembly.part_names))


def face_areas(assembly: Assembly, free: bool = False) -> Floats:
    """Area [m²] of every named face (number of faces,), what is bonded left out; with `free` also what touches another part."""
    weight = facet_areas(assembly) * ((assembly.facet_touch < 0) if free else 1.0)
    return np.bincount(assembly.facet_face, weight, len(assembly.face_names))
