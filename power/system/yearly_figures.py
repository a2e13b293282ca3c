"""Array and battery of a solved design through the years of the case, this very orbit again and again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.constants import ZERO_CELSIUS
from power.storage.fade import NEVER, Fade, fade_to
from power.system.array_power import array_density, sections_density
from power.system.battery_response import ROOM, Cells, fade
from power.system.mission_years import YEAR, Orbits, march_years, stepped_orbits
from power.system.result import PowerResult
from power.system.settings import Power
from power.timeline import resample

TRACE = 1e-9  #: of the energy that a year asks for: less is round-off
PIECES = 200  #: of an orbit at least
RESOLVED = 5e-3  #: of the depth of discharge that years of mean powers tell apart


def battery_years(power: Power, found: PowerResult, temperature: float | None = None) -> dict[str, Any] | None:
    """Year by year from beginning of life, units in the keys; None where nothing ages or there is no array or battery.

    Args:
        power: The [power] table, at beginning or end of life; sizes, loads and temperatures are those of the solved orbit.
        found: Its solution.
        temperature: Orbit mean of the battery [K]; 25 degC where nothing tells it.
    """
    if not power.ages or not found.carries or not found.array_area or not found.pack_capacity or found.cells is None:
        return None
    b = found.balance
    younger, given = when_new(power, found), b.times[b.given]
    fine = _fine(b.times)
    light, load = (resample(b.times, values, fine) for values in (b.available / found.array_area, b.load))
    orbits = _charged(stepped_orbits(fine, light * resample(given, younger, fine), load), fine, given, found.cells)
    rows, warnings = flown_years(power, found, orbits, array_factors(power, found), temperature)
    warm = ROOM if temperature is None else temperature
    return {"rows": rows, "battery_degC": warm - ZERO_CELSIUS, "assumed": temperature is None, "warnings": warnings}


def flown_years(
    power: Power, found: PowerResult, orbits: Orbits, factor: NDArray[np.float64], temperature: float | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """Every orbit of every year with the array and battery of a solution, one after the other.

    Args:
        power: The system.
        found: Its solution, which carries the load.
        orbits: Kinds of orbit over a year.
        factor: Power of the array over new at the turns of the years (years + 1,) [-].
        temperature: Mean of the battery [K]; 25 degC where nothing tells it.

    Returns:
        What each year comes to, units in the keys; warnings.
    """
    assert found.array_area
    assert found.pack_capacity
    assert found.cells is not None
    marched = march_years(
        orbits,
        found.array_area,
        found.pack_capacity,
        found.cells.paths,
        to_the_end(factor, power.years),
        battery_fade(power, ROOM if temperature is None else temperature),
        discharge_limit=float(np.min(np.asarray(found.cells.limits.discharge))),
        span=power.years,
    )
    asked = float((orbits.durations * orbits.load).sum()) / len(orbits.load) / orbits.period * YEAR
    rows = [
        {
            "year": i + 1,
            "array": float(factor[i + 1]),
            "capacity": float(marched.capacity[0, i]),
            "min_state_of_charge": float(marched.minimum_state_of_charge[0, i]),
            "depth_of_discharge": float(marched.depth_of_discharge[0, i]),
            "unserved_Wh": float(marched.unserved[0, i]) / 3600.0 if marched.unserved[0, i] > TRACE * asked else 0.0,
        }
        for i in range(marched.capacity.shape[1])
    ]
    return rows, list(marched.warnings)


def when_new(power: Power, found: PowerResult) -> NDArray[np.float64]:
    """Electricity of new cells at the temperatures of a solution, over that of its age (n,) [-]; 0 where there is none."""
    share = _density(power, found)
    return np.divide(_density(replace(power, life="bol"), found), share, out=np.zeros(share.shape), where=share > 0.0)


def years_failures(rows: Sequence[Mapping[str, Any]], allowed: float) -> tuple[str, ...]:
    """What a year does not hold: load that is not served, else a charge below the allowed depth; empty when every year holds.

    Args:
        rows: Of `battery_years`.
        allowed: Depth of discharge [-].
    """
    missing = [row for row in rows if row["unserved_Wh"] > 0.0]
    if missing:
        first, worst = missing[0], max(missing, key=lambda row: float(row["unserved_Wh"]))
        more = "" if worst is first else f", {_energy(worst)} in year {worst['year']}"
        return (f"year {first['year']}: {_energy(first)} of the load not served{more}; the array is at {first['array']:.1%} of new then",)
    deep = [row for row in rows if row["depth_of_discharge"] > allowed * (1.0 + RESOLVED)]
    if not deep:
        return ()
    first, worst = deep[0], max(deep, key=lambda row: float(row["depth_of_discharge"]))
    more = "" if worst is first else f", {worst['depth_of_discharge']:.1%} in year {worst['year']}"
    said = f"year {first['year']}: depth of discharge {first['depth_of_discharge']:.1%}{more} exceeds {allowed:.1%}"
    return (f"{said}; the battery is at {first['capacity']:.1%} of new then",)


def _energy(row: Mapping[str, Any]) -> str:
    energy = float(row["unserved_Wh"])
    return f"{energy / 1000.0:.3g} kWh" if energy >= 1000.0 else f"{energy:.3g} Wh"


def array_factors(power: Power, found: PowerResult) -> NDArray[np.float64]:
    """Array energy of this orbit over new at the start and at the end of every year (years + 1,), the last at the end of `years`."""
    turns = np.minimum(np.arange(max(1, int(np.ceil(power.years))) + 1), power.years)
    if power.fluence_per_year is None:
        return np.ones(turns.shape) if power.eol_factor is None else np.asarray(power.eol_factor ** (turns / power.years))
    b = found.balance
    light, t = b.available[b.given], b.times[b.given]
    share = _density(power, found)
    per = np.divide(light, share, out=np.zeros(share.shape), where=share > 0.0)
    given = [float(np.trapezoid(per * _density(_at(power, float(y)), found), t)) for y in turns]
    return np.array(given) / given[0] if given[0] > 0.0 else np.ones(turns.shape)


def battery_fade(power: Power, temperature: float) -> Fade:
    """How the battery loses energy over the years at its temperature [K]: by its law, else evenly to `battery_eol_factor`, else never."""
    law = fade(power, temperature)
    if law is not None:
        return law
    return NEVER if power.battery_eol_factor is None else fade_to(power.battery_eol_factor, power.years)


def _at(power: Power, years: float) -> Power:
    return replace(power, life="bol") if years == 0.0 else replace(power, life="eol", years=years)


def to_the_end(factor: NDArray[np.float64], years: float) -> NDArray[np.float64]:
    """Factors at the turns of whole years (turns,) [-], of which the last, where it is not whole, is left at the right height."""
    whole = factor.size - 2
    return np.append(factor[:-1], max(factor[-2] + (factor[-1] - factor[-2]) / (years - whole), 0.0))


def _fine(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """With moments between, since each piece has its mean powers and the moment at which the battery takes over moves with the years."""
    most = (times[-1] - times[0]) / PIECES
    inner = [np.linspace(a, b, int(np.ceil((b - a) / most)) + 1)[1:-1] for a, b in pairwise(times) if b - a > most]
    return np.sort(np.concatenate([times, *inner]), kind="stable")


def _charged(orbits: Orbits, times: NDArray[np.float64], given: NDArray[np.float64], cells: Cells) -> Orbits:
    """With the largest charging power of every piece; none where the battery is outside its window."""
    limits, long = cells.limits, np.diff(times) > 0.0

    def mean(values: ArrayLike) -> NDArray[np.float64]:
        at = np.broadcast_to(np.asarray(values, dtype=float), given.shape)
        fine = at if at.shape == times.shape and np.array_equal(given, times) else _resampled(given, at, times)
        return 0.5 * (fine[:-1] + fine[1:])[long]

    most = mean(limits.charge)
    if limits.window is not None and limits.temperature is not None:
        warm = mean(limits.temperature)
        most = np.where((warm >= limits.window[0]) & (warm <= limits.window[1]), most, 0.0)
    return replace(orbits, charge=np.ascontiguousarray(np.broadcast_to(most, orbits.load.shape)))


def _resampled(given: NDArray[np.float64], values: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `timeline.resample`, for limits that may be infinite."""
    if np.all(np.isinf(values)):
        return np.full(times.shape, np.inf)
    return resample(given, np.minimum(values, np.finfo(float).max / 4.0), times)


def _density(power: Power, found: PowerResult) -> NDArray[np.float64]:
    """Electricity of a square metre of the solved array at another age (n,) [W/m2]; of an array without faces per W/m2 of sunlight."""
    if found.sections:
        return np.asarray(sections_density(power, found.sections).sum(axis=1))
    return array_density(power, 1.0, found.temperature)
