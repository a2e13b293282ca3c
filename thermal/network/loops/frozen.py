"""The state of cells whose fluid may be frozen: solid by its specific heat, melting by its latent heat, and above that the liquid's own.

The state y is that of the liquid (`thermal.network.liquid`) with its reference at the freezing point, carried on below it: what melts takes
L/c of it, and the solid c_s/c of each kelvin, c the specific heat of the liquid there. So heat stays even in y from ice to liquid. The
fluid melts over `thermal.network.states.RANGE` below its freezing point, by the enthalpy law of the nodes that melt.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError
from thermal.fluid.fusion import Fusion
from thermal.network.loops.liquid import LiquidState
from thermal.network.states import RANGE, PhaseChange

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

PLUG = 0.01  #: part of a cell that is solid when it blocks its way again
LEAST = 0.1  #: K of state below freezing at which it does at the least
MOST = 512  #: times that a branch may thaw and freeze again


@dataclass(frozen=True, slots=True, eq=False)
class FrozenState:
    """Rows of one fluid from solid to liquid."""

    rows: Ids
    above: LiquidState  #: its reference is the freezing point
    solid: Fusion
    change: PhaseChange = field(init=False)  #: in kelvins of the solid
    ratio: float = field(init=False)  #: specific heat of the solid over that of the liquid, both at the freezing point

    def __post_init__(self) -> None:
        liquid = float(self.above.liquid.at(self.freezing).specific_heat)
        heat = liquid if self.solid.specific_heat is None else self.solid.specific_heat
        k, none = np.ones(len(self.rows)), np.zeros(len(self.rows), dtype=np.int64)
        latent = (self.solid.latent or 0.0) / heat + RANGE  # what the solid would take over the range is in it: the whole is exact
        change = PhaseChange(self.rows, (self.freezing - RANGE) * k, latent * k, heat / liquid * k, none, by_state=True)
        object.__setattr__(self, "change", change)
        object.__setattr__(self, "ratio", heat / liquid)

    @property
    def freezing(self) -> float:
        """K, and the state of the liquid there."""
        return self.above.reference

    @property
    def plugged(self) -> float:
        """State below which a cell that was liquid blocks its way again [K]."""
        heat = float(self.above.liquid.at(self.freezing).specific_heat)
        return self.freezing - max(PLUG * (self.solid.latent or 0.0) / heat, LEAST)

    def _of_solid(self, y: Floats) -> Floats:
        """States in kelvins of the solid."""
        return np.asarray(self.change.melting + self.change.latent + (y - self.freezing) / self.ratio)

    def temperature(self, y: Floats) -> tuple[Floats, Floats]:
        """Temperatures [K] and dT/dy."""
        frozen = y < self.freezing
        T, slope = self.above.temperature(np.where(frozen, self.freezing, y))
        if not frozen.any():
            return T, slope
        cold, growth = self.change.temperature(self._of_solid(y))
        return np.where(frozen, cold, T), np.where(frozen, growth / self.ratio, slope)

    def state(self, T: Floats) -> Floats:
        """The inverse; liquid at the freezing point."""
        frozen = self.freezing > T
        cold = self.change.state(np.minimum(T, self.freezing)) - self.change.melting - self.change.latent
        return np.where(frozen, self.freezing + self.ratio * cold, self.above.state(np.maximum(T, self.freezing)))

    def solid_part(self, y: Floats) -> Floats:
        """Part of each row that is solid [-]."""
        return np.asarray(1.0 - self.change.liquid(self._of_solid(y)))

    def quality(self, y: Floats) -> None:
        """It does not boil."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Which branches of a loop no frozen cell blocks, over time; blocked until it is settled."""

    sections: tuple[Ids, ...]  #: branches of each section
    by_state: bool  #: one opens within a step as its last cell is liquid, for a march that does not land on that moment
    changes: Floats = field(init=False)  #: (branches, 1 + MOST): 1 of one that is open at the start, then times at which that turns [s]

    def __post_init__(self) -> None:
        branches = sum(len(section) for section in self.sections)
        object.__setattr__(self, "changes", np.hstack([np.zeros((branches, 1)), np.full((branches, MOST), np.inf)]))

    def open(self, t: float) -> NDArray[np.bool_]:
        """(branches,) at a time [s]."""
        return np.asarray((self.changes[:, 0] + (self.changes[:, 1:] <= t).sum(axis=1)) % 2 == 1)

    def flows(self, t: float) -> bool:
        """Whether a way all through the loop is open at a time [s]."""
        found = self.open(t)
        return all(bool(found[section].any()) for section in self.sections)

    def opened(self, t: float = np.inf) -> float | None:
        """When a way all through the loop was first open, up to a time [s]; None where none was; -inf from the start on."""
        times = self.changes[:, 1:]
        known = [-np.inf, *sorted(times[np.isfinite(times) & (times <= t)].tolist())]
        return next((at for at in known if self.flows(at)), None)

    def settle(self, found: NDArray[np.bool_]) -> None:
        """Forget what was; branches (branches,) are open or not."""
        self.changes[:, 0], self.changes[:, 1:] = found, np.inf

    def turn(self, which: NDArray[np.bool_], t: float) -> None:
        """Branches thaw, or freeze again, at a time [s].

        Raises:
            SolveError: one has done so too often.
        """
        for branch in np.flatnonzero(which):
            free = np.flatnonzero(np.isinf(self.changes[branch, 1:]))
            if not len(free):
                raise SolveError(f"a branch of a loop thawed and froze again {MOST} times by t = {t:.6g} s; heat what freezes in it")
            self.changes[branch, 1 + free[0]] = t
