"""Delivered compute as figures."""

from collections.abc import Mapping

from heliorack.runfolder.summary import DeliveredFigures
from power.computing.delivered import Delivered


def figures(found: Mapping[str, Delivered]) -> dict[str, DeliveredFigures]:
    """Figures of one orbit (or run) by compute entry; null where the case gives no rate."""
    return {
        name: DeliveredFigures(
            device_hours=d.device_hours,
            asked_device_hours=d.asked_hours,
            energy_Wh=d.energy / 3600.0,
            device_hours_per_kWh=d.hours_per_kWh,
            operations_FLOP=d.flop,
            operations_FLOP_per_kWh=d.flop_per_kWh,
            throttled_min=d.throttled,
        )
        for name, d in found.items()
    }
