"""Corners of laws that answer to temperature, such as where a thermostat's heater ends to work all the time: the march lands on them.

Between two corners a law is one smooth piece. A step across a corner takes some stages by the one and some by the other, so that its
derivative is off by as much as the part of the step on the wrong side; a step that ends there, by the piece of its own side, is smooth in
every number. The heat is the same on both sides of a corner, so a shift of the moment changes nothing at first order (no jump term).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from thermal.layout import Layout
from thermal.solve.march import Step, inside
from thermal.solve.model import Model
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

LOOKS = 16  #: even points of a step at which the piece is looked at, before a corner is found in between
NEAREST = 1e-6  #: of the orbit, that an interval takes at least
SHARP = 1e-6  #: of a step, to which a corner is found


def pieces(model: Model, steps: Sequence[Step], events: Sequence[float]) -> tuple[Model, list[float]] | None:
    """The model with every law by the piece of its own side between corners, and the events with these; None where none is crossed.

    Args:
        model: Of a march on one rank.
        steps: Of an orbit.
        events: At which it landed [s].
    """
    bent = [way for way in model.feedbacks if way.pieces is not None]
    crossed = {feedback: _crossings(feedback, model.layout, steps) for feedback in bent}
    stops = _apart(events, sorted(t for times in crossed.values() for t in times))
    if len(stops) == len(events):
        return None
    pinned = {feedback: _pinned(feedback, model.layout, steps, np.array(stops)) for feedback in bent}
    ways = [pinned.get(way, way) if isinstance(way, Feedback) else way for way in model.ways]
    return replace(model, ways=ways), stops


def _crossings(feedback: Feedback, layout: Layout, steps: Sequence[Step]) -> list[float]:
    """Times at which one of the means passes a corner [s]."""
    from scipy.optimize import brentq

    found: list[float] = []
    for step in steps:
        times = step.start + np.linspace(0.0, 1.0, LOOKS + 1) * (step.end - step.start)
        means = np.array([feedback.means(layout, T) for T in step.at_times(times)])
        for corner in feedback.corners:
            over = means > corner
            for k, j in zip(*np.nonzero(over[1:] != over[:-1]), strict=True):

                def beyond(t: float, step: Step = step, corner: float = corner, j: int = int(j)) -> float:
                    return float(feedback.means(layout, step.at(t))[j]) - corner

                ends = float(times[k]), float(times[k + 1])
                if beyond(ends[0]) * beyond(ends[1]) < 0.0:
                    found.append(float(brentq(beyond, *ends, xtol=SHARP * (step.end - step.start))))
    return found


def _apart(events: Sequence[float], more: Sequence[float]) -> list[float]:
    """Events with more times among them, but for those that would make an interval of nothing."""
    kept, least = list(events), NEAREST * (events[-1] - events[0])
    for t in more:
        if all(abs(t - other) > least for other in kept):
            kept.append(t)
    return sorted(kept)


def _pinned(feedback: Feedback, layout: Layout, steps: Sequence[Step], stops: Floats) -> Feedback:
    """The law by one piece in each interval, that of the mean in its middle, whatever the temperature."""
    middles, law = 0.5 * (stops[1:] + stops[:-1]), feedback.pieces
    assert law is not None
    ends = np.array([step.end for step in steps])
    means = [feedback.means(layout, steps[int(np.searchsorted(ends, t))].at(float(t))) for t in middles]
    table: Ids = np.searchsorted(np.array(feedback.corners), np.array(means))

    def of(t: float) -> Ids:
        now = inside(t, float(stops[0]), float(stops[-1]))
        return np.asarray(table[int(np.searchsorted(stops, now, side="right")) - 1])

    return replace(feedback, rate=lambda t, T: law(of(t), T)[0], gain=lambda t, T: law(of(t), T)[1], over=None, pieces=None, corners=())
