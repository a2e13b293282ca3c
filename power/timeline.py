"""Times over an orbit with jumps: an edge appears twice, first the value just before it, then the value just after it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

NEAR = 1e-9  # of the span: closer than this two times are the same


def sides(times: ArrayLike) -> NDArray[np.bool_]:
    """Which of the (n,) non-decreasing `times` stand for the value just before: the first of two equal ones, and the last of all."""
    t = np.asarray(times, dtype=float)
    before = np.zeros(t.shape, dtype=bool)
    before[:-1] = t[:-1] == t[1:]
    if t.size > 1:
        before[-1] = True
    return before


def with_events(times: ArrayLike, events: ArrayLike) -> NDArray[np.float64]:
    """The (n,) `times` with every event inside them standing twice, sorted; an event that is a given time but for round-off is that time.

    >>> with_events([0.0, 1.0, 2.0], [1.0, 1.5])
    array([0. , 1. , 1. , 1.5, 1.5, 2. ])
    """
    t, wanted = np.asarray(times, dtype=float), np.asarray(events, dtype=float)
    if wanted.size:
        at = np.searchsorted(t, wanted).clip(1, t.size - 1)
        nearest = np.where(wanted - t[at - 1] < t[at] - wanted, t[at - 1], t[at])
        wanted = np.unique(np.where(np.abs(wanted - nearest) <= NEAR * (t[-1] - t[0]), nearest, wanted))
    wanted = wanted[(wanted > t[0]) & (wanted < t[-1])]
    there = np.searchsorted(t, wanted, side="right") - np.searchsorted(t, wanted, side="left")
    return np.sort(np.concatenate([t, wanted[there < 2], wanted[there < 1]]))


def resample(times: ArrayLike, values: ArrayLike, at: ArrayLike) -> NDArray[np.float64]:
    """Piecewise linear `values` (n, ...) on `times` (n,) at the times `at` (m,), keeping the two sides of every edge.

    An edge of `times` must also stand twice in `at` where both sides are wanted; a single time takes the value just after.
    """
    t, v, wanted = np.asarray(times, dtype=float), np.asarray(values, dtype=float), np.asarray(at, dtype=float)
    before = sides(wanted)
    left = np.where(before, np.searchsorted(t, wanted, side="left") - 1, np.searchsorted(t, wanted, side="right") - 1)
    left = np.clip(left, 0, t.size - 2)
    width = t[left + 1] - t[left]
    share = np.clip(np.divide(wanted - t[left], width, out=np.zeros(wanted.shape), where=width > 0.0), 0.0, 1.0)
    share = share.reshape(share.shape + (1,) * (v.ndim - 1))
    mixed: NDArray[np.float64] = (1.0 - share) * v[left] + share * v[left + 1]
    return mixed


def nearness(t: NDArray[np.float64], period: float) -> float:
    """Time below which two times are the same [s]; a switch that is missed by rounding is still that switch, as in `with_events`."""
    return NEAR * max(period, float(t[-1] - t[0]) if t.size else 0.0)


def within(t: NDArray[np.float64], before: NDArray[np.bool_], start: float, length: float, period: float) -> NDArray[np.bool_]:
    """Whether each time lies in the repeating interval [start, start + length); one-sided where `before` is set."""
    if length >= period:
        return np.ones(t.shape, dtype=bool)
    near = nearness(t, length if np.isinf(period) else period)
    since = t - start if np.isinf(period) else np.mod(t - start + near, period) - near
    after = (since >= -near) & (since < length - near)
    if not np.isinf(period):
        since = np.where(np.abs(since) <= near, period, since)  # just before a start: a whole period since the last one
    return np.where(before, (since > near) & (since <= length + near), after)
