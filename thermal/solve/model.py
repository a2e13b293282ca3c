"""The assembled thermal model: M dT/dt = -A T + the loads of all ways of heat, each with a path of its own in the ledger.

Conduction, contacts and films are the constant matrix A, and what conductivities over temperature add to it. Emission stays at the
vertices and is plain numpy; loads over time are sparse columns times signals, all sources side by side. Every rank holds its own rows;
heat sums are per rank until `Layout.sum` adds them up.

Where a network is attached, its free rows stand behind the owned rows of the mesh on the first rank: vectors of "owned rows" have them,
what is said of the mesh alone (diagonals, derivatives, loads of sources) has not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from thermal.conduction.varying import Varying
from thermal.constants import STEFAN_BOLTZMANN
from thermal.heat import Moment, Way
from thermal.layout import Layout
from thermal.network.attached import Attached, Wet
from thermal.slopes import Slopes
from thermal.solve.signals import Signals
from thermal.solve.ways import Feedback, Held, Sides, Source, Sparse

Floats = NDArray[np.float64]
#: slope of feedbacks in a solver's matrix [W/K], and those of an attached network's flows; one that is not in it has none
Gains = Mapping[Feedback | Attached, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What all sources bring at k times."""

    load: Floats  #: (k, owned) heat into each row [W]
    heat: Floats  #: (k, sources) heat of each source on this rank [W]
    missed: Floats | float = 0.0  #: (flows,) what of an attached network's flows is added at each of them [W]


