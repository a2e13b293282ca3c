"""What a run says of its mesh's error lets the temperatures of an attached network move along."""

import numpy as np
import pytest
from bodies import alone
from case_text import box
from network_case import node, tie

from heliorack.case.case import loads
from heliorack.run.simulate import simulate

K, H, THICK, LONG, WIDE, TIE = 50.0, 50.0, 0.0005, 0.1, 0.02, 0.5
FILMS = (("fin:[+-]z", H), ("far:-z", 200))
CASE = (
    'title = "a fin beside a stirred fluid that it shares with a block"\n'
    + box("fin", (100, 20, 0.5), (0, 0, 0), "metal", "insulated").replace("mesh_mm = 60\n", "")
    + box("far", (40, 40, 10), (0, 0, 100), "copper", "insulated")
    + '[[boundaries]]\nkind = "temperature"\nfaces = "fin:-x"\ntemperature_degC = 100\n'
    + node("fluid")
    + node("sink", held_degC=20)
    + tie("fluid", "sink", TIE)
    + "".join(f'[[network.films]]\nnode = "fluid"\nfaces = "{at}"\nconductance_W_m2K = {h}\n' for at, h in FILMS)
    + f'[materials.metal]\ndensity_kg_m3 = 2700\nspecific_heat_J_kgK = 900\nconductivity_W_mK = {K}\nsource = "test"\n'
    + '[run]\nkind = "steady"\n'
)


@pytest.mark.parametrize("size", [16, 8])
def test_a_block_that_only_the_fluid_warms(size):
    """Fluid by heat tanh(m L) of the fin: half of the error at least, and thrice at most, is said of a block that has none of its own."""
    m = (2 * H / (K * THICK)) ** 0.5
    takes = K * m * WIDE * THICK * np.tanh(m * LONG)
    fluid = (takes * 100 + TIE * 20) / (takes + TIE)
    result = simulate(loads(CASE, [f"mesh.size_mm={size}"]), alone())
    figures = result.parts()["far"]
    error = fluid - figures.max_degC
    assert abs(error) > 0.05
    assert np.sign(figures.mesh_max_K) == np.sign(error)
    assert 0.5 * abs(error) <= abs(figures.mesh_max_K) <= 3 * abs(error)
