"""What a march of one model came to, and the marches that know no partner: steady and transient, with ledger and recorder attached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.errors import ThermalRunawayError
from thermal.solve.algebra.preconditioners import DIRECT_LIMIT
from thermal.solve.ledger import Ledger
from thermal.solve.lumped import QuickLook, beside, lumped
from thermal.solve.march import inside, march
from thermal.solve.maximum_principle import MaximumPrinciple
from thermal.solve.midway import Midway, moments
from thermal.solve.model import Model
from thermal.solve.periodic import Periodic
from thermal.solve.probes import History, Recorder
from thermal.solve.settings import Solver
from thermal.solve.stability.pseudo_transient import settle
from thermal.solve.stability.runaway import Loops, growing, loops_at, watch
from thermal.solve.steady import steady_state
from thermal.solve.step import Step

Floats = NDArray[np.float64]
Say = Callable[[str, float], None]  #: words, and the fraction done between 0 and 1
SAMPLES, FRAMES = 120, 24  #: even times of an orbit, or of a transient, at which groups and fields are recorded
OF_TURN, MOST_SAMPLES = 60, 2400  #: of a transient of many periods: in each of them, and in all


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One model and how it is marched and recorded."""

    model: Model
    groups: Any  #: (owned, g) weights of parts and faces to record
    times: Floats  #: of the sources' tables over one period, for their means [s]
    settings: Solver
    say: Say  #: told about progress
    watch: Callable[[Floats], Floats] | None = None  #: figures of temperatures of all nodes that are wanted of every step

    def ledger(self, model: Model | None = None) -> Ledger:
        """An empty ledger of the model, or of another one like it."""
        linear, size = self.settings.linear, self.model.layout.size
        return Ledger(model or self.model, linear == "direct" or (linear == "auto" and size <= DIRECT_LIMIT))

    def recorder(self, samples: Floats, frames: Floats, principle: MaximumPrinciple | None = None) -> Recorder:
        """An empty recorder of its groups; with a principle what no body makes does not count among extremes."""
        return Recorder(self.model.layout, self.groups, samples, frames, principle, self.watch)

    def means(self, T: Floats) -> Floats:
        """Mean temperature of each group [K], (g,)."""
        layout = self.model.layout
        weight = np.asarray(layout.sum(np.asarray(self.groups.sum(axis=0)).ravel()))
        return np.asarray(layout.sum(self.groups.T @ T[: layout.owned])) / weight


@dataclass(frozen=True, slots=True)
class Reduced:
    """Of a solution by a reduced model."""

    modes: int  #: coordinates in place of all nodes
    error: float  #: estimated, greatest over all nodes and times [K]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What a march found. Temperatures of groups in `history`, heat sums in `ledger`."""

    history: History
    ledger: Ledger
    end: Floats  #: temperatures of all nodes at the end, input order [K]
    last: Floats  #: the same of the owned rows
    periodic: Periodic | None = None
    time_bias: float = 0.0  #: what the ledger's time error does to the mean temperature of a periodic state [K]
    steps: int = 0
    loops: Loops = field(default_factory=Loops)  #: loop gains of what answers to temperature, over the orbit or at the end
    runaway: str | None = None  #: why the march was given up, with figures; everything else is then what was marched until there
    swing: "Swing | None" = None  #: of a periodic state that began from a steady one, all nodes, input order
    reduced: Reduced | None = None  #: None where all nodes were solved for
    unreduced: str = ""  #: why they were, in words, where a reduced model was wanted
    quick_look: QuickLook | None = None  #: of a search for a steady state that began at the balance of lumps


@dataclass(frozen=True, slots=True, eq=False)
class Swing:
    """What a periodic state has over the steady state under its orbit-mean loads.

    Levels move with loads and optics, the swing hardly so: it serves a like case on the same mesh.
    """

    start: Floats  #: (n,) at the start of the orbit [K]
    groups: Floats  #: (phases + 1, g) of the groups that are recorded, at even times over the orbit [K]


def samples_over(start: float, end: float, events: list[float], count: int) -> Floats:
    """`count` + 1 even times and the events, sorted [s]."""
    return np.unique(np.concatenate([np.linspace(start, end, count + 1), [t for t in events if start <= t <= end]]))


def steady(mean: Model, settings: Solver, start: float | Floats, tolerance: float) -> tuple[Floats, QuickLook | None]:
    """Steady temperatures of the owned rows under constant loads [K], beside lumps; followed from `start` [K] where power may run away.

    With a network attached the search begins at the balance of lumps, unless `start` says more than one temperature.

    Raises:
        ThermalRunawayError, SolveError: there is none.
    """
    T = np.broadcast_to(start, np.shape(start) or mean.layout.owned).astype(np.float64)
    if growing(mean):
        return settle(mean, T, settings, tolerance), None
    lumps = None if np.shape(start) else lumped(mean, T, 0.0)
    found = steady_state(mean, T if lumps is None else lumps, 0.0, settings.linear, tolerance)
    return found, None if lumps is None else beside(mean, lumps, found)


