"""What a load case asks of array and battery, as summary.json holds it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedAtFigures:
    """The worst orbit of the years that a size was found for."""

    date: str  #: UTC
    beta_deg: float
    eclipse_min: float  #: of a cylinder
    solar_W_m2: float

    def words(self) -> str:
        """For people."""
        return f"{self.date}, beta {self.beta_deg:.1f} deg, eclipse {self.eclipse_min:.1f} min, Sun {self.solar_W_m2:.0f} W/m2"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFigures:
    """What a load case asks of what is sized; None of what the case gives, or of what none suffices for."""

    array_area_m2: float | None
    array_by: str  #: the limit that sets it
    pack_capacity_Wh: float | None
    pack_by: str
    life: Literal["bol", "eol"]  #: new, or at the end of the years
    alone: bool  #: what is flown is sized for this load case alone
    aged: tuple[str, ...] = ()  #: what stands at the end of its years: cells, battery
    array_at: SizedAtFigures | None = None  #: the orbit that sets it; None: the one that is flown
    pack_at: SizedAtFigures | None = None
    years: float | None = None  #: at the end of which it stands
    own_date: str = ""  #: why it is asked at the date of the load case, in words; empty where at the worst dates of the years
