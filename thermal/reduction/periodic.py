"""The periodic state by a reduced model, expanded to all rows and judged by the full one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from thermal.basis import Basis
from thermal.errors import SolveError
from thermal.reduction.error import Judged, off
from thermal.reduction.model import reduced_model
from thermal.reduction.snapshots import Snapshots
from thermal.solve.march import Step
from thermal.solve.model import Gains, Model
from thermal.solve.periodic_march import Partner, PeriodicMarch
from thermal.solve.probes import Recorder
from thermal.solve.runaway import loops
from thermal.solve.solution import Reduced, Solution, Task

Floats = NDArray[np.float64]

ROUNDS = 4  #: of learning what the basis missed, before the full model is asked
ACCEPTED = 6.0  #: times the tolerance that the estimated error of a reduced orbit may be
SAFETY = 1.5  #: by which the estimate is multiplied


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What a reduced model came to."""

    solution: Solution | None  #: None where it is too far off
    guess: Floats | None  #: by owned rows, for the full model [K]; None where nothing was found


@dataclass(slots=True, eq=False)
class _Keeping(Recorder):
    """A recorder that keeps the steps of the last orbit."""

    steps: list[Step] = field(init=False, default_factory=list)

    def clear(self) -> None:
        """Forget them too."""
        Recorder.clear(self)
        self.steps = []

    def follow(self, step: Step) -> None:
        """Record the means of one step, and keep it."""
        Recorder.follow(self, step)
        self.steps.append(step)


@dataclass(frozen=True, slots=True, eq=False)
class _Small(Task):
    """A task of a reduced model."""

    def recorder(self, samples: Floats, frames: Floats) -> _Keeping:
        """One that keeps steps; its extremes are those of the coordinates, which nobody asks for."""
        return _Keeping(self.model.layout, self.groups, samples, frames)


def attempt(task: Task, partner: Partner, known: Snapshots, guess: Floats | None = None) -> Attempt:
    """Solve by the basis of what is known; where it misses something, add what it missed and try again.

    Args:
        task: Of the full model.
        partner: What is solved together with it; asked as by a full march.
        known: Fields of the same mesh; what is learned on the way is added.
        guess: Temperatures of the owned rows to start from [K].
    """
    start = known.reference if guess is None else guess
    for _ in range(ROUNDS):
        basis = known.basis(task.model)
        small = reduced_model(task.model, basis)
        if small is None:
            return Attempt(None, None)
        try:
            found = _marched(task, small, basis, partner, start)
        except (SolveError, np.linalg.LinAlgError):  # the full model says why, where that is not of the basis
            return Attempt(None, None)
        if found is None:
            return Attempt(None, None)
        orbit, recorder = found
        judged = Judged(small, recorder.steps, [_whole(step, basis) for step in recorder.steps], basis)
        derivatives, gains = _mean_slopes(task.model, orbit, judged)
        missed = off(task.model, judged, derivatives, gains, task.settings)
        start, error = judged.expanded[-1].after + missed[-1], SAFETY * float(np.abs(missed).max())
        if error <= ACCEPTED * task.settings.tolerance:
            solution = _solution(task, orbit, recorder, judged.expanded, derivatives, gains)
            return Attempt(replace(solution, reduced=Reduced(basis.size, error)), start)
        known.learn(_level(judged.expanded) + missed)
    return Attempt(None, start)


def _marched(task: Task, small: Model, basis: Basis, partner: Partner, start: Floats) -> tuple[Solution, _Keeping] | None:
    """The periodic state of the reduced model; None where there is none."""
    settings = replace(task.settings, linear="direct")
    march = PeriodicMarch(_Small(small, csr_matrix(basis.project(task.groups)), task.times, settings, task.say), partner)
    found = march.solve(basis.coordinates(start))
    if found.periodic is None or not found.periodic.converged:
        return None
    assert isinstance(march.recorder, _Keeping)
    return found, march.recorder


def _mean_slopes(model: Model, orbit: Solution, judged: Judged) -> tuple[Floats, Gains]:
    """Derivatives of the ways of heat of the full model, and slopes of its feedbacks, mean over an orbit (Simpson by step)."""
    steps = judged.expanded
    mean = np.zeros_like(model.derivatives(steps[0].start, steps[0].before))
    for step in steps:
        middle, share = 0.5 * (step.start + step.end), (step.end - step.start) / (steps[-1].end - steps[0].start)
        for state, weight in ((step.before, 1 / 6), (step.at(middle), 4 / 6), (step.after, 1 / 6)):
            mean += weight * share * model.derivatives(middle, state)
    assert orbit.periodic is not None
    return mean, {full: orbit.periodic.gains[one] for full, one in zip(model.feedbacks, judged.model.feedbacks, strict=True)}


def _level(steps: Sequence[Step]) -> Floats:
    """Mean temperatures over an orbit (owned,) [K]."""
    spans = np.array([step.end - step.start for step in steps])
    return np.asarray(spans @ np.array([0.5 * (step.before + step.after) for step in steps]) / spans.sum())


def _solution(task: Task, orbit: Solution, kept: _Keeping, steps: Sequence[Step], derivatives: Floats, gains: Gains) -> Solution:
    """A reduced orbit as a solution of the full model, its ledger and extremes taken anew by all rows."""
    recorder, ledger = task.recorder(kept.samples, kept.frames), task.ledger()
    recorder.start(steps[0].start, steps[0].before)
    for step in steps:
        recorder.observe(step)
        ledger.observe(step)
    assert orbit.periodic is not None
    start, end = steps[0].before, steps[-1].after
    whole = replace(orbit.periodic, start=start, end=end, derivatives=derivatives, gains=gains)
    runaway = loops(task.model, task.settings, derivatives, gains)
    history, field = recorder.history(), task.model.layout.gather(end)
    return Solution(history, ledger, field, end, whole, orbit.time_bias, orbit.steps, runaway, runaway.words())


def _whole(step: Step, basis: Basis) -> Step:
    """A step by the rows of the full model."""
    slopes = None if step.slopes is None else basis.expand(step.slopes)
    return replace(step, before=basis.expand(step.before), after=basis.expand(step.after), slopes=slopes)
