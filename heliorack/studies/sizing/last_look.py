"""The design that a search ends with, solved in every load case: itself where it keeps every limit, else the least one that was seen to.

A step of a search leaves out the load cases in which nothing is expected to bind, so a search whose solves are spent ends at a design of
which some are known by expectation alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np

from heliorack.studies.sizing.descent import descend
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.linear_model import Answer, Floats
from heliorack.studies.sizing.search import RefusedError, SpentError
from heliorack.studies.sizing.searched import SETTINGS, Combination, Searched, evaluate_of, known_of, lessons_of
from heliorack.studies.sizing.subproblem import prices


def looked_at_whole(designs: Designs, best: Searched) -> Searched:
    """The end of a search with every load case solved, the search gone on where they say that a limit is missed.

    Where solves are spent before one keeps every limit, it is the least of all designs that were solved whole and do; where none does, the
    one of them that misses least.
    """
    evaluate, known = evaluate_of(designs, best.combination), known_of(designs, best.combination)
    while True:
        try:
            answer = evaluate(best.found.x, None)
        except (SpentError, RefusedError):
            break
        best = at(designs, best, best.found.x, answer)
        if best.found.feasible or designs.set_aside or best.found.converged:
            return best
        with designs.keeping(load_cases(designs, best.combination)):
            found = descend(
                best.found.model, evaluate, known, *designs.space.bounds, SETTINGS, lessons=lessons_of(designs, best.combination)
            )
        if np.array_equal(found.x, best.found.x):
            break
        best = replace(best, found=found)
    return least_whole(designs, best)


def least_whole(designs: Designs, best: Searched) -> Searched:
    """The least design that keeps every limit with every load case solved, else the one that misses least; itself where there is none."""
    known, lessons = known_of(designs, best.combination), lessons_of(designs, best.combination)
    hopeful = [(x, answer) for x, answer in lessons.points if answer.violation <= SETTINGS.held]
    for x, _ in sorted(hopeful, key=lambda each: known(each[0]) + each[1].extra):
        with suppress(SpentError, RefusedError):
            answer = designs.evaluate(x, best.combination, None)
            if answer.violation <= SETTINGS.held:
                return at(designs, best, x, answer)
    found = [(x, answer) for x, answer in lessons_of(designs, best.combination).points if answer.seen is None or answer.seen.all()]
    if not found:
        return best
    x, answer = min(found, key=lambda each: each[1].violation)
    return at(designs, best, x, answer)


def at(designs: Designs, best: Searched, x: Floats, answer: Answer) -> Searched:
    """What has been searched, ending at another evaluation."""
    model = lessons_of(designs, best.combination).about(best.found.model.moved(x, answer))
    feasible = answer.violation <= SETTINGS.held
    found = replace(best.found, model=model, feasible=feasible)
    return replace(best, found=replace(found, prices=prices(model, known_of(designs, best.combination), *designs.space.bounds)))


def load_cases(designs: Designs, combination: Combination) -> int:
    """How many solves a design takes when nothing is left out."""
    return len(designs.examined(designs.space.start, combination, False))
