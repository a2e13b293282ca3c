"""Meshes kept in a folder between runs, each under a digest of everything that shapes it.

The key covers the solids without heat and coatings, their target sizes and slices, the `[mesh]` table, the source of this package, the
versions of the libraries that it works with and the layout of the file. Bonds are not part of it: they are made after a mesh is read, so
the same file serves bonded and touching parts. What a geometry file holds (`Found`) is kept likewise, under the digest of its bytes and
of what the case asks of it: a mesh is found again without the geometry kernel.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, time
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from os import getpid
from pathlib import Path
from typing import Any

import numpy as np

from meshes.assembly import Assembly, Bond, Floats, Touch
from meshes.cad.imported import Found, ImportedSolid
from meshes.settings import MeshSettings
from meshes.shapes.solid import Solid
from meshes.spacing import Spacing

HERE = Path(__file__).parent
FORMAT = 1  #: of the files
KEPT = {kind.__name__: kind for kind in (Assembly, Touch, Bond, Found)}  #: classes in them
LIBRARIES = ("gmsh", "meshio", "numpy", "scipy", "vtk")  #: whose version is part of every key
MOST = 2e9  #: bytes of a folder; beyond that the oldest files go


class NoDigestError(TypeError):
    """Something in the geometry has no digest; such a mesh is not kept."""


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of meshes. Whatever goes wrong with it, the mesh is made as if it were not there."""

    folder: Path
    most: float = MOST  #: bytes

    def find(self, key: str) -> Assembly | None:
        """The mesh of a key; None if there is none or its file is damaged (then the file goes)."""
        mesh = self._load(key, lambda value: isinstance(value, Assembly))
        return None if mesh is None else replace(mesh, mesh_key=key, reused=True)

    def measured(self, key: str) -> tuple[Found, ...] | None:
        """What a geometry file holds for each of a part's solids; None as `find`."""
        found = self._load(key, lambda value: isinstance(value, tuple) and all(isinstance(item, Found) for item in value))
        return None if found is None else tuple(found)

    def _load(self, key: str, known: Callable[[Any], bool]) -> Any:
        path = self._path(key)
        found = None
        try:
            with np.load(path, allow_pickle=False) as stored:
                tree = json.loads(str(stored["tree"]))
                found = _unpacked(tree["mesh"], stored)
                sound = tree["format"] == FORMAT and tree["key"] == key and known(found)
        except FileNotFoundError:
            return None
        except Exception:  # zip, numpy, json and our own classes all have errors of their own for a damaged file
            sound = False
        if not sound:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            path.touch()  # the oldest are those not used for longest
        return found

    def keep(self, key: str, mesh: Assembly | tuple[Found, ...]) -> None:
        """Write a mesh, or what a file holds, by way of a temporary name; nothing happens where the folder cannot be written."""
        arrays: dict[str, Any] = {}
        tree = {"format": FORMAT, "key": key, "mesh": _packed(mesh, arrays)}
        path = self._path(key)
        temporary = path.with_name(f"{key}.{getpid()}.tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as out:
                np.savez(out, tree=np.array(json.dumps(tree)), **arrays)
            temporary.rename(path)
            self._tidy(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _tidy(self, new: Path) -> None:
        """Remove the files not used for longest until the rest fits, and what a killed process left; never the new one."""
        found = sorted(((path.stat(), path) for path in self.folder.iterdir() if path.suffix in (".npz", ".tmp")), key=_age)
        total = sum(stat.st_size for stat, _ in found)
        for stat, path in found:
            left = path.suffix == ".tmp" and new.stat().st_mtime - stat.st_mtime > 3600
            if path != new and (total > self.most or left):
                path.unlink(missing_ok=True)
                total -= stat.st_size


def _age(entry: tuple[Any, Path]) -> float:
    return float(entry[0].st_mtime)


# ------------------------------------------------------------------------------------------------------------------- keys


def key_of(
    solids: Sequence[Solid], sizes: Floats, cuts: Sequence[tuple[int, int]], settings: MeshSettings, spacing: Spacing | None = None
) -> str | None:
    """SHA-256, in hexadecimal, of all that shapes a mesh; None for geometry that has no digest."""
    shapes = tuple(replace(solid, heat=0.0, coatings={}) for solid in solids)
    digest = hashlib.sha256()
    try:
        for item in (FORMAT, libraries(), _source(), shapes, sizes, tuple(cuts), replace(settings, adapt=False), spacing):
            digest.update(_bytes(item))
    except NoDigestError:
        return None
    return digest.hexdigest()


def key_of_file(solids: Sequence[ImportedSolid]) -> str | None:
    """SHA-256, in hexadecimal, of all that decides what the file of one part holds for its solids, wherever the part is."""
    asked = tuple(
        replace(solid, heat=0.0, coatings={}, mesh=None, centre=(0.0, 0.0, 0.0), rotation=np.eye(3), material="") for solid in solids
    )
    digest = hashlib.sha256(b"file")
    try:
        for item in (FORMAT, libraries(), _source(), asked):
            digest.update(_bytes(item))
    except (NoDigestError, OSError):  # a missing file is refused where it is read
        return None
    return digest.hexdigest()


@lru_cache(maxsize=64)
def _content(path: Path, stamp: int, size: int) -> bytes:
    """Digest of a file; every solid of a file asks for it."""
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def libraries() -> tuple[str, ...]:
    """Versions of what makes meshes, without importing any of it."""
    return tuple(f"{name}={_version(name)}" for name in LIBRARIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def _source() -> str:
    """Digest of the source of this package, which imports no other of the house: a mesh made by other rules is another mesh."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*.py")):
        digest.update(f"{path.relative_to(HERE)};".encode() + read(path))
    return digest.hexdigest()


def read(path: Path) -> bytes:
    """Content of a source file."""
    return path.read_bytes()


def digest_of(*values: Any) -> str:
    """SHA-256, in hexadecimal, of values made of numbers, text, dates, files, arrays, mappings, rows and dataclasses.

    Raises:
        NoDigestError: something else is among them.
        OSError: a file that cannot be read.

    >>> digest_of((1.0, "a")) == digest_of((1.0, "a")), digest_of(1) == digest_of(1.0)
    (True, False)
    """
    digest = hashlib.sha256()
    for value in values:
        digest.update(_bytes(value))
    return digest.hexdigest()


def _bytes(value: Any) -> bytes:
    """A value as bytes that differ where it differs: numbers to the last bit, mappings in order of their keys, files by name and content.

    Raises:
        NoDigestError: for anything else.
    """
    if value is None or isinstance(value, bool | int | str):
        return f"{type(value).__name__}:{value!r};".encode()
    if isinstance(value, float):
        return f"float:{value.hex()};".encode()
    if isinstance(value, date | time):
        return f"{type(value).__name__}:{value.isoformat()};".encode()
    if isinstance(value, np.generic):
        return _bytes(value.item())
    if isinstance(value, np.ndarray) and value.dtype != object:
        return f"array:{value.dtype.str}:{value.shape};".encode() + np.ascontiguousarray(value).tobytes()
    if isinstance(value, Path):
        stat = value.stat()
        return f"file:{value.name!r}:".encode() + _content(value, stat.st_mtime_ns, stat.st_size)
    if isinstance(value, Mapping):
        return b"{" + b"".join(_bytes(key) + _bytes(value[key]) for key in sorted(value)) + b"}"
    if isinstance(value, tuple | list):
        return b"(" + b"".join(map(_bytes, value)) + b")"
    if is_dataclass(value) and not isinstance(value, type):
        inside = b"".join(_bytes(field.name) + _bytes(getattr(value, field.name)) for field in fields(value))
        return type(value).__name__.encode() + b"<" + inside + b">"
    raise NoDigestError(f"{type(value).__name__} has no digest")


# ------------------------------------------------------------------------------------------------------------------ files


def _packed(value: Any, arrays: dict[str, Any]) -> Any:
    """A value as JSON, with its arrays set apart under the names that stand for them."""
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if is_dataclass(value) and not isinstance(value, type):
        return {"class": type(value).__name__, "with": {field.name: _packed(getattr(value, field.name), arrays) for field in fields(value)}}
    if isinstance(value, tuple):
        return {"tuple": [_packed(item, arrays) for item in value]}
    return value.item() if isinstance(value, np.generic) else value


def _unpacked(tree: Any, arrays: Mapping[str, Any]) -> Any:
    """What `_packed` took apart."""
    if not isinstance(tree, dict):
        return tree
    if "array" in tree:
        return arrays[tree["array"]]
    if "tuple" in tree:
        return tuple(_unpacked(item, arrays) for item in tree["tuple"])
    return KEPT[tree["class"]](**{name: _unpacked(item, arrays) for name, item in tree["with"].items()})
