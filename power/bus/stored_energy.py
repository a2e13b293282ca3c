"""The battery's store between empty and full: marched exactly through stretches in which its rate is linear and of one sign."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

type Leg = tuple[int, float, float, float, float, int]  # stretch, share at start and end, store at start and end, 1 full | -1 empty | 0


def march(t: NDArray[np.float64], rate: NDArray[np.float64], start: float, capacity: float) -> list[Leg]:
    """March the store through the stretches between empty and full.

    Args:
        t: (k, 2) start and end of each stretch [s].
        rate: (k, 2) power into the store at both [W], linear in between.
        start: Energy at the beginning [J].
        capacity: Energy when full [J].
    """
    energy, legs = _stored(t, rate, start, capacity).tolist(), list[Leg]()
    for k, (e0, e1) in enumerate(pairwise(energy)):
        if e1 != capacity and e1 != 0.0:
            legs.append((k, 0.0, 1.0, e0, e1, 0))
            continue
        (t0, t1), (r0, r1) = t[k].tolist(), rate[k].tolist()
        h = t1 - t0
        change = h * (r0 + r1) / 2.0
        goal, side = (capacity, 1) if change > 0.0 else (0.0, -1)
        room = goal - e0
        if abs(change) <= abs(room):
            legs.append((k, 0.0, 1.0, e0, e1, 0))
            continue
        x = _reach(room / h, *((max(r0, 0.0), max(r1, 0.0)) if side == 1 else (min(r0, 0.0), min(r1, 0.0))))  # a cut leaves round-off
        if x > 0.0:
            legs.append((k, 0.0, x, e0, goal, 0))
        if x < 1.0:
            legs.append((k, x, 1.0, goal, goal, side))
    return legs


def _stored(t: NDArray[np.float64], rate: NDArray[np.float64], start: float, capacity: float) -> NDArray[np.float64]:
    """Energy at the ends of the stretches (k + 1,) [J]: summed up to the next time that it is full or empty, and on from where it turns."""
    change = (t[:, 1] - t[:, 0]) * (rate[:, 0] + rate[:, 1]) / 2.0
    gains = change > 0.0
    found = np.empty(len(change) + 1)
    found[0], k = start, 0
    while k < len(change):
        found[k:] = np.cumsum(np.concatenate([found[k : k + 1], change[k:]]))
        room = np.where(gains[k:], capacity, 0.0) - found[k:-1]
        beyond = np.abs(change[k:]) > np.abs(room)
        if not beyond.any():
            break
        hit = k + int(beyond.argmax())
        turns = gains[hit:] != gains[hit]
        k = hit + int(turns.argmax()) if turns.any() else len(change)
        found[hit + 1 : k + 1] = capacity if gains[hit] else 0.0
    return found


def _reach(room: float, r0: float, r1: float) -> float:
    """Share x of a stretch after which a linear rate of one sign has gathered `room`: r0 x + (r1 - r0) x^2 / 2 = room."""
    if room == 0.0:
        return 0.0
    root = max(r0 * r0 + 2.0 * (r1 - r0) * room, 0.0) ** 0.5
    slope = r0 + root if room > 0.0 else r0 - root
    return min(2.0 * room / slope, 1.0) if slope != 0.0 else 0.0


def periodic_start(t: NDArray[np.float64], rate: NDArray[np.float64], capacity: float) -> float:
    """Stored energy at the start that returns after one orbit [J]. From full, one orbit is enough; a few when the battery also runs empty.

    Args:
        t: (k, 2) start and end of each stretch of the orbit [s].
        rate: (k, 2) power into the store at both [W], linear in between.
        capacity: Energy when full [J].
    """
    start = capacity
    for _ in range(8):
        end = float(_stored(t, rate, start, capacity)[-1])
        if abs(end - start) <= 1e-14 * capacity:
            break
        start = end
    return start
