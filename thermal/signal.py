"""Values over an orbit, linear between times; a time that stands twice carries the value just before and just after a jump."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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

    def mean(self) -> Floats:
        """Mean over the period, shape (m,)."""
        return np.asarray(np.trapezoid(self.values, self.times, axis=0) / self.times[-1])


def constant(values: Floats, period: float = 1.0) -> Signal:
    """A signal that never changes."""
    return Signal(np.array([0.0, period]), np.stack([values, values]))
