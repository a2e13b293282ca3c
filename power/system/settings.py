"""The [power] table of the case: which cells and battery, how large, how old, and how the bus is regulated."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval

from power.bus.balance import Paths
from power.solar.cell import Cell, cell
from power.solar.strings import Losses, Wing, cell_area, check_equal
from power.storage.battery import BatteryCell, battery
from power.storage.electrics import Electrics
from power.storage.life import Ageing

SMAD = "Wertz and Larson, Space Mission Analysis and Design, section 11.4: 0.80 and 0.60 (peak-power tracking), 0.85 and 0.65 (direct)"
_DAY = {"mppt": 0.80, "det": 0.85}  # array to load, SMAD
_ECLIPSE = {"mppt": 0.60, "det": 0.65}  # array to load by way of the battery, SMAD

type Fraction = Annotated[float, "-", Interval(gt=0, le=1)]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes that were found before and are now flown; None of what the case gives itself."""

    area: float | None  #: planform of the array [m2]
    pack: float | None  #: energy of the full new battery [J]
    alone: bool = False  #: for one load case that shares them with no other


@dataclass(frozen=True, slots=True)
class Power:
    """Solar array, battery and bus."""

    cell: str  #: solar cell of the library
    battery: str  #: battery cell of the library
    years: Annotated[float, "-", Interval(gt=0, le=200)] = 5.0  #: time in orbit, in years of 365.25 days
    life: Literal["bol", "eol"] = field(default="bol", metadata={"file": False})  #: beginning of life, or after `years` in orbit
    sized_for: Literal["eol", "bol"] = "eol"  #: what is sized suffices to the end of `years`, with aged cells and battery, or only when new
    #: what is sized suffices for every date of `years`, or for the date of the load case alone
    sized_at: Literal["worst_date", "own_date"] = "worst_date"
    sizes: Sizes | None = field(default=None, metadata={"file": False})  #: found before, such as over all load cases
    base_load: Annotated[float, "W", Ge(0)] = 0.0  #: electrical load of the platform besides compute and heaters, day and night
    array_area: Annotated[float, "m2", Gt(0)] | None = None  #: planform area of the array, one side; sized when not given
    #: faces that carry the cells, such as "wing*:+z", or a list of such patterns; a free wing that faces the Sun when not given
    array_faces: str | tuple[str, ...] | None = None
    #: of the cells; used when no part carries them; from a steady balance when not given
    array_temperature: Annotated[float, "degC", Interval(ge=93.15, le=523.15)] | None = None
    array_margin: Annotated[float, "-", Ge(0)] = 0.0  #: extra area of a sized array, as a fraction
    array_areal_mass: Annotated[float, "kg_m2", Gt(0)] | None = None  #: whole wing per planform area; a flown wing's when not given
    packing: Fraction = 0.9  #: cell area over planform area of the array
    losses: Losses = field(default_factory=Losses)  #: what takes power from every string alike, by cause
    wings: tuple[Wing, ...] = ()  #: cells in series and strings in parallel; their cells over the packing are the area
    #: relative change of power per kelvin (negative); for cells whose data sheet gives none
    temperature_coefficient: Annotated[float, "-", Interval(ge=-0.02, le=0)] | None = None
    eol_factor: Fraction | None = None  #: power at end of life over beginning of life, all causes
    fluence_per_year: Annotated[float, "-", Ge(0)] | None = None  #: equivalent 1 MeV electrons per cm2 and year behind the cover glass
    regulation: Literal["mppt", "det"] = "mppt"  #: follow the maximum-power point, or hold the array at the bus voltage
    bus_voltage: Annotated[float, "V", Gt(0)] | None = None  #: array voltage under direct energy transfer
    series: Annotated[int, "-", Ge(1)] | None = None  #: cells in series of one string under direct energy transfer
    array_to_load: Fraction | None = None  #: efficiency of that path; 0.80 (mppt) or 0.85 (det) when not given
    array_to_battery: Fraction | None = None  #: efficiency of that path; made up so that the whole way through the battery is 0.60 or 0.65
    battery_to_load: Fraction | None = None  #: efficiency of that path; as array_to_load when not given
    charge_efficiency: Fraction = 0.95  #: energy efficiency of the battery while charging (an assumption; give the cell's own)
    discharge_efficiency: Fraction = 0.95  #: energy efficiency of the battery while discharging (an assumption; give the cell's own)
    pack_capacity: Annotated[float, "Wh", Gt(0)] | None = None  #: energy of the full new battery; sized when not given
    battery_specific_energy: Annotated[float, "Wh_kg", Gt(0)] | None = None  #: of the bare cell; the library's when not given
    #: mass of the pack over mass of its bare cells; only the cells are counted when not given
    pack_factor: Annotated[float, "-", Ge(1)] | None = None
    #: largest power of the bus over mass of its regulators and distribution; they are not counted when not given
    electronics_specific_power: Annotated[float, "W_kg", Gt(0)] | None = None
    #: of the masses that the case gives, as a fraction; not known when not given
    mass_uncertainty: Annotated[float, "-", Ge(0)] | None = None
    battery_eol_factor: Fraction | None = None  #: energy of the battery at end of life over new; 1 when not given
    max_depth_of_discharge: Fraction = 0.3  #: deepest discharge that the design allows
    charge_limit: Annotated[float, "W", Gt(0)] | None = None  #: largest charging power at the battery's terminals
    discharge_limit: Annotated[float, "W", Gt(0)] | None = None  #: largest discharging power at the battery's terminals
    #: where electricity goes that nobody draws: it stays in the cells as heat, or it heats shunt_part
    shunt: Literal["switching", "linear"] = "switching"
    shunt_part: str | None = None  #: pattern of the parts that take the heat of a linear shunt
    electrics: Electrics | None = None  #: voltage, resistance and charging rates of the battery's cells
    ageing: Ageing | None = None  #: how the battery ages over the years of this orbit
    life_data: bool = False  #: true when the user holds life data for this cell and depth; silences the warning
    base_load_part: str | None = None  #: pattern of the parts that take the heat of the base load
    battery_part: str | None = None  #: pattern of the parts that take the battery's heat
    regulator_part: str | None = None  #: pattern of the parts that take the heat of the regulators

    def __post_init__(self) -> None:
        cell(self.cell), battery(self.battery)
        if self.eol_factor is not None and self.fluence_per_year is not None:
            raise ValueError("eol_factor and fluence_per_year both say how the cells age; give one")
        if self.life == "eol" and self.eol_factor is None and self.fluence_per_year is None:
            raise ValueError("life = 'eol' needs eol_factor or fluence_per_year")
        self._check_wings()
        self._check_pack()
        if self.regulation == "det" and (self.bus_voltage is None or self.cells_in_series is None):
            raise ValueError("regulation = 'det' needs bus_voltage_V and series (cells in series of a string)")
        if self.shunt == "linear" and self.shunt_part is None:
            raise ValueError("shunt_part is missing; a linear shunt makes heat of what nobody draws, say which part takes it")
        if self.shunt == "linear" and self.regulation != "det":
            raise ValueError("shunt = 'linear' belongs to regulation = 'det'; a tracker moves off the maximum-power point instead")
        if self.shunt == "switching" and self.shunt_part is not None:
            raise ValueError("shunt_part belongs to shunt = 'linear'; with a switching shunt what is not drawn stays in the cells")

    def _check_wings(self) -> None:
        if not self.wings:
            return
        if self.array_area is not None:
            raise ValueError("array_area and wings both say how large the array is; give one")
        check_equal(self.wings, self.cell, self.regulation)
        if any(wing.cell not in (None, self.cell) for wing in self.wings):
            raise ValueError(f"wings: every wing must carry the array's cell '{self.cell}'; two kinds of cells are not balanced on one bus")
        if self.series is not None and any(wing.series != self.series for wing in self.wings):
            raise ValueError(f"series is {self.series}, but a wing has another number of cells in series; give it in one place")

    def _check_pack(self) -> None:
        if self.electrics is not None and self.electrics.parallel is not None and self.pack_capacity is not None:
            raise ValueError("pack_capacity and electrics.series x parallel both say how large the battery is; give one")
        if self.ageing is not None and self.battery_eol_factor is not None:
            raise ValueError("battery_eol_factor and ageing both say how the battery ages; give one")

    @property
    def cells_in_series(self) -> int | None:
        """Cells of one string; None when the case does not say."""
        return self.wings[0].series if self.wings else self.series

    @property
    def sizes_array(self) -> bool:
        """Whether the area of the array is found and not given by the case."""
        return self.array_area is None and not self.wings

    @property
    def sizes_pack(self) -> bool:
        """Whether the energy of the battery is found and not given by the case."""
        return self.pack_capacity is None and (self.electrics is None or self.electrics.parallel is None)

    @property
    def ages(self) -> bool:
        """Whether the case says how array or battery age; where it does not, every year is like the first."""
        return self.array_ages or self.ageing is not None or self.battery_eol_factor is not None

    @property
    def array_ages(self) -> bool:
        """Whether the case says how the array ages."""
        return self.eol_factor is not None or self.fluence_per_year is not None

    @property
    def aged_parts(self) -> tuple[str, ...]:
        """Cells and battery, as far as the case says how they age."""
        battery = self.ageing is not None or self.battery_eol_factor is not None
        return (*(("cells",) if self.array_ages else ()), *(("battery",) if battery else ()))

    @property
    def design(self) -> "Power":
        """The same system with open sizes at the time of life that it is sized for; new where nothing says how it ages."""
        if self.sized_for == "bol" or not self.ages:
            return replace(self, life="bol", sizes=None)
        return replace(self, life="eol", sizes=None, eol_factor=self.eol_factor if self.array_ages else 1.0)

    @property
    def given_area(self) -> float | None:
        """Planform area [m2] that the case gives, by its area or by its cells over the packing, or that was found before; else None."""
        if not self.wings:
            return self.array_area if self.array_area is not None or self.sizes is None else self.sizes.area
        return cell_area(self.wings, self.cell) / self.packing

    @property
    def given_pack(self) -> float | None:
        """Energy of the full new battery [J] that the case gives, or that was found before; None when it is to be sized."""
        if self.electrics is not None and self.electrics.parallel is not None:
            return self.electrics.pack(self.battery_cell).energy
        return self.pack_capacity if self.pack_capacity is not None or self.sizes is None else self.sizes.pack

    @property
    def solar_cell(self) -> Cell:
        """The cells' data sheet."""
        return cell(self.cell)

    @property
    def battery_cell(self) -> BatteryCell:
        """The battery cells' data sheet."""
        known = battery(self.battery)
        return known if self.battery_specific_energy is None else replace(known, specific_energy=self.battery_specific_energy)

    @property
    def paths(self) -> Paths:
        """Efficiencies of the bus; what is not given follows the handbook's figures for the kind of regulation."""
        day = _DAY[self.regulation] if self.array_to_load is None else self.array_to_load
        night = day if self.battery_to_load is None else self.battery_to_load
        through = _ECLIPSE[self.regulation] / (night * self.charge_efficiency * self.discharge_efficiency)
        to_battery = min(through, 1.0) if self.array_to_battery is None else self.array_to_battery
        return Paths(day, to_battery, night, self.charge_efficiency, self.discharge_efficiency)

    @property
    def fluence(self) -> float:
        """1 MeV equivalent electrons per cm2 at the asked time of life."""
        return 0.0 if self.life == "bol" or self.fluence_per_year is None else self.fluence_per_year * self.years

    @property
    def array_factor(self) -> float:
        """Loss by age that is not counted by fluence [-]."""
        return 1.0 if self.life == "bol" or self.eol_factor is None else self.eol_factor

    @property
    def battery_factor(self) -> float:
        """Energy of the battery at the asked time of life over new [-]."""
        return 1.0 if self.life == "bol" or self.battery_eol_factor is None else self.battery_eol_factor

    @property
    def cell_voltage(self) -> float | None:
        """Voltage at which each cell is held [V]; None at the maximum-power point."""
        if self.regulation == "mppt" or self.bus_voltage is None or self.cells_in_series is None:
            return None
        return self.bus_voltage / self.cells_in_series


