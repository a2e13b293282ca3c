"""Life of a mission: a solved load case through its years by a few full solves, and what breaks first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.bodies import Bodies
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.run.mission_moment import Mission, lasting, mission
from heliorack.run.mission_samples import MOST_FAILED, Samples
from heliorack.runfolder.figures.mission import MissionFigures, MissionLimit, MissionPower
from heliorack.runfolder.figures.power_year import PowerYear
from heliorack.runtime.progress import Say, silent
from power.system.mission_orbits import needs, orbits
from power.system.result import PowerResult
from power.system.settings import Power
from power.system.yearly_figures import RESOLVED, array_factors, flown_years

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

RESOLVED_ENERGY = 1e-4  #: of what the array gives: less is the error of mean powers
FEW_UNDEFINED = 3  #: moments at which attitude or sky is not defined: no more are passed over in favour of those beside
SHOWN = 24  #: moments of a year that are kept for pictures


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What a mission is found to be at its moments (k,)."""

    times: Floats  #: years
    margins: Floats  #: (k, limits) K
    power: MissionPower | None


def life_of_mission(result: Result | NetworkResult, comm: Any, bodies: Bodies, say: Say = silent) -> MissionFigures:
    """The load case of a result through `run.years`, with its sizes, from the date of its orbit on.

    A moment whose solve fails is a failed limit of its own, and the others stay.

    Raises:
        CaseError: an orbit or attitude that cannot be walked by its beta angle.
    """
    years = result.case.run.years
    assert years is not None
    made = mission(result.case, result.body if isinstance(result, Result) else None, result.power, years)
    samples = Samples(made, comm, bodies, lambda words, share: say(f"life of the mission: {words}", share))
    samples.gather()
    return figures(made, samples)


def with_life[T: (Result, NetworkResult)](result: T, comm: Any, bodies: Bodies, say: Say = silent) -> T:
    """A result with the life of its mission, where the case asks for one and there is a state to start from.

    Raises:
        CaseError: as `life_of_mission`.
    """
    periodic = result.solution.periodic if isinstance(result, Result) else result.periodic
    away = isinstance(result, Result) and result.solution.runaway is not None
    lives = periodic is not None and periodic.converged and not away and (result.power is None or result.power.carries)
    if result.case.run.years is None or not lives:
        return result
    return replace(result, mission=life_of_mission(result, comm, bodies, say))


def figures(made: Mission, samples: Samples) -> MissionFigures:
    """Margins and power over the years, from the solves."""
    walk = walked(made, samples) if samples.foretelling else Walk(made.calendar.days / 365.25, np.empty((len(made.calendar.days), 0)), None)
    error = samples.error
    limits = _limits(samples, walk)
    found = sorted([*_broken_limits(limits), *_broken_power(walk), *_broken_at(samples)], key=lambda each: each[0])
    thinned = np.unique(np.linspace(0, len(walk.times) - 1, min(len(walk.times), max(2, int(SHOWN * made.years) + 1))).astype(int))
    beta = np.degrees(made.calendar.beta)
    return MissionFigures(
        years=made.years,
        start=f"{made.start:%Y-%m-%d}",
        solves=len(samples.samples),
        error_K=error[0],
        error_charge=error[1],
        first=found[0][1] if found else None,
        first_year=found[0][0] if found else None,
        failures=tuple(said for _, said in found),
        times_years=_row(walk.times[thinned]),
        beta_deg=_row(beta[thinned]),
        limits=tuple(replace(limit, margin_K=tuple(np.array(limit.margin_K)[thinned].tolist())) for limit in limits),
        power=None if walk.power is None else _thin(walk.power, thinned),
        assumptions=_assumptions(made, samples),
    )


def walked(made: Mission, samples: Samples) -> Walk:
    """All moments of the calendar."""
    times = made.calendar.days / 365.25
    foretold = samples.foretell(times)
    some = samples.samples[0]
    margins = foretold[:, : len(some.verdicts)]
    if some.power is None or made.case.power is None or some.profile is None or not some.power.pack_capacity:
        return Walk(times, margins, None)
    n = len(some.verdicts) + len(some.extremes)
    warm = None if np.isnan(some.battery) else float(foretold[:, n].mean())
    return Walk(times, margins, _power(made, samples, some.power, lasting(made.case.power, made.years), foretold, times, warm))


