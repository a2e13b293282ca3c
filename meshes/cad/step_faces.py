"""Faces of STEP solids by the words of the case: which surface a rule means, and which boundary triangles lie on it."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats
from meshes.beside import Tell
from meshes.cad.face_rules import by_direction, indexed, set_names
from meshes.cad.imported import FaceRule, ImportedSolid, listed
from meshes.cad.step_names import bodies
from meshes.cad.step_solids import NEAR, Drawn, read
from meshes.errors import GeometryError


def claims(gmsh: Any, solids: Sequence[ImportedSolid], mine: Sequence[Drawn]) -> dict[tuple[int, int], str]:
    """Which surface, as (position of the sub-part, surface), a rule by point, colour or label names.

    Raises:
        GeometryError: a rule finds no face, or as near a point two of them, or two of one solid by one label; two rules find the same.
    """
    taken: dict[tuple[int, int], str] = {}
    for name, rule in solids[0].rules.items():
        if rule.normal is not None:
            continue
        allowed = [
            (i, tag)
            for i, (solid, one) in enumerate(zip(solids, mine, strict=True))
            if fnmatchcase(solid.name.removeprefix(f"{solid.part}."), rule.of)
            for tag in one.surfaces
        ]
        where = f"part {solids[0].part}: faces.{name}"
        if rule.nearest is not None:
            hits = [_nearest(gmsh.model.occ, where, rule.nearest, allowed, [solid.name for solid in solids])]
        elif rule.label is not None:
            hits = _labelled(where, rule, allowed, solids, mine)
        else:
            wanted = tuple(round(c) for c in rule.color or ())
            hits = [key for key in allowed if tuple(gmsh.model.getColor(2, key[1])[:3]) == wanted]
            if not hits:
                raise GeometryError(f"{where}: no face has the color {list(wanted)}")
        for key in hits:
            if key in taken:
                owner = solids[key[0]]
                raise GeometryError(f"part {owner.part}: faces '{taken[key]}' and '{name}' both claim one face of {owner.name}")
            taken[key] = name
    return taken


def _nearest(occ: Any, where: str, point: Sequence[float], allowed: Sequence[tuple[int, int]], names: Sequence[str]) -> tuple[int, int]:
    """The surface nearest to a point [m]."""
    probe = occ.addPoint(*point)
    apart = np.array([occ.getDistance(0, probe, 2, tag)[0] for _, tag in allowed])
    occ.remove([(0, probe)])
    ties = [allowed[i] for i in np.flatnonzero(apart < apart.min() + NEAR).tolist()]
    if len(ties) > 1:
        whose = ", ".join(dict.fromkeys(names[i] for i, _ in ties))
        said = f"{where}.nearest_mm is as near to {len(ties)} faces (of {whose})"
        raise GeometryError(f"{said}; move the point off the edge, or say whose with of")
    return ties[0]


def _labelled(
    where: str, rule: FaceRule, allowed: Sequence[tuple[int, int]], solids: Sequence[ImportedSolid], mine: Sequence[Drawn]
) -> list[tuple[int, int]]:
    """The surfaces of a label, one of each solid at most."""
    file, whose = solids[0].path, dict.fromkeys(i for i, _ in allowed)
    if not any(rule.label in body.names for body in bodies(file)):
        there = sorted({name for body in bodies(file) for name in body.names if name})
        raise GeometryError(f"{where}: no face of {file.name} has the label {rule.label!r}; it has {listed(there) or 'no labels'}")
    for i in whose:
        if mine[i].words is None:
            raise GeometryError(
                f"{where}: the faces of {solids[i].name}, as the geometry kernel made them, are not told by those of {file.name} (mended, "
                "or alike but for their labels); name the face by nearest_mm, normal or color, or say whose with of"
            )
        count = list((mine[i].words or {}).values()).count(rule.label or "")
        if count > 1:
            raise GeometryError(f"{where}: {count} faces of {solids[i].name} have the label {rule.label!r}; name one by nearest_mm")
    hits = [(i, tag) for i, tag in allowed if (mine[i].words or {}).get(tag) == rule.label]
    if not hits:
        there = sorted({name for i in whose for name in (mine[i].words or {}).values()})
        names = ", ".join(solids[i].name for i in whose)
        raise GeometryError(f"{where}: no face of {names} has the label {rule.label!r}; there is {listed(there) or 'no label'}")
    return hits


def face_labels(gmsh: Any, _: Tell, solids: Sequence[ImportedSolid], corners: Sequence[Floats]) -> list[NDArray[np.int32]]:
    """Face of every boundary triangle of the sub-parts of one part, as an index into each one's `faces`.

    Args:
        corners: For each sub-part (f, 3, 3) [m], body axes, outward.

    Raises:
        GeometryError: as `claims`; a direction that no face has, or that is claimed by another rule.
    """
    drawn = read(gmsh, solids[0])
    mine = [drawn[solid.found.index] for solid in solids if solid.found is not None]
    taken = claims(gmsh, solids, mine)
    found = []
    for i, (solid, one) in enumerate(zip(solids, mine, strict=True)):
        local = solid.local(corners[i])
        names = by_direction(solid, local, _on_planes(gmsh.model, one.surfaces, local))
        for (owner, surface), name in taken.items():
            if owner == i:
                set_names(solid, names, _on_surface(gmsh.model, surface, local), name)
        found.append(names)
    return indexed(solids, found)


def _on_planes(model: Any, surfaces: Sequence[int], local: Floats) -> NDArray[np.bool_]:
    """Whether each triangle (f, 3, 3) lies on a flat surface."""
    on = np.zeros(len(local), dtype=bool)
    for tag in surfaces:
        if model.getType(2, tag) == "Plane":
            low, high = model.getParametrizationBounds(2, tag)
            middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
            normal, point = np.array(model.getNormal(tag, middle)), np.array(model.getValue(2, tag, middle))
            on |= (abs((local - point) @ normal) < NEAR).all(axis=1)
    return on


def _on_surface(model: Any, tag: int, local: Floats) -> NDArray[np.int64]:
    """Rows of the triangles (f, 3, 3) that lie on a surface: corners on it, and the middle within its edges."""
    box = np.array(model.getBoundingBox(2, tag))
    rows = np.flatnonzero(((local > box[:3] - NEAR) & (local < box[3:] + NEAR)).all(axis=(1, 2)))
    if not len(rows):
        return rows
    on, _ = model.getClosestPoint(2, tag, local[rows].ravel())
    rows = rows[(np.linalg.norm(np.reshape(on, (-1, 3, 3)) - local[rows], axis=2) < NEAR).all(axis=1)]
    middle, _ = model.getClosestPoint(2, tag, local[rows].mean(axis=1).ravel()) if len(rows) else ([], [])
    inside = [model.isInside(2, tag, point) > 0 for point in np.reshape(middle, (-1, 3)).tolist()]
    return rows[np.array(inside, dtype=bool)]
