"""Case files that are nearly right: mutants of the shipped cases and of made-up tables, at value and at text level."""

import copy
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from case_text import INCLINED

import cases
from heliorack.case.case import Case
from heliorack.casefile.document import read, write
from heliorack.casefile.fields import Anything, Choice, Either, Flag, Kinds, Moment, Names, Number, Row, Table, Text, Vector, entries

BASE = f"""
title = "base"
{INCLINED}
[[parts]]
name = "cube"
kind = "box"
size_mm = [100, 100, 100]
material = "al_6061"
coating = "z93"
mesh_mm = 50
heat_W = 5

[[compute]]
name = "server"
parts = "cube"
peak_W = 20
idle_W = 5

[power]
cell = "azur_3g30"
battery = "lg_mj1"

[[limits]]
on = "cube"
max_degC = 60
"""
NASTY: tuple[Any, ...] = (
    0,
    -1,
    1,
    2**40,
    2**63 - 1,
    -(2**70),
    0.0,
    -0.0,
    1e-12,
    1e-29,
    1e12,
    1e29,
    1e300,
    -1e-300,
    float("inf"),
    float("-inf"),
    float("nan"),
    "",
    "x",
    "*",
    "cube*",
    "cube:+x",
    "*:*",
    "[",
    "a" * 2000,
    "$x_{\\frac",
    "\x1b[31m",
    "\u202e",
    "../../etc/passwd",
    "/dev/zero",
    [],
    {},
    [[]],
    [1, 2, 3],
    [0, 0, 0],
    True,
    False,
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2027, 6, 21, tzinfo=UTC),
    datetime(2027, 6, 21),
)
SCRIBBLES = ('"', "[", "]", "{", "=", ".", "\\", "#", "e9", "-", "\x00", "\u2028", "9" * 30, "'''")
TEXTS = ("al_6061", "z93", "cube", "cube:+z", "server", "a", "insulated", "azur_3g30", "lg_mj1", "h100_sxm", "*")


def sources() -> list[dict[str, Any]]:
    """Documents to begin from."""
    from heliorack.casefile.document import parse

    return [parse(BASE, "base"), *(read(cases.path(name)) for name in cases.names())]


def example(form: Any, dice: random.Random, depth: int = 0) -> Any:
    """Something that a shape allows, or nearly."""
    match form:
        case Number(bounds=bounds, whole=whole):
            low = next((v for v in (bounds.ge, bounds.gt) if v is not None), -10.0)
            high = next((v for v in (bounds.le, bounds.lt) if v is not None), low + dice.choice([1.0, 10.0, 1000.0]))
            value = low + (high - low) * dice.choice([0.0, 0.01, dice.random(), 1.0])
            return int(value) if whole else value
        case Text():
            return dice.choice(TEXTS)
        case Flag():
            return dice.random() < 0.5
        case Moment():
            return datetime(2027, dice.randint(1, 12), 3, tzinfo=UTC)
        case Choice(values):
            return dice.choice(values)
        case Vector(items):
            return [example(item, dice, depth + 1) for item in items]
        case Row(item, least, most):
            return [example(item, dice, depth + 1) for _ in range(max(least, min(most or 2, dice.randint(0, 2))))]
        case Names(item):
            return {name: example(item, dice, depth + 1) for name in dice.sample(["one", "+x", "*", "cube"], dice.randint(0, 2))}
        case Table(cls):
            keys = {k: e for k, e in entries(cls).items() if e.required or dice.random() < 0.4}
            return {key: example(entry.shape, dice, depth + 1) for key, entry in keys.items()}
        case Kinds(variants):
            kind, table = dice.choice(variants)
            return {"kind": kind, **{k: v for k, v in example(table, dice, depth).items() if k != "kind"}}
        case Either(options):
            return example(dice.choice(options), dice, depth)
        case Anything():
            return dice.choice([1, "x", [1.0], {"a": 1}])
    raise TypeError(form)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Locations of everything in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*at, key)
        yield from places(item, (*at, key))


def changed(document: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """A document with one to three values changed, taken out, doubled or renamed, or with a table made up."""
    made = copy.deepcopy(document)
    if dice.random() < 0.35:
        key, entry = dice.choice(list(entries(Case).items()))
        made[key] = example(entry.shape, dice)
    for _ in range(dice.choice([0, 1, 1, 1, 2, 3])):
        every = list(places(made))
        if not every:
            break
        *way, last = dice.choice(every)
        here: Any = made
        for step in way:
            here = here[step]
        _change(here, last, dice)
    return made


def _change(here: Any, last: Any, dice: random.Random) -> None:
    value, what = here[last], dice.random()
    if what < 0.35:
        here[last] = copy.deepcopy(dice.choice(NASTY))
    elif what < 0.6 and isinstance(value, int | float) and not isinstance(value, bool):
        factor = dice.choice([0.0, -1.0, 0.5, 2.0, 1e-6, 1e6, 1 + 1e-9])
        here[last] = type(value)(value * factor)
    elif what < 0.7:
        del here[last]
    elif what < 0.8 and isinstance(here, list):
        here.append(copy.deepcopy(value))
    elif what < 0.85 and isinstance(here, dict):
        here[str(last) + dice.choice(["x", "_mm", ""])] = here.pop(last)
    elif what < 0.9 and isinstance(value, list):
        dice.shuffle(value)
    else:
        here[last] = copy.deepcopy(dice.choice([value, [value], {"kind": value}, str(value)]))


def scribbled(text: str, dice: random.Random) -> str:
    """A text with a few characters or lines changed."""
    for _ in range(dice.choice([1, 1, 2, 5])):
        what, at = dice.random(), dice.randrange(len(text) + 1)
        lines = text.split("\n")
        if what < 0.3:
            text = text[:at] + dice.choice(SCRIBBLES) + text[at:]
        elif what < 0.5:
            text = text[:at] + text[at + dice.choice([1, 1, 5, 60]) :]
        elif what < 0.65:
            text = text[:at] + chr(dice.choice([0, 27, 127, 155, 0x202E, 0xFEFF, dice.randrange(32, 0xD7FF)])) + text[at + 1 :]
        elif what < 0.8:
            dice.shuffle(lines)
            text = "\n".join(lines[: dice.randint(1, len(lines))])
        elif what < 0.9:
            text = "\n".join([*lines, dice.choice(lines)])
        else:
            text = text[:at] + dice.choice(["[" * 2000, "{a=" * 500, "a." * 3000, "9" * 5000]) + text[at:]
    return text


def mutants(count: int, seed: int) -> Iterator[str]:
    """Texts of `count` case files; two thirds changed by value, the others as text."""
    dice = random.Random(seed)
    documents = sources()
    for _ in range(count):
        document = documents[0] if dice.random() < 0.7 else dice.choice(documents)
        try:
            text = write(changed(document, dice))
        except (ValueError, RecursionError):
            continue
        yield scribbled(text, dice) if dice.random() < 0.33 else text
