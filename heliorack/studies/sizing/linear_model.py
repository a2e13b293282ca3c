"""What expensive evaluations say of a design: values at a point and slopes from secants. Knows no physics."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one evaluation gives."""

    extra: float  #: of the objective, beyond what is known without an evaluation
    slack: Floats  #: (m,) of every constraint, which holds at 0 or more

    @property
    def violation(self) -> float:
        """How far the worst constraint is from holding; 0 where all do."""
        return max(0.0, -float(self.slack.min(initial=0.0)))

    def stacked(self) -> Floats:
        """All of it in one column (m + 1,), the extra last."""
        return np.append(self.slack, self.extra)


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Values at a point and their slopes."""

    x: Floats  #: (n,)
    answer: Answer
    slopes: Floats  #: (m + 1, n) of the slacks, and of the extra last

    @property
    def slack_slopes(self) -> Floats:
        """(m, n)."""
        return self.slopes[:-1]

    @property
    def extra_slope(self) -> Floats:
        """(n,)."""
        return np.asarray(self.slopes[-1])

    def at(self, x: Floats) -> Answer:
        """What is expected elsewhere."""
        found = self.answer.stacked() + self.slopes @ (x - self.x)
        return Answer(float(found[-1]), found[:-1])

    def taught(self, x: Floats, answer: Answer) -> LinearModel:
        """The same centre, with slopes that also pass through another evaluation.

        Source:
            Broyden's update (Mathematics of Computation 19, 1965): the least change of the slopes that does; of one variable the secant.
        """
        step = x - self.x
        square = float(step @ step)
        if square == 0.0:
            return self
        missed = answer.stacked() - self.at(x).stacked()
        return replace(self, slopes=self.slopes + np.outer(missed, step) / square)

    def moved(self, x: Floats, answer: Answer) -> LinearModel:
        """The same slopes around another evaluation."""
        return replace(self, x=x, answer=answer)

    def shifted(self, row: int, amount: float) -> LinearModel:
        """The model of a problem in which one constraint is relaxed by `amount`."""
        slack = self.answer.slack.copy()
        slack[row] += amount
        return replace(self, answer=replace(self.answer, slack=slack))

    def pulled(self, cushion: float) -> LinearModel:
        """The model of a problem in which every constraint asks for more by `cushion`."""
        return replace(self, answer=replace(self.answer, slack=self.answer.slack - cushion)) if cushion else self
