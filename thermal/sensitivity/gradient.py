"""What the weighed stages of an orbit say of parameters: derivatives of an objective with respect to whatever makes the balance of heat.

All of them are per unit of relative change: d objective / d ln p. The stages are summed up once, by rows, signals and groups, so that many
parameters cost as much as one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.conduction.heat_content import DATUM
from thermal.curve import Curve
from thermal.heat import Moment
from thermal.radiation.enclosure import Enclosure
from thermal.sensitivity.adjoint import Weighed
from thermal.solve.emittance import VaryingInfrared
from thermal.solve.model import Model
from thermal.solve.signals import Signals
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Triplets = tuple[Ids, Ids, Floats]


@dataclass(frozen=True, eq=False)
class Conductors:
    """Entries of the matrix A, each belonging to one of several parameters that scale them."""

    rows: Ids  #: (k,) owned rows
    columns: Ids
    values: Floats  #: W/K
    of: Ids  #: (k,) parameter, from 0
    count: int
    curves: Mapping[int, Curve] = field(default_factory=dict)  #: conductivity over its nominal value by temperature, of some parameters

    @staticmethod
    def joined(parts: Sequence[Triplets], curves: Mapping[int, Curve] | None = None) -> "Conductors":
        """From one set of triplets (owned rows) for each parameter; entries of one place are added up."""
        from scipy.sparse import coo_array

        found: list[Triplets] = []
        for rows, columns, values in parts:
            size = int(max(rows.max(initial=0), columns.max(initial=0))) + 1
            one = coo_array(coo_array((values, (rows, columns)), shape=(size, size)).tocsr())
            found.append((one.coords[0].astype(np.int64), one.coords[1].astype(np.int64), one.data.astype(np.float64)))
        of = np.repeat(np.arange(len(parts)), [len(values) for *_, values in found])
        found.append((np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)))
        rows, columns = (np.concatenate([each[i] for each in found]) for i in (0, 1))
        return Conductors(rows, columns, np.concatenate([each[2] for each in found]), of, len(parts), curves or {})

    def between(self, weight: Floats, T: Floats) -> Floats:
        """weight' A_p T for each parameter (..., count), of weights (..., owned); by Kirchhoff's transform where they follow T."""
        columns, of_column, matrix, rows, starts = self._blocks
        level = T[columns]
        for parameter, curve in self.curves.items():
            mine = of_column == parameter
            level[mine] = curve.integral(level[mine], DATUM)
        flows = weight[..., rows] * (matrix @ level)
        sums = np.zeros((*weight.shape[:-1], self.count))
        filled = np.flatnonzero(np.diff(starts))
        if len(filled):
            sums[..., filled] = np.add.reduceat(flows, starts[filled], axis=-1)
        return sums

    @cached_property
    def _blocks(self) -> tuple[Ids, Ids, Any, Ids, Ids]:
        """Parameters side by side as a matrix without empty rows: columns, whose they are, the matrix, rows, where each one's begin."""
        from scipy.sparse import csr_matrix

        size = int(max(self.rows.max(initial=0), self.columns.max(initial=0))) + 1
        columns, j = np.unique(self.of * size + self.columns, return_inverse=True)
        rows, i = np.unique(self.of * size + self.rows, return_inverse=True)
        matrix = csr_matrix((self.values, (i, j)), shape=(len(rows), len(columns)))
        starts = np.searchsorted(rows, size * np.arange(self.count + 1))
        return columns % size, columns // size, matrix, rows % size, starts


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Stages on the way back, as groups of surfaces and feedbacks have them."""

    t: float  #: s
    onto: Floats  #: (g,) what a watt per square metre that arrives on each group of the enclosure is worth
    emissive: Floats  #: (g,) emissive powers of the parts from which the enclosure makes what arrives [W/m2]
    inner: Floats  #: (g,) mean temperature of the parts [K]
    unlike: Floats  #: (g,) by how much `onto` is more than that of a watt that no varying emittance takes up


type Change = Callable[[float, float, Floats], Floats]  #: start and end of a step, times in it [s] -> signals (k, signals)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The stages of one step as followed sources have them."""

    start: float  #: of the step [s]
    end: float
    times: Floats  #: (k,) s
    worth: dict[int, Floats]  #: by place of a source (k, its signals), what a unit of each signal is worth

    def together(self, of: Sequence[int]) -> Floats:
        """Of some sources side by side."""
        return np.concatenate([self.worth[i] for i in of], axis=1)

    def over_cells(self, of: Sequence[int], cells: int) -> Floats:
        """The same spread over equal cells of the step, with the sum and the first moment of the stages (cells, signals).

        For changes that are no smooth function over the step, such as that of a moment at which a signal jumps.
        """
        worth = self.together(of)
        middles = (np.arange(cells) + 0.5) / cells - 0.5
        tilt = 12.0 * ((tableau.STAGE_TIMES - 0.5) @ worth)
        return np.asarray((worth.sum(axis=0) + middles[:, None] * tilt) / cells)


