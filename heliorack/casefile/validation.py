"""Validation of the case file: pydantic models made from the dataclasses, in the units of the file."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, WrapValidator, create_model
from pydantic_core import ErrorDetails, PydanticCustomError

from heliorack.casefile.fields import (
    Anything,
    Choice,
    Either,
    Entry,
    Flag,
    Kinds,
    Moment,
    Names,
    Number,
    Row,
    Shape,
    Table,
    Text,
    Vector,
    entries,
)

STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, protected_namespaces=())


def faults(cls: type, document: object) -> list[ErrorDetails]:
    """Every fault that pydantic finds in a document meant for a dataclass."""
    try:
        model(cls).model_validate(_tuples(document))
    except ValidationError as error:
        return [one for one in error.errors(include_url=False) if not _short_of_good_ones(one)]
    return []


def _short_of_good_ones(error: ErrorDetails) -> bool:
    """Whether an array is called too short only because its wrong items, each with a fault of its own, do not count."""
    return error["type"] == "too_short" and len(error["input"]) >= error.get("ctx", {})["min_length"]


@cache
def model(cls: type) -> type[BaseModel]:
    """Strict model of one table; its fields go by the keys of the file."""
    fields: dict[str, Any] = {f"{entry.name}_": (annotation(entry.shape), _field(entry)) for entry in entries(cls).values()}
    return create_model(cls.__name__, __config__=STRICT, __doc__=_summary(cls), __module__=cls.__module__, **fields)


def _field(entry: Entry) -> Any:
    from heliorack.casefile.notes import field_notes

    default = ... if entry.required else None
    return Field(default, alias=entry.key, json_schema_extra=field_notes(entry))


def _summary(cls: type) -> str:
    said = (cls.__doc__ or "").strip().partition("\n")[0]
    return "" if said.startswith(f"{cls.__name__}(") else said  # a dataclass without a docstring gets its signature for one


def annotation(shape: Shape) -> Any:
    """Type that pydantic validates a shape by."""
    inner: Any  # a type that is known at run time only
    match shape:
        case Number(bounds=bounds, whole=whole):
            return Annotated[int if whole else float, Field(ge=bounds.ge, gt=bounds.gt, le=bounds.le, lt=bounds.lt)]
        case Text(least):
            return Annotated[str, Field(min_length=least or None)]
        case Flag():
            return bool
        case Moment():
            return datetime
        case Choice(values):
            return Literal[values]
        case Vector(items):
            inner = tuple  # indexed as a value, since mypy wants a type here
            return inner[tuple(map(annotation, items))]
        case Row(item, least, most):
            inner = annotation(item)
            return Annotated[tuple[inner, ...], Field(min_length=least, max_length=most)]
        case Names(item):
            inner = annotation(item)
            return dict[str, inner]
        case Table(cls):
            return model(cls)
        case Kinds(variants):
            return Annotated[_one_of([Annotated[model(t.cls), Tag(kind)] for kind, t in variants]), Discriminator(_kind_of)]
        case Either(options):
            return _either(options)
        case Anything():
            return object
    raise TypeError(f"no type for {shape!r}")


def sort_of(value: object) -> str:
    """What was written: "table", "array" or "plain"."""
    if isinstance(value, dict):
        return "table"
    return "array" if isinstance(value, list | tuple) else "plain"


def sort_expected(shape: Shape) -> str:
    """What has to be written for a shape."""
    if isinstance(shape, Table | Kinds | Names):
        return "table"
    return "array" if isinstance(shape, Row | Vector) else "plain"


def _either(options: tuple[Shape, ...]) -> Any:
    """Options of one sort share one message; options of different sorts are told apart first, so that faults inside keep their place."""
    sorts: dict[str, list[Any]] = {}
    for option in options:
        sorts.setdefault(sort_expected(option), []).append(annotation(option))
    groups = {sort: _one_of(kinds) if len(kinds) == 1 else Annotated[_one_of(kinds), _ONE_MESSAGE] for sort, kinds in sorts.items()}
    if len(groups) == 1:
        return next(iter(groups.values()))
    return Annotated[_one_of([Annotated[group, Tag(sort)] for sort, group in groups.items()]), Discriminator(sort_of)]


def _one_of(kinds: list[Any]) -> Any:
    return Union[tuple(kinds)]  # noqa: UP007  (the members are known at run time only)


def _kind_of(value: object) -> object:
    return value.get("kind") if isinstance(value, dict) else None


def _one_message(value: Any, handler: Any) -> Any:
    try:
        return handler(value)
    except ValidationError:
        raise PydanticCustomError("none_of", "none of the options") from None


_ONE_MESSAGE = WrapValidator(_one_message)


def _tuples(value: object) -> object:
    """TOML arrays as tuples, which strict validation wants."""
    match value:
        case dict():
            return {key: _tuples(item) for key, item in value.items()}
        case list() | tuple():
            return tuple(map(_tuples, value))
    return value
