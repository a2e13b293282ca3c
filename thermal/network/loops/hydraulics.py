"""Flow of a loop: pump against pressure drops, and its division over branches, at the temperatures of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from thermal.errors import SolveError
from thermal.fluid.friction import Correlation as FrictionCorrelation
from thermal.fluid.friction import friction_factor, pressure_drop
from thermal.fluid.table import Liquid
from thermal.fluid.two_phase import friction_gradient
from thermal.network.flows import OUTSIDE, Floats, Ids, Instant
from thermal.network.loops.boiling import BoilingLiquid
from thermal.network.loops.loop import Loop

SLOWEST = 1e-12  #: Reynolds number that stands for rest
#: part of the flow that a shut valve lets pass, so that what lies behind it has a temperature in a steady state too; the heat that this
#: carries is as small a part of the loop's, and the ledger sees 1e-9
LEAKS = 1e-12
CLOSE = 1e-13  #: of the flow, to which it is divided


@dataclass(frozen=True, slots=True, eq=False)
class _Pipes:
    """Cells with their properties at one moment."""

    loop: Loop
    density: Floats
    viscosity: Floats
    length: Floats
    diameter: Floats
    area: Floats
    roughness: Floats
    loss: Floats  #: of each cell
    quality: Floats | None  #: of each cell [-]; None of a liquid
    by_friction: Mapping[FrictionCorrelation, NDArray[np.bool_]]  #: cells of each correlation

    def drops(self, cells: Ids, flow: float | Floats) -> Floats:
        """Pressure drops of some cells at their flow, or one flow of all [kg/s] [Pa]."""
        speed = flow / (self.density[cells] * self.area[cells])
        reynolds = np.maximum(self.density[cells] * speed * self.diameter[cells] / self.viscosity[cells], SLOWEST)
        rough = self.roughness[cells] / self.diameter[cells]
        factor = np.zeros(len(cells))
        for name, members in self.by_friction.items():
            mine = members[cells]
            if mine.any():
                factor[mine] = friction_factor(reynolds[mine], rough[mine], name).factor
        found = pressure_drop(factor, self.length[cells], self.diameter[cells], self.density[cells], speed, self.loss[cells])
        return found if self.quality is None else self._boiling(found, cells, np.broadcast_to(flow, len(cells)))

    def _boiling(self, found: Floats, cells: Ids, flow: Floats) -> Floats:
        """The drops with those of both phases where there is vapour: friction by Mueller-Steinhagen and Heck, fittings by mixed density."""
        liquid = self.loop.liquid
        assert isinstance(liquid, BoilingLiquid)
        assert self.quality is not None
        x = np.clip(self.quality[cells], 0.0, 1.0)
        found = found.copy()
        for diameter in np.unique(self.diameter[cells][(x > 0) & (flow > 0)]):
            mine = np.flatnonzero((x > 0) & (flow > 0) & (self.diameter[cells] == diameter))
            flux = flow[mine] / self.area[cells][mine]
            gradient = friction_gradient(flux, x[mine], float(diameter), liquid.both).value
            alone = friction_gradient(flux, 0.0 * x[mine], float(diameter), liquid.both).value
            thin = 1 + x[mine] * (float(liquid.both.liquid_density) / float(liquid.both.vapour_density) - 1)
            fittings = self.loss[cells][mine] * flux**2 / (2 * self.density[cells][mine])
            found[mine] = (found[mine] - fittings) * gradient / alone + fittings * thin  # continuous where it begins to boil
        return found


@dataclass(frozen=True, eq=False)
class Flowing:
    """What flows at one moment."""

    pipes: _Pipes
    branches: Floats  #: (branches,) kg/s
    cells: Floats  #: (cells,) kg/s in each cell
    links: Floats  #: (links,) kg/s over each link
    shares: Floats  #: (links,) part of what comes into the cell at its end [-]; 0 of a loop at rest
    opening: float  #: part of the flow that the valve sends the main way [-]; 1 where there is none
    inlets: Floats  #: (cells,) temperature of what comes in; its own of a loop at rest [K]

    @cached_property
    def drops(self) -> Floats:
        """(cells,) pressure drop of each cell [Pa]."""
        return self.pipes.drops(np.arange(len(self.cells)), self.cells)

    @cached_property
    def drop(self) -> float:
        """Pressure drop of all sections, each that of the branch with the greatest [Pa]."""
        loop = self.pipes.loop
        by_branch = np.bincount(loop.branch, self.drops, len(self.branches))
        return float(sum(by_branch[section].max() for section in loop.sections))

    @property
    def pump(self) -> float:
        """Pressure that the pump makes: the drop of a closed loop; an open run is fed by what lies before it [Pa]."""
        return 0.0 if self.pipes.loop.inlet != OUTSIDE else self.drop

    @property
    def power(self) -> float:
        """W into the pump's shaft or motor."""
        loop = self.pipes.loop
        if loop.pump.efficiency is None:
            return 0.0
        return loop.pump.power(float(self.branches[loop.sections[0]].sum()), self.pump, float(self.pipes.density[0]))


