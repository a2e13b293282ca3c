"""The table [size] held against the case: which keys vary, from where to where, and every fault of it in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, log
from typing import Any

import numpy as np

from heliorack.case.case import Case, examine
from heliorack.case.size import Size, Vary
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, CaseError, Problem, listed, shown, suggest, toml_key, toml_value
from heliorack.casefile.paths import Override, PathError, overridden
from heliorack.casefile.patterns import matching, unmatched
from heliorack.studies.sizing.linear_model import Floats
from heliorack.sweep.design.values import value_at
from meshes.parts import all_solids

ARRAY, PACK = "power.array_area_m2", "power.pack_capacity_Wh"
SIZES = (ARRAY, PACK)  #: keys that a run sizes by itself: a range bounds what it finds
MOST = 64  #: combinations of choices
SET_BY_IT = ("mesh", "solver", "size", "sweep", "cases", "limits", "margins")  #: tables that say how a case is solved or judged
EXAMPLE = '[size.vary] with, for example, "parts.radiator.length_mm" = { from = 300, to = 900 }'


@dataclass(frozen=True, slots=True)
class Variable:
    """A number of the case between two others."""

    paths: tuple[str, ...]  #: the key, and those that take the same value
    low: float  #: in the unit of the file
    high: float
    start: float

    @property
    def path(self) -> str:
        """The key."""
        return self.paths[0]

    @property
    def logarithmic(self) -> bool:
        """Whether steps of it are ratios: all that cannot be 0."""
        return self.low > 0

    def inner(self, value: float) -> float:
        """What the search calls a value: its logarithm, or its place in the range."""
        return log(value) if self.logarithmic else (value - self.low) / (self.high - self.low)

    def by_logarithm(self, inner: float) -> float:
        """Derivative of the natural logarithm of a value by what the search calls it; not a number at 0."""
        value = self.exact(inner)
        return 1.0 if self.logarithmic else (self.high - self.low) / value if value else float("nan")

    def exact(self, inner: float) -> float:
        """A value of the search in the unit of the file."""
        found = exp(inner) if self.logarithmic else self.low + inner * (self.high - self.low)
        return min(max(found, self.low), self.high)

    def value(self, inner: float) -> float:
        """The same to seven figures, so that it prints as it was solved."""
        return float(f"{self.exact(inner):.7g}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A key that has one of several values."""

    paths: tuple[str, ...]
    values: tuple[object, ...]  #: the case's own first


@dataclass(frozen=True, slots=True)
class Space:
    """Everything that a search may change."""

    variables: tuple[Variable, ...]
    choices: tuple[Choice, ...]
    array: tuple[float, float]  #: m2, least and greatest that is sized
    pack: tuple[float, float]  #: Wh
    held: frozenset[int] = frozenset()  #: variables that stay at their start, since no other value of them can be built

    @property
    def start(self) -> Floats:
        """The case's own design, (n,), as the search calls it."""
        return np.array([v.inner(v.start) for v in self.variables])

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Ends of the ranges, (n,) each; of a variable that is held its start."""
        ends = [(v.start, v.start) if i in self.held else (v.low, v.high) for i, v in enumerate(self.variables)]
        low, high = ([v.inner(end[side]) for v, end in zip(self.variables, ends, strict=True)] for side in (0, 1))
        return np.array(low), np.array(high)

    def combinations(self) -> tuple[tuple[object, ...], ...]:
        """Every combination of choices, the case's own first."""
        return tuple(product(*(choice.values for choice in self.choices)))

    def overrides(self, x: Floats, combination: Sequence[object], exact: bool = False) -> tuple[tuple[str, Any], ...]:
        """A design as changes of the case; `exact` to the last bit, for differences, else as it is written."""
        values = [v.exact(float(u)) if exact else v.value(float(u)) for v, u in zip(self.variables, x, strict=True)]
        numbers = [(path, value) for v, value in zip(self.variables, values, strict=True) for path in v.paths]
        chosen = [(path, value) for c, value in zip(self.choices, combination, strict=True) for path in c.paths]
        return (*chosen, *numbers)


def arguments(overrides: Sequence[tuple[str, Any]]) -> list[str]:
    """Changes of a case as `--set` takes them."""
    return [f"{path}={toml_value(value)}" for path, value in overrides]


