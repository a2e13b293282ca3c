"""The electrical side of a gradient: heat of cells, battery, regulators and converters follows what is drawn and how warm all is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from heliorack.casefile.patterns import matching
from heliorack.coupling.consumers import Computing, Heating
from heliorack.coupling.coupled import Participant, Round
from heliorack.coupling.electrical import PowerSide
from heliorack.model.loads import Loads
from heliorack.studies.sensitivity.solved import Solved
from thermal.errors import SensitivityError
from thermal.sensitivity.adjoint import Echo
from thermal.sensitivity.gradient import Gradient, over_stages
from thermal.sensitivity.heaters import drawn
from thermal.sensitivity.objective import Seed, at
from thermal.signal import Signal
from thermal.solve.periodic_march import Orbit
from thermal.solve.probes import History
from thermal.solve.ways import Source

Floats = NDArray[np.float64]

SHARE = 1e-2  #: by which loads are more and less; the bus is all but linear in them
WARMER = 2e-3  #: K, by which a group is warmer
WATT = 1.0  #: by which heaters draw more; the bus is all but linear in it
CELLS = 16  #: of each step, by which signals are followed: their jumps move
ANSWERS = 300  #: of the electrical side to be asked for at most, for each load case
MOMENTS = (12, 120)  #: of the orbit at least and at most, at which the temperatures of a group are moved one after another


@dataclass(slots=True, eq=False)
class Electricity:
    """What the participants of a coupled solve do to the heat, as differences of their own answers at the state that was found."""

    solved: Solved
    places: list[int] = field(init=False)  #: of their sources among those of the model
    _outlets: list[tuple[str, str]] = field(init=False)  #: participant and signal of each of their sources
    _like: list[Source] = field(init=False)  #: those sources, whatever the round
    _known: list[tuple[int, float, Floats]] | None = field(init=False, default=None)
    _drawn: list[tuple[tuple[Seed, ...], Floats]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        coupling, sources = self.solved.ready.coupling, self.solved.model.sources
        self._outlets = [(one.name, outlet.signal) for one in coupling.participants for outlet in one.outlets()]
        self._like = coupling.sources()
        count = len(self._like)
        self.places = list(range(len(sources) - count, len(sources)))
        side = self.solved.ready.side
        if side is None or not self.places:
            return
        state = coupling.memory(side)
        if not state.applied.carries:
            raise SensitivityError(f"{state.applied.failures[0]}; without an array and a battery there is no hardware to differentiate")
        if state.charging.enforced:
            raise SensitivityError(
                "the battery waits for its charging window in this orbit, an answer of yes or no that has no gradient; "
                "keep it warm (a heater), or leave battery_part out"
            )

    @property
    def history(self) -> History | None:
        """What the participants answer to; None of a steady run, whose bus knows no temperatures."""
        return None if self.solved.orbit is None else self.solved.solution.history

    def compute(self, j: int) -> Callable[[Gradient], float]:
        """Derivative by a factor on the power of a compute entry, as far as it goes by way of the electrical side."""
        loads = self.solved.ready.coupling.loads

        def moved(share: float) -> list[Source]:
            more = loads.compute.copy()
            more[:, j] *= 1 + share
            return self._sources(self.history, replace(loads, compute=more), {j: 1 + share})

        return self._derivative(moved)

    def equipment(self, watts: float) -> Callable[[Gradient], float]:
        """Derivative by a factor on some constant dissipation of parts [W]."""
        loads = self.solved.ready.coupling.loads
        return self._derivative(lambda share: self._sources(self.history, replace(loads, equipment=loads.equipment + share * watts), {}))

    def base_load(self) -> Callable[[Gradient], float]:
        """Derivative by a factor on the platform's base load: its own heat, and that of the bus."""
        loads = self.solved.ready.coupling.loads
        return self._derivative(lambda share: self._sources(self.history, loads, {}, 1 + share))

    def _derivative(self, moved: Callable[[float], list[Source]]) -> Callable[[Gradient], float]:
        if not self.places:
            return lambda gradient: 0.0
        made: list[Floats] = []

        def derivative(gradient: Gradient) -> float:
            if not made:
                more, less = (self._course(moved(share)) for share in (SHARE, -SHARE))
                made.append((more - less) / (2 * SHARE))
            return float((self._worth(gradient) * made[0]).sum())

        return derivative

    def _course(self, sources: Sequence[Source]) -> Floats:
        """Signals of sources side by side, as means over the cells of each step from the orbit's end to its start (cells, signals)."""
        orbit = self.solved.orbit
        if orbit is None:
            return np.concatenate([source.rate(np.zeros(1)) for source in sources], axis=1)
        shares = np.linspace(0.0, 1.0, CELLS + 1)
        ends = np.array([step.start + shares * (step.end - step.start) for step in reversed(orbit.steps)])
        first, last, found = ends[:, :-1].ravel(), ends[:, 1:].ravel(), []
        for source in sources:
            assert source.total is not None
            found.append(np.asarray(source.total(first, last)) / (last - first)[:, None])
        return np.concatenate(found, axis=1)

    def _worth(self, gradient: Gradient) -> Floats:
        """What a unit of each signal is worth in each of the cells of `_course` (cells, signals)."""
        if self.solved.orbit is None:
            return gradient.stages[0].together(self.places)
        return np.concatenate([stage.over_cells(self.places, CELLS) for stage in gradient.stages])

    def _sources(self, history: History | None, loads: Loads, factors: Mapping[int, float], base: float = 1.0) -> list[Source]:
        """Sources of all participants as they answer to an orbit and its loads, in the order of the model's."""
        coupling, signals = self.solved.ready.coupling, {}
        for one in coupling.participants:
            if isinstance(one, Heating):
                continue  # as it drew in the last orbit; what that changes is asked watt by watt
            if isinstance(one, PowerSide):
                asked = replace(one, power=replace(one.power, base_load=base * one.power.base_load))
                signals[one.name] = asked.heat_at(history, loads, coupling.memory(one))
                continue
            answering: Participant = one
            if factors and isinstance(one, Computing):
                answering = replace(one, answering=tuple(d.with_power(factors.get(d.column, 1.0)) for d in one.answering))
            given = answering.respond(Round(None if history is None else Orbit(history), loads, None))
            signals[one.name], loads = dict(given.signals), given.loads
        places = zip(self._outlets, self._like, strict=True)
        found = [self._with(source, signals[who][what]) for (who, what), source in places]
        return found if self.solved.orbit is not None else [source.at_mean(self.solved.ready.question.task.times) for source in found]

    @staticmethod
    def _with(source: Source, signal: Signal) -> Source:
        return replace(source, rate=signal, total=signal.total, now=None)

    # ------------------------------------------------------------------------------------------------- by temperature

    def echo(self, say: Callable[[float], None] = lambda part: None) -> Echo | None:
        """What the electrical side answers to the temperatures of the orbit; None where it answers to none.

        Args:
            say: Told how many of its answers are known.
        """
        known, watts = self._answers(say), self._watts()
        if not known and not watts:
            return None
        assert self.solved.orbit is not None
        groups, steps = self.solved.ready.question.task.groups, self.solved.orbit.steps
        seeds: list[tuple[Seed, ...]] = []
        for k, t, _ in known:
            rows = np.asarray(groups[:, [k]].todense()).ravel()
            seeds.append(at(steps, t, rows / rows.sum()).seeds)
        sources = [self.solved.model.sources[i] for i in self.places]
        seeds += [one for one, _ in watts]
        answers = [*(change for *_, change in known), *(change for _, change in watts)]
        cells = np.array([change.reshape(len(steps), CELLS, -1)[::-1] for change in answers])  # (answers, steps, cells, signals)
        changes = [over_stages(cells[:, i]) for i in range(len(steps))]
        return Echo(tuple(seeds), csr_matrix(hstack([source.spread for source in sources])), changes)

    def _answers(self, say: Callable[[float], None]) -> list[tuple[int, float, Floats]]:
        """Group, moment [s], and what a kelvin there changes of the signals in each cell of `_course`.

        The course of a group over the orbit goes linearly from moment to moment. Groups and moments that change nothing are left out.
        """
        history, orbit = self.history, self.solved.orbit
        if self._known is None:
            self._known = []
            if history is not None and orbit is not None and self.places:
                still, every = self._course(self._sources(history, self.solved.ready.coupling.loads, {})), np.ones(len(history.times))
                moving = [k for k in self._columns() if self._warmer(history, k, every, still).any()]
                count = int(np.clip(ANSWERS // max(len(moving), 1), *MOMENTS))
                nodes = np.linspace(history.times[0], history.times[-1], count + 1)
                hats = [np.interp(history.times, nodes, unit) for unit in np.eye(count + 1)]
                for i, k in enumerate(moving):
                    say(i / len(moving))
                    changes = [self._warmer(history, k, hat, still) for hat in hats]
                    self._known += [(k, float(t), change) for t, change in zip(nodes, changes, strict=True)]
        return self._known

    def _watts(self) -> list[tuple[tuple[Seed, ...], Floats]]:
        """What all heaters draw about some moments, by the temperatures of the steps, and what a watt there changes in each cell."""
        orbit, history = self.solved.orbit, self.history
        heating = any(isinstance(one, Heating) for one in self.solved.ready.coupling.participants)
        if self._drawn is None:
            self._drawn = []
            if orbit is not None and history is not None and self.places and heating and self.solved.case.heaters:
                loads = self.solved.ready.coupling.loads
                still = self._course(self._sources(history, loads, {}))
                nodes = np.linspace(loads.times[0], loads.times[-1], MOMENTS[1] + 1)
                for seeds, hat in zip(drawn(self.solved.model, orbit.steps, nodes), np.eye(len(nodes)), strict=True):
                    if seeds:
                        more = replace(loads, heaters=loads.heaters + WATT * np.interp(loads.times, nodes, hat))
                        self._drawn.append((seeds, (self._course(self._sources(history, more, {})) - still) / WATT))
        return self._drawn

    def _columns(self) -> list[int]:
        """Groups of the history to which some participant answers."""
        ready, case = self.solved.ready, self.solved.case
        names = ready.body.assembly.part_names
        patterns = [case.power.battery_part] if case.power is not None and case.power.battery_part is not None else []
        found = {names.index(name) for pattern in patterns for name in matching(pattern, names)}
        found |= {part for device in ready.devices for part in device.parts}
        if ready.side is not None and ready.side.cells is not None:
            found |= set(range(ready.side.cells.column, ready.side.cells.column + len(ready.side.cells.zones)))
        return sorted(found)

    def _warmer(self, history: History, k: int, shape: Floats, still: Floats) -> Floats:
        """Change of `_course` per kelvin of one group in the shape of a course over the orbit (cells, signals)."""
        mean = history.mean.copy()
        mean[:, k] += WARMER * shape
        sources = self._sources(replace(history, mean=mean), self.solved.ready.coupling.loads, {})
        return (self._course(sources) - still) / WARMER
