"""Digest of everything that computes a kept result: the source that is reached by imports, and the versions of the libraries on the way.

The walk begins at the module that makes the result, in whichever package it stands, and follows the imports at the top of a file and inside
functions alike, types included: a file too many costs one more computation, a file too few would hand out what other rules made.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HOUSE = frozenset({"heliorack", "meshes", "orbit", "power", "thermal"})  #: packages whose source is followed; others count by version
#: `from X import a, b as c` (over lines in parentheses) and `import X, Y`; ast says the same, seven times slower.
IMPORTS = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]*))", re.MULTILINE)


def rules_of(make: Callable[..., Any]) -> str | None:
    """SHA-256, in hexadecimal, of all source and libraries behind a function; None for one whose source is in no file.

    >>> from thermal.radiation.rays import scene
    >>> rules_of(scene) == rules_of(scene)
    True
    """
    file = getattr(sys.modules.get(getattr(make, "__module__", "")), "__file__", None)
    return None if file is None else _digest(Path(file))


@cache
def _digest(start: Path) -> str:
    files, libraries = reached(start)
    digest = hashlib.sha256()
    for name in sorted(files):
        data = read(files[name])
        digest.update(f"{name}:{len(data)};".encode() + data)
    for name in sorted(libraries):
        digest.update(f"{name}={library(name)};".encode())
    return digest.hexdigest()


def reached(start: Path) -> tuple[dict[str, Path], set[str]]:
    """Files of the house behind a file, itself included, by module, and the other packages on the way (without the standard library)."""
    found: dict[str, Path] = {"": start}
    libraries: set[str] = set()
    todo = _imported(read(start))
    while todo:
        name = todo.pop()
        top = name.partition(".")[0]
        if top not in HOUSE:
            if top not in sys.stdlib_module_names:
                libraries.add(top)
            continue
        path = None if name in found else _file_of(name)
        if path is not None:
            found[name] = path
            todo |= _imported(read(path)) | ({name.rpartition(".")[0]} - {""})
    return found, libraries


def read(path: Path) -> bytes:
    """Content of a source file."""
    return path.read_bytes()


def library(name: str) -> str:
    """Version of a package; where it is installed under another name, the digest of the file that opens it; "" where it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        spec = find_spec(name)
        opens = spec.origin if spec and spec.origin else None
        return hashlib.sha256(Path(opens).read_bytes()).hexdigest() if opens and opens.endswith(".py") else ""


def _imported(text: bytes) -> set[str]:
    """Modules that a source may import: what stands after `from` and each name taken from it, which may be a module or not."""
    found = set()
    for module, names, plain in IMPORTS.findall(text):
        if module:
            inside = re.sub(r"#.*", "", names.decode()).strip("() \t\r\n")
            found |= {module.decode(), *(f"{module.decode()}.{part.split()[0]}" for part in inside.split(",") if part.split())}
        else:
            found |= {part.split()[0] for part in plain.decode().split(",") if part.split()}
    return found


def _file_of(name: str) -> Path | None:
    """Source of a module of the house without importing it; None for what is no module."""
    top, *rest = name.split(".")
    home = _home(top)
    if home is None:
        return None
    if rest and (module := home.joinpath(*rest).with_suffix(".py")).is_file():
        return module
    package = home.joinpath(*rest, "__init__.py")
    return package if package.is_file() else None


@cache
def _home(top: str) -> Path | None:
    spec = find_spec(top)
    return Path(spec.origin).parent if spec and spec.origin else None
