"""Materials, coatings, blankets, chips and cells that tables name are of the library or of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from heliorack.casefile.errors import NOTHING, suggest
from heliorack.casefile.fields import Kinds, Names, Row, Shape, Table, Text, entries, shape
from heliorack.casefile.messages import Fault, Location
from heliorack.checks.context import Facts, keys, tables
from meshes.parts import AnyPart
from meshes.shapes.solid import INSULATED
from power.computing import chip
from power.solar import cell
from power.storage import battery
from thermal.properties import blanket, coating, material


def materials(facts: Facts) -> Iterator[Fault]:
    """Materials of parts and skins exist."""
    known = {*material.LIBRARY, *keys(facts.document, "materials")}
    skins = [(("skins", i, "material"), s["material"]) for i, s in enumerate(tables(facts.document, "skins")) if _is_text(s, "material")]
    for at, value in (*_texts(facts, "material"), *_texts(facts, "materials"), *skins):
        if value not in known:
            yield Fault(at, value, _not_in("material", value, known, "materials", "or define [materials.NAME]"))


def _is_text(item: Mapping[str, Any], key: str) -> bool:
    return isinstance(item.get(key), str)


def coatings(facts: Facts) -> Iterator[Fault]:
    """Coatings and blankets of parts exist."""
    coatings = {*coating.LIBRARY, *keys(facts.document, "coatings"), INSULATED}
    blankets = {*blanket.LIBRARY, *keys(facts.document, "blankets")}
    for at, value in (*_texts(facts, "coating"), *_texts(facts, "coatings")):
        if value not in coatings | blankets:
            table = "blankets" if suggest(value, coatings | blankets) in blankets else "coatings"
            yield Fault(at, value, _not_in("coating", value, coatings | blankets, table, f"or define [{table}.NAME]"))


def blankets(facts: Facts) -> Iterator[Fault]:
    """A blanket's outer layer has a coating, and no name stands for two things."""
    coatings, blankets = keys(facts.document, "coatings"), keys(facts.document, "blankets")
    known = {*coating.LIBRARY, *coatings}
    for name in blankets:
        table = facts.document["blankets"][name]
        outer = table.get("outer") if isinstance(table, dict) else None
        if isinstance(outer, str) and outer not in known:
            yield Fault(("blankets", name, "outer"), outer, _wrong_outer(name, outer, {*blanket.LIBRARY, *blankets}, known))
    for name in (name for name in blankets if name in known):
        yield Fault(("blankets", name), NOTHING, "is the name of a coating too; a face could mean either, give it another name")
    for name in (name for name in coatings if name in blanket.LIBRARY and name not in blankets):
        yield Fault(("coatings", name), NOTHING, "is the name of a blanket of the library too; give it another name")
    for table, names in (("coatings", coatings), ("blankets", blankets)):
        if INSULATED in names:
            yield Fault((table, INSULATED), NOTHING, "stands for a face that exchanges no radiation; give it another name")


def _wrong_outer(name: str, outer: str, blankets: Iterable[str], coatings: Iterable[str]) -> str:
    must = "the outer layer needs a coating"
    if outer == name:
        return f"is the blanket itself; {must}, such as kapton_al_1mil"
    if outer in blankets:
        return f"is a blanket; {must}, such as kapton_al_1mil"
    if outer == INSULATED:
        return f"has no optical properties; {must}, such as kapton_al_1mil"
    return _not_in("coating", outer, coatings, "coatings", "or define [coatings.NAME]")


def devices(facts: Facts) -> Iterator[Fault]:
    """Chips, solar cells and battery cells exist."""
    for position, item in enumerate(tables(facts.document, "compute")):
        name = item.get("chip")
        if isinstance(name, str) and name not in chip.LIBRARY:
            said = _not_in("chip", name, chip.LIBRARY, "chips", "or leave chip out and give peak_W and idle_W")
            yield Fault(("compute", position, "chip"), name, said)
    power = facts.document.get("power")
    for key, known in (("cell", cell.LIBRARY), ("battery", battery.LIBRARY)):
        name = power.get(key) if isinstance(power, dict) else None
        if isinstance(name, str) and name not in known:
            table = {"cell": "cells", "battery": "batteries"}[key]
            what = {"cell": "solar cell", "battery": "battery cell"}[key]
            yield Fault(("power", key), name, _not_in(what, name, known, table, ""))


def _not_in(what: str, name: str, known: Iterable[str], table: str, otherwise: str) -> str:
    meant = suggest(name, known)
    tail = ", ".join(filter(None, [f"`heliorack library {table}` lists them", otherwise]))
    return f"unknown {what}; did you mean {meant}? ({tail})" if meant else f"unknown {what}; {tail}"


def _texts(facts: Facts, noun: str) -> Iterator[tuple[Location, str]]:
    """Every text of a part under a key `noun` or `*_noun`, with its location."""
    parts = shape(AnyPart)
    for position, item in enumerate(tables(facts.document, "parts")):
        yield from _texts_in(parts, item, ("parts", position), noun)


def _texts_in(form: Shape, value: Any, at: Location, noun: str) -> Iterator[tuple[Location, str]]:
    match form:
        case Kinds() as kinds if isinstance(value, dict):
            variant = kinds.get(value.get("kind"))
            if variant:
                yield from _texts_in(variant, value, at, noun)
        case Table(cls) if isinstance(value, dict):
            for key, entry in entries(cls).items():
                if key in value and (key == noun or key.endswith(f"_{noun}")):
                    yield from _spelt(value[key], (*at, key))
                elif key in value and not isinstance(entry.shape, Text | Names):
                    yield from _texts_in(entry.shape, value[key], (*at, key), noun)
        case Row(item) if isinstance(value, list):
            for position, one in enumerate(value):
                yield from _texts_in(item, one, (*at, position), noun)


def _spelt(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        yield from ((((*at, key)), item) for key, item in value.items() if isinstance(item, str))
