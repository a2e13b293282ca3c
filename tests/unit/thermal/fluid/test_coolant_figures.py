"""The figures that the library shows of coolants are those of their source."""

import pytest

from thermal.fluid.coolant import LIBRARY as LIQUIDS
from thermal.fluid.coolant import boiling_temperature, coolant, ends
from thermal.fluid.coolant_figures import LIBRARY
from thermal.fluid.saturation import saturated
from thermal.fluid.table import liquid_table

ATMOSPHERE = 101325.0


def test_every_coolant_is_shown():
    """The same names in both."""
    assert list(LIBRARY) == list(LIQUIDS)


@pytest.mark.parametrize("name", LIBRARY)
def test_figures(name):
    """Liquid at 20 degC, at 1 atm or where it boils; freezing and boiling: to 1e-4."""
    shown, fluid = LIBRARY[name], coolant(name)
    assert coolant(shown.fluid).fluid == fluid.fluid
    assert shown.freezing == pytest.approx(ends(fluid).freezing, rel=1e-5)
    if shown.boiling is not None:
        assert shown.boiling == pytest.approx(boiling_temperature(fluid, ATMOSPHERE), rel=1e-5)
    if shown.viscosity is None:
        at = saturated(fluid, temperature=293.15)
        assert (shown.density, shown.specific_heat) == pytest.approx((float(at.liquid_density), float(at.liquid_specific_heat)), rel=1e-4)
        return
    pressure = ATMOSPHERE if shown.boiling is None or shown.boiling > 293.15 else 0.0
    if pressure == 0.0 or name == "co2":
        pressure = float(saturated(fluid, temperature=293.15).pressure) * (1 + 1e-6)
    found = liquid_table(fluid, pressure).at(293.15)
    for field in ("density", "specific_heat", "conductivity", "viscosity"):
        assert getattr(shown, field) == pytest.approx(float(getattr(found, field)), rel=1e-4)
