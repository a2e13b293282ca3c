"""Radiating tubes in closed form."""

import pytest

from thermal.fluid.radiating_tube import RadiatingTube


@pytest.mark.parametrize(("sink", "outlet", "heat"), [(0.0, 278.16819679, 15120.106527), (200.0, 283.79135201, 12449.107793)])
def test_radiating_tube(sink, outlet, heat):
    """0.1 kg/s of cp 4750 enters 20 m of a 1 m panel (two faces, 0.9) at 310 K: outlet to 1e-8 K, heat to 1e-9."""
    panel = RadiatingTube(0.9, 2.0, sink)
    assert panel.outlet(310.0, 475.0, 20.0) == pytest.approx(outlet, abs=1e-8)
    assert panel.heat(310.0, 475.0, 20.0) == pytest.approx(heat, rel=1e-9)


def test_radiating_tube_with_a_film():
    """The second with 1500 W/m2K on a tube of 10 mm: 287.67486407 K, the wall 296.68433352 to 278.17168996 K."""
    panel = RadiatingTube(0.9, 2.0, 200.0, 1500.0, 3.141592653589793 * 0.010)
    out = panel.outlet(310.0, 475.0, 20.0)
    assert (out, panel.wall(310.0), panel.wall(out)) == pytest.approx((287.67486407, 296.68433352, 278.17168996), abs=1e-7)


def test_area_of_a_fluid_that_cools_by_20_kelvin():
    """310 to 290 K with a sink of 200 K needs 1.18225238 of the area that is at 310 K throughout."""
    panel = RadiatingTube(0.9, 2.0, 200.0)
    assert panel.length_between(310.0, 290.0, 475.0) * panel.lost(310.0) / (475.0 * 20.0) == pytest.approx(1.18225238, abs=1e-8)
