"""Coolants of the library at a glance: liquid at 20 degC and 1 atm, or boiling there. A loop takes its own table at its own pressure.

Found with CoolProp 8.0.0; held to it by tests/unit/thermal/fluid/test_coolant_figures.py.
"""

from dataclasses import dataclass

from thermal.fluid.coolant import LIBRARY as LIQUIDS
from thermal.fluid.fusion import fusion


@dataclass(frozen=True, slots=True)
class CoolantFigures:
    """What is shown of a coolant."""

    fluid: str  #: CoolProp's name; glycols with half of the mass water
    freezing: float  #: [K]
    boiling: float | None  #: at 1 atm [K]; of a solution, that of its water; None: it has no liquid there
    density: float  #: [kg/m3]
    specific_heat: float  #: [J/kgK]
    conductivity: float | None  #: [W/mK]; None: not in CoolProp, no fluid of a loop
    viscosity: float | None  #: [Pa s]; likewise
    latent_heat: float | None  #: that melts it [J/kg]; None: not known here
    solid_specific_heat: float | None  #: [J/kgK]; likewise
    solid_density: float | None  #: [kg/m3]; likewise
    source: str


def _source(name: str) -> str:
    """Of the liquid, and of what melts it where that is known."""
    of_solid = fusion(LIQUIDS[name]).source
    return LIQUIDS[name].source + (f"; {of_solid}" if of_solid else "")


def _solid(name: str) -> tuple[float | None, float | None, float | None]:
    found = fusion(LIQUIDS[name])
    return found.latent, found.specific_heat, found.density


LIBRARY: dict[str, CoolantFigures] = {
    name: CoolantFigures(*figures, *_solid(name), _source(name))
    for name, figures in {
        "ammonia": ("Ammonia", 195.495, 239.834, 610.39, 4738.9, 0.50024, 1.3849e-4),
        "water": ("Water", 273.16, 373.124, 998.21, 4184.1, 0.59801, 1.0016e-3),
        "water_glycol": ("INCOMP::MEG-50%", 237.156, 373.124, 1064.93, 3312.04, 0.389148, 3.69321e-3),
        "propylene_glycol": ("INCOMP::MPG-50%", 240.957, 373.124, 1039.06, 3530.19, 0.359464, 6.39361e-3),
        "hfe_7100": ("INCOMP::HFE2", 138.15, 334.459, 1492.92, 1173.0, 0.0698044, 3.92485e-4),
        "r134a": ("R134a", 169.85, 247.076, 1225.3, 1404.9, 0.083286, 2.0737e-4),
        "r1234ze(e)": ("R1234ze(E)", 168.62, 254.177, 1179.3, 1369.8, 0.075938, 1.9966e-4),
        "r245fa": ("R245fa", 171.05, 288.198, 1351.9, 1305.0, 0.093465, 4.1892e-4),
        "r1233zd(e)": ("R1233zd(E)", 165.75, 291.28, 1274.9, 1175.6, None, None),
        "co2": ("CarbonDioxide", 216.592, None, 773.39, 4263.7, 0.085264, 6.6774e-5),
        "propylene": ("Propylene", 87.953, 225.531, 514.77, 2614.4, 0.11377, 9.9643e-5),
        "methanol": ("Methanol", 175.61, 337.632, 791.01, 2504.6, 0.20116, 5.8528e-4),
    }.items()
}
