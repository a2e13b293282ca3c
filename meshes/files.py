"""Imported parts on their way through the mesh: their files are read, their volumes or cells fetched, their boundary triangles named."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from meshes import kernel
from meshes.cad import mesh_files, step
from meshes.cad.imported import ImportedSolid, measured, size_warnings
from meshes.cad.step_faces import face_labels
from meshes.shapes.solid import Solid
from meshes.split import Split
from meshes.store import Store, key_of_file


def by_part(solids: Sequence[Solid], way: str) -> list[list[tuple[int, ImportedSolid]]]:
    """Imported solids with their positions, those of one part together."""
    groups: dict[str, list[tuple[int, ImportedSolid]]] = {}
    for i, solid in enumerate(solids):
        if isinstance(solid, ImportedSolid) and solid.way == way:
            groups.setdefault(solid.part, []).append((i, solid))
    return list(groups.values())


def located(solids: Sequence[Solid], store: Store | None = None) -> tuple[Solid, ...]:
    """The solids, those of files with their volume, area and extent.

    Args:
        solids: Of all parts.
        store: Where is kept what files hold; a file found there is not read.

    Raises:
        GeometryError: a file is missing or cannot be used, or does not hold what the case says.
    """
    result = list(solids)
    for group in (*by_part(solids, "mesh"), *by_part(solids, "step")):
        _put(result, group, _located([solid for _, solid in group], store))
    return tuple(result)


def _located(solids: Sequence[ImportedSolid], store: Store | None) -> list[ImportedSolid]:
    """The solids of one part with what its file says of them."""
    key = key_of_file(solids) if store else None
    kept = store.measured(key) if store and key else None
    if kept is not None and len(kept) == len(solids):
        return [measured(solid, found) for solid, found in zip(solids, kept, strict=True)]
    read = mesh_files.located(solids) if solids[0].way == "mesh" else kernel.run(step.located, solids)
    if store and key:
        store.keep(key, tuple(solid.found for solid in read if solid.found is not None))
    return read


def _put(result: list[Solid], group: Sequence[tuple[int, Solid]], found: Sequence[Solid]) -> None:
    for (i, _), solid in zip(group, found, strict=True):
        result[i] = solid


def labelled(solids: Sequence[Solid], mesh: Split, cell_part: NDArray[np.int32]) -> tuple[Solid, ...]:
    """The solids, those of files with the face of each of their boundary triangles in the split mesh.

    Raises:
        GeometryError: a face that the case names is not there, or two names claim one face.
    """
    result = list(solids)
    facet_part = cell_part[mesh.facet_cell]
    for group in by_part(solids, "mesh"):
        local = np.full(len(solids), -1, dtype=np.int32)
        local[[i for i, _ in group]] = np.arange(len(group))
        labels = mesh_files.face_labels([solid for _, solid in group], mesh, local[facet_part])
        _put(result, group, [replace(solid, labels=found) for (_, solid), found in zip(group, labels, strict=True)])
    for group in by_part(solids, "step"):
        corners = [mesh.points[mesh.facets[facet_part == i]] for i, _ in group]
        labels = kernel.run(face_labels, [solid for _, solid in group], corners)
        _put(result, group, [replace(solid, labels=found) for (_, solid), found in zip(group, labels, strict=True)])
    return tuple(result)


def sentences(solids: Sequence[Solid]) -> list[str]:
    """What was assumed about files, warnings first."""
    read = [solid for solid in solids if isinstance(solid, ImportedSolid) and solid.found is not None]
    said = [f"{s.path.name}: lengths are read {_unit(s)}." for s in read]
    said += [sentence for solid in read if solid.found for sentence in solid.found.said]
    return [*size_warnings(solids), *dict.fromkeys(said)]


def _unit(solid: ImportedSolid) -> str:
    if solid.way == "mesh":
        return f"as {solid.scale:g} m per unit"
    return "in the unit that the file states" + (f", times {solid.scale:g}" if solid.scale != 1.0 else "")
