"""Paths into a case file: one addressing for messages, `--set`, load cases, sweep axes and `size` ranges.

An item of an array of tables is addressed by its `name` (`parts.radiator.width_mm`), or by its position from 0 where it has none
(`limits.0.max_degC`). A key that holds a dot stands in quotes (`cases.cold."environment.preset"`).
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heliorack.casefile.bounds import excesses
from heliorack.casefile.errors import NOTHING, Problem, suggest, there_are, toml_key

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")  # what parts, loads and load cases may be called


@dataclass(frozen=True, slots=True)
class Override:
    """One `path=value`."""

    path: str
    value: object


class PathError(ValueError):
    """A path that leads nowhere; `problem` says where it ends."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.place()}   {problem.message}")


def override(text: str) -> Override:
    """Read `path=value`: the value is TOML, and a bare word that is not TOML is a string.

    >>> override("orbit.altitude_km=600"), override("environment.preset=cold")
    (Override(path='orbit.altitude_km', value=600), Override(path='environment.preset', value='cold'))
    """
    path, equals, value = text.partition("=")
    path, value = path.strip(), value.strip()
    if not equals or not path:
        raise PathError(Problem(text, NOTHING, "must read path=value, for example orbit.altitude_km=600"))
    if not value:
        raise PathError(Problem(path, NOTHING, f'no value after "="; an empty text is {path}=\'""\''))
    return Override(path, _value(path, value))


class ExcessError(ValueError):
    """TOML that cannot be read for its depth or the length of a number; says which."""


def loads(text: str) -> dict[str, Any]:
    """TOML as `tomllib` reads it.

    Raises:
        tomllib.TOMLDecodeError: it is not TOML.
        ExcessError: it nests too deeply, or holds a number of thousands of digits.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ExcessError("nests tables or arrays too deeply; no table of a case goes deeper than a few") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # Python converts no more than 4300 digits; a date of the year 0 has words of its own
        said = "holds a whole number of thousands of digits; expected one of at most 18" if "digits" in str(error) else str(error)
        raise ExcessError(said) from None


def _value(path: str, text: str) -> object:
    try:
        found = loads(f"value = {text}")
    except ExcessError as error:
        raise PathError(Problem(path, NOTHING, str(error))) from None
    except tomllib.TOMLDecodeError:
        found = {}
    for _, shown, said in excesses(found):
        raise PathError(Problem(path, shown, said))
    if list(found) == ["value"]:
        return found["value"]
    if text[0] in "[{\"'" or "\n" in text:
        raise PathError(Problem(path, NOTHING, f"not a TOML value: {text}"))
    return text


def split(path: str) -> list[str]:
    """Steps of a path.

    >>> split('cases.cold."environment.preset"')
    ['cases', 'cold', 'environment.preset']
    """
    if not re.fullmatch(r'(?:"[^"]*"|[^".]+)(?:\.(?:"[^"]*"|[^".]+))*', path):
        raise PathError(Problem(path, NOTHING, "not a path; write names with dots between them, as in parts.radiator.width_mm"))
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^".]+)', path)]


def spell(document: Mapping[str, object], location: Sequence[str | int]) -> str:
    """Path of a location (keys and positions) of a document."""
    steps: list[str] = []
    here: Any = document
    for step in location:
        steps.append(_spell_step(here, step))
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
    return ".".join(steps)


def _spell_step(here: Any, step: str | int) -> str:
    if isinstance(step, str):
        return toml_key(step)
    name = _name(here[step]) if isinstance(here, list) and step < len(here) else None
    single = name is not None and [_name(item) for item in here].count(name) == 1
    return name if name is not None and single else str(step)


def _name(item: object) -> str | None:
    """Name that an item of an array may be addressed by."""
    name = item.get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) and NAME.fullmatch(name) else None


def locate(document: Mapping[str, object], path: str) -> tuple[str | int, ...]:
    """Location of a path; keys that a table does not have yet are allowed, items that an array does not have are not.

    Raises:
        PathError: with a suggestion.
    """
    location: list[str | int] = []
    here: Any = document
    for step in split(path):
        if isinstance(here, list):
            at = _position(document, here, location, step)
            location.append(at)
            here = here[at]
        elif isinstance(here, Mapping):
            location.append(step)
            here = here.get(step, {})
        else:
            raise PathError(Problem(path, NOTHING, f"{spell(document, location)} is not a table and has nothing inside"))
    return tuple(location)


def _position(document: Mapping[str, object], items: list[Any], location: list[str | int], step: str) -> int:
    names = [_name(item) for item in items]
    if step in names:
        if names.count(step) > 1:
            where = spell(document, location)
            raise PathError(Problem(f"{where}.{step}", NOTHING, f"{names.count(step)} items of {where} have this name"))
        return names.index(step)
    if step.isdecimal() and int(step) < len(items):
        return int(step)
    raise PathError(Problem(f"{spell(document, location)}.{step}", NOTHING, _no_item(items, [n for n in names if n], step)))


def _no_item(items: list[Any], names: list[str], step: str) -> str:
    meant = suggest(step, names)
    if meant:
        return f"no such item; did you mean {meant}?"
    if names:
        return f"no such item; {there_are(names)}"
    if len(items) == 1:
        return "no such item; the array has one, at position 0"
    return f"no such item; positions go from 0 to {len(items) - 1}" if items else "no such item; the array is empty"


def overridden(document: Mapping[str, object], overrides: Sequence[Override]) -> dict[str, object]:
    """Copy of a document with values put in their places; a table replaces the table, missing tables are made.

    Raises:
        PathError: for the first path that leads nowhere.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for item in overrides:
        *way, last = locate(changed, item.path)
        here: Any = changed
        for step in way:
            here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
        here[last] = copy.deepcopy(item.value)
    return changed
