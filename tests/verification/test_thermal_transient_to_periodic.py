"""A transient of many orbits ends in the periodic state, from a case text through the whole chain."""

import numpy as np
import pytest
from bodies import alone
from case_text import box, contact, orbit

from heliorack.case.case import loads
from heliorack.run.simulate import simulate

CASE = 'title = "thin panel with a heated module"\n' + orbit(20, preset="mean") + box("panel", (300, 200, 2), mesh=50)
CASE += box("module", (60, 60, 20), (0, 0, 11), "server_box", "z306", 30, "heat_W = 10") + contact("panel", "module")
CASE += """
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
