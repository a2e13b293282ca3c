"""What thaws a coolant: its heat of melting, and the solid's specific heat and density where they are known."""

from __future__ import annotations

from dataclasses import dataclass

from thermal.fluid.coolant import Coolant


@dataclass(frozen=True, slots=True)
class Fusion:
    """A coolant below its freezing point; None of what is not known."""

    latent: float | None  #: heat that melts it at its freezing point [J/kg]
    specific_heat: float | None  #: of the solid, at its freezing point [J/kgK]
    density: float | None  #: of the solid, there [kg/m3]
    source: str


LIBRARY: dict[str, Fusion] = {
    "water": Fusion(333426.5, 2096.8, 916.72, "ice Ih: IAPWS R10-06(2009), Feistel and Wagner 2006, doi 10.1063/1.2183324"),
    "ammonia": Fusion(
        332.05e3,
        None,
        817.0,
        "heat: Overstreet and Giauque, J. Am. Chem. Soc. 59 (1937) 254 (5655 J/mol); density at -80 degC: Yost and Russell 1944",
    ),
    "methanol": Fusion(100.34e3, None, None, "Carlson and Westrum, J. Chem. Phys. 54 (1971) 1464 (3215 J/mol)"),
    "propylene": Fusion(71.35e3, None, None, "Powell and Giauque, J. Am. Chem. Soc. 61 (1939) 2366 (3002 J/mol)"),
}

UNKNOWN = Fusion(None, None, None, "")


def fusion(fluid: Coolant) -> Fusion:
    """Of a coolant. Of a solution in water the heat of all of its water: less freezes, and over a range, so that it thaws sooner.

    >>> from thermal.fluid.coolant import coolant
    >>> fusion(coolant("water_glycol", 0.4)).latent == 0.6 * LIBRARY["water"].latent
    True
    """
    water = LIBRARY["water"]
    if fluid.solvent == "water" and fluid.fraction is not None and water.latent is not None:
        latent = (1.0 - fluid.fraction) * water.latent
        return Fusion(latent, None, None, f"heat of melting of all of its water; {water.source}")
    return LIBRARY.get(fluid.name, UNKNOWN)
