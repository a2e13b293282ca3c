"""The thermal model in a reduced basis: full matrices of few rows, and ways of heat by coordinates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis, Interpolated, Proportional, Reducible
from thermal.errors import SolveError
from thermal.heat import Way
from thermal.reduction.collocation import HAIR, Steps
from thermal.signal import Signal
from thermal.solve.model import Model
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A sparse matrix and what it is in a basis."""

    basis: Basis
    sparse: Any
    product: Floats  #: with the shapes (n, r)
    small: Floats  #: (r, r)

    @property
    def values(self) -> Floats:
        """Its entries."""
        return np.asarray(self.sparse.data)


#: sources whose signals never change and share their times, by place among the ways; and their loads (r columns) and heats over time
Joined = tuple[Sequence[int], Signal | None]


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """M dq/dt = -(A + slope) q + heat + slope q, with the slope of emission at the reference of the basis."""

    M: Floats  #: (r, r) J/K
    A: Floats  #: (r, r) conduction, contacts and films [W/K]
    slope: Floats  #: (r, r) symmetric part of that of emission and exchange [W/K]
    ways: Sequence[Way]  #: in the order of the full model
    sampled: Floats  #: (p, r) temperatures per coordinate, of which fourth powers are taken

    feedbacks: Sequence[Feedback] = field(init=False)  #: those among the ways
    weights: Sequence[Floats] = field(init=False)  #: theirs (r, signals)

    joined: Joined | None = None  #: `together`, where it is known before

    together: Joined = field(init=False)

    spreads: Mapping[int, Floats] = field(init=False)  #: (r, signals) of the other sources, by place among the ways

    def __post_init__(self) -> None:
        joined = _together(self.ways, len(self.M)) if self.joined is None else self.joined
        others = [(j, way) for j, way in enumerate(self.ways) if isinstance(way, Source) and j not in joined[0]]
        object.__setattr__(self, "together", joined)
        object.__setattr__(self, "spreads", {j: way.spread.toarray() for j, way in others})
        feedbacks = [way for way in self.ways if isinstance(way, Feedback)]
        object.__setattr__(self, "feedbacks", feedbacks)
        object.__setattr__(self, "weights", [way.weights.toarray() for way in feedbacks])


def reducible(model: Model) -> bool:
    """Whether a model may have a reduced form: on one rank, without an attached network and properties over temperature."""
    return model.attached is None and model.varying is None and model.layout.comm.size == 1


def reduced_model(model: Model, basis: Basis, matrices: tuple[Floats, Floats]) -> Small | None:
    """The model by the coordinates of a basis.

    None where a way of heat has no reduced form: held temperatures, emittance over temperature, blankets that conduct.

    Args:
        matrices: M and A in the basis, see `projected`.
    """
    ways: list[Way] = []
    for way in model.ways:
        one = way.reduced(basis, model.sigma) if isinstance(way, Reducible) else None
        if not isinstance(one, Source | Feedback | Interpolated | Proportional):
            return None
        ways.append(one)
    slope = sum((way.matrix for way in ways if isinstance(way, Interpolated)), np.zeros((basis.size, basis.size)))
    return Small(*matrices, slope, ways, basis.sampled())


def sparse_of(matrix: Any) -> Any:
    """A matrix of the model on one rank as scipy has them."""
    from scipy.sparse import csr_array

    start, columns, values = matrix.getValuesCSR()
    return csr_array((values, columns, start), shape=matrix.getSize())


def projected(product: Floats, basis: Basis) -> Floats:
    """A symmetric matrix in the basis (r, r), from its product with the shapes (n, r)."""
    found = basis.shapes.T @ product
    return np.asarray(0.5 * (found + found.T))


