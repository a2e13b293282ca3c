"""Runs a case file: one case or all its load cases, each into a run folder that is whole or absent."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heliorack.case.case import Case, Examined, examine
from heliorack.casefile.document import read as read_document
from heliorack.results import writer
from heliorack.run.common_sizes import ROUNDS, Demand, common, groups, grown
from heliorack.run.crew import LOADED_TO_SHOW, Crew, processes
from heliorack.run.load_case import Flight, LoadCase, Setting
from heliorack.run.mission_moment import refuse
from heliorack.runfolder import folder, summary
from heliorack.runfolder.envelope import Envelope, envelope, together
from heliorack.runfolder.manifest import SetManifest
from heliorack.runfolder.summary import Summary
from heliorack.runtime.parallel import on_first, world
from heliorack.runtime.progress import Say, silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """One or several solved load cases and the folder they went to."""

    folder: Path
    summaries: dict[str, Summary]  #: by load case; a single run is under its own name or ""
    reused: tuple[str, ...] = ()  #: keys of meshes that were not made anew
    pictures: bool = True  #: were drawn

    @property
    def holds(self) -> bool | None:
        """Whether every load case keeps all its limits; None where none fails and one has no limits to keep."""
        return together(summary.holds for summary in self.summaries.values())

    @property
    def envelope(self) -> Envelope:
        """Extremes over all of them, and the load case that each comes from."""
        return envelope(self.summaries)

    def json(self) -> dict[str, Any]:
        """The summary of a single run, or the envelope of several."""
        if len(self.summaries) == 1 and "" in self.summaries:
            return self.summaries[""].json() | {"folder": str(self.folder)}
        return self.envelope.json() | {"folder": str(self.folder)}

    def summary(self) -> str:
        """The closing table of `heliorack run`."""
        from heliorack.report.terminal import words

        return words(self.summaries, self.folder, self.pictures)


def run_cases(
    path: Path,
    overrides: Sequence[str],
    case_name: str | None,
    target: Path,
    force: bool = False,
    resume: bool = False,
    say: Say = silent,
    comm: Any = None,
    ways: "Ways | None" = None,
) -> Outcome:
    """Solve a case file into `target`: its base table, one load case, or all of them with their envelope.

    Load cases are solved side by side; pictures and reports are made once the answer stands.

    Raises:
        CaseError, GeometryError, FolderError: the question was malformed; nothing was written to `target`, and of the refused load case
            nothing stays in `target`.partial.
        SolveError: a solve failed; what was done so far stays in `target`.partial.
    """
    comm = world() if comm is None else comm
    examined = examine(read_document(path), str(path), overrides, case_name)
    return solve_into(target, path, examined, case_name, force, resume, say, comm, ways or Ways())


@dataclass(frozen=True, slots=True)
class Ways:
    """How a run goes about it; no answer depends on it."""

    pictures: bool = True
    processes: int | None = None  #: for load cases side by side; by cores and free memory where it is not given


def solve_into(
    target: Path, path: Path, examined: Examined, case_name: str | None, force: bool, resume: bool, say: Say, comm: Any, ways: Ways
) -> Outcome:
    """Solve a case whose document is examined; arguments and errors are those of `run_cases`."""
    alone = case_name is not None or not examined.cases
    asked = {"": examined.cases[case_name] if case_name else examined.base} if alone else examined.cases
    for case in asked.values():
        refuse(case)
    count = processes(ways.processes, len(asked), comm)
    work = on_first(comm, lambda: folder.prepare(target, force, resume))
    if not alone:
        on_first(comm, lambda: folder.clear(work, keep=asked))
    with Crew(Setting(work, path, alone), asked, say, comm, count) as crew:
        flights = _flown(crew, asked, alone, LOADED_TO_SHOW if ways.pictures else "")
        crew.each(LoadCase.show, {name: (flight.summary.power, flight.about, ways.pictures) for name, flight in flights.items()}, "any")
    made = {flight.about.mesh_key for flight in flights.values() if flight.about.mesh != "cached"}
    reused = dict.fromkeys(key for flight in flights.values() if (key := flight.about.mesh_key) and key not in made)
    outcome = Outcome(target, {name: flight.summary for name, flight in flights.items()}, tuple(reused), ways.pictures)
    on_first(comm, lambda: _close(outcome, work, path, flights))
    return outcome


def _flown(crew: Crew, asked: Mapping[str, Case], alone: bool, idle: str) -> dict[str, Flight]:
    """All load cases: those that share hardware of which something is sized with the sizes that satisfy them, the others as they are.

    Args:
        idle: As of `Crew.each`, once they fly.
    """
    flights: dict[str, Flight] = {}
    shared = groups(asked, alone)
    names = [name for members in shared for name in members]
    demands: dict[str, Demand] = crew.each(LoadCase.ask, {name: () for name in asked if name in names}, "even")
    sizes = {name: common((demands[each] for each in members), len(members) == 1) for members in shared for name in members}
    due = {name: (sizes.get(name), demands.get(name, Demand())) for name in asked}
    for _ in range(ROUNDS):
        found: dict[str, Flight] = crew.each(LoadCase.fly, due, idle=idle)
        flights |= found
        demands |= {name: demands[name].with_own(flight.asked) for name, flight in found.items() if flight.new and name in demands}
        due = {}
        for members in shared:
            larger = grown(sizes[next(iter(members))], [demands[name] for name in members])
            if larger is not None:
                sizes |= dict.fromkeys(members, larger)
                due |= {name: (larger, demands[name]) for name in members}
        if not due:
            break
    return {name: flights[name] for name in asked}


def _close(outcome: Outcome, work: Path, source: Path, flights: Mapping[str, Flight]) -> None:
    """Of several load cases the envelope, pictures of the hottest and report; then the manifest, and the folder's name."""
    from heliorack.report import html

    if "" in flights:
        folder.finish(outcome.folder, flights[""].about)
        return
    whole, manifests = outcome.envelope, {name: flight.about for name, flight in flights.items()}
    folder.write_json(work / summary.NAME, whole.json())
    for name in ("picture.png", "orbit.png"):
        if (work / whole.hottest_case / name).exists():
            shutil.copyfile(work / whole.hottest_case / name, work / name)
    about = SetManifest(
        kind="load cases",
        case_file=source.name,
        load_cases=tuple(outcome.summaries),
        hashes={name: figure for each in manifests.values() for name, figure in each.hashes.items()},
        versions=writer.versions(),
        seeds={},
        mesh={name: each.mesh for name, each in manifests.items()},
        solver={name: each.solver for name, each in manifests.items()},
        wall_time_s=sum(each.wall_time_s for each in manifests.values()),
        holds=outcome.holds,
        first_law={name: each.first_law for name, each in manifests.items()},
    )
    html.write_envelope(work, about)
    folder.finish(outcome.folder, about)
