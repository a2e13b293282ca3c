"""From a calculated temperature to a verdict: uncertainty, acceptance and qualification margins, and the level at which a limit stands."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge

Level = Literal["design", "acceptance", "qualification", "rating"]
Mode = Literal["operating", "survival", "switch_on"]
Place = Literal["part", "face", "junction"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A temperature limit: what it is on, where it is measured, and at which level the number stands."""

    on: str  #: part name or pattern; a face ("panel:+z") with at = "face"
    at: Place = "part"  #: part (extreme), face (mean: the temperature reference point), junction (case + power x theta_jc)
    level: Level = "rating"  #: level of the number: design, acceptance, qualification, or a vendor's rating
    max: Annotated[float, "degC", Ge(0)] | None = None  #: not hotter than this
    min: Annotated[float, "degC", Ge(0)] | None = None  #: not colder than this
    source: str | None = None  #: data sheet of the number
    mode: Mode = "operating"  #: when it holds: operating; survival (the part is off: compute without power, heat_W = 0); switch_on

    def __post_init__(self) -> None:
        if self.max is None and self.min is None:
            raise ValueError("give max_degC, min_degC or both")
        if self.max is not None and self.min is not None and self.min >= self.max:
            raise ValueError("min_degC must be colder than max_degC")


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins between calculated temperature and hardware limits (chain of ECSS-E-ST-31C: uncertainty, acceptance, qualification)."""

    uncertainty: Annotated[float, "K", Ge(0)] = 5.0  #: added to every calculated temperature, both ways
    acceptance: Annotated[float, "K", Ge(0)] = 5.0  #: design limit to acceptance limit
    qualification: Annotated[float, "K", Ge(0)] = 5.0  #: acceptance limit to qualification limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """One limit judged: temperatures in kelvin; `margin` is negative where the limit is missed."""

    on: str
    at: Place
    level: Level
    side: Literal["max", "min"]
    limit: float
    allowed: float
    calculated: float
    predicted: float
    margin: float
    note: str = ""
    mode: Mode = "operating"

    @property
    def holds(self) -> bool:
        """True when the predicted temperature keeps within the allowed one."""
        return self.margin >= 0


def inset(level: Level, margins: Margins) -> float:
    """Kelvin between a limit at `level` and the design limit that predictions must keep to."""
    return {"design": 0.0, "rating": 0.0, "acceptance": margins.acceptance, "qualification": margins.acceptance + margins.qualification}[
        level
    ]


def judge(limit: Limit, on: str, coldest: float, hottest: float, margins: Margins, note: str = "") -> tuple[Verdict, ...]:
    """Verdicts on the hot and cold side of one limit for one place with the calculated extremes `coldest` and `hottest` [K]."""
    step = inset(limit.level, margins)
    found = []
    if limit.max is not None:
        allowed, predicted = limit.max - step, hottest + margins.uncertainty
        found.append(
            Verdict(on, limit.at, limit.level, "max", limit.max, allowed, hottest, predicted, allowed - predicted, note, limit.mode)
        )
    if limit.min is not None:
        allowed, predicted = limit.min + step, max(coldest - margins.uncertainty, min(coldest, 0.0))  # nothing is below 0 K
        found.append(
            Verdict(on, limit.at, limit.level, "min", limit.min, allowed, coldest, predicted, predicted - allowed, note, limit.mode)
        )
    return tuple(found)
