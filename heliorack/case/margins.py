"""From a calculated temperature to a verdict: uncertainty, acceptance and qualification margins, and the level at which a limit stands."""

from dataclasses import dataclass, replace
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
class Chain:
    """Margins of one standard."""

    uncertainty: float  #: K
    acceptance: float  #: K
    qualification: float  #: K
    source: str
    authority: float = 0.0  #: share of a heater's power that must be left, in place of the uncertainty of lower limits; 0: never


USUAL = Chain(5.0, 5.0, 5.0, "usual figures of this program; the chain is that of ECSS-E-ST-31C")
PRESETS = {
    "mil_std_1540": Chain(
        11.0,
        0.0,
        10.0,
        "MIL-STD-1540 after J. W. Welch (Aerospace Corporation), Rationale for Selected MIL-STD-1540E Thermal Test Requirements, "
        "TFAWS 2012: 11 K between prediction and acceptance, or 25 % heater control authority; qualification 10 K beyond "
        "(secondary; the 10 K from handbooks)",
        0.25,
    ),
    "ecss": Chain(
        5.0,
        5.0,
        5.0,
        "ECSS-E-ST-10-03C, acceptance and qualification 5 K each (secondary: the standard itself was not at hand); the uncertainty is the "
        "analyst's, 5 K here",
    ),
    "gsfc": Chain(
        5.0,
        5.0,
        5.0,
        "GSFC-STD-7000 (GEVS): acceptance 5 K and protoflight or qualification 10 K beyond the flight limits (secondary: the standard "
        "itself was not at hand); the uncertainty is the analyst's, 5 K here",
    ),
}


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins between calculated temperature and hardware limits (chain of ECSS-E-ST-31C: uncertainty, acceptance, qualification)."""

    uncertainty: Annotated[float, "K", Ge(0)] | None = None  #: added to every calculated temperature, both ways; 5 K without a preset
    acceptance: Annotated[float, "K", Ge(0)] | None = None  #: design limit to acceptance limit; 5 K without a preset
    qualification: Annotated[float, "K", Ge(0)] | None = None  #: acceptance limit to qualification limit; 5 K without a preset
    preset: Literal["mil_std_1540", "ecss", "gsfc"] | None = None  #: figures of a standard for what is not given here

    @property
    def chain(self) -> Chain:
        """The figures: those given, else those of the preset, else the usual ones."""
        base = USUAL if self.preset is None else PRESETS[self.preset]
        given = {name: value for name in ("uncertainty", "acceptance", "qualification") if (value := getattr(self, name)) is not None}
        return replace(base, **given, authority=0.0 if self.uncertainty is not None else base.authority)

    def words(self) -> str:
        """What is kept, and after whom."""
        c = self.chain
        left = f", or {c.authority:.0%} of a heater's power left in place of it at lower limits" if c.authority else ""
        after = f"acceptance {c.acceptance:g} K, qualification {c.qualification:g} K"
        return f"margins: uncertainty {c.uncertainty:g} K{left}, {after} ({c.source})"


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
    """How far a limit at `level` lies beyond the design limit that predictions must keep to [K]."""
    chain = margins.chain
    return {"design": 0.0, "rating": 0.0, "acceptance": chain.acceptance, "qualification": chain.acceptance + chain.qualification}[level]


def judge(
    limit: Limit, on: str, coldest: float, hottest: float, margins: Margins, note: str = "", duty: float | None = None
) -> tuple[Verdict, ...]:
    """Verdicts on the hot and cold side of one limit for one place with the calculated extremes `coldest` and `hottest` [K].

    Args:
        duty: Mean duty of the heater that holds this place, where there is one: where the chain takes a heater's authority in place of
            the uncertainty at lower limits and enough is left, none is taken off.
    """
    chain, step = margins.chain, inset(limit.level, margins)
    found = []
    if limit.max is not None:
        allowed, predicted = limit.max - step, hottest + chain.uncertainty
        found.append(
            Verdict(on, limit.at, limit.level, "max", limit.max, allowed, hottest, predicted, allowed - predicted, note, limit.mode)
        )
    if limit.min is not None:
        held = chain.authority > 0 and duty is not None and 0.0 < duty <= 1.0 / (1.0 + chain.authority)
        said = f"heater {duty:.0%} on: {chain.authority:.0%} authority in place of {chain.uncertainty:g} K" if held else ""
        off = 0.0 if held else chain.uncertainty
        allowed, predicted = limit.min + step, max(coldest - off, min(coldest, 0.0))  # nothing is below 0 K
        words = "; ".join(filter(None, [note, said]))
        found.append(
            Verdict(on, limit.at, limit.level, "min", limit.min, allowed, coldest, predicted, predicted - allowed, words, limit.mode)
        )
    return tuple(found)
