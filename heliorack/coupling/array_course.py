"""What an array can give over the whole of a transient: revolution after revolution, but for a while in which the body points otherwise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.timeline import resample, sides, with_events

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Revolution:
    """An array over one revolution, that repeats."""

    times: Floats  #: (n,) s, from 0 to the period; jumps stand twice
    available: Floats  #: (n,) W
    split: Floats | None = None  #: (n, sections) part of it that comes from each section

    def at(self, values: ArrayLike, times: Floats) -> Floats:
        """What is known over the revolution, or is always the same, at times of the run (m,) [s] that have each jump twice."""
        known = np.asarray(values, dtype=float)
        if known.ndim == 0:
            return known
        turns = self._turns(float(times[-1]))
        return resample(self._tiled(turns), np.tile(known, (turns, *(1,) * (known.ndim - 1))), times)

    def moments(self, begin: float, end: float) -> Floats:
        """Its times again and again between two times of the run [s]."""
        tiled = self._tiled(self._turns(end))
        return tiled[(tiled > begin) & (tiled < end)]

    def _turns(self, end: float) -> int:
        return max(int(np.ceil(end / self.times[-1] - 1e-12)), 1)

    def _tiled(self, turns: int) -> Floats:
        return np.concatenate([n * self.times[-1] + self.times for n in range(turns)])


@dataclass(frozen=True, slots=True, eq=False)
class ArrayCourse:
    """The array over a run."""

    usual: Revolution
    begin: float = np.inf  #: from when to when it is the other one [s]
    end: float = np.inf
    other: Revolution | None = None

    def times(self, times: Floats) -> Floats:
        """Times of the run with all that it needs besides (m,) [s]."""
        if self.other is None:
            return times
        end = min(self.end, float(times[-1]))
        found = with_events(times, self.other.moments(self.begin, end))
        return with_events(found, [t for t in (self.begin, self.end) if 0.0 < t < times[-1]])

    def available(self, times: Floats) -> Floats:
        """W, at times of the run (m,) that have each jump twice."""
        return self._blended(times, self.usual.available, None if self.other is None else self.other.available)

    def split(self, times: Floats) -> Floats | None:
        """Part that comes from each section (m, sections)."""
        if self.usual.split is None:
            return None
        return self._blended(times, self.usual.split, None if self.other is None else self.other.split)

    def _blended(self, times: Floats, usual: Floats, other: Floats | None) -> Floats:
        found = self.usual.at(usual, times)
        if self.other is None or other is None:
            return found
        before = sides(times)
        apart = np.where(before, (times > self.begin) & (times <= self.end), (times >= self.begin) & (times < self.end))
        return np.where(apart.reshape(-1, *(1,) * (found.ndim - 1)), self.other.at(other, times), found)
