"""Ways of heat: what a body gains or loses, each an object that knows its name in the ledger, its load, its heat and its slope.

A new way of heat is one class with the members of `Way`; nothing else knows how many there are. Three of them are more than their rows,
and the solver treats them by their structure: sources (time alone), feedbacks (mean temperatures) and held rows (`thermal.solve.ways`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from thermal.layout import Layout

Floats = NDArray[np.float64]


class Category(Enum):
    """Where heat comes from, as the ledger of a whole satellite sees it."""

    OUTSIDE = "outside"  #: crosses its border: sunlight, albedo, infrared, space, a film to a fluid, rows held at a temperature
    WITHIN = "within"  #: from one of its devices to its structure: compute, heaters, equipment, electricity, battery, regulators
    STORED = "stored"  #: taken up by something that is part of it but not of the mesh, such as a fluid or a wax


class Moment:
    """A time and the temperatures of the owned rows at it, with what several ways of heat make of them."""

    def __init__(self, layout: Layout, sigma: float, t: float, T: Floats, sides: Mapping[Any, NDArray[np.int64]] | None = None) -> None:
        self.layout = layout
        self.sigma = sigma  #: Stefan-Boltzmann constant [W/m2K4]
        self.t = t  #: s
        self.T = T  #: (owned,) K
        self.sides = sides or {}  #: by law with corners: by which piece of it a step goes, whatever the temperatures are

    @cached_property
    def fourth(self) -> Floats:
        """Fourth power of the temperatures, |T| T^3 [K4]: odd, so that a stray negative guess is pulled back."""
        T = self.T
        return np.asarray(np.square(T) * T * np.abs(T))


def cubes(now: Moment) -> Floats:
    """Derivative of the emissive power of each row [W/m2K]."""
    return np.asarray(4 * now.sigma * np.square(now.T) * np.abs(now.T))


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """How the heat that each row loses by a way grows with the row's temperature: `derivative(now) * sends + conducts + fixed` [W/K].

    Ways of one `derivative` are taken side by side. Left out of a time step's matrix is what comes back from other rows; `loses` is the
    part that does not come back, by columns, so that the rest stays in the body to round-off.
    """

    derivative: Callable[[Moment], Floats] | None = None  #: (owned,) in any unit; None where the slope does not depend on temperature
    sends: Floats | None = None  #: (owned,) of it that leaves the row
    loses: Floats | None = None  #: (owned,) of it that leaves the body for good; None where nothing comes back
    conducts: Floats | None = None  #: (owned,) constant part [W/K]
    fixed: Floats | None = None  #: (owned,) [W/K] that the matrix A has already
    #: the layout, a derivative (owned,), a change of temperatures (owned,) [K] and the time [s], None for the mean over the period ->
    #: change of what comes back to the rows from other rows (owned,) [W]; collective. None where nothing comes back.
    returned: Callable[[Layout, Floats, Floats, float | None], Floats] | None = None
    #: the transpose of that linear map, with the same arguments, for adjoints: heat (owned,) in place of the change
    returned_transposed: Callable[[Layout, Floats, Floats, float | None], Floats] | None = None

    @property
    def lost(self) -> Floats:
        """What of it leaves the body for good (owned,); to be asked for where there is a derivative."""
        lost = self.sends if self.loses is None else self.loses
        if lost is None:
            raise ValueError("a slope with a derivative needs what it sends")
        return lost


class Way(Protocol):
    """One way of heat. Rows are those of this rank; sums over them are added up over the ranks by the ledger."""

    @property
    def path(self) -> str:
        """Name in the ledger; several ways may share one."""
        ...

    @property
    def category(self) -> Category:
        """Where its heat comes from; the same for all ways of one path."""
        ...

    @property
    def line(self) -> str:
        """Name in the ledger of a whole satellite, where paths of one kind share a line."""
        ...

    def load(self, now: Moment) -> Floats:
        """Heat into each row (owned,) [W], less what the matrix A takes off by `Slope.fixed`. May be collective."""
        ...

    def heat(self, now: Moment) -> float:
        """Heat into the body on this rank [W], all of it: the same as by `load` once summed over the ranks, where it can be, cheaper."""
        ...

    def slope(self) -> Slope | None:
        """Growth of what rows lose; None for heat that their temperatures do not change, or not row by row."""
        ...

    def at_mean(self, times: Floats) -> "Way":
        """The same with what time asks of it held at its mean over `times` (n,) [s], where a jump stands twice."""
        ...


class Alone:
    """What most ways of heat have in common: a line of their own, no slope by rows, nothing that time changes."""

    __slots__ = ()
    path: str

    @property
    def line(self) -> str:
        """Its path."""
        return self.path

    def slope(self) -> Slope | None:
        """None."""
        return None

    def at_mean(self, times: Floats) -> "Way":
        """Itself."""
        return cast(Way, self)
