"""Nastran bulk data (.bdf, .nas, .dat): points in any coordinate system of the file, cells that have a volume, properties as groups.

Fields in all three forms: small (8 columns), large (16, a card with *), free (commas). Source: MSC Nastran Quick Reference Guide, bulk data
entries GRID, GRDSET, CORD1R/C/S, CORD2R/C/S, CTETRA, CPYRAM, CPENTA, CHEXA.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats
from meshes.cad.coordinate_systems import Systems
from meshes.cad.raw_mesh import Block, RawMesh, numbered, rows_of

SUFFIXES = (".bdf", ".nas", ".dat")
CORNERS = {"CTETRA": 4, "CPYRAM": 5, "CPYRA": 5, "CPENTA": 6, "CHEXA": 8}  #: with a volume
NODES = {4: (4, 10), 5: (5, 13), 6: (6, 15), 8: (8, 20)}  #: on a cell by its corners: at the corners alone, on all edges
FACES = {"CTRIA3": 3, "CTRIA6": 3, "CTRIAR": 3, "CQUAD4": 4, "CQUAD8": 4, "CQUADR": 4, "CSHEAR": 4}
LINES = {"CBAR": 2, "CBEAM": 2, "CROD": 2, "CTUBE": 2}
SYSTEMS = {f"CORD{way}{kind}" for way in "12" for kind in "RCS"}
REAL = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[eEdD]?([+-]\d+)|[eEdD](\d+))?$")

Card = tuple[str, list[str], int]  #: name, fields after it, line


def read_bulk(path: Path) -> RawMesh:
    """The mesh of a file of bulk data.

    Raises:
        ValueError: a field that is no number, cards that are not followed (INCLUDE), a coordinate system or a point that is not there.
    """
    points: dict[int, tuple[int | None, list[float], int]] = {}
    cells: dict[tuple[str, int], tuple[list[list[int]], list[int]]] = {}
    systems, usual = Systems(), 0
    for name, fields, line in cards(path):
        where = f"line {line}: {name}"
        if name == "GRID":
            number = _whole(fields, 0, where)
            if number in points:
                raise ValueError(f"{where}: point {number} is there twice, first on line {points[number][2]}")
            points[number] = _whole(fields, 1, where, None), [_real(fields, i, where) for i in (2, 3, 4)], line
        elif name == "GRDSET":
            usual = _whole(fields, 1, where, 0) or 0
        elif name in SYSTEMS:
            _define(systems, name, fields, where)
        elif name in CORNERS or name in FACES or name in LINES:
            nodes = [_whole(fields, i, where) for i in range(2, len(fields)) if _field(fields, i)] if name in CORNERS else None
            if nodes is None:
                nodes = [_whole(fields, i, where) for i in range(2, 2 + (FACES.get(name) or LINES[name]))]
            elif len(nodes) < CORNERS[name]:
                raise ValueError(f"{where} {fields[0]} names {len(nodes)} points of {CORNERS[name]}")
            if name in CORNERS and len(nodes) not in NODES[CORNERS[name]]:
                nodes = nodes[: CORNERS[name]]  # some edges have points, some not: the corners come first
            rows, property_of = cells.setdefault((name, len(nodes)), ([], []))
            rows.append(nodes)
            property_of.append(_whole(fields, 1, where, 0) or 0)
        elif name == "INCLUDE":
            raise ValueError(f"{where} {' '.join(fields)} is not followed; put all bulk data into one file")
        elif name.startswith(("CORD3", "GRIDB", "GRIDF", "GRIDS", "CORD1RX")):
            raise ValueError(f"{where} is not read; write the points in the basic system (CP = 0)")
    numbers = np.array(list(points), dtype=np.int64)
    local = np.array([xyz for _, xyz, _ in points.values()], dtype=np.float64).reshape(-1, 3)
    system = np.array([usual if cp is None else cp for cp, _, _ in points.values()], dtype=np.int64)
    placed = systems.basic(dict(zip(numbers.tolist(), zip(system.tolist(), local, strict=True), strict=True)), numbers, system, local)
    return _raw(placed, numbers, cells, path)


def _raw(points: Floats, number: NDArray[np.int64], cells: dict[tuple[str, int], tuple[list[list[int]], list[int]]], path: Path) -> RawMesh:
    solid = [key for key in cells if key[0] in CORNERS]
    properties = np.array([p for key in solid for p in cells[key][1]], dtype=np.int64)
    group, labels, sets = numbered(properties)
    blocks, start = [], 0
    for (name, _), (nodes, property_of) in cells.items():
        rows = rows_of(number, np.array(nodes, dtype=np.int64), path.name)
        count = len(property_of) if name in CORNERS else 0
        mine = group[start : start + count] if count else np.zeros(len(property_of), dtype=np.int64)
        blocks.append(Block(name, CORNERS.get(name, 0), rows, mine))
        start += count
    return RawMesh(points, number, tuple(blocks), labels, sets)


def cards(path: Path) -> Iterator[Card]:
    """The cards of the bulk data section with their fields in order, continuations joined.

    Raises:
        ValueError: fields that are copied from the card before (=), which nothing here undoes.
    """
    lines = path.read_bytes().decode("utf-8-sig", "replace").splitlines()
    begin = next((i + 1 for i, line in enumerate(lines) if line.strip().upper().startswith("BEGIN") and "BULK" in line.upper()), 0)
    name, fields, at = "", [""], 0
    for i, raw in enumerate(lines[begin:], begin + 1):
        line = raw.partition("$")[0].rstrip()
        if not line.strip():
            continue
        if line.strip().upper().startswith("ENDDATA"):
            break
        if line.startswith("="):
            raise ValueError(f"line {i}: fields copied from the card before (=) are not read; write the cards out")
        head, found = _fields(line)
        if head in ("", "+", "*") or head.startswith(("+", "*")):
            fields = [*fields, *found]
            continue
        if name:
            yield name, fields, at
        name, fields, at = head.rstrip("*").strip().upper(), found, i
        if name.startswith("INCLUDE"):
            name, fields = "INCLUDE", [line[7:].strip()]
    if name:
        yield name, fields, at


def _fields(line: str) -> tuple[str, list[str]]:
    """First field of a line and those that carry data: 8 of small and free fields, 4 of large ones; the last is a mark of continuation."""
    if "," in line:
        first, *rest = (field.strip() for field in line.split(","))
        count = 4 if "*" in first else 8
        return first, [*rest[:count], *[""] * (count - len(rest))]
    line = line.expandtabs(8)
    first = line[:8].strip()
    wide, count = (16, 4) if "*" in first else (8, 8)
    return first, [line[8 + wide * i : 8 + wide * (i + 1)].strip() for i in range(count)]


def _field(fields: list[str], i: int) -> str:
    return fields[i] if i < len(fields) else ""


def _whole(fields: list[str], i: int, where: str, empty: int | None = -1) -> int:
    text = _field(fields, i)
    if not text and empty != -1:
        return empty  # type: ignore[return-value]
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{where}: field {i + 2} is {text!r}, and must be a whole number") from None


def _real(fields: list[str], i: int, where: str) -> float:
    """A real number as Nastran writes it: 7.0, .7E1, 7.+4, 1.5-3, 1.D0; an empty field is 0. nan stays nan and is refused by its node.

    >>> _real(["1.5-3"], 0, "")
    0.0015
    """
    text = _field(fields, i)
    if not text:
        return 0.0
    found = REAL.match(text)
    if found:
        mantissa, signed, plain = found.groups()
        return float(f"{mantissa}e{signed or plain or 0}")
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return float(text)
    raise ValueError(f"{where}: field {i + 2} is {text!r}, and must be a number")


def _define(systems: Systems, name: str, fields: list[str], where: str) -> None:
    """Note one coordinate system, or the two that a CORD1 card may hold."""
    kind = name[-1]
    if name.startswith("CORD1"):
        for start in (0, 4):
            if _field(fields, start):
                systems.by_points(kind, _whole(fields, start, where), tuple(_whole(fields, start + i, where) for i in (1, 2, 3)))
        return
    origin, axis, plane = ([_real(fields, start + i, where) for i in range(3)] for start in (2, 5, 8))
    systems.by_place(kind, _whole(fields, 0, where), _whole(fields, 1, where, 0) or 0, np.array([origin, axis, plane]))
