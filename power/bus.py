"""The bus: array -> load, array -> battery, battery -> load, balanced exactly over the periodic orbit.

Powers are piecewise linear in time between edges; every change of sign, every moment at which the battery becomes full or empty and every
moment at which the charge limit begins to hold is found and becomes an edge of its own, so that all integrals are exact.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.timeline import sides


@dataclass(frozen=True, slots=True)
class Paths:
    """Energy efficiencies of the ways that power can take [-]."""

    array_to_load: float
    array_to_battery: float
    battery_to_load: float
    charge: float = 1.0  #: of the battery itself, terminals to store
    discharge: float = 1.0  #: of the battery itself, store to terminals

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self)):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise ValueError(f"{name} efficiency must lie above 0 and at most 1, not {getattr(self, name):g}")

    @property
    def through_battery(self) -> float:
        """From array to load by way of the battery."""
        return self.array_to_battery * self.charge * self.discharge * self.battery_to_load


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Power and stored energy over one orbit. All arrays (m,) on `times`: the two ends of every stretch in which all powers are linear."""

    times: NDArray[np.float64]  #: s
    given: NDArray[np.int64]  #: (n,) rows of the times that the caller gave, one-sided as they were given
    available: NDArray[np.float64]  #: what the array could give at its terminals [W]
    load: NDArray[np.float64]  #: what the load asks for [W]
    drawn: NDArray[np.float64]  #: taken from the array [W]; what is not drawn stays in the cells as heat
    charge: NDArray[np.float64]  #: into the battery's terminals [W]
    discharge: NDArray[np.float64]  #: out of the battery's terminals [W]
    served: NDArray[np.float64]  #: what the load gets [W]
    regulator_heat: NDArray[np.float64]  #: losses of the three ways [W]
    battery_heat: NDArray[np.float64]  #: losses of the battery itself [W]
    stored: NDArray[np.float64]  #: energy in the battery [J]
    capacity: float  #: energy of the full battery [J]
    deficit: float  #: energy that the store lacks after one orbit [J]; 0 when the orbit closes

    @property
    def closes(self) -> bool:
        """Whether the battery is full again each orbit and the load is always served."""
        return self.deficit == 0.0 and self.unserved <= 1e-9 * max(self.integral(self.load), 1e-300)

    @property
    def state_of_charge(self) -> NDArray[np.float64]:
        """Stored energy over capacity [-]; 0 without a battery."""
        return self.stored / self.capacity if self.capacity > 0.0 else np.zeros_like(self.stored)

    @property
    def depth_of_discharge(self) -> float:
        """Largest energy below full over capacity [-]; 0 without a battery."""
        return 1.0 - float(np.min(self.state_of_charge)) if self.capacity > 0.0 else 0.0

    @property
    def unserved(self) -> float:
        """Energy that the load asked for and did not get [J]."""
        return self.integral(self.load - self.served)

    @property
    def undrawn(self) -> float:
        """Energy that the array could have given and nobody took [J]."""
        return self.integral(self.available - self.drawn)

    def integral(self, power: NDArray[np.float64]) -> float:
        """Energy of a power over the orbit [J]."""
        return float(np.trapezoid(power, self.times))

    def mean(self, power: NDArray[np.float64]) -> float:
        """Orbit mean of a power [W]."""
        return self.integral(power) / float(self.times[-1] - self.times[0])

    @property
    def ledger(self) -> dict[str, float]:
        """Energies of the orbit [J] by name; `drawn` equals the sum of the others."""
        return {
            "drawn": self.integral(self.drawn),
            "served": self.integral(self.served),
            "regulator_heat": self.integral(self.regulator_heat),
            "battery_heat": self.integral(self.battery_heat),
            "stored": float(self.stored[-1] - self.stored[0]),
        }

    @property
    def closure(self) -> float:
        """Drawn less served, heat and stored, over the larger of drawn and served [-]; round-off when the books are right."""
        asked = self.integral(self.load)
        book = self.ledger
        rest = book["drawn"] - book["served"] - book["regulator_heat"] - book["battery_heat"] - book["stored"]
        return rest / max(book["drawn"], book["served"], 1e-12 * asked, 1e-300)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    """Stretches of time in which every power is linear and the store only fills or only empties; arrays (s, 2): start and end."""

    times: NDArray[np.float64]
    available: NDArray[np.float64]
    load: NDArray[np.float64]

    def rate(self, paths: Paths, charge_limit: float) -> NDArray[np.float64]:
        """Growth of the store [W], as if it were neither full nor empty."""
        left, need = _split(self.available, self.load, paths)
        return np.minimum(left * paths.array_to_battery, charge_limit) * paths.charge - need / paths.discharge


