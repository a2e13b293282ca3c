"""One combination of choices: how it is evaluated, what has been learned of it, and its best design."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from heliorack.casefile.errors import shown
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.linear_model import Answer, Floats, Lessons
from heliorack.studies.sizing.search import Evaluate, Found, Settings
from heliorack.studies.sizing.subproblem import Known

SETTINGS = Settings(worth=3e-4)
FIRST = replace(SETTINGS, small=0.02, stale=np.inf, rounds=6, whole=False)  #: of the search whose end is held against the full mesh

type Combination = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """One combination of choices at its best."""

    combination: Combination
    found: Found

    def objective(self, known: Known) -> float:
        """What it counts."""
        return known(self.found.x) + self.found.model.answer.extra


def known_of(designs: Designs, combination: Combination) -> Known:
    """What counts of a design without a solve, by its place."""
    return partial(_drawn, designs, combination)


def _drawn(designs: Designs, combination: Combination, x: Floats) -> float:
    return designs.known(x, combination)


def evaluate_of(designs: Designs, combination: Combination) -> Evaluate:
    """Evaluates designs of a combination."""

    def evaluate(x: Floats, expected: Answer | None) -> Answer:
        return designs.evaluate(x, combination, expected)

    return evaluate


def lessons_of(designs: Designs, combination: Combination) -> Lessons:
    """Evaluations of a combination so far."""
    return designs.lessons[tuple(map(repr, combination))]


def named(designs: Designs, combination: Combination) -> str:
    """A combination in words."""
    chosen = zip(designs.space.choices, combination, strict=True)
    return ", ".join(f"{choice.paths[0]} = {shown(value)}" for choice, value in chosen) or "the case"
