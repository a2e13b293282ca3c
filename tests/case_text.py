"""Tables of a case file as text, for the many tests that fly a few boxes: what differs is an argument, what does not stands here once."""

from collections.abc import Sequence


def orbit(
    beta: float,
    point: tuple[str, str] = ("+z", "nadir"),
    align: tuple[str, str] = ("+x", "velocity"),
    preset: str = "hot",
    altitude: float = 550,
) -> str:
    """An orbit at a beta angle [deg] and an altitude [km], its surroundings, and axes with the targets they point and align at."""
    return f"""
[orbit]
kind = "beta"
altitude_km = {altitude}
beta_deg = {beta}

[environment]
preset = "{preset}"

[attitude]
point = {{ axis = "{point[0]}", at = "{point[1]}" }}
align = {{ axis = "{align[0]}", at = "{align[1]}" }}
"""


def box(
    name: str,
    size: Sequence[float],
    at: Sequence[float] = (0, 0, 0),
    material: str = "al_6061",
    coating: str = "z93",
    mesh: float = 60,
    more: str = "",
) -> str:
    """A box, lengths in mm; `more` are further lines of its table."""
    return (
        f'[[parts]]\nname = "{name}"\nkind = "box"\nsize_mm = {list(size)}\nposition_mm = {list(at)}\nmaterial = "{material}"\n'
        f'coating = "{coating}"\nmesh_mm = {mesh}\n{more}\n'
    )


def contact(one: str, other: str, conductance: float = 500) -> str:
    """A contact of two parts [W/m2K]."""
    return f'[[contacts]]\nbetween = ["{one}", "{other}"]\nconductance_W_m2K = {conductance}\n'


def turning(part: str, normal: str = "+z", more: str = "") -> str:
    """A part that turns about +y; `more` are further lines of its table."""
    return f'[[tracking]]\nkind = "one_axis"\nparts = "{part}"\naxis = "+y"\nnormal = "{normal}"\n{more}\n'


FULL_SUN = """
[orbit]
kind = "beta"
altitude_km = 1000
beta_deg = 90

[environment]
solar_flux_W_m2 = 1361
albedo = 0
earth_ir_W_m2 = 0
sink_K = 0

[attitude]
point = { axis = "+z", at = "sun" }
align = { axis = "+x", at = "velocity" }
"""  #: the Sun always straight above +z, no planet, a sky of 0 K
INCLINED = """
[orbit]
kind = "circular"
altitude_km = 550
inclination_deg = 51.6
epoch = 2027-06-21T00:00:00Z

[environment]
preset = "mean"

[attitude]
point = { axis = "+z", at = "nadir" }
align = { axis = "+x", at = "velocity" }
"""  #: a circular orbit from a date on, looking down