@dataclass(frozen=True, slots=True, eq=False)
class Gradient:
    """Sums over the stages of an adjoint orbit, or a steady state, of one objective."""

    model: Model
    heat: Floats  #: (owned,) what a constant watt into each row is worth
    fourth: Floats  #: (owned,) the same times the fourth power of its temperature
    level: Floats  #: (owned,) the same times its temperature, as the matrix A has it
    stored: Floats  #: (owned,) derivative by the capacity of each row [K per J/K]
    signals: Floats  #: (all signals,) derivative by a factor on each signal of the sources
    conducts: Floats  #: (count,) derivative by a factor on each of the conductors
    moments: Sequence[Moments]
    stages: Sequence[Stage]
    fed: Mapping[Feedback, Sequence[tuple[float, Floats, Floats]]]  #: time, means, worth of each signal

    def emitted(self, area: Floats, sink: float) -> float:
        """Derivative by a factor on the emitting area (owned,) [m2] of a black body towards a sink [K]."""
        return float(self.model.sigma * area @ (sink**4 * self.heat - self.fourth))

    def film(self, conductance: Floats, fluid: float) -> float:
        """Derivative by a factor on a film's conductance (owned,) [W/K] to a fluid [K]."""
        return float(conductance @ (fluid * self.heat - self.level))

    def capacity(self, stores: Floats) -> float:
        """Derivative by a factor on some capacity of the rows (owned,) [J/K]."""
        return float(stores @ self.stored)

    def from_signals(self, of: Sequence[int], changes: Sequence[Floats]) -> float:
        """Derivative where the signals of some followed sources change by `changes` (k, signals) per unit at the stages of each step."""
        if not of:
            return 0.0
        return float(sum((one.together(of) * change).sum() for one, change in zip(self.stages, changes, strict=True)))

    def from_feedback(self, feedback: Feedback, change: Callable[[float, Floats], Floats]) -> float:
        """Derivative where the heat of a feedback changes by `change(t, means)` (m,) [W] per unit of the parameter."""
        return float(sum(worth @ change(t, means) for t, means, worth in self.fed[feedback]))

    def from_arriving(self, changes: Sequence[Floats]) -> float:
        """Derivative where what arrives on the groups of the enclosure changes by `changes` (g,) [W/m2] per unit at each of the moments."""
        return float(sum(one.onto @ change for one, change in zip(self.moments, changes, strict=True)))

    def from_unlike(self, changes: Sequence[Floats]) -> float:
        """What is more where varying emittances take up a change of infrared by `changes` (g,) [W/m2] that is among the signals."""
        return float(sum(one.unlike @ change for one, change in zip(self.moments, changes, strict=True)))


