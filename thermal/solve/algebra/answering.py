"""What answers to temperatures, feedbacks and an attached network, as a change of low rank of the matrix of the mesh.

Heat G W'u comes into the rows by the columns of W: the matrix becomes K = B - W G W', B that of the mesh alone. It is never assembled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from thermal.network.attached import Attached
from thermal.network.border import Border
from thermal.solve.model import Gains, Model
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]

STATES = 8  #: of an attached network that are kept, each for one shift
MEMORY = 5e8  #: bytes of kept answers to heat into columns at most, when others begin


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Where heat that answers to temperatures comes in: signals of feedbacks, and behind them walls of an attached network."""

    model: Model
    feedbacks: Sequence[Feedback]
    attached: Attached
    rows: NDArray[np.int64] = field(init=False)  #: (w,) owned rows that get some of it; none is held
    inward: csr_matrix = field(init=False)  #: (w, p) into those
    measured: csr_matrix = field(init=False)  #: (p, owned) whose temperatures are measured
    share: Floats = field(init=False)  #: (p,) of each column that comes into rows which are not held, over all ranks

    def __post_init__(self) -> None:
        columns = csr_matrix(hstack([*(b.weights for b in self.feedbacks), self.attached.weights]))
        free = np.ones(self.model.layout.owned)
        free[self.model.held_rows()] = 0.0
        inward = csr_matrix(columns.multiply(free[:, None]))
        inward.eliminate_zeros()
        rows = np.flatnonzero(np.diff(inward.indptr))
        object.__setattr__(self, "measured", csr_matrix(columns.T))
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "inward", csr_matrix(inward[rows]))
        object.__setattr__(self, "share", np.asarray(self.model.layout.sum(np.asarray(inward.sum(axis=0)).ravel())))

    def temperatures(self, u: Floats) -> Floats:
        """Of the columns (p,) or (p, k), or changes of them [K]; collective."""
        return np.asarray(self.model.layout.sum(self.measured @ u))

    def add(self, vector: Floats, heat: Floats, times: float = 1.0) -> None:
        """Add heat into the columns (p,) [W], as often as that, to the rows that it comes into, in place."""
        vector[self.rows] += self.inward @ (times * heat)

    def spread(self, heat: Floats) -> Floats:
        """Heat into the columns (p,) [W] as what comes into the rows (owned,) [W]."""
        found = np.zeros(self.model.layout.owned)
        self.add(found, heat)
        return found

    def slopes(self, gains: Gains) -> Floats:
        """Of the feedbacks [W/K]; 0 of one that is not in them."""
        return np.concatenate([np.zeros(0), *(np.asarray(gains.get(b, np.zeros(b.weights.shape[1]))) for b in self.feedbacks)])


@dataclass(slots=True, eq=False)
class Answering:
    """One state of it: G, for one time step."""

    columns: Columns
    border: Border
    slopes: Floats  #: of the feedbacks [W/K]
    evenly: float = field(init=False)  #: heat that it brings for one kelvin more of all rows that are not held [W/K]

    def __post_init__(self) -> None:
        free = np.ones(self.columns.model.layout.owned)
        free[self.columns.model.held_rows()] = 0.0
        self.evenly = float(self.columns.share @ self.gain(self.columns.temperatures(free)))

    @property
    def definite(self) -> bool:
        """Whether it leaves the matrix symmetric and positive: a passive network, and feedbacks that heat less where it is warmer."""
        return self.border.symmetric and bool((self.slopes <= 0.0).all())

    def gain(self, theta: Floats) -> Floats:
        """Heat into the columns (p,) or (p, k) [W] for changes of their temperatures [K]."""
        fed = len(self.slopes)
        return np.concatenate([(self.slopes * theta[:fed].T).T, self.border.through(theta[fed:])])

    def add(self, vector: Floats, u: Floats, times: float = 1.0) -> None:
        """Add the heat that it brings for a change of temperatures (owned,) [K], as often as that, to the rows, in place; collective."""
        self.columns.add(vector, self.gain(self.columns.temperatures(u)), times)


