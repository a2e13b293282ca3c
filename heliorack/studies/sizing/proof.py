"""Whether a design is the least: what the limits as modelled promise beside it, and how well they foretold the designs there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heliorack.studies.sizing.linear_model import Floats, Lessons, LinearModel
from heliorack.studies.sizing.search import lighter
from heliorack.studies.sizing.subproblem import Known, Prices

PROVEN = 5e-3  #: of the objective, that a model may promise or be off by


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands behind a design being the least."""

    reach: float  #: of every variable, within which the model was looked at
    lighter: float  #: of the objective, that the model still promises within it
    missed: float  #: slack (K, or %) of what binds, by which the model was off where it was looked at
    costs: float  #: the same, by its price
    beside: int  #: designs beside it that were evaluated
    objective: float

    @property
    def holds(self) -> bool:
        """Whether both are small beside the objective."""
        return max(self.lighter, self.costs) <= PROVEN * abs(self.objective)


def proof(
    model: LinearModel, before: LinearModel, prices: Prices, lessons: Lessons, known: Known, low: Floats, high: Floats, reach: float
) -> Proof:
    """Look at what is known around a design.

    Args:
        model: About the design, with slopes by all that is known.
        before: The model that foretold what was evaluated beside it.
        prices: Multipliers at the design.
        lessons: All evaluations.
        known: The part of the objective that needs no evaluation.
        low, high: Bounds (n,).
        reach: Distance in every variable up to which designs are beside it.
    """
    objective = known(model.x) + model.answer.extra
    if not len(low):
        return Proof(reach, 0.0, 0.0, 0.0, 0, objective)
    binds, missed, costs, count = prices.of > 0.0, 0.0, 0.0, 0
    for x, answer in lessons.points:
        if not 0.0 < np.max(np.abs(x - model.x)) <= 1.01 * reach:
            continue
        off = np.abs(answer.slack - before.at(x).slack) * (1.0 if answer.seen is None else answer.seen)
        missed, costs, count = max(missed, float(off[binds].max(initial=0.0))), max(costs, float(prices.of @ off)), count + 1
    return Proof(reach, max(0.0, lighter(model, known, low, high, reach)), missed, costs, count, objective)
