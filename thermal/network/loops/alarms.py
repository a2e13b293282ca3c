"""Moments at which a fluid freezes, boils, passes its pressure limit or leaves its data, each found in time and named with its place."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.network.flows import OUTSIDE, Floats, Instant
from thermal.network.loops.boiling import BoilingLiquid
from thermal.network.loops.hydraulics import flowing
from thermal.network.loops.loop import Loop

KINDS = ("freezes", "boils", "passes its pressure limit", "dries out", "loses its subcooling", "leaves the range of its data")
NEVER = 1e3  #: K, of what cannot happen or has happened
QUALITY = 100.0  #: K that stand for one of quality
SAME = 1e-3  #: K between an end of the data and freezing or boiling, which is then what happens there
PASCAL = 1e-3  #: K that stand for one pascal, so that pressures are found as sharply as temperatures


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """Of one loop: the first moment of each kind."""

    loop: Loop
    pressure: float  #: at the pump's inlet, or of an open run at its own [Pa]
    most: float | None = None  #: Pa
    driest: float = 1.0  #: quality above which a wall dries out
    subcooled: float = 0.0  #: K below boiling that the pump of a two-phase loop needs
    seen: NDArray[np.bool_] = field(init=False)  #: of `KINDS`

    def __post_init__(self) -> None:
        object.__setattr__(self, "seen", np.zeros(len(KINDS), dtype=bool))

    @property
    def names(self) -> tuple[str, ...]:
        """Of all kinds."""
        return (f"loop {self.loop.name}",) * len(KINDS)

    def distance(self, now: Instant) -> Floats:
        """To each, of the cell that is nearest [K]."""
        T, liquid = self.temperatures(now), self.loop.liquid
        boiling = np.inf if liquid.boiling is None else liquid.boiling
        pressures = NEVER if self.most is None else PASCAL * (self.most - float(pressure_along(self.loop, now, self.pressure).max()))
        dry, cold = self._two_phase(now)
        beyond = min(float(one.min()) for one in self.to_ends(T))
        freezing = NEVER if self.loop.solid is not None else float((T - liquid.freezing).min())  # `Thaw` looks at what may start frozen
        found = np.array([freezing, float((boiling - T).min()), pressures, dry, cold, beyond])
        return np.where(self.seen, NEVER, np.minimum(found, NEVER))

    def temperatures(self, now: Instant) -> Floats:
        """Of its cells (cells,) [K]; of one that is shut off, whose fluid has leaked out, the middle of those that are not."""
        T = now.T[self.loop.rows]
        empty = self.loop.shut(now.t)[self.loop.branch]
        return np.where(empty, np.median(T[~empty]), T) if empty.any() and not empty.all() else T

    def to_ends(self, T: Floats) -> tuple[Floats, Floats]:
        """Distances of cells (cells,) to the ends of the fluid's data [K]; `NEVER` of an end at which it freezes or boils."""
        liquid = self.loop.liquid
        low, high = liquid.known
        boils = liquid.boiling is not None and liquid.boiling <= high + SAME
        none = np.full(len(T), NEVER)
        return none if low <= liquid.freezing + SAME or self.loop.solid is not None else T - low, none if boils else high - T

    def _two_phase(self, now: Instant) -> tuple[float, float]:
        """Distances of a two-phase loop to dry-out and to the loss of subcooling at its pump [K]."""
        loop, liquid = self.loop, self.loop.liquid
        if not isinstance(liquid, BoilingLiquid):
            return NEVER, NEVER
        quality = loop.law.quality(now.y[loop.rows])
        assert quality is not None
        dry = QUALITY * (self.driest - float(quality.max()))
        if loop.inlet != OUTSIDE:
            return dry, NEVER
        return dry, self.subcooling(now) - self.subcooled

    def subcooling(self, now: Instant) -> float:
        """How far below boiling the fluid enters the pump [K]; below 0 the vapour in it, by its enthalpy."""
        loop, liquid = self.loop, self.loop.liquid
        assert isinstance(liquid, BoilingLiquid)
        ends = [int(np.flatnonzero(loop.branch == b)[-1]) for b in loop.sections[-1]]
        flows = flowing(loop, now).branches[loop.sections[-1]]
        shares = flows / flows.sum() if flows.sum() > 0 else np.full(len(ends), 1 / len(ends))
        y = float(shares @ now.y[loop.rows[ends]])
        boils = float(loop.law.state(np.array([liquid.set_point]))[0])
        return boils - y

    def turn(self, which: NDArray[np.bool_], now: Instant) -> tuple[str, ...]:
        """Remember what happened, with its place."""
        self.seen[which] = True
        cells = places(self, now)
        return tuple(f"{KINDS[i]} at {place(self.loop, cells[i])}" for i in np.flatnonzero(which))

    @property
    def memory(self) -> NDArray[np.bool_]:
        """What has been seen."""
        return self.seen

    def settle(self, now: Instant) -> None:
        """Nothing has been seen yet."""
        self.seen[:] = False


def places(alarms: Alarms, now: Instant) -> tuple[int, ...]:
    """Cell of each of `KINDS`."""
    loop, T = alarms.loop, alarms.temperatures(now)
    beyond = int(np.minimum(*alarms.to_ends(T)).argmin())
    quality = loop.law.quality(now.y[loop.rows])
    wettest = int(T.argmax()) if quality is None else int(quality.argmax())
    return int(T.argmin()), int(T.argmax()), int(pressure_along(loop, now, alarms.pressure).argmax()), wettest, len(loop.rows) - 1, beyond


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
