"""What changes of a sudden by itself: a thermostat at its temperatures, a pack at the borders of its phases, an alarm at a limit."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from thermal.network.flows import OUTSIDE, Floats, Ids, Instant, Slopes
from thermal.network.states import LIQUID, MELTING, SOLID, PhaseChange

NARROW = 0.05  #: of a thermostat's band, over which the averaged law falls


class Switch(Protocol):
    """k things that change when a distance of theirs has passed zero."""

    @property
    def names(self) -> tuple[str, ...]:
        """(k,) of the things."""
        ...

    def distance(self, now: Instant) -> Floats:
        """(k,) kelvin until each changes; negative when it is due."""
        ...

    def turn(self, which: NDArray[np.bool_], now: Instant) -> tuple[str, ...]:
        """Change those that are due; what became of each, in a word or two."""
        ...

    def settle(self, now: Instant) -> None:
        """Take the state that belongs to some temperatures, at the start of a march."""
        ...

    @property
    def memory(self) -> NDArray[Any]:
        """(k,) what it remembers between two moments; may be written."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Thermostats:
    """Heaters, on below one temperature of their sensor's row and off above another; as a flow, heat into their row."""

    heaters: tuple[str, ...]  #: (k,) names
    end: Ids  #: (k,) rows heated
    sensor: Ids  #: (k,) rows measured
    power: Floats  #: (k,) W
    on_below: Floats  #: (k,) K
    off_above: Floats  #: (k,) K
    averaged: bool = False  #: by their duty-averaged law, which does not switch
    on: NDArray[np.bool_] = field(init=False)  #: (k,) written by the march
    start: Ids = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "on", np.zeros(len(self.end), dtype=bool))
        object.__setattr__(self, "start", np.full(len(self.end), OUTSIDE))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the switches."""
        return tuple(f"heater {name}" for name in self.heaters)

    @property
    def paths(self) -> tuple[str, ...]:
        """In the ledger."""
        return self.names

    def duty(self, T: Floats) -> Floats:
        """Part of the time on by the averaged law: falls from 1 to 0 about the middle of the band.

        While a heater switches, its sensor's mean temperature is near the middle of the band whatever the duty: a law that falls over the
        whole band would read the duty off the temperature and miss the mean power by up to half the band times the conductance.
        """
        middle, width = 0.5 * (self.on_below + self.off_above), NARROW * (self.off_above - self.on_below)
        return np.clip(0.5 + (middle - T[self.sensor]) / width, 0.0, 1.0)

    def rate(self, now: Instant) -> Floats:
        """W."""
        return self.power * (self.duty(now.T) if self.averaged else self.on)

    def slopes(self, now: Instant) -> Slopes:
        """None while they are on or off."""
        duty = self.duty(now.T)
        slope = np.where((duty > 0) & (duty < 1), -self.power / (NARROW * (self.off_above - self.on_below)), 0.0)
        return np.arange(len(self.end)), self.sensor, slope if self.averaged else np.zeros(len(self.end))

    def distance(self, now: Instant) -> Floats:
        """To the upper temperature when on, to the lower one when off [K]."""
        T = now.T[self.sensor]
        return np.where(self.averaged, 1.0, np.where(self.on, self.off_above - T, T - self.on_below))

    def turn(self, which: NDArray[np.bool_], now: Instant) -> tuple[str, ...]:
        """On to off and back."""
        self.on[which] = ~self.on[which]
        return tuple("on" if on else "off" for on in self.on[which])

    @property
    def memory(self) -> NDArray[np.bool_]:
        """Whether each is on."""
        return self.on

    def settle(self, now: Instant) -> None:
        """On below the lower temperature, off elsewhere."""
        self.on[:] = now.T[self.sensor] < self.on_below


@dataclass(frozen=True, slots=True, eq=False)
class Phases:
    """Packs that begin or end to melt or freeze."""

    law: PhaseChange
    packs: tuple[str, ...]  #: (k,) names

    @property
    def names(self) -> tuple[str, ...]:
        """Of the packs."""
        return self.packs

    def distance(self, now: Instant) -> Floats:
        """To the nearer border of the present phase [K of state]."""
        y, law = now.y[self.law.rows], self.law
        low, high = y - law.melting, law.melting + law.latent - y
        return np.select([law.phase == SOLID, law.phase == MELTING], [-low, np.minimum(low, high)], -high)

    def turn(self, which: NDArray[np.bool_], now: Instant) -> tuple[str, ...]:
        """To the phase of the state."""
        found = self.law.phase_of(now.y[self.law.rows])
        self.law.phase[which] = found[which]
        words = {SOLID: "is solid", MELTING: "melts or freezes", LIQUID: "is liquid"}
        return tuple(words[int(one)] for one in found[which])

    @property
    def memory(self) -> NDArray[np.int64]:
        """Their phases."""
        return self.law.phase

    def settle(self, now: Instant) -> None:
        """The phase of the state."""
        self.law.settle(now.y[self.law.rows])
