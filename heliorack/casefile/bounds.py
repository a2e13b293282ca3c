"""What a document may hold at all, whoever wrote it: bounded nesting, numbers of a size that hardware has, plain text, dates of our time.

Looked at before anything else, and without recursion: later rooms may then convert, compare and print what they find.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isfinite

from heliorack.casefile.errors import CONTROL, NOTHING

type Excess = tuple[tuple[str | int, ...], object, str]  #: location, what may be shown of the value, and what was expected

DEEPEST = 24  # tables and arrays within one another; the house's own cases have 5
MOST = 100_000  # values of a document; its measured data and meshes are files of their own
LARGEST, SMALLEST = 1e30, 1e-30  # magnitude of a number in the unit of its key; FLOPS, fluences and thin films lie well within
WHOLE = 1 << 63  # TOML's whole numbers have 64 bits
YEARS = (1900, 2200)
LONGEST_KEY, LONGEST_TEXT = 1000, 100_000  # characters
MOST_FAULTS = 50  # that are listed


def excesses(document: object) -> list[Excess]:
    """Every value that is beyond these bounds, the first `MOST_FAULTS` of them; what is nested too deeply is not looked into."""
    found: list[Excess] = []
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    seen = 0
    while waiting and len(found) < MOST_FAULTS:
        at, value = waiting.pop()
        seen += 1
        if seen > MOST:
            return [((), NOTHING, f"holds more than {MOST} values; put tables of data into files of their own")]
        if isinstance(value, dict | list | tuple) and len(at) > DEEPEST:
            found.append((at[:DEEPEST], NOTHING, f"nests tables and arrays more than {DEEPEST} deep; no table of a case does"))
        elif isinstance(value, dict):
            found += [((*at, key[:LONGEST_KEY]), NOTHING, said) for key in value if (said := _text(key, LONGEST_KEY, "a key"))]
            waiting += reversed([((*at, key), item) for key, item in value.items()])
        elif isinstance(value, list | tuple):
            waiting += reversed([((*at, i), item) for i, item in enumerate(value)])
        else:
            found += [(at, shown, said) for shown, said in _plain(value)]
    return found


def _plain(value: object) -> Iterator[tuple[object, str]]:
    """What may be shown of a value beyond the bounds, and why."""
    match value:
        case bool():
            return
        case str():
            said = _text(value, LONGEST_TEXT, "a text")
            if said:
                yield value[:LONGEST_KEY], said
        case int() if not -WHOLE <= value < WHOLE:
            digits = int(value.bit_length() * 0.30103) + 1
            yield NOTHING, f"is a whole number of {digits} digits; expected one of at most 18"
        case float() if isfinite(value) and value and not SMALLEST <= abs(value) <= LARGEST:
            yield value, f"expected 0, or a magnitude from {SMALLEST:g} to {LARGEST:g} in the unit of the key"
        case date() if not YEARS[0] <= value.year <= YEARS[1]:
            yield value, f"expected a date of the years {YEARS[0]} to {YEARS[1]}"


def _text(text: str, most: int, what: str) -> str:
    if len(text) > most:
        return f"is {what} of {len(text)} characters; expected at most {most}"
    found = CONTROL.search(text)
    if not found:
        return ""
    return f"holds the control character U+{ord(found[0]):04X} at place {found.start() + 1}; expected plain text"
