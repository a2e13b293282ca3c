"""The periodic state of a model and of what it is solved together with, such as a power bus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thermal.errors import ThermalRunawayError
from thermal.solve.ledger import Books, Ledger
from thermal.solve.lumped import QuickLook
from thermal.solve.march import inside
from thermal.solve.model import Gains, Model
from thermal.solve.periodic import Foreseen, periodic_state
from thermal.solve.probes import History, Recorder
from thermal.solve.solution import FRAMES, SAMPLES, Solution, Swing, Task, given_up, samples_over, steady
from thermal.solve.stability.runaway import loops, watch
from thermal.solve.step import Step

Floats = NDArray[np.float64]

KEPT = 2.5e8  #: bytes of steps at most that wait until it is known whether their orbit may be accepted

PHASES = 120  #: even steps of the orbit at which the swing of groups is known


@dataclass(frozen=True, slots=True, eq=False)
class Orbit:
    """What partners of a march are told of the last orbit."""

    history: History  #: its means; its extremes are those of the means, until the orbit is accepted
    books: Books | None = None  #: None for temperatures that are expected and not marched yet
    begin: float = 0.0  #: of the run at which it began, where its history counts from there [s]
    expected: bool = False  #: made of the last one by how its mean is expected to move: nothing is settled by it


class Partner(Protocol):
    """What is solved together with the temperatures: it feeds sources of the model and answers to what they do."""

    state: Any  #: all that its sources are made of; put back, they are what they were

    def events(self) -> Sequence[float]:
        """Times at which loads of the next orbit jump, from 0 to the period [s]."""
        ...

    def update(self, orbit: Orbit | None) -> bool:
        """Bring what it feeds up to date with the last orbit (None: before the first); True when nothing moved any more."""
        ...


@dataclass(slots=True)
class Constant:
    """Loads that do not answer."""

    stops: Sequence[float]  #: s
    state: Any = None

    def events(self) -> Sequence[float]:
        """Always the same."""
        return self.stops

    def update(self, orbit: Orbit | None) -> bool:
        """Nothing moves."""
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Foresight(Foreseen):
    """A periodic state that is foreseen, with the orbit that partners answer to before it is marched."""

    like: History
    solution: Solution | None = None  #: of the reduced model, where its estimated error is within the tolerance


Foresee = Callable[[Task, Partner, Floats], Foresight | None]  #: from fields (k, owned) of a like orbit [K]


def forget(T: Floats) -> None:
    """Keep nothing."""


@dataclass(slots=True, eq=False)
class PeriodicMarch:
    """Orbits of one model, marched until they repeat; owns what is recorded of the last one."""

    task: Task  #: its sources repeat after one orbit
    partner: Partner
    checkpoint: Callable[[Floats], None] = forget  #: given the temperatures of the owned rows from which each orbit is marched
    foresee: Foresee | None = None  #: another way of looking for the periodic state, beside marching; not where it begins from a swing
    unmarched: bool = False  #: whether what is foreseen within the tolerance will do, so that no orbit but a rough one is marched
    recorder: Recorder = field(init=False)
    ledger: Ledger = field(init=False)
    steps: int = field(init=False, default=0)  #: of the last orbit
    _period: float = field(init=False)
    _orbit: int = field(init=False, default=0)
    _unseen: list[Step] = field(init=False, default_factory=list)  #: steps of the orbit whose extremes nobody has looked at
    _room: float = field(init=False, default=0.0)  #: for so many of them, on every rank
    _look: QuickLook | None = field(init=False, default=None)  #: of the steady state that it began from
    _instead: Solution | None = field(init=False, default=None)  #: of an orbit that is not marched
    _fed: Any = field(init=False, default=None)  #: state of the partner with which they were marched, once it has gone on

    def solve(self, guess: Floats | None = None, start: float = 300.0, swing: Swing | None = None, like: History | None = None) -> Solution:
        """The periodic steady state.

        Args:
            guess: Temperatures of the owned rows to start from [K]; the steady state under orbit-mean loads by default.
            start: Uniform temperature from which that steady state is sought [K].
            swing: Of a like case, its `start` by owned rows; added to the steady state of this one.
            like: An orbit of a like case beside `guess`: what partners answer to before the first one is marched.
        """
        task, level, known = self.task, None, None
        self.partner.update(None)
        self._period = float(self.partner.events()[-1])
        if guess is None:
            try:
                level = self._level(start, swing)
            except ThermalRunawayError as error:
                return given_up(task, task.model, error)
            guess = level.copy()
            guess[: task.model.layout.owned] += 0.0 if swing is None else swing.start
        elif like is not None:
            known = self._foreseen([task.model.layout.scatter(T) for T in like.fields])
            if known is None:
                self.partner.update(Orbit(like))
            elif known.solution is not None and self.unmarched:
                return replace(known.solution, history=known.like)
            else:
                guess = known.start
        foresee = self._after_rough_orbit if self.foresee is not None and level is not None and swing is None else None
        stops = list(self.partner.events())
        samples, frames = (samples_over(0.0, self._period, stops, count) for count in (SAMPLES, FRAMES))
        self.recorder = task.recorder(samples, frames)
        self.ledger = task.ledger()
        try:
            found = periodic_state(
                task.model,
                guess,
                self.partner.events,
                task.settings,
                self._observe,
                self._begin,
                self._settled,
                None if known is None else known.derivatives,
                foresee,
                None if task.model.attached is not None else self._foretold,
            )
        except ThermalRunawayError as error:
            return self._solution(error.state, runaway=str(error))
        if self._instead is not None:
            return replace(self._instead, quick_look=self._look)
        self._examine()
        gains = loops(task.model, task.settings, found.derivatives, found.gains)
        over = None if level is None else self._swing(level, found.end)
        bias = time_bias(task.model, self.ledger, found.end)
        return self._solution(found.end, periodic=found, time_bias=bias, loops=gains, runaway=gains.words(), swing=over)

    def _solution(self, T: Floats, **more: Any) -> Solution:
        self._examine()
        return Solution(
            self.recorder.history(), self.ledger, self.task.model.layout.gather(T), T, steps=self.steps, quick_look=self._look, **more
        )

    def _begin(self, orbit: int) -> None:
        """Forget the orbit before."""
        self.recorder.clear()
        self.ledger.clear()
        self._unseen.clear()
        self._fed = None
        self.steps, self._orbit = 0, orbit

    def _observe(self, step: Step) -> None:
        if self.steps == 0:
            self.checkpoint(step.before)
            self.recorder.start(step.start, step.before)
            self._room = float(self.task.model.layout.extreme(np.array([KEPT / (6 * step.after.nbytes)]), False)[0])
        self.recorder.follow(step)
        self.ledger.add(step)
        self._unseen.append(step)
        if len(self._unseen) > self._room:  # on all ranks at once, whatever they own
            self._examine()
        self.steps += 1
        watch(self.task.model, self.task.settings, inside(step.end, *step.interval), step.after)
        self.task.say(f"orbit {self._orbit}", step.end / self._period)

    def _examine(self) -> None:
        """Look at the steps that wait, with the sources that they were marched with."""
        now = self.partner.state
        if self._fed is not None:
            self.partner.state = self._fed
        for step in self._unseen:
            self.recorder.examine(step)
            self.ledger.examine(step)
        self._unseen.clear()
        self.partner.state = now

    def _settled(self) -> bool:
        self._fed = self.partner.state
        return self.partner.update(Orbit(self.recorder.sketch(), self.ledger.close()))

    def _foretold(self, moved: Floats, gains: Gains) -> None:
        """Have the partner answer to the orbit that is expected next, its mean `moved` from that of the last one (owned,) [K]."""
        model, history, books = self.task.model, self.recorder.sketch(), self.ledger.close()
        heat = {feedback.path: 0.0 for feedback in model.feedbacks}
        for feedback in model.feedbacks:
            heat[feedback.path] += books.duration * float(gains[feedback] @ feedback.means(model.layout, moved))
        # heaters and devices take no heat back, however far the slope of their last orbit reaches
        least = {entry.path: 0.0 if entry.heat >= 0.0 else -np.inf for entry in books.entries}
        entries = tuple(replace(entry, heat=max(entry.heat + heat.get(entry.path, 0.0), least[entry.path])) for entry in books.entries)
        expected = replace(history, mean=history.mean + self.task.means(moved))
        self.partner.update(Orbit(expected, replace(books, entries=entries), expected=True))

    def _after_rough_orbit(self) -> Foreseen | None:
        """What is foreseen from the steps of the orbit that was marched last."""
        found = self._foreseen([step.after for step in self._unseen]) if len(self._unseen) == self.steps else None
        if found is None or found.solution is None or not self.unmarched:
            return found
        self._instead = replace(found.solution, history=found.like)
        return replace(found, state=found.solution.periodic)

    def _foreseen(self, fields: Sequence[Floats]) -> Foresight | None:
        """What is foreseen from fields of the owned rows over a like orbit [K]; partners have then answered to it."""
        found = None if self.foresee is None or not fields else self.foresee(self.task, self.partner, np.array(fields))
        if found is not None and (found.solution is None or not self.unmarched):
            self.partner.update(Orbit(found.like))
        return found

    def _level(self, start: float, swing: Swing | None) -> Floats:
        """The steady state under orbit-mean loads, with the partner as it answers to it [K]."""
        task = self.task
        task.say("steady state under orbit-mean loads", 0.0)
        level, self._look = steady(task.model.at_mean(task.times), task.settings, start, 1e-6)
        if not self.partner.update(Orbit(self._expected(level, swing))):
            level, _ = steady(task.model.at_mean(task.times), task.settings, level, 1e-6)
        return level

    def _expected(self, level: Floats, swing: Swing | None) -> History:
        """Groups over an orbit that is not marched yet: their steady temperatures, with the swing of a like case where it is known."""
        mean = self.task.means(level)
        course = np.tile(mean, (PHASES + 1, 1))
        if swing is not None and swing.groups.shape == course.shape:
            course += swing.groups
        times, nothing = np.linspace(0.0, self._period, PHASES + 1), np.empty((0, self.task.model.layout.size))
        return History(times, course, course, course, course.max(axis=0), course.min(axis=0), np.empty(0), nothing)

    def _swing(self, level: Floats, T: Floats) -> Swing:
        """What the periodic state, `T` at the start of the orbit, has over the steady state `level`."""
        history, phases = self.recorder.sketch(), np.linspace(0.0, self._period, PHASES + 1)
        course = np.stack([np.interp(phases, history.times, column) for column in history.mean.T], axis=1)
        return Swing(self.task.model.layout.gather(T - level), course - self.task.means(level))


def time_bias(model: Model, ledger: Ledger, T: Floats) -> float:
    """Heat that time integration lost or made, over what one kelvin more of everything would lose [K].

    The slowest mode of a body settles where its heat balances, so an error of the integrated heat shifts it by this much however small
    the change per orbit is.
    """
    derivatives = model.derivatives(0.0, T)
    back = model.exchanged(derivatives, np.ones(model.layout.owned)).sum()
    loss = float(model.layout.sum(float(model.slope(derivatives).sum() - back + model.fixed_conductance().sum())))
    return ledger.time_error() * ledger.throughput() / ledger.duration / loss if loss > 0 else 0.0
