"""Least of a known objective under constraints that cost an evaluation each: linear programming in sequence, on slopes by all of them.

Every variable is meant to be of order one per doubling (a logarithm, for lengths), so that one step length serves all. Knows no physics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from heliorack.studies.sizing.linear_model import Answer, Floats, LinearModel
from heliorack.studies.sizing.subproblem import Known, Prices, least

#: An evaluation; the second argument is what is expected there, with which it may save itself what is far from binding (None: it may not)
Evaluate = Callable[[Floats, Answer | None], Answer]


class RefusedError(RuntimeError):
    """A point that cannot be evaluated: the design there is malformed, or its solve fails."""


class StuckError(RefusedError):
    """A variable beside whose start nothing can be evaluated, on neither side."""

    def __init__(self, number: int, said: str) -> None:
        super().__init__(said)
        self.number = number  #: of the variable


class SpentError(RuntimeError):
    """No evaluation is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a search goes."""

    step: float = 0.06  #: of each variable for the first slopes
    radius: float = 0.5  #: longest first step
    longest: float = 1.0  #: longest step of all
    small: float = 2e-3  #: a step that ends the search
    held: float = 0.03  #: violation at which a constraint counts as kept
    cushion: float = 1.0  #: slack that is aimed for at most where noise keeps a constraint from being met
    stale: float = 0.1  #: distance from where the slopes were taken beyond which an optimum is looked at with new ones
    whole: bool = True  #: whether the search ends with an evaluation of everything
    rounds: int = 20  #: most steps
    near: float = 0.05  #: what a step of 1 counts over the objective, so that designs about as good are not wandered among
    trusted: float = 0.75  #: share of what was expected of a step from which on longer ones are tried
    doubted: float = 0.25  #: share below which shorter ones are
    teaches: float = 0.015  #: a shorter step says more of the noise of an evaluation (another mesh) than of its slopes
    worth: float = 0.0  #: part of the objective; a step that promises less is not taken


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where a search ended."""

    model: LinearModel  #: around the best point that was evaluated
    feasible: bool
    converged: bool  #: False where evaluations or rounds ran out
    prices: Prices

    @property
    def x(self) -> Floats:
        """The best point (n,)."""
        return self.model.x


def first_slopes(evaluate: Evaluate, known: Known, start: Floats, low: Floats, high: Floats, settings: Settings) -> LinearModel:
    """The model around a start: one evaluation there, and one beside it for each variable, towards where the optimum is expected.

    There is none beside it for what the evaluation itself says the slopes of.

    Raises:
        RefusedError: the start cannot be evaluated.
        StuckError: both sides of it cannot along one variable.
        SpentError: evaluations ran out.
    """
    answer = evaluate(start, None)
    slopes = np.zeros((len(answer.slack) + 1, len(start)))
    inwards = -1.0 if answer.violation <= settings.held else 1.0
    for i in map(int, np.flatnonzero(high > low)):
        if answer.tells_of(i):
            continue
        up = start.copy()
        up[i] += 1e-4 if start[i] + 1e-4 <= high[i] else -1e-4
        grows = np.sign(known(up) - known(start)) * np.sign(up[i] - start[i]) or 1.0
        x, beside = _beside(evaluate, answer, start, i, inwards * grows, low, high, settings.step)
        slopes[:, i] = (beside.stacked() - answer.stacked()) / (x[i] - start[i])
    return LinearModel(start, answer, slopes).told()


def hopeless(model: LinearModel, low: Floats, high: Floats, times: float = 2.0) -> tuple[int, ...]:
    """Constraints that fail at the centre and would not hold anywhere in the box if the slopes there were `times` as steep."""
    slopes = model.slack_slopes
    gain = np.maximum(slopes * (high - model.x), slopes * (low - model.x)).sum(axis=1)
    return tuple(np.flatnonzero(model.answer.slack + times * gain < 0.0).tolist())


