"""Files that a case names - geometry, ephemeris, measured data, job schedules, a state to start from - and digests of what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from heliorack.case.case import Case
from heliorack.casefile.document import Document
from heliorack.casefile.errors import Problem
from meshes.cad.imported import Imported
from power.computing.profile import Schedule

TABLES = {"run": "state", "measured": "file", "orbit": "file", "attitude": "file"}  #: key of a file by table of the case
BLOCK = 1 << 20  #: bytes read at once


def named(document: Document) -> Iterator[tuple[str, str]]:
    """Place and name of every file that a document names, relative to the folder of its case."""
    for table, key in TABLES.items():
        yield from _text(f"{table}.{key}", document.get(table), key)
    for place, part in _items(document, "parts"):
        yield from _text(f"{place}.file", part, "file")
    for place, load in _items(document, "compute"):
        yield from _text(f"{place}.profile.file", load.get("profile"), "file")


def _text(place: str, table: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(table, dict) and isinstance(table.get(key), str):
        yield place, table[key]


def _items(document: Document, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows: Any = document.get(name)
    for i, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield f"{name}.{row.get('name', i)}", row


class Contents:
    """Digests of the files of many documents of one case, each file read once."""

    def __init__(self, case_file: str) -> None:
        self.folder = Path(case_file).parent
        self.digests: dict[str, str] = {}  #: SHA-256 by name as the case writes it
        self.problems: dict[str, Problem] = {}  #: by name, of files that cannot be read

    def of(self, document: Document) -> tuple[str, ...]:
        """Digests of the files that a document names, in the order of the document; a file that cannot be read is among the problems."""
        return tuple(self._digest(place, name) for place, name in named(document))

    def _digest(self, place: str, name: str) -> str:
        if name not in self.digests and name not in self.problems:
            try:
                self.digests[name] = _sha256(self.folder / name)
            except OSError as error:
                why = (error.strerror or str(error)).lower()
                self.problems[name] = Problem(place, name, f"cannot be read ({why}); paths start at the case's folder, {self.folder}")
        return self.digests.get(name, "")


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def changed(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Files that both know and whose contents differ."""
    return [name for name, digest in now.items() if before.get(name, digest) != digest]


INPUTS = "inputs"  #: folder for copies of the files that the case names


class InputError(ValueError):
    """A file that the case names cannot be used; says which and why."""


def inputs(case: Case) -> dict[str, Path]:
    """Files that a case names relative to its own, by their place in the case."""
    beside = {"run.state": case.run.state, "measured.file": case.measured.file if case.measured else None}
    beside |= {f"parts.{part.name}.file": part.file for part in case.parts if isinstance(part, Imported)}
    found = {place: Path(case.source).parent / name for place, name in beside.items() if name is not None}
    for table, kind in (("orbit", case.orbit), ("attitude", case.attitude)):  # these and the following already hold the folder of the case
        found |= {f"{table}.{name}": Path(getattr(kind, name)) for name in (kind.files if kind else ())}
    return found | {
        f"compute.{load.name}.profile.file": Path(load.profile.file) for load in case.compute if isinstance(load.profile, Schedule)
    }


def copies(case: Case) -> dict[str, str]:
    """Name of the copy of each of these files; those of one name in several folders are numbered."""
    names: dict[str, str] = {}
    taken: dict[str, Path] = {}
    for place, path in inputs(case).items():
        tries = (path.name, *(f"{path.stem}_{i}{path.suffix}" for i in range(2, len(names) + 3)))
        names[place] = next(name for name in tries if taken.get(name, path) == path)
        taken[names[place]] = path
    return names
