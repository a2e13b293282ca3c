"""The assembled thermal model: M dT/dt = -A T - emission + sources, with one named heat path for every way heat comes or goes.

Conduction, contacts and films are the constant matrix A; emission stays at the vertices and is plain numpy; loads are sparse columns
times signals. Every rank holds its own rows; heat sums are per rank until `Layout.sum` adds them up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.enclosure import Enclosure, Transfer
from thermal.layout import Layout

Floats = NDArray[np.float64]

SIGMA = 5.670374419e-8  #: Stefan-Boltzmann constant [W/m2K4], CODATA 2018


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
    """Heat brought in from outside: `spread @ rate(t, T)`; column j of `spread` spreads signal j over the rows."""

    path: str
    spread: Sparse  #: (owned, m); columns in W per W of signal, or m2 per W/m2
    rate: Callable[[float, Floats], Floats]  #: time [s], temperatures of the owned rows [K] -> (m,) signal; the same on every rank
    #: start and end [s] -> integral of the signal between them (m,), for one that depends on time alone: the march then brings exactly this
    total: Callable[[float, float], Floats] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Feedback:
    """Heat that depends on the mean temperature of what it heats: thermostats, leakage.

    Column j of `weights` averages the temperatures for signal j and spreads its heat.
    """

    path: str
    weights: Sparse  #: (owned, m); over all ranks every column adds up to one
    rate: Callable[[float, Floats], Floats]  #: time [s], mean temperatures (m,) [K] -> heat (m,) [W]
    slope: Callable[[float, Floats], Floats]  #: derivative of `rate` with respect to the means (m,) [W/K]
    over_period: "Feedback | None" = None  #: the same with what time asks of it averaged over the period; None where it knows no time

    def means(self, layout: Layout, T: Floats) -> Floats:
        """Weighted mean temperatures, (m,) [K]."""
        return np.asarray(layout.sum(self.weights.T @ T))


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
    sigma: float = SIGMA
    #: (owned,) zone of each row: time errors are root mean squares by zone, so that a light part counts in full; None: row by row
    zone: NDArray[np.int64] | None = None
    _work: tuple[Any, Any] = field(init=False)
    heat_capacity: Floats = field(init=False)  #: row sums of M [J/K]
    _zone_rows: Floats = field(init=False)

    def __post_init__(self) -> None:
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

    @property
    def paths(self) -> tuple[str, ...]:
        """Names of the heat paths in ledger order; several entries may share a name."""
        parts: list[Any] = [*self.emitters, *self.enclosures, *self.films, *self.sources, *self.feedbacks, *self.held]
        return tuple(part.path for part in parts)

    def product(self, matrix: Any, vector: Floats) -> Floats:
        """Matrix times the owned rows of a vector."""
        right, left = self._work
        right.array[:] = vector
        matrix.mult(right, left)
        return np.array(left.array_r)

    def outside(self, t: float, T: Floats) -> tuple[Floats, Floats]:
        """Heat from emitters, films and sources at time `t`.

        Returns:
            Heat into each owned row [W]; heat of each path on this rank [W], in the order of `paths` (held rows: zero).
        """
        load = np.zeros_like(T)
        heat = np.zeros(len(self.paths))
        fourth = np.abs(T) * T**3
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
            q = f.conductance * (f.fluid - T)
            heat[j] = q.sum()
            load += f.conductance * f.fluid  # the rest, -h A T, is in A
            j += 1
        for s in self.sources:
            q = s.spread @ s.rate(t, T)
            load += q
            heat[j] = q.sum()
            j += 1
        for b in self.feedbacks:
            q = b.weights @ b.rate(t, b.means(self.layout, T))
            load += q
            heat[j] = q.sum()
            j += 1
        return load, heat

    def missed(self, start: float, end: float, times: Sequence[float], weights: Floats) -> tuple[Floats, Floats]:
        """What a quadrature misses of the sources whose integral is known, evenly over a step.

        Args:
            start, end: Of the step [s].
            times: Where the quadrature takes the sources [s].
            weights: Its weights, with a sum of one.

        Returns:
            Heat into each owned row [W]; heat of each path on this rank [W], in the order of `paths`.
        """
        load, heat = np.zeros(self.layout.owned), np.zeros(len(self.paths))
        for j, s in enumerate(self.sources, start=len(self.emitters) + len(self.enclosures) + len(self.films)):
            if s.total is not None:
                taken = sum(w * s.rate(t, load) for t, w in zip(times, weights, strict=True))
                q = s.spread @ (s.total(start, end) / (end - start) - taken)
                load += q
                heat[j] = q.sum()
        return load, heat

    def emission_slope(self, T: Floats) -> Floats:
        """Derivative of the heat that each row sends out with respect to its temperature [W/K]; what comes back is not in it."""
        return self.slope(self.cubes(T))

    def slope(self, cubes: Floats) -> Floats:
        """`emission_slope` by the derivatives of the emissive powers [W/m2K]."""
        return np.asarray(cubes * self._emission() + sum((r.conduction for r in self.enclosures), np.zeros_like(cubes)))

    def loss_slope(self, T: Floats) -> Floats:
        """`emission_slope` less what comes back from other rows, by columns [W/K]: the slope of what leaves the body for good.

        In the matrix of a time step in place of the exchange it keeps that heat in the body to round-off.
        """
        return np.asarray(self.cubes(T) * self._escape() + sum((r.conduction for r in self.enclosures), np.zeros_like(T)))

    def cubes(self, T: Floats) -> Floats:
        """Derivative of the emissive power of each row [W/m2K]."""
        return np.asarray(4 * self.sigma * np.abs(T) ** 3)

    def _emission(self) -> Floats:
        """Emittance times area of each row, all emitters and enclosures [m2]."""
        return sum((e.area for e in self.emitters), sum((r.emission for r in self.enclosures), np.zeros(self.layout.owned)))

    def _escape(self) -> Floats:
        """Emittance times area of each row that leaves the body for good [m2]."""
        return sum((e.area for e in self.emitters), sum((r.escape for r in self.enclosures), np.zeros(self.layout.owned)))

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

    def heat_slope(self, frozen: Floats, gains: Sequence[Floats], change: Floats) -> Floats:
        """Change of each path's heat on this rank [W] for a change of temperatures, by the derivative the solver's matrix uses.

        Args:
            frozen: Slope of the emission on the solver's diagonal [W/K].
            gains: Slope of each feedback in the solver's matrix [W/K].
            change: Change of the owned rows [K].
        """
        heat = np.zeros(len(self.paths))
        total = self._escape() + sum((r.conduction for r in self.enclosures), np.zeros_like(change))
        share = np.divide(frozen, total, out=np.zeros_like(frozen), where=total > 0) * change
        j = 0
        for e in self.emitters:
            heat[j] = -(e.area * share).sum()
            j += 1
        for r in self.enclosures:
            heat[j] = -((r.escape + r.conduction) * share).sum()
            j += 1
        for f in self.films:
            heat[j] = -(f.conductance * change).sum()
            j += 1
        j += len(self.sources)
        for b, gain in zip(self.feedbacks, gains, strict=True):
            heat[j] = (b.weights @ (gain * b.means(self.layout, change))).sum()
            j += 1
        return heat

    def balance(self, t: float, T: Floats) -> Floats:
        """Heat into each row, conduction included [W]: the right-hand side of M dT/dt."""
        return self.outside(t, T)[0] - self.product(self.A, T)

    def held_rows(self) -> NDArray[np.int64]:
        """All local rows with a prescribed temperature."""
        return np.concatenate([h.rows for h in self.held]) if self.held else np.empty(0, dtype=np.int64)

    def held_values(self, t: float) -> Floats:
        """Prescribed temperatures of `held_rows` [K]."""
        return np.concatenate([h.value(t) for h in self.held]) if self.held else np.empty(0)
