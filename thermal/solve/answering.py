"""What answers to temperatures, feedbacks and an attached network, as a change of low rank of the matrix of the mesh.

Heat G W'u comes into the rows by the columns of W: the matrix becomes K = B - W G W', B that of the mesh alone. It is never assembled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from thermal.network.attached import Attached, Border
from thermal.solve.model import Gains, Model
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Where heat that answers to temperatures comes in: signals of feedbacks, and behind them walls of an attached network."""

    model: Model
    feedbacks: Sequence[Feedback]
    attached: Attached
    inward: csr_matrix = field(init=False)  #: (owned, p) into the rows that are not held
    measured: csr_matrix = field(init=False)  #: (p, owned) whose temperatures are measured
    share: Floats = field(init=False)  #: (p,) of each column that comes into rows which are not held, over all ranks

    def __post_init__(self) -> None:
        columns = csr_matrix(hstack([*(b.weights for b in self.feedbacks), self.attached.weights]))
        free = np.ones(self.model.layout.owned)
        free[self.model.held_rows()] = 0.0
        inward = csr_matrix(columns.multiply(free[:, None]))
        object.__setattr__(self, "measured", csr_matrix(columns.T))
        object.__setattr__(self, "inward", inward)
        object.__setattr__(self, "share", np.asarray(self.model.layout.sum(np.asarray(inward.sum(axis=0)).ravel())))

    def temperatures(self, u: Floats) -> Floats:
        """Of the columns (p,) or (p, k), or changes of them [K]; collective."""
        return np.asarray(self.model.layout.sum(self.measured @ u))

    def gain(self, gains: Gains, border: Border) -> Callable[[Floats], Floats]:
        """Heat into the columns (p,) or (p, k) [W] for changes of their temperatures [K]."""
        slopes = np.concatenate([np.zeros(0), *(np.asarray(gains.get(b, np.zeros(b.weights.shape[1]))) for b in self.feedbacks)])
        fed = len(slopes)

        def heat(theta: Floats) -> Floats:
            return np.concatenate([(slopes * theta[:fed].T).T, border.through(theta[fed:])])

        return heat


@dataclass(slots=True, eq=False)
class Answering:
    """One state of it: G, for one time step."""

    columns: Columns
    border: Border
    gain: Callable[[Floats], Floats]
    evenly: float = field(init=False)  #: heat that it brings for one kelvin more of all rows that are not held [W/K]

    def __post_init__(self) -> None:
        free = np.ones(self.columns.model.layout.owned)
        free[self.columns.model.held_rows()] = 0.0
        self.evenly = float(self.columns.share @ self.gain(self.columns.temperatures(free)))

    def brought(self, u: Floats) -> Floats:
        """Heat into the rows that are not held (owned,) [W]; collective."""
        return np.asarray(self.columns.inward @ self.gain(self.columns.temperatures(u)))


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
            answer = apply(columns.inward @ (missing / off))
            self.add(missing / off, answer, columns.temperatures(answer), measure(answer))
        heat = np.zeros_like(wanted)
        for part, one, answer in zip(share.tolist(), self.heats, self.answers, strict=True):
            heat += part * one
            u += part * answer
        return u, float(columns.share @ (state.gain(columns.temperatures(u)) - heat))
