"""What a case may ask of its coolant hardware beside the temperatures: do the tubes leak, and does a heat pump pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from thermal.fluid.coolant import coolant, ends
from thermal.fluid.heat_pump import Radiator, Verdict, Work, best_lift, carnot_fraction, vapour_compression
from thermal.fluid.puncture import YEAR, Armour, Flux, armour, earth_shielding, focusing, gruen, mass_withstood, no_leak, table_flux
from thermal.fluid.validity import FluidError

HOTTEST = 473.15  #: radiator of a heat pump by a fraction of Carnot, unless the case says otherwise [K]
NEAR_CRITICAL = 0.99  #: hottest condenser, as a part of the refrigerant's critical temperature


@dataclass(frozen=True, slots=True)
class DebrisPoint:
    """One row of a table of debris."""

    mass: Annotated[float, "g", Gt(0)]  #: of a particle
    flux: Annotated[float, "per_m2_year", Gt(0)]  #: of heavier particles, on one side of a plate


@dataclass(frozen=True, slots=True)
class Leak:
    """What becomes of the tubes."""

    chance: float  #: that enough segments never leak [-]
    hits: float  #: expected on all segments [-]
    mass_withstood: float  #: heaviest particle that the wall withstands [kg]
    armour: Armour | None  #: the wall for the wanted chance; None where it is not needed, or none below 10 cm has it
    holds: bool = True  #: whether the chance is that wanted, or none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctures:
    """Meteoroids on coolant tubes: the chance that enough segments never leak, and the wall that it takes."""

    area: Annotated[float, "m2", Gt(0)] | None = None  #: exposed, of all segments; or give faces or loops
    faces: str | None = None  #: faces of the geometry that are exposed, by name or pattern
    loops: str | None = None  #: loops of a network, by name or pattern, whose tubes are exposed all around and along
    wall: Annotated[float, "mm", Gt(0)]  #: thickness, of aluminium
    years: Annotated[float, "-", Interval(gt=0, le=200)] | None = None  #: of 365.25 days; the case's years when not given
    segments: Annotated[int, "-", Ge(1)] = 1  #: equal ones, isolated from one another by valves
    needed: Annotated[int, "-", Ge(1)] | None = None  #: segments that the design must keep; all when not given
    wanted: Annotated[float, "-", Interval(gt=0, lt=1)] | None = None  #: least chance; a smaller one is a failed result
    against: Literal["perforation", "detached_spall", "spall"] = "perforation"  #: what counts as a leak
    earth: bool = False  #: whether the Earth hides part of the sky and gathers particles; without orbit it cannot
    debris: tuple[DebrisPoint, ...] = ()  #: by rising mass, beside the meteoroids; two rows or more

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.area, self.faces, self.loops)) != 1:
            raise ValueError("give one of area_m2, faces and loops")
        if self.needed is not None and self.needed > self.segments:
            raise ValueError(f"needed = {self.needed} of {self.segments} segments; it can be at most all")
        if self.debris:
            self._debris()

    def leak(self, area: float, years: float, altitude: float | None) -> Leak:
        """The chance, and what armour it takes.

        Args:
            area: Exposed [m2].
            altitude: Of the orbit [m]; only looked at where the Earth counts.

        Raises:
            FluidError: debris asked for below its table.
        """
        near = earth_shielding(altitude) * focusing(altitude) if self.earth and altitude is not None else 1.0
        debris = self._debris() if self.debris else None

        def flux(mass: float) -> float:
            return near * float(gruen(mass)) + (debris(mass) if debris else 0.0)

        heaviest = mass_withstood(self.wall, failure=self.against)
        hits = flux(heaviest) * area * years * YEAR
        chance = no_leak(hits, self.segments, self.needed)
        if self.wanted is None or chance >= self.wanted:
            return Leak(chance, hits, heaviest, None)
        try:
            thicker = armour(self.wanted, area, years * YEAR, self.wall, self.segments, self.needed, flux, failure=self.against)
        except FluidError:
            thicker = None
        return Leak(chance, hits, heaviest, thicker, holds=False)

    def check(self) -> None:
        """Whether the fluxes are known of all that the wall lets through.

        Raises:
            FluidError: debris by a table that begins with heavier particles.
        """
        lets = mass_withstood(self.wall, failure=self.against)
        if self.debris and lets < self.debris[0].mass:
            begins = f"begins at {1e3 * self.debris[0].mass:.3g} g"
            raise FluidError(f"{begins}, and {1e3 * self.wall:g} mm let particles from {1e3 * lets:.3g} g through; give lighter ones too")

    def _debris(self) -> Flux:
        return table_flux([point.mass for point in self.debris], [point.flux for point in self.debris])


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpQuestion:
    """Whether a heat pump between the heat and its radiator saves mass, and at which price of power it begins to."""

    cold: Annotated[float, "degC", Gt(0)]  #: temperature at which the heat arises
    fraction_of_carnot: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: of the pump; or give refrigerant
    refrigerant: str | None = None  #: of a vapour-compression cycle: "r134a", "r1233zd(e)", "ammonia", ...
    isentropic_efficiency: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: of its compressor
    emittance: Annotated[float, "-", Interval(gt=0, le=2)]  #: of the radiator, all faces together: 1.8 for two of 0.9
    sink: Annotated[float, "K", Ge(0)] = 0.0  #: effective temperature of its surroundings
    radiator: Annotated[float, "kg_m2", Gt(0)]  #: mass per planform area
    power: Annotated[float, "W_kg", Gt(0)]  #: specific power of array, battery and what is between
    pump: Annotated[float, "W_kg", Gt(0)] | None = None  #: heat lifted per mass of the pump; None: it weighs nothing
    #: radiator allowed; 200 degC or 0.99 of the critical temperature when not given
    hottest: Annotated[float, "degC", Interval(gt=0, le=1273.15)] | None = None

    def __post_init__(self) -> None:
        if (self.fraction_of_carnot is None) == (self.refrigerant is None):
            raise ValueError("give either fraction_of_carnot or refrigerant")
        if (self.refrigerant is None) != (self.isentropic_efficiency is None):
            raise ValueError("refrigerant and isentropic_efficiency go together")

    def verdict(self) -> Verdict:
        """The lift with the least mass.

        Raises:
            FluidError: no such refrigerant, or no lift between these temperatures.
        """
        stage = 0.0 if self.pump is None else 1 / self.pump
        return best_lift(self.cold, Radiator(self.emittance, self.sink, self.radiator), 1 / self.power, self._work(), self._most(), stage)

    def _most(self) -> float:
        if self.hottest is not None:
            return self.hottest
        if self.refrigerant is None:
            return HOTTEST
        critical = ends(coolant(self.refrigerant)).critical_temperature
        return HOTTEST if critical is None else NEAR_CRITICAL * critical

    def _work(self) -> Work:
        if self.fraction_of_carnot is not None:
            return carnot_fraction(self.fraction_of_carnot)
        assert self.refrigerant is not None
        assert self.isentropic_efficiency is not None
        fluid, efficiency = coolant(self.refrigerant), self.isentropic_efficiency
        return lambda cold, hot: 1 / vapour_compression(fluid, cold, hot, efficiency).cop
