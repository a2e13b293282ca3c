"""Numbers inside nested values: taken out as arrays, compared in all else, and put back."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.signal import Signal

Floats = NDArray[np.float64]
Path = tuple[str | int, ...]


class UnlikeError(ValueError):
    """Two values differ in more than numbers; says where."""


def leaves(value: Any, opaque: tuple[type, ...]) -> dict[Path, Floats]:
    """All floating-point numbers and arrays of them, by path; nothing inside values of some types."""
    return {path: np.asarray(leaf, dtype=np.float64) for path, leaf in _walk(value, opaque, ()) if _is_number(leaf)}


def check_alike(one: Any, other: Any, opaque: tuple[type, ...]) -> None:
    """Refuse two values that differ in more than their numbers.

    Raises:
        UnlikeError: another length, name, whole number, choice or law.
    """
    mine, theirs = (dict(_walk(each, opaque, ())) for each in (one, other))
    for path in [*mine, *theirs]:
        if path not in mine or path not in theirs:
            raise UnlikeError(f"{_said(path)} is not there everywhere")
        a, b = mine[path], theirs[path]
        if _is_number(a) and _is_number(b):
            if np.shape(a) != np.shape(b):
                raise UnlikeError(f"{_said(path)} has another length")
        elif not _same(a, b):
            raise UnlikeError(f"{_said(path)} changes by more than numbers")


def with_leaves(value: Any, changed: Mapping[Path, Floats]) -> Any:
    """The same value with some of its numbers anew."""
    if not changed:
        return value
    if () in changed:
        new = changed[()]
        return new if isinstance(value, np.ndarray) else float(new)
    below: dict[str | int, dict[Path, Floats]] = {}
    for path, leaf in changed.items():
        below.setdefault(path[0], {})[path[1:]] = leaf
    if isinstance(value, Signal):
        return Signal(*(with_leaves(getattr(value, name), below.get(name, {})) for name in ("times", "values")))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{str(name): with_leaves(getattr(value, str(name)), more) for name, more in below.items()})
    if isinstance(value, Mapping):
        return {key: with_leaves(each, below.get(key, {})) for key, each in value.items()}
    return type(value)(with_leaves(each, below.get(k, {})) for k, each in enumerate(value))


def _walk(value: Any, opaque: tuple[type, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, opaque) or hasattr(value, "tocsr"):  # sparse matrices are those of the mesh
        return
    if isinstance(value, Signal):
        yield (*path, "times"), value.times
        yield (*path, "values"), value.values
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.init:
                yield from _walk(getattr(value, each.name), opaque, (*path, each.name))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _walk(one, opaque, (*path, key))
    elif isinstance(value, tuple | list):
        for k, one in enumerate(value):
            yield from _walk(one, opaque, (*path, k))
    else:
        yield path, value


def _is_number(leaf: Any) -> bool:
    """Whether a leaf is a number in which others can lie; one that is not finite is a choice."""
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind == "f" and bool(np.isfinite(leaf).all())
    return isinstance(leaf, float | np.floating) and bool(np.isfinite(leaf))


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    return type(a) is type(b) and bool(a == b)


def _said(path: Path) -> str:
    return ".".join(map(str, path))
