"""Solids -> conforming tetrahedra with gmsh's OpenCASCADE kernel; runs on one rank. Only this file and those of meshes/cad call gmsh."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats, Ids
from meshes.cad.curvature import FEWEST, all_known, bends
from meshes.cad.imported import ImportedSolid
from meshes.cad.step import placed_volumes
from meshes.errors import GeometryError
from meshes.footprints import Spreading
from meshes.gmsh_session import session
from meshes.measure import cell_quality
from meshes.shapes.solid import Solid
from meshes.spacing import Spacing

AROUND = 24  #: least number of cells around a full turn of round solids of files: they then lack at most 1.2 % of the area within

POOR = 1e-4  #: quality below which a cell spoils the condition of the matrices
FACTORS = (1.0, 0.97, 1.04, 0.9, 0.8)  #: of all sizes, one after the other while there are poor cells
REPAIR = "Netgen"  #: gmsh's optimiser, where none of them is free of poor cells; it takes five times as long as the mesh itself

Mesh = tuple[Floats, Ids, NDArray[np.int32]]  #: points, cells, solid of each cell


def tetrahedra(
    solids: Sequence[Solid],
    sizes: Floats,
    cuts: Sequence[tuple[int, int]],
    spacing: Spacing | None = None,
    growth: float | None = None,
    curvature: int = AROUND,
    spreading: Spreading | None = None,
) -> Mesh:
    """Mesh all solids together, conforming where they touch.

    Args:
        solids: The parts.
        sizes: (p,) target edge length of each [m].
        cuts: Axis and number of slices of each (see `sizes.slices`).
        spacing: Edge lengths that go below `sizes` where they are smaller.
        growth: Ratio of the edge lengths of neighbouring cells away from finer parts; with `spacing` the smaller size counts.
        curvature: Least number of cells around a full turn of round solids of files; see `bends`.
        spreading: How fine parts are about contacts that are smaller than their faces; left to the mesher by default.

    Returns:
        Points (n, 3) [m], cells (c, 4) and the solid of every cell (c,).

    Raises:
        GeometryError: solids overlap (which, by how much), a solid is lost or cannot be meshed.
    """
    with session() as gmsh:
        try:
            made = _made(gmsh, solids, cuts)
            volumes = _fragments(gmsh.model.occ, solids, made)
            gmsh.model.occ.synchronize()
            fields = [] if growth is None else _graded(gmsh.model.mesh.field, gmsh.model, volumes, sizes, growth)
            if spreading is not None:
                fields += spreading.fields(gmsh, volumes, sizes)
            view = None if spacing is None else _view(gmsh, spacing)
            if view is not None:
                fields.append(_of_view(gmsh.model.mesh.field, view))
            _smallest(gmsh.model.mesh.field, fields)
            try:
                return _best_mesh(gmsh, solids, volumes, sizes, curvature)
            finally:
                if view is not None:
                    gmsh.view.remove(view)
        except GeometryError:
            raise
        except Exception as error:  # gmsh raises nothing more specific
            thinnest = min(solids, key=lambda solid: min(solid.size))
            raise GeometryError(
                f"the geometry kernel failed ({error}). The thinnest part is {thinnest.name}, {min(thinnest.size) * 1e3:.3g} mm; "
                "check its dimensions and positions, or describe an interface that thin as a contact"
            ) from error


def _made(gmsh: Any, solids: Sequence[Solid], cuts: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The volumes of every solid; those of one file are read together."""
    of_files: dict[str, list[tuple[int, int]]] = {}
    imported = [solid for solid in solids if isinstance(solid, ImportedSolid)]
    for part in dict.fromkeys(solid.part for solid in imported):
        mine = [solid for solid in imported if solid.part == part]
        for solid, volumes in zip(mine, placed_volumes(gmsh, mine, _axis_angle(mine[0].rotation)), strict=True):
            of_files[solid.name] = volumes
    return [of_files.get(solid.name) or _volumes(gmsh.model.occ, solid, *cut) for solid, cut in zip(solids, cuts, strict=True)]


