"""The battery's store between empty and full: marched exactly through stretches in which its rate is linear and of one sign."""

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
    legs: list[Leg] = []
    energy = start
    for k, ((t0, t1), (r0, r1)) in enumerate(zip(t.tolist(), rate.tolist(), strict=True)):
        h = t1 - t0
        change = h * (r0 + r1) / 2.0
        goal, side = (capacity, 1) if change > 0.0 else (0.0, -1)
        room = goal - energy
        if abs(change) <= abs(room):
            legs.append((k, 0.0, 1.0, energy, energy + change, 0))
            energy += change
            continue
        x = _reach(room / h, *((max(r0, 0.0), max(r1, 0.0)) if side == 1 else (min(r0, 0.0), min(r1, 0.0))))  # a cut leaves round-off
        if x > 0.0:
            legs.append((k, 0.0, x, energy, goal, 0))
        if x < 1.0:
            legs.append((k, x, 1.0, goal, goal, side))
        energy = goal
    return legs


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
        end = march(t, rate, start, capacity)[-1][4]
        if abs(end - start) <= 1e-14 * capacity:
            break
        start = end
    return start
