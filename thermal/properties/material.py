"""Solid materials: density, specific heat and conductivity (isotropic or by local axis, constant or over temperature), with sources."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, Interval
from numpy.typing import NDArray

from thermal.constants import ZERO_CELSIUS
from thermal.curve import Curve
from thermal.properties.of_temperature import ROUNDED, ConductivityTable, HeatTable, Latent, Polynomial


@dataclass(frozen=True, slots=True)
class Material:
    """A homogenised solid; `k_x`, `k_y`, `k_z` are along the part's own axes.

    Its three numbers hold at all temperatures unless a curve says how they change; they are then those at room temperature, for what
    asks for one number (correlations of joints, estimates of size).
    """

    density: Annotated[float, "kg_m3", Interval(gt=0, le=22600)]  #: mass per volume; osmium, the densest solid, has 22590
    specific_heat: Annotated[float, "J_kgK", Gt(0)]  #: heat capacity per mass
    conductivity: Annotated[float, "W_mK", Gt(0)]  #: thermal conductivity; along x unless k_y or k_z say otherwise
    source: str  #: data sheet, handbook table or DOI
    k_y: Annotated[float, "W_mK", Gt(0)] | None = None  #: conductivity along the part's y axis when it differs
    k_z: Annotated[float, "W_mK", Gt(0)] | None = None  #: conductivity along the part's z axis when it differs
    board: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of a circuit board of this laminate, with full copper planes in x and y
    copper: Annotated[float, "mm", Gt(0)] | None = None  #: thickness of all copper planes of the board together
    service: Annotated[float, "degC", Ge(0)] | None = None  #: highest temperature in long service; a run warns above it
    melting: Annotated[float, "degC", Ge(0)] | None = None  #: where melting or decomposition begins; a run fails above it
    #: conductivity over temperature; k_y_W_mK and k_z_W_mK go with it in proportion
    conductivity_at: ConductivityTable | Polynomial | None = None
    specific_heat_at: HeatTable | Polynomial | None = None  #: specific heat over temperature
    latent: Latent | None = None  #: heat of melting, taken up beside the specific heat

    def __post_init__(self) -> None:
        self._check_curves()
        if self.service is not None and self.melting is not None and self.service > self.melting:
            raise ValueError("service_degC must not be above melting_degC")
        if (self.board is None) != (self.copper is None):
            raise ValueError("give both board_mm and copper_mm, or neither; the conductivities are then those of the bare laminate")
        if self.board is not None and self.copper is not None and self.copper >= self.board:
            raise ValueError("copper must be thinner than the board")

    def _check_curves(self) -> None:
        """Refuse a number that its own curve never takes, and curves that stand for something else.

        Raises:
            ValueError: as said.
        """
        if self.conductivity_at is not None and self.board is not None:
            raise ValueError("conductivity_at is of one material, and board_mm makes it one of copper and laminate; leave one of them out")
        given = (
            ("conductivity_W_mK", self.conductivity, self.conductivity_at),
            ("specific_heat_J_kgK", self.specific_heat, self.specific_heat_at),
        )
        for key, number, over in given:
            if over is None:
                continue
            values = over.curve().value
            low, high = float(values.min()), float(values.max())
            if not low * (1 - ROUNDED) <= number <= high * (1 + ROUNDED):
                raise ValueError(
                    f"{key} = {number:g} is none of the values over temperature, which go from {low:.4g} to {high:.4g}; give that at "
                    "room temperature"
                )

    def conductivity_curve(self) -> Curve | None:
        """Conductivity along x over temperature [W/mK]; None where it is constant."""
        return None if self.conductivity_at is None else self.conductivity_at.curve()

    def heat_curve(self) -> Curve | None:
        """Specific heat over temperature, latent heat included [J/kgK]; None where it is constant."""
        curve = None if self.specific_heat_at is None else self.specific_heat_at.curve()
        if self.latent is None:
            return curve
        constant = Curve(np.array([self.latent.start, self.latent.end]), np.full(2, self.specific_heat))
        return self.latent.beside(constant if curve is None else curve)

    @property
    def varies(self) -> bool:
        """Whether a property depends on temperature."""
        return self.conductivity_at is not None or self.specific_heat_at is not None or self.latent is not None

    def known(self) -> tuple[float, float]:
        """Temperatures within which all curves are known or said to hold on [K]."""
        strict = [over for over in (self.conductivity_at, self.specific_heat_at) if over is not None and over.beyond == "refuse"]
        ends = [(curve.lowest, curve.highest) for curve in (over.curve() for over in strict)]
        return max((low for low, _ in ends), default=-float("inf")), min((high for _, high in ends), default=float("inf"))

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

    Raises:
        ValueError: more copper than board.

    >>> [round(k, 6) for k in stacked_board(1.6e-3, 8 * 35e-6)]
    [70.523675, 0.415682]
    """
    laminate = thickness - copper
    if not 0 <= copper < thickness:
        raise ValueError(f"copper thickness {copper * 1e3:g} mm must lie between 0 and the board's {thickness * 1e3:g} mm")
    in_plane = (copper * k_copper + laminate * k_in) / thickness
    through = thickness / (copper / k_copper + laminate / k_through)
    return in_plane, through