class Moments:
    """A reduced model at the same parts of all steps of an orbit: what time alone brings is known once, the rest goes by coordinates."""

    def __init__(self, small: Small, steps: Steps, share: Floats, weights: Floats) -> None:
        """Look up what time brings.

        Args:
            small: The model.
            steps: N of them.
            share: Parts (k,) of each.
            weights: Of a quadrature at them; sources whose integral is known bring it by these, evenly corrected.
        """
        self.small, self.shape = small, (len(share), len(steps.spans))
        self.times = steps.times(share).ravel()
        self.given = np.zeros((len(self.times), len(small.M)))
        self.heat_given = np.zeros((len(self.times), len(small.ways)))
        self.still = np.zeros((len(small.M), len(small.sampled)))
        self.turning: list[tuple[Floats, Interpolated]] = []
        places, table = small.together
        if table is not None:
            found = self._corrected(table(self.times), table.total(steps.edges[:-1], steps.edges[1:]), steps, weights)
            self.given += found[:, : len(small.M)]
            self.heat_given[:, places] = found[:, len(small.M) :]
        for j, way in enumerate(small.ways):
            if j in small.together[0]:
                continue
            if isinstance(way, Source):
                spread = small.spreads[j]
                self._take(j, self._signals(way, steps, weights), spread.sum(axis=0), spread)
            elif isinstance(way, Interpolated):
                blend = self._blend(way)
                self._take(j, blend, np.array([one.sum() for one in way.given]), np.stack(way.given, axis=1))
                if len(way.by_pose) == 1:
                    self.still += way.by_pose[0]
                else:
                    self.turning.append((blend, way))
            elif isinstance(way, Proportional):
                self.given += way.given
                self.heat_given[:, j] = way.given.sum()

    def _take(self, j: int, signals: Floats, heat: Floats, spread: Floats) -> None:
        """Add signals (m, s), spread over the coordinates (r, s)."""
        self.given += signals @ spread.T
        self.heat_given[:, j] = signals @ heat

    def _signals(self, way: Source, steps: Steps, weights: Floats) -> Floats:
        found = (way.signal() or way.rate)(self.times)
        return found if way.total is None else self._corrected(found, _totals(way, steps), steps, weights)

    def _corrected(self, signals: Floats, totals: Floats, steps: Steps, weights: Floats) -> Floats:
        """Signals (m, s) whose quadrature over each step is their integral (N, s)."""
        by_step = signals.reshape(*self.shape, -1)
        mean = np.tensordot(weights, by_step, axes=1)
        return np.asarray((by_step + (totals / steps.spans[:, None] - mean)).reshape(signals.shape))

    def _blend(self, way: Interpolated) -> Floats:
        """Weights of the poses at the times (m, poses)."""
        found = np.zeros((len(self.times), len(way.by_pose)))
        if len(way.by_pose) == 1:
            return found + 1.0
        for i, t in enumerate(self.times.tolist()):
            for weight, pose in way.at(t):
                found[i, pose] += weight
        return found

    def fourth(self, q: Floats) -> Floats:
        """Fourth powers of the samples (m, p) [K4] at coordinates (m, r)."""
        T = q @ self.small.sampled.T
        return np.asarray(np.square(T) * T * np.abs(T))

    def cubes(self, q: Floats) -> Floats:
        """Their derivatives (m, p) [K3]."""
        T = q @ self.small.sampled.T
        return np.asarray(4 * np.square(T) * np.abs(T))

    def spread(self, powers: Floats) -> Floats:
        """Heat into the coordinates (m, r) [W] from fourth powers of the samples, or from changes of them (m, p) [K4]."""
        found = powers @ self.still.T
        for blend, way in self.turning:
            for pose, matrix in enumerate(way.by_pose):
                some = np.flatnonzero(blend[:, pose])
                found[some] += blend[some, pose, None] * (powers[some] @ matrix.T)
        return np.asarray(found)

    def load(self, q: Floats, fed: Sequence[Floats]) -> Floats:
        """Heat into the coordinates (m, r) [W] but for what A takes off; `fed` is the heat of each feedback (m, signals)."""
        found = self.given + self.spread(self.fourth(q))
        for weights, heat in zip(self.small.weights, fed, strict=True):
            found += heat @ weights.T
        return found

    def fed(self, q: Floats) -> tuple[list[Floats], list[Floats]]:
        """Heat of each feedback (m, signals) [W] and its slope [W/K].

        Raises:
            SolveError: a member has no steady power.
        """
        heat, slopes = [], []
        for way, weights in zip(self.small.feedbacks, self.small.weights, strict=True):
            means = q @ weights
            one, slope = way.along(self.times, means)
            if way.ceiling is not None and (means.max(axis=1) > [way.ceiling(t) for t in self.times.tolist()]).any():
                raise SolveError(f"'{way.name}' passes the temperature above which it has no steady power")
            heat.append(one)
            slopes.append(slope)
        return heat, slopes

    def heat(self, q: Floats, fed: Sequence[Floats]) -> Floats:
        """Heat of each way (m, ways) [W]."""
        found, fourth, fed = self.heat_given.copy(), self.fourth(q), list(fed)
        for j, way in enumerate(self.small.ways):
            if isinstance(way, Interpolated):
                for pose, matrix in enumerate(way.by_pose):
                    blend = 1.0 if len(way.by_pose) == 1 else next(b for b, one in self.turning if one is way)[:, pose]
                    found[:, j] += blend * (fourth @ matrix.sum(axis=0))
            elif isinstance(way, Proportional):
                found[:, j] -= q @ way.conductance
            elif isinstance(way, Feedback):
                found[:, j] = fed.pop(0) @ way.share
        return found


def _totals(way: Source, steps: Steps) -> Floats:
    """Integrals of a source's signals over all steps (N, s)."""
    signal = way.signal()
    if signal is not None:
        return signal.total(steps.edges[:-1], steps.edges[1:])
    assert way.total is not None
    return np.array([way.total(a, b) for a, b in zip(steps.edges[:-1].tolist(), steps.edges[1:].tolist(), strict=True)])


def _together(ways: Sequence[Way], rows: int) -> Joined:
    """Places of sources that never change on the times of the longest table among them, and their loads and heats."""
    still = [(j, way, way.rate) for j, way in enumerate(ways) if isinstance(way, Source) and way.now is None and way.total is not None]
    mine = [(j, way, signal) for j, way, signal in still if isinstance(signal, Signal)]
    if not mine:
        return (), None
    times = max((signal.times for *_, signal in mine), key=len)
    mine = [(j, way, signal) for j, way, signal in mine if np.isin(signal.times, times).all() and signal.times[-1] == times[-1]]
    load, heat = np.zeros((len(times), rows)), []
    for _, way, signal in mine:
        spread, values = way.spread.toarray(), _on(signal, times)
        load += values @ spread.T
        heat.append(values @ spread.sum(axis=0))
    return [j for j, _, _ in mine], Signal(times, np.concatenate([load, np.stack(heat, axis=1)], axis=1))


def _on(signal: Signal, times: Floats) -> Floats:
    """Values of a signal on more times than its own (n, m): left and right limit where one of these stands twice."""
    if len(signal.times) == len(times):
        return signal.values
    hair = HAIR * times[-1]
    twice = np.diff(times) == 0.0
    where = times - hair * np.append(twice, False) + hair * np.append(False, twice)
    return signal(where)