def solve_steady(task: Task) -> Solution:
    """Steady temperatures under orbit-mean loads. The ledger is one second of the steady state."""
    task.say("steady state", 0.0)
    mean = task.model.at_mean(task.times)
    try:
        T, look = steady(mean, task.settings, 300.0, 1e-9)
    except ThermalRunawayError as error:
        return given_up(task, mean, error)
    load, heat = mean.outside(0.0, T)
    mean.react(heat, mean.conducted(T) - load)
    gains = loops_at(mean, task.settings, 0.0, T)
    return replace(_at_one_state(task, mean, T, heat, 0.0, gains, gains.words()), quick_look=look)


def given_up(task: Task, mean: Model, error: ThermalRunawayError) -> Solution:
    """What is left of a run without any steady state: the moment it ran away, and a ledger of one second in which it takes up heat."""
    _, heat = mean.outside(0.0, error.state)
    return _at_one_state(task, mean, error.state, heat, float(heat[: len(mean.ways)].sum()), Loops(), str(error))


def _at_one_state(task: Task, mean: Model, T: Floats, heat: Floats, stored: float, gains: Loops, runaway: str | None) -> Solution:
    recorder = task.recorder(np.array([0.0]), np.array([0.0]))
    recorder.start(0.0, T)
    ledger = task.ledger(mean)
    ways = len(mean.ways)
    network = None if mean.attached is None else mean.attached.step(0.0, 1.0, T, T, np.zeros((4, len(T))), heat[ways:], (0.0, 1.0))
    ledger.observe(Step(0.0, 1.0, T, T, None, heat[:ways], stored, (0.0, 1.0), network=network))
    return Solution(recorder.history(), ledger, mean.layout.gather(T), T, loops=gains, runaway=runaway)


def solve_transient(
    task: Task,
    T: Floats | Midway,
    events: list[float],
    duration: float,
    more: Sequence[float] = (),
    keep: Callable[[Midway], None] | None = None,
) -> Solution:
    """March over `duration` [s].

    Args:
        T: Start (owned rows) [K], or a moment of the same march that was kept.
        events: Of one period [s]; they repeat.
        more: Of the whole [s].
        keep: Given a few moments of a long march, from which it may go on.
    """
    model, settings, period = task.model, task.settings, events[-1]
    repeats = [n * period + t for n in range(int(np.ceil(duration / period - 1e-12))) for t in events]
    stops = sorted({t for t in (*repeats, *more) if t < duration * (1 - 1e-12)} | {0.0, duration})
    stops = [stops[0], *(b for a, b in pairwise(stops) if b - a > 1e-9 * duration)]
    count = max(SAMPLES, min(int(OF_TURN * duration / period), MOST_SAMPLES))
    samples, frames = samples_over(0.0, duration, stops, count), samples_over(0.0, duration, [], FRAMES)
    recorder = task.recorder(samples, frames, MaximumPrinciple(model))
    ledger, steps, t, runaway = task.ledger(), 0, 0.0, None
    if isinstance(T, Midway):
        begun, steps, t, coldest, T = stops.index(T.time), T.steps, T.time, T.coldest_start, _gone_on(task, T, recorder, ledger)
    else:
        begun, coldest, T = 0, float(model.layout.extreme(np.array([T.min(initial=np.inf)]), greatest=False)[0]), model.extended(T)
        recorder.start(0.0, T)
    kept = [] if keep is None else [stop for stop in moments(stops, period) if stop > stops[begun]]
    try:
        for first, last in pairwise([begun, *(stops.index(stop) for stop in kept), len(stops) - 1]):
            if first != begun and keep is not None:
                keep(Midway(stops[first], model.layout.gather(T), coldest, steps, recorder.kept(), ledger.kept()))
            if first:  # from here on as from a kept moment
                model.renew(inside(stops[first], stops[first], stops[first + 1]), T, always=True)
            for step in march(model, T, stops[first : last + 1], settings):
                recorder.observe(step)
                ledger.observe(step)
                T, t = step.after, inside(step.end, *step.interval)
                steps += 1
                task.say("transient", step.end / duration)
                watch(model, settings, t, T)
    except ThermalRunawayError as error:
        runaway = str(error)
    gains = loops_at(model, settings, t, T) if runaway is None else Loops()
    return Solution(recorder.history(), ledger, model.layout.gather(T), T, None, 0.0, steps, gains, runaway)


def _gone_on(task: Task, midway: Midway, recorder: Recorder, ledger: Ledger) -> Floats:
    """Owned rows at a moment that was kept; recorder and ledger have what was before it."""
    recorder.resume(midway.recorded)
    ledger.resume(midway.books)
    T, attached = task.model.layout.scatter(midway.temperature), task.model.attached
    return T if attached is None or ledger.network is None else np.concatenate([T, attached.at_end(ledger.network)])
