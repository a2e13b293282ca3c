"""Coolants against the reference equations of state, as tabulated by heliorack."""

import pytest

from thermal.fluid.coolant import coolant, ends
from thermal.fluid.saturation import saturation_table
from thermal.fluid.table import liquid_table


@pytest.mark.parametrize(
    ("name", "temperature", "published"),
    [
        ("ammonia", 273.15, (429247.8, 1261773.2, 638.6382, 3.45601, 1.70164e-4, 0.026295, 1.24520e11)),
        ("ammonia", 303.15, (1166536.1, 1144587.3, 595.3643, 9.04597, 1.25599e-4, 0.019346, 1.04961e11)),
        ("water", 333.15, (19946.4, 2357654.5, 983.1602, 0.13043, 4.66016e-4, 0.066308, 3.29813e11)),
    ],
)
def test_saturated(name, temperature, published):
    """Pressure, h_fg, both densities, viscosity, surface tension and merit number by the table, to the digits given."""
    s = saturation_table(coolant(name)).at(temperature)
    found = (s.pressure, s.latent_heat, s.liquid_density, s.vapour_density, s.liquid_viscosity, s.surface_tension, s.merit)
    assert [float(value) for value in found] == pytest.approx(published, rel=4e-5)


def test_glycol():
    """50 % glycol at 20 degC: 1064.9287 kg/m3, 3312.042 J/kgK, 0.389148 W/mK, 3.69321 mPa s; freezes at 237.1556 K."""
    table = liquid_table(coolant("INCOMP::MEG-50%"), 3e5)
    at = table.at(293.15)
    found = [float(value) for value in (at.density, at.specific_heat, at.conductivity, at.viscosity)]
    assert found == pytest.approx([1064.9287, 3312.042, 0.389148, 3.69321e-3], rel=2e-6)
    assert table.freezing == pytest.approx(237.1556, abs=1e-4)


def test_critical_and_triple_point():
    """Ammonia: 405.56 K and 11.3634 MPa; 195.495 K."""
    known = ends(coolant("ammonia"))
    assert (known.critical_temperature, known.critical_pressure) == pytest.approx((405.56, 11.3634e6), rel=1e-5)
    assert known.freezing == pytest.approx(195.495, abs=1e-3)
