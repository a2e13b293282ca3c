"""Files of a run folder as frozen dataclasses: one form per kind of file, with a number, written and read back without loss.

A field is a key of the file. A field without a default is always there, null where it says nothing; one with a default is left out while
it holds it. `Annotated[str, Field(alias="in")]` gives a key that Python cannot name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path
from typing import Any

FORMAT = "format"  #: key, and name in field data, of the number
NUMBERS = {
    "summary.json": 1,
    "manifest.json": 1,
    "power.json": 1,
    "surface.vtp": 1,
    "heat_flows.json": 1,
    "losses.json": 1,
    "plan.json": 1,
}  #: form that this version writes; raised when a reader of the old one would misread or miss something


class FormatError(ValueError):
    """A file is of a form that this version does not read, or is damaged; says which, what it reads and what to try."""


class DamagedError(FormatError):
    """A file is cut short, or holds what no version writes."""


class NotFiniteError(RuntimeError):
    """A figure is not a number or infinite; no file says that."""


def plain(value: object) -> Any:
    """Dictionaries, lists and scalars of a dataclass, in the order of its fields.

    Raises:
        PydanticSerializationError: a field holds what its type does not say.
    """
    return _adapter(type(value)).dump_python(value, by_alias=True, exclude_defaults=True, warnings="error")


def numbered(value: object, file: str) -> dict[str, Any]:
    """Content of a file, its number first."""
    return {FORMAT: NUMBERS[file], **plain(value)}


def typed[T](cls: type[T], figures: Mapping[str, object]) -> T:
    """Figures of another room as the dataclass that says what they are.

    Raises:
        ValidationError: they are others.
    """
    return _adapter(cls).validate_python(figures)


def read[T](cls: type[T], path: Path, migrate: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> T:
    """A file of a run folder.

    Args:
        cls: Dataclass of its content, or a union of several.
        path: The file; its name says which form it has.
        migrate: Brings the content of a file from before forms had numbers into the present one.

    Raises:
        FormatError: another form, or damaged.
        OSError: it is not there.
    """
    from pydantic import ValidationError

    text = path.read_text(encoding="utf-8")
    found = _object(text, path)
    if migrate is not None and FORMAT not in found:
        text = json.dumps(migrate(found))
    try:
        return _adapter(cls).validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the whole"
        what = f"{place} is missing" if first["type"] == "missing" else f"{place}: {str(first['msg']).lower()}"
        if FORMAT in found:
            raise DamagedError(f"{path} is damaged ({what}); run again with --force") from error
        raise FormatError(f"{path} {_by(path)} before its form had a number, in another form ({what}); {_ways(path)}") from error


def content(path: Path) -> dict[str, Any]:
    """A file of a run folder as it stands, its form known to be the one of this version; raises as `read`."""
    return _object(path.read_text(encoding="utf-8"), path)


def _object(text: str, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise DamagedError(f"{path} is damaged ({error}); run again with --force") from error
    if not isinstance(found, dict):
        raise DamagedError(f"{path} is damaged (no table of keys); run again with --force")
    check(path, found.get(FORMAT))
    return found


def check(path: Path, found: object) -> None:
    """Refuse a form that is not the one of this version; a file from before forms had numbers is read as the first.

    Raises:
        FormatError: newer, older, or no number at all.
    """
    known = NUMBERS[path.name]
    number = 1 if found is None else found
    if number == known:
        return
    if isinstance(number, bool) or not isinstance(number, int):
        raise DamagedError(f"{path} is damaged ({FORMAT} = {found!r}, expected {known}); run again with --force")
    age = "newer" if number > known else "older"
    raise FormatError(f"{path} {_by(path)} in form {number}, {age} than the form {known} that {_this()} reads; {_ways(path)}")


def not_finite(value: object, at: str = "") -> Iterator[str]:
    """Keys under which a number is not finite, with what it is."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from not_finite(item, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from not_finite(item, f"{at}.{i}")
    elif isinstance(value, float) and not isfinite(value):
        yield f"{at} is {value}"


def dumps(content: Mapping[str, Any], path: Path) -> str:
    """Text of a file.

    Raises:
        NotFiniteError: a number that JSON cannot say.
    """
    try:
        return json.dumps(content, indent=2, allow_nan=False, default=str) + "\n"
    except ValueError as error:
        found = list(not_finite(content))
        if not found:
            raise
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise NotFiniteError(f"{path.name}: {found[0]}{more}; it is not written. Please report it with the case") from error


def _adapter(cls: Any) -> Any:
    return _adapters(cls)


@cache
def _adapters(cls: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


def _this() -> str:
    try:
        return f"heliorack {version('heliorack')}"
    except PackageNotFoundError:
        return "this version"


def _by(path: Path) -> str:
    known = _version(path.parent)
    return f"was written by heliorack {known}" if known else "was written"


def _ways(path: Path) -> str:
    known = _version(path.parent)
    return "run again with --force" + (f", or read it with heliorack {known}" if known else "")


def _version(folder: Path) -> str | None:
    """Version of heliorack that a folder's manifest names; None where there is none."""
    for name in ("manifest.json", "sweep.json"):
        try:
            return str(json.loads((folder / name).read_text(encoding="utf-8"))["versions"]["heliorack"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
