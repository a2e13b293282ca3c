"""A network attached to a meshed body: films between faces of the mesh and nodes or fluids, in one system with the rows of the body.

Each film has a wall, a row of the network with the mean temperature of its faces, theta = w . T, where the weights w of the mesh's rows add
up to one. What the network's flow brings to the wall, q = K (T_network - theta), enters the mesh as w (q + K (theta - T)): row by row
that is K w (T_network - T), so that the matrix of the body gets a diagonal and one column per film (docs/theory.md, networks on a mesh).

States of the network's free rows stand behind the rows of the mesh on the first rank; every rank evaluates the whole network.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from thermal.heat import Alone, Category, Moment
from thermal.layout import Layout
from thermal.network.border import Border, Linear, alike, linear_system
from thermal.network.flows import Floats, Flow, Ids, Instant
from thermal.network.heard import heard, moment
from thermal.network.march import March, Step
from thermal.network.mean import at_mean
from thermal.network.network import Matrix, Network
from thermal.network.record import Memory, Record
from thermal.network.switches import Switch

MOVED = 0.3  #: part of the films' conductance by which it may differ from the one in the matrix


@dataclass(frozen=True, slots=True, eq=False)
class Wet(Alone):
    """Films of one path as a way of heat of the body; the model takes all of them side by side from the network."""

    path: str
    columns: Ids  #: of the attached network's films
    category: ClassVar[Category] = Category.WITHIN

    def load(self, now: Moment) -> Floats:
        """None of its own."""
        return np.zeros(len(now.T))

    def heat(self, now: Moment) -> float:
        """None of its own."""
        return 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Wetting:
    """All flows of the network at one moment."""

    now: Instant
    rates: Floats  #: (flows,) W
    heat: Floats  #: (m,) into the walls [W]
    conductance: Floats  #: (m,) W/K


@dataclass(slots=True, eq=False)
class Attached:
    """A network and the walls of its films on the mesh. As a feedback of the body it is known by itself."""

    network: Network  #: `walls` has a row for each film, which one flow touches
    layout: Layout
    weights: csr_matrix  #: (owned, m) of the walls; over all ranks every column adds up to one
    start: Floats  #: (free,) states to begin from [K]
    alarms: Sequence[Switch] = ()  #: moments to be told of, that change nothing
    nominal: Floats = field(init=False)  #: (m,) conductance of the films in the matrix [W/K]
    memory: Memory = field(default_factory=Memory)  #: for who knows temperatures of the mesh alone; shared with that at mean
    ceiling: ClassVar[None] = None  #: as a feedback: it cannot run away
    paths: tuple[str, ...] = field(init=False)  #: (m,) of the films
    march: March = field(init=False)  #: of the network alone
    _slopes: Matrix | None = field(default=None, init=False)  #: given last for a step
    _linear: Linear | None = field(default=None, init=False)  #: of the slopes and conductances given last for a step
    _flow: Ids = field(init=False)  #: (m,) flow of each wall
    _sign: Floats = field(init=False)  #: (m,) +1 where it enters the wall
    _films: tuple[tuple[Flow, Ids], ...] = field(init=False)  #: groups of flows that touch walls, and the wall of each flow or -1
    _across: csr_matrix = field(init=False)
    _rows: Ids = field(init=False)  #: (w,) owned rows under films
    _onto: csr_matrix = field(init=False)  #: (w, m) their weights
    _share: Floats = field(init=False)  #: (m,) of each wall's weights on this rank

    def __post_init__(self) -> None:
        net, m = self.network, len(self.network.walls)
        starts, ends = (np.concatenate([np.zeros(0, dtype=np.int64), *given]) for given in _both_ends(net))
        wall = np.full(len(net.names) + 1, -1)
        wall[net.walls] = np.arange(m)
        touched = np.maximum(wall[starts], wall[ends])
        flow = np.flatnonzero(touched >= 0)
        if not np.array_equal(np.sort(touched[flow]), np.arange(m)):
            raise ValueError("every wall of a network is touched by one flow")
        self._flow = np.empty(m, dtype=np.int64)
        self._flow[touched[flow]] = flow
        self._sign = np.where(wall[ends[self._flow]] >= 0, 1.0, -1.0)
        names = [path for f in net.flows for path in f.paths]
        self.paths = tuple(names[i] for i in self._flow)
        counted = [(f, np.maximum(wall[f.start], wall[f.end])) for f in net.flows]
        self._films = tuple((f, mine) for f, mine in counted if (mine >= 0).any())
        self._across = csr_matrix(self.weights.T)
        self._rows = np.flatnonzero(np.diff(self.weights.indptr))
        self._onto = csr_matrix(self.weights[self._rows])
        self._share = np.asarray(self.weights.sum(axis=0)).ravel()
        self.nominal = np.zeros(m)
        self.march = March(net, (), 1.0)

    @property
    def rows(self) -> int:
        """Free rows on this rank: all on the first."""
        return len(self.network.free) if self.layout.comm.rank == 0 else 0

    def ways(self) -> list[Wet]:
        """Its films as ways of heat of the body, one by path."""
        return [Wet(path, np.flatnonzero([one == path for one in self.paths])) for path in dict.fromkeys(self.paths)]

    def at_mean(self) -> "Attached":
        """The same under loads at their means."""
        found = replace(self, network=at_mean(self.network), alarms=())
        found.nominal = self.nominal.copy()
        return found

    def extended(self, T: Floats) -> Floats:
        """Rows of the mesh with the start of the network behind them, where they come alone (collective)."""
        if self._alone(T):
            return np.concatenate([T, self.start[: self.rows]])
        return T

    def _alone(self, T: Floats) -> bool:
        behind = float(len(T) - self.layout.owned)
        return bool(self.layout.sum(behind) == 0.0)

    def walls(self, T: Floats) -> Floats:
        """Temperatures of the walls (m,) [K], or changes of them; collective."""
        return np.asarray(self.layout.sum(self._across @ T[: self.layout.owned]))

    def instant(self, t: float, T: Floats) -> Instant:
        """The network at a time and the temperatures of the owned rows, its own behind them; collective."""
        net, behind = self.network, T[self.layout.owned :]
        n = len(net.free)
        told = np.zeros(1 + n + len(net.walls))
        told[1 + n :] = self._across @ T[: self.layout.owned]
        if len(behind):
            told[0], told[1 : 1 + n] = 1.0, behind
        told = np.asarray(self.layout.sum(told))
        y = np.zeros(len(net.names))
        y[net.free] = told[1 : 1 + n] if told[0] else self.known(t)
        y[net.walls] = told[1 + n :]
        return Instant(net, t, net.seated(t, y))

    def wetting(self, t: float, T: Floats, missed: Floats | float = 0.0) -> Wetting:
        """All flows at a moment; `missed` is added to them (see `Network.shift`)."""
        now = self.instant(t, T)
        rates = self.network.rates(now) + missed
        return Wetting(now, rates, self._sign * rates[self._flow], self.conductance(now))

    def conductance(self, now: Instant) -> Floats:
        """Of the films, by area and coefficient (m,) [W/K]."""
        found = np.zeros(len(self.network.walls))
        for f, wall in self._films:
            flows, rows, values = f.slopes(now)
            mine = (wall[flows] >= 0) & (self.network.walls[wall[flows]] == rows)
            at = wall[flows[mine]]
            found[at] = -self._sign[at] * values[mine]
        return found

    def add_load(self, load: Floats, wetting: Wetting, T: Floats) -> None:
        """Add heat into the owned rows of the mesh [W], in place."""
        walls, rows = wetting.now.y[self.network.walls], self._rows
        load[rows] += self._onto @ (wetting.heat + wetting.conductance * walls) - (self._onto @ wetting.conductance) * T[rows]

    def heat(self, wetting: Wetting, T: Floats) -> Floats:
        """The same by film (m,), on this rank [W]."""
        walls = wetting.now.y[self.network.walls]
        return np.asarray(self._share * (wetting.heat + wetting.conductance * walls) - wetting.conductance * (self._across @ T))

    def diagonal(self) -> Floats:
        """What the films add to the diagonal of the body's matrix (owned,) [W/K]."""
        return np.asarray(self.weights @ self.nominal)

    def renew(self, t: float, T: Floats, always: bool = False) -> bool:
        """Take the conductance of the films into the matrix where that differs much; whether it was taken. Collective.

        Args:
            always: Take it, and forget slopes that were given before.
        """
        if always:
            self._slopes = None
        found = self.conductance(self.instant(t, T))
        if not always and float(np.abs(found - self.nominal).sum()) <= MOVED * float(self.nominal.sum()):
            return False
        self.nominal = found
        return True

    def slopes(self, t: float, T: Floats) -> Matrix:
        """Growth of all flows with the states of the free rows (flows, free) [W/K]: its slope as a feedback."""
        return self.network.linearised(self.instant(t, T)).slope

    def steady_slopes(self, t: float, T: Floats) -> Matrix:
        """`slopes`, or those that were given last while each is still like them, so that what is made of them serves on."""
        found, kept = self.slopes(t, T), self._slopes
        if kept is None or not alike(found, kept):
            self._slopes = found
        return self._slopes

    def border(self, shift: float, slopes: Matrix) -> Border:
        """The network in a step with capacity times `shift` [1/s].

        Raises:
            SolveError: a part of the network has no temperature; names it.
        """
        linear = self._linear
        if linear is None or not linear.of(slopes, self.nominal):
            linear = self._linear = linear_system(self.network, self._flow, self._sign, slopes, self.nominal)
        return linear.border(self.network, shift)

    def heat_slope(self, slopes: Matrix, change: Floats) -> tuple[Floats, Floats]:
        """Change of heat for a change of the owned rows, the network's behind them, by the slopes of the step's matrix; collective.

        Returns:
            Of the films (m,) on this rank [W]; of all flows (flows,) [W].
        """
        flows = np.asarray(slopes @ self._behind(change))
        of_mesh = self._across @ change[: self.layout.owned]
        films = self._share * self._sign * flows[self._flow] - self.nominal * of_mesh
        flows[self._flow] -= self._sign * self.nominal * np.asarray(self.layout.sum(of_mesh))
        return films, flows

    def brought(self, slopes: Matrix, change: Floats) -> Floats:
        """Change of the heat into the walls for a change of the network's own rows (m,) [W]; collective."""
        return np.asarray(self._sign * np.asarray(slopes @ self._behind(change))[self._flow])

    def _behind(self, change: Floats) -> Floats:
        """Of the free rows, on every rank (free,)."""
        told = np.zeros(len(self.network.free))
        told[: self.rows] = change[self.layout.owned :]
        return np.asarray(self.layout.sum(told))

    def right(self, rates: Floats) -> Floats:
        """What flows bring to the free rows of this rank [W]."""
        return np.asarray(self.network.incidence @ rates)[: self.rows]

    def capacities(self) -> Floats:
        """Of the free rows of this rank [J/K]."""
        return self.network.capacity[self.network.free][: self.rows]

    def rest(self, t: float, T: Floats, interval: tuple[float, float]) -> Floats:
        """Owned rows with the network's rows without capacity in balance; collective."""
        if not self.network.algebraic.any():
            return T
        y = self.march.rest(t, self.instant(t, T).y, interval)
        return np.concatenate([T[: self.layout.owned], y[self.network.free][: self.rows]])

    def step(
        self, start: float, end: float, before: Floats, after: Floats, slopes: Floats, heat: Floats, interval: tuple[float, float]
    ) -> Step:
        """A step of the network alone, from one of the whole system; collective.

        Args:
            start, end: Of the step [s].
            before, after: Owned rows, the network's behind them [K].
            slopes: Stage increments of the same (4, rows) [K].
            heat: (flows,) heat of each flow over the step [J].
            interval: The events between which the step lies [s].
        """
        net, n = self.network, self.layout.owned
        first, last = (self.instant(t, T).y for t, T in ((start, before), (end, after)))
        told = np.zeros((len(slopes), len(net.free)))
        told[:, : self.rows] = slopes[:, n:]
        found = np.zeros((len(slopes), len(net.names)))
        found[:, net.free] = self.layout.sum(told)
        found[:, net.walls] = self.layout.sum(slopes[:, :n] @ self.weights)
        made = Step(start, end, first, last, found, heat)
        return replace(made, quadrature=self.march.quadrature(made, interval))

    def known(self, t: float) -> Floats:
        """States of the free rows (free,) at a time of what is remembered, else those of the start [K]."""
        record = self.memory.record
        return self.start if record is None or not record.times else record.at(t)[self.network.free]

    def record(self) -> Record:
        """An empty record of the network, which is remembered from now on; alarms have not been heard."""
        self.memory.record = Record(self.network)
        return self.memory.record

    def kept(self, record: Record) -> dict[str, NDArray[Any]]:
        """A record, and what alarms remember, as arrays."""
        return record.kept() | {f"alarm_{i}": one.memory.copy() for i, one in enumerate(self.alarms)}

    def resume(self, record: Record, kept: Mapping[str, NDArray[Any]]) -> None:
        """Have observed, and remember, what `kept` was made of."""
        record.resume(kept)
        for i, one in enumerate(self.alarms):
            one.memory[:] = kept[f"alarm_{i}"]

    def at_end(self, record: Record) -> Floats:
        """States of the free rows of this rank at the end of a record, which stand behind those of the mesh [K]."""
        return np.asarray(record.states[-1][self.network.free][: self.rows])

    def observe(self, record: Record, step: Step) -> None:
        """Add a step to a record, with the alarms that are heard in it."""
        if not record.times:
            for one in self.alarms:
                one.settle(moment(self.network, step, 0.0))
        record.observe(step)
        record.turned += heard(self.alarms, self.network, step)


def _both_ends(net: Network) -> tuple[list[Ids], list[Ids]]:
    """Starts and ends of all flows, by group."""
    return [f.start for f in net.flows], [f.end for f in net.flows]
