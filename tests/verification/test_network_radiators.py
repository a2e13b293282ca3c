"""Published radiators reproduced with a loop from case files: a rack's balance, a panel of the space station, one phase against two."""

import numpy as np
import pytest
from network_case import STEADY, node, solved, table
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

import cases
from heliorack.case.case import load
from heliorack.run.network_run import simulate_network
from thermal.fluid.coolant import coolant
from thermal.fluid.saturation import saturated
from thermal.fluid.table import liquid_table

SIGMA = 5.670374419e-8
FIXED = "[network.fluids.fixed]\ndensity_kg_m3 = 600\nspecific_heat_J_kgK = 4750\n"


def loop(heat, flow, area, emittance, absorbed=0.0, sink=-273.15, fluid="fixed", more=None):
    """A closed loop of a heated plate and a panel that radiates from both faces of `area`, isothermal across."""
    panel = f'{{ emittance = {emittance}, perimeter_m = {2 * area / 10}, to = "sky", absorbed_W_m2 = {absorbed} }}'
    tubes = (
        f'{{ name = "plate", length_m = 1, diameter_mm = 30, heat_W = {heat}, cells = 4 }}, '
        f'{{ name = "panel", length_m = 10, diameter_mm = 30, isothermal = true, radiates = {panel}, cells = 60 }}'
    )
    keys = {"pump": f"{{ flow_kg_s = {flow} }}", "segments": f"[{tubes}]"} | (more or {})
    text = (FIXED if fluid == "fixed" else "") + node("sky", held_degC=sink) + table("loops", name='"outer"', fluid=f'"{fluid}"', **keys)
    found = solved(text + STEADY).summary()
    tubes = found.network.loops["outer"].segments
    return found, tubes["plate"].temperature_degC[-1], tubes["panel"].temperature_degC[-1]


STARCLOUD = (0.09 * 1366 + 0.09 * 0.25 * (0.30 * 1366 + 5.67e-8 * 253.15**4)) / 2  #: absorbed, per area of both faces


def test_rack_of_starcloud_at_its_mean():
    """120 kW on 189.55 m2, 0.92 on both faces, 122.94 W/m2 of sunlight and 14.46 of the Earth: 20 degC, for a fluid that hardly cools."""
    assert pytest.approx((122.94 + 14.46) / 2, abs=0.01) == STARCLOUD
    found, warm, cold = loop(120000, 200, 189.550, 0.92, STARCLOUD)
    assert 0.5 * (warm + cold) == pytest.approx(20.0, abs=0.01)
    assert found.network.flows_W["outer.panel ~ sky"] / 189.550 == pytest.approx(770.4784, abs=0.1)
    assert found.network.flows_W["absorbed outer.panel"] / 189.550 == pytest.approx(122.94 + 14.4598, abs=0.1)


def test_rack_of_starcloud_along_its_coolant():
    """35 degC in and 5 out need 1.0144 times the printed area: a radiator at 20 degC is not the mean of what it is along the way."""
    net = 2 * (0.92 * SIGMA * np.array([1, 0]) - STARCLOUD * np.array([0, 1]))
    area = quad(lambda T: 4000 / (net[0] * T**4 + net[1]), 278.15, 308.15)[0]
    assert area / 189.550 == pytest.approx(1.0144, abs=5e-4)
    _, warm, cold = loop(120000, 120000 / (4750 * 30), area, 0.92, STARCLOUD)
    assert (warm, cold) == pytest.approx((35.0, 5.0), abs=0.01)


ORBIT = """
[orbit]
kind = "beta"
altitude_km = 550
beta_deg = 90
[environment]
solar_flux_W_m2 = SUN
albedo = 0
earth_ir_W_m2 = 237
planet_radius_km = 6371
sink_K = 0
[attitude]
point = { axis = "+z", at = "sun" }
align = { axis = "+y", at = "nadir" }
[coatings.osr]
solar_absorptance = 0.09
infrared_emittance = 0.92
source = "white paper v1.03, page 9"
"""


@pytest.mark.parametrize(("sun", "flux"), [(1e-9, 658.1197), (1361, 535.6297)])
def test_rack_of_starcloud_in_orbit(sun, flux):
    """Earth infrared by the exact view factor, absorbed as it is emitted: 658.12 W/m2 in the shade, 535.63 with a face in the Sun."""
    area = 120000 / flux
    faces = ", ".join(f'{{ area_m2 = {area}, normal = [0, 0, {n}], coating = "osr" }}' for n in (1, -1))
    tubes = (
        '{ name = "plate", length_m = 1, diameter_mm = 30, heat_W = 120000, cells = 4 }, '
        '{ name = "panel", length_m = 100, diameter_mm = 30, node = "panel", film_W_m2K = 1e7, cells = 4 }'
    )
    text = ORBIT.replace("SUN", str(sun)) + FIXED + node("panel", capacity_J_K=1e5, faces=f"[{faces}]")
    text += table("loops", name='"outer"', fluid='"fixed"', pump="{ flow_kg_s = 4 }", segments=f"[{tubes}]") + STEADY
    found = solved(text).summary()
    assert found.parts["panel"].mean_degC == pytest.approx(20.0, abs=0.01)
    assert found.first_law.closure < 1e-9