def balance(
    times: ArrayLike, available: ArrayLike, load: ArrayLike, capacity: float, paths: Paths, charge_limit: float = np.inf
) -> Balance:
    """Power flow and stored energy over one orbit that repeats.

    The load is served from the array first, then from the battery; what the array has left charges the battery until it is full. When
    the orbit's energy suffices the result is the periodic one, full at the end of charge. When it does not, the result is one orbit of a
    battery that was full once, and `deficit` says what is missing after it.

    Args:
        times: (n,) non-decreasing, one orbit; an edge stands twice, with the values just before and just after it.
        available: (n,) array power at its terminals [W].
        load: (n,) power that the load asks for at its terminals [W].
        capacity: Energy of the full battery [J]; 0 without a battery.
        paths: Efficiencies.
        charge_limit: Largest power into the battery's terminals [W].

    Raises:
        ValueError: shapes differ, times decrease, or a power or the capacity is negative or not finite.
    """
    t, a, p = _checked(times, available, load, capacity)
    parts = _stretches(t, a, p, paths, charge_limit)
    rate = parts.rate(paths, charge_limit)
    step = np.diff(parts.times)[:, 0] * rate.sum(axis=1) / 2.0
    gain = np.concatenate([[0.0], np.cumsum(step)])
    if gain[-1] >= -1e-13 * np.sum(np.abs(step)):
        start, missing = _periodic_start(parts.times, rate, capacity), 0.0
    else:
        start, missing = float(np.clip(capacity - np.max(gain), 0.0, capacity)), float(-gain[-1])
    return _assemble(t, parts, _march(parts.times, rate, start, capacity), capacity, missing, paths, charge_limit)


def swing(times: ArrayLike, available: ArrayLike, load: ArrayLike, paths: Paths, charge_limit: float = np.inf) -> tuple[float, float]:
    """What a large enough battery would see over a repeating orbit: (energy gained per orbit, deepest fall below full), both [J] of store.

    With a gain of 0 or more, the smallest battery that serves everything holds exactly the deepest fall. With less, no battery does; the
    fall is then that of a single orbit.
    """
    t, a, p = _checked(times, available, load, 0.0)
    parts = _stretches(t, a, p, paths, charge_limit)
    step = np.diff(parts.times)[:, 0] * parts.rate(paths, charge_limit).sum(axis=1) / 2.0
    gain = float(np.sum(step))
    store = np.concatenate([[0.0], np.cumsum(np.tile(step, 2 if gain >= 0.0 else 1))])
    return gain, float(np.max(np.maximum.accumulate(store) - store))


def _checked(
    times: ArrayLike, available: ArrayLike, load: ArrayLike, capacity: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    t, a, p = (np.asarray(x, dtype=float) for x in (times, available, load))
    if t.ndim != 1 or t.size < 2 or a.shape != t.shape or p.shape != t.shape:
        raise ValueError(f"times, available and load must be arrays of one length, not {t.shape}, {a.shape}, {p.shape}")
    if np.any(np.diff(t) < 0.0) or t[-1] <= t[0]:
        raise ValueError("times must not decrease and must span more than nothing")
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(p)) and np.isfinite(capacity)):
        raise ValueError("available, load and capacity must be finite")
    if np.any(a < 0.0) or np.any(p < 0.0) or capacity < 0.0:
        raise ValueError("available, load and capacity must not be negative")
    return t, a, p


