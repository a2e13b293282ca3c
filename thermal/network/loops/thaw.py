"""Moments at which branches of a loop that started frozen have thawed, or freeze again, each found in time and named with its place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.network.flows import Floats, Instant
from thermal.network.loops.alarms import KINDS, NEVER, place
from thermal.network.loops.frozen import FrozenState, Ways
from thermal.network.loops.loop import Loop

AGAIN = f"{KINDS[0]} again"  #: of a way that had been open, which the run does not bear


@dataclass(frozen=True, slots=True, eq=False)
class Thaw:
    """Of one loop: each branch opens when the last of its cells is liquid, and is blocked when one of them has a plug."""

    loop: Loop

    @property
    def _parts(self) -> tuple[FrozenState, Ways]:
        law, ways = self.loop.law, self.loop.ways
        assert isinstance(law, FrozenState)
        assert ways is not None
        return law, ways

    @property
    def names(self) -> tuple[str, ...]:
        """(branches,) all are of the loop."""
        return (f"loop {self.loop.name}",) * len(self.memory)

    @property
    def memory(self) -> Floats:
        """What was open when."""
        return self._parts[1].changes

    def distance(self, now: Instant) -> Floats:
        """Of each branch, to where its coldest cell is liquid, or has a plug again [K of state]; `NEVER` of one that has leaked out."""
        law, ways = self._parts
        lowest = self.loop.lowest(now)
        found = np.where(ways.open(now.t), lowest - law.plugged, law.freezing - lowest)
        return np.where(self.loop.shut(now.t), NEVER, found)

    def turn(self, which: NDArray[np.bool_], now: Instant) -> tuple[str, ...]:
        """Open what was blocked, and back."""
        ways = self._parts[1]
        before = ways.opened(now.t) is not None
        was = ways.open(now.t)
        ways.turn(which, now.t)
        branches = np.flatnonzero(which).tolist()
        return tuple(self._said(branch, bool(was[branch]), before, branch == branches[-1], now) for branch in branches)

    def _said(self, branch: int, was_open: bool, before: bool, last: bool, now: Instant) -> str:
        """What became of a branch; `before`: a way through the loop had been open."""
        loop, ways = self.loop, self._parts[1]
        cells = np.flatnonzero(loop.branch == branch)
        where = place(loop, int(cells[int(np.argmin(now.y[loop.rows[cells]]))]))
        if was_open:
            return f"{AGAIN} at {where}" if before else f"froze at {where}, before its way was open"
        if before:
            return f"thawed at {where}"
        if not ways.flows(now.t) or not last:
            return f"thawed at {where}, while more of its way is frozen"
        moves = loop.pump.running(now.t)
        return f"thawed at {where}, the last of its way: " + ("its pump moves it" if moves else "its pump does not run yet")

    def settle(self, now: Instant) -> None:
        """Open is what has no frozen cell."""
        law, ways = self._parts
        ways.settle(self.loop.lowest(now) >= law.freezing)
