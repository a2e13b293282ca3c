"""Which extremes a march may count: no place grows colder than the body was, unless heat is drawn there or flows on to a colder place.

Linear tetrahedra with obtuse edges let a cell swing the wrong way for an instant beside a jump, by some tenths of a kelvin (docs/theory.md,
conduction). Such a swing is no temperature of the body and does not count for its extremes.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from thermal.solve.model import Model

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

ROUNDING = 1e-9  #: K by which a row is beyond what was, and K/s below which its heat is none


@dataclass(slots=True, eq=False)
class MaximumPrinciple:
    """Judges rows of a model by their neighbours and by the heat that is drawn from them. Collective."""

    model: Model
    _neighbours: Any = field(init=False, default=None)  #: (n, n) in the order of the system's rows, on every rank

    def bounded(self, t: float, T: Floats, coldest: Floats, hottest: Floats) -> Floats:
        """Temperatures of the owned rows with impossible swings taken back to the extremes known so far [K].

        Args:
            t: Time [s].
            T: Of the owned rows [K].
            coldest, hottest: What each owned row or its neighbourhood has been before [K].
        """
        whole, T = T, self.model.of_mesh(T)
        T = np.where((coldest > T) & (coldest - T <= ROUNDING), coldest, T)
        T = np.where((hottest < T) & (T - hottest <= ROUNDING), hottest, T)
        below, above = coldest > T, hottest < T
        if not self.model.layout.sum(float(below.any() or above.any())):
            return T
        load, _ = self.model.outside(t, np.append(T, whole[len(T) :]))
        rate = (self.model.of_mesh(load) - self.model.fixed_conductance() * T) / self.model.heat_capacity
        rate[self.model.held_rows()] = np.nan
        everywhere, given = self._whole(T), self._whole(rate)
        found = T.copy()
        for sign, beyond, limit in ((1.0, below, coldest), (-1.0, above, hottest)):
            drawn = ~(sign * given >= -ROUNDING)  # true of held rows
            swings = self._swings(sign * everywhere, self._whole(beyond.astype(float)) > 0, drawn)
            mine = self._mine(swings)
            found[mine] = limit[mine]
        return found

    def _swings(self, T: Floats, beyond: Mask, drawn: Mask) -> Mask:
        """Rows beyond what was, in groups of neighbours from which no heat is drawn and none flows on to a colder row."""
        rows = np.flatnonzero(beyond)
        none = np.zeros(len(T), dtype=bool)
        if not len(rows):
            return none
        near = self._adjacency()[rows]
        coldest = np.minimum.reduceat(T[near.indices], near.indptr[:-1])
        if not ((coldest >= T[rows]) & ~drawn[rows]).any():  # every group has a coldest row, and each of these loses heat
            return none
        outward = np.where(beyond[near.indices], np.inf, T[near.indices])
        passed_on = np.minimum.reduceat(outward, near.indptr[:-1]) < T[rows]
        count, label = connected_components(near[:, rows], directed=False)
        fed = np.bincount(label, drawn[rows] | passed_on, count) > 0
        none[rows[~fed[label]]] = True
        return none

    def _adjacency(self) -> Any:
        if self._neighbours is None:
            start, end = self.model.A.getOwnershipRange()
            indptr, columns, _ = self.model.A.getValuesCSR()
            rows = np.repeat(np.arange(start, end), np.diff(indptr))
            comm, n = self.model.layout.comm, self.model.layout.size
            rows, columns = (np.concatenate(comm.allgather(each)) for each in (rows, columns))
            self._neighbours = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n, n))
        return self._neighbours

    def _whole(self, values: Floats) -> Floats:
        """Values of the owned rows in the order of the system's rows, on every rank."""
        comm = self.model.layout.comm
        return values if comm.size == 1 else np.concatenate(comm.allgather(values))

    def _mine(self, rows: Mask) -> Mask:
        start, end = self.model.A.getOwnershipRange()
        return rows[start:end]
