"""Runs a case file: one case or all its load cases, each into a run folder that is whole or absent."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case, Examined, examine
from heliorack.casefile.document import read as read_document
from heliorack.model.bodies import Bodies
from heliorack.results import network_writer, writer
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.run import common_sizes
from heliorack.run.common_sizes import ROUNDS, Demand, First, common, flies, flying, groups, grown, is_flown, judged
from heliorack.run.failures import STOPS, failure
from heliorack.run.life_of_mission import with_life
from heliorack.run.mission_moment import refuse
from heliorack.run.network_power import carried
from heliorack.run.network_run import is_network, simulate_network
from heliorack.run.restart import stored_state, stored_swing
from heliorack.run.simulate import meshed_bodies, nobody, simulate
from heliorack.run.worst_date import at_worst_dates
from heliorack.runfolder import folder, manifest, summary
from heliorack.runfolder.envelope import Envelope, envelope, together
from heliorack.runfolder.manifest import RunManifest, SetManifest
from heliorack.runfolder.summary import Summary
from heliorack.runtime.parallel import on_first, world
from heliorack.runtime.progress import Say, silent
from power.system.system import PowerResult
from thermal.solve.probes import History

Floats = NDArray[np.float64]

CHECKPOINT = "checkpoint.npz"
NEIGHBOUR = "neighbour.npz"  #: state of a like case, left by a sweep for a point that starts from it


@dataclass(frozen=True, slots=True)
class Outcome:
    """One or several solved load cases and the folder they went to."""

    folder: Path
    summaries: dict[str, Summary]  #: by load case; a single run is under its own name or ""
    reused: tuple[str, ...] = ()  #: keys of meshes that were not made anew

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

        return words(self.summaries, self.folder)


def run_cases(
    path: Path,
    overrides: Sequence[str],
    case_name: str | None,
    target: Path,
    force: bool = False,
    resume: bool = False,
    say: Say = silent,
    comm: Any = None,
) -> Outcome:
    """Solve a case file into `target`: its base table, one load case, or all of them with their envelope.

    Raises:
        CaseError, GeometryError, FolderError: the question was malformed; nothing was written to `target`, and of the refused load case
            nothing stays in `target`.partial.
        SolveError: a solve failed; what was done so far stays in `target`.partial.
    """
    comm = world() if comm is None else comm
    return solve_into(target, path, examine(read_document(path), str(path), overrides, case_name), case_name, force, resume, say, comm)


def solve_into(
    target: Path, path: Path, examined: Examined, case_name: str | None, force: bool, resume: bool, say: Say, comm: Any
) -> Outcome:
    """Solve a case whose document is examined; arguments and errors are those of `run_cases`."""
    alone = case_name is not None or not examined.cases
    asked = {"": examined.cases[case_name] if case_name else examined.base} if alone else examined.cases
    for case in asked.values():
        refuse(case)
    work = on_first(comm, lambda: folder.prepare(target, force, resume))
    if not alone:
        on_first(comm, lambda: folder.clear(work, keep=asked))
    run = _Run(work, path, meshed_bodies(), say, comm, alone)
    summaries: dict[str, Summary] = {}
    manifests: dict[str, RunManifest] = {}
    for members in groups(asked, alone):
        size = run.of_networks if all(is_network(case) for case in members.values()) else run.one_hardware
        size(members, summaries, manifests)
    for name, case in asked.items():
        if name not in summaries:
            summaries[name], manifests[name], _ = run.solved(name, case, None, Demand())
    summaries, manifests = {name: summaries[name] for name in asked}, {name: manifests[name] for name in asked}
    reused = dict.fromkeys(found.mesh_key for found in manifests.values() if found.mesh == "cached")
    outcome = Outcome(target, summaries, tuple(reused))
    on_first(comm, lambda: _close(outcome, work, path, manifests, asked))
    return outcome


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """What the load cases of one run have in common."""

    work: Path
    source: Path
    bodies: Bodies
    say: Say
    comm: Any
    alone: bool  #: a single case, whose folder is that of the run

    def one_hardware(self, cases: Mapping[str, Case], summaries: dict[str, Summary], manifests: dict[str, RunManifest]) -> None:
        """Size the hardware that load cases share, and fly all of them with it; larger where a flight asks for more."""
        first, demands = self.sized(cases)
        sizes = common(demands.values(), len(cases) == 1)
        for _ in range(ROUNDS):
            for name, case in cases.items():
                flown = flying(case, sizes)
                summaries[name], manifests[name], found = self.solved(name, flown, first.pop(name, None), demands[name])
                demands[name] = demands[name] if found is None else demands[name].with_own(found.asked)
            larger = grown(sizes, demands.values())
            if larger is None:
                return
            sizes = larger

    def of_networks(self, cases: Mapping[str, Case], summaries: dict[str, Summary], manifests: dict[str, RunManifest]) -> None:
        """The same of nodes and loops alone: what they draw does not depend on sizes, so that each is solved once."""
        results = {name: self._solve(name, case) for name, case in cases.items()}
        sizes = common((Demand(None if one.power is None else one.power.asked) for one in results.values()), len(cases) == 1)
        for name, case in cases.items():
            result, flown = results[name], flying(case, sizes)
            assert isinstance(result, NetworkResult)
            result = replace(result, case=flown, power=carried(flown, result.built, result.record))
            summaries[name], manifests[name] = result.summary(), self._written(name, result)

    def sized(self, cases: Mapping[str, Case]) -> tuple[dict[str, First], dict[str, Demand]]:
        """First solves, each sized for itself, and what each asks for; of an interrupted run the latter alone."""
        firsts, demands = {}, {}
        for name, case in cases.items():
            place = self.work / name
            known = on_first(self.comm, partial(_known_demand, place, case))
            if known is None:
                firsts[name], demands[name] = common_sizes.sized(case, partial(self._at_another_date, name, case))
                on_first(self.comm, partial(common_sizes.write, place, demands[name]))
            else:
                demands[name] = known
        return firsts, demands

    def _at_another_date(self, name: str, case: Case, there: Case, before: Result | None) -> Result:
        """A load case solved for array and battery at one of its dates, in its own folder."""
        if before is not None:
            _keep_state(self.comm, self.work / name, before)
        like = None if before is None else before.solution.history
        result = self._solve(name, case, like, put_off=True, there=there)
        assert isinstance(result, Result)  # a network has no array or battery to be sized
        _keep_state(self.comm, self.work / name, result)
        return result

    def solved(self, name: str, case: Case, first: First | None, asked: Demand) -> tuple[Summary, RunManifest, PowerResult | None]:
        """A load case in its folder: as it lies there, or as a first solve has it, or solved; the last is its power side, if new."""
        place = self.work / name
        kept = on_first(self.comm, partial(_finished, place, case))
        if kept is not None:
            return *kept, None
        like = None if first is None or case.run.kind != "periodic" else first.result.solution.history
        ready = first is not None and is_flown(first, case)
        result = common_sizes.as_flown(first.result, case) if first is not None and ready else self._solve(name, case, like)
        if isinstance(result, Result):
            result = at_worst_dates(judged(result, asked), partial(self._at_another_date, name, case))
            result = with_life(result, self.comm, self.bodies, _prefixed(self.say, name))
        return result.summary(), self._written(name, result), result.power

    def _written(self, name: str, result: Result | NetworkResult) -> RunManifest:
        """A result in its folder."""
        place = self.work / name
        about = on_first(self.comm, partial(_write, result, place, self.source))
        if not self.alone:
            on_first(self.comm, partial(folder.write_json, place / manifest.NAME, manifest.content(about)))
        return about

    def _solve(
        self, name: str, case: Case, like: History | None = None, put_off: bool = False, there: Case | None = None
    ) -> Result | NetworkResult:
        """Solve a load case, or `there` what it is at another date."""
        place = self.work / name
        try:
            on_first(self.comm, partial(_open, place, case))
            return _solve(there or case, self.comm, self.bodies, place, _prefixed(self.say, name), like, put_off)
        except ValueError:  # a question that is refused
            if self.comm.rank == 0:
                _discard(place, self.work)
            raise


def _known_demand(place: Path, case: Case) -> Demand | None:
    """What a load case of an interrupted run asked for, where it is the very same case."""
    return common_sizes.read(place) if _same(place, case) else None


def _keep_state(comm: Any, place: Path, result: Result) -> None:
    """Keep the periodic state of a first solve, from which the next solve of the load case starts."""
    if result.case.run.kind == "periodic" and result.solution.runaway is None:
        on_first(comm, lambda: np.savez(place / CHECKPOINT, temperature_K=result.solution.end))


def _open(place: Path, case: Case) -> None:
    """Make the folder of a load case ready; of an interrupted run of the very same case its checkpoint stays."""
    place.mkdir(parents=True, exist_ok=True)
    folder.clear(place, keep=[CHECKPOINT, NEIGHBOUR, common_sizes.NAME] if _same(place, case) else [])
    writer.begin(case, place)


def _discard(place: Path, work: Path) -> None:
    """Remove what a refused load case has begun, and the working folder where nothing else is in it; a checkpoint is worth keeping."""
    if not (place / CHECKPOINT).exists():
        shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):  # gone already, or other load cases lie there
        work.rmdir()


def _same(place: Path, case: Case) -> bool:
    """Whether a folder was begun for this very case."""
    begun = place / writer.CASE
    return begun.exists() and begun.read_text(encoding="utf-8") == writer.resolved(case)


def _solve(case: Case, comm: Any, bodies: Bodies, place: Path, say: Say, like: History | None, put_off: bool) -> Result | NetworkResult:
    """Solve one case, of nodes and loops on the first rank alone; what a library of the solver has to say comes as a SolveError.

    Raises:
        InputError: the state to start from is not of this mesh.
        SolveError: the solve failed.
    """

    def keep(T: Floats) -> None:
        on_first(comm, lambda: write(T))  # a full disk is then an error of every rank

    def write(T: Floats) -> None:
        temporary = place / f"new_{CHECKPOINT}"
        np.savez(temporary, temperature_K=T)
        temporary.rename(place / CHECKPOINT)

    if is_network(case):
        return on_first(comm, lambda: simulate_network(case, say))
    try:
        start = on_first(comm, lambda: _checkpoint(place))
        if start is not None or case.run.state is not None:
            points = bodies.of(case, comm, say).assembly.points
            start = on_first(comm, lambda: stored_state(case, points)) if start is None else start if len(start) == len(points) else None
        swing = _swing(case, comm, bodies, place, say) if start is None else None
        return simulate(case, comm, say, bodies, start, keep, swing, nobody, None if start is None else like, put_off)
    except STOPS as error:
        failed = failure(error, place)
        if failed is None:
            raise
        raise failed from error


def _checkpoint(place: Path) -> Floats | None:
    """Temperatures of an interrupted run's checkpoint, or none."""
    checkpoint = place / CHECKPOINT
    return np.asarray(np.load(checkpoint)["temperature_K"]) if checkpoint.exists() else None


