"""The transport limit of heat pipes that a case draws as conducting solids, at their temperature."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import pi
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.coolant import coolant
from thermal.fluid.pipes.heat_pipe import TransportTable, Wick, transport_capacity
from thermal.fluid.saturation import SaturationTable, saturation_table

Floats = NDArray[np.float64]

#: Those of the coolants that CoolProp knows the surface tension and the viscosity of.
Fluid = Literal["ammonia", "water", "methanol", "propylene", "r134a", "co2"]

#: What a pipe carries whose fluid is frozen [W m]: nothing, above zero so that shares of it can be formed.
FROZEN = 1e-6


@cache
def _saturation(fluid: Fluid) -> SaturationTable:
    """Of a fluid; a tenth of a second to make, and asked for pipe by pipe."""
    return saturation_table(coolant(fluid))


@dataclass(frozen=True, slots=True)
class PipePoint:
    """One row of a maker's table."""

    at: Annotated[float, "degC", Ge(0)]  #: temperature of the pipe
    limit: Annotated[float, "W_m", Ge(0)]  #: largest heat times distance


@dataclass(frozen=True, slots=True)
class PipeWick:
    """Numbers of a wick."""

    pore_radius: Annotated[float, "mm", Gt(0)]  #: effective capillary radius
    permeability: Annotated[float, "m2", Gt(0)]  #: by Darcy's law
    area: Annotated[float, "mm2", Gt(0)]  #: of the liquid's cross section
    vapour_radius: Annotated[float, "mm", Gt(0)]  #: hydraulic, of the vapour space
    #: inner, of the container; with the next for the boiling limit, of [[network.heat_pipes]] with lengths alone
    wall_radius: Annotated[float, "mm", Gt(0)] | None = None
    conductivity: Annotated[float, "W_mK", Gt(0)] | None = None  #: of the wick with its liquid

    def __post_init__(self) -> None:
        if (self.wall_radius is None) != (self.conductivity is None):
            raise ValueError("wall_radius and conductivity go together: the boiling limit needs both")
        if self.wall_radius is not None and self.wall_radius <= self.vapour_radius:
            raise ValueError("wall_radius must be larger than vapour_radius_mm")
        widest = self.area / (8 * pi)
        if self.permeability > widest:
            tube = f"the {widest:.3g} of one open round tube of all of area_mm2"
            raise ValueError(f"permeability_m2 is {self.permeability:g}, above {tube}; no wick has more")

    def wick(self) -> Wick:
        """For `heat_pipe.limits`."""
        return Wick(self.pore_radius, self.permeability, self.area, self.vapour_radius, self.wall_radius, self.conductivity)


@dataclass(frozen=True, slots=True)
class PipeLimit:
    """Transport limits at the temperature of the pipe: by its maker's table, its wick, or its fluid and one measured limit."""

    parts: str  #: part name or pattern: solids that stand for heat pipes
    points: tuple[PipePoint, ...] = ()  #: the maker's table, two temperatures or more; held beyond its ends
    fluid: Fluid | None = None  #: its merit number takes the limit from one temperature to others
    measured_at: Annotated[float, "degC", Ge(0)] | None = None  #: temperature at which the part's transport_limit_W_m was measured
    wick: PipeWick | None = None  #: numbers of the wick, with the fluid, in place of a measured limit; without gravity

    def __post_init__(self) -> None:
        ways = [bool(self.points), self.measured_at is not None, self.wick is not None]
        if sum(ways) != 1:
            raise ValueError("give one of points, measured_at_degC (with fluid) and wick (with fluid)")
        if bool(self.points) == (self.fluid is not None):
            raise ValueError("give the fluid with measured_at_degC or with wick, and not with points")
        if self.points:
            self._table()

    def capacity(self, temperature: ArrayLike, measured: float | None) -> Floats:
        """Limit [W m] at temperatures of a pipe [K]; next to nothing where its fluid is frozen or has no liquid above its critical point.

        From 0.98 of the critical temperature, where data end, it falls to nothing at it.

        Args:
            measured: The part's own limit [W m], at `measured_at`.

        Raises:
            FluidError: the fluid is no liquid at `measured_at`.
        """
        T = np.asarray(temperature, dtype=float)
        if self.points:
            return self._table().at(T)
        table = self.saturation()
        if self.wick is not None:
            found = transport_capacity(self.wick.wick(), table, np.clip(T, table.low, table.high))
        else:
            assert measured is not None
            assert self.measured_at is not None
            found = measured * table.at(np.clip(T, table.low, table.high)).merit / table.at(self.measured_at).merit
        left = np.clip((table.critical_temperature - T) / (table.critical_temperature - table.high), 0.0, 1.0)
        return np.where(table.low > T, FROZEN, np.maximum(found * left, FROZEN))

    def check(self) -> None:
        """Refuse a measured limit at a temperature at which the fluid is no liquid.

        Raises:
            FluidError: with the range it has.
        """
        if self.measured_at is not None:
            self.saturation().at(self.measured_at)

    def saturation(self) -> SaturationTable:
        """Of the fluid, with all that a heat pipe needs."""
        assert self.fluid is not None
        return _saturation(self.fluid)

    def _table(self) -> TransportTable:
        return TransportTable(tuple(point.at for point in self.points), tuple(max(point.limit, FROZEN) for point in self.points))
