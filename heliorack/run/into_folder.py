"""`heliorack.run`: a case solved into a run folder, from Python as on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

from heliorack.case.case import Case, Examined, examine
from heliorack.casefile.document import read
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.run.run_cases import Ways, solve_into
from heliorack.runfolder.finished import FinishedRun, open_run
from heliorack.runtime.parallel import on_first, world
from heliorack.runtime.progress import Say, silent

MADE = ("source", "load_case", "document", "assumptions")  #: fields of a case that are not of its tables


def run(
    case: Case | str | PathLike[str],
    out: str | PathLike[str],
    *,
    overrides: Sequence[str] = (),
    load_case: str | None = None,
    force: bool = False,
    resume: bool = False,
    say: Say = silent,
    comm: Any = None,
    pictures: bool = True,
    processes: int | None = None,
) -> FinishedRun:
    """Solve a case, all its load cases where it has some, into a run folder as `heliorack run` does, and read it back.

    Args:
        case: A case file, or a `Case` of `load`, `load_cases` or `Case.override`.
        out: Folder to be made; while the run goes on it is called `out`.partial.
        overrides: `path=value` each, as --set.
        load_case: Solve this one alone.
        force: A finished run at `out` may be replaced, once the new one is whole.
        resume: Go on with what an interrupted run left.
        say: Told about progress: words and the fraction done.
        comm: MPI communicator; the whole world by default. Every rank gets the answer.
        pictures: Draw them, once the answer stands.
        processes: For load cases side by side; as many as cores and free memory allow by default. The answer is the same.

    Raises:
        CaseError, GeometryError, FolderError: the question was malformed; nothing was written to `out`.
        SolveError: a solve failed; what was done so far stays in `out`.partial.
    """
    comm = world() if comm is None else comm
    if isinstance(case, Case):
        source, examined = Path(case.source), _examined(case, overrides, load_case)
    else:
        source = Path(case)
        examined = examine(read(source), str(source), overrides, load_case)
    solve_into(Path(out), source, examined, load_case, force, resume, say, comm, Ways(pictures, processes))
    return on_first(comm, lambda: open_run(out))


def _examined(case: Case, overrides: Sequence[str], load_case: str | None) -> Examined:
    """A case and its load cases, made from its document: that is what a run folder keeps.

    Raises:
        CaseError: as `load`; or a table of the case is not that of its document.
    """
    whole = examine(case.document, case.source)
    for field in fields(Case):
        if field.name not in MADE and getattr(whole.base, field.name) != getattr(case, field.name):
            said = "was changed in Python and no longer is what the document of the case says; change it by case.override('path=value')"
            raise CaseError(case.source, [Problem(field.name, NOTHING, said)])
    found = examine(case.document, case.source, overrides, load_case) if overrides or load_case else whole
    return Examined(replace(found.base, load_case=case.load_case), found.cases)
