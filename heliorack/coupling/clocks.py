"""Orbits marched with the exact switching of throttles and thermostats, from the periodic state of their duty-averaged laws."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heliorack.model.compute_devices import Devices
from power.computing.response import FullClock, full_clock
from thermal.heater import Heater
from thermal.solve.switching import Law, Thermostat
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Clock:
    """The throttled devices of one compute entry, each at full clock or low."""

    devices: Devices
    names: list[str] = field(init=False)
    on: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.names, self.on = list(self.devices.names), np.zeros(len(self.devices.names), dtype=bool)

    def distance(self, t: float, means: Floats) -> Floats:
        """To the limit at full clock, to the release temperature when low; both judged at full clock [K]."""
        return self._full(t, means).until_switch(self.on)

    def _full(self, t: float, means: Floats) -> FullClock:
        asked = self.devices.demand_at(t)
        return full_clock(self.devices.entry, self.devices.nominal(asked), asked.prescribed, means)

    def heat(self, t: float, means: Floats) -> tuple[Floats, Floats]:
        """Of all devices that each part stands for, in their present state; at full clock without steady power, at low clock."""
        lost = np.isnan(self._full(t, means).power)
        found = self.devices.respond(self.devices.demand_at(t), means, self.on | lost)
        return self.devices.count * found.power, self.devices.count * found.slope

    def duty(self, t: float, means: Floats) -> Floats:
        """By the averaged law."""
        return self._full(t, means).averaged()[0]


def throttles(devices: Iterable[tuple[Devices, Feedback]]) -> dict[Feedback, Law]:
    """What switches between full clock and low, by the feedback that is its averaged law."""
    return {feedback: Clock(one) for one, feedback in devices if one.entry.throttle is not None}


def thermostats(heaters: Iterable[tuple[Heater, Feedback]]) -> dict[Feedback, Law]:
    """What switches on and off, by the feedback that is its averaged law."""
    return {feedback: Thermostat(heater) for heater, feedback in heaters}
