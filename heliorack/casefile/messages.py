"""From a fault of validation to a place in the file and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heliorack.casefile.errors import NOTHING, listed, shown, suggest
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
from heliorack.casefile.units import UNITS
from heliorack.casefile.validation import sort_expected

type Location = tuple[str | int, ...]

UNKNOWN = "unknown key"  #: how the message of a key begins that its table does not have
BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at a location of the document (keys and positions)."""

    location: Location
    found: object
    message: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the document: what is there and what should be."""

    location: Location
    value: Any
    shape: Shape | None  #: None for a key that the table does not have
    entry: Entry | None = None
    owner: Table | None = None  #: the table that holds it
    kinds: Kinds | None = None  #: the union of tables that the owner belongs to


def worded(cls: type, document: Mapping[str, object], errors: list[Any]) -> list[Fault]:
    """Faults in words, for the errors of `models.faults`; a key that is missing because it was misspelt is reported once."""
    found = [(error["type"], find(cls, document, error["loc"])) for error in errors]
    mistaken = {
        (*spot.location[:-1], meant)
        for kind, spot in found
        if kind == "extra_forbidden" and spot.owner and (meant := meant_key(str(spot.location[-1]), spot.owner))
    }
    return [_fault(kind, spot) for kind, spot in found if not (kind == "missing" and spot.location in mistaken)]


def find(cls: type, document: Mapping[str, object], loc: Location) -> Spot:
    """The spot of a pydantic location, which names the variant of every union on its way."""
    spot = Spot((), document, Table(cls))
    for step in loc:
        spot = _step(spot, step)
    return spot


def _step(spot: Spot, step: str | int) -> Spot:
    match spot.shape:
        case Kinds() as kinds:
            return Spot(spot.location, spot.value, kinds.get(step), spot.entry, spot.owner, kinds)
        case Either(options):
            fitting = [option for option in options if sort_expected(option) == step]
            return Spot(spot.location, spot.value, fitting[0] if len(fitting) == 1 else Either(tuple(fitting)), spot.entry, spot.owner)
        case Table(cls) as table:
            entry = entries(cls).get(str(step))
            kinds_ = spot.kinds
            return Spot((*spot.location, step), _item(spot.value, step), entry.shape if entry else None, entry, table, kinds_)
        case Row(item) | Names(item):
            return Spot((*spot.location, step), _item(spot.value, step), item, spot.entry, spot.owner)
        case Vector(items) if isinstance(step, int) and step < len(items):
            value = _item(spot.value, step)
            if value is NOTHING:  # too short: a matter of the whole vector
                return spot
            return Spot((*spot.location, step), value, items[step], spot.entry, spot.owner)
    return Spot((*spot.location, step), _item(spot.value, step), None)


def _item(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return NOTHING


def _fault(kind: str, spot: Spot) -> Fault:
    if kind == "extra_forbidden":
        return Fault(spot.location, spot.value, _unknown(spot))
    if kind == "missing" and spot.value is NOTHING:
        return Fault(spot.location, NOTHING, _missing(spot.entry))
    if kind.startswith("union_tag") and isinstance(spot.shape, Kinds) and isinstance(spot.value, dict):
        return _wrong_kind(spot, spot.shape)
    if kind in BOUNDS and isinstance(spot.shape, Number):
        return Fault(spot.location, spot.value, spot.shape.bounds.sentence(spot.shape.unit))
    if kind == "string_too_short":
        return Fault(spot.location, spot.value, "must not be empty")
    if spot.shape is None:
        return Fault(spot.location, spot.value, "cannot be read here")
    return Fault(spot.location, spot.value, f"must be {expected(spot.shape)}{_hint(spot.shape, spot.value)}")


def _missing(entry: Entry | None) -> str:
    if entry is None:
        return "missing"
    unit = UNITS[entry.unit].label
    description = f"{entry.description}{f' [{unit}]' if unit else ''}" if entry.description else f"must be {expected(entry.shape)}"
    return f"missing; {description}"


def _unknown(spot: Spot) -> str:
    if spot.owner is None:
        return UNKNOWN
    word = str(spot.location[-1])
    meant = meant_key(word, spot.owner)
    if meant:
        return f"{UNKNOWN}; did you mean {meant}?"
    others = [kind for kind, table in spot.kinds.variants if word in entries(table.cls)] if spot.kinds else []
    if others:
        return f"{UNKNOWN} here; it belongs to kind {listed(map(shown, others))}"
    known = list(entries(spot.owner.cls))
    return f"{UNKNOWN}; known here: {', '.join(known)}" if known else f"{UNKNOWN}; this table is empty"


def meant_key(word: str, table: Table) -> str | None:
    """The key of a table that was probably meant: the same field with another or no unit, else the nearest spelling."""
    known = entries(table.cls)
    for entry in known.values():
        stem, unit = entry.name, word.removeprefix(entry.name + "_")
        if word == stem or (word != unit and unit in UNITS):
            return entry.key
    return suggest(word, known)


def _wrong_kind(spot: Spot, kinds: Kinds) -> Fault:
    names = [kind for kind, _ in kinds.variants]
    found = spot.value.get("kind", NOTHING)
    location = (*spot.location, "kind")
    if found is NOTHING:
        return Fault(location, NOTHING, f"missing; must be {listed(map(shown, names), most=30)}")
    return Fault(location, found, f"must be {expected(Choice(tuple(names)))}{_hint(Choice(tuple(names)), found)}")


def expected(shape: Shape) -> str:
    """What a value should be, to follow "must be"."""
    match shape:
        case Number(whole=whole):
            return "a whole number" if whole else "a number"
        case Text():
            return "text in quotes"
        case Flag():
            return "true or false"
        case Moment():
            return "a date and time such as 2027-06-21T00:00:00Z"
        case Choice(values):
            return listed(map(shown, values), most=30)
        case Vector(items):
            numbers = all(isinstance(item, Number) for item in items)
            return f"an array of {len(items)} {'numbers' if numbers else 'items'}"
        case Row(item, least, most):
            return _row(item, least, most)
        case Names() | Table() | Kinds():
            return "a table"
        case Either(options):
            return listed(phrase for option in options for phrase in _phrases(option))
        case Anything():
            return "a value"
    raise TypeError(f"no words for {shape!r}")


def _phrases(option: Shape) -> list[str]:
    return [shown(value) for value in option.values] if isinstance(option, Choice) else [expected(option)]


def _row(item: Shape, least: int, most: int | None) -> str:
    if isinstance(item, Table | Kinds):
        return "an array of tables, each under its own [[...]]"
    what = {Number: "numbers", Text: "texts"}.get(type(item), "items")
    if least and least == most:
        return f"an array of {least} {what}"
    return f"an array of {f'at least {least} ' if least else ''}{what}"


def _hint(shape: Shape, value: object) -> str:
    choices = [option for option in (shape.options if isinstance(shape, Either) else [shape]) if isinstance(option, Choice)]
    if choices and isinstance(value, str):
        meant = suggest(value, [v for choice in choices for v in choice.values if isinstance(v, str)])
        return f"; did you mean {shown(meant)}?" if meant else ""
    if isinstance(shape, Number) and isinstance(value, str):
        return f"; write {_number(value)}" if _number(value) else ", not text"
    if isinstance(shape, Number) and isinstance(value, float):
        return "" if shape.whole else ", and a finite one"
    return ""


def _number(text: str) -> str:
    """The TOML number that a text spells, or nothing."""
    try:
        return f"{float(text):g}".replace("inf", "").replace("nan", "")
    except ValueError:
        return ""
