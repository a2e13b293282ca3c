"""What a sweep is about: the file, its base case, the table [sweep], and the load cases of every point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heliorack.case.case import Case, examine, with_usual_kinds
from heliorack.case.sweep import Sweep, SweepFile
from heliorack.casefile import paths
from heliorack.casefile.decode import Reading, read
from heliorack.casefile.document import Document
from heliorack.casefile.document import read as read_document
from heliorack.casefile.errors import NOTHING, CaseError, Problem, suggest, there_are
from heliorack.casefile.paths import Override


@dataclass(frozen=True, slots=True)
class Source:
    """A sweep as it was asked for."""

    file: str  #: that was named
    case_file: str  #: that holds the base case
    document: Document  #: of the base case, without [sweep]
    sweep: Sweep
    given: tuple[Override, ...]  #: of the command line
    cases: tuple[str | None, ...]  #: load cases of every point
    examined: Case  #: the first of them

    def resolved(self, case: str | None, further: Sequence[Override] = ()) -> Document:
        """Document of a load case after the overrides of the command line, and further ones."""
        table: Any = self.document.get("cases")
        own = [Override(path, value) for path, value in table[case].items()] if case is not None else []
        return paths.overridden(self.document, [*own, *self.given, *further])


def read_source(path: Path, overrides: Sequence[str] = (), cases: Sequence[str] = (), sweep: Sweep | None = None) -> Source:
    """Read a case file with [sweep], or a file that names its case.

    Raises:
        CaseError: every fault of the table, or of the base case and its load cases.
        OSError: a file cannot be read.
    """
    whole = read_document(path)
    case_file, base = path, whole
    if "case" in whole and sweep is None:
        found: SweepFile = _table(SweepFile, whole, path)
        case_file, sweep = path.parent / found.case, found.sweep
        if not case_file.is_file():
            said = f"no such file in {path.parent}; paths start at the folder of this file"
            raise CaseError(str(path), [Problem("case", found.case, said)])
        base = read_document(case_file)
    if sweep is None:
        if "sweep" not in whole:
            said = 'missing; say what to vary, for example [[sweep.axes]] with path = "orbit.altitude_km" and values = [500, 600]'
            raise CaseError(str(path), [Problem("sweep", NOTHING, said)])
        sweep = _table(_Only, {"sweep": whole["sweep"]}, path).sweep
    document = with_usual_kinds({key: value for key, value in base.items() if key != "sweep"})
    names = _cases(document, tuple(cases) or sweep.cases, str(path))
    looked = {name: examine(document, str(case_file), overrides, name) for name in names}
    first = looked[names[0]]
    case = first.base if names[0] is None else first.cases[names[0]]
    if not case.parts:
        said = "missing; points of a sweep are meshed. For nodes and loops alone take heliorack size, or run with --set"
        raise CaseError(str(case_file), [Problem("parts", NOTHING, said)])
    return Source(str(path), str(case_file), document, sweep, tuple(map(paths.override, overrides)), names, case)


@dataclass(frozen=True, slots=True)
class _Only:
    """A document of which only [sweep] is looked at."""

    sweep: Sweep = field(default_factory=Sweep)


def _table(cls: type, document: Document, path: Path) -> Any:
    """A document as its dataclass.

    Raises:
        CaseError: every fault of it.
    """
    reading: Reading = read(cls, document)
    if reading.faults:
        found = [Problem(paths.spell(document, fault.location), fault.found, fault.message) for fault in reading.faults]
        raise CaseError(str(path), found)
    return reading.built[()]


def _cases(document: Document, asked: Sequence[str], path: str) -> tuple[str | None, ...]:
    """Load cases of every point: those that are asked for, or the first; None in a file without any.

    Raises:
        CaseError: a load case that is not there.
    """
    table = document.get("cases")
    known = list(table) if isinstance(table, dict) else []
    problems = []
    for name in asked:
        if name not in known:
            meant = suggest(name, known)
            there = there_are(known) if known else "the case has no [cases.*]"
            problems.append(Problem("sweep.cases", name, f"no such load case; {f'did you mean {meant}?' if meant else there}"))
    if problems:
        raise CaseError(path, problems)
    return tuple(dict.fromkeys(asked)) or tuple(known[:1]) or (None,)
