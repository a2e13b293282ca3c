"""What the operator averaged over an orbit makes of it: the start of the periodic one, and the next orbit where loads have moved."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Gains, Model

Floats = NDArray[np.float64]
Told = Callable[[Floats, Gains], None]

SPANS = 24  #: of an orbit, over which loads and what they move are taken for constant
ANSWERS = 2  #: of loads to the orbit that is expected, the second one to how the first one moves it


class OrbitMean:
    """The operator averaged over a marched orbit, with its factors for as long as it is entered."""

    def __init__(
        self,
        model: Model,
        orbit: tuple[Floats, Floats],
        period: float,
        derivatives: Floats,
        gains: Gains,
        linear: Literal["auto", "direct", "multigrid"],
    ) -> None:
        """Linearise; collective.

        Args:
            model: As it was marched.
            orbit: Owned rows at its start and at its end [K].
            period: Its duration [s].
            derivatives: Of the ways of heat, mean over it (laws, owned).
            gains: Slope of each feedback, mean over it [W/K].
            linear: How its linear systems are solved.
        """
        self.model, self.period, self.derivatives, self.gains = model, period, derivatives, gains
        self.start, self.end = orbit
        self.solver = ShiftedSolver(model, linear)
        self.solver.refresh(model.slope(derivatives), derivatives)
        self.solver.gains = gains

    def __enter__(self) -> "OrbitMean":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.solver.__exit__(kind, *rest)

    def corrected(self) -> Floats:
        """Start state of the periodic orbit under the same loads [K]."""
        model, rate, still = self.model, 2 / self.period, np.zeros(len(self.solver.held))
        gained = model.product(model.M, model.reduced(self.end) - model.reduced(self.start))
        y = self.solver.solve_exchanging(rate, rate * gained, self.derivatives, None, still)
        z = self.solver.solve_exchanging(0.0, self.solver.reference.stored(y) / self.period, self.derivatives, None, still)
        return np.asarray(self.end + z)

    def settled(self, corrected: Floats, settled: Callable[[], bool], told: Told | None) -> tuple[bool, Floats]:
        """Whether loads from outside have settled, and the next start [K].

        Args:
            corrected: The next start under the same loads [K].
            settled: Brings loads up to date with the orbit; True when they moved no more.
            told: Where they did, told by how much the mean of the next orbit is expected to differ (owned,) [K], and the slopes of the
                feedbacks; loads then answer to that. None: they answer to marched orbits alone.
        """
        before = None if told is None else self._signals()
        if settled():
            return True, corrected
        if told is None or before is None:
            return False, corrected
        moved = corrected - self.start
        for answer in range(ANSWERS):
            mean, last = self._course(moved, self.model.spread(self._signals() - before))
            told(mean, self.gains)
            if answer == 0:
                moved = self.end + last - self.start
        return False, np.asarray(self.start + moved)

    def _course(self, moved: Floats, heat: Floats) -> tuple[Floats, Floats]:
        """How far an orbit is off this one from a start that has `moved`, with more heat by span (SPANS, owned) [W]: mean, and end [K]."""
        rate, still, total = SPANS / self.period, np.zeros(len(self.solver.held)), np.zeros_like(moved)
        for more in heat:
            moved = self.solver.solve(rate, rate * self.solver.reference.stored(moved) + more, still)
            total += moved / SPANS
        return total, moved

    def _signals(self) -> Floats:
        """Of all sources, mean over even spans of the orbit (SPANS, signals)."""
        return self.model.mean_signals(np.linspace(0.0, self.period, SPANS + 1))
