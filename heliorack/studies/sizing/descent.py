"""Steps of a search: to where the model is least, evaluate there, teach the model, and again until nothing moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from heliorack.studies.sizing.linear_model import Answer, Floats, Lessons, LinearModel
from heliorack.studies.sizing.search import Evaluate, Found, RefusedError, Settings, SpentError, lighter, refreshed
from heliorack.studies.sizing.subproblem import Known, least, prices


def descend(
    model: LinearModel,
    evaluate: Evaluate,
    known: Known,
    low: Floats,
    high: Floats,
    settings: Settings,
    fresh: Floats | None = None,
    lessons: Lessons | None = None,
) -> Found:
    """Step to where the model is least, evaluate there, teach the model, and again until nothing moves.

    A step is taken where it betters the objective plus a penalty on the worst violation (above its multiplier), or brings the worst
    violation down while there is one; a step that is not taken halves the longest step, and teaches the slopes as any does. Steps say
    nothing of directions that none has taken, so where the search comes to rest far from its last slopes by differences, it takes new
    ones, and goes on if these say so.

    Args:
        model: Around the first point.
        evaluate: Of a point; what it finds is remembered.
        known: The part of the objective that needs no evaluation.
        low, high: Ends of the variables (n,).
        settings: How the search goes.
        fresh: Where the model's slopes were taken by differences; at its centre when not given.
        lessons: Earlier evaluations; those that are made are added to them.
    """
    if not len(low):
        return Found(model, model.answer.violation <= settings.held, True, prices(model, known, low, high))
    lessons = Lessons(4.0 * settings.teaches) if lessons is None else lessons
    lessons.add(model.x, model.answer)
    descent = _Descent(model, evaluate, known, low, high, settings, lessons, model.x if fresh is None else fresh)
    converged = descent.run()
    return Found(descent.model, descent.model.answer.violation <= settings.held, converged, prices(descent.model, known, low, high))


@dataclass(slots=True, eq=False)
class _Descent:
    """A search under way."""

    model: LinearModel  #: around the best point so far
    evaluate: Evaluate
    known: Known
    low: Floats
    high: Floats
    settings: Settings
    lessons: Lessons
    fresh: Floats  #: where slopes were taken by differences last
    radius: float = field(init=False)  #: longest step
    cushion: Floats = field(init=False)  #: (m,) slack that is aimed for, where noise keeps a constraint from being met
    penalty: float = 0.0  #: on the worst violation
    whole: bool = False  #: the centre has been evaluated with nothing left out

    def __post_init__(self) -> None:
        self.radius, self.cushion = self.settings.radius, np.zeros(len(self.model.answer.slack))

    def run(self) -> bool:
        """Whether it came to rest before rounds or evaluations ran out, or noise left nothing to learn."""
        for _ in range(self.settings.rounds):
            low, high = np.maximum(self.low, self.model.x - self.radius), np.minimum(self.high, self.model.x + self.radius)
            x = least(self.model.pulled(self._aimed_for()), self.known, low, high, self.settings.near).x
            length = float(np.max(np.abs(x - self.model.x)))
            try:
                if self._is_at_rest(length):
                    if self._stays_at_rest():
                        return True
                    continue
                answer = self._looked(x, self.model.at(x))
            except SpentError:
                return False
            except RefusedError:
                if not self._goes_on_after_refusal(length):
                    return False
                continue
            try:
                if not self._learns(x, answer, length):
                    return False
            except SpentError:
                return False
        return False

    def _aimed_for(self) -> Floats:
        """Slack that a step aims for; a centre that keeps every limit is not left for one that has more of it."""
        answer = self.model.answer
        kept = answer.violation <= self.settings.held
        return np.minimum(self.cushion, np.maximum(answer.slack, 0.0)) if kept else self.cushion

    def _looked(self, x: Floats, expected: Answer | None) -> Answer:
        """An evaluation that later slopes learn from."""
        answer = self.evaluate(x, expected)
        self.lessons.add(x, answer)
        return answer

    def _is_at_rest(self, length: float) -> bool:
        """Whether a step of this length is too short to be worth an evaluation, or promises too little."""
        kept = self.model.answer.violation <= self.settings.held
        return length < (self.settings.small if kept else 1e-3 * self.settings.small) or (kept and self._is_idle())

    def _is_idle(self) -> bool:
        """Whether nothing within the reach of the slopes promises what is worth another evaluation."""
        model, worth = self.model, self.settings.worth
        if worth <= 0.0:
            return False
        return lighter(model, self.known, self.low, self.high, self.settings.step) <= worth * abs(self.known(model.x) + model.answer.extra)

    def _stays_at_rest(self) -> bool:
        """Look again, by new slopes where the last are far away, then at everything: whether neither says anything new."""
        settings = self.settings
        if len(self.low) > 1 and np.max(np.abs(self.model.x - self.fresh)) > settings.stale:
            self._refresh(settings.radius)
            return False
        if settings.whole and not self.whole:
            before, self.whole = self.model.answer, True
            self.model = replace(self.model, answer=self._looked(self.model.x, None))
            return np.allclose(before.stacked(), self.model.answer.stacked(), atol=1e-9)
        return True

    def _refresh(self, radius: float) -> None:
        """New slopes by differences around the centre, and a longest step to go on with."""
        self.fresh = self.model.x
        self.model = refreshed(self.model, self._looked, self.low, self.high, self.settings, both=False)
        self.radius = radius

    def _goes_on_after_refusal(self, length: float) -> bool:
        """Shorten the longest step, or take new slopes where that is too short; False where these are as new as can be."""
        self.radius = 0.5 * length
        if self.radius < self.settings.small:
            if np.array_equal(self.fresh, self.model.x):
                return False
            self._refresh(self.settings.step)
        return True

    def _learns(self, x: Floats, answer: Answer, length: float) -> bool:
        """Take a step or not, and learn from it; False where there is nothing left to learn.

        Raises:
            SpentError: evaluations ran out.
        """
        taught = self.lessons.about(self.model)
        penalties = prices(taught.moved(x, answer), self.known, self.low, self.high).of
        self.penalty = max(self.penalty, 2.0 * float(penalties.sum()))
        if _better(taught, x, answer, self.known, self.penalty, self.settings.held):
            self._take(taught, x, answer, length)
            return True
        if answer.violation > self.settings.held and length < self.settings.step:
            # so near by, the slopes are right: it is noise, to be kept clear of
            missed = np.minimum(0.0, self.model.at(x).slack) - answer.slack
            self.cushion = np.maximum(self.cushion, np.minimum(missed, self.settings.cushion))
        self.model, self.radius = taught, 0.5 * length
        return self.radius >= 0.5 * self.settings.teaches or self._goes_on_in_noise()

    def _take(self, taught: LinearModel, x: Floats, answer: Answer, length: float) -> None:
        """Make a point the centre; the longest step grows where the model foretold what it brought, and shrinks where it did not."""
        share = _gained(self.model, x, answer, self.known, self.penalty)
        self.model, self.whole = self.lessons.about(taught.moved(x, answer)), False
        if share >= self.settings.trusted:
            self.radius = min(self.settings.longest, max(self.radius, 2.0 * length))
        else:
            self.radius = length if share >= self.settings.doubted else 0.5 * length

    def _goes_on_in_noise(self) -> bool:
        """Steps have become so short that they tell noise, or the slopes are wrong: aim for more slack, or take new slopes.

        Raises:
            SpentError: evaluations ran out.
        """
        settings = self.settings
        missed = np.maximum(0.0, -self.model.answer.slack)
        short = (missed > settings.held) & (self.cushion < settings.cushion)
        if short.any():
            self.cushion = np.where(short, np.maximum(2.0 * self.cushion, missed + settings.held), self.cushion)
            self.radius = settings.step
            return True
        if np.array_equal(self.fresh, self.model.x):
            return False
        self._refresh(settings.step)
        return True


def _better(model: LinearModel, x: Floats, answer: Answer, known: Known, penalty: float, held: float) -> bool:
    """Whether a new evaluation is better than the centre of a model."""
    before, after = model.answer.violation, answer.violation
    if before > held and after < 0.95 * before:
        return True
    old = known(model.x) + model.answer.extra + penalty * before
    return known(x) + answer.extra + penalty * after < old - 1e-12 * abs(old)


def _gained(model: LinearModel, x: Floats, answer: Answer, known: Known, penalty: float) -> float:
    """What a step has brought over what the model expected of it, objective and penalty together."""
    expected = model.at(x)
    old = known(model.x) + model.answer.extra + penalty * model.answer.violation
    hoped = old - (known(x) + expected.extra + penalty * expected.violation)
    got = old - (known(x) + answer.extra + penalty * answer.violation)
    return got / hoped if hoped > 0.0 else 1.0