def _power(
    made: Mission, samples: Samples, flown: PowerResult, power: Power, foretold: Floats, times: Floats, warm: float | None
) -> MissionPower:
    """Array and battery at all moments, and year by year.

    Args:
        flown: Any of the solutions, for sizes and efficiencies.
        power: With the figures of its end of life at the end of the mission.
        warm: Mean of the battery [K].
    """
    period = made.calendar.period
    light, load, eclipse = samples.power_of(foretold, times)
    kinds = orbits(period, eclipse, light, load, _charging(samples, times), made.years)
    turns = array_factors(power, flown)
    factor = np.interp(times, np.minimum(np.arange(len(turns)), made.years), turns)
    rows, warnings = flown_years(power, flown, kinds, turns, warm)
    years = tuple(PowerYear(**row) for row in rows)
    deep = [needs(flown, period, e, f * lit, asked) for e, f, lit, asked in zip(eclipse, factor, light, load, strict=True)]
    gain, fall = np.array(deep).T
    assert flown.array_area
    assert flown.pack_capacity
    assert flown.cells is not None
    given = flown.array_area * factor * (kinds.durations * kinds.density).sum(axis=1)
    capacity = np.interp(times, np.arange(len(years) + 1), [1.0, *(year.capacity for year in years)])
    paths = flown.cells.paths
    return MissionPower(
        array_margin=_row(gain / (paths.array_to_battery * paths.charge) / np.maximum(given, 1e-300)),
        depth_of_discharge=_row(fall / (flown.pack_capacity * capacity)),
        allowed_depth=power.max_depth_of_discharge,
        years=years,
        battery_degC=None if warm is None else warm - ZERO_CELSIUS,
        warnings=tuple(warnings),
    )


def _charging(samples: Samples, times: Floats) -> Floats:
    """Largest charging power (k, m): that of the solve which is nearest."""
    places = np.stack([sample.place for sample in samples.samples])
    nearest = [int(np.linalg.norm(places - samples.place(float(t)), axis=1).argmin()) for t in times]
    charging = [None if sample.profile is None else sample.profile.charge for sample in samples.samples]
    return np.stack([row for i in nearest if (row := charging[i]) is not None])


def _limits(samples: Samples, walk: Walk) -> list[MissionLimit]:
    """Every limit over the years; margins at all moments."""
    found: list[MissionLimit] = []
    for verdict, margin in zip(samples.samples[0].verdicts if samples.foretelling else (), walk.margins.T, strict=True):
        least, missed = int(margin.argmin()), np.flatnonzero(margin < 0.0)
        found.append(
            MissionLimit(
                on=verdict.on,
                at=verdict.at,
                side=verdict.side,
                mode=verdict.mode,
                least_K=float(margin[least]),
                least_year=float(walk.times[least]),
                broken_year=float(walk.times[missed[0]]) if missed.size else None,
                margin_K=_row(margin),
            )
        )
    return found


def _broken_limits(limits: Sequence[MissionLimit]) -> list[tuple[float, str]]:
    """When and how far temperature limits are missed, in words."""
    return [
        (
            limit.broken_year,
            f"{_when(limit.broken_year)}: {limit.on} is beyond its {limit.side} limit, "
            f"by {-limit.least_K:.1f} K at {limit.least_year:.1f} years",
        )
        for limit in limits
        if limit.broken_year is not None
    ]


