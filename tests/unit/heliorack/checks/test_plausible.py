"""Numbers of another unit, or that no physics bears, are questioned or refused."""

import pytest
from case_text import orbit

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError

CASE = (
    orbit(20, preset="mean")
    + """
[[parts]]
name = "cube"
kind = "box"
size_mm = [100, 100, 100]
material = "m"
coating = "z93"
[materials.m]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 167
source = "given"
[[compute]]
name = "c"
parts = "cube"
peak_W = 5
idle_W = 1
[[limits]]
on = "cube"
max_degC = 80
[power]
cell = "azur_3g30"
battery = "lg_mj1"
base_load_W = 1
[[boundaries]]
kind = "film"
faces = "cube:+x"
h_W_m2K = 5
fluid_degC = 20
[[skins]]
on = "cube:-x"
thickness_mm = 1
material = "copper"
"""
)
WARMER = 'heaters=[{name="w", parts="cube", power_W=5, on_below_degC=LOW, off_above_degC=HIGH}]'


def warnings(*overrides):
    return [said for said in loads(CASE, overrides).assumptions if said.startswith("warning:")]


def test_a_usual_case_is_not_questioned():
    assert warnings() == []
    assert warnings("environment.solar_flux_W_m2=0", "environment.albedo=0", "environment.earth_ir_W_m2=0", "environment.sink_K=220") == []


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("power.packing=0.009", "power.packing = 0.009: cells cover 0.7 to 0.95 of a wing"),
        ("power.max_depth_of_discharge=0.003", "0.003: is a part of 1 and not per cent of it"),
        ("parts.cube.size_mm=[0.1, 0.1, 0.1]", "nothing is longer than cube, 0.1 mm; size_mm is in mm; write 100 for 0.1 m"),
        ("orbit.altitude_km=6928", "from its centre that would be 550 km"),
        ("environment.solar_flux_W_m2=1.361", "sunlight at the Earth lies between 1300 and 1430 W/m2"),
        ("environment.earth_ir_W_m2=2370", "infrared lies between 100 and 350 W/m2"),
        ("orbit.altitude_km=200000", "200 km, given in m?"),
        ("environment.albedo=1", "no region of the Earth reflects more than 0.7"),
        ("environment.sink_K=300", "Earth infrared comes on top"),
        ("materials.m.density_kg_m3=2.7", "2.7 g/cm3 are 2700 kg/m3"),
        ("materials.m.specific_heat_J_kgK=0.896", "0.896 J/gK are 896 J/kgK"),
        ("limits.0.max_degC=358", "358 K are 84.85 degC"),
        ("limits.0.max_degC=8500", "is the point where it belongs?"),
        (
            WARMER.replace("LOW", "280").replace("HIGH", "285"),
            "heaters.w.on_below_degC = 280: no server is kept so warm; 280 K are 6.85 degC",
        ),
        (WARMER.replace("LOW", "2").replace("HIGH", "10000"), "heaters.w.off_above_degC = 10000: 9998 K above on_below_degC"),
        ("power.fluence_per_year=14", "1e14?"),
        ("power.temperature_coefficient=-0.002", "is not used: the data sheet of azur_3g30 has its own"),
        ("power.battery_specific_energy_Wh_kg=260000", "no cell that charges again has 1000"),
        ("power.array_areal_mass_kg_m2=0.001", "less than bare cells"),
        ("boundaries.0.h_W_m2K=1e12", "hold films of gases, liquids and boiling"),
        ("skins.0.thickness_mm=500", "draw it as a part"),
        ("run.years=150", "cells and battery stay as new all through"),
        ("compute.0.supply_efficiency=0.01", "99 W of heat for every watt"),
    ],
)
def test_what_is_hardly_meant_is_questioned(override, words):
    """Each HOLDS-to-be in silence before; a warning stands in every run of it."""
    found = warnings(override)
    assert len(found) == 1, found
    assert override.partition("=")[0].rpartition(".")[2] in found[0]
    assert words in found[0]


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("orbit.altitude_km=550000", "kilometres are asked for, not metres"),
        ('orbit={kind="keplerian",semi_major_axis_km=300000,eccentricity=0.4,inclination_deg=20}', "beyond the Moon"),
        ("materials.m.density_kg_m3=2700000", "at most 22600"),
        ("power.array_temperature_degC=-270", "between -180 and 250"),
        ("power.temperature_coefficient=0.05", "between -0.02 and 0"),
        ("power.fluence_per_year=1e20", "5e.20 electrons per cm2 after 5 years"),
        ('power={cell="azur_3g30c",battery="lg_mj1",fluence_per_year=1e14}', "gives no loss by fluence"),
        ('boundaries.0={kind="temperature",faces="cube:+x",temperature_degC=20,amplitude_K=50}', "go together"),
        ('boundaries.0={kind="temperature",faces="cube:+x",temperature_degC=-200,amplitude_K=100,period_s=60}', "below absolute zero"),
    ],
)
def test_what_no_physics_bears_is_refused(override, words):
    """An orbit outside of the Earth's room, matter heavier than osmium, cells beyond their sheet, temperatures below 0 K."""
    with pytest.raises(CaseError, match=words):
        loads(CASE, [override])


def test_another_planet_has_its_own_sky():
    """About Mars neither distance nor fluxes are those of the Earth."""
    mars = "environment={planet_radius_km=3389.5,gravitational_parameter_km3_s2=42828,solar_flux_W_m2=590,albedo=0.25,earth_ir_W_m2=95}"
    assert warnings(mars, "orbit.altitude_km=500000") == []


def test_a_wick_passes_no_more_than_an_open_tube():
    """Permeability of 1e-3 m2 where one round tube of 20 mm2 has 20e-6/8 pi = 8e-7: the limit was a thousand times too high."""
    wick = "{ pore_radius_mm = 0.3, permeability_m2 = 1e-3, area_mm2 = 20, vapour_radius_mm = 5 }"
    pipe = f'[[pipe_limits]]\nparts = "cube"\nfluid = "ammonia"\nwick = {wick}\n'
    with pytest.raises(CaseError, match=r"above the 7.96e-07 of one open round tube"):
        loads(CASE + pipe)
