"""Radiating fins between heat pipes or tubes, with surroundings and absorbed flux."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.validity import FluidError

#: Halvings of the way from base to balance beyond which a tip is in balance: round-off.
FARTHEST = 46.0


@dataclass(frozen=True, slots=True)
class Fin:
    """A plate of even thickness that radiates to one sink and is insulated at its tip."""

    conductivity: float  #: [W/mK]
    thickness: float  #: [m]
    emittance: float  #: of all radiating faces together: 1.7 for two of 0.85 [-]
    sink: float = 0.0  #: effective temperature of the surroundings [K]
    absorbed: float = 0.0  #: flux absorbed by all faces together [W/m2], beside the sink

    def __post_init__(self) -> None:
        if not (min(self.conductivity, self.thickness, self.emittance) > 0 and self.sink >= 0 and self.absorbed >= 0):
            raise FluidError("a fin needs conductivity, thickness and emittance above zero, and no negative sink or flux")

    @property
    def balance(self) -> float:
        """Temperature at which the fin neither gives nor takes [K]."""
        return (self.sink**4 + self.absorbed / (self.emittance * STEFAN_BOLTZMANN)) ** 0.25

    def solve(self, base: float, length: float) -> FinState:
        """Tip temperature and heat of a fin [m] whose base has a temperature [K].

        k t T'' = n eps sigma (T^4 - Ts^4) has the first integral k t T'^2/2 = n eps sigma ((T^5 - T_tip^5)/5 - Ts^4 (T - T_tip)): the
        length as an integral over temperature from the tip, whose root at the tip the substitution T = T_tip + (T_base - T_tip) u^2
        takes away. The tip is found so that the length comes out.

        Source: Lieblein 1959, NASA TN D-196, with a sink; held to a shooting solution in tests/unit/thermal/fluid/test_fin.py.
        """
        from scipy.optimize import brentq

        if not (length >= 0 and base > 0):
            raise FluidError("a fin needs a base above 0 K and a length of zero or more")
        ends = self.balance
        if length == 0 or base == ends:
            return FinState(base, 0.0)
        # the tip is between base and balance; its distance to the balance as a logarithm, so that long fins keep their digits
        span = base - ends

        def short(share: float) -> float:
            return self._length(base, ends + span * 2.0**-share) - length

        if short(FARTHEST) < 0:
            return FinState(ends, self._heat(base, ends))
        tip = ends + span * 2.0 ** -float(brentq(short, 0.0, FARTHEST, xtol=1e-14, rtol=1e-14))
        return FinState(tip, self._heat(base, tip))

    def _slope2(self, gap: float, tip: float) -> float:
        """((T^5 - T_tip^5)/5 - Ts^4 (T - T_tip))/(T - T_tip) at T = tip + gap, without cancellation at the tip."""
        return tip**4 - self.balance**4 + gap * (2 * tip**3 + gap * (2 * tip**2 + gap * (tip + gap / 5)))

    def _length(self, base: float, tip: float) -> float:
        """Distance from base to tip [m]."""
        gap = base - tip
        if gap == 0:
            return 0.0
        # dx = dT/sqrt(2 E/(k t) gap' slope2) with gap' = gap u^2: dx = 2 sqrt(|gap|) du/sqrt(2 E/(k t) |slope2|). Where the tip is close to
        # balance the integrand is peaked at u = 0 over a width w: u = w sinh(z) spreads it.
        linear = 4 * abs(tip**3) * 0.5 * abs(gap)
        width = min(1.0, sqrt(abs(tip**4 - self.balance**4) / linear)) if linear > 0 else 1.0
        z, weights = np.polynomial.legendre.leggauss(60)
        last = np.arcsinh(1 / width)
        z = (z + 1) / 2 * last
        u = width * np.sinh(z)
        slope2 = np.abs([self._slope2(gap * float(at) ** 2, tip) for at in u])
        integrand = width * np.cosh(z) / np.sqrt(slope2)
        scale = 2 * self.emittance * STEFAN_BOLTZMANN / (self.conductivity * self.thickness)
        return float(2 * sqrt(abs(gap) / scale) * (integrand @ weights) / 2 * last)

    def _heat(self, base: float, tip: float) -> float:
        """Heat per width into the base [W/m]; negative where the fin takes from its surroundings."""
        gap = base - tip
        squared = 2 * self.emittance * STEFAN_BOLTZMANN * self.conductivity * self.thickness * abs(gap * self._slope2(gap, tip))
        return sqrt(squared) if gap > 0 else -sqrt(squared)


@dataclass(frozen=True, slots=True)
class FinState:
    """A solved fin."""

    tip: float  #: [K]
    heat: float  #: into the base, per width [W/m]
