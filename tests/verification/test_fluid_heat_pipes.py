"""Heat pipes, gas fronts and fins at published points."""

import pytest

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.coolant import coolant
from thermal.fluid.pipes.fin import Fin
from thermal.fluid.pipes.gas_front import GasFront
from thermal.fluid.pipes.heat_pipe import Lengths, Wick, transport_capacity
from thermal.fluid.saturation import saturation_table


def test_capillary_limit():
    """Ammonia at 20 degC, pores of 0.3 mm, K 1e-9 m2, 2e-5 m2 of wick, no vapour drop: 15.083434 W m, L_eff 0.95 m.

    That is with five digits of surface tension (0.021636 N/m); CoolProp's own gives 2e-5 less.
    """
    found = transport_capacity(Wick(3e-4, 1e-9, 2e-5, 4e-3), saturation_table(coolant("ammonia")), 293.15, vapour_drop=False)
    assert found.item() == pytest.approx(15.083434, rel=3e-5)
    assert Lengths(0.3, 0.5, 0.6).effective == pytest.approx(0.95)


def test_gas_front():
    """Active length at 285, 290, 295 and 298 K to 1e-7 m; 20 W at 287.157017 K to 1e-6."""
    pipe, fluid = GasFront(0.6, 1.2e-4, 7.2e-5, 300.0, 250.0), saturation_table(coolant("ammonia"))
    active = pipe.active([285.0, 290.0, 295.0, 298.0], 250.0, fluid)
    assert active == pytest.approx([0.10287929, 0.31715596, 0.47724327, 0.55459269], abs=1e-7)
    found = pipe.temperature(20.0, 250.0, fluid, lambda T: 0.85 * 0.3 * STEFAN_BOLTZMANN * T**4)
    assert found == pytest.approx(287.157017, abs=1e-6)


@pytest.mark.parametrize(
    ("sink", "absorbed", "tip", "heat"), [(220.0, 0.0, 287.50196765, 80.66597325), (0.0, 120.0, 282.83851679, 91.98763137)]
)
def test_fin_with_surroundings(sink, absorbed, tip, heat):
    """k 167, 1 mm, 0.15 m, two faces of 0.85, base 320 K: tip to 1e-7 K and heat to 1e-9."""
    found = Fin(167.0, 1e-3, 1.7, sink, absorbed).solve(320.0, 0.15)
    assert found.tip == pytest.approx(tip, abs=1e-7)
    assert found.heat == pytest.approx(heat, rel=1e-9)


def test_fin_without_surroundings():
    """zeta 1: tip 0.77914516 of the base, efficiency 0.53398921 (Lieblein, NASA TN D-196), to 1e-8."""
    k = 1.7 * STEFAN_BOLTZMANN * 320.0**3 * 0.15**2 / 1e-3
    found = Fin(k, 1e-3, 1.7).solve(320.0, 0.15)
    assert found.tip / 320.0 == pytest.approx(0.77914516, abs=1e-8)
    assert found.heat / (1.7 * STEFAN_BOLTZMANN * 320.0**4 * 0.15) == pytest.approx(0.53398921, abs=1e-8)
