"""Delivered compute as figures and words."""

from collections.abc import Mapping
from typing import Any

from power.computing.delivered import Delivered


def figures(found: Mapping[str, Delivered]) -> dict[str, dict[str, Any]]:
    """Figures of one orbit (or run) by compute entry, units in the keys; null where the case gives no rate."""
    return {
        name: {
            "device_hours": d.device_hours,
            "asked_device_hours": d.asked_hours,
            "energy_Wh": d.energy / 3600.0,
            "device_hours_per_kWh": d.hours_per_kWh,
            "operations_FLOP": d.flop,
            "operations_FLOP_per_kWh": d.flop_per_kWh,
            "throttled_min": d.throttled,
        }
        for name, d in found.items()
    }


def words(entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A line per entry that works.

    >>> words({"gpu": {"device_hours": 12.5, "asked_device_hours": 12.5, "energy_Wh": 8750.0, "device_hours_per_kWh": 1.4286,
    ...                "operations_FLOP": 4.5e19, "operations_FLOP_per_kWh": 5.14e18, "throttled_min": 0.0}})
    ['gpu 12.5 device hours per orbit, 1.43 per kWh, 4.5e+19 FLOP']
    """
    said = []
    for name, d in entries.items():
        if d["asked_device_hours"] <= 0.0:
            continue
        line = f"{name} {d['device_hours']:.3g} device hours per orbit, {d['device_hours_per_kWh']:.3g} per kWh"
        line += f", {d['operations_FLOP']:.3g} FLOP" if d["operations_FLOP"] is not None else ""
        line += f", throttled {d['throttled_min']:.1f} device minutes" if d["throttled_min"] > 0.0 else ""
        lost = 1.0 - d["device_hours"] / d["asked_device_hours"]
        said.append(line + (f"; {100 * lost:.1f} % of what was asked for is lost" if lost > 5e-4 else ""))
    return said
