"""Flow and pressure of ducts in parallel: what the network must find, for one pair of headers and one temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thermal.fluid.duct import Duct
from thermal.fluid.friction import Correlation, friction_factor, pressure_drop
from thermal.fluid.validity import FluidError


@dataclass(frozen=True, slots=True)
class Branch:
    """One duct between two headers."""

    duct: Duct
    length: float  #: [m]
    roughness: float = 0.0  #: height [m]
    loss: float = 0.0  #: sum of the loss coefficients of its fittings [-]
    correlation: Correlation = "colebrook"

    def reynolds(self, flow: float, viscosity: float) -> float:
        """At a mass flow [kg/s] and viscosity [Pa s]."""
        return abs(flow) * self.duct.diameter / (self.duct.area * viscosity)

    def drop(self, flow: float, density: float, viscosity: float) -> float:
        """Pressure that `flow` [kg/s] costs [Pa]; against a flow backwards it is negative."""
        if flow == 0:
            return 0.0
        d = self.duct.diameter
        f = friction_factor(self.reynolds(flow, viscosity), self.roughness / d, self.correlation, self.duct.laminar_friction)
        return float(pressure_drop(f.factor, self.length, d, density, flow / (density * self.duct.area), self.loss))

    def flow(self, drop: float, density: float, viscosity: float) -> float:
        """Mass flow at a pressure difference [Pa]: [kg/s]."""
        from scipy.optimize import brentq

        if drop == 0:
            return 0.0
        reach = self.duct.area * viscosity / self.duct.diameter  # Re 1
        while self.drop(reach, density, viscosity) < abs(drop):
            reach *= 4
        found = brentq(lambda m: self.drop(m, density, viscosity) - abs(drop), 0.0, reach, xtol=1e-300, rtol=1e-14)
        return float(found) if drop > 0 else -float(found)


@dataclass(frozen=True, slots=True)
class Split:
    """How a flow divides."""

    flows: tuple[float, ...]  #: of each branch [kg/s]
    drop: float  #: between the headers [Pa]
    reynolds: tuple[float, ...]  #: of each branch


def split(branches: Sequence[Branch], flow: float, density: float, viscosity: float) -> Split:
    """Divide `flow` [kg/s] among branches in parallel so that all have the same pressure drop.

    Raises:
        FluidError: no branches, or no flow.
    """
    from scipy.optimize import brentq

    if not branches or not flow > 0:
        raise FluidError("a flow is split among one branch or more, and must be above zero")
    most = max(branch.drop(flow, density, viscosity) for branch in branches)
    drop = float(
        brentq(
            lambda dp: sum(branch.flow(dp, density, viscosity) for branch in branches) - flow,
            0.0,
            most * (1 + 1e-9),
            xtol=1e-300,
            rtol=1e-14,
        )
    )
    flows = tuple(branch.flow(drop, density, viscosity) for branch in branches)
    return Split(flows, drop, tuple(branch.reynolds(m, viscosity) for branch, m in zip(branches, flows, strict=True)))