def _beside(
    evaluate: Evaluate, answer: Answer, start: Floats, i: int, side: float, low: Floats, high: Floats, step: float
) -> tuple[Floats, Answer]:
    """An evaluation beside a start along one variable, on the wanted side if it can be had there: a short way tells little but noise.

    Load cases that cannot bind are left out, as if nothing changed in them.
    """
    refused = None
    room = {1.0: high[i] - start[i], -1.0: start[i] - low[i]}
    sides = sorted((1.0, -1.0), key=lambda s: (room[s] < 0.5 * step, s != side))
    for s in sides:
        x = start.copy()
        x[i] += s * min(step, room[s])
        if x[i] == start[i]:
            continue
        try:
            return x, evaluate(x, answer)
        except RefusedError as error:
            refused = error
    raise StuckError(i, str(refused or "a variable without room")) from refused


def lighter(model: LinearModel, known: Known, low: Floats, high: Floats, reach: float) -> float:
    """What a model says that the best design within a reach of its centre counts less than that."""
    return promised(model, least(model, known, np.maximum(low, model.x - reach), np.minimum(high, model.x + reach)).x, known)


def promised(model: LinearModel, x: Floats, known: Known) -> float:
    """What a model says that the objective is less elsewhere."""
    return known(model.x) + model.answer.extra - known(x) - model.at(x).extra


def refreshed(model: LinearModel, evaluate: Evaluate, low: Floats, high: Floats, settings: Settings, both: bool = True) -> LinearModel:
    """The model with slopes by fresh differences around its centre: to both sides, or to one.

    Where evaluations run out, or a side has no room or is refused, the difference is one-sided; where both are, the search's own slope
    stays. Of a centre that misses a constraint, the centre becomes the evaluated point that misses least. What the evaluation at the
    centre says the slopes of needs no difference; where slopes to both sides are wanted, one point beside it, along all of that, then
    shows the bend.
    """
    model = model.told()
    slopes = model.slopes.copy()
    best: tuple[Floats, Answer] = model.x, model.answer
    free = [int(i) for i in np.flatnonzero(high > low)]
    told = [i for i in free if model.answer.tells_of(i)]
    if told and both:
        with suppress(SpentError, RefusedError):
            x = _along(model.x, told, low, high, 0.5 * settings.step)
            evaluate(x, model.at(x))
    for i in free:
        if i in told:
            continue
        ends: list[tuple[float, Floats]] = []
        for x in _sides(model.x, i, low, high, (0.5 if both else 1.0) * settings.step):
            try:
                answer = evaluate(x, model.at(x))
            except (SpentError, RefusedError):
                continue
            ends.append((float(x[i]), answer.stacked()))
            if answer.violation < best[1].violation and best[1].violation > settings.held:
                best = x, answer
            if not both:
                break
        if len(ends) == 1:
            ends.append((float(model.x[i]), model.answer.stacked()))
        if ends:
            slopes[:, i] = (ends[0][1] - ends[1][1]) / (ends[0][0] - ends[1][0])
    return replace(model, slopes=slopes).moved(*best)


def _along(x: Floats, told: Sequence[int], low: Floats, high: Floats, step: float) -> Floats:
    """A point beside x along several variables, each to the side where there is more room."""
    found = x.copy()
    for i in told:
        up = high[i] - x[i] >= x[i] - low[i]
        found[i] = min(x[i] + step, high[i]) if up else max(x[i] - step, low[i])
    return found


def _sides(x: Floats, i: int, low: Floats, high: Floats, step: float) -> list[Floats]:
    """Points on both sides of x along one variable, as far as there is room for most of a step."""
    found = []
    for at in (x[i] - step, x[i] + step):
        if low[i] - 0.25 * step <= at <= high[i] + 0.25 * step:
            found.append(x.copy())
            found[-1][i] = min(max(at, low[i]), high[i])
    return found


def cheapest(known: Known, start: Floats, low: Floats, high: Floats) -> float:
    """The least that is known of the objective anywhere in the box: no design in it is cheaper, since the extra is never negative."""
    free = LinearModel(start, Answer(0.0, np.zeros(0)), np.zeros((1, len(start))))
    corners = [least(free, known, low, high).x, low, high]
    return min(known(corner) for corner in corners)
