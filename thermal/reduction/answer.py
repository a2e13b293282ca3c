"""What a reduced orbit says of all nodes: means and extremes of groups, fields, and the ledger."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.basis import Basis
from thermal.reduction.candidates import Candidates
from thermal.reduction.orbit import Course, Waveform
from thermal.solve.ledger import Ledger
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

    def samples(self, count: int) -> Floats:
        """`count` even times and the events [s]."""
        return samples_over(float(self.course.steps.edges[0]), float(self.course.steps.edges[-1]), self.events, count)

    def means(self) -> Floats:
        """Mean of each group per coordinate (r, g)."""
        groups = self.task.groups
        return np.asarray(self.basis.project(groups) / np.asarray(groups.sum(axis=0)).ravel())

    def sketch(self) -> History:
        """Means of the groups alone, as `Recorder.sketch` has them."""
        times = self.samples(SAMPLES)
        mean = self.course.at(times) @ self.means()
        nothing = np.empty((0, self.task.model.layout.size))
        return History(times, mean, mean, mean, mean.max(axis=0), mean.min(axis=0), np.empty(0), nothing)

    def history(self, candidates: Candidates) -> tuple[History, Floats, float]:
        """Everything that is recorded of a full orbit; fields by owned rows (f, owned); and what extremes of groups may miss [K].

        Extremes over time are those of rows that were the hottest or coldest of their group in what was learned; that no other row is, is
        looked at in the fields.
        """
        sketch, frames, layout = self.sketch(), self.samples(FRAMES), self.task.model.layout
        fields = self.basis.expand(self.course.at(frames))
        sampled = self.course.at(sketch.times)
        coldest, hottest = candidates.extremes(np.concatenate([sampled, self.course.stages.reshape(-1, self.basis.size)]))
        low, high = (np.clip(one, coldest, hottest) for one in candidates.span(sampled))
        missed = candidates.missed(fields, coldest, hottest)
        whole = np.empty_like(fields)
        whole[:, layout.nodes] = candidates.clipped(fields, coldest, hottest)
        return History(sketch.times, sketch.mean, low, high, hottest, coldest, frames, whole), fields, missed

    def ledger(self, fields: Floats | None = None) -> Ledger:
        """Heat by way over the orbit; what bounds its round-off by fields over time (k, owned) [K], where they are known."""
        by_stage, by_gauss = self.equations.heat(self.course)
        found, duration = self.task.ledger(), float(self.course.steps.spans.sum())
        gained = self.equations.small.M.sum(axis=0) @ (self.course.end - self.course.starts[0])
        sent = conducted = 0.0
        if fields is not None:
            model, T = self.task.model, fields.mean(axis=0)
            sent = duration * float((model.emission_slope(0.0, T) + model.fixed_conductance()) @ np.abs(T))
            conducted = float(np.square(model.A.getDiagonal().array_r * np.abs(fields).max(axis=0)).sum())
        found.resume({"by_stage_J": by_stage, "by_gauss_J": by_gauss, "sums": np.array([gained, duration, sent, conducted])})
        return found


def mean_derivatives(model: Model, times: Floats, fields: Floats) -> Floats:
    """Derivatives of the ways of heat, mean over an orbit (laws, owned), by fields (k, owned) [K] at times of it [s]."""
    spans = np.diff(times)
    weights = 0.5 * (np.append(spans, 0.0) + np.append(0.0, spans)) / (times[-1] - times[0])
    return np.asarray(sum(w * model.derivatives(float(t), T) for w, t, T in zip(weights, times, fields, strict=True)))


def mean_gains(model: Model, answer: Answer) -> Gains:
    """Slope of each feedback of the full model, mean over the orbit [W/K]."""
    return dict(zip(model.feedbacks, answer.equations.gains(answer.course), strict=True))
