"""Where the power of an orbit goes, from sunlight on the cells to every load: orbit means between named stations."""

from dataclasses import dataclass

import numpy as np

from power.system.result import PowerResult
from power.system.settings import Power

SUN, CELLS, ARRAY, UNDRAWN, BUS, SHUNT = "sunlight", "cells_heat", "array", "undrawn", "bus", "shunt"
DRAIN, BATTERY, BATTERY_HEAT, REGULATORS, LOAD, UNSERVED = "drain", "battery", "battery_heat", "regulators", "load", "unserved"
STATIONS = frozenset(
    {SUN, CELLS, ARRAY, UNDRAWN, BUS, SHUNT, DRAIN, BATTERY, BATTERY_HEAT, REGULATORS, LOAD, UNSERVED}
)  #: an entry of such a name is told apart
TRACE = 1e-9  #: of the sunlight: less is round-off and not told


@dataclass(frozen=True, slots=True)
class Flow:
    """Mean power from one station to another over the orbit."""

    source: str
    target: str
    watts: float


def flows(power: Power, found: PowerResult, loads: dict[str, float]) -> list[Flow]:
    """Mean powers of one orbit [W]; what enters the array, the bus, the battery and the load leaves it again.

    Args:
        power: The [power] table.
        found: Its solution.
        loads: What each entry asks for [W], orbit means. What they leave of the balance's load stands under "other".

    What the battery loses over an orbit that does not close enters it from a station of its own. Nothing flows where no array carries
    the load.
    """
    if not found.carries:
        return []
    b, paths = found.balance, power.paths
    available, drawn, served = b.mean(b.available), b.mean(b.drawn), b.mean(b.served)
    charge, discharge, shunted = b.mean(b.charge), b.mean(b.discharge), b.mean(b.shunted)
    sunlight = sunlight_on_cells(power, found)
    by_battery = discharge * paths.battery_to_load
    listed = [
        Flow(SUN, CELLS, sunlight - available),
        Flow(SUN, ARRAY, available),
        Flow(ARRAY, UNDRAWN, available - drawn - shunted),
        Flow(ARRAY, SHUNT, shunted),
        Flow(ARRAY, BUS, drawn),
        Flow(BUS, LOAD, served - by_battery),
        Flow(BUS, BATTERY, charge),
        Flow(BUS, REGULATORS, drawn - charge - (served - by_battery)),
        Flow(BATTERY, LOAD, by_battery),
        Flow(BATTERY, REGULATORS, discharge - by_battery),
        Flow(BATTERY, BATTERY_HEAT, b.mean(b.battery_heat)),
        Flow(DRAIN, BATTERY, float(b.stored[0] - b.stored[-1]) / float(b.times[-1] - b.times[0])),
        *_shares(loads, served, b.mean(b.load)),
    ]
    return [flow for flow in listed if flow.watts > TRACE * max(sunlight, drawn, 1e-300)]


def _shares(loads: dict[str, float], served: float, asked: float) -> list[Flow]:
    """The served load by entry, each cut by what is not served, which stands for itself."""
    other = asked - sum(loads.values())
    entries = loads | ({"other": other} if other > 1e-6 * max(asked, 1e-300) else {})
    share = served / asked if asked > 0.0 else 0.0
    return [
        *(Flow(LOAD, f"{name} (load)" if name in STATIONS else name, watts * share) for name, watts in entries.items()),
        Flow(UNSERVED, LOAD, asked - served),
    ]


def sunlight_on_cells(power: Power, found: PowerResult) -> float:
    """Orbit mean of direct sunlight on the cells themselves, the gaps between them left out [W]."""
    if not found.array_area or found.sunlight is None:
        return 0.0
    times = found.balance.times[found.balance.given]
    mean = float(np.trapezoid(found.sunlight, times) / (times[-1] - times[0]))
    return mean * found.array_area * power.packing