def _broken_power(walk: Walk) -> list[tuple[float, str]]:
    """When the array is too small, load is not served or the charge falls below the allowed depth, in words."""
    power, found = walk.power, []
    if power is None:
        return []
    short = np.flatnonzero(np.array(power.array_margin) < -RESOLVED_ENERGY)
    missing = [year for year in power.years if year.unserved_Wh > 0.0]
    deep = np.flatnonzero(np.array(power.depth_of_discharge) > power.allowed_depth * (1.0 + RESOLVED))
    if short.size:
        first, least = float(walk.times[short[0]]), -min(power.array_margin)
        found.append((first, f"{_when(first)}: the array gives less than the load and the battery take, at worst by {least:.1%}"))
    if missing:
        first = float(missing[0].year - 1) if not short.size else max(float(walk.times[short[0]]), missing[0].year - 1.0)
        worst = max(missing, key=lambda year: year.unserved_Wh)
        words = f"year {missing[0].year}: {missing[0].unserved_Wh / 1000.0:.3g} kWh of the load not served"
        found.append((first, words + (f", {worst.unserved_Wh / 1000.0:.3g} kWh in year {worst.year}" if worst is not missing[0] else "")))
    if deep.size:
        first, depth = float(walk.times[deep[0]]), np.array(power.depth_of_discharge)
        words = f"{_when(first)}: depth of discharge {depth[deep[0]]:.1%} exceeds {power.allowed_depth:.1%}"
        found.append((first, f"{words}, at worst {depth.max():.1%}"))
    return found


def _broken_at(samples: Samples) -> list[tuple[float, str]]:
    """What fails at moments that were solved and has no margin to be followed between them, each kind at its first moment, in words."""
    found: dict[str, tuple[float, str]] = {}
    for sample in sorted(samples.samples, key=lambda sample: sample.years):
        for said in sample.failures:
            found.setdefault(re.sub(r"[-+.\de]+", "", said), (sample.years, f"{_at(sample.years)}: {said}"))
    failed = sorted((one for one in samples.failed if not one.undefined), key=lambda one: one.years)
    found |= {f"solve {one.years}": (one.years, f"{_at(one.years)}: {one.said}") for one in failed}
    undefined = sorted((one for one in samples.failed if one.undefined), key=lambda one: one.years)
    if len(undefined) > FEW_UNDEFINED:
        first = undefined[0]
        many = f"{len(undefined)} of {len(samples.samples) + len(samples.failed)} moments cannot be flown, the first {_at(first.years)}"
        found["undefined"] = (first.years, f"{many}: {first.said}")
    return list(found.values())


def _at(years: float) -> str:
    return "at the start" if years <= 0.0 else f"at {years:.2f} years"


def _when(years: float) -> str:
    return "from the start" if years <= 0.0 else f"after {years:.2f} years"


def _thin(power: MissionPower, kept: Ids) -> MissionPower:
    margin, depth = (tuple(np.array(values)[kept].tolist()) for values in (power.array_margin, power.depth_of_discharge))
    return replace(power, array_margin=margin, depth_of_discharge=depth)


def _row(values: Floats) -> tuple[float, ...]:
    return tuple(np.asarray(values, dtype=float).tolist())


def _assumptions(made: Mission, samples: Samples) -> tuple[str, ...]:
    """What a life of years takes for granted."""
    case, said = made.case, ["each moment is the periodic state of its own orbit; heat is not carried from one season to the next"]
    own = case.years_in_orbit
    if made.ages and own is not None:
        beyond = f"; beyond them, to {made.years:g} years, at the same rate" if made.years > own else ""
        said.append(f"what the case gives for the end of {own:g} years is reached evenly{beyond}")
    if not made.ages:
        said.append("nothing ages: no coating, cell or battery has a figure at end of life")
    settings: Any = case.environment
    if settings.solar != "seasonal":
        said.append("sunlight is the same all year (environment.solar = seasonal varies it)")
    undefined = sorted((one for one in samples.failed if one.undefined), key=lambda one: one.years)
    if 0 < len(undefined) <= FEW_UNDEFINED:
        when = ", ".join(f"{one.years:.2f}" for one in undefined)
        said.append(f"what is told of {when} years is that of the moments beside, since there {undefined[0].said}")
    if not samples.foretelling:
        said.append(f"{len(samples.samples)} moments have a state, too few to tell of those between")
    if len(samples.failed) >= MOST_FAILED:
        said.append(f"{len(samples.failed)} moments failed, and no more were tried")
    if len(samples.samples) >= samples.most:
        said.append(f"no more than {samples.most} full solves are made; the last of them still say how far they were foretold")
    return tuple(said)
