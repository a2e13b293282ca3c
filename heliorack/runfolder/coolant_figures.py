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
