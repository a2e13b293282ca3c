"""What a row's state is: its temperature, or an enthalpy in kelvin where the temperature does not follow the stored heat evenly.

The state y [K] of a row holds the heat C y [J], C constant, so that the heat stored over a step is C times the change of y to round-off. A
plain node has T = y. A phase-change pack and a fluid whose specific heat depends on temperature have T = T(y).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

SOLID, MELTING, LIQUID = 0, 1, 2
RANGE = 0.01  #: K over which a pack melts whose phase goes by its state


class StateLaw(Protocol):
    """Temperature of some rows as a function of their states."""

    @property
    def rows(self) -> Ids:
        """Rows (k,) that it speaks of."""
        ...

    def temperature(self, y: Floats) -> tuple[Floats, Floats]:
        """Temperatures (k,) [K] of the states of its rows, and their slopes dT/dy."""
        ...

    def state(self, T: Floats) -> Floats:
        """States (k,) [K] at temperatures of its rows."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PhaseChange:
    """Packs that melt at one temperature. Below it y = T; the melt takes `latent` kelvins of y; above, y grows by the liquid's heat.

    The phase is remembered and changed by the march where a border is crossed, so that within its steps the law has no kink (`continued`);
    whoever else asks, of any moment, has the temperature of the state. Where nobody looks for borders the pack melts over `RANGE`, and the
    error control finds its way about the kinks.
    """

    rows: Ids  #: (k,)
    melting: Floats  #: (k,) K
    latent: Floats  #: (k,) K: latent heat over the specific heat of the solid
    ratio: Floats  #: (k,) specific heat of the solid over that of the liquid
    phase: NDArray[np.int64]  #: (k,) SOLID, MELTING or LIQUID; written by the march
    by_state: bool = False  #: no phase is remembered

    def temperature(self, y: Floats) -> tuple[Floats, Floats]:
        """By the phase of the states."""
        return self._by(self.phase_of(y), y)

    def continued(self, y: Floats) -> tuple[Floats, Floats]:
        """By the remembered phase, beyond its borders too."""
        return self.temperature(y) if self.by_state else self._by(self.phase, y)

    def _by(self, phase: NDArray[np.int64], y: Floats) -> tuple[Floats, Floats]:
        rise = RANGE if self.by_state else 0.0
        slope = rise / self.latent
        above = self.melting + rise + self.ratio * (y - self.melting - self.latent)
        T = np.select([phase == SOLID, phase == MELTING], [y, self.melting + slope * (y - self.melting)], above)
        return T, np.select([phase == SOLID, phase == MELTING], [np.ones_like(y), slope], self.ratio)

    def state(self, T: Floats) -> Floats:
        """Solid up to the melting temperature, liquid above it, or above the range over which it melts."""
        rise = RANGE if self.by_state else 0.0
        between = self.melting + self.latent * np.clip((T - self.melting) / RANGE if self.by_state else self.melting < T, 0.0, 1.0)
        return np.where(self.melting >= T, T, between + np.maximum(T - self.melting - rise, 0.0) / self.ratio)

    def phase_of(self, y: Floats) -> NDArray[np.int64]:
        """Phase of states."""
        return np.where(y < self.melting, SOLID, np.where(y <= self.melting + self.latent, MELTING, LIQUID))

    def settle(self, y: Floats) -> None:
        """Remember the phases of states."""
        self.phase[:] = self.phase_of(y)

    def liquid(self, y: Floats) -> Floats:
        """Molten part of each pack [-]."""
        return np.clip((y - self.melting) / self.latent, 0.0, 1.0)
