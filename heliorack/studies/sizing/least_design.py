"""The least design of a case: searched on the sizing mesh, then held against the full mesh, and proven by slopes to both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from heliorack.studies.sizing.combinations import best_of_all
from heliorack.studies.sizing.constraints import Judged, Row
from heliorack.studies.sizing.descent import descend
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.full_mesh import Look, corrected
from heliorack.studies.sizing.last_look import load_cases, looked_at_whole
from heliorack.studies.sizing.linear_model import Answer, Floats, LinearModel
from heliorack.studies.sizing.objective import Amounts
from heliorack.studies.sizing.proof import Proof, proof
from heliorack.studies.sizing.search import SpentError, refreshed
from heliorack.studies.sizing.searched import FIRST, SETTINGS, Searched, evaluate_of, known_of, lessons_of
from heliorack.studies.sizing.subproblem import Known, Prices, least, prices
from power.system.settings import Sizes

AFAR = 0.4  #: of the largest step from where the full mesh was looked at, beyond which it is looked at again


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """The least design, or the one that comes nearest where none keeps all limits."""

    best: Searched
    rows: tuple[Row, ...]
    judged: dict[Row, Judged]  #: on the sizing mesh
    offsets: dict[Row, float]
    full: dict[Row, Judged]  #: of the load cases that were held against the full mesh, at the first optimum
    coarse: dict[Row, Judged]  #: the same design on the sizing mesh
    amounts: Amounts
    sizes: Sizes
    start: tuple[Amounts, dict[Row, Judged]]  #: the case's own design
    said: tuple[str, ...]  #: combinations that were left out, and why
    solves: int
    full_solves: int
    low: Floats
    high: Floats
    known: Known
    set_aside: frozenset[Row]  #: constraints that nothing which varies mends
    proof: Proof

    @property
    def feasible(self) -> bool:
        """Whether every limit is kept with its margin."""
        return self.best.found.feasible and not self.set_aside

    @property
    def prices(self) -> Prices:
        """Multipliers at the design."""
        return self.best.found.prices

    @property
    def model(self) -> LinearModel:
        """Around the design."""
        return self.best.found.model

    def relaxed(self, row: Row, amount: float) -> Floats:
        """Where the optimum moves, by the model, when a limit is relaxed in all load cases."""
        shifted = self.model
        for i, other in enumerate(self.rows):
            if other.limit == row.limit:
                shifted = shifted.shifted(i, amount)
        return least(shifted, self.known, np.maximum(self.low, self.model.x - 0.2), np.minimum(self.high, self.model.x + 0.2)).x


def least_design(designs: Designs, full_look: bool = True) -> Sized:
    """Search, hold the optimum against the full mesh, and search on with what that says.

    Args:
        designs: Evaluates designs.
        full_look: Whether load cases that bind are solved once on the full mesh; without, the sizing mesh speaks for it.

    Raises:
        CaseError, GeometryError: the case's own design is malformed.
        SolveError: its solve fails.
    """
    full_look = full_look and not designs.meshless
    said: list[str] = []
    look, start = Look(), (designs.space.start, designs.space.combinations()[0])
    whole, slopes = load_cases(designs, start[1]), 4 * len(designs.space.variables)  # what the end takes
    with designs.keeping(whole), designs.keeping(slopes):
        best = best_of_all(designs, said, FIRST if full_look else SETTINGS, look if full_look else None)
        own = designs.amounts(*start), designs.judged(*start)
        if full_look:
            x = best.found.x
            if (len(x) and float(np.max(np.abs(x - designs.space.start))) > AFAR) or best.combination != look.combination:
                designs.evaluate(x, best.combination, None)
                look.at(designs, best.combination, x)
            best = corrected(designs, best, look.full, look.coarse, designs.space.start)
    return priced(designs, best, look.full, look.coarse, own, tuple(said), look.solves)


def priced(
    designs: Designs,
    best: Searched,
    full: dict[Row, Judged],
    coarse: dict[Row, Judged],
    start: tuple[Amounts, dict[Row, Judged]],
    said: tuple[str, ...],
    full_solves: int,
) -> Sized:
    """A design with fresh slopes for its prices."""
    known, (low, high) = known_of(designs, best.combination), designs.space.bounds
    best, proven = _beside(designs, looked_at_whole(designs, best))
    if best.found.feasible and not proven.holds:  # there is a better one, by slopes that look to both sides
        evaluate, lessons = evaluate_of(designs, best.combination), lessons_of(designs, best.combination)
        with designs.keeping(load_cases(designs, best.combination)):
            found = descend(best.found.model, evaluate, known, low, high, SETTINGS, best.found.x, lessons)
        if not np.array_equal(found.x, best.found.x):
            best, proven = _beside(designs, looked_at_whole(designs, replace(best, found=found)))
    x = best.found.x
    return Sized(
        best=best,
        rows=designs.rows[tuple(map(repr, best.combination))],
        judged=designs.judged(x, best.combination),
        offsets=dict(designs.offsets),
        full=full,
        coarse=coarse,
        amounts=designs.amounts(x, best.combination),
        sizes=designs.asked(x, best.combination),
        start=start,
        said=said,
        solves=designs.solved,
        full_solves=full_solves,
        low=low,
        high=high,
        known=known,
        set_aside=frozenset(designs.set_aside),
        proof=proven,
    )


def _beside(designs: Designs, best: Searched) -> tuple[Searched, Proof]:
    """A design with slopes by differences to both sides, and what they say of it being the least.

    Where all of them were to be had and nothing better is near by them, the search has settled, spent or not.
    """
    known, (low, high) = known_of(designs, best.combination), designs.space.bounds
    evaluate, before, spent = evaluate_of(designs, best.combination), best.found.model, False

    def told(x: Floats, expected: Answer | None) -> Answer:
        nonlocal spent
        try:
            return evaluate(x, expected)
        except SpentError:
            spent = True
            raise

    model = refreshed(before, told, low, high, SETTINGS) if len(low) else before
    if not np.array_equal(model.x, best.found.x):
        try:
            model = model.moved(model.x, told(model.x, None))
        except SpentError:  # what was left out there stays unknown
            model = model.moved(best.found.x, before.answer)
    feasible = model.answer.violation <= SETTINGS.held
    there = _at_best(model, known, low, high) if feasible else model
    found = replace(best.found, model=model, feasible=feasible, prices=prices(there, known, low, high))
    proven = proof(model, before, found.prices, lessons_of(designs, best.combination), known, low, high, SETTINGS.step)
    settled = found.converged or (feasible and not spent and proven.holds)
    return replace(best, found=replace(found, converged=settled)), proven


def _at_best(model: LinearModel, known: Known, low: Floats, high: Floats) -> LinearModel:
    """A model about where it is least within the reach of its slopes: what binds there is exactly at its limit, and has its price."""
    x = least(model, known, np.maximum(low, model.x - SETTINGS.step), np.minimum(high, model.x + SETTINGS.step)).x
    return model.moved(x, model.at(x))
