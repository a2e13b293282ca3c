"""A figure against one axis: the mean over all else, and how far the rest moves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heliorack.sweep.analysis.table import Axis, Floats, SweepTable

BINS = 10  #: of a sampled axis


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """One figure over one axis, (k,) each."""

    axis: str
    figure: str
    at: Floats  #: level, or mean of a bin
    words: tuple[str, ...]
    mean: Floats
    least: Floats
    greatest: Floats
    count: Floats


def cut(table: SweepTable, axis: Axis, figure: str) -> Slice:
    """A figure by level of an axis; samples are gathered into bins of equal count."""
    y = table.numbers(figure)
    known = np.flatnonzero(~np.isnan(y))
    if axis.sampled:
        order = known[np.argsort(axis.at[known], kind="stable")]
        groups = [group for group in np.array_split(order, min(BINS, max(len(order) // 4, 1))) if len(group)]
        at = np.array([axis.at[group].mean() for group in groups])
        words = tuple(f"{axis.at[group].min():.4g} to {axis.at[group].max():.4g}" for group in groups)
    else:
        there = [(place, name, known[axis.at[known] == place]) for place, name in axis.levels]
        there = [item for item in there if len(item[2])]
        groups = [group for _, _, group in there]
        at = np.array([place for place, _, _ in there])
        words = tuple(name for _, name, _ in there)
    values = [y[group] for group in groups]
    return Slice(
        axis=axis.column,
        figure=figure,
        at=at,
        words=words,
        mean=np.array([value.mean() for value in values]),
        least=np.array([value.min() for value in values]),
        greatest=np.array([value.max() for value in values]),
        count=np.array([float(len(value)) for value in values]),
    )


def held(table: SweepTable, axis: Axis, figure: str) -> list[tuple[Floats, Floats]]:
    """Lines along one axis of a grid with every other axis held: places and values of each, ascending."""
    y = table.numbers(figure)
    others = [other for other in table.axes if other.column != axis.column]
    lines: dict[tuple[float, ...], list[int]] = {}
    for i in np.flatnonzero(~np.isnan(y)):
        lines.setdefault(tuple(float(other.at[i]) for other in others), []).append(int(i))
    found = [np.array(sorted(rows, key=lambda i: axis.at[i])) for rows in lines.values()]
    return [(axis.at[rows], y[rows]) for rows in found if len(rows) > 1]
