"""Solid materials: density, specific heat and conductivity (isotropic or by local axis), each with its source."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Material:
    """A homogenised solid with constant properties; `k_x`, `k_y`, `k_z` are along the part's own axes."""

    density: Annotated[float, "kg_m3", Gt(0)]  #: mass per volume
    specific_heat: Annotated[float, "J_kgK", Gt(0)]  #: heat capacity per mass
    conductivity: Annotated[float, "W_mK", Gt(0)]  #: thermal conductivity; along x unless k_y or k_z say otherwise
    source: str  #: data sheet, handbook table or DOI
    k_y: Annotated[float, "W_mK", Gt(0)] | None = None  #: conductivity along the part's y axis when it differs
    k_z: Annotated[float, "W_mK", Gt(0)] | None = None  #: conductivity along the part's z axis when it differs
    board: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of a circuit board of this laminate, with full copper planes in x and y
    copper: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of all copper planes of the board together

    def __post_init__(self) -> None:
        if (self.board is None) != (self.copper is None):
            raise ValueError("give both board_mm and copper_mm, or neither; the conductivities are then those of the bare laminate")
        if self.board is not None and self.copper is not None and self.copper >= self.board:
            raise ValueError("copper must be thinner than the board")

    def tensor(self) -> NDArray[np.float64]:
        """Conductivity in the part's own axes, shape (3, 3) [W/mK]."""
        k = self.conductivity
        if self.board is not None and self.copper is not None:
            in_plane, through = stacked_board(self.board, self.copper, k_in=k, k_through=k if self.k_z is None else self.k_z)
            return np.diag([in_plane, in_plane, through])
        return np.diag([k, k if self.k_y is None else self.k_y, k if self.k_z is None else self.k_z])

    @property
    def greatest_conductivity(self) -> float:
        """Largest principal conductivity [W/mK]."""
        return float(self.tensor().max())


def stacked_board(
    thickness: float, copper: float, k_copper: float = 398.0, k_in: float = 1.059, k_through: float = 0.343
) -> tuple[float, float]:
    """In-plane and through-thickness conductivity [W/mK] of a laminate with full copper planes of total thickness `copper` [m].

    Layers in parallel in the plane, in series through it. Laminate values measured by Sarvar, Poole and Witting 1990
    (doi 10.1007/BF02662823).

    >>> [round(k, 6) for k in stacked_board(1.6e-3, 8 * 35e-6)]
    [70.523675, 0.415682]
    """
    laminate = thickness - copper
    if not 0 <= copper < thickness:
        raise ValueError(f"copper thickness {copper * 1e3:g} mm must lie between 0 and the board's {thickness * 1e3:g} mm")
    in_plane = (copper * k_copper + laminate * k_in) / thickness
    through = thickness / (copper / k_copper + laminate / k_through)
    return in_plane, through


_BOARD = stacked_board(1.6e-3, 8 * 35e-6)
_MATWEB = "MatWeb data sheet, as used in a TU Delft thesis code"
_SARVAR = "Sarvar, Poole, Witting 1990, doi 10.1007/BF02662823 (conductivity)"

#: Sourced materials. Silicon, carbon-carbon, pyrolytic graphite and interface pads have no entry: no table with a source was at hand.
LIBRARY: dict[str, Material] = {
    "al_6061": Material(2700, 896, 167, _MATWEB),
    "al_7075": Material(2810, 960, 130, _MATWEB),
    "copper": Material(8930, 385, 400, _MATWEB),
    "copper_pure": Material(
        8930, 385, 398, "conductivity as in the contact benchmark of two slabs (textbook value at 300 K); density and heat " + _MATWEB
    ),
    "fr4": Material(1850, 1100, 1.059, _SARVAR + "; no copper planes; z is through the board", k_z=0.343),
    "fr4_isotropic": Material(1850, 1100, 0.3, "textbook laminate value, isotropic; density and heat " + _SARVAR),
    "fr4_8cu": Material(
        (1.32 * 1850 + 0.28 * 8930) / 1.6,
        (1.32 * 1850 * 1100 + 0.28 * 8930 * 385) / (1.32 * 1850 + 0.28 * 8930),
        _BOARD[0],
        "computed: 1.6 mm laminate with eight full 35 um copper planes, layers in parallel and series; laminate " + _SARVAR,
        k_z=_BOARD[1],
    ),
    "honeycomb_al_32": Material(
        32,
        896,
        0.5 * 138 * 32 / 2680,
        "foil conduction k = k_foil rho_core/rho_foil (138 W/mK, 32 and 2680 kg/m3) through the core; half of it in the plane by the usual "
        "cell-geometry estimate; radiation in the cells left out",
        k_z=138 * 32 / 2680,
    ),
    "steel_nafems": Material(7850, 460, 55.6, "NAFEMS benchmark T2, Abaqus Benchmarks manual"),
    "nafems_t3": Material(7200, 440.5, 35, "NAFEMS benchmark T3"),
    "nafems_t4": Material(7850, 460, 52, "NAFEMS benchmark T4 (conductivity); density and heat do not enter its steady state"),
    "server_box": Material(
        1800, 900, 40, "homogenised electronics box, public radiator panel benchmark definition; replace by your own bill of materials"
    ),
}
