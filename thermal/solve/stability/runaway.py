"""Thermal runaway: the loop from temperature to power and back to temperature, its gain, and where it has no end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.constants import ZERO_CELSIUS
from thermal.errors import ThermalRunawayError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Gains, Model
from thermal.solve.settings import Solver
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loop:
    """How much of a disturbance of the temperature comes back through the power of one compute entry."""

    name: str
    slope: float  #: growth of the entry's power with its temperature, all devices together [W/K]
    resistance: float  #: rise of its devices for one watt spread over them, weighted by their slopes [K/W]

    @property
    def gain(self) -> float:
        """dP/dT times the thermal resistance to the surroundings [-]; negative where throttling prevails."""
        return self.slope * self.resistance


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of all entries, and of all together."""

    entries: tuple[Loop, ...] = ()
    together: float = 0.0  #: largest gain of the entries with what they do to one another [-]

    def words(self) -> str | None:
        """A sentence that begins "thermal runaway" when the gain is not below 1; None when it is."""
        if self.together < 1.0:
            return None
        worst = max(self.entries, key=lambda loop: loop.gain)
        return (
            f"thermal runaway: loop gain {self.together:.3g} is not below 1 ('{worst.name}': {worst.slope:.3g} W/K times "
            f"{worst.resistance:.3g} K/W); a kelvin more brings more heat than its path carries away"
        )


def growing(model: Model) -> list[Feedback]:
    """Feedbacks that may run away: those with a ceiling."""
    return [feedback for feedback in model.feedbacks if feedback.ceiling is not None]


def loops(model: Model, settings: Solver, derivatives: Floats, gains: Gains) -> Loops:
    """Loop gain of every feedback that may run away: one steady solve with a watt on its members, exchange and heaters included.

    Where the members of one differ, each gets its share of that watt by the growth of its own power.

    Args:
        derivatives: Of the ways of heat (laws, owned), see `Model.derivatives`.
        gains: Slope of every feedback [W/K].
    """
    mine = growing(model)
    if not mine:
        return Loops()
    solver = ShiftedSolver(model, settings.linear)
    solver.linearise(derivatives)
    solver.gains = {feedback: gain for feedback, gain in gains.items() if feedback.ceiling is None}
    held = np.zeros(len(solver.held))
    matrix, found = np.zeros((len(mine), len(mine))), []
    for j, feedback in enumerate(mine):
        gain = gains[feedback]
        growth = float(gain.sum())
        share = gain / growth if growth != 0.0 and (gain * growth >= 0.0).all() else np.full(len(gain), 1 / len(gain))
        right = np.asarray(feedback.weights @ share)
        right[solver.held] = 0.0
        rise = solver.solve_exchanging(0.0, right, derivatives, None, held)
        matrix[:, j] = [float(gains[other] @ other.means(model.layout, rise)) for other in mine]
        found.append(Loop(feedback.name, growth, float(share @ feedback.means(model.layout, rise))))
    return Loops(tuple(found), float(np.linalg.eigvals(matrix).real.max()))


def loops_at(model: Model, settings: Solver, t: float, T: Floats) -> Loops:
    """Loop gain at one state."""
    return loops(model, settings, model.derivatives(t, T), model.feedback_slopes(t, T))


def watch(model: Model, settings: Solver, t: float, T: Floats, mean: bool = False) -> None:
    """Look whether every member of a feedback still has a steady power at an accepted state (owned rows [K]).

    Args:
        mean: Under loads averaged over the period, where `t` is of no account.

    Raises:
        ThermalRunawayError: one has not; says which, how hot it is, and the loop gain there.
    """
    for feedback in growing(model):
        assert feedback.ceiling is not None
        means, highest = feedback.means(model.layout, T), feedback.ceiling(t)
        if means.max() <= highest:
            continue
        gains = {b: b.gain(t, np.minimum(b.means(model.layout, T), highest)) for b in model.feedbacks} | model.network_slopes(t, T)
        loop = loops(model, settings, model.derivatives(t, T), gains)
        when = "under orbit-mean loads" if mean else f"at {t:.0f} s"
        raise ThermalRunawayError(
            f"thermal runaway: {feedback.members[int(np.argmax(means))]} ({feedback.path} '{feedback.name}') passes "
            f"{highest - ZERO_CELSIUS:.1f} degC {when}, above which it has no steady power; loop gain {loop.together:.3g} there. "
            "Try a better path to the radiator, a lower utilisation or a throttle",
            T,
        )
