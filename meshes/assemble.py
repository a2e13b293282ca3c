"""Parts -> Assembly: mesh them together, name faces, split nodes, pair contacts, bond what is bonded, and check all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from meshes.assembly import Assembly, Bond, Floats, Touch
from meshes.bond import Bonded, bond
from meshes.errors import GeometryError
from meshes.measure import face_areas, part_volumes
from meshes.occ import tetrahedra
from meshes.parts import AnyPart, all_solids
from meshes.settings import MeshSettings
from meshes.sizes import slices, target_sizes
from meshes.solid import TOLERANCE, Solid
from meshes.split import Split, oriented, split_parts, touch_of_facets

__all__ = ["Assembly", "Bond", "Communicator", "GeometryError", "Touch", "assemble"]


class Communicator(Protocol):
    """What is used of an MPI communicator."""

    @property
    def rank(self) -> int:
        """Number of this process."""
        ...

    def bcast(self, obj: Any, root: int = 0) -> Any:
        """The root's object, on every process."""
        ...


def assemble(
    parts: Iterable[AnyPart], settings: MeshSettings | None = None, bonded: Bonded = lambda a, b: False, comm: Communicator | None = None
) -> Assembly:
    """Mesh all parts of a case together.

    Args:
        parts: Entries of `[[parts]]`.
        settings: The `[mesh]` table.
        bonded: Whether two parts, given by name, share their nodes where they touch.
        comm: MPI communicator; rank 0 works, all ranks get the same result or the same error. None: this process alone.

    Raises:
        GeometryError: overlap, doubled names, a part or face that is lost, cells without volume, a mesh volume or area off its closed form.
    """
    if comm is None:
        return _assemble(all_solids(parts), settings or MeshSettings(), bonded)
    outcome: Assembly | Exception | None = None
    if comm.rank == 0:
        try:
            outcome = _assemble(all_solids(parts), settings or MeshSettings(), bonded)
        except Exception as error:  # whatever it is, the other ranks wait for it
            outcome = error
    outcome = comm.bcast(outcome, root=0)
    if isinstance(outcome, Exception):
        raise outcome
    assert outcome is not None
    return outcome


def _assemble(solids: Sequence[Solid], settings: MeshSettings, bonded: Bonded) -> Assembly:
    sizes = target_sizes(solids, settings)
    cuts = [slices(solid, size, settings.min_layers) for solid, size in zip(solids, sizes.tolist(), strict=True)]
    points, cells, cell_part = tetrahedra(solids, sizes, cuts)
    whole = from_split(solids, split_parts(points, oriented(points, cells), cell_part), cell_part)
    missing = check(solids, whole)
    return bond(_with_assumptions(whole, solids, missing), bonded)


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
            raise GeometryError(
                f"part {solids[i].name}: {(local < 0).sum()} boundary triangles lie on none of its faces {', '.join(solids[i].faces)}"
            )
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
        shift = TOLERANCE * float(areas.sum())
        allowed = 0.05 if solid.kind == "cylinder" else 1e-9 + shift / solid.volume
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
