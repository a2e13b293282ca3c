"""Loop heat pipes by their measured curve: conductance over heat, between a least heat to start with and a greatest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.validity import FluidError, OutOfRange, outside

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LoopHeatPipe:
    """Conductance from evaporator to condenser as the maker measured it; straight between the points, even beyond them."""

    heat: tuple[float, ...]  #: [W], rising, the first above zero
    conductance: tuple[float, ...]  #: [W/K] at each
    start: float = 0.0  #: least heat with which it starts [W]: below it, it stands still
    limit: float = float("inf")  #: greatest heat [W]

    def __post_init__(self) -> None:
        heat, conductance = np.asarray(self.heat), np.asarray(self.conductance)
        if len(heat) != len(conductance) or len(heat) < 1:
            raise FluidError("a loop heat pipe needs a conductance for each heat of its curve, one or more")
        if not (heat[0] > 0 and (np.diff(heat) > 0).all() and (conductance > 0).all()):
            raise FluidError("a loop heat pipe's curve must have rising heats and conductances, all above zero")
        if not (np.diff(heat / conductance) > 0).all():
            raise FluidError("the curve of a loop heat pipe has more than one heat for the same difference: Q/G must rise along it")

    def difference(self, heat: ArrayLike) -> Floats:
        """Evaporator above condenser [K] at a heat [W]; odd in heat is not meant: backwards it conducts nothing, which is refused.

        Raises:
            FluidError: negative heat.
        """
        q = np.asarray(heat, dtype=float)
        if not (q >= 0).all():
            raise FluidError(f"a loop heat pipe carries heat one way; {q.min():g} W is the other")
        return np.asarray(q / np.interp(q, self.heat, self.conductance))

    def carried(self, difference: ArrayLike) -> Floats:
        """Heat [W] at a difference [K]; nothing the other way round, the check valve that its wick is."""
        wanted = np.maximum(np.asarray(difference, dtype=float), 0.0)
        q, g = np.asarray(self.heat), np.asarray(self.conductance)
        at = q / g
        # between points G = a + b q and Q = G d: q = a d/(1 - b d), exact on each piece
        piece = np.clip(np.searchsorted(at, wanted, side="right") - 1, 0, max(len(q) - 2, 0))
        if len(q) == 1:
            return np.asarray(wanted * g[0])
        slope = (g[piece + 1] - g[piece]) / (q[piece + 1] - q[piece])
        inside = (g[piece] - slope * q[piece]) * wanted / np.where(np.abs(1 - slope * wanted) > 1e-12, 1 - slope * wanted, np.inf)
        return np.where(wanted < at[0], wanted * g[0], np.where(wanted > at[-1], wanted * g[-1], inside))

    def remarks(self, heat: ArrayLike) -> tuple[OutOfRange, ...]:
        """Heats beyond the measured curve, where its end's conductance is taken."""
        return outside("the curve of the loop heat pipe", "Q [W]", heat, self.heat[0], self.heat[-1])
