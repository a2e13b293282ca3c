"""Years of array and battery: one orbit after the other, the array losing power and the battery losing capacity, compiled."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.balance import Paths
from power.storage.fade import NEVER, Fade

YEAR = 365.25 * 86400.0  # s


@dataclass(frozen=True, slots=True, eq=False)
class Orbits:
    """The orbits of a year or a mission: `k` kinds of them evenly over it, each of `m` pieces with constant powers; arrays (k, m)."""

    durations: NDArray[np.float64]  #: s; every row sums to the period
    density: NDArray[np.float64]  #: electricity that one square metre of new array can give [W/m2]
    load: NDArray[np.float64]  #: W at the load's terminals
    charge: NDArray[np.float64] | None = None  #: largest charging power at the battery's terminals [W]; None: none
    spread: float = 1.0  #: years over which the kinds are spread; they then come again

    def __post_init__(self) -> None:
        if self.durations.ndim != 2 or not self.durations.shape == self.density.shape == self.load.shape:
            raise ValueError(f"orbits need arrays of one shape (k, m), not {self.durations.shape}, {self.density.shape}, {self.load.shape}")
        for name in ("durations", "density", "load"):
            values = getattr(self, name)
            if not np.all(np.isfinite(values)) or np.any(values < 0.0):
                raise ValueError(f"{name} of the orbits must be finite and not negative")
        if self.charge is not None and (self.charge.shape != self.load.shape or not np.all(self.charge >= 0.0)):
            raise ValueError(f"charge of the orbits must have the shape {self.load.shape} and must not be negative")
        if not self.spread > 0.0:
            raise ValueError(f"the kinds of orbits must be spread over more than {self.spread:g} years")
        lengths = self.durations.sum(axis=1)
        if np.ptp(lengths) > 1e-9 * lengths[0]:
            raise ValueError(f"the pieces of every orbit must last one period, not {lengths.min():g} to {lengths.max():g} s")

    @property
    def period(self) -> float:
        """Time of one orbit [s]."""
        return float(self.durations[0].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """What became of each design in each year; arrays (designs, years)."""

    minimum_state_of_charge: NDArray[np.float64]  #: lowest stored energy over the capacity of its time [-]
    depth_of_discharge: NDArray[np.float64]  #: largest in one orbit, below full [-]
    unserved: NDArray[np.float64]  #: energy that the load asked for and did not get [J]
    capacity: NDArray[np.float64]  #: energy of the full battery at the end of the year over new [-]
    array_factor: NDArray[np.float64]  #: (years + 1,) array power over new at the turns of the years [-]
    warnings: tuple[str, ...]


def square_orbits(period: float, eclipse: ArrayLike, density: ArrayLike, load_day: ArrayLike, load_eclipse: ArrayLike) -> Orbits:
    """Orbits of sunlight and shadow; the arguments broadcast to the kinds of orbit over the year (k,)."""
    dark, light, day, night = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(v, dtype=float)) for v in (eclipse, density, load_day, load_eclipse))
    )
    return Orbits(np.stack([period - dark, dark], axis=1), np.stack([light, 0.0 * light], axis=1), np.stack([day, night], axis=1))


def stepped_orbits(times: ArrayLike, density: ArrayLike, load: ArrayLike) -> Orbits:
    """Orbits of which powers are known on `times` (n,), linear between them: each interval takes its mean, so that energies are exact.

    Args:
        times: (n,) s over one orbit; an edge may stand twice.
        density, load: (n,) or (k, n) for k kinds of orbit over the year.
    """
    t = np.asarray(times, dtype=float)
    light, asked = np.broadcast_arrays(np.atleast_2d(np.asarray(density, dtype=float)), np.atleast_2d(np.asarray(load, dtype=float)))
    long = np.diff(t) > 0.0
    steps = np.broadcast_to(np.diff(t)[long], (light.shape[0], int(long.sum())))
    halves = (0.5 * (v[:, :-1] + v[:, 1:])[:, long] for v in (light, asked))
    means = [np.ascontiguousarray(v) for v in halves]
    return Orbits(np.ascontiguousarray(steps), means[0], means[1])


def march_years(
    orbits: Orbits,
    area: ArrayLike,
    capacity: ArrayLike,
    paths: Paths,
    array_factor: ArrayLike,
    fade: Fade = NEVER,
    *,
    charge_limit: float = np.inf,
    discharge_limit: float = np.inf,
    span: float | None = None,
) -> Years:
    """Every orbit of `years` for every design.

    The battery is full at the start. Each orbit is exact for its constant powers; the array's loss is linear within a year and brought
    up to date with the battery's fade once a day, from the mean depth of the day's orbits.

    Args:
        orbits: Of one year, or of the years that they are spread over.
        area: (d,) planform of the array [m2].
        capacity: (d,) energy of the full new battery [J]; broadcasts with `area`.
        paths: Efficiencies of the bus.
        array_factor: (years + 1,) array power over new at the turns of the years [-].
        fade: Of the battery.
        charge_limit, discharge_limit: At the battery's terminals [W].
        span: Years after which it ends, within the last of `array_factor`; its end when not given.

    Raises:
        ValueError: an area or capacity that is not positive, or no year.
    """
    size, energy = (np.ascontiguousarray(v) for v in np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (area, capacity))))
    factor = np.asarray(array_factor, dtype=float)
    if np.any(size <= 0.0) or np.any(energy <= 0.0) or not (np.all(np.isfinite(size)) and np.all(np.isfinite(energy))):
        raise ValueError("area and capacity must be positive and finite")
    if factor.ndim != 1 or factor.size < 2:
        raise ValueError("array_factor needs a value at the start and at the end of every year, so at least two")
    years = factor.size - 1
    total = int((years if span is None else min(span, years)) * YEAR / orbits.period)
    most = np.full(orbits.load.shape, charge_limit) if orbits.charge is None else np.minimum(orbits.charge, charge_limit)
    out = np.zeros((4, size.size, years))
    efficiencies = np.array([paths.array_to_load, paths.array_to_battery, paths.battery_to_load, paths.charge, paths.discharge])
    tables = (fade.over, fade.exponents, fade.rates)
    _compiled()(
        orbits.durations,
        orbits.density,
        orbits.load,
        orbits.spread,
        size,
        energy,
        efficiencies,
        most,
        discharge_limit,
        factor,
        total,
        *tables,
        out,
    )
    return Years(out[0], out[1], out[2], out[3], factor, fade.warnings(float(out[1].min()), float(out[1].max())))


@cache
def _compiled() -> Callable[..., None]:
    """The loop in machine code, kept on disk where numba keeps its cache."""
    import numba

    compiled: Callable[..., None] = numba.njit(cache=True, error_model="numpy")(_loop)
    return compiled


def _loop(
    durations: Any,
    density: Any,
    load: Any,
    spread: float,
    area: Any,
    new: Any,
    efficiencies: Any,
    charge_limit: Any,
    discharge_limit: float,
    factor: Any,
    total: int,
    over: Any,
    exponents: Any,
    rates: Any,
    out: Any,
) -> None:
    """Fill `out` (4, designs, years): the arithmetic of `bus.balance` for constant powers, and of `ageing.grow` for each loss.

    The first is held against `bus.balance` on random orbits by tests/unit/power/system/test_one_arithmetic.py.
    """
    to_load, to_battery, from_battery, into, out_of = efficiencies
    kinds, pieces = durations.shape
    years = out.shape[2]
    period = durations[0].sum()
    day = max(1, round(86400.0 / period))
    turn, terms = to_load / from_battery, len(over)
    last = rates.shape[1] - 1
    done = np.zeros(terms)
    for j in range(len(area)):
        done[:] = 0.0
        capacity = new[j]
        stored = capacity
        orbit = 0
        for year in range(years):
            lowest, deepest, missing = 1.0, 0.0, 0.0
            end = min(int((year + 1) * 31557600.0 / period), total)
            while orbit < end:
                count = min(day, end - orbit)
                here = orbit * period / 31557600.0 - year
                kind = min(int(max(year + here, 0.0) % spread / spread * kinds), kinds - 1)
                a = area[j] * (factor[year] + (factor[year + 1] - factor[year]) * here)
                depths, moved = 0.0, 0.0
                for _ in range(count):
                    low = stored
                    for i in range(pieces):
                        h = durations[kind, i]
                        left = a * density[kind, i] - load[kind, i] / to_load
                        if left >= 0.0:
                            stored = min(capacity, stored + min(left * to_battery, charge_limit[kind, i]) * into * h)
                            continue
                        need = -left * turn
                        given = min(need, discharge_limit)
                        energy = given / out_of * h
                        missing += (need - given) * from_battery * h
                        if energy > stored:
                            missing += (energy - stored) * out_of * from_battery
                            energy = stored
                        stored -= energy
                        moved += energy
                        low = min(low, stored)
                    depth = 1.0 - low / capacity
                    depths += depth
                    deepest = max(deepest, depth)
                orbit += count
                lowest = min(lowest, 1.0 - deepest)
                x = depths / count * last
                at = min(int(x), last - 1)
                lost = 0.0
                for i in range(terms):
                    rate = rates[i, at] + (x - at) * (rates[i, at + 1] - rates[i, at])
                    step = count * period / 86400.0 if over[i] == 0 else moved / capacity if over[i] == 1 else 1.0 * count
                    done[i] += rate ** (1.0 / exponents[i]) * step
                    lost += done[i] ** exponents[i]
                capacity = new[j] * max(1.0 - lost, 1e-9)
                stored = min(stored, capacity)
            out[0, j, year], out[1, j, year], out[2, j, year], out[3, j, year] = lowest, deepest, missing, capacity / new[j]
