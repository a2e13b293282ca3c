"""What a reduced orbit is off: its full equation's residual, through the full operator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thermal.heat import Moment
from thermal.reduction.answer import Answer
from thermal.reduction.collocation import HAIR, Steps
from thermal.reduction.model import Moments, sparse_of
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Gains, Model
from thermal.solve.settings import Solver
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]

SPANS = 16  #: of the orbit, in which the residual is taken for constant
MOVED = 0.1  #: part of the slope of emission by which an operator may be off that serves again
_POINTS, _WEIGHTS = (0.5 * (np.polynomial.legendre.leggauss(2)[0] + 1), 0.5 * np.polynomial.legendre.leggauss(2)[1])


@dataclass(slots=True, eq=False)
class Operator:
    """Solves with the full operator at the mean of an orbit; one of a like model serves again."""

    model: Model  #: without the ways that time alone brings
    solver: ShiftedSolver
    matrices: tuple[Floats, Floats]  #: values of M and A

    def resembles(self, model: Model, matrices: tuple[Floats, Floats], derivatives: Floats) -> bool:
        """Whether it serves for another model and its mean derivatives."""
        if not all(np.array_equal(a, b) for a, b in zip(self.matrices, matrices, strict=True)):
            return False
        slope = model.loss(derivatives)
        return bool(np.abs(slope - self.solver.diagonal()).sum() <= MOVED * slope.sum())


def operator(model: Model, matrices: tuple[Floats, Floats], derivatives: Floats, settings: Solver) -> Operator:
    """Of a model and the mean derivatives of its ways of heat."""
    bare = replace(model, ways=[way for way in model.ways if way.slope() is not None])
    solver = ShiftedSolver(bare, settings.linear)
    solver.linearise(derivatives)
    return Operator(bare, solver, matrices)


def off(answer: Answer, known: Operator, derivatives: Floats, gains: Gains) -> Floats:
    """Estimated periodic solution of the full model less that of a reduced one, at the ends of even spans (spans + 1, owned) [K].

    The mean of the residual acts on the steady operator, exchange included; what is left of it on implicit Euler steps from there. What
    the time steps leave over in the reduced model's own equations is not counted: those of the full model leave as much.

    Args:
        answer: The orbit that is judged.
        known: Operator of its model, or of a like one.
        derivatives: Of the ways of heat, mean over the orbit.
        gains: Slope of every feedback, mean over the orbit [W/K].
    """
    model, basis = answer.task.model, answer.basis
    left = _residual(answer)
    level = left.mean(axis=0)
    slope = model.slope(derivatives)

    def product(change: Floats) -> Floats:
        return np.asarray(model.conducted(change) + slope * change - model.exchanged(derivatives, change) - model.fed(gains, change))

    coarse = basis.project(np.stack([product(shape) for shape in basis.shapes.T], axis=1))
    mean = np.zeros_like(level)
    for _ in range(2):
        mean += known.solver.solve(0.0, level - product(mean))
        mean += basis.expand(np.linalg.solve(coarse, basis.project(level - product(mean))))
    rate = SPANS / float(answer.course.steps.spans.sum())
    moved, found = np.zeros_like(mean), [mean]
    for k in range(SPANS):
        moved = known.solver.solve(rate, left[k] - level + rate * model.product(model.M, moved))
        found.append(mean + moved)
    return np.array(found)


def _residual(answer: Answer) -> Floats:
    """Mean heat over each span that no way brings and nothing stores, by rows (SPANS, owned) [W]; that of the reduced model taken off."""
    model, basis, course, small = answer.task.model, answer.basis, answer.course, answer.equations.small
    edges = np.linspace(course.steps.edges[0], course.steps.edges[-1], SPANS + 1)
    pieces = _pieces(edges, answer.events)
    span = np.clip(np.searchsorted(edges, pieces.edges[:-1], side="right") - 1, 0, SPANS - 1)
    share = np.zeros((SPANS, len(span)))
    share[span, np.arange(len(span))] = pieces.spans / (edges[1] - edges[0])
    mean = (share[:, None] * _WEIGHTS[:, None]).reshape(SPANS, -1)  # over the moments
    moments = Moments(small, pieces, _POINTS, _WEIGHTS)
    q = course.at(moments.times)
    fed = moments.fed(q)[0]
    own = mean @ (moments.load(q, fed) - q @ small.A)
    T = basis.expand(q)
    fourth = mean @ (np.square(T) * T * np.abs(T))
    level = basis.expand(mean @ q)
    gained = basis.expand(np.diff(course.at(edges), axis=0) / (edges[1] - edges[0]))
    in_time = basis.expand(np.linalg.solve(small.M, own.T - small.M @ np.diff(course.at(edges), axis=0).T / (edges[1] - edges[0])).T)
    rest = _brought(model, edges, moments.times, mean)
    for weights, heat in zip(model.feedbacks, fed, strict=True):
        rest += (weights.weights @ (mean @ heat).T).T
    for k, (now, powers) in enumerate(zip(level, fourth, strict=True)):
        rest[k] += _answered(model, 0.5 * (edges[k] + edges[k + 1]), now, powers)
    A, M = sparse_of(model.A), sparse_of(model.M)
    return np.asarray(rest - (A @ level.T + M @ (gained + in_time).T).T)


def _pieces(edges: Floats, events: Sequence[float]) -> Steps:
    """Spans, cut where loads jump."""
    cut = np.union1d(edges, events)
    cut = cut[np.append(True, np.diff(cut) > HAIR * (edges[-1] - edges[0]))]
    hair = HAIR * np.diff(cut)
    return Steps(cut, cut[:-1] + hair, cut[1:] - hair)


def _brought(model: Model, edges: Floats, times: Floats, mean: Floats) -> Floats:
    """What sources bring, mean over each span (SPANS, owned) [W]."""
    found = np.zeros((len(edges) - 1, model.layout.owned))
    for way in model.sources:
        signal = way.signal()
        over = mean @ way.rate(times) if signal is None else signal.total(edges[:-1], edges[1:]) / np.diff(edges)[:, None]
        found += (way.spread @ over.T).T
    return found


def _answered(model: Model, t: float, T: Floats, fourth: Floats) -> Floats:
    """Heat by ways that answer to the rows' own temperatures (owned,) [W], films' in A left out, by means over a span."""
    now = Moment(model.layout, model.sigma, t, T)
    now.__dict__["fourth"] = fourth  # the mean of fourth powers, not that of the mean
    ways = [way for way in model.ways if not isinstance(way, Source | Feedback)]
    return np.asarray(sum((way.load(now) for way in ways), np.zeros(len(T))))
