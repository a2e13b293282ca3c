"""Keys of a sweep that are varied twice, whatever their spelling, and keys of load cases that are not run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heliorack.case.sweep import Sweep
from heliorack.casefile.document import Document
from heliorack.casefile.errors import NOTHING, Problem, listed
from heliorack.casefile.paths import PathError, locate, split
from heliorack.sweep.design.source import Source

type Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Varied:
    """One key that an axis, a named set or a sample changes."""

    place: str  #: where it stands in the file
    owner: str  #: keys of one owner stand beside one another on purpose
    path: str
    apply: str = "value"  #: a factor or a difference works on what another axis sets


def clashes(source: Source) -> list[Problem]:
    """Keys that two axes vary, or one that holds the other; and keys of load cases that this sweep does not run."""
    document = source.resolved(source.cases[0])
    problems: list[Problem] = []
    seen: list[tuple[_Varied, str | None, Location]] = []
    for varied in _all(source.sweep):
        problems += _idle(source, varied)
        try:
            case, location = _located(document, varied.path)
        except (PathError, ValueError):
            continue  # said of its level
        if location[-1] == "name" and len(location) > 2:
            said = (
                f"{varied.path} changes how other tables speak of it, and nothing else; vary what it is, or sets of keys in [[sweep.named]]"
            )
            problems.append(Problem(varied.place, NOTHING, said))
        first = next((old for old, own, at in seen if _meet(old, varied, at, location) and (own == case or None in (own, case))), None)
        if first is not None:
            there = "" if first.path == varied.path else f" ({first.path} there)"
            said = f"{varied.path} is varied by {first.place} already; every key has one axis{there}"
            if (varied.place, said) not in [(known.path, known.message) for known in problems]:
                problems.append(Problem(varied.place, NOTHING, said))
        seen.append((varied, case, location))
    return problems


def _all(sweep: Sweep) -> Iterator[_Varied]:
    """Every key that is varied, in the order of the lines."""
    for i, axis in enumerate(sweep.axes):
        yield _Varied(f"sweep.axes.{i}", f"axes.{i}", axis.path)
    for named in sweep.named:
        for name, table in named.sets.items():
            for path in table:
                yield _Varied(f"sweep.named.{named.name}.sets.{name}", f"named.{named.name}", path)
    for i, together in enumerate(sweep.zip):
        for j, axis in enumerate(together.axes):
            yield _Varied(f"sweep.zip.{i}.axes.{j}", f"zip.{i}.{j}", axis.path)
    for i, over in enumerate(sweep.samples.over if sweep.samples else ()):
        for j, path in enumerate((over.path,) if isinstance(over.path, str) else over.path):
            yield _Varied(f"sweep.samples.over.{i}", f"samples.{i}.{j}", path, over.apply)


def _located(document: Document, path: str) -> tuple[str | None, Location]:
    """Load case that a key belongs to, None for all of them, and its place in the case."""
    steps = split(path)
    if steps[0] == "cases" and len(steps) == 3:
        return steps[1], locate(document, steps[2])
    return None, locate(document, path)


def _meet(old: _Varied, new: _Varied, at: Location, location: Location) -> bool:
    """Whether two keys are one, or one holds the other; sets of one name take turns, and only keys of the same set can be one."""
    if old.owner == new.owner:
        return old.place == new.place and at == location
    if old.apply != new.apply:
        return False
    if old.apply != "value":
        return at == location
    least = min(len(at), len(location))
    return at[:least] == location[:least]


def _idle(source: Source, varied: _Varied) -> list[Problem]:
    """The complaint about a key that no point looks at: of [sweep], of [size], or of a load case that is not among those of the sweep."""
    try:
        steps = split(varied.path)
    except ValueError:
        return []
    if steps[0] in ("sweep", "size"):
        said = f"{varied.path} changes nothing: a point of a sweep is a run, which does not look at [{steps[0]}]"
        return [Problem(varied.place, NOTHING, said)]
    if steps[0] != "cases" or len(steps) < 3 or steps[1] in source.cases:
        return []
    run = [case for case in source.cases if case is not None]
    there = f"load cases of this sweep: {listed(run, 'and')}" if run else "the case has no load cases"
    said = f"{varied.path} changes nothing; {there}. Add {steps[1]} to sweep.cases, or vary {'.'.join(steps[2:])} in all of them"
    return [Problem(varied.place, NOTHING, said)]
