"""Heat pipes as conductors that carry no more than their limit at the temperature of their warmer end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from thermal.fluid.coolant import coolant
from thermal.fluid.pipes.gas_front import GasFront
from thermal.fluid.pipes.heat_pipe import Lengths, limits, transport_capacity
from thermal.fluid.pipes.loop_heat_pipe import LoopHeatPipe
from thermal.fluid.pipes.pipe_law import ByHeat, ByTemperature, Gassed, PipeLaw
from thermal.fluid.pipes.pipe_limit import FROZEN
from thermal.fluid.saturation import SaturationTable, saturation_table
from thermal.network.devices.tables import HeatPipe
from thermal.network.flows import Floats, Ids, Instant, Slopes, both_ends

NEAR = 1e-3  #: K by which slopes of laws are found
WAKES = 1e-9  #: of the slope at work, that one at rest has: too little to matter beside other ties, enough where there is none


@dataclass(frozen=True, slots=True)
class LimitCurve:
    """What a pipe can carry over its temperature."""

    temperature: Floats  #: [K], rising; the limit is held beyond both ends
    limit: Floats  #: [W]
    governs: Sequence[str] = ()  #: limit that is the least at each temperature; empty where that is not known

    def at(self, T: float) -> float:
        """W."""
        return float(np.interp(T, self.temperature, self.limit))

    def governing(self, T: float) -> str | None:
        """Name of the least limit at a temperature."""
        return self.governs[int(np.abs(self.temperature - T).argmin())] if self.governs else None


@dataclass(frozen=True, slots=True, eq=False)
class HeatPipes:
    """Heat by conductance or law, up to the limit; beyond it the evaporator dries and the pipe carries the limit alone."""

    start: Ids  #: evaporators
    end: Ids
    conductance: Floats  #: (m,) W/K; 0 of one with a law
    curves: Sequence[LimitCurve]  #: (m,)
    paths: Sequence[str]
    laws: Mapping[int, PipeLaw] = field(default_factory=dict)  #: by number of the pipe
    reservoirs: Mapping[int, int] = field(default_factory=dict)  #: row of the gas of those that have some
    lost: Mapping[int, float] = field(default_factory=dict)  #: time from which on one carries nothing [s]

    def limits(self, T: Floats) -> Floats:
        """Limit of each (m,) [W]."""
        warmer = np.maximum(T[self.start], T[self.end])
        return np.array([curve.at(t) for t, curve in zip(warmer, self.curves, strict=True)])

    def asked(self, T: Floats) -> Floats:
        """What they would carry without limit (m,) [W]."""
        found = np.asarray(self.conductance * (T[self.start] - T[self.end]))
        for i, law in self.laws.items():
            found[i] = law.heat(*(float(T[row]) for row in self._rows(i)))
        return found

    def _rows(self, i: int) -> tuple[int, int, int]:
        """Of evaporator, condenser and gas of a pipe."""
        return int(self.start[i]), int(self.end[i]), self.reservoirs.get(i, int(self.end[i]))

    def works(self, t: float) -> NDArray[np.bool_]:
        """Those that are not lost at a time [s] (m,)."""
        found = np.ones(len(self.start), dtype=bool)
        for i, since in self.lost.items():
            found[i] = t < since
        return found

    def rate(self, now: Instant) -> Floats:
        """W."""
        limit = np.where(self.works(now.t), self.limits(now.T), 0.0)
        return np.clip(self.asked(now.T), -limit, limit)

    def slopes(self, now: Instant) -> Slopes:
        """Those of conductor or law below the limit; above it the limit's own."""
        limit, works = self.limits(now.T), self.works(now.t)
        asked = np.where(works, self.asked(now.T), 0.0)
        free = np.abs(asked) <= limit
        value = np.where(free & works, self.conductance, 0.0)
        flows, rows, values = both_ends(self.start, self.end, value, value)
        warmer = np.where(now.T[self.start] >= now.T[self.end], self.start, self.end)
        step = 1e-4
        ahead = np.array([curve.at(t + step) for t, curve in zip(now.T[warmer], self.curves, strict=True)])
        by_limit = np.where(free, 0.0, np.sign(asked) * (np.where(free, 0.0, ahead) - np.where(free, 0.0, limit)) / step)
        own = np.arange(len(self.start))
        by_law = [one for i in self.laws if free[i] and works[i] for one in self._of_law(i, now.T, float(asked[i]))]
        return (
            np.concatenate([flows, own, np.array([i for i, *_ in by_law], dtype=np.int64)]),
            np.concatenate([rows, warmer, np.array([row for _, row, _ in by_law], dtype=np.int64)]),
            np.concatenate([values, by_limit, np.array([grows for *_, grows in by_law], dtype=float)]),
        )

    def _of_law(self, i: int, T: Floats, asked: float) -> list[tuple[int, int, float]]:
        """Slopes of one pipe with a law."""
        law, rows = self.laws[i], self._rows(i)
        at = [float(T[row]) for row in rows]
        if asked <= 0.0:  # it stands still, and would begin when its evaporator warms up
            return [(i, rows[0], WAKES * law.eager(at[0], at[1])), (i, rows[1], -WAKES * law.eager(at[0], at[1]))]
        found = []
        for k, row in enumerate(rows):
            there = [t + NEAR * (j == k) for j, t in enumerate(at)]
            found.append((i, row, (law.heat(*there) - asked) / NEAR))
        return found


def law_of(pipe: HeatPipe) -> PipeLaw | None:
    """How a pipe carries heat where that is no constant conductance."""
    if pipe.curve_heat:
        return ByHeat(LoopHeatPipe(pipe.curve_heat, pipe.curve_conductance, pipe.starts))
    if pipe.curve_temperatures:
        return ByTemperature(pipe.curve_temperatures, pipe.curve_conductance)
    if pipe.gas is None:
        return None
    assert pipe.fluid is not None
    gas = pipe.gas
    front = GasFront(gas.condenser, gas.vapour_area, gas.volume, gas.open_at, gas.open_reservoir)
    return Gassed(front, _saturation(pipe.fluid), pipe.conductance or 0.0, pipe.exchange or 0.0)


def limit_of(pipe: HeatPipe) -> LimitCurve:
    """What a pipe can carry: as given, or of its fluid and wick every kelvin of the fluid's data; next to nothing frozen or supercritical.

    From 0.98 of the critical temperature, where data end, the limit falls to nothing at it.
    """
    if pipe.wick is None:
        known = np.array(pipe.temperatures or (0.0,)), np.array(pipe.limit or (np.inf,))
        return LimitCurve(*known)
    assert pipe.fluid is not None
    fluid, wick = _saturation(pipe.fluid), pipe.wick.wick()
    T = np.append(np.arange(fluid.low, fluid.high, 1.0), fluid.high)
    if pipe.lengths is not None:
        one = pipe.lengths
        found = limits(wick, Lengths(one.evaporator, one.adiabatic, one.condenser), fluid, T)
        limit, governs = found.least, [str(name) for name in found.governs]
    else:
        assert pipe.effective_length is not None
        limit, governs = transport_capacity(wick, fluid, T) / pipe.effective_length, ["capillary"] * len(T)
    ends = np.concatenate([[T[0] - 1.0], T, [fluid.critical_temperature]])
    return LimitCurve(ends, np.concatenate([[FROZEN], np.maximum(limit, FROZEN), [FROZEN]]), ("frozen", *governs, "critical"))


@cache
def _saturation(fluid: str) -> SaturationTable:
    return saturation_table(coolant(fluid))
