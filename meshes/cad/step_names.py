"""Names of faces in the text of a STEP file (ISO 10303-21), which the geometry kernel reads past, and the kernel's faces that bear them.

The kernel keeps the order of a shell's faces. That is not taken on trust: the vertices of all faces, as the file has them in the axes of
the product, must lie where the kernel put them, up to one turn, one shift and one scale (the unit) for the whole solid.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from meshes.assembly import Floats

TEXT = r"'(?:[^']|'')*'"
COMMENT = re.compile(rf"({TEXT})|/\*.*?\*/", re.DOTALL)
STATEMENT = re.compile(rf"#(\d+)\s*=\s*((?:{TEXT}|[^';])*);")
PIECES = re.compile(rf"({TEXT})|#(\d+)")
ESCAPES = re.compile(r"''|\\\\|\\X2\\([0-9A-Fa-f]*)\\X0\\|\\X4\\([0-9A-Fa-f]*)\\X0\\|\\X\\([0-9A-Fa-f]{2})|\\S\\(.)|\\P[A-I]\\")
LOOSE = 1e-5  #: of a solid's extent; files with seven digits keep to it

SOLIDS = ("MANIFOLD_SOLID_BREP", "BREP_WITH_VOIDS", "FACETED_BREP")
SHELLS = ("CLOSED_SHELL", "OPEN_SHELL", "ORIENTED_CLOSED_SHELL")
FACES = ("ADVANCED_FACE", "FACE_SURFACE")
SHEETS = ("SHELL_BASED_SURFACE_MODEL", "FACE_BASED_SURFACE_MODEL")
RELATED = ("SHAPE_REPRESENTATION_RELATIONSHIP",)


@dataclass(frozen=True, slots=True)
class Body:
    """A solid of the file in the axes of its product."""

    product: str  #: name of its product, empty where the file does not say
    names: tuple[str, ...]  #: of its faces in the order of the file, empty for a face without
    corners: tuple[Floats, ...]  #: (k, 3) vertices of each face, in the unit of the file
    name: str = ""  #: its own (of the MANIFOLD_SOLID_BREP), empty without


def bodies(path: Path) -> tuple[Body, ...]:
    """The solids of a STEP file with the names of their faces."""
    return _bodies(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _bodies(path: Path, stamp: int) -> tuple[Body, ...]:
    file = _File(path)
    product = file.products()
    return tuple(file.body(number, product.get(number, "")) for number in file.all(SOLIDS))


def sheets(path: Path) -> tuple[int, int]:
    """Surfaces that bound no solid in a STEP file, and how many faces they have."""
    file = _File(path)
    found = [number for number in file.all(SHEETS) if any(True for _ in file.refs(number))]
    return len(found), sum(len(file.faces(shell)) for number in found for shell in file.refs(number))


def body_names(found: Sequence[Body], product: str, corners: Sequence[Sequence[Floats]]) -> tuple[str, ...] | None:
    """Own names of the solids of one product that the kernel made, in its order; None where the file's solids do not tell.

    Args:
        found: Solids of the file.
        product: Name of the product, empty where the kernel does not know it: then of all of them.
        corners: Vertices (k, 3) of each face of each solid in the kernel's order.
    """
    mine = [body for body in found if body.product == product] or list(found)
    if len(mine) != len(corners) or any(len(body.corners) != len(faces) for body, faces in zip(mine, corners, strict=True)):
        return None
    together = Body(product, sum((body.names for body in mine), ()), sum((body.corners for body in mine), ()))
    fits = _fits(together, [face for faces in corners for face in faces], named=False)
    return tuple(body.name for body in mine) if fits else None


def names_of(found: Sequence[Body], product: str, corners: Sequence[Floats]) -> tuple[str, ...] | None:
    """Name of each face of a solid that the kernel made; None where the file's solids do not tell.

    Args:
        found: Solids of the file.
        product: Name of the solid's product.
        corners: Vertices (k, 3) of each face in the kernel's order.
    """
    same = [body for body in found if body.product == product] or list(found)
    fitting = {body.names for body in same if _fits(body, corners)}
    return fitting.pop() if len(fitting) == 1 else None


def _fits(body: Body, corners: Sequence[Floats], named: bool = True) -> bool:
    """Whether a solid of the file, turned, shifted and scaled, has its vertices where the kernel has them."""
    if len(body.corners) != len(corners):
        return False
    if len(corners) == 1:
        return True
    pairs = list(zip(body.corners, corners, strict=True))
    alike = [len(theirs) == len(ours) > 0 for theirs, ours in pairs]
    if not any(alike) or any(named and name and not known for name, known in zip(body.names, alike, strict=True)):
        return False
    known = [pair for pair, same in zip(pairs, alike, strict=True) if same]
    theirs, ours = (np.array([face.mean(axis=0) for face in side]) for side in zip(*known, strict=True))
    theirs, ours = theirs - theirs.mean(axis=0), ours - ours.mean(axis=0)
    extent = float(np.linalg.norm(theirs))
    if extent == 0.0:
        return False
    scale = float(np.linalg.norm(ours)) / extent
    u, _, v = np.linalg.svd(theirs.T @ ours)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ v)]) @ v
    limit = LOOSE * max(float(np.ptp(face, axis=0).max()) for face in (ours, *corners) if len(face))
    off = [abs(scale * theirs @ turn - ours).max()] + [abs(scale * _reach(a) - _reach(b)).max() for a, b in known]
    return bool(max(off) < limit)


def _reach(face: Floats) -> Floats:
    """Distances of a face's vertices from their middle, in ascending order."""
    return np.sort(np.linalg.norm(face - face.mean(axis=0), axis=1))


