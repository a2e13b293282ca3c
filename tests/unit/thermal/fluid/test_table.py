"""Tables of liquids: their own error, their ends, their enthalpy."""

import pickle

import numpy as np
import pytest

from thermal.fluid.coolant import coolant
from thermal.fluid.table import LiquidTable, liquid_table
from thermal.fluid.validity import FluidError, OutsideTableError


@pytest.fixture(scope="module", params=[("ammonia", 20e5), ("water", 5e5), ("water_glycol", 3e5), ("r134a", 10e5), ("hfe_7100", 1.2e5)])
def table(request) -> LiquidTable:
    name, pressure = request.param
    return liquid_table(coolant(name), pressure)


def test_the_stated_error_is_that_of_any_point(table):
    """At 200 random temperatures the table is within what it states (CoolProp asked by its high-level function), and that is below 1e-5."""
    from CoolProp.CoolProp import PropsSI

    names = {"HFE2": "INCOMP::HFE2", "MEG": "INCOMP::MEG-50%"}
    fluid = coolant(table.name.split(" (")[0])
    T = np.random.default_rng(3).uniform(table.low, table.high - 0.02, 200)
    found = table.at(T)
    for letter, name in {"D": "density", "C": "specific_heat", "L": "conductivity", "V": "viscosity"}.items():
        truth = PropsSI(letter, "T", T, "P", table.pressure, names.get(fluid.fluid, fluid.fluid))
        assert np.abs(getattr(found, name) / truth - 1).max() <= 1.2 * table.errors[name] + 1e-12
    assert table.error < 1e-5


def test_specific_heat_is_the_slope_of_enthalpy(table):
    """The heat between two temperatures is the integral of the specific heat, to round-off: no heat is lost between the two."""
    a, b = table.low + 3.0, table.high - 2.0
    edges = np.concatenate([[a], np.arange(table.low, table.high, table.curves.step), [b]])
    edges = np.unique(edges[(edges >= a) & (edges <= b)])
    points, weights = np.polynomial.legendre.leggauss(3)
    half = np.diff(edges) / 2
    nodes = (edges[:-1] + half)[:, None] + half[:, None] * points
    integral = float((table.at(nodes).specific_heat @ weights * half).sum())
    assert float(table.at(b).enthalpy - table.at(a).enthalpy) == pytest.approx(integral, rel=1e-12)


def test_temperature_of_an_enthalpy(table):
    """There and back to 1e-9 K, also where an iterate is beyond the ends."""
    T = np.linspace(table.low - 5, table.high + 5, 37)
    assert np.abs(table.temperature(table.at(T, beyond=True).enthalpy) - T).max() < 1e-9


def test_outside(table):
    """Named, with the range and what ends it; kept through pickle, as is the table."""
    with pytest.raises(OutsideTableError, match=r"fluid outside its table: .*freezes at") as caught:
        table.at([table.low + 1, table.low - 3.0])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.temperature, again.low) == (table.low - 3.0, table.low)
    assert str(again) == str(caught.value)
    with pytest.raises(OutsideTableError):
        table.at(np.nan)
    copy = pickle.loads(pickle.dumps(table))
    assert copy.at(280.0) == table.at(280.0)


def test_ends():
    """Water at 1 bar freezes at 0.01 and boils at 99.61 degC; a solution boils no colder than its water, and freezes at -36 degC."""
    water = liquid_table(coolant("water"), 1e5)
    assert (water.low, water.high) == pytest.approx((273.16, 372.756), abs=1e-3)
    glycol = liquid_table(coolant("water_glycol"), 1e5)
    assert glycol.low == glycol.freezing == pytest.approx(237.1556, abs=1e-3)
    assert glycol.high == water.boiling


def test_no_liquid():
    """Below the triple pressure, or with the ends the wrong way round."""
    with pytest.raises(FluidError, match=r"no liquid at 0\.01 bar"):
        liquid_table(coolant("ammonia"), 1e3)
    with pytest.raises(FluidError, match="above zero"):
        liquid_table(coolant("ammonia"), 0.0)


def test_close_to_the_critical_point():
    """What cannot be tabulated to 1 % is refused; ended colder it is good."""
    fluid = coolant("ammonia")
    with pytest.raises(FluidError, match="end it colder"):
        liquid_table(fluid, 130e5)
    assert liquid_table(fluid, 130e5, high=370.0).error < 1e-4
