"""A reduced model over a box of parameters, asked at points of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.coupling.solve import Question
from heliorack.run.box.recipe import Recipe, put
from heliorack.run.box.tree import Path
from thermal.basis import Basis
from thermal.errors import SolveError
from thermal.reduction.candidates import Candidates
from thermal.reduction.interpolant import Interpolant
from thermal.reduction.orbit import Course
from thermal.reduction.periodic import together
from thermal.solve.probes import History

Floats = NDArray[np.float64]


class OutsideError(ValueError):
    """A point that a box does not answer; says why."""


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


@dataclass(frozen=True, slots=True, eq=False)
class PointAnswer:
    """The periodic state at a point."""

    history: History  #: means over time of the recorded groups, and their extremes; no fields
    error: float  #: estimated, of extremes and means [K]
    orbits: int


@dataclass(slots=True, eq=False)
class BoxModel:
    """A reduced model over a box; its answers do not depend on what it was asked before."""

    box: Box
    question: Question  #: of the middle
    basis: Basis
    candidates: Candidates
    means: Floats  #: (r, g)
    middle: Recipe
    paths: list[Path]  #: of the numbers around the model, after its own arrays
    interpolant: Interpolant
    start: Course  #: of the middle
    error: float = np.inf  #: greatest that was found at points that it was not made from, with a margin [K]
    checked: int = 0  #: how many these were

    def at(self, point: Mapping[str, float]) -> PointAnswer:
        """The answer at a point, without mesh and matrices.

        Raises:
            OutsideError: the point lies outside the box, or no periodic state is found.
        """
        arrays = self.interpolant(self.box.place(point))
        own = len(arrays) - len(self.paths)
        moved = {
            path: now for path, now, had in zip(self.paths, arrays[own:], self.interpolant.middle[own:], strict=True) if now is not had
        }
        task, coupling = self.question.task, self.question.coupling
        small = put(coupling, self.middle, arrays[:own], moved)
        try:
            found = together(task, small, self.basis, self.means, coupling, self.start)
        except (SolveError, np.linalg.LinAlgError) as error:
            raise OutsideError(f"the reduced model finds no periodic state: {error}") from error
        if found is None:
            raise OutsideError("the reduced model and what is solved together with it find no rest")
        answer, orbits = found
        sketch = answer.sketch()
        q = np.concatenate([answer.course.at(sketch.times), answer.course.stages.reshape(-1, self.basis.size)])
        coldest, hottest = self.candidates.extremes(q)
        history = History(sketch.times, sketch.mean, sketch.mean, sketch.mean, hottest, coldest, np.empty(0), np.empty((0, 0)))
        return PointAnswer(history, self.error, orbits)
