"""Values over an orbit, linear between times; a time that stands twice carries the value just before and just after a jump."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ROUND_OFF = 1e-13
HAIR = 1e-9  #: of a span of time
LOOKED_AT = 64  #: values by which a signal is found to stand still


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A periodic signal of m values, repeated after `times[-1] - times[0]`."""

    times: Floats  #: (n,) s, from 0, not decreasing
    values: Floats  #: (n, m)
    _sums: list[Floats] = field(default_factory=list)  #: (n, m) integral up to each time, once it is asked for
    _ends: dict[float, Floats] = field(default_factory=dict)  #: the same up to the ends of the last span

    def __call__(self, t: ArrayLike) -> Floats:
        """Values at times that are not themselves jumps: (m,) at one time, (k, m) at k."""
        now, period = np.asarray(t, dtype=float), self.times[-1]
        if now.size and not 0 <= now.min() <= now.max() <= period:
            now = now % period
        i, share = self._place(now)
        return np.asarray((1 - share)[..., None] * self.values[i] + share[..., None] * self.values[i + 1])

    def total(self, start: ArrayLike, end: ArrayLike) -> Floats:
        """Integral from `start` to `end`, exact: (m,) between two times, (k, m) between k pairs of them."""
        return self._upto(np.asarray(end, dtype=float)) - self._upto(np.asarray(start, dtype=float))

    def _upto(self, t: Floats) -> Floats:
        """Integral from 0 to any times."""
        if not self._sums:
            steps = 0.5 * (self.values[1:] + self.values[:-1]) * np.diff(self.times)[:, None]
            self._sums.append(np.concatenate([np.zeros((1, self.values.shape[1])), np.cumsum(steps, axis=0)]))
        sums, period = self._sums[0], self.times[-1]
        turns = np.where((t >= 0) & (t <= period), 0.0, np.floor(t / period))
        i, share = self._place(t - turns * period)
        share, width = share[..., None], (self.times[i + 1] - self.times[i])[..., None]
        part = share * width * (self.values[i] + 0.5 * share * (self.values[i + 1] - self.values[i]))
        return np.asarray(turns[..., None] * sums[-1] + sums[i] + part)

    def _place(self, t: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Interval in which each time of the first period lies, and the share of it that has passed."""
        i = np.minimum(np.searchsorted(self.times, t, side="right"), len(self.times) - 1) - 1
        i = np.maximum(i, 0)
        width = self.times[i + 1] - self.times[i]
        return i, np.where(width > 0, t - self.times[i], 0.0) / np.where(width > 0, width, 1.0)

    def weights(self, edges: Floats) -> Floats:
        """Weights (k - 1, n) of the values in the means between each two of k increasing times; those of any signal on the same times."""
        return Signal(self.times, np.eye(len(self.times))).total(edges[:-1], edges[1:]) / np.diff(edges)[:, None]

    def lean(self) -> "Signal":
        """The same without times about which nothing changes: shadows that stand still on a body that faces the Sun, say."""
        looked = np.linspace(0, self.values.shape[1] - 1, min(LOOKED_AT, self.values.shape[1])).astype(np.int64)
        if len(self.times) < 4 or _still(self.values[:, looked]).mean() < 0.5:
            return self
        kept = np.concatenate([[True], ~_still(self.values), [True]])
        return Signal(self.times[kept], self.values[kept])

    def mean(self) -> Floats:
        """Mean over the period, shape (m,)."""
        return np.asarray(np.trapezoid(self.values, self.times, axis=0) / self.times[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Interrupted:
    """A periodic signal that another one takes the place of for a while; neither loses its phase."""

    usual: Signal
    other: Signal  #: of as many values
    begin: float  #: s
    end: float  #: s

    def __call__(self, t: ArrayLike) -> Floats:
        """Values at times that are not themselves jumps: (m,) at one time, (k, m) at k."""
        now = np.asarray(t, dtype=float)
        apart = (now >= self.begin) & (now < self.end)
        if not apart.any():
            return self.usual(now)
        return self.other(now) if apart.all() else np.where(apart[..., None], self.other(now), self.usual(now))

    def total(self, start: ArrayLike, end: ArrayLike) -> Floats:
        """Integral from `start` to `end`, exact: (m,) between two times, (k, m) between k pairs of them."""
        first, last = (np.clip(np.asarray(t, dtype=float), self.begin, self.end) for t in (start, end))
        return np.asarray(self.usual.total(start, end) + self.other.total(first, last) - self.usual.total(first, last))

    @property
    def times(self) -> Floats:
        """Times of one period at which either of the two is known [s], jumps twice."""
        jumps = [t[1:][np.diff(t) == 0] for t in (self.usual.times, self.other.times)]
        return np.sort(np.concatenate([np.union1d(self.usual.times, self.other.times), np.union1d(*jumps)]))

    def mean(self) -> Floats:
        """Mean of the usual one over its period, shape (m,)."""
        return self.usual.mean()


type Course = Signal | Interrupted


def _still(values: Floats) -> NDArray[np.bool_]:
    """Which of the inner times have the values (n, m) of both times beside them, to round-off (n - 2,)."""
    same = np.abs(np.diff(values, axis=0)).max(axis=1, initial=0.0) <= ROUND_OFF * np.abs(values).max(initial=0.0)
    return np.asarray(same[1:] & same[:-1])


def sides(times: Floats) -> tuple[Floats, Floats]:
    """Times a hair before and after each of some, within them (n,) [s]: a course that jumps at one of them has two values there."""
    hair = HAIR * float(times[-1] - times[0])
    return np.maximum(times - hair, times[0]), np.minimum(times + hair, times[-1])


def constant(values: Floats, period: float = 1.0) -> Signal:
    """A signal that never changes."""
    return Signal(np.array([0.0, period]), np.stack([values, values]))
