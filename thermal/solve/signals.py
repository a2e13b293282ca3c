"""Signals of all sources of a model side by side: those on the same times are looked up once."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from thermal.signal import Signal
from thermal.solve.ways import Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


class Signals:
    """Columns of signals, one source after another.

    Sources that follow a partner have other signals from round to round; what lies side by side is put together anew when any changes.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        ends = list(accumulate((source.spread.shape[1] for source in sources), initial=0))
        self._all = [(source, slice(a, b)) for source, (a, b) in zip(sources, pairwise(ends), strict=True)]
        self._count = ends[-1]
        self._known = np.zeros(self._count, dtype=bool)  #: columns whose integral is known
        for source, columns in self._all:
            self._known[columns] = source.total is not None
        self._now: list[Signal] = []  #: that `_together` is made of
        self._together: list[tuple[Signal, Ids]] = []  #: on times of their own, each with its columns
        self._apart: list[tuple[Source, slice]] = []  #: sources that are not signals

    def at(self, times: Floats) -> Floats:
        """All of them at some times (k,) [s], (k, columns)."""
        self._renew()
        found = np.empty((len(times), self._count))
        for signal, columns in self._together:
            found[:, columns] = signal(times)
        for source, mine in self._apart:
            found[:, mine] = source.rate(times)
        return found

    def over(self, edges: Floats) -> Floats:
        """Their means between each two of k increasing times [s], (k - 1, columns); at the middle where the integral is not known."""
        self._renew()
        begin, end = edges[:-1], edges[1:]
        found = np.empty((len(begin), self._count))
        for signal, columns in self._together:
            found[:, columns] = signal.total(begin, end) / (end - begin)[:, None]
        for source, mine in self._apart:
            if source.total is None:
                found[:, mine] = source.rate(0.5 * (begin + end))
            else:
                pairs = zip(begin.tolist(), end.tolist(), strict=True)
                found[:, mine] = np.array([source.total(a, b) / (b - a) for a, b in pairs])
        return found

    def missed(self, start: float, end: float, mean: Floats) -> Floats:
        """What the mean that a quadrature takes (columns,) is short of between two times [s]; nothing where the integral is not known."""
        self._renew()
        total = np.empty(self._count)
        for signal, columns in self._together:
            total[columns] = signal.total(start, end)
        for source, mine in self._apart:
            total[mine] = 0.0 if source.total is None else source.total(start, end)
        return np.where(self._known, total / (end - start) - mean, 0.0)

    def _renew(self) -> None:
        """Put together the signals as they are now."""
        now = [(source.signal(), source, mine) for source, mine in self._all]
        signals = [signal for signal, _, _ in now if signal is not None]
        if self._now and len(signals) == len(self._now) and all(a is b for a, b in zip(signals, self._now, strict=True)):
            return
        self._now = signals
        self._apart = [(source, mine) for signal, source, mine in now if signal is None]
        alike: dict[int, tuple[list[Signal], list[Ids]]] = {}
        for signal, _, mine in now:
            if signal is not None:
                of, columns = alike.setdefault(id(signal.times), ([], []))
                of.append(signal)
                columns.append(np.arange(mine.start, mine.stop))
        self._together = [
            (Signal(of[0].times, np.concatenate([each.values for each in of], axis=1)), np.concatenate(columns))
            for of, columns in alike.values()
        ]
