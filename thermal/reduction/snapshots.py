"""What a reduced model has learned: temperature fields on one mesh, and the basis that they span."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from thermal.basis import Basis
from thermal.reduction.answer import Answer
from thermal.reduction.candidates import Candidates, candidates
from thermal.reduction.error import Operator, operator
from thermal.reduction.model import Matrix, Small, projected, reduced_model, reducible, sparse_of
from thermal.reduction.orbit import Course
from thermal.solve.model import Model
from thermal.solve.solution import Task

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

MISSED = 1e-4  #: K, root mean square of what a basis may miss of the fields it was made from, every part counting alike
MOST_FIELDS = 400  #: kept unless told otherwise; eight bytes per node each
MOST_SHAPES = 160


@dataclass(slots=True, eq=False)
class Snapshots:
    """Fields of one mesh, by owned rows [K]."""

    fields: Floats = field(default_factory=lambda: np.zeros((0, 0)))  #: (k, n)
    reference: Floats = field(default_factory=lambda: np.zeros(0))  #: (n,) mean of the fields learned last
    most: int = MOST_FIELDS  #: kept, the latest
    missed: float = MISSED  #: as `MISSED`
    by_part: bool = True  #: whether every part counts alike; else every node
    _made: tuple[Floats, NDArray[np.bool_], Basis] | None = field(
        init=False, default=None
    )  #: weights and emitting areas of the last basis, and it
    _candidates: Candidates | None = field(init=False, default=None)  #: of the last groups
    _operator: Operator | None = field(init=False, default=None)  #: that served last
    last: tuple[Basis, Course] | None = field(init=False, default=None)  #: orbit that was found last
    _matrices: list[Matrix] = field(init=False, default_factory=list)  #: M and A of the model that was reduced last

    def __bool__(self) -> bool:
        """Whether anything was learned."""
        return len(self.fields) > 0

    def learn(self, fields: Floats) -> None:
        """Add fields (k, n) [K] of one orbit, about whose mean the next basis is exact."""
        known = self.fields if self and self.fields.shape[1] == fields.shape[1] else fields[:0]
        self.fields, self._made = np.concatenate([known, fields])[-self.most :], None
        self.reference = fields.mean(axis=0)

    def forget(self, fields: Floats, reference: Floats) -> None:
        """Go back to the fields (k, n) and the reference (n,) [K] of an earlier time."""
        self.fields, self.reference, self._made = fields, reference, None

    def basis(self, model: Model) -> Basis:
        """The basis of all fields for a model on their mesh."""
        weights, emits = _weights(model, self.by_part), model.emission_slope(0.0, self.reference) > 0.0
        made = self._made
        if made is None or not (np.array_equal(made[0], weights) and np.array_equal(made[1], emits)):
            self._made = made = weights, emits, basis_of(self.fields, weights, emits, self.reference, self.missed)
        return made[2]

    def candidates(self, task: Task, basis: Basis) -> Candidates:
        """Rows that may be the extremes of the groups of a task, by a basis."""
        columns = task.groups.tocsc()
        made = self._candidates
        if made is None or made.basis is not basis or not _alike(made.groups, columns):
            self._candidates = made = candidates(columns, basis, self.fields)
        return made

    def operator(self, answer: Answer, derivatives: Floats, anew: bool = False) -> Operator:
        """The full operator of an orbit's model at its mean; or, unless it is to be made anew, one of a like orbit."""
        made = self._operator
        if made is None or anew or not made.resembles(answer, derivatives):
            if made is not None:
                made.solver.close()
            self._operator = made = operator(answer, derivatives)
        return made

    def begin(self, basis: Basis, start: Floats) -> Course | Floats:
        """Coordinates to begin an orbit with: those of the last one, or, before any, of temperatures (n,) [K]."""
        if self.last is None or len(self.last[0].shapes) != len(basis.shapes):
            return basis.coordinates(start)
        before, course = self.last
        onto = before.shapes[basis.points].T
        return course if before is basis else replace(course, starts=course.starts @ onto, stages=course.stages @ onto)

    def reduced(self, model: Model, basis: Basis) -> Small | None:
        """A model on the mesh by its basis; None where it has no such form."""
        if not reducible(model):
            return None
        kept, now = self._matrices, list[Matrix]()
        for k, matrix in enumerate((model.M, model.A)):
            sparse = sparse_of(matrix)
            if len(kept) > k and kept[k].basis is basis and np.array_equal(kept[k].values, sparse.data):
                now.append(kept[k])
            else:
                product = sparse @ basis.shapes
                now.append(Matrix(basis, sparse, product, projected(product, basis)))
        self._matrices = now
        return reduced_model(model, basis, (now[0].small, now[1].small))

    @property
    def matrices(self) -> tuple[Matrix, Matrix]:
        """M and A of the model that was reduced last."""
        return self._matrices[0], self._matrices[1]


