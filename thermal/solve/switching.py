"""Orbits marched with exact switching, from the periodic state of the duty-averaged laws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thermal.constants import ZERO_CELSIUS
from thermal.heater import Heater, duty
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import inside, march
from thermal.solve.model import Model
from thermal.solve.settings import Solver
from thermal.solve.step import Step
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]


Say = Callable[[str, float], None]


SWITCHES = 500  #: marched at most


SHARP = 1e-2  #: time within which a switch is found [s]


ORBITS = 2  #: marched; the last one is reported


LOOKS = (0.0, 0.25, 0.5, 0.75, 1.0)  #: parts of a step at which the distance to a switch is looked at


class Law(Protocol):
    """Something that switches: m signals of one feedback."""

    names: list[str]
    on: NDArray[np.bool_]  #: state of each signal: heater on, or clock low

    def distance(self, t: float, means: Floats) -> Floats:
        """Kelvin until each switches, 0 or less when due."""
        ...

    def heat(self, t: float, means: Floats) -> tuple[Floats, Floats]:
        """Heat [W] and its slope [W/K] in the present state."""
        ...

    def duty(self, t: float, means: Floats) -> Floats:
        """Part of the time on by the averaged law."""
        ...


@dataclass(slots=True, eq=False)
class Thermostat:
    """A heater that is on or off."""

    heater: Heater
    names: list[str] = field(init=False)
    on: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.names, self.on = [f"heater {self.heater.name}"], np.zeros(1, dtype=bool)

    def distance(self, t: float, means: Floats) -> Floats:
        """To the upper temperature when on, to the lower one when off [K]."""
        return np.where(self.on, self.heater.off_above - means, means - self.heater.on_below)

    def heat(self, t: float, means: Floats) -> tuple[Floats, Floats]:
        """All or nothing."""
        return np.where(self.on, self.heater.power, 0.0), np.zeros(1)

    def duty(self, t: float, means: Floats) -> Floats:
        """By the averaged law."""
        return duty(self.heater, means)


@dataclass(frozen=True, slots=True)
class Switched:
    """One heater or throttled device over the reported orbit."""

    name: str
    mean: float  #: mean temperature over the time [K]
    low: float  #: K
    high: float  #: K
    drift: float  #: end minus start [K]
    duty: float  #: part of the time that the heater is on, or the clock low
    switches: int


@dataclass(frozen=True, slots=True)
class Switching:
    """What exact switching makes of the periodic state of the averaged laws."""

    devices: tuple[Switched, ...]
    duration: float  #: s reported
    tolerance: float  #: K of drift
    complete: bool  #: false where the march ended for too many switches

    @property
    def periodic(self) -> bool:
        """Whether start and end of the orbit agree within the tolerance."""
        return self.complete and all(abs(one.drift) <= self.tolerance for one in self.devices)

    def words(self) -> str:
        """What was marched, and whether it repeats."""
        if not self.complete:
            return f"switching: more than {SWITCHES} switches, marched over {self.duration:.0f} s only; the averaged law stands"
        worst = max(self.devices, key=lambda one: abs(one.drift))
        if self.periodic:
            return f"switching: an orbit with exact switching repeats within {self.tolerance:g} K"
        return (
            f"switching: not periodic; over an orbit with exact switching {worst.name} drifts by {worst.drift:+.2g} K "
            f"(band {worst.low - ZERO_CELSIUS:.2f} to {worst.high - ZERO_CELSIUS:.2f} degC)"
        )


class _Tally:
    """Times, temperatures and states of one law over an orbit."""

    def __init__(self, law: Law, feedback: Feedback) -> None:
        self.law, self.feedback, m = law, feedback, len(law.names)
        self.time, self.first, self.last = 0.0, np.full(m, np.nan), np.full(m, np.nan)
        self.integral, self.on_time = np.zeros(m), np.zeros(m)
        self.low, self.high, self.switches = np.full(m, np.inf), np.full(m, -np.inf), np.zeros(m, dtype=int)

    def observe(self, step: Step, layout: Any) -> None:
        """Add one step (Simpson over the dense output)."""
        h = step.end - step.start
        T = [self.feedback.means(layout, step.at(step.start + share * h)) for share in LOOKS]
        self.first = np.where(np.isnan(self.first), T[0], self.first)
        self.last, self.time = T[-1], self.time + h
        self.integral += h * (T[0] + 4 * T[1] + 2 * T[2] + 4 * T[3] + T[4]) / 12
        self.on_time += h * self.law.on
        self.low, self.high = np.minimum(self.low, np.min(T, axis=0)), np.maximum(self.high, np.max(T, axis=0))

    def switched(self) -> list[Switched]:
        """The figures."""
        return [
            Switched(
                name,
                float(self.integral[i] / self.time),
                float(self.low[i]),
                float(self.high[i]),
                float(self.last[i] - self.first[i]),
                float(self.on_time[i] / self.time),
                int(self.switches[i]),
            )
            for i, name in enumerate(self.law.names)
        ]


@dataclass(slots=True, eq=False)
class _March:
    """A model whose laws switch, on its way."""

    model: Model
    laws: dict[Feedback, Law]  #: by feedback of the averaged model; the exact ones average temperatures alike
    settings: Solver
    solver: ShiftedSolver = field(init=False)
    tallies: dict[Feedback, _Tally] = field(init=False)
    left: int = field(default_factory=lambda: SWITCHES)

    def __post_init__(self) -> None:
        self.solver = ShiftedSolver(self.model, self.settings.linear)
        self.clear()

    def clear(self) -> None:
        """Forget what was observed."""
        self.tallies = {b: _Tally(law, b) for b, law in self.laws.items()}

    def _due(self, t: float, T: Floats) -> dict[Feedback, NDArray[np.bool_]]:
        return {b: law.distance(t, b.means(self.model.layout, T)) <= 0.0 for b, law in self.laws.items()}

    def switch(self, due: dict[Feedback, NDArray[np.bool_]]) -> None:
        """Turn over the states that are due."""
        for b, law in self.laws.items():
            law.on = law.on ^ due[b]
            self.tallies[b].switches += due[b]
            self.left -= int(due[b].sum())

    def crossing(self, step: Step) -> tuple[float, dict[Feedback, NDArray[np.bool_]]] | None:
        """First moment of a step at which something is due [s], within `SHARP`, and what; None where nothing is."""

        def due(t: float) -> dict[Feedback, NDArray[np.bool_]]:
            return self._due(inside(t, *step.interval), step.at(t))

        def any_of(found: dict[Feedback, NDArray[np.bool_]]) -> bool:
            return any(one.any() for one in found.values())

        before = step.start
        for share in LOOKS[1:]:
            after = step.start + share * (step.end - step.start)
            found = due(after)
            if not any_of(found):
                before = after
                continue
            while after - before > SHARP:
                middle = 0.5 * (before + after)
                at = due(middle)
                before, after, found = (before, middle, at) if any_of(at) else (middle, after, found)
            return after, found
        return None

    def interval(self, T: Floats, start: float, end: float) -> tuple[Floats, float]:
        """March between two events of the loads; returns temperatures and time where it ended."""
        t = start
        self.switch(self._due(inside(t, start, end), T))
        while end - t > 1e-9 * max(end, 1.0) and self.left > 0:
            for step in march(self.model, T, [t, end], self.settings, self.solver):
                crossed = self.crossing(step)
                if crossed is None:
                    T, t = self._keep(step)
                    continue
                until, due = crossed
                T, t = step.before, step.start
                if until - t > 1e-6:
                    for short in march(self.model, T, [t, until], replace(self.settings, fixed_steps=1), self.solver):
                        T, t = self._keep(short)
                self.switch(due)
                break
        return T, t

    def _keep(self, step: Step) -> tuple[Floats, float]:
        for tally in self.tallies.values():
            tally.observe(step, self.model.layout)
        return step.after, step.end


def switching_model(model: Model, laws: dict[Feedback, Law]) -> Model:
    """The model with the feedbacks of `laws` in their present state instead of their averaged law."""

    def exact(feedback: Feedback, law: Law) -> Feedback:
        rate, gain = (lambda t, m: law.heat(t, m)[0]), (lambda t, m: law.heat(t, m)[1])
        return replace(feedback, rate=rate, gain=gain, mean=None, beyond=None, pieces=None)

    return replace(model, ways=[exact(way, laws[way]) if isinstance(way, Feedback) and way in laws else way for way in model.ways])


def switches(model: Model, laws: dict[Feedback, Law], states: Sequence[tuple[float, Floats]]) -> bool:
    """Whether any duty lies strictly between 0 and 1 at some of the (time, owned rows [K]) states."""
    for feedback, law in laws.items():
        for t, T in states:
            found = law.duty(t, feedback.means(model.layout, T))
            if ((found > 0.0) & (found < 1.0)).any():
                return True
    return False


def march_switching(
    model: Model, laws: dict[Feedback, Law], T: Floats, events: Sequence[float], settings: Solver, say: Say, orbits: int = ORBITS
) -> Switching:
    """March with exact switching; the last orbit is reported, those before it let the switching find its rhythm.

    Args:
        model: With the averaged laws.
        laws: What switches, by feedback of the model; their states are set to what the averaged law says at the start.
        T: Periodic state at time 0 (owned rows) [K].
        events: Times at which loads jump, from 0 to the period [s].
        settings: As for the search.
        say: Told about progress.
        orbits: Orbits marched.
    """
    for feedback, law in laws.items():
        law.on = law.duty(inside(0.0, events[0], events[1]), feedback.means(model.layout, T)) >= 0.5
    way = _March(switching_model(model, laws), laws, settings)
    t = 0.0
    for orbit in range(orbits):
        if way.left > 0:
            way.clear()
        for start, end in pairwise(events):
            if way.left > 0:
                T, t = way.interval(T, start, end)
                say(f"exact switching, orbit {orbit + 1}", t / events[-1])
    found = [one for tally in way.tallies.values() for one in tally.switched()]
    return Switching(tuple(found), next(iter(way.tallies.values())).time, settings.tolerance, way.left > 0)
