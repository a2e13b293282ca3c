"""Which axis moves a figure: Sobol indices where the design has them or a fitted surface is good enough, else shares and ranks.

Every figure of this file says how it was found (`Sensitivity.method`), because they are different things:

    saltelli   Sobol indices of the samples themselves, which form A, B and AB matrices (Saltelli et al., Computer Physics
               Communications 181, 2010)
    surface    Sobol indices of a quadratic (or, with few samples, linear) surface fitted to the samples; `fit` is how much of the
               variance the surface foretells at samples that it has not seen
    levels     share of the variance between the levels of an axis: the first-order index of a full grid, where it is exact; of any
               other set of designs the shares of axes overlap (`Sensitivity.full`)
    bins       the same with samples gathered into bins, less what chance alone would give; Spearman's rank correlation beside it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from heliorack.sweep.analysis.table import Axis, Floats, SweepTable

Method = Literal["saltelli", "surface", "levels", "bins"]

GOOD_FIT = 0.9  #: of a surface; below it its indices would be those of another function
DRAWN = 4096  #: samples of the surface
WORDS: dict[Method, str] = {
    "saltelli": "Sobol indices of the samples (Saltelli design)",
    "surface": "Sobol indices of a * surface fitted to the samples",
    "levels": "share of the variance between levels (first order)",
    "bins": "share of the variance between bins (first order, estimated)",
}

OVERLAP = "share of the variance between levels (not a full grid: shares overlap)"


@dataclass(frozen=True, slots=True)
class Influence:
    """Of one axis on one figure."""

    axis: str  #: column
    first: float  #: share of the variance that the axis explains alone
    total: float | None  #: with all it does together with others; None where that is not known
    rank: float | None  #: Spearman's rank correlation; None for an axis of names
    slope: float = 0.0  #: sign says whether the figure rises with the axis: of the surface where there is one, else the rank correlation


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Of one figure, the most influential axis first."""

    figure: str
    method: Method
    influences: tuple[Influence, ...]
    fit: float | None = None  #: of the surface: leave-one-out share of the variance that it foretells
    used: int = 0  #: samples that went in
    order: int = 0  #: of the surface
    full: bool = True  #: every combination of the levels has the figure; of method levels

    @property
    def words(self) -> str:
        """How it was found."""
        if not self.full:
            return f"{OVERLAP}; {self.used} designs"
        fit = "" if self.fit is None else f", which foretells {100 * self.fit:.1f} % of the variance at samples it has not seen"
        return f"{WORDS[self.method].replace('*', 'linear' if self.order == 1 else 'quadratic')}{fit}; {self.used} designs"


def sensitivity(table: SweepTable, column: str) -> Sensitivity | None:
    """Influence of every axis on one figure; None when nothing varies.

    Args:
        table: The sweep.
        column: The figure.
    """
    y = table.numbers(column)
    known = ~np.isnan(y)
    if known.sum() < 3 or not table.axes or np.ptp(y[known]) == 0:
        return None
    sampled = table.sampled
    if sampled and len(sampled) == len(table.axes):
        found = _sampled(column, np.column_stack([axis.at for axis in sampled])[known], y[known], [axis.column for axis in sampled])
        if found is not None:
            return found
    influences = [_influence(axis, y, known) for axis in table.axes]
    full = bool(sampled) or full_grid(np.column_stack([axis.at for axis in table.axes])[known])
    return _sorted(Sensitivity(column, "bins" if sampled else "levels", tuple(influences), used=int(known.sum()), full=full))


def full_grid(x: Floats) -> bool:
    """Whether levels x (n, d) hold every combination of the levels of each column once.

    >>> full_grid(np.array([[0, 0], [0, 1], [1, 0], [1, 1]])), full_grid(np.array([[0, 0], [0, 1], [1, 0]]))
    (True, False)
    """
    count = prod(len(np.unique(column)) for column in x.T)
    return len(x) == count and len(np.unique(x, axis=0)) == count