class _File:
    """The statements of the file by number; records are taken apart only where they are looked at."""

    def __init__(self, path: Path) -> None:
        raw = path.read_bytes()
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        if "/*" in text:
            text = COMMENT.sub(lambda found: found.group(1) or " ", text)
        self.records = {int(found.group(1)): found.group(2).strip() for found in STATEMENT.finditer(text)}

    def all(self, kinds: Sequence[str]) -> Iterator[int]:
        """Numbers of the records of some kinds, in the order of the file."""
        return (number for number, record in self.records.items() if self._is(record, kinds))

    def body(self, number: int, product: str) -> Body:
        """A solid with the faces of all its shells, the outer one first."""
        faces = [face for shell in self.refs(number) for face in self.faces(shell)]
        return Body(product, tuple(self.name(face) for face in faces), tuple(self._corners(face) for face in faces), self.name(number))

    def products(self) -> dict[int, str]:
        """Name of the product of every solid."""
        found: dict[int, str] = {}
        related: dict[int, list[int]] = {}
        for number in self.all(RELATED):
            if "WITH_TRANSFORMATION" in self.records[number]:  # the place of a product in an assembly
                continue
            one, other = self.refs(number)[:2]
            related.setdefault(one, []).append(other)
            related.setdefault(other, []).append(one)
        for number in self.all(("SHAPE_DEFINITION_REPRESENTATION",)):
            definition, representation = self.refs(number)[:2]
            name = self._product(definition)
            for shape in (representation, *related.get(representation, ())):
                for item in self.refs(shape):
                    if name and self._is(self.records.get(item, ""), SOLIDS):
                        found.setdefault(item, name)
        return found

    def _product(self, number: int) -> str:
        """Name of the product that a shape definition leads to."""
        for _ in range(6):
            record = self.records.get(number, "")
            if self._is(record, ("PRODUCT",)):
                identity, name = [_plain(text) for text, _ in PIECES.findall(record) if text][:2]
                return name or identity
            refs = self.refs(number)
            if not refs:
                break
            number = refs[0]
        return ""

    def faces(self, shell: int) -> list[int]:
        """Faces of a shell."""
        refs = self.refs(shell)
        if self._is(self.records.get(shell, ""), ("ORIENTED_CLOSED_SHELL",)):
            return [face for inner in refs for face in self.faces(inner)]
        return [face for face in refs if self._is(self.records.get(face, ""), FACES)]

    def _corners(self, face: int) -> Floats:
        """Vertices (k, 3) of the bounds of a face, each once."""
        points: dict[int, Floats] = {}
        seen: set[int] = set()
        todo = self.refs(face)[:-1]  # the last is its surface
        while todo:
            number = todo.pop()
            if number in seen:
                continue
            seen.add(number)
            record = self.records.get(number, "")
            if self._is(record, ("CARTESIAN_POINT",)):
                points[number] = np.array([float(x) for x in re.findall(r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?", PIECES.sub("", record))[:3]])
            elif self._is(record, ("EDGE_CURVE",)):
                todo += self.refs(number)[:2]
            else:
                todo += self.refs(number)
        return np.unique(np.array(list(points.values())).reshape(-1, 3), axis=0)

    def name(self, number: int) -> str:
        """The first text of a record, in words."""
        found = next((text for text, _ in PIECES.findall(self.records[number]) if text), "''")
        return _plain(found).strip()

    def refs(self, number: int) -> list[int]:
        """Records that a record names, in its order."""
        return [int(ref) for _, ref in PIECES.findall(self.records.get(number, "")) if ref]

    @staticmethod
    def _is(record: str, kinds: Sequence[str]) -> bool:
        """Whether a record is of one of the kinds: by its keyword, or by one of those of a complex record."""
        if record.startswith("("):
            return any(kind in kinds for kind in re.findall(r"([A-Z_0-9]+)\s*\(", PIECES.sub("", record)))
        return record.partition("(")[0].strip() in kinds


def _plain(text: str) -> str:
    r"""A text of the file in words.

    >>> _plain(r"'K\X2\00FC\X0\hler''s \X\E4'")
    "Kühler's ä"
    """

    def one(found: re.Match[str]) -> str:
        two, four, byte, shifted = found.groups()
        if two is not None:
            return bytes.fromhex(two).decode("utf-16-be", "replace")
        if four is not None:
            return bytes.fromhex(four).decode("utf-32-be", "replace")
        if byte is not None:
            return chr(int(byte, 16))
        if shifted is not None:
            return chr(ord(shifted) + 128)
        return {"''": "'", "\\\\": "\\"}.get(found.group(0), "")

    return ESCAPES.sub(one, text[1:-1].replace("\n", "").replace("\r", ""))
