"""A network of lumped nodes: as the text that other thermal programs write, in the manner of ESATAN, and read back from it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Pairs = tuple[tuple[float, float], ...]
Kind = Literal["periodic", "transient", "steady"]

HEATS = ("QI", "QS", "QA", "QE")  #: internal heat, sunlight, albedo, planet infrared
NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?)"
NODE = re.compile(r"([DBX])\s*(\d+)\s*(?:=\s*'([^']*)'|=?)\s*(.*)$")
TIE = re.compile(rf"(GL|GR)\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*=\s*{NUMBER}$")
ARRAY = re.compile(r"Q(\d+)\s*\(\s*2\s*,\s*\d+\s*\)\s*=\s*(.*)$", re.DOTALL)
VALUE = re.compile(rf"([A-Z]+)\s*=\s*{NUMBER}$")
BLOCK = re.compile(r"\$(\w+)(?:\s+\w+)?\s*$")
KNOWN = ("MODEL", "NODES", "CONDUCTORS", "CONSTANTS", "ARRAYS", "REAL", "ENDMODEL")


class NetworkFileError(ValueError):
    """A network file cannot be read; says where, what stands there and what is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A lump, or where `held` a boundary."""

    number: int
    name: str
    degC: float  #: mean, or where a transient starts; of a boundary its temperature
    held: bool = False
    capacity_J_K: float = 0.0
    heat_W: dict[str, float] = field(default_factory=dict)  #: means by `HEATS`
    over: Pairs = ()  #: all heat over time [s, W], in place of the means; a jump stands twice


@dataclass(frozen=True, slots=True)
class Tie:
    """A conductor between two nodes."""

    kind: Literal["GL", "GR"]
    one: int
    other: int
    value: float  #: W/K, or m2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lumped:
    """Nodes and conductors."""

    title: str
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    kind: Kind = "steady"
    lasts_s: float = 0.0  #: period, or length of a transient
    notes: tuple[str, ...] = ()


def text(network: Lumped) -> str:
    """As $NODES, $CONDUCTORS, $CONSTANTS and $ARRAYS."""
    lines = [*(f"# {_plain(said)}" for said in (network.title, *network.notes)), "$MODEL HELIORACK", "$NODES"]
    for node in network.nodes:
        if node.held:
            lines.append(f"B{node.number} = '{_plain(node.name)}', T = {node.degC:.9g};")
            continue
        heats = "".join(f", {name} = {value:.9g}" for name, value in node.heat_W.items() if value)
        lines.append(f"D{node.number} = '{_plain(node.name)}', T = {node.degC:.9g}, C = {node.capacity_J_K:.9g}{heats};")
    lines.append("$CONDUCTORS")
    lines += [f"{tie.kind}({tie.one}, {tie.other}) = {tie.value:.9g};" for tie in network.ties]
    if network.kind != "steady":
        lines += ["$CONSTANTS", "$REAL", f"{_word(network.kind)} = {network.lasts_s:.9g};", "$ARRAYS", "$REAL"]
        for node in network.nodes:
            if node.over:
                lines.append(f"Q{node.number}(2, {len(node.over)}) =")
                lines += [f"  {t:.9g}, {heat:.9g}{',' if k < len(node.over) else ';'}" for k, (t, heat) in enumerate(node.over, 1)]
    return "\n".join([*lines, "$ENDMODEL", ""])


def _word(kind: Kind) -> str:
    return "PERIOD" if kind == "periodic" else "DURATION"


def read(path: Path) -> Lumped:
    """A network from such a text: nodes D and B, GL and GR, heat as means or over time.

    Raises:
        NetworkFileError: a line that is none of these, a node that is not there, or nothing that is a network.
        OSError: it cannot be read.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    title = next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), "")
    nodes: dict[int, Node] = {}
    ties: list[tuple[int, Tie]] = []
    kind: Kind = "steady"
    lasts, over = 0.0, dict[int, Pairs]()
    for at, block, said in _statements(lines, path):
        if block == "NODES":
            node = _node(said, path, at)
            if node is not None:
                if node.number in nodes:
                    raise _wrong(path, at, said, "a number that no other node has")
                nodes[node.number] = node
        elif block == "CONDUCTORS":
            ties.append((at, _tie(said, path, at)))
        elif block == "CONSTANTS":
            found = VALUE.match(said)
            if found is None or found[1] not in ("PERIOD", "DURATION"):
                raise _wrong(path, at, said, "PERIOD = seconds, or DURATION = seconds")
            kind, lasts = ("periodic" if found[1] == "PERIOD" else "transient"), _number(found[2])
        elif block == "ARRAYS":
            number, pairs = _array(said, path, at)
            over[number] = pairs
    _refuse(path, nodes, ties, over)
    whole = tuple(
        Node(number=n.number, name=n.name, degC=n.degC, held=n.held, capacity_J_K=n.capacity_J_K, heat_W=n.heat_W, over=over.get(i, ()))
        for i, n in nodes.items()
    )
    return Lumped(title=title, nodes=whole, ties=tuple(tie for _, tie in ties), kind=kind, lasts_s=lasts)


