"""Solids -> conforming tetrahedra with gmsh's OpenCASCADE kernel; runs on one rank. Only this file and those of meshes/cad call gmsh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from meshes import kernel
from meshes.assembly import Floats, Ids
from meshes.beside import Tell
from meshes.cad.curvature import FEWEST, all_known, bends
from meshes.cad.imported import ImportedSolid
from meshes.cad.step import placed_volumes
from meshes.contacts.footprints import Spreading
from meshes.errors import APART, GeometryError
from meshes.measure import cell_quality
from meshes.shapes.solid import Solid
from meshes.spacing import Spacing

AROUND = 24  #: least number of cells around a full turn of round solids of files: they then lack at most 1.2 % of the area within

POOR = 1e-4  #: quality below which a cell spoils the condition of the matrices
DELAUNAY, HXT = 1, 10  #: gmsh's numbers of its algorithms; HXT took 15 s where the other took 0.8 s on a rack of thin plates

Mesh = tuple[Floats, Ids, NDArray[np.int32]]  #: points, cells, solid of each cell


class Attempt(NamedTuple):
    """One way to a mesh without poor cells."""

    factor: float = 1.0  #: of all sizes
    algorithm: int = DELAUNAY
    repair: bool = False  #: by gmsh's Netgen optimiser, which takes five times as long as the mesh itself


ATTEMPTS = (
    *(Attempt(factor) for factor in (1.0, 0.97, 1.04, 0.9, 0.8)),
    Attempt(algorithm=HXT),
    Attempt(repair=True),
)  #: one after the other while there are poor cells


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
        GeometryError: solids overlap (which, by how much), a solid is lost or cannot be meshed, the mesher dies or takes too long.
    """
    news, left = _News(), ATTEMPTS
    while True:
        try:
            mesh, said = kernel.run(_tetrahedra, solids, sizes, cuts, spacing, growth, curvature, spreading, left, hear=news.hear)
        except (kernel.KernelDiedError, _StoppedError):
            if news.tried is None:  # not while it was meshing
                raise
            kernel.restart()
            left, news.tried = left[left.index(news.tried) + 1 :], None
            if left:
                continue
            if news.best is None:
                raise
            mesh, said = news.best
        if spreading is not None:
            spreading.said = said
        return mesh


class _StoppedError(GeometryError):
    """gmsh gave up on a mesh. Whatever it is asked next in the same session fails too."""


@dataclass(slots=True)
class _News:
    """What is known of a mesh in the making."""

    tried: Attempt | None = None  #: the last attempt that was begun
    best: tuple[Mesh, tuple[str, ...]] | None = None  #: with poor cells, and what a reader must know of it

    def hear(self, what: Any) -> None:
        """Take in what the mesher tells: an attempt, or a mesh with what must be known of it."""
        if isinstance(what, Attempt):
            self.tried = what
        else:
            self.best = what


def _tetrahedra(
    gmsh: Any,
    tell: Tell,
    solids: Sequence[Solid],
    sizes: Floats,
    cuts: Sequence[tuple[int, int]],
    spacing: Spacing | None,
    growth: float | None,
    curvature: int,
    spreading: Spreading | None,
    attempts: Sequence[Attempt],
) -> tuple[Mesh, tuple[str, ...]]:
    """The mesh, as the process of the kernel makes it, with what a reader must know."""
    try:
        made = _made(gmsh, solids, cuts)
        volumes = _fragments(gmsh.model.occ, solids, made)
        gmsh.model.occ.synchronize()
        fields = [] if growth is None else _graded(gmsh.model.mesh.field, gmsh.model, volumes, sizes, growth)
        if spreading is not None:
            fields += spreading.fields(gmsh, volumes, sizes)
        said = spreading.said if spreading is not None else ()
        view = None if spacing is None else _view(gmsh, spacing)
        if view is not None:
            fields.append(_of_view(gmsh.model.mesh.field, view))
        _smallest(gmsh.model.mesh.field, fields)
        try:
            return _best_mesh(gmsh, partial(_tell, tell, said), solids, volumes, sizes, curvature, attempts), said
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


def _tell(tell: Tell, said: tuple[str, ...], what: Attempt | Mesh) -> None:
    tell(what if isinstance(what, Attempt) else (what, said))


def _made(gmsh: Any, solids: Sequence[Solid], cuts: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The volumes of every solid; those of one file are read together."""
    of_files: dict[str, list[tuple[int, int]]] = {}
    imported = [solid for solid in solids if isinstance(solid, ImportedSolid)]
    for part in dict.fromkeys(solid.part for solid in imported):
        mine = [solid for solid in imported if solid.part == part]
        for solid, volumes in zip(mine, placed_volumes(gmsh, mine, _axis_angle(mine[0].rotation)), strict=True):
            of_files[solid.name] = volumes
    return [of_files.get(solid.name) or _volumes(gmsh.model.occ, solid, *cut) for solid, cut in zip(solids, cuts, strict=True)]


def _best_mesh(
    gmsh: Any,
    tell: Callable[[Attempt | Mesh], None],
    solids: Sequence[Solid],
    volumes: list[list[int]],
    sizes: Floats,
    curvature: int,
    attempts: Sequence[Attempt],
) -> Mesh:
    """The first mesh without poor cells, of different sizes and then repaired; else the best. A stop is followed by short chords."""
    best: tuple[float, Mesh] | None = None
    model = gmsh.model
    chords = FEWEST if attempts == ATTEMPTS else curvature
    for attempt in attempts:
        tell(attempt)
        gmsh.option.setNumber("Mesh.MeshSizeFactor", attempt.factor)
        gmsh.option.setNumber("Mesh.Algorithm3D", attempt.algorithm)
        _set_sizes(model, volumes, sizes)
        _set_bends(gmsh, solids, volumes, curvature, chords)
        try:
            model.mesh.generate(3)
            if attempt.repair:
                model.mesh.optimize("Netgen")
            mesh = _arrays(model.mesh, solids, volumes)
        except GeometryError as error:
            raise _StoppedError(str(error)) from error
        except Exception as error:  # gmsh raises Exception itself
            raise _StoppedError(f"mesh: gmsh stopped: {error}; {kernel.ADVICE}") from error
        worst = float(cell_quality(mesh[0], mesh[1]).min())
        if best is None or worst > best[0]:
            best = worst, mesh
        if worst > POOR:
            break
        tell(best[1])
        model.mesh.clear()
    if best is None:
        raise AssertionError("no attempt at a mesh")
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
        raise GeometryError(f"{'; '.join(faults)}; {APART}")
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