def laminate(fibre: float, resin: float = 0.2, share: float = 0.6) -> tuple[float, float, float]:
    """Conductivity of a unidirectional laminate along the fibres and across them, and of a quasi-isotropic one in its plane [W/mK].

    Layers in parallel along the fibres; across them Rayleigh's result for round fibres that conduct alike in all directions, which is an
    upper bound for carbon; the quasi-isotropic one is the mean of both. What is measured comes out up to a third lower along the fibres.

    Args:
        fibre: Conductivity of the fibres along their axis [W/mK].
        resin: Of the resin [W/mK].
        share: Volume of the fibres over that of the laminate.

    >>> [round(k, 2) for k in laminate(10.46)]
    [6.36, 0.75, 3.55]
    """
    along = share * fibre + (1 - share) * resin
    across = resin * (fibre * (1 + share) + resin * (1 - share)) / (fibre * (1 - share) + resin * (1 + share))
    return along, across, (along + across) / 2


def degC(value: float) -> float:
    """Temperature [K] of one in degC."""
    return value + ZERO_CELSIUS


def _nist(*coefficients: float) -> Polynomial:
    """A fit of NIST's cryogenic material properties over 4 to 300 K."""
    return Polynomial("polynomial", coefficients, 4.0, 300.0, logarithmic=True)


_BOARD = stacked_board(1.6e-3, 8 * 35e-6)
_MATWEB = "MatWeb data sheet, as used in a TU Delft thesis code"
_SARVAR = "Sarvar, Poole, Witting 1990, doi 10.1007/BF02662823 (conductivity)"
_ASM = "ASM and MatWeb data sheet, as commonly quoted"
_MAKE = "makeitfrom.com"
_INCROPERA = "Incropera et al., Fundamentals of Heat and Mass Transfer, table A.1, 300 K"
_FR4_SERVICE = "; service: temperature index 130 degC of FR-4 laminates"
_T300, _M55J = laminate(10.46), laminate(155.7)
_RESIN = "; 60 % fibres in epoxy of 0.2 W/mK and 1200 kg/m3, service 121 degC (epoxy IM7/8552, ASME IMECE2014-46569)"
_TORAY = "carbon fibre laminate, computed from the fibre of Toray's data sheet (T300: 0.025 cal/cm s K along it, 1760 kg/m3; CFA-001)"
_TORAY_HM = (
    "carbon fibre laminate, computed from the fibre of Toray's data sheet (M55J: 155.7 W/mK along it, 1910 kg/m3, as commonly quoted)"
)
_PGS = "Panasonic PGS graphite sheet"

