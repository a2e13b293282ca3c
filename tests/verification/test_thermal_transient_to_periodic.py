"""A transient of many orbits ends in the periodic state, from a case text through the whole chain."""

import numpy as np
import pytest
from bodies import alone

from heliorack.case import loads
from heliorack.pipeline import simulate

CASE = """
title = "thin panel with a heated module"
[orbit]
kind = "beta"
altitude_km = 550
beta_deg = 20
[environment]
preset = "mean"
[attitude]
kind = "two_vector"
point = { axis = "+z", at = "nadir" }
align = { axis = "+x", at = "velocity" }
[[parts]]
name = "panel"
kind = "box"
size_mm = [300, 200, 2]
material = "al_6061"
coating = "z93"
mesh_mm = 50
[[parts]]
name = "module"
kind = "box"
size_mm = [60, 60, 20]
position_mm = [0, 0, 11]
material = "server_box"
coating = "z306"
heat_W = 10
mesh_mm = 30
[[contacts]]
between = ["panel", "module"]
conductance_W_m2K = 500
[[heaters]]
name = "heater"
parts = "module"
power_W = 15
on_below_degC = BELOW
off_above_degC = ABOVE
"""


@pytest.mark.parametrize(("below", "above"), [(-120, -119), (20, 30), (24, 25)], ids=["idle heater", "wide band", "narrow band"])
def test_six_orbits_from_a_wrong_start(below, above):
    """Six orbits from 60 degC and the periodic state meet within twice the tolerance of 0.05 K; in that state in = out to the estimate."""
    text = CASE.replace("BELOW", str(below)).replace("ABOVE", str(above))
    periodic = simulate(loads(text), alone())
    marched = simulate(loads(text + '[run]\nkind = "transient"\norbits = 6\nstart_degC = 60\n'), alone())
    found = periodic.solution.periodic
    assert found.converged
    assert periodic.solution.end == pytest.approx(marched.solution.end, abs=0.1)
    assert periodic.closure < 1e-9
    assert marched.closure < 1e-9
    assert abs(periodic.stored) <= found.change * float(periodic.body.part_mass @ np.array([896.0, 900.0])) * (1 + 1e-6)
    assert sum(periodic.heat.values()) == pytest.approx(periodic.stored, abs=1e-9 * periodic.throughput)
