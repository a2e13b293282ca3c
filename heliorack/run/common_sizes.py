"""One set of hardware for all load cases: what each of them asks of array and battery, and the sizes that satisfy all."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from heliorack.case.case import Case
from heliorack.model.sizing_dates import SizingDate, sizing_dates
from heliorack.results.result import Result
from heliorack.runfolder import folder
from heliorack.runfolder.summary import Summary
from power.system.failures import NO_ROOM
from power.system.result import Asked, SizedAt
from power.system.settings import Sizes

NAME = "asked.json"  #: in the folder of a load case until the set is whole: what its first solves asked for
CLOSE = 1e-4  #: relative; what a flight with common sizes asks beyond them by no more is that of another temperature of the cells
ROUNDS = 4  #: of common sizes that grew because the flight with them asked for more; one is usual


@dataclass(frozen=True, slots=True)
class Demand:
    """What a load case asks of what is sized, over the dates at which it sizes."""

    asked: Asked | None = None  #: None: of nothing
    failures: tuple[str, ...] = ()  #: what the design does not hold at those dates, each with the date

    def with_own(self, own: Asked | None) -> "Demand":
        """Together with what the flight at its own date asks for."""
        return replace(self, asked=greater(self.asked, own))


@dataclass(frozen=True, slots=True, eq=False)
class First:
    """A solve that sized for itself, from which the flight of its load case starts."""

    result: Result
    own: bool  #: at the date of the load case


def groups(cases: Mapping[str, Case], alone: bool) -> list[dict[str, Case]]:
    """Load cases of which something is sized, by the hardware that they share: all but variants, each of which has its own."""
    sized = {name: case for name, case in cases.items() if case.power is not None and (case.power.sizes_array or case.power.sizes_pack)}
    shared = {name: case for name, case in sized.items() if not (alone or case.variant)}
    return [*([shared] if shared else []), *({name: case} for name, case in sized.items() if name not in shared)]


def dates(case: Case) -> tuple[SizingDate | None, ...]:
    """When a load case is solved for its sizes; None: at its own date."""
    return sizing_dates(case) or (None,)


def demand(asked: Mapping[SizingDate | None, Result]) -> Demand:
    """What the solves of a load case at its dates ask for together."""
    found = Demand()
    for date, result in asked.items():
        one, at = None if result.power is None else result.power.asked, None if date is None else date.at
        dated = None if one is None or at is None else replace(one, area_at=at, pack_at=at)
        found = Demand(greater(found.asked, one if dated is None else dated), (*found.failures, *missed(result, date)))
    return found


def missed(result: Result, date: SizingDate | None) -> tuple[str, ...]:
    """What a design does not hold at a date other than its own."""
    if date is None or date.own or result.power is None:
        return ()
    periodic = result.solution.periodic
    said = [*(() if result.solution.runaway is None else (result.solution.runaway,)), *result.power.failures]
    if periodic is not None and not periodic.converged:
        said.append(result.case.solver.unsettled(periodic.orbits, periodic.estimated_error))
    return tuple(f"at the worst date of the years, {date.at.words()}: {each}" for each in said)


def greater(one: Asked | None, other: Asked | None) -> Asked | None:
    """What satisfies both, with what sets each; of alike ones the first."""
    if one is None or other is None:
        return other if one is None else one
    area, pack = (_wants_more(a, b) for a, b in ((one.area, other.area), (one.pack, other.pack)))
    found = replace(one, area=other.area, area_by=other.area_by, area_at=other.area_at) if area else one
    return replace(found, pack=other.pack, pack_by=other.pack_by, pack_at=other.pack_at) if pack else found


def _wants_more(one: float | None, other: float | None) -> bool:
    return other is not None and (one is None or other > one * (1.0 + CLOSE))


def common(demands: Iterable[Demand], alone: bool = False) -> Sizes | None:
    """The least sizes that satisfy all load cases that have any; None where none has.

    Args:
        alone: Whether there is one load case, which shares them with no other.
    """
    found = [one.asked for one in demands if one.asked is not None]
    areas, packs = [one.area for one in found if one.area is not None], [one.pack for one in found if one.pack is not None]
    return Sizes(max(areas, default=None), max(packs, default=None), alone) if areas or packs else None


def grown(sizes: Sizes | None, demands: Iterable[Demand]) -> Sizes | None:
    """Larger sizes, where a flight with common ones asks for more than they are; None where they suffice."""
    more = common(demands)
    if sizes is None or more is None:
        return None
    pairs = [(sizes.area, more.area), (sizes.pack, more.pack)]
    if all(now is None or wanted is None or wanted <= now * (1.0 + CLOSE) for now, wanted in pairs):
        return None
    area, pack = (now if wanted is None or now is None else max(now, wanted) for now, wanted in pairs)
    return Sizes(area, pack, sizes.alone)


def flying(case: Case, sizes: Sizes | None) -> Case:
    """A load case with common sizes."""
    return case if sizes is None or case.power is None else replace(case, power=replace(case.power, sizes=sizes))


def flies(found: Summary, case: Case) -> bool:
    """Whether a finished load case was flown with the sizes that it is now asked for."""
    sizes = None if case.power is None else case.power.sizes
    if sizes is None or found.power is None:
        return sizes is None
    area, pack = found.power.array_area_m2, found.power.pack_capacity_Wh
    return sizes.area in (None, area) and (sizes.pack is None or sizes.pack / 3600 == pack)


def is_flown(first: First, case: Case) -> bool:
    """Whether a first solve, which sized for itself, is the flight: at its date, marched as asked, with the common sizes."""
    if first.result.solution.reduced is not None and not case.solver.reduced:
        return False
    sizes, found = None if case.power is None else case.power.sizes, first.result.power
    if sizes is None or found is None:
        return first.own
    return first.own and sizes.area in (None, found.array_area) and sizes.pack in (None, found.pack_capacity)


def as_flown(result: Result, case: Case) -> Result:
    """A first solve that has the common sizes, as the flight; collective, since what was put off of it is made up for."""
    return replace(result, case=case, mesh_error=result.mesh_error if result.estimate is None else result.estimate(), estimate=None)


def judged(result: Result, found: Demand) -> Result:
    """A flight with what its load case asks for at all its dates, and what it does not hold there."""
    power = result.power
    if power is None or found == Demand():
        return result
    later = [said for said in found.failures if said not in power.failures]
    room = f"{NO_ROOM} "  # said of the worst date, it says all of its own
    own = [said for said in power.failures if not (said.startswith(room) and any(room in other for other in later))]
    return replace(result, power=replace(power, asked=greater(found.asked, power.asked), failures=(*own, *later)))


def one_design(cases: Mapping[str, Case], solve: Callable[[str, Case, Result | None], Result]) -> dict[str, Result]:
    """Load cases of one design in memory, all flown with sizes that satisfy those which share them.

    Args:
        cases: By name.
        solve: A load case by its name, from what it was before; None at first.
    """
    results: dict[str, Result] = {}
    for members in groups(cases, len(cases) == 1):
        results |= _flown(members, solve)
    return {name: results[name] if name in results else _settled(solve(name, case, None), case) for name, case in cases.items()}


def _flown(cases: Mapping[str, Case], solve: Callable[[str, Case, Result | None], Result]) -> dict[str, Result]:
    """Load cases that share sizes."""
    firsts: dict[str, First] = {}
    demands: dict[str, Demand] = {}
    for name, case in cases.items():
        firsts[name], demands[name] = sized(case, partial(solve, name))
    sizes = common(demands.values(), len(cases) == 1)
    results = {name: first.result for name, first in firsts.items()}
    for _ in range(ROUNDS):
        for name, case in cases.items():
            there = flying(case, sizes)
            ready = name in firsts and is_flown(firsts[name], there)
            results[name] = as_flown(results[name], there) if ready else solve(name, there, results[name])
            firsts.pop(name, None)
            demands[name] = demands[name].with_own(_asked(results[name]))
        larger = grown(sizes, demands.values())
        if larger is None:
            break
        sizes = larger
    return {name: judged(_settled(result, flying(cases[name], sizes)), demands[name]) for name, result in results.items()}


def sized(case: Case, solve: Callable[[Case, Result | None], Result]) -> tuple[First, Demand]:
    """First solves of a load case, at the dates at which it sizes.

    Args:
        solve: A case from what was solved before.
    """
    found: dict[SizingDate | None, Result] = {}
    result = None
    for date in dates(case):
        result = found[date] = solve(case if date is None else date.case, result)
    assert result is not None
    last = next(reversed(found))
    return First(result, last is None or last.own), demand(found)


def _settled(result: Result, case: Case) -> Result:
    return result if result.estimate is None else as_flown(result, case)


def _asked(result: Result) -> Asked | None:
    return None if result.power is None else result.power.asked


def write(place: Path, found: Demand) -> None:
    """Keep what a load case asks for, for a run that is interrupted."""
    folder.write_json(place / NAME, asdict(found))


def read(place: Path) -> Demand | None:
    """What a load case has asked for; None where that is not known."""
    try:
        found = json.loads((place / NAME).read_text(encoding="utf-8"))
        asked = found["asked"]
        return Demand(None if asked is None else _read(asked), tuple(found["failures"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(asked: Mapping[str, Any]) -> Asked:
    at = {key: None if asked[key] is None else SizedAt(**asked[key]) for key in ("area_at", "pack_at")}
    return Asked(**{**asked, **at, "aged": tuple(asked["aged"])})
