"""What is differentiated: temperatures at a moment of an orbit, or their mean over it, as weights of the states of its steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.solve.step import Step

Floats = NDArray[np.float64]

LOOKS = 16  #: even points of a step among which its extreme is sought, before it is found in between
#: integral of the continuous extension's weights over a step, over its length
MEAN_WEIGHTS: Floats = np.array(tableau.mean_weights())


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """A functional of one step: rows @ (share * before + weights @ slopes), or rows @ T(at) where capacities vary."""

    step: int
    rows: Floats  #: (owned,) weight of each row
    share: float  #: of the state at the step's start
    weights: Floats  #: (4,) of its slopes
    state: Floats | None = None  #: temperatures at which the rows are weighed [K], where they are not linear in the slopes


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """A figure of an orbit in kelvin, with its derivatives with respect to the states of the steps."""

    value: float  #: K
    seeds: tuple[Seed, ...]
    time: float | None = None  #: of an extreme [s]; None of a mean
    row: int | None = None  #: of an extreme over rows


def of_state(T: Floats, rows: Floats, row: int | None = None) -> Objective:
    """Weighted temperature of a steady state, which stands for an orbit of one step."""
    return Objective(float(rows @ T), (Seed(0, rows, 1.0, np.zeros(4)),), row=row)


def at(steps: Sequence[Step], t: float, rows: Floats) -> Objective:
    """Weighted temperature at a time of the orbit [s]; `rows` are the weights (owned,)."""
    index = next((i for i, step in enumerate(steps) if t <= step.end + 1e-9 * (step.end - step.start)), len(steps) - 1)
    step = steps[index]
    theta = min(max((t - step.start) / (step.end - step.start), 0.0), 1.0)
    return _in_step(steps, index, theta, rows)


def mean(steps: Sequence[Step], rows: Floats) -> Objective:
    """Mean over the orbit of a weighted temperature, by the integral of the continuous extension.

    Where capacities vary the extension is not linear in the slopes; its integral is then taken by Simpson's rule.
    """
    period = steps[-1].end - steps[0].start
    value, seeds = 0.0, list[Seed]()
    for i, step in enumerate(steps):
        share = (step.end - step.start) / period
        if step.bent:
            for theta, weight in ((0.0, 1 / 6), (0.5, 4 / 6), (1.0, 1 / 6)):
                one = _in_step(steps, i, theta, share * weight * rows)
                value, seeds = value + one.value, [*seeds, *one.seeds]
            continue
        assert step.slopes is not None
        value += share * float(rows @ (step.before + MEAN_WEIGHTS @ step.slopes))
        seeds.append(Seed(i, share * rows, 1.0, MEAN_WEIGHTS))
    return Objective(value, tuple(seeds))


def extreme(steps: Sequence[Step], among: NDArray[np.int64], greatest: bool) -> Objective:
    """The hottest or coldest of some rows over the orbit.

    Its derivative is that of the temperature at the place and time found, which is exact as long as these are unique: a shift of the
    moment changes nothing at first order, and another place takes over only at a tie.

    Args:
        among: Rows to look at.
        greatest: The hottest; else the coldest.
    """
    sign = 1.0 if greatest else -1.0
    best, place = -np.inf, (0, 0.0, int(among[0]))
    shares = np.arange(0, LOOKS + 1) / LOOKS
    for i, step in enumerate(steps):
        found = sign * step.at_times(step.start + shares * (step.end - step.start))[:, among]
        k, j = np.unravel_index(int(found.argmax()), found.shape)
        if found[k, j] > best:
            best, place = float(found[k, j]), (i, float(shares[k]), int(among[j]))
    index, theta, row = place
    rows = np.zeros(len(steps[0].before))
    rows[row] = 1.0
    return _in_step(steps, index, _refined(steps[index], theta, rows, sign), rows, row)


def extreme_of_mean(steps: Sequence[Step], rows: Floats, greatest: bool) -> Objective:
    """The greatest or least value over the orbit of a weighted temperature; its derivative is that at the moment found."""
    sign, best, place = 1.0 if greatest else -1.0, -np.inf, (0, 0.0)
    shares = np.arange(0, LOOKS + 1) / LOOKS
    for i, step in enumerate(steps):
        found = sign * (step.at_times(step.start + shares * (step.end - step.start)) @ rows)
        if found.max() > best:
            best, place = float(found.max()), (i, float(shares[int(found.argmax())]))
    index, theta = place
    return _in_step(steps, index, _refined(steps[index], theta, rows, sign), rows)


def _refined(step: Step, theta: float, rows: Floats, sign: float) -> float:
    """The point of a step at which a weighted temperature is at its extreme, near one of the looks."""
    from scipy.optimize import minimize_scalar

    low, high = max(theta - 1 / LOOKS, 0.0), min(theta + 1 / LOOKS, 1.0)
    h = step.end - step.start

    def below(share: float) -> float:
        return -sign * float(rows @ step.at(step.start + share * h))

    found = minimize_scalar(below, bounds=(low, high), method="bounded", options={"xatol": 1e-6})
    return float(found.x) if found.fun < below(theta) else theta


def _in_step(steps: Sequence[Step], index: int, theta: float, rows: Floats, row: int | None = None) -> Objective:
    step = steps[index]
    T = step.at(step.start + theta * (step.end - step.start))
    weights = tableau.dense_weights(theta)
    seed = Seed(index, rows, 1.0, weights, T if step.bent else None)
    return Objective(float(rows @ T), (seed,), step.start + theta * (step.end - step.start), row)
