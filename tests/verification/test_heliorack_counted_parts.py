"""A part that stands for several: three equal fins drawn once and counted three times are three fins."""

import pytest

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from heliorack.studies.mesh_summary import mesh_summary
from thermal.constants import STEFAN_BOLTZMANN as SIGMA

BASE = """
title = "fins"
[environment]
sink_K = 200
[radiation]
model = "open"          # fins drawn side by side would see one another
[materials.superb]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 1e6
source = "so that where on the base a fin stands does not matter"
[[parts]]
name = "base"
kind = "box"
size_mm = [90, 30, 10]
material = "superb"
transport_limit_W_m = 100
coating = "insulated"
heat_W = 6
mesh_mm = 15
{fins}
[[contacts]]
between = ["fin*", "base"]
conductance_W_m2K = 500
[[compute]]
name = "chips"
parts = "fin*"
peak_W = 2
idle_W = 0
[run]
kind = "steady"
"""

FIN = """
[[parts]]
name = "{name}"
kind = "box"
size_mm = [10, 10, 30]
position_mm = [{x}, 0, 20]
material = "superb"
transport_limit_W_m = 100
coating = "z306"
mesh_mm = 10
{more}
"""

DRAWN = BASE.format(fins="".join(FIN.format(name=f"fin{i}", x=x, more="") for i, x in enumerate((-30, 0, 30))))
COUNTED = BASE.format(fins=FIN.format(name="fin", x=0, more="count = 3"))


def test_counted_fins_are_as_warm_as_drawn_ones(record_property) -> None:
    """Base and fins of the counted case are those of the drawn one, all of them as good as isothermal, within 1 mK."""
    drawn, counted = simulate(loads(DRAWN)).parts(), simulate(loads(COUNTED)).parts()
    record_property("expected", drawn["base"].mean_degC)
    record_property("found", counted["base"].mean_degC)
    record_property("tolerance", 1e-3)
    assert counted["base"].mean_degC == pytest.approx(drawn["base"].mean_degC, abs=1e-3)
    assert counted["fin"].mean_degC == pytest.approx(drawn["fin1"].mean_degC, abs=1e-3)
    assert counted["fin"].mass_kg == pytest.approx(3 * drawn["fin1"].mass_kg, rel=1e-9)


def test_heat_of_counted_parts_is_that_of_all() -> None:
    """6 W of the base and 2 W of each of three fins go to the sink: closure and total heat."""
    result = simulate(loads(COUNTED))
    assert result.heat["compute"] / result.duration() == pytest.approx(6.0, rel=1e-9)
    assert -result.heat["space"] / result.duration() == pytest.approx(12.0, rel=1e-6)
    assert result.closure < 1e-6
    area = 3 * (4 * 0.01 * 0.03 + 0.01 * 0.01)
    assert (result.parts()["fin"].max_degC + 273.15) ** 4 > 12.0 / (0.91 * SIGMA * area) + 200.0**4 - 1e9
    assert any("fin stands for 3 equal parts" in said for said in result.assumptions)


def test_unequal_counts_cannot_be_bonded() -> None:
    """One continuous temperature field cannot be one and three at once."""
    text = COUNTED.replace("conductance_W_m2K = 500", "bonded = true")
    with pytest.raises(ValueError, match="stand for unequal numbers"):
        mesh_summary(loads(text))
