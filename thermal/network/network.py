"""A thermal network made discrete: rows with capacity or none, rows held at a temperature, and the flows between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from thermal.network.flows import Floats, Flow, Ids, Instant, Source
from thermal.network.states import PhaseChange, StateLaw
from thermal.signal import Signal

Matrix = Any  #: an array of a small network, a sparse matrix of a large one
SMALL = 80  #: rows up to which arrays are faster than sparse matrices


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Rows whose temperature is prescribed over time."""

    rows: Ids  #: (k,)
    temperature: Signal  #: k columns [K]


@dataclass(frozen=True, slots=True, eq=False)
class Linearised:
    """Flows and how they grow with the states of the free rows."""

    rate: Floats  #: (flows,) W
    slope: Matrix  #: (flows, free) W/K


@dataclass(frozen=True, eq=False)
class Network:
    """Rows and flows. `free` rows are solved for; one without capacity balances its flows at every moment."""

    names: Sequence[str]  #: (rows,)
    capacity: Floats  #: (rows,) J/K by state; 0 for none
    flows: Sequence[Flow]
    held: Held | None = None
    laws: Sequence[StateLaw] = ()
    #: (m,) rows that stand for walls elsewhere: their temperature is set by whoever solves for those (`thermal.network.attached`)
    walls: Ids = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    free: Ids = field(init=False)  #: rows solved for
    incidence: Matrix = field(init=False)  #: (free, flows): +1 where a flow enters, -1 where it leaves
    border: Floats = field(init=False)  #: (flows,) +1 where one comes into the free rows, -1 where it goes out, 0 within
    paths: Sequence[str] = field(init=False)  #: names of the ledger
    _column: Ids = field(init=False)  #: (rows,) place among the free ones, or -1
    _path: Ids = field(init=False)  #: (flows,) number of its path
    _offsets: Ids = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.names)
        mine = np.ones(n, dtype=bool)
        if self.held is not None:
            mine[self.held.rows] = False
        mine[self.walls] = False
        free = np.flatnonzero(mine)
        column = np.full(n + 1, -1)  # the last stands for OUTSIDE
        column[free] = np.arange(len(free))
        start = np.concatenate([np.zeros(0, dtype=np.int64), *(f.start for f in self.flows)])
        end = np.concatenate([np.zeros(0, dtype=np.int64), *(f.end for f in self.flows)])
        enters, leaves = column[end], column[start]
        into, out = np.flatnonzero(enters >= 0), np.flatnonzero(leaves >= 0)
        values = np.concatenate([np.ones(len(into)), -np.ones(len(out))])
        where = (np.concatenate([enters[into], leaves[out]]), np.concatenate([into, out]))
        incidence = sparse.csr_matrix((values, where), shape=(len(free), len(start)))
        named = [path for f in self.flows for path in f.paths]
        paths = tuple(dict.fromkeys(named))
        number = {path: i for i, path in enumerate(paths)}
        for name, value in {
            "free": free,
            "_column": column,
            "incidence": incidence.toarray() if len(free) <= SMALL else incidence,
            "border": np.asarray(incidence.sum(axis=0)).ravel(),
            "paths": paths,
            "_path": np.array([number[path] for path in named], dtype=np.int64),
            "_offsets": np.cumsum([0, *(len(f.start) for f in self.flows)]),
        }.items():
            object.__setattr__(self, name, value)

    def temperatures(self, y: Floats, continued: bool = False) -> tuple[Floats, Floats]:
        """Temperatures (rows,) [K] of states (rows,), and dT/dy; `continued` by the phases that packs remember, as within a step."""
        T, slope = y.copy(), np.ones_like(y)
        for law in self.laws:
            known = law.continued if continued and isinstance(law, PhaseChange) else law.temperature
            T[law.rows], slope[law.rows] = known(y[law.rows])
        return T, slope

    def states(self, T: Floats) -> Floats:
        """States (rows,) at temperatures (rows,) [K]."""
        y = T.copy()
        for law in self.laws:
            y[law.rows] = law.state(T[law.rows])
        return y

    def seated(self, t: float, y: Floats) -> Floats:
        """States with the held rows at their value of time `t`."""
        if self.held is None:
            return y
        seated = y.copy()
        seated[self.held.rows] = self.held.temperature(t)
        return seated

    def rates(self, now: Instant) -> Floats:
        """All flows, (flows,) [W]."""
        return np.concatenate([np.zeros(0), *(f.rate(now) for f in self.flows)])

    def linearised(self, now: Instant) -> Linearised:
        """All flows and their slopes with respect to the states of the free rows."""
        flow, row, value = [], [], []
        for f, offset in zip(self.flows, self._offsets[:-1], strict=True):
            i, j, v = f.slopes(now)
            flow.append(i + offset)
            row.append(j)
            value.append(v * now.slope[j])
        none = np.zeros(0, dtype=np.int64)
        columns = self._column[np.concatenate([none, *row])]
        mine = columns >= 0
        flows, columns, values = np.concatenate([none, *flow])[mine], columns[mine], np.concatenate([np.zeros(0), *value])[mine]
        shape = (int(self._offsets[-1]), len(self.free))
        if self.small:
            dense = np.bincount(flows * shape[1] + columns, values, shape[0] * shape[1]).reshape(shape)
            return Linearised(self.rates(now), dense)
        return Linearised(self.rates(now), sparse.csr_matrix((values, (flows, columns)), shape=shape))

    @property
    def small(self) -> bool:
        """Whether its matrices are arrays."""
        return len(self.free) <= SMALL

    def diagonal(self, values: Floats) -> Matrix:
        """Matrix of the free rows with a diagonal alone."""
        return np.diag(values) if self.small else sparse.diags(values).tocsr()

    def shift(self, start: float, end: float, times: Sequence[float], weights: Floats) -> Floats:
        """What a quadrature misses of the flows that time alone rules, evenly over a step, (flows,) [W]; 0 for the others.

        Args:
            start, end: Of the step [s].
            times: Where the quadrature takes them [s].
            weights: Its weights, with a sum of one.
        """
        missed = np.zeros(int(self._offsets[-1]))
        for f, offset in zip(self.flows, self._offsets[:-1], strict=True):
            if isinstance(f, Source):
                exact = f.total(start, end)
                taken = weights @ f.over(times)
                missed[offset : offset + len(exact)] = exact / (end - start) - taken
        return missed

    def by_path(self, flows: Floats) -> Floats:
        """Heat into the free rows by path, (paths,), of some heat per flow; nothing of a flow that stays among them."""
        return np.bincount(self._path, self.border * flows, len(self.paths))

    def along_paths(self, flows: Floats) -> Floats:
        """Some heat per flow by path, (paths,), in the direction of the flows."""
        return np.bincount(self._path, flows, len(self.paths))

    @property
    def algebraic(self) -> NDArray[np.bool_]:
        """(free,) rows without capacity."""
        return np.asarray(self.capacity[self.free] <= 0.0)

    @property
    def packs(self) -> tuple[PhaseChange, ...]:
        """Laws of packs that melt."""
        return tuple(law for law in self.laws if isinstance(law, PhaseChange))
