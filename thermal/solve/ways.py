"""Ways of heat that every model may have: emission, films, sources over time, feedbacks and held temperatures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, eye_array

from thermal.basis import Basis, Interpolated, Proportional, always_first, slope_at
from thermal.heat import Alone, Category, Moment, Slope, cubes
from thermal.layout import Layout
from thermal.signal import Signal

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Sparse = Any  #: scipy sparse matrix


@dataclass(frozen=True, slots=True, eq=False)
class Emitter(Alone):
    """Grey emission of vertices to a black sink."""

    path: str  #: name in the ledger
    area: Floats  #: emittance x area of each owned row [m2]
    sink: float  #: sink temperature [K]
    category: ClassVar[Category] = Category.OUTSIDE

    @property
    def line(self) -> str:
        """All emission is one line."""
        return "radiated"

    def load(self, now: Moment) -> Floats:
        """What it absorbs of the sink less what it emits."""
        return np.asarray(now.sigma * self.area * (self.sink**4 - now.fourth))

    def heat(self, now: Moment) -> float:
        """The same, summed."""
        return float(now.sigma * (self.sink**4 * self.area.sum() - self.area @ now.fourth))

    def loads(self, sigma: float, times: Floats, fourth: Floats) -> Floats:
        """The same of many moments."""
        return np.asarray(sigma * self.area * (self.sink**4 - fourth))

    def sends(self, now: Moment) -> Floats:
        """Emitting area of each owned row [m2]."""
        return self.area

    def slope(self) -> Slope:
        """Nothing comes back."""
        return Slope(cubes, self.area)

    def reduced(self, basis: Basis, sigma: float) -> Interpolated | None:
        """By the samples of a basis."""
        per_fourth = -sigma * basis.emitted(self.area)
        given = sigma * self.sink**4 * basis.project(self.area)
        matrix = slope_at(basis, per_fourth)
        return Interpolated(self.path, self.category, basis.sampled(), (per_fourth,), (given,), always_first, (1.0,), matrix)


@dataclass(frozen=True, slots=True, eq=False)
class FilmLoad(Alone):
    """Convection of vertices to a fluid of constant temperature; its conductance is also on the diagonal of A."""

    path: str
    conductance: Floats  #: film coefficient x area of each owned row [W/K]
    fluid: float  #: fluid temperature [K]
    category: ClassVar[Category] = Category.OUTSIDE

    def load(self, now: Moment) -> Floats:
        """Conductance times the fluid's temperature; the rest, -h A T, is in A."""
        return self.conductance * self.fluid

    def heat(self, now: Moment) -> float:
        """Both, summed."""
        return float(self.conductance.sum() * self.fluid - self.conductance @ now.T)

    def slope(self) -> Slope:
        """In A."""
        return Slope(fixed=self.conductance)

    def reduced(self, basis: Basis, sigma: float) -> Proportional:
        """By the coordinates of a basis."""
        conductance = basis.project(self.conductance)
        return Proportional(self.path, conductance * self.fluid, conductance, self.category)


@dataclass(frozen=True, slots=True, eq=False)
class Source(Alone):
    """Heat by time alone: `spread @ rate(t)`; column j of `spread` spreads signal j over the rows."""

    path: str
    spread: Sparse  #: (owned, m); columns in W per W of signal, or m2 per W/m2
    rate: Callable[[Floats], Floats]  #: times (k,) [s] -> signals (k, m); the same on every rank
    #: start and end [s] -> integral of the signal between them (m,); where it is given the march brings exactly this
    total: Callable[[Any, Any], Floats] | None = None
    category: Category = Category.OUTSIDE
    now: Callable[[], Signal] | None = None  #: the signal that `rate` and `total` are those of at present, where a partner changes it

    def signal(self) -> Signal | None:
        """The signal that it has; None for any other function of time."""
        return self.now() if self.now is not None else self.rate if isinstance(self.rate, Signal) else None

    def load(self, now: Moment) -> Floats:
        """Its heat at a time; the model takes all sources of many times side by side."""
        return np.asarray(self.spread @ self.rate(np.array([now.t]))[0])

    def heat(self, now: Moment) -> float:
        """The same, summed."""
        return float(self.load(now).sum())

    def at_mean(self, times: Floats) -> "Source":
        """Held at its mean."""
        middles, widths = 0.5 * (times[1:] + times[:-1]), np.diff(times)
        real = widths > 0
        if self.total is not None:
            constant = self.total(float(times[0]), float(times[-1])) / (times[-1] - times[0])
        else:
            constant = widths[real] @ self.rate(middles[real]) / widths[real].sum()
        return replace(self, rate=lambda now: np.tile(constant, (len(now), 1)), total=None, now=None)

    def reduced(self, basis: Basis, sigma: float) -> "Source":
        """Spread over the coordinates of a basis; a table over time of more signals becomes one of the heat into the coordinates."""
        spread = basis.project(self.spread)
        if isinstance(self.rate, Signal) and spread.shape[1] > basis.size:
            heat = Signal(self.rate.times, self.rate.values @ spread.T)
            return replace(self, spread=eye_array(basis.size, format="csr"), rate=heat, total=heat.total)
        return replace(self, spread=csr_matrix(spread))


