"""A reduced model over a box of parameters, asked at points of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.run.box.recipe import Recipe, put
from heliorack.run.box.tree import Path
from heliorack.run.prepare import Prepared
from thermal.basis import Basis
from thermal.errors import SolveError
from thermal.reduction.answer import Answer, group_means
from thermal.reduction.candidates import Candidates
from thermal.reduction.foretold import Foretold
from thermal.reduction.interpolant import Interpolant
from thermal.reduction.orbit import Course
from thermal.reduction.periodic import together

Floats = NDArray[np.float64]


class OutsideError(ValueError):
    """A point that a box does not answer; says why."""


class ChargingError(OutsideError):
    """A point at which the battery leaves its charging window."""


@dataclass(frozen=True, slots=True)
class Box:
    """Between which numbers the parameters of a case lie."""

    ranges: Mapping[str, tuple[float, float]]  #: by path of the case file, in its units

    def place(self, point: Mapping[str, float]) -> Floats:
        """A point in [-1, 1]^d.

        Raises:
            OutsideError: it lies outside, or names other parameters.
        """
        if point.keys() != self.ranges.keys():
            raise OutsideError(f"expected {', '.join(self.ranges)}; found {', '.join(point)}")
        for key, value in point.items():
            low, high = self.ranges[key]
            if not low <= value <= high:
                raise OutsideError(f"{key} = {value:g} lies outside {low:g} to {high:g}, which the reduced model was made for")
        return np.array([(2 * point[key] - low - high) / (high - low) for key, (low, high) in self.ranges.items()])

    def point(self, place: Floats) -> dict[str, float]:
        """The parameters at a place in [-1, 1]^d."""
        return {
            key: 0.5 * (low + high) + 0.5 * (high - low) * float(x)
            for (key, (low, high)), x in zip(self.ranges.items(), place, strict=True)
        }


@dataclass(slots=True, eq=False)
class BoxModel:
    """A reduced model over a box; its answers do not depend on what it was asked before."""

    box: Box
    ready: Prepared  #: the middle; its coupling becomes that of the point asked last
    basis: Basis
    candidates: Candidates
    middle: Recipe
    paths: list[Path]  #: of the numbers around the model, after its own arrays
    interpolant: Interpolant
    start: Course  #: of the middle
    events: list[float]  #: of the middle [s]
    foretold: Foretold | None = None  #: where the search for an orbit begins; None at that of the middle
    means: Floats = field(init=False)  #: of the recorded groups per coordinate (r, g)

    def __post_init__(self) -> None:
        self.means = group_means(self.ready.question.task, self.basis)

    def at(self, point: Mapping[str, float], case: Case | None = None) -> tuple[Answer, int]:
        """The orbit at a point, without mesh and matrices, and the rounds that it took with what is solved together with it.

        Args:
            point: By path of the case file.
            case: The case there, whose own [power] is then taken: with other sizes than those of the box.

        Raises:
            OutsideError: the point lies outside the box, or no periodic state is found.
        """
        place = self.box.place(point)
        arrays = self.interpolant(place)
        own = len(arrays) - len(self.paths)
        moved = {
            path: now for path, now, had in zip(self.paths, arrays[own:], self.interpolant.middle[own:], strict=True) if now is not had
        }
        question = self.ready.question
        small = put(question.coupling, self.middle, arrays[:own], moved, case)
        guess = None if self.foretold is None else self.foretold(place, question.coupling.stops)
        start, between = (self.start, self.events) if guess is None else (guess, question.coupling.stops)
        try:
            found = together(question.task, small, self.basis, self.means, question.coupling, start, between)
        except (SolveError, np.linalg.LinAlgError) as error:
            raise OutsideError(f"the reduced model finds no periodic state: {error}") from error
        if found is None:
            raise OutsideError("the reduced model and what is solved together with it find no rest")
        return found
