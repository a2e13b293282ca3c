"""An orbit in steps of three stages (Radau IIA, order 5), all steps side by side, and the periodic answer of decoupled linear rates.

Source: Hairer and Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, table IV.5.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROOT = 6**0.5
STAGES: Floats = np.array([(4 - _ROOT) / 10, (4 + _ROOT) / 10, 1.0])
MATRIX: Floats = np.array(
    [
        [(88 - 7 * _ROOT) / 360, (296 - 169 * _ROOT) / 1800, (-2 + 3 * _ROOT) / 225],
        [(296 + 169 * _ROOT) / 1800, (88 + 7 * _ROOT) / 360, (-2 - 3 * _ROOT) / 225],
        [(16 - _ROOT) / 36, (16 + _ROOT) / 36, 1 / 9],
    ]
)
WEIGHTS: Floats = MATRIX[2]

FIRST_STEP = 8.0  #: s after an event
GROWTH = 2.0  #: of a step over the one before
LONGEST = 1 / 40  #: of the orbit
MOVED = 0.02  #: of the orbit, by which an event moves at most without new steps
HAIR = 1e-9  #: of an interval between events, by which what jumps at its ends is taken from the inside

_POLYNOMIAL: Floats = np.linalg.inv(np.vander(np.concatenate([[0.0], STAGES]), increasing=True))


def interpolation(share: Floats) -> Floats:
    """Weights (k, 4) of the start of a step and its three stages at parts `share` (k,) of it: their polynomial."""
    return np.asarray(np.vander(share, 4, increasing=True) @ _POLYNOMIAL)


def rates_of_change(share: Floats) -> Floats:
    """Derivatives of these weights (k, 4) with respect to the part."""
    return np.asarray(np.vander(share, 3, increasing=True) * np.array([1.0, 2.0, 3.0]) @ _POLYNOMIAL[1:])


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """N steps from event to event over an orbit."""

    edges: Floats  #: (N + 1,) s
    low: Floats  #: (N,) first time inside the events between which each step lies [s]
    high: Floats  #: (N,) last
    spans: Floats = field(init=False)  #: (N,) s

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", np.diff(self.edges))

    def times(self, share: Floats) -> Floats:
        """Times at parts (k,) of all steps (k, N), inside their events [s]."""
        return np.clip(self.edges[:-1] + share[:, None] * self.spans, self.low, self.high)

    def place(self, times: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Step in which each time lies, and the part of it that has passed."""
        k = np.clip(np.searchsorted(self.edges, times, side="left") - 1, 0, len(self.spans) - 1)
        return k, np.clip((times - self.edges[k]) / self.spans[k], 0.0, 1.0)

    def over(self, period: float) -> "Steps":
        """The same over an orbit that is a little longer or shorter [s]."""
        longer = period / self.edges[-1]
        return Steps(self.edges * longer, self.low * longer, self.high * longer)

    def moved(self, before: Sequence[float], after: Sequence[float]) -> "Steps | None":
        """The same steps between events that moved a little [s]; None where there are others."""
        a, b = np.asarray(before), np.asarray(after)
        if len(a) != len(b) or np.abs(b - a).max() > MOVED * (a[-1] - a[0]) or (np.diff(b) < 0.5 * np.diff(a)).any():
            return None
        where = np.searchsorted(a, 0.5 * (self.edges[:-1] + self.edges[1:]), side="right") - 1
        hair = HAIR * (b[where + 1] - b[where])
        return Steps(np.interp(self.edges, a, b), b[where] + hair, b[where + 1] - hair)

    def halved(self, some: NDArray[np.bool_]) -> "Steps":
        """With some of the steps in two."""
        twice = np.where(some, 2, 1)
        middles = 0.5 * (self.edges[:-1] + self.edges[1:])[some]
        return Steps(np.sort(np.concatenate([self.edges, middles])), np.repeat(self.low, twice), np.repeat(self.high, twice))


def steps_over(events: Sequence[float]) -> Steps:
    """Steps that begin short after each of increasing events [s] and grow from there."""
    longest = LONGEST * (events[-1] - events[0])
    edges, low, high = [float(events[0])], list[float](), list[float]()
    for start, end in pairwise(events):
        if end <= start:
            continue
        count, spans = 0, list[float]()
        while sum(spans) < (end - start) * (1 - 1e-9):
            spans.append(min(FIRST_STEP * GROWTH**count, longest))
            count += 1
        share = np.cumsum(spans) / sum(spans)
        edges += [start + float(part) * (end - start) for part in share[:-1]] + [end]
        hair = HAIR * (end - start)
        low += [start + hair] * len(spans)
        high += [end - hair] * len(spans)
    return Steps(np.array(edges), np.array(low), np.array(high))


class Rates:
    """Periodic solutions of z' = -rate z + g for r rates, g given at the stages of N steps."""

    def __init__(self, steps: Steps, rates: Floats) -> None:
        """Prepare.

        Args:
            steps: Of the orbit.
            rates: (r,) above 0 [1/s].
        """
        spans, which = np.unique(np.round(steps.spans, 9), return_inverse=True)
        system = np.eye(3) + (spans[:, None, None, None] * rates[:, None, None]) * MATRIX
        inverse = np.linalg.inv(system)
        scaled = spans[:, None, None, None] * (inverse @ MATRIX)
        self._by_forcing = np.ascontiguousarray(np.moveaxis(scaled, (2, 3), (0, 1))[:, :, which])  # (3, 3, N, r)
        self._by_start = np.ascontiguousarray(np.moveaxis(inverse.sum(axis=3), 2, 0)[:, which])  # (3, N, r)
        count = len(steps.spans)
        carried = np.zeros((count + 1, count, len(rates)))  # into the start of each step, of what those before it have driven
        for k, decay in enumerate(self._by_start[2]):
            np.multiply(decay, carried[k], out=carried[k + 1])
            carried[k + 1, k] = 1.0
        lasting = np.cumprod(np.concatenate([np.ones((1, len(rates))), self._by_start[2]]), axis=0)
        self._starts = carried[:-1] + lasting[:-1, None] * (carried[-1] / (1.0 - lasting[-1]))

    def periodic(self, forcing: Floats) -> tuple[Floats, Floats]:
        """Stages (3, N, r) and starts of the steps (N, r) under a forcing (3, N, r)."""
        driven = np.einsum("ijkr,jkr->ikr", self._by_forcing, forcing)
        starts = np.einsum("kjr,jr->kr", self._starts, driven[2])
        return self._by_start * starts + driven, starts
