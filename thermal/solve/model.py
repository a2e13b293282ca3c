"""The assembled thermal model: M dT/dt = -A T - emission + sources, with one named heat path for every way heat comes or goes.

Conduction, contacts and films are the constant matrix A; emission stays at the vertices and is plain numpy; loads are sparse columns
times signals. Every rank holds its own rows; heat sums are per rank until `Layout.sum` adds them up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from thermal.constants import STEFAN_BOLTZMANN
from thermal.layout import Layout
from thermal.radiation.enclosure import Enclosure, Transfer

Floats = NDArray[np.float64]


Sparse = Any  #: scipy sparse matrix


@dataclass(frozen=True, slots=True, eq=False)
class Emitter:
    """Grey emission of vertices to a black sink."""

    path: str  #: name in the ledger
    area: Floats  #: emittance x area of each owned row [m2]
    sink: float  #: sink temperature [K]


@dataclass(frozen=True, slots=True, eq=False)
class FilmLoad:
    """Convection of vertices to a fluid of constant temperature; its conductance is also on the diagonal of A."""

    path: str
    conductance: Floats  #: film coefficient x area of each owned row [W/K]
    fluid: float  #: fluid temperature [K]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Heat brought in from outside, by time alone: `spread @ rate(t)`; column j of `spread` spreads signal j over the rows."""

    path: str
    spread: Sparse  #: (owned, m); columns in W per W of signal, or m2 per W/m2
    rate: Callable[[Floats], Floats]  #: times (k,) [s] -> signals (k, m); the same on every rank
    #: start and end [s] -> integral of the signal between them (m,); where it is given the march brings exactly this
    total: Callable[[float, float], Floats] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What all sources bring at k times."""

    load: Floats  #: (k, owned) heat into each row [W]
    heat: Floats  #: (k, sources) heat of each source on this rank [W]


@dataclass(slots=True, eq=False)
class Feedback:
    """Heat that depends on the mean temperature of what it heats: thermostats, leakage.

    Column j of `weights` averages the temperatures for signal j and spreads its heat.
    """

    path: str
    weights: Sparse  #: (owned, m); over all ranks every column adds up to one
    rate: Callable[[float, Floats], Floats]  #: time [s], mean temperatures (m,) [K] -> heat (m,) [W]
    slope: Callable[[float, Floats], Floats]  #: derivative of `rate` with respect to the means (m,) [W/K]
    over_period: "Feedback | None" = None  #: the same with what time asks of it averaged over the period; None where it knows no time
    share: Floats = field(init=False)  #: (m,) part of each signal's heat that goes to rows of this rank
    _across: Sparse = field(init=False)  #: (m, owned)

    def __post_init__(self) -> None:
        self._across = csr_matrix(self.weights.T)
        self.share = np.asarray(self.weights.sum(axis=0)).ravel()

    def means(self, layout: Layout, T: Floats) -> Floats:
        """Weighted mean temperatures, (m,) [K]."""
        return np.asarray(layout.sum(self._across @ T))


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Rows with a prescribed temperature."""

    path: str
    rows: NDArray[np.int64]  #: local rows, (d,)
    value: Callable[[float], Floats]  #: time -> (d,) temperatures [K]


