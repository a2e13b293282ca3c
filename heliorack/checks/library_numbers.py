"""Numbers that a library entry lacks and that this case needs: the key to give, and the entries that have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from heliorack.casefile.errors import NOTHING, listed
from heliorack.casefile.messages import Fault, Location
from heliorack.checks.context import Facts
from power.computing.compute import Compute, demand, resolve
from power.solar import cell as cells
from power.solar.cell import Cell
from power.storage import battery as batteries
from power.system.settings import Power

CURVE = ("voc", "isc", "vmp", "imp", "dvmp", "dimp", "dvoc", "disc")
SAMPLE = 5700.0  # s; a low orbit, on which it is seen whether a device ever idles


def numbers(facts: Facts) -> Iterator[Fault]:
    """Of solar cells, battery cells and chips that the case names."""
    power = _at_its_age(facts)
    if power is not None:
        if _makes_electricity(facts):
            yield from _of_cell(power, power.solar_cell)
        yield from _of_battery(power)
    for position, load in facts.reading.items("compute"):
        yield from _of_chip(("compute", position), load, "orbit" in facts.document)


def _at_its_age(facts: Facts) -> Power | None:
    """The table [power] at the life that the case asks for; None without one, or where what ages has faults of its own."""
    power = facts.reading.built.get(("power",))
    years = facts.document.get("years")
    if not isinstance(power, Power):
        return None
    try:
        return replace(
            power,
            life="eol" if facts.document.get("life") == "eol" else "bol",
            years=float(years) if isinstance(years, int | float) else power.years,
        )
    except ValueError:
        return None


def _makes_electricity(facts: Facts) -> bool:
    environment = facts.document.get("environment")
    return not (isinstance(environment, dict) and environment.get("kind") == "chamber")


def _of_cell(power: Power, cell: Cell) -> Iterator[Fault]:
    at: Location = ("power", "cell")
    if power.regulation == "det" and None in [getattr(cell, name) for name in CURVE]:
        having = _having(cells.LIBRARY, lambda each: None not in [getattr(each, name) for name in CURVE])
        said = (
            'regulation = "det" needs Voc, Isc, Vmp, Imp and the temperature coefficients of all four, which the source of this cell does '
            f'not give; take {having}, or regulation = "mppt"'
        )
        yield Fault(at, power.cell, said)
        return
    if power.regulation == "mppt" and power.temperature_coefficient is None and not _knows_temperature(cell):
        having = _having(cells.LIBRARY, _knows_temperature)
        said = (
            f"missing; the source of {power.cell} gives no temperature coefficients: give the relative change of its power per kelvin, or "
            f"take {having}"
        )
        yield Fault(("power", "temperature_coefficient"), NOTHING, said)
    year = power.fluence_per_year or 0.0
    met = year * power.years if power.life == "eol" or power.sized_for == "eol" else 0.0
    if met > cell.fluence[-1]:
        reach = "no loss by fluence" if cell.fluence[-1] == 0.0 else f"no loss beyond {cell.fluence[-1]:.3g} electrons per cm2"
        having = _having(cells.LIBRARY, lambda each: met <= each.fluence[-1])
        said = f"{met:.3g} electrons per cm2 after {power.years:g} years, and the source of {power.cell} gives {reach}; "
        yield Fault(("power", "fluence_per_year"), year, said + f"give eol_factor instead{f', or take {having}' if having else ''}")
    if any(wing.bypass and (wing.bypass_drop or 0.0) > 0.0 for wing in power.wings) and cell.imp is None:
        having = _having(cells.LIBRARY, lambda each: each.imp is not None)
        yield Fault(at, power.cell, f"bypass diodes need the current at maximum power, which its source does not give; take {having}")


def _knows_temperature(cell: Cell) -> bool:
    return None not in (cell.vmp, cell.imp, cell.dvmp, cell.dimp)


def _of_battery(power: Power) -> Iterator[Fault]:
    if power.battery_cell.specific_energy is None:
        having = _having(batteries.LIBRARY, lambda each: each.specific_energy is not None)
        said = f"missing; the source of {power.battery} gives no specific energy, without which it has no mass: give it, or take {having}"
        yield Fault(("power", "battery_specific_energy_Wh_kg"), NOTHING, said)


def _of_chip(at: Location, load: Compute, flies: bool) -> Iterator[Fault]:
    """Peak and idle power, where the profile and the eclipse mode ask for them on a low orbit."""
    device = resolve(load)
    if device.peak is not None and device.idle is not None:
        return
    shadow = (0.4 * SAMPLE, 0.7 * SAMPLE) if flies else None
    try:
        asked = demand(load, np.linspace(0.0, SAMPLE, 229), SAMPLE if flies else None, shadow)
    except ValueError:
        return  # a profile that does not fit such an orbit: its own words come from `orbit` and `run`
    used = asked.used[np.isnan(asked.prescribed)]
    needs = {"peak": bool(np.any(used > 0.0)), "idle": bool(np.any(used < 1.0))}
    for name, needed in needs.items():
        if needed and getattr(device, name) is None:
            yield Fault((*at, f"{name}_W"), NOTHING, _chip_words(load, name))


def _chip_words(load: Compute, name: str) -> str:
    from power.computing import chip as chips

    when = {"peak": "its power at utilisation 1", "idle": "its power at utilisation 0"}[name]
    if load.chip is None:
        return f"missing; no chip is named: give {when}, per device"
    having = _having(chips.LIBRARY, lambda each: getattr(each, name) is not None)
    return f"missing; the source of {load.chip} gives no {name} power: give {when}, per device (the library has it for {having})"


def _having(library: Mapping[str, Any], has: Callable[[Any], bool]) -> str:
    return listed([name for name, each in library.items() if has(each)], most=6)
