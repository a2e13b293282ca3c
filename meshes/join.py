"""Assemblies side by side: where their facets coincide, their parts touch."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from meshes.assembly import Assembly, Floats, Touch
from meshes.contacts.bond import Bonded, bond
from meshes.errors import APART, GeometryError
from meshes.measure import facet_areas, part_volumes
from meshes.split import touch_of_facets


def join(assemblies: Sequence[Assembly], tolerance: float = 1e-9, bonded: Bonded = lambda a, b: False, matching: bool = True) -> Assembly:
    """Put assemblies together, in order.

    Args:
        assemblies: Of matching meshes where they touch; what touches or is bonded within one of them stays so.
        tolerance: Distance [m] within which two points are the same.
        bonded: As in `assemble`.
        matching: False to accept boxes that lie on each other with other triangles: no touch is listed there, a contact finds it.

    Raises:
        GeometryError: a part name occurs twice, or boxes along the axes lie on each other with triangles that do not match.
    """
    names = [name for assembly in assemblies for name in assembly.part_names]
    if len(set(names)) < len(names):
        raise GeometryError(f"parts: {', '.join(sorted({name for name in names if names.count(name) > 1}))} named twice")
    whole = _with_new_touches(_side_by_side(assemblies), tolerance)
    _check_boxes(whole, tolerance, matching)
    return bond(whole, bonded)


def _side_by_side(assemblies: Sequence[Assembly]) -> Assembly:
    """All arrays one after the other, indices shifted; touches are kept, new ones not yet found."""
    counts = [(len(a.points), len(a.cells), len(a.part_names), len(a.facets), len(a.face_names)) for a in assemblies]
    starts = np.cumsum([(0, 0, 0, 0, 0), *counts], axis=0)[:-1].tolist()
    moved = [_shifted(assembly, *start) for assembly, start in zip(assemblies, starts, strict=True)]
    touches = tuple(touch for a in moved for touch in a.touches)
    return Assembly(
        points=np.concatenate([a.points for a in moved]),
        cells=np.concatenate([a.cells for a in moved]),
        cell_part=np.concatenate([a.cell_part for a in moved]),
        part_names=tuple(name for a in moved for name in a.part_names),
        part_material=tuple(name for a in moved for name in a.part_material),
        part_rotation=np.concatenate([a.part_rotation for a in moved]),
        facets=np.concatenate([a.facets for a in moved]),
        facet_cell=np.concatenate([a.facet_cell for a in moved]),
        facet_face=np.concatenate([a.facet_face for a in moved]),
        face_names=tuple(name for a in moved for name in a.face_names),
        face_part=np.concatenate([a.face_part for a in moved]),
        touches=touches,
        facet_touch=touch_of_facets(sum(len(a.facets) for a in moved), touches),
        assumptions=tuple(dict.fromkeys(sentence for a in moved for sentence in a.assumptions)),
        bonds=tuple(pair for a in moved for pair in a.bonds),
    )


def _shifted(assembly: Assembly, points: int, cells: int, parts: int, facets: int, faces: int) -> Assembly:
    """The assembly numbered from the given starts."""
    return replace(
        assembly,
        cells=assembly.cells + points,
        cell_part=assembly.cell_part + np.int32(parts),
        facets=assembly.facets + points,
        facet_cell=assembly.facet_cell + cells,
        facet_face=assembly.facet_face + np.int32(faces),
        face_part=assembly.face_part + np.int32(parts),
        touches=tuple(
            replace(t, part_a=t.part_a + parts, part_b=t.part_b + parts, facets_a=t.facets_a + facets, facets_b=t.facets_b + facets)
            for t in assembly.touches
        ),
        bonds=tuple(replace(pair, part_a=pair.part_a + parts, part_b=pair.part_b + parts) for pair in assembly.bonds),
    )


def _with_new_touches(whole: Assembly, tolerance: float) -> Assembly:
    """Find free facets of different parts whose corners coincide; the second of each pair is turned to mirror the first."""
    from scipy.spatial import cKDTree

    free = np.flatnonzero(whole.facet_touch < 0)
    corners: Floats = whole.points[whole.facets[free]]
    part = whole.face_part[whole.facet_face[free]]
    pairs = cKDTree(corners.mean(axis=1)).query_pairs(tolerance, output_type="ndarray")
    swap = part[pairs[:, 0]] > part[pairs[:, 1]]
    a, b = np.where(swap[:, None], pairs[:, ::-1], pairs).T
    turned = np.stack([np.roll(corners[b], turn, axis=1)[:, [0, 2, 1]] for turn in range(3)])
    apart = np.linalg.norm(corners[a] - turned, axis=3).max(axis=2)
    same = (apart.min(axis=0) <= 2 * tolerance) & (part[a] != part[b])
    a, b, turn = a[same], b[same], apart.argmin(axis=0)[same]
    facets = whole.facets.copy()
    facets[free[b]] = np.take_along_axis(whole.facets[free[b]], (np.arange(3) - turn[:, None]) % 3, axis=1)
    areas = facet_areas(whole)[free]
    touches = list(whole.touches)
    for one, other in sorted(set(zip(part[a].tolist(), part[b].tolist(), strict=True))):
        rows = np.flatnonzero((part[a] == one) & (part[b] == other))
        rows = rows[np.argsort(a[rows])]
        touches.append(Touch(one, other, free[a[rows]], free[b[rows]], float(areas[a[rows]].sum())))
    ordered = tuple(sorted(touches, key=lambda touch: (touch.part_a, touch.part_b)))
    return replace(whole, facets=facets, touches=ordered, facet_touch=touch_of_facets(len(facets), ordered))


def _check_boxes(whole: Assembly, tolerance: float, matching: bool) -> None:
    """Raise GeometryError where two boxes along the axes overlap, or (with `matching`) touch over more area than their triangles match."""
    count = len(whole.part_names)
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    owner = np.repeat(whole.cell_part, 4)
    np.minimum.at(low, owner, whole.points[whole.cells.ravel()])
    np.maximum.at(high, owner, whole.points[whole.cells.ravel()])
    box = abs(part_volumes(whole) / np.prod(high - low, axis=1) - 1) < 1e-9
    matched = {(pair.part_a, pair.part_b): pair.area for pair in whole.bonds}
    matched |= {(touch.part_a, touch.part_b): touch.area for touch in whole.touches}
    for i in range(count):
        common = np.minimum(high[i], high[i + 1 :]) - np.maximum(low[i], low[i + 1 :])
        for j in (np.flatnonzero((common > -tolerance).all(axis=1) & box[i] & box[i + 1 :])).tolist():
            thin = common[j] <= tolerance
            area = float(np.prod(common[j][~thin]))
            names = f"parts {whole.part_names[i]} and {whole.part_names[i + 1 + j]}"
            if thin.sum() == 0:
                raise GeometryError(f"{names} overlap by {area * 1e9:.4g} mm3; {APART}")
            if matching and thin.sum() == 1 and abs(matched.get((i, i + 1 + j), 0.0) - area) > 1e-6 * area:
                have = matched.get((i, i + 1 + j), 0.0)
                raise GeometryError(
                    f"{names} lie on each other over {area * 1e6:.6g} mm2, but their triangles match over {have * 1e6:.6g} mm2"
                )
