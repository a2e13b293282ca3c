"""Values over an orbit, linear between times; a time that stands twice carries the value just before and just after a jump."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A periodic signal of m values, repeated after `times[-1] - times[0]`."""

    times: Floats  #: (n,) s, from 0, not decreasing
    values: Floats  #: (n, m)

    def __call__(self, t: float) -> Floats:
        """Values at a time that is not itself a jump, shape (m,)."""
        period = self.times[-1]
        if not 0 <= t <= period:
            t = t % period
        i = min(max(int(np.searchsorted(self.times, t, side="right")) - 1, 0), len(self.times) - 2)
        width = self.times[i + 1] - self.times[i]
        share = (t - self.times[i]) / width if width > 0 else 0.0
        return np.asarray((1 - share) * self.values[i] + share * self.values[i + 1])

    def mean(self) -> Floats:
        """Mean over the period, shape (m,)."""
        return np.asarray(np.trapezoid(self.values, self.times, axis=0) / self.times[-1])


def constant(values: Floats, period: float = 1.0) -> Signal:
    """A signal that never changes."""
    return Signal(np.array([0.0, period]), np.stack([values, values]))