def _sampled(column: str, x: Floats, y: Floats, names: Sequence[str]) -> Sensitivity | None:
    """By a Saltelli design, or else by a surface that is good enough."""
    ranks = [_spearman(x[:, i], y) for i in range(x.shape[1])]
    blocks = saltelli_blocks(x)
    if blocks is not None:
        first, total = sobol_of_blocks(y[blocks])
        found = [Influence(name, *rest) for name, *rest in zip(names, first.tolist(), total.tolist(), ranks, ranks, strict=True)]
        return _sorted(Sensitivity(column, "saltelli", tuple(found), used=blocks.size))
    surface = fitted(x, y)
    if surface is None or surface.fit < GOOD_FIT:
        return None
    first, total = sobol_of_surface(surface, x)
    slopes = surface.coefficients[1 : 1 + len(names)]
    found = [Influence(name, *rest) for name, *rest in zip(names, first.tolist(), total.tolist(), ranks, slopes.tolist(), strict=True)]
    return _sorted(Sensitivity(column, "surface", tuple(found), surface.fit, len(y), surface.order))


def _sorted(found: Sensitivity) -> Sensitivity:
    order = sorted(found.influences, key=lambda influence: -max(influence.first, influence.total or 0.0))
    return replace(found, influences=tuple(order))


# ------------------------------------------------------------------------------------------------------- shares and ranks


def _influence(axis: Axis, y: Floats, known: NDArray[np.bool_]) -> Influence:
    rank = None if axis.kind == "name" else _spearman(axis.at[known], y[known])
    return Influence(axis.column, _first(axis, y, known), None, rank, rank or 0.0)


