"""Figures for summary.json of what answers to temperature: power, loop gains, exact switching, hot and cold starts."""

from typing import Any

import numpy as np

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.coupling.hot_and_cold_starts import Extremes, Starts
from heliorack.coupling.runaway import Loops
from heliorack.model.loads import Loads
from thermal.solve.switching import Switching


def compute_figures(names: tuple[str, ...], loads: Loads, loops: Loops) -> dict[str, Any]:
    """By compute entry: power at its temperatures and, where it answers to them, its loop gain; units in the keys."""
    gains, span = {loop.name: loop for loop in loops.entries}, loads.times[-1] - loads.times[0]
    found: dict[str, Any] = {}
    for j, name in enumerate(names):
        power = loads.compute[:, j]
        figures = {"mean_W": float(np.trapezoid(power, loads.times) / span), "max_W": float(power.max())}
        if name in gains:
            loop = gains[name]
            figures |= {"slope_W_K": loop.slope, "resistance_K_W": loop.resistance, "loop_gain": loop.gain}
        found[name] = figures
    return found


def switching_figures(found: Switching | None) -> dict[str, Any] | None:
    """Exact switching by device; None where none was marched."""
    if found is None:
        return None
    devices = {
        one.name: {
            "mean_degC": one.mean - ZERO_CELSIUS,
            "min_degC": one.low - ZERO_CELSIUS,
            "max_degC": one.high - ZERO_CELSIUS,
            "drift_K": one.drift,
            "duty": one.duty,
            "switches": one.switches,
        }
        for one in found.devices
    }
    return {"periodic": found.periodic, "complete": found.complete, "duration_s": found.duration, "devices": devices}


def starts_figures(found: Starts | None) -> dict[str, Any] | None:
    """The states of the two starts; None where only one was asked for."""
    if found is None:
        return None

    def state(parts: tuple[Extremes, ...]) -> dict[str, Any]:
        return {one.part: {"min_degC": one.low - ZERO_CELSIUS, "max_degC": one.high - ZERO_CELSIUS} for one in parts}

    return {
        "agree": found.agree,
        "difference_K": found.difference,
        "hot": found.hot_runaway or state(found.hot),
        "cold": found.cold_runaway or state(found.cold),
    }
