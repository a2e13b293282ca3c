"""The least of a known objective under linear constraints within a box, and the prices of what binds there. Knows no physics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, minimize, nnls

from heliorack.studies.sizing.linear_model import Floats, LinearModel

Known = Callable[[Floats], float]

ACTIVE = 0.02  #: slack at which a constraint counts as binding, over what its slopes reach in a step of 10 %
DIFFERENCE = 1e-4  #: of a variable, for slopes of what is known
NEAR = 1e-9  #: of a variable and its bound
HELD = 1e-7  #: slack that the solver may miss


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Where the model is least."""

    x: Floats
    feasible: bool  #: whether all constraints hold there by the model; else their worst is least


def least(model: LinearModel, known: Known, low: Floats, high: Floats, near: float = 0.0) -> Step:
    """The least of `known` and the model's extra where the model's constraints hold; where they cannot, the least violation of the worst.

    Args:
        model: Linear model of the extra and of the slacks.
        known: The rest of the objective, as a function of x (n,).
        low, high: (n,) bounds.
        near: What a step of 1 counts, over the objective: of designs that are about as good, the nearest.
    """
    start, missed = _nearest(model, low, high)
    if missed > HELD:
        return Step(start, False)
    if not len(start):  # only choices vary
        return Step(start, True)
    size = max(abs(known(start) + model.answer.extra), float(np.linalg.norm(gradient(model, known, low, high))), 1e-12)
    slopes, slack = model.slack_slopes, model.answer.slack

    def counted(x: Floats) -> float:
        return (known(x) + float(model.extra_slope @ (x - model.x))) / size + near * float((x - model.x) @ (x - model.x))

    def slope(x: Floats) -> Floats:
        return gradient(replace(model, x=x), known, low, high) / size + 2.0 * near * (x - model.x)

    found = minimize(
        counted,
        start,
        method="SLSQP",
        jac=slope,
        bounds=Bounds(low, high),
        constraints=[LinearConstraint(slopes, lb=slopes @ model.x - slack)] if len(slack) else [],
        options={"ftol": 1e-12, "maxiter": 200},
    )
    x = np.clip(found.x, low, high)
    return Step(x if model.at(x).violation <= 1e3 * HELD else start, True)


def _nearest(model: LinearModel, low: Floats, high: Floats) -> tuple[Floats, float]:
    """The point whose worst violation is least, and that violation (0 where all hold)."""
    slopes, slack = model.slack_slopes, model.answer.slack
    n = len(model.x)
    if not len(slack) or np.all(slack + slopes @ (np.clip(model.x, low, high) - model.x) >= 0):
        return np.clip(model.x, low, high), 0.0
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.column_stack([-slopes, -np.ones(len(slack))]),
        b_ub=slack - slopes @ model.x,
        bounds=[*zip(low, high, strict=True), (0.0, None)],
    )
    if found.x is None:  # the violation is free to grow, so a point always exists
        raise RuntimeError(f"linear program of a step: {found.message}")
    return np.clip(found.x[:n], low, high), float(found.x[n])


def gradient(model: LinearModel, known: Known, low: Floats, high: Floats) -> Floats:
    """Slope of the objective at the centre of the model (n,), by central differences of what is known (one-sided at bounds)."""
    slope = np.array(model.extra_slope)
    for i in map(int, np.flatnonzero(high > low)):
        ends = [model.x.copy(), model.x.copy()]
        ends[0][i] = max(low[i], model.x[i] - DIFFERENCE)
        ends[1][i] = min(high[i], model.x[i] + DIFFERENCE)
        slope[i] += (known(ends[1]) - known(ends[0])) / (ends[1][i] - ends[0][i])
    return slope


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What relaxing a constraint by one unit of its slack would save."""

    of: Floats  #: (m,) of the objective per unit of slack; 0 where it does not bind
    bounds: Floats  #: (n,) of the objective per unit of x: above 0 at a lower bound that binds, below at an upper one
    residual: float  #: part of the objective's slope that is not balanced by what binds; 0 at an optimum


def prices(model: LinearModel, known: Known, low: Floats, high: Floats) -> Prices:
    """Multipliers at the centre of a model: the objective's slope as a sum of those of the binding constraints, none negative."""
    slope = gradient(model, known, low, high)
    slack, slopes = model.answer.slack, model.slack_slopes
    reach = ACTIVE * np.maximum(0.1 * np.abs(slopes).sum(axis=1), 1.0)
    rows = np.flatnonzero(slack <= reach)
    at_low, at_high = np.flatnonzero(model.x <= low + NEAR), np.flatnonzero(model.x >= high - NEAR)
    unit = np.eye(len(slope))
    columns = np.column_stack(
        [*(slopes[row] for row in rows), *(unit[i] for i in at_low), *(-unit[i] for i in at_high), np.zeros(len(slope))]
    )
    found, left = nnls(columns, slope)
    of, bounds = np.zeros(len(slack)), np.zeros(len(slope))
    of[rows] = found[: len(rows)]
    bounds[at_low] += found[len(rows) : len(rows) + len(at_low)]
    bounds[at_high] -= found[len(rows) + len(at_low) : len(rows) + len(at_low) + len(at_high)]
    whole = float(np.linalg.norm(slope))
    return Prices(of, bounds, float(left) / whole if whole > 0 else 0.0)
