"""Given hardware held against the worst dates of its years."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from heliorack.case.case import Case
from heliorack.model.sizing_dates import SizingDate, sizing_dates
from heliorack.results.result import Result
from heliorack.run.common_sizes import missed
from power.system.mission_orbits import Profile, needs, profile
from power.system.result import PowerResult
from power.system.settings import Power
from power.system.yearly_figures import array_factors

NEAR = 0.05  #: of the array's energy and of the allowed depth: what the powers of another date tell no better, a solve does

ALIKE = 1e-3  #: relative; sizes of two solves that differ by less are the same


def at_worst_dates(result: Result, solve: Callable[[Case, Result], Result]) -> Result:
    """A flight whose sizes are all given, with what it does not hold at the worst dates of its years, at their end.

    What is sized was solved at those dates already. Hardware with plenty to spare by the powers of the flight holds; what is nearer is
    solved there.

    Args:
        solve: A case from what was solved before.
    """
    power, found, periodic = result.case.power, result.power, result.solution.periodic
    if power is None or found is None or power.sizes_array or power.sizes_pack or periodic is None or not periodic.converged:
        return result
    usable = found.carries and found.array_area and found.pack_capacity and found.cells is not None
    if not usable or result.env is None or found.failures or result.solution.runaway is not None:
        return result
    dates = [date for date in sizing_dates(result.case) if not date.own]
    if not dates:
        return result
    now = profile(power, found, result.env.edges)
    factor = float(array_factors(power, found)[-1]) if power.ages else 1.0
    capacity = float(result.years["rows"][-1]["capacity"]) if result.years is not None else 1.0
    said: list[str] = []
    for date in dates:
        if _spares(found, now, date, result.env.period, factor, capacity, power.max_depth_of_discharge):
            continue
        said += missed(solve(replace(date.case, power=_spared(power.design)), result), date)
    return replace(result, power=replace(found, failures=(*found.failures, *said)))


def _spared(power: Power) -> Power:
    """Hardware larger by what two solves may differ, so that what was sized to the limit is not said to miss it."""
    area, pack = power.array_area, power.pack_capacity
    return replace(
        power, array_area=None if area is None else area * (1.0 + ALIKE), pack_capacity=None if pack is None else pack * (1.0 + ALIKE)
    )


def _spares(found: PowerResult, now: Profile, date: SizingDate, period: float, factor: float, capacity: float, allowed: float) -> bool:
    """Whether array and battery have plenty to spare at a date.

    Args:
        factor, capacity: Array and battery at the end of the years over new [-].
        allowed: Depth of discharge [-].
    """
    assert found.array_area
    assert found.pack_capacity
    light = now.light * date.light * factor
    if not np.any(light > 0.0):
        return False
    eclipse = max(now.eclipse + date.longer, 0.0)
    gain, fall = needs(found, period, eclipse, light, now.load)
    given = found.array_area * (period - eclipse) * float(np.mean(light[light > 0.0]))
    free = now.charge.min() == np.inf
    return bool(free and gain > NEAR * given and fall < (1.0 - NEAR) * allowed * found.pack_capacity * capacity)