@dataclass(slots=True, eq=False)
class Directions:
    """Heats into columns whose answers by the matrix of the mesh are known, for one shift: they serve any G."""

    heats: list[Floats] = field(default_factory=list)  #: (p,) W each, of size one
    answers: list[Floats] = field(default_factory=list)  #: (owned,) K
    moved: list[Floats] = field(default_factory=list)  #: (p,) temperatures of the columns [K]
    reach: float = 0.0  #: largest answer to a heat of size one, by the measure of the errors [K/W]
    _state: Any = None
    _factors: tuple[Floats, Floats] | None = None

    def add(self, heat: Floats, answer: Floats, moved: Floats, size: float) -> None:
        """A direction more."""
        self.heats.append(heat)
        self.answers.append(answer)
        self.moved.append(moved)
        self.reach, self._state = max(self.reach, size), None

    def best(self, state: Answering, wanted: Floats) -> tuple[Floats, Floats]:
        """Shares (k,) of the directions so that their heat y comes nearest to y = wanted + G S y, and what is then missing (p,) [W]."""
        if not self.heats:
            return np.zeros(0), wanted
        if self._state is not state or self._factors is None:
            heats, moved = np.array(self.heats).T, np.array(self.moved).T
            self._factors, self._state = np.linalg.qr(heats - state.gain(moved)), state
        Q, R = self._factors
        along = Q.T @ wanted
        return np.linalg.lstsq(R, along, rcond=1e-13)[0], wanted - Q @ along

    def solve(
        self,
        apply: Callable[[Floats], Floats],
        right: Floats,
        state: Answering,
        measure: Callable[[Floats], float],
        least: Callable[[Floats], float],
    ) -> tuple[Floats, float]:
        """Solve K u = right by the answer of the mesh alone and those to heats into columns that make up for what answers to temperatures.

        The next right-hand side, and the next G, need few answers more, and never more than there are columns.

        Args:
            apply: Solves with the matrix of the mesh.
            right: Of the rows that are not held [W].
            state: What answers to temperatures.
            measure: Size of an error (owned,) [K].
            least: Error that does no harm, by the answer of the mesh alone [K].

        Returns:
            The answer (owned,) [K]; heat that it leaves over, of all rows [W].
        """
        columns, u = state.columns, apply(right)
        wanted, tiny = state.gain(columns.temperatures(u)), float(np.finfo(np.float64).tiny)
        enough = least(u)
        while True:
            share, missing = self.best(state, wanted)
            off = float(np.linalg.norm(missing))
            larger = max(1.0, float(np.linalg.norm(share)) / max(float(np.linalg.norm(wanted)), tiny))
            if off <= tiny or (self.heats and self.reach * off * larger <= enough) or len(self.heats) >= len(wanted):
                break
            answer = apply(columns.spread(missing / off))
            self.add(missing / off, answer, columns.temperatures(answer), measure(answer))
        heat = np.zeros_like(wanted)
        for part, one, answer in zip(share.tolist(), self.heats, self.answers, strict=True):
            heat += part * one
            u += part * answer
        return u, float(columns.share @ (state.gain(columns.temperatures(u)) - heat))


@dataclass(slots=True, eq=False)
class ByShift:
    """What is kept of it, by the shift of a step."""

    model: Model
    columns: Columns | None = None
    states: dict[float, tuple[Any, Floats, Answering]] = field(default_factory=dict)  #: G behind what it depends on
    directions: dict[float, Directions] = field(default_factory=dict)

    def at(self, shift: float, gains: Gains, attached: Attached) -> Answering:
        """The state for some slopes.

        Raises:
            SolveError: a part of the network has no temperature.
        """
        if self.columns is None:
            self.columns = Columns(self.model, self.model.feedbacks, attached)
        gain, nominal, slopes = gains[attached], attached.nominal, self.columns.slopes(gains)
        known = self.states.pop(shift, None)
        if known is None or known[0] is not gain or known[1] is not nominal:
            known = gain, nominal, Answering(self.columns, attached.border(shift, gain), slopes)
        elif not np.array_equal(known[2].slopes, slopes):
            known = gain, nominal, Answering(self.columns, known[2].border, slopes)
        self.states[shift] = known
        if len(self.states) > STATES:
            self.states.pop(next(iter(self.states)))
        return known[2]

    def known(self, shift: float) -> Directions:
        """Directions of a shift; the oldest make room."""
        if shift not in self.directions:
            while sum(len(one.answers) for one in self.directions.values()) > MEMORY / (8 * self.model.layout.size):
                self.directions.pop(next(iter(self.directions)))
            self.directions[shift] = Directions()
        return self.directions[shift]

    def drop(self, shift: float) -> None:
        """Forget the directions of one shift: its factor is gone."""
        self.directions.pop(shift, None)

    def clear(self) -> None:
        """Forget all directions: the matrix of the mesh is another."""
        self.directions.clear()