def flowing(loop: Loop, now: Instant) -> Flowing:
    """Flows of a loop at a moment, found once for all that ask; raises as `balance`."""
    known = now.memo.get(loop)
    if isinstance(known, Flowing):
        return known
    found = balance(loop, now)
    now.memo[loop] = found
    return found


def properties(loop: Loop, now: Instant) -> Liquid:
    """Of the fluid in each cell, (cells,) each, found once for all that ask."""
    key = (loop, "properties")
    known = now.memo.get(key)
    if isinstance(known, Liquid):
        return known
    found = loop.liquid.at(now.T[loop.rows], beyond=True)
    now.memo[key] = found
    return found


def balance(loop: Loop, now: Instant) -> Flowing:
    """Flows of a loop at a moment.

    Raises:
        SolveError: a pump whose curve lies below the pressure drop at no flow.
    """
    T = now.T[loop.rows]
    pipes = _pipes(loop, properties(loop, now), now.y[loop.rows])
    branches, opening = np.zeros(int(loop.branch.max()) + 1), 1.0
    leaks = np.where(loop.frozen(now), 0.0, np.where(loop.shut(now.t), LEAKS, np.nan))
    if loop.pump.running(now.t) and not any((~np.isnan(leaks[section])).all() for section in loop.sections):
        total = loop.pump.flow if loop.pump.curve is None else _by_curve(loop, pipes, T, leaks)
        for number in range(len(loop.sections)):
            branches[loop.sections[number]], opening = _divided(loop, pipes, number, total, T, opening, leaks)
    total = float(branches[loop.sections[0]].sum())
    links, shares = _links(loop, branches)
    from_inlet = loop.first == OUTSIDE
    before = np.where(from_inlet, loop.inlet_temperature(now) if from_inlet.any() else 0.0, T[loop.first])
    enters = loop.last >= 0
    inlets = np.bincount(loop.last[enters], (shares * before)[enters], len(T)) if total > 0.0 else T
    return Flowing(pipes, branches, branches[loop.branch], links, shares, opening, inlets)


def _links(loop: Loop, branches: Floats) -> tuple[Floats, Floats]:
    """Flow over each link [kg/s], and its part of what comes into the cell at its end."""
    total = float(branches[loop.sections[0]].sum())
    if total <= 0.0:
        return np.zeros(len(loop.first)), np.zeros(len(loop.first))
    before = np.where(loop.first == OUTSIDE, total, branches[loop.branch[loop.first]])
    after = np.where(loop.last == OUTSIDE, total, branches[loop.branch[loop.last]])
    within = (loop.first >= 0) & (loop.last >= 0) & (loop.branch[loop.first] == loop.branch[loop.last]) & (loop.last == loop.first + 1)
    return np.where(within, before, before * after / total), np.where(within, 1.0, before / total)


def _pipes(loop: Loop, at: Liquid, y: Floats) -> _Pipes:
    segments = loop.segments
    count = [len(s.rows) for s in segments]
    return _Pipes(
        loop,
        at.density,
        at.viscosity,
        loop.by_cell([s.length / n for s, n in zip(segments, count, strict=True)]),
        loop.by_cell([s.diameter for s in segments]),
        loop.by_cell([s.free_area for s in segments]),
        loop.by_cell([s.roughness for s in segments]),
        loop.by_cell([s.loss / n for s, n in zip(segments, count, strict=True)]),
        loop.law.quality(y),
        {name: np.array([s.friction == name for s in segments])[loop.segment] for name in {s.friction for s in segments}},
    )


