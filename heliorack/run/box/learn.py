"""How a reduced model over a box of parameters is made: designs that teach it, arrays at few points, and designs that it is judged at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from heliorack.case.case import Case
from heliorack.model.bodies import Bodies
from heliorack.run.box.box_model import Box, BoxModel, OutsideError
from heliorack.run.box.recipe import NoBoxError, compare, put, recipe
from heliorack.run.prepare import Prepared, prepare
from heliorack.run.simulate import meshed_bodies, nobody
from heliorack.runtime.progress import Say, silent
from meshes.assembly import Assembly
from orbit.environment import Environment
from thermal.reduction.answer import group_means
from thermal.reduction.interpolant import NotAlikeError, interpolate
from thermal.reduction.periodic import attempt, together
from thermal.reduction.snapshots import Snapshots
from thermal.solve.periodic_march import PeriodicMarch

Floats = NDArray[np.float64]

CALM = 4  #: designs in a row that taught nothing, after which it is judged
MOST = 40  #: designs that teach, at most
JUDGED = 12  #: designs that a model is judged at
PASSES = 3  #: of judging, with what was too far off learned in between
FIELDS = 800  #: of temperature that are kept: a box has more designs to remember than a sweep has neighbours
WANTED = 0.3  #: K, of the error at a design
MARGIN = 1.5  #: on the greatest error that was found


@dataclass(slots=True, eq=False)
class Teacher:
    """A case over a box, and what is known of its temperatures."""

    case_at: Callable[[Mapping[str, float]], Case]
    box: Box
    comm: Any
    say: Say = silent
    bodies: Bodies = field(default_factory=meshed_bodies)
    known: Snapshots = field(default_factory=lambda: Snapshots(most=FIELDS))
    calm: int = CALM
    judged: int = JUDGED
    solved: int = 0  #: in full
    _mesh: Assembly | None = field(init=False, default=None)

    def made(self) -> BoxModel:
        """A model that is near enough wherever it was judged.

        Raises:
            NoBoxError: there is none.
        """
        designs = self._designs()
        self._learn(designs)
        for _ in range(PASSES):
            model = self._cast()
            places = [next(designs) for _ in range(self.judged)]
            errors = [self._error(model, place) for place in places]
            model.error, model.checked = MARGIN * max(errors), self.judged
            if model.error <= WANTED:
                return model
            for place, error in zip(places, errors, strict=True):  # afterwards: all are judged by one basis
                if error > WANTED / MARGIN:
                    self._teach(place)
        said = f"after {PASSES} passes an error of {model.error:.2g} K is left where {WANTED:g} K are wanted; try a smaller box"
        raise NoBoxError(said)

    def _designs(self) -> Iterator[Floats]:
        """Places all over the box, the middle first."""
        yield np.zeros(len(self.box.ranges))
        sobol = qmc.Sobol(len(self.box.ranges), rng=1)
        while True:
            yield 2 * sobol.random(1)[0] - 1

    def _learn(self, designs: Iterator[Floats]) -> None:
        """Solve designs until some in a row teach nothing."""
        calm = 0
        for _ in range(MOST):
            calm = 0 if self._teach(next(designs)) else calm + 1
            if calm == self.calm:
                return

    def _teach(self, place: Floats) -> bool:
        """Solve a design; whether it taught anything."""
        question, before = self._ready(place).question, self.known.fields
        found = attempt(question.task, question.coupling, self.known).solution if self.known else None
        if found is None:
            found = PeriodicMarch(question.task, question.coupling).solve()
            self.solved += 1
            if found.periodic is None or not found.periodic.converged:
                raise NoBoxError("a design of the box has no periodic state")
            self.known.learn(np.array([question.body.layout.scatter(T) for T in found.history.fields]))
        return self.known.fields is not before

    def _ready(self, place: Floats, followed: Environment | None = None) -> Prepared:
        """The case at a place; its mesh that of every other one."""
        ready = prepare(self.case_at(self.box.point(place)), self.comm, self.say, self.bodies, nobody, followed=followed)
        mesh = ready.body.assembly
        self._mesh = mesh if self._mesh is None else self._mesh
        if not (np.array_equal(mesh.points, self._mesh.points) and np.array_equal(mesh.cells, self._mesh.cells)):
            raise NoBoxError("a parameter moves the mesh; its designs are solved in full")
        return ready

    def _cast(self) -> BoxModel:
        """A model of what is known, its arrays interpolated over the box; not judged yet."""
        first = self._ready(np.zeros(len(self.box.ranges)))
        task, coupling = first.question.task, first.coupling
        basis = self.known.basis(first.model)
        middle = recipe(first, basis)

        def sample(place: tuple[float, ...]) -> list[Floats]:
            now = middle if not any(place) else recipe(self._ready(np.array(place), first.env), basis)
            compare(middle, now)
            return now.arrays()

        try:
            made = interpolate(sample, len(self.box.ranges))
        except NotAlikeError as error:
            raise NoBoxError(f"tables of time differ in length: {error}") from error
        means = group_means(task, basis)
        small = put(coupling, middle, made.middle[: len(made.middle) - len(middle.paths())], {})
        found = together(task, small, basis, means, coupling, basis.coordinates(self.known.reference))
        if found is None:
            raise NoBoxError("the middle of the box has no periodic state")
        candidates = self.known.candidates(task, basis)
        return BoxModel(self.box, first.question, basis, candidates, means, middle, middle.paths(), made, found[0].course)

    def _error(self, model: BoxModel, place: Floats) -> float:
        """Of a model at a design, by the equations of all nodes [K]."""
        question = self._ready(place).question
        judged = attempt(question.task, question.coupling, self.known, rounds=1, accepted=np.inf).solution
        if judged is None or judged.reduced is None:
            return np.inf
        try:
            said = model.at(self.box.point(place)).history
        except OutsideError:
            return np.inf
        true = judged.history
        means = [np.interp(true.times, said.times, mine) - full for mine, full in zip(said.mean.T, true.mean.T, strict=True)]
        apart = [said.hottest - true.hottest, said.coldest - true.coldest, *means]
        return judged.reduced.error + max(float(np.abs(one).max()) for one in apart)
