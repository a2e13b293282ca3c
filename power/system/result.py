"""What the power system of a case comes to over one orbit: sizes, balance, masses, and what it does not hold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from power.bus.balance import Balance
from power.solar.sections import Section
from power.storage.life import Life
from power.system import mass
from power.system.battery_response import Cells


@dataclass(frozen=True, slots=True)
class SizedAt:
    """The orbit that sizes were found for, where that is not the one which is flown."""

    date: str  #: UTC
    beta: float  #: rad
    eclipse: float  #: of a cylinder, per orbit [s]
    sunlight: float  #: W/m2

    def words(self) -> str:
        """Date and orbit."""
        angle, dark = np.degrees(self.beta), self.eclipse / 60.0
        return f"{self.date} (beta {angle:.1f} deg, eclipse {dark:.1f} min, Sun {self.sunlight:.0f} W/m2)"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a load case asks of what is sized, at the end of the years that it is sized for; None of what the case gives."""

    area: float | None  #: m2; None also where no area carries the load; never more than the faces have
    pack: float | None  #: J when full and new; None also where no array carries the load
    area_by: str = ""  #: the limit that sets it, in words
    pack_by: str = ""
    aged: tuple[str, ...] = ()  #: what stands at the end of its years, cells or battery; none where all is new
    area_at: SizedAt | None = None  #: the orbit that sets it; None: the one that is flown
    pack_at: SizedAt | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PowerResult:
    """Sizes and the balance over one orbit.

    What is sized suffices for cells and battery at the end of their years (see `Power.sized_for`), at the temperatures of this orbit;
    the balance is that of the life which the case flies, so that what younger cells have over stays in them.

    Where nothing `carries` the load, sizes that were to be found are None and `failures` says why. `balance`, `available` and `drawn`
    are then those of an array and a battery that would carry it if the battery took charge at any temperature and rate: what a thermal
    model needs to go on, and not figures of a design. Without sunlight there is not even that; the load then comes from the battery.
    """

    array_area: float | None  #: m2 of planform; None where no area carries the load
    array_sized: bool  #: whether the area was found here and not given
    pack_capacity: float | None  #: J when full and new; None where it was to be found and no array carries the load
    pack_sized: bool
    temperature: NDArray[np.float64]  #: (n,) of the cells [K]
    available: NDArray[np.float64]  #: (n,) array power [W]
    drawn: NDArray[np.float64]  #: (n,) power that leaves the cells as electricity [W], that of a linear shunt included
    balance: Balance
    lines: tuple[mass.Line, ...]  #: masses of array and battery
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]
    failures: tuple[str, ...]  #: what this design does not hold, with figures; empty when it holds
    life: Life | None = None  #: what is left of the battery after the years of this orbit
    sunlight: NDArray[np.float64] | None = None  #: (n,) direct, on the plane of the cells, mean over them [W/m2]
    carries: bool = True  #: whether there is an array that carries the load, as far as one was to be found
    sections: tuple[Section, ...] = ()  #: faces that carry the cells, where the body has them
    split: NDArray[np.float64] | None = None  #: (n, sections) part of the electricity that comes from each of them
    needed_area: float | None = None  #: m2 that the load asks for where its faces have less; `array_area` is then what they have
    asked: Asked | None = None  #: where something is sized
    cells: Cells | None = None  #: the battery as the bus sees it at the age that the sizes are for
