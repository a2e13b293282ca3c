"""Axes of a sweep made definite: each a row of levels, each level a handful of overrides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from heliorack.case.sweep import Axis, Named, Sweep, Zip
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, Problem
from heliorack.casefile.paths import split

type Overrides = tuple[tuple[str, Any], ...]
type Change = Callable[[Document], Overrides]  # overrides that depend on what the case says


@dataclass(frozen=True, slots=True)
class Level:
    """One step of an axis."""

    label: str  #: for names of points
    overrides: Overrides
    values: dict[str, Any]  #: by column of the table
    place: str = ""  #: where it stands in the file, for messages
    changes: tuple[Change, ...] = ()  #: after the overrides of all axes


@dataclass(frozen=True, slots=True)
class Line:
    """One axis with all its levels."""

    place: str  #: where it stands in the file
    levels: tuple[Level, ...]
    aliases: dict[str, str] = field(default_factory=dict)  #: column by the name that constraints use
    paths: tuple[str, ...] = ()  #: keys of the case that it alone varies


def lines(sweep: Sweep, problems: list[Problem]) -> list[Line]:
    """Lists, named sets and zipped axes of a sweep, in the order of the file; what is wrong with them goes to `problems`."""
    found = [_axis(axis, f"sweep.axes.{i}", problems) for i, axis in enumerate(sweep.axes)]
    found += [_named(named, f"sweep.named.{named.name}", problems) for named in sweep.named]
    found += [_zipped(together, f"sweep.zip.{i}", problems) for i, together in enumerate(sweep.zip)]
    return found


def axis_values(axis: Axis) -> tuple[Any, ...]:
    """Values of an axis, numbers to 12 figures so that they print as they were meant.

    >>> from heliorack.case.sweep import Steps
    >>> axis_values(Axis(path="a", linspace=Steps(first=0.1, last=0.3, count=3)))
    (0.1, 0.2, 0.3)
    """
    if axis.values is not None:
        return axis.values
    if axis.linspace is not None:
        return _rounded(np.linspace(axis.linspace.first, axis.linspace.last, axis.linspace.count))
    assert axis.logspace is not None
    return _rounded(np.geomspace(axis.logspace.first, axis.logspace.last, axis.logspace.count))


def _rounded(values: Any) -> tuple[float, ...] | tuple[int, ...]:
    found = tuple(float(f"{value:.12g}") for value in values)
    return tuple(map(int, found)) if all(value.is_integer() for value in found) else found


def alias(path: str, name: str | None, problems: list[Problem], place: str) -> str:
    """What constraints call a path: its name, or its last step."""
    if name is not None:
        return name
    try:
        return split(path)[-1]
    except ValueError:
        problems.append(Problem(f"{place}.path", path, "not a path; write names with dots between them, as in parts.radiator.width_mm"))
        return path


def label(value: object) -> str:
    """A value as part of a name: letters, digits, dots and signs.

    >>> label(550), label(0.25), label("z93"), label([1, 2])
    ('550', '0.25', 'z93', '1-2')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    return re.sub(r"[^A-Za-z0-9.+]+", "-", str(value)).strip("-.") or "empty"


def finite(value: object) -> bool:
    """Whether every number of a value is finite, those inside of lists and tables too.

    >>> finite([1, "nan", {"a": 2.5}]), finite([1, {"a": float("nan")}]), finite(float("inf"))
    (True, False, False)
    """
    match value:
        case float():
            return isfinite(value)
        case dict():
            return all(map(finite, value.values()))
        case list() | tuple():
            return all(map(finite, value))
    return True


def _axis(axis: Axis, place: str, problems: list[Problem]) -> Line:
    called = alias(axis.path, axis.name, problems, place)
    values = axis_values(axis)
    odd = sorted({str(value) for value in values if not finite(value)})
    if odd:
        problems.append(Problem(f"{place}.values", NOTHING, f"{', '.join(odd)} stands among the values; every number must be finite"))
    twice = sorted({label(v) for i, v in enumerate(values) if v in values[:i]})
    if twice:
        problems.append(Problem(f"{place}.values", NOTHING, f"{', '.join(twice)} stands twice; every point would be run again"))
    column = axis.name or axis.path
    levels = tuple(Level(f"{label(called)}-{label(value)}", ((axis.path, value),), {column: value}, f"{place}.path") for value in values)
    return Line(place, levels, {called: column}, (axis.path,))


def _named(named: Named, place: str, problems: list[Problem]) -> Line:
    for name, table in named.sets.items():
        odd = [path for path, value in table.items() if not finite(value)]
        problems += [Problem(f"{place}.sets.{name}", NOTHING, f"{path} must be finite") for path in odd]
    levels = tuple(
        Level(f"{label(named.name)}-{label(name)}", tuple(table.items()), {named.name: name}, f"{place}.sets.{name}")
        for name, table in named.sets.items()
    )
    return Line(place, levels, {named.name: named.name})


def _zipped(together: Zip, place: str, problems: list[Problem]) -> Line:
    members = [_axis(axis, f"{place}.axes.{i}", problems) for i, axis in enumerate(together.axes)]
    counts = [len(member.levels) for member in members]
    if len(set(counts)) > 1:
        said = ", ".join(f"{axis.path} {count}" for axis, count in zip(together.axes, counts, strict=True))
        problems.append(Problem(f"{place}.axes", NOTHING, f"step together and must be of equal length; there are {said}"))
    levels = tuple(
        Level(
            "_".join(level.label for level in row),
            tuple(item for level in row for item in level.overrides),
            {column: value for level in row for column, value in level.values.items()},
            f"{place}.axes",
        )
        for row in zip(*(member.levels for member in members), strict=False)
    )
    paths = tuple(path for member in members for path in member.paths)
    return Line(place, levels, {name: column for member in members for name, column in member.aliases.items()}, paths)
