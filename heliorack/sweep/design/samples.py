"""Samples of what is not exactly known: Latin hypercube, Sobol or Saltelli points through the distribution of each key."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.sweep import Distribution, Lognormal, Normal, Samples, Triangular
from heliorack.casefile.errors import Problem
from heliorack.sweep.design.axes import Change, Level, Line, alias
from heliorack.sweep.design.values import added, scaled

Floats = NDArray[np.float64]

EDGE = 1e-12  #: samples of the unit cube keep this far from 0 and 1, where a Gaussian has no value
MOST_ORDERED = 4096  #: more samples than that are run as they were drawn


def unit_samples(samples: Samples) -> tuple[Floats, list[str]]:
    """Samples in the unit cube, neighbours behind one another.

    Returns:
        Samples (points, number of keys), and what each is called: its number; in a Saltelli design that of its base sample with a, b, or
        ab and the number of the key (from 1) that a takes from b.
    """
    from scipy.stats import qmc

    keys = len(samples.over)
    if samples.method == "saltelli":
        drawn, names = saltelli(qmc.Sobol(2 * keys, rng=samples.seed, bits=64).random(samples.count))
    else:
        kind = qmc.Sobol if samples.method == "sobol" else qmc.LatinHypercube
        drawn, names = kind(keys, rng=samples.seed).random(samples.count), []
    drawn = np.clip(drawn, EDGE, 1 - EDGE)
    order = chain(drawn) if len(drawn) <= MOST_ORDERED else list(range(len(drawn)))
    return drawn[order], [names[i] for i in order] if names else [f"{i:04d}" for i in range(len(drawn))]


def saltelli(base: Floats) -> tuple[Floats, list[str]]:
    """Samples A, B and A with each of its columns from B, by which Sobol indices are estimated.

    Args:
        base: Samples of twice as many dimensions as there are keys, (n, 2 k): A and B side by side.

    Returns:
        Samples (n (k + 2), k), those of one base sample behind one another, and their names.

    Source:
        Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola, Computer Physics Communications 181 (2010), 259-270.

    >>> saltelli(np.array([[0.1, 0.2, 0.7, 0.8]]))[0].tolist()
    [[0.1, 0.2], [0.7, 0.2], [0.1, 0.8], [0.7, 0.8]]
    """
    keys = base.shape[1] // 2
    a, b = base[:, :keys], base[:, keys:]
    mixed = [np.where(np.arange(keys) == i, b, a) for i in range(keys)]
    words = ("a", *(f"ab{i + 1}" for i in range(keys)), "b")
    return np.stack([a, *mixed, b], axis=1).reshape(-1, keys), [f"{i:04d}-{word}" for i in range(len(base)) for word in words]


def chain(points: Floats) -> list[int]:
    """Order in which each point (n, d) is followed by the nearest one that is left."""
    left = np.ones(len(points), dtype=bool)
    order = [int(np.argmin((points**2).sum(axis=1)))]
    for _ in range(len(points) - 1):
        left[order[-1]] = False
        away = ((points - points[order[-1]]) ** 2).sum(axis=1)
        order.append(int(np.argmin(np.where(left, away, np.inf))))
    return order


def quantiles(over: Distribution, u: Floats) -> Floats:
    """Values of a distribution at probabilities, (n,)."""
    from scipy import stats

    match over:
        case Normal(mean=mean, std=std, low=low, high=high):
            ends = [-np.inf if low is None else (low - mean) / std, np.inf if high is None else (high - mean) / std]
            return np.asarray(stats.truncnorm.ppf(u, *ends, loc=mean, scale=std))
        case Lognormal(median=median, sigma=sigma):
            return np.asarray(stats.lognorm.ppf(u, sigma, scale=median))
        case Triangular(low=low, mode=mode, high=high):
            return np.asarray(stats.triang.ppf(u, (mode - low) / (high - low), loc=low, scale=high - low))
    return over.low + u * (over.high - over.low)


def sample_line(samples: Samples, problems: list[Problem]) -> Line:
    """The samples as one axis; a column for each key holds the sample itself, so a factor or a difference where it is one."""
    columns = [_columns(over, f"sweep.samples.over.{i}", problems) for i, over in enumerate(samples.over)]
    drawn, names = unit_samples(samples)
    table = np.column_stack([quantiles(over, drawn[:, i]) for i, over in enumerate(samples.over)])
    levels = []
    for name, row in zip(names, table, strict=True):
        values = [float(f"{value:.9g}") for value in row]
        overrides: list[tuple[str, Any]] = []
        changes: list[Change] = []
        for over, value in zip(samples.over, values, strict=True):
            for path in _paths(over):
                if over.apply == "value":
                    overrides.append((path, value))
                else:
                    changes.append(scaled(path, value) if over.apply == "factor" else added(path, value))
        found = dict(zip(columns, values, strict=True))
        levels.append(Level(f"sample-{name}", tuple(overrides), found, "sweep.samples.over", tuple(changes)))
    aliases = {_alias(over, problems, i): column for i, (over, column) in enumerate(zip(samples.over, columns, strict=True))}
    return Line("sweep.samples", tuple(levels), aliases)


def _paths(over: Distribution) -> tuple[str, ...]:
    return (over.path,) if isinstance(over.path, str) else over.path


def _columns(over: Distribution, place: str, problems: list[Problem]) -> str:
    """Column of a key: its name, or its path, with .factor or .add behind it where the sample is one."""
    paths = _paths(over)
    if not paths:
        problems.append(Problem(f"{place}.path", [], "is empty; a sample needs at least one key"))
        return place
    if len(paths) > 1 and over.name is None:
        problems.append(Problem(f"{place}.name", list(paths), "missing; several keys that share a sample need a name"))
    return over.name or paths[0] + {"value": "", "factor": ".factor", "add": ".add"}[over.apply]


def _alias(over: Distribution, problems: list[Problem], i: int) -> str:
    paths = _paths(over)
    return over.name or (alias(paths[0], None, problems, f"sweep.samples.over.{i}") if paths else "")
