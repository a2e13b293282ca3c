"""Two slabs that touch through a contact conductance."""

import numpy as np
import pytest
from bodies import Solid

from meshes.join import join
from meshes.structured import structured_box
from thermal.solve.steady import steady_state


@pytest.mark.parametrize(
    ("k", "thickness", "flux", "near", "far"),
    [(398.0, 0.005, 87344.93271657, 344.76976451, 301.09729815), (0.3, 0.020, 743.75380413, 349.95546384, 349.58358694)],
    ids=["copper", "laminate"],
)
def test_flux_and_jump(k, thickness, flux, near, far):
    """10 mm of 167 W/mK | 2000 W/m2K | 5 mm of 398 or 20 mm of 0.3 W/mK, 350 to 300 K: q = 50/(L1/k1 + 1/h + L2/k2), to 1e-8."""
    width, depth = 0.02, 0.03
    hot = structured_box((3, 2, 2), (0.01, width, depth), name="hot")
    cold = structured_box((4, 2, 2), (thickness, width, depth), (0.01, 0.0, 0.0), name="cold")
    solid = Solid(join([hot, cold]), [167.0, k])
    model = solid.model(held={"hot:-x": 350.0, "cold:+x": 300.0}, contact=2000.0)
    T = steady_state(model, solid.start(320.0), 0.0, "direct")
    at_joint = np.isclose(solid.assembly.points[solid.layout.nodes, 0], 0.01)
    of_hot = solid.spread("hot") > 0
    assert T[at_joint & of_hot] == pytest.approx(near, rel=1e-8)
    assert T[at_joint & ~of_hot] == pytest.approx(far, rel=1e-8)
    enters, leaves = (model.product(model.A, T)[held.rows].sum() for held in model.held)
    assert enters == pytest.approx(flux * width * depth, rel=1e-8)
    assert leaves == pytest.approx(-flux * width * depth, rel=1e-8)
