"""What a reduced orbit is off: its full equation's residual, through the full operator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Radiating
from thermal.heat import Moment
from thermal.reduction.answer import Answer
from thermal.reduction.collocation import HAIR, Steps
from thermal.reduction.model import Matrix, Moments
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Gains, Model
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]

SPANS = 48  #: of the orbit, in which the residual is taken for constant; two minutes of a low one, in which thin parts answer to sunrise
ROUNDS = 3  #: through the orbit, in which slow modes come to rest
MOVED = 0.3  #: part of the slope of emission by which an operator may be off that serves again
NEAR = 0.7  #: of what the first sweep finds, that the second may change
_POINTS, _WEIGHTS = (0.5 * (np.polynomial.legendre.leggauss(2)[0] + 1), 0.5 * np.polynomial.legendre.leggauss(2)[1])


@dataclass(slots=True, eq=False)
class Operator:
    """Solves with the full operator at the mean of an orbit; one of a like orbit serves again."""

    solver: ShiftedSolver  #: of the model without the ways that time alone brings
    rate: float  #: spans over the period [1/s]

    def resembles(self, answer: Answer, derivatives: Floats) -> bool:
        """Whether it may serve for another orbit of the same mesh and its mean derivatives; `off` finds out what it does."""
        slope = answer.task.model.loss(derivatives)
        near = bool(np.abs(slope - self.solver.diagonal()).sum() <= MOVED * slope.sum())
        return near and abs(self.rate / _rate(answer) - 1.0) <= MOVED


def operator(answer: Answer, derivatives: Floats) -> Operator:
    """Of an orbit and the mean derivatives of the ways of heat."""
    model, settings = answer.task.model, answer.task.settings
    solver = ShiftedSolver(replace(model, ways=[way for way in model.ways if way.slope() is not None]), settings.linear)
    solver.linearise(derivatives)
    return Operator(solver, _rate(answer))


def _rate(answer: Answer) -> float:
    return SPANS / float(answer.course.steps.spans.sum())


def off(answer: Answer, M: Matrix, A: Matrix, known: Operator, derivatives: Floats, gains: Gains) -> tuple[Floats, bool]:
    """Estimated periodic solution of the full model less that of a reduced one, over even spans (spans + 1, owned) [K]: mean, then by span.

    And whether the operator was near enough: its second sweep then changes less than the first has found.

    The mean of the residual acts on the steady operator, exchange included; what is left of it on implicit Euler steps from there, each a
    span long. Both go by two sweeps through the factors, with what the reduced model answers to what is left in between. What the time
    steps leave over in the reduced model's own equations is not counted: those of the full model leave as much.

    Args:
        answer: The orbit that is judged.
        M, A: Of its model.
        known: Operator of its model, or of a like one.
        derivatives: Of the ways of heat, mean over the orbit.
        gains: Slope of every feedback, mean over the orbit [W/K].
    """
    model, shapes, rate = answer.task.model, answer.basis.shapes, known.rate
    jacobian = answer.equations.jacobian(answer.course)
    left = _residual(answer, M, A)
    level = left.mean(axis=0)
    slope = model.slope(derivatives)

    def rest(change: Floats) -> Floats:
        sent = A.sparse @ change + slope * change - model.exchanged(derivatives, change) - model.fed(gains, change)
        return np.asarray(level - sent)

    mean = known.solver.solve_all(0.0, level[None])[0]
    mean += shapes @ np.linalg.solve(jacobian, rest(mean) @ shapes)
    more = known.solver.solve_all(0.0, rest(mean)[None])[0]
    sure = bool(np.abs(more).max() <= NEAR * np.abs(mean).max())
    mean += more
    moved = known.solver.solve_all(rate, left - level)
    stored = np.roll(moved, 1, axis=0) - moved  # the orbit repeats
    over = (rate * (M.sparse @ np.ascontiguousarray(stored.T)) - A.sparse @ np.ascontiguousarray(moved.T)).T
    over += left - level - slope * moved
    slow = _coarse(M.small, jacobian, rate, over @ shapes)
    more = slow @ shapes.T
    over += rate * ((np.roll(slow, 1, axis=0) - slow) @ M.product.T) - slow @ A.product.T - slope * more
    moved += more
    last = known.solver.solve_all(rate, over)
    sure = sure and bool(np.abs(last).max() <= NEAR * np.abs(moved).max())
    moved += last
    return np.concatenate([mean[None], mean + moved]), sure


def _coarse(M: Floats, A: Floats, rate: float, right: Floats) -> Floats:
    """Periodic implicit Euler steps of few coordinates (k, r) [K] under heat (k, r) [W]."""
    inverse = np.linalg.inv(rate * M + A)
    found = np.zeros_like(right)
    for k in range(ROUNDS * len(right)):
        here = k % len(right)
        found[here] = inverse @ (right[here] + rate * (M @ found[here - 1]))
    return found


def _residual(answer: Answer, M: Matrix, A: Matrix) -> Floats:
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
    fourth = mean @ (np.square(T) * np.square(T))
    level, gained = mean @ q, np.diff(course.at(edges), axis=0) / (edges[1] - edges[0])
    in_time = np.linalg.solve(small.M, own.T).T - gained
    rest = _brought(model, edges, moments.times, mean) + _answered(model, 0.5 * (edges[:-1] + edges[1:]), basis.expand(level), fourth)
    for feedback, heat in zip(model.feedbacks, fed, strict=True):
        rest += (feedback.weights @ (mean @ heat).T).T
    return np.asarray(rest - level @ A.product.T - (gained + in_time) @ M.product.T)


def _pieces(edges: Floats, events: Sequence[float]) -> Steps:
    """Spans, cut where loads jump."""
    cut = np.union1d(edges, events)
    cut = cut[np.append(True, np.diff(cut) > HAIR * (edges[-1] - edges[0]))]
    hair = HAIR * np.diff(cut)
    return Steps(cut, cut[:-1] + hair, cut[1:] - hair)


def _brought(model: Model, edges: Floats, times: Floats, mean: Floats) -> Floats:
    """What sources bring, mean over each span (SPANS, owned) [W]."""
    found = np.zeros((model.layout.owned, len(edges) - 1))
    weights: dict[int, Floats] = {}
    for way in model.sources:
        signal = way.signal()
        if signal is None:
            over = mean @ way.rate(times)
        else:
            if id(signal.times) not in weights:
                weights[id(signal.times)] = signal.weights(edges)
            over = weights[id(signal.times)] @ signal.values
        found += way.spread @ np.ascontiguousarray(over.T)
    return np.ascontiguousarray(found.T)


def _answered(model: Model, times: Floats, T: Floats, fourth: Floats) -> Floats:
    """Heat by ways that answer to the rows' own temperatures (k, owned) [W], films' in A left out, by means over k spans."""
    found = np.zeros_like(T)
    for way in model.ways:
        if isinstance(way, Radiating):
            found += way.loads(model.sigma, times, fourth)
        elif not isinstance(way, Source | Feedback):
            found += np.array([way.load(Moment(model.layout, model.sigma, t, now)) for t, now in zip(times.tolist(), T, strict=True)])
    return found
