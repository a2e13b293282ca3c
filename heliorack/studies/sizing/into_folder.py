"""`heliorack size`: from a case file to the design, its figures and the run that confirms it, in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from heliorack.case.case import Case, Examined, examine
from heliorack.case.size import Size
from heliorack.casefile.document import Document
from heliorack.casefile.document import read as read_document
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.paths import Override, overridden, override
from heliorack.results import writer
from heliorack.run.run_cases import Outcome, run_cases
from heliorack.runfolder import folder
from heliorack.runfolder.answer_folder import DESIGN, SIZING
from heliorack.runtime.parallel import on_first, world
from heliorack.runtime.progress import Say, silent
from heliorack.studies.sizing.confirmation import judged_in
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.figures import SizeFigures, content, figures
from heliorack.studies.sizing.full_mesh import corrected
from heliorack.studies.sizing.least_design import Sized, least_design, priced
from heliorack.studies.sizing.losses import add_losses, refuse
from heliorack.studies.sizing.objective import WH
from heliorack.studies.sizing.solves import SideBySide
from heliorack.studies.sizing.variables import ARRAY, PACK, refuse_nothing, related, space_of
from heliorack.studies.sizing.words import one_line, words
from heliorack.studies.sizing.worst_cases import WorstCases, worst_cases

RUN = "run"
SPARE = 1.002  #: by which sizes that are given are larger than the sizing mesh asked for
MARGIN = "margin"  #: of --for, besides keys of the case


@dataclass(frozen=True, slots=True)
class SizeOutcome:
    """A sizing and where it lies."""

    figures: SizeFigures
    folder: Path | None

    @property
    def holds(self) -> bool:
        """Whether there is a design, and the run on the full mesh (where there was one) confirms it."""
        return self.figures.feasible and self.figures.confirmed is not False

    def words(self) -> str:
        """Closing lines."""
        return words(self.figures, self.folder, DESIGN)

    def json(self) -> dict[str, Any]:
        """For programs."""
        return content(self.figures) | ({} if self.folder is None else {"folder": str(self.folder)})


def size_case(
    path: Path,
    target: Path | None,
    overrides: Sequence[str] = (),
    case_name: str | None = None,
    confirm: bool = True,
    force: bool = False,
    say: Say = silent,
    comm: Any = None,
    survive: str = "",
) -> SizeOutcome:
    """Find the least design of a case file and write it, with its figures and the run that confirms it, into `target`.

    Args:
        path: Case file.
        target: Folder of the design; None leaves none, and nothing is confirmed.
        overrides: `path=value` each, as --set.
        case_name: Size for this load case alone.
        confirm: Run the design on its own mesh. Where that run misses what the search kept, the search goes on once with what it says.
        force: Replace an earlier sizing at `target`.
        say: Told about progress.
        comm: MPI communicator; the whole world by default.
        survive: What may be lost, one at a time, names with commas between them (`heliorack.studies.sizing.losses`).

    Raises:
        CaseError, GeometryError, FolderError: the question was malformed.
        SolveError: the solve of the case's own design failed.
    """
    comm = world() if comm is None else comm
    designs, examined, worst = prepared(path, overrides, case_name, say, comm)
    if target is not None:
        on_first(comm, lambda: SIZING.take(target, force))
    with designs.side_by_side:
        return _sized(designs, examined.base, worst.said, target, case_name, confirm, survive)


def _sized(
    designs: Designs, base: Case, said: tuple[str, ...], target: Path | None, case_name: str | None, confirm: bool, survive: str
) -> SizeOutcome:
    """The search, its figures, and the run that confirms it; arguments as of `size_case`."""
    began, comm, say = perf_counter(), designs.comm, designs.say
    if survive:
        refuse(survive, base, designs.document)
        said += add_losses(designs, survive, base)
    sized = least_design(designs)
    found = figures(designs, sized, base.title, said, perf_counter() - began)
    if target is None:
        return SizeOutcome(found, None)
    for last in (False, True):
        on_first(comm, partial(write_design, designs, sized, target))
        if not (confirm and sized.feasible):
            break
        outcome = run_cases(target / DESIGN, (), case_name, target / RUN, True, False, say, comm)
        found = replace(found, confirmed=outcome.holds is not False, confirming="" if outcome.holds is not False else _missed(outcome))
        if found.confirmed or last:
            break
        sized = _again(designs, sized, outcome)
        found = figures(designs, sized, base.title, said, perf_counter() - began)
    on_first(comm, lambda: folder.write_json(target / SIZING.figures, content(found)))
    return SizeOutcome(found, target)


def answer(path: Path, asked: str, overrides: Sequence[str], case_name: str | None, say: Say, comm: Any = None) -> tuple[SizeFigures, str]:
    """The answer to --for, in figures and in one line.

    Args:
        path: Case file.
        asked: "margin=10" for a margin of 10 K at every limit, or "path=value" of the case.
        overrides, case_name, say, comm: As of `size_case`.

    Raises:
        CaseError: it is neither; else as `size_case`.
    """
    key, equals, value = asked.partition("=")
    more = [asked]
    if key.strip() == MARGIN:
        try:
            kelvin = float(value)
        except ValueError:
            said = "must read margin=KELVIN, such as margin=10"
            raise CaseError("--for", [Problem(MARGIN, value if equals else NOTHING, said)]) from None
        more = [f"size.margin_K={kelvin!r}", "size.margins={}"]
        asked = f"a margin of {kelvin:g} K"
    found = size_case(path, None, [*overrides, *more], case_name, False, False, say, comm).figures
    return found, one_line(found, asked)


def prepared(path: Path, overrides: Sequence[str], case_name: str | None, say: Say, comm: Any) -> tuple[Designs, Examined, WorstCases]:
    """What evaluates designs of a case file, the file as it was examined, and the worst cases that it lacks.

    Raises:
        CaseError: the question was malformed.
    """
    document, source = read_document(path), str(path)
    examined = examine(document, source, overrides, case_name)
    given = _with_overrides(document, [override(text) for text in overrides])
    base = examined.base
    space = space_of(base, given)
    refuse_nothing(base, space)
    worst = WorstCases({}, (f"sized for the load case {case_name} alone",)) if case_name else worst_cases(base, examined.cases)
    size = base.size or Size()
    designs = Designs(worst.into(given), source, (), case_name, space, size, base.limits, comm, say, SideBySide(comm), most=size.solves)
    return designs, examined, worst


def _with_overrides(document: Document, overrides: Sequence[Override]) -> Document:
    """The document with overrides of the user, which come last in load cases too, so that the design says all of them."""
    given = overridden(document, overrides)
    given.pop("sweep", None)
    cases = given.get("cases")
    if not isinstance(cases, dict):
        return given
    last = {item.path: item.value for item in overrides if item.path.partition(".")[0] not in ("cases", "size")}
    tables = {
        name: {**table, **{path: value for path, value in last.items() if any(related(path, own) for own in table)}}
        for name, table in cases.items()
    }
    return {**given, "cases": tables}


def design_document(designs: Designs, sized: Sized) -> Document:
    """The case file of a design: the case with its values.

    Sizes that a run finds stay open, unless a range holds them larger; where something may be lost they are given, since a load case with
    a loss would size for itself.
    """
    changed = [Override(*item) for item in designs.space.overrides(sized.best.found.x, sized.best.combination)]
    sizes = sized.sizes
    for key, value, least in ((ARRAY, sizes.area, designs.space.array[0]), (PACK, sizes.pack and sizes.pack / WH, designs.space.pack[0])):
        if value and (value <= least or designs.lost):
            changed.append(Override(key, float(f"{max(value * SPARE, least):.7g}") if designs.lost else float(least)))
    document = overridden(designs.document, changed)
    table = document.get("size")
    if isinstance(table, dict) and isinstance(table.get("vary"), dict):
        given = {item.path for item in changed}
        kept = {key: value for key, value in table["vary"].items() if key not in (ARRAY, PACK) or key not in given}
        document = {**document, "size": {**table, "vary": kept}}
    return document


def write_design(designs: Designs, sized: Sized, target: Path) -> Case:
    """Write the design with copies of the files that it names, so that it runs from there."""
    base = examine(design_document(designs, sized), designs.source).base
    writer.begin(base, target)
    (target / writer.CASE).rename(target / DESIGN)
    return base


def _missed(outcome: Outcome) -> str:
    """What a confirming run does not hold."""
    said = []
    for name, summary in outcome.summaries.items():
        said += [f"{name}: {sentence}" if name else sentence for sentence in (*summary.failures, *summary.within_error)]
    return "\n".join(said)


def _again(designs: Designs, sized: Sized, outcome: Outcome) -> Sized:
    """The search gone on with what a run of its design said of every limit."""
    full = judged_in(designs, outcome.summaries)
    designs.most += designs.size.solves // 4
    best = corrected(designs, sized.best, full, sized.judged)
    return priced(designs, best, full, sized.judged, sized.start, sized.said, sized.full_solves)
