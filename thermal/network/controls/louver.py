"""Louvers: radiation past blades that a bimetal turns with the temperature of what they cover, shut when it is cold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thermal.constants import STEFAN_BOLTZMANN
from thermal.network.flows import Floats, Ids, Instant, Slopes, both_ends


@dataclass(frozen=True, slots=True, eq=False)
class Louvers:
    """Radiation: heat = sigma GR(T_start) (T_start^4 - T_end^4), GR straight between shut and open blades."""

    start: Ids  #: rows that they cover
    end: Ids
    shut: Floats  #: (m,) GR with shut blades [m2]
    opened: Floats  #: (m,) GR with open blades [m2]
    low: Floats  #: (m,) temperature of the row up to which they are shut [K]
    high: Floats  #: (m,) from which on they are open [K]
    paths: Sequence[str]
    sigma: float = STEFAN_BOLTZMANN  #: W/m2K4

    def opening(self, T: Floats) -> Floats:
        """Part of the way from shut to open (m,) [-], at temperatures of all rows [K]."""
        return np.asarray(np.clip((T[self.start] - self.low) / (self.high - self.low), 0.0, 1.0))

    def _exchange(self, T: Floats) -> Floats:
        return np.asarray(self.shut + self.opening(T) * (self.opened - self.shut))

    def rate(self, now: Instant) -> Floats:
        """W."""
        return np.asarray(self.sigma * self._exchange(now.T) * (now.fourth[self.start] - now.fourth[self.end]))

    def slopes(self, now: Instant) -> Slopes:
        """By the cubes, and by the blades where they turn."""
        cube, GR, part = 4 * self.sigma * np.square(now.T) * np.abs(now.T), self._exchange(now.T), self.opening(now.T)
        growth = np.where((part > 0) & (part < 1), (self.opened - self.shut) / (self.high - self.low), 0.0)
        by_blades = self.sigma * growth * (now.fourth[self.start] - now.fourth[self.end])
        return both_ends(self.start, self.end, GR * cube[self.start] + by_blades, GR * cube[self.end])
