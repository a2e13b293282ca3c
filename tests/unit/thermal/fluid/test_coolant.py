"""Names of coolants, and what is refused."""

import pytest

from thermal.fluid.coolant import LIBRARY, coolant, ends, state
from thermal.fluid.saturation import saturated
from thermal.fluid.table import liquid_table
from thermal.fluid.validity import FluidError


def test_the_same_fluid_by_two_names():
    """The library's name with a fraction, and CoolProp's own."""
    assert coolant("Propylene glycol", 0.3) == coolant("INCOMP::MPG-30%") == coolant("INCOMP::MPG[0.3]")
    assert coolant("water_glycol") == coolant("INCOMP::MEG-50%")
    assert coolant("Toluene").fluid == "Toluene"


@pytest.mark.parametrize("name", LIBRARY)
def test_every_entry_is_known_to_coolprop(name):
    """Freezes below where its data end, and says where it is from."""
    fluid = coolant(name)
    assert 80 < ends(fluid).freezing < ends(fluid).highest
    assert fluid.source


@pytest.mark.parametrize(
    ("name", "fraction", "words"),
    [
        ("amonia", None, "fluid 'amonia' is not known"),
        ("ammonia", 0.5, "no solution"),
        ("water_glycol", 0.8, "0.8 is not between 0 and 0.6"),
        ("water_glycol", 50.0, "between 0 and 1"),
        ("INCOMP::MEG-50%", 0.4, "states its fraction"),
        ("INCOMP::ZM", None, "give its fraction"),
        ("INCOMP::HFE", None, "hfe_7100 is the fluid"),
    ],
)
def test_refused(name, fraction, words):
    """By name and with what to do."""
    with pytest.raises(FluidError, match=words):
        state(coolant(name, fraction))


def test_the_refused_fit_is_wrong_and_the_kept_one_is_the_data_sheet():
    """3M at 25 degC: 1510 kg/m3, 0.069 W/mK, 1183 J/kgK, 0.58 mPa s; boils at 61 degC under 101.3 kPa. Rounded as there: to 4 %."""
    table = liquid_table(coolant("hfe_7100"), 101325.0)
    at = table.at(298.15)
    assert table.boiling == pytest.approx(273.15 + 61, abs=0.5)
    assert float(at.density) == pytest.approx(1510.0, rel=0.03)
    assert float(at.conductivity) == pytest.approx(0.069, rel=0.01)
    assert float(at.specific_heat) == pytest.approx(1183.0, rel=0.01)


def test_a_fluid_without_viscosity_is_for_compressors_only():
    """CoolProp has no transport properties of R1233zd(E): its saturated states stand, its coolant table does not."""
    fluid = coolant("R1233zd(E)")
    assert float(saturated(fluid, temperature=293.15).pressure) == pytest.approx(1.08e5, rel=0.01)
    with pytest.raises(FluidError, match=r"r1233zd\(e\) cannot be tabulated"):
        liquid_table(fluid, 5e5)
