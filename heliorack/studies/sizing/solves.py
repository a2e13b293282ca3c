"""What one solve of a load case says of a design, and solves of several load cases side by side."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from heliorack.case.case import Case
from heliorack.case.margins import Limit, Verdict
from heliorack.case.size import Size
from heliorack.casefile.errors import CaseError
from heliorack.casefile.patterns import matching
from heliorack.model.bodies import Bodies
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.run.crew import LOADED, processes
from heliorack.run.network_run import is_network, simulate_network
from heliorack.run.simulate import meshed_bodies, simulate
from heliorack.runtime.beside import Beside, taken
from heliorack.runtime.parallel import on_first, world
from heliorack.runtime.progress import Say
from heliorack.studies.sizing.adjoint_slopes import Told, slopes
from heliorack.studies.sizing.constraints import PERCENT, Judged, Looked, Row, detail, labels_of, looked, power_rows, unsound
from heliorack.studies.sizing.objective import Weighed, weighed
from heliorack.studies.sizing.search import RefusedError
from meshes.beside import Tell
from meshes.errors import GeometryError
from power.system.settings import Sizes
from thermal.errors import SolveError

if TYPE_CHECKING:
    from heliorack.run.prepare import Prepared

COMPARABLE = 0.5  #: share of the longest eclipse from which what is asked of the battery goes with it


@dataclass(frozen=True, slots=True)
class Judge:
    """What margins are asked of a solved load case."""

    size: Size
    limits: Sequence[Limit]
    lost: frozenset[str]  #: load cases in which something is lost, which keep their limits without the margins of [size]

    def required(self, on: str, at: str) -> float:
        """Margin that a limit on a part or face must keep [K]: the largest that the table gives for it, or else that for all."""
        limits = [limit.on for limit in self.limits if limit.at == at and matching(limit.on, [on])]
        own = [margin for pattern, margin in self.size.margins.items() if pattern in limits or matching(pattern, [on])]
        return max(own, default=self.size.margin)

    def rows(self, name: str, case: Case, result: Result | NetworkResult) -> tuple[dict[Row, Judged], dict[str, float]]:
        """Constraints of one solved load case, of numbered siblings the worst; and the share of its limit that each heat pipe carries."""
        seen = looked(result)
        found: dict[Row, Judged] = {row: judged for row, (judged, _) in self.thermal_rows(name, seen).items()}
        pipes = labels_of([p.name for p in seen.pipes])
        for p in seen.pipes:
            row, room = Row(name, pipes[p.name], p.kind), PERCENT * (1.0 - p.load / p.limit)
            one = Judged(room, room, 0.0, 0.0, p.load, p.limit)
            found[row] = min(one, found.get(row, one), key=lambda judged: judged.slack)
        fluids = {Row(name, loop, side, what): judged for (loop, side, what), judged in seen.fluids.items()}
        return found | fluids | power_rows(name, case, result.power), {p.name: p.load / p.limit for p in seen.pipes}

    def thermal_rows(self, name: str, seen: Looked) -> dict[Row, tuple[Judged, Verdict]]:
        """Limits on temperatures of one solved load case, of numbered siblings the worst, with the verdict that each stands on."""
        found: dict[Row, tuple[Judged, Verdict]] = {}
        labels = labels_of([v.on for v, _ in seen.verdicts])
        for v, error in seen.verdicts:
            row = Row(name, labels[v.on], v.side, detail(v.at, v.level, v.mode))
            required = 0.0 if name in self.lost else self.required(v.on, v.at)
            one = Judged(v.margin - required, v.margin, required, error, v.calculated, v.allowed)
            if row not in found or one.slack < found[row][0].slack:
                found[row] = one, v
        return found


@dataclass(frozen=True, slots=True)
class Question:
    """A load case to be solved."""

    name: str
    case: Case  #: as the file has it
    flying: Case  #: with the sizes that are flown
    coarse: bool  #: on the sizing mesh, whose error nobody asks for
    growth: tuple[float, float]  #: what worst dates of the years ask of the array over its own, and how much longer their eclipse is [s]
    keys: Mapping[str, float] = field(default_factory=dict)  #: by which slopes are wanted of the solve, with their values


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solve says of a design."""

    rows: dict[Row, Judged]
    asked: Sizes
    masses: Weighed
    pipes: dict[str, float]  #: share of its limit that each heat pipe carries
    delivered: float | None  #: share of the compute that was asked for; None where none was
    told: Told = field(default_factory=Told)  #: slopes of limits by keys, as far as they are known without another design


def solved(judge: Judge, question: Question, bodies: Bodies, comm: Any, say: Say) -> Solved:
    """Solve a load case and judge it.

    Raises:
        RefusedError: the design is malformed there, or its solve fails.
    """
    name, case = question.name, question.case
    known = Told()

    def look(ready: Prepared, result: Result) -> None:
        nonlocal known
        judged = {row: v for row, (_, v) in judge.thermal_rows(name, looked(result)).items()}
        known = slopes(ready, result, judged, question.keys)

    try:
        result = _result(question, bodies, comm, say, look if question.keys else None)
    except (SolveError, CaseError, GeometryError) as error:
        raise RefusedError(f"{name}: {error}" if name else str(error)) from error
    why = unsound(result) or (result.solution.runaway or "" if isinstance(result, Result) else "")
    if why:
        raise RefusedError(f"{name}: {why}" if name else why)
    delivered = None
    if isinstance(result, Result):
        result = at_worst_dates(result, question.growth)
        asked_hours = sum(one.asked_hours for one in result.delivered.values())
        if asked_hours > 0:
            delivered = sum(one.device_hours for one in result.delivered.values()) / asked_hours
    rows, pipes = judge.rows(name, case, result)
    return Solved(rows, _asked(case, result), weighed(result), pipes, delivered, known)


