"""One load case of a run: what it asks of the hardware, its flight with what all share, and what its folder shows."""

import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.bodies import Bodies
from heliorack.results import network_writer, writer
from heliorack.results.heat.exchange import heat_flows
from heliorack.results.heat.of_network import network_flows
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.run import common_sizes
from heliorack.run.common_sizes import Demand, First, flies, flying, is_flown, judged
from heliorack.run.failures import STOPS, failure
from heliorack.run.life_of_mission import with_life
from heliorack.run.network_power import carried
from heliorack.run.network_run import is_network, simulate_network
from heliorack.run.restart import checkpoint, of_mesh, stored_state, stored_swing
from heliorack.run.simulate import nobody, simulate
from heliorack.run.storage import reserve, storing, write_arrays
from heliorack.run.worst_date import at_worst_dates
from heliorack.runfolder import folder, manifest, summary
from heliorack.runfolder.heat_flows import HeatFlows
from heliorack.runfolder.manifest import RunManifest
from heliorack.runfolder.summary import PowerFigures, Summary
from heliorack.runtime.parallel import on_first
from heliorack.runtime.progress import Say
from power.system.result import Asked
from power.system.settings import Sizes
from thermal.solve.midway import Midway
from thermal.solve.probes import History

Floats = NDArray[np.float64]

CHECKPOINT = "checkpoint.npz"
NEIGHBOUR = "neighbour.npz"  #: state of a like case, left by a sweep for a point that starts from it


@dataclass(frozen=True, slots=True)
class Setting:
    """What the load cases of one run have in common."""

    work: Path  #: folder of the run while it goes on
    source: Path  #: case file
    alone: bool  #: a single case, whose folder is that of the run


@dataclass(frozen=True, slots=True)
class Flight:
    """A load case as its folder has it."""

    summary: Summary
    about: RunManifest
    new: bool  #: flown now; it lay there otherwise
    asked: Asked | None  #: what a new one asks of array and battery


@dataclass(slots=True, eq=False)
class LoadCase:
    """A load case on its way, with its first solve. All calls are collective."""

    setting: Setting
    name: str
    case: Case
    bodies: Bodies
    say: Say
    comm: Any
    _first: First | None = field(init=False, default=None)
    _network: NetworkResult | None = field(init=False, default=None)  #: what is solved of nodes and loops alone, whatever the sizes

    @property
    def place(self) -> Path:
        """Its folder."""
        return self.setting.work / self.name

    def ask(self) -> Demand:
        """What it asks for, by first solves that size for it alone; of an interrupted run as it lies there."""
        if is_network(self.case):
            found = self._solve(self.case)
            assert isinstance(found, NetworkResult)
            self._network = found
            return Demand(None if found.power is None else found.power.asked)
        known = on_first(self.comm, partial(_known_demand, self.place, self.case))
        if known is not None:
            return known
        self._first, demand = common_sizes.sized(self.case, partial(self._at_another_date, self.case, unmarched=not self.setting.alone))
        on_first(self.comm, partial(common_sizes.write, self.place, demand))
        return demand

    def fly(self, sizes: Sizes | None, asked: Demand) -> Flight:
        """The flight with common sizes: as it lies in its folder, or as the first solve has it, or solved."""
        case, first, self._first = flying(self.case, sizes), self._first, None
        kept = on_first(self.comm, partial(_finished, self.place, case))
        if kept is not None:
            return Flight(*kept, False, None)
        result = self._flown(case, first) if self._network is None else _carried(self._network, case)
        if isinstance(result, NetworkResult):
            result = with_life(result, self.comm, self.bodies, self.say)
        else:
            judged_there = at_worst_dates(judged(result, asked), partial(self._at_another_date, case))
            result = with_life(judged_there, self.comm, self.bodies, self.say)
        flows = heat_flows(result) if isinstance(result, Result) else network_flows(result)
        about = on_first(self.comm, partial(_write, result, flows, self.place, self.setting.source))
        if not self.setting.alone:
            on_first(self.comm, partial(folder.write_json, self.place / manifest.NAME, manifest.content(about)))
        return Flight(result.summary(), about, True, None if result.power is None else result.power.asked)

    def _flown(self, case: Case, first: First | None) -> Result | NetworkResult:
        """Solved with common sizes, or the first solve where that has them."""
        if first is not None and is_flown(first, case):
            return common_sizes.as_flown(first.result, case)
        return self._solve(case, None if first is None or case.run.kind != "periodic" else first.result.solution.history)

    def show(self, power: PowerFigures | None, about: RunManifest, pictures: bool) -> None:
        """Its pictures, its sizes in its case file, and its report, from what its folder holds; an interrupted run does not go on from it.

        Args:
            power: Figures of its flight.
            about: Manifest of its flight.
            pictures: Whether they are wanted.
        """
        on_first(self.comm, lambda: self._show(power, about, pictures))

    def _show(self, power: PowerFigures | None, about: RunManifest, pictures: bool) -> None:
        from heliorack.report import html

        if pictures:
            self._draw()
        writer.answer(self.case, self.place, power)
        html.write(self.place, about)
        (self.place / common_sizes.NAME).unlink(missing_ok=True)

    def _draw(self) -> None:
        from heliorack.visuals import network_plots, view

        self.say("pictures", 1.0)
        (network_plots if is_network(self.case) else view).pictures(self.place)

    def _at_another_date(self, case: Case, there: Case, before: Result | None, unmarched: bool = False) -> Result:
        """The load case solved for array and battery at one of its dates, in its own folder.

        Args:
            unmarched: As of `heliorack.run.simulate.simulate`, where a flight will follow that is marched.
        """
        if before is not None:
            _keep_state(self.comm, self.place, before)
        like = None if before is None else before.solution.history
        result = self._solve(case, like, put_off=True, there=there, unmarched=unmarched)
        assert isinstance(result, Result)  # a network has no array or battery to be sized
        _keep_state(self.comm, self.place, result)
        return result

    def _solve(
        self, case: Case, like: History | None = None, put_off: bool = False, there: Case | None = None, unmarched: bool = False
    ) -> Result | NetworkResult:
        """Solve it, or `there` what it is at another date."""
        try:
            on_first(self.comm, partial(_open, self.place, case))
            return self._solved(case, there, like, put_off, unmarched)
        except ValueError:  # a question that is refused
            if self.comm.rank == 0:
                _discard(self.place, self.setting.work)
            raise

    def _say_there(self, words: str, fraction: float) -> None:
        self.say(f"worst date, {words}", fraction)

    def _solved(self, case: Case, there: Case | None, like: History | None, put_off: bool, unmarched: bool) -> Result | NetworkResult:
        """Solve, of nodes and loops on the first rank alone; what a library of the solver has to say comes as a SolveError.

        Raises:
            InputError: the state to start from is not of this mesh.
            SolveError: the solve failed.
        """
        comm, place, say = self.comm, self.place, self.say if there is None or there is case else self._say_there
        case = there or case

        def keep(state: Floats | Midway) -> None:
            on_first(comm, lambda: _store(place, state))  # a full disk is then an error of every rank

        if is_network(case):
            return on_first(comm, lambda: simulate_network(case, say))
        try:
            start = on_first(comm, lambda: _checkpoint(place))
            if start is not None or case.run.state is not None:
                points = self.bodies.of(case, comm, say).assembly.points
                start = on_first(comm, lambda: stored_state(case, points)) if start is None else of_mesh(start, len(points))
            swing = self._swing(case) if start is None else None
            return simulate(case, comm, say, self.bodies, start, keep, swing, nobody, None if start is None else like, put_off, unmarched)
        except STOPS as error:
            failed = failure(error, place)
            if failed is None:
                raise
            raise failed from error

    def _swing(self, case: Case) -> Any:
        """Of a like case that a sweep left in the folder of a periodic run."""
        if case.run.kind != "periodic" or not on_first(self.comm, lambda: (self.place / NEIGHBOUR).exists()):
            return None
        points = self.bodies.of(case, self.comm, self.say).assembly.points
        return on_first(self.comm, lambda: stored_swing(self.place / NEIGHBOUR, points))


