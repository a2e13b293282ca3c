"""One array and one battery over one orbit: what is not given is sized, the bus balanced, and the battery's cells answer."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.balance import Balance, Limits, balance
from power.solar.sections import dark
from power.storage.battery import life_warnings
from power.system import mass, settings, sizing
from power.system.array_power import OrbitArray
from power.system.battery_response import Cells, respond, worn_out
from power.system.failures import failures, no_array, no_room
from power.system.result import PowerResult
from power.system.settings import Power

Floats = NDArray[np.float64]

ROUNDS = 40  # of balance and answer of the battery's cells; a handful suffices


def limits_of(power: Power, temperature: ArrayLike | None, charge: ArrayLike | None) -> Limits:
    """What the battery takes and gives, from the case, its cell, its temperature [K] and a charging limit [W] besides."""
    window = None if temperature is None else power.battery_cell.charge_temperature
    most = np.inf if power.charge_limit is None else power.charge_limit
    return Limits(
        charge=most if charge is None else np.minimum(most, np.asarray(charge, dtype=float)),
        discharge=np.inf if power.discharge_limit is None else power.discharge_limit,
        temperature=temperature,
        window=window,
    )


def balance_orbit(power: Power, t: Floats, load: Floats, limits: Limits, array: OrbitArray) -> PowerResult:
    """Balance with what the battery's cells make of it, until neither changes the other.

    Args:
        power: The [power] table, at the age that is balanced.
        t: (n,) s over one repeating orbit; an edge stands twice.
        load: (n,) W.
        limits: Of the battery, without the rates of its cells.
        array: What the array gives at `t`.
    """
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


def _once(power: Power, t: Floats, load: Floats, cells: Cells, array: OrbitArray) -> PowerResult:
    """Sizes and balance of a battery whose cells are known; where none carries the load within its limits, of one without them."""
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
        lines=masses(power, area, pack, found),
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


def masses(power: Power, area: float | None, pack: float | None, found: Balance | None) -> tuple[mass.Line, ...]:
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
