"""Flows of heat between rows of a network, or between a row and the outside, in groups of one kind (docs/theory.md, networks).

A flow leaves one row and enters another, so that nothing is lost between two rows whatever its law is. A group knows the rate of each of
its flows and how it grows with temperatures; the same numbers make the residual, the matrix and the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from thermal.constants import STEFAN_BOLTZMANN
from thermal.signal import Course

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Slopes = tuple[Ids, Ids, Floats]  #: flow within the group, row of the network, growth of the flow with the row's temperature [W/K]

OUTSIDE = -1  #: end of a flow that is no row


class Stated(Protocol):
    """Rows with states: a network."""

    def temperatures(self, y: Floats, continued: bool = False) -> tuple[Floats, Floats]:
        """Temperatures (rows,) [K] of states (rows,), and dT/dy; `continued` by the phases that packs remember, as within a step."""
        ...


class Instant:
    """A time and the states of all rows at it, with what several flows make of them."""

    def __init__(self, network: Stated, t: float, y: Floats, continued: bool = False) -> None:
        self.t = t  #: s
        self.y = y  #: (rows,) K
        self.T, self.slope = network.temperatures(y, continued)  #: (rows,) K, and dT/dy
        self.memo: dict[object, object] = {}  #: what flows of one loop have in common

    @cached_property
    def fourth(self) -> Floats:
        """Fourth power of the temperatures, |T| T^3 [K4]: odd, so that a stray negative guess is pulled back."""
        return np.asarray(np.square(self.T) * self.T * np.abs(self.T))


class Flow(Protocol):
    """A group of m flows."""

    @property
    def start(self) -> Ids:
        """(m,) row that each leaves, or OUTSIDE."""
        ...

    @property
    def end(self) -> Ids:
        """(m,) row that each enters, or OUTSIDE."""
        ...

    @property
    def paths(self) -> Sequence[str]:
        """(m,) names in the ledger; several may share one."""
        ...

    def rate(self, now: Instant) -> Floats:
        """(m,) W."""
        ...

    def slopes(self, now: Instant) -> Slopes:
        """How they grow; may be approximate, at the cost of shorter steps."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Conduction:
    """Heat = G (T_start - T_end)."""

    start: Ids
    end: Ids
    conductance: Floats  #: (m,) W/K
    paths: Sequence[str]

    def rate(self, now: Instant) -> Floats:
        """W."""
        return np.asarray(self.conductance * (now.T[self.start] - now.T[self.end]))

    def slopes(self, now: Instant) -> Slopes:
        """Constant."""
        return both_ends(self.start, self.end, self.conductance, self.conductance)


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Radiation: heat = sigma GR (T_start^4 - T_end^4)."""

    start: Ids
    end: Ids
    exchange: Floats  #: (m,) GR [m2]
    paths: Sequence[str]
    sigma: float = STEFAN_BOLTZMANN  #: W/m2K4
    since: Floats | float = -np.inf  #: times from which on each is there [s]

    def rate(self, now: Instant) -> Floats:
        """W."""
        return np.asarray(self.sigma * self._there(now) * (now.fourth[self.start] - now.fourth[self.end]))

    def slopes(self, now: Instant) -> Slopes:
        """By the cubes."""
        cube = 4 * self.sigma * np.square(now.T) * np.abs(now.T)
        there = self._there(now)
        return both_ends(self.start, self.end, there * cube[self.start], there * cube[self.end])

    def _there(self, now: Instant) -> Floats:
        return np.where(now.t >= self.since, self.exchange, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Heat from outside that time alone rules."""

    end: Ids
    heat: Course  #: m columns [W]
    paths: Sequence[str]
    start: Ids = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", np.full(len(self.end), OUTSIDE))

    def rate(self, now: Instant) -> Floats:
        """W."""
        return self.heat(now.t)

    def over(self, times: Sequence[float]) -> Floats:
        """At several times (k, m) [W]."""
        return self.heat(np.array(times))

    def slopes(self, now: Instant) -> Slopes:
        """None."""
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)

    def total(self, start: float, end: float) -> Floats:
        """Exact."""
        return self.heat.total(start, end)


def both_ends(start: Ids, end: Ids, out: Floats, back: Floats) -> Slopes:
    """Slopes of flows that grow by `out` with the temperature of their start and shrink by `back` with that of their end."""
    flows = np.arange(len(start))
    return np.concatenate([flows, flows]), np.concatenate([start, end]), np.concatenate([out, -back])
