"""Files that a case names - geometry, ephemeris, measured data, job schedules, a state to start from - and digests of what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from heliorack.casefile.document import Document
from heliorack.casefile.errors import Problem
from heliorack.casefile.messages import Location
from heliorack.casefile.paths import spell
from orbit.attitude.steering import AnyAttitude
from orbit.kinds import Orbit

#: Keys that name a file; * is every item of an array. The one list: checks, copies in run folders and digests of sweeps follow it.
KEYS = (
    ("run", "state"),
    ("measured", "file"),
    *(("orbit", name) for kind in get_args(Orbit) for name in kind.files),
    *(("attitude", name) for kind in get_args(AnyAttitude) for name in kind.files),
    ("parts", "*", "file"),
    ("compute", "*", "profile", "file"),
)
INPUTS = "inputs"  #: folder for copies of the files that the case names
BLOCK = 1 << 20  #: bytes read at once


class InputError(ValueError):
    """A file that the case names cannot be used; says which and why."""


def named(document: Document) -> dict[Location, str]:
    """Every file that a document names, relative to the folder of its case, by location; what is no text has been reported elsewhere."""
    return {at: name for keys in KEYS for at, name in _texts(document, keys, ())}


def _texts(value: Any, keys: Sequence[str], at: Location) -> Iterator[tuple[Location, str]]:
    if not keys:
        if isinstance(value, str):
            yield at, value
    elif keys[0] == "*":
        for i, item in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _texts(item, keys[1:], (*at, i))
    elif isinstance(value, dict):
        yield from _texts(value.get(keys[0]), keys[1:], (*at, keys[0]))


def places(document: Document, source: str) -> dict[str, Path]:
    """Where these files are, by their place in the case, as "parts.lid.file"."""
    return {spell(document, at): Path(source).parent / name for at, name in named(document).items()}


def copies(paths: Mapping[str, Path]) -> dict[str, str]:
    """Name of the copy of each of these files; those of one name in several folders are numbered."""
    names: dict[str, str] = {}
    taken: dict[str, Path] = {}
    for place, path in paths.items():
        tries = (path.name, *(f"{path.stem}_{i}{path.suffix}" for i in range(2, len(names) + 3)))
        names[place] = next(name for name in tries if taken.get(name, path) == path)
        taken[names[place]] = path
    return names


def beside(table: Any, steps: Location, folder: Path) -> Any:
    """A table of a case, or an array of them, with the file name at `steps` taken from `folder`."""
    step, *rest = steps
    if isinstance(step, int):
        return (*table[:step], beside(table[step], tuple(rest), folder), *table[step + 1 :])
    inner = getattr(table, step)
    return replace(table, **{step: beside(inner, tuple(rest), folder) if rest else str(folder / inner)})


class Contents:
    """Digests of the files of many documents of one case, each file read once."""

    def __init__(self, case_file: str) -> None:
        self.folder = Path(case_file).parent
        self.digests: dict[str, str] = {}  #: SHA-256 by name as the case writes it
        self.problems: dict[str, Problem] = {}  #: by name, of files that cannot be read

    def of(self, document: Document) -> tuple[str, ...]:
        """Digests of the files that a document names, in the order of `KEYS`; a file that cannot be read is among the problems."""
        return tuple(self._digest(document, at, name) for at, name in named(document).items())

    def _digest(self, document: Document, at: Location, name: str) -> str:
        if name not in self.digests and name not in self.problems:
            try:
                self.digests[name] = _sha256(self.folder / name)
            except OSError as error:
                why = (error.strerror or str(error)).lower()
                said = f"cannot be read ({why}); paths start at the case's folder, {self.folder}"
                self.problems[name] = Problem(spell(document, at), name, said)
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
