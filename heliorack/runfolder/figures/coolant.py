"""Figures of what a case asks of its coolant hardware."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PunctureFigures:
    """Meteoroids on coolant tubes."""

    area_m2: float  #: exposed
    years: float
    mass_withstood_g: float  #: heaviest particle that the wall withstands
    hits: float  #: expected on all segments
    no_leak: float  #: chance that enough segments never leak
    wanted: float | None
    wall_needed_mm: float | None  #: for the wanted chance; None where it is there
    armour_kg: float | None  #: mass of that wall over the one there is
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpFigures:
    """Whether lifting heat saves mass; masses per kilowatt of heat."""

    pays: bool
    radiator_degC: float  #: best temperature; that of the heat where no pump is best
    mass_kg_kW: float  #: of radiator, pump and power there
    without_pump_kg_kW: float | None  #: None where the heat is colder than the radiator's surroundings
    pays_below_kg_kW: float | None  #: mass of power below which a pump pays; None: at any


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFigures:
    """The fluid of a two-phase loop behind a segment."""

    segment: str
    quality: float  #: vapour per mass; below 0 subcooled
    at_degC: float
    pressure_drop_Pa: float  #: along the segment
    heat_W: float  #: into the fluid along it


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPhaseLoopFigures:
    """A two-phase loop where it settles."""

    pressure_bar: float  #: of the accumulator
    into_pump_degC: float
    subcooling_K: float  #: into the pump
    pump_W: float
    saturation_shift_K: float  #: of the whole pressure drop, taken as none along the path
    stations: tuple[StationFigures, ...]
    holds: bool
