"""What it costs to stack margins: every unit at its worst corner, against percentiles of the samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np

from heliorack.casefile.patterns import siblings
from heliorack.runfolder.summary import LimitFigures
from heliorack.sweep.analysis.sensitivity import GOOD_FIT, Surface, fitted
from heliorack.sweep.analysis.table import SIZES, Floats, SweepTable, tightest_limits

FEWEST = 20  #: samples from which a 95 % percentile can be taken
NEAR = 20.0  #: K; the other side of a unit is shown too where its limit is as near as that
CORNERS = 14  #: axes of which every corner is looked at
Side = Literal["max", "min"]


@dataclass(frozen=True, slots=True)
class Percentiles:
    """A figure over the samples. The unfavourable end is upwards for "max" and downwards for "min"; so 99 means 1 % are worse."""

    column: str
    side: Side
    samples: Floats
    nominal: float | None  #: every axis at its median, by the fitted surface; None where that is not good enough
    p50: float
    p95: float
    p99: float
    p99_between: tuple[float | None, float | None]  #: 95 % confidence interval of the 99th percentile; None where samples do not reach
    corner: float | None  #: every axis at the worse of its ends, by the surface
    fit: float | None  #: of the surface

    @property
    def stacked(self) -> float | None:
        """How much further the corner is than the 99th percentile."""
        return None if self.corner is None else (self.corner - self.p99) * (1 if self.side == "max" else -1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A part, or the worst of numbered siblings."""

    label: str
    part: str
    temperature: Percentiles  #: extreme over the orbit [degC]
    allowed: float | None  #: design limit, after the margins of its level [degC]
    uncertainty: float | None  #: that the case adds to every calculated temperature [K]
    covered: float | None  #: share of samples that stay within nominal and that uncertainty


@dataclass(frozen=True, slots=True)
class Stack:
    """Worst case against Monte Carlo of a sampled sweep."""

    samples: int
    units: tuple[Unit, ...]
    sizes: tuple[Percentiles, ...]  #: mass, array and battery that every sample was sized to

    @property
    def tightest(self) -> Unit | None:
        """The unit whose 99th percentile is nearest to what is allowed, or furthest beyond it."""
        limited = [unit for unit in self.units if unit.allowed is not None]
        return min(limited, key=_room, default=None)

    @property
    def kelvin(self) -> float | None:
        """What stacking costs that unit [K]."""
        return None if self.tightest is None else self.tightest.temperature.stacked

    @property
    def kilograms(self) -> float | None:
        """What it costs in array and battery: mass at the corner less its 99th percentile [kg]."""
        return next((size.stacked for size in self.sizes if size.column == "mass_kg"), None)


def _room(unit: Unit) -> float:
    """Kelvin between the 99th percentile and what is allowed."""
    if unit.allowed is None:
        return np.inf
    t = unit.temperature
    return (unit.allowed - t.p99) * (1 if t.side == "max" else -1)


def stack(table: SweepTable) -> Stack | None:
    """Compare corner and percentiles; None for a sweep that is not sampled, has other axes besides, or too few samples."""
    axes = table.sampled
    if not axes or len(axes) != len(table.axes) or len(table.rows) < FEWEST:
        return None
    x = np.column_stack([axis.at for axis in axes])
    limits = tightest_limits(table.rows)
    parts = [key.removesuffix(" max_degC") for key in table.rows[0] if key.endswith(" max_degC")]
    units: list[Unit] = []
    for label, members in siblings(parts).items():
        found = [
            _worst(table, x, label, members, side, limits) for side in ("max", "min") if any((part, side) in limits for part in members)
        ]
        found = found or [_worst(table, x, label, members, "max", limits)]
        least = min(_room(unit) for unit in found)
        units += [unit for unit in found if _room(unit) <= max(least, NEAR)]
    whole = [column for column in SIZES if column in table.figures and not np.isnan(table.numbers(column)).any()]
    sizes = [percentiles(column, "max", x, table.numbers(column)) for column in whole]  # no percentile where no size is large enough
    return Stack(len(table.rows), tuple(units), tuple(sizes))