def assumptions(power: Power, cells: bool = False, strings: bool = False) -> tuple[str, ...]:
    """What the power model leaves out or takes for granted, in words.

    Args:
        cells: Whether the battery's electrics act on the balance.
        strings: Whether every string has sunlight and temperature of its own.
    """
    paths = power.paths
    said = [
        "array: direct sunlight only, no albedo; current proportional to irradiance, coefficients of the data sheet linear in temperature",
        *(() if strings else ("array: all strings alike, no shadow on single strings",)),
        *_losses(power),
        f"bus: path efficiencies array-load {paths.array_to_load:.3g}, array-battery {paths.array_to_battery:.3g}, "
        f"battery-load {paths.battery_to_load:.3g}" + ("" if _all_given(power) else f" (not given ones after {SMAD})"),
        "battery: no taper of the charge near full",
    ]
    said.append(_depth_words(power))
    if power.electrics is None or not cells:
        said.append(f"battery: energy efficiencies {paths.charge:.3g} and {paths.discharge:.3g}, the same at every temperature and power")
    if power.electrics is not None and cells:
        said.extend(power.electrics.assumptions(power.battery_cell))
    if power.life == "eol" and power.battery_eol_factor is None and power.ageing is None:
        said.append("battery: no loss of energy over life is counted (battery_eol_factor is not given)")
    if power.regulation == "det":
        said.append("array: held at the bus voltage on the curve through the data sheet's three points (Rauschenbach)")
    if power.solar_cell.rough:
        said.append(f"array: data of cell '{power.cell}' are rough ({power.solar_cell.source})")
    if power.array_faces is None and power.array_temperature is None:
        said.append("array: temperature of a free wing in steady balance, black back, no heat capacity")
    return tuple(said)


