"""Rows that may be the hottest or the coldest of their group: those that were so in some field that was learned.

A row that nothing heats or cools but its neighbours is, at its own extreme over time, never beyond all of them; where linear tetrahedra
with obtuse edges make it so, it counts as it is at the start of the orbit, as in a full march (`thermal.solve.maximum_principle`).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis
from thermal.reduction.model import sparse_of
from thermal.solve.model import Model
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

LOOKED_AT = 24  #: fields, spread over those that were learned
CHECKED = 6  #: fields of an orbit


@dataclass(slots=True, eq=False)
class Neighbours:
    """Of rows that are heated and cooled by their neighbours alone."""

    rows: Ids  #: (p,)
    near: Ids  #: theirs, one row after another
    first: Ids  #: (p,) where each row begins among them
    place: Ids  #: (n,) of each row among `rows`; -1 of others

    def beyond(self, T: Floats) -> Mask:
        """Rows (k, p) that are hotter than all their neighbours in fields (k, n)."""
        if not len(self.rows):
            return np.zeros((len(T), 0), dtype=bool)
        return np.asarray(T[:, self.rows] > np.maximum.reduceat(T[:, self.near], self.first, axis=1))


def neighbours(model: Model) -> Neighbours:
    """Of a model on one rank."""
    n = model.layout.owned
    alone = (model.emission_slope(0.0, np.full(n, 300.0)) + np.abs(model.fixed_conductance())) == 0.0
    for way in model.ways:
        if isinstance(way, Source | Feedback):
            spread = way.spread if isinstance(way, Source) else way.weights
            alone &= np.asarray(abs(spread).sum(axis=1)).ravel() == 0.0
    A, rows = sparse_of(model.A), np.flatnonzero(alone)
    some = A[rows]
    own = np.repeat(rows, np.diff(some.indptr))
    other = (some.indices != own) & (some.data != 0.0)
    count = np.bincount(np.repeat(np.arange(len(rows)), np.diff(some.indptr))[other], minlength=len(rows))
    rows, place = rows[count > 0], np.full(n, -1)
    place[rows] = np.arange(len(rows))
    return Neighbours(rows, some.indices[other].astype(np.int64), np.cumsum([0, *count[count > 0].tolist()])[:-1].astype(np.int64), place)


@dataclass(slots=True, eq=False)
class Candidates:
    """Of groups (owned, g) whose rows are those with a positive weight."""

    groups: Any  #: sparse by columns
    basis: Basis
    fields: Floats  #: (k, n) of which the extremes are taken [K]
    near: Neighbours
    _rows: Ids = field(init=False)  #: candidates, one group after another
    _first: Ids = field(init=False)  #: where each group begins among them
    _shapes: Floats = field(init=False)  #: (r, candidates)

    def __post_init__(self) -> None:
        some = self.looked_at
        rows: list[Ids] = []
        both = [np.where(self._odd(sign * some), -np.inf, sign * some) for sign in (1.0, -1.0)] + [some, -some]
        for a, b in zip(self.groups.indptr[:-1], self.groups.indptr[1:], strict=True):
            mine = self.groups.indices[a:b].astype(np.int64)
            rows.append(np.unique(np.concatenate([mine[values[:, mine].argmax(axis=1)] for values in both])))
        self._rows = np.concatenate(rows)
        self._first = np.cumsum([0, *map(len, rows)])[:-1]
        self._shapes = np.ascontiguousarray(self.basis.shapes[self._rows].T)

    @property
    def looked_at(self) -> Floats:
        """Those of the fields that the candidates are of (k, n) [K]."""
        return self.fields[:: max(1, len(self.fields) // LOOKED_AT)]

    def _odd(self, T: Floats) -> Mask:
        """Rows (k, n) beyond all their neighbours in fields (k, n)."""
        found = np.zeros(T.shape, dtype=bool)
        found[:, self.near.rows] = self.near.beyond(T)
        return found

    def span(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """Least and greatest of each group (k, g) [K] at coordinates (k, r)."""
        T = coordinates @ self._shapes
        return np.minimum.reduceat(T, self._first, axis=1), np.maximum.reduceat(T, self._first, axis=1)

    def extremes(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """Coldest and hottest of each group (g,) [K] over coordinates (k, r), the start first."""
        T = coordinates @ self._shapes
        return -self._most(-T, coordinates, -1.0), self._most(T, coordinates, 1.0)

    def _most(self, T: Floats, coordinates: Floats, sign: float) -> Floats:
        """Greatest of each group (g,) [K] of the candidates' temperatures, times a sign, over time (k, candidates)."""
        when, greatest = T.argmax(axis=0), T.max(axis=0)
        place = self.near.place[self._rows]
        ends = np.append(self.near.first, len(self.near.near))
        for c in np.flatnonzero(place >= 0).tolist():
            near = self.near.near[ends[place[c]] : ends[place[c] + 1]]
            if greatest[c] > (sign * (self.basis.shapes[near] @ coordinates[when[c]])).max():
                greatest[c] = T[0, c]
        return np.asarray(np.maximum.reduceat(greatest, self._first))

    def missed(self, fields: Floats, least: Floats, greatest: Floats) -> float:
        """Most that a row of some of the fields (k, n) [K] of an orbit, the start first, lies beyond the extremes of its group (g,) [K]."""
        some = fields[:: max(1, len(fields) // CHECKED)]
        first, short = self.groups.indptr[:-1].astype(np.int64), 0.0
        for sign, known in ((1.0, greatest), (-1.0, -least)):
            odd = self._odd(sign * some)
            odd[0] = False
            T = np.where(odd, -np.inf, sign * some)[:, self.groups.indices]
            short = max(short, float((np.maximum.reduceat(T, first, axis=1) - known).max(initial=0.0)))
        return short

    def clipped(self, fields: Floats, least: Floats, greatest: Floats) -> Floats:
        """Fields (k, n) [K] within the extremes (g,) of the groups of each row; of several the widest."""
        rows, group = self.groups.indices, np.repeat(np.arange(len(least)), np.diff(self.groups.indptr))
        low, high = np.full(fields.shape[1], np.inf), np.full(fields.shape[1], -np.inf)
        np.minimum.at(low, rows, least[group])
        np.maximum.at(high, rows, greatest[group])
        return np.clip(fields, np.where(np.isfinite(low), low, -np.inf), np.where(np.isfinite(high), high, np.inf))