@dataclass(slots=True, eq=False)
class Model:
    """Everything the march needs. `A` includes contacts and film conductances, `M` is diagonal; PETSc matrices of the same layout.

    Raises:
        ValueError: two ways of heat share a path and not a category.
    """

    layout: Layout
    M: Any
    A: Any
    ways: Sequence[Way]  #: in the order of the ledger
    sigma: float = STEFAN_BOLTZMANN
    #: (owned,) zone of each row: time errors are root mean squares by zone, so that a light part counts in full; None: row by row
    zone: NDArray[np.int64] | None = None
    attached: Attached | None = None  #: a network solved with it; its films are among the ways
    varying: Varying | None = None  #: properties over temperature, of which M and A have the nominal values; None where all are constant
    paths: tuple[str, ...] = field(init=False)  #: names of the heat paths in ledger order; several entries may share a name
    sources: tuple[Source, ...] = field(init=False)
    feedbacks: tuple[Feedback, ...] = field(init=False)
    held: tuple[Held, ...] = field(init=False)
    heat_capacity: Floats = field(init=False)  #: row sums of M, of the mesh alone [J/K]
    _work: tuple[Any, Any] = field(init=False)
    _zone_rows: Floats = field(init=False)
    _spread: Sparse = field(init=False)  #: (owned, all signals) of all sources side by side
    _reach: Sparse = field(init=False)  #: (all signals, sources) heat of each source on this rank per signal
    _all: Signals = field(init=False)  #: of all sources
    _source_at: slice | NDArray[np.int64] = field(init=False)  #: places of the sources among the ways
    _held_at: tuple[tuple[int, Held], ...] = field(init=False)
    _loading: tuple[tuple[int, Way], ...] = field(init=False)  #: ways with a load of their own: neither sources, held rows nor films
    _wet: tuple[tuple[int, Wet], ...] = field(init=False)
    _fed: tuple[tuple[int, Feedback], ...] = field(init=False)
    _slopes: Slopes = field(init=False)

    def __post_init__(self) -> None:
        self.paths = tuple(way.path for way in self.ways)
        _check_categories(self.ways)
        self.sources = tuple(way for way in self.ways if isinstance(way, Source))
        self.feedbacks = tuple(way for way in self.ways if isinstance(way, Feedback))
        self.held = tuple(way for way in self.ways if isinstance(way, Held))
        self._held_at = tuple((j, way) for j, way in enumerate(self.ways) if isinstance(way, Held))
        self._loading = tuple((j, way) for j, way in enumerate(self.ways) if not isinstance(way, Source | Held | Wet))
        self._wet = tuple((j, way) for j, way in enumerate(self.ways) if isinstance(way, Wet))
        self._fed = tuple((j, way) for j, way in enumerate(self.ways) if isinstance(way, Feedback))
        self._side_by_side()
        self._slopes = Slopes(self.ways, self.layout)
        self._work = self.M.createVecs()
        self.heat_capacity = self.product(self.M, np.ones(self.layout.owned))
        if self.zone is not None:
            zones = max(self.layout.comm.allgather(int(self.zone.max(initial=0)))) + 1
            self._zone_rows = np.asarray(self.layout.sum(np.bincount(self.zone, minlength=zones).astype(float)))

    def _side_by_side(self) -> None:
        """Columns of all sources (owned, all signals), and what each signal adds to the heat of each source (all signals, sources)."""
        spread = csr_matrix(hstack([csr_matrix((self.layout.owned, 0)), *(s.spread for s in self.sources)]))
        widths = [s.spread.shape[1] for s in self.sources]
        reach = np.asarray(spread.sum(axis=0)).ravel()
        owner = np.repeat(np.arange(len(self.sources)), widths)
        self._spread = spread
        self._reach = csr_matrix((reach, (np.arange(len(reach)), owner)), shape=(len(reach), len(self.sources)))
        self._all = Signals(self.sources)
        at = np.array([j for j, way in enumerate(self.ways) if isinstance(way, Source)], dtype=np.int64)
        run = len(at) > 0 and at[-1] - at[0] == len(at) - 1
        self._source_at = slice(int(at[0]), int(at[-1]) + 1) if run else at

    @property
    def exchanges(self) -> bool:
        """Whether some of the heat that rows send out comes back to others."""
        return self._slopes.exchanges

    def error_norm(self, error: Floats) -> float:
        """Largest error of a row, or largest root mean square over the zones where they are given [K]."""
        if self.zone is None:
            return float(self.layout.extreme(np.array([np.abs(error).max(initial=0.0)]), greatest=True)[0])
        mesh = self.of_mesh(error)
        squares = self.layout.sum(np.bincount(self.zone, weights=mesh * mesh, minlength=len(self._zone_rows)))
        found = float(np.sqrt((squares / np.maximum(self._zone_rows, 1.0)).max()))
        if self.attached is None:
            return found
        behind = np.array([np.abs(error[self.layout.owned :]).max(initial=0.0)])
        return max(found, float(self.layout.extreme(behind, greatest=True)[0]))

    def of_mesh(self, vector: Floats) -> Floats:
        """The rows of the mesh alone among owned rows."""
        return vector[: self.layout.owned]

    def extended(self, T: Floats) -> Floats:
        """Owned rows from those of the mesh alone: with the start of an attached network behind them; collective."""
        return T if self.attached is None else self.attached.extended(T)

    def rested(self, t: float, T: Floats, interval: tuple[float, float]) -> Floats:
        """Owned rows with an attached network's rows without capacity in balance; collective."""
        return T if self.attached is None else self.attached.rest(t, T, interval)

    def lasting(self, change: Floats) -> Floats:
        """A change of the owned rows less that of rows without capacity: they have no memory."""
        if self.attached is None:
            return change
        return np.append(self.of_mesh(change), np.where(self.attached.capacities() > 0, change[self.layout.owned :], 0.0))

    def renew(self, t: float, T: Floats, always: bool = False) -> bool:
        """Take the conductance of films to an attached network into the diagonal where it has moved much; whether it was. Collective."""
        return self.attached is not None and self.attached.renew(t, T, always)

    def conducted(self, T: Floats) -> Floats:
        """Heat that each row sends on by conduction, contacts and films [W], at temperatures of the owned rows [K]."""
        sent = self.product(self.A, T)
        if self.varying is not None:
            sent[: self.layout.owned] += self.varying.conducted(self.of_mesh(T))
        return sent

    def reduced(self, T: Floats) -> Floats:
        """Heat content of the owned rows over their nominal capacity [K]: what M takes; the temperatures where capacities are constant."""
        return T if self.varying is None else self.varying.reduced(T)

    def temperature(self, reduced: Floats) -> Floats:
        """Temperatures of such a heat content [K]."""
        return reduced if self.varying is None else self.varying.temperature(reduced)

    def capacity(self, T: Floats) -> Floats:
        """Heat capacity of the rows of the mesh at their temperatures (owned,) [J/K]."""
        return self.heat_capacity if self.varying is None else self.heat_capacity * self.varying.capacity_ratio(T)

    def product(self, matrix: Any, vector: Floats) -> Floats:
        """M or A times the owned rows of a vector; of an attached network M has its capacities, and A nothing."""
        right, left = self._work
        right.array[:] = self.of_mesh(vector)
        matrix.mult(right, left)
        if len(vector) == self.layout.owned or self.attached is None:
            return np.array(left.array_r)
        behind = vector[self.layout.owned :]
        return np.concatenate([left.array_r, self.attached.capacities() * behind if matrix is self.M else 0.0 * behind])

    def brought(self, times: Floats) -> Brought:
        """What the sources bring at some times (k,) [s]."""
        return self._brought(self._all.at(times))

    def brought_over(self, start: float, end: float, times: Floats, weights: Floats) -> Brought:
        """The same, with what a quadrature misses of the sources whose integral is known, evenly over a step.

        Args:
            start, end: Of the step [s].
            times: Where the quadrature takes the sources (k,) [s].
            weights: Its weights (k,), with a sum of one.
        """
        signals = self.signals_over(start, end, times, weights)
        found = self._brought(signals)
        if self.attached is None:
            return found
        return replace(found, missed=self.attached.network.shift(start, end, times.tolist(), weights))

    def signals_over(self, start: float, end: float, times: Floats, weights: Floats) -> Floats:
        """What `brought_over` spreads: the signals of all sources side by side (k, all signals)."""
        signals = self._all.at(times)
        signals += self._all.missed(start, end, weights @ signals)
        return signals

    def mean_signals(self, edges: Floats) -> Floats:
        """The signals of all sources side by side, mean between each two of k increasing times [s], (k - 1, all signals)."""
        return self._all.over(edges)

    def spread(self, signals: Floats) -> Floats:
        """Heat into each row by signals of all sources (k, all signals), (k, owned) [W]."""
        return np.ascontiguousarray((self._spread @ signals.T).T)

    def into_signals(self, rows: Floats) -> Floats:
        """What a weight of the owned rows (owned,) is for each signal of all sources (all signals,), on this rank."""
        return np.asarray(self._spread.T @ self.of_mesh(rows))

    def _brought(self, signals: Floats) -> Brought:
        return Brought(self.spread(signals), np.asarray(signals @ self._reach))

    def outside(
        self, t: float, T: Floats, brought: Brought | None = None, row: int = 0, sides: Sides | None = None
    ) -> tuple[Floats, Floats]:
        """Heat of all ways at time `t`.

        Args:
            t: Time [s].
            T: Temperatures of the owned rows [K].
            brought: What the sources bring, where it is known, and which of its times this is.
            sides: By which piece of its law a feedback goes, see `thermal.solve.corners`.

        Returns:
            Heat into each owned row [W]; heat of each path on this rank [W], in the order of `paths` (held rows: zero, see `react`). Where
            a network is attached its flows (flows,) [W] follow, the same on every rank.
        """
        if brought is None:
            brought = self.brought(np.array([t]))
        heat = np.zeros(len(self.ways))
        mesh = self.of_mesh(T)
        now = Moment(self.layout, self.sigma, t, mesh, sides)
        load = brought.load[row].copy()
        heat[self._source_at] = brought.heat[row]
        for j, way in self._loading:
            q = way.load(now)
            load += q
            heat[j] = q.sum()
        for j, conductance in self._slopes.fixed:
            heat[j] -= conductance @ mesh
        if self.attached is None:
            return load, heat
        wetting = self.attached.wetting(t, T, brought.missed)
        self.attached.add_load(load, wetting, mesh)
        self._wetted(heat, self.attached.heat(wetting, mesh))
        behind = self.attached.right(wetting.rates)[: len(T) - len(mesh)]
        return np.concatenate([load, behind]), np.concatenate([heat, wetting.rates])

    def _wetted(self, heat: Floats, films: Floats) -> None:
        """Add heat by film to that by way, in place."""
        for j, way in self._wet:
            heat[j] += films[way.columns].sum()

    def heat(self, t: float, T: Floats, brought: Brought, row: int = 0) -> Floats:
        """Heat of each path alone, as `outside` has it up to round-off once summed over ranks, at a fraction of its cost [W]."""
        heat = np.zeros(len(self.ways))
        now = Moment(self.layout, self.sigma, t, self.of_mesh(T))
        heat[self._source_at] = brought.heat[row]
        for j, way in self._loading:
            heat[j] = way.heat(now)
        if self.attached is not None:
            self._wetted(heat, self.attached.heat(self.attached.wetting(t, T, brought.missed), now.T))
        return heat

    def react(self, heat: Floats, reaction: Floats) -> None:
        """Add to the heat of held rows (ways,), in place, what it takes to hold them; `reaction` by owned rows, in the unit of `heat`."""
        for j, held in self._held_at:
            heat[j] += reaction[held.rows].sum()

    def derivatives(self, t: float, T: Floats) -> Floats:
        """Derivatives of the ways of heat, (laws, owned): what slopes at a state are made of, or, averaged, the mean slopes of several.

        Where properties depend on temperature, the temperatures follow as one row more.
        """
        now = Moment(self.layout, self.sigma, t, self.of_mesh(T))
        found = self._slopes.derivatives(now)
        return found if self.varying is None else np.concatenate([found, now.T[None]])

    def state(self, derivatives: Floats) -> Floats | None:
        """Temperatures at which properties stand in `derivatives` [K]; None where all are constant."""
        return None if self.varying is None else derivatives[-1]

    def slope(self, derivatives: Floats) -> Floats:
        """Derivative of the heat that each row sends out with respect to its temperature [W/K]; what comes back is not in it."""
        return np.asarray(self._slopes.sent(derivatives) + self._films())

    def loss(self, derivatives: Floats) -> Floats:
        """`slope` less what comes back from other rows, by columns [W/K]: the slope of what leaves the body for good.

        In the matrix of a time step in place of the exchange it keeps that heat in the body to round-off.
        """
        return np.asarray(self._slopes.lost(derivatives) + self._films())

    def _films(self) -> Floats | float:
        """Slope of the films to an attached network."""
        return 0.0 if self.attached is None else self.attached.diagonal()

    def fixed_conductance(self) -> Floats:
        """What the matrix A takes off for the ways of heat that go with temperature alone, such as films (owned,) [W/K]."""
        return self._slopes.fixed_conductance()

    def emission_slope(self, t: float, T: Floats) -> Floats:
        """`slope` at a state [W/K]."""
        return self.slope(self.derivatives(t, T))

    def exchanged(self, derivatives: Floats, change: Floats, t: float | None = None, transposed: bool = False) -> Floats:
        """Change of the heat that comes back to the rows from other rows [W] for a change of temperatures [K].

        Args:
            derivatives: As `derivatives` gives them.
            change: Change of the owned rows [K].
            t: Time [s]; None for the mean over the period.
            transposed: By the transpose of that linear map, for adjoints.
        """
        return self._slopes.exchanged(derivatives, change, t, transposed)

    def feedback_slopes(self, t: float, T: Floats) -> dict[Feedback | Attached, Any]:
        """Slope of every feedback at its present means, and of an attached network's flows [W/K]."""
        return {b: b.gains(self.layout, t, T) for b in self.feedbacks} | self.network_slopes(t, T)

    def steepest_slopes(self, t: float, T: Floats, near: float, sides: Sides | None = None) -> dict[Feedback | Attached, Any]:
        """Least slope of every feedback within `near` [K] of its present means, and nearly that of an attached network's flows [W/K]."""
        known = sides or {}
        found: dict[Feedback | Attached, Any] = {b: b.steepest(self.layout, t, T, near, known.get(b)) for b in self.feedbacks}
        return found if self.attached is None else found | {self.attached: self.attached.steady_slopes(t, T)}

    def network_slopes(self, t: float, T: Floats) -> dict[Feedback | Attached, Any]:
        """Slopes of an attached network's flows (flows, free) [W/K]."""
        return {} if self.attached is None else {self.attached: self.attached.slopes(t, T)}

    def heat_slope(self, derivatives: Floats, gains: Gains, change: Floats) -> Floats:
        """Change of each path's heat on this rank [W] for a change of temperatures, by the derivative the step's matrix uses.

        Args:
            derivatives: Of the solver's diagonal, which is `loss` of them.
            gains: Slope of each feedback in the solver's matrix [W/K].
            change: Change of the owned rows [K].

        Returns:
            As `outside` has it: of the ways, and behind them of an attached network's flows.
        """
        whole, change = change, self.of_mesh(change)
        heat = self._slopes.heat(derivatives, change)
        for j, feedback in self._fed:
            if feedback in gains:
                heat[j] += feedback.share @ (gains[feedback] * feedback.means(self.layout, change))
        if self.attached is None:
            return heat
        films, flows = self.attached.heat_slope(gains[self.attached], whole)
        self._wetted(heat, films)
        return np.concatenate([heat, flows])

    def fed(self, gains: Gains, change: Floats) -> Floats:
        """Change of the heat that feedbacks and an attached network bring to the rows of the mesh, for a change of the owned rows [W]."""
        found = np.zeros(self.layout.owned)
        for feedback in self.feedbacks:
            if feedback in gains:
                found += feedback.weights @ (gains[feedback] * feedback.means(self.layout, change))
        if self.attached is not None and self.attached in gains:
            found += self.attached.weights @ self.attached.brought(gains[self.attached], change)
        return found

    def balance(self, t: float, T: Floats, brought: Brought | None = None) -> Floats:
        """Heat into each row, conduction included [W]: the right-hand side of M dT/dt; `brought` as in `outside`."""
        return self.outside(t, T, brought)[0] - self.conducted(T)

    def at_mean(self, times: Floats) -> "Model":
        """The same model with every way of heat held at its mean over `times` (a time that stands twice is a jump) [s]."""
        attached = None if self.attached is None else self.attached.at_mean()
        return replace(self, ways=[way.at_mean(times) for way in self.ways], attached=attached)

    def held_rows(self) -> NDArray[np.int64]:
        """All local rows with a prescribed temperature."""
        return np.concatenate([h.rows for h in self.held]) if self.held else np.empty(0, dtype=np.int64)

    def held_values(self, t: float) -> Floats:
        """Prescribed temperatures of `held_rows` [K]."""
        return np.concatenate([h.value(t) for h in self.held]) if self.held else np.empty(0)


def _check_categories(ways: Sequence[Way]) -> None:
    """One path is one line of the ledger, of one category."""
    known: dict[str, Way] = {}
    for way in ways:
        other = known.setdefault(way.path, way)
        if (way.category, way.line) != (other.category, other.line):
            raise ValueError(f"two ways of heat of the path '{way.path}' differ: {way.category.value} and {other.category.value}")
