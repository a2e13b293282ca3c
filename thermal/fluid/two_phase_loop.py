"""A pumped two-phase loop, quasi-steady, at the temperature that its accumulator holds: quality and pressure along the path."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Annotated

from annotated_types import Ge, Gt, Interval, MinLen

from thermal.fluid.coolant import coolant, ends
from thermal.fluid.duct import tube
from thermal.fluid.friction import friction_factor, pressure_drop
from thermal.fluid.radiating_tube import RadiatingTube
from thermal.fluid.saturation import Saturated, saturated
from thermal.fluid.table import LiquidTable, liquid_table
from thermal.fluid.two_phase import PressureDrop, Shortfall, below_critical, dry_out, quality, run_drop, subcooling
from thermal.fluid.validity import FluidError, degrees

CELLS = 40  #: that the liquid part of a condenser is cut into, for its specific heat


class NoBalanceError(FluidError):
    """A loop that settles nowhere at its set point: a result of the design, not a fault of the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CondenserTable:
    """A panel that a segment radiates from, isothermal across."""

    emittance: Annotated[float, "-", Interval(gt=0, le=1)]  #: of the panel, times its fin efficiency where that is below 1
    perimeter: Annotated[float, "m", Gt(0)]  #: width that radiates, both faces counted, all tubes together
    sink: Annotated[float, "K", Ge(0)] = 0.0  #: effective temperature of the surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPhaseSegment:
    """A run of tubes alike, side by side, in the direction of flow."""

    name: str
    length: Annotated[float, "m", Gt(0)]
    diameter: Annotated[float, "mm", Interval(gt=0, le=10)]  #: inner
    tubes: Annotated[int, "-", Ge(1)] = 1  #: side by side, dividing the flow evenly
    heat: Annotated[float, "W", Ge(0)] = 0.0  #: into the fluid, evenly along it
    radiates: CondenserTable | None = None  #: panel on it
    roughness: Annotated[float, "um", Ge(0)] = 0.0  #: of its inside

    def __post_init__(self) -> None:
        if self.heat and self.radiates is not None:
            raise ValueError("heat and radiates are of two segments")
        if self.roughness >= 0.5 * self.diameter:
            raise ValueError("roughness_um reaches the middle of its tube")


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPhaseLoop:
    """A pumped loop that boils in its evaporators and condenses on its way to the pump; an accumulator holds its temperature."""

    name: str
    fluid: str  #: a coolant by name: ammonia, r134a, co2, ...
    set_point: Annotated[float, "degC", Gt(0)]  #: of the accumulator: boiling temperature of the loop
    flow: Annotated[float, "kg_s", Gt(0)]
    segments: Annotated[tuple[TwoPhaseSegment, ...], MinLen(1)]  #: from the pump's outlet on, in the direction of flow
    pump_efficiency: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: of pressure times flow; without it the pump adds no heat
    greatest_quality: Annotated[float, "-", Interval(gt=0, le=1)] = 0.9  #: at the exit of an evaporator; above it, it dries out
    least_subcooling: Annotated[float, "K", Ge(0)] = 5.0  #: below boiling, into the pump
    pressure_drop: PressureDrop = "mueller_steinhagen_heck"  #: of both phases

    def __post_init__(self) -> None:
        if not any(segment.heat for segment in self.segments) or not any(segment.radiates for segment in self.segments):
            raise ValueError("a two-phase loop needs a segment with heat and one that radiates")


@dataclass(frozen=True, slots=True)
class Station:
    """The fluid behind a segment."""

    name: str
    quality: float  #: below 0 subcooled [-]
    temperature: float  #: [K]
    drop: float  #: pressure spent along the segment [Pa]
    heat: float  #: into the fluid along it [W]


@dataclass(frozen=True, slots=True)
class LoopState:
    """A solved loop."""

    name: str
    pressure: float  #: of the accumulator [Pa]
    boiling: float  #: its temperature [K]
    inlet: float  #: temperature into the pump [K]
    stations: tuple[Station, ...]
    pump_power: float  #: electric [W]
    saturation_shift: float  #: by which the whole pressure drop would move the boiling temperature [K]; taken as none
    shortfalls: tuple[Shortfall, ...]


def fluid_of(loop: TwoPhaseLoop) -> tuple[Saturated, LiquidTable]:
    """The fluid at the set point, and its liquid at that pressure.

    Raises:
        FluidError: an unknown fluid, one without viscosity, or a set point above its critical or below its triple point.
    """
    fluid = coolant(loop.fluid)
    critical = ends(fluid).critical_temperature
    if critical is not None:
        below_critical(loop.set_point, critical, str(fluid))
    state = saturated(fluid, temperature=loop.set_point)
    return state, liquid_table(fluid, float(state.pressure))


