"""JSON schema of the case file, so that editors complete and check it in the user's units."""

from __future__ import annotations

from typing import Any

from heliorack.casefile.fields import Either, Kinds, Names, Row, Shape, Table, Vector, entries

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(cls: type) -> dict[str, Any]:
    """Schema (draft 2020-12) of the table that a dataclass describes."""
    from heliorack.casefile.validation import model

    made: dict[str, Any] = _untitled(model(cls).model_json_schema(by_alias=True, mode="validation"))
    for variant in _variants(Table(cls), set()):
        definition = made["$defs"].get(variant.__name__, {})
        definition["required"] = ["kind", *(key for key in definition.get("required", []) if key != "kind")]
    return {"$schema": DRAFT, **made}


def _variants(shape: Shape, seen: set[Shape]) -> set[type]:
    """Tables that are told apart by `kind`, which must then be written even where the dataclass has a default."""
    if shape in seen:
        return set()
    seen.add(shape)
    match shape:
        case Kinds(variants):
            return {table.cls for _, table in variants}.union(*(_variants(table, seen) for _, table in variants))
        case Table(cls):
            return set[type]().union(*(_variants(entry.shape, seen) for entry in entries(cls).values()))
        case Either(shapes) | Vector(shapes):
            return set[type]().union(*(_variants(each, seen) for each in shapes))
        case Row(item) | Names(item):
            return _variants(item, seen)
    return set()


def _untitled(node: Any) -> Any:
    """The schema without the titles that only repeat the keys."""
    if isinstance(node, list):
        return [_untitled(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _untitled(item) for key, item in node.items() if key != "title" or not isinstance(item, str)}
