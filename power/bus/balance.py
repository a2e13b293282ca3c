"""The bus: array -> load, array -> battery, battery -> load, balanced exactly over the periodic orbit.

Powers are piecewise linear in time between edges; every change of sign, every moment at which the battery becomes full or empty, at which a
limit begins to hold or at which the battery's temperature leaves its charging window is found and becomes an edge of its own, so that all
integrals are exact.
"""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.segments import Stretches, stretches
from power.bus.stored_energy import Leg, march, periodic_start
from power.timeline import sides

type Shunt = Literal["switching", "linear"]


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
class Limits:
    """What the battery takes and gives at its terminals; scalars, or (n,) on the caller's times and linear between them."""

    charge: ArrayLike = np.inf  #: largest charging power [W]
    discharge: ArrayLike = np.inf  #: largest discharging power [W]; a load beyond it is not served
    temperature: ArrayLike | None = None  #: of the battery [K]
    window: tuple[float, float] | None = None  #: lowest and highest temperature at which it may charge [K]

    def __post_init__(self) -> None:
        if self.window is not None and (self.temperature is None or self.window[0] >= self.window[1]):
            raise ValueError("a charging window needs the battery's temperature and must run from low to high")
        if np.any(np.isnan(self.charge)) or np.any(np.isnan(self.discharge)) or np.any(np.minimum(self.charge, self.discharge) < 0.0):
            raise ValueError("limits of charge and discharge must be numbers and not negative")


FREE = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Power and stored energy over one orbit. All arrays (m,) on `times`: the two ends of every stretch in which all powers are linear."""

    times: NDArray[np.float64]  #: s
    given: NDArray[np.int64]  #: (n,) rows of the times that the caller gave, one-sided as they were given
    available: NDArray[np.float64]  #: what the array could give at its terminals [W]
    load: NDArray[np.float64]  #: what the load asks for [W]
    drawn: NDArray[np.float64]  #: taken from the array for load and battery [W]
    shunted: NDArray[np.float64]  #: taken from the array and made heat by a linear shunt [W]; 0 with a switching one
    refused: NDArray[np.float64]  #: charging power that the battery did not take because of its temperature [W]
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
    def minimum_state_of_charge(self) -> float:
        """Lowest stored energy over capacity [-]; 0 without a battery."""
        return float(np.min(self.state_of_charge))

    @property
    def from_cells(self) -> NDArray[np.float64]:
        """Electricity that leaves the cells (m,) [W]; the rest of what they could give stays in them as heat."""
        return self.drawn + self.shunted

    @property
    def peaks(self) -> dict[str, float]:
        """Largest powers of the orbit [W] by name."""
        names = ("available", "drawn", "load", "served", "charge", "discharge", "shunted")
        return {name: float(np.max(getattr(self, name))) for name in names}

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
        """Drawn less served, heat and stored, over the largest of drawn, served and a millionth of battery and greatest flow [-].

        Round-off when the books are right; the store's own round-off is that of its capacity, that of the times is a share of all flows.
        """
        flow = (self.times[-1] - self.times[0]) * max(float(self.available.max()), float(self.load.max()))
        book = self.ledger
        rest = book["drawn"] - book["served"] - book["regulator_heat"] - book["battery_heat"] - book["stored"]
        return rest / max(book["drawn"], book["served"], 1e-6 * self.capacity, 1e-6 * flow, 1e-300)


def balance(
    times: ArrayLike,
    available: ArrayLike,
    load: ArrayLike,
    capacity: float,
    paths: Paths,
    limits: Limits = FREE,
    shunt: Shunt = "switching",
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
        limits: Of charging and discharging.
        shunt: "switching" leaves what is not drawn in the cells as heat, "linear" takes it out and burns it in the shunt.

    Raises:
        ValueError: shapes differ, times decrease, or a power or the capacity is negative or not finite.
    """
    t, a, p = _checked(times, available, load, capacity)
    parts = _cut(t, a, p, paths, limits)
    rate = parts.rate(paths.charge, paths.discharge)
    step = np.diff(parts.times)[:, 0] * rate.sum(axis=1) / 2.0
    gain = np.concatenate([[0.0], np.cumsum(step)])
    if gain[-1] >= -1e-13 * np.sum(np.abs(step)):
        start, missing = periodic_start(parts.times, rate, capacity), 0.0
    else:
        start, missing = float(np.clip(capacity - np.max(gain), 0.0, capacity)), float(-gain[-1])
    return _assemble(t, parts, march(parts.times, rate, start, capacity), capacity, missing, paths, shunt)