def _statements(lines: Sequence[str], path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, block and text of everything that ends with a semicolon."""
    block, begun, pieces = "", 0, list[str]()
    for at, raw in enumerate(lines, 1):
        line = raw.split("#", 1)[0].strip()
        opened = BLOCK.match(line)
        if opened is not None and not pieces:
            if opened[1] not in KNOWN:
                raise _wrong(path, at, line, f"${', $'.join(KNOWN)}: programs in a model are not run")
            block = block if opened[1] == "REAL" else opened[1]
            continue
        for piece in re.findall(r"[^;]*;|[^;]+", line):
            begun = begun if pieces else at
            pieces.append(piece.rstrip(";").strip())
            if piece.endswith(";"):
                if any(pieces):
                    yield begun, block, " ".join(pieces).strip()
                pieces = []
    if any(pieces):
        raise _wrong(path, begun, _beginning(" ".join(pieces)), "a semicolon behind it")


def _node(said: str, path: Path, at: int) -> Node | None:
    found = NODE.match(said)
    if found is None:
        raise _wrong(path, at, said, "D1 = 'name', T = degC, C = J/K, QI = W")
    letter, number, name, rest = found.groups()
    if letter == "X":
        return None  # ESATAN's inactive node
    values: dict[str, float] = {}
    for piece in filter(None, (piece.strip() for piece in rest.split(","))):
        value = VALUE.match(piece)
        if value is None:
            raise _wrong(path, at, piece, "a name and a number, as C = 120.5: expressions are not read")
        values[value[1]] = _number(value[2])
    if letter == "B" and "T" not in values:
        raise _wrong(path, at, said, "T = its temperature [degC]: it is a boundary")
    return Node(
        number=int(number),
        name=name or f"node {number}",
        degC=values.get("T", 20.0),
        held=letter == "B",
        capacity_J_K=values.get("C", 0.0),
        heat_W={heat: values[heat] for heat in (*HEATS, "QR") if values.get(heat)},
    )


def _tie(said: str, path: Path, at: int) -> Tie:
    found = TIE.match(said)
    if found is None:
        raise _wrong(path, at, said, "GL(1, 2) = W/K, or GR(1, 2) = m2, with a number: expressions and other conductors are not read")
    return Tie("GL" if found[1] == "GL" else "GR", int(found[2]), int(found[3]), _number(found[4]))


def _array(said: str, path: Path, at: int) -> tuple[int, Pairs]:
    found = ARRAY.match(said)
    try:
        values = [_number(piece) for piece in found[2].split(",")] if found is not None else []
    except ValueError:
        values = []
    if found is None or len(values) < 4 or len(values) % 2:
        raise _wrong(path, at, said[:60], "Q1(2, n) = time, heat, time, heat, ... with at least two times")
    return int(found[1]), tuple(zip(values[::2], values[1::2], strict=True))


def _refuse(path: Path, nodes: dict[int, Node], ties: Sequence[tuple[int, Tie]], over: dict[int, Pairs]) -> None:
    if not nodes:
        raise NetworkFileError(f"{path}: no node stands in it; a network file has $NODES with D1 = 'name', T = ..., C = ...;")
    for at, tie in ties:
        for end in (tie.one, tie.other):
            if end not in nodes:
                raise _wrong(path, at, f"{tie.kind}({tie.one}, {tie.other})", f"nodes that are there: {end} is not among $NODES")
    for number in over:
        if number not in nodes or nodes[number].held:
            raise NetworkFileError(f"{path}: Q{number} of $ARRAYS heats node {number}, which is not there or is a boundary")


def _number(said: str) -> float:
    return float(said.strip().replace("D", "e").replace("d", "e"))


def _beginning(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]} ..."


def _wrong(path: Path, at: int, found: str, wanted: str) -> NetworkFileError:
    return NetworkFileError(f"{path}, line {at}: {found}\n  expected {wanted}")


def _plain(said: str) -> str:
    """A text that ends no quotation and no line."""
    return " ".join(said.replace("'", "").replace(";", ",").replace("#", "").split())
