"""What is remembered of a march: extremes, means and fields of parts and faces, and heat flows at a state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from thermal.layout import Layout
from thermal.solve.march import inside
from thermal.solve.maximum_principle import MaximumPrinciple
from thermal.solve.step import Step

Floats = NDArray[np.float64]

AT_ONCE = 5e5  #: temperatures that are looked at side by side

PEAK_POINTS = (1 / 3, 2 / 3, 1.0)  #: fractions of a step at which extremes are looked for in the dense output


#: Names of what a recorder keeps of a march that is interrupted.
RECORDED = frozenset(
    (
        "times_s",
        "mean_K",
        "low_K",
        "high_K",
        "frames_s",
        "fields_K",
        "hottest_K",
        "coldest_K",
        "watched",
        "warmest_mean_K",
        "coolest_mean_K",
    )
)


@dataclass(slots=True, eq=False)
class Recorder:
    """Observes steps; figures are of all ranks once `history` is called (collective).

    Args:
        layout: Rows of the system.
        groups: (owned, g) weights of parts and faces whose temperatures are wanted; a row belongs to a group where its weight is positive.
        samples: Times at which groups are recorded [s], increasing; a time that stands twice (an event) is recorded once.
        frames: Times at which whole fields are kept [s].
        principle: Keeps swings that no body makes out of the extremes over all steps; None counts every value.
        watch: Figures (m,) of temperatures of all nodes in input order, taken at the end of every step.
    """

    layout: Layout
    groups: csr_matrix
    samples: Floats
    frames: Floats
    principle: MaximumPrinciple | None = None
    watch: Callable[[Floats], Floats] | None = None
    _across: csr_matrix = field(init=False)  #: (g, owned)
    _rows: NDArray[np.int64] = field(init=False)  #: rows of all groups, one group after another
    _group: NDArray[np.int64] = field(init=False)  #: group of each of them
    _first: NDArray[np.int64] = field(init=False)  #: where each group begins among them
    _some: NDArray[np.bool_] = field(init=False)  #: groups with rows on this rank
    _weights: Floats = field(init=False)
    _mean: dict[float, Floats] = field(init=False)
    _low: dict[float, Floats] = field(init=False)
    _high: dict[float, Floats] = field(init=False)
    _fields: dict[float, Floats] = field(init=False)
    _watched: list[Floats] = field(init=False)
    _hottest: Floats = field(init=False)
    _coldest: Floats = field(init=False)
    _warmest: Floats = field(init=False)  #: of the means
    _coolest: Floats = field(init=False)

    def __post_init__(self) -> None:
        columns = self.groups.tocsc()
        self._across = csr_matrix(self.groups.T)
        self._rows, self._first = columns.indices.astype(np.int64), columns.indptr[:-1].astype(np.int64)
        self._some = np.diff(columns.indptr) > 0
        self._group = np.repeat(np.arange(len(self._first)), np.diff(columns.indptr))
        self._weights = np.asarray(self.layout.sum(np.asarray(self.groups.sum(axis=0)).ravel()))
        self.clear()

    def clear(self) -> None:
        """Forget everything observed."""
        self._mean, self._low, self._high, self._fields, self._watched = {}, {}, {}, {}, []
        self._hottest = np.full(len(self._first), -np.inf)
        self._coldest = np.full(len(self._first), np.inf)
        self._warmest, self._coolest = self._hottest.copy(), self._coldest.copy()

    def start(self, t: float, T: Floats) -> None:
        """Record the state before the first step."""
        T = T[: self.layout.owned]
        self._mean[t] = self._across @ T
        self._record(np.array([t]), T[None])
        self._extremes(T)
        self._look(T)

    def observe(self, step: Step) -> None:
        """Record one step."""
        self.follow(step)
        self.examine(step)

    def follow(self, step: Step) -> None:
        """Record the means of one step, which cost little; `sketch` has them."""
        times = self._samples_of(step)
        if not len(times):
            return
        if step.bent:
            self._mean |= zip(times.tolist(), np.asarray(self._across @ step.at_times(times)[:, : self.layout.owned].T).T, strict=True)
            return
        owned, share = self.layout.owned, (times - step.start) / (step.end - step.start)
        before, after = (self._across @ T[:owned] for T in (step.before, step.after))
        slopes = None if step.slopes is None else np.asarray(self._across @ step.slopes[:, :owned].T).T
        self._mean |= zip(times.tolist(), step.combined(share, before, after, slopes), strict=True)

    def examine(self, step: Step) -> None:
        """Record extremes and fields of one step, once its means are; steps come in their order."""
        times, count = self._samples_of(step), max(1, int(AT_ONCE / max(self.layout.owned, 1)))
        for some in np.split(times, range(count, len(times), count)):
            if len(some):
                self._record(some, step.at_times(some)[:, : self.layout.owned])
        for theta in PEAK_POINTS:
            t = step.start + theta * (step.end - step.start)
            T = step.at(t)
            if self.principle is not None:
                T = self.principle.bounded(inside(t, *step.interval), T, *self._known())
            self._extremes(T[: self.layout.owned])
        self._look(step.after[: self.layout.owned])

    def _look(self, T: Floats) -> None:
        """Take what is watched of a state of the owned rows; collective."""
        if self.watch is not None:
            self._watched.append(self.watch(self.layout.gather(T)))

    def _samples_of(self, step: Step) -> Floats:
        tiny = 1e-9 * max(step.end - step.start, 1.0)
        return self.samples[(self.samples > step.start + tiny) & (self.samples <= step.end + tiny)]

    def _known(self) -> tuple[Floats, Floats]:
        """What each owned row has been between so far, by the widest of its groups; a row of no group may be anything [K]."""
        coldest, hottest = np.full(self.layout.owned, np.inf), np.full(self.layout.owned, -np.inf)
        least = self.layout.extreme(self._coldest, greatest=False)
        greatest = self.layout.extreme(self._hottest, greatest=True)
        np.minimum.at(coldest, self._rows, least[self._group])
        np.maximum.at(hottest, self._rows, greatest[self._group])
        return np.where(np.isfinite(coldest), coldest, -np.inf), np.where(np.isfinite(hottest), hottest, np.inf)

    def _record(self, times: Floats, T: Floats) -> None:
        """Spans and fields at some times, of the owned rows (k, owned)."""
        for t, state, low, high in zip(times.tolist(), T, *self._span(T), strict=True):
            self._low[t], self._high[t] = low, high
            if self.principle is None:
                self._hottest, self._coldest = np.maximum(self._hottest, high), np.minimum(self._coldest, low)
            if np.isclose(self.frames, t, rtol=1e-12, atol=1e-9).any():
                self._fields[t] = state.copy()

    def _span(self, T: Floats) -> tuple[Floats, Floats]:
        """Least and greatest of each group (k, g), of some states (k, owned)."""
        low, high = (np.full((len(T), len(self._first)), none) for none in (np.inf, -np.inf))
        if self._some.any():
            values, first = T[:, self._rows], self._first[self._some]
            low[:, self._some], high[:, self._some] = (by.reduceat(values, first, axis=1) for by in (np.minimum, np.maximum))
        return low, high

    def _extremes(self, T: Floats) -> None:
        """Take a state of the owned rows (owned,) into the extremes of rows and means; collective."""
        low, high = self._span(T[None])
        mean = self.layout.sum(self._across @ T) / self._weights
        self._hottest, self._coldest = np.maximum(self._hottest, high[0]), np.minimum(self._coldest, low[0])
        self._warmest, self._coolest = np.maximum(self._warmest, mean), np.minimum(self._coolest, mean)

    def kept(self) -> dict[str, Floats]:
        """All of it as arrays that are the same on every rank, by the names in `RECORDED`; collective."""
        times, frames = np.array(sorted(self._mean)), np.array(sorted(self._fields))
        low, high = (np.array([by[t] for t in times.tolist()]) for by in (self._low, self._high))
        return {
            "times_s": times,
            "mean_K": self._means()[1],
            "low_K": self.layout.extreme(low, greatest=False),
            "high_K": self.layout.extreme(high, greatest=True),
            "frames_s": frames,
            "fields_K": np.array([self.layout.gather(self._fields[t]) for t in frames.tolist()]).reshape(len(frames), self.layout.size),
            "hottest_K": self.layout.extreme(self._hottest, greatest=True),
            "coldest_K": self.layout.extreme(self._coldest, greatest=False),
            "watched": np.array(self._watched),
            "warmest_mean_K": self._warmest.copy(),
            "coolest_mean_K": self._coolest.copy(),
        }

    def resume(self, kept: Mapping[str, Floats]) -> None:
        """Have recorded what `kept` was made of, on any number of ranks."""
        mine = 1.0 if self.layout.comm.rank == 0 else 0.0  # sums over ranks are then what they were
        times = kept["times_s"].tolist()
        self._mean = dict(zip(times, mine * kept["mean_K"] * self._weights, strict=True))
        self._low, self._high = (dict(zip(times, kept[key], strict=True)) for key in ("low_K", "high_K"))
        self._fields = {t: self.layout.scatter(T) for t, T in zip(kept["frames_s"].tolist(), kept["fields_K"], strict=True)}
        self._hottest, self._coldest = kept["hottest_K"].copy(), kept["coldest_K"].copy()
        self._watched = list(kept["watched"])
        self._warmest, self._coolest = kept["warmest_mean_K"].copy(), kept["coolest_mean_K"].copy()

    def sketch(self) -> "History":
        """The means, with their own extremes in place of those of the rows, which nobody has looked at; without fields. Collective."""
        times, mean = self._means()
        return History(times, mean, mean, mean, mean.max(axis=0), mean.min(axis=0), np.empty(0), np.empty((0, self.layout.size)))

    def _means(self) -> tuple[Floats, Floats]:
        times = np.array(sorted(self._mean))
        return times, self.layout.sum(np.array([self._mean[t] for t in times.tolist()])) / self._weights

    def history(self) -> "History":
        """Everything recorded, reduced over ranks; collective."""
        times, mean = self._means()
        low = self.layout.extreme(np.array([self._low[t] for t in times]), greatest=False)
        high = self.layout.extreme(np.array([self._high[t] for t in times]), greatest=True)
        frames = np.array(sorted(self._fields))
        least, greatest = self._known()
        fields = np.array([self.layout.gather(np.clip(self._fields[t], least, greatest)) for t in frames])
        hottest, coldest = self.layout.extreme(self._hottest, greatest=True), self.layout.extreme(self._coldest, greatest=False)
        low, high = np.clip(low, coldest, hottest), np.clip(high, coldest, hottest)
        watched = None if self.watch is None else np.array(self._watched)
        return History(times, mean, low, high, hottest, coldest, frames, fields, self._warmest.copy(), self._coolest.copy(), watched)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Temperatures over time [K]; g groups (parts and faces), s samples, f frames, n input nodes."""

    times: Floats  #: (s,) s
    mean: Floats  #: (s, g) by volume for parts, by area for faces
    low: Floats  #: (s, g)
    high: Floats  #: (s, g)
    hottest: Floats  #: (g,) over all steps' dense output
    coldest: Floats  #: (g,)
    frames: Floats  #: (f,) s
    fields: Floats  #: (f, n) in input node order
    warmest: Floats | None = None  #: (g,) of the means over all steps' dense output; None: no more is known than at the samples
    coolest: Floats | None = None  #: (g,)
    watched: Floats | None = None  #: (k, m) at the start and the end of every step; None where nothing is watched

    def mean_span(self, group: int) -> tuple[float, float]:
        """Least and greatest mean of a group [K]."""
        low, high = float(self.mean[:, group].min()), float(self.mean[:, group].max())
        if self.warmest is None or self.coolest is None:
            return low, high
        return min(low, float(self.coolest[group])), max(high, float(self.warmest[group]))

    def since(self, begin: float) -> "History":
        """The same counted from a later time [s]; what was before has negative times."""
        return replace(self, times=self.times - begin, frames=self.frames - begin)
