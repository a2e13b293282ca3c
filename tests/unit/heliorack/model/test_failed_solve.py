"""A solve that fails says what in the physics of its case may be behind it."""

import pytest
from bodies import alone

from heliorack.case.case import loads
from heliorack.model.failed_solve import causes
from heliorack.run.simulate import simulate
from thermal.errors import SolveError

CASE = """
title = "two boxes"
[environment]
kind = "chamber"
shroud_degC = 20
[materials.m]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 100
source = "given"
[[parts]]
name = "p"
kind = "box"
size_mm = [50, 50, 5]
material = "m"
coating = "z93"
mesh_mm = 15
[[parts]]
name = "q"
kind = "box"
size_mm = [50, 50, 5]
position_mm = [0, 0, 50]
material = "m"
coating = "insulated"
mesh_mm = 15
heat_W = {heat}
[[straps]]
between = ["p:+z", "q:-z"]
conductance_W_K = {strap}
{more}
[run]
kind = "steady"
"""
DRAWN = '[[boundaries]]\nkind = "flux"\nfaces = "p:-z"\nflux_W_m2 = -5000\n'


@pytest.mark.parametrize(
    ("heat", "strap", "more", "words"),
    [
        (0, 1, DRAWN, "p and q: 10.2[0-9]* W more is drawn than sunlight, loads and surroundings bring at 0 K, so no temperature balances"),
        (10, 1e-12, "", "q: 10 W crosses 1e-12 W/K of contacts, straps and surfaces together, 1e[+]13 K apart"),
        (1e11, 1, "", "p and q: 1e[+]11 W is brought to an emittance times area of 0.00541 m2 .* do not reject it at 1727 degC"),
        (0, 1e15, "", "p:[+]z - q:-z: a joint of 1e[+]15 W/K loses 67 W by round-off alone"),
    ],
)
def test_a_failed_solve_names_its_cause(heat, strap, more, words):
    with pytest.raises(SolveError, match=f"Newton stopped(.|\\n)*Physical cause:(.|\\n)*{words}"):
        simulate(loads(CASE.format(heat=heat, strap=strap, more=more)), alone())


def test_nothing_is_said_of_a_sound_case():
    sound = simulate(loads(CASE.format(heat=1, strap=1, more="")), alone())
    assert causes(sound.body, sound.solution.ledger.model, sound.radiation) == ()


def test_heat_drawn_from_a_part_that_conducts_little():
    """A held part feeds it through a strap, so that the whole balances: it is named all the same, for its far side has no such heat."""
    more = '[[boundaries]]\nkind = "temperature"\nfaces = "p:+z"\ntemperature_degC = 20\n'
    more += '[[boundaries]]\nkind = "flux"\nfaces = "q:+z"\nflux_W_m2 = -100000\n'
    text = CASE.format(heat=0, strap=1000, more=more).replace("conductivity_W_mK = 100", "conductivity_W_mK = 0.03")
    with pytest.raises(SolveError, match=r"Physical cause:(.|\n)*q: 250 W more is drawn from it than its sources bring"):
        simulate(loads(text), alone())


def test_a_steep_thermostat_is_no_failure():
    """302 W within 0.1 K on a body of foam throw Newton to and fro; the state is there all the same, and the heater holds it."""
    heater = '[[heaters]]\nname = "warmer"\nparts = "p"\npower_W = 302\non_below_degC = -26\noff_above_degC = -25.9\n'
    text = CASE.format(heat=0, strap=1, more=heater).replace("conductivity_W_mK = 100", "conductivity_W_mK = 0.03")
    text = text.replace("shroud_degC = 20", "shroud_degC = -273.15").replace("size_mm = [50, 50, 5]", "size_mm = [429, 308, 10.7]", 1)
    text = text.replace("mesh_mm = 15", "mesh_mm = 214.5", 1).replace("position_mm = [0, 0, 50]", "position_mm = [0, 0, 500]")
    found = simulate(loads(text), alone())
    assert found.parts()["p"].mean_degC == pytest.approx(-26.0, abs=0.2)


FLAT = """
title = "a strip on a sheet of foam"
[materials.metal]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 167
source = "given"
[materials.foam]
density_kg_m3 = 50
specific_heat_J_kgK = 1400
conductivity_W_mK = 0.03
source = "given"
[[parts]]
name = "sheet"
kind = "box"
size_mm = [346, 652, 6.9]
position_mm = [0, 0, 3.45]
material = "foam"
coating = "z93"
mesh_mm = 326
[[parts]]
name = "strip"
kind = "box"
size_mm = [657, 88, 2]
position_mm = [0, 0, 7.9]
material = "metal"
coating = "z93"
mesh_mm = 328
[[contacts]]
between = ["sheet", "strip"]
bonded = true
partial = true
[[boundaries]]
kind = "temperature"
faces = "strip:+z"
temperature_degC = -200
[[boundaries]]
kind = "temperature"
faces = "strip:+y"
temperature_degC = 20
[run]
kind = "steady"
"""


def test_a_mesh_too_coarse_for_a_jump_is_named():
    """Two faces that meet in an edge are held 220 K apart, above foam in cells fifty times as wide as it is thick."""
    with pytest.raises(
        SolveError, match=r"sheet: beside faces and fluids held at 20 and -200 degC its mesh swings to [0-9.]+ K below absolute zero"
    ):
        simulate(loads(FLAT), alone())
    finer = FLAT.replace("mesh_mm = 326", "mesh_mm = 40").replace("mesh_mm = 328", "mesh_mm = 40")
    assert simulate(loads(finer), alone()).impossible == ()


def test_what_is_given_hotter_than_any_solid_is_named():
    held = '[[boundaries]]\nkind = "temperature"\nfaces = "p:-z"\ntemperature_degC = 1e4\n'
    found = simulate(loads(CASE.format(heat=0, strap=1, more=held)), alone())
    (sentence,) = causes(found.body, found.solution.ledger.model, found.radiation)
    assert sentence.endswith("given at 1e+04 degC, hotter than any part of a satellite can be")
    assert "p:-z" in sentence


def test_a_part_without_heat_capacity_is_named():
    """Its temperature follows every change at once, and steps in time come to an end."""
    text = CASE.format(heat=1, strap=1, more="").replace('kind = "steady"', 'kind = "transient"\nduration_s = 100\nstart_degC = 20')
    text = text.replace("specific_heat_J_kgK = 900", "specific_heat_J_kgK = 1e-20")
    with pytest.raises(SolveError, match=r"time step collapsed(.|\n)*Physical cause:(.|\n)*p: [0-9.e-]+ J/K of heat capacity follow the"):
        simulate(loads(text), alone())


def test_a_material_that_conducts_next_to_nothing_is_named():
    """With what does not balance, the part, its thinnest side and the material; where a state is found, it is that of no solid."""
    faint = CASE.replace("W_mK = 100", "W_mK = 1e-12")
    touching = faint.replace("position_mm = [0, 0, 50]", "position_mm = [0, 0, 5]")
    touching = (
        touching[: touching.index("[[straps]]")] + '[[contacts]]\nbetween = ["p", "q"]\nconductance_W_m2K = 500\n[run]\nkind = "steady"\n'
    )
    words = r"Newton stopped(.|\n)* W out of balance(.|\n)*q: 10 W is brought to a material of 1e-12 W/mK, 2e\+13 K apart through its 5 mm"
    with pytest.raises(SolveError, match=words):
        simulate(loads(touching.format(heat=10)), alone())
    result = simulate(loads(faint.format(heat=10, strap=1, more="")), alone())
    assert any(said.startswith("second look: q reaches") and "hotter than any solid" in said for said in result.impossible)
