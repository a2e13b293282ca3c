"""Keys that move no mesh are sized by the adjoints of the solves themselves: the same design, by fewer solves."""

import json

import numpy as np
import pytest
from command.cli_runner import FLYING, here
from scipy.optimize import minimize_scalar
from sizing_cases import AREAL_MASS, HEAT, PLATE, SIGMA, WIDTH, ZERO

from heliorack.studies.sizing.evaluation import Designs

LIMIT = 60.0 - 5.0 + ZERO  #: K, of the chip, with the margin that is asked for
CHIP = 0.1 * 0.08  #: m2
MASS = AREAL_MASS * 0.5 * WIDTH + 2700.0 * CHIP * 0.01  #: kg, whatever varies
COSTS = {"contacts.0.conductance_W_m2K": 2e-3, "coatings.grey.infrared_emittance": 3.0}  #: kg for a unit
CASE = (
    PLATE.replace(f"heat_W = {HEAT}\n", "").replace('on = "plate"\nmax_degC = 40', 'on = "chip"\nmax_degC = 60')
    + f"""
[[parts]]
name = "chip"
kind = "box"
size_mm = [100, 80, 10]
position_mm = [0, 0, -7]
material = "metal"
coating = "insulated"
heat_W = {HEAT}
mesh_mm = 100
[[contacts]]
between = ["chip", "plate"]
conductance_W_m2K = 800
[size]
margin_K = 5
mesh_refine = 1
[size.vary]
"contacts.0.conductance_W_m2K" = {{ from = 100, to = 5000 }}
"coatings.grey.infrared_emittance" = {{ from = 0.3, to = 0.95 }}
[size.per]
"""
    + "".join(f'"{key}" = {cost}\n' for key, cost in COSTS.items())
)

ORBITING = (
    FLYING.replace('coating = "z93"', 'coating = "paint"').replace("max_degC = 85\nmin_degC = -40", "max_degC = 60")
    + """
[coatings.paint]
solar_absorptance = 0.25
infrared_emittance = 0.8
source = "none"
[margins]
uncertainty_K = 0
[size]
margin_K = 5
mesh_refine = 1
[size.vary]
"contacts.0.conductance_W_m2K" = { from = 100, to = 5000 }
"materials.sheet.conductivity_W_mK" = { from = 20, to = 400 }
"coatings.paint.infrared_emittance" = { from = 0.3, to = 0.95 }
[size.per]
"contacts.0.conductance_W_m2K" = 1e-4
"materials.sheet.conductivity_W_mK" = 5e-3
"coatings.paint.infrared_emittance" = 3.0
"""
)


def closed_form() -> tuple[float, float]:
    """The contact and the emittance that cost least: T = (Q / eps sigma A)^(1/4) + Q / (h A_chip) at the limit."""

    def contact(emittance: float) -> float:
        plate = (HEAT / (emittance * SIGMA * WIDTH * 0.5)) ** 0.25
        return HEAT / CHIP / (LIMIT - plate) if plate < LIMIT else np.inf

    h, eps = COSTS.values()
    found = minimize_scalar(lambda e: h * contact(e) + eps * e, bounds=(0.4, 0.95), method="bounded", options={"xatol": 1e-6})
    return contact(found.x), float(found.x)


def sized(path, folder, *words):
    """size.json, of the search alone."""
    done = here("size", path, "-o", folder, "--no-confirm", "--json", *words)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_contact_and_an_emittance(tmp_path):
    """Together they cost what they do in closed form, to 0.2 %, and each is there to 1 %; by seven solves, slopes of prices included."""
    path = tmp_path / "chip.toml"
    path.write_text(CASE)
    found = sized(path, tmp_path / "sized")
    best = closed_form()
    assert [key["value"] for key in found["keys"]] == pytest.approx(best, rel=0.01)
    assert found["amounts"]["mass_kg"] - MASS == pytest.approx(np.dot(best, list(COSTS.values())), rel=2e-3)
    assert found["proof"]["holds"]
    assert found["proof"]["beside"] > 0
    assert found["solves"] <= 7
    assert not notes(found)


HEATER = """
[[heaters]]
name = "warm"
parts = "chip"
power_W = 5
on_below_degC = 0
off_above_degC = 5
"""


def notes(found):
    """What size.json says of differences in place of adjoints."""
    return [said for said in found["said"] if said.startswith("slopes by differences")]


BOLTED = CASE.replace(
    "conductance_W_m2K = 800", "bolted = { roughness_um = 5, asperity_slope = 0.15, pressure_MPa = 0.1, hardness_MPa = 1000 }"
)
SWITCHED = "(heaters or throttles are switched exactly (solver.switching), which has no slope)"
SHARED = "(what it scales in the model is not the number of the file alone)"


@pytest.mark.parametrize(
    ("text", "keys", "why"),
    [
        (CASE + HEATER, list(COSTS), SWITCHED),
        (
            BOLTED.replace('"contacts.0.conductance_W_m2K"', '"materials.metal.conductivity_W_mK"'),
            ["materials.metal.conductivity_W_mK"],
            SHARED,
        ),
    ],
    ids=["switched exactly", "conductivity of a bolted joint too"],
)
def test_keys_that_take_differences_are_named_with_why(tmp_path, text, keys, why):
    """Those alone, in one line of what is printed and in the figures, though the solves are spent before a design is found."""
    path = tmp_path / "chip.toml"
    path.write_text(text)
    done = here("size", path, "--no-confirm", "--set", "size.solves=6", "-o", tmp_path / "sized")
    lines = [line for line in done.stdout.splitlines() if "slopes by differences" in line]
    assert lines == [f"note     slopes by differences between designs, not by adjoints: {', '.join(keys)} {why}"]
    assert [lines[0].removeprefix("note     ")] == notes(json.loads((tmp_path / "sized" / "size.json").read_text()))


@pytest.mark.full
@pytest.mark.parametrize("periodic", [False, True], ids=["steady", "periodic"])
def test_differences_find_the_same_design_by_more_solves(tmp_path, monkeypatch, periodic):
    """The same cost to 0.2 % and the same price of a kelvin to 2 %, by half of the solves at most."""
    path = tmp_path / "chip.toml"
    path.write_text(ORBITING if periodic else CASE)
    found = sized(path, tmp_path / "by_adjoints")
    monkeypatch.setattr(Designs, "_keys", lambda designs, cases, x: {})
    other = sized(path, tmp_path / "by_differences")
    assert found["amounts"]["mass_kg"] == pytest.approx(other["amounts"]["mass_kg"], rel=2e-3)
    prices = [max(limit["price"] or 0.0 for limit in one["constraints"]) for one in (found, other)]
    assert prices[0] == pytest.approx(prices[1], rel=0.02)
    assert found["solves"] <= other["solves"] // 2