def _swing(case: Case, comm: Any, bodies: Bodies, place: Path, say: Say) -> Any:
    """Of a like case that a sweep left in the folder of a periodic run."""
    if case.run.kind != "periodic" or not on_first(comm, lambda: (place / NEIGHBOUR).exists()):
        return None
    points = bodies.of(case, comm, say).assembly.points
    return on_first(comm, lambda: stored_swing(place / NEIGHBOUR, points))


def _finished(place: Path, case: Case) -> tuple[Summary, RunManifest] | None:
    """Summary and manifest of a load case that an interrupted run has completed for the same resolved case."""
    if not (place / manifest.NAME).exists() or not _same(place, case):
        return None
    found, figures = manifest.read(place), summary.read(place)
    return (figures, found) if isinstance(found, RunManifest) and flies(figures, case) else None


def _write(result: Result | NetworkResult, place: Path, source: Path) -> RunManifest:
    """Everything that a result leaves in its folder but the report, and the manifest, which is the answer: what makes the folder whole."""
    from heliorack.visuals import network_plots, view

    if isinstance(result, NetworkResult):
        network_writer.save(result, place)
        network_plots.pictures(place)
        about = network_writer.manifest(result, source)
    else:
        writer.save(result, place)
        view.pictures(place)
        about = writer.manifest(result, source)
    for name in (CHECKPOINT, NEIGHBOUR):
        (place / name).unlink(missing_ok=True)
    return about


def _close(outcome: Outcome, work: Path, source: Path, manifests: dict[str, RunManifest], cases: Mapping[str, Case]) -> None:
    """Cases with their sizes and reports; of several the envelope and pictures of the hottest; the manifest; and the folder's name."""
    from heliorack.report import html

    for name, case in cases.items():
        writer.answer(case, work / name, outcome.summaries[name].power)
        html.write(work / name, manifests[name])
        (work / name / common_sizes.NAME).unlink(missing_ok=True)
    if "" in manifests:
        folder.finish(outcome.folder, manifests[""])
        return
    whole = outcome.envelope
    folder.write_json(work / summary.NAME, whole.json())
    for name in ("picture.png", "orbit.png"):
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


def _prefixed(say: Say, name: str) -> Say:
    return (lambda words, fraction: say(f"{name}: {words}", fraction)) if name else say
