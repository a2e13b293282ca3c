"""Moments at which a loop's fluid freezes, boils or passes its pressure limit, each found in time and named with its place."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.network.flows import Floats, Instant
from thermal.network.hydraulics import flowing
from thermal.network.loop import Loop

KINDS = ("freezes", "boils", "passes its pressure limit")
NEVER = 1e3  #: K, of what cannot happen or has happened
PASCAL = 1e-3  #: K that stand for one pascal, so that pressures are found as sharply as temperatures


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """Of one loop: the first moment of each kind."""

    loop: Loop
    pressure: float  #: at the pump's inlet, or of an open run at its own [Pa]
    most: float | None = None  #: Pa
    seen: NDArray[np.bool_] = field(init=False)  #: (3,) of `KINDS`

    def __post_init__(self) -> None:
        object.__setattr__(self, "seen", np.zeros(3, dtype=bool))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the three."""
        return (f"loop {self.loop.name}",) * 3

    def distance(self, now: Instant) -> Floats:
        """To each, of the cell that is nearest [K]."""
        T, liquid = now.T[self.loop.rows], self.loop.liquid
        boiling = np.inf if liquid.boiling is None else liquid.boiling
        pressures = NEVER if self.most is None else PASCAL * (self.most - float(pressure_along(self.loop, now, self.pressure).max()))
        found = np.array([float((T - liquid.freezing).min()), float((boiling - T).min()), pressures])
        return np.where(self.seen, NEVER, np.minimum(found, NEVER))

    def turn(self, which: NDArray[np.bool_], now: Instant) -> tuple[str, ...]:
        """Remember what happened, with its place."""
        self.seen[which] = True
        T = now.T[self.loop.rows]
        cells = (int(T.argmin()), int(T.argmax()), int(pressure_along(self.loop, now, self.pressure).argmax()))
        return tuple(f"{KINDS[i]} at {place(self.loop, cells[i])}" for i in np.flatnonzero(which))

    def settle(self, now: Instant) -> None:
        """Nothing has been seen yet."""
        self.seen[:] = False


def pressure_along(loop: Loop, now: Instant, inlet: float) -> Floats:
    """Pressure at the outlet of each cell [Pa], from that at the pump's inlet."""
    moving = flowing(loop, now)
    level = inlet + moving.pump
    found = np.zeros(len(loop.rows))
    for section in loop.sections:
        after = level
        for b in section:
            cells = np.flatnonzero(loop.branch == b)
            found[cells] = level - np.cumsum(moving.drops[cells])
            after = min(after, float(found[cells[-1]]))
        level = after
    return found


def place(loop: Loop, cell: int) -> str:
    """Where a cell ends, in words."""
    segment = loop.segments[int(loop.segment[cell])]
    first = int(np.flatnonzero(loop.segment == loop.segment[cell])[0])
    way = segment.length * (cell - first + 1) / len(segment.rows)
    return f"{segment.name}, {way:.3g} m behind its inlet"
