"""The periodic state by a reduced model, expanded to all rows and judged by the full one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis, Reducible
from thermal.errors import SolveError
from thermal.reduction.answer import Answer, group_means, mean_derivatives, mean_gains, sketch
from thermal.reduction.collocation import steps_over
from thermal.reduction.error import off
from thermal.reduction.model import Small, reducible
from thermal.reduction.orbit import Course, Waveform, periodic_orbit
from thermal.reduction.snapshots import Snapshots
from thermal.solve.model import Gains
from thermal.solve.periodic import Periodic
from thermal.solve.periodic_march import Foresee, Foresight, Orbit, Partner, time_bias
from thermal.solve.probes import History
from thermal.solve.solution import Reduced, Solution, Task
from thermal.solve.stability.runaway import growing, loops

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

ROUNDS = 6  #: of learning what the basis missed, before the full model is asked
ACCEPTED = 6.0  #: times the tolerance that the estimated error of a reduced orbit may be
FORESEEN = 1.0  #: the same of what stands for a march
START, START_ROUNDS = 5.0, 3  #: of what a march starts from, and its rounds; true starts were off by a tenth of that estimate
ROUGH = 1e-4  #: K, to which orbits are found until everything has settled
ROUGHER = 1e-2  #: K, of the first one, from that of a like case: what is solved together with it moves it by more
SAFETY = 2.0  #: by which the estimate is multiplied; true errors were 0.6 to 1.3 of it (benchmarks/reduced.py)
LESSONS = 12  #: spans of what was missed that are learned in a round: an event's own shapes last for a few of them


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What a reduced model came to."""

    solution: Solution | None  #: None where it is too far off
    guess: Floats | None  #: by owned rows, for the full model [K]; None where nothing was found
    like: History | None = None  #: means of the groups and fields of the orbit that begins there
    derivatives: Floats | None = None  #: of the ways of heat of the full model, mean over that orbit (laws, owned)
    why: str = ""  #: in words, why there is no solution


def attempt(
    task: Task, partner: Partner, known: Snapshots, guess: Floats | None = None, accepted: float | None = None, rounds: int | None = None
) -> Attempt:
    """Solve by the basis of what is known; where it misses something, add what it missed and try again.

    Args:
        task: Of the full model.
        partner: What is solved together with it; asked as by a full march.
        known: Fields of the same mesh; what is learned on the way is added.
        guess: Temperatures of the owned rows to start from [K].
        accepted: Times the tolerance that the estimated error may be; `ACCEPTED` by default.
        rounds: Of learning, at most; `ROUNDS` by default.
    """
    start, like, derivatives = known.reference if guess is None else guess, None, None
    accepted, rounds = ACCEPTED if accepted is None else accepted, ROUNDS if rounds is None else rounds
    before = known.fields, known.reference
    for _ in range(rounds):
        basis = known.basis(task.model)
        small = known.reduced(task.model, basis)
        if small is None:
            return Attempt(None, None, why="something of this case has no reduced form")
        try:
            found = together(task, small, basis, group_means(task, basis), partner, known.begin(basis, start))
        except (SolveError, np.linalg.LinAlgError) as failed:  # the full model says why, where that is not of the basis
            return Attempt(None, None, why=f"it found no periodic state ({failed})")
        if found is None:
            return Attempt(None, None, why="it found no rest with what is solved together with it")
        answer, orbits = found
        known.last = basis, answer.course
        history, fields = answer.history(known.candidates(task, basis))
        derivatives, gains = mean_derivatives(task.model, history.frames, fields), mean_gains(task.model, answer)
        missed, sure = off(answer, *known.matrices, known.operator(answer, derivatives), derivatives, gains)
        if not sure:
            missed, _ = off(answer, *known.matrices, known.operator(answer, derivatives, anew=True), derivatives, gains)
        start, error = fields[-1] + missed[-1], SAFETY * float(np.abs(missed).max())
        like = _moved(task, history, missed[1:])
        if error <= accepted * task.settings.tolerance:
            solution = _solution(answer, orbits, history, fields, derivatives, gains)
            return Attempt(replace(solution, reduced=Reduced(basis.size, error)), start, like, derivatives)
        known.learn(fields.mean(axis=0) + missed[_telling(missed)])
    known.forget(*before)  # lessons that did not do would spoil the next basis too
    left = f"it was estimated to be off by {error:.2g} K, more than {accepted * task.settings.tolerance:.2g} K"
    return Attempt(None, start, like, derivatives, left)