def _weights(model: Model, by_part: bool) -> Floats:
    """Share of each row in the capacity of its part (n,), so that every part counts alike; or of all rows."""
    if not by_part:
        return np.full(model.layout.owned, 1.0 / model.layout.owned)
    capacity = np.maximum(model.heat_capacity, 0.0) + 1e-12 * model.heat_capacity.max()
    if model.zone is None:
        return np.asarray(capacity / capacity.sum())
    total = np.bincount(model.zone, weights=capacity)
    return np.asarray(capacity / total[model.zone])


def basis_of(fields: Floats, weights: Floats, emits: NDArray[np.bool_], reference: Floats, missed: float = MISSED) -> Basis:
    """Proper orthogonal decomposition of fields, and empirical interpolation of their fourth powers.

    Fourth powers are interpolated exactly to first order about the reference for every field of the basis, and further by those of the
    fields themselves.

    Args:
        fields: (k, n) [K].
        weights: (n,) by which squares are summed.
        emits: (n,) rows whose fourth powers matter.
        reference: (n,) [K].
        missed: Root mean square of what it may miss of the fields [K].

    Source: Chaturantabut and Sorensen, SIAM J. Sci. Comput. 32 (2010) 2737; points by pivoted QR, Drmac and Gugercin, SIAM J. Sci.
    Comput. 38 (2016) A631.
    """
    root = np.sqrt(weights)
    level = np.ones((1, len(weights)))
    modes = _more(level, fields, root, MOST_SHAPES, missed)
    points = _points(modes)
    shapes = np.linalg.solve(modes[:, points], modes).T
    cubes = (reference / reference.mean()) ** 3
    some = np.flatnonzero(emits)
    scaled = np.square(np.square(fields[:, some])) / (4 * reference.mean() ** 3)
    if not len(some):  # nothing emits: films alone take the heat
        none = np.zeros(0, dtype=np.int64)
        return Basis(np.ascontiguousarray(shapes), points, none, np.zeros((len(weights), 0)), reference)
    powers = _more(np.concatenate([level[:, some], cubes[some] * modes[1:, some]]), scaled, root[some], 2 * MOST_SHAPES, missed)
    samples = _points(powers)
    fourth = np.zeros((len(weights), len(samples)))
    fourth[some] = np.linalg.solve(powers[:, samples], powers).T
    return Basis(np.ascontiguousarray(shapes), points, some[samples], fourth, reference)


def _more(given: Floats, fields: Floats, root: Floats, most: int, miss: float) -> Floats:
    """Orthonormal rows (r, n) that span some given ones first, and then what these miss of fields, largest first."""
    first, triangle = np.linalg.qr((given * root).T)
    lasting = np.abs(np.diag(triangle)) > 1e-9 * np.abs(np.diag(triangle)).max()
    first = first[:, lasting]
    rest = fields * root
    rest = rest - (rest @ first) @ first.T
    rest -= (rest @ first) @ first.T
    squares, vectors = np.linalg.eigh(rest @ rest.T)
    squares, vectors = squares[::-1], vectors[:, ::-1]
    missed = np.cumsum(squares[::-1])[::-1]  # by the modes before each
    total = float(np.square(root).sum()) * len(fields)
    count = min(int((missed > miss**2 * total).sum()), max(0, most - first.shape[1]))
    found = (rest.T @ vectors[:, :count]) / np.sqrt(squares[:count])
    found -= first @ (first.T @ found)
    return np.asarray(np.concatenate([first, np.linalg.qr(found)[0]], axis=1).T / root)


def _points(modes: Floats) -> Ids:
    """As many rows as modes, at which these differ most."""
    _, _, order = qr(modes, mode="economic", pivoting=True)
    return np.asarray(order[: len(modes)], dtype=np.int64)


def _alike(a: Any, b: Any) -> bool:
    """Whether two sparse matrices by columns have the same rows in each of them."""
    return np.array_equal(a.indptr, b.indptr) and np.array_equal(a.indices, b.indices)
