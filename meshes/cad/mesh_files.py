"""Meshes of other programs, `[[parts]]` with kind mesh: the table, and which group of cells becomes which sub-part.

Such a part brings its own nodes. It touches other parts only where its boundary triangles coincide with theirs.
"""

from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

from meshes import kernel
from meshes.assembly import Floats, Ids
from meshes.cad import abaqus, bulk_data, gmsh_files, vtk_files
from meshes.cad.cells import Cells, tetrahedral
from meshes.cad.face_rules import by_direction, indexed, set_names
from meshes.cad.imported import Found, Imported, ImportedSolid, check_file, chosen, measured, pieces_of
from meshes.cad.raw_mesh import Block, ContentError, RawMesh, one_group
from meshes.errors import GeometryError
from meshes.measure import area_vectors, cell_quality, cell_volumes
from meshes.split import FLAT, Split, split_parts

FORMATS = (*gmsh_files.SUFFIXES, *vtk_files.SUFFIXES, *bulk_data.SUFFIXES, *abaqus.SUFFIXES)
GROUPS = (
    "gmsh:physical",
    "nastran:ref",
    "medit:ref",
    "part",
    "region",
    "group",
    "CellEntityIds",
    "MaterialIds",
)  #: cell data of .vtu: the first found
CHORDS = 1e-2  #: of the volume of a part, that its own cells may count twice
SMOOTH = 20.0  #: deg; neighbouring triangles that meet at less belong to one face


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshFile(Imported):
    """Cells of a mesh file, its groups made sub-parts: physical groups of .msh, .unv and .med, properties (PID) of .bdf, element
    sets of .inp, cell data of .vtu. Wedges, pyramids and hexahedra are cut into tetrahedra, cells of higher order read by their corners.

    Boundary triangles along the part's axes are called -x ... +z, those of `faces` by their own words, everything else "other".
    """

    kind: Literal["mesh"] = "mesh"  #: tetrahedra of a mesh file
    unit_scale: Annotated[float, "-", Gt(0)]  #: metres per unit of the file, which itself does not say: 0.001 for mm
    #: cell data that tells groups apart: by default (.vtu) gmsh:physical, part, region, group ...; gmsh:geometrical for volumes
    groups: str | None = None

    def __post_init__(self) -> None:
        Imported.__post_init__(self)
        if Path(self.file).suffix.lower() not in FORMATS:
            raise ValueError(f"file = {self.file!r} is none of {', '.join(FORMATS)}")
        if any(rule.color or rule.label for rule in self.faces.values()) or any(piece.match is None for piece in self.solids):
            raise ValueError(
                "color, label, at_mm and within_mm are of STEP files only; a mesh has groups (match) and directions, or the nearest point"
            )

    def sub_parts(self) -> tuple[ImportedSolid, ...]:
        """The groups of cells that the case names; the file is not touched."""
        return tuple(replace(solid, groups=self.groups) for solid in pieces_of(self, "mesh", self.unit_scale))


def read(solid: ImportedSolid) -> Cells:
    """The tetrahedra of the file that `solid` comes from.

    Raises:
        GeometryError: no such file, not readable, nothing that has a volume, no data to tell groups apart.
    """
    check_file(solid.path, solid.part)
    return read_cells(solid.path, solid.part, solid.groups)


def read_cells(path: Path, part: str, groups: str | None) -> Cells:
    """The tetrahedra of a file; raises GeometryError, in the name of a part, as `read`."""
    return _read(path, path.stat().st_mtime_ns, part, groups)


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int, part: str, groups: str | None) -> Cells:
    where = f"part {part}: {path.name}"
    try:
        raw = _raw(path, groups)
    except ContentError as error:
        raise GeometryError(f"{where} {error}") from None
    except Exception as error:  # gmsh and meshio have errors of every kind
        raise GeometryError(f"{where} cannot be read as {path.suffix} ({error})") from None
    return tetrahedral(raw, where, path.name)


def _raw(path: Path, groups: str | None) -> RawMesh:
    """The file as its reader has it."""
    suffix = path.suffix.lower()
    data = gmsh_files.DATA if suffix in gmsh_files.SUFFIXES else ()
    if groups and suffix not in vtk_files.SUFFIXES and groups not in data:
        known = f"; it has {', '.join(data)}" if data else ""
        raise ContentError(f"has no cell data '{groups}'{known}")
    if suffix in vtk_files.SUFFIXES:
        return vtk_files.read_vtk(path, groups, GROUPS)
    if suffix in bulk_data.SUFFIXES:
        return bulk_data.read_bulk(path)
    if suffix in abaqus.SUFFIXES:
        return abaqus.read_abaqus(path)
    if suffix == ".msh" and b"$Entities" not in path.read_bytes() and path.open("rb").read(32).split()[1:2] in ([b"4.1"], [b"4"], [b"4.0"]):
        return _by_meshio(path)  # gmsh refuses what other programs write of version 4: cells without entities
    return kernel.run(gmsh_files.read_gmsh, path, groups)


