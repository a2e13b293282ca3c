"""Temperatures for a structural model: Nastran bulk data with TEMP cards, on the run's own mesh or on the grid points of another."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.fields import ViewError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SET = 1  #: load set of the temperatures


def write_mesh(points: Floats, cells: Ints, part: Ints, names: tuple[str, ...], value: Floats, title: str, target: Path) -> list[Path]:
    """Write the mesh (GRID in metres, CTETRA with the number of the part as property) and the temperature of every node [degC]."""
    lines = _head(title)
    lines += [f"$ property {i}: {_plain(name)}" for i, name in enumerate(names, 1)]
    for number, (x, y, z) in enumerate(points, 1):
        lines += [f"GRID*   {number:16d}{'':16}{x:16.9e}{y:16.9e}", f"*       {z:16.9e}"]
    for number, (corners, owner) in enumerate(zip(cells + 1, part + 1, strict=True), 1):
        lines.append(f"CTETRA  {number:8d}{owner:8d}" + "".join(f"{corner:8d}" for corner in corners))
    return _write([*lines, *temperatures(np.arange(1, len(points) + 1), value)], target)


def write_onto(ids: Ints, value: Floats, title: str, source: Path, target: Path) -> list[Path]:
    """Write temperatures [degC] of the grid points of another model, by their numbers."""
    return _write([*_head(title), f"$ grid points of {_plain(source.name)}", *temperatures(ids, value)], target)


def temperatures(ids: Ints, value: Floats) -> list[str]:
    """TEMP cards in the long form.

    >>> temperatures(np.array([7]), np.array([21.5]))
    ['TEMP*                  1               7 2.150000000e+01', '*']
    """
    return [line for i, T in zip(ids, value, strict=True) for line in (f"TEMP*   {SET:16d}{i:16d}{T:16.9e}", "*")]


def at_points(grid: Any, points: Floats) -> Floats:
    """Temperatures at points [m] from a mesh with `temperature_degC` by node: in cells by their shape functions, elsewhere of the closest.

    Raises:
        ViewError: a point farther from the mesh than a twentieth of its size: another unit, another place.
    """
    import pyvista

    cloud = pyvista.PolyData(points)
    found = cloud.sample(grid, snap_to_closest_point=True)
    _, closest = grid.find_closest_cell(points, return_closest_point=True)
    apart = np.linalg.norm(np.asarray(closest) - points, axis=1)
    reach = 0.05 * float(np.linalg.norm(np.ptp(np.asarray(grid.points), axis=0)))
    if apart.max(initial=0.0) > reach:
        worst = int(np.argmax(apart))
        said = f"grid point {worst + 1} of {len(points)} lies {apart[worst]:.3g} m from the mesh of the run"
        raise ViewError(f"{said}: another unit (--unit-scale, metres per unit of the file) or another place")
    return np.asarray(found.point_data["temperature_degC"], dtype=float)


def _head(title: str) -> list[str]:
    return [f"$ {_plain(title)}", "$ temperatures in degC, lengths in metres", "BEGIN BULK"]


def _write(lines: list[str], target: Path) -> list[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([*lines, "ENDDATA", ""]), encoding="ascii", errors="replace")
    return [target]


def _plain(text: str) -> str:
    return " ".join(text.split())
