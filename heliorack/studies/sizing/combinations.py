"""The best of all combinations of choices: which are searched, and which are left out and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    """The best of all combinations that could not be left out; the case's own design is first held against the full mesh.

    Args:
        designs: What is searched.
        said: Told why a combination is left out.
        settings: Of each search.
        look: At the full mesh; None leaves that out.

    Raises:
        CaseError: nothing that varies can be built at another value.
        SolveError: no combination can be solved, or solves are spent before the first slopes are known.
    """
    competition = _Competition(designs, said, settings, look)
    for number, combination in enumerate(designs.space.combinations()):
        try:
            competition.enter(combination)
        except SpentError:
            if competition.winner is None:
                raise SolveError(
                    f"{designs.most} solves do not reach past the first slopes; allow more (size.solves), or take fewer load cases or keys"
                ) from None
            left = [named(designs, one) for one in designs.space.combinations()[number:]]
            said.append(f"not looked at, since the solves are spent: {', '.join(left)}; allow more with size.solves")
            break
        except RefusedError as error:
            if number == 0:
                raise _of_start(designs, error) from error
            said.append(f"{named(designs, combination)} left out: {error}")
    if competition.winner is None:
        raise SolveError("no combination of choices can be solved; " + "; ".join(said))
    return competition.winner


@dataclass(slots=True, eq=False)
class _Competition:
    """Combinations one after the other, against the best so far."""

    designs: Designs
    said: list[str]  #: why one is left out
    settings: Settings
    look: Look | None
    best: Searched | None = None
    nearest: Searched | None = None  #: of combinations whose energy cannot be mended
    taught: tuple[LinearModel, tuple[Row, ...], Combination] | None = None  #: slopes that others begin with, of which constraints and where

    @property
    def winner(self) -> Searched | None:
        """The best, else the nearest."""
        return self.best if self.best is not None else self.nearest

    def enter(self, combination: Combination) -> None:
        """Search a combination, or say why it is left out.

        Raises:
            RefusedError: its first design cannot be evaluated.
            SpentError: evaluations ran out before its slopes were known.
        """
        designs, known, evaluate = self.designs, known_of(self.designs, combination), evaluate_of(self.designs, combination)
        if self._is_dearer(combination, known):
            return
        if self.taught is None:
            model = self._first(combination, known, evaluate)
        else:
            model = self._like_the_taught(combination)
            if self._is_hopeless(combination, known, model):
                return
        kept = _mendable(designs, combination, model, evaluate, self.said)
        if kept is None:
            if self.nearest is None or model.answer.violation < self.nearest.found.model.answer.violation:
                self.nearest = Searched(combination, Found(model, False, True, prices(model, known, *designs.space.bounds)))
            return
        found = descend(kept, evaluate, known, *designs.space.bounds, self.settings, lessons=lessons_of(designs, combination))
        searched = Searched(combination, found)
        if self.best is None or _is_better(designs, searched, self.best):
            self.best = searched
            self._teach(found.model, combination)

    def _to_beat(self) -> float | None:
        """What the best counts, where it holds."""
        if self.best is None or not self.best.found.feasible:
            return None
        return self.best.objective(known_of(self.designs, self.best.combination))

    def _is_dearer(self, combination: Combination, known: Known) -> bool:
        """Whether a combination counts no less than the best wherever in the ranges; says so."""
        have = self._to_beat()
        if have is None or self.best is None:
            return False
        bound = cheapest(known, self.best.found.x, *self.designs.space.bounds)
        if bound < have:
            return False
        name = named(self.designs, combination)
        self.said.append(f"{name} left out: even at the ends of the ranges it counts {bound:.4g}, no less than {have:.4g}")
        return True

    def _is_hopeless(self, combination: Combination, known: Known, model: LinearModel) -> bool:
        """Whether the slopes promise too little less than the best; says so."""
        have = self._to_beat()
        if have is None:
            return False
        hoped = _hoped(model, known, *self.designs.space.bounds)
        if hoped <= have * (1.0 - BETTER):
            return False
        name = named(self.designs, combination)
        self.said.append(f"{name} left out: by its slopes the least it could count is {hoped:.4g}, against {have:.4g}")
        return True

    def _first(self, combination: Combination, known: Known, evaluate: Evaluate) -> LinearModel:
        """Slopes by differences around the case's own design, held against the full mesh."""
        designs = self.designs
        model = _first(designs, known, evaluate, self.said)
        if self.look is not None:
            self.look.at(designs, combination, designs.space.start)
            move(designs, self.look.full, self.look.coarse)
            model = replace(model, answer=evaluate(designs.space.start, None))
        self._teach(model, combination)
        return model

    def _like_the_taught(self, combination: Combination) -> LinearModel:
        """Values of a combination, with the slopes of the one that was searched with most success."""
        assert self.taught is not None
        model, rows, other = self.taught
        answer = self.designs.taken_over(combination, other, model.x, model.answer)
        return _like(self.designs, combination, answer, model.x, (model, rows))

    def _teach(self, model: LinearModel, combination: Combination) -> None:
        self.taught = model, self.designs.rows[tuple(map(repr, combination))], combination


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
    return LinearModel(x, answer, slopes).told()
