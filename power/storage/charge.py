"""How fast a battery may be charged: temperature window, largest rate by temperature, terminal voltage."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.storage.battery import BatteryCell
from power.storage.circuit import Pack, current_range


def check_rates(rates: Sequence[tuple[float, float]]) -> None:
    """Refuse a table of (temperature, rate) that cannot be read.

    Raises:
        ValueError: fewer than two rows, temperatures that do not rise, a negative rate.
    """
    if len(rates) < 2:
        raise ValueError("charge_rates needs at least two rows [degC, 1/h]; charging is off outside them")
    if any(b[0] <= a[0] for a, b in pairwise(rates)):
        raise ValueError("charge_rates must rise in temperature from row to row")
    if any(rate < 0.0 for _, rate in rates):
        raise ValueError("charge_rates must not be negative")


def charge_rate(cell: BatteryCell, temperature: ArrayLike, rates: Sequence[tuple[float, float]] = ()) -> NDArray[np.float64]:
    """Largest charging rate [1/h: capacities per hour] at a temperature [K]; zero outside the cell's window and outside `rates`.

    Args:
        cell: Its window of charging temperatures holds in any case; a cell without one is not limited by it.
        temperature: Of the cells [K].
        rates: (K, 1/h) of rising temperature, linear between them; without it the rate is not limited within the window.
    """
    warm = np.asarray(temperature, dtype=float)
    allowed = np.full(warm.shape, np.inf)
    if rates:
        kelvin, rate = np.array(rates, dtype=float).T
        allowed = np.where((warm < kelvin[0]) | (warm > kelvin[-1]), 0.0, np.interp(warm, kelvin, rate))
    if cell.charge_temperature is not None:
        cold, hot = cell.charge_temperature
        allowed = np.where((warm < cold) | (warm > hot), 0.0, allowed)
    return allowed


def charge_power(
    cell: BatteryCell, pack: Pack, soc: ArrayLike, temperature: ArrayLike, rates: Sequence[tuple[float, float]] = ()
) -> NDArray[np.float64]:
    """Largest charging power at the pack's terminals [W] by rate, window and highest terminal voltage; infinite without any of them."""
    by_rate = charge_rate(cell, temperature, rates) * (pack.capacity / 3600.0)
    by_voltage = -current_range(pack, soc, temperature)[0]
    amps = np.minimum(by_rate, by_voltage)
    ohms = pack.ohms(temperature)
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(amps), amps * (pack.open_voltage(soc) + np.where(np.isfinite(amps), amps, 0.0) * ohms), np.inf)
