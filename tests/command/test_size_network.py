"""`heliorack size` of nodes and loops: the least designs are equations, so is what a kelvin of margin costs."""

import json
import tomllib

import pytest
from case_text import orbit
from command.cli_runner import here
from command.test_network_runs import loop
from network_case import STEADY, glow, node, table, tie
from sizing_cases import SIGMA, ZERO

pytestmark = pytest.mark.usefixtures("without_pictures")

HEAT, LIMIT, MARGIN = 200.0, 40.0, 5.0
RADIATOR = (
    'title = "radiator node"\n'
    + node("chip", capacity_J_K=500, heat_W=HEAT)
    + node("radiator", capacity_J_K=2000)
    + tie("chip", "radiator", 10)
    + glow("radiator", "space", 0.5)
    + f'[[limits]]\non = "chip"\nmax_degC = {LIMIT}\n[margins]\nuncertainty_K = 0\n'
    + f"[environment]\nsink_K = 0\n[size]\nmargin_K = {MARGIN}\n"
)
AREA, TIE = '"network.radiative_conductors.0.exchange_m2"', '"network.conductors.0.conductance_W_K"'
AREA_VARIES = f"[size.vary]\n{AREA} = {{ from = 0.1, to = 5 }}\n"


def sized(place, text, *more, code=0):
    """size.json of a case."""
    path = place / "case.toml"
    path.write_text(text)
    done = here("size", path, "-o", place / "out", "--force", "--json", *more)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if code < 2 else done.stderr


def exchange(chip_degC, conductance=10.0):
    """Exchange area of a radiator that keeps the chip at a temperature [m2]."""
    return HEAT / (SIGMA * (chip_degC - HEAT / conductance + ZERO) ** 4)


def test_the_radiator_of_a_node_leaves_the_margin_exactly(tmp_path):
    """A = Q / (sigma T^4) behind a conductor, at 8 kg/m2: area, mass and price of a kelvin by the closed form; a run confirms it.

    The limit binds alike in two load cases, and has one price.
    """
    found = sized(tmp_path, RADIATOR + STEADY + f"[size.per]\n{AREA} = 8\n" + AREA_VARIES + "[cases.one]\n[cases.alike]\n")
    design = tomllib.loads((tmp_path / "out" / "design.toml").read_text())
    area = design["network"]["radiative_conductors"][0]["exchange_m2"]
    assert area == pytest.approx(exchange(LIMIT - MARGIN), rel=1e-3)
    assert found["amounts"]["mass_kg"] == pytest.approx(8.0 * area, rel=1e-6)
    (limit,) = (one for one in found["constraints"] if one["price"])
    assert limit["margin"] == pytest.approx(MARGIN, abs=0.02)
    assert limit["price"] == pytest.approx(8.0 * (exchange(34.5) - exchange(35.5)), rel=0.05)
    assert limit["mass_kg"] == pytest.approx(limit["price"], rel=0.02)
    assert found["confirmed"]
    assert found["sizing_mesh"] == "nodes and loops have no mesh"


def test_choices_alone(tmp_path):
    """No range varies: the least of the choices that keep the limit, which ended in a traceback; where none does, the nearest."""
    areas = f"[size.per]\n{AREA} = 8\n[size.vary]\n{AREA} = {{ choices = [0.3, 0.5, 0.6, 1] }}\n"
    found = sized(tmp_path, RADIATOR + STEADY + areas)
    needed = exchange(LIMIT - MARGIN)
    assert found["amounts"]["mass_kg"] == pytest.approx(8.0 * min(one for one in (0.3, 0.5, 0.6, 1) if one >= needed))
    assert found["confirmed"]
    hopeless = sized(tmp_path, RADIATOR.replace(f"max_degC = {LIMIT}", "max_degC = -50") + STEADY + areas, code=1)
    assert not hopeless["feasible"]
    assert hopeless["amounts"]["mass_kg"] == pytest.approx(8.0)


