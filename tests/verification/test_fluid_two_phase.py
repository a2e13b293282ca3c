"""Latent transport, vapour compression and the best lift, at published points."""

import pytest

from thermal.fluid.coolant import coolant
from thermal.fluid.heat_pump import Radiator, best_lift, carnot_fraction, vapour_compression
from thermal.fluid.saturation import saturation_table
from thermal.fluid.table import liquid_table
from thermal.fluid.two_phase import density, quality, void_fraction


def test_120_kilowatts_by_latent_heat():
    """Ammonia at 30 degC to quality 0.6: 0.17473547 kg/s, from 25 degC 0.16883359; single phase with 20 K 1.24334299, 7.1 times as much."""
    fluid = coolant("ammonia")
    state = saturation_table(fluid).at(303.15)
    saturated_inlet = 120e3 / (0.6 * float(state.latent_heat))
    liquid = liquid_table(fluid, float(state.pressure))
    entering = quality(liquid.at(298.15).enthalpy, state).item()
    colder_inlet = 120e3 / ((0.6 - entering) * float(state.latent_heat))
    single = 120e3 / (20.0 * float(state.liquid_specific_heat))
    assert (saturated_inlet, colder_inlet, single) == pytest.approx((0.1747354650, 0.1688335918, 1.2433429874), rel=2e-6)
    assert single / saturated_inlet == pytest.approx(7.1, abs=0.05)
    assert void_fraction(0.6, state).item() == pytest.approx(0.9899722357, rel=1e-7)
    assert density(0.6, state).item() == pytest.approx(14.92543217, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "cold", "hot", "cop", "of_carnot"),
    [("r134a", 293.15, 343.15, 2.769545, 0.47238), ("r1233zd(e)", 293.15, 353.15, 2.510514, None)],
)
def test_vapour_compression(name, cold, hot, cop, of_carnot):
    """Saturated ends, isentropic efficiency 0.7: to 1e-6."""
    cycle = vapour_compression(coolant(name), cold, hot, 0.7)
    assert cycle.cop == pytest.approx(cop, rel=1e-6)
    assert of_carnot is None or cycle.of_carnot == pytest.approx(of_carnot, abs=1e-5)


@pytest.mark.parametrize(("hot", "area"), [(320.0, 1.05894525), (340.0, 0.92867217), (360.0, 0.81664591)])
def test_area_with_a_heat_pump(hot, area):
    """300 K, sink 0, half of Carnot, n eps 1.8: m2/kW, 1.209569 without."""
    radiator = Radiator(1.8, 0.0, 5.0)
    assert radiator.area(1e3, 300.0) == pytest.approx(1.209569, rel=1e-6)
    assert radiator.area(1e3 * (1 + carnot_fraction(0.5)(300.0, hot)), hot) == pytest.approx(area, rel=1e-8)


def test_least_mass():
    """Sink 220 K, radiator 5 kg/m2: 10 kg/kW of power lift to 322.53266 K for 8.14748213 kg/kW (8.50856541 without); at 30 none is best."""
    radiator = Radiator(1.8, 220.0, 5.0)
    cheap = best_lift(300.0, radiator, 0.010, carnot_fraction(0.5), 600.0)
    assert (cheap.hot, 1e3 * cheap.mass, 1e3 * cheap.without) == pytest.approx((322.53266, 8.14748213, 8.50856541), rel=1e-7)
    dear = best_lift(300.0, radiator, 0.030, carnot_fraction(0.5), 600.0)
    assert not dear.pays
    assert dear.hot == 300.0
    assert 0.010 < cheap.turns_at < 0.030
