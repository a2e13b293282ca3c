"""Cases of one block that conducts so well that it has one temperature, cooled by a film: every answer is an ordinary equation."""

import numpy as np
from case_text import orbit

CAPACITY = 0.04 * 0.04 * 0.01 * 2700.0 * 900.0  #: J/K
FILM = 20.0 * (2 * 0.04 * 0.04 + 4 * 0.04 * 0.01)  #: W/K
FLUID = 293.15  #: K
ZERO = 273.15  #: K
PERIOD = 5738.99  #: s, of the orbit, which only says how long a period is: insulated faces feel nothing of it

BLOCK = """
title = "block"
[[parts]]
name = "chip"
kind = "box"
size_mm = [40, 40, 10]
material = "metal"
coating = "insulated"
mesh_mm = 40
transport_limit_W_m = 1000
[materials.metal]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 1e5
source = "none: conducts so well that the block has one temperature"
[[boundaries]]
kind = "film"
faces = "chip:*"
h_W_m2K = 20
fluid_degC = 20
"""
ORBIT = orbit(90, point=("+z", "zenith"))
STEADY = '[run]\nkind = "steady"\n'


def gpu(peak: float, *more: str) -> str:
    """A device of `peak` watts at full utilisation, 0 W idle."""
    return "\n".join(['[[compute]]\nname = "gpu"\nparts = "chip"\nidle_W = 0', f"peak_W = {peak}", *more, ""])


def leaking_power(peak: float, T: float | np.ndarray, fraction: float, at: float, doubling: float) -> float | np.ndarray:
    """P0 ((1 - f) + f 2^((T - T0)/d)) [W], temperatures in K."""
    return peak * (1 - fraction + fraction * 2.0 ** ((T - at) / doubling))