def _branch_drop(loop: Loop, pipes: _Pipes, branch: int, flow: float) -> float:
    return float(pipes.drops(np.flatnonzero(loop.branch == branch), flow).sum())


def _section_drop(loop: Loop, pipes: _Pipes, number: int, branches: Floats) -> float:
    """Pressure drop of a section: that of its branches, the greatest where a valve throttles one of them."""
    return max(_branch_drop(loop, pipes, int(b), float(branches[b])) for b in loop.sections[number])


def _divided(loop: Loop, pipes: _Pipes, number: int, total: float, T: Floats, opening: float, leaks: Floats) -> tuple[Floats, float]:
    """Flows of a section's branches [kg/s], and the opening of its valve; `leaks` is the part that passes what is shut; nan: open."""
    section, valve = loop.sections[number], loop.valve
    if len(section) == 1 or total <= 0.0:
        return np.full(len(section), total / len(section)), opening
    closed = ~np.isnan(leaks[section])
    if closed.any():
        found = np.where(closed, leaks[section] * total, 0.0)
        found[~closed] = _level(loop, pipes, section[~closed], total - float(found.sum()))
        return found, opening
    if valve is not None and valve.section == number:
        share = valve_opening(loop, T)
        return np.where(section == valve.main, share, 1 - share) * total, share
    return _level(loop, pipes, section, total), opening


def _level(loop: Loop, pipes: _Pipes, section: Ids, total: float) -> Floats:
    """Flows of branches side by side at one pressure drop [kg/s]."""
    if len(section) == 1:
        return np.array([total])

    def most(branch: int, pressure: float) -> float:
        """Flow of a branch at a pressure drop [kg/s]."""
        if _branch_drop(loop, pipes, branch, total) <= pressure:
            return total
        return float(brentq(lambda m: _branch_drop(loop, pipes, branch, m) - pressure, 0.0, total, xtol=CLOSE * total, rtol=1e-14))

    ids = [int(b) for b in section]
    if len(ids) == 2:
        a, b = ids

        def apart(share: float) -> float:
            return _branch_drop(loop, pipes, a, share * total) - _branch_drop(loop, pipes, b, (1 - share) * total)

        part = float(brentq(apart, 0.0, 1.0, xtol=CLOSE, rtol=1e-14))
        return np.array([part, 1 - part]) * total
    high = min(_branch_drop(loop, pipes, b, total) for b in ids)
    level = float(brentq(lambda p: sum(most(b, p) for b in ids) - total, 0.0, high, xtol=1e-12 * high, rtol=1e-13))
    found = np.array([most(b, level) for b in ids])
    return np.asarray(found * total / found.sum())


def valve_opening(loop: Loop, T: Floats) -> float:
    """Part of the flow that goes the main way [-] so that the mixture behind the section has the valve's temperature, as far as it can.

    Args:
        T: Temperatures of the loop's cells (cells,) [K].
    """
    valve = loop.valve
    assert valve is not None
    main, bypass = (float(T[np.flatnonzero(loop.branch == b)[-1]]) for b in (valve.main, valve.bypass))
    if main == bypass:
        return 1.0 - LEAKS
    return min(1.0 - LEAKS, max(valve.least, LEAKS, (valve.mixed - bypass) / (main - bypass)))


def _by_curve(loop: Loop, pipes: _Pipes, T: Floats, leaks: Floats) -> float:
    """Flow at which the pump's curve meets the pressure drop [kg/s]."""
    pump = loop.pump
    if pump.head(0.0) <= 0.0:
        raise SolveError(f"loop {loop.name}: its pump makes no pressure at no flow; its curve must begin above 0")

    def excess(total: float) -> float:
        if total <= 0.0:
            return pump.head(0.0)
        branches = np.zeros(int(loop.branch.max()) + 1)
        for number in range(len(loop.sections)):
            branches[loop.sections[number]], _ = _divided(loop, pipes, number, total, T, 1.0, leaks)
        return pump.head(total) - sum(_section_drop(loop, pipes, number, branches) for number in range(len(loop.sections)))

    return float(brentq(excess, 0.0, pump.most, xtol=CLOSE * pump.most, rtol=1e-14))