def _split(a: NDArray[np.float64], p: NDArray[np.float64], paths: Paths) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Array power left after the load [W at the array], and battery power that the load still needs [W at the battery]."""
    left = a - p / paths.array_to_load
    return np.maximum(left, 0.0), np.maximum(-left, 0.0) * paths.array_to_load / paths.battery_to_load


def _stretches(t: NDArray[np.float64], a: NDArray[np.float64], p: NDArray[np.float64], paths: Paths, charge_limit: float) -> _Stretches:
    """Cut the orbit where the surplus changes sign or reaches the charge limit; stretches of no length are left out."""
    long = np.flatnonzero(np.diff(t) > 0.0)
    left = a - p / paths.array_to_load
    cut, share = [long], [np.zeros(long.size)]
    for level in (0.0, charge_limit / paths.array_to_battery):
        below, above = left[long] - level, left[long + 1] - level
        crossing = np.isfinite(level) & (below * above < 0.0)
        cut.append(long[crossing])
        share.append(below[crossing] / (below[crossing] - above[crossing]))
    i, x = np.concatenate(cut), np.concatenate(share)
    order = np.lexsort((x, i))
    i, x = i[order], x[order]
    end = np.where(np.append(i[1:], -1) == i, np.append(x[1:], 0.0), 1.0)
    pairs = [np.stack([_between(v, i, x), _between(v, i, end)], axis=1) for v in (t, a, p)]
    return _Stretches(*pairs)


def _between(v: NDArray[np.float64], i: NDArray[np.int64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Value at the share `x` of the way from point `i` to the next."""
    mixed: NDArray[np.float64] = (1.0 - x) * v[i] + x * v[i + 1]
    return mixed


type _Leg = tuple[int, float, float, float, float, int]  # stretch, share at start and end, store at start and end, 1 full | -1 empty | 0


def _march(t: NDArray[np.float64], rate: NDArray[np.float64], start: float, capacity: float) -> list[_Leg]:
    """March the store through the stretches between empty and full."""
    legs: list[_Leg] = []
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


def _periodic_start(t: NDArray[np.float64], rate: NDArray[np.float64], capacity: float) -> float:
    """Stored energy at the start that returns after one orbit. From full, one orbit is enough; a few when the battery also runs empty."""
    start = capacity
    for _ in range(8):
        end = _march(t, rate, start, capacity)[-1][4]
        if abs(end - start) <= 1e-14 * capacity:
            break
        start = end
    return start


def _assemble(
    t: NDArray[np.float64], parts: _Stretches, legs: list[_Leg], capacity: float, missing: float, paths: Paths, charge_limit: float
) -> Balance:
    """The powers that belong to a marched store."""
    stretch = np.array([leg[0] for leg in legs])
    share = np.array([leg[1:3] for leg in legs])
    side = np.array([leg[5] for leg in legs])[:, None]
    times, a, p = (v[stretch, :1] * (1.0 - share) + v[stretch, 1:] * share for v in (parts.times, parts.available, parts.load))
    left, need = _split(a, p, paths)
    charge = np.where(side == 1, 0.0, np.minimum(left * paths.array_to_battery, charge_limit))
    discharge = np.where(side == -1, 0.0, need)
    direct = np.minimum(a * paths.array_to_load, p)
    flows = {
        "times": times,
        "available": a,
        "load": p,
        "drawn": direct / paths.array_to_load + charge / paths.array_to_battery,
        "charge": charge,
        "discharge": discharge,
        "served": direct + discharge * paths.battery_to_load,
        "regulator_heat": direct * (1.0 / paths.array_to_load - 1.0)
        + charge * (1.0 / paths.array_to_battery - 1.0)
        + discharge * (1.0 - paths.battery_to_load),
        "battery_heat": charge * (1.0 - paths.charge) + discharge * (1.0 / paths.discharge - 1.0),
        "stored": np.array([leg[3:5] for leg in legs]).clip(0.0, capacity),
    }
    flat = {name: value.ravel() for name, value in flows.items()}
    return Balance(given=_rows(t, flat["times"]), capacity=capacity, deficit=missing, **flat)


def _rows(t: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.int64]:
    """Row of `times` for each given time: the end of the stretch before it where it stands for just before, else the start of the next."""
    return np.where(sides(t), np.searchsorted(times, t, side="left"), np.searchsorted(times, t, side="right") - 1)
