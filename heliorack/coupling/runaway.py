"""Thermal runaway: the loop from temperature to power and back to temperature, its gain, and where it has no end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.compute_devices import Answering
from thermal.errors import SolveError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.settings import Solver

Floats = NDArray[np.float64]


class ThermalRunawayError(SolveError):
    """A device passed the temperature above which it has no steady power; `state` is where the owned rows were then [K]."""

    def __init__(self, words: str, state: Floats) -> None:
        self.state = state
        super().__init__(words)


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


def loops(model: Model, devices: Answering, settings: Solver, slope: Floats, cubes: Floats, gains: Sequence[Floats]) -> Loops:
    """Loop gain of every entry at a state: one steady solve with a watt on its devices, exchange and heaters included.

    Where the devices of an entry differ, each gets its share of that watt by the growth of its own power.

    Args:
        model: Its last feedbacks are those of `devices`, in order.
        slope: Slope of the emission [W/K].
        cubes: Derivative of the emissive powers [W/m2K].
        gains: Slope of every feedback [W/K].
    """
    if not devices:
        return Loops()
    first = len(model.feedbacks) - len(devices.entries)
    solver = ShiftedSolver(model, settings.linear)
    solver.refresh(slope)
    solver.gains = [gain if i < first else np.zeros_like(gain) for i, gain in enumerate(gains)]
    held = np.zeros(len(solver.held))
    mine = list(zip(model.feedbacks[first:], gains[first:], strict=True))
    matrix, found = np.zeros((len(mine), len(mine))), []
    for j, (feedback, gain) in enumerate(mine):
        growth = float(gain.sum())
        share = gain / growth if growth != 0.0 and (gain * growth >= 0.0).all() else np.full(len(gain), 1 / len(gain))
        right = np.asarray(feedback.weights @ share)
        right[solver.held] = 0.0
        rise = solver.solve_exchanging(0.0, right, cubes, None, held)
        matrix[:, j] = [float(g @ f.means(model.layout, rise)) for f, g in mine]
        found.append(Loop(devices.entries[j].entry.name, growth, float(share @ feedback.means(model.layout, rise))))
    return Loops(tuple(found), float(np.linalg.eigvals(matrix).real.max()))


def loops_at(model: Model, devices: Answering, settings: Solver, t: float, T: Floats) -> Loops:
    """Loop gain at one state."""
    return loops(model, devices, settings, model.emission_slope(T), model.cubes(T), model.feedback_slopes(t, T))


def watch(model: Model, devices: Answering, settings: Solver, t: float, T: Floats, mean: bool = False) -> None:
    """Look whether every device still has a steady power at an accepted state (owned rows [K]).

    Args:
        mean: Under loads averaged over the period; only then is `t` of no account.

    Raises:
        ThermalRunawayError: one has not; says which, how hot it is, and the loop gain there.
    """
    feedbacks = model.feedbacks[len(model.feedbacks) - len(devices.entries) :]
    for entry, feedback in zip(devices.entries, feedbacks, strict=True):
        means = feedback.means(model.layout, T)
        i = entry.beyond(None if mean else t, means)
        if i is None:
            continue
        highest = entry.highest(None if mean else t)
        gains = [b.slope(t, np.minimum(b.means(model.layout, T), highest)) for b in model.feedbacks]
        loop = loops(model, devices, settings, model.emission_slope(T), model.cubes(T), gains)
        when = "under orbit-mean loads" if mean else f"at {t:.0f} s"
        raise ThermalRunawayError(
            f"thermal runaway: {entry.names[i]} (compute '{entry.entry.name}') passes {highest - ZERO_CELSIUS:.1f} degC {when}, "
            f"above which it has no steady power; loop gain {loop.together:.3g} there. "
            "Try a better path to the radiator, a lower utilisation or a throttle",
            T,
        )
