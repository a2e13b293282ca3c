"""What a loop's fluid does to heat: it carries it along, gives it to walls, radiates it, and takes up the power of its pump.

A cell's row has the temperature of its outlet. What it exchanges follows phi T_in + (1 - phi) T_out with phi = 1/N - 1/(e^N - 1), N the
transfer units of the cell: then its steady outlet is that of the exact exponential at any length of cell, and at rest (N without bound) it
follows its own temperature alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.film import film
from thermal.network.flows import OUTSIDE, Floats, Ids, Instant, Slopes
from thermal.network.loops.hydraulics import LEAKS, flowing, properties, valve_opening
from thermal.network.loops.loop import Loop


def upstream_weight(units: Floats) -> Floats:
    """phi of the inlet in what a cell of `units` transfer units exchanges [-]: 1/2 of a short one, 0 of one at rest."""
    N = np.minimum(units, 700.0)
    small = N < 1e-3
    safe = np.where(small, 1.0, N)
    return np.where(np.isinf(units), 0.0, np.where(small, 0.5 - N / 12, 1 / safe - 1 / np.expm1(safe)))


def _units(conductance: Floats, rate: Floats) -> Floats:
    """Transfer units of cells whose flow carries `rate` [W/K]; without bound at rest."""
    return np.where(rate > 0, conductance / np.where(rate > 0, rate, 1.0), np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class OfLoop:
    """A flow of a whole loop, which says from where to where it goes."""

    loop: Loop
    start: Ids = field(init=False)
    end: Ids = field(init=False)
    paths: Sequence[str] = field(init=False)

    def _goes(self, start: Ids, end: Ids, paths: Sequence[str]) -> None:
        """Settle that, once."""
        for name, value in {"start": start, "end": end, "paths": tuple(paths)}.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True, eq=False)
class Carried(OfLoop):
    """Heat carried over the links of a loop, by enthalpy; of an open run above that of its inlet."""

    def __post_init__(self) -> None:
        loop = self.loop
        start = np.where(loop.first == OUTSIDE, loop.inlet, loop.rows[loop.first])
        end = np.where(loop.last == OUTSIDE, OUTSIDE, loop.rows[loop.last])
        names = np.where(loop.last == OUTSIDE, f"loop {loop.name} outlet", f"loop {loop.name} flow")
        self._goes(start, end, [str(one) for one in names])

    def _states(self, now: Instant) -> Floats:
        """States that leave by each link, over the reference [K]."""
        loop = self.loop
        if loop.inlet == OUTSIDE:
            return now.y[self.start] - loop.reference
        at_inlet = float(loop.law.state(np.array([loop.inlet_temperature(now)]))[0])
        return np.asarray(np.where(loop.first == OUTSIDE, at_inlet, now.y[self.start]) - at_inlet)

    def rate(self, now: Instant) -> Floats:
        """W."""
        return flowing(self.loop, now).links * self.loop.specific_heat * self._states(now)

    def slopes(self, now: Instant) -> Slopes:
        """Of the temperatures that leave; and of those that a valve answers to."""
        loop = self.loop
        moving = flowing(loop, now)
        inner = np.flatnonzero(loop.first != OUTSIDE)
        value = (moving.links * loop.specific_heat)[inner] / now.slope[self.start[inner]]
        flows, rows, by_valve = self._by_valve(now)
        return np.concatenate([inner, flows]), np.concatenate([self.start[inner], rows]), np.concatenate([value, by_valve])

    def _by_valve(self, now: Instant) -> Slopes:
        """How the division of a valve that is neither open nor shut answers to the temperatures behind its branches."""
        loop, valve, moving = self.loop, self.loop.valve, flowing(self.loop, now)
        none = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
        total = float(moving.branches[loop.sections[0]].sum())
        if valve is None or total <= 0.0 or loop.frozen(now)[[valve.main, valve.bypass]].any():
            return none
        share = valve_opening(loop, now.T[loop.rows])
        if not max(valve.least, LEAKS) < share < 1.0 - LEAKS:
            return none
        ends = [int(np.flatnonzero(loop.branch == b)[-1]) for b in (valve.main, valve.bypass)]
        difference = float(now.T[loop.rows[ends[0]]] - now.T[loop.rows[ends[1]]])
        growth = {ends[0]: -share / difference, ends[1]: -(1 - share) / difference}  # of the share with either temperature
        change = np.zeros(len(loop.first))  # of the flow over each link with the share
        for branch, sign in ((valve.main, 1.0), (valve.bypass, -1.0)):
            mine = (loop.branch[loop.first] == branch) & (loop.first >= 0)
            inside = mine & (loop.last == loop.first + 1) & (loop.branch[loop.last] == branch)
            change[inside] += sign * total
            behind = mine & ~inside
            change[behind] += sign * np.where(loop.last >= 0, moving.branches[loop.branch[loop.last]], total)[behind]
            ahead = (loop.branch[loop.last] == branch) & (loop.last >= 0) & ~inside
            change[ahead] += sign * np.where(loop.first >= 0, moving.branches[loop.branch[loop.first]], total)[ahead]
        links = np.flatnonzero(change)
        by_share = (change * loop.specific_heat * self._states(now))[links]
        flow = np.concatenate([links, links])
        row = np.concatenate([np.full(len(links), loop.rows[cell]) for cell in ends])
        return flow, row, np.concatenate([by_share * growth[cell] for cell in ends])


@dataclass(frozen=True, slots=True, eq=False)
class Contact:
    """What cells of one loop have in common that exchange: how the exchange answers to their inlets."""

    loop: Loop
    cells: Ids  #: (m,) of the loop

    def mixed(self, now: Instant, units: Floats) -> tuple[Floats, Floats]:
        """phi (m,), and phi T_in + (1 - phi) T_out (m,) [K]; what leaks through a shut valve follows its own temperature alone."""
        moving = flowing(self.loop, now)
        shut = moving.cells[self.cells] <= 2 * LEAKS * float(moving.branches[self.loop.sections[0]].sum())
        phi = np.where(shut, 0.0, upstream_weight(units))
        return phi, phi * moving.inlets[self.cells] + (1 - phi) * now.T[self.loop.rows[self.cells]]

    def rates(self, now: Instant) -> Floats:
        """m cp of the cells at their own temperatures (m,) [W/K]."""
        moving = flowing(self.loop, now)
        return np.asarray(moving.cells[self.cells] * properties(self.loop, now).specific_heat[self.cells])

    def slopes(self, now: Instant, phi: Floats, growth: Floats) -> Slopes:
        """Of exchanges that grow by `growth` (m,) [W/K] with the mixed temperature, by the temperatures behind it."""
        loop, moving = self.loop, flowing(self.loop, now)
        place = np.full(len(loop.rows), -1)
        place[self.cells] = np.arange(len(self.cells))
        inner = np.flatnonzero((loop.first >= 0) & (loop.last >= 0))
        mine = inner[place[loop.last[inner]] >= 0]
        at = place[loop.last[mine]]
        flows = np.concatenate([np.arange(len(self.cells)), at])
        rows = np.concatenate([loop.rows[self.cells], loop.rows[loop.first[mine]]])
        return flows, rows, np.concatenate([growth * (1 - phi), growth[at] * phi[at] * moving.shares[mine]])


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """From cells to the rows of their walls: by a given coefficient, or by the correlation of the segment."""

    contact: Contact
    end: Ids  #: (m,) rows of the walls
    area: Floats  #: (m,) m2
    given: Floats  #: (m,) W/m2K; nan: by correlation
    paths: Sequence[str]
    start: Ids = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.contact.loop.rows[self.contact.cells])

    def coefficients(self, now: Instant) -> Floats:
        """Film (m,) [W/m2K]."""
        loop, cells = self.contact.loop, self.contact.cells
        found = self.given.copy()
        for number in np.unique(loop.segment[cells][np.isnan(self.given)]):
            segment = loop.segments[number]
            mine = np.flatnonzero((loop.segment[cells] == number) & np.isnan(self.given))
            at, own = properties(loop, now), cells[mine]
            speed = flowing(loop, now).cells[own] / (at.density[own] * segment.free_area)
            reynolds = at.density[own] * speed * segment.diameter / at.viscosity[own]
            developing = segment.diameter / segment.length if segment.entrance else 0.0
            made = film(reynolds, at.prandtl[own], segment.film, diameter_per_length=developing)
            found[mine] = made.coefficient(at.conductivity[own], segment.diameter)
        return found

    def _exchange(self, now: Instant) -> tuple[Floats, Floats, Floats]:
        """Conductance, phi and mixed temperature (m,), found once for all that ask."""
        known = now.memo.get(self)
        if known is None:
            known = now.memo[self] = self._exchanged(now)
        return cast(tuple[Floats, Floats, Floats], known)

    def _exchanged(self, now: Instant) -> tuple[Floats, Floats, Floats]:
        conductance = self.coefficients(now) * self.area
        phi, mixed = self.contact.mixed(now, _units(conductance, self.contact.rates(now)))
        return conductance, phi, mixed

    def rate(self, now: Instant) -> Floats:
        """W."""
        conductance, _, mixed = self._exchange(now)
        return np.asarray(conductance * (mixed - now.T[self.end]))

    def slopes(self, now: Instant) -> Slopes:
        """With the coefficient as it is."""
        conductance, phi, _ = self._exchange(now)
        flows, rows, values = self.contact.slopes(now, phi, conductance)
        own = np.arange(len(self.end))
        return np.concatenate([flows, own]), np.concatenate([rows, self.end]), np.concatenate([values, -conductance])


@dataclass(frozen=True, slots=True, eq=False)
class Glow:
    """Cells that radiate at the temperature of their fluid to a row: GR = emittance x radiating perimeter x length."""

    contact: Contact
    end: Ids  #: (m,) rows that it goes to
    exchange: Floats  #: (m,) m2
    paths: Sequence[str]
    sigma: float = STEFAN_BOLTZMANN  #: W/m2K4
    since: float = -np.inf  #: time from which on they do [s]
    start: Ids = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.contact.loop.rows[self.contact.cells])

    def _mixed(self, now: Instant) -> tuple[Floats, Floats]:
        T = now.T[self.start]
        return self.contact.mixed(now, _units(4 * self.sigma * self._there(now) * np.abs(T) ** 3, self.contact.rates(now)))

    def _there(self, now: Instant) -> Floats:
        return np.where(now.t >= self.since, self.exchange, 0.0)

    def rate(self, now: Instant) -> Floats:
        """W."""
        _, mixed = self._mixed(now)
        return np.asarray(self.sigma * self._there(now) * (np.abs(mixed) * mixed**3 - now.fourth[self.end]))

    def slopes(self, now: Instant) -> Slopes:
        """By the cubes."""
        phi, mixed = self._mixed(now)
        cube = 4 * self.sigma * self._there(now)
        flows, rows, values = self.contact.slopes(now, phi, cube * np.abs(mixed) ** 3)
        own = np.arange(len(self.end))
        back = cube * np.abs(now.T[self.end]) ** 3
        return np.concatenate([flows, own]), np.concatenate([rows, self.end]), np.concatenate([values, -back])


@dataclass(frozen=True, slots=True, eq=False)
class PumpHeat(OfLoop):
    """Power of a closed loop's pump, into its first cell: shares of it where it begins with branches."""

    def __post_init__(self) -> None:
        loop = self.loop
        heads = [int(loop.rows[np.flatnonzero(loop.branch == b)[0]]) for b in loop.sections[0]]
        self._goes(np.full(len(heads), OUTSIDE), np.array(heads, dtype=np.int64), [f"pump {loop.name}"] * len(heads))

    def rate(self, now: Instant) -> Floats:
        """W."""
        moving = flowing(self.loop, now)
        mine = moving.branches[self.loop.sections[0]]
        total = float(mine.sum())
        return mine / total * moving.power if total > 0 else np.zeros(len(mine))

    def slopes(self, now: Instant) -> Slopes:
        """It hardly answers to temperature."""
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
