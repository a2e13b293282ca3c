"""Temperatures at points of the body over the kept moments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.fields import ViewError, frames, run_folder
from heliorack.runtime.graphics import quiet_vtk

Floats = NDArray[np.float64]

NEAR = 1e-3  #: of the size of the body: a point so near to its outside is taken to be on it


def point(text: str) -> tuple[float, float, float]:
    """Coordinates [m] of "x,y,z".

    Raises:
        ViewError: it is no point.

    >>> point("0.1, 0, -2e-3")
    (0.1, 0.0, -0.002)
    """
    try:
        x, y, z = (_finite(float(piece)) for piece in text.split(","))
    except ValueError:
        raise ViewError(f"--probe {text}: give a point of the body in metres, as in --probe 0.1,0,0.02") from None
    return x, y, z


def _finite(value: float) -> float:
    if not np.isfinite(value):
        raise ValueError(value)
    return value


def probe(folder: Path, points: Sequence[str]) -> tuple[list[str], list[list[float]]]:
    """Times [s] and temperatures [degC] at points over the kept moments: a heading and rows.

    Args:
        folder: A run folder, or that of a set of load cases: its hottest case is asked.
        points: As `point` takes them.

    Raises:
        ViewError: not a result, no point, or one outside of the body.
    """
    import pyvista

    quiet_vtk()
    kept = frames(run_folder(folder))
    asked = np.array([point(text) for text in points])
    grid: Any = pyvista.read(kept[0].path)
    closest, on_body = grid.find_closest_cell(asked, return_closest_point=True)
    on_body = np.asarray(on_body).reshape(-1, 3)
    away, size = np.linalg.norm(on_body - asked, axis=1), float(np.linalg.norm(np.ptp(np.asarray(grid.points), axis=0)))
    for text, off, there in zip(points, away, on_body, strict=True):
        if off > NEAR * size:
            near = ",".join(f"{x:.4g}" for x in there)
            raise ViewError(f"--probe {text}: lies {off:.3g} m outside of the body, whose nearest point is {near}")
    cells = np.asarray(grid.cells.reshape(-1, 5)[:, 1:], dtype=np.int64)[np.atleast_1d(closest)]
    weights = np.array(
        [_barycentric(np.asarray(grid.points, dtype=float)[four], there) for four, there in zip(cells, on_body, strict=True)]
    )
    parts = np.asarray(grid.cell_data["part"])[np.atleast_1d(closest)]
    heading = ["time_s"]
    heading += [f"{grid.field_data['part_names'][part]} ({text.replace(',', ' ')}) degC" for part, text in zip(parts, points, strict=True)]
    rows = []
    for frame in kept:
        T = np.asarray(pyvista.read(frame.path).point_data["temperature_degC"], dtype=float)
        rows.append([frame.time, *(weights * T[cells]).sum(axis=1).tolist()])
    return heading, rows


def _barycentric(corners: Floats, at: Floats) -> Floats:
    """Shape functions of a tetrahedron (4, 3) at a point of it, (4,)."""
    rest = np.linalg.solve((corners[1:] - corners[0]).T, at - corners[0])
    return np.array([1 - rest.sum(), *rest])
