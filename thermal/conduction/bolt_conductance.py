"""Conductance of a joint bolt by bolt: a figure for each size of screw, as thermal engineers state it before a test says more."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt

Size = Literal["2-56", "4-40", "6-32", "8-32", "10-32", "1/4-28", "M2", "M3", "M4", "M5", "M6"]

#: Conductance of one stainless bolt with the plates around it, no filler, in vacuum [W/K]: between small stiff surfaces, and between large
#: thin ones. Design guideline of TRW in Gilmore (ed.), Spacecraft Thermal Control Handbook, vol. 1, chapter 8 (Gluck and Baturkin), as
#: commonly quoted; original not consulted.
GUIDELINE: dict[str, tuple[float, float]] = {
    "2-56": (0.21, 0.105),
    "4-40": (0.26, 0.132),
    "6-32": (0.42, 0.176),
    "8-32": (0.80, 0.264),
    "10-32": (1.32, 0.527),
    "1/4-28": (3.51, 1.054),
}

#: Metric sizes by the inch size of the nearest diameter: 2.18, 2.84, 4.17, 4.83 and 6.35 mm.
NEAREST = {"M2": "2-56", "M3": "4-40", "M4": "8-32", "M5": "10-32", "M6": "1/4-28"}


@dataclass(frozen=True, slots=True)
class PerBolt:
    """Bolts that each conduct so many watts per kelvin, by a figure of their own or by the guideline for their size and the plates."""

    number: Annotated[int, "-", Ge(1)]  #: of bolts in each contact
    conductance: Annotated[float, "W_K", Gt(0)] | None = None  #: of one bolt with the plates around it; or give size
    #: stainless bolt of the guideline in Gilmore, Spacecraft Thermal Control Handbook; M2 to M6 by the nearest inch size
    size: Size | None = None
    plates: Literal["stiff", "thin"] = "stiff"  #: small stiff surfaces, or large thin ones

    def __post_init__(self) -> None:
        if (self.conductance is None) == (self.size is None):
            raise ValueError("give either conductance_W_K of one bolt or its size")

    def each(self) -> float:
        """Of one bolt [W/K].

        >>> PerBolt(4, size="M5").each(), PerBolt(4, size="10-32", plates="thin").each()
        (1.32, 0.527)
        """
        if self.size is None:
            assert self.conductance is not None
            return self.conductance
        stiff, thin = GUIDELINE[NEAREST.get(self.size, self.size)]
        return stiff if self.plates == "stiff" else thin

    def over(self, area: float) -> float:
        """All of them, spread over a contact of `area` [m2] [W/m2K]."""
        return self.number * self.each() / area
