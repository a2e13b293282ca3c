"""Abaqus and CalculiX input (.inp): nodes, cells that have a volume, element sets as groups, instances of parts where they stand.

Source: Abaqus Keywords Reference Guide, *NODE, *ELEMENT, *ELSET, *PART, *INSTANCE.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from meshes.assembly import Floats
from meshes.cad.imported import Label
from meshes.cad.raw_mesh import Block, RawMesh, Sets, one_group

SUFFIXES = (".inp",)
VOLUME = re.compile(r"(?:A|D|DC|Q)?C3D(\d+)|SC(\d+)R?T?|F3D(\d+)")  #: types of solids; the number is that of their nodes
CORNERS = {4: 4, 10: 4, 5: 5, 13: 5, 6: 6, 15: 6, 18: 6, 8: 8, 20: 8, 27: 8}
REFUSED = {
    "INCLUDE": "is not followed; put the mesh into one file",
    "SYSTEM": "is not read; give the nodes in the global system",
    "NGEN": "is not read; write the nodes out",
    "NFILL": "is not read; write the nodes out",
    "NCOPY": "is not read; write the nodes out",
    "NMAP": "is not read; write the nodes out",
    "ELGEN": "is not read; write the elements out",
    "ELCOPY": "is not read; write the elements out",
}


@dataclass(slots=True)
class _Part:
    """Nodes, elements and sets that share their numbers."""

    nodes: dict[int, list[float]] = field(default_factory=dict)
    elements: dict[int, tuple[str, list[int]]] = field(default_factory=dict)
    sets: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Instance:
    name: str
    part: _Part
    shift: Floats
    turn: tuple[Floats, Floats, float] | None  #: two points of the axis, angle [rad]
    sets: dict[str, list[int]] = field(default_factory=dict)  #: those of the assembly


def read_abaqus(path: Path) -> RawMesh:
    """The mesh of an input file.

    Raises:
        ValueError: numbers that are none, keywords that are not followed, types of solids that are not known.
    """
    instances = _instances(path)
    labels: dict[str, int] = {}
    found = Sets()
    points: list[Floats] = []
    numbers: list[int] = []
    made: dict[tuple[str, int, int], tuple[list[list[int]], list[int]]] = {}
    for one in instances:
        start = len(numbers)
        numbers += list(one.part.nodes)
        points.append(_placed(one))
        row = {number: start + i for i, number in enumerate(one.part.nodes)}
        of: dict[int, set[int]] = {}
        titles = {**one.part.sets, **one.sets}
        if one.name:
            titles[one.name] = list(one.part.elements)
        for title, members in titles.items():
            for element in members:
                if element in one.part.elements and _corners(one.part.elements[element][0]):
                    of.setdefault(element, set()).add(labels.setdefault(title, len(labels)))
        for element, (kind, nodes) in one.part.elements.items():
            lost = [n for n in nodes if n not in row]
            if lost:
                raise ValueError(f"element {element} names node {lost[0]}, which the file does not define")
            rows, group = made.setdefault((kind, _corners(kind), len(nodes)), ([], []))
            rows.append([row[n] for n in nodes])
            group.append(found.of(frozenset(of.get(element, {-1}))) if _corners(kind) else 0)
    names, sets = tuple(Label((title,)) for title in labels), found.all
    if any(-1 in groups for groups in sets):
        sets = tuple(frozenset({len(names)}) if -1 in groups else groups for groups in sets)
        names = (*names, Label(("no group",))) if names else one_group()[0]
    blocks = [
        Block(kind, corners, np.array(rows, dtype=np.int64), np.array(group, dtype=np.int64))
        for (kind, corners, _), (rows, group) in made.items()
    ]
    xyz = np.concatenate(points) if points else np.empty((0, 3))
    return RawMesh(xyz, np.array(numbers, dtype=np.int64), tuple(blocks), names, sets or one_group()[1])


def _corners(kind: str) -> int:
    """Corners of a type of element, 0 where it has no volume.

    Raises:
        ValueError: a solid whose number of nodes is not known.
    """
    found = VOLUME.match(kind)
    if not found:
        return 0
    count = int(next(number for number in found.groups() if number))
    if count not in CORNERS:
        raise ValueError(f"elements of type {kind} are not read; export tetrahedra (C3D4), wedges (C3D6) or hexahedra (C3D8)")
    return CORNERS[count]


def _instances(path: Path) -> list[_Instance]:
    """What stands in the model: the instances of the assembly, or the whole file where it has none."""
    whole = part = _Part()
    parts: dict[str, _Part] = {}
    placed: dict[str, _Instance] = {}
    here: _Instance | None = None
    for keyword, given, line, data in _keywords(path):
        where = f"line {line}: *{keyword}"
        if keyword in REFUSED:
            raise ValueError(f"{where} {REFUSED[keyword]}")
        if "INPUT" in given and keyword in ("NODE", "ELEMENT", "ELSET"):
            raise ValueError(f"{where}, INPUT={given['INPUT']} is not followed; put the mesh into one file")
        if keyword == "PART":
            part = parts.setdefault(given.get("NAME", ""), _Part())
        elif keyword in ("END PART", "ASSEMBLY", "END INSTANCE"):
            part, here = whole, None
        elif keyword == "INSTANCE":
            name, of = given.get("NAME", ""), given.get("PART", "")
            if of not in parts:
                raise ValueError(f"{where}: there is no part {of!r}")
            here = placed[name] = _placement(name, parts[of], data, where)
            part = here.part
        elif keyword == "NODE":
            if given.get("SYSTEM", "R").upper() != "R":
                raise ValueError(f"{where}, SYSTEM={given['SYSTEM']} is not read; give the nodes in rectangular coordinates")
            for words, at in data:
                number, *xyz = words
                part.nodes[_whole(number, at)] = [_real(x, at) for x in (*xyz, *["0"] * 3)[:3]]
        elif keyword == "ELEMENT":
            _elements(part, given, data)
        elif keyword == "ELSET":
            owner = placed.get(given["INSTANCE"]) if "INSTANCE" in given else None
            if "INSTANCE" in given and owner is None:
                raise ValueError(f"{where}: there is no instance {given['INSTANCE']!r}")
            _element_set(owner.sets if owner else part.sets, given, data)
    return list(placed.values()) if placed else [_Instance("", p, np.zeros(3), None) for p in (whole, *parts.values()) if p.nodes]


def _keywords(path: Path) -> Iterator[tuple[str, dict[str, str], int, list[tuple[list[str], int]]]]:
    """Keyword, its parameters, its line, and the data lines after it as (words, line)."""
    keyword, given, at = "", dict[str, str](), 0
    data: list[tuple[list[str], int]] = []
    for i, raw in enumerate(path.read_bytes().decode("utf-8-sig", "replace").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("**"):
            continue
        if not line.startswith("*"):
            words = [word.strip() for word in line.split(",")]
            if data and data[-1][0] and data[-1][0][-1] == "" and keyword in ("ELEMENT",):  # a comma at the end: it goes on
                data[-1] = ([*data[-1][0][:-1], *words], data[-1][1])
            else:
                data.append((words, i))
            continue
        if keyword:
            yield keyword, given, at, data
        first, *rest = line[1:].split(",")
        keyword, at, data = " ".join(first.split()).upper(), i, []
        given = {}
        for word in rest:
            key, _, value = word.partition("=")
            given[key.strip().upper()] = value.strip().strip('"')
    if keyword:
        yield keyword, given, at, data


def _elements(part: _Part, given: dict[str, str], data: list[tuple[list[str], int]]) -> None:
    kind = given.get("TYPE", "").upper()
    found = VOLUME.match(kind)
    count = int(next(n for n in found.groups() if n)) if found else 0
    mine = part.sets.setdefault(given["ELSET"], []) if "ELSET" in given else None
    for words, at in data:
        number, *nodes = [_whole(word, at) for word in words if word]
        if found and count in CORNERS and len(nodes) < count:
            raise ValueError(f"line {at}: element {number} of type {kind} names {len(nodes)} nodes of {count}")
        part.elements[number] = kind, nodes
        if mine is not None:
            mine.append(number)


def _element_set(sets: dict[str, list[int]], given: dict[str, str], data: list[tuple[list[str], int]]) -> None:
    mine = sets.setdefault(given.get("ELSET", ""), [])
    for words, at in data:
        kept = [word for word in words if word]
        if "GENERATE" in given:
            first, last, *step = [_whole(word, at) for word in kept]
            mine += list(range(first, last + 1, step[0] if step else 1))
            continue
        for word in kept:
            if word.lstrip("-").isdigit():
                mine.append(int(word))
            elif word in sets:
                mine += sets[word]
            else:
                raise ValueError(f"line {at}: there is no element set {word!r} to take into {given.get('ELSET')!r}")


def _placement(name: str, part: _Part, data: list[tuple[list[str], int]], where: str) -> _Instance:
    """An instance: moved by the first data line, then turned about the axis of the second."""
    numbers = [[_real(word, at) for word in words if word] for words, at in data]
    shift = np.array(numbers[0][:3]) if numbers else np.zeros(3)
    turn = None
    if len(numbers) > 1:
        if len(numbers[1]) != 7:
            raise ValueError(f"{where}: a rotation wants two points and an angle, seven numbers")
        turn = np.array(numbers[1][:3]), np.array(numbers[1][3:6]), float(np.deg2rad(numbers[1][6]))
    return _Instance(name, part, np.append(shift, np.zeros(3 - len(shift))), turn)


def _placed(one: _Instance) -> Floats:
    """Nodes (n, 3) of an instance in the global system."""
    points = np.array(list(one.part.nodes.values()), dtype=np.float64).reshape(-1, 3) + one.shift
    if one.turn is None:
        return points
    a, b, angle = one.turn
    axis = (b - a) / np.linalg.norm(b - a)
    x = points - a
    along = (x @ axis)[:, None] * axis
    return np.asarray(a + along + np.cos(angle) * (x - along) + np.sin(angle) * np.cross(axis, x))


def _whole(word: str, line: int) -> int:
    try:
        return int(word)
    except ValueError:
        raise ValueError(f"line {line}: {word!r} must be a whole number") from None


def _real(word: str, line: int) -> float:
    try:
        return float(word.upper().replace("D", "E"))
    except ValueError:
        raise ValueError(f"line {line}: {word!r} must be a number") from None