@pytest.mark.parametrize("solves", [12, 15, 20, 27])
def test_a_design_is_solved_in_every_load_case_when_solves_are_spent(tmp_path, solves):
    """Three load cases, of which steps leave out those far from binding: none may be missing at the end, and what is said to be kept is.

    Sized with 12 to 27 solves; without solves kept for a whole last look, those that no step had solved had no limit in the list.
    """
    cases = '[cases.full]\n[cases.idle]\n"network.nodes.chip.heat_W" = 60\n[cases.warm]\n"environment.sink_K" = 120\n'
    per = f"[size.per]\n{AREA} = 8\n{TIE} = 0.3\n"
    text = RADIATOR + STEADY + per + AREA_VARIES + f"{TIE} = {{ from = 4, to = 80 }}\n" + cases
    path = tmp_path / "case.toml"
    path.write_text(text.replace("[size]\n", f"[size]\nsolves = {solves}\n"))
    done = here("size", path, "-o", tmp_path / "out", "--no-confirm", "--json")
    found = json.loads(done.stdout)
    assert found["solves"] <= solves
    assert {limit["case"] for limit in found["constraints"]} == {"full", "idle", "warm"}
    kept = min(limit["margin"] - limit["required"] for limit in found["constraints"])
    assert found["feasible"] == (kept >= -0.031), (found["feasible"], kept)
    assert done.exit_code == (0 if found["feasible"] else 1)


def test_a_conductor_is_traded_against_the_radiator(tmp_path):
    """8 kg/m2 against 0.3 kg K/W: the mass is the least of 8 A(T - Q/G) + 0.3 G over G, to 1 %; the price is what others save."""
    per = f"[size.per]\n{AREA} = 8\n{TIE} = 0.3\n"
    found = sized(tmp_path, RADIATOR + STEADY + per + AREA_VARIES + f"{TIE} = {{ from = 4, to = 80 }}\n", "--no-confirm")

    def lightest(chip_degC):
        return min(8.0 * exchange(chip_degC, g / 100) + 0.3 * g / 100 for g in range(500, 8000, 5))

    assert found["feasible"]
    assert found["amounts"]["mass_kg"] == pytest.approx(lightest(LIMIT - MARGIN), rel=0.01)
    (limit,) = (one for one in found["constraints"] if one["price"])
    assert limit["price"] == pytest.approx(lightest(34.5) - lightest(35.5), rel=0.05)


def test_a_key_of_a_network_says_what_it_counts(tmp_path):
    """Nodes have no mass: without [size.per] every design would be as good; and what counts must vary."""
    said = sized(tmp_path, RADIATOR + STEADY + AREA_VARIES, code=2)
    assert "nodes and loops have no mass: say what a unit of it counts in what is made least" in said
    said = sized(tmp_path, RADIATOR + STEADY + f"[size.per]\n{AREA} = 8\n{TIE} = 1\n" + AREA_VARIES, code=2)
    assert "conductance_W_K" in said
    assert "does not vary; size.vary has" in said


def test_coolant_stays_liquid_and_the_bus_is_sized_with_it(tmp_path):
    """900 W over a radiating tube of 5 m freeze its coolant; 2.5 m do not: T = (Q / 0.9 p L sigma)^(1/4); array and pack are sized."""
    text = 'title = "loop"\n' + loop(length=5).replace("heat_W = 2050", "heat_W = 900") + orbit(30) + STEADY
    text += '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nyears = 5\nbase_load_W = 15\n'
    key = '"network.loops.inner.segments.1.length_m"'
    text += f"[size]\n[size.per]\n{key} = 2\n[size.vary]\n{key} = {{ from = 2.5, to = 6 }}\n"
    found = sized(tmp_path, text, "--no-confirm")
    assert not found["start_keeps"]
    assert found["keys"][0]["value"] == pytest.approx(2.5)
    freezing = next(one for one in found["constraints"] if one["detail"] == "freezing")
    assert (freezing["on"], freezing["kind"], freezing["allowed"]) == ("inner", "min", pytest.approx(-40.0))
    assert freezing["margin"] == pytest.approx((900.0 / (0.9 * 2 * 2.5 * SIGMA)) ** 0.25 - 233.15, abs=2.0)
    assert found["amounts"]["array_m2"] > 2.0
    assert found["amounts"]["pack_Wh"] > 500.0
    assert found["amounts"]["mass_kg"] > 10.0