def _by_meshio(path: Path) -> RawMesh:
    """A .msh of version 4 without entities, and so without groups, as meshio writes it."""
    import meshio

    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # it prints
        try:
            mesh = meshio.read(path, file_format="gmsh")
        except SystemExit as error:  # it leaves by exit on some
            raise ValueError(str(error)) from None
    corners = {"tetra": 4, "pyramid": 5, "wedge": 6, "hexahedron": 8}
    blocks = []
    for block in mesh.cells:
        count = next((n for kind, n in corners.items() if block.type.startswith(kind)), 0)
        blocks.append(Block(block.type, count, block.data.astype(np.int64), np.zeros(len(block.data), dtype=np.int64)))
    points = np.asarray(mesh.points, dtype=np.float64)[:, :3]
    return RawMesh(points, np.arange(1, len(points) + 1), tuple(blocks), *one_group())


def located(solids: Sequence[ImportedSolid]) -> list[ImportedSolid]:
    """The sub-parts of one part with what the file says of them.

    Raises:
        GeometryError: as `read` and `chosen`; cells without volume, with their number in the file.
    """
    mesh = read(solids[0])
    index = chosen(solids, mesh.labels, "group of cells", mesh.sets)
    used = np.isin(mesh.group, [k for k, groups in enumerate(mesh.sets) if groups & set(index)])
    flat = np.flatnonzero(used & (cell_quality(mesh.points, mesh.cells) < FLAT))
    if len(flat):
        x, y, z = mesh.points[mesh.cells[flat[0]]].mean(axis=0)
        what = "1 tetrahedron" if len(flat) == 1 else f"{len(flat)} tetrahedra"
        raise GeometryError(
            f"part {solids[0].part}: {what} of {solids[0].path.name} without volume, the first is number {flat[0] + 1} of {len(used)} "
            f"near ({x:g}, {y:g}, {z:g}) in the file's unit; mend the mesh where it was made"
        )
    volume = cell_volumes(mesh.points * solids[0].scale, mesh.cells)
    turned = int((volume[used] < 0).sum())
    said = _folded(solids[0], mesh, np.flatnonzero(used), abs(volume))
    if turned:
        said = (f"{solids[0].path.name}: {turned} tetrahedra had their corners in left-hand order and were turned.", *said)
    return [_found(solid, mesh, i, abs(volume), (*mesh.said, *said)) for solid, i in zip(solids, index, strict=True)]


def _rows(mesh: Cells, index: int) -> NDArray[np.bool_]:
    """Cells that belong to a group."""
    return np.isin(mesh.group, [k for k, groups in enumerate(mesh.sets) if index in groups])


def _found(solid: ImportedSolid, mesh: Cells, index: int, volume: Floats, said: tuple[str, ...]) -> ImportedSolid:
    rows = _rows(mesh, index)
    points = mesh.points[mesh.cells[rows]].reshape(-1, 3) * solid.scale
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    own = split_parts(mesh.points * solid.scale, upright(mesh.points, mesh.cells[rows]), np.zeros(int(rows.sum()), dtype=np.int32))
    area = float(np.linalg.norm(area_vectors(own.points, own.facets), axis=1).sum())
    apart = _pieces(mesh.cells[rows], volume[rows])
    if len(apart) > 1:
        listed = ", ".join(f"{v * 1e9:.4g}" for v in apart[:4]) + (" ..." if len(apart) > 4 else "")
        said = (*said, f"warning: {solid.name} is {len(apart)} pieces that do not touch ({listed} mm3); no heat is conducted between them.")
    return measured(solid, Found(index, float(volume[rows].sum()), area, tuple(low), tuple(high), True, said))