def solve(loop: TwoPhaseLoop) -> LoopState:
    """Where the loop settles: the subcooling at which its condensers reject what its evaporators and its pump bring.

    Quasi-steady, one boiling temperature along the path, wall and panel at the temperature of the fluid; the liquid behind the end of
    condensation cools along the rest of the panel.

    Raises:
        FluidError: a set point that is none for the fluid.
        NoBalanceError: condensers that reject less than is brought, or more than a liquid that freezes gives up.
    """
    from scipy.optimize import brentq

    state, liquid = fluid_of(loop)
    path = _Path(loop, state, liquid)

    def excess(enthalpy: float) -> float:
        """What the loop brings beyond what it rejects, by the enthalpy into the pump [J/kg]."""
        return path.walk(enthalpy)[1] - enthalpy

    boiling, frozen = float(state.liquid_enthalpy), float(liquid.at(liquid.low).enthalpy)
    brought = sum(segment.heat for segment in loop.segments)
    if excess(boiling) > 0:
        rejected = brought - excess(boiling) * loop.flow
        short = f"reject {rejected:.4g} W of {brought:.4g} W at {degrees(loop.set_point)}"
        raise NoBalanceError(
            f"two-phase loop {loop.name}: its condensers {short}, and nothing subcooled reaches the pump; "
            "take a warmer set point or more radiator"
        )
    if excess(frozen) < 0:
        raise NoBalanceError(f"two-phase loop {loop.name}: its condensers reject more than {brought:.4g} W until the liquid freezes")
    enthalpy = float(brentq(excess, frozen, boiling, xtol=1e-7, rtol=1e-14))
    stations, _ = path.walk(enthalpy)
    inlet = float(liquid.temperature(enthalpy))
    found = [dry_out(station.quality, loop.greatest_quality, station.name) for station in stations if station.heat > 0]
    found.append(subcooling(inlet, state, loop.least_subcooling, f"the pump of {loop.name}"))
    total = sum(station.drop for station in stations)
    slope = float(state.latent_heat / (state.temperature * (1 / state.vapour_density - 1 / state.liquid_density)))  # Clapeyron
    power = total * loop.flow / (float(liquid.at(inlet).density) * (loop.pump_efficiency or inf))
    return LoopState(
        loop.name,
        float(state.pressure),
        loop.set_point,
        inlet,
        stations,
        power,
        total / slope,
        tuple(one for one in found if one is not None),
    )


@dataclass(frozen=True, slots=True)
class _Path:
    loop: TwoPhaseLoop
    state: Saturated
    liquid: LiquidTable

    def walk(self, enthalpy: float) -> tuple[tuple[Station, ...], float]:
        """Stations along the path of a fluid that enters the pump with an enthalpy, and the enthalpy with which it comes back [J/kg]."""
        stations, h = [], enthalpy
        for segment in self.loop.segments:
            before = h
            h = self._behind(segment, h)
            drop = self._drop(segment, before, h)
            stations.append(Station(segment.name, self._quality(h), self._temperature(h), drop, (h - before) * self.loop.flow))
        if self.loop.pump_efficiency is not None:
            h += sum(one.drop for one in stations) / (
                float(self.liquid.at(self._temperature(h), beyond=True).density) * self.loop.pump_efficiency
            )
        return tuple(stations), h

    def _behind(self, segment: TwoPhaseSegment, h: float) -> float:
        if segment.radiates is None:
            return h + segment.heat / self.loop.flow
        panel = RadiatingTube(segment.radiates.emittance, segment.radiates.perimeter, segment.radiates.sink)
        boiling, length = float(self.state.liquid_enthalpy), segment.length
        if h > boiling:
            per_length = panel.lost(float(self.state.temperature)) / self.loop.flow
            condensing = (h - boiling) / per_length if per_length > 0 else inf
            if condensing >= length:
                return h - per_length * length
            h, length = boiling, length - condensing
        T = self._temperature(h)
        for _ in range(CELLS):
            rate = self.loop.flow * float(self.liquid.at(T, beyond=True).specific_heat)
            middle = 0.5 * (T + panel.outlet(T, rate, length / CELLS))
            T = panel.outlet(T, self.loop.flow * float(self.liquid.at(middle, beyond=True).specific_heat), length / CELLS)
        return float(self.liquid.at(T, beyond=True).enthalpy)

    def _drop(self, segment: TwoPhaseSegment, before: float, behind: float) -> float:
        """Of the liquid part and of the part with vapour, shared along the segment as the enthalpy goes."""
        duct = tube(segment.diameter)
        flux = self.loop.flow / (segment.tubes * duct.area)
        rough = segment.roughness / segment.diameter
        first, last = self._quality(before), self._quality(behind)
        vapour_part = 1.0 if first == last else abs(max(last, 0.0) - max(first, 0.0)) / abs(last - first)
        if max(first, last) <= 0:
            vapour_part = 0.0
        found = 0.0
        if vapour_part > 0:
            x = [min(max(one, 0.0), 1.0) for one in (first, last)]
            length = vapour_part * segment.length
            found += run_drop(flux, x[0], x[1], length, segment.diameter, self.state, rough, self.loop.pressure_drop)
        if vapour_part < 1:
            at = self.liquid.at(0.5 * (self._temperature(before) + self._temperature(behind)), beyond=True)
            f = friction_factor(flux * segment.diameter / at.viscosity, rough).factor
            length = (1 - vapour_part) * segment.length
            found += float(pressure_drop(f, length, segment.diameter, at.density, flux / at.density))
        return found

    def _quality(self, h: float) -> float:
        return float(quality(h, self.state))

    def _temperature(self, h: float) -> float:
        """Of liquid below boiling; boiling temperature above."""
        if h >= float(self.state.liquid_enthalpy):
            return float(self.state.temperature)
        return float(self.liquid.temperature(h))
