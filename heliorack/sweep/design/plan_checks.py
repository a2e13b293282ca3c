"""Faults of a sweep that show before any point is made: names that are taken twice, keys that the case does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from heliorack.case.case import Case, examine
from heliorack.casefile.errors import NOTHING, CaseError, Problem, toml_value
from heliorack.casefile.messages import worded
from heliorack.casefile.paths import Override, PathError, overridden, spell, split
from heliorack.casefile.validation import faults
from heliorack.sweep.design.axes import Level, Line, Overrides
from heliorack.sweep.design.source import Source
from heliorack.sweep.design.values import ChangeError, library_entry

RESERVED = ("point", "state", "case", "true", "false")  #: columns of every sweep's table, and words of constraints
TAKEN = "means something else in tables and constraints; choose another name"
LASTING = re.compile(r"unknown |no such |matches no |stands for no |\d+ items of ")  #: faults that no other axis can mend


def names(found: Sequence[Line], problems: list[Problem]) -> dict[str, str]:
    """Column by every name that constraints may use: aliases that are clear, and the columns themselves."""
    columns: dict[str, str] = {}
    for line in found:
        for column in line.levels[0].values if line.levels else ():
            if column in columns and not any(said.message.startswith(f"{column} is varied by ") for said in problems):
                known = f"{column} is varied by {columns[column]} already; every key has one axis"
                twice = f"the name {column} is used twice; give every axis a name of its own"
                problems.append(Problem(line.place, NOTHING, twice if line.paths and column not in line.paths else known))
            if column in RESERVED:
                problems.append(Problem(line.place, NOTHING, f"{column} {TAKEN}"))
            columns.setdefault(column, line.place)
    meant: dict[str, list[tuple[str, str]]] = {}
    for line in found:
        for name, column in line.aliases.items():
            meant.setdefault(name, []).append((column, line.place))
    for name, owners in meant.items():
        given = [place for column, place in owners if column == name or split(column)[-1] != name]
        if len(owners) > 1 and given and len({column for column, _ in owners}) > 1:
            problems.append(Problem(given[-1], NOTHING, f"the name {name} is used twice; give every axis a name of its own"))
        if name in RESERVED and owners[0][0] != name:
            problems.append(Problem(owners[0][1], NOTHING, f"{name} {TAKEN}"))
    clear = {name: owners[0][0] for name, owners in meant.items() if len(owners) == 1}
    return {column: column for column in columns} | clear


def telling(line: Line) -> list[Level]:
    """Levels that stand for the others: of numbers the first, least and greatest of every column, else all."""
    columns = list(line.levels[0].values) if line.levels else []
    rows = [[level.values[column] for column in columns] for level in line.levels]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for row in rows for value in row):
        return list(line.levels)
    chosen = {0}
    for column in range(len(columns)):
        order = sorted(range(len(rows)), key=lambda i: rows[i][column])
        chosen |= {order[0], order[-1]}
    return [line.levels[i] for i in sorted(chosen)]


def complete(document: dict[str, object], overrides: Overrides) -> Overrides:
    """Overrides with those before them that write out entries of the library."""
    found: list[tuple[str, Any]] = []
    for path, value in overrides:
        for entry in library_entry(document, path):
            if entry[0] not in [known for known, _ in found]:
                found.append(entry)
        found.append((path, value))
    return tuple(found)


def level_faults(source: Source, found: Sequence[Line]) -> list[Problem]:
    """Faults of single levels that no other axis can mend, each once."""
    problems: dict[tuple[str, str, str], Problem] = {}
    for line in found:
        stand_in = telling(line)
        looked = {id(level) for level in stand_in}
        for level in line.levels if line.place != "sweep.samples" else stand_in:
            for problem in _faults_of(source, level, whole=id(level) in looked):
                said = f"{problem.place()}: {problem.message}"
                problems.setdefault((level.place, problem.path, problem.message), Problem(level.place, NOTHING, said))
    return list(problems.values())


def _faults_of(source: Source, level: Level, whole: bool) -> Iterator[Problem]:
    """Faults of the case at, around or within the keys that a level sets; those of the case as a `whole` take longer to find."""
    case = source.cases[0]
    try:
        document = source.resolved(case)
        overrides = complete(document, level.overrides)
        document = overridden(document, [Override(*item) for item in overrides])
        for change in level.changes:
            more = change(document)
            document = overridden(document, [Override(*item) for item in more])
            overrides += more
    except (PathError, ChangeError) as error:
        yield error.problem
        return
    paths = [path for path, _ in overrides]
    for fault in worded(Case, document, faults(Case, document)):
        where = spell(document, fault.location)
        if _about(where, paths):
            yield Problem(where, fault.found, fault.message)
    if not whole:
        return
    texts = [*(f"{o.path}={toml_value(o.value)}" for o in source.given), *(f"{path}={toml_value(value)}" for path, value in overrides)]
    try:
        examine(source.document, source.case_file, texts, case)
    except CaseError as error:
        for problem in error.problems:
            if _about(problem.path, paths) and LASTING.match(problem.message):
                yield problem


def _about(where: str, paths: Sequence[str]) -> bool:
    """Whether a fault stands at one of the paths, or within or around it."""
    return any(where == path or where.startswith(f"{path}.") or path.startswith(f"{where}.") for path in paths)
