"""Figures for summary.json of what answers to temperature: power, loop gains, exact switching, hot and cold starts."""

import numpy as np

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.loads import Loads
from heliorack.runfolder import summary as figures
from thermal.solve.hot_and_cold_starts import Extremes, Starts
from thermal.solve.stability.runaway import Loops
from thermal.solve.switching import Switching


def compute_figures(names: tuple[str, ...], loads: Loads, loops: Loops) -> dict[str, figures.ComputeFigures]:
    """By compute entry: power at its temperatures and, where it answers to them, its loop gain."""
    gains, span = {loop.name: loop for loop in loops.entries}, loads.times[-1] - loads.times[0]
    found = {}
    for j, name in enumerate(names):
        power, loop = loads.compute[:, j], gains.get(name)
        found[name] = figures.ComputeFigures(
            mean_W=float(np.trapezoid(power, loads.times) / span),
            max_W=float(power.max()),
            slope_W_K=None if loop is None else loop.slope,
            resistance_K_W=None if loop is None else loop.resistance,
            loop_gain=None if loop is None else loop.gain,
        )
    return found


def switching_figures(found: Switching | None) -> figures.SwitchingFigures | None:
    """Exact switching by device; None where none was marched."""
    if found is None:
        return None
    devices = {
        one.name: figures.SwitchedDevice(
            mean_degC=one.mean - ZERO_CELSIUS,
            min_degC=one.low - ZERO_CELSIUS,
            max_degC=one.high - ZERO_CELSIUS,
            drift_K=one.drift,
            duty=one.duty,
            switches=one.switches,
        )
        for one in found.devices
    }
    return figures.SwitchingFigures(periodic=found.periodic, complete=found.complete, duration_s=found.duration, devices=devices)


def starts_figures(found: Starts | None) -> figures.StartsFigures | None:
    """The states of the two starts; None where only one was asked for."""
    if found is None:
        return None

    def state(parts: tuple[Extremes, ...]) -> dict[str, figures.Extremes]:
        return {one.part: figures.Extremes(min_degC=one.low - ZERO_CELSIUS, max_degC=one.high - ZERO_CELSIUS) for one in parts}

    return figures.StartsFigures(
        agree=found.agree,
        difference_K=found.difference if np.isfinite(found.difference) else None,
        hot=found.hot_runaway or state(found.hot),
        cold=found.cold_runaway or state(found.cold),
    )
