"""One year of array and battery, as power.json and the life of a mission hold it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerYear:
    """Array and battery at the end of a year, and what the year asked of them."""

    year: int  #: from 1
    array: float  #: power over new
    capacity: float  #: energy of the battery over new
    min_state_of_charge: float  #: of the energy that the battery has then
    depth_of_discharge: float  #: likewise
    unserved_Wh: float  #: of the load
