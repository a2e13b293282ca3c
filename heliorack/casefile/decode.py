"""From a document to frozen dataclasses in SI. This is the only place where units are converted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from heliorack.casefile.errors import NOTHING, shown
from heliorack.casefile.fields import Choice, Either, Flag, Kinds, Moment, Names, Number, Row, Shape, Table, Text, Vector, entries
from heliorack.casefile.messages import Fault, Location, worded
from heliorack.casefile.units import UNITS, to_si
from heliorack.casefile.validation import faults, sort_expected, sort_of


class _Broken:
    """Stands for a value that could not be built."""


BROKEN = _Broken()
MOST_WORDED = 200  # faults that are put into words; each looks for the key that was meant


@dataclass(slots=True)
class Reading:
    """What came of a document: everything that could be built, by location, and every fault."""

    built: dict[Location, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def items(self, table: str) -> list[tuple[int, Any]]:
        """Good items of an array of tables, each with its position."""
        return [(int(loc[1]), value) for loc, value in self.built.items() if len(loc) == 2 and loc[0] == table]


def read(cls: type, document: Mapping[str, object]) -> Reading:
    """Validate a document against a dataclass and build it; the result itself is `built[()]` if nothing in it is at fault."""
    errors = faults(cls, document)
    reading = Reading(faults=worded(cls, document, errors[:MOST_WORDED]))
    if len(errors) > MOST_WORDED:
        at: Location = errors[MOST_WORDED]["loc"][:1]
        reading.faults.append(Fault(at, NOTHING, f"here and elsewhere {len(errors) - MOST_WORDED} more problems; mend these first"))
    bad = {fault.location[:n] for fault in reading.faults for n in range(len(fault.location) + 1)}
    _build(Table(cls), document, (), reading, frozenset(bad))
    return reading


def _build(shape: Shape, value: Any, at: Location, reading: Reading, bad: frozenset[Location]) -> Any:
    """SI value of a shape, or BROKEN if anything in it is at fault; what is whole below a fault is still built."""
    match shape:
        case Number(unit=unit, whole=whole):
            return BROKEN if at in bad else value if whole else to_si(float(value), unit)
        case Table(cls):
            return _build_table(cls, value, at, reading, bad)
        case Kinds() as kinds:
            variant = kinds.get(value.get("kind")) if isinstance(value, dict) else None
            return _build(variant, value, at, reading, bad) if variant else BROKEN
        case Row(item) if isinstance(value, list | tuple):
            return _whole([_build(item, v, (*at, i), reading, bad) for i, v in enumerate(value)], at, bad)
        case Vector(items) if isinstance(value, list | tuple) and len(value) == len(items):
            return _whole([_build(item, v, (*at, i), reading, bad) for i, (item, v) in enumerate(zip(items, value, strict=True))], at, bad)
        case Names(item) if isinstance(value, dict):
            found = {k: _build(item, v, (*at, k), reading, bad) for k, v in value.items()}
            return BROKEN if at in bad or any(v is BROKEN for v in found.values()) else found
        case Either(options):
            fitting = [option for option in options if fits(option, value)]
            return _build(fitting[0], value, at, reading, bad) if fitting else BROKEN
    return BROKEN if at in bad else value


def _whole(items: list[Any], at: Location, bad: frozenset[Location]) -> Any:
    return BROKEN if at in bad or any(item is BROKEN for item in items) else tuple(items)


def _build_table(cls: type, value: Any, at: Location, reading: Reading, bad: frozenset[Location]) -> Any:
    if not isinstance(value, Mapping):
        return BROKEN
    known = entries(cls)
    given = {known[k].name: _build(known[k].shape, v, (*at, k), reading, bad) for k, v in value.items() if k in known}
    if at in bad or any(item is BROKEN for item in given.values()):
        return BROKEN
    try:
        made = cls(**given)
    except ValueError as error:
        reading.faults.append(_own_words(cls, value, at, str(error)))
        return BROKEN
    reading.built[at] = made
    return made


def fits(shape: Shape, value: object) -> bool:
    """Whether a value is written the way an option of a union wants it."""
    match shape:
        case Number():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Text():
            return isinstance(value, str)
        case Flag():
            return isinstance(value, bool)
        case Choice(values):
            return value in values
        case Moment():
            return hasattr(value, "tzinfo")
    return sort_of(value) == sort_expected(shape)


def _own_words(cls: type, value: Mapping[str, Any], at: Location, message: str) -> Fault:
    """A dataclass's own objection, with the field that its sentence starts with made part of the place."""
    start = re.match(r"([A-Za-z_][\w.:+-]*?):?\s+(?=\S)", message)
    steps = start[1].split(".") if start else []
    if len(steps) > 1 and at and steps[0] == at[-1]:
        steps = steps[1:]
    keys = _keys(cls, steps)
    if not start or not keys:
        return Fault(at, NOTHING, message)
    found: Any = value
    for k in keys:
        found = found.get(k, NOTHING) if isinstance(found, Mapping) else NOTHING
    return Fault((*at, *keys), found, _without(found, message[start.end() :]))


def _without(found: Any, sentence: str) -> str:
    """The sentence without the value that it repeats, and without that value's unit.

    >>> _without(6500, "6500 km: no such orbit"), _without(190.0, "190 deg must lie between 0 and 180 deg"), _without("s", "'s' is a unit")
    ('no such orbit', 'must lie between 0 and 180 deg', 'is a unit')
    """
    rest = sentence.removeprefix("= ")
    number = f"{found:g} " if isinstance(found, int | float) else f"{found} "
    for said in (shown(found), repr(found), f"'{found}'", f"{found} ", number):
        rest = rest.removeprefix(said)
    if rest != sentence and isinstance(found, int | float):
        unit, _, more = rest.strip().partition(" ")
        rest = more if unit.removesuffix(":") in UNITS else rest
    return rest.strip() or sentence


def _keys(cls: type, steps: list[str]) -> tuple[str, ...]:
    """Keys of the file for a field's dotted name; empty if there is no such field."""
    if not steps:
        return ()
    entry = next((e for e in entries(cls).values() if steps[0] in (e.name, e.key)), None)
    if entry is None:
        return ()
    if isinstance(entry.shape, Table):
        return (entry.key, *_keys(entry.shape.cls, steps[1:]))
    return (entry.key, *steps[1:])
