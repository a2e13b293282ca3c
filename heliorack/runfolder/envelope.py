"""The envelope of several load cases, summary.json of their folder: extremes of every part, and the case that each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from heliorack.runfolder import numbered
from heliorack.runfolder.figures.asked import SizedAtFigures
from heliorack.runfolder.summary import (
    NAME,
    Extremes,
    FirstLaw,
    LimitFigures,
    PeriodicFigures,
    PowerFigures,
    Summary,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnvelope(Extremes):
    """Extremes of a part over all load cases."""

    mass_kg: float | None
    min_in: str  #: load case of the least
    max_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitEnvelope(LimitFigures):
    """A limit in the load case that leaves it least margin."""

    in_: Annotated[str, Field(alias="in")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerdict:
    """Whether a load case holds, and what it misses."""

    holds: bool | None  #: None where there are no limits
    failures: tuple[str, ...]
    within_error: tuple[str, ...] = ()  #: limits that are kept by less than the error of the run
    unjudged: tuple[str, ...] = ()  #: what is not known that would tell whether it works


@dataclass(frozen=True, slots=True, kw_only=True)
class SizesFigures:
    """What is sized, one for all load cases, with the load case and the limit that set each; None of what the case gives."""

    array_area_m2: float | None
    array_in: str | None
    array_by: str | None
    pack_capacity_Wh: float | None
    pack_in: str | None
    pack_by: str | None
    life: Literal["bol", "eol"]  #: new, or at the end of the years
    array_at: SizedAtFigures | None = None  #: the worst orbit of the years, which sets it; None: the one that the load case flies
    pack_at: SizedAtFigures | None = None
    years: float | None = None  #: at the end of which they suffice; None: as new
    own_date: str = ""  #: why what has no worst orbit here is sized at the date of its load case, in words

    def moment(self, of: Literal["array", "pack"]) -> str:
        """The orbit and the year that a size is for, in words; empty of what is not sized."""
        size, at = (self.array_area_m2, self.array_at) if of == "array" else (self.pack_capacity_Wh, self.pack_at)
        if size is None:
            return ""
        age = "new" if self.life == "bol" else "end of life" if self.years is None else f"end of year {self.years:g}"
        where = at.words() if at is not None else f"date of the load case ({self.own_date})" if self.own_date else "date of the load case"
        return f"{age}; {where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Several load cases of one case."""

    title: str
    question: str
    holds: bool | None  #: None where no load case misses and one has no limits
    load_cases: dict[str, CaseVerdict]
    hottest_case: str
    parts: dict[str, PartEnvelope]
    limits: tuple[LimitEnvelope, ...]
    power: dict[str, PowerFigures | None]
    first_law: dict[str, FirstLaw]
    periodic: dict[str, PeriodicFigures | None]
    assumptions: tuple[str, ...]
    sizes: SizesFigures | None = None  #: where something is sized

    def json(self) -> dict[str, Any]:
        """Content of summary.json, its number first."""
        return numbered.numbered(self, NAME)


def together(each: Iterable[bool | None]) -> bool | None:
    """Verdict on several load cases: missed where one is; none where one has none, since nothing says what it must keep; else kept.

    >>> together([True, True]), together([True, None]), together([None, False])
    (True, None, False)
    """
    found = list(each)
    return False if False in found else None if None in found else True


def envelope(summaries: Mapping[str, Summary]) -> Envelope:
    """Extremes of every part over all load cases, tightest margin of every limit, and the case each comes from."""
    first = next(iter(summaries.values()))
    return Envelope(
        title=first.title,
        question=first.question,
        holds=together(s.holds for s in summaries.values()),
        load_cases={
            name: CaseVerdict(holds=s.holds, failures=s.failures, within_error=s.within_error, unjudged=s.unjudged)
            for name, s in summaries.items()
        },
        hottest_case=min(summaries, key=lambda name: _heat_margin(summaries[name])),
        parts={part: _part(part, summaries) for s in summaries.values() for part in s.parts},
        limits=_limits(summaries),
        power={name: s.power for name, s in summaries.items()},
        first_law={name: s.first_law for name, s in summaries.items()},
        periodic={name: s.periodic for name, s in summaries.items()},
        assumptions=tuple(dict.fromkeys(said for s in summaries.values() for said in s.assumptions)),
        sizes=sizes(summaries),
    )


def sizes(summaries: Mapping[str, Summary]) -> SizesFigures | None:
    """Common sizes of the load cases that share one set of hardware, or those of a single run; None where nothing is sized."""
    asked = {name: s.power.asked for name, s in summaries.items() if s.power is not None and s.power.asked is not None}
    shared = {name: one for name, one in asked.items() if not one.alone} or (asked if len(summaries) == 1 else {})
    areas = {name: one.array_area_m2 for name, one in shared.items() if one.array_area_m2 is not None}
    packs = {name: one.pack_capacity_Wh for name, one in shared.items() if one.pack_capacity_Wh is not None}
    if not areas and not packs:
        return None
    array, pack = max(areas, key=lambda name: areas[name], default=None), max(packs, key=lambda name: packs[name], default=None)
    flown = next(s.power for name, s in summaries.items() if name in shared and s.power is not None)
    return SizesFigures(
        array_area_m2=None if array is None else flown.array_area_m2,
        array_in=array,
        array_by=None if array is None else shared[array].array_by,
        pack_capacity_Wh=None if pack is None else flown.pack_capacity_Wh,
        pack_in=pack,
        pack_by=None if pack is None else shared[pack].pack_by,
        life=next(iter(shared.values())).life,
        array_at=None if array is None else shared[array].array_at,
        pack_at=None if pack is None else shared[pack].pack_at,
        years=next((one.years for one in shared.values() if one.years is not None), None),
        own_date=next((shared[name].own_date for name in (array, pack) if name is not None and shared[name].own_date), ""),
    )


def read(folder: Path) -> Envelope:
    """The envelope that a set of load cases left.

    Raises:
        FormatError: of a form that this version does not read, or damaged.
        OSError: there is no summary.
    """
    return numbered.read(Envelope, folder / NAME)


def _part(part: str, summaries: Mapping[str, Summary]) -> PartEnvelope:
    found = {name: s.parts[part] for name, s in summaries.items() if part in s.parts}
    coldest, hottest = min(found, key=lambda name: found[name].min_degC), max(found, key=lambda name: found[name].max_degC)
    return PartEnvelope(
        min_degC=found[coldest].min_degC,
        max_degC=found[hottest].max_degC,
        mass_kg=next(iter(found.values())).mass_kg,
        min_in=coldest,
        max_in=hottest,
    )


def _limits(summaries: Mapping[str, Summary]) -> tuple[LimitEnvelope, ...]:
    found: dict[tuple[str, str, str, str], LimitEnvelope] = {}
    for name, summary in summaries.items():
        for limit in summary.limits:
            key = (limit.on, limit.at, limit.side, limit.mode)
            if key not in found or limit.margin_K < found[key].margin_K:
                found[key] = LimitEnvelope(**{field.name: getattr(limit, field.name) for field in fields(LimitFigures)}, in_=name)
    return tuple(found.values())


def _heat_margin(summary: Summary) -> float:
    """Smallest margin to an upper limit [K]; without upper limits, how far the hottest part is below none at all (its negative degC)."""
    margins = [limit.margin_K for limit in summary.limits if limit.side == "max"]
    return min(margins) if margins else -max(part.max_degC for part in summary.parts.values())