def foresight(task: Task, unmarched: bool = False) -> Foresee | None:
    """What finds a start for full marches of a periodic state; None where a reduced model has no form, more than one state, or no gain.

    Args:
        task: Of the full model.
        unmarched: Whether what is foreseen will do: more rounds then come before the full march.
    """
    model, settings = task.model, task.settings
    fixed = settings.fixed_steps is not None or settings.scheme != "rosw"  # a rough orbit then takes as many steps as any
    if fixed or not task.ledger().direct or not reducible(model) or growing(model):
        return None
    found = partial(_foresee, *((FORESEEN, ROUNDS) if unmarched else (START, START_ROUNDS)))
    return found if all(isinstance(way, Reducible) for way in model.ways) else None


def _foresee(accepted: float, rounds: int, task: Task, partner: Partner, fields: Floats) -> Foresight | None:
    """The periodic state by what one like orbit teaches, its fields (k, owned) [K]; None where that fails."""
    known = Snapshots()
    known.learn(fields)
    found = attempt(task, partner, known, None, accepted, rounds)
    if found.guess is None or found.like is None or found.derivatives is None:
        return None
    return Foresight(found.guess, found.derivatives, None, found.like, found.solution)


def _moved(task: Task, history: History, missed: Floats) -> History:
    """Means of the groups, and fields, with what even spans of the orbit missed (spans, owned) [K], at their middles."""
    over = np.asarray(task.groups.T @ missed.T).T / np.asarray(task.groups.sum(axis=0)).ravel()
    begin, period = float(history.times[0]), float(np.ptp(history.times))
    middles = begin + period * (np.arange(len(over)) + 0.5) / len(over)
    more = np.stack([np.interp(history.times, middles, one, period=period) for one in over.T], axis=1)
    layout, spans = task.model.layout, np.eye(len(missed))
    share = np.stack([np.interp(history.frames, middles, one, period=period) for one in spans], axis=1)
    fields = history.fields + np.array([layout.gather(one) for one in share @ missed])
    return replace(history, mean=history.mean + more, fields=fields)


def _telling(missed: Floats) -> Ids:
    """The mean, and the spans that are the farthest from it at any row: all of them alike would crowd the fields of other orbits out."""
    far = np.abs(missed[1:] - missed[0]).max(axis=1)
    return np.append(0, 1 + np.sort(np.argsort(-far)[:LESSONS]))


def together(
    task: Task,
    small: Small,
    basis: Basis,
    means: Floats,
    partner: Partner,
    start: Course | Floats,
    between: Sequence[float] | None = None,
) -> tuple[Answer, int] | None:
    """The periodic state of the reduced model and of what is solved together with it, and its rounds; None where they find no rest.

    Args:
        means: As of `thermal.reduction.answer.group_means`.
        start: Coordinates to begin with, of a like orbit or (r,) [K].
        between: Jumps of that orbit [s], whose steps are followed where there are no others; its error is looked at in the end as that of
            any. What is solved together with it is then asked about that orbit first of all.
    """
    if between is None:
        partner.update(None)
    events = list(partner.events())
    if isinstance(start, Course):  # what is solved together with it answers to the like orbit first
        like = replace(start, steps=start.steps.over(events[-1]))
        partner.update(Orbit(sketch(means, like, events)))
        events = list(partner.events())
    followed = start.steps.moved(between, events) if isinstance(start, Course) and between is not None else None
    steps, fresh = (steps_over(events), True) if followed is None else (followed, False)
    first = start.on(steps) if isinstance(start, Course) else np.broadcast_to(start, (3, len(steps.spans), basis.size))
    for count in range(1, task.settings.max_orbits + 1):
        task.say(f"orbit {count} of a reduced model", 1.0)
        rough = ROUGHER if count == 1 and between is not None else ROUGH
        if fresh:
            equations, course = periodic_orbit(small, steps, first, task.settings.tolerance, rough)
        else:
            equations = Waveform(small, steps, first)
            course = equations.solve(first, rough)
        answer = Answer(task, basis, course, equations, events, means)
        settled, steps = partner.update(Orbit(answer.sketch(), answer.books())), course.steps
        if settled:
            finer = None if fresh else equations.finer(course, task.settings.tolerance)
            if finer is None:
                return replace(answer, course=equations.solve(course.stages)), count
            steps = finer
        before, events = events, list(partner.events())
        moved = steps.moved(before, events)
        steps, fresh = (steps_over(events), True) if moved is None else (moved, settled)
        first = course.on(steps)
    return None


def _solution(answer: Answer, rounds: int, history: History, fields: Floats, derivatives: Floats, gains: Gains) -> Solution:
    """A reduced orbit as a solution of the full model."""
    task, ledger = answer.task, answer.ledger(fields)
    start, end = fields[0], fields[-1]
    change = float(np.abs(end - start).max())
    periodic = Periodic(start, end, change, change, rounds, True, derivatives, gains)
    runaway = loops(task.model, task.settings, derivatives, gains)
    bias = time_bias(task.model, ledger, end)
    steps = len(answer.course.steps.spans)
    return Solution(history, ledger, task.model.layout.gather(end), end, periodic, bias, steps, runaway, runaway.words())
