"""A coolant that cools along a radiating tube or panel, in closed form.

Isothermal across: along x the fluid of capacity rate m cp loses eps sigma p (T^4 - Ts^4) per metre, p the radiating perimeter (two faces
of a panel 1 m wide: 2 m). With a film, T is the wall's and the fluid is warmer: h P (T_fluid - T) = eps sigma p (T^4 - Ts^4).
With k = eps sigma p/(m cp) and G(T) the integral of dT/(T^4 - Ts^4) from T upwards, G(T_out) - G(T_in) = k L without a film. A film adds g
(ln(T_in^4 - Ts^4) - ln(T_out^4 - Ts^4)) with 4 g T^3 the slope of T_fluid - T.

Source: separation of variables (docs/theory.md, section Coolants). Held to an ODE in tests/unit/thermal/fluid/test_radiating_tube.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, atanh, exp, inf, log

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.validity import FluidError


@dataclass(frozen=True, slots=True)
class RadiatingTube:
    """What a tube radiates from, to where, and what lies between it and its fluid."""

    emittance: float  #: of the radiating faces [-]
    perimeter: float  #: radiating, per length [m]
    sink: float  #: effective temperature of the surroundings [K]: with an absorbed flux q, (q/(eps sigma))^(1/4)
    film: float = inf  #: between fluid and wall [W/m2K]; inf: the wall has the fluid's temperature
    wetted: float = 0.0  #: perimeter of the film [m]; only with a film

    def __post_init__(self) -> None:
        if not (0 < self.emittance <= 1 and self.perimeter > 0 and self.sink >= 0 and self.film > 0):
            raise FluidError("a radiating tube needs an emittance of 0 to 1, a perimeter and a film above zero, and a sink of 0 K or more")
        if self.film < inf and not self.wetted > 0:
            raise FluidError("a film needs the wetted perimeter of the tube")

    def lost(self, wall: float) -> float:
        """Heat per length at a wall temperature [K]: [W/m]."""
        return self.emittance * STEFAN_BOLTZMANN * self.perimeter * (wall**4 - self.sink**4)

    def fluid(self, wall: float) -> float:
        """Temperature of the fluid at a wall temperature: [K]."""
        return wall if self.film == inf else wall + self.lost(wall) / (self.film * self.wetted)

    def wall(self, fluid: float) -> float:
        """Temperature of the wall at a fluid temperature: [K]."""
        if self.film == inf or fluid == self.sink:
            return fluid
        from scipy.optimize import brentq

        ends = min(self.sink, fluid), max(self.sink, fluid)
        return float(brentq(lambda wall: self.fluid(wall) - fluid, *ends, xtol=1e-12, rtol=1e-15))

    def length_between(self, inlet: float, outlet: float, capacity_rate: float) -> float:
        """Length that takes a fluid of m cp [W/K] from `inlet` to `outlet` [K]: [m].

        Raises:
            FluidError: the sink is not beyond the outlet.
        """
        a, b = self.wall(inlet), self.wall(outlet)
        if inlet == outlet:
            return 0.0
        if not (self.sink < b < a or a < b < self.sink):
            raise FluidError(f"a radiating tube takes no fluid from {inlet:g} to {outlet:g} K with a sink of {self.sink:g} K")
        return capacity_rate / (self.emittance * STEFAN_BOLTZMANN * self.perimeter) * (self._integral(b) - self._integral(a))

    def outlet(self, inlet: float, capacity_rate: float, length: float) -> float:
        """Temperature with which a fluid of m cp [W/K] leaves after `length` [m]: [K].

        Raises:
            FluidError: no flow.
        """
        from scipy.optimize import brentq

        if not capacity_rate > 0:
            raise FluidError("a radiating tube needs a flow: its capacity rate must be above zero")
        if inlet == self.sink or length == 0:
            return inlet
        start = self.wall(inlet)
        wanted = length * self.emittance * STEFAN_BOLTZMANN * self.perimeter / capacity_rate

        def short(
            share: float,
        ) -> float:  # share: of the way from the inlet's wall to the sink, as a logarithm: no digits are lost near the sink
            wall = self.sink + (start - self.sink) * exp(-share)
            return self._integral(wall) - self._integral(start) - wanted

        reach = 1.0
        while short(reach) < 0:
            reach *= 2
            if reach > 600:
                return self.sink
        share = float(brentq(short, 0.0, reach, xtol=1e-15, rtol=1e-14))
        return self.fluid(self.sink + (start - self.sink) * exp(-share))

    def heat(self, inlet: float, capacity_rate: float, length: float) -> float:
        """Radiated along `length` [W]."""
        return capacity_rate * (inlet - self.outlet(inlet, capacity_rate, length))

    def _integral(self, wall: float) -> float:
        """That which grows by k dx along the tube."""
        found = inverse_quartic_integral(wall, self.sink)
        if self.film < inf:
            g = self.emittance * STEFAN_BOLTZMANN * self.perimeter / (self.film * self.wetted)
            found -= g * log(abs(wall**4 - self.sink**4))
        return found


def inverse_quartic_integral(temperature: float, sink: float) -> float:
    """Integral of dT/|T^4 - Ts^4| from `temperature` to infinity above the sink, from zero to `temperature` below it [1/K3].

    (atanh z - atan z)/(2 Ts^3) with z = Ts/T above the sink, (atanh z + atan z)/(2 Ts^3) with z = T/Ts below; as a series in z^4 where the
    difference would lose digits.
    """
    if temperature > sink:
        z = sink / temperature
        if z < 0.3:
            return sum(z ** (4 * n) / (4 * n + 3) for n in range(9)) / temperature**3
        return (atanh(z) - atan(z)) / (2 * sink**3) if z < 1 else inf
    if temperature == sink:
        return inf
    z = temperature / sink
    return (atanh(z) + atan(z)) / (2 * sink**3)
