"""An attached network as a linear system beside the body's matrix, and when one that was made serves on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags

from thermal.network.flows import Floats, Ids
from thermal.network.march import factors
from thermal.network.network import Matrix, Network

ALIKE = 0.02  #: of a slope, or of all that grow with the same state, by which it may differ from the one in the matrix
STALE = 0.3  #: of a slope, by which it may not differ though others of its state are greater
ROUND_OFF = 1e-12  #: of the greatest entry of a matrix, within which another is the same


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """The network as a linear system, for one time step: N u = s + P theta, and Q u into the walls."""

    solver: Any  #: of N
    inward: Matrix  #: P (free, m) W/K
    outward: Matrix  #: Q (m, free) W/K
    symmetric: bool = False  #: N is, and Q is the transpose of P: conductors alone do that, a stream does not

    def heat(self, right: Floats) -> Floats:
        """Heat into the walls (m,) [W] that a right-hand side (free,) [W] brings while they do not move."""
        return np.asarray(self.outward @ self.solver.solve(right))

    def through(self, walls: Floats) -> Floats:
        """Growth of the heat into the walls (m,) or (m, k) [W] with their temperatures [K], by way of the network: Q N^-1 P theta."""
        return self.heat(self.inward @ walls)

    def change(self, right: Floats, walls: Floats) -> Floats:
        """Change of the states (free,) [K]."""
        return np.asarray(self.solver.solve(right + self.inward @ walls))


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """All of the border but capacity, which steps of any length share."""

    slopes: Matrix  #: that it was made of (flows, free) [W/K]
    nominal: Floats  #: conductance of the films in it (m,) [W/K]
    steady: Matrix  #: N without capacity (free, free) [W/K]
    inward: Matrix  #: P
    outward: Matrix  #: Q
    symmetric: bool

    def of(self, slopes: Matrix, nominal: Floats) -> bool:
        """Whether it was made of these very arrays."""
        return self.slopes is slopes and self.nominal is nominal

    def border(self, network: Network, shift: float) -> Border:
        """With capacity times `shift` [1/s].

        Raises:
            SolveError: a part of the network has no temperature; names it.
        """
        free = np.arange(len(network.free))
        matrix = self.steady + network.diagonal(shift * network.capacity[network.free])
        return Border(factors(matrix, network, free) if len(free) else _Nothing(), self.inward, self.outward, self.symmetric)


def linear_system(network: Network, flow: Ids, sign: Floats, slopes: Matrix, nominal: Floats) -> Linear:
    """The network between its walls.

    Args:
        network: With m walls.
        flow: Flow of each wall (m,).
        sign: +1 where that flow enters the wall, else -1 (m,).
        slopes: Growth of all flows with the states of the free rows (flows, free) [W/K].
        nominal: Conductance of the films (m,) [W/K].
    """
    inward = _scaled(network.incidence[:, flow], -sign * nominal)
    outward = _scaled(slopes[flow].T, sign).T
    steady = -(network.incidence @ slopes)
    outward = outward if isinstance(outward, np.ndarray) else outward.tocsr()
    return Linear(slopes, nominal, steady, inward, outward, _same(steady, steady.T) and _same(outward, inward.T))


def alike(one: Matrix, other: Matrix) -> bool:
    """Whether slopes are near enough for the matrix of a step.

    Each differs by `ALIKE` of itself at most, or, by `STALE` of itself at most, by `ALIKE` of what all flows grow with the same state: a
    weak radiator beside strong conductors hardly shows in the matrix.
    """
    if isinstance(one, np.ndarray):
        was, moved, of_state = np.abs(other), np.abs(one - other), np.abs(other).sum(axis=0)
    else:
        same = len(one.data) == len(other.data) and np.array_equal(one.indices, other.indices) and np.array_equal(one.indptr, other.indptr)
        if not same:
            return False
        was, moved = np.abs(other.data), np.abs(one.data - other.data)
        of_state = np.bincount(other.indices, was, other.shape[1])[other.indices]
    return bool((moved <= np.maximum(ALIKE * was, np.minimum(STALE * was, ALIKE * of_state))).all())


def _scaled(matrix: Matrix, columns: Floats) -> Matrix:
    """Each column by a number of its own."""
    return matrix * columns if isinstance(matrix, np.ndarray) else csr_matrix(matrix @ diags(columns))


def _same(one: Matrix, other: Matrix) -> bool:
    """Whether two matrices are the same to round-off."""
    return float(abs(one - other).max()) <= ROUND_OFF * float(abs(one).max()) if 0 not in one.shape else True


class _Nothing:
    """Solves for no rows."""

    def solve(self, right: Floats) -> Floats:
        """Nothing."""
        return right
