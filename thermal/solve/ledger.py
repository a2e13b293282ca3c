"""First law in two figures: bookkeeping (closure) by the integrator's own weights, and the time error by quadrature of the dense output."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.heat import Category
from thermal.network.record import Record
from thermal.solve.march import inside
from thermal.solve.model import Model
from thermal.solve.step import Step

Floats = NDArray[np.float64]

#: Gauss points and weights on (0, 1)
_POINTS, _WEIGHTS = (0.5 * (np.polynomial.legendre.leggauss(4)[0] + 1), 0.5 * np.polynomial.legendre.leggauss(4)[1])

CLOSURE_LIMIT = 1e-6  #: of the throughput; above it the run fails
NOISE = 1e-6  #: K; a body that exchanges less than this times its heat capacity exchanges nothing
SURROUNDED = 1e-3  #: of what the body sends out one way; one that exchanges less in all is in balance with what surrounds it
ROUND_OFF = 4 * float(np.finfo(float).eps)  #: of the root sum square of the products of the diagonal of A with the temperatures
DRAWN = frozenset(
    {"pump", "compressor", "heater", "heat"}
)  #: first of the two words of a network's path by which it takes up what it draws
NETWORK = "network."  #: before the names of what is kept of an attached network's record
DRAWS = "network draws"  #: their line
CAME = ("sun", "albedo", "earth_infrared", "absorbed")  #: paths by which light comes
DIRECT_CLOSURE_LIMIT = 1e-9  #: the same with a direct solver


def is_drawn(path: str) -> bool:
    """Whether a network takes up by a path what it draws: by what draws and its name, two words.

    >>> is_drawn("pump inner"), is_drawn("heat chips"), is_drawn("heat pipe one"), is_drawn("pump - plate")
    (True, True, False, False)
    """
    words = path.split()
    return len(words) == 2 and words[0] in DRAWN


@dataclass(frozen=True, slots=True)
class Entry:
    """Heat into the model by one path."""

    path: str
    line: str  #: in the ledger of a whole satellite
    category: Category
    heat: float  #: J


@dataclass(frozen=True, slots=True)
class Books:
    """What a ledger came to, summed over all ranks; an attached network is part of the body."""

    entries: tuple[Entry, ...]  #: by path, in the order of the model
    stored: float  #: J
    duration: float  #: s

    def heat(self, path: str) -> float:
        """Heat into the model by a path [J]; none by one that it has not."""
        return next((entry.heat for entry in self.entries if entry.path == path), 0.0)


@dataclass(slots=True, eq=False)
class Ledger:
    """Sums heat by path over the observed steps; figures are sums over all ranks and collective calls."""

    model: Model
    direct: bool = True  #: solved by factorisation: the stricter limit holds
    network: Record | None = field(init=False, default=None)  #: of an attached network
    _by_stage: Floats = field(init=False)
    _by_gauss: Floats = field(init=False)
    _diagonal: Floats = field(init=False)
    _stored: float = 0.0
    duration: float = 0.0
    _conducted: float = 0.0  #: greatest sum of squares of the diagonal of A times the temperatures, on this rank [W2]
    _sent: float = 0.0  #: what left the rows of this rank one way, by the slopes of all ways [J]

    def __post_init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all steps."""
        ways = len(self.model.ways)
        self._by_stage, self._by_gauss = np.zeros(ways), np.zeros(ways)
        self._stored = self.duration = self._sent = self._conducted = 0.0
        self._diagonal = self.model.A.getDiagonal().array_r.copy()
        if self.model.attached is not None:
            self.network = self.model.attached.record()

    def kept(self) -> dict[str, NDArray[Any]]:
        """Its sums, and the record of an attached network, as arrays that are the same on every rank; collective."""
        sums = np.array([self._stored, self.duration / self.model.layout.comm.size, self._sent, self._conducted])
        named = {"by_stage_J": self._by_stage, "by_gauss_J": self._by_gauss, "sums": sums}
        found = {name: np.array(self.model.layout.sum(values)) for name, values in named.items()}  # copies: it goes on adding
        if self.network is not None and self.model.attached is not None:
            found |= {f"{NETWORK}{name}": values for name, values in self.model.attached.kept(self.network).items()}
        return found

    def resume(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Have added up what `kept` was made of, on any number of ranks."""
        mine = 1.0 if self.model.layout.comm.rank == 0 else 0.0  # sums over ranks are then what they were
        self._by_stage, self._by_gauss = mine * kept["by_stage_J"], mine * kept["by_gauss_J"]
        stored, self.duration, sent, conducted = kept["sums"].tolist()
        self._stored, self._sent, self._conducted = mine * stored, mine * sent, mine * conducted
        if self.network is not None and self.model.attached is not None:
            of_network = {name.removeprefix(NETWORK): values for name, values in kept.items() if name.startswith(NETWORK)}
            self.model.attached.resume(self.network, of_network)

    def observe(self, step: Step) -> None:
        """Add one step."""
        self.add(step)
        self.examine(step)

    def add(self, step: Step) -> None:
        """Sum its heat by the integrator's own weights, which costs little; `close` has it."""
        self._by_stage += step.heat
        self._stored += step.stored
        self.duration += step.end - step.start
        if self.network is not None and self.model.attached is not None and step.network is not None:
            self.model.attached.observe(self.network, step.network)

    def examine(self, step: Step) -> None:
        """What else the figures are made of, once the step is added: heat by quadrature, and what makes round-off pass."""
        h = step.end - step.start
        if step.jump is not None:
            self._by_gauss += step.jump
        self._sent += h * self._sent_at(inside(step.end, *step.interval), step.after)
        self._conducted = max(self._conducted, float(np.square(self._diagonal * self.model.of_mesh(step.after)).sum()))
        times = np.array([inside(step.start + theta * h, *step.interval) for theta in _POINTS])
        brought = self.model.brought_over(step.start, step.end, times, _WEIGHTS)
        for i, (theta, t) in enumerate(zip(_POINTS.tolist(), times.tolist(), strict=True)):
            T = step.at(step.start + theta * h)
            if self.model.held:
                load, heat = self.model.outside(t, T, brought, i)
                rate = step.rate_at(step.start + theta * h)
                self.model.react(heat, self.model.product(self.model.M, rate) - load + self.model.conducted(T))
            else:
                heat = self.model.heat(t, T, brought, i)
            self._by_gauss += _WEIGHTS[i] * h * heat[: len(self.model.ways)]

    def _sent_at(self, t: float, T: Floats) -> float:
        """Slope of what rows send out, films included, times their temperature [W]: of films all that goes to the fluid from 0 K on."""
        model = self.model
        slope = model.slope(model.derivatives(t, T)) + model.fixed_conductance()
        return float(slope @ np.abs(model.of_mesh(T)))

    def heat(self) -> dict[str, float]:
        """Heat into the model by path [J], paths of one name added up."""
        named: dict[str, float] = {}
        for path, q in zip(self.model.paths, self.model.layout.sum(self._by_stage), strict=True):
            named[path] = named.get(path, 0.0) + float(q)
        return named

    def close(self) -> "Books":
        """Its sums as they stand."""
        ways = {way.path: way for way in self.model.ways}
        entries = (Entry(path, ways[path].line, ways[path].category, q) for path, q in self.heat().items())
        if self.network is None or self.model.attached is None:
            return Books(tuple(entries), self.stored(), self.duration)
        return Books((*entries, *self._of_network(self.network)), self.stored() + self.network.stored(), self.duration)

    def _of_network(self, record: Record) -> list[Entry]:
        """Heat into an attached network by path, its films left out: they are among the paths of the mesh, and stay within."""
        assert self.model.attached is not None
        films = self.model.attached.paths
        found = []
        for path, heat in record.by_path().items():
            drawn = is_drawn(path) and heat >= 0.0
            came = next((name for name in CAME if path.startswith(name)), "radiated" if " ~ " in path else "network")
            if path not in films and heat:
                found.append(Entry(path, DRAWS if drawn else came, Category.WITHIN if drawn else Category.OUTSIDE, heat))
        return found

    def stored(self) -> float:
        """Heat stored [J]."""
        return float(self.model.layout.sum(self._stored))

    def throughput(self) -> float:
        """Half of the sum of all paths' magnitudes and of the heat stored [J]: what went in or out.

        At least a thousandth of what the body sends out one way: heat by a path is the difference of what is sent and received, and where
        the two are equal, as in a film of the body's own temperature, it is their round-off. And at least what makes the round-off of the
        products of conduction pass: their terms are far larger than their sum where a body conducts well and has one temperature.
        """
        net = 0.5 * (sum(abs(q) for q in self.heat().values()) + abs(self.stored()))
        least = NOISE * float(self.model.layout.sum(float(self.model.heat_capacity.sum())))
        round_off = ROUND_OFF / self.limit() * float(np.sqrt(self.model.layout.sum(self._conducted))) * self.duration
        return max(net, least, SURROUNDED * float(self.model.layout.sum(self._sent)), round_off)

    def closure(self) -> float:
        """|stored - sum of paths| over the throughput [-], by the integrator's own weights."""
        return abs(self.stored() - sum(self.heat().values())) / self.throughput()

    def time_error(self) -> float:
        """|stored - sum of paths| over the throughput [-], paths by Gauss points of the dense output."""
        total = float(self.model.layout.sum(float(self._by_gauss.sum())))
        return abs(self.stored() - total) / self.throughput()

    def limit(self) -> float:
        """Closure above which the run counts as failed [-]."""
        return DIRECT_CLOSURE_LIMIT if self.direct else CLOSURE_LIMIT
