"""Heaters whose power follows a regulator with a proportional, an integral and a derivative part, kept from winding up at its ends.

What the integral remembers is a temperature: the setting S that the proportional part holds its sensor against, P = K (S - T - D) from 0 to
the greatest power. S goes by (T_set + P/K + D - S)/tau: (T_set - T)/tau while P is between its ends; where it is not it comes to rest.
D = T_d (T - F)/tau_f is the derivative time times the rate of the filtered measurement F, which follows the sensor by (T - F)/tau_f.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.network.flows import OUTSIDE, Floats, Ids, Instant, Slopes

MEMORY = 1e-6  #: J/K of the row of a setting: too little for the ledger to see what it stores


@dataclass(frozen=True, slots=True, eq=False)
class Regulators:
    """k heaters into their rows, and behind them k flows into the rows of their settings."""

    heaters: tuple[str, ...]  #: (k,) names
    heated: Ids  #: (k,) rows
    sensor: Ids  #: (k,) rows measured
    setting: Ids  #: (k,) rows of `MEMORY` that hold the settings
    power: Floats  #: (k,) greatest [W]
    hold: Floats  #: (k,) T_set [K]
    gain: Floats  #: (k,) K [W/K]
    integral: Floats  #: (k,) tau [s]
    with_derivative: Ids  #: (d,) places among the heaters of those that have a derivative part
    filtered: Ids  #: (d,) rows of `MEMORY` that hold their filtered measurements
    derivative: Floats  #: (d,) T_d [s]
    filter: Floats  #: (d,) tau_f [s]
    start: Ids = field(init=False)
    end: Ids = field(init=False)
    paths: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        names = tuple(f"heater {name}" for name in self.heaters)
        end = np.concatenate([self.heated, self.setting, self.filtered])
        object.__setattr__(self, "start", np.full(len(end), OUTSIDE))
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "paths", (*names, *names, *(names[i] for i in self.with_derivative)))

    def heat(self, now: Instant) -> Floats:
        """Of the heaters (k,) [W]."""
        return np.asarray(np.clip(self._asked(now), 0.0, self.power))

    def rate(self, now: Instant) -> Floats:
        """W."""
        heat, damped = self.heat(now), self._damped(now)
        setting = MEMORY * (self.hold + heat / self.gain + damped - now.T[self.setting]) / self.integral
        return np.concatenate([heat, setting, MEMORY * self._behind(now) / self.filter])

    def slopes(self, now: Instant) -> Slopes:
        """By sensor, setting and filter where the power is between its ends; by what the setting follows alone elsewhere."""
        asked, k, d, mine = self._asked(now), len(self.heated), len(self.filtered), self.with_derivative
        own, behind = np.arange(k), 2 * k + np.arange(d)
        between: NDArray[np.float64] = ((asked > 0.0) & (asked < self.power)).astype(float)
        memory, share = MEMORY / self.integral, self.derivative / self.filter
        damping = np.zeros(k)
        damping[mine] = share
        on = between[mine]
        settled = memory[mine] * share * (1.0 - on)
        lag = MEMORY / self.filter
        parts = [
            (own, self.sensor, -self.gain * (1.0 + damping) * between),
            (own, self.setting, self.gain * between),
            (mine, self.filtered, self.gain[mine] * share * on),
            (own + k, self.sensor, -memory * between),
            (own + k, self.setting, memory * (between - 1.0)),
            (mine + k, self.sensor[mine], settled),
            (mine + k, self.filtered, -settled),
            (behind, self.sensor[mine], lag),
            (behind, self.filtered, -lag),
        ]
        flows, rows, values = (np.concatenate(each) for each in zip(*parts, strict=True))
        return flows, rows, values

    def _asked(self, now: Instant) -> Floats:
        return np.asarray(self.gain * (now.T[self.setting] - now.T[self.sensor] - self._damped(now)))

    def _behind(self, now: Instant) -> Floats:
        """How far the sensor is ahead of its filtered measurement (d,) [K]."""
        return np.asarray(now.T[self.sensor[self.with_derivative]] - now.T[self.filtered])

    def _damped(self, now: Instant) -> Floats:
        """D of every heater (k,) [K]; none of those without a derivative part."""
        found = np.zeros(len(self.heated))
        found[self.with_derivative] = self.derivative * self._behind(now) / self.filter
        return found
