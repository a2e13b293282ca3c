"""Tables of the case file, read from the dataclasses that describe them.

A dataclass field `altitude: Annotated[float, "km", Ge(150e3)]  #: height above the planet radius` becomes an `Entry` with the key
`altitude_km`, the bound 150 (km) and that description. What a value may be is a `Shape`; validation, conversion, messages and the JSON
schema all read the same shapes.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Mapping as AbstractMapping
from dataclasses import MISSING, dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

import annotated_types

from heliorack.casefile.units import UNITS, from_si, key, quantity


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of a number, in the unit of the case file."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    def sentence(self, unit: str) -> str:
        """What the number must satisfy, in the user's unit."""
        if self.ge is not None and self.le is not None:
            return f"must lie between {self.ge:.6g} and {quantity(self.le, unit)}"
        if self == Bounds(gt=0.0):
            return "must be above 0"
        words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
        said = [f"{words[name]} {quantity(value, unit)}" for name, value in self.given().items()]
        return "must be " + " and ".join(said)

    def given(self) -> dict[str, float]:
        """The bounds that exist, by name."""
        return {name: value for name in ("ge", "gt", "le", "lt") if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Number:
    """A float, or a whole number."""

    unit: str = "-"
    bounds: Bounds = Bounds()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Text in quotes, of at least so many characters."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Date and time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several fixed values."""

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """An array of fixed length."""

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An array of any length (`least` to `most` items)."""

    item: Shape
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """A table whose keys the user chooses."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Table:
    """A table described by a dataclass."""

    cls: type


@dataclass(frozen=True, slots=True)
class Kinds:
    """A table described by one of several dataclasses, told apart by `kind`."""

    variants: tuple[tuple[str, Table], ...]

    def get(self, kind: object) -> Table | None:
        """The variant of that kind."""
        return dict(self.variants).get(kind) if isinstance(kind, str) else None


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes that are told apart by what was written."""

    options: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Not looked at here."""


type Shape = Number | Text | Flag | Moment | Choice | Vector | Row | Names | Table | Kinds | Either | Anything


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a table."""

    name: str  #: field of the dataclass
    key: str  #: key of the case file
    unit: str
    shape: Shape
    required: bool
    default: Any  #: SI; None where there is none
    table: type  #: the dataclass

    @property
    def description(self) -> str:
        """The comment of the field; it is read from the source when it is asked for."""
        return comments(self.table).get(self.name, "")


@cache
def entries(cls: type) -> AbstractMapping[str, Entry]:
    """Keys that a table may hold, by key, in the order of the dataclass. Fields with `metadata={"file": False}` are not of the
    file; `metadata={"key": "from"}` gives a key that Python cannot name."""
    hints = typing.get_type_hints(cls, include_extras=True)
    found = {}
    for field in dataclasses.fields(cls):
        if not field.init or field.metadata.get("file") is False:
            continue
        unit = _unit(hints[field.name])
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        entry = Entry(
            name=field.name,
            key=field.metadata.get("key") or key(field.name, unit),
            unit=unit,
            shape=shape(hints[field.name], unit),
            required=default is MISSING,
            default=None if default is MISSING else default,
            table=cls,
        )
        found[entry.key] = entry
    return types.MappingProxyType(found)


def shape(hint: Any, unit: str = "-", marks: tuple[object, ...] = ()) -> Shape:
    """Shape of a type annotation; `unit` and `marks` (bounds) hold for every number inside it.

    Raises:
        TypeError: the annotation is none of those that a case file can say.
    """
    if isinstance(hint, TypeAliasType):
        return shape(hint.__value__, unit, marks)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner = _own_unit(args[1:])
        return shape(args[0], unit if inner is None else inner, (*marks, *args[1:]))
    if origin in (Union, types.UnionType):
        return _union([a for a in _members(hint) if a is not type(None)], unit, marks)
    if hint in (float, int):
        return Number(unit, _bounds(marks, unit), whole=hint is int)
    if hint is str:
        return Text(_lengths(marks)[0])
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is Literal:
        return Choice(args)
    if origin is tuple and args[-1:] == (Ellipsis,):
        least, most = _lengths(marks)
        return Row(shape(args[0], unit, _inner(marks)), least, most)
    if origin is tuple:
        return Vector(tuple(shape(a, unit, _inner(marks)) for a in args))
    if origin is dict or origin is AbstractMapping:
        return Names(shape(args[1], unit, _inner(marks)))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return Table(hint)
    raise TypeError(f"{hint!r} cannot be said in a case file")


_PLAIN: dict[Any, Shape] = {bool: Flag(), datetime: Moment(), object: Anything(), Any: Anything()}


def _members(hint: Any) -> list[Any]:
    """Members of a union, with aliases opened."""
    found: list[Any] = []
    for member in get_args(hint):
        value = member.__value__ if isinstance(member, TypeAliasType) else member
        found += _members(value) if get_origin(value) in (Union, types.UnionType) else [value]
    return found


def _union(members: list[Any], unit: str, marks: tuple[object, ...]) -> Shape:
    shapes = [shape(member, unit, marks) for member in members]
    if len(shapes) == 1:
        return shapes[0]
    tables = [s for s in shapes if isinstance(s, Table)]
    if len(tables) > 1:
        kinds = Kinds(tuple((kind, table) for table in tables for kind in _kinds(table.cls)))
        rest = [s for s in shapes if not isinstance(s, Table)]
        return Either((*rest, kinds)) if rest else kinds
    return Either(tuple(shapes))


def _kinds(cls: type) -> tuple[str, ...]:
    hint = typing.get_type_hints(cls).get("kind")
    if get_origin(hint) is not Literal:
        raise TypeError(f'{cls.__name__} is one of several tables and needs a field kind: Literal["..."]')
    return get_args(hint)


def _own_unit(marks: tuple[object, ...]) -> str | None:
    unit = next((mark for mark in marks if isinstance(mark, str)), None)
    if unit is not None and unit not in UNITS:
        raise TypeError(f"unit {unit!r} is not in heliorack/casefile/units.py")
    return unit


def _unit(hint: Any) -> str:
    """Unit of a field: the first one that its annotation states, at any depth outside other tables."""
    if isinstance(hint, TypeAliasType):
        return _unit(hint.__value__)
    if get_origin(hint) is Annotated:
        return _own_unit(get_args(hint)[1:]) or _unit(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType, tuple, dict):
        return next((unit for a in get_args(hint) if (unit := _unit(a)) != "-"), "-")
    return "-"


def _bounds(marks: tuple[object, ...], unit: str) -> Bounds:
    limits: dict[str, float] = {}
    for mark in _inner(marks):
        for name in ("ge", "gt", "le", "lt"):
            value = getattr(mark, name, None)
            if isinstance(value, int | float):
                limits[name] = from_si(value, unit)
    return Bounds(**limits)


def _inner(marks: tuple[object, ...]) -> tuple[object, ...]:
    """Bounds among the marks of an annotation."""
    kinds = (annotated_types.Interval, annotated_types.Ge, annotated_types.Gt, annotated_types.Le, annotated_types.Lt)
    return tuple(mark for mark in marks if isinstance(mark, kinds))


def _lengths(marks: tuple[object, ...]) -> tuple[int, int | None]:
    least, most = 0, None
    for mark in marks:
        if isinstance(mark, annotated_types.MinLen | annotated_types.Len):
            least = mark.min_length
        if isinstance(mark, annotated_types.MaxLen | annotated_types.Len):
            most = mark.max_length
    return least, most


@cache
def comments(cls: type) -> AbstractMapping[str, str]:
    """The `#:` comment of each field, behind it or on the lines above it; of base classes too."""
    said: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if dataclasses.is_dataclass(base):
            try:
                said |= _comments(inspect.getsource(base))
            except (OSError, TypeError):  # made at run time: no source, no comments
                continue
    return types.MappingProxyType(said)


def _comments(source: str) -> dict[str, str]:
    said: dict[str, str] = {}
    above: list[str] = []
    name = ""
    for line in source.splitlines():
        comment = line.partition("#:")[2].strip()
        field = re.match(r"\s+(\w+)\s*:(?!:)", line)
        if line.lstrip().startswith("#:"):
            above.append(comment)
            continue
        if field:
            name = field[1]
        if name and (comment or above):
            said[name] = " ".join([*above, comment]).strip()
        above = []
    return said
