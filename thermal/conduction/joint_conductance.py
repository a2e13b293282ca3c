"""Conductance of a joint from what it is made of: a layer of interface material, or two rough surfaces pressed together."""

from dataclasses import dataclass
from math import pi
from statistics import NormalDist
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval

from thermal.conduction.interface_material import interface_material

AIR_CONDUCTIVITY = 0.0263  #: W/mK at 300 K; Incropera et al., Fundamentals of Heat and Mass Transfer, table A.4
AIR_PRANDTL = 0.707  #: same table
AIR_HEAT_RATIO = 1.4  #: ratio of specific heats
#: m at 296 K and 101.3 kPa, as commonly quoted; handbooks give 66 to 68 nm.
AIR_FREE_PATH = 67.3e-9
#: Of air on machined metal: the least of 0.87 to 0.97, as commonly quoted after Wiedmann and Trumpler 1946, Trans. ASME 68, 57 (original
#: not consulted). Near 0.85 for nitrogen on metals: Trott et al. 2010, Determination of thermal accommodation coefficients from heat
#: transfer measurements between parallel plates, Sandia National Laboratories.
ACCOMMODATION = 0.87

#: Relative pressures P/H for which the fit of the plastic contact model is used.
RELATIVE_PRESSURE = (1e-6, 2e-2)


@dataclass(frozen=True, slots=True)
class Tim:
    """A layer of thermal interface material: pad, grease, adhesive."""

    thickness: Annotated[float, "mm", Gt(0)]  #: bond line when assembled
    conductivity: Annotated[float, "W_mK", Gt(0)] | None = None  #: through the layer; or give interface
    boundary: Annotated[float, "m2K_W", Ge(0)] = 0.0  #: resistance of both its boundaries together
    interface: str | None = None  #: interface material of the library, in place of its conductivity

    def __post_init__(self) -> None:
        if (self.conductivity is None) == (self.interface is None):
            raise ValueError("give either conductivity_W_mK or interface")
        if self.interface is not None:
            interface_material(self.interface)

    def conductance(self) -> float:
        """Heat per area and kelvin [W/m2K].

        >>> round(Tim(0.1e-3, 5.0, 1e-5).conductance(), 6)
        33333.333333
        """
        k = interface_material(self.interface).conductivity if self.interface is not None else self.conductivity
        assert k is not None
        return 1 / (self.thickness / k + self.boundary)


@dataclass(frozen=True, slots=True)
class Bolted:
    """Two flat rough metal surfaces pressed together, by pressure or by bolts; roughness and slope are of both surfaces together."""

    roughness: Annotated[float, "um", Gt(0)]  #: root mean square height, sqrt(s1^2 + s2^2)
    asperity_slope: Annotated[float, "-", Gt(0)]  #: mean absolute slope of the profiles, sqrt(m1^2 + m2^2)
    hardness: Annotated[float, "MPa", Gt(0)]  #: microhardness of the softer surface
    pressure: Annotated[float, "MPa", Gt(0)] | None = None  #: mean contact pressure; or give the bolts
    bolts: Annotated[int, "-", Ge(1)] | None = None  #: number of bolts that press each contact
    torque: Annotated[float, "Nm", Gt(0)] | None = None  #: tightening torque of one bolt
    diameter: Annotated[float, "mm", Gt(0)] | None = None  #: nominal diameter of the bolts
    nut_factor: Annotated[float, "-", Interval(gt=0, le=1)] = 0.2  #: torque over force times diameter; 0.2 zinc-plated, 0.3 plain steel
    pressed: Annotated[float, "mm", Gt(0)] | None = None  #: diameter that each bolt presses together; else the whole contact
    gas: Literal["vacuum", "air"] = "vacuum"  #: what fills the gaps between the asperities; air at 300 K and one atmosphere

    def __post_init__(self) -> None:
        by_bolts = [value is not None for value in (self.bolts, self.torque, self.diameter)]
        if (self.pressure is not None) == any(by_bolts) or (any(by_bolts) and not all(by_bolts)):
            raise ValueError("give either pressure_MPa, or bolts, torque_Nm and diameter_mm together")
        if self.pressed is not None and (self.diameter is None or self.pressed <= self.diameter):
            raise ValueError("pressed_mm goes with bolts and is larger than their diameter_mm")
        if self.pressure is not None:
            relative_pressure(self.pressure, self.hardness)

    def pressed_area(self, area: float) -> float:
        """What of a contact of `area` is pressed together [m2]: rings around the bolts, or all of it."""
        if self.bolts is None or self.pressed is None or self.diameter is None:
            return area
        return min(area, self.bolts * pi / 4 * (self.pressed**2 - self.diameter**2))

    def mean_pressure(self, area: float) -> float:
        """Mean pressure [Pa] over a contact of `area` [m2]; bolts by F = T/(K d).

        Equation and nut factors are those of Shigley, Mechanical Engineering Design, as commonly quoted (original not consulted).
        """
        if self.bolts is None or self.torque is None or self.diameter is None:
            assert self.pressure is not None
            return self.pressure
        return self.bolts * self.torque / (self.nut_factor * self.diameter) / area

    def conductance(self, k_a: float, k_b: float, area: float) -> float:
        """Heat per area and kelvin [W/m2K].

        Args:
            k_a: Conductivity of one side along the normal [W/mK].
            k_b: Of the other side.
            area: Contact area [m2]; matters only for bolts. What is pressed of it alone conducts; the heat is spread over all of it.

        Raises:
            ValueError: a pressure outside the range of the correlation.
        """
        pressed = self.pressed_area(area)
        ratio = relative_pressure(self.mean_pressure(pressed), self.hardness)
        h = spot_conductance(2 * k_a * k_b / (k_a + k_b), self.roughness, self.asperity_slope, ratio)
        h += air_gap_conductance(self.roughness, ratio) if self.gas == "air" else 0.0
        return h * pressed / area


