"""A load case over a box, by reduced models: one at its own date, and one at each worst date of its years at which it sizes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model import learned_fields
from heliorack.model.sizing_dates import sizing_dates
from heliorack.results.result import Result
from heliorack.results.verdicts.mesh_error import MeshError
from heliorack.run.box.box_model import Box, BoxModel, ChargingError, OutsideError
from heliorack.run.box.learn import CALM, MOST, WHOLE, Teacher, learned
from heliorack.run.box.recipe import NoBoxError
from heliorack.run.box.result import Errors, result_at
from heliorack.run.common_sizes import one_design
from heliorack.run.simulate import meshed_bodies
from heliorack.run.worst_date import at_worst_dates
from heliorack.runfolder.summary import Summary
from heliorack.runtime.progress import Say, silent
from power.system.settings import charging_window
from thermal.reduction.snapshots import Snapshots

Point = Mapping[str, float]
Full = Callable[[Point], Summary | None]

TOLERANCE = 0.3  #: K, that a run of a reduced model may be off
JUDGED = 6  #: designs, solved in full, that a model is judged at
PASSES = 3  #: of judging, with what was too far off learned in between
FEW = 3.0  #: the greatest error that was found at n designs counts 1 + 3/n times: a further one may be worse than all of them


@dataclass(frozen=True, slots=True, eq=False)
class ReducedCase:
    """Runs of a case at points of a box, without mesh and matrices."""

    case_at: Callable[[Point], Case]
    models: Sequence[BoxModel]  #: at its own date first, then at the worst dates that are not
    errors: Errors

    def run(self, point: Point) -> Result:
        """The case at a point as `heliorack run` has it, sizes and worst dates included.

        Raises:
            OutsideError: the point lies outside the box, or there is no answer that a reduced model may give; says why.
        """
        self.models[0].box.place(point)
        base = self.case_at(point)
        solve = partial(self._solve, point, base)
        result = at_worst_dates(one_design({"": base}, lambda _, case, before: solve(case, before))[""], solve)
        error = self.errors.greatest if result.solution.reduced is None else result.solution.reduced.error
        for v in result.verdicts:
            if abs(v.margin) < error:
                raise OutsideError(f"{v.on} is {abs(v.margin):.2g} K from its {v.side} limit, nearer than the reduced model tells")
        return result

    def _solve(self, point: Point, base: Case, case: Case, before: Result | None) -> Result:
        where = 0 if case.orbit == base.orbit else 1 + _others(base).index(case.orbit)
        if where >= len(self.models):
            raise OutsideError("its worst dates are others than those that the reduced model was made for")
        return result_at(self.models[where], point, case, self.errors)


def _others(case: Case) -> list[Any]:
    """Orbits at the worst dates of a case that are not its own."""
    return [date.case.orbit for date in sizing_dates(case) if not date.own]


def _at_date(case_at: Callable[[Point], Case], which: int, point: Point) -> Case:
    """The case of a point at one of its worst dates that are not its own.

    Raises:
        NoBoxError: it has not so many.
    """
    case = case_at(point)
    others = [date.case for date in sizing_dates(case) if not date.own]
    if which >= len(others):
        raise NoBoxError("worst dates come or go over the box")
    return others[which]


def cases_at(case_at: Callable[[Point], Case], others: int) -> list[Callable[[Point], Case]]:
    """A case over a box: at its own date, and at each of its worst dates that are not."""
    return [case_at, *(partial(_at_date, case_at, k) for k in range(others))]


def refuse(case: Case) -> None:
    """Refuse a case whose runs ask for more than a reduced model of a box has.

    Raises:
        NoBoxError: what that is.
    """
    answering = [entry.name for entry in case.compute if entry.throttle is not None or entry.leakage is not None]
    asked = {
        f"run.kind = '{case.run.kind}'": case.run.kind != "periodic",
        "hot and cold starts": case.run.starts != "one",
        "the life of the mission": case.run.years is not None,
        "exact switching": case.solver.switching is True,
        "nodes and loops": case.network is not None,
        "measured temperatures": case.measured is not None,
        "a mesh that is adapted": case.mesh.adapt,
        f"compute that answers to its temperature ({', '.join(answering)})": bool(answering),
    }
    said = [what for what, there in asked.items() if there]
    if said:
        raise NoBoxError(f"reduced models of a box do not know {', '.join(said)}")


@dataclass(slots=True, eq=False)
class School:
    """Makes the reduced models of a case, and has them judged by full solves."""

    case_at: Callable[[Point], Case]
    box: Box
    full: Full  #: a design as it is solved in full; None where it has no answer
    comm: Any
    tolerance: float = TOLERANCE
    say: Say = silent
    calm: int = CALM
    most: int = MOST
    whole: int = WHOLE
    judged: int = JUDGED
    worst: float = field(init=False, default=np.inf)  #: K, what the last judgement found
    known: Sequence[Snapshots] = field(init=False, default=())  #: what was learned, by date, its own first

    def keep(self, models: ReducedCase) -> None:
        """Keep what was learned for runs of the same mesh that are to come."""
        body = models.models[0].ready.body
        rows = np.concatenate([*(one.fields for one in reversed(self.known)), self.known[0].reference[None]])
        by_node = np.empty_like(rows)
        by_node[:, body.layout.nodes] = rows
        learned_fields.keep(learned_fields.key_of(body.assembly), by_node[:-1], by_node[-1])

    def made(self, designs: Iterable[Point]) -> ReducedCase:
        """Models that are near enough wherever they were judged.

        Args:
            designs: At which they are judged, those first that are farthest from one another; nothing is learned from them before.

        Raises:
            NoBoxError: there are none; says why.
        """
        middle = self.case_at(self.box.point(np.zeros(len(self.box.ranges))))
        refuse(middle)
        others = 0 if middle.power is None else len(_others(middle))
        at = cases_at(self.case_at, others)
        bodies, self.known = meshed_bodies(), [learned() for _ in at]
        more = (self.calm, self.most, self.whole)
        teachers = [Teacher(one, self.box, self.comm, self.say, bodies, had, *more) for one, had in zip(at, self.known, strict=True)]
        for one in teachers:
            one.learn()
        given, where = iter(designs), "none was"
        for _ in range(PASSES):
            fulls = list(islice(((point, full) for point in given if (full := self.full(point)) is not None), self.judged))
            if not fulls:
                break
            found = ReducedCase(self.case_at, [one.cast() for one in teachers], Errors(0.0))
            apart = _apart(found, fulls, self.tolerance)
            margin, (greatest, where, _) = 1.0 + FEW / len(apart), max(apart, key=lambda one: one[:2])
            self.worst = margin * greatest + middle.solver.tolerance  # which is what the full solves may be off themselves
            if self.worst <= self.tolerance:
                return replace(found, errors=Errors(self.worst, len(apart), where, _mesh_error([full for _, full in fulls])))
            for error, _, point in apart:  # afterwards: all are judged by one basis
                if margin * error > self.tolerance:
                    for one in teachers:
                        one.teach(self.box.place(point))
        raise NoBoxError(
            f"an error of {self.worst:.2g} K is left where {self.tolerance:g} K are wanted, by designs that were solved in full ({where}); "
            "narrower ranges or a larger tolerance would do"
        )


def _apart(found: ReducedCase, fulls: Sequence[tuple[Point, Summary]], tolerance: float = TOLERANCE) -> list[tuple[float, str, Point]]:
    """How far runs of a reduced model are from the same in full [K], and of what: infinitely where it has no answer.

    Designs at which the battery leaves its charging window by both do not judge: of these it has none to give. Nor do those at which the
    model itself says that it is off by more than the tolerance.

    Raises:
        NoBoxError: none is left that judges.
    """
    apart = list[tuple[float, str, Point]]()
    for point, full in fulls:
        try:
            one = found.run(point)
            if one.solution.reduced is None or one.solution.reduced.error - found.errors.greatest <= tolerance:
                apart.append((*farthest(one.summary(), full), point))
        except ChargingError as error:
            if not _strained(found.case_at(point), full):
                apart.append((np.inf, str(error), point))
        except OutsideError as error:
            apart.append((np.inf, str(error), point))
    if not apart:
        raise NoBoxError(
            f"at all of {len(fulls)} designs that were solved in full it has no answer to give, such as outside the charging window"
        )
    return apart


def _strained(case: Case, full: Summary) -> bool:
    """Whether some of the battery is outside the window in which it charges."""
    power = case.power
    window = None if power is None else charging_window(power)
    if power is None or window is None or power.battery_part is None:
        return False
    parts = [full.parts[name] for name in matching(power.battery_part, tuple(full.parts))]
    low, high = (end - ZERO_CELSIUS for end in window)
    return any(part.min_degC < low or part.max_degC > high for part in parts)


def farthest(one: Summary, other: Summary) -> tuple[float, str]:
    """Greatest difference of extremes and means of parts, and of what limits are judged by [K]; and of what it is."""
    words = {"min_degC": "minimum", "max_degC": "maximum", "mean_degC": "mean"}
    apart = [
        (abs(getattr(mine, key) - getattr(other.parts[name], key)), f"the {word} of {name}")
        for name, mine in one.parts.items()
        for key, word in words.items()
    ]
    limits = zip(one.limits, other.limits, strict=True)
    apart += [(abs(a.calculated_degC - b.calculated_degC), f"what the {a.side} limit on {a.on} is judged by") for a, b in limits]
    return max(apart)


def _mesh_error(fulls: Sequence[Summary]) -> MeshError | None:
    """The greatest that the mesh was found to miss, by part; None where nobody looked."""
    sides = []
    for what in ("mesh_max_K", "mesh_min_K"):
        rows = [[getattr(part, what) for part in full.parts.values()] for full in fulls]
        if any(value is None for row in rows for value in row):
            return None
        table = np.array(rows, dtype=float)
        sides.append(table[np.abs(table).argmax(axis=0), np.arange(table.shape[1])])
    return MeshError(sides[0], sides[1], np.empty(0), 0.0)
