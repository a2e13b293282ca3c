"""Parts -> Assembly: mesh them together, name faces, split nodes, pair contacts, bond what is bonded, and check all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Assembly, Bond, Floats, Ids, Touch
from meshes.cad import mesh_files
from meshes.cad.imported import ImportedSolid
from meshes.contacts.bond import Bonded, bond
from meshes.contacts.footprints import CELLS_PER_NODE, Spreading
from meshes.contacts.overlap import refuse_overlaps
from meshes.errors import GeometryError
from meshes.files import by_part, labelled, located, sentences
from meshes.join import join
from meshes.measure import face_areas, part_volumes
from meshes.occ import tetrahedra
from meshes.parts import AnyPart, all_solids
from meshes.settings import MeshSettings
from meshes.shapes.solid import TOLERANCE, Solid
from meshes.sizes import is_default, nodes, slices, target_sizes
from meshes.spacing import Spacing
from meshes.split import Split, oriented, split_parts, touch_of_facets
from meshes.store import Store, key_of

__all__ = ["Assembly", "Bond", "GeometryError", "Touch", "assemble"]

MOST_CELLS = 5e7  #: of one part of a file; gmsh takes about 1 kB for each


def assemble(
    parts: Iterable[AnyPart],
    settings: MeshSettings | None = None,
    bonded: Bonded = lambda a, b: False,
    store: Store | None = None,
    spacing: Spacing | None = None,
) -> Assembly:
    """Mesh all parts of a case together; for one process.

    Args:
        parts: Entries of `[[parts]]`.
        settings: The `[mesh]` table.
        bonded: Whether two parts, given by name, share their nodes where they touch.
        store: Where meshes are kept between runs.
        spacing: Where the mesh shall be finer than the sizes of the parts ask for.

    Raises:
        GeometryError: overlap, doubled names, a part or face that is lost, cells without volume, a mesh volume or area off its closed form.
    """
    return _assemble(all_solids(parts), settings or MeshSettings(), bonded, store, spacing)


def _assemble(
    solids: Sequence[Solid], settings: MeshSettings, bonded: Bonded, store: Store | None = None, spacing: Spacing | None = None
) -> Assembly:
    solids = located(solids, store)
    sizes = target_sizes(solids, settings)
    cuts = [slices(solid, size, settings.min_layers) for solid, size in zip(solids, sizes.tolist(), strict=True)]
    key = key_of(solids, sizes, cuts, settings, spacing) if store else None
    whole = store.find(key) if store and key else None
    if whole is None:
        whole = _meshed(solids, sizes, cuts, spacing, settings)
        if store and key:
            whole = replace(whole, mesh_key=key)
            store.keep(key, whole)
    return bond(whole, bonded)


def _meshed(
    solids: Sequence[Solid], sizes: Floats, cuts: Sequence[tuple[int, int]], spacing: Spacing | None, settings: MeshSettings
) -> Assembly:
    """The checked assembly before anything is bonded. Parts that bring their own mesh come last."""
    said: list[str] = []
    own = [solid for group in by_part(solids, "mesh") for _, solid in group]
    drawn = [i for i, solid in enumerate(solids) if solid not in own]
    made = [_from_cells([solid for _, solid in group]) for group in by_part(solids, "mesh")]
    if drawn:
        mine = [solids[i] for i in drawn]
        _refuse_explosion(mine, sizes[drawn])
        mine_cuts = [cuts[i] for i in drawn]
        spreading = Spreading([is_default(solid, settings) for solid in mine], CELLS_PER_NODE * nodes(len(solids)), settings.refine)
        cells = tetrahedra(mine, sizes[drawn], mine_cuts, spacing, settings.growth, settings.curvature, spreading)
        made.insert(0, _from_mesh(mine, *cells))
        said += spreading.said
    whole = join(made, TOLERANCE, matching=False) if own else made[0]
    groups = np.repeat(np.arange(len(made)), [len(each.part_names) for each in made]).tolist()
    said = [*sentences(solids), *refuse_overlaps(whole, groups), *said]
    return replace(whole, assumptions=(*said, *whole.assumptions)) if said else whole


def _refuse_explosion(solids: Sequence[Solid], sizes: Floats) -> None:
    """Raise GeometryError where a part of a file, most likely in the wrong unit, would fill the memory."""
    for solid, size in zip(solids, sizes.tolist(), strict=True):
        cells = 6 * 2**0.5 * solid.volume / size**3  # of regular tetrahedra
        if isinstance(solid, ImportedSolid) and cells > MOST_CELLS:
            what = f"{solid.name} would take about {cells:.0e} cells of {size * 1e3:g} mm"
            raise GeometryError(f"part {what}; its units may be off (unit_scale), or mesh_mm is too small")


def _from_cells(solids: Sequence[ImportedSolid]) -> Assembly:
    return _from_mesh(solids, *mesh_files.tetrahedra(solids))


def _from_mesh(solids: Sequence[Solid], points: Floats, cells: Ids, cell_part: NDArray[np.int32]) -> Assembly:
    mesh = split_parts(points, oriented(points, cells), cell_part)
    named = labelled(solids, mesh, cell_part)
    whole = from_split(named, mesh, cell_part)
    return _with_assumptions(whole, named, check(named, whole))


def from_split(solids: Sequence[Solid], mesh: Split, cell_part: np.ndarray[Any, np.dtype[np.int32]]) -> Assembly:
    """The assembly of a split mesh of the given solids: facets get the names of the faces that they lie on.

    Raises:
        GeometryError: a facet lies on no face of its solid.
    """
    facet_part = cell_part[mesh.facet_cell]
    offsets = np.cumsum([0, *(len(solid.faces) for solid in solids)])
    facet_face = np.empty(len(mesh.facets), dtype=np.int32)
    for i, rows in _rows_by_part(facet_part, len(solids)):
        local = solids[i].classify(mesh.points[mesh.facets[rows]])
        if (local < 0).any():
            raise GeometryError(_lost(solids[i], mesh.points[mesh.facets[rows[local < 0]]]))
        facet_face[rows] = offsets[i] + local
    return Assembly(
        points=mesh.points,
        cells=mesh.cells,
        cell_part=cell_part,
        part_names=tuple(solid.name for solid in solids),
        part_material=tuple(solid.material for solid in solids),
        part_rotation=np.stack([solid.rotation for solid in solids]),
        facets=mesh.facets,
        facet_cell=mesh.facet_cell,
        facet_face=facet_face,
        face_names=tuple(f"{solid.name}:{face}" for solid in solids for face in solid.faces),
        face_part=np.repeat(np.arange(len(solids), dtype=np.int32), np.diff(offsets)),
        touches=mesh.touches,
        facet_touch=touch_of_facets(len(mesh.facets), mesh.touches),
    )


def _lost(solid: Solid, corners: Floats) -> str:
    """What to say of boundary triangles (f, 3, 3) [m] that lie on no face of a solid: where they are, and what mostly made them."""
    middle = corners.mean(axis=(0, 1))
    where = solid.local(middle) / (np.array(solid.size) / 2)
    axis = int(np.abs(where).argmax())
    near = f"{'+' if where[axis] > 0 else '-'}{'xyz'[axis]}"
    place = ", ".join(f"{x * 1e3:.4g}" for x in middle)
    return (
        f"part {solid.name}: {len(corners)} boundary triangles near its face {near} (about {place} mm) lie on none of its faces: a sliver "
        "that cannot be meshed, where an edge of another part runs within a few micrometres of this one's; make the edges meet, "
        "or move them at least 0.01 mm apart"
    )


def _rows_by_part(facet_part: np.ndarray[Any, np.dtype[np.int32]], count: int) -> Iterable[tuple[int, np.ndarray[Any, np.dtype[np.int64]]]]:
    order = np.argsort(facet_part, kind="stable")
    ends = np.cumsum(np.bincount(facet_part, minlength=count))
    return enumerate(np.split(order, ends[:-1]))


def check(solids: Sequence[Solid], assembly: Assembly) -> Floats:
    """Compare the mesh (before bonding) with the closed forms; return what each part's volume lacks, as a fraction (p,).

    Flat-sided parts must agree to 1e-9, give or take `TOLERANCE` of shift of every face (the kernel merges near faces); curved ones
    may lack what their chords cut off, 5 % at most.

    Raises:
        GeometryError: which part or face, and by how much.
    """
    faces = face_areas(assembly)
    lacking = 1 - part_volumes(assembly) / np.array([solid.volume for solid in solids])
    for i, solid in enumerate(solids):
        areas = solid.areas
        if isinstance(solid, ImportedSolid):  # its area is known as a whole
            _check_area(solid, float(faces[assembly.face_part == i].sum()))
            areas = np.zeros(len(areas))
        shift = TOLERANCE * float(areas.sum())
        allowed = 0.05 if solid.curved else 1e-9 + shift / solid.volume
        if abs(lacking[i]) > allowed:
            raise GeometryError(f"part {solid.name}: mesh volume is {1 - lacking[i]:.9f} of the part's {solid.volume * 1e9:.6g} mm3")
        for name, drawn, meshed in zip(solid.faces, areas.tolist(), faces[assembly.face_part == i].tolist(), strict=True):
            if meshed == 0.0 and drawn > shift:
                raise GeometryError(f"face {solid.name}:{name} has no triangles")
            if solid.kind == "box" and abs(meshed - drawn) > 1e-9 * drawn + shift:
                raise GeometryError(
                    f"face {solid.name}:{name}: mesh area {meshed * 1e6:.6g} mm2 differs from the drawn {drawn * 1e6:.6g} mm2"
                )
    return np.asarray(lacking)


def _check_area(solid: ImportedSolid, meshed: float) -> None:
    """Raise GeometryError unless the area of a flat-sided solid is that of its file, to 1e-6 and the kernel's tolerance of lengths."""
    drawn = float(solid.areas.sum())
    if not solid.curved and abs(meshed - drawn) > 1e-6 * drawn + 20 * TOLERANCE * max(solid.size):
        raise GeometryError(f"part {solid.name}: mesh area {meshed * 1e6:.6g} mm2 differs from the file's {drawn * 1e6:.6g} mm2")


def _with_assumptions(assembly: Assembly, solids: Sequence[Solid], lacking: Floats) -> Assembly:
    sentences = [
        f"Curved faces are meshed by flat triangles: {solid.name} lacks {100 * missing:.2f} % of its volume."
        for solid, missing in zip(solids, lacking.tolist(), strict=True)
        if missing > 1e-3
    ]
    pipes = [solid.name for solid in solids if solid.transport_limit is not None]
    if pipes:
        sentences.append(f"Heat pipes are conducting solids without wall, wick or dry-out: {', '.join(pipes)}.")
    return replace(assembly, assumptions=tuple(sentences))
