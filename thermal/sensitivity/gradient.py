"""What the weighed stages of an orbit say of parameters: derivatives of an objective with respect to whatever makes the balance of heat.

All of them are per unit of relative change: d objective / d ln p. The stages are summed up once, by rows, signals and groups, so that many
parameters cost as much as one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.conduction.heat_content import DATUM
from thermal.curve import Curve
from thermal.heat import Moment
from thermal.radiation.enclosure import Enclosure
from thermal.sensitivity.adjoint import Weighed
from thermal.solve.model import Model
from thermal.solve.signals import Signals
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Triplets = tuple[Ids, Ids, Floats]


@dataclass(frozen=True, slots=True, eq=False)
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
        """weight' A_p T for each parameter (count,); by Kirchhoff's transform of T where conductivities follow it."""
        level = T[self.columns]
        for parameter, curve in self.curves.items():
            mine = self.of == parameter
            level[mine] = curve.integral(level[mine], DATUM)
        return np.bincount(self.of, weight[self.rows] * self.values * level, self.count)


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Stages on the way back, as groups of surfaces and feedbacks have them."""

    t: float  #: s
    onto: Floats  #: (g,) what a watt per square metre into each group of the enclosure is worth
    emissive: Floats  #: (g,) mean emissive power of the parts [W/m2]
    inner: Floats  #: (g,) mean temperature of the parts [K]


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


@dataclass(slots=True, eq=False)
class Gradient:
    """Sums over the stages of an adjoint orbit; `add` is told them.

    Args:
        model: Of the march.
        conductors: Parameters in A.
        followed: Sources whose signals are asked for stage by stage, by place among the model's.
    """

    model: Model
    conductors: Conductors
    followed: Sequence[int] = ()
    heat: Floats = field(init=False)  #: (owned,) what a constant watt into each row is worth
    fourth: Floats = field(init=False)  #: (owned,) the same times the fourth power of its temperature
    level: Floats = field(init=False)  #: (owned,) the same times its temperature, as the matrix A has it
    stored: Floats = field(init=False)  #: (owned,) derivative by the capacity of each row [K per J/K]
    signals: Floats = field(init=False)  #: (all signals,) derivative by a factor on each signal of the sources
    conducts: Floats = field(init=False)  #: (count,) derivative by a factor on each of the conductors
    moments: list[Moments] = field(init=False, default_factory=list)
    stages: list["Stage"] = field(init=False, default_factory=list)
    fed: dict[Feedback, list[tuple[float, Floats, Floats]]] = field(init=False)  #: time, means, worth of each signal
    _enclosure: Enclosure | None = field(init=False)
    _columns: dict[int, slice] = field(init=False)

    def __post_init__(self) -> None:
        owned = self.model.layout.owned
        self.heat, self.fourth, self.level, self.stored = (np.zeros(owned) for _ in range(4))
        self.conducts = np.zeros(self.conductors.count)
        self._enclosure = next((way for way in self.model.ways if isinstance(way, Enclosure)), None)
        widths = [source.spread.shape[1] for source in self.model.sources]
        self.signals = np.zeros(sum(widths))
        ends = np.concatenate([[0], np.cumsum(widths)]).astype(int).tolist()
        self._columns = {i: slice(ends[i], ends[i + 1]) for i in self.followed}
        self.fed = {feedback: [] for feedback in self.model.feedbacks}

    def add(self, weighed: Weighed) -> None:
        """Take the stages of one step into account."""
        step, now, model = weighed.step, weighed.stages, self.model
        signals = model.signals_over(step.start, step.end, now.times, tableau.WEIGHTS)
        worth = np.array([model.into_signals(v) for v in weighed.weights])
        self.signals += (worth * signals).sum(axis=0)
        self._follow(step.start, step.end, now.times, worth)
        for t, T, U, v, carried in zip(now.times.tolist(), now.states, now.changes, weighed.weights, weighed.carried, strict=True):
            self._at(t, T, T if model.varying is not None else T + U, v)
            self.stored += v * carried

    def add_steady(self, T: Floats, v: Floats) -> None:
        """Take a steady state and the worth of its rows into account; signals are those of time 0."""
        times = np.zeros(1)
        worth = self.model.into_signals(v)[None]
        self.signals += worth[0] * self.model.signals_over(0.0, 1.0, times, np.ones(1))[0]
        self._follow(0.0, 1.0, times, worth)
        self._at(0.0, T, T, v)

    def _follow(self, start: float, end: float, times: Floats, worth: Floats) -> None:
        self.stages.append(Stage(start, end, times, {i: worth[:, columns] for i, columns in self._columns.items()}))

    def _at(self, t: float, T: Floats, level: Floats, v: Floats) -> None:
        model, now = self.model, Moment(self.model.layout, self.model.sigma, t, T)
        self.heat += v
        self.fourth += v * now.fourth
        self.level += v * level
        self.conducts -= self.conductors.between(v, level)
        if self._enclosure is not None:
            emissive = model.sigma * self._enclosure.mean(model.layout, now.fourth)
            inner = self._enclosure.mean(model.layout, T)
            self.moments.append(Moments(t, np.asarray(self._enclosure.weights.T @ v), emissive, inner))
        for feedback, known in self.fed.items():
            known.append((t, feedback.means(model.layout, T), np.asarray(feedback.weights.T @ v)))

    def emitted(self, area: Floats, sink: float) -> float:
        """Derivative by a factor on the emitting area (owned,) [m2] of a black body towards a sink [K]."""
        return float(self.model.sigma * area @ (sink**4 * self.heat - self.fourth))

    def film(self, conductance: Floats, fluid: float) -> float:
        """Derivative by a factor on a film's conductance (owned,) [W/K] to a fluid [K]."""
        return float(conductance @ (fluid * self.heat - self.level))

    def capacity(self, stores: Floats) -> float:
        """Derivative by a factor on some capacity of the rows (owned,) [J/K]."""
        return float(stores @ self.stored)

    def from_signals(self, of: Sequence[int], change: "Change") -> float:
        """Derivative where the signals of some followed sources change by `change(start, end, times)` (k, signals) per unit."""
        if not of:
            return 0.0
        return float(sum((one.together(of) * change(one.start, one.end, one.times)).sum() for one in self.stages))

    def from_feedback(self, feedback: Feedback, change: Callable[[float, Floats], Floats]) -> float:
        """Derivative where the heat of a feedback changes by `change(t, means)` (m,) [W] per unit of the parameter."""
        return float(sum(worth @ change(t, means) for t, means, worth in self.fed[feedback]))

    def from_arriving(self, change: Callable[[Moments], Floats]) -> float:
        """Derivative where what arrives on the groups of the enclosure changes by `change(moment)` (g,) [W/m2] per unit."""
        return float(sum(one.onto @ change(one) for one in self.moments))


def over_steps(sources: Sequence[Source]) -> Change:
    """Signals of some sources side by side at the stages of a step, as the march takes them (k, signals)."""
    together = Signals(sources)

    def found(start: float, end: float, times: Floats) -> Floats:
        signals = together.at(times)
        if len(times) == len(tableau.WEIGHTS):
            signals += together.missed(start, end, tableau.WEIGHTS @ signals)
        return np.asarray(signals)

    return found
