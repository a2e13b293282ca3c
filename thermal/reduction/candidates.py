"""Rows that may be the hottest or the coldest of their group: those that were so in some field that was learned, or in the answer's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

LOOKED_AT = 24  #: fields, spread over those that were learned


def candidates(groups: Any, basis: Basis, fields: Floats) -> "Candidates":
    """Of groups, as of `Candidates`, by some of fields (k, n) [K] that were learned."""
    return Candidates(groups, basis, extreme_rows(groups, fields[:: max(1, len(fields) // LOOKED_AT)]))


def extreme_rows(groups: Any, fields: Floats) -> list[Ids]:
    """Rows of each group that are its hottest or coldest in some field of (k, n) [K]."""
    rows: list[Ids] = []
    for a, b in zip(groups.indptr[:-1], groups.indptr[1:], strict=True):
        mine = groups.indices[a:b].astype(np.int64)
        values = fields[:, mine]
        rows.append(np.unique(mine[np.concatenate([values.argmax(axis=1), values.argmin(axis=1)])]))
    return rows


@dataclass(slots=True, eq=False)
class Candidates:
    """Of groups (owned, g) whose rows are those with a positive weight."""

    groups: Any  #: sparse by columns
    basis: Basis
    by_group: Sequence[Ids]  #: rows that may be an extreme of each group
    _rows: Ids = field(init=False)  #: candidates, one group after another
    _first: Ids = field(init=False)  #: where each group begins among them
    _shapes: Floats = field(init=False)  #: (r, candidates)

    def __post_init__(self) -> None:
        self._rows = np.concatenate(self.by_group)
        self._first = np.cumsum([0, *map(len, self.by_group)])[:-1]
        self._shapes = np.ascontiguousarray(self.basis.shapes[self._rows].T)

    def with_those_of(self, fields: Floats) -> "Candidates":
        """And rows that are extremes of their group in some of further fields (k, n) [K]."""
        both = zip(self.by_group, extreme_rows(self.groups, fields), strict=True)
        return Candidates(self.groups, self.basis, [np.union1d(had, more) for had, more in both])

    def span(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """Least and greatest of each group (k, g) [K] at coordinates (k, r)."""
        T = coordinates @ self._shapes
        return np.minimum.reduceat(T, self._first, axis=1), np.maximum.reduceat(T, self._first, axis=1)
