"""Heat pipes as conductors that carry no more than their limit at the temperature of their warmer end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thermal.network.flows import Floats, Ids, Instant, Slopes, both_ends


@dataclass(frozen=True, slots=True, eq=False)
class HeatPipes:
    """Heat = conductance x difference up to the limit; beyond it the evaporator dries and the pipe carries the limit alone."""

    start: Ids
    end: Ids
    conductance: Floats  #: (m,) W/K
    tables: Sequence[tuple[Floats, Floats]]  #: (m,) temperatures [K], rising, and limits [W]; held beyond both ends
    paths: Sequence[str]

    def limits(self, T: Floats) -> Floats:
        """Limit of each (m,) [W]."""
        warmer = np.maximum(T[self.start], T[self.end])
        return np.array([np.interp(t, known, limit) for t, (known, limit) in zip(warmer, self.tables, strict=True)])

    def asked(self, T: Floats) -> Floats:
        """What they would carry without limit (m,) [W]."""
        return np.asarray(self.conductance * (T[self.start] - T[self.end]))

    def rate(self, now: Instant) -> Floats:
        """W."""
        limit = self.limits(now.T)
        return np.clip(self.asked(now.T), -limit, limit)

    def slopes(self, now: Instant) -> Slopes:
        """Those of a conductor below the limit; above it the limit's own."""
        limit = self.limits(now.T)
        free = np.abs(self.asked(now.T)) <= limit
        value = np.where(free, self.conductance, 0.0)
        flows, rows, values = both_ends(self.start, self.end, value, value)
        warmer = np.where(now.T[self.start] >= now.T[self.end], self.start, self.end)
        step = 1e-4
        ahead = np.array([np.interp(t + step, known, lim) for t, (known, lim) in zip(now.T[warmer], self.tables, strict=True)])
        by_limit = np.where(free, 0.0, np.sign(self.asked(now.T)) * (ahead - limit) / step)
        own = np.arange(len(self.start))
        return np.concatenate([flows, own]), np.concatenate([rows, warmer]), np.concatenate([values, by_limit])