def _worst(
    table: SweepTable, x: Floats, label: str, members: Sequence[str], side: Side, limits: Mapping[tuple[str, str], LimitFigures]
) -> Unit:
    """Of numbered siblings the one with the most unfavourable 99th percentile."""
    found = [_unit(table, x, label, part, side, limits.get((part, side))) for part in members]
    return max(found, key=lambda unit: unit.temperature.p99 * (1 if side == "max" else -1))


def _unit(table: SweepTable, x: Floats, label: str, part: str, side: Side, limit: LimitFigures | None) -> Unit:
    found = percentiles(f"{part} {side}_degC", side, x, table.numbers(f"{part} {side}_degC"))
    allowed = uncertainty = covered = None
    if limit is not None:
        allowed, uncertainty = limit.allowed_degC, abs(limit.predicted_degC - limit.calculated_degC)
        if found.nominal is not None:
            beyond = (found.samples - found.nominal) * (1 if side == "max" else -1)
            covered = float((beyond <= uncertainty).mean())
    return Unit(label, part, found, allowed, uncertainty, covered)


def percentiles(column: str, side: Side, x: Floats, y: Floats) -> Percentiles:
    """Percentiles, nominal and worst corner of a figure.

    Args:
        column: Its name.
        side: Which end is unfavourable.
        x: Samples, (n, d).
        y: The figure of each, (n,); samples without it are left out.
    """
    known = ~np.isnan(y)
    x, y = x[known], y[known]
    worst = 1.0 if side == "max" else -1.0
    surface = fitted(x, y)
    good = surface is not None and surface.fit >= GOOD_FIT
    p50, p95, p99 = (worst * float(np.quantile(worst * y, q)) for q in (0.5, 0.95, 0.99))
    return Percentiles(
        column=column,
        side=side,
        samples=y,
        nominal=float(surface(np.median(x, axis=0)[None])[0]) if surface is not None and good else None,
        p50=p50,
        p95=p95,
        p99=p99,
        p99_between=_between(worst * y, 0.99, worst),
        corner=worst_corner(surface, x, worst) if surface is not None and good else None,
        fit=None if surface is None else surface.fit,
    )


def _between(y: Floats, q: float, sign: float) -> tuple[float | None, float | None]:
    """95 % confidence interval of a quantile from order statistics (Conover, Practical Nonparametric Statistics), ascending."""
    from scipy.stats import quantile_test

    found = quantile_test(y, p=q).confidence_interval(0.95)
    ends = [None if np.isnan(end) else sign * float(end) for end in (found.low, found.high)]
    return (ends[0], ends[1]) if sign > 0 else (ends[1], ends[0])


def worst_corner(surface: Surface, x: Floats, worst: float) -> float:
    """The surface where every variable is at the worse end of its samples x (n, d); `worst` is 1 upwards and -1 downwards."""
    ends = np.array([x.min(axis=0), x.max(axis=0)])
    d = x.shape[1]
    if d <= CORNERS:
        corners = np.array(list(product((0, 1), repeat=d)))
        return float(worst * (worst * surface(ends[corners, np.arange(d)])).max())
    corner = (worst * surface.coefficients[1 : d + 1] > 0).astype(int)
    for _ in range(d):
        flipped = np.array([np.where(np.arange(d) == i, 1 - corner, corner) for i in range(d)])
        values = worst * surface(ends[np.vstack([corner, flipped]), np.arange(d)])
        if values.argmax() == 0:
            break
        corner = flipped[values.argmax() - 1]
    return float(surface(ends[corner, np.arange(d)][None])[0])


def described(found: Percentiles) -> dict[str, Any]:
    """For programs."""
    return {
        "side": found.side,
        "nominal": found.nominal,
        "p50": found.p50,
        "p95": found.p95,
        "p99": found.p99,
        "p99_between": list(found.p99_between),
        "worst_corner": found.corner,
        "stacking_costs": found.stacked,
        "surface_fit": found.fit,
    }
