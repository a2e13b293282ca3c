"""What a reduced orbit says of all nodes: means and extremes of groups, fields, and the ledger."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis
from thermal.reduction.candidates import Candidates
from thermal.reduction.orbit import Course, Waveform
from thermal.solve.ledger import Books, Ledger
from thermal.solve.model import Gains, Model
from thermal.solve.probes import History
from thermal.solve.solution import FRAMES, SAMPLES, Task, samples_over

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """An orbit of a reduced model, and how it was found."""

    task: Task  #: of the full model
    basis: Basis
    course: Course
    equations: Waveform
    events: list[float]  #: s
    means: Floats  #: (r, g) see `group_means`

    def sketch(self) -> History:
        """Means of the groups alone, as `Recorder.sketch` has them."""
        return sketch(self.means, self.course, self.events)

    def history(self, candidates: Candidates) -> tuple[History, Floats]:
        """Everything that is recorded of a full orbit; and fields by owned rows (f, owned).

        Extremes over time are those of rows that were the hottest or coldest of their group in what was learned, or are in these fields.
        """
        means, layout, edges = self.sketch(), self.task.model.layout, self.course.steps.edges
        frames = samples_over(float(edges[0]), float(edges[-1]), self.events, FRAMES)
        fields = self.basis.expand(self.course.at(frames))
        looked_at = candidates.with_those_of(fields)
        low, high = looked_at.span(self.course.at(means.times))
        least, greatest = looked_at.span(self.course.stages.reshape(-1, self.basis.size))
        coldest, hottest = np.minimum(low.min(axis=0), least.min(axis=0)), np.maximum(high.max(axis=0), greatest.max(axis=0))
        whole = np.take(fields, np.argsort(layout.nodes), axis=1)
        return History(means.times, means.mean, low, high, hottest, coldest, frames, whole), fields

    def books(self) -> Books:
        """Heat by way over the orbit."""
        return self._kept(self.equations.heat(self.course), 0.0, 0.0).close()

    def ledger(self, fields: Floats) -> Ledger:
        """The same with what is known between the stages, and what bounds its round-off by fields over time (k, owned) [K]."""
        model, T = self.task.model, fields.mean(axis=0)
        sent = float((model.emission_slope(0.0, T) + model.fixed_conductance()) @ np.abs(T))
        conducted = float(np.square(model.A.getDiagonal().array_r * np.abs(fields).max(axis=0)).sum())
        return self._kept(self.equations.heat_between(self.course), float(self.course.steps.spans.sum()) * sent, conducted)

    def _kept(self, between: Floats, sent: float, conducted: float) -> Ledger:
        found, duration = self.task.ledger(), float(self.course.steps.spans.sum())
        stored = float(self.equations.small.M.sum(axis=0) @ (self.course.end - self.course.starts[0]))
        by_stage = self.equations.heat(self.course)
        found.resume({"by_stage_J": by_stage, "by_gauss_J": between, "sums": np.array([stored, duration, sent, conducted])})
        return found


def group_means(task: Task, basis: Basis) -> Floats:
    """Mean temperature of each group of a task per coordinate (r, g)."""
    return np.asarray(basis.project(task.groups) / np.asarray(task.groups.sum(axis=0)).ravel())


def sketch(means: Floats, course: Course, events: list[float]) -> History:
    """Means of the groups over an orbit, without extremes of rows and without fields; `means` as of `group_means`."""
    times = samples_over(float(course.steps.edges[0]), float(course.steps.edges[-1]), events, SAMPLES)
    mean = course.at(times) @ means
    return History(times, mean, mean, mean, mean.max(axis=0), mean.min(axis=0), np.empty(0), np.empty((0, 0)))


def mean_derivatives(model: Model, times: Floats, fields: Floats) -> Floats:
    """Derivatives of the ways of heat, mean over an orbit (laws, owned), by fields (k, owned) [K] at times of it [s]."""
    spans = np.diff(times)
    weights = 0.5 * (np.append(spans, 0.0) + np.append(0.0, spans)) / (times[-1] - times[0])
    return np.asarray(sum(w * model.derivatives(float(t), T) for w, t, T in zip(weights, times, fields, strict=True)))


def mean_gains(model: Model, answer: Answer) -> Gains:
    """Slope of each feedback of the full model, mean over the orbit [W/K]."""
    return dict(zip(model.feedbacks, answer.equations.gains(answer.course), strict=True))
