"""How a reduced model over a box of parameters is made: designs that teach it, and arrays at few points."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
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
from thermal.reduction.foretold import foretell, wanted
from thermal.reduction.interpolant import NotAlikeError, interpolate
from thermal.reduction.orbit import Course
from thermal.reduction.periodic import attempt, together
from thermal.reduction.snapshots import Snapshots
from thermal.solve.periodic_march import PeriodicMarch

Floats = NDArray[np.float64]

CALM = 3  #: designs in a row that taught nothing, after which it is cast
WHOLE = 6  #: designs that are solved in full first: of others of the tray the best answer missed 0.13 K by five more of them, 0.40 K before
MOST = 14  #: designs that teach, at most, before it is judged for the first time
FIELDS = 800  #: of temperature that are kept: a box has more designs to remember than a sweep has neighbours
MISSED = 1e-3  #: K, root mean square over all nodes of what a basis may miss of them
SEEN = 8  #: fields of each of a model's own answers, in which rows are looked for that are extremes of their part


def learned() -> Snapshots:
    """What nothing is known of yet, with room for the designs of a box."""
    return Snapshots(most=FIELDS, missed=MISSED, by_part=False)


@dataclass(slots=True, eq=False)
class Teacher:
    """A case over a box, and what is known of its temperatures."""

    case_at: Callable[[Mapping[str, float]], Case]
    box: Box
    comm: Any
    say: Say = silent
    bodies: Bodies = field(default_factory=meshed_bodies)
    known: Snapshots = field(default_factory=learned)
    calm: int = CALM
    most: int = MOST
    whole: int = WHOLE
    solved: int = 0  #: in full
    _mesh: Assembly | None = field(init=False, default=None)

    def learn(self) -> None:
        """Solve designs all over the box until some in a row teach nothing.

        Raises:
            NoBoxError: there can be no such model.
        """
        calm = 0
        for count, place in enumerate(self._designs(), 1):
            calm = 0 if self.teach(place, count <= self.whole) else calm + 1
            self.say(f"design {count} of a box taught {'something' if calm == 0 else 'nothing'}", min(1.0, count / self.most))
            if calm == self.calm or count == self.most:
                return

    def _designs(self) -> Iterator[Floats]:
        """Places all over the box, the middle first."""
        yield np.zeros(len(self.box.ranges))
        sobol = qmc.Sobol(len(self.box.ranges), rng=1)
        while True:
            yield 2 * sobol.random(1)[0] - 1

    def teach(self, place: Floats, whole: bool = False) -> bool:
        """Solve a design, in full or by what is known where that will do; whether it taught anything."""
        question, before = self._ready(place).question, self.known.fields
        found = attempt(question.task, question.coupling, self.known).solution if self.known and not whole else None
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

    def cast(self) -> BoxModel:
        """A model of what is known, its arrays interpolated over the box; nobody has judged it yet.

        Raises:
            NoBoxError: something goes with a parameter that arrays cannot follow.
        """
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
        small = put(coupling, middle, made.middle[: len(made.middle) - len(middle.paths())], {})
        found = together(task, small, basis, group_means(task, basis), coupling, basis.coordinates(self.known.reference))
        if found is None:
            raise NoBoxError("the middle of the box has no periodic state")
        answer = found[0]
        candidates = self.known.candidates(task, basis)
        first.radiating.judge(first.model.at_mean(task.times), basis.expand(answer.course.end))
        return foretelling(BoxModel(self.box, first, basis, candidates, middle, middle.paths(), made, answer.course, answer.events))


def foretelling(model: BoxModel) -> BoxModel:
    """A model with what its own answers all over the box tell: polynomials from which its search begins, and rows that are extremes."""
    count, found = wanted(len(model.box.ranges)), list[tuple[Floats, list[float], Course]]()
    sobol = qmc.Sobol(len(model.box.ranges), rng=2)
    for _ in range(count):
        place = 2 * sobol.random(1)[0] - 1
        with suppress(OutsideError):
            answer, _ = model.at(model.box.point(place))
            found.append((place, list(model.ready.coupling.stops), answer.course))
            some = answer.course.starts[:: max(1, len(answer.course.starts) // SEEN)]
            model.candidates = model.candidates.with_those_of(model.basis.expand(some))
    model.foretold = foretell(model.middle.around[1], found)
    return model