#: Sourced materials at room temperature. `service` and `melting` are None where no figure with a source was at hand.
LIBRARY: dict[str, Material] = {
    "al_6061": Material(
        2700,
        896,
        167,
        f"aluminium 6061, {_MATWEB}; solidus 582 degC ({_ASM}), service {_MAKE}, 6061-T6",
        service=degC(170),
        melting=degC(582),
    ),
    "al_6061_t6_nist": Material(
        2700,
        946,
        154,
        "aluminium 6061-T6, NIST cryogenic material properties (trc.nist.gov/cryogenics): fits over 4 to 300 K, conductivity 0.5 %, "
        f"heat 5 %; numbers at 295 K; density {_MATWEB}; solidus 582 degC ({_ASM}), service {_MAKE}, 6061-T6",
        service=degC(170),
        melting=degC(582),
        conductivity_at=_nist(0.07918, 1.0957, -0.07277, 0.08084, 0.02803, -0.09464, 0.04179, -0.00571),
        specific_heat_at=_nist(46.6467, -314.292, 866.662, -1298.3, 1162.27, -637.795, 210.351, -38.3094, 2.96344),
    ),
    "al_7075": Material(
        2810,
        960,
        130,
        f"aluminium 7075, {_MATWEB}; solidus 477 degC ({_ASM}), service {_MAKE}, 7075-T6",
        service=degC(200),
        melting=degC(477),
    ),
    "al_2024": Material(2780, 875, 121, f"aluminium 2024-T3, {_ASM}; solidus 502 degC", melting=degC(502)),
    "al_5052": Material(2680, 880, 138, f"aluminium 5052-H32, {_ASM}; solidus 607 degC", melting=degC(607)),
    "al_6063": Material(
        2700, 900, 200, f"aluminium 6063-T6, the extrusion of grooved heat pipes, {_ASM}; solidus 616 degC", melting=degC(616)
    ),
    "al_pure": Material(2702, 903, 237, "pure aluminium, " + _INCROPERA, melting=933.0),
    "copper": Material(8930, 385, 400, f"{_MATWEB}; solidus 1065 degC of C11000 ({_ASM})", melting=degC(1065)),
    "copper_pure": Material(
        8930,
        385,
        398,
        "conductivity as in the contact benchmark of two slabs (textbook value at 300 K); density and heat " + _MATWEB,
        melting=1357.8,
    ),
    "ti_6al_4v": Material(
        4430,
        526,
        6.7,
        "titanium, BTI data sheet Ti-6Al-4V (ASM): melts 1604 to 1660 degC, strength up to 315 degC; conductivity 6.6 to 7.2",
        service=degC(315),
        melting=degC(1604),
    ),
    "stainless_304": Material(
        8000,
        500,
        16.2,
        f"stainless steel AISI 304, {_ASM}; melts 1400 to 1450 degC, service 870 degC (oxidation)",
        service=degC(870),
        melting=degC(1400),
    ),
    "stainless_316": Material(
        8000,
        470,
        14.6,
        f"stainless steel AISI 316, {_MAKE} (heat 450 to 485 J/kgK); solidus 1375 degC",
        service=degC(870),
        melting=degC(1375),
    ),
    "invar_36": Material(8050, 515, 10.5, "Carpenter Invar 36 data sheet, 2004 (72.6 BTU in/h ft2 F)", melting=degC(1427)),
    "magnesium_pure": Material(1740, 1024, 156, _INCROPERA, melting=923.0),
    "beryllium": Material(1850, 1825, 200, _INCROPERA, melting=1550.0),
    "silver": Material(10500, 235, 429, _INCROPERA, melting=1235.0),
    "gold": Material(19300, 129, 317, _INCROPERA, melting=1336.0),
    "tungsten": Material(19300, 132, 174, _INCROPERA, melting=3660.0),
    "silicon": Material(2330, 712, 148, _INCROPERA, melting=1685.0),
    "fr4": Material(1850, 1100, 1.059, _SARVAR + "; no copper planes; z is through the board" + _FR4_SERVICE, k_z=0.343, service=degC(130)),
    "fr4_isotropic": Material(
        1850, 1100, 0.3, "textbook laminate value, isotropic; density and heat " + _SARVAR + _FR4_SERVICE, service=degC(130)
    ),
    "fr4_8cu": Material(
        (1.32 * 1850 + 0.28 * 8930) / 1.6,
        (1.32 * 1850 * 1100 + 0.28 * 8930 * 385) / (1.32 * 1850 + 0.28 * 8930),
        _BOARD[0],
        "computed: 1.6 mm laminate with eight full 35 um copper planes, layers in parallel and series; laminate " + _SARVAR + _FR4_SERVICE,
        k_z=_BOARD[1],
        service=degC(130),
    ),
    "g10": Material(
        1800,
        983,
        0.855,
        "NIST cryogenic material properties, G-10 CR, fits at 295 K (5 %): along the cloth, z through it 0.60; service 110 degC: "
        "laminate G-10 of Moldavizolit",
        k_z=0.599,
        service=degC(110),
    ),
    "cfrp_t300_ud": Material(1536, 890, _T300[0], f"{_TORAY}: x along the fibres{_RESIN}", k_y=_T300[1], k_z=_T300[1], service=degC(121)),
    "cfrp_t300_qi": Material(1536, 890, _T300[2], f"{_TORAY}: quasi-isotropic in x and y{_RESIN}", k_z=_T300[1], service=degC(121)),
    "cfrp_m55j_ud": Material(
        1626, 826, _M55J[0], f"{_TORAY_HM}: x along the fibres{_RESIN}", k_y=_M55J[1], k_z=_M55J[1], service=degC(121)
    ),
    "cfrp_m55j_qi": Material(1626, 826, _M55J[2], f"{_TORAY_HM}: quasi-isotropic in x and y{_RESIN}", k_z=_M55J[1], service=degC(121)),
    "pgs_100um": Material(
        1000,
        850,
        700,
        f"{_PGS} 0.10 mm: 600 to 800 in the plane, about 15 through it, 1.0 g/cm3; heat and 400 degC as commonly quoted",
        k_z=15,
        service=degC(400),
    ),
    "pgs_25um": Material(
        1900,
        850,
        1600,
        f"{_PGS} 25 um: 1600 in the plane; 15 through it as the 0.10 mm sheet; density, heat and 400 degC as commonly quoted",
        k_z=15,
        service=degC(400),
    ),
    "kapton_hn": Material(
        1420, 1090, 0.12, "DuPont Kapton HN summary of properties, as commonly quoted; -269 to 400 degC", service=degC(400)
    ),
    "honeycomb_al_32": Material(
        32,
        896,
        0.5 * 138 * 32 / 2680,
        "foil conduction k = k_foil rho_core/rho_foil (138 W/mK, 32 and 2680 kg/m3) through the core; half of it in the plane by the usual "
        "cell-geometry estimate; radiation in the cells left out; service 177 degC (Hexcel, as commonly quoted), solidus of 5052 foil",
        k_z=138 * 32 / 2680,
        service=degC(177),
        melting=degC(607),
    ),
    "steel_nafems": Material(7850, 460, 55.6, "NAFEMS benchmark T2, Abaqus Benchmarks manual"),
    "nafems_t3": Material(7200, 440.5, 35, "NAFEMS benchmark T3"),
    "nafems_t4": Material(7850, 460, 52, "NAFEMS benchmark T4 (conductivity); density and heat do not enter its steady state"),
    "server_box": Material(
        1800, 900, 40, "homogenised electronics box, public radiator panel benchmark definition; replace by your own bill of materials"
    ),
}
