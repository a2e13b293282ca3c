"""Life of a mission as summary.json holds it: margins and power over the years, and what breaks first."""

from dataclasses import dataclass

from heliorack.runfolder.figures.power_year import PowerYear


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionLimit:
    """A temperature limit over the years."""

    on: str
    at: str
    side: str
    mode: str
    least_K: float  #: least margin
    least_year: float  #: when that is
    broken_year: float | None  #: first moment at which it is missed; None where it holds to the end
    margin_K: tuple[float, ...]  #: at `MissionFigures.times_years`


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionPower:
    """Array and battery over the years."""

    array_margin: tuple[float, ...]  #: area over what the load asks for, less 1, at `MissionFigures.times_years`
    depth_of_discharge: tuple[float, ...]  #: of the battery as it is then
    allowed_depth: float
    years: tuple[PowerYear, ...]
    battery_degC: float | None  #: mean of the mission; None where it is assumed to be at room temperature
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionFigures:
    """Life of a mission in one load case."""

    years: float
    start: str  #: date, UTC
    solves: int  #: full ones
    error_K: float  #: of margins, between the solves: how far the last solves were from what the others foretold
    error_charge: float  #: of the depth of discharge, likewise
    first: str | None  #: what breaks first, in words; None where everything holds
    first_year: float | None
    failures: tuple[str, ...]
    times_years: tuple[float, ...]
    beta_deg: tuple[float, ...]
    limits: tuple[MissionLimit, ...]
    power: MissionPower | None
    assumptions: tuple[str, ...]