def space_of(case: Case, document: Document, given: Sequence[str] = ()) -> Space:
    """What [size] of a case lets vary.

    Args:
        case: The base of the file.
        document: The file, with what `given` (--set) changes in it.
        given: Overrides of the user, which come last.

    Raises:
        CaseError: every fault of the table.
    """
    size = case.size or Size()
    problems: list[Problem] = []
    variables: list[Variable] = []
    choices: list[Choice] = []
    sizes: dict[str, tuple[float, float]] = {}
    seen: dict[str, str] = {}
    for key, vary in size.vary.items():
        place = f"size.vary.{toml_key(key)}"
        faults = list(_path_faults(document, key, vary, place, seen))
        if not faults and key in SIZES:
            faults = list(_size_faults(case, document, key, vary, place))
            if not faults:
                sizes[key] = (vary.first or 0.0, vary.last or np.inf)
        elif not faults:
            made, faults = _made(document, key, vary, place)
            if isinstance(made, Variable):
                variables.append(made)
            elif made is not None:
                choices.append(made)
        problems += faults
    problems += _margin_faults(case, size)
    problems += _per_faults(size, variables, choices)
    space = Space(tuple(variables), tuple(choices), sizes.get(ARRAY, (0.0, np.inf)), sizes.get(PACK, (0.0, np.inf)))
    if not problems:
        problems += _beyond(case.source, document, space, given)
    if problems:
        raise CaseError(case.source, problems)
    return space


def refuse_nothing(case: Case, space: Space) -> None:
    """Refuse a case of which nothing varies, or nothing is limited.

    Raises:
        CaseError: with what to write.
    """
    power = case.power
    sized = power is not None and (power.sizes_array or power.sizes_pack)
    if not space.variables and not space.choices and not sized:
        said = f"says no key that may vary, and array and battery are given: there is nothing to size; write {EXAMPLE}"
        raise CaseError(case.source, [Problem("size.vary", NOTHING, said)])
    if not case.limits and not sized:
        raise CaseError(case.source, [Problem("limits", NOTHING, "missing; a size is the least that keeps them")])


def related(path: str, other: str) -> bool:
    """Whether two paths of a case are the same, or one lies within the other."""
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _path_faults(document: Document, key: str, vary: Vary, place: str, seen: dict[str, str]) -> Iterator[Problem]:
    for path in (key, *vary.also):
        where = place if path == key else f"{place}.also"
        if path.partition(".")[0] in SET_BY_IT:
            yield Problem(where, NOTHING, f"{path} says how the case is solved or judged; only what is flown may vary")
            continue
        try:
            overridden(document, [Override(path, 0)])
        except PathError as error:
            yield Problem(where, NOTHING, f"{error.problem.place()}: {error.problem.message}")
            continue
        cases = document.get("cases")
        for name, table in cases.items() if isinstance(cases, dict) else ():
            if isinstance(table, dict) and any(related(path, own) for own in table):
                yield Problem(where, NOTHING, f"cases.{name} says {path} too; what varies has one value in all load cases")
        if path in seen:
            yield Problem(where, NOTHING, f"{path} is varied by {seen[path]} already")
        seen.setdefault(path, place)


def _size_faults(case: Case, document: Document, key: str, vary: Vary, place: str) -> Iterator[Problem]:
    given = value_at(document, key)
    if case.power is None:
        yield Problem(place, NOTHING, "the case has no [power]; there is no such size")
    elif given is not None:
        yield Problem(place, NOTHING, f"is given ({shown(given)}) and ranged at once; take {key} out of [power], a run then sizes it")
    elif not (case.power.sizes_array if key == ARRAY else case.power.sizes_pack):
        said = "power.wings" if key == ARRAY else "power.electrics"
        yield Problem(place, NOTHING, f"{said} gives this size; vary the number of strings there")
    elif vary.choices is not None:
        yield Problem(place, NOTHING, "a size that a run finds takes from and to, which bound it")
    elif vary.first is not None and vary.first < 0:
        yield Problem(f"{place}.from", vary.first, "must be at least 0")


def _made(document: Document, key: str, vary: Vary, place: str) -> tuple[Variable | Choice | None, list[Problem]]:
    own = [value_at(document, path) for path in (key, *vary.also)]
    if own[0] is None:
        said = f"the case says nothing at {key}; give the value to start from"
        return None, [Problem(place, NOTHING, said)]
    for path, value in zip(vary.also, own[1:], strict=True):
        if value != own[0]:
            said = f"{path} is {shown(value)} and {key} {shown(own[0])}; keys that vary together start together"
            return None, [Problem(f"{place}.also", NOTHING, said)]
    paths = (key, *vary.also)
    if vary.choices is not None:
        if own[0] not in vary.choices:
            said = f"the case's own value, {shown(own[0])}, is not among them; the start must be one of the choices"
            return None, [Problem(f"{place}.choices", list(vary.choices), said)]
        return Choice(paths, (own[0], *(value for value in vary.choices if value != own[0]))), []
    if isinstance(own[0], bool) or not isinstance(own[0], int | float):
        return None, [Problem(place, NOTHING, f"the case says {shown(own[0])}, which is no number; give choices")]
    if _is_whole(document, key, own[0]):
        return None, [Problem(place, NOTHING, f"{key} is a whole number; give choices, such as [{own[0]}, {own[0] + 1}]")]
    assert vary.first is not None
    assert vary.last is not None
    if not vary.first <= own[0] <= vary.last:
        said = f"from {vary.first:g} to {vary.last:g} leaves out the case's own value, {own[0]:g}; the start must lie in the range"
        return None, [Problem(place, NOTHING, said)]
    return Variable(paths, float(vary.first), float(vary.last), float(own[0])), []


