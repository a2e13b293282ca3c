"""Solves one dressed model: steady, transient or periodic, with ledger and recorder attached."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.cyclic import Periodic
from thermal.ledger import Ledger
from thermal.march import Step
from thermal.model import Model
from thermal.probes import History, Recorder
from thermal.settings import Solver

Floats = NDArray[np.float64]
Say = Callable[[str, float], None]  #: words, and the fraction done between 0 and 1


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
    swing: Floats | None = None  #: what a periodic state that began from a steady one has over it, all nodes, input order [K]


def samples_over(start: float, end: float, events: list[float], count: int) -> Floats:
    """`count` + 1 even times and the events, sorted [s]."""
    return np.unique(np.concatenate([np.linspace(start, end, count + 1), [t for t in events if start <= t <= end]]))


def orbit_mean_model(model: Model, times: Floats) -> Model:
    """The same model with every source held at its mean over `times` (a time that stands twice is a jump)."""
    from dataclasses import replace

    from thermal.model import Source

    cold = np.full(model.layout.owned, 293.15)

    def mean(source: Source) -> Source:
        middles = 0.5 * (times[1:] + times[:-1])
        widths = np.diff(times)
        real = widths > 0
        values = np.array([source.rate(t, cold) for t in middles[real]])
        constant = (widths[real] @ values) / widths[real].sum()
        return replace(source, rate=lambda t, T: constant)

    return replace(model, sources=[mean(s) for s in model.sources], enclosures=[r.at_mean() for r in model.enclosures])


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
    swing: Floats | None = None,
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
        swing: What the periodic state of a like case has over its steady state, owned rows [K]; added to the steady state of this one.
            That is nearer than the periodic state itself: levels move with loads and optics, what an orbit does to them hardly so.
    """
    from thermal.cyclic import periodic_state
    from thermal.steady import steady_state

    update(None)
    period = events()[-1]
    steady = None
    if guess is None:
        say("steady state under orbit-mean loads", 0.0)
        steady = steady_state(orbit_mean_model(model, times), np.full(model.layout.owned, 300.0), 0.0, settings.linear, 1e-6)
        guess = steady if swing is None else steady + swing
    recorder = Recorder(model.layout, groups, samples_over(0.0, period, events(), 120), samples_over(0.0, period, events(), 24))
    ledger = _ledger(model, settings)
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
        say(f"orbit {count[1]}", step.end / period)

    def new_orbit(orbit: int) -> None:
        recorder.clear()
        ledger.clear()
        count[0], count[1] = 0, orbit
        first[0] = True

    def outside() -> bool:
        settled[0] = update(recorder.history())
        return settled[0]

    found = periodic_state(model, guess, events, settings, observe, new_orbit, outside)
    return Solution(
        recorder.history(),
        ledger,
        model.layout.gather(found.end),
        found.end,
        found,
        _time_bias(model, ledger, found.end),
        count[0],
        None if steady is None else model.layout.gather(found.end - steady),
    )


def _time_bias(model: Model, ledger: Ledger, T: Floats) -> float:
    """Heat that time integration lost or made, over what one kelvin more of everything would lose [K].

    The slowest mode of a body settles where its heat balances, so an error of the integrated heat shifts it by this much however small
    the change per orbit is.
    """
    back = model.exchanged(model.cubes(T), np.ones_like(T)).sum()
    loss = float(model.layout.sum(float(model.emission_slope(T).sum() - back + sum(f.conductance.sum() for f in model.films))))
    return ledger.time_error() * ledger.throughput() / ledger.duration / loss if loss > 0 else 0.0


def solve_transient(model: Model, groups: Any, T: Floats, events: list[float], duration: float, settings: Solver, say: Say) -> Solution:
    """March `T` (owned rows [K]) over `duration` [s]; `events` are those of one period and repeat."""
    from thermal.march import march

    period = events[-1]
    repeats = [n * period + t for n in range(int(np.ceil(duration / period - 1e-12))) for t in events]
    stops = sorted({t for t in repeats if t < duration * (1 - 1e-12)} | {0.0, duration})
    stops = [stops[0], *(b for a, b in pairwise(stops) if b - a > 1e-9 * duration)]
    recorder = Recorder(model.layout, groups, samples_over(0.0, duration, stops, 120), samples_over(0.0, duration, [], 24))
    ledger = _ledger(model, settings)
    recorder.start(0.0, T)
    steps = 0
    for step in march(model, T, stops, settings):
        recorder.observe(step)
        ledger.observe(step)
        T = step.after
        steps += 1
        say("transient", step.end / duration)
    return Solution(recorder.history(), ledger, model.layout.gather(T), T, None, 0.0, steps)


def solve_steady(model: Model, groups: Any, times: Floats, settings: Solver, say: Say) -> Solution:
    """Steady temperatures under orbit-mean loads. The ledger is one second of the steady state."""
    from thermal.steady import steady_state

    say("steady state", 0.0)
    mean = orbit_mean_model(model, times)
    T = steady_state(mean, np.full(model.layout.owned, 300.0), 0.0, settings.linear)
    recorder = Recorder(model.layout, groups, np.array([0.0]), np.array([0.0]))
    recorder.start(0.0, T)
    ledger = _ledger(mean, settings)
    load, heat = mean.outside(0.0, T)
    if mean.held:
        reaction = mean.product(mean.A, T) - load
        for j, held in enumerate(mean.held, start=len(heat) - len(mean.held)):
            heat[j] = reaction[held.rows].sum()
    ledger.observe(Step(0.0, 1.0, T, T, None, heat, 0.0, (0.0, 1.0)))
    return Solution(recorder.history(), ledger, mean.layout.gather(T), T, None, 0.0, 0)


def _ledger(model: Model, settings: Solver) -> Ledger:
    from thermal.linear import DIRECT_LIMIT

    return Ledger(model, settings.linear == "direct" or (settings.linear == "auto" and model.layout.size <= DIRECT_LIMIT))
