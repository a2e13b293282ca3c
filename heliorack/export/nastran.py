"""Temperatures for a structural model: Nastran bulk data with TEMP cards, on the run's own mesh or on the grid points of another."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heliorack.export.structural_map import Mapped

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


def write_onto(ids: Ints, found: Mapped, title: str, source: Path, target: Path) -> list[Path]:
    """Write temperatures [degC] of the grid points of another model, by their numbers."""
    lines = [*_head(title), f"$ grid points of {_plain(source.name)}"]
    lines += [
        f"$ part {_plain(name)}: mean {mean:.6f}, as in the run; {added:+.2g} K for it" for name, (mean, added) in found.means.items()
    ]
    lines += [f"$ {_plain(said)}" for said in found.said]
    return _write([*lines, *temperatures(ids, found.value)], target)


def temperatures(ids: Ints, value: Floats) -> list[str]:
    """TEMP cards in the long form.

    >>> temperatures(np.array([7]), np.array([21.5]))
    ['TEMP*                  1               7 2.150000000e+01', '*']
    """
    return [line for i, T in zip(ids, value, strict=True) for line in (f"TEMP*   {SET:16d}{i:16d}{T:16.9e}", "*")]


def _head(title: str) -> list[str]:
    return [f"$ {_plain(title)}", "$ temperatures in degC, lengths in metres", "BEGIN BULK"]


def _write(lines: list[str], target: Path) -> list[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([*lines, "ENDDATA", ""]), encoding="ascii", errors="replace")
    return [target]


def _plain(text: str) -> str:
    return " ".join(text.split())
