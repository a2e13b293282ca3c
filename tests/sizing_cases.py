"""Cases of `heliorack size` whose best design is an ordinary equation: a plate of one temperature that radiates from one face."""

SIGMA = 5.670374419e-8  #: W/m2K4
ZERO = 273.15  #: K
HEAT = 60.0  #: W
EMITTANCE = 0.8
AREAL_MASS = 2700.0 * 0.004  #: kg/m2
WIDTH = 0.4  #: m

PLATE = f"""
title = "plate"
[[parts]]
name = "plate"
kind = "plate"
width_mm = {1e3 * WIDTH}
length_mm = 500
thickness_mm = 4
material = "metal"
coating = "insulated"
coatings = {{ "+z" = "grey" }}
heat_W = {HEAT}
mesh_mm = 200
[materials.metal]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 2000
source = "none: conducts so well that the plate has one temperature"
[coatings.grey]
solar_absorptance = 0.2
infrared_emittance = {EMITTANCE}
source = "none"
[coatings.dark]
solar_absorptance = 0.2
infrared_emittance = {EMITTANCE / 2}
source = "none"
[environment]
sink_K = 0
[[limits]]
on = "plate"
max_degC = 40
[margins]
uncertainty_K = 0
[run]
kind = "steady"
"""
SIZE = """
[size]
margin_K = 5
mesh_refine = 1
[size.vary]
"parts.plate.length_mm" = { from = 100, to = 2000 }
"""


def area(limit_degC: float, heat: float = HEAT, emittance: float = EMITTANCE) -> float:
    """Area [m2] that radiates `heat` [W] at a temperature."""
    return heat / (emittance * SIGMA * (limit_degC + ZERO) ** 4)


def mass(limit_degC: float, heat: float = HEAT, emittance: float = EMITTANCE) -> float:
    """Mass of the plate of that area [kg]."""
    return AREAL_MASS * area(limit_degC, heat, emittance)
