"""Cases of a few plates and boxes that see one another, written part by part; nothing touches unless a test wants it."""

from collections.abc import Sequence

from case_text import box, orbit

SHEET = """
[materials.sheet]
density_kg_m3 = 2700
specific_heat_J_kgK = 896
conductivity_W_mK = 2000
source = "test"
"""
STEADY = '[run]\nkind = "steady"\n'
COLD = '[environment]\nkind = "chamber"\nshroud_degC = -273.15\n'  #: nothing comes from outside
LAMP = COLD + "lamp_flux_W_m2 = 1000\n"  #: parallel light along -z
NOON = """
[orbit]
kind = "beta"
altitude_km = 550
beta_deg = 90

[environment]
solar_flux_W_m2 = 1361
albedo = 0
earth_ir_W_m2 = 0

[attitude]
point = { axis = "+z", at = "sun" }
align = { axis = "+x", at = "nadir" }
"""  #: the Sun always straight above +z, and no planet
LOW = orbit(30)


def coating(name: str, absorptance: float, emittance: float, more: str = "") -> str:
    """A coating of the case."""
    return f'[coatings.{name}]\nsolar_absorptance = {absorptance}\ninfrared_emittance = {emittance}\n{more}source = "test"\n'


def part(name: str, size: Sequence[float], at: Sequence[float], worn: str = "z93", more: str = "", mesh: float = 60) -> str:
    """A box of the sheet, mm."""
    return box(name, size, at, "sheet", worn, mesh, more)


def held(faces: str, kelvin: float) -> str:
    """Faces at a temperature."""
    return f'[[boundaries]]\nkind = "temperature"\nfaces = "{faces}"\ntemperature_degC = {kelvin - 273.15}\n'
