"""What a heat pipe can carry at its temperature: by the numbers of its wick, or by its maker's table."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermal.fluid.saturation import SaturationTable
from thermal.fluid.validity import FluidError, OutOfRange, outside

Floats = NDArray[np.float64]
Limit = Literal["capillary", "sonic", "entrainment", "boiling", "viscous"]

HEAT_RATIO = 4 / 3  #: cp/cv of a vapour of many atoms, as Chi takes it
NUCLEUS = 2.54e-7  #: radius of a vapour nucleus in a pipe free of gas [m], Chi 1976


@dataclass(frozen=True, slots=True)
class Wick:
    """A wick and the vapour space beside it."""

    pore_radius: float  #: effective capillary radius r_c [m]
    permeability: float  #: K [m2]
    area: float  #: of the liquid's cross section A_w [m2]
    vapour_radius: float  #: hydraulic, of the vapour space [m]
    wall_radius: float | None = None  #: inner, of the container [m]; None: the boiling limit is not known
    conductivity: float | None = None  #: of the wick with its liquid [W/mK]; None: the boiling limit is not known
    surface_radius: float | None = None  #: hydraulic, of the wick's surface towards the vapour [m]; None: the pore radius
    nucleus: float = NUCLEUS  #: radius of a vapour nucleus [m]

    def __post_init__(self) -> None:
        if not min(self.pore_radius, self.permeability, self.area, self.vapour_radius, self.nucleus) > 0:
            raise FluidError("the numbers of a wick must be above zero: pore radius, permeability, area, vapour radius and nucleus")
        if self.wall_radius is not None and not self.wall_radius > self.vapour_radius:
            raise FluidError("the wall's inner radius of a heat pipe must be larger than that of its vapour space")

    @property
    def vapour_area(self) -> float:
        """Cross section of the vapour space [m2]."""
        return pi * self.vapour_radius**2


@dataclass(frozen=True, slots=True)
class Lengths:
    """Where heat enters, passes and leaves [m]."""

    evaporator: float
    adiabatic: float
    condenser: float

    @property
    def effective(self) -> float:
        """L_eff, by which heat is multiplied: half of both ends and the whole between them [m].

        >>> Lengths(0.3, 0.5, 0.6).effective
        0.95
        """
        return 0.5 * self.evaporator + self.adiabatic + 0.5 * self.condenser


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest heats at some temperatures, arrays of their shape; inf where a limit is not known."""

    capillary: Floats  #: [W]: the wick draws no more liquid back
    sonic: Floats  #: [W]: the vapour leaves the evaporator at the speed of sound
    entrainment: Floats  #: [W]: the vapour tears liquid from the wick
    boiling: Floats  #: [W]: the wick boils
    viscous: Floats  #: [W]: the vapour's pressure is used up on the way, in a cold pipe

    @property
    def least(self) -> Floats:
        """The smallest of them [W]."""
        return np.asarray(self._all().min(axis=0))

    @property
    def governs(self) -> NDArray[np.str_]:
        """Name of the smallest of them, of each temperature."""
        return np.asarray(get_args(Limit))[self._all().argmin(axis=0)]

    def _all(self) -> Floats:
        return np.array(np.broadcast_arrays(*(getattr(self, name) for name in get_args(Limit))))


def transport_capacity(wick: Wick, fluid: SaturationTable, temperature: ArrayLike, vapour_drop: bool = True) -> Floats:
    """Greatest Q L_eff of the capillary limit [W m], without gravity: (2 sigma/r_c)/(F_l + F_v).

    F_l = mu_l/(K A_w rho_l h_fg) is Darcy's law of the wick, F_v = 8 mu_v/(rho_v A_v r_v^2 h_fg) laminar vapour. Without the vapour's
    part it is merit number x 2 K A_w/r_c.

    Source: Chi 1976, Heat Pipe Theory and Practice; Faghri 1995, Heat Pipe Science and Technology.
    """
    s = fluid.at(temperature)
    liquid = s.liquid_viscosity / (wick.permeability * wick.area * s.liquid_density * s.latent_heat)
    vapour = 8 * s.vapour_viscosity / (s.vapour_density * wick.vapour_area * wick.vapour_radius**2 * s.latent_heat) if vapour_drop else 0.0
    return np.asarray(2 * s.surface_tension / wick.pore_radius / (liquid + vapour))


def limits(wick: Wick, lengths: Lengths, fluid: SaturationTable, temperature: ArrayLike, vapour_drop: bool = True) -> Limits:
    """All limits of a pipe at its vapour's temperature [K].

    capillary: `transport_capacity` over L_eff;
    sonic: A_v rho_v h_fg sqrt(gamma R T/(2 (gamma + 1))) (Levy 1968);
    entrainment: A_v h_fg sqrt(sigma rho_v/(2 r_s)) (Cotter 1967);
    boiling: 2 pi L_e k_w T/(h_fg rho_v ln(r_i/r_v)) (2 sigma/r_n - 2 sigma/r_c) (Chi 1976);
    viscous: A_v r_v^2 h_fg rho_v p/(16 mu_v L_eff) (Busse 1973).

    Source: all as in Chi 1976 and Faghri 1995; the originals not consulted.
    """
    s = fluid.at(temperature)
    area, r_v = wick.vapour_area, wick.vapour_radius
    sonic = area * s.vapour_density * s.latent_heat * np.sqrt(HEAT_RATIO * fluid.gas_constant * s.temperature / (2 * (HEAT_RATIO + 1)))
    entrainment = area * s.latent_heat * np.sqrt(s.surface_tension * s.vapour_density / (2 * (wick.surface_radius or wick.pore_radius)))
    boiling = np.full_like(np.asarray(sonic), np.inf)
    if wick.wall_radius is not None and wick.conductivity is not None:
        through = 2 * pi * lengths.evaporator * wick.conductivity / log(wick.wall_radius / r_v)
        excess = 2 * s.surface_tension * (1 / wick.nucleus - 1 / wick.pore_radius)
        boiling = np.asarray(through * s.temperature / (s.latent_heat * s.vapour_density) * excess)
    viscous = area * r_v**2 * s.latent_heat * s.vapour_density * s.pressure / (16 * s.vapour_viscosity * lengths.effective)
    capillary = transport_capacity(wick, fluid, temperature, vapour_drop) / lengths.effective
    return Limits(capillary, np.asarray(sonic), np.asarray(entrainment), boiling, np.asarray(viscous))


@dataclass(frozen=True, slots=True)
class TransportTable:
    """A maker's transport capacity over temperature, straight between the points."""

    temperature: tuple[float, ...]  #: [K], rising
    capacity: tuple[float, ...]  #: Q L_eff [W m]

    def __post_init__(self) -> None:
        if len(self.temperature) != len(self.capacity) or len(self.temperature) < 2:
            raise FluidError("a table of transport capacity needs two temperatures or more, a capacity for each")
        if not (np.diff(self.temperature) > 0).all() or not min(self.capacity) >= 0:
            raise FluidError("a table of transport capacity must have rising temperatures, and capacities of zero or more")

    def at(self, temperature: ArrayLike) -> Floats:
        """Capacity [W m]; beyond the table that of its nearer end, which `remarks` tells."""
        return np.asarray(np.interp(np.asarray(temperature, dtype=float), self.temperature, self.capacity))

    def remarks(self, temperature: ArrayLike) -> tuple[OutOfRange, ...]:
        """Temperatures beyond the maker's table."""
        return outside("the maker's table of the heat pipe", "T [K]", temperature, self.temperature[0], self.temperature[-1])
