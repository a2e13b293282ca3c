"""Saturated states and their table."""

import numpy as np
import pytest

from thermal.fluid.coolant import coolant
from thermal.fluid.saturation import Saturated, saturated, saturation_table
from thermal.fluid.validity import FluidError, OutsideTableError


@pytest.mark.parametrize("name", ["ammonia", "water", "r134a"])
def test_the_table_is_as_good_as_it_states(name):
    """At 50 random temperatures every property is within its stated error, below 1e-4, of one state asked for by itself."""
    fluid = coolant(name)
    table = saturation_table(fluid)
    assert table.error < 1e-4
    for T in np.random.default_rng(5).uniform(table.low, table.high, 50):
        found, truth = table.at(T), saturated(fluid, temperature=float(T))
        for field in ("pressure", "liquid_density", "vapour_density", "latent_heat", "liquid_viscosity", "surface_tension"):
            assert float(getattr(found, field)) == pytest.approx(float(getattr(truth, field)), rel=1.5 * table.error)


def test_clapeyron():
    """dp/dT = h_fg/(T (1/rho_v - 1/rho_l)) holds along the table: pressure, both densities and both enthalpies belong together, to 2e-5."""
    table = saturation_table(coolant("ammonia"))
    T = np.linspace(220.0, 380.0, 41)
    s = table.at(T)
    slope = s.latent_heat / (T * (1 / s.vapour_density - 1 / s.liquid_density))
    assert np.abs(table.curves.slope(0, T) * s.pressure / slope - 1).max() < 2e-5


def test_by_pressure_and_by_temperature():
    """The same state both ways, one by one and by the table."""
    fluid = coolant("ammonia")
    by_temperature = saturated(fluid, temperature=303.15)
    by_pressure = saturated(fluid, pressure=float(by_temperature.pressure))
    assert float(by_pressure.temperature) == pytest.approx(303.15, abs=1e-6)
    table = saturation_table(fluid)
    assert table.temperature([4e5, 12e5]) == pytest.approx([float(saturated(fluid, pressure=p).temperature) for p in (4e5, 12e5)], abs=1e-4)


def test_set_points_that_are_none():
    """Above the critical point and below the triple point: by name, with the critical point."""
    fluid = coolant("ammonia")
    with pytest.raises(FluidError, match=r"ammonia at 120 bar has no saturated state.*113.63 bar and 132.41 degC"):
        saturated(fluid, pressure=12e6)
    with pytest.raises(OutsideTableError, match="critical"):
        saturated(fluid, temperature=410.0)
    with pytest.raises(FluidError, match="either"):
        saturated(fluid)
    with pytest.raises(FluidError, match="liquid only"):
        saturated(coolant("water_glycol"), temperature=300.0)
    with pytest.raises(OutsideTableError, match="saturated"):
        saturation_table(fluid).at(150.0)
    with pytest.raises(FluidError, match="its table goes"):
        saturation_table(fluid).temperature(2e7)


@pytest.mark.parametrize("name", ["ammonia", "water", "methanol", "propylene", "r134a", "co2"])
def test_fluids_of_heat_pipes_have_all_that_one_needs(name):
    """Every figure is a number all along the table; of propylene CoolProp knows the vapour's viscosity not below 160 K."""
    table = saturation_table(coolant(name))
    states = table.at(np.linspace(table.low, table.high, 200))
    assert all(np.isfinite(getattr(states, field)).all() for field in Saturated.__dataclass_fields__)
    assert np.all(np.diff(states.vapour_viscosity) > 0)
    warm = 0.8 * table.critical_temperature
    truth = float(saturated(coolant(name), temperature=warm).vapour_viscosity)
    assert float(table.at(warm).vapour_viscosity) == pytest.approx(truth, rel=1e-4)