def _carried(found: NetworkResult, case: Case) -> NetworkResult:
    """Nodes and loops with the common sizes, on which what they draw does not depend."""
    return replace(found, case=case, power=carried(case, found.built, found.record))


def _known_demand(place: Path, case: Case) -> Demand | None:
    """What a load case of an interrupted run asked for, where it is the very same case."""
    return common_sizes.read(place) if _same(place, case) else None


def _keep_state(comm: Any, place: Path, result: Result) -> None:
    """Keep the periodic state of a first solve, from which the next solve of the load case starts."""
    if result.case.run.kind == "periodic" and result.solution.runaway is None:
        on_first(comm, lambda: _store(place, result.solution.end))


def _store(place: Path, state: Floats | Midway) -> None:
    """Keep what a run goes on from.

    Raises:
        StorageError: the disk refused; what was kept before stays.
    """
    if isinstance(state, Midway):
        what, arrays = f"the checkpoint at {state.time:.6g} s", state.arrays()
    else:
        what, arrays = "the checkpoint at the start of an orbit", {"temperature_K": state}
    with storing(place, what):
        write_arrays(place / CHECKPOINT, arrays)


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


def _checkpoint(place: Path) -> Floats | Midway | None:
    """What an interrupted run has kept: temperatures, or a moment of a transient; none where there is none."""
    return checkpoint(place / CHECKPOINT) if (place / CHECKPOINT).exists() else None


def _finished(place: Path, case: Case) -> tuple[Summary, RunManifest] | None:
    """Summary and manifest of a load case that an interrupted run has completed for the same resolved case."""
    if not (place / manifest.NAME).exists() or not _same(place, case):
        return None
    found, figures = manifest.read(place), summary.read(place)
    return (figures, found) if isinstance(found, RunManifest) and flies(figures, case) else None


def _size(result: Result) -> int:
    """About what a result takes on disk [bytes]: fields as seen of edge_node (168 kB a moment), and 2 MB of all else."""
    history, mesh = result.solution.history, result.body.assembly
    return 2_000_000 + len(history.fields) * (24 * len(mesh.points) + 12 * len(mesh.cells))


def _write(result: Result | NetworkResult, flows: HeatFlows | None, place: Path, source: Path) -> RunManifest:
    """All figures that a result leaves in its folder; the manifest, which makes the folder whole, is the answer."""
    with storing(place, "the results"):
        if isinstance(result, NetworkResult):
            assert flows is not None  # a network cannot run away
            network_writer.save(result, place, flows)
            about = network_writer.manifest(result, source)
        else:
            reserve(place, _size(result))
            writer.save(result, place, flows)
            about = writer.manifest(result, source)
    for name in (CHECKPOINT, NEIGHBOUR):
        (place / name).unlink(missing_ok=True)
    return about
