"""Heat exchangers between two loops: one cell of each, by effectiveness and number of transfer units."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from thermal.fluid.exchanger import Arrangement, effectiveness
from thermal.network.flows import Floats, Ids, Instant, Slopes
from thermal.network.loops.boiling import BoilingLiquid
from thermal.network.loops.hydraulics import flowing
from thermal.network.loops.loop import Loop

RESTING = 1e-9  #: of UA: a capacity rate below it is rest


@dataclass(frozen=True, slots=True)
class Side:
    """The cell of a loop in which an exchanger lies."""

    loop: Loop
    cell: int

    @property
    def row(self) -> int:
        """Of the network."""
        return int(self.loop.rows[self.cell])


@dataclass(frozen=True, slots=True, eq=False)
class Exchanger:
    """Heat from the first side to the second: effectiveness x least capacity rate x difference of the inlets.

    A side that boils or condenses has its set point and no bound to its rate. Where one side rests, its cell is a body of one temperature
    to the other; where both rest, heat goes through UA from cell to cell.
    """

    name: str
    sides: tuple[Side, Side]
    conductance: float  #: UA [W/K]
    arrangement: Arrangement
    start: Ids = field(init=False)
    end: Ids = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", np.array([self.sides[0].row]))
        object.__setattr__(self, "end", np.array([self.sides[1].row]))

    @property
    def paths(self) -> Sequence[str]:
        """In the ledger."""
        return (f"exchanger {self.name}",)

    def _sides(self, now: Instant) -> list[tuple[float, float, bool]]:
        """Of each side: capacity rate [W/K], the temperature that drives it [K], and whether it moves."""
        return [driving(side, self.conductance, now) for side in self.sides]

    def _conductance(self, now: Instant) -> float:
        """Heat by difference of the driving temperatures [W/K]."""
        (a, _, a_moves), (b, _, b_moves) = self._sides(now)
        if a_moves and b_moves:
            least, most = min(a, b), max(a, b)
            if np.isinf(least):
                return self.conductance
            return float(effectiveness(self.conductance / least, least / most, self.arrangement)) * least
        return to_isothermal(self.conductance, a if a_moves else b, a_moves or b_moves)

    def rate(self, now: Instant) -> Floats:
        """W."""
        (_, first, _), (_, second, _) = self._sides(now)
        return np.array([self._conductance(now) * (first - second)])

    def slopes(self, now: Instant) -> Slopes:
        """With the conductance as it is."""
        conductance = self._conductance(now)
        rows: list[int] = []
        values: list[float] = []
        for side, (_, _, moves), sign in zip(self.sides, self._sides(now), (1.0, -1.0), strict=True):
            for row, weight in follows(side, moves, now):
                rows.append(row)
                values.append(sign * conductance * weight)
        return np.zeros(len(rows), dtype=np.int64), np.array(rows, dtype=np.int64), np.array(values)


def driving(side: Side, conductance: float, now: Instant) -> tuple[float, float, bool]:
    """Capacity rate of a side with UA `conductance` [W/K], the temperature that drives its exchange [K], and whether it moves."""
    moving = flowing(side.loop, now)
    inlet = float(moving.inlets[side.cell])
    boils = _boils(side.loop, max(inlet, float(now.T[side.row]))) if moving.cells[side.cell] > 0 else None
    if boils is not None:
        return np.inf, boils, True
    rate = float(moving.cells[side.cell] * side.loop.liquid.at(inlet, beyond=True).specific_heat)
    moves = rate > RESTING * conductance
    return rate, inlet if moves else float(now.T[side.row]), moves


def follows(side: Side, moves: bool, now: Instant) -> list[tuple[int, float]]:
    """Rows that the driving temperature of a side follows, and by how much [-]."""
    if not moves:
        return [(side.row, 1.0)]
    loop, shares = side.loop, flowing(side.loop, now).shares
    links = np.flatnonzero((loop.last == side.cell) & (loop.first >= 0))
    return [(int(loop.rows[loop.first[link]]), float(shares[link])) for link in links]


def to_isothermal(conductance: float, rate: float, moves: bool) -> float:
    """Heat per difference of a side to a body of one temperature, by its driving temperature [W/K]."""
    return float(-np.expm1(-conductance / rate)) * rate if moves and np.isfinite(rate) else conductance


def _boils(loop: Loop, temperature: float) -> float | None:
    """Set point of a fluid that is as warm as that [K]; None of a liquid."""
    liquid = loop.liquid
    return liquid.set_point if isinstance(liquid, BoilingLiquid) and temperature >= liquid.set_point - 1e-6 else None
