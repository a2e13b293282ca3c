"""What is wrong with a case file, in the engineer's words and units, all of it at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import SequenceMatcher

type Found = object
#: control characters but tab and line ends, marks that turn the direction of writing, and halves of characters: a terminal obeys them
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
WIDEST = 60  # columns that the left side of a report may take before its sentence simply follows


class _Nothing:
    """Stands for a value that the file does not have (a missing key)."""

    def __repr__(self) -> str:
        return "nothing"

    def __reduce__(self) -> str:
        return "NOTHING"  # there is one, in other processes too


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a case file."""

    path: str  #: where, as in `parts.radiator.width_mm`
    found: Found  #: the value of the file, in the user's unit; `NOTHING` if there is none
    message: str  #: what was expected and what to try

    def place(self) -> str:
        """Path and value as in the file."""
        return self.path if self.found is NOTHING else f"{self.path} = {shown(self.found)}"


class CaseError(ValueError):
    """A malformed question. `problems` lists every fault, `source` names the file."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(report(source, self.problems))


class CaseSyntaxError(CaseError):
    """The file is not TOML; one problem, at `line` and `column` (both from 1)."""

    def __init__(self, source: str, line: int, column: int, message: str, text: str) -> None:
        self.line, self.column = line, column
        super().__init__(source, [Problem(f"{source}:{line}:{column}", NOTHING, message)])
        start = max(0, column - 1 - WIDEST)  # of a line that is long, what is around the fault
        around, mark = text[start : start + 2 * WIDEST], " " * (column - 1 - start)
        self.args = (printable(f"{source}:{line}:{column}: {message}\n  {around}\n  {mark}^"),)


def report(source: str, problems: tuple[Problem, ...]) -> str:
    """All problems, one line each.

    >>> print(report("a.toml", (Problem("parts.radiator.area_m", 4, "unknown key; did you mean area_m2?"),)))
    a.toml: 1 problem
      parts.radiator.area_m = 4   unknown key; did you mean area_m2?
    """
    places = [problem.place() for problem in problems]
    width = max((len(place) for place in places if len(place) <= WIDEST), default=0)
    lines = [f"  {place:{width}}   {problem.message}" for place, problem in zip(places, problems, strict=True)]
    return printable("\n".join([f"{source}: {len(problems)} problem{'' if len(problems) == 1 else 's'}", *lines]))


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters are written out.

    >>> printable("a" + chr(27) + "[2Jb")
    'a\\\\x1b[2Jb'
    """
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shown(value: object) -> str:
    """A value as TOML writes it, shortened to one line.

    >>> shown("cold"), shown(True), shown([1, 2.5]), shown({"kind": "box"})
    ('"cold"', 'true', '[1, 2.5]', '{ kind = "box" }')
    """
    text = toml_value(value)
    return text if len(text) <= 48 else text[:44] + " ..."


def toml_value(value: object) -> str:
    """A value as TOML writes it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() | float():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            inside = ", ".join(f"{toml_key(k)} = {toml_value(v)}" for k, v in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(toml_value, value)) + "]"
    return repr(value)


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant.

    >>> suggest("radiatr", ["tray", "radiator"])
    'radiator'
    """
    options = list(known)
    scores = [_likeness(word.lower(), name.lower()) for name in options]
    best = max(scores, default=0.0)
    return options[scores.index(best)] if best >= 0.6 else None


def _likeness(word: str, name: str) -> float:
    """1 for the same word; a word of some length that is part of the name counts as just near enough."""
    part = 0.6 if len(word) > 2 and word in name else 0.0
    return max(part, SequenceMatcher(None, word, name).ratio())


def listed(words: Iterable[str], last: str = "or", most: int = 12) -> str:
    """Words in a sentence.

    >>> listed(["hot", "mean", "cold"])
    'hot, mean or cold'
    """
    every = list(words)
    if len(every) > most:
        return ", ".join(every[:most]) + f" ... ({len(every)} in all)"
    return f" {last} ".join(filter(None, [", ".join(every[:-1]), *every[-1:]]))


def there_are(names: Iterable[str], most: int = 12) -> str:
    """What there is to choose from, in a sentence.

    >>> there_are(["hot"]), there_are(["hot", "cold"]), there_are([])
    ('there is hot', 'there are hot and cold', 'there is none')
    """
    every = list(names)
    return f"there are {listed(every, 'and', most)}" if len(every) > 1 else f"there is {every[0] if every else 'none'}"


def toml_key(key: str) -> str:
    """A key as TOML writes it, quoted where it must be."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml_value(key)
