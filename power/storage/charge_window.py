"""The battery's charging window over a periodic run: a window that opens by what charging does to the temperature of the battery.

Charging is allowed or not, so that orbits which feel the window of the orbit before may go back and forth between two of them for ever.
A run therefore asks first for the state in which the battery takes charge at any temperature, which does not depend on the start. Where
that state keeps within the window it is the answer. Only where it leaves the window is a state sought that keeps to it, from there on and
with the temperature that the bus is told following the battery's by Anderson's method (Journal of the ACM 12, 1965), mixed.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from power.constants import ZERO_CELSIUS

Floats = NDArray[np.float64]

ORBITS = 20  #: at most so many keep to the window
MEMORY = 4  #: rounds that Anderson's method looks back
MIX = 0.3  #: share of what is left that each round takes; all of it goes back and forth where the battery's swing is small


@dataclass(slots=True, eq=False)
class ChargeWindow:
    """Which temperature of the battery (n,) [K] the bus is told, round by round."""

    window: tuple[float, float] | None  #: lowest and highest temperature at which the battery charges [K]; None: at any
    kept: bool = False  #: whether the bus keeps to the window; else it is told that the battery is inside
    seen: Floats | None = None  #: over the last orbit
    told: Floats | None = None
    free: Floats | None = None  #: over the orbit in which the battery took charge at any temperature
    _rounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    _span: list[tuple[float, float]] = field(default_factory=list)  #: of the battery over each orbit that kept to the window [K]

    def begin(self) -> None:
        """Ask for the state in which the battery takes charge at any temperature."""
        self.kept, self.seen, self.told, self.free = False, None, None, None

    def see(self, warm: Floats | None) -> None:
        """Temperatures of the battery over the last orbit; None before the first one, and for a battery that no part carries."""
        if self.kept and warm is None:
            return  # the state that is known goes on
        self.seen = warm
        if self.kept:
            assert warm is not None
            self._span.append((float(warm.min()), float(warm.max())))
        else:
            self.told = warm if warm is None or self.window is None else np.clip(warm, *self.window)

    @property
    def inside(self) -> bool:
        """Whether the battery kept within the window over the last orbit."""
        return self.window is None or self.seen is None or bool(np.all((self.seen >= self.window[0]) & (self.seen <= self.window[1])))

    def keep(self) -> None:
        """Keep to the window from now on, beginning with the last orbit."""
        self.kept, self.told, self.free = True, self.seen, self.seen
        self._rounds, self._span = [], []

    def settled(self, tolerance: float) -> bool:
        """Whether the bus was told what the battery then was, within a tolerance [K]."""
        if not self.kept or self.told is None or self.seen is None:
            return True
        return float(np.abs(self.seen - self.told).max()) <= tolerance

    def follow(self) -> None:
        """Bring what the bus is told nearer to what the battery was."""
        if not self.kept or self.told is None or self.seen is None:
            return
        self._rounds = [*self._rounds[-MEMORY:], (self.told, self.seen - self.told)]
        told = np.array([each for each, _ in self._rounds])
        left = np.array([rest for _, rest in self._rounds])
        if len(self._rounds) == 1:
            self.told = told[-1] + MIX * left[-1]
            return
        steps, changes = np.diff(told, axis=0), np.diff(left, axis=0)
        weights = np.linalg.lstsq(changes.T, left[-1], rcond=1e-6)[0]
        self.told = told[-1] + MIX * left[-1] - weights @ (steps + MIX * changes)

    def flips(self) -> str:
        """Why there are no sizes where orbits that kept to the window came to no end; it is no proof that there is no such state."""
        assert self.window is not None
        assert self.free is not None
        low, high = (edge - ZERO_CELSIUS for edge in self.window)
        free = self.free - ZERO_CELSIUS
        last = self._span[len(self._span) // 2 :] or [(float(self.free.min()), float(self.free.max()))]
        least, most = min(a for a, _ in last) - ZERO_CELSIUS, max(b for _, b in last) - ZERO_CELSIUS
        return (
            f"battery: no periodic state was found in which it keeps to its charging window of {low:g} to {high:g} degC; charged at any "
            f"temperature it is at {free.min():.1f} to {free.max():.1f} degC, and where it waits for its window it was still going back "
            f"and forth between {least:.1f} and {most:.1f} degC after {len(self._span)} orbits"
        )
