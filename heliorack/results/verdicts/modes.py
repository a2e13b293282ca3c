"""What is off in a run and when devices are switched on, and which temperature limits hold then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Limit, Mode
from heliorack.casefile.patterns import matching, siblings
from heliorack.checks.context import tables
from heliorack.model.body import Body
from heliorack.model.loads import Loads
from heliorack.runfolder.summary import IDLE
from meshes.parts import solids

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Modes:
    """Parts of a run by what they do.

    A part is off where what it dissipates is stated and nothing: its compute draws no power at any time, its `heat_W` is 0. Heaters and
    losses of the bus do not count. Parts that dissipate nothing by nature (nothing is stated) are not off.
    """

    off: frozenset[str]
    rises: Mapping[str, Floats]  #: by part: times in the period [s] at which a device of it goes from no power to some

    def part_of(self, limit: Limit, name: str) -> str:
        """The part that a limit's place belongs to."""
        return name.rpartition(":")[0] if limit.at == "face" else name


def modes(case: Case, body: Body, loads: Loads) -> Modes:
    """What is off over the whole run, and what is switched on in it."""
    names = body.assembly.part_names
    stated: set[str] = set()
    for part, table in zip(case.parts, tables(case.document, "parts"), strict=False):
        if table.get("heat_W") == 0:
            stated.update(solid.name for solid in solids(part))
    working = {solid.name for solid in body.solids if solid.heat > 0}
    rises: dict[str, Floats] = {}
    for j, entry in enumerate(case.compute):
        power, of_entry = loads.compute[:, j], matching(entry.parts, names)
        if not power.any():
            stated.update(of_entry)
            continue
        working.update(of_entry)
        starts = loads.times[:-1][(power[:-1] == 0) & (power[1:] > 0)]
        if power[-1] == 0 and power[0] > 0:
            starts = np.append(starts, loads.times[0])
        starts = starts[starts < _length(case, loads)]
        if len(starts):
            rises.update({name: np.union1d(starts, rises.get(name, starts)) for name in of_entry})
    return Modes(frozenset(stated - working), rises)


def _length(case: Case, loads: Loads) -> float:
    """How long things may be switched on in a run [s]: never in a steady one, and again and again in a periodic one."""
    if case.run.kind == "transient":
        return case.run.duration or (case.run.orbits or 0.0) * float(loads.times[-1])
    return 0.0 if case.run.kind == "steady" else np.inf


def holding(limit: Limit, name: str, case: Case, found: Modes, names: tuple[str, ...], faces: tuple[str, ...]) -> Limit | None:
    """What of an operating or survival limit holds for one part or face in this run; None where nothing of it does.

    A part that is off is held to its survival limits, on sides that have none to its operating limits; any other part the other way round.
    """
    part = found.part_of(limit, name)
    leading: Mode = "survival" if part in found.off else "operating"
    if limit.mode == leading:
        return limit
    own = [other for other in case.limits if other.mode == leading and part in _parts(other, found, names, faces)]
    high = None if any(other.max is not None for other in own) else limit.max
    low = None if any(other.min is not None for other in own) else limit.min
    return None if high is None and low is None else replace(limit, max=high, min=low)


def _parts(limit: Limit, found: Modes, names: tuple[str, ...], faces: tuple[str, ...]) -> set[str]:
    return {found.part_of(limit, name) for name in matching(limit.on, faces if limit.at == "face" else names)}


def switch_on_times(starts: Floats, period: float, end: float) -> Floats:
    """Times of switching on [s] up to `end`, by those in one period [s]."""
    turns = np.arange(max(1, int(np.ceil(end / period)))) * period
    every = (starts[None, :] + turns[:, None]).ravel()
    return every[every <= end]


def sentences(case: Case, found: Modes, names: tuple[str, ...]) -> tuple[str, ...]:
    """What is off, and which switch-on limits were not judged."""
    said = []
    if found.off:
        off = ", ".join(siblings([name for name in names if name in found.off]))
        said.append(f"off in this run: {off}; held to survival limits where they have some, else to operating ones")
    return (*said, *idle(case, found, names))


def idle(case: Case, found: Modes, names: tuple[str, ...]) -> tuple[str, ...]:
    """Switch-on limits of which nothing in this run says whether they are kept, in words that begin with `IDLE`."""
    limits = [limit.on for limit in case.limits if limit.mode == "switch_on" and not found.rises.keys() & _switched(limit, names)]
    return tuple(f"{IDLE} {on}: nothing of it is switched on in this run, so it was not judged" for on in limits)


def _switched(limit: Limit, names: tuple[str, ...]) -> set[str]:
    """Parts that a switch-on limit is on."""
    return set(matching(limit.on.rpartition(":")[0] if limit.at == "face" else limit.on, names))
