"""Solids of a STEP file as gmsh's OpenCASCADE kernel reads them: labels, names of their surfaces, healing, removal of small features.

The functions take the gmsh module with an open session (meshes/gmsh_session.py) and draw into its model, in metres and the file's own axes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meshes.cad.imported import ImportedSolid, Label, check_file
from meshes.cad.step_names import bodies, body_names, names_of
from meshes.errors import GeometryError

NEAR = 1e-6  #: m; a point lies on a surface within this: ten times the kernel's tolerance (OpenCASCADE's Precision::Confusion)
UNNAMED = "unnamed"  #: how a solid is called that has no name
HEALING = ("OCCFixDegenerated", "OCCFixSmallEdges", "OCCFixSmallFaces")
SEWING = ("OCCSewFaces", "OCCMakeSolids")


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
    _name_bodies(gmsh.model, found, solid)
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
    names = tuple(dict.fromkeys((full, *steps[::-1][:2]))) if full else (UNNAMED,)
    red, green, blue, alpha = model.getColor(3, tag)
    return Label(names, (red, green, blue) if alpha else None)


def _name_bodies(model: Any, found: Sequence[Drawn], solid: ImportedSolid) -> None:
    """Tell solids of one product apart by the names that they bear themselves, which the kernel does not hand out."""
    alike: dict[str, list[Drawn]] = {}
    for one in found:
        alike.setdefault(one.label.names[0], []).append(one)
    for full, mine in alike.items():
        if full != UNNAMED and len(mine) == 1:
            continue
        corners = [[_corners(model, tag) for tag in _surfaces(model, one)] for one in mine]
        names = body_names(bodies(solid.path), "" if full == UNNAMED else mine[0].label.names[1], corners)
        for one, name in zip(mine, names or (), strict=False):
            if name:
                known = () if full == UNNAMED else one.label.names[1:]
                first = name if full == UNNAMED else f"{full}/{name}"
                one.label = Label(tuple(dict.fromkeys((first, *known, name))), one.label.color)


def _corners(model: Any, tag: int) -> NDArray[np.float64]:
    """Vertices (k, 3) of a surface."""
    points = model.getBoundary([(2, tag)], oriented=False, combined=False, recursive=True)
    return np.array([model.getValue(0, point, []) for point in sorted({point for _, point in points})]).reshape(-1, 3)


def _words(model: Any, one: Drawn, solid: ImportedSolid) -> dict[int, str] | None:
    """Names of the surfaces of a solid as it was read; None where its faces are not those of a solid of the file."""
    surfaces = _surfaces(model, one)
    corners = [_corners(model, tag) for tag in surfaces]
    names = names_of(bodies(solid.path), one.label.names[min(1, len(one.label.names) - 1)], corners)
    return None if names is None else {tag: name for tag, name in zip(surfaces, names, strict=True) if name}


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
    except Exception as error:  # gmsh raises Exception itself
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


def _stuck(solid: ImportedSolid, one: Drawn, count: int) -> str:
    return (
        f"part {solid.part}: {count} faces of {one.label} are shorter than drop_features_mm = {solid.drop * 1e3:g} "
        "and cannot be removed; try a smaller one"
    )


def _extent(model: Any, tag: int) -> float:
    box = np.array(model.getBoundingBox(2, tag))
    return float((box[3:] - box[:3]).max())