def _pieces(cells: Ids, volume: Floats) -> list[float]:
    """Volumes of what hangs together by common nodes, the largest first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    used, local = np.unique(cells, return_inverse=True)
    one, other = local.reshape(-1, 4)[:, [0, 0, 0]].ravel(), local.reshape(-1, 4)[:, 1:].ravel()
    _, label = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(len(used), len(used))), directed=False)
    held = np.bincount(label[local.reshape(-1, 4)[:, 0]], weights=volume)
    return sorted(held[held > 0].tolist(), reverse=True)


def _folded(solid: ImportedSolid, mesh: Cells, used: Ids, volume: Floats) -> tuple[str, ...]:
    """A sentence where cells lie over one another within one part by no more than `CHORDS` of it, as cut hexahedra with bent sides may.

    Raises:
        GeometryError: they do by more.
    """
    found = folds(mesh.points, mesh.cells[used])
    if not found:
        return ()
    smaller = {min(pair, key=lambda k: volume[used[k]]) for pair, _ in found}
    share = float(sum(volume[used[k]] for k in smaller) / volume[used].sum())
    (one, other), (x, y, z) = found[0]
    words = (
        f"{solid.path.name}: tetrahedra {used[one] + 1} and {used[other] + 1} lie on the same side of the face that they share, near "
        f"({x:g}, {y:g}, {z:g}) in the file's unit, as do {len(found)} pairs in all: about {100 * share:.2g} % of the volume counts twice"
    )
    if share > CHORDS:
        raise GeometryError(f"part {solid.part}: {words}; mend the mesh where it was made")
    return (f"{words}.",)


def folds(points: Floats, cells: Ids) -> list[tuple[tuple[int, int], tuple[float, float, float]]]:
    """Pairs of cells that lie on the same side of the face that they share, and the middle of that face; a sound mesh has none."""
    opposite = np.tile(np.arange(4), len(cells))
    owner = np.repeat(np.arange(len(cells)), 4)
    faces = np.sort(cells[:, [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]].reshape(-1, 3), axis=1)
    order = np.lexsort(faces.T)
    first = np.flatnonzero((faces[order[1:]] == faces[order[:-1]]).all(axis=1))
    one, other = order[first], order[first + 1]
    a, b, c = (points[faces[one, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    sides = [np.einsum("ij,ij->i", normal, points[cells[owner[k], opposite[k]]] - a) for k in (one, other)]
    wrong = np.flatnonzero(sides[0] * sides[1] > 0)
    middles = (a[wrong] + b[wrong] + c[wrong]) / 3
    return [((int(owner[one[k]]), int(owner[other[k]])), tuple(at)) for k, at in zip(wrong, middles.tolist(), strict=True)]


def upright(points: Floats, cells: Ids) -> Ids:
    """The cells with corners ordered to positive volume."""
    return np.asarray(np.where((cell_volumes(points, cells) < 0)[:, None], cells[:, [0, 2, 1, 3]], cells))


def tetrahedra(solids: Sequence[ImportedSolid]) -> tuple[Floats, Ids, NDArray[np.int32]]:
    """Points (n, 3) [m] in body axes, cells (c, 4) of positive volume and the sub-part of each, of one part."""
    mesh = read(solids[0])
    part = np.full(len(mesh.cells), -1, dtype=np.int32)
    for i, solid in enumerate(solids):
        if solid.found is not None:
            part[_rows(mesh, solid.found.index)] = i
    points = (mesh.points * solids[0].scale) @ solids[0].rotation.T + np.array(solids[0].centre)
    return points, upright(mesh.points, mesh.cells[part >= 0]), part[part >= 0]


def face_labels(solids: Sequence[ImportedSolid], split: Split, facet_part: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Face of every boundary triangle of the sub-parts of one part, as an index into each one's `faces`.

    Raises:
        GeometryError: a rule that names nothing, two rules that name the same triangle.
    """
    rows = [np.flatnonzero(facet_part == i) for i in range(len(solids))]
    local = [solid.local(split.points[split.facets[mine]]) for solid, mine in zip(solids, rows, strict=True)]
    names = [by_direction(solid, corners, np.ones(len(corners), dtype=bool)) for solid, corners in zip(solids, local, strict=True)]
    for name, rule in solids[0].rules.items():
        if rule.nearest is None:
            continue
        allowed = [i for i, solid in enumerate(solids) if fnmatchcase(solid.name.removeprefix(f"{solid.part}."), rule.of)]
        apart = [_distance(local[i], np.array(rule.nearest)) for i in allowed]
        at = int(np.argmin([distance.min() for distance in apart]))
        i = allowed[at]
        set_names(solids[i], names[i], _smooth(split.facets[rows[i]], local[i], int(apart[at].argmin())), name)
    return indexed(solids, names)


def _distance(corners: Floats, point: Floats) -> Floats:
    """Distance [m] of a point from triangles (f, 3, 3): to the plane where the foot lies inside, else to the nearest edge."""
    a, b, c = (corners[:, i] for i in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    off = np.einsum("ij,ij->i", point - a, normal)
    foot = point - off[:, None] * normal
    inside = np.all([np.einsum("ij,ij->i", np.cross(q - p, foot - p), normal) >= 0 for p, q in ((a, b), (b, c), (c, a))], axis=0)
    edges = np.min([_from_edge(p, q, point) for p, q in ((a, b), (b, c), (c, a))], axis=0)
    return np.where(inside, abs(off), edges)


def _from_edge(p: Floats, q: Floats, point: Floats) -> Floats:
    along = q - p
    t = np.clip(np.einsum("ij,ij->i", point - p, along) / np.einsum("ij,ij->i", along, along), 0.0, 1.0)
    return np.asarray(np.linalg.norm(point - p - t[:, None] * along, axis=1))


def _smooth(facets: Ids, corners: Floats, start: int) -> NDArray[np.int64]:
    """Rows of the triangles that can be reached from one of them without crossing an edge sharper than `SMOOTH`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    edges = np.sort(facets[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    same = np.flatnonzero((edges[order[1:]] == edges[order[:-1]]).all(axis=1))
    a, b = order[same] // 3, order[same + 1] // 3
    flat = np.einsum("ij,ij->i", normal[a], normal[b]) > np.cos(np.deg2rad(SMOOTH))
    n = len(facets)
    _, label = connected_components(coo_array((np.ones(int(flat.sum())), (a[flat], b[flat])), shape=(n, n)), directed=False)
    return np.flatnonzero(label == label[start])
