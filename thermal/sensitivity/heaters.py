"""What thermostat heaters draw over an orbit, as weights of the states of its steps: the law's own slope, step by step."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.sensitivity.objective import Seed
from thermal.solve.model import Model
from thermal.solve.step import Step
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]

_GAUSS = np.polynomial.legendre.leggauss(4)
POINTS: Floats = 0.5 * (1.0 + _GAUSS[0])  #: of a step
WEIGHTS: Floats = 0.5 * _GAUSS[1]


def drawn(model: Model, steps: Sequence[Step], nodes: Floats, path: str = "heaters") -> list[tuple[Seed, ...]]:
    """The change of what all heaters draw, as its mean over the straight hat about each of some times (n,) [W].

    A heater ends to work, or begins, within seconds: of temperatures at a few moments its energy would be percents off.

    Args:
        model: Of the march.
        steps: Of the orbit, each by one piece of its laws.
        nodes: Increasing times from the start of the orbit to its end [s].
        path: Of the heaters.
    """
    found: list[list[Seed]] = [[] for _ in nodes]
    widths = np.zeros(len(nodes))
    widths[:-1] += 0.5 * np.diff(nodes)
    widths[1:] += 0.5 * np.diff(nodes)
    for feedback in (one for one in model.feedbacks if one.path == path):
        columns = np.asarray(feedback.weights.toarray())
        for index, step in enumerate(steps):
            for member, rows in enumerate(columns.T):
                for node, weight in _in_step(model, feedback, step, member, nodes).items():
                    found[node] += _seeds(index, step, rows, weight / widths[node])
    return [tuple(seeds) for seeds in found]


def _in_step(model: Model, feedback: Feedback, step: Step, member: int, nodes: Floats) -> dict[int, Floats]:
    """Integral over a step of each hat times the slope of one member at the points of the quadrature, where there is any [W/K s]."""
    piece = None if step.sides is None else step.sides.get(feedback)
    h = step.end - step.start
    times = step.start + POINTS * h
    slopes = np.array([feedback.gains(model.layout, float(t), T, piece)[member] for t, T in zip(times, step.at_times(times), strict=True)])
    if not slopes.any():
        return {}
    near = np.clip(np.searchsorted(nodes, times, side="right") - 1, 0, len(nodes) - 2)
    after = (times - nodes[near]) / (nodes[near + 1] - nodes[near])
    taken: dict[int, Floats] = {}
    for node in np.unique(np.concatenate([near, near + 1])).tolist():
        hat = np.where(near == node, 1.0 - after, np.where(near + 1 == node, after, 0.0))
        taken[int(node)] = h * WEIGHTS * slopes * hat
    return taken


def _seeds(index: int, step: Step, rows: Floats, weight: Floats) -> list[Seed]:
    """The temperatures at the points of the quadrature, weighed (p,) and by rows."""
    if step.bent:
        states = step.at_times(step.start + POINTS * (step.end - step.start))
        return [
            Seed(index, w * rows, 1.0, tableau.dense_weights(float(share)), T) for w, share, T in zip(weight, POINTS, states, strict=True)
        ]
    return [Seed(index, rows, float(weight.sum()), weight @ tableau.dense_weights(POINTS))]
