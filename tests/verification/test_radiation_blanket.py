"""Blankets in sunlight, from a case text to the temperature of their outer layer."""

import numpy as np
import pytest
from bodies import SIGMA, alone
from case_text import FULL_SUN
from triangles import record

from heliorack.case.case import loads
from heliorack.run.simulate import simulate

CASE = 'title = "plate behind a blanket"\n' + FULL_SUN
CASE += """
[[parts]]
name = "plate"
kind = "box"
size_mm = [200, 100, 1]
material = "copper"
coating = "insulated"
coatings = { "+z" = "wrap", "-z" = "white" }
heat_W = 2
mesh_mm = 50
[coatings.foil]
solar_absorptance = 0.35
infrared_emittance = 0.6
source = "given"
[coatings.white]
solar_absorptance = 0.2
infrared_emittance = 0.9
source = "given"
[blankets.wrap]
outer = "foil"
effective_emittance = 0
source = "given"
[run]
kind = "steady"
"""
PLATE, SUN, ALPHA, EPS = 0.02, 1361.0, 0.35, 0.6


def solved(*overrides):
    """Temperatures of outer layer and plate [K], and the result."""
    result = simulate(loads(CASE, overrides), alone())
    enclosure, T = result.radiation.enclosure(), result.solution.last
    layers = enclosure.outer_temperature(result.body.layout, SIGMA, 1000.0, T)
    return layers, float(T.mean()), result


def test_perfectly_insulated_blanket(record_property):
    """Outer layer at (alpha S/(eps sigma))^(1/4) to 1e-10; the plate behind loses its 2 W by its other side as if there were no Sun."""
    layers, plate, result = solved()
    exact = (ALPHA * SUN / (EPS * SIGMA)) ** 0.25
    record(record_property, layers[0], exact, "1e-10")
    assert layers == pytest.approx(exact, rel=1e-10)
    assert plate == pytest.approx((2.0 / (PLATE * 0.9 * SIGMA)) ** 0.25, rel=1e-6)
    assert result.heat["sun"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("conductance", [0.0, 0.5])
def test_blanket_that_leaks(conductance, record_property):
    """Effective emittance 0.05, with and without a seam: outer layer and plate balance, residual of both under 1e-3 W/m2."""
    layers, plate, _ = solved("blankets.wrap.effective_emittance=0.05", f"blankets.wrap.conductance_W_m2K={conductance}")
    layer = layers[0]
    inward = 0.05 * SIGMA * (layer**4 - plate**4) + conductance * (layer - plate)
    outer = ALPHA * SUN - EPS * SIGMA * layer**4 - inward
    inner = inward + 2.0 / PLATE - 0.9 * SIGMA * plate**4
    record(record_property, max(abs(outer), abs(inner)), 0.0, "1e-3 W/m2")
    assert np.abs([outer, inner]).max() < 1e-3
    assert inward > 1.0
