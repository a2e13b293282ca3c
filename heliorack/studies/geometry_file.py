"""`heliorack inspect`: what a geometry file holds, before a case names any of it."""

from pathlib import Path
from typing import Any

import numpy as np

from meshes import kernel
from meshes.beside import Tell
from meshes.cad.imported import ImportedSolid, Piece
from meshes.cad.mesh_files import FORMATS, MeshFile, read
from meshes.cad.step import Step, left_out, located_label
from meshes.cad.step_solids import read as read_step
from meshes.errors import GeometryError
from meshes.measure import cell_volumes

STEP = (".step", ".stp")
MILLI = 1e-3  #: m; the unit of a mesh file unless it is said


def inspect(file: Path, unit_scale: float | None = None) -> dict[str, Any]:
    """Solids of a STEP file, or groups of a mesh file, with name, volume, box and numbers of faces or cells.

    Args:
        file: STEP or any mesh file that a part may name.
        unit_scale: Metres per unit of a mesh file, by default 0.001; of a STEP file times the unit that it states, by default 1.

    Raises:
        GeometryError: no such file, not readable, or of no kind that is known.
    """
    suffix = file.suffix.lower()
    name, path = file.stem or "part", str(file.resolve())
    anything = (Piece(name="any", match="*", material="any"),)
    if suffix in STEP:
        return _solids(Step(name=name, file=path, coating="insulated", solids=anything, unit_scale=unit_scale or 1.0).sub_parts()[0])
    if suffix in FORMATS:
        return _groups(MeshFile(name=name, file=path, coating="insulated", solids=anything, unit_scale=unit_scale or MILLI).sub_parts()[0])
    raise GeometryError(f"{file.name} is none of {', '.join((*STEP, *FORMATS))}")


def _solids(solid: ImportedSolid) -> dict[str, Any]:
    return {"file": solid.path.name, "kind": "step", "solids": kernel.run(_rows, solid), "said": list(left_out(solid))}


def _rows(gmsh: Any, _: Tell, solid: ImportedSolid) -> list[dict[str, Any]]:
    """One for each solid that the file holds."""
    rows = []
    for one in read_step(gmsh, solid):
        label = located_label(gmsh.model, one)
        rows.append(
            {
                "solid": label.names[0],
                "also": list(label.names[1:]),
                "color": None if label.color is None else [round(c) for c in label.color],
                "volume_mm3": gmsh.model.occ.getMass(3, one.tag) * 1e9,
                "low_mm": [round(x * 1e3, 3) for x in label.low or ()],
                "high_mm": [round(x * 1e3, 3) for x in label.high or ()],
                "faces": len(one.surfaces),
            }
        )
    return rows


def _groups(solid: ImportedSolid) -> dict[str, Any]:
    mesh = read(solid)
    volume = abs(cell_volumes(mesh.points * solid.scale, mesh.cells))
    rows = []
    for index, label in enumerate(mesh.labels):
        mine = np.isin(mesh.group, [k for k, groups in enumerate(mesh.sets) if index in groups])
        if not mine.any():
            continue
        points = mesh.points[mesh.cells[mine]].reshape(-1, 3) * solid.scale * 1e3
        rows.append(
            {
                "group": label.names[0],
                "also": list(label.names[1:]),
                "volume_mm3": float(volume[mine].sum() * 1e9),
                "low_mm": [round(x, 3) for x in points.min(axis=0).tolist()],
                "high_mm": [round(x, 3) for x in points.max(axis=0).tolist()],
                "cells": int(mine.sum()),
            }
        )
    unit = f"{solid.path.name}: lengths are read as {solid.scale:g} m per unit."
    return {"file": solid.path.name, "kind": "mesh", "groups": rows, "said": [unit, *mesh.said]}
