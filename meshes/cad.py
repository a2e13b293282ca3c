"""STEP files (AP203, AP214, AP242), `[[parts]]` with kind step: the table, and how gmsh's OpenCASCADE kernel reads it.

Lengths are turned into metres by the unit that the file states. The functions take the gmsh module with an open session (meshes/occ.py).
"""

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

from meshes.assembly import Floats
from meshes.errors import GeometryError
from meshes.imported import (
    DIRECTIONS,
    OTHER,
    FaceRule,
    Found,
    Imported,
    ImportedSolid,
    Label,
    check_file,
    chosen,
    listed,
    measured,
    pieces_of,
)
from meshes.step_names import bodies, names_of

NEAR = 1e-6  #: m; a mesh node lies on a surface within this: ten times the kernel's tolerance (OpenCASCADE's Precision::Confusion)
ALIGNED = 1e-6  #: a unit normal may be off an axis by this
HEALING = ("OCCFixDegenerated", "OCCFixSmallEdges", "OCCFixSmallFaces")
SEWING = ("OCCSewFaces", "OCCMakeSolids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Imported):
    """Solids of a STEP file, told apart by product name, instance name or colour; faces also by the names that the file gives them.

    Flat faces along the part's axes are called -x ... +z, faces of `faces` by their own words, everything else "other". What touches within
    the file or touches other parts shares a matching mesh, so contacts are found as for any part.
    """

    kind: Literal["step"] = "step"  #: solids of a STEP file
    unit_scale: Annotated[float, "-", Gt(0)] = 1.0  #: times the unit that the file states; 0.001 for a file in mm that says m
    healing: bool = False  #: mend tiny edges and faces, and sew surfaces into solids where the file has no solid
    drop_features: Annotated[float, "mm", Gt(0)] | None = None  #: remove holes, fillets and marks whose faces are all shorter: fewer cells

    def sub_parts(self) -> tuple[ImportedSolid, ...]:
        """The solids that the case names; the file is not touched."""
        return tuple(replace(s, healing=self.healing, drop=self.drop_features or 0.0) for s in pieces_of(self, "step", self.unit_scale))


@dataclass(slots=True)
class Drawn:
    """A solid of the file in the open model."""

    tag: int
    label: Label
    removed: float = 0.0  #: m³ that small features had, in the file's scale
    surfaces: list[int] = field(default_factory=list)
    words: dict[int, str] | None = None  #: names of surfaces in the file; None: not asked for, or the kernel's faces are not the file's


def read(gmsh: Any, solid: ImportedSolid) -> list[Drawn]:
    """All solids of the file that `solid` comes from, in the order of the file, in metres and the file's own axes.

    Raises:
        GeometryError: no such file, not a STEP file, no solids in it, features that cannot be removed.
    """
    check_file(solid.path, solid.part)
    occ = gmsh.model.occ
    shapes = _imported(gmsh, solid, HEALING if solid.healing else ())
    if solid.healing and not any(dim == 3 for dim, _ in shapes):
        occ.remove(shapes, recursive=True)
        shapes = _imported(gmsh, solid, (*HEALING, *SEWING))
    occ.synchronize()
    found = [Drawn(tag, _label(gmsh.model, tag)) for dim, tag in shapes if dim == 3]
    if not found:
        surfaces = sum(dim == 2 for dim, _ in shapes)
        raise GeometryError(
            f"part {solid.part}: {solid.path.name} holds {surfaces} surfaces and no solid; "
            f"{'they do not close' if solid.healing else 'export solids, or set healing = true to sew the surfaces'}"
        )
    if any(rule.label for rule in solid.rules.values()):
        for one in found:
            one.words = _words(gmsh.model, one, solid)
    for one in found:
        if solid.drop:
            _drop_features(gmsh.model, one, solid)
    before = [_surfaces(gmsh.model, one) for one in found]
    if solid.scale != 1.0:
        occ.dilate([(3, one.tag) for one in found], 0, 0, 0, *[solid.scale] * 3)
    occ.synchronize()
    for one, tags in zip(found, before, strict=True):
        one.surfaces = _surfaces(gmsh.model, one)
        if one.words:  # other tags after dilation, in the same order
            one.words = {new: one.words[old] for old, new in zip(tags, one.surfaces, strict=True) if old in one.words}
    return found


def _surfaces(model: Any, one: Drawn) -> list[int]:
    return [tag for _, tag in model.getBoundary([(3, one.tag)], oriented=False)]


@contextmanager
def _options(gmsh: Any, names: Sequence[str]) -> Iterator[None]:
    """Labels on, metres, and the given corrections while a file is read."""
    flags = {f"Geometry.{name}": gmsh.option.getNumber(f"Geometry.{name}") for name in ("OCCImportLabels", *HEALING, *SEWING)}
    unit = gmsh.option.getString("Geometry.OCCTargetUnit")
    try:
        for name in flags:
            gmsh.option.setNumber(name, name.removeprefix("Geometry.") in ("OCCImportLabels", *names))
        gmsh.option.setString("Geometry.OCCTargetUnit", "M")
        yield
    finally:
        for name, value in flags.items():
            gmsh.option.setNumber(name, value)
        gmsh.option.setString("Geometry.OCCTargetUnit", unit)


def _imported(gmsh: Any, solid: ImportedSolid, corrections: Sequence[str]) -> list[tuple[int, int]]:
    with _options(gmsh, corrections):
        try:
            return list(gmsh.model.occ.importShapes(str(solid.path), highestDimOnly=True, format="step"))
        except Exception as error:  # gmsh raises Exception itself
            raise GeometryError(f"part {solid.part}: {solid.path.name} cannot be read as STEP ({error})") from error


def _label(model: Any, tag: int) -> Label:
    """Names of a solid: assembly/instance/product, the product alone, the instance alone; and its colour."""
    full = model.getEntityName(3, tag).removeprefix("Shapes/")
    steps = full.split("/")
    names = tuple(dict.fromkeys((full, *steps[::-1][:2]))) if full else ("unnamed",)
    red, green, blue, alpha = model.getColor(3, tag)
    return Label(names, (red, green, blue) if alpha else None)


def _words(model: Any, one: Drawn, solid: ImportedSolid) -> dict[int, str] | None:
    """Names of the surfaces of a solid as it was read; None where its faces are not those of a solid of the file."""
    surfaces = _surfaces(model, one)
    corners = []
    for tag in surfaces:
        points = model.getBoundary([(2, tag)], oriented=False, combined=False, recursive=True)
        corners.append(np.array([model.getValue(0, point, []) for point in sorted({point for _, point in points})]).reshape(-1, 3))
    names = names_of(bodies(solid.path), one.label.names[min(1, len(one.label.names) - 1)], corners)
    return None if names is None else {tag: name for tag, name in zip(surfaces, names, strict=True) if name}


def _middle(model: Any, tag: int) -> tuple[float, float, float]:
    """A point within the edges of a surface."""
    low, high = model.getParametrizationBounds(2, tag)
    for n in range(1, 200):
        part = n * 0.754877666 % 1, n * 0.569840291 % 1  # low-discrepancy: they fill the square evenly
        point = model.getValue(2, tag, [a + (b - a) * f for a, b, f in zip(low, high, part, strict=True)])
        if model.isInside(2, tag, point) > 0:
            return tuple(point.tolist())
    return tuple(model.getValue(2, tag, [(a + b) / 2 for a, b in zip(low, high, strict=True)]).tolist())


def _carried(model: Any, points: dict[str, tuple[float, float, float]], surfaces: Sequence[int]) -> dict[int, str]:
    """Names of surfaces by a point within each of those that bore the names before; names of what is gone are left out."""
    return {tag: name for name, point in points.items() for tag in surfaces if _holds(model, tag, point)}


def _holds(model: Any, tag: int, point: Sequence[float]) -> bool:
    on, _ = model.getClosestPoint(2, tag, point)
    return float(np.linalg.norm(np.array(on) - point)) < NEAR and model.isInside(2, tag, point) > 0


def _drop_features(model: Any, one: Drawn, solid: ImportedSolid) -> None:
    """Remove faces shorter than `drop` from a solid; the neighbours are extended to close it."""
    small = [tag for tag in _surfaces(model, one) if _extent(model, tag) * solid.scale < solid.drop]
    if not small:
        return
    before = model.occ.getMass(3, one.tag)
    words = {name: _middle(model, tag) for tag, name in (one.words or {}).items() if tag not in small}
    try:
        out = [tag for dim, tag in model.occ.defeature([one.tag], small) if dim == 3]
        model.occ.synchronize()
    except Exception as error:
        raise GeometryError(_stuck(solid, one, len(small))) from error
    if len(out) != 1:
        raise GeometryError(_stuck(solid, one, len(small)))
    one.tag = out[0]
    one.removed = model.occ.getMass(3, one.tag) - before
    now = _surfaces(model, one)
    one.words = None if one.words is None else _carried(model, words, now)
    left = [tag for tag in now if _extent(model, tag) * solid.scale < solid.drop]
    if left:
        raise GeometryError(_stuck(solid, one, len(left)))


def _stuck(solid: ImportedSolid, one: Drawn, count: int) -> str:
    return (
        f"part {solid.part}: {count} faces of {one.label} are shorter than drop_features_mm = {solid.drop * 1e3:g} "
        "and cannot be removed; try a smaller one"
    )


def _extent(model: Any, tag: int) -> float:
    box = np.array(model.getBoundingBox(2, tag))
    return float((box[3:] - box[:3]).max())


def located(gmsh: Any, solids: Sequence[ImportedSolid]) -> list[ImportedSolid]:
    """The sub-parts of one part with what the file says of them; raises GeometryError as `read`, `chosen` and `claims`."""
    drawn = read(gmsh, solids[0])
    index = chosen(solids, [one.label for one in drawn], "solid")
    mine = [drawn[i] for i in index]
    named = {owner for owner, tag in claims(gmsh, solids, mine) if gmsh.model.getType(2, tag) != "Plane"}
    return [measured(solid, found) for solid, found in zip(solids, _found(gmsh.model, solids, mine, index, named), strict=True)]


def _found(
    model: Any, solids: Sequence[ImportedSolid], mine: Sequence[Drawn], index: Sequence[int], named: Container[int]
) -> Iterator[Found]:
    for row, (solid, one, i) in enumerate(zip(solids, mine, index, strict=True)):
        box = model.occ.getBoundingBox(3, one.tag)
        said = []
        if one.removed:
            volume = one.removed * solid.scale**3 * 1e9
            said.append(f"{solid.name}: features below {solid.drop * 1e3:g} mm are left out, which adds {volume:.4g} mm3.")
        yield Found(
            index=i,
            volume=model.occ.getMass(3, one.tag),
            area=sum(model.occ.getMass(2, tag) for tag in one.surfaces),
            low=box[:3],
            high=box[3:],
            flat=all(model.getType(2, tag) == "Plane" for tag in one.surfaces),
            said=tuple(said),
            named=row in named,
        )


def placed_volumes(gmsh: Any, solids: Sequence[ImportedSolid], turn: tuple[Sequence[float], float]) -> list[list[tuple[int, int]]]:
    """The volumes of the sub-parts of one part in body axes; the rest of the file is removed.

    Args:
        turn: Axis and angle [rad] of the part's rotation.
    """
    occ = gmsh.model.occ
    drawn = read(gmsh, solids[0])
    used = [solid.found.index for solid in solids if solid.found is not None]
    rest = [(3, one.tag) for i, one in enumerate(drawn) if i not in used]
    if rest:
        occ.remove(rest, recursive=True)
    made = [(3, drawn[i].tag) for i in used]
    axis, angle = turn
    if angle != 0.0:
        occ.rotate(made, 0, 0, 0, *axis, angle)
    occ.translate(made, *solids[0].centre)
    return [[volume] for volume in made]


# ------------------------------------------------------------------------------------------------------------------ faces


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


def face_labels(gmsh: Any, solids: Sequence[ImportedSolid], corners: Sequence[Floats]) -> list[NDArray[np.int32]]:
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