@dataclass(slots=True, eq=False)
class Feedback(Alone):
    """Heat that depends on the mean temperature of what it heats: thermostats, leakage.

    Column j of `weights` averages the temperatures for signal j and spreads its heat. A feedback is known by itself, not by its place.
    """

    path: str
    weights: Sparse  #: (owned, m); over all ranks every column adds up to one
    rate: Callable[[float, Floats], Floats]  #: time [s], mean temperatures (m,) [K] -> heat (m,) [W]
    gain: Callable[[float, Floats], Floats]  #: derivative of `rate` with respect to the means (m,) [W/K]
    mean: "Feedback | None" = None  #: the same with what time asks of it averaged over the period; None where it knows no time
    name: str = ""  #: of the device
    members: tuple[str, ...] = ()  #: (m,) names of the parts, one for each signal
    #: time [s] -> temperature above which a member has no steady power [K]; None for what cannot run away, such as a thermostat
    ceiling: Callable[[float], float] | None = None
    category: Category = Category.WITHIN
    #: times (k,) [s], means (k, m) [K] -> heat [W] and its derivatives [W/K] (k, m): many moments at once; None: one by one
    over: Callable[[Floats, Floats], tuple[Floats, Floats]] | None = None
    #: time [s], means (m,) [K] -> how far each is above each of the corners of the law, from the lowest on (c, m) [K]; None for a law that
    #: has none, or whose corners nobody knows
    beyond: Callable[[float, Floats], Floats] | None = None
    #: piece of each member from 0 below the first corner (m,), means (m,) [K] -> heat [W] and its derivative [W/K] (m,), of the piece as
    #: if it had no ends; None for a law whose corners are so slight that it serves itself on either side
    pieces: Callable[[Ids, Floats], tuple[Floats, Floats]] | None = None
    share: Floats = field(init=False)  #: (m,) part of each signal's heat that goes to rows of this rank
    _across: Sparse = field(init=False)  #: (m, owned)

    def __post_init__(self) -> None:
        self._across = csr_matrix(self.weights.T)
        self.share = np.asarray(self.weights.sum(axis=0)).ravel()

    def means(self, layout: Layout, T: Floats) -> Floats:
        """Weighted mean temperatures, (m,) [K]."""
        return np.asarray(layout.sum(self._across @ T[: layout.owned]))

    def load(self, now: Moment) -> Floats:
        """Its heat, spread."""
        return np.asarray(self.weights @ self._heat(now))

    def heat(self, now: Moment) -> float:
        """Its heat on this rank."""
        return float(self.share @ self._heat(now))

    def _heat(self, now: Moment) -> Floats:
        means, piece = self.means(now.layout, now.T), now.sides.get(self)
        return self.rate(now.t, means) if piece is None or self.pieces is None else self.pieces(piece, means)[0]

    def gains(self, layout: Layout, t: float, T: Floats, piece: Ids | None = None) -> Floats:
        """Derivative of its heat at the temperatures of the owned rows (m,) [W/K], by one of its pieces where that is given."""
        means = self.means(layout, T)
        return self.gain(t, means) if piece is None or self.pieces is None else self.pieces(piece, means)[1]

    def steepest(self, layout: Layout, t: float, T: Floats, near: float, piece: Ids | None = None) -> Floats:
        """Least of its derivatives at the means and `near` [K] to either side (m,) [W/K]; of a step by one piece that of the piece.

        For the matrix of a step: just beside a kink the step is damped as behind it.
        """
        if piece is not None and self.pieces is not None:
            return self.gains(layout, t, T, piece)
        means = self.means(layout, T)
        return np.asarray(np.min([self.gain(t, means + away) for away in (-near, near, 0.0)], axis=0), dtype=np.float64)

    def along(self, times: Floats, means: Floats) -> tuple[Floats, Floats]:
        """Heat [W] and its derivatives [W/K] (k, m) at times (k,) [s] and means (k, m) [K]."""
        if self.over is not None:
            return self.over(times, means)
        moments = list(zip(times.tolist(), means, strict=True))
        heat, slopes = (np.array([law(t, T) for t, T in moments]).reshape(means.shape) for law in (self.rate, self.gain))
        return heat, slopes

    def at_mean(self, times: Floats) -> "Feedback":
        """What it says of itself over the period."""
        return self.mean or self

    def reduced(self, basis: Basis, sigma: float) -> "Feedback":
        """By the coordinates of a basis, whose shapes keep every mean."""
        mean = None if self.mean is None else self.mean.reduced(basis, sigma)
        return replace(self, weights=csr_matrix(basis.project(self.weights)), mean=mean)


Sides = Mapping[Feedback, Ids]  #: by law, how many of its corners each of its means is above (m,)


@dataclass(frozen=True, slots=True, eq=False)
class Held(Alone):
    """Rows with a prescribed temperature; their heat is what it takes to hold them, which the solver knows as their reaction."""

    path: str
    rows: NDArray[np.int64]  #: local rows, (d,)
    value: Callable[[float], Floats]  #: time -> (d,) temperatures [K]
    category: ClassVar[Category] = Category.OUTSIDE

    def load(self, now: Moment) -> Floats:
        """None of its own."""
        return np.zeros(len(now.T))

    def heat(self, now: Moment) -> float:
        """None of its own."""
        return 0.0