def course(
    times: ArrayLike,
    available: ArrayLike,
    load: ArrayLike,
    capacity: float,
    paths: Paths,
    limits: Limits,
    shunt: Shunt,
    start: float,
) -> Balance:
    """As `balance` over a time that does not repeat, from a store that holds `start` [J].

    What is not served when it is empty stays so, and nothing is said of a deficit.
    """
    t, a, p = _checked(times, available, load, capacity)
    parts = _cut(t, a, p, paths, limits)
    legs = march(parts.times, parts.rate(paths.charge, paths.discharge), float(np.clip(start, 0.0, capacity)), capacity)
    return _assemble(t, parts, legs, capacity, 0.0, paths, shunt)


def swing(times: ArrayLike, available: ArrayLike, load: ArrayLike, paths: Paths, limits: Limits = FREE) -> tuple[float, float]:
    """What a large enough battery would see over a repeating orbit: (energy gained per orbit, deepest fall below full), both [J] of store.

    With a gain of 0 or more, the smallest battery that serves everything it may serve holds exactly the deepest fall. With less, no
    battery does; the fall is then that of a single orbit.
    """
    t, a, p = _checked(times, available, load, 0.0)
    parts = _cut(t, a, p, paths, limits)
    rate = parts.rate(paths.charge, paths.discharge)
    step = np.diff(parts.times)[:, 0] * rate.sum(axis=1) / 2.0
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


def _cut(t: NDArray[np.float64], a: NDArray[np.float64], p: NDArray[np.float64], paths: Paths, limits: Limits) -> Stretches:
    """The orbit in stretches, in the battery's terms: what the array has left, and what the load needs of the battery."""
    left = a - p / paths.array_to_load
    need = -left * (paths.array_to_load / paths.battery_to_load)
    most = (np.max(left, initial=0.0) * paths.array_to_battery + 1.0, np.max(need, initial=0.0) + 1.0)  # infinite limits as such
    charge, discharge = (
        np.broadcast_to(np.minimum(np.asarray(limit, dtype=float), top), t.shape)
        for limit, top in zip((limits.charge, limits.discharge), most, strict=True)
    )
    warm = None
    if limits.window is not None:
        warm = np.broadcast_to(np.asarray(limits.temperature, dtype=float), t.shape)
    return stretches(t, a, p, left * paths.array_to_battery, need, charge, discharge, warm, limits.window)


def _assemble(
    t: NDArray[np.float64], parts: Stretches, legs: list[Leg], capacity: float, missing: float, paths: Paths, shunt: Shunt
) -> Balance:
    """The powers that belong to a marched store."""
    share = np.array([leg[1:3] for leg in legs])
    side = np.array([leg[5] for leg in legs])[:, None]
    part = parts.between(np.array([leg[0] for leg in legs]), share)
    charge = np.where(side == 1, 0.0, part.charging)
    discharge = np.where(side == -1, 0.0, part.discharging)
    direct = np.minimum(part.available * paths.array_to_load, part.load)
    drawn = direct / paths.array_to_load + charge / paths.array_to_battery
    flows = {
        "times": part.times,
        "available": part.available,
        "load": part.load,
        "drawn": drawn,
        "shunted": np.maximum(part.available - drawn, 0.0) if shunt == "linear" else np.zeros(drawn.shape),
        "refused": part.refused,
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
