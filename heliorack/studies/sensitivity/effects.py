"""`heliorack sensitivity`: one solve of each load case, and a few adjoint orbits for the nearest margins of all limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from heliorack.case.case import Case, examine
from heliorack.casefile.document import read as read_document
from heliorack.run.simulate import meshed_bodies
from heliorack.runtime.parallel import world
from heliorack.runtime.progress import Say, silent
from heliorack.studies.sensitivity import optics
from heliorack.studies.sensitivity.electricity import Electricity
from heliorack.studies.sensitivity.parameters import Parameter, conductors, parameters
from heliorack.studies.sensitivity.solved import Solved, solved
from heliorack.studies.sensitivity.targets import Target, asked, nearest, of_limit, split
from thermal.errors import SensitivityError
from thermal.sensitivity.adjoint import periodic_adjoint, steady_adjoint
from thermal.sensitivity.gradient import Conductors, Gradient, Gradients

FIRST, LAST = 0.1, 0.9  #: of the work, between which the adjoint orbits are


@dataclass(frozen=True, slots=True)
class Effect:
    """One number of the case, and what one per cent of it does to a temperature."""

    path: str
    value: float
    unit: str
    kelvin_per_percent: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All effects on one temperature, the largest first."""

    of: str  #: in words
    load_case: str  #: "" of a case without any
    temperature: float  #: K
    limit: float | None  #: K; None where no limit asks
    margin: float | None  #: K
    time: float | None  #: at which it is taken [s]; None of a mean or a steady state
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of the command."""

    title: str
    sensitivities: tuple[Sensitivity, ...]
    notes: tuple[str, ...]
    solve_seconds: float  #: of all forward solves
    solve_orbits: int
    adjoint_seconds: float
    adjoint_orbits: int  #: each with all temperatures of a load case side by side


def sensitivity(
    path: Path, overrides: Sequence[str] = (), case_name: str | None = None, of: str | None = None, say: Say = silent, comm: Any = None
) -> Found:
    """Differentiate a case file.

    Args:
        overrides: As of `--set`.
        case_name: One load case; all of them when not given, each limit then in the one in which its margin is the nearest.
        of: PART:max, PART:min or PART:mean in place of the limits; of several load cases in the one in which it is the most (least).

    Raises:
        CaseError, GeometryError, SensitivityError: the question was malformed, or has no answer by gradients.
        SolveError: a solve failed.
    """
    if of is not None:
        split(of)
    examined = examine(read_document(path), str(path), overrides, case_name)
    cases = {case_name: examined.cases[case_name]} if case_name else examined.cases or {"": examined.base}
    bodies, comm = meshed_bodies(), world() if comm is None else comm
    known: dict[str, Solved] = {}
    try:
        for name, case in cases.items():
            known[name] = solved(case, comm, _told(say, name), bodies)
        targets = _targets(known, of)
        began = perf_counter()
        ready = {name: Differentiable(known[name]) for name in dict.fromkeys(name for name, _ in targets)}
        found, orbits = dict[int, Sensitivity](), 0
        for name, differentiable in ready.items():
            mine = [i for i, (case, _) in enumerate(targets) if case == name]
            said, more = _differentiated(differentiable, [targets[i][1] for i in mine], name, _told(say, name))
            found, orbits = found | dict(zip(mine, said, strict=True)), orbits + more
        seconds = perf_counter() - began
        notes = tuple(dict.fromkeys(said for one in ready.values() for said in _notes(one.solved)))
        return Found(
            examined.base.title,
            tuple(found[i] for i in range(len(targets))),
            notes,
            sum(one.seconds for one in known.values()),
            sum(one.orbits for one in known.values()),
            seconds,
            orbits,
        )
    finally:
        for one in known.values():
            one.close()


def _told(say: Say, name: str) -> Say:
    return (lambda words, fraction: say(f"{name}: {words}", fraction)) if name else say


def _targets(known: dict[str, Solved], of: str | None) -> list[tuple[str, Target]]:
    """What to differentiate, and in which load case.

    Raises:
        SensitivityError: no limit that anything was judged by, and nothing asked for.
    """
    if of is not None:
        found = {name: asked(one, of) for name, one in known.items()}
        sign = -1.0 if of.endswith(":min") else 1.0
        worst = max(found, key=lambda name: sign * found[name].objective.value)
        return [(worst, found[worst])]
    best: dict[tuple[str, str, str, str], tuple[float, str, Any]] = {}
    for name, one in known.items():
        for v in nearest(one.case, one.verdicts):
            key = _limit_key(one.case, v)
            if key not in best or v.margin < best[key][0]:
                best[key] = (v.margin, name, v)
    if not best:
        raise SensitivityError("no limit was judged in this case; say what to differentiate by --of PART:max (or min, mean)")
    chosen: dict[tuple[str, str, str, str, str], tuple[str, Any]] = {}
    for _, name, v in sorted(best.values(), key=lambda each: each[0]):
        chosen.setdefault((name, v.on, v.at, v.side, "switched" if v.mode == "switch_on" else ""), (name, v))
    return [(name, of_limit(known[name], v)) for name, v in chosen.values()]


def _limit_key(case: Case, v: Any) -> tuple[str, str, str, str]:
    """A limit of the case by what it is on, where and when, whichever side of it is the nearest."""
    from heliorack.casefile.patterns import matching

    on = next(limit.on for limit in case.limits if matching(limit.on, (v.on,)) and v.limit in (limit.max, limit.min) and limit.at == v.at)
    return on, v.at, v.level, v.mode


@dataclass(slots=True, eq=False)
class Differentiable:
    """One load case with its numbers; what they have in common is made once for all its temperatures."""

    solved: Solved
    numbers: list[Parameter] = field(init=False)
    scales: Conductors = field(init=False)
    electricity: Electricity = field(init=False)

    def __post_init__(self) -> None:
        known, self.scales = conductors(self.solved)
        self.electricity = Electricity(self.solved)
        self.numbers = [*known, *parameters(self.solved, self.electricity)]

    def effects(self, target: Target, say: Say) -> tuple[tuple[Effect, ...], int]:
        """Of all numbers on one temperature, the largest first, and the adjoint orbits that it took."""
        found, orbits = self.all_effects([target], say)
        return found[0], orbits

    def all_effects(self, targets: Sequence[Target], say: Say) -> tuple[list[tuple[Effect, ...]], int]:
        """Of all numbers on several temperatures side by side, and the adjoint orbits that they took together."""
        slopes, orbits = self.slopes(targets, self.numbers, say)
        found = []
        for of_target in slopes:
            effects = (Effect(n.path, n.value, n.unit, slope / 100) for n, slope in zip(self.numbers, of_target, strict=True))
            found.append(tuple(sorted(effects, key=lambda effect: -abs(effect.kelvin_per_percent))))
        return found, orbits

    def slopes(self, targets: Sequence[Target], numbers: Sequence[Parameter], say: Say) -> tuple[list[list[float]], int]:
        """Derivatives of several temperatures by the natural logarithm of some numbers [K], and the adjoint orbits that they took."""
        gradients, orbits = self._steady(targets) if self.solved.orbit is None else self._periodic(targets, say)
        found = []
        for i, (target, gradient) in enumerate(zip(targets, gradients, strict=True)):
            say("numbers", LAST + (1.0 - LAST) * i / len(targets))
            found.append([number.derivative(gradient, target) for number in numbers])
        return found, orbits

    def _sums(self, count: int) -> Gradients:
        return Gradients(self.solved.model, self.scales, [*optics.places(self.solved), *self.electricity.places], count)

    def _steady(self, targets: Sequence[Target]) -> tuple[list[Gradient], int]:
        one, sums = self.solved, self._sums(len(targets))
        rows = [target.objective.seeds[0].rows for target in targets]
        sums.add_steady(one.state, np.array([steady_adjoint(one.model, one.state, each, one.case.solver) for each in rows]))
        return sums.each(), 0

    def _periodic(self, targets: Sequence[Target], say: Say) -> tuple[list[Gradient], int]:
        """With the answer of the electrical side to all temperatures."""
        assert self.solved.orbit is not None
        of = targets[0].name if len(targets) == 1 else f"{len(targets)} temperatures"
        echo, sums = self.electricity.echo(lambda part: say("answers of the bus", FIRST * part)), self._sums(len(targets))
        objectives = [target.objective for target in targets]
        cost = periodic_adjoint(
            self.solved.orbit, objectives, sums.add, echo, say=lambda part: say(f"adjoint orbits of {of}", FIRST + (LAST - FIRST) * part)
        )
        return sums.each(), cost.orbits


def _differentiated(one: Differentiable, targets: Sequence[Target], name: str, say: Say) -> tuple[list[Sensitivity], int]:
    found, orbits = one.all_effects(targets, say)
    said = []
    for target, effects in zip(targets, found, strict=True):
        v, objective = target.verdict, target.objective
        limit, margin = (None, None) if v is None else (v.limit, v.margin)
        said.append(Sensitivity(target.name, name, objective.value, limit, margin, objective.time, effects))
    return said, orbits


def _notes(one: Solved) -> list[str]:
    """What a reader must know of these gradients."""
    said = [
        "an extreme is differentiated at the place and moment where it stands: exact at first order, and no longer once another place or "
        "a kink of a thermostat, throttle or full battery takes over",
        *optics.notes(one),
    ]
    if one.ready.side is not None:
        said.append("array and battery, where the case leaves them open, are sized anew as a number moves, for this load case alone")
    if one.case.heaters or any(entry.throttle is not None for entry in one.case.compute):
        said.append("thermostats and throttles by their duty-averaged law")
    return said
