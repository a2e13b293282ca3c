"""`heliorack sensitivity`: one solve of each load case, and a few adjoint orbits for the nearest margin of each limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

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
from thermal.sensitivity.gradient import Gradient

ROUNDS = 6  #: in which the electrical side answers to temperature at most; each is some hundredths of the one before
SETTLED = 1e-4  #: of the largest effect, below which a round is the last


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
        found = tuple(_differentiated(known[name], target, name, _told(say, name)) for name, target in targets)
        seconds = perf_counter() - began
        used = {name: known[name] for name, _ in targets}
        notes = tuple(dict.fromkeys(said for one in used.values() for said in _notes(one)))
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


def _differentiated(one: Solved, target: Target, name: str, say: Say) -> Sensitivity:
    say(f"adjoint of {target.name}", 0.0)
    known, scales = conductors(one)
    electricity = Electricity(one)
    followed = [*optics.places(one), *electricity.places]
    every = [*known, *parameters(one, electricity)]
    gradient = Gradient(one.model, scales, followed)
    orbits = 0
    if one.orbit is None:
        rows = target.objective.seeds[0].rows
        gradient.add_steady(one.state, steady_adjoint(one.model, one.state, rows, one.case.solver))
    else:
        orbits = _with_answers(one, target, electricity, gradient, every, say)
    effects = [Effect(p.path, p.value, p.unit, p.derivative(gradient, target) / 100) for p in every]
    effects.sort(key=lambda effect: -abs(effect.kelvin_per_percent))
    v = target.verdict
    return Sensitivity(
        target.name,
        name,
        target.objective.value,
        None if v is None else v.limit,
        None if v is None else v.margin,
        target.objective.time,
        tuple(effects),
        orbits,
    )


def _with_answers(one: Solved, target: Target, electricity: Electricity, gradient: Gradient, every: Sequence[Parameter], say: Say) -> int:
    """Adjoint orbits of a target, and of what the electrical side makes of its temperatures, round by round; how many."""
    assert one.orbit is not None
    objective, orbits = target.objective, 0
    for n in range(ROUNDS):
        first = len(gradient.stages)
        before = gradient.heat.copy()
        orbits += periodic_adjoint(one.orbit, objective, gradient.add).orbits
        gained = abs(gradient.heat - before).sum()
        if n and gained <= SETTLED * abs(gradient.heat).sum():
            break
        say(f"adjoint of {target.name}, answer of the bus", (n + 1) / ROUNDS)
        answer = electricity.answer(gradient, first)
        if answer is None:
            break
        objective = answer
    return orbits


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