def _best_mesh(gmsh: Any, solids: Sequence[Solid], volumes: list[list[int]], sizes: Floats, curvature: int) -> Mesh:
    """The first mesh without poor cells, of different sizes and then repaired; else the best. A failure is followed by short chords."""
    best: tuple[float, Mesh] | None = None
    fault: Exception | None = None
    model = gmsh.model
    for factor, repair in [*((factor, False) for factor in FACTORS), (FACTORS[0], True)]:
        gmsh.option.setNumber("Mesh.MeshSizeFactor", factor)
        _set_sizes(model, volumes, sizes)
        _set_bends(gmsh, solids, volumes, curvature, FEWEST if fault is None else curvature)
        try:
            model.mesh.generate(3)
            if repair:
                model.mesh.optimize(REPAIR)
            mesh = _arrays(model.mesh, solids, volumes)
        except Exception as error:  # gmsh raises Exception itself
            fault = error
        else:
            worst = float(cell_quality(mesh[0], mesh[1]).min())
            if best is None or worst > best[0]:
                best = worst, mesh
            if worst > POOR:
                break
        model.mesh.clear()
    if best is None:
        if isinstance(fault, GeometryError):
            raise fault
        raise GeometryError(f"mesh: gmsh stopped: {fault}; try another mesh size or move parts apart") from fault
    return best[1]


def _set_bends(gmsh: Any, solids: Sequence[Solid], volumes: list[list[int]], curvature: int, fewest: int) -> None:
    """Shorter edges at curved faces of files; gmsh follows the curvature by itself where there are faces that `bends` cannot judge."""
    rounded = [(s, tags) for s, tags in zip(solids, volumes, strict=True) if isinstance(s, ImportedSolid) and s.curved]
    if not all(all_known(gmsh.model, tags) for _, tags in rounded):
        gmsh.option.setNumber("Mesh.MeshSizeFromCurvature", curvature)
        return
    for solid, tags in rounded:
        least = curvature if solid.found and solid.found.named else fewest
        named = bool(solid.found and solid.found.named)
        for point, size in bends(gmsh.model, tags, curvature, least, solid.least_edge, not named).items():
            if size < gmsh.model.mesh.getSizes([(0, point)])[0]:
                gmsh.model.mesh.setSize([(0, point)], size)


def _volumes(occ: Any, solid: Solid, axis: int, count: int) -> list[tuple[int, int]]:
    """The solid as OCC volumes: one, or one per slice and per piece that the cavities leave."""
    x, y, z = solid.size
    edges = np.linspace(-solid.size[axis] / 2, solid.size[axis] / 2, count + 1)
    made = []
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if solid.kind == "cylinder":
            made.append((3, occ.addCylinder(0, 0, low, 0, 0, high - low, x / 2)))
        elif solid.kind == "sphere":
            made.append((3, occ.addSphere(0, 0, 0, x / 2)))
        else:
            corner, size = [-x / 2, -y / 2, -z / 2], [x, y, z]
            corner[axis], size[axis] = low, high - low
            made.append((3, occ.addBox(*corner, *size)))
    if solid.cavities:
        tools = [(3, occ.addBox(*(np.array(c.centre) - np.array(c.size) / 2).tolist(), *c.size)) for c in solid.cavities]
        made, _ = occ.cut(made, tools)
    axis_of_turn, angle = _axis_angle(solid.rotation)
    if angle != 0.0:
        occ.rotate(made, 0, 0, 0, *axis_of_turn, angle)
    occ.translate(made, *solid.centre)
    return list(made)


def _axis_angle(rotation: NDArray[np.float64]) -> tuple[list[float], float]:
    """Unit axis and angle [rad] of a rotation matrix, from its quaternion (largest component first, for accuracy)."""
    r = rotation
    square = np.array(
        [1 + r[0, 0] + r[1, 1] + r[2, 2], 1 + r[0, 0] - r[1, 1] - r[2, 2], 1 - r[0, 0] + r[1, 1] - r[2, 2], 1 - r[0, 0] - r[1, 1] + r[2, 2]]
    )
    rows = np.array(
        [
            [square[0], r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]],
            [r[2, 1] - r[1, 2], square[1], r[1, 0] + r[0, 1], r[0, 2] + r[2, 0]],
            [r[0, 2] - r[2, 0], r[1, 0] + r[0, 1], square[2], r[2, 1] + r[1, 2]],
            [r[1, 0] - r[0, 1], r[0, 2] + r[2, 0], r[2, 1] + r[1, 2], square[3]],
        ]
    )
    q = rows[square.argmax()]
    q = q / np.linalg.norm(q)
    sine = float(np.linalg.norm(q[1:]))
    if sine < 1e-15:
        return [0.0, 0.0, 1.0], 0.0
    return (q[1:] / sine).tolist(), float(2 * np.arctan2(sine, q[0]))


