"""One set of hardware for all load cases: what each of them asks of array and battery, and the sizes that satisfy all."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from heliorack.case.case import Case
from heliorack.results.result import Result
from heliorack.runfolder import folder
from heliorack.runfolder.summary import Summary
from power.system.settings import Sizes
from power.system.system import Asked

NAME = "asked.json"  #: in the folder of a load case until the set is whole: what its first solve asked for
CLOSE = 1e-4  #: relative; what a flight with common sizes asks beyond them by no more is that of another temperature of the cells
ROUNDS = 4  #: of common sizes that grew because the flight with them asked for more; one is usual


def sharing(cases: Mapping[str, Case]) -> dict[str, Case]:
    """Load cases that fly one set of hardware of which something is sized: all but variants."""
    return {
        name: case
        for name, case in cases.items()
        if not case.variant and case.power is not None and (case.power.sizes_array or case.power.sizes_pack)
    }


def common(asked: Iterable[Asked | None]) -> Sizes | None:
    """The least sizes that satisfy all load cases that have any; None where none has."""
    found = [one for one in asked if one is not None]
    areas, packs = [one.area for one in found if one.area is not None], [one.pack for one in found if one.pack is not None]
    return Sizes(max(areas, default=None), max(packs, default=None)) if areas or packs else None


def grown(sizes: Sizes | None, asked: Iterable[Asked | None]) -> Sizes | None:
    """Larger sizes, where a flight with common ones asks for more than they are; None where they suffice."""
    more = common(asked)
    if sizes is None or more is None:
        return None
    pairs = [(sizes.area, more.area), (sizes.pack, more.pack)]
    if all(now is None or wanted is None or wanted <= now * (1.0 + CLOSE) for now, wanted in pairs):
        return None
    area, pack = (now if wanted is None or now is None else max(now, wanted) for now, wanted in pairs)
    return Sizes(area, pack)


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


def is_flown(result: Result, case: Case) -> bool:
    """Whether a first solve, which sized for itself, already has the common sizes."""
    sizes, found = None if case.power is None else case.power.sizes, result.power
    if sizes is None or found is None:
        return True
    return sizes.area in (None, found.array_area) and sizes.pack in (None, found.pack_capacity)


def as_flown(result: Result, case: Case) -> Result:
    """A first solve that has the common sizes, as the flight; collective, since what was put off of it is made up for."""
    return replace(result, case=case, mesh_error=result.mesh_error if result.estimate is None else result.estimate(), estimate=None)


def one_design(cases: Mapping[str, Case], solve: Callable[[str, Case, Result | None], Result]) -> dict[str, Result]:
    """Load cases of one design in memory, all flown with sizes that satisfy those which share them.

    Args:
        cases: By name.
        solve: A load case by its name, from what it was before; None at first.
    """
    results = {name: solve(name, case, None) for name, case in cases.items()}
    shared = sharing(cases)
    sizes = common(_demand(results[name]) for name in shared)
    for _ in range(ROUNDS):
        for name, case in shared.items():
            flown = flying(case, sizes)
            ready = is_flown(results[name], flown)
            results[name] = as_flown(results[name], flown) if ready else solve(name, flown, results[name])
        larger = grown(sizes, [_demand(results[name]) for name in shared])
        if larger is None:
            break
        sizes = larger
    return {name: result if result.estimate is None else as_flown(result, result.case) for name, result in results.items()}


def _demand(result: Result) -> Asked | None:
    return None if result.power is None else result.power.asked


def write(place: Path, asked: Asked | None) -> None:
    """Keep what a load case asks for, for a run that is interrupted."""
    folder.write_json(place / NAME, {"asked": None if asked is None else asdict(asked)})


def read(place: Path) -> tuple[Asked | None] | None:
    """What a load case has asked for (None: for nothing), in a tuple; None where that is not known."""
    try:
        found = json.loads((place / NAME).read_text(encoding="utf-8"))["asked"]
        return (None if found is None else Asked(**found),)
    except (OSError, ValueError, KeyError, TypeError):
        return None