def _first(axis: Axis, y: Floats, known: NDArray[np.bool_]) -> float:
    if not axis.sampled:
        return share_of_levels(axis.at[known], y[known])
    bins = int(max(4, min(16, np.sqrt(known.sum()))))
    place = np.argsort(np.argsort(axis.at[known], kind="stable"), kind="stable")
    return share_of_levels((place * bins // known.sum()).astype(float), y[known], chance=True)


def share_of_levels(levels: Floats, y: Floats, chance: bool = False) -> float:
    """Share of the variance of y (n,) between its means by level (n,).

    Args:
        levels: Level of each value.
        y: Values.
        chance: Take off what levels without influence would show (epsilon squared; Kelley, PNAS 21, 1935).
    """
    _, place = np.unique(levels, return_inverse=True)
    counts = np.bincount(place)
    means = np.bincount(place, weights=y) / counts
    whole = float(((y - y.mean()) ** 2).sum())
    between = float((counts * (means - y.mean()) ** 2).sum())
    if whole == 0:
        return 0.0
    if chance and len(y) > len(counts):
        between -= (len(counts) - 1) * (whole - between) / (len(y) - len(counts))
    return float(np.clip(between / whole, 0.0, 1.0))


def _spearman(x: Floats, y: Floats) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(x, y).statistic)


# ---------------------------------------------------------------------------------------------------------------- surface


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A polynomial of second order, or of first where there are too few samples for that, in standardised variables."""

    centre: Floats  #: (d,)
    scale: Floats  #: (d,)
    coefficients: Floats
    order: int
    fit: float  #: share of the variance foretold at samples left out, one at a time

    def __call__(self, x: Floats) -> Floats:
        """Values at points (n, d)."""
        return np.asarray(_terms((x - self.centre) / self.scale, self.order) @ self.coefficients)


def fitted(x: Floats, y: Floats) -> Surface | None:
    """The surface through samples x (n, d), y (n,), by least squares; None with fewer than two samples per term."""
    n, d = x.shape
    for order, terms in ((2, 1 + 2 * d + d * (d - 1) // 2), (1, 1 + d)):
        if n < 2 * terms:
            continue
        centre, scale = x.mean(axis=0), x.std(axis=0)
        q, r = np.linalg.qr(_terms((x - centre) / scale, order))
        coefficients = np.linalg.solve(r, q.T @ y)
        left_out = (y - q @ (q.T @ y)) / (1 - (q**2).sum(axis=1))  # residual at each sample when it is not fitted (PRESS)
        fit = 1 - float((left_out**2).sum() / ((y - y.mean()) ** 2).sum()) if np.ptp(y) > 0 else 1.0
        return Surface(centre, scale, coefficients, order, fit)
    return None


def _terms(z: Floats, order: int) -> Floats:
    """Constant, linear and, of second order, quadratic and mixed terms of points (n, d)."""
    first = np.column_stack([np.ones(len(z)), z])
    if order == 1:
        return first
    i, j = np.triu_indices(z.shape[1])
    return np.column_stack([first, z[:, i] * z[:, j]])


@dataclass(frozen=True, slots=True, eq=False)
class _Empirical:
    """The distribution of samples, as scipy wants one."""

    samples: Floats

    def ppf(self, q: Any) -> Floats:
        return np.asarray(np.quantile(self.samples, q))


def sobol_of_surface(surface: Surface, x: Floats) -> tuple[Floats, Floats]:
    """First-order and total Sobol indices (d,) of a surface, every variable distributed as its samples x (n, d) and independent."""
    from scipy.stats import sobol_indices

    spread: list[Any] = [_Empirical(column) for column in x.T]
    found = sobol_indices(
        func=lambda points: surface(np.asarray(points).T),
        n=DRAWN,
        dists=spread,
        rng=np.random.default_rng(0),
    )
    return _indices(found)


# --------------------------------------------------------------------------------------------------------------- Saltelli


def saltelli_blocks(x: Floats) -> NDArray[np.intp] | None:
    """Rows of samples x (n, d) that form a Saltelli design, in whatever order they stand.

    Returns:
        Indices (2 + d, m): rows of A, of B, and of A with its column i from B; m the largest power of two that is whole. None for
        other samples.
    """
    n, d = x.shape
    if d < 2 or n < 2 * (d + 2):
        return None
    alike: list[dict[bytes, list[int]]] = []
    for i in range(d):
        rest = np.ascontiguousarray(np.delete(x, i, axis=1))
        groups: dict[bytes, list[int]] = {}
        for j in range(n):
            groups.setdefault(rest[j].tobytes(), []).append(j)
        alike.append({key: rows for key, rows in groups.items() if len(rows) > 1})
    where = {x[j].tobytes(): j for j in range(n)}
    blocks, used = [], set[int]()
    for a in range(n):
        if a in used:
            continue
        others = [_other(alike[i], x[a], i, a) for i in range(d)]
        if None in others:
            continue
        mixed = [other for other in others if other is not None]
        b = where.get(np.array([x[mixed[i], i] for i in range(d)]).tobytes())
        if b is not None and not used & {a, b, *mixed}:
            blocks.append((a, b, *mixed))
            used |= {a, b, *mixed}
    whole = 1 << (len(blocks).bit_length() - 1) if blocks else 0
    return np.array(blocks[:whole], dtype=np.intp).T if len(used) >= 0.5 * n and whole >= 2 else None


def _other(groups: dict[bytes, list[int]], row: Floats, i: int, a: int) -> int | None:
    """The row that differs from row a in column i alone."""
    found = [j for j in groups.get(np.delete(row, i).tobytes(), []) if j != a]
    return found[0] if len(found) == 1 else None


def sobol_of_blocks(y: Floats) -> tuple[Floats, Floats]:
    """First-order and total Sobol indices (d,) of values y (2 + d, m) at A, B and the mixed rows."""
    from scipy.stats import sobol_indices

    values: Any = {"f_A": y[None, 0], "f_B": y[None, 1], "f_AB": y[2:, None, :]}
    found = sobol_indices(func=values, n=y.shape[1])
    return _indices(found)


def _indices(found: Any) -> tuple[Floats, Floats]:
    """First-order and total indices without the noise below zero."""
    return np.maximum(np.ravel(found.first_order), 0.0), np.maximum(np.ravel(found.total_order), 0.0)
