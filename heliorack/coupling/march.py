"""Solves one dressed model: steady, transient or periodic, with ledger and recorder attached."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.coupling.runaway import Loops, ThermalRunawayError, loops, loops_at, watch
from heliorack.model.compute_devices import Answering
from thermal.solve.ledger import Ledger
from thermal.solve.march import Step, inside
from thermal.solve.model import Model
from thermal.solve.periodic import Periodic
from thermal.solve.probes import History, Recorder
from thermal.solve.settings import Solver

Floats = NDArray[np.float64]
Say = Callable[[str, float], None]  #: words, and the fraction done between 0 and 1
PHASES = 120  #: even steps of the orbit at which the swing of groups is known
NONE = Answering((), None)  #: no device answers to its temperature


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


@dataclass(frozen=True, slots=True, eq=False)
class Swing:
    """What a periodic state has over the steady state under its orbit-mean loads.

    Levels move with loads and optics, the swing hardly so: it serves a like case on the same mesh.
    """

    start: Floats  #: (n,) at the start of the orbit [K]
    groups: Floats  #: (PHASES + 1, g) of the groups that are recorded, at even times over the orbit [K]


def samples_over(start: float, end: float, events: list[float], count: int) -> Floats:
    """`count` + 1 even times and the events, sorted [s]."""
    return np.unique(np.concatenate([np.linspace(start, end, count + 1), [t for t in events if start <= t <= end]]))


def orbit_mean_model(model: Model, times: Floats) -> Model:
    """The same model with every source held at its mean over `times` (a time that stands twice is a jump)."""
    from thermal.solve.model import Source

    def mean(source: Source) -> Source:
        middles = 0.5 * (times[1:] + times[:-1])
        widths = np.diff(times)
        real = widths > 0
        if source.total is not None:
            constant = source.total(float(times[0]), float(times[-1])) / (times[-1] - times[0])
        else:
            constant = widths[real] @ source.rate(middles[real]) / widths[real].sum()
        return replace(source, rate=lambda now: np.tile(constant, (len(now), 1)), total=None)

    return replace(
        model,
        sources=[mean(s) for s in model.sources],
        enclosures=[r.at_mean() for r in model.enclosures],
        feedbacks=[b.over_period or b for b in model.feedbacks],
    )


def steady(mean: Model, devices: Answering, settings: Solver, start: float | Floats, tolerance: float) -> Floats:
    """Steady temperatures of the owned rows under constant loads [K]; followed from `start` [K] where power answers to temperature.

    Raises:
        ThermalRunawayError, SolveError: there is none.
    """
    from heliorack.coupling.pseudo_transient import settle
    from thermal.solve.steady import steady_state

    T = np.broadcast_to(start, mean.layout.owned).astype(np.float64)
    if devices:
        return settle(mean, devices, T, settings, tolerance)
    return steady_state(mean, T, 0.0, settings.linear, tolerance)


def solve_periodic(
    model: Model,
    groups: Any,
    events: Callable[[], list[float]],
    times: Floats,
    settings: Solver,
    say: Say,
    update: Callable[[History | None], bool] = lambda history: True,
    guess: Floats | None = None,
    checkpoint: Callable[[Floats], None] = lambda T: None,
    book: Callable[[Ledger], None] = lambda ledger: None,
    devices: Answering = NONE,
    start: float = 300.0,
    swing: Swing | None = None,
) -> Solution:
    """The periodic steady state.

    Args:
        model: Thermal model with sources that repeat after one orbit.
        groups: (owned, g) weights of parts and faces to record.
        events: Asked before every orbit for the times of jumps, from 0 to the period [s].
        times: Times of the sources' tables, for the orbit-mean start [s].
        settings: Integration settings.
        say: Told about progress.
        update: Called with the history of the last orbit (None before the first) to bring outside loads up to date; True when they settled.
        guess: Temperatures of the owned rows to start from [K]; the steady state under orbit-mean loads by default.
        checkpoint: Given the temperatures of the owned rows from which each orbit is marched.
        book: Given the ledger of the orbits, which `update` may then read.
        devices: Compute that answers to temperature; its feedbacks are the model's last.
        start: Uniform temperature from which that steady state is sought [K].
        swing: Of a like case, its `start` by owned rows; added to the steady state of this one.
    """
    from thermal.solve.periodic import periodic_state

    update(None)
    period = events()[-1]
    level = None
    if guess is None:
        say("steady state under orbit-mean loads", 0.0)
        try:
            level = steady(orbit_mean_model(model, times), devices, settings, start, 1e-6)
            if not update(_expected(model, groups, level, swing, period)):  # outside loads at these temperatures, before any orbit
                level = steady(orbit_mean_model(model, times), devices, settings, level, 1e-6)
        except ThermalRunawayError as error:
            return _given_up(model, groups, settings, error)
        guess = level if swing is None else level + swing.start
    recorder = Recorder(model.layout, groups, samples_over(0.0, period, events(), 120), samples_over(0.0, period, events(), 24))
    ledger = _ledger(model, settings)
    book(ledger)
    count = [0, 0]
    first = [True]
    settled = [True]

    def observe(step: Step) -> None:
        if first[0]:
            checkpoint(step.before)
            recorder.start(step.start, step.before)
            first[0] = False
        recorder.observe(step)
        ledger.observe(step)
        count[0] += 1
        watch(model, devices, settings, inside(step.end, *step.interval), step.after)
        say(f"orbit {count[1]}", step.end / period)

    def new_orbit(orbit: int) -> None:
        recorder.clear()
        ledger.clear()
        count[0], count[1] = 0, orbit
        first[0] = True

    def outside() -> bool:
        settled[0] = update(recorder.history())
        return settled[0]

    try:
        found = periodic_state(model, guess, events, settings, observe, new_orbit, outside)
    except ThermalRunawayError as error:
        T = error.state
        return Solution(recorder.history(), ledger, model.layout.gather(T), T, steps=count[0], runaway=str(error))
    gains = loops(model, devices, settings, found.slope, found.cubes, found.gains)
    bias = _time_bias(model, ledger, found.end)
    T, history = found.end, recorder.history()
    over = None if level is None else _swing(model, groups, level, T, history, period)
    return Solution(history, ledger, model.layout.gather(T), T, found, bias, count[0], gains, gains.words(), over)


def _expected(model: Model, groups: Any, level: Floats, swing: Swing | None, period: float) -> History:
    """Temperatures of groups over an orbit that is not marched yet: the steady ones, with the swing of a like case where it is known."""
    mean = _means(model, groups, level)
    course = np.tile(mean, (PHASES + 1, 1))
    if swing is not None and swing.groups.shape == course.shape:
        course += swing.groups
    times = np.linspace(0.0, period, PHASES + 1)
    return History(times, course, course, course, course.max(axis=0), course.min(axis=0), np.empty(0), np.empty((0, model.layout.size)))


def _swing(model: Model, groups: Any, level: Floats, T: Floats, history: History, period: float) -> Swing:
    """What a periodic state, `T` at the start of the orbit, has over the steady state `level`."""
    phases = np.linspace(0.0, period, PHASES + 1)
    course = np.stack([np.interp(phases, history.times, column) for column in history.mean.T], axis=1)
    return Swing(model.layout.gather(T - level), course - _means(model, groups, level))


def _means(model: Model, groups: Any, T: Floats) -> Floats:
    """Mean temperature of each group [K], (g,)."""
    weight = np.asarray(model.layout.sum(np.asarray(groups.sum(axis=0)).ravel()))
    return np.asarray(model.layout.sum(groups.T @ T)) / weight


def _given_up(model: Model, groups: Any, settings: Solver, error: ThermalRunawayError) -> Solution:
    """What is left of a run without any steady state: the moment it ran away, and a ledger of one second in which it takes up heat."""
    T = error.state
    recorder = Recorder(model.layout, groups, np.array([0.0]), np.array([0.0]))
    recorder.start(0.0, T)
    ledger = _ledger(model, settings)
    _, heat = model.outside(0.0, T)
    ledger.observe(Step(0.0, 1.0, T, T, None, heat, float(heat.sum()), (0.0, 1.0)))
    return Solution(recorder.history(), ledger, model.layout.gather(T), T, runaway=str(error))


def _time_bias(model: Model, ledger: Ledger, T: Floats) -> float:
    """Heat that time integration lost or made, over what one kelvin more of everything would lose [K].

    The slowest mode of a body settles where its heat balances, so an error of the integrated heat shifts it by this much however small
    the change per orbit is.
    """
    back = model.exchanged(model.cubes(T), np.ones_like(T)).sum()
    loss = float(model.layout.sum(float(model.emission_slope(T).sum() - back + sum(f.conductance.sum() for f in model.films))))
    return ledger.time_error() * ledger.throughput() / ledger.duration / loss if loss > 0 else 0.0


def solve_transient(
    model: Model, groups: Any, T: Floats, events: list[float], duration: float, settings: Solver, say: Say, devices: Answering = NONE
) -> Solution:
    """March `T` (owned rows [K]) over `duration` [s]; `events` are those of one period and repeat."""
    from thermal.solve.march import march

    period = events[-1]
    repeats = [n * period + t for n in range(int(np.ceil(duration / period - 1e-12))) for t in events]
    stops = sorted({t for t in repeats if t < duration * (1 - 1e-12)} | {0.0, duration})
    stops = [stops[0], *(b for a, b in pairwise(stops) if b - a > 1e-9 * duration)]
    recorder = Recorder(model.layout, groups, samples_over(0.0, duration, stops, 120), samples_over(0.0, duration, [], 24))
    ledger = _ledger(model, settings)
    recorder.start(0.0, T)
    steps = 0
    t, given_up = 0.0, None
    try:
        for step in march(model, T, stops, settings):
            recorder.observe(step)
            ledger.observe(step)
            T, t = step.after, inside(step.end, *step.interval)
            steps += 1
            say("transient", step.end / duration)
            watch(model, devices, settings, t, T)
    except ThermalRunawayError as error:
        given_up = str(error)
    gains = loops_at(model, devices, settings, t, T) if given_up is None else Loops()
    return Solution(recorder.history(), ledger, model.layout.gather(T), T, None, 0.0, steps, gains, given_up)


def solve_steady(model: Model, groups: Any, times: Floats, settings: Solver, say: Say, devices: Answering = NONE) -> Solution:
    """Steady temperatures under orbit-mean loads. The ledger is one second of the steady state."""
    say("steady state", 0.0)
    mean = orbit_mean_model(model, times)
    try:
        T = steady(mean, devices, settings, 300.0, 1e-9)
    except ThermalRunawayError as error:
        return _given_up(mean, groups, settings, error)
    recorder = Recorder(model.layout, groups, np.array([0.0]), np.array([0.0]))
    recorder.start(0.0, T)
    ledger = _ledger(mean, settings)
    load, heat = mean.outside(0.0, T)
    if mean.held:
        reaction = mean.product(mean.A, T) - load
        for j, held in enumerate(mean.held, start=len(heat) - len(mean.held)):
            heat[j] = reaction[held.rows].sum()
    ledger.observe(Step(0.0, 1.0, T, T, None, heat, 0.0, (0.0, 1.0)))
    gains = loops_at(mean, devices, settings, 0.0, T)
    return Solution(recorder.history(), ledger, mean.layout.gather(T), T, None, 0.0, 0, gains, gains.words())


def _ledger(model: Model, settings: Solver) -> Ledger:
    from thermal.solve.linear import DIRECT_LIMIT

    return Ledger(model, settings.linear == "direct" or (settings.linear == "auto" and model.layout.size <= DIRECT_LIMIT))
