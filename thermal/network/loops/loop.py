"""A single-phase loop made discrete: segments cut into cells, branches side by side, and what flows where at some temperatures.

Sections follow one another; the branches of a section lie side by side with one pressure drop. A closed loop goes from the last section
back to the first, through the pump; an open run begins at a row that is held (its inlet) and loses what leaves its end. Flow is
quasi-steady: at every moment pump and pressure drops balance at the temperatures of that moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import pi

import numpy as np
from numpy.typing import NDArray

from thermal.fluid.film import Correlation as FilmCorrelation
from thermal.fluid.friction import Correlation as FrictionCorrelation
from thermal.fluid.fusion import Fusion
from thermal.network.flows import OUTSIDE, Floats, Ids, Instant
from thermal.network.loops.frozen import FrozenState, Ways
from thermal.network.loops.liquid import LiquidState, LoopLiquid
from thermal.network.loops.pump import Pump, Valve


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A tube, or several alike side by side, cut into cells of equal length."""

    name: str
    rows: Ids  #: of its cells, in the direction of flow
    length: float  #: m
    diameter: float  #: inner, or hydraulic [m]
    section: int  #: sections follow one another
    branch: int  #: within its section; segments of one branch follow one another
    tubes: int = 1
    roughness: float = 0.0  #: m
    loss: float = 0.0  #: sum of the loss coefficients of its fittings, on its own speed [-]
    friction: FrictionCorrelation = "colebrook"
    film: FilmCorrelation = "gnielinski"
    entrance: bool = False  #: whether the flow develops from its entrance, which raises its film

    @property
    def free_area(self) -> float:
        """Cross section of all its tubes [m2]."""
        return self.tubes * pi * self.diameter**2 / 4

    @property
    def wetted(self) -> float:
        """Inner surface of one cell, all tubes [m2]."""
        return self.tubes * pi * self.diameter * self.length / len(self.rows)


@dataclass(frozen=True, eq=False)
class Loop:
    """Cells and the links between them."""

    name: str
    liquid: LoopLiquid
    segments: Sequence[Segment]
    reference: float  #: K, at which its mass is taken and its states begin
    pump: Pump
    inlet: int = OUTSIDE  #: row of an open run's inlet, held; OUTSIDE: the loop is closed
    valve: Valve | None = None
    shuts: Mapping[int, float] = field(default_factory=dict)  #: times from which on valves shut a branch off, by its number [s]
    solid: Fusion | None = None  #: of one that may start frozen, with its reference at the freezing point; None: what freezes is an alarm
    by_state: bool = False  #: see `Ways`
    ways: Ways | None = field(init=False)  #: which branches have thawed; written by the march; None of one that does not start frozen
    rows: Ids = field(init=False)  #: (cells,)
    segment: Ids = field(init=False)  #: (cells,) number of its segment
    branch: Ids = field(init=False)  #: (cells,) number of its branch among all
    first: Ids = field(init=False)  #: (links,) cell that each leaves, or -1 - the inlet
    last: Ids = field(init=False)  #: (links,) cell that each enters; OUTSIDE at the end of an open run
    sections: Sequence[Ids] = field(init=False)  #: branches of each section

    def __post_init__(self) -> None:
        keys = list(dict.fromkeys((s.section, s.branch) for s in self.segments))
        number = {at: i for i, at in enumerate(keys)}
        counts = [len(s.rows) for s in self.segments]
        segment = np.repeat(np.arange(len(self.segments)), counts)
        branch = np.array([number[(s.section, s.branch)] for s in self.segments], dtype=np.int64)[segment]
        cells = [np.flatnonzero(branch == b) for b in range(len(keys))]
        known = sorted({section for section, _ in keys})
        sections = [np.array([number[at] for at in keys if at[0] == section]) for section in known]
        pairs = [(int(a), int(b)) for chain in cells for a, b in pairwise(chain)]
        follow = list(pairwise(sections))
        if self.inlet == OUTSIDE:
            follow.append((sections[-1], sections[0]))
        pairs += [(int(cells[a][-1]), int(cells[b][0])) for before, after in follow for a in before for b in after]
        if self.inlet != OUTSIDE:
            pairs += [(OUTSIDE, int(cells[b][0])) for b in sections[0]]
            pairs += [(int(cells[a][-1]), OUTSIDE) for a in sections[-1]]
        links = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        for name, value in {
            "rows": np.concatenate([s.rows for s in self.segments]),
            "segment": segment,
            "branch": branch,
            "first": links[:, 0],
            "last": links[:, 1],
            "sections": sections,
            "ways": None if self.solid is None else Ways(tuple(sections), self.by_state),
        }.items():
            object.__setattr__(self, name, value)

    @cached_property
    def law(self) -> LiquidState | FrozenState:
        """States of its rows."""
        liquid = LiquidState(self.rows, self.liquid, self.reference)
        return liquid if self.solid is None else FrozenState(self.rows, liquid, self.solid)

    @cached_property
    def specific_heat(self) -> float:
        """Of its states [J/kgK]."""
        return float(self.liquid.at(self.reference).specific_heat)

    def shut(self, t: float) -> NDArray[np.bool_]:
        """Which of its branches are shut off at a time [s]."""
        found = np.zeros(int(self.branch.max()) + 1, dtype=bool)
        for branch, since in self.shuts.items():
            found[branch] = t >= since
        return found

    def lowest(self, now: Instant) -> Floats:
        """Least state of the cells of each branch (branches,) [K]."""
        found = np.full(int(self.branch.max()) + 1, np.inf)
        np.minimum.at(found, self.branch, now.y[self.rows])
        return found

    def frozen(self, now: Instant) -> NDArray[np.bool_]:
        """Which of its branches frozen cells block."""
        if self.ways is None:
            return np.zeros(int(self.branch.max()) + 1, dtype=bool)
        found = ~self.ways.open(now.t)
        if self.by_state and found.any():
            found &= self.lowest(now) < self.reference
        return found

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """(cells,) that no valve ever shuts off: what is shut off has leaked out, and neither freezes nor boils."""
        found = ~np.isin(self.branch, list(self.shuts))
        return np.asarray(found if found.any() else ~found)

    def capacities(self) -> Floats:
        """Heat capacity of each cell by state [J/K], at the density of the reference temperature."""
        at = self.liquid.at(self.reference)
        volume = np.array([s.free_area * s.length / len(s.rows) for s in self.segments])
        return np.asarray(volume[self.segment] * float(at.density * at.specific_heat))

    def by_cell(self, values: Sequence[float]) -> Floats:
        """A figure of each segment, (cells,)."""
        return np.asarray(values, dtype=float)[self.segment]

    def inlet_temperature(self, now: Instant) -> float:
        """Of an open run [K]."""
        return float(now.T[self.inlet])
