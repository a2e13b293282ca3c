"""One accepted step of the march, with its continuous extension."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.conduction.varying import Varying
from thermal.network.march import Step as NetworkStep
from thermal.solve.ways import Sides

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One accepted step from `start` to `end` [s] with its continuous extension."""

    start: float
    end: float
    before: Floats  #: temperatures of the owned rows at `start` [K]
    after: Floats  #: at `end`
    slopes: Floats | None  #: (4, owned) stage increments [K]; None for a linear step
    heat: Floats  #: (paths,) heat into the model on this rank over the step [J]
    stored: float  #: heat stored in this rank's rows over the step [J]
    interval: tuple[float, float]  #: the events between which the step lies [s]
    jump: Floats | None = (
        None  #: (paths,) heat of held rows that jumped to their value just before `before`; part of `heat` and `stored` [J]
    )
    network: NetworkStep | None = None  #: the same step of an attached network
    #: what temperatures are of a heat content, and back; None where capacities are constant. `slopes` are those of the reduced heat content
    varying: Varying | None = None
    sides: Sides | None = None  #: by which pieces of laws with corners it went

    def at(self, t: float) -> Floats:
        """Temperatures at a time inside the step [K]."""
        theta = (t - self.start) / (self.end - self.start)
        if theta >= 1:
            return self.after
        if self.slopes is None:
            return (1 - theta) * self.before + theta * self.after
        more = tableau.dense_weights(theta) @ self.slopes
        if self.varying is None or self.varying.content is None:
            return np.asarray(self.before + more)
        return self.varying.temperature(self.varying.reduced(self.before) + more)

    @property
    def bent(self) -> bool:
        """Whether temperatures inside it are not linear in `slopes`, since those are of the heat content."""
        return self.varying is not None and self.varying.content is not None and self.slopes is not None

    def at_times(self, times: Floats) -> Floats:
        """Temperatures at several times inside the step (k, rows) [K]."""
        if self.bent:
            return np.array([self.at(t) for t in times.tolist()]).reshape(len(times), len(self.before))
        share = (times - self.start) / (self.end - self.start)
        return np.asarray(self.combined(share, self.before, self.after, self.slopes))

    @staticmethod
    def combined(share: Floats, before: Floats, after: Floats, slopes: Floats | None) -> Floats:
        """What is linear in the temperatures, at parts of the step (k, ...), from what it is of `before`, `after` and each of `slopes`.

        Of a step that is not `bent`.
        """
        found = before + (share[:, None] * (after - before) if slopes is None else tableau.dense_weights(share) @ slopes)
        found[share >= 1] = after
        return np.asarray(found)

    def rate_at(self, t: float) -> Floats:
        """Time derivative of the temperatures, or of the reduced heat content, inside the step [K/s]."""
        h = self.end - self.start
        if self.slopes is None:
            before, after = (state if self.varying is None else self.varying.reduced(state) for state in (self.before, self.after))
            return (after - before) / h
        return np.asarray(tableau.dense_slopes((t - self.start) / h) @ self.slopes / h)