def _fragments(occ: Any, solids: Sequence[Solid], made: list[list[tuple[int, int]]]) -> list[list[int]]:
    """Cut all volumes at each other; the volume tags of every solid. A piece with two owners is an overlap."""
    owner = [i for i, volumes in enumerate(made) for _ in volumes]
    everything = [volume for volumes in made for volume in volumes]
    pieces = [everything] if len(everything) == 1 else occ.fragment(everything[:1], everything[1:])[1]
    owners: dict[int, set[int]] = {}
    for i, group in zip(owner, pieces, strict=True):
        for dim, tag in group:
            if dim == 3:
                owners.setdefault(tag, set()).add(i)
    shared: dict[tuple[int, int], float] = {}
    for tag, who in owners.items():
        for pair in combinations(sorted(who), 2):
            shared[pair] = shared.get(pair, 0.0) + occ.getMass(3, tag)
    if shared:
        faults = [
            f"parts {solids[a].name} and {solids[b].name} overlap by {volume * 1e9:.4g} mm3" for (a, b), volume in sorted(shared.items())
        ]
        raise GeometryError("; ".join(faults))
    tags: list[list[int]] = [[] for _ in solids]
    for tag, who in sorted(owners.items()):
        tags[who.pop()].append(tag)
    return tags


def _set_sizes(model: Any, volumes: list[list[int]], sizes: Floats) -> None:
    """The smallest size of the parts that meet at a point is the edge length there; in between it varies gradually."""
    smallest: dict[int, float] = {}
    for tags, size in zip(volumes, sizes.tolist(), strict=True):
        for _, point in model.getBoundary([(3, tag) for tag in tags], combined=False, oriented=False, recursive=True):
            smallest[point] = min(smallest.get(point, size), size)
    for point, size in sorted(smallest.items()):
        model.mesh.setSize([(0, point)], size)


def _smallest(fields: Any, mine: Sequence[int]) -> None:
    """Let gmsh take the smallest of some size fields and what the points ask for."""
    if mine:
        least = fields.add("Min")
        fields.setNumbers(least, "FieldsList", mine)
        fields.setAsBackgroundMesh(least)


def _of_view(fields: Any, view: int) -> int:
    """A size field over the volumes."""
    field = fields.add("PostView")
    fields.setNumber(field, "ViewTag", view)
    return int(field)


def _view(gmsh: Any, spacing: Spacing) -> int:
    """Tag of a view that carries the spacing."""
    corners = spacing.points[spacing.cells].transpose(0, 2, 1).reshape(len(spacing.cells), 12)  # x of all corners, then y, then z
    view = gmsh.view.add("spacing")
    gmsh.view.addListData(view, "SS", len(corners), np.hstack([corners, spacing.size[spacing.cells]]).ravel())
    return int(view)


def _graded(fields: Any, model: Any, volumes: list[list[int]], sizes: Floats, growth: float) -> list[int]:
    """Size fields that start at each finer part's own edge length and grow by `growth` from cell to cell with the distance from it."""
    around = []
    for size, group in zip(sizes.tolist(), volumes, strict=True):
        if size >= 0.999 * float(sizes.max()):
            continue
        faces = {tag for _, tag in model.getBoundary([(3, volume) for volume in group], combined=True, oriented=False)}
        distance, graded = fields.add("Distance"), fields.add("MathEval")
        fields.setNumbers(distance, "SurfacesList", sorted(faces))
        fields.setNumber(distance, "Sampling", 40)
        fields.setString(graded, "F", f"{size!r} + {growth - 1!r} * F{distance}")
        around.append(graded)
    return around


def _arrays(mesh: Any, solids: Sequence[Solid], volumes: list[list[int]]) -> Mesh:
    tags, coordinates, _ = mesh.getNodes()
    blocks: list[Ids] = []
    part: list[list[int]] = []
    for i, group in enumerate(volumes):
        found = [np.asarray(mesh.getElementsByType(4, tag)[1], dtype=np.int64).reshape(-1, 4) for tag in group]  # 4: linear tetrahedron
        if not found or any(len(block) == 0 for block in found):
            raise GeometryError(f"part {solids[i].name} has no mesh; is it thinner than 0.001 mm, or of no volume?")
        blocks.extend(found)
        part.extend([i] * len(block) for block in found)
    cells = np.concatenate(blocks)
    used, inverse = np.unique(cells, return_inverse=True)
    if not np.isin(used, tags).all():
        raise RuntimeError("cells have corners that are none of its nodes")  # seen with flat cells: as if gmsh had stopped
    where = np.zeros(int(tags.max()) + 1, dtype=np.int64)
    where[tags.astype(np.int64)] = np.arange(len(tags))
    points = np.asarray(coordinates, dtype=np.float64).reshape(-1, 3)[where[used]]
    return points, inverse.reshape(-1, 4).astype(np.int64), np.concatenate([np.asarray(p, dtype=np.int32) for p in part])
