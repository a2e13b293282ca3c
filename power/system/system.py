"""The power system of a case: sizes what is not given, balances the bus, says what it weighs, assumes and warns of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.balance import Balance, Limits, balance
from power.solar.array import available_power, wing_temperature
from power.solar.sections import Section, dark, mean, shares, split
from power.solar.strings import Lit, string_power
from power.storage.battery import life_warnings
from power.storage.life import Life
from power.system import mass, settings, sizing
from power.system.battery_response import Cells, respond, worn_out
from power.system.failures import NO_ROOM, failures, no_array, no_room
from power.system.settings import Power, Sizes

WING_ROUNDS = 20  # of a free wing and its temperature
WING_STUCK = 0.7  # of the change of the round before; one that is no smaller does not contract
ROUNDS = 40  # of balance and answer of the battery's cells; a handful suffices


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


@dataclass(frozen=True, slots=True, eq=False)
class _Array:
    """The array in one round: what a square metre of it gives, and how its sections share that."""

    sunlight: NDArray[np.float64]  #: (n,) mean over it [W/m2]
    temperature: NDArray[np.float64]  #: (n,) mean over it [K]
    density: NDArray[np.float64]  #: (n,) W per m2
    known: NDArray[np.float64] | None = None  #: (n,) W of the whole, where its strings are known
    sections: tuple[Section, ...] = ()
    split: NDArray[np.float64] | None = None  #: (n, sections)

    @property
    def room(self) -> float:
        """Area that its faces have [m2]."""
        return sum(section.room for section in self.sections) if self.sections else np.inf


def solve(
    power: Power,
    times: ArrayLike,
    sunlight: ArrayLike,
    load: ArrayLike,
    temperature: ArrayLike | None = None,
    *,
    albedo: ArrayLike = 0.0,
    infrared_front: ArrayLike = 0.0,
    infrared_back: ArrayLike = 0.0,
    sink: ArrayLike | None = None,
    battery_temperature: ArrayLike | None = None,
    charge_limit: ArrayLike | None = None,
    sections: Sequence[Section] = (),
    strings: Sequence[Lit] = (),
    near: PowerResult | None = None,
) -> PowerResult:
    """Size what the case leaves open and balance the bus over one repeating orbit.

    Args:
        power: The [power] table.
        times: (n,) s over one orbit; an edge stands twice, just before and just after.
        sunlight: (n,) direct sunlight on the plane of the cells, cosine and shadow included [W/m2].
        load: (n,) compute and heaters [W]; `base_load` is added here.
        temperature: (n,) of the cells [K] where a meshed part carries them; None uses `array_temperature`, else the wing's steady balance.
        albedo, infrared_front, infrared_back: On a free wing [W/m2]; they warm it and make no electricity.
        sink: (n,) or a number, what a free wing sees besides [K]; needed where its temperature is to be found.
        battery_temperature: (n,) K; with it the battery charges within its cell's window only. None lets it always charge.
        charge_limit: (n,) largest charging power [W] besides that of the case, such as one that depends on temperature.
        sections: Faces that carry the cells, each with its own light and temperature, in place of `sunlight` and `temperature`.
        strings: All strings of the case's wings with their own sunlight, shadow and temperature, in place of `sunlight` on all alike;
            `temperature` or `sections` must be given as well.
        near: What was found at about the same loads: where the search for the temperature of a free wing begins.

    Raises:
        ValueError: a free wing without `sink`.
    """
    t, sun = np.asarray(times, dtype=float), np.asarray(sunlight, dtype=float)
    asked = np.asarray(load, dtype=float) + power.base_load
    limits = _limits(power, battery_temperature, charge_limit)
    if sections:
        return _designed(_flown(power, t, asked, limits, lambda old: _of_sections(old, tuple(sections), strings)), power, t, asked, limits)
    if temperature is not None or power.array_temperature is not None:
        known = power.array_temperature if temperature is None else temperature
        given = np.broadcast_to(np.asarray(known, dtype=float), t.shape)

        def alike(old: Power) -> _Array:
            return _Array(sun, given, array_density(old, sun, given), strings_power(old, strings) if strings else None)

        return _designed(_flown(power, t, asked, limits, alike), power, t, asked, limits)
    if sink is None:
        raise ValueError("power: the temperature of a free wing needs that of the space it sees (sink)")
    lit, space = sun + np.asarray(albedo, dtype=float), sink

    def wing(drawn: ArrayLike) -> NDArray[np.float64]:
        steady = wing_temperature(lit, drawn, sink=space, infrared_front=infrared_front, infrared_back=infrared_back)
        return np.broadcast_to(steady, t.shape)

    def at(warm: NDArray[np.float64]) -> _Flown:
        return _flown(power, t, asked, limits, lambda old: _Array(sun, warm, array_density(old, sun, warm)))

    one = at(wing(0.0) if near is None or near.temperature.shape != t.shape else near.temperature)
    last, stuck = np.inf, 0
    for _ in range(WING_ROUNDS):  # what is drawn cools the cells, which then give more; contracts by about 10 in each round
        found = one.flown
        if not found.array_area:
            break
        cooler = wing(found.drawn / found.array_area)
        change = float(np.max(np.abs(cooler - found.temperature)))
        # a moment at which the battery is full at one temperature and not at the other goes back and forth: the mean stands for it
        stuck, last = stuck + (change > WING_STUCK * last), change
        one = at(found.temperature + (cooler - found.temperature) / (1 + stuck))
        if change < 1e-3:
            break
    return _designed(one, power, t, asked, limits)


@dataclass(frozen=True, slots=True, eq=False)
class _Flown:
    """An array and a battery at the life of the case, with what sized them where nothing but their own load did."""

    flown: PowerResult
    needs: PowerResult | None  #: sized for the end of the years; None where nothing is sized, or the sizes come from elsewhere
    array: Callable[[Power], _Array]  #: the array of this orbit at the life of a [power] table


def _flown(power: Power, t: NDArray[np.float64], load: NDArray[np.float64], limits: Limits, array: Callable[[Power], _Array]) -> _Flown:
    """Flown at the life of the case: with the sizes that it is given, or else with those for the end of the years."""
    if not (power.sizes_array or power.sizes_pack):
        return _Flown(_solve(power, t, load, limits, array(power)), None, array)
    if power.sizes is not None:
        return _Flown(_solve(power, t, load, limits, array(power)), None, array)
    design = power.design
    needs = _solve(design, t, load, limits, array(design))
    if design.life == power.life or not needs.carries:
        return _Flown(_stated(power, needs), needs, array)
    own = Sizes(*_sized(power, needs))
    return _Flown(_solve(replace(power, sizes=own), t, load, limits, array(power)), needs, array)


def _sized(power: Power, needs: PowerResult) -> tuple[float | None, float | None]:
    """Area and capacity that were found, of what is to be sized; None of the rest, and of all where nothing carries the load."""
    area, pack = power.sizes_array and needs.carries, power.sizes_pack and needs.carries
    return needs.array_area if area else None, needs.pack_capacity if pack else None


def _designed(one: _Flown, power: Power, t: NDArray[np.float64], load: NDArray[np.float64], limits: Limits) -> PowerResult:
    """What is flown, with what its own load asks for at the end of the years where something is sized."""
    if not (power.sizes_array or power.sizes_pack):
        return one.flown
    design = power.design
    needs = _solve(design, t, load, limits, one.array(design)) if one.needs is None else one.needs
    asked = Asked(
        *_sized(power, needs),
        _area_by(design, needs, limits),
        f"depth of discharge of {power.max_depth_of_discharge:.0%}",
        power.aged_parts if design.life == "eol" else (),
    )
    if power.sizes is None and (design.life == power.life or not needs.carries):
        return _stated(power, replace(needs, asked=asked))
    flown = one.flown
    later = [said for said in needs.failures if said not in flown.failures] if needs.carries else []
    room = f"{NO_ROOM} "
    said = [failure if failure.startswith(room) or not asked.aged else f"at end of life: {failure}" for failure in later]
    return replace(
        flown, asked=asked, needed_area=needs.needed_area, cells=needs.cells, failures=(*dict.fromkeys((*flown.failures, *said)),)
    )


def _area_by(design: Power, needs: PowerResult, limits: Limits) -> str:
    """What sets the area of the array, in words."""
    if needs.needed_area is not None:
        return "the room on its faces"
    if needs.array_area is None or needs.cells is None or not np.any(needs.available > 0.0):
        return "energy balance"
    b = needs.balance
    free = sizing.smallest_array(b.times, b.available / needs.array_area, b.load, needs.cells.paths, Limits(discharge=limits.discharge))
    held = needs.array_area > free * (1.0 + design.array_margin) * (1.0 + 1e-4)
    return "energy balance with what the battery takes" if held else "energy balance"


def _of_sections(power: Power, sections: tuple[Section, ...], strings: Sequence[Lit]) -> _Array:
    """The array spread over faces, or the strings that lie on them."""
    each = sections_density(power, sections)
    known, parts = None, each
    if strings:
        parts = np.zeros_like(each)
        for lit in strings:
            parts[:, lit.section] += strings_power(power, [lit])
        known = parts.sum(axis=1)
    return _Array(mean(sections, "sunlight"), mean(sections, "temperature"), each.sum(axis=1), known, sections, split(parts, sections))


STAND_IN = (
    "bus: no array carries this load; heat of array, battery and regulators is that of a bus whose battery takes charge at any "
    "temperature and rate, with an array and a battery just large enough for it"
)
AT_THE_EDGE = (
    "bus: heat of array, battery and regulators is that of a battery that takes charge at any temperature, outside its window as at the "
    "nearer end of it; nothing is sized from that"
)


def unsized(power: Power, found: PowerResult, said: str, assumed: str, known: tuple[str, ...] = ()) -> PowerResult:
    """A result without sizes but those that the case gives: what was balanced stands for its heat alone.

    Args:
        power: The [power] table.
        found: A balance that closes, as that of a battery which charges at any temperature.
        said: Why there are none.
        assumed: Whose heat that is.
        known: What else the design does not hold.
    """
    return replace(
        found,
        array_area=power.given_area,
        pack_capacity=power.given_pack,
        lines=_masses(power, power.given_area, power.given_pack, None),
        warnings=(),
        assumptions=(*found.assumptions, assumed),
        failures=(said, *known),
        life=None,
        carries=False,
        asked=None if found.asked is None else replace(found.asked, area=None, pack=None),
    )


def _stated(power: Power, found: PowerResult) -> PowerResult:
    """Without the sizes of the stand-in where nothing carries the load."""
    return found if found.carries else unsized(power, found, found.failures[0], STAND_IN)


def array_density(power: Power, sunlight: ArrayLike, temperature: ArrayLike) -> NDArray[np.float64]:
    """Electricity that one square metre of array planform can give [W/m2] at the asked time of life."""
    return available_power(
        power.solar_cell,
        1.0,
        sunlight,
        temperature,
        packing=power.packing,
        fluence=power.fluence,
        factor=power.array_factor * power.losses.factor,
        coefficient=power.temperature_coefficient,
        voltage=power.cell_voltage,
    )


def sections_density(power: Power, sections: Sequence[Section]) -> NDArray[np.float64]:
    """What each section adds to the electricity of one square metre spread over all of them, (n, sections) [W/m2]."""
    given = [
        share * array_density(power, section.sunlight, section.temperature)
        for share, section in zip(shares(sections), sections, strict=True)
    ]
    return np.stack(given, axis=1)


def strings_power(power: Power, strings: Sequence[Lit]) -> NDArray[np.float64]:
    """Electricity that strings can give together (n,) [W] at the asked time of life, losses counted."""
    total = sum(
        lit.count
        * string_power(
            power.solar_cell,
            lit.wing,
            lit.irradiance[:, None],
            lit.temperature[:, None],
            sunlit=lit.sunlit,
            fluence=power.fluence,
            coefficient=power.temperature_coefficient,
            voltage=None if power.regulation == "mppt" else power.bus_voltage,
        ).sum(axis=1)
        for lit in strings
    )
    return np.asarray(power.array_factor * power.losses.factor * total)


def _limits(power: Power, temperature: ArrayLike | None, charge: ArrayLike | None) -> Limits:
    """What the battery takes and gives, from the case, its cell and its temperature."""
    window = None if temperature is None else power.battery_cell.charge_temperature
    most = np.inf if power.charge_limit is None else power.charge_limit
    return Limits(
        charge=most if charge is None else np.minimum(most, np.asarray(charge, dtype=float)),
        discharge=np.inf if power.discharge_limit is None else power.discharge_limit,
        temperature=temperature,
        window=window,
    )


def _solve(power: Power, t: NDArray[np.float64], load: NDArray[np.float64], limits: Limits, array: _Array) -> PowerResult:
    """Balance with what the battery's cells make of it, until neither changes the other."""
    cells = Cells(power.paths, limits, power.battery_factor)
    found = _once(power, t, load, cells, array)
    for _ in range(ROUNDS):
        answer, life, said = respond(power, t, found.balance, found.pack_capacity or 0.0, limits, (array.sunlight, array.temperature))
        if not cells.differs(answer):
            break
        cells = answer
        found = _once(power, t, load, cells, array)
    else:
        said = (*said, f"battery: efficiencies, limits or age of the cells have not settled in {ROUNDS} rounds of the orbit")
    return replace(
        found,
        life=life,
        failures=(*found.failures, *worn_out(power, life)),
        warnings=(*found.warnings, *life.warnings, *said),
        assumptions=(*found.assumptions, f"battery: {power.battery}: {power.battery_cell.life}", *life.assumptions),
    )