def _result(
    question: Question, bodies: Bodies, comm: Any, say: Say, look: Callable[[Prepared, Result], None] | None
) -> Result | NetworkResult:
    """A load case solved; nodes and loops alone on the first rank."""
    if is_network(question.flying):
        return on_first(comm, lambda: simulate_network(question.flying, say))
    return simulate(question.flying, comm, say, bodies, put_off=question.coarse, onlooker=look)


def at_worst_dates(result: Result, growth: tuple[float, float]) -> Result:
    """A solve whose asked sizes are those of the worst dates of the years, in proportion to eclipse and sunlight; a run solves them.

    Args:
        growth: Of the array's area [-], and of the eclipse [s].
    """
    power = result.power
    if power is None or power.asked is None:
        return result
    now = 0.0 if result.env is None else float(np.trapezoid(1.0 - result.env.illumination, result.env.times))
    wider, longest = growth
    longer = 1.0 + longest / now if now > COMPARABLE * (now + longest) else 1.0
    area, pack = power.asked.area, power.asked.pack
    asked = replace(power.asked, area=None if area is None else area * wider, pack=None if pack is None else pack * longer)
    needed = None if power.needed_area is None else power.needed_area * wider
    return replace(result, power=replace(power, asked=asked, needed_area=needed))


def _asked(case: Case, result: Result | NetworkResult) -> Sizes:
    """What a load case asks of what is sized."""
    asked, power = None if result.power is None else result.power.asked, case.power
    if asked is None or power is None:
        return Sizes(None, None)
    return Sizes(asked.area if power.sizes_array else None, asked.pack if power.sizes_pack else None)


_here: list[Bodies] = []  #: of a process beside


def _answered(tell: Tell, judge: Judge, question: Question) -> Solved:
    """In a process beside: one load case."""
    if not _here:
        _here.append(meshed_bodies())
    return solved(judge, question, _here[0], world(), tell)


@dataclass(slots=True)
class SideBySide:
    """Solves load cases of a design, by this process and those beside it."""

    comm: Any
    bodies: Bodies = field(default_factory=meshed_bodies)
    _beside: list[Beside] | None = None  #: None before the first solves

    def __enter__(self) -> SideBySide:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the processes beside this one."""
        for process in self._beside or ():
            process.close()
        self._beside = None

    def each(self, judge: Judge, questions: Sequence[Question], say: Callable[[str], Say]) -> dict[str, Solved]:
        """All of them solved; collective.

        This process takes the first one, the others wait for its mesh, which is then in the store.

        Args:
            judge: What is asked of them.
            questions: Load cases of one design.
            say: Told about progress, by load case.

        Raises:
            RefusedError: of the first load case that has one, once all that were begun are done.
        """
        if self._beside is None and len(questions) > 1:
            meshed = not is_network(questions[0].flying)
            self._beside = [taken(LOADED) for _ in range(processes(None, len(questions), self.comm) - 1)] if meshed else []
        if not self._beside or len(questions) < 2:
            return {q.name: solved(judge, q, self.bodies, self.comm, say(q.name)) for q in questions}
        ready, left, lock = threading.Event(), deque(questions), threading.Lock()
        found: dict[str, Solved] = {}
        failed: dict[str, Exception] = {}

        def work(answer: Callable[[Question], Solved]) -> None:
            while True:
                with lock:
                    if failed or not left:
                        return
                    question = left.popleft()
                try:
                    found[question.name] = answer(question)
                except Exception as error:  # raised below, once all have come to rest
                    failed[question.name] = error
                ready.set()

        def beside(process: Beside) -> None:
            ready.wait()
            work(lambda question: process.call(_answered, judge, question, hear=_quiet))

        self.bodies.meshed = ready.set
        threads = [threading.Thread(target=partial(beside, process), daemon=True) for process in self._beside]
        for thread in threads:
            thread.start()
        work(lambda question: solved(judge, question, self.bodies, self.comm, say(question.name)))
        ready.set()
        for thread in threads:
            thread.join()
        for question in questions:
            if question.name in failed:
                raise failed[question.name]
        return {question.name: found[question.name] for question in questions}


def _quiet(*told: object) -> None:
    """Progress of a process beside, which is not shown: that of this one is."""


def flying(case: Case, sizes: Sizes | None) -> Case:
    """A load case that flies known sizes; sizes that it gives itself are flown as they are and asked for all the same."""
    power = case.power
    if power is None:
        return case
    area = power.array_area if power.array_area is not None else sizes.area if sizes is not None else None
    pack = power.pack_capacity if power.pack_capacity is not None else sizes.pack if sizes is not None else None
    margin = power.array_margin if power.array_area is None else 0.0
    known = None if area is None and pack is None else Sizes(area, pack)
    return replace(case, power=replace(power, array_area=None, pack_capacity=None, array_margin=margin, sizes=known))


def together(solves: Mapping[str, Solved]) -> dict[Row, Judged]:
    """Constraints of all of them."""
    return {row: judged for one in solves.values() for row, judged in one.rows.items()}
