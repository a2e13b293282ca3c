"""The battery's charging window over a periodic run: a window that opens by what charging does to the temperature of the battery.

Charging is allowed or not, so that orbits which keep to the window of the orbit before may go back and forth between two of them for ever.
A run therefore asks first for the state in which the battery takes charge at any temperature, which does not depend on the start. Where
that state keeps within the window it is the answer. Only where it leaves the window is a state sought that keeps to it, from there on and
with the temperature that the bus assumes following the battery's by Anderson's method (Journal of the ACM 12, 1965), mixed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from power.constants import ZERO_CELSIUS

Floats = NDArray[np.float64]

ORBITS = 20  #: at most so many keep to the window
MEMORY = 4  #: rounds that Anderson's method looks back
MIX = 0.3  #: share of what is left that each round takes; all of it goes back and forth where the battery's swing is small


@dataclass(frozen=True, slots=True, eq=False)
class ChargeWindow:
    """Which temperature of the battery (n,) [K] the bus assumes, round by round; every step gives the state of the next round."""

    window: tuple[float, float] | None  #: lowest and highest temperature at which the battery charges [K]; None: at any
    enforced: bool = False  #: whether the bus keeps to the window; else it assumes that the battery is inside
    simulated: Floats | None = None  #: temperature over the last orbit
    assumed: Floats | None = None  #: what the bus takes it for
    unrestricted: Floats | None = None  #: over the orbit in which the battery took charge at any temperature
    iterates: tuple[tuple[Floats, Floats], ...] = ()  #: assumed, and simulated less assumed, of the last rounds
    ranges: tuple[tuple[float, float], ...] = ()  #: of the battery over each orbit that kept to the window [K]

    def observe(self, warm: Floats | None) -> "ChargeWindow":
        """With the battery over the last orbit; None before the first one, and for a battery that no part carries."""
        if not self.enforced:
            assumed = warm if warm is None or self.window is None else np.clip(warm, *self.window)
            return replace(self, simulated=warm, assumed=assumed)
        if warm is None:
            return self  # the state that is known goes on
        return replace(self, simulated=warm, ranges=(*self.ranges, (float(warm.min()), float(warm.max()))))

    @property
    def inside(self) -> bool:
        """Whether the battery kept within the window over the last orbit."""
        if self.window is None or self.simulated is None:
            return True
        return bool(np.all((self.simulated >= self.window[0]) & (self.simulated <= self.window[1])))

    def enforce(self) -> "ChargeWindow":
        """Kept from now on, beginning with the last orbit."""
        at = self.simulated
        return replace(self, enforced=True, assumed=at, unrestricted=at, iterates=(), ranges=())

    def settled(self, tolerance: float) -> bool:
        """Whether the bus assumed what the battery then was, within a tolerance [K]."""
        if not self.enforced or self.assumed is None or self.simulated is None:
            return True
        return float(np.abs(self.simulated - self.assumed).max()) <= tolerance

    def relax(self) -> "ChargeWindow":
        """With what the bus assumes nearer to what the battery was."""
        if not self.enforced or self.assumed is None or self.simulated is None:
            return self
        iterates = (*self.iterates[-MEMORY:], (self.assumed, self.simulated - self.assumed))
        assumed = np.array([each for each, _ in iterates])
        left = np.array([rest for _, rest in iterates])
        if len(iterates) == 1:
            return replace(self, iterates=iterates, assumed=assumed[-1] + MIX * left[-1])
        steps, changes = np.diff(assumed, axis=0), np.diff(left, axis=0)
        weights = np.linalg.lstsq(changes.T, left[-1], rcond=1e-6)[0]
        return replace(self, iterates=iterates, assumed=assumed[-1] + MIX * left[-1] - weights @ (steps + MIX * changes))

    def no_state(self) -> str:
        """Why there are no sizes where orbits that kept to the window came to no end; it is no proof that there is no such state."""
        assert self.window is not None
        assert self.unrestricted is not None
        low, high = (edge - ZERO_CELSIUS for edge in self.window)
        free = self.unrestricted - ZERO_CELSIUS
        last = self.ranges[len(self.ranges) // 2 :] or ((float(self.unrestricted.min()), float(self.unrestricted.max())),)
        least, most = min(a for a, _ in last) - ZERO_CELSIUS, max(b for _, b in last) - ZERO_CELSIUS
        return (
            f"battery: no periodic state was found in which it keeps to its charging window of {low:g} to {high:g} degC; charged at any "
            f"temperature it is at {free.min():.1f} to {free.max():.1f} degC, and where it waits for its window it was still going back "
            f"and forth between {least:.1f} and {most:.1f} degC after {len(self.ranges)} orbits"
        )
