"""Arrays kept in a folder between runs, one file per key; a damaged file is as good as none."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from os import getpid, stat_result
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.radiation.sources import rules_of

Arrays = dict[str, NDArray[Any]]
MOST = 2e9  #: bytes of a folder; beyond that the files not used for longest go


def scene_key(points: NDArray[Any], facets: NDArray[Any], *more: int | float | str | NDArray[Any]) -> str:
    """SHA-256, in hexadecimal, of a scene and of whatever else is given to what computes a result: rays, seed, groups, names.

    It knows nothing of the rules of that computation; what is kept between runs is kept under `ruled`.

    Args:
        points: Coordinates [m], (n, 3); only those of facets count, to the last bit.
        facets: Corners of the triangles, (f, 3).
        more: Numbers, words and arrays; their order and kind count.

    >>> import numpy as np
    >>> corners, one = np.eye(3), np.array([[0, 1, 2]])
    >>> scene_key(corners, one, 16, 0) == scene_key(corners, one, 16, 0), scene_key(corners, one, 16, 0) == scene_key(corners, one, 16, 1)
    (True, False)
    """
    digest = hashlib.sha256()
    for item in (np.asarray(points, dtype=np.float64)[facets] + 0.0, *more):  # + 0.0 makes one zero of the two
        if isinstance(item, np.ndarray):
            digest.update(f"array:{item.dtype.str}:{item.shape};".encode() + np.ascontiguousarray(item).tobytes())
        else:
            item = item.item() if isinstance(item, np.generic) else item
            digest.update(f"{type(item).__name__}:{item!r};".encode())
    return digest.hexdigest()


def ruled(key: str, *makers: Callable[..., Any]) -> str | None:
    """The key of what these functions make: of what they are given (`key`), and of all source and libraries behind them.

    None where a function has no source file: its results are not kept.
    """
    rules = [rules_of(make) for make in makers]
    return None if None in rules else hashlib.sha256(repr((key, rules)).encode()).hexdigest()


def write(folder: Path, key: str, kind: str, arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Keep arrays under a key by way of a temporary name; False where the folder cannot be written.

    Args:
        folder: Made if it is not there.
        key: Of `scene_key`.
        kind: What is kept and the version of its layout, such as "sun-1"; also the beginning of the file's name.
        arrays: No objects.
    """
    path = _path(folder, key, kind)
    temporary = path.with_name(f"{path.name}.{getpid()}.tmp")
    head = {"kind": kind, "key": key, "names": sorted(arrays)}
    contents: dict[str, Any] = {"head": np.array(json.dumps(head)), **arrays}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as out:
            np.savez(out, **contents)
        temporary.replace(path)
        _tidy(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True


def read(folder: Path, key: str, kind: str) -> Arrays | None:
    """Arrays of a key; None where there are none, or where the file is damaged or of another kind (then it will be written anew)."""
    path = _path(folder, key, kind)
    try:
        with np.load(path, allow_pickle=False) as stored:
            head = json.loads(str(stored["head"]))
            if (head["kind"], head["key"]) != (kind, key):
                return None
            found = {name: stored[name] for name in head["names"]}
    except Exception:  # zip, zlib, numpy and json all have errors of their own for a damaged file
        return None
    with suppress(OSError):
        path.touch()
    return found


def _path(folder: Path, key: str, kind: str) -> Path:
    return folder / f"{kind}-{key}.npz"


def _tidy(new: Path) -> None:
    """Remove the files not used for longest until the rest fits, and what a killed process left; never the new one."""
    found = sorted(((path.stat(), path) for path in new.parent.iterdir() if path.suffix in (".npz", ".tmp")), key=_age)
    total = sum(stat.st_size for stat, _ in found)
    for stat, path in found:
        left = path.suffix == ".tmp" and new.stat().st_mtime - stat.st_mtime > 3600
        if path != new and (total > MOST or left):
            path.unlink(missing_ok=True)
            total -= stat.st_size


def _age(entry: tuple[stat_result, Path]) -> float:
    return entry[0].st_mtime
