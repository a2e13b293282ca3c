"""Corners of laws that answer to temperature, such as where a thermostat's heater ends to work all the time: steps end on them.

Between two corners a law is one smooth piece. A step across a corner would take some stages by the one and some by the other: its error is
larger for it, and its derivative off by as much as the part of the step on the wrong side. So every step goes by the piece of the side on
which it begins, as if that had no ends, and where it passes a corner it is taken anew up to there. The heat is the same on both sides of
a corner, so that a shift of the moment changes nothing at first order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.layout import Layout
from thermal.solve.model import Model
from thermal.solve.step import Step
from thermal.solve.ways import Feedback, Sides

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

LOOKS = np.linspace(0.0, 1.0, 9)  #: parts of a step at which it is looked for corners
SHARP = 1e-9  #: of a step, to which a corner is found
NEAREST = 1e-6  #: of the time between two events, that a step up to a corner takes at least
TURNS = 4  #: by so many corners in a row that are nearer, a step goes by the laws as they are


@dataclass(slots=True, eq=False)
class Course:
    """By which pieces of their laws the steps between two events go, and the corner on which the next of them is to end. Collective."""

    model: Model
    interval: float  #: between the two events [s]
    sides: Sides
    length: float | None = field(init=False, default=None)  #: of the next step, where it is to end on a corner [s]
    _behind: Sides | None = field(init=False, default=None)  #: sides from that corner on
    _after: float = field(init=False, default=0.0)  #: length of the step from there [s]
    _turns: int = field(init=False, default=0)

    def missed(self) -> None:
        """A step was off by too much."""
        self.length = self._behind = None

    def stands(self, step: Step, wanted: float, even: bool) -> bool:
        """Whether a step that is good enough may stand; otherwise it is to be taken anew, to `length` where that is given.

        Args:
            wanted: Length of the step after it [s].
            even: Whether steps are of one length, so that what a corner leaves of one is to follow.
        """
        if self._behind is not None:
            self.sides = self._behind
            return True
        found = _first(self.model.layout, step, self.sides) if self.sides else None
        if found is None:
            self._turns = 0
            return True
        share, behind = found
        whole, least = step.end - step.start, NEAREST * self.interval
        if share * whole <= least:
            self._turns += 1
            self.sides = behind if self._turns < TURNS else {}
            return False
        if (1.0 - share) * whole <= least:
            self.sides = behind
            return True
        self.length, self._behind = share * whole, behind
        self._after = (1.0 - share) * whole if even else wanted
        return False

    def next(self, step: Step, wanted: float) -> float:
        """Length of the step after one that stands [s]."""
        if self._behind is not None:
            wanted = self._after
        elif not self.sides:
            self.sides = sides(self.model, step.end, step.after)
        self.missed()
        return wanted


def sides(model: Model, t: float, T: Floats) -> Sides:
    """On which side of its corners each law is that knows them, at temperatures of the owned rows [K]; collective."""
    found = {}
    for law in model.feedbacks:
        if law.beyond is not None:
            found[law] = np.asarray((law.beyond(t, law.means(model.layout, T)) > 0.0).sum(axis=0), dtype=np.int64)
    return found


def _first(layout: Layout, step: Step, now: Sides) -> tuple[float, Sides] | None:
    """The first corner that a step by `now` passes, as a part of it, and the sides behind it; None where it passes none."""
    found: tuple[float, Sides] | None = None
    for law, above in now.items():
        passed = _first_of(law, layout, step, above)
        if passed is not None and (found is None or passed[0] < found[0]):
            found = passed[0], {**now, law: passed[1]}
    return found


def _first_of(law: Feedback, layout: Layout, step: Step, above: Ids) -> tuple[float, Ids] | None:
    """The same of one law."""
    from scipy.optimize import brentq

    means, beyond = _course(law, layout, step), law.beyond
    assert beyond is not None

    def over(shares: Floats) -> Floats:
        times = step.start + shares * (step.end - step.start)
        return np.array([beyond(t, one) for t, one in zip(times.tolist(), means(shares), strict=True)])

    ways = over(LOOKS)
    signs = np.where(above > np.arange(ways.shape[1])[:, None], -1.0, 1.0)  # of what lies behind each corner, seen from here
    ways *= signs
    found: tuple[float, Ids] | None = None
    for corner, member in zip(*np.nonzero((ways[1:] > 0.0).any(axis=0)), strict=True):
        course, sign = ways[:, corner, member], float(signs[corner, member])
        k = 1 + int(np.argmax(course[1:] > 0.0))

        def off(share: float, corner: int = int(corner), member: int = int(member), sign: float = sign) -> float:
            return sign * float(over(np.array([share]))[0, corner, member])

        share = 0.0 if course[k - 1] >= 0.0 else float(brentq(off, LOOKS[k - 1], LOOKS[k], xtol=SHARP))
        if found is None or share < found[0]:
            behind = above.copy()
            behind[member] += int(sign)
            found = share, behind
    return found


def _course(law: Feedback, layout: Layout, step: Step) -> Callable[[Floats], Floats]:
    """The means of a law at parts of a step (k,) -> (k, m) [K]."""
    if step.bent or step.slopes is None:
        return lambda shares: np.array([law.means(layout, T) for T in step.at_times(step.start + shares * (step.end - step.start))])
    before, after, *slopes = (law.means(layout, T) for T in (step.before, step.after, *step.slopes))
    return lambda shares: step.combined(shares, before, after, np.array(slopes))
