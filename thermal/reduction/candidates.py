"""Rows that may be the hottest or the coldest of their group: those that were so in some field that was learned.

A row that nothing heats or cools but its neighbours is, at its own extreme over time, never beyond all of them; where linear tetrahedra
with obtuse edges make it so, it counts as it is at the start of the orbit, as in a full march (`thermal.solve.maximum_principle`).
"""

from collections.abc import Sequence
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

    def odd(self, T: Floats) -> Mask:
        """The same of all rows (k, n)."""
        found = np.zeros(T.shape, dtype=bool)
        found[:, self.rows] = self.beyond(T)
        return found


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


def candidates(groups: Any, basis: Basis, fields: Floats, near: Neighbours) -> "Candidates":
    """Of groups, as of `Candidates`, by some of fields (k, n) [K] that were learned."""
    return Candidates(groups, basis, near, extreme_rows(groups, fields[:: max(1, len(fields) // LOOKED_AT)], near))


def extreme_rows(groups: Any, fields: Floats, near: Neighbours) -> list[Ids]:
    """Rows of each group that are its hottest or coldest in some field of (k, n) [K], with and without those beyond all neighbours."""
    both = [np.where(near.odd(sign * fields), -np.inf, sign * fields) for sign in (1.0, -1.0)] + [fields, -fields]
    rows: list[Ids] = []
    for a, b in zip(groups.indptr[:-1], groups.indptr[1:], strict=True):
        mine = groups.indices[a:b].astype(np.int64)
        rows.append(np.unique(np.concatenate([mine[values[:, mine].argmax(axis=1)] for values in both])))
    return rows


@dataclass(slots=True, eq=False)
class Candidates:
    """Of groups (owned, g) whose rows are those with a positive weight."""

    groups: Any  #: sparse by columns
    basis: Basis
    near: Neighbours
    by_group: Sequence[Ids]  #: rows that may be an extreme of each group
    doubt: float = 0.0  #: K, by which a row may be nearer to its neighbours than it seems, so that it counts or does not
    _rows: Ids = field(init=False)  #: candidates, one group after another
    _first: Ids = field(init=False)  #: where each group begins among them
    _shapes: Floats = field(init=False)  #: (r, candidates)

    def __post_init__(self) -> None:
        self._rows = np.concatenate(self.by_group)
        self._first = np.cumsum([0, *map(len, self.by_group)])[:-1]
        self._shapes = np.ascontiguousarray(self.basis.shapes[self._rows].T)

    def with_those_of(self, fields: Floats) -> "Candidates":
        """And rows that are extremes of their group in some of further fields (k, n) [K]."""
        both = zip(self.by_group, extreme_rows(self.groups, fields, self.near), strict=True)
        return Candidates(self.groups, self.basis, self.near, [np.union1d(had, more) for had, more in both], self.doubt)

    def span(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """Least and greatest of each group (k, g) [K] at coordinates (k, r)."""
        T = coordinates @ self._shapes
        return np.minimum.reduceat(T, self._first, axis=1), np.maximum.reduceat(T, self._first, axis=1)

    def extremes(self, coordinates: Floats) -> tuple[Floats, Floats, float]:
        """Coldest and hottest of each group (g,) [K] over coordinates (k, r), the start first; and what hangs on rows in doubt [K]."""
        T = coordinates @ self._shapes
        cold, hot = self._most(-T, coordinates, -1.0), self._most(T, coordinates, 1.0)
        return -cold[1], hot[1], max(float((most - least).max()) for least, _, most in (cold, hot))

    def _most(self, T: Floats, coordinates: Floats, sign: float) -> tuple[Floats, Floats, Floats]:
        """Greatest of each group (g,) [K] of the candidates' temperatures, times a sign, over time (k, candidates).

        Without rows that may be beyond all their neighbours; without those that are; and with all that may not be.
        """
        when, found = T.argmax(axis=0), np.tile(T.max(axis=0), (3, 1))
        place = self.near.place[self._rows]
        ends = np.append(self.near.first, len(self.near.near))
        for c in np.flatnonzero(place >= 0).tolist():
            near = self.near.near[ends[place[c]] : ends[place[c] + 1]]
            beyond = found[1, c] - (sign * (self.basis.shapes[near] @ coordinates[when[c]])).max()
            found[beyond > np.array([-self.doubt, 0.0, self.doubt]), c] = T[0, c]
        least, told, most = np.maximum.reduceat(found, self._first, axis=1)
        return least, told, most

    def missed(self, fields: Floats, least: Floats, greatest: Floats) -> float:
        """Most that a row of some of the fields (k, n) [K] of an orbit, the start first, lies beyond the extremes of its group (g,) [K]."""
        some = fields[:: max(1, len(fields) // CHECKED)]
        first, short = self.groups.indptr[:-1].astype(np.int64), 0.0
        for sign, known in ((1.0, greatest), (-1.0, -least)):
            odd = self.near.odd(sign * some)
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
