"""What expensive evaluations say of a design: values at a point and slopes. Knows no physics."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one evaluation gives."""

    extra: float  #: of the objective, beyond what is known without an evaluation
    slack: Floats  #: (m,) of every constraint, which holds at 0 or more
    seen: Bools | None = None  #: (m,) constraints that were evaluated, the others being as expected; None where all were
    slopes: Floats | None = None  #: (m + 1, n) of `stacked`, not a number where the evaluation says nothing of one; None: of none

    @property
    def violation(self) -> float:
        """How far the worst constraint is from holding; 0 where all do."""
        return max(0.0, -float(self.slack.min(initial=0.0)))

    def stacked(self) -> Floats:
        """All of it in one column (m + 1,), the extra last."""
        return np.append(self.slack, self.extra)

    def tells_of(self, i: int) -> bool:
        """Whether the evaluation itself says the slopes of all that it evaluated along one variable."""
        if self.slopes is None:
            return False
        seen = np.append(np.ones(len(self.slack), bool) if self.seen is None else self.seen, True)
        return bool(np.isfinite(self.slopes[seen, i]).all())


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

    def told(self) -> LinearModel:
        """The model with the slopes that the evaluation at its centre says itself."""
        own = self.answer.slopes
        return self if own is None else replace(self, slopes=np.where(np.isfinite(own), own, self.slopes))

    def at(self, x: Floats) -> Answer:
        """What is expected elsewhere."""
        found = self.answer.stacked() + self.slopes @ (x - self.x)
        return Answer(float(found[-1]), found[:-1])

    def moved(self, x: Floats, answer: Answer) -> LinearModel:
        """The same slopes around another evaluation."""
        return replace(self, x=x, answer=answer)

    def shifted(self, row: int, amount: float) -> LinearModel:
        """The model of a problem in which one constraint is relaxed by `amount`."""
        slack = self.answer.slack.copy()
        slack[row] += amount
        return replace(self, answer=replace(self.answer, slack=slack))

    def pulled(self, cushion: Floats) -> LinearModel:
        """The model of a problem in which every constraint asks for more, by `cushion` (m,)."""
        return replace(self, answer=replace(self.answer, slack=self.answer.slack - cushion))


@dataclass(slots=True, eq=False)
class Lessons:
    """All evaluations so far, and the slopes that they say a point has.

    An evaluation at a distance d tells the slope with an error by noise, which falls as 1/d, and one by the bend, which grows as d; where
    both are alike it tells most.
    """

    alike: float  #: that distance
    points: list[tuple[Floats, Answer]] = field(default_factory=list)

    def add(self, x: Floats, answer: Answer) -> None:
        """Remember an evaluation; one of the same point is replaced."""
        self.points = [(at, one) for at, one in self.points if not np.array_equal(at, x)] + [(x, answer)]

    def moved(self, by: Floats) -> Lessons:
        """The same evaluations with slacks moved by (m,)."""
        return Lessons(self.alike, [(x, replace(one, slack=one.slack + by)) for x, one in self.points])

    def about(self, model: LinearModel) -> LinearModel:
        """The model with slopes by all evaluations, weighted least squares that leave what they do not tell as it is in the model.

        The model's own centre is passed through exactly, and with the slopes that are known there.
        """
        model = model.told()
        own = np.zeros(model.slopes.shape, bool) if model.answer.slopes is None else np.isfinite(model.answer.slopes)
        others = [(x - model.x, one) for x, one in self.points if not np.array_equal(x, model.x)]
        if not others:
            return model
        steps = np.array([step for step, _ in others])
        missed = np.array([one.stacked() - model.at(model.x + step).stacked() for step, one in others])
        seen = np.array([np.append(np.ones(len(one.slack), bool) if one.seen is None else one.seen, True) for _, one in others])
        weight = 1.0 / (self.alike**2 + np.einsum("ij,ij->i", steps, steps))
        slopes = model.slopes.copy()
        for told in np.unique(seen, axis=1).T:
            rows = np.flatnonzero((seen == told[:, None]).all(axis=0))
            A = np.vstack([weight[told, None] * steps[told], np.eye(len(model.x))])  # the last: a bend of 1 over a step of 1 is no news
            b = np.vstack([weight[told, None] * missed[told][:, rows], np.zeros((len(model.x), len(rows)))])
            for free in np.unique(~own[rows], axis=0):
                mine = (~own[rows] == free).all(axis=1)
                if free.any():
                    slopes[np.ix_(rows[mine], free)] += np.linalg.lstsq(A[:, free], b[:, mine])[0].T
        return replace(model, slopes=slopes)