def _per_faults(size: Size, variables: Sequence[Variable], choices: Sequence[Choice]) -> Iterator[Problem]:
    """What keys count is of numbers that vary; those of a network, which has no mass, say it."""
    texts = {c.paths[0] for c in choices if any(isinstance(one, bool) or not isinstance(one, int | float) for one in c.values)}
    for key, value in size.per.items():
        if key not in size.vary:
            said = f"does not vary; size.vary has {listed(size.vary, 'and')}" if size.vary else "does not vary; size.vary is empty"
            yield Problem(f"size.per.{toml_key(key)}", value, said)
        elif key in texts:
            yield Problem(f"size.per.{toml_key(key)}", value, "is of a key that is no number in every choice")
    for v in variables:
        if v.path.startswith("network.") and v.path not in size.per:
            said = "missing; nodes and loops have no mass: say what a unit of it counts in what is made least (0 where only the bus does)"
            yield Problem(f"size.per.{toml_key(v.path)}", NOTHING, said)


def _is_whole(document: Document, key: str, own: float) -> bool:
    """Whether a key takes whole numbers only."""
    from heliorack.casefile.validation import faults

    half = overridden(document, [Override(key, float(own) + 0.5)])
    return isinstance(own, int) and any(error["type"].startswith("int") for error in faults(Case, half))


def _margin_faults(case: Case, size: Size) -> Iterator[Problem]:
    limited = [limit.on for limit in case.limits]
    try:
        names = [solid.name for solid in all_solids(case.parts)] if case.parts else []
        names += [node.name for node in case.network.nodes] if case.network is not None else []
    except ValueError:
        return  # has words of its own
    for pattern in size.margins:
        if pattern in limited or any(matching(pattern, matching(limit.on, names)) for limit in case.limits):
            continue
        said = unmatched(pattern, names, "part")
        if matching(pattern, names):
            said = f"has no limit; [[limits]] stand on {listed(dict.fromkeys(limited), 'and')}" if limited else "there are no [[limits]]"
        elif meant := suggest(pattern, limited):
            said = f"no limit is on it; did you mean {meant}?"
        yield Problem(f"size.margins.{toml_key(pattern)}", size.margins[pattern], said)


def _beyond(source: str, document: Document, space: Space, given: Sequence[str]) -> Iterator[Problem]:
    """Faults of the case at the ends of every range, and with every choice."""
    if len(space.combinations()) > MOST:
        counts = " x ".join(str(len(choice.values)) for choice in space.choices)
        said = f"{counts} choices are {len(space.combinations())} combinations, more than {MOST}; leave some out"
        yield Problem("size.vary", NOTHING, said)
        return
    for choice in space.choices:
        for value in choice.values[1:]:
            for problem in _faults(source, document, [(path, value) for path in choice.paths], given):
                said = f"{shown(value)}: {_said(problem, choice.paths)}"
                yield Problem(f"size.vary.{toml_key(choice.paths[0])}.choices", NOTHING, said)
    for variable in space.variables:
        for end, value in (("from", variable.low), ("to", variable.high)):
            for problem in _faults(source, document, [(path, value) for path in variable.paths], given):
                if any(problem.path == path for path in variable.paths):  # others may be mended by another variable
                    yield Problem(f"size.vary.{toml_key(variable.path)}.{end}", value, _said(problem, variable.paths))


def _said(problem: Problem, paths: Sequence[str]) -> str:
    return problem.message if problem.path in paths else f"{problem.place()}: {problem.message}"


def _faults(source: str, document: Document, overrides: Sequence[tuple[str, Any]], given: Sequence[str]) -> tuple[Problem, ...]:
    base = {key: value for key, value in document.items() if key not in ("cases", "size")}
    try:
        examine(base, source, [*given, *arguments(overrides)])
    except CaseError as error:
        return error.problems
    return ()
