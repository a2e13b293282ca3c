"""`heliorack sensitivity`: one solve of each load case, and a few adjoint orbits for the nearest margin of each limit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
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
from thermal.sensitivity.adjoint import PERIODIC_RTOL, periodic_adjoint, steady_adjoint
from thermal.sensitivity.gradient import Conductors, Gradient
from thermal.sensitivity.objective import Objective

ROUNDS = 4  #: in which the electrical side answers to temperature at most
ANSWER_RTOL = 1e-4  #: to which its adjoints are found: they are some hundredths of the whole
SETTLED = 1e-3  #: of its first answer, that may be left open when they end


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
    orbits: int  #: adjoint orbits


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of the command."""

    title: str
    sensitivities: tuple[Sensitivity, ...]
    notes: tuple[str, ...]
    solve_seconds: float  #: of all forward solves
    solve_orbits: int
    adjoint_seconds: float
    adjoint_orbits: int


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
        found = tuple(_differentiated(ready[name], target, name, _told(say, name)) for name, target in targets)
        seconds = perf_counter() - began
        notes = tuple(dict.fromkeys(said for one in ready.values() for said in _notes(one.solved)))
        return Found(
            examined.base.title,
            found,
            notes,
            sum(one.seconds for one in known.values()),
            sum(one.orbits for one in known.values()),
            seconds,
            sum(one.orbits for one in found),
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
        weighed, orbits = self._weighed(target, say)
        found = []
        for number in self.numbers:
            slope = sum(share * number.derivative(gradient, one) for share, gradient, one in weighed)
            found.append(Effect(number.path, number.value, number.unit, slope / 100))
        return tuple(sorted(found, key=lambda effect: -abs(effect.kelvin_per_percent))), orbits

    def _weighed(self, target: Target, say: Say) -> tuple[list[tuple[float, Gradient, Target]], int]:
        """Gradients whose weighted sum is that of the target, the answer of the electrical side to all temperatures included.

        That answer c to the gradient of the target moves the target further, by the gradient of the objective c; the answer to that by
        K c, and so on. The sum c + K c + ... is sought among the first of them, where it misses least (GMRES in the space that they span).
        """
        if self.solved.orbit is None:
            return [(1.0, self._steady(target), target)], 0
        say(f"adjoint of {target.name}", 0.0)
        first, orbits = self._periodic(target.objective)
        found, answers = [(1.0, first, target)], [self.electricity.answer(first)]
        later: list[Gradient] = []
        scale = float(np.abs(answers[0]).max(initial=0.0))
        shares = np.empty(0)
        while scale and len(later) < ROUNDS:
            say(f"adjoint of {target.name}, answer of the bus", (len(later) + 1) / (ROUNDS + 1))
            gradient, more = self._periodic(self.electricity.objective(answers[-1]), ANSWER_RTOL)
            later.append(gradient)
            orbits += more
            answers.append(self.electricity.answer(gradient))
            steps = np.array([one - other for one, other in pairwise(answers)]).T
            shares = np.linalg.lstsq(steps, answers[0], rcond=None)[0]
            if float(np.abs(steps @ shares - answers[0]).max()) <= SETTLED * scale:
                break
        nothing = Target(target.name, target.on, target.objective)
        return [*found, *((float(share), one, nothing) for share, one in zip(shares, later, strict=True))], orbits

    def _gradient(self) -> Gradient:
        return Gradient(self.solved.model, self.scales, [*optics.places(self.solved), *self.electricity.places])

    def _steady(self, target: Target) -> Gradient:
        one, gradient = self.solved, self._gradient()
        rows = target.objective.seeds[0].rows
        gradient.add_steady(one.state, steady_adjoint(one.model, one.state, rows, one.case.solver))
        return gradient

    def _periodic(self, objective: Objective, rtol: float = PERIODIC_RTOL) -> tuple[Gradient, int]:
        assert self.solved.orbit is not None
        gradient = self._gradient()
        return gradient, periodic_adjoint(self.solved.orbit, objective, gradient.add, rtol).orbits


def _differentiated(one: Differentiable, target: Target, name: str, say: Say) -> Sensitivity:
    effects, orbits = one.effects(target, say)
    v = target.verdict
    return Sensitivity(
        target.name,
        name,
        target.objective.value,
        None if v is None else v.limit,
        None if v is None else v.margin,
        target.objective.time,
        effects,
        orbits,
    )


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