def _losses(power: Power) -> tuple[str, ...]:
    given = {name: getattr(power.losses, name) for name in ("cover_glass", "pointing", "mismatch", "wiring")}
    said = [f"{name} {value:.3g}" for name, value in given.items() if value != 1.0]
    return (f"array: losses {', '.join(said)}, together {power.losses.factor:.4g}",) if said else ()


def _depth_words(power: Power) -> str:
    """What depth of discharge counts, and what it is of the charge where the voltage of the cells is known."""
    said = "battery: depth of discharge and state of charge are parts of the energy of a full battery, not of its ampere-hours"
    if power.electrics is None:
        return said
    curve, depth, full = power.electrics.open_circuit, power.max_depth_of_discharge, np.linspace(0.0, 1.0, 1001)
    of_charge = np.interp((1.0 - depth) * curve.mean, curve.work(full), full)
    return f"{said}; {depth:.0%} of its energy are {1.0 - float(of_charge):.1%} of its charge"


def _all_given(power: Power) -> bool:
    return None not in (power.array_to_load, power.array_to_battery, power.battery_to_load)


def charging_window(power: Power) -> tuple[float, float] | None:
    """Lowest and highest temperature at which the battery takes charge [K], by its cell and its table of rates; None: at any."""
    rates = () if power.electrics is None else power.electrics.rates
    windows = [w for w in (power.battery_cell.charge_temperature, (rates[0][0], rates[-1][0]) if rates else None) if w is not None]
    low, high = max((w[0] for w in windows), default=0.0), min((w[1] for w in windows), default=0.0)
    return (low, high) if low < high else power.battery_cell.charge_temperature