@dataclass(slots=True, eq=False)
class Model:
    """Everything the march needs. `A` includes contacts and film conductances; `M` and `A` are PETSc matrices with the same layout."""

    layout: Layout
    M: Any
    A: Any
    emitters: Sequence[Emitter] = ()
    films: Sequence[FilmLoad] = ()
    sources: Sequence[Source] = ()
    feedbacks: Sequence[Feedback] = ()
    held: Sequence[Held] = ()
    enclosures: Sequence[Enclosure] = ()
    sigma: float = STEFAN_BOLTZMANN
    #: (owned,) zone of each row: time errors are root mean squares by zone, so that a light part counts in full; None: row by row
    zone: NDArray[np.int64] | None = None
    paths: tuple[str, ...] = field(init=False)  #: names of the heat paths in ledger order; several entries may share a name
    heat_capacity: Floats = field(init=False)  #: row sums of M [J/K]
    _work: tuple[Any, Any] = field(init=False)
    _zone_rows: Floats = field(init=False)
    _spread: Sparse = field(init=False)  #: (owned, all signals) of all sources side by side
    _reach: Sparse = field(init=False)  #: (all signals, sources) heat of each source on this rank per signal
    _emission: Floats = field(init=False)  #: (owned,) emittance times area, all emitters and enclosures [m2]
    _escape: Floats = field(init=False)  #: (owned,) the part of it that leaves the body for good [m2]
    _conduction: Floats = field(init=False)  #: (owned,) conductance of blankets [W/K]

    def __post_init__(self) -> None:
        parts: list[Any] = [*self.emitters, *self.enclosures, *self.films, *self.sources, *self.feedbacks, *self.held]
        self.paths = tuple(part.path for part in parts)
        none = np.zeros(self.layout.owned)
        bare = sum((e.area for e in self.emitters), none)
        self._emission = sum((r.emission for r in self.enclosures), bare)
        self._escape = sum((r.escape for r in self.enclosures), bare)
        self._conduction = sum((r.conduction for r in self.enclosures), none)
        self._spread, self._reach = _side_by_side(self.sources, self.layout.owned)
        self._work = self.M.createVecs()
        self.heat_capacity = self.product(self.M, np.ones(self.layout.owned))
        if self.zone is not None:
            zones = max(self.layout.comm.allgather(int(self.zone.max(initial=0)))) + 1
            self._zone_rows = np.asarray(self.layout.sum(np.bincount(self.zone, minlength=zones).astype(float)))

    def error_norm(self, error: Floats) -> float:
        """Largest error of a row, or largest root mean square over the zones where they are given [K]."""
        if self.zone is None:
            return float(self.layout.extreme(np.array([np.abs(error).max(initial=0.0)]), greatest=True)[0])
        squares = self.layout.sum(np.bincount(self.zone, weights=error * error, minlength=len(self._zone_rows)))
        return float(np.sqrt((squares / np.maximum(self._zone_rows, 1.0)).max()))

    def product(self, matrix: Any, vector: Floats) -> Floats:
        """Matrix times the owned rows of a vector."""
        right, left = self._work
        right.array[:] = vector
        matrix.mult(right, left)
        return np.array(left.array_r)

    def brought(self, times: Floats) -> Brought:
        """What the sources bring at some times (k,) [s]."""
        return self._brought(self._signals(times))

    def brought_over(self, start: float, end: float, times: Floats, weights: Floats) -> Brought:
        """The same, with what a quadrature misses of the sources whose integral is known, evenly over a step.

        Args:
            start, end: Of the step [s].
            times: Where the quadrature takes the sources (k,) [s].
            weights: Its weights (k,), with a sum of one.
        """
        signals = self._signals(times)
        j = 0
        for s in self.sources:
            mine = slice(j, j + s.spread.shape[1])
            if s.total is not None:
                signals[:, mine] += s.total(start, end) / (end - start) - weights @ signals[:, mine]
            j = mine.stop
        return self._brought(signals)

    def _signals(self, times: Floats) -> Floats:
        """Signals of all sources side by side, (k, all signals)."""
        return np.concatenate([np.zeros((len(times), 0)), *(s.rate(times) for s in self.sources)], axis=1)

    def _brought(self, signals: Floats) -> Brought:
        return Brought(np.ascontiguousarray((self._spread @ signals.T).T), np.asarray(signals @ self._reach))

    def outside(self, t: float, T: Floats, brought: Brought | None = None, row: int = 0) -> tuple[Floats, Floats]:
        """Heat from emitters, films and sources at time `t`.

        Args:
            t: Time [s].
            T: Temperatures of the owned rows [K].
            brought: What the sources bring, where it is known, and which of its times this is.

        Returns:
            Heat into each owned row [W]; heat of each path on this rank [W], in the order of `paths` (held rows: zero).
        """
        if brought is None:
            brought = self.brought(np.array([t]))
        heat = np.zeros(len(self.paths))
        fourth = np.square(T) * T * np.abs(T)
        load = brought.load[row].copy()
        j = 0
        for e in self.emitters:
            q = self.sigma * e.area * (e.sink**4 - fourth)
            load += q
            heat[j] = q.sum()
            j += 1
        for r in self.enclosures:
            q = r.load(self.layout, self.sigma, t, T, fourth)
            load += q
            heat[j] = q.sum()
            j += 1
        for f in self.films:
            heat[j] = f.conductance.sum() * f.fluid - f.conductance @ T
            load += f.conductance * f.fluid  # the rest, -h A T, is in A
            j += 1
        heat[j : j + len(self.sources)] = brought.heat[row]
        j += len(self.sources)
        for b in self.feedbacks:
            q = b.weights @ b.rate(t, b.means(self.layout, T))
            load += q
            heat[j] = q.sum()
            j += 1
        return load, heat

    def heat(self, t: float, T: Floats, brought: Brought, row: int = 0) -> Floats:
        """Heat of each path alone, as `outside` has it up to round-off once summed over ranks, at a fraction of its cost [W]."""
        heat = np.zeros(len(self.paths))
        fourth = np.square(T) * T * np.abs(T)
        j = 0
        for e in self.emitters:
            heat[j] = self.sigma * (e.sink**4 * e.area.sum() - e.area @ fourth)
            j += 1
        for r in self.enclosures:
            heat[j] = r.heat(self.layout, self.sigma, t, T, fourth)
            j += 1
        for f in self.films:
            heat[j] = f.conductance.sum() * f.fluid - f.conductance @ T
            j += 1
        heat[j : j + len(self.sources)] = brought.heat[row]
        j += len(self.sources)
        for b in self.feedbacks:
            heat[j] = b.share @ b.rate(t, b.means(self.layout, T))
            j += 1
        return heat

    def emission_slope(self, T: Floats) -> Floats:
        """Derivative of the heat that each row sends out with respect to its temperature [W/K]; what comes back is not in it."""
        return self.slope(self.cubes(T))

    def slope(self, cubes: Floats) -> Floats:
        """`emission_slope` by the derivatives of the emissive powers [W/m2K]."""
        return cubes * self._emission + self._conduction

    def loss_slope(self, T: Floats) -> Floats:
        """`emission_slope` less what comes back from other rows, by columns [W/K]: the slope of what leaves the body for good.

        In the matrix of a time step in place of the exchange it keeps that heat in the body to round-off.
        """
        return self.loss(self.cubes(T))

    def loss(self, cubes: Floats) -> Floats:
        """`loss_slope` by the derivatives of the emissive powers [W/m2K]."""
        return cubes * self._escape + self._conduction

    def cubes(self, T: Floats) -> Floats:
        """Derivative of the emissive power of each row [W/m2K]."""
        return np.asarray(4 * self.sigma * np.square(T) * np.abs(T))

    def exchanged(self, cubes: Floats, change: Floats, t: float | None = None) -> Floats:
        """Change of the heat that comes back to the rows from other rows [W] for a change of temperatures [K].

        Args:
            cubes: Derivative of the emissive powers [W/m2K].
            change: Change of the owned rows [K].
            t: Time [s]; None for the mean over the period.
        """
        total = np.zeros_like(change)
        for r in self.enclosures:
            blend: Sequence[tuple[float, Transfer]] = r.over_period() if t is None else r.at(t)
            total += r.change(self.layout, cubes, change, blend)
        return total

    def feedback_slopes(self, t: float, T: Floats) -> list[Floats]:
        """Slope of every feedback at its present means [W/K]."""
        return [b.slope(t, b.means(self.layout, T)) for b in self.feedbacks]

    def steepest_slopes(self, t: float, T: Floats, near: float) -> list[Floats]:
        """Least slope of every feedback of those at its present means and `near` [K] to either side [W/K].

        For the matrix of a step: just beside the kink of a thermostat the step is damped as inside its band.
        """
        found: list[Floats] = []
        for b in self.feedbacks:
            means = b.means(self.layout, T)
            found.append(np.asarray(np.min([b.slope(t, means + away) for away in (-near, near, 0.0)], axis=0), dtype=np.float64))
        return found

    def heat_slope(self, frozen: Floats, gains: Sequence[Floats], change: Floats) -> Floats:
        """Change of each path's heat on this rank [W] for a change of temperatures, by the derivative the solver's matrix uses.

        Args:
            frozen: Slope of the emission on the solver's diagonal [W/K].
            gains: Slope of each feedback in the solver's matrix [W/K].
            change: Change of the owned rows [K].
        """
        heat = np.zeros(len(self.paths))
        total = self._escape + self._conduction
        share = np.divide(frozen, total, out=np.zeros_like(frozen), where=total > 0) * change
        j = 0
        for e in self.emitters:
            heat[j] = -(e.area @ share)
            j += 1
        for r in self.enclosures:
            heat[j] = -((r.escape + r.conduction) @ share)
            j += 1
        for f in self.films:
            heat[j] = -(f.conductance @ change)
            j += 1
        j += len(self.sources)
        for b, gain in zip(self.feedbacks, gains, strict=True):
            heat[j] = b.share @ (gain * b.means(self.layout, change))
            j += 1
        return heat

    def balance(self, t: float, T: Floats, brought: Brought | None = None) -> Floats:
        """Heat into each row, conduction included [W]: the right-hand side of M dT/dt; `brought` as in `outside`."""
        return self.outside(t, T, brought)[0] - self.product(self.A, T)

    def held_rows(self) -> NDArray[np.int64]:
        """All local rows with a prescribed temperature."""
        return np.concatenate([h.rows for h in self.held]) if self.held else np.empty(0, dtype=np.int64)

    def held_values(self, t: float) -> Floats:
        """Prescribed temperatures of `held_rows` [K]."""
        return np.concatenate([h.value(t) for h in self.held]) if self.held else np.empty(0)


def _side_by_side(sources: Sequence[Source], rows: int) -> tuple[Sparse, Sparse]:
    """Columns of all sources (rows, all signals), and what each signal adds to the heat of each source (all signals, sources)."""
    spread = csr_matrix(hstack([csr_matrix((rows, 0)), *(s.spread for s in sources)]))
    reach = np.asarray(spread.sum(axis=0)).ravel()
    owner = np.repeat(np.arange(len(sources)), [s.spread.shape[1] for s in sources])
    return spread, csr_matrix((reach, (np.arange(len(reach)), owner)), shape=(len(reach), len(sources)))