HOT = 80.0  #: degC, of the chip with its pump lost
PUMPED = (
    'title = "pumped"\n'
    + "[network.fluids.coolant]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\n"
    + node("chip", capacity_J_K=500, heat_W=HEAT)
    + node("radiator", capacity_J_K=2000)
    + tie("chip", "radiator", 4)
    + glow("radiator", "space", 0.5)
    + table(
        "loops",
        name='"inner"',
        fluid='"coolant"',
        pump="{ flow_kg_s = 0.02, parallel = 2 }",
        segments='[{ name = "hot", length_m = 1, diameter_mm = 8, node = "chip", film_W_m2K = 2000, cells = 20 }, '
        '{ name = "cold", length_m = 1, diameter_mm = 8, node = "radiator", film_W_m2K = 2000, cells = 20 }]',
    )
    + f'[[limits]]\non = "chip"\nmax_degC = {HOT}\n[margins]\nuncertainty_K = 0\n[environment]\nsink_K = 0\n'
    + f"[size]\nmargin_K = {MARGIN}\n[size.per]\n{AREA} = 8\n[size.vary]\n{AREA} = {{ from = 0.1, to = 5 }}\n"
    + STEADY
)


def test_a_design_survives_the_loss_of_its_pump(tmp_path):
    """At rest the heat goes by the conductor of 4 W/K alone: A = Q / (sigma (T - Q/G)^4) at the limit; so does a run."""
    text = PUMPED.replace(", parallel = 2", "")
    found = sized(tmp_path, text, "--survive", "pump")
    area = HEAT / (SIGMA * (HOT - HEAT / 4 + ZERO) ** 4)
    assert found["keys"][0]["value"] == pytest.approx(area, rel=2e-3)
    (loss,) = found["losses"]
    assert loss["case"] == "lost_pump_inner"
    assert next(one for one in found["constraints"] if one["price"])["case"] == "lost_pump_inner"
    assert found["confirmed"]
    done = here("run", tmp_path / "case.toml", "-o", tmp_path / "run", "--loss", "pump", "--json", "--set", f"{AREA[1:-1]}={area}")
    (lost,) = json.loads(done.stdout)["losses"]
    assert (lost["lost"], lost["on"]) == ("the pump of inner, whose fluid comes to rest", "chip max")
    assert lost["margin_K"] == pytest.approx(0.0, abs=0.01)
    assert lost["hotter_K"] == pytest.approx(loss["lost_K"], abs=0.3)


def test_one_of_two_pumps_leaves_half_of_the_flow(tmp_path):
    """As a run with one such pump; and where no area keeps the limit at rest, the limit and what would hold it are said."""
    path = tmp_path / "case.toml"
    path.write_text(PUMPED)
    done = here("run", path, "-o", tmp_path / "two", "--loss", "inner.pump", "--json")
    (lost,) = json.loads(done.stdout)["losses"]
    assert lost["lost"] == "one of 2 pumps of inner"
    path.write_text(PUMPED.replace(", parallel = 2", ""))
    (half,) = json.loads(here("run", path, "-o", tmp_path / "one", "--json").stdout)["limits"]
    assert lost["margin_K"] == pytest.approx(half["margin_K"], abs=1e-6)
    assert 0.1 < lost["hotter_K"] < 20.0
    path.write_text(PUMPED.replace(", parallel = 2", "").replace("to = 5", "to = 0.7"))
    said = here("size", path, "-o", tmp_path / "none", "--no-confirm", "--survive", "pump", "--set", "limits.0.max_degC=30")
    assert said.exit_code == 1
    assert "chip max in lost_pump_inner is missed by" in said.stdout
    assert "it would hold with" in said.stdout


def test_pumps_that_fail_are_no_more_than_there_are(tmp_path):
    """In words, before anything is solved."""
    said = sized(tmp_path, PUMPED.replace("parallel = 2", "parallel = 2, failed = 3"), code=2)
    assert "is more than there are (parallel = 2)" in said
