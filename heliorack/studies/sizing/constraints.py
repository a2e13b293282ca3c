"""Constraints of a search, and what a solve says of them: limits on parts and nodes, heat pipes, fluids, array and battery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heliorack.case.case import Case
from heliorack.case.margins import Verdict
from heliorack.casefile.patterns import siblings
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.studies.sizing.objective import WH
from power.system.result import PowerResult

PERCENT = 100.0
BASE = ""  #: name of the base table where a case has no load cases


@dataclass(frozen=True, slots=True)
class Row:
    """One constraint: the worst of numbered siblings in one load case."""

    case: str
    on: str  #: what is limited: a part, a node or their siblings, a loop, a heat pipe, "array" or "battery"
    kind: str  #: "max", "min" of a temperature, "transport", "carried" of a pipe, "size" of array and battery, "room" of their range
    detail: str = ""  #: what tells limits on one thing apart: place, level and mode

    @property
    def thermal(self) -> bool:
        """Whether its slack is in kelvin; that of others is in percent."""
        return self.kind in ("max", "min")

    @property
    def unit(self) -> str:
        """Of its slack."""
        return "K" if self.thermal else "%"

    @property
    def limit(self) -> tuple[str, str, str]:
        """What it is of, whatever the load case."""
        return self.on, self.kind, self.detail

    @property
    def counted_in(self) -> str:
        """Unit of what is calculated and allowed."""
        return {"transport": "W m", "carried": "W"}.get(self.kind) or ("m2" if self.on == "array" else "Wh")

    def words(self) -> str:
        """For people."""
        what = {"max": "max", "min": "min", "transport": "transport", "carried": "heat", "size": "energy", "room": "range"}[self.kind]
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.on} {what}{detail}" + (f" in {self.case}" if self.case else "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A constraint of a load case as it was solved."""

    slack: float  #: margin less what is required, K or %
    margin: float  #: K to the limit with its margins, or % of the limit
    required: float  #: K
    error: float  #: K, of the run
    calculated: float  #: K, W m, W, m2 or Wh
    allowed: float  #: the same unit


@dataclass(frozen=True, slots=True)
class PipeShare:
    """A heat pipe against its limit."""

    name: str
    kind: str  #: as of a `Row`
    load: float
    limit: float


@dataclass(frozen=True, slots=True)
class Looked:
    """What a solve says of limits."""

    verdicts: tuple[tuple[Verdict, float], ...]  #: with the error of the run [K]
    pipes: tuple[PipeShare, ...]
    fluids: dict[tuple[str, str, str], Judged]  #: by loop, side and detail: how far a coolant is from freezing and boiling


def looked(result: Result | NetworkResult) -> Looked:
    """Limits of a solved load case, of parts and of the network beside or in place of them."""
    if isinstance(result, NetworkResult):
        return Looked(tuple((v, 0.0) for v in result.verdicts()), _node_pipes(result), _fluids(result))
    parts = tuple(zip(result.verdicts, (e.total for e in result.errors()), strict=True))
    pipes = tuple(PipeShare(p.part, "transport", p.load, p.limit) for p in result.pipes)
    if result.network is None:
        return Looked(parts, pipes, {})
    nodes = looked(result.network)
    return Looked((*parts, *nodes.verdicts), (*pipes, *nodes.pipes), nodes.fluids)


def unsound(result: Result | NetworkResult) -> str:
    """Why a solved design is none, beside what constraints say of it; empty where it is one."""
    network = result if isinstance(result, NetworkResult) else result.network
    return "" if network is None else "; ".join(network.unsound)


def _node_pipes(result: NetworkResult) -> tuple[PipeShare, ...]:
    found = result.pipes().items()
    return tuple(PipeShare(name, "carried", pipe.asked_W, pipe.limit_W) for name, pipe in found if pipe.limit_W is not None)


def _fluids(result: NetworkResult) -> dict[tuple[str, str, str], Judged]:
    found = {}
    for loop, room in result.fluids().items():
        ends = (("min", "freezing", room.coldest, room.freezing), ("max", "boiling", room.hottest, room.boiling))
        for side, what, extreme, limit in ends:
            if limit is not None:
                margin = extreme - limit if side == "min" else limit - extreme
                found[loop, side, what] = Judged(margin, margin, 0.0, 0.0, extreme, limit)
    return found


def labels_of(names: Sequence[str]) -> Mapping[str, str]:
    """The common name of numbered siblings, for each of them."""
    return {name: label for label, members in siblings(list(dict.fromkeys(names))).items() for name in members}


def detail(at: str, level: str, mode: str) -> str:
    """What tells limits on one thing apart."""
    said = [at if at != "part" else "", level if level != "rating" else "", mode.replace("_", "-") if mode != "operating" else ""]
    return ", ".join(filter(None, said))


def power_rows(name: str, case: Case, found: PowerResult | None) -> dict[Row, Judged]:
    """How much larger array and battery are than what the load asks for, in percent, where the case gives them or their faces end.

    -100 where no size suffices.
    """
    power = case.power
    if power is None or found is None:
        return {}
    rows = {}
    if not (power.sizes_array or power.array_area is not None) or not (power.sizes_pack or power.pack_capacity is not None):
        room = -PERCENT if found.failures else PERCENT  # sizes by numbers of strings: whether they suffice is all that is known
        rows[Row(name, "array and battery", "size")] = Judged(room, room, 0.0, 0.0, 0.0, 0.0)
    if found.asked is None:
        return rows
    area, pack = found.asked.area if found.needed_area is None else found.needed_area, found.asked.pack
    has = {"array": power.array_area if found.needed_area is None else found.array_area, "battery": power.pack_capacity}
    for on, asked in (("array", area), ("battery", pack)):
        given, unit = has[on], 1.0 if on == "array" else WH
        if given is not None or not found.carries:
            room = PERCENT * (given / asked - 1.0) if asked is not None and given is not None and found.carries else -PERCENT
            rows[Row(name, on, "size")] = Judged(room, room, 0.0, 0.0, (given or 0.0) / unit, (asked or 0.0) / unit)
    return rows