def _once(power: Power, t: NDArray[np.float64], load: NDArray[np.float64], cells: Cells, array: _Array) -> PowerResult:
    paths, limits = cells.paths, cells.limits
    area, asked = power.given_area, limits
    if area is None:
        area = sizing.smallest_array(t, array.density, load, paths, limits)
        if not np.isfinite(area):
            limits = Limits(discharge=limits.discharge)
            area = sizing.smallest_array(t, array.density, load, paths, limits)
        area = (area if np.isfinite(area) else 0.0) * (1.0 + power.array_margin)
    carries = limits is asked
    needed = area if power.given_area is None and area > array.room * (1.0 + 1e-9) else None  # a given one is held against it before
    area = array.room if needed is not None else area
    available = area * array.density if array.known is None else array.known
    pack = power.given_pack
    if pack is None:
        pack = sizing.smallest_pack(t, available, load, paths, power.max_depth_of_discharge, limits) / cells.factor
    found = balance(t, available, load, pack * cells.factor, paths, limits, power.shunt)
    orbit = float(t[-1] - t[0])
    missed = () if needed is None else (no_room(needed, array.sections),)
    return PowerResult(
        array_area=area,
        array_sized=power.sizes_array,
        pack_capacity=pack,
        pack_sized=power.sizes_pack,
        temperature=array.temperature,
        available=available,
        drawn=found.from_cells[found.given],
        balance=found,
        lines=_masses(power, area, pack, found),
        warnings=(
            *(f"array: {said}" for said in dark(array.sections)),
            *life_warnings(power.battery_cell, found.depth_of_discharge, power.years, orbit, _has_life_data(power)),
        ),
        assumptions=settings.assumptions(power, cells=True, strings=array.known is not None),
        failures=(*missed, *failures(power, area, found, limits, paths)) if carries else (no_array(asked),),
        sunlight=array.sunlight,
        carries=carries,
        sections=array.sections,
        split=array.split,
        needed_area=needed,
        cells=cells,
    )


def _masses(power: Power, area: float | None, pack: float | None, found: Balance | None) -> tuple[mass.Line, ...]:
    """Lines of array, battery and, where the case says how heavy they are, power electronics; None of what has no size."""
    off = power.mass_uncertainty
    lines = [mass.unsized_line("solar array") if area is None else mass.array_line(area, power.array_areal_mass, uncertainty=off)]
    cell, per_watt = power.battery_cell, power.electronics_specific_power
    if cell.specific_energy is not None:
        known = None if power.pack_factor is None else off
        battery = mass.unsized_line("battery") if pack is None else mass.battery_line(cell, pack, power.pack_factor, uncertainty=known)
        lines.append(battery)
    if per_watt is not None:
        peak = None if found is None else max(found.peaks[name] for name in ("drawn", "served"))
        name = "power electronics"
        lines.append(mass.unsized_line(name) if peak is None else mass.electronics_line(peak, per_watt, name, off))
    return tuple(lines)


def _has_life_data(power: Power) -> bool:
    """Whether the user holds life data of these cells, as a life curve or by their word."""
    return power.life_data or (power.ageing is not None and bool(power.ageing.life_curve))