def test_panel_of_the_space_station():
    """14 kW on 3.12 m x 13.6 m of two faces, 330 W/m2: with ammonia at 37 +- 2 degF behind it the sink is one of low orbit, 230 K.

    Assumed here: Z-93 with 0.92, a fin efficiency of 0.9, 0.25 kg/s. The sink is found by an independent integration along the tube.
    """
    plan, emittance, flow, supply = 3.12 * 13.6, 0.92 * 0.9, 0.25, 273.15 + (37 - 32) / 1.8
    assert 14000 / plan == pytest.approx(330.0, abs=0.1)
    liquid = liquid_table(coolant("ammonia"), 20e5)

    def falls(sink):
        """Ammonia along the panel, from where 14 kW have warmed it."""
        begins = float(liquid.temperature(float(liquid.at(supply).enthalpy) + 14000 / flow))

        def by(_, T):
            return -2 * plan * emittance * SIGMA * (T**4 - sink**4) / (flow * liquid.at(T, beyond=True).specific_heat)

        return float(solve_ivp(by, (0, 1), [begins], rtol=1e-9, atol=1e-9).y[0, -1]) - supply

    sink = brentq(falls, 150, 260)
    assert sink == pytest.approx(230, abs=1)
    found, warm, cold = loop(14000, flow, plan, emittance, sink=sink - 273.15, fluid="ammonia", more={"pressure_bar": 20})
    assert (cold - 2.78, found.network.flows_W["outer.panel ~ sky"]) == pytest.approx((0.0, 14000.0), abs=0.05)
    assert warm - cold == pytest.approx(14000 / (flow * float(liquid.at(supply).specific_heat)), rel=0.01)


def test_one_phase_against_two():
    """120 kW at 310 K to 200 K: to cool by 20 K takes 1.18225238 times the area, by the fall of T^4; latent heat a seventh of the flow."""
    level = 0.9 * 2 * SIGMA * (310**4 - 200**4)
    ratio = quad(lambda T: level / (0.9 * 2 * SIGMA * (T**4 - 200**4)), 290, 310)[0] / 20
    assert ratio == pytest.approx(1.18225238, abs=1e-8)
    flow = 120000 / (4750 * 20)
    _, warm, cold = loop(120000, flow, ratio * 120000 / level, 0.9, sink=-73.15)
    assert (warm, cold) == pytest.approx((36.85, 16.85), abs=0.01)
    both = saturated(coolant("ammonia"), temperature=310.0)
    boiling = 120000 / (0.6 * float(both.latent_heat))
    keys = {"two_phase": "{ set_point_degC = 36.85, subcooling_K = 0.5 }"}
    found, _, back = loop(120000, boiling, 1.002 * 120000 / level, 0.9, sink=-73.15, fluid="ammonia", more=keys)
    two = found.network.loops["outer"]
    subcooled = boiling * float(both.liquid_specific_heat) * (36.85 - back)
    assert two.quality_max == pytest.approx(0.6 - subcooled / (boiling * float(both.latent_heat)), abs=1e-3)
    assert 0.5 < 36.85 - back < 8.0  # a panel 0.2 % too large is as much too cold, all of it at its end
    assert flow / boiling == pytest.approx(0.6 * float(both.latent_heat) / (4750 * 20), rel=1e-12)
    assert found.failures == ()


@pytest.mark.full
def test_the_rack_both_ways():
    """The shipped racks: chips as warm on the same panels; a ninth of the flow by latent heat; the panel's gain goes to the exchanger."""
    one, two = (simulate_network(load(cases.path(name), case="nominal")).summary() for name in ("rack_120kw", "rack_120kw_two_phase"))
    assert one.holds
    assert two.holds
    assert two.parts["chips"].max_degC == pytest.approx(one.parts["chips"].max_degC, abs=1.0)
    a, b = one.network.loops["outer"], two.network.loops["outer"]
    heat, warms = (
        one.network.flows_W["exchanger plate_exchanger"],
        a.segments["exchanger"].temperature_degC[-1] - a.segments["back"].temperature_degC[-1],
    )
    by_sensible = a.flow_max_kg_s * warms
    ammonia = saturated(coolant("ammonia"), temperature=310.65)
    subcooling = 37.5 - b.segments["back"].temperature_degC[-1]
    by_latent = b.flow_max_kg_s * (b.quality_max * float(ammonia.latent_heat) + subcooling * float(ammonia.liquid_specific_heat))
    assert by_sensible * 4850 == pytest.approx(heat, rel=0.02)
    assert by_latent == pytest.approx(two.network.flows_W["exchanger plate_exchanger"] + b.pump_W, rel=0.02)
    assert a.flow_max_kg_s / b.flow_max_kg_s == pytest.approx(8.9, abs=0.05)
    assert b.pump_W < 0.05 * a.pump_W
    assert a.segments["exchanger"].temperature_degC[-1] - b.set_point_degC > 6.0
