"""Heaters whose power follows a regulator with a proportional and an integral part, kept from winding up where the power is at an end.

What the integral remembers is a temperature: the setting S that the proportional part holds its sensor against, P = K (S - T) from 0 to
the greatest power. S goes by (T_set + P/K - S)/tau: (T_set - T)/tau while P is between its ends; where it is not it comes to rest.
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
    start: Ids = field(init=False)
    end: Ids = field(init=False)
    paths: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", np.full(2 * len(self.heated), OUTSIDE))
        object.__setattr__(self, "end", np.concatenate([self.heated, self.setting]))
        object.__setattr__(self, "paths", tuple(f"heater {name}" for name in self.heaters) * 2)

    def heat(self, now: Instant) -> Floats:
        """Of the heaters (k,) [W]."""
        return np.asarray(np.clip(self._asked(now), 0.0, self.power))

    def rate(self, now: Instant) -> Floats:
        """W."""
        heat = self.heat(now)
        return np.concatenate([heat, MEMORY * (self.hold + heat / self.gain - now.T[self.setting]) / self.integral])

    def slopes(self, now: Instant) -> Slopes:
        """By sensor and setting where the power is between its ends; by the setting alone elsewhere."""
        asked, own = self._asked(now), np.arange(len(self.heated))
        between: NDArray[np.float64] = ((asked > 0.0) & (asked < self.power)).astype(float)
        memory = MEMORY / self.integral
        flows = np.concatenate([own, own, own + len(own), own + len(own)])
        rows = np.concatenate([self.sensor, self.setting, self.sensor, self.setting])
        values = np.concatenate([-self.gain * between, self.gain * between, -memory * between, memory * (between - 1.0)])
        return flows, rows, values

    def _asked(self, now: Instant) -> Floats:
        return np.asarray(self.gain * (now.T[self.setting] - now.T[self.sensor]))
