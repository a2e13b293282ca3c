"""What is said of one key beside its type: description with unit, default and examples in the user's unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from heliorack.casefile.fields import Entry, Kinds, Names, Row, Shape, Table, Text, Vector, entries
from heliorack.casefile.units import UNITS, from_si

#: libraries that keys choose from, by the last word of the key
LIBRARY_KEYS = {
    "material": "materials",
    "coating": "coatings",
    "interface": "interfaces",
    "chip": "chips",
    "cell": "cells",
    "battery": "batteries",
}


def field_notes(entry: Entry) -> Any:
    """What the schema says of one key beside its type: description with unit, and the default in the user's unit."""

    def notes(made: dict[str, Any]) -> None:
        unit = UNITS[entry.unit].label
        description = " ".join(filter(None, [entry.description, f"[{unit}]" if unit else ""]))
        default = None if entry.required else in_file(entry.shape, entry.default)
        examples = _library_names(entry)
        made.pop("default", None)
        if description:
            made["description"] = description
        if default is not None:
            made["default"] = default
        if examples:
            made["examples"] = examples

    return notes


def _library_names(entry: Entry) -> list[str]:
    """Names of the library that a key chooses from, for editors to offer."""
    from heliorack.casefile.library import entries as library_entries

    library = LIBRARY_KEYS.get(entry.key.rpartition("_")[2]) if isinstance(entry.shape, Text) else None
    known = sorted(library_entries(library)) if library else []
    return [*known, *sorted(library_entries("blankets"))] if library == "coatings" else known


def in_file(shape: Shape, value: Any) -> Any:
    """An SI value as the case file writes it; None for what is not given."""
    if isinstance(value, float) and not isinstance(value, bool):
        return from_si(value, getattr(shape, "unit", "-"))
    if isinstance(value, datetime):
        return value.isoformat()
    match shape:
        case Table(cls) if value is not None:
            return _table(cls, value)
        case Kinds() if value is not None:
            return _table(type(value), value)
        case Row(item) if isinstance(value, tuple):
            return [in_file(item, v) for v in value]
        case Vector(items) if isinstance(value, tuple):
            return [in_file(item, v) for item, v in zip(items, value, strict=True)]
        case Names(item) if isinstance(value, dict):
            return {k: in_file(item, v) for k, v in value.items()}
    return value


def _table(cls: type, value: Any) -> dict[str, Any]:
    found = {key: in_file(entry.shape, getattr(value, entry.name)) for key, entry in entries(cls).items()}
    return {key: item for key, item in found.items() if item is not None}
