"""Punctures and the lift of a heat pump, asked in a case file."""

import pytest

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.run.network_run import simulate_network
from heliorack.run.simulate import simulate
from thermal.fluid.puncture import YEAR, earth_shielding, focusing, gruen, wall_needed

CASE = """
title = "a plate"
[environment]
sink_K = 200
[[parts]]
name = "plate"
kind = "box"
size_mm = [1000, 500, 10]
material = "al_6061"
coating = "z306"
heat_W = 100
mesh_mm = 250
[run]
kind = "steady"
"""

LIFT = """
[heat_pump]
cold_degC = 26.85
fraction_of_carnot = 0.5
emittance = 1.8
sink_K = 220
radiator_kg_m2 = 5
power_W_kg = 100
"""

WALL = f"""
[punctures]
area_m2 = 10
wall_mm = {1e3 * wall_needed(1e-7)}
years = 5
"""


def test_no_leak():
    """10 m2 for 5 years behind the wall against 1e-4 g: 0.517464 hits, none with 0.596030; of two halves one may go: 0.948030."""
    found = simulate(loads(CASE + WALL)).summary()
    assert found.punctures is not None
    assert (found.punctures.hits, found.punctures.no_leak) == pytest.approx((0.517464, 0.596030), abs=1e-6)
    assert found.punctures.mass_withstood_g == pytest.approx(1e-4, rel=1e-9)
    assert any(said.startswith("punctures: no leak with a chance of 0.5960") for said in found.remarks)
    halves = simulate(loads(CASE + WALL + "segments = 2\nneeded = 1\n")).summary()
    assert halves.punctures is not None
    assert halves.punctures.no_leak == pytest.approx(0.948030, abs=1e-6)


def test_a_wanted_chance_is_a_failed_result_with_its_armour():
    """With the wall that it names the same case holds; the face's own area counts, the Earth hides and gathers, debris adds."""
    text = CASE + WALL.replace("area_m2 = 10", 'faces = "plate:+z"')
    asked = simulate(loads(text + "wanted = 0.99\n")).summary()
    assert asked.punctures is not None
    assert asked.punctures.area_m2 == pytest.approx(0.5)
    assert not asked.punctures.holds
    assert any("0.99 is wanted" in said for said in asked.failures)
    thicker = asked.punctures.wall_needed_mm
    assert asked.punctures.armour_kg == pytest.approx(0.5 * 2700 * (thicker - 1e3 * wall_needed(1e-7)) * 1e-3)
    again = simulate(loads(text + "wanted = 0.99\n", [f"punctures.wall_mm={thicker * (1 + 1e-9)}"])).summary()
    assert again.punctures is not None
    assert again.punctures.holds
    debris = "debris = [{ mass_g = 1e-6, flux_per_m2_year = 1 }, { mass_g = 1e-2, flux_per_m2_year = 1e-4 }]\n"
    more = simulate(loads(CASE + WALL + debris)).summary()
    assert more.punctures is not None
    assert more.punctures.hits == pytest.approx(0.517464 + 50 * 1e-2, abs=1e-6)


def test_the_earth_counts_where_asked():
    """At 600 km it hides 0.31 of the sky and gathers 1.29 times as many."""
    orbit = '[orbit]\nkind = "beta"\naltitude_km = 600\nbeta_deg = 0\n[environment]\npreset = "hot"\n'
    orbit += '[attitude]\npoint = { axis = "+z", at = "nadir" }\nalign = { axis = "+x", at = "velocity" }\n'
    text = CASE.replace("[environment]\nsink_K = 200\n", orbit) + WALL + "earth = true\n"
    found = simulate(loads(text)).summary()
    assert found.punctures is not None
    expected = float(gruen(1e-7)) * 10 * 5 * YEAR * earth_shielding(600e3) * focusing(600e3)
    assert found.punctures.hits == pytest.approx(expected, rel=1e-6)


def test_best_lift():
    """Half of Carnot, 5 kg/m2, sink 220 K: at 10 kg/kW 322.53266 K and 8.14748213 kg/kW (8.50856541 without); at 30 no pump is best."""
    found = simulate(loads(CASE + LIFT)).summary().heat_pump
    assert found is not None
    assert found.pays
    assert (found.radiator_degC + 273.15, found.mass_kg_kW, found.without_pump_kg_kW) == pytest.approx(
        (322.53266, 8.14748213, 8.50856541), rel=1e-7
    )
    dear = simulate(loads(CASE + LIFT, ["heat_pump.power_W_kg=33.3333333"])).summary()
    assert dear.heat_pump is not None
    assert not dear.heat_pump.pays
    assert dear.heat_pump.pays_below_kg_kW == pytest.approx(found.pays_below_kg_kW)
    assert any(said.startswith("heat pump: no pump is best: 8.509 kg/kW; a pump pays below 15.43 kg/kW") for said in dear.remarks)


NODE = '[[network.nodes]]\nname = "n"\nheld_degC = 0\n[run]\nkind = "steady"\n'


def test_what_no_wall_has_and_what_no_radiator_does():
    """A chance that no wall has is a failed result, not the end of the run; warm surroundings are said in words."""
    wide = WALL.replace("= 10", "= 1e9") + "wanted = 0.5\n"
    found = simulate_network(loads(NODE + wide + LIFT.replace("220", "310"))).summary()
    assert [one for one in found.failures if one.startswith("punctures: no leak in 5 years") and "no wall below 100 mm has it" in one]
    assert found.punctures is not None
    assert (found.punctures.holds, found.punctures.wall_needed_mm) == (False, None)
    assert [one for one in found.remarks if one.endswith("without a pump no radiator gives heat to surroundings that are no colder")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WALL.replace("years = 5\n", ""), "say for how many years"),
        (WALL + "earth = true\n", r"needs \[orbit\]"),
        (WALL + "segments = 2\nneeded = 3\n", "at most all"),
        (WALL.replace("area_m2 = 10", 'faces = "tube:*"'), "matches no face"),
        (WALL + "debris = [{ mass_g = 1, flux_per_m2_year = 2 }, { mass_g = 2, flux_per_m2_year = 1 }]\n", r"debris +begins at 1 g, and"),
        (LIFT + "hottest_degC = 20\n", "a heat pump needs a radiator hotter than"),
        (LIFT.replace("fraction_of_carnot = 0.5", 'refrigerant = "r134"\nisentropic_efficiency = 0.7'), "r134"),
        (LIFT.replace("fraction_of_carnot = 0.5", 'refrigerant = "r134a"'), "go together"),
        (
            LIFT.replace("cold_degC = 26.85", "cold_degC = 120").replace(
                "fraction_of_carnot = 0.5", 'refrigerant = "r134a"\nisentropic_efficiency = 0.7'
            ),
            "hotter",
        ),
    ],
)
def test_refused(text, words):
    """By what is missing, and with the range that there is."""
    with pytest.raises(CaseError, match=words):
        loads(CASE + text)
