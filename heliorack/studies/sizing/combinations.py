"""The best of all combinations of choices: which are searched, and which are left out and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.studies.sizing.constraints import Row
from heliorack.studies.sizing.descent import descend
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.full_mesh import Look, move
from heliorack.studies.sizing.linear_model import Answer, Floats, LinearModel
from heliorack.studies.sizing.search import (
    Evaluate,
    Found,
    RefusedError,
    Settings,
    SpentError,
    StuckError,
    cheapest,
    first_slopes,
    hopeless,
)
from heliorack.studies.sizing.searched import SETTINGS, Combination, Searched, evaluate_of, known_of, lessons_of, named
from heliorack.studies.sizing.subproblem import Known, least, prices
from heliorack.studies.sizing.variables import Variable
from thermal.errors import SolveError

BETTER = 5e-3  #: of the objective: what a further combination of choices must promise by its slopes to be searched


def best_of_all(designs: Designs, said: list[str], settings: Settings, look: Look | None) -> Searched:
    """The best of all combinations that could not be left out; the case's own design is first held against the full mesh."""
    start = designs.space.start
    best: Searched | None = None
    nearest: Searched | None = None  # of combinations whose energy cannot be mended
    taught: tuple[LinearModel, tuple[Row, ...], Combination] | None = None
    for number, combination in enumerate(designs.space.combinations()):
        known, evaluate = known_of(designs, combination), evaluate_of(designs, combination)
        low, high = designs.space.bounds
        name = named(designs, combination)
        if best is not None and best.found.feasible:
            bound, have = cheapest(known, best.found.x, low, high), best.objective(known_of(designs, best.combination))
            if bound >= have:
                said.append(f"{name} left out: even at the ends of the ranges it counts {bound:.4g}, no less than {have:.4g}")
                continue
        try:
            if taught is None:
                model = _first(designs, known, evaluate, said)
                low, high = designs.space.bounds
                if look is not None:
                    look.at(designs, combination, start)
                    move(designs, look.full, look.coarse)
                    model = replace(model, answer=evaluate(start, None))
                taught = model, designs.rows[tuple(map(repr, combination))], combination
            else:
                old, other = taught[0], taught[2]
                model = _like(designs, combination, designs.taken_over(combination, other, old.x, old.answer), old.x, taught[:2])
                if best is not None and best.found.feasible:
                    have, hoped = best.objective(known_of(designs, best.combination)), _hoped(model, known, low, high)
                    if hoped > have * (1.0 - BETTER):
                        said.append(f"{name} left out: by its slopes the least it could count is {hoped:.4g}, against {have:.4g}")
                        continue
            kept = _mendable(designs, combination, model, evaluate, said)
            if kept is None:
                if nearest is None or model.answer.violation < nearest.found.model.answer.violation:
                    nearest = Searched(combination, Found(model, False, True, prices(model, known, low, high)))
                continue
            model = kept
        except SpentError:
            if best is None and nearest is None:
                raise SolveError(
                    f"{designs.most} solves do not reach past the first slopes; allow more (size.solves), or take fewer load cases or keys"
                ) from None
            left = [named(designs, one) for one in designs.space.combinations()[number:]]
            said.append(f"not looked at, since the solves are spent: {', '.join(left)}; allow more with size.solves")
            break
        except RefusedError as error:
            if number == 0:
                raise _of_start(designs, error) from error
            said.append(f"{name} left out: {error}")
            continue
        searched = Searched(combination, descend(model, evaluate, known, low, high, settings, lessons=lessons_of(designs, combination)))
        if best is None or _is_better(designs, searched, best):
            best = searched
            taught = best.found.model, designs.rows[tuple(map(repr, combination))], combination
    found = best if best is not None else nearest
    if found is None:
        raise SolveError("no combination of choices can be solved; " + "; ".join(said))
    return found


def _hoped(model: LinearModel, known: Known, low: Floats, high: Floats) -> float:
    """The least that a combination could count by its model; without bound where its constraints hold nowhere by it."""
    step = least(model, known, low, high)
    return known(step.x) + model.at(step.x).extra if step.feasible else -np.inf


def _first(designs: Designs, known: Known, evaluate: Evaluate, said: list[str]) -> LinearModel:
    """The first slopes; a variable that cannot be built at any other value is held at its own, and the search goes on with the others.

    Raises:
        RefusedError: the case's own design cannot be evaluated.
        CaseError: nothing that varies can be built at another value.
        SpentError: evaluations ran out.
    """
    while True:
        try:
            return first_slopes(evaluate, known, designs.space.start, *designs.space.bounds, SETTINGS)
        except StuckError as error:
            said.append(cannot_move(designs.space.variables[error.number], str(error)))
            designs.space = replace(designs.space, held=designs.space.held | {error.number})
            if len(designs.space.held) == len(designs.space.variables) and not designs.space.choices:
                raise CaseError(designs.source, [Problem("size.vary", NOTHING, one) for one in said]) from error


def cannot_move(variable: Variable, why: str) -> str:
    """That a key is held at its value, in words."""
    with_it = f'name what moves with it in size.vary."{variable.path}".also, or leave it out'
    return f"{variable.path} is held at {variable.start:g}: neither a little more nor a little less of it can be built ({why}); {with_it}"


def _mendable(designs: Designs, combination: Combination, model: LinearModel, evaluate: Evaluate, said: list[str]) -> LinearModel | None:
    """The model without energies that no number which varies mends; None where another choice may mend them.

    They are named at the end, as missed. Temperatures are always searched for, so that the nearest design is found.
    """
    rows = designs.rows[tuple(map(repr, combination))]
    lost = [i for i in hopeless(model, *designs.space.bounds) if rows[i].kind == "size"]
    if not lost:
        return model
    if len(designs.space.combinations()) > 1:
        named_rows = ", ".join(f"{rows[i].words()} missed by {-model.answer.slack[i]:.3g} %" for i in lost)
        said.append(f"{named(designs, combination)} left out: {named_rows}; no number that varies mends it")
        return None
    designs.set_aside |= {rows[i] for i in lost}
    slopes = model.slopes.copy()
    slopes[lost] = 0.0
    return LinearModel(model.x, evaluate(model.x, None), slopes)


def _of_start(designs: Designs, error: RefusedError) -> Exception:
    """What is wrong with the case's own design, as it would be said of a run; or that it does not survive a loss, whatever its limits."""
    if any(str(error).startswith(f"{name}: ") for name in designs.lost):
        return SolveError(f"INFEASIBLE: the design does not survive what is lost. {error}")
    cause = error.__cause__
    return cause if isinstance(cause, ValueError | RuntimeError) else SolveError(str(error))


def _is_better(designs: Designs, one: Searched, other: Searched) -> bool:
    if one.found.feasible != other.found.feasible:
        return one.found.feasible
    if not one.found.feasible:
        return one.found.model.answer.violation < other.found.model.answer.violation
    return one.objective(known_of(designs, one.combination)) < other.objective(known_of(designs, other.combination))


def _like(
    designs: Designs, combination: Combination, answer: Answer, x: Floats, taught: tuple[LinearModel, tuple[Row, ...]]
) -> LinearModel:
    """The model of a combination by its own values and the slopes of another one, row by row."""
    model, rows = taught
    slopes = np.zeros((len(answer.slack) + 1, len(x)))
    for i, row in enumerate(designs.rows[tuple(map(repr, combination))]):
        if row in rows:
            slopes[i] = model.slopes[rows.index(row)]
    slopes[-1] = model.slopes[-1]
    return LinearModel(x, answer, slopes)