@dataclass(slots=True, eq=False)
class Gradients:
    """The sums of k objectives side by side; `add` is told the stages.

    Args:
        model: Of the march.
        conductors: Parameters in A.
        followed: Sources whose signals are asked for stage by stage, by place among the model's.
        count: Objectives.
    """

    model: Model
    conductors: Conductors
    followed: Sequence[int] = ()
    count: int = 1
    heat: Floats = field(init=False)  #: (k, owned), as those of `Gradient`
    fourth: Floats = field(init=False)
    level: Floats = field(init=False)
    stored: Floats = field(init=False)
    signals: Floats = field(init=False)  #: (k, all signals)
    conducts: Floats = field(init=False)  #: (k, conductors)
    _moments: list[list[Moments]] = field(init=False)
    _stages: list[list[Stage]] = field(init=False)
    _fed: list[dict[Feedback, list[tuple[float, Floats, Floats]]]] = field(init=False)
    _enclosure: Enclosure | None = field(init=False)
    _columns: dict[int, slice] = field(init=False)

    def __post_init__(self) -> None:
        owned, k = self.model.layout.owned, self.count
        self.heat, self.fourth, self.level, self.stored = (np.zeros((k, owned)) for _ in range(4))
        self.conducts = np.zeros((k, self.conductors.count))
        self._enclosure = next((way for way in self.model.ways if isinstance(way, Enclosure)), None)
        widths = [source.spread.shape[1] for source in self.model.sources]
        self.signals = np.zeros((k, sum(widths)))
        ends = np.concatenate([[0], np.cumsum(widths)]).astype(int).tolist()
        self._columns = {i: slice(ends[i], ends[i + 1]) for i in self.followed}
        self._moments, self._stages = [[] for _ in range(k)], [[] for _ in range(k)]
        self._fed = [{feedback: [] for feedback in self.model.feedbacks} for _ in range(k)]

    def add(self, weighed: Weighed) -> None:
        """Take the stages of one step into account."""
        step, now, model = weighed.step, weighed.stages, self.model
        signals = model.signals_over(step.start, step.end, now.times, tableau.WEIGHTS)
        worth = np.array([[model.into_signals(v) for v in of_stage] for of_stage in weighed.weights])
        self.signals += (worth * signals[:, None]).sum(axis=0)
        self._follow(step.start, step.end, now.times, worth)
        for t, T, U, v, carried in zip(now.times.tolist(), now.states, now.changes, weighed.weights, weighed.carried, strict=True):
            self._at(t, T, T if model.varying is not None else T + U, v)
            self.stored += v * carried

    def add_steady(self, T: Floats, v: Floats) -> None:
        """Take a steady state and the worth of its rows (k, owned) into account; signals are those of time 0."""
        times = np.zeros(1)
        worth = np.array([[self.model.into_signals(one) for one in v]])
        self.signals += worth[0] * self.model.signals_over(0.0, 1.0, times, np.ones(1))[0]
        self._follow(0.0, 1.0, times, worth)
        self._at(0.0, T, T, v)

    def _follow(self, start: float, end: float, times: Floats, worth: Floats) -> None:
        for k, stages in enumerate(self._stages):
            stages.append(Stage(start, end, times, {i: worth[:, k, columns] for i, columns in self._columns.items()}))

    def _at(self, t: float, T: Floats, level: Floats, v: Floats) -> None:
        model, now = self.model, Moment(self.model.layout, self.model.sigma, t, T)
        self.heat += v
        self.fourth += v * now.fourth
        self.level += v * level
        self.conducts -= self.conductors.between(v, level)
        if self._enclosure is not None:
            emissive = self._enclosure.powers(now) + sum(way.powers(now) for way in model.ways if isinstance(way, VaryingInfrared))
            inner, onto = self._enclosure.mean(model.layout, T), self._enclosure.arriving_worth(now, v)
            unlike = onto - v @ self._enclosure.weights
            for k, moments in enumerate(self._moments):
                moments.append(Moments(t, onto[k], emissive, inner, unlike[k]))
        for feedback in self.model.feedbacks:
            means, onto = feedback.means(model.layout, T), v @ feedback.weights
            for k, fed in enumerate(self._fed):
                fed[feedback].append((t, means, onto[k]))

    def each(self) -> list[Gradient]:
        """Of the objectives, one by one."""
        return [
            Gradient(
                self.model,
                self.heat[k],
                self.fourth[k],
                self.level[k],
                self.stored[k],
                self.signals[k],
                self.conducts[k],
                self._moments[k],
                self._stages[k],
                self._fed[k],
            )
            for k in range(self.count)
        ]


def over_stages(cells: Floats) -> Floats:
    """What weights of the stages (..., 4, signals) take of changes by equal cells of a step (..., cells, signals): the other side of
    `Stage.over_cells`."""
    count = cells.shape[-2]
    middles = (np.arange(count) + 0.5) / count - 0.5
    tilt = np.einsum("c,...cs->...s", middles / count, cells)
    return np.asarray(cells.mean(axis=-2)[..., None, :] + 12.0 * (tableau.STAGE_TIMES - 0.5)[:, None] * tilt[..., None, :])


def over_steps(sources: Sequence[Source]) -> Change:
    """Signals of some sources side by side at the stages of a step, as the march takes them (k, signals)."""
    together = Signals(sources)

    def found(start: float, end: float, times: Floats) -> Floats:
        signals = together.at(times)
        if len(times) == len(tableau.WEIGHTS):
            signals += together.missed(start, end, tableau.WEIGHTS @ signals)
        return np.asarray(signals)

    return found