def relative_pressure(pressure: float, hardness: float) -> float:
    """Pressure over hardness [-].

    Raises:
        ValueError: outside `RELATIVE_PRESSURE`.
    """
    ratio, (low, high) = pressure / hardness, RELATIVE_PRESSURE
    if not low <= ratio <= high:
        raise ValueError(
            f"pressure must be between {low:g} and {high:g} of the hardness, where the correlation holds; {pressure / 1e6:.3g} MPa "
            f"on {hardness / 1e6:.4g} MPa is {ratio:.2g}: give conductance_W_m2K instead"
        )
    return ratio


def spot_conductance(k: float, roughness: float, slope: float, ratio: float) -> float:
    """Conductance of the spots where asperities touch, first loading [W/m2K]: h = 1.25 k (m/s) (P/H)^0.95.

    Args:
        k: Harmonic mean of the two conductivities [W/mK].
        roughness: Root mean square height s [m].
        slope: Mean absolute slope m [-].
        ratio: Pressure over hardness [-].

    Source:
        Plastic contact model of Cooper, Mikic and Yovanovich 1969, Int. J. Heat Mass Transfer 12, 279 (doi 10.1016/0017-9310(69)90011-8);
        coefficient and exponent of the fit by Yovanovich 1982, Thermal contact correlations, Prog. Astronautics Aeronautics 83, 83, as
        commonly quoted (originals not consulted). The fit agrees with the closed form of the model, exp(-z^2/2)/(2 sqrt(2 pi))
        (1 - sqrt(P/H))^-1.5 with P/H = Q(z), within 2 % over `RELATIVE_PRESSURE` (tests/unit/thermal/conduction/test_joint_conductance.py).

    >>> round(spot_conductance(200.0, 1e-6, 0.1, 1e-3), 3)
    35313.439
    """
    return 1.25 * k * slope / roughness * ratio**0.95


def air_gap_conductance(roughness: float, ratio: float) -> float:
    """Conductance of the air between the asperities [W/m2K]: h = k/(Y + M), Y the distance of the mean planes, M for rarefaction.

    In plastic contact the surfaces meet over the share P/H of the area: that of a normal distribution of heights, of standard deviation s,
    beyond Y. So P/H = Q(Y/s), without a fit. M is the temperature jump of both walls, 2 (2 - a)/a 2 g/(g + 1)/Pr L, with accommodation
    coefficient a, ratio of specific heats g, Prandtl number Pr and mean free path L.

    Source:
        k/(Y + M): Yovanovich, DeVaal and Hegazy 1982, AIAA-82-0888; M: the temperature jump of kinetic theory (Smoluchowski, Kennard);
        both as commonly quoted, originals not consulted.
    """
    plane_distance = -roughness * NormalDist().inv_cdf(ratio)
    surfaces = 2 * (2 - ACCOMMODATION) / ACCOMMODATION
    rarefaction = surfaces * 2 * AIR_HEAT_RATIO / (1 + AIR_HEAT_RATIO) / AIR_PRANDTL * AIR_FREE_PATH
    return AIR_CONDUCTIVITY / (plane_distance + rarefaction)
