"""Designs that no other beats in everything that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from heliorack.sweep.analysis.table import ColumnError, Floats, SweepTable, sense, worded

DEFAULTS = ("mass_kg", "tightest_margin_K")


@dataclass(frozen=True, slots=True)
class Objective:
    """A figure and which way it is better."""

    column: str
    better: Literal["min", "max"]

    @property
    def words(self) -> str:
        """The figure in words."""
        return worded(self.column)


def objective(table: SweepTable, asked: str) -> Objective:
    """An objective from the command line: COLUMN, COLUMN:min or COLUMN:max.

    Raises:
        ColumnError: no such column.
    """
    name, colon, better = asked.rpartition(":")
    if not colon:
        name, better = asked, ""
    if better not in ("", "min", "max"):
        raise ColumnError(f"'{asked}': after the colon stands min or max, for less or more being better")
    column = table.find(name)
    return Objective(column, "max" if (better or sense(column)) == "max" else "min")


def front(values: Floats, better: Sequence[Literal["min", "max"]]) -> NDArray[np.intp]:
    """Designs that none other beats: better in one figure and no worse in any.

    Args:
        values: Figures, (n designs, m); a design with a nan is on no front.
        better: Which way each figure is better.

    Returns:
        Indices of the front, ascending in the first figure. Equal designs are all on it or all off it.

    >>> front(np.array([[1.0, 5.0], [2.0, 7.0], [2.0, 6.0], [3.0, 7.0]]), ("min", "max")).tolist()
    [0, 1]
    """
    cost = values * np.array([1.0 if way == "min" else -1.0 for way in better])
    known = np.flatnonzero(~np.isnan(cost).any(axis=1))
    kept: list[int] = []
    order = known[np.lexsort(cost[known].T[::-1])]  # nobody is beaten by one that comes later
    for i in order:
        rivals = cost[kept]
        beaten = (rivals <= cost[i]).all(axis=1) & (rivals < cost[i]).any(axis=1)
        if not beaten.any():
            kept.append(int(i))
    return np.array(sorted(kept, key=lambda i: (values[i, 0], i)), dtype=np.intp)


def slope(values: Floats) -> float | None:
    """What one unit of the second figure costs in the first along a front (n, 2), by least squares; None when nothing is traded."""
    if len(values) < 2 or np.ptp(values[:, 1]) == 0:
        return None
    return float(np.polyfit(values[:, 1], values[:, 0], 1)[0])
